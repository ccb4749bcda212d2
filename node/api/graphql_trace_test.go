package api_test

import "testing"

// TestGraphQLTracesAsTheLedgerDoes draws on a resource into which something is
// put afterwards: that is where nothing of what was drawn came from.
func TestGraphQLTracesAsTheLedgerDoes(t *testing.T) {
	g := gathered(t).graph()
	alice := g.person("Alice")
	p := g.make1("Process", "", vars{"name": "Milling"}).text(t, "id")
	of := func(action string, more vars) vars {
		said := vars{"action": action, "provider": alice, "receiver": alice, "resourceQuantity": pieces(2)}
		for property, value := range more {
			said[property] = value
		}
		return said
	}
	fresh := func(said vars, name string) string {
		return g.ask(createEvent, vars{"e": said, "r": vars{"name": name}}).text(t, "res.economicResource.id")
	}
	grain := fresh(of("raise", nil), "Grain")
	milled := g.event(of("consume", vars{"resourceInventoriedAs": grain, "inputOf": p}))
	flour := fresh(of("produce", vars{"outputOf": p}), "Flour")
	later := g.event(of("raise", vars{"resourceInventoriedAs": grain}))
	eaten := g.event(of("consume", vars{"resourceInventoriedAs": flour}))

	const shown = `{ __typename ... on EconomicEvent { id } ... on EconomicResource { id } ... on Process { id } }`
	got := g.ask(`query($flour: ID!, $grain: ID!, $milled: ID!, $later: ID!, $eaten: ID!, $p: ID!) {
		flour: economicResource(id: $flour) { trace `+shown+` track `+shown+` }
		grain: economicResource(id: $grain) { trace `+shown+` track `+shown+` }
		made: economicEvent(id: $flour) { trace `+shown+` track `+shown+` }
		milled: economicEvent(id: $milled) { trace `+shown+` track `+shown+` }
		later: economicEvent(id: $later) { trace `+shown+` previous { __typename } next { __typename } }
		eaten: economicEvent(id: $eaten) { track `+shown+` previous { __typename } next { __typename } }
		process(id: $p) { trace `+shown+` track `+shown+` }
	}`, vars{"flour": flour, "grain": grain, "milled": milled, "later": later, "eaten": eaten, "p": p})
	for path, want := range map[string][]string{
		"flour.trace": {flour, p, milled, grain, grain}, "flour.track": {eaten},
		"grain.trace": {grain, later}, "grain.track": {milled, p, flour, flour, eaten},
		"made.trace": {p, milled, grain, grain}, "made.track": {flour, eaten},
		"milled.trace": {grain, grain}, "milled.track": {p, flour, flour, eaten},
		"later.trace": {}, "eaten.track": {},
		"process.trace": {milled, grain, grain}, "process.track": {flour, flour, eaten},
	} {
		got.wantIDs(t, path, want...)
	}
	for path, want := range map[string]int{"later.next": 1, "eaten.previous": 1} {
		if n := got.count(t, path); n != want {
			t.Errorf("%s: %d, want %d", path, n, want)
		}
	}
	got.want(t, "later.previous", nil)
	got.want(t, "eaten.next", nil)
	got.want(t, "flour.trace.1.__typename", "Process")
}
