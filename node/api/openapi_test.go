package api_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/node/api"
)

func TestOpenAPIDescribesEveryPath(t *testing.T) {
	n := start(t, nil)
	r := n.do(call{path: "/v1/openapi.json"}).ok(t, 200)
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			OperationID string
			Summary     string
			Parameters  []struct{ Name, Description string }
			RequestBody *struct {
				Content map[string]any
			}
			Responses map[string]struct {
				Content map[string]any
			}
		}
	}
	if err := json.Unmarshal([]byte(r.body), &doc); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") {
		t.Errorf("version %q", doc.OpenAPI)
	}
	var got []string
	for path, methods := range doc.Paths {
		for method, op := range methods {
			name := strings.ToUpper(method) + " " + path
			got = append(got, name)
			if op.OperationID == "" || op.Summary == "" {
				t.Errorf("%s is not described", name)
			}
			if (method == "post") != (op.RequestBody != nil && (len(op.RequestBody.Content) == 1 || path == "/v1/imports")) {
				t.Errorf("%s: body %+v", name, op.RequestBody)
			}
			if op.Responses["default"].Content["application/problem+json"] == nil {
				t.Errorf("%s: problems are not described", name)
			}
			success := op.Responses["200"].Content
			if method == "post" && path != "/v1/imports" && path != "/v1/distributions/preview" {
				success = op.Responses["201"].Content
			}
			if len(success) == 0 {
				t.Errorf("%s: the answer is not described: %+v", name, op.Responses)
			}
			for _, p := range op.Parameters {
				if p.Description == "" {
					t.Errorf("%s: parameter %s is not described", name, p.Name)
				}
			}
		}
	}
	slices.Sort(got)
	want := []string{
		"GET /healthz", "GET /readyz", "GET /v1/accounts", "GET /v1/agents", "GET /v1/agents/{agent}", "GET /v1/audit",
		"GET /v1/balances", "GET /v1/balances/{agent}", "GET /v1/changes", "GET /v1/charters", "GET /v1/commons",
		"GET /v1/confirmations", "GET /v1/entries", "GET /v1/entries/{entry}", "GET /v1/events", "GET /v1/events/{event}", "GET /v1/export",
		"GET /v1/inbox", "GET /v1/logs", "GET /v1/logs/{log}", "GET /v1/peers", "GET /v1/proposals", "GET /v1/proposals/{proposal}",
		"GET /v1/statements", "GET /v1/status", "GET /v1/transfers", "GET /v1/witnesses",
		"POST /v1/accounts", "POST /v1/admissions", "POST /v1/agents", "POST /v1/bindings", "POST /v1/charters",
		"POST /v1/commons", "POST /v1/commons/join", "POST /v1/confirmations", "POST /v1/confirmations/batch", "POST /v1/events", "POST /v1/imports",
		"POST /v1/incomes", "POST /v1/invites", "POST /v1/peers", "POST /v1/proposals/{proposal}/approvals",
		"POST /v1/proposals/{proposal}/rejections", "POST /v1/removals", "POST /v1/transfers", "POST /v1/witnesses",
	}
	want = append(want, "GET /v1/resources", "GET /v1/resources/{resource}", "GET /v1/resources/{resource}/events",
		"GET /v1/resources/{resource}/trace", "GET /v1/resources/{resource}/track", "GET /v1/resources/{resource}/provenance",
		"GET /v1/resources/{resource}/roll-up", "GET /v1/resources/{resource}/network-flows", "GET /v1/events/{event}/trace",
		"GET /v1/events/{event}/track", "GET /v1/processes/{record}/trace", "GET /v1/processes/{record}/track",
		"POST /v1/events/{event}/corrections", "POST /v1/recipes/{record}/plan",
		"GET /v1/declarations", "GET /v1/declarations/{declaration}", "POST /v1/declarations", "GET /v1/standings",
		"GET /v1/distributions", "GET /v1/distributions/{distribution}", "GET /v1/distributions/{distribution}/verification",
		"GET /v1/distributions/{distribution}/why", "GET /v1/balances/{agent}/why", "GET /v1/reports/value",
		"POST /v1/distributions", "POST /v1/distributions/preview", "POST /v1/distributions/{distribution}/approvals",
		"POST /v1/distributions/{distribution}/rejections")
	for _, class := range api.Classes {
		path := "/v1/" + class.Path
		want = append(want, "GET "+path, "GET "+path+"/{record}", "POST "+path, "POST "+path+"/{record}/amendments")
	}
	slices.Sort(want)
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if strings.Contains(r.body, "ErrorModel") {
		t.Error("a form of errors is described that is never answered")
	}
	if strings.Contains(r.body, "unpkg") || strings.Contains(r.body, `"$schema"`) {
		t.Error("the document leads elsewhere")
	}
}

// The Host header must not come back in answers, where a cache could keep it.
func TestAnswersDoNotEchoTheHost(t *testing.T) {
	n := start(t, nil)
	for _, path := range []string{"/v1/status", "/v1/agents?limit=1", "/healthz", "/v1/nothing"} {
		r := n.do(call{path: path, role: api.RoleOwner})
		for name, values := range r.header {
			if strings.Contains(strings.Join(values, " "), n.host) {
				t.Errorf("%s: %s: %v", path, name, values)
			}
		}
		if strings.Contains(r.body, n.host) || strings.Contains(r.body, "$schema") {
			t.Errorf("%s: %s", path, r.body)
		}
	}
}
