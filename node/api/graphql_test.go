package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

// object is an answer of GraphQL, or a part of one.
type object map[string]any

// at returns what stands at a path of names and positions.
func (o object) at(t testing.TB, path string) any {
	t.Helper()
	var v any = map[string]any(o)
	for _, name := range strings.Split(path, ".") {
		switch here := v.(type) {
		case map[string]any:
			v = here[name]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(here) {
				t.Fatalf("%s: there are %d", path, len(here))
			}
			v = here[i]
		default:
			t.Fatalf("%s: %q is not in %v", path, name, v)
		}
	}
	return v
}

// text returns the text at a path, which must be there.
func (o object) text(t testing.TB, path string) string {
	t.Helper()
	s, is := o.at(t, path).(string)
	if !is || s == "" {
		t.Fatalf("%s: no text in %v", path, o)
	}
	return s
}

// count returns how many there are in the list at a path.
func (o object) count(t testing.TB, path string) int {
	t.Helper()
	list, is := o.at(t, path).([]any)
	if !is {
		t.Fatalf("%s is no list in %v", path, o)
	}
	return len(list)
}

// graph sends GraphQL to a node as a client written for another server does.
type graph struct {
	n      *node
	token  string
	header map[string]string
}

func (n *node) graph() graph { return graph{n: n, token: n.tokens[api.RoleOwner]} }

// send returns status and body of the answer to a query.
func (g graph) send(query string, variables map[string]any) (int, object) {
	g.n.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		g.n.t.Fatal(err)
	}
	return g.post(body)
}

func (g graph) post(body []byte) (int, object) {
	g.n.t.Helper()
	r, err := http.NewRequestWithContext(g.n.t.Context(), http.MethodPost, g.n.url+"/graphql", bytes.NewReader(body))
	if err != nil {
		g.n.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	return g.do(r)
}

func (g graph) do(r *http.Request) (int, object) {
	g.n.t.Helper()
	if g.token != "" {
		r.Header.Set("Authorization", "Bearer "+g.token)
	}
	for name, value := range g.header {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		g.n.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		g.n.t.Fatal(err)
	}
	var out object
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&out); err != nil {
		g.n.t.Fatalf("%v: %s", err, text)
	}
	return answer.StatusCode, out
}

// ask returns the data of an answer that has no errors.
func (g graph) ask(query string, variables map[string]any) object {
	g.n.t.Helper()
	status, out := g.send(query, variables)
	if status != http.StatusOK || out["errors"] != nil {
		g.n.t.Fatalf("%s\n%v\n%d %v", query, variables, status, out)
	}
	return object(out["data"].(map[string]any))
}

// refused returns the first error of an answer that must have one.
func (g graph) refused(query string, variables map[string]any) (int, object) {
	g.n.t.Helper()
	status, out := g.send(query, variables)
	if out["errors"] == nil {
		g.n.t.Fatalf("%s\n%v\nwas not refused: %v", query, variables, out)
	}
	return status, object(out.at(g.n.t, "errors.0").(map[string]any))
}

// gathered starts a node with a real ledger and one commons.
func gathered(t *testing.T) *node {
	n := start(t, nil)
	n.real()
	if _, err := n.client(api.RoleOwner).CreateCommons(t.Context(), api.CommonsDraft{Name: "Huerta", As: "Ana"}, client.Write{}); err != nil {
		t.Fatal(err)
	}
	return n
}

const (
	createPerson = `mutation($rs: AgentCreateParams!) { res: createPerson(person: $rs) { agent { id revisionId name } } }`
	createEvent  = `mutation($e: EconomicEventCreateParams!, $r: EconomicResourceCreateParams) {
		res: createEconomicEvent(event: $e, newInventoriedResource: $r) {
			economicEvent { id revisionId action { id label } provider { id name } receiver { id }
				resourceInventoriedAs { id name } resourceQuantity { hasNumericalValue hasUnit { id label symbol } } }
			economicResource { id revisionId name conformsTo { id name }
				accountingQuantity { hasNumericalValue hasUnit { id } } onhandQuantity { hasNumericalValue } }
		}
	}`
)

func (g graph) person(name string) string {
	g.n.t.Helper()
	return g.ask(createPerson, map[string]any{"rs": map[string]any{"name": name}}).text(g.n.t, "res.agent.id")
}

func TestGraphQLRecordsWhatHappensToAResource(t *testing.T) {
	n := gathered(t)
	g := n.graph()
	alice := g.person("Alice")
	made := g.ask(createEvent, map[string]any{
		"e": map[string]any{
			"action": "produce", "provider": alice, "receiver": alice, "resourceConformsTo": "Sourdough loaf",
			"resourceQuantity": map[string]any{"hasNumericalValue": 10}, "hasPointInTime": "2026-07-03T08:00:00.000Z",
		},
		"r": map[string]any{"name": "Batch #1"},
	})
	loaf := made.text(t, "res.economicResource.id")
	for path, want := range map[string]any{
		"res.economicResource.name": "Batch #1", "res.economicResource.conformsTo.name": "Sourdough loaf",
		"res.economicResource.accountingQuantity.hasNumericalValue": json.Number("10"),
		"res.economicResource.accountingQuantity.hasUnit.id":        "one",
		"res.economicEvent.action.id":                               "produce", "res.economicEvent.provider.name": "Alice",
		"res.economicEvent.resourceInventoriedAs.name": "Batch #1",
	} {
		if got := made.at(t, path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	for _, step := range []struct {
		action string
		by     any
	}{{"raise", 5}, {"lower", "3"}, {"consume", json.Number("4.000")}} {
		g.ask(createEvent, map[string]any{"e": map[string]any{
			"action": step.action, "provider": alice, "receiver": alice, "resourceInventoriedAs": loaf,
			"resourceQuantity": map[string]any{"hasNumericalValue": step.by},
		}})
	}
	one := g.ask(`query($id: ID!) { economicResource(id: $id) {
		id revisionId meta { retrievedRevision { id time } } primaryAccountable { id name } custodian { name } contested
		accountingQuantity { hasNumericalValue } onhandQuantity { hasNumericalValue }
		economicEvents { edges { node { action { id } } cursor } pageInfo { hasNextPage endCursor startCursor hasPreviousPage } }
		trace { __typename ... on EconomicEvent { id } } track { __typename } previous { id } next { id } } }`, map[string]any{"id": loaf})
	for _, path := range []string{"economicResource.accountingQuantity.hasNumericalValue", "economicResource.onhandQuantity.hasNumericalValue"} {
		if got := one.at(t, path); got != json.Number("8") {
			t.Errorf("%s: %v, want 8", path, got)
		}
	}
	if got := one.count(t, "economicResource.economicEvents.edges"); got != 4 {
		t.Errorf("%d events on the resource, want 4: %v", got, one)
	}
	list := g.ask(`{ economicResources { edges { node { id } cursor } pageInfo { hasNextPage } } economicEvents(first: 2) { edges { node { id action { id } } } pageInfo { endCursor hasNextPage } } }`, nil)
	if list.count(t, "economicResources.edges") != 1 || list.text(t, "economicResources.edges.0.node.id") != loaf {
		t.Errorf("%v", list)
	}
	if list.count(t, "economicEvents.edges") != 2 || list.at(t, "economicEvents.pageInfo.hasNextPage") != true {
		t.Errorf("%v", list)
	}
	some := g.ask(`query($a: [ID!]) { economicEvents(filter: {provider: $a, action: ["raise"], resourceConformsTo: ["Other"]}) { edges { node { id } } }
		consumed: economicEvents(filter: {receiver: $a, action: ["consume"]}) { edges { node { action { id } } } }
		here: economicResources(filter: {primaryAccountable: $a, conformsTo: ["Sourdough loaf"], searchString: "batch"}) { edges { node { id } } }
		none: economicResources(filter: {primaryAccountable: $a, conformsTo: ["Other"]}) { edges { node { id } } } }`, map[string]any{"a": []string{alice}})
	if some.count(t, "economicEvents.edges") != 0 || some.count(t, "consumed.edges") != 1 || some.count(t, "here.edges") != 1 || some.count(t, "none.edges") != 0 {
		t.Errorf("%v", some)
	}
	rest := g.ask(`query($c: String!) { economicEvents(first: 10, after: $c) { edges { node { action { id } } } pageInfo { hasNextPage hasPreviousPage } } }`,
		map[string]any{"c": list.text(t, "economicEvents.pageInfo.endCursor")})
	if rest.count(t, "economicEvents.edges") != 2 || rest.at(t, "economicEvents.pageInfo.hasNextPage") != false {
		t.Errorf("%v", rest)
	}
}

func TestGraphQLKeepsEveryDigit(t *testing.T) {
	n := gathered(t)
	g := n.graph()
	alice := g.person("Alice")
	for written, want := range map[string]string{
		"0.123456789": "0.123456789", "123456789012345": "123456789012345", `"2.50"`: "2.5", "1e-7": "0.0000001", "12E2": "1200",
	} {
		query := fmt.Sprintf(`mutation { createEconomicEvent(event: {action: "raise", provider: %q, receiver: %q,
			resourceConformsTo: "Flour", resourceQuantity: {hasNumericalValue: %s, hasUnit: "kg"}}, newInventoriedResource: {name: "Bin"}) {
			economicResource { accountingQuantity { hasNumericalValue hasUnit { id symbol label omUnitIdentifier } } } } }`, alice, alice, written)
		data := g.ask(query, nil)
		if got := data.at(t, "createEconomicEvent.economicResource.accountingQuantity.hasNumericalValue"); got != json.Number(want) {
			t.Errorf("%s became %v, want %s", written, got, want)
		}
		if got := data.at(t, "createEconomicEvent.economicResource.accountingQuantity.hasUnit.id"); got != "kilogram" {
			t.Errorf("%v", got)
		}
	}
	for _, bad := range []string{`"x"`, "1e99", `"1.2.3"`, "0.1234567891", "1234567890123456789"} {
		_, e := g.refused(fmt.Sprintf(`mutation { createEconomicEvent(event: {action: "raise", provider: %q, receiver: %q,
			resourceConformsTo: "Flour", resourceQuantity: {hasNumericalValue: %s}}) { economicEvent { id } } }`, alice, alice, bad), nil)
		e.text(t, "message")
		if e.at(t, "extensions.code") != "bad-value" {
			t.Errorf("%s: %v", bad, e)
		}
	}
	for _, bad := range []any{"x", json.Number("12345678901234567890"), true, []int{1}} {
		_, e := g.refused(createEvent, map[string]any{"e": map[string]any{
			"action": "raise", "provider": alice, "receiver": alice, "resourceQuantity": map[string]any{"hasNumericalValue": bad},
		}})
		if e.at(t, "extensions.code") != "bad-value" {
			t.Errorf("%v: %v", bad, e)
		}
	}
}

func TestGraphQLBoundsWhatIsAsked(t *testing.T) {
	n := gathered(t)
	g := n.graph()
	aliases := strings.Builder{}
	for i := range 10_000 {
		fmt.Fprintf(&aliases, "a%d: myAgent { id }\n", i)
	}
	fragments := strings.Builder{}
	for i := range 40 {
		fmt.Fprintf(&fragments, "fragment f%d on Agent { ...f%d ...f%d }\n", i, i+1, i+1)
	}
	fragments.WriteString("fragment f40 on Agent { id name }\n")
	for name, c := range map[string]struct {
		query, code string
	}{
		"deep":          {"{ myAgent " + strings.Repeat("{ economicEvents { edges { node { provider ", 250) + "{ id }" + strings.Repeat(" } } } }", 250) + " }", "query-too-deep"},
		"aliases":       {"{ " + aliases.String() + " }", "query-too-large"},
		"fragments":     {"{ myAgent { ...f0 } }\n" + fragments.String(), "query-too-large"},
		"tokens":        {"{ myAgent { " + strings.Repeat("id ", 100_001) + " } }", "query-too-large"},
		"introspection": {"{ __schema { types { " + strings.Repeat("fields { type { ", 3) + "name" + strings.Repeat(" } }", 3) + " } } }", "query-too-deep"},
		"no query":      {"{ myAgent { ", "bad-query"},
		"no field":      {"{ myAgent { age } }", "bad-query"},
		"a circle":      {"{ myAgent { ...a } } fragment a on Agent { ...a }", "bad-query"},
		"empty":         {"  ", "bad-query"},
		"subscription":  {"subscription { myAgent { id } }", "bad-query"},
	} {
		_, e := g.refused(c.query, nil)
		if got := e.at(t, "extensions.code"); got != c.code {
			t.Errorf("%s: %v", name, e)
		}
		if name != "empty" && name != "subscription" {
			e.at(t, "locations.0.line")
		}
	}
	if status, _ := g.post([]byte(`[{"query":"{ myAgent { id } }"}]`)); status != http.StatusBadRequest {
		t.Errorf("a batch: %d", status)
	}
	if status, _ := g.post([]byte(`{"query":"{ myAgent { id } }"} {}`)); status != http.StatusBadRequest {
		t.Errorf("two values: %d", status)
	}
	if status, out := g.post(append([]byte(`{"query":"`), append(bytes.Repeat([]byte("a"), 1<<20), `"}`...)...)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d %v", status, out)
	}
	if got := g.ask(introspection, nil).count(t, "__schema.types"); got < 100 {
		t.Errorf("%d types", got)
	}
}

// introspection is what tools ask to learn a schema.
const introspection = `query IntrospectionQuery { __schema { queryType { name } mutationType { name } subscriptionType { name }
	types { ...FullType } directives { name description locations args { ...InputValue } } } }
fragment FullType on __Type { kind name description fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
	inputFields { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`

func TestGraphQLAsksWhoAsks(t *testing.T) {
	n := start(t, nil)
	n.real()
	owner := n.graph()
	if status, e := owner.refused(`{ myAgent { id } }`, nil); status != http.StatusNotFound || e.at(t, "extensions.code") != "no-commons" {
		t.Errorf("without a commons: %d %v", status, e)
	}
	if _, err := n.client(api.RoleOwner).CreateCommons(t.Context(), api.CommonsDraft{Name: "Huerta", As: "Ana"}, client.Write{}); err != nil {
		t.Fatal(err)
	}
	anybody := graph{n: n}
	anybody.ask(`{ agents { edges { node { id } } } }`, nil) // anybody may read this commons
	if status, e := anybody.refused(createPerson, map[string]any{"rs": map[string]any{"name": "X"}}); status != http.StatusUnauthorized || e.at(t, "extensions.code") != "unauthorized" {
		t.Errorf("without a token: %d %v", status, e)
	}
	if status, out := anybody.send(`{ __typename __schema { queryType { name } } }`, nil); status != http.StatusOK || out["errors"] != nil {
		t.Errorf("the schema is no secret: %d %v", status, out)
	}
	get := func(query string) (int, object) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, n.url+"/graphql?query="+url.QueryEscape(query), nil)
		if err != nil {
			t.Fatal(err)
		}
		return owner.do(r)
	}
	if status, out := get(`{ myAgent { name } }`); status != http.StatusOK || out.at(t, "data.myAgent.name") != "Ana" {
		t.Errorf("GET: %d %v", status, out)
	}
	if status, out := get(`mutation { createPerson(person: {name: "X"}) { agent { id } } }`); status != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d %v", status, out)
	}
	other := owner
	other.header = map[string]string{"Minga-Commons": "Otra", "Accept-Language": "es"}
	if status, e := other.refused(`{ myAgent { id } }`, nil); status != http.StatusNotFound || !strings.Contains(e.text(t, "message"), "comunidad") {
		t.Errorf("another commons: %d %v", status, e)
	}
	other.header = map[string]string{"Minga-Commons": "huerta"}
	other.ask(`{ myAgent { id } }`, nil)
	other.header = map[string]string{"Content-Type": "text/plain"}
	if status, _ := other.post([]byte(`{"query":"{ myAgent { id } }"}`)); status != http.StatusUnsupportedMediaType {
		t.Errorf("text/plain: %d", status)
	}
}

func TestGraphQLRepeatsNoWrite(t *testing.T) {
	n := gathered(t)
	g := n.graph()
	g.header = map[string]string{"Idempotency-Key": "k1"}
	first, again := g.person("Alice"), g.person("Alice")
	if first != again {
		t.Errorf("%s and %s", first, again)
	}
	if status, e := g.refused(createPerson, map[string]any{"rs": map[string]any{"name": "Bob"}}); e.at(t, "extensions.code") != "idempotency-reused" {
		t.Errorf("%d %v", status, e)
	}
}

func TestGraphQLDeletesAndEditsNothing(t *testing.T) {
	n := gathered(t)
	g := n.graph()
	alice := g.person("Alice")
	for query, code := range map[string]string{
		`mutation($id: ID!) { deletePerson(revisionId: $id) }`:                                          "no-deletion",
		`mutation($id: ID!) { deleteProcess(id: $id) }`:                                                 "no-deletion",
		`mutation($id: ID!) { deletePlan(revisionId: $id) }`:                                            "no-deletion",
		`mutation($id: ID!) { updatePerson(person: {revisionId: $id, name: "B"}) { agent { id } } }`:    "no-update",
		`mutation($id: ID!) { updateEconomicEvent(event: {revisionId: $id}) { economicEvent { id } } }`: "no-update",
	} {
		status, e := g.refused(query, map[string]any{"id": alice})
		if status != http.StatusOK || e.at(t, "extensions.code") != code {
			t.Errorf("%s: %d %v", query, status, e)
		}
		e.at(t, "locations.0.line")
		e.at(t, "path.0")
	}
	_, e := g.refused(`query($id: ID!) { organization(id: $id) { id } }`, map[string]any{"id": alice})
	if !strings.Contains(e.text(t, "message"), "not an organization") {
		t.Errorf("%v", e)
	}
	g.header = map[string]string{"Accept-Language": "es"}
	_, e = g.refused(`query($id: ID!) { organization(id: $id) { id } }`, map[string]any{"id": alice})
	if !strings.Contains(e.text(t, "message"), "no es una organización") {
		t.Errorf("%v", e)
	}
	_, e = g.refused(`mutation($id: ID!) { createPlan(plan: {name: "x", due: "soon"}) { plan { id } } deletePlan(revisionId: $id) }`, map[string]any{"id": alice})
	e.want(t, "extensions.code", "bad-value")
	g.header = nil
	_, e = g.refused(createEvent, map[string]any{"e": map[string]any{
		"action": "banana", "provider": alice, "receiver": alice, "resourceQuantity": map[string]any{"hasNumericalValue": 1},
	}})
	if e.at(t, "extensions.code") != "invalid" || e.at(t, "extensions.reason") == nil {
		t.Errorf("%v", e)
	}
}
