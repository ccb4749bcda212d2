package api

import (
	"encoding/json"
	"testing"
)

// What is accepted here is accepted by encoding/json, means the same when it is
// written and read again, and nothing brings the reader down.
func FuzzDecodeStrict(f *testing.F) {
	for _, seed := range []string{
		`{"action":"work"}`, `{"action":"work","effortQuantity":{"hasNumericalValue":"1","hasUnit":"h"},"fulfills":["a"],"ext":{"a":"b"}}`,
		`{"action":"work","action":"x"}`, `{`, `[]`, `null`, `{"action":{"a":[[[[[[[[[[]]]]]]]]]]}}`, `{"a":1}{"a":2}`, "\xff", `{"":""}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var d EventDraft
		if p := decodeStrict(body, &d); p != nil {
			if p.Status != 422 || len(p.Errors) == 0 || len(p.Errors) > maxFaults {
				t.Fatalf("%+v", p)
			}
			for _, lang := range []string{"en", "es"} {
				_ = p.in(lang)
			}
			return
		}
		if !json.Valid(body) || d.Action == "" {
			t.Fatalf("%q was accepted: %+v", body, d)
		}
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var again EventDraft
		if p := decodeStrict(text, &again); p != nil {
			t.Fatalf("%s is refused: %+v", text, p.Errors)
		}
	})
}
