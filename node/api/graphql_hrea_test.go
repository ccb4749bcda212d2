package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
)

func TestGraphQLTakesWhatFormsSend(t *testing.T) {
	g := gathered(t).graph()
	alice := g.person("Alice")
	made := g.ask(`mutation($c: CommitmentCreateParams!) { res: createCommitment(commitment: $c) { commitment {
		id due hasBeginning hasEnd hasPointInTime note plannedWithin { id } inputOf { id } resourceConformsTo { id } } } }`,
		map[string]any{"c": map[string]any{
			"action": "work", "provider": alice, "receiver": alice, "due": "", "hasBeginning": "2026-07-03T08:00Z", "hasEnd": "2026-07-04",
			"hasPointInTime": 1783065600000, "note": "", "plannedWithin": "", "inputOf": "", "resourceConformsTo": "",
		}})
	for path, want := range map[string]any{
		"due": nil, "hasBeginning": "2026-07-03T08:00:00Z", "hasEnd": "2026-07-04", "hasPointInTime": "2026-07-03T08:00:00Z",
		"note": nil, "plannedWithin": nil, "inputOf": nil, "resourceConformsTo": nil,
	} {
		if got := made.at(t, "res.commitment."+path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	event := g.ask(createEvent, map[string]any{"e": map[string]any{
		"action": "work", "provider": alice, "receiver": alice, "hasBeginning": "", "hasPointInTime": "2026-07-03",
		"effortQuantity": map[string]any{"hasNumericalValue": 1, "hasUnit": "h"}, "inputOf": "", "fulfills": []string{},
	}})
	event.text(t, "res.economicEvent.id")
}

func TestGraphQLIsThereWithASlashToo(t *testing.T) {
	g := gathered(t).graph()
	body, err := json.Marshal(map[string]any{"query": "{ myAgent { name } }"})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/graphql": 200, "/graphql/": 200, "/graphql?x=1": 200, "/graphql/more": 404} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.n.url+path, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		if got, out := g.do(r); got != want {
			t.Errorf("%s: %d %v, want %d", path, got, out, want)
		}
	}
}
