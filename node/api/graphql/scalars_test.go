package graphql

import (
	"bytes"
	"encoding/json"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/minga-commons/minga/protocol"
)

func TestDecimalsAreWrittenPlainly(t *testing.T) {
	for in, want := range map[any]string{
		"1": "1", "-0": "0", "+7": "7", "007.50": "7.5", ".5": "0.5", " 2 ": "2", json.Number("1e3"): "1000", json.Number("1.25E+2"): "125",
		json.Number("1e-7"): "0.0000001", json.Number("-12.5e-1"): "-1.25", int64(9): "9", json.Number("1e30"): "1000000000000000000000000000000",
	} {
		if got, err := UnmarshalDecimal(in); got != want || err != nil {
			t.Errorf("%v: %q %v, want %q", in, got, err, want)
		}
	}
	for _, bad := range []any{"", "-", ".", "1.", "1e", "e1", "1e31", "1e-31", "0x1", "1_0", "NaN", "١", 1.5, true, nil, json.Number("1e99999999999")} {
		if got, err := UnmarshalDecimal(bad); err == nil {
			t.Errorf("%v was taken for %q", bad, got)
		}
	}
}

// Whatever is taken has the same value, and is a JSON number.
func TestDecimalsKeepTheirValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[0-9]{1,12}(\.[0-9]{1,9})?([eE][+-]?[0-9])?`).Draw(t, "text")
		got, err := UnmarshalDecimal(text)
		if err != nil {
			t.Fatal(err)
		}
		want, _ := new(big.Rat).SetString(text)
		if have, ok := new(big.Rat).SetString(got); !ok || have.Cmp(want) != 0 {
			t.Fatalf("%s became %s", text, got)
		}
		var out bytes.Buffer
		MarshalDecimal(got).MarshalGQL(&out)
		if !json.Valid(out.Bytes()) {
			t.Fatalf("%s is no JSON", out.Bytes())
		}
	})
}

func FuzzUnmarshalDecimal(f *testing.F) {
	for _, seed := range []string{"1", "-1.50", "1e-7", "999999999999999999999", ".", "1e30"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := UnmarshalDecimal(text)
		if err != nil {
			return
		}
		again, err := UnmarshalDecimal(got)
		if err != nil || again != got || !json.Valid([]byte(got)) {
			t.Fatalf("%q became %q and %q, %v", text, got, again, err)
		}
		if a, err := protocol.ParseAmount(got); err == nil {
			if _, ok := new(big.Rat).SetString(a.String()); !ok {
				t.Fatalf("%q became %v", text, a)
			}
		}
	})
}

func TestTimesAsClientsWriteThem(t *testing.T) {
	for in, want := range map[any]string{
		"2026-07-03T08:00:00.000Z": "2026-07-03T08:00:00.000Z", "2026-07-03": "2026-07-03",
		"Tue Nov 24 2026": "2026-11-24", "2026-07-03T08:00:00-05:00": "2026-07-03T08:00:00-05:00",
		"2026-07-03T08:00Z": "2026-07-03T08:00:00Z", "2026-07-03T08:00-05:00": "2026-07-03T08:00:00-05:00",
		"": "", " 2026-07-03 ": "2026-07-03",
		json.Number("1783065600123"): "2026-07-03T08:00:00.123Z", int64(0): "1970-01-01T00:00:00Z", -1000: "1969-12-31T23:59:59Z",
	} {
		if got, err := UnmarshalDateTime(in); got != want || err != nil {
			t.Errorf("%v: %q %v", in, got, err)
		}
	}
	for _, bad := range []any{
		"yesterday", "2026-13-01", "2026-07-03T08:00:00", "2026-07-03T08:00", "2026-07-03T08:00:00+99:00", nil, true,
		json.Number("1.5"), json.Number("9e99"), int64(1) << 60, json.Number("99999999999999999999"),
	} {
		if got, err := UnmarshalDateTime(bad); err == nil {
			t.Errorf("%v was taken for %q", bad, got)
		}
	}
}

func TestActionsAsEarlierClientsWriteThem(t *testing.T) {
	for written, want := range map[string]string{
		"produce": "produce", "transfer-all-rights": "transferAllRights", "deliver-service": "deliverService",
		"transferCustody": "transferCustody", "": "", "-": "", "banana": "banana",
	} {
		if got := actionName(written); got != want {
			t.Errorf("%q: %q, want %q", written, got, want)
		}
	}
	if all := actions(); len(all) != 19 {
		t.Errorf("%d actions, want 19", len(all))
	}
}
