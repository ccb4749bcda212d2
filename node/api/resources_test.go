package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

// harvest writes an event that brings a crate of potatoes into being.
func (n *node) harvest(t *testing.T) api.Written {
	t.Helper()
	w, err := n.client(api.RoleOwner).AddEvent(t.Context(), api.EventDraft{
		Action: "raise", ResourceQuantity: &api.Measure{HasNumericalValue: "12.5", HasUnit: "kg"}, ResourceConformsTo: "Papa",
		NewInventoriedResource: &api.NewResourceDraft{Name: "Crate 7"},
	}, client.Write{})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAContestedResource(t *testing.T) {
	n := start(t, nil)
	made := n.harvest(t)
	entry := n.ledger.entries[len(n.ledger.entries)-1]
	jose := n.ledger.agents[4].ID
	n.ledger.resources = []ledger.Resource{{
		ID: entry.ID(), Commons: n.ledger.id(), Entry: entry, State: ledger.Settled, Name: "Crate 7", ConformsTo: "Papa",
		AccountingQuantity: sum(t, "12.5", "kilogram"), OnhandQuantity: sum(t, "0", "kilogram"), Custodian: jose,
		StateText: "pass", Leaves: []protocol.EntryID{entry.ID()}, Events: 2, Source: "ex:crate-7",
		Contested: []ledger.Contested{{Field: "custodian", Winner: entry.ID(), Claims: []ledger.FieldClaim{{Event: entry.ID(), Value: jose.String()}}}},
	}}
	c := n.client(api.RoleOwner)
	for _, named := range []string{made.ID, made.ID[:20], "Crate 7", "ex:crate-7"} {
		got, err := c.Resource(t.Context(), "", named)
		if err != nil {
			t.Fatal(err)
		}
		want := api.Resource{
			Schema: "minga.resource/1", ID: made.ID, Name: "Crate 7", ConformsTo: "Papa", Source: "ex:crate-7",
			Entry:              api.EventEntry{State: "settled", Log: entry.Log.String(), Seq: entry.Seq, Time: "2026-03-01T10:00:00.000Z"},
			AccountingQuantity: api.Measure{HasNumericalValue: "12.5", HasUnit: "kilogram"},
			OnhandQuantity:     api.Measure{HasNumericalValue: "0", HasUnit: "kilogram"},
			Custodian:          &api.AgentRef{ID: jose.String(), Name: "José"}, State: "pass", Contested: true, Leaves: []string{made.ID}, Events: 2,
			ContestedFields: []api.ContestedField{{
				Field: "custodian", Shown: made.ID, Resolve: got.ContestedFields[0].Resolve,
				Claims: []api.FieldClaim{{
					Event: made.ID, Value: jose.String(), Name: "José", Time: "2026-03-01T10:00:00.000Z",
					Author: api.AgentRef{ID: entry.Log.String(), Name: "Ana"},
				}},
			}},
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		if !strings.Contains(got.ContestedFields[0].Resolve, made.ID) {
			t.Error(got.ContestedFields[0].Resolve)
		}
	}
	if _, err := c.Resources(t.Context(), client.ResourceQuery{Custodian: "José", ConformsTo: "Papa", Contested: true, State: "pass"}); err != nil {
		t.Fatal(err)
	}
	want := ledger.ResourceFilter{Custodian: jose, ConformsTo: "Papa", Contested: true, State: "pass"}
	if d := cmp.Diff(want, n.ledger.filter); d != "" {
		t.Error(d)
	}
	n.ledger.resources = append(n.ledger.resources, n.ledger.resources[0])
	if p := n.do(call{path: "/v1/resources/Crate%207", role: api.RoleOwner}).want(t, 409, api.CodeAmbiguous); len(p.Candidates) != 2 {
		t.Errorf("%+v", p)
	}
	n.do(call{path: "/v1/resources/Crate%208", role: api.RoleOwner}).want(t, 404, api.CodeNotFound)
	if r := n.do(call{path: "/v1/resources?limit=1", role: api.RoleOwner}).ok(t, 200); r.header.Get("Link") == "" {
		t.Errorf("no link: %v", r.header)
	}
	list, err := c.ResourceEvents(t.Context(), made.ID, client.Page{})
	if err != nil || list.Schema != "minga.events/1" {
		t.Errorf("%+v %v", list, err)
	}
}

func TestCorrections(t *testing.T) {
	n := start(t, nil)
	made := n.harvest(t)
	c, ctx := n.client(api.RoleOwner), t.Context()
	kilos := func(text string) *api.Measure { return &api.Measure{HasNumericalValue: text, HasUnit: "kg"} }
	quantity := func(n, scale int64) *protocol.Quantity {
		return &protocol.Quantity{N: n, Scale: scale, Unit: "kilogram"}
	}
	for _, step := range []struct {
		draft api.CorrectionDraft
		want  ledger.Corrected
	}{
		{api.CorrectionDraft{ResourceQuantity: kilos("10"), Note: "weighed again"}, ledger.Corrected{ResourceQuantity: quantity(10, 0), Note: protocol.PlainText("weighed again")}},
		// The correction of the fake doubles what stands: 12.5 + 12.5.
		{api.CorrectionDraft{State: "fail"}, ledger.Corrected{ResourceQuantity: quantity(250, 1), State: "fail"}},
		{api.CorrectionDraft{ResourceQuantity: kilos("0")}, ledger.Corrected{}},
		{api.CorrectionDraft{Cancel: true, Receiver: "José"}, ledger.Corrected{Receiver: n.ledger.agents[4].ID}},
	} {
		w, err := c.Correct(ctx, made.ID[:20], step.draft, client.Write{Key: step.draft.State + step.draft.Note})
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(step.want, n.ledger.corrected, cmp.Comparer(func(a, b protocol.Text) bool { return a.String() == b.String() })); d != "" {
			t.Error(d)
		}
		if e, err := c.Event(ctx, "", w.ID); err != nil || e.Corrects != made.ID {
			t.Errorf("%+v %v", e, err)
		}
	}
	path := "/v1/events/" + made.ID + "/corrections"
	for body, want := range map[string]api.Code{
		`{}`: api.CodeEmpty,
		`{"cancel": true, "resourceQuantity": {"hasNumericalValue": "1"}}`: api.CodeExclusive,
		`{"resourceQuantity": {"hasNumericalValue": "-1"}}`:                api.CodeNegative,
		`{"resourceQuantity": {"hasNumericalValue": "much"}}`:              api.CodeBadNumber,
	} {
		p := n.do(call{method: "POST", path: path, body: body, role: api.RoleOwner}).want(t, 422, api.CodeBadBody)
		if len(p.Errors) != 1 || p.Errors[0].Code != want {
			t.Errorf("%s: %+v", body, p.Errors)
		}
	}
}

func TestStepsBackAndOn(t *testing.T) {
	n := start(t, nil)
	made := n.harvest(t)
	event, err := n.ledger.Event(t.Context(), n.ledger.entries[len(n.ledger.entries)-1].ID())
	if err != nil {
		t.Fatal(err)
	}
	n.ledger.resources = []ledger.Resource{{ID: event.ID, Commons: n.ledger.id(), Entry: event.Entry, Name: "Crate 7"}}
	n.ledger.steps = []ledger.Step{{Kind: ledger.StepEvent, ID: event.ID, Event: &event}, {Kind: ledger.StepResource, ID: event.ID, Depth: 1, Via: event.ID}}
	c := n.client(api.RoleOwner)
	got, err := c.Steps(t.Context(), "events", made.ID, client.Trace, client.Page{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Schema != "minga.trace/1" || got.Next != "onward" || len(got.Steps) != 2 || got.Steps[0].Event.Action != "raise" ||
		got.Steps[1].ID != made.ID || got.Steps[1].Name != "Crate 7" || got.Steps[1].Via != made.ID || n.ledger.walked != event.ID {
		t.Errorf("%+v", got)
	}
	got, err = c.Steps(t.Context(), "resources", "Crate 7", client.Track, client.Page{})
	if err != nil || got.Schema != "minga.track/1" || got.Next != "" || got.From != made.ID {
		t.Errorf("%+v %v", got, err)
	}
	ordered := n.do(call{path: "/v1/resources/Crate%207/provenance", role: api.RoleOwner}).ok(t, 200)
	if !strings.Contains(ordered.body, `"schema":"minga.provenance/1"`) {
		t.Error(ordered.body)
	}
	sum, err := c.RollUp(t.Context(), "", "Crate 7")
	if err != nil || len(sum.Lines) != 1 || sum.Lines[0].Provider.Name != "Ana" || sum.Resource != made.ID {
		t.Errorf("%+v %v", sum, err)
	}
	flows, err := c.NetworkFlows(t.Context(), "", "Crate 7")
	if err != nil || len(flows.Flows) != 1 || flows.Flows[0].Receiver.Name != "José" {
		t.Errorf("%+v %v", flows, err)
	}
	n.do(call{path: "/v1/processes/Nothing/trace", role: api.RoleOwner}).want(t, 404, api.CodeNotFound)
}

func TestPlanningFromARecipe(t *testing.T) {
	n := start(t, nil)
	c, ctx := n.client(api.RoleOwner), t.Context()
	if _, err := c.AddRecord(ctx, class(t, "Recipe"), api.RecordDraft{"name": "Bread"}, client.Write{}); err != nil {
		t.Fatal(err)
	}
	plan, process := protocol.EntryID{1}, protocol.EntryID{2}
	n.ledger.planned = ledger.Planned{
		Items: []ledger.PlannedItem{
			{Placeholder: plan, Body: &protocol.Record{Type: "Plan", Name: protocol.PlainText("Bread")}},
			{Placeholder: process, Body: &protocol.Record{Type: "Process", Fields: map[string]protocol.Value{"plannedWithin": plan}}},
			{Body: &protocol.Record{Type: "Commitment", Fields: map[string]protocol.Value{"action": "produce", "outputOf": process, "satisfies": []protocol.Value{process}}}},
		},
		Remainder: []ledger.PlannedRemainder{{Item: 2, Quantity: "resourceQuantity", Exact: "10/3"}},
	}
	draft := api.RecipePlanDraft{Quantity: &api.Measure{HasNumericalValue: "12", HasUnit: "one"}, Due: "2026-05-01", Provider: "José"}
	before := len(n.ledger.entries)
	dry, err := c.PlanRecipe(ctx, "Bread", draft, client.Write{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(n.ledger.entries) != before || dry.ID != "" || dry.Items[1].Body["plannedWithin"] != "#1" || dry.Items[2].Body["outputOf"] != "#2" || dry.Remainder[0].Item != 3 {
		t.Errorf("%+v", dry)
	}
	if w := n.ledger.wanted; w.Provider != n.ledger.agents[4].ID || w.Quantity.N != 12 || w.Due != "2026-05-01" {
		t.Errorf("%+v", w)
	}
	done, err := c.PlanRecipe(ctx, "Bread", draft, client.Write{})
	if err != nil {
		t.Fatal(err)
	}
	if done.ID != done.Items[0].ID || done.Items[1].Body["plannedWithin"] != done.ID || done.Items[2].Body["outputOf"] != done.Items[1].ID {
		t.Errorf("%+v", done)
	}
	got, err := c.Record(ctx, "", class(t, "Commitment"), done.Items[2].ID)
	if err != nil || got.Properties["outputOf"] != done.Items[1].ID {
		t.Errorf("%+v %v", got, err)
	}
	before = len(n.ledger.entries)
	n.ledger.refused = "Commitment"
	if _, err := c.PlanRecipe(ctx, "Bread", draft, client.Write{}); err == nil || len(n.ledger.entries) != before {
		t.Errorf("a plan of which one record is refused: %v, %d entries, want %d", err, len(n.ledger.entries), before)
	}
	p := n.do(call{method: "POST", path: "/v1/recipes/Bread/plan", body: `{"quantity": {"hasNumericalValue": "0"}}`, role: api.RoleOwner}).want(t, 422, api.CodeBadBody)
	if p.Errors[0].Code != api.CodeNotAbove {
		t.Errorf("%+v", p.Errors)
	}
}
