package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/minga-commons/minga/node/api"
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

const createUnit = `mutation($u: UnitCreateParams!) { res: createUnit(unit: $u) { unit { id revisionId label symbol omUnitIdentifier classifiedAs } } }`

func TestGraphQLUnitsThatOM2DoesNotHave(t *testing.T) {
	n := gathered(t)
	g := n.graph()
	alice := g.person("Alice")
	crate := map[string]any{"label": "Crate", "symbol": "cr", "omUnitIdentifier": "crate_of_ours"}
	made := g.ask(createUnit, map[string]any{"u": crate})
	id := made.text(t, "res.unit.id")
	for name, c := range map[string]struct {
		said map[string]any
		want string
	}{
		"of OM2":             {map[string]any{"label": "forward kilo", "symbol": "fkg", "omUnitIdentifier": "kilogram"}, "kilogram"},
		"by its symbol":      {map[string]any{"label": "Kilogram", "symbol": "kg", "omUnitIdentifier": "kg"}, "kilogram"},
		"the same again":     {crate, id},
		"without identifier": {map[string]any{"label": "hour", "symbol": "of work"}, "hour"},
	} {
		if got := g.ask(createUnit, map[string]any{"u": c.said}).text(t, "res.unit.id"); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}

	quantity := func(unit string, n int) map[string]any {
		return map[string]any{"hasNumericalValue": n, "hasUnit": unit}
	}
	event := func(unit string, n int, resource string) map[string]any {
		e := map[string]any{"action": "raise", "provider": alice, "receiver": alice, "resourceQuantity": quantity(unit, n)}
		if resource == "" {
			e["resourceConformsTo"] = "Tomatoes"
			return map[string]any{"e": e, "r": map[string]any{"name": "Cellar"}}
		}
		e["resourceInventoriedAs"] = resource
		return map[string]any{"e": e}
	}
	born := g.ask(createEvent, event(id, 3, ""))
	if got := born.text(t, "res.economicResource.accountingQuantity.hasUnit.id"); got != id {
		t.Errorf("the unit of the resource is %s, want %s", got, id)
	}
	cellar := born.text(t, "res.economicResource.id")
	for _, written := range []string{id, "crate_of_ours", "cr", "Crate"} {
		g.ask(createEvent, event(written, 1, cellar))
	}
	changed := g.ask(`mutation($u: UnitUpdateParams!) { res: updateUnit(unit: $u) { unit { id revisionId label symbol omUnitIdentifier } } }`,
		map[string]any{"u": map[string]any{"revisionId": made.text(t, "res.unit.revisionId"), "label": "Box", "omUnitIdentifier": "box"}})
	if changed.text(t, "res.unit.id") != id || changed.text(t, "res.unit.symbol") != "cr" || changed.text(t, "res.unit.revisionId") == id {
		t.Errorf("%v", changed)
	}
	read := g.ask(`query($r: ID!, $u: ID!) { economicResource(id: $r) { onhandQuantity { hasNumericalValue hasUnit { id label symbol } } }
		unit(id: $u) { label omUnitIdentifier } units { edges { node { id label symbol } } } }`, map[string]any{"r": cellar, "u": id})
	for path, want := range map[string]any{
		"economicResource.onhandQuantity.hasNumericalValue": json.Number("7"), "economicResource.onhandQuantity.hasUnit.id": id,
		"economicResource.onhandQuantity.hasUnit.label": "Box", "unit.label": "Box", "unit.omUnitIdentifier": "box", "units.edges.0.node.id": id,
	} {
		if got := read.at(t, path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	for _, other := range []string{"kg", "one"} {
		_, e := g.refused(createEvent, event(other, 1, cellar))
		if e.at(t, "extensions.reason") != "units-not-comparable" {
			t.Errorf("%s: %v", other, e)
		}
	}
	if _, e := g.refused(createEvent, event("barrel of ours", 1, cellar)); e.at(t, "extensions.code") != "unknown-unit" {
		t.Errorf("%v", e)
	}

	// Elsewhere in the API the unit is known by the same names.
	for unit, want := range map[string]int{"crate_of_ours": 201, "cr": 201, "box": 422} {
		r := n.do(call{method: http.MethodPost, path: "/v1/events", role: api.RoleOwner, body: fmt.Sprintf(`{"action": "raise", "resourceInventoriedAs": %q, "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": %q}}`, cellar, unit)})
		if r.status != want {
			t.Errorf("%s: %d %s, want %d", unit, r.status, r.body, want)
		}
	}
}
