package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/node/api"
)

// fault is what a test compares of an item.
type fault struct {
	where string
	code  api.Code
}

func faults(p api.Problem) []fault {
	var out []fault
	for _, item := range p.Errors {
		out = append(out, fault{item.Pointer + item.Parameter, item.Code})
	}
	return out
}

func TestBodiesAreReadStrictly(t *testing.T) {
	n := start(t, nil)
	table := []struct {
		name, body string
		want       []fault
	}{
		{"empty object", `{}`, []fault{{"/action", api.CodeMissing}}},
		{"no JSON", `action=work`, []fault{{"", api.CodeSyntax}}},
		{"cut off", `{"action":"work"`, []fault{{"", api.CodeSyntax}}},
		{"cut off in a text", `{"action":"wor`, []fault{{"/action", api.CodeSyntax}}},
		{"two values", `{"action":"work"}{}`, []fault{{"", api.CodeSyntax}}},
		{"a list", `[]`, []fault{{"", api.CodeWrongType}}},
		{"a text", `"work"`, []fault{{"", api.CodeWrongType}}},
		{"null", `null`, []fault{{"", api.CodeWrongType}}},
		{"null field", `{"action":"work","note":null}`, []fault{{"/note", api.CodeWrongType}}},
		{"unknown field", `{"action":"work","agent":"Ana"}`, []fault{{"/agent", api.CodeUnknownField}}},
		{"other case", `{"action":"work","Note":"x"}`, []fault{{"/Note", api.CodeUnknownField}}},
		{"unknown field with a slash", `{"action":"work","a/b~c":{"x":[1]}}`, []fault{{"/a~1b~0c", api.CodeUnknownField}}},
		{"a field twice", `{"action":"work","action":"use"}`, []fault{{"/action", api.CodeDuplicate}}},
		{"several at once", `{"action":1,"note":true,"x":1,"effortQuantity":{"hasNumericalValue":3}}`, []fault{
			{"/action", api.CodeWrongType}, {"/note", api.CodeWrongType}, {"/x", api.CodeUnknownField},
			{"/effortQuantity/hasNumericalValue", api.CodeWrongType},
		}},
		{"number as quantity", `{"action":"work","effortQuantity":{"hasNumericalValue":3}}`, []fault{{"/effortQuantity/hasNumericalValue", api.CodeWrongType}}},
		{"quantity without number", `{"action":"work","effortQuantity":{"hasUnit":"h"}}`, []fault{{"/effortQuantity/hasNumericalValue", api.CodeMissing}}},
		{"unknown in a quantity", `{"action":"work","effortQuantity":{"hasNumericalValue":"3","n":1}}`, []fault{{"/effortQuantity/n", api.CodeUnknownField}}},
		{"too long", `{"action":"work","note":"` + strings.Repeat("x", 8193) + `"}`, []fault{{"/note", api.CodeTooLong}}},
		{"too many", `{"action":"work","previousEvent":["a","b","c"]}`, []fault{{"/previousEvent", api.CodeTooLong}}},
		{"wrong item", `{"action":"work","fulfills":["a",1]}`, []fault{{"/fulfills/1", api.CodeWrongType}}},
		{"number in ext", `{"action":"work","ext":{"a":1}}`, []fault{{"/ext/a", api.CodeWrongType}}},
		{"empty action", `{"action":""}`, []fault{{"/action", api.CodeEmpty}}},
		{"invalid UTF-8", "{\"action\":\"w\xff\"}", []fault{{"", api.CodeSyntax}}},
		{"deep", `{"action":"work","x":` + strings.Repeat("[", 50_000) + strings.Repeat("]", 50_000) + `}`, []fault{
			{"/x", api.CodeUnknownField}, {"/x/0/0/0/0/0/0/0/0", api.CodeTooDeep},
		}},
	}
	for _, row := range table {
		t.Run(row.name, func(t *testing.T) {
			r := n.do(call{method: "POST", path: "/v1/events", body: row.body, role: api.RoleMember})
			p := r.want(t, 422, api.CodeBadBody)
			if d := cmp.Diff(row.want, faults(p), cmp.AllowUnexported(fault{})); d != "" {
				t.Error(d)
			}
		})
	}
	if len(n.ledger.drafts) != 0 {
		t.Errorf("something was written: %v", n.ledger.drafts)
	}
}

// What is well formed and names what there is not.
func TestEventsNameWhatThereIs(t *testing.T) {
	n := start(t, nil)
	table := []struct {
		name, body string
		status     int
		code       api.Code
		want       []fault
	}{
		{"nobody", `{"action":"work","provider":"Nadie"}`, 404, api.CodeNotFound, []fault{{"/provider", api.CodeUnknownAgent}}},
		{"two of the name", `{"action":"work","receiver":"Rosa"}`, 409, api.CodeAmbiguous, []fault{{"/receiver", api.CodeAmbiguousName}}},
		{"no identifier", `{"action":"work","corrects":"abc"}`, 422, api.CodeBadBody, []fault{{"/corrects", api.CodeBadID}}},
		{"nothing begins so", `{"action":"work","fulfills":["bafyreinothing"]}`, 404, api.CodeNotFound, []fault{{"/fulfills/0", api.CodeUnknownEntry}}},
		{"much begins so", `{"action":"work","corrects":"bafyrei"}`, 422, api.CodeBadBody, []fault{{"/corrects", api.CodeBadID}}},
		{"no number", `{"action":"work","effortQuantity":{"hasNumericalValue":"NaN"}}`, 422, api.CodeBadBody, []fault{{"/effortQuantity/hasNumericalValue", api.CodeBadNumber}}},
		{"huge number", `{"action":"work","effortQuantity":{"hasNumericalValue":"1000000000000000000000000000000"}}`, 422, api.CodeBadBody, []fault{{"/effortQuantity/hasNumericalValue", api.CodeBadNumber}}},
		{"exponent", `{"action":"work","effortQuantity":{"hasNumericalValue":"1e3"}}`, 422, api.CodeBadBody, []fault{{"/effortQuantity/hasNumericalValue", api.CodeBadNumber}}},
		{"no unit", `{"action":"work","effortQuantity":{"hasNumericalValue":"1","hasUnit":"a b"}}`, 422, api.CodeBadBody, []fault{{"/effortQuantity/hasUnit", api.CodeBadUnit}}},
		{"a unit that OM2 lacks", `{"action":"work","effortQuantity":{"hasNumericalValue":"1","hasUnit":"moon"}}`, 422, api.CodeBadBody, []fault{{"/effortQuantity/hasUnit", api.CodeBadUnit}}},
		{"several units", `{"action":"work","effortQuantity":{"hasNumericalValue":"1","hasUnit":"gallons"}}`, 422, api.CodeBadBody, []fault{{"/effortQuantity/hasUnit", api.CodeAmbiguousUnit}}},
		{"no date", `{"action":"work","hasPointInTime":"yesterday"}`, 422, api.CodeBadBody, []fault{{"/hasPointInTime", api.CodeBadTime}}},
		{"no offset", `{"action":"work","hasEnd":"2026-03-01T10:00:00"}`, 422, api.CodeBadBody, []fault{{"/hasEnd", api.CodeBadTime}}},
		{"all at once", `{"action":"work","provider":"Nadie","hasEnd":"x"}`, 404, api.CodeNotFound, []fault{{"/provider", api.CodeUnknownAgent}, {"/hasEnd", api.CodeBadTime}}},
	}
	for _, row := range table {
		t.Run(row.name, func(t *testing.T) {
			r := n.do(call{method: "POST", path: "/v1/events", body: row.body, role: api.RoleMember})
			p := r.want(t, row.status, row.code)
			if d := cmp.Diff(row.want, faults(p), cmp.AllowUnexported(fault{})); d != "" {
				t.Error(d)
			}
			if row.code == api.CodeAmbiguous && (len(p.Candidates) != 2 || p.Candidates[0].ID == "") {
				t.Errorf("candidates: %+v", p.Candidates)
			}
		})
	}
}

func TestLargeBodiesAreRefused(t *testing.T) {
	n := start(t, nil)
	large := `{"action":"work","note":"` + strings.Repeat("x", 10<<20) + `"}`
	n.do(call{method: "POST", path: "/v1/events", body: large, role: api.RoleMember}).want(t, 413, api.CodeBodyTooLarge)
	// Whoever may not write does not get to send it.
	n.do(call{method: "POST", path: "/v1/events", body: large[:1<<20], role: api.RoleResearcher}).want(t, 403, api.CodeForbidden)
}

func TestMediaTypes(t *testing.T) {
	n := start(t, nil)
	send := func(media string) reply {
		return n.do(call{method: "POST", path: "/v1/events", body: `{"action":"work"}`, role: api.RoleMember,
			header: map[string]string{"Content-Type": media}})
	}
	send("application/json; charset=utf-8").ok(t, 201)
	send("").ok(t, 201)
	for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ";;"} {
		send(media).want(t, 415, api.CodeMediaType)
	}
}

func TestParametersAreReadStrictly(t *testing.T) {
	n := start(t, nil)
	table := []struct {
		path string
		want []fault
	}{
		{"/v1/status?x=1", []fault{{"x", api.CodeUnknownParam}}},
		{"/v1/events?limit=0", []fault{{"limit", api.CodeBadParameter}}},
		{"/v1/events?limit=1001", []fault{{"limit", api.CodeBadParameter}}},
		{"/v1/events?limit=many", []fault{{"limit", api.CodeBadParameter}}},
		{"/v1/events?limit=99999999999999999999", []fault{{"limit", api.CodeBadParameter}}},
		{"/v1/events?lang=fr", []fault{{"lang", api.CodeBadParameter}}},
		{"/v1/events?state=settled", []fault{{"state", api.CodeUnknownParam}}},
		{"/v1/entries", []fault{{"log", api.CodeMissing}}},
		{"/v1/entries?log=Ana&from=5&to=2", []fault{{"to", api.CodeRange}}},
		{"/v1/entries?log=Ana&from=-1", []fault{{"from", api.CodeBadParameter}}},
		{"/v1/entries?log=Ana&cursor=x", []fault{{"cursor", api.CodeBadParameter}}},
		{"/v1/agents?cursor=zzz", []fault{{"cursor", api.CodeBadCursor}}},
		{"/v1/entries/abc", []fault{{"id", api.CodeBadID}}},
		{"/v1/changes?after=-1", []fault{{"after", api.CodeBadParameter}}},
		{"/v1/changes?since=1", []fault{{"since", api.CodeUnknownParam}}},
		{"/healthz?x=1", []fault{{"x", api.CodeUnknownParam}}},
	}
	for _, row := range table {
		p := n.do(call{path: row.path, role: api.RoleOwner}).want(t, 422, api.CodeBadParameter)
		if d := cmp.Diff(row.want, faults(p), cmp.AllowUnexported(fault{})); d != "" {
			t.Errorf("%s: %s", row.path, d)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	n := start(t, nil)
	get := func(path string) reply { return n.do(call{path: path, role: api.RoleOwner}) }
	get("/").want(t, 404, api.CodeNoRoute)
	get("/v1/nothing").want(t, 404, api.CodeNoRoute)
	get("/docs").want(t, 404, api.CodeNoRoute)
	get("/v1/openapi.yaml").want(t, 404, api.CodeNoRoute)
	get("/v1/agents/Nadie").want(t, 404, api.CodeNotFound)
	get("/v1/agents/Rosa").want(t, 409, api.CodeAmbiguous)
	get("/v1/balances/Nadie").want(t, 404, api.CodeNotFound)
	get("/v1/events?agent=Nadie").want(t, 404, api.CodeNotFound)
	get("/v1/logs/Nadie").want(t, 404, api.CodeNotFound)
	get("/v1/logs/"+n.ledger.agents[2].ID.String()).want(t, 404, api.CodeNotFound)
	get("/v1/entries/"+n.ledger.agents[2].ID.String()).want(t, 404, api.CodeNotFound)
	get("/v1/entries/bafyreinothing").want(t, 404, api.CodeNotFound)
	get("/v1/events/"+n.ledger.id().String()).want(t, 404, api.CodeNotFound)
	get("/v1/agents?commons=Otra").want(t, 404, api.CodeUnknownCommons)
	get("/v1/changes?commons=Otra").want(t, 404, api.CodeUnknownCommons)
	r := n.do(call{method: "DELETE", path: "/v1/events", role: api.RoleOwner})
	r.want(t, 405, api.CodeMethod)
	if allow := r.header.Get("Allow"); allow != "GET, HEAD, POST" {
		t.Errorf("Allow: %q", allow)
	}
	n.ledger.commons = nil
	get("/v1/agents").want(t, 404, api.CodeNoCommons)
	get("/v1/status").ok(t, http.StatusOK)
}
