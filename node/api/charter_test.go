package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/protocol"
)

func TestACommonsIsFoundedUnderACharter(t *testing.T) {
	n := start(t, nil)
	create := func(body string) reply {
		return n.do(call{method: "POST", path: "/v1/commons", body: body, role: api.RoleOwner})
	}
	create(`{"as":"Ana","charter":{"name":"Huerta","stewards":{"threshold":1},"public_read":false,
		"currency":[{"name":"hora","scale":2,"limit":"50.00","exceptions":{"Ana":"60"}}]}}`).ok(t, 201)
	create(`{"as":"Ana","name":" Huerta ","charter":{"name":"Huerta"}}`).ok(t, 201)
	create(`{"as":"Ana","name":"Sur","charter":{"language":"en"}}`).ok(t, 201)
	create(`{"as":"Ana","name":"Sur"}`).ok(t, 201)
	n.do(call{method: "POST", path: "/v1/commons?dryRun=true", body: `{"as":"Ana","charter":{"name":"Huerta"}}`, role: api.RoleOwner}).ok(t, 200)
	want := []map[string]protocol.Value{
		{
			"name": "Huerta", "public_read": false, "stewards": map[string]protocol.Value{"threshold": int64(1)},
			"currency": []protocol.Value{map[string]protocol.Value{
				"name": "hora", "scale": int64(2), "limit": "50.00", "exceptions": map[string]protocol.Value{"Ana": "60"},
			}},
		},
		{"name": "Huerta"},
		{"name": "Sur", "language": "en"},
	}
	if diff := cmp.Diff(want, n.ledger.charters); diff != "" {
		t.Error(diff)
	}
}

func TestABadCharterIsRefusedWithItsPlaces(t *testing.T) {
	n := start(t, nil)
	for name, c := range map[string]struct {
		body string
		want []api.ProblemItem
	}{
		"no name":     {`{"as":"Ana"}`, []api.ProblemItem{{Pointer: "/name", Code: api.CodeMissing}}},
		"other name":  {`{"as":"Ana","name":"Sur","charter":{"name":"Norte"}}`, []api.ProblemItem{{Pointer: "/name", Code: api.CodeExclusive}}},
		"no object":   {`{"as":"Ana","name":"Sur","charter":"x"}`, []api.ProblemItem{{Pointer: "/charter", Code: api.CodeWrongType}}},
		"null inside": {`{"as":"Ana","charter":{"name":null}}`, []api.ProblemItem{{Pointer: "/charter/name", Code: api.CodeBadCharter}}},
		"twice":       {`{"as":"Ana","charter":{"name":"a","name":"b"}}`, []api.ProblemItem{{Pointer: "/charter/name", Code: api.CodeDuplicate}}},
		"many faults": {
			`{"as":"Ana","charter":{"colour":"x","currency":[{"name":"hora","scale":2.5,"limit":50,"exceptions":{"a/b":"1"}}],"stewards":{"members":["Ana","Beto"]}}}`,
			[]api.ProblemItem{
				{Pointer: "/charter/name", Code: api.CodeBadCharter}, {Pointer: "/charter/currency/0/scale", Code: api.CodeBadCharter},
				{Pointer: "/charter/currency/0/limit", Code: api.CodeBadCharter}, {Pointer: "/charter/colour", Code: api.CodeBadCharter},
				{Pointer: "/charter/stewards/members/1", Code: api.CodeBadCharter},
				{Pointer: "/charter/currency/0/exceptions/a~1b", Code: api.CodeBadCharter},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/v1/commons", "/v1/commons?dryRun=true"} {
				var texts []string
				for _, lang := range []string{"en", "es"} {
					r := n.do(call{method: "POST", path: path, body: c.body, role: api.RoleOwner, header: map[string]string{"Accept-Language": lang}})
					p := r.want(t, 422, api.CodeBadBody)
					texts = append(texts, p.Errors[0].Detail)
					for i := range p.Errors {
						p.Errors[i].Detail = ""
					}
					if diff := cmp.Diff(c.want, p.Errors, cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "args" }, cmp.Ignore())); diff != "" {
						t.Error(diff)
					}
				}
				if texts[0] == texts[1] || texts[0] == "" {
					t.Errorf("both languages say %q", texts[0])
				}
			}
		})
	}
	if len(n.ledger.charters) > 0 {
		t.Errorf("written: %v", n.ledger.charters)
	}
}
