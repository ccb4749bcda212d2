package api_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

func class(t *testing.T, typ string) api.Class {
	t.Helper()
	c, known := api.ClassOf(typ)
	if !known {
		t.Fatalf("there is no class %s", typ)
	}
	return c
}

func sum(t *testing.T, text, unit string) ledger.Measure {
	t.Helper()
	return ledger.Measure{Value: total(t, text), Unit: unit}
}

// A record of every class with every property is written, and read again as it
// was meant.
func TestEveryClassIsWrittenAndRead(t *testing.T) {
	n := start(t, nil)
	c, ctx := n.client(api.RoleOwner), t.Context()
	for _, class := range api.Classes {
		draft := api.RecordDraft{"name": "a " + class.Noun(), "note": "so", "source": "x:" + class.Path}
		want := map[string]any{}
		for _, p := range class.Properties {
			var in, out any
			switch p.Kind {
			case api.PropertyTime:
				in, out = "2026-03-01", "2026-03-01"
			case api.PropertyNumber:
				in, out = "-1.5", "-1.5"
			case api.PropertyBool:
				in, out = true, true
			case api.PropertyUnit:
				in, out = "kg", "kilogram"
			case api.PropertyAmount:
				in, out = map[string]any{"hasNumericalValue": "2.50", "hasUnit": "h"}, api.Measure{HasNumericalValue: "2.50", HasUnit: "hour"}
			case api.PropertyAgent:
				in, out = "Ana", api.AgentRef{ID: n.ledger.agents[1].ID.String(), Name: "Ana"}
			case api.PropertyLink:
				in, out = n.ledger.entries[0].ID().String(), n.ledger.entries[0].ID().String()
			default:
				in, out = "text", "text"
				if len(p.Choices) > 0 {
					in, out = p.Choices[0], p.Choices[0]
				}
			}
			if p.Many {
				switch one := out.(type) {
				case string:
					in, out = []any{in}, []string{one}
				case api.AgentRef:
					in, out = []any{in}, []api.AgentRef{one}
				}
			}
			draft[p.Name], want[p.Name] = in, out
		}
		w, err := c.AddRecord(ctx, class, draft, client.Write{Key: class.Type})
		if err != nil {
			t.Errorf("%s: %v", class.Type, err)
			continue
		}
		got, err := c.Record(ctx, "", class, w.ID)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got.Properties); d != "" {
			t.Errorf("%s: %s", class.Type, d)
		}
		if got.ID != w.ID || got.Name != "a "+class.Noun() || got.Source != "x:"+class.Path || got.Schema != "minga."+class.Noun()+"/1" || len(got.Other) > 0 {
			t.Errorf("%+v", got)
		}
		list, err := c.Records(ctx, class, client.RecordQuery{})
		if err != nil || len(list.Records) != 1 || list.Plural != class.Plural() || list.Schema != "minga."+class.Path+"/1" {
			t.Errorf("%s: %+v %v", class.Type, list, err)
		}
	}
}

func TestNounsAndPlurals(t *testing.T) {
	got := map[string]string{}
	for _, c := range api.Classes {
		got[c.Noun()] = c.Plural()
	}
	for noun, plural := range map[string]string{
		"process": "processes", "resource-specification": "resourceSpecifications", "recipe-process": "recipeProcesses",
		"economic-proposal": "economicProposals", "agent-relationship": "agentRelationships", "recipe-flow": "recipeFlows",
	} {
		if got[noun] != plural {
			t.Errorf("%s: %q of %v", noun, got[noun], slices.Sorted(maps.Keys(got)))
		}
	}
}

func TestACommitmentWithWhatFulfilsIt(t *testing.T) {
	n := start(t, nil)
	c, ctx := n.client(api.RoleOwner), t.Context()
	commitment := class(t, "Commitment")
	w, err := c.AddRecord(ctx, commitment, api.RecordDraft{
		"action": "produce", "receiver": "José", "resourceConformsTo": "Papa",
		"resourceQuantity": map[string]any{"hasNumericalValue": "10", "hasUnit": "kg"}, "due": "2026-04-01",
	}, client.Write{})
	if err != nil {
		t.Fatal(err)
	}
	event, err := c.AddEvent(ctx, api.EventDraft{
		Action: "produce", Fulfills: []string{w.ID}, ResourceQuantity: &api.Measure{HasNumericalValue: "4", HasUnit: "kg"},
	}, client.Write{})
	if err != nil {
		t.Fatal(err)
	}
	n.ledger.fulfilled = ledger.Fulfilment{Lines: []ledger.FulfilmentLine{{
		Quantity: "resourceQuantity", Promised: sum(t, "10", "kilogram"), Done: sum(t, "4", "kilogram"),
		Open: sum(t, "6", "kilogram"), Events: 1,
	}}}
	r := n.do(call{path: "/v1/commitments/" + w.ID, role: api.RoleOwner}).ok(t, 200)
	var got struct {
		Provider, Receiver api.AgentRef
		FulfilledBy        []api.FlowRef
		Fulfilment         api.Fulfilment
	}
	if err := json.Unmarshal([]byte(r.body), &got); err != nil {
		t.Fatal(err)
	}
	if got.Provider.Name != "Ana" || got.Receiver.Name != "José" {
		t.Error(r.body)
	}
	if len(got.FulfilledBy) != 1 || got.FulfilledBy[0].ID != event.ID || got.FulfilledBy[0].ResourceQuantity.HasNumericalValue != "4" {
		t.Error(r.body)
	}
	want := api.FulfilmentLine{
		Of: "resourceQuantity", Promised: api.Measure{HasNumericalValue: "10", HasUnit: "kilogram"},
		Done: api.Measure{HasNumericalValue: "4", HasUnit: "kilogram"}, Open: api.Measure{HasNumericalValue: "6", HasUnit: "kilogram"}, Events: 1,
	}
	if d := cmp.Diff([]api.FulfilmentLine{want}, got.Fulfilment.Lines); d != "" {
		t.Error(d)
	}
	list, err := c.Events(ctx, client.EventQuery{Relation: "fulfills", Target: w.ID[:20]})
	if err != nil || len(list.Events) != 1 {
		t.Errorf("%+v %v", list, err)
	}
}

func TestRecordsAreAmended(t *testing.T) {
	n := start(t, nil)
	c, ctx := n.client(api.RoleOwner), t.Context()
	process := class(t, "Process")
	plan, err := c.AddRecord(ctx, class(t, "Plan"), api.RecordDraft{"name": "Spring"}, client.Write{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := c.AddRecord(ctx, process, api.RecordDraft{"name": "Sowing", "plannedWithin": "Spring", "hasBeginning": "2026-03-01"}, client.Write{})
	if err != nil {
		t.Fatal(err)
	}
	change := api.RecordDraft{"finished": true, "hasBeginning": nil}
	first, err := c.AmendRecord(ctx, process, "Sowing", change, client.Write{Key: "end"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.AmendRecord(ctx, process, "Sowing", change, client.Write{Key: "end"})
	if err != nil || again.ID != first.ID || !again.Repeated {
		t.Errorf("%+v %v", again, err)
	}
	got, err := c.Record(ctx, "", process, w.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"finished": true, "plannedWithin": plan.ID}
	if d := cmp.Diff(want, got.Properties); d != "" {
		t.Error(d)
	}
	if len(got.Amendments) != 1 || got.Amendments[0].ID != first.ID || !got.Amendments[0].Counts || got.Amendments[0].Author.Name != "Ana" {
		t.Errorf("%+v", got.Amendments)
	}
	n.ledger.progress = ledger.Progress{Processes: 1, Finished: 1, Overdue: []protocol.EntryID{{1}}}
	whole, err := c.Record(ctx, "", class(t, "Plan"), "Spring")
	if err != nil {
		t.Fatal(err)
	}
	if len(whole.Inverses["processes"]) != 1 || whole.Inverses["processes"][0].ID != w.ID || !whole.Inverses["processes"][0].Finished ||
		whole.Progress.Finished != 1 || len(whole.Progress.Overdue) != 1 {
		t.Errorf("%+v %+v", whole.Inverses, whole.Progress)
	}
	preview, err := c.AmendRecord(ctx, process, w.ID, api.RecordDraft{"name": "Sowing peas"}, client.Write{DryRun: true})
	if err != nil || preview.ID != "" || preview.Preview.Body["of"] != w.ID {
		t.Errorf("%+v %v", preview, err)
	}
}

func TestBadRecords(t *testing.T) {
	n := start(t, nil)
	owner := func(path, body string) reply {
		return n.do(call{method: "POST", path: path, body: body, role: api.RoleOwner})
	}
	owner("/v1/process-specifications", `{"name": "Baking"}`).ok(t, 201)
	owner("/v1/process-specifications", `{"name": "Baking"}`).ok(t, 201)
	for _, c := range []struct {
		path, body string
		status     int
		code       api.Code
		pointer    string
		item       api.Code
	}{
		{"/v1/processes", `{"name": "x", "colour": "red"}`, 422, api.CodeBadBody, "/colour", api.CodeUnknownField},
		{"/v1/processes", `{"name": 3}`, 422, api.CodeBadBody, "/name", api.CodeWrongType},
		{"/v1/processes", `{"finished": "yes"}`, 422, api.CodeBadBody, "/finished", api.CodeWrongType},
		{"/v1/processes", `{"finished": null}`, 422, api.CodeBadBody, "/finished", api.CodeWrongType},
		{"/v1/processes", `{"hasEnd": "tomorrow"}`, 422, api.CodeBadBody, "/hasEnd", api.CodeBadTime},
		{"/v1/processes", `{"basedOn": "Baking"}`, 409, api.CodeAmbiguous, "/basedOn", api.CodeAmbiguousName},
		{"/v1/processes", `{"basedOn": "Frying"}`, 404, api.CodeNotFound, "/basedOn", api.CodeUnknownRecord},
		{"/v1/processes", `{"basedOn": ""}`, 422, api.CodeBadBody, "/basedOn", api.CodeEmpty},
		{"/v1/processes", `{"hasBeginning": "", "basedOn": "Frying"}`, 404, api.CodeNotFound, "/basedOn", api.CodeUnknownRecord},
		{"/v1/processes", `{"name": "a", "name": "b"}`, 422, api.CodeBadBody, "/name", api.CodeDuplicate},
		{"/v1/processes", `{"inScopeOf": "Ana"}`, 422, api.CodeBadBody, "/inScopeOf", api.CodeWrongType},
		{"/v1/processes", `{"inScopeOf": ["Ana", "Eva"]}`, 404, api.CodeNotFound, "/inScopeOf/1", api.CodeUnknownAgent},
		{"/v1/resource-specifications", `{}`, 422, api.CodeBadBody, "/name", api.CodeMissing},
		{"/v1/commitments", `{"action": "produce", "resourceQuantity": {"hasNumericalValue": 3}}`, 422, api.CodeBadBody, "/resourceQuantity/hasNumericalValue", api.CodeWrongType},
		{"/v1/commitments", `{"action": "produce", "resourceQuantity": {"hasNumericalValue": "3", "hasUnit": "a b"}}`, 422, api.CodeBadBody, "/resourceQuantity/hasUnit", api.CodeBadUnit},
		{"/v1/commitments", `{"action": "produce", "resourceInventoriedAs": "Crate"}`, 404, api.CodeNotFound, "/resourceInventoriedAs", api.CodeUnknownResource},
		{"/v1/commitments", `{}`, 422, api.CodeBadBody, "/action", api.CodeMissing},
		{"/v1/intents", `{"action": "produce"}`, 422, api.CodeBadBody, "/provider", api.CodeMissing},
		{"/v1/claims", `{"action": "produce", "provider": "Ana"}`, 422, api.CodeBadBody, "/receiver", api.CodeMissing},
		{"/v1/economic-proposals", `{"purpose": "joke"}`, 422, api.CodeBadBody, "/purpose", api.CodeChoice},
		{"/v1/spatial-things", `{"lat": "1e3"}`, 422, api.CodeBadBody, "/lat", api.CodeBadNumber},
		{"/v1/processes", `{"note": "` + strings.Repeat("x", 9000) + `"}`, 422, api.CodeBadBody, "/note", api.CodeTooLong},
		{"/v1/processes/Nothing/amendments", `{"finished": true}`, 404, api.CodeNotFound, "", ""},
		{"/v1/processes/Nothing/amendments", `{}`, 422, api.CodeBadBody, "", api.CodeEmpty},
	} {
		p := owner(c.path, c.body).want(t, c.status, c.code)
		if c.item == "" {
			continue
		}
		if !slices.ContainsFunc(p.Errors, func(i api.ProblemItem) bool { return i.Pointer == c.pointer && i.Code == c.item }) {
			t.Errorf("%s: %+v", c.body, p.Errors)
		}
	}
	if p := owner("/v1/processes", `{"basedOn": "Baking"}`).want(t, 409, api.CodeAmbiguous); len(p.Candidates) != 2 {
		t.Errorf("%+v", p)
	}
}

func TestListsOfRecords(t *testing.T) {
	n := start(t, nil)
	c, ctx := n.client(api.RoleOwner), t.Context()
	for _, name := range []string{"a", "b", "c"} {
		if _, err := c.AddRecord(ctx, class(t, "Process"), api.RecordDraft{"name": name}, client.Write{}); err != nil {
			t.Fatal(err)
		}
	}
	r := n.do(call{path: "/v1/processes?limit=2&finished=false", role: api.RoleOwner}).ok(t, 200)
	if link := r.header.Get("Link"); link != `</v1/processes?cursor=r2&finished=false&limit=2>; rel="next"` {
		t.Errorf("%q", link)
	}
	if f := n.ledger.records; f.Finished == nil || *f.Finished || f.Type != "Process" {
		t.Errorf("%+v", f)
	}
	plan, err := c.AddRecord(ctx, class(t, "Plan"), api.RecordDraft{"name": "Spring"}, client.Write{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Records(ctx, class(t, "Process"), client.RecordQuery{Relation: "plannedWithin", Target: "Spring", Agent: "José"}); err != nil {
		t.Fatal(err)
	}
	if f := n.ledger.records; f.Relation != "plannedWithin" || f.Target.String() != plan.ID || f.Agent != n.ledger.agents[4].ID {
		t.Errorf("%+v", f)
	}
	for path, want := range map[string]api.Code{
		"/v1/processes?inputOf=a":                           api.CodeUnknownParam,
		"/v1/processes?action=work":                         api.CodeUnknownParam,
		"/v1/processes?colour=red":                          api.CodeUnknownParam,
		"/v1/processes?finished=maybe":                      api.CodeBadParameter,
		"/v1/commitments?inputOf=a&outputOf=b":              api.CodeExclusive,
		"/v1/events?inputOf=a&outputOf=b":                   api.CodeExclusive,
		"/v1/events?inputOf=nothing":                        api.CodeUnknownRecord,
		"/v1/processes?plannedWithin=nothing":               api.CodeUnknownRecord,
		"/v1/resources?containedIn=nothing":                 api.CodeUnknownResource,
		"/v1/resources?custodian=nobody":                    api.CodeUnknownAgent,
		"/v1/resources?contested=false":                     api.CodeBadParameter,
		"/v1/agent-relationships?subject=Ana&object=José":   api.CodeExclusive,
		"/v1/recipe-flows?recipeInputOf=bafyreiaaaaaaaaaaa": api.CodeUnknownEntry,
	} {
		r := n.do(call{path: path, role: api.RoleOwner})
		if r.status != 422 && r.status != 404 {
			t.Errorf("%s: %d %s", path, r.status, r.body)
			continue
		}
		p := r.problem(t)
		if len(p.Errors) != 1 || p.Errors[0].Code != want || p.Errors[0].Parameter == "" || p.Errors[0].Pointer != "" {
			t.Errorf("%s: %+v", path, p.Errors)
		}
	}
	n.do(call{path: "/v1/processes/" + plan.ID, role: api.RoleOwner}).want(t, 404, api.CodeNotFound)
}
