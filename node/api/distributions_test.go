package api_test

import (
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/protocol"
)

// sharing is a node whose charter has a currency and two buckets, and whose next
// distribution gives 80.00 to Ana and a Rosa, and leaves 20.00.
func sharing(t *testing.T) *node {
	t.Helper()
	n := start(t, nil)
	n.ledger.currencies = []ledger.Payable{{Name: "USD", Scale: 2}}
	document := map[string]protocol.Value{
		"name": "Huerta Norte",
		"currency": []protocol.Value{map[string]protocol.Value{
			"name": "USD", "kind": "issued", "scale": int64(2),
		}},
		"streams": map[string]protocol.Value{"care": "1.2", "love": "1"},
		"bucket": []protocol.Value{
			map[string]protocol.Value{"name": "reserva", "percent": "20", "to": "Huerta Norte"},
			map[string]protocol.Value{"name": "trabajo", "percent": "100", "of": "remaining", "rule": []protocol.Value{
				map[string]protocol.Value{"action": "work", "rate": "10", "per": "hour"},
			}},
		},
	}
	n.ledger.history = []ledger.CharterVersion{
		{Seq: 1, State: ledger.Settled, Doc: document}, {Seq: 4, State: ledger.Pending, Doc: document},
	}
	agents := n.ledger.agents
	n.ledger.previewed = ledger.Distribution{
		State: ledger.DistributionPreview, Time: protocol.TimeOf(testTime), Amount: cents(10000), Currency: "USD", Version: 1,
		Cut: []protocol.Head{{Log: protocol.LogID{EntryID: protocol.EntryID{4}}, Seq: 9, CID: protocol.EntryID{5}}},
		Lines: []ledger.DistributionLine{
			{Agent: agents[0], Bucket: "reserva", Amount: cents(2000)},
			{Agent: agents[1], Bucket: "trabajo", Amount: cents(5000)}, {Agent: agents[2], Bucket: "trabajo", Amount: cents(1000)},
		},
		Remainder: cents(2000), Document: document,
		Held: []ledger.HeldLog{{Agent: agents[1], Entries: 3}, {Agent: agents[4], Frozen: true, Entries: 1}},
		Gone: []ledger.Agent{agents[2]}, Untraced: []protocol.EntryID{{0x78}},
		Cautions: []ledger.DistributionCaution{
			{Code: ledger.CautionLeftOut, Agent: agents[1], Entries: 2}, {Code: ledger.CautionOlderCharter, Version: 4},
			{Code: ledger.CautionIncomeAgain, Income: protocol.EntryID{6}}, {Code: ledger.CautionDatedAhead},
		},
	}
	d := n.ledger.previewed
	computed := made(&n.ledger.previewed.Computed)
	computed.Remainder, computed.Buckets = cents(2000), slices.Grow(computed.Buckets, 2)[:2]
	for i, name := range []string{"reserva", "trabajo"} {
		b := &computed.Buckets[i]
		b.Name, b.Amount, b.Payees, b.Events = name, cents(int64(2000+6000*i)), 3*i, 7*i
	}
	d.ID, d.State = protocol.EntryID{0x77}, ledger.DistributionProposed
	n.ledger.distributions = []ledger.Distribution{d}
	return n
}

// made puts a new value where a pointer is.
func made[T any](at **T) *T {
	*at = new(T)
	return *at
}

func cents(n int64) protocol.Amount { return protocol.Amount{N: n, Scale: 2} }

func TestADistributionIsPreviewed(t *testing.T) {
	n := sharing(t)
	r := n.do(call{method: "POST", path: "/v1/distributions/preview?lang=es", role: api.RoleMember, body: `{"amount":"100","currency":"USD"}`}).ok(t, 200)
	var d api.Distribution
	if err := json.Unmarshal([]byte(r.body), &d); err != nil {
		t.Fatal(err)
	}
	if d.Schema != "minga.distribution/1" || d.ID != "" || d.State != "preview" || d.Amount != "100.00" || d.Remainder != "20.00" || d.Version != 1 {
		t.Errorf("%s", r.body)
	}
	sum := new(big.Rat)
	for _, text := range append([]string{d.Remainder}, amounts(d)...) {
		part, _ := new(big.Rat).SetString(text)
		sum.Add(sum, part)
	}
	if sum.FloatString(2) != d.Amount || len(d.Lines) != 3 || d.Lines[1].Agent.Name != "Ana" || d.Lines[1].Bucket != "trabajo" {
		t.Errorf("the sum is %s: %s", sum.FloatString(2), r.body)
	}
	if len(d.Buckets) != 2 || d.Buckets[0].Payees != 1 || d.Buckets[0].Amount != "20.00" || d.Buckets[1].Events != 7 || d.Buckets[1].Spent != "60.00" || d.Buckets[1].Payees != 2 || d.Buckets[1].Sentence == "" || len(d.Buckets[1].Rules) != 1 {
		t.Errorf("%+v", d.Buckets)
	}
	warned := ""
	for _, w := range d.Warnings {
		warned += w.Code + ": " + w.Text + "\n"
	}
	for _, want := range []string{
		"log-held: Ana tiene 3 entradas más nuevas", "log-frozen: El registro de José está congelado", "payee-removed: Rosa ya no está en el común",
		"income-untraced: No se sabe nada de aquello por lo que se pagó el ingreso bafy",
		"log-left-out: Ana tiene 2 entradas asentadas de antes", "older-charter: Se reparte por la versión 1 del estatuto; la más nueva es la versión 4",
		"income-again: El ingreso ", "dated-ahead: Tiene una fecha por delante",
	} {
		if !strings.Contains(warned, want) {
			t.Errorf("%q is missing: %s", want, warned)
		}
	}
	if q := n.ledger.request; q.Version != -1 || q.Amount != cents(10000) || q.Document != nil {
		t.Errorf("%+v", q)
	}
}

func amounts(d api.Distribution) (all []string) {
	for _, l := range d.Lines {
		all = append(all, l.Amount)
	}
	return all
}

// Other factors of streams are a charter of their own, in which the others stay as
// they are; the version that they come from stays untouched.
func TestOtherRatesAreTriedOut(t *testing.T) {
	n := sharing(t)
	n.do(call{method: "POST", path: "/v1/distributions/preview", role: api.RoleMember,
		body: `{"amount":"100.00","currency":"USD","rates":{"care":"1.5","livelihood":"0"}}`}).ok(t, 200)
	streams := n.ledger.request.Document["streams"].(map[string]protocol.Value)
	if streams["care"] != "1.5" || streams["livelihood"] != "0" || streams["love"] != "1" || len(streams) != 3 {
		t.Errorf("%v", streams)
	}
	if old := n.ledger.history[0].Doc["streams"].(map[string]protocol.Value); old["care"] != "1.2" {
		t.Errorf("%v", old)
	}
}

func TestWhatCannotBePreviewed(t *testing.T) {
	n := sharing(t)
	for body, want := range map[string][]string{
		`{"amount":"0","currency":"USD"}`:                                                                          {"422", "bad-body", "/amount not-positive"},
		`{"amount":"1.005","currency":"USD"}`:                                                                      {"422", "bad-body", "/amount too-many-places"},
		`{"amount":"1","currency":"EUR"}`:                                                                          {"422", "bad-body", "/currency unknown-currency"},
		`{"amount":"1","currency":"USD","rates":{"hate":"1"}}`:                                                     {"422", "bad-body", "/rates/hate unknown-choice"},
		`{"amount":"1","currency":"USD","rates":{"care":"-1"}}`:                                                    {"422", "bad-body", "/rates/care negative"},
		`{"amount":"1","currency":"USD","rates":{"care":"much"}}`:                                                  {"422", "bad-body", "/rates/care bad-number"},
		`{"amount":"1","currency":"USD","version":3}`:                                                              {"404", "not-found", "/version unknown-record"},
		`{"amount":"1","currency":"USD","version":1,"document":{"name":"Huerta"}}`:                                 {"422", "bad-body", "/version exclusive"},
		`{"amount":"1","currency":"USD","incomes":["bafyreinothing"]}`:                                             {"404", "not-found", "/incomes/0 unknown-entry"},
		`{"amount":"1","currency":"USD","why":["Beto"]}`:                                                           {"404", "not-found", "/why/0 unknown-agent"},
		`{"amount":"1","currency":"USD","why":["Rosa"]}`:                                                           {"409", "ambiguous"},
		`{"amount":"1","currency":"USD","document":{"name":"H","bucket":[{"name":"a","percent":"120","to":"H"}]}}`: {"422", "bad-body", "/document/bucket/0/percent bad-charter"},
		`{"amount":"1","currency":"USD","document":{"name":"H","bucket":[{"name":"a","percent":"60","to":"H"},{"name":"b","percent":"60"}]}}`: {
			"422", "bad-body", "/document/bucket/1/percent bad-charter", "/document/bucket/1 bad-charter"},
	} {
		r := n.do(call{method: "POST", path: "/v1/distributions/preview", role: api.RoleMember, body: body})
		p := r.problem(t)
		got := []string{itoa(p.Status), string(p.Code)}
		for _, item := range p.Errors {
			got = append(got, item.Pointer+" "+string(item.Code))
		}
		for _, part := range want {
			if !strings.Contains(strings.Join(got, "\n"), part) {
				t.Errorf("%s: %q, not %q", body, got, part)
			}
		}
	}
	n.ledger.shareErr = &ledger.OverdraftError{Currency: "USD", Amount: total(t, "100"), Available: total(t, "12.5")}
	p := n.do(call{method: "POST", path: "/v1/distributions", role: api.RoleOwner, body: `{"amount":"100","currency":"USD"}`}).want(t, 422, api.CodeOverdraft)
	if p.Available != "12.50" || p.Amount != "100.00" {
		t.Errorf("%+v", p)
	}
}

func itoa(n int) string { b, _ := json.Marshal(n); return string(b) }

func TestADistributionIsProposedAndSigned(t *testing.T) {
	n := sharing(t)
	d := n.ledger.distributions[0]
	r := n.do(call{method: "POST", path: "/v1/distributions", role: api.RoleOwner, body: `{"amount":"100","currency":"USD","version":1}`}).ok(t, 201)
	if !strings.HasSuffix(r.header.Get("Location"), "/v1/distributions/"+d.ID.String()) || n.ledger.request.Version != 1 {
		t.Errorf("%v %+v", r.header, n.ledger.request)
	}
	prefix := d.ID.String()[:14]
	r = n.do(call{method: "POST", path: "/v1/distributions/" + prefix + "/approvals", role: api.RoleOwner, body: `{}`}).ok(t, 201)
	if !strings.Contains(r.body, `"state":"settled"`) || n.ledger.judged[0] != d.ID {
		t.Errorf("%s", r.body)
	}
	r = n.do(call{method: "POST", path: "/v1/distributions/" + prefix + "/rejections", role: api.RoleOwner, body: `{}`}).ok(t, 201)
	if !strings.Contains(r.body, `"state":"refused"`) {
		t.Errorf("%s", r.body)
	}
	n.do(call{method: "POST", path: "/v1/distributions/" + prefix + "/approvals", role: api.RolePublicRead, body: `{}`}).want(t, 403, api.CodeForbidden)
	n.do(call{path: "/v1/distributions/" + prefix, role: api.RoleMember}).ok(t, 200)
	n.do(call{path: "/v1/distributions?limit=1", role: api.RoleMember}).ok(t, 200)
	n.do(call{path: "/v1/distributions/bafyreinothing", role: api.RoleMember}).want(t, 404, api.CodeNotFound)
	n.do(call{path: "/v1/distributions/" + protocol.EntryID{1}.String(), role: api.RoleMember}).want(t, 404, api.CodeNotFound)
	n.do(call{path: "/v1/distributions/bafy", role: api.RoleMember}).want(t, 422, api.CodeBadParameter)
	other := d
	other.ID[31]++
	n.ledger.distributions = append(n.ledger.distributions, other)
	p := n.do(call{path: "/v1/distributions/" + prefix, role: api.RoleMember}).want(t, 409, api.CodeAmbiguous)
	if len(p.Candidates) != 2 {
		t.Errorf("%+v", p)
	}
}

func TestADistributionIsVerified(t *testing.T) {
	n := sharing(t)
	d := n.ledger.distributions[0]
	n.ledger.check = ledger.DistributionCheck{Distribution: d}
	path := "/v1/distributions/" + d.ID.String() + "/verification"
	r := n.do(call{path: path, role: api.RoleMember}).ok(t, 200)
	if !strings.Contains(r.body, `"ok":true`) || !strings.Contains(r.body, "It is right: 100.00 USD in 3 lines") {
		t.Errorf("%s", r.body)
	}
	n.ledger.check.Differences = []ledger.DistributionDifference{
		{Agent: n.ledger.agents[1], Bucket: "trabajo", Stated: cents(5000), Computed: cents(4999)}, {Stated: cents(2000), Computed: cents(2001)},
	}
	r = n.do(call{path: path + "?lang=es", role: api.RoleMember}).ok(t, 200)
	if !strings.Contains(r.body, `"stated":"50.00","computed":"49.99"`) || !strings.Contains(r.body, "2 líneas dicen otra cosa") ||
		!strings.Contains(r.body, `{"stated":"20.00","computed":"20.01"}`) || !strings.Contains(r.body, `"ok":false`) {
		t.Errorf("%s", r.body)
	}
	n.ledger.check = ledger.DistributionCheck{Distribution: d, Missing: d.Cut}
	r = n.do(call{path: path, role: api.RoleMember}).ok(t, 200)
	if !strings.Contains(r.body, `"ok":false,"computed":false`) || !strings.Contains(r.body, `"seq":9`) {
		t.Errorf("%s", r.body)
	}
}

// leaves sums the parts of a figure that have no parts of their own, and checks
// that the parts of each part sum to it.
func leaves(t *testing.T, p api.WhyPart) *big.Rat {
	t.Helper()
	own, ok := new(big.Rat).SetString(p.Amount)
	if !ok {
		t.Fatalf("%+v", p)
	}
	if len(p.Parts) == 0 {
		return own
	}
	sum := new(big.Rat)
	for _, part := range p.Parts {
		sum.Add(sum, leaves(t, part))
	}
	if sum.Cmp(own) != 0 {
		t.Errorf("%s %s: its leaves sum to %s", p.Kind, p.Amount, sum.FloatString(4))
	}
	return sum
}

func TestWhyAnAgentIsPaid(t *testing.T) {
	n := sharing(t)
	ctx := t.Context()
	w, err := n.ledger.Submit(ctx, ledger.Draft{Commons: n.ledger.id(), Body: &protocol.Event{
		Action: "work", Provider: n.ledger.agents[1].ID, Receiver: n.ledger.agents[0].ID, ResourceConformsTo: "Huerta",
		EffortQuantity: &protocol.Quantity{N: 5, Unit: "hour"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	event, err := n.ledger.Event(ctx, w.Entry.ID())
	if err != nil {
		t.Fatal(err)
	}
	reason := ledger.DistributionReason{
		Agent: n.ledger.agents[1], Bucket: "trabajo", Claim: big.NewRat(100, 3), Claims: big.NewRat(40, 1),
	}
	for i := range int64(250) {
		c := ledger.DistributionClaim{Body: event, Provider: n.ledger.agents[1]}
		c.Event, c.Bucket, c.Amount = event.ID, "trabajo", cents(i-10)
		c.Quantity, c.Fraction, c.Value, c.Claim.Claim = big.NewRat(5, 1), big.NewRat(1, 3), big.NewRat(50, 3), big.NewRat(50, 3)
		reason.Amount.N += i - 10
		reason.Events = append(reason.Events, c)
	}
	reason.Amount.Scale = 2
	// Only what was said up to the cut is a reason.
	voice := ledger.Confirmation{Author: protocol.LogID{EntryID: protocol.EntryID{4}}.Agent(), Seq: 9, Verdict: protocol.VerdictConfirm, State: ledger.Settled}
	late := voice
	late.Seq, late.Verdict = 10, protocol.VerdictDispute
	n.ledger.confirms = []ledger.Confirmation{late, voice}
	n.ledger.reasons = []ledger.DistributionReason{reason, {Agent: n.ledger.agents[1], Bucket: "reserva", Amount: cents(7)}}
	path := "/v1/distributions/" + n.ledger.distributions[0].ID.String() + "/why?agent=Ana"
	for _, c := range []struct {
		query string
		rows  int
	}{{"", 101}, {"&limit=1", 2}, {"&limit=250", 250}, {"&limit=1000&lang=es", 250}} {
		r := n.do(call{path: path + c.query, role: api.RoleMember}).ok(t, 200)
		var why api.Why
		if err := json.Unmarshal([]byte(r.body), &why); err != nil {
			t.Fatal(err)
		}
		sum := new(big.Rat)
		for _, part := range why.Parts {
			sum.Add(sum, leaves(t, part))
		}
		if sum.FloatString(2) != why.Amount || why.Amount != "286.32" {
			t.Errorf("the leaves sum to %s of %s", sum.FloatString(2), why.Amount)
		}
		rule := why.Parts[0].Parts[0]
		if len(rule.Parts) != c.rows || rule.Rule == nil || rule.Text == "" || rule.Count != 250 {
			t.Errorf("%s: %d rows of %d", c.query, len(rule.Parts), rule.Count)
		}
		if first := rule.Parts[0]; first.Kind != "event" || first.Amount != "2.39" || first.ID != event.ID.String() ||
			first.Text != "work 5 hour Huerta" || first.Claim != "16.666666667" {
			t.Errorf("%+v", first)
		} else if len(first.Confirmations) != 1 || first.Confirmations[0].Verdict != "confirm" {
			t.Errorf("%+v, want what was said up to the cut", first.Confirmations)
		}
		if last := rule.Parts[len(rule.Parts)-1]; c.rows < 250 && (last.Kind != "rest" || last.Count != int64(250-c.rows+1)) {
			t.Errorf("%+v", last)
		}
	}
	n.do(call{path: "/v1/distributions/" + n.ledger.distributions[0].ID.String() + "/why", role: api.RoleMember}).want(t, 422, api.CodeBadParameter)
	r := n.do(call{method: "POST", path: "/v1/distributions/preview", role: api.RoleMember, body: `{"amount":"100","currency":"USD","why":["Ana"],"limit":3}`}).ok(t, 200)
	if !strings.Contains(r.body, `"why":[{"schema":"minga.why/1"`) {
		t.Errorf("%s", r.body)
	}
}

func TestWhyABalance(t *testing.T) {
	n := sharing(t)
	event := ledger.Event{ID: protocol.EntryID{3}, State: ledger.Settled, Confirmed: true, Body: &protocol.Event{
		Action: "work", EffortQuantity: &protocol.Quantity{N: 15, Scale: 1, Unit: "hour"},
	}}
	n.ledger.behind = []ledger.ContributionReason{{
		Contribution: ledger.Contribution{Action: "work", Resource: "Huerta", Unit: "hour", Quantity: total(t, "5.5"), Events: 3},
		Listed:       []ledger.ContributionEvent{{Event: event, Quantity: total(t, "1.5")}},
	}}
	n.ledger.sheet = ledger.Sheet{Agent: n.ledger.agents[1], Accounts: []ledger.AccountLine{
		{Currency: "USD", Scale: 2, Settled: total(t, "60"), Pending: total(t, "-2.5")},
	}}
	body := &protocol.Distribution{Parts: 1, Currency: "USD"}
	given := n.ledger.distributions[0].ID
	n.ledger.movements = []ledger.Movement{
		{Event: ledger.Event{ID: given, Entry: protocol.Entry{Body: body}}, Amount: total(t, "60"), Other: n.ledger.agents[0]},
		{Event: ledger.Event{ID: protocol.EntryID{9}}, Amount: total(t, "-2.5"), Other: n.ledger.agents[2]},
	}
	n.ledger.reasons = []ledger.DistributionReason{{Agent: n.ledger.agents[1], Bucket: "trabajo", Amount: cents(6000)}}
	for _, path := range []string{"/v1/balances/Ana/why", "/v1/balances/Ana?why=true", "/v1/balances?agent=Ana&why=true"} {
		r := n.do(call{path: path, role: api.RoleMember}).ok(t, 200)
		var whole struct {
			api.Why
			Inner *api.Why `json:"why"`
		}
		if err := json.Unmarshal([]byte(r.body), &whole); err != nil {
			t.Fatal(err)
		}
		why := whole.Why
		if whole.Inner != nil {
			why = *whole.Inner
		}
		if len(why.Parts) != 2 || leaves(t, why.Parts[0]).Cmp(rules.TotalOf(protocol.Amount{N: 55, Scale: 1}).Rat()) != 0 {
			t.Fatalf("%s: %s", path, r.body)
		}
		if rest := why.Parts[0].Parts[1]; rest.Kind != "rest" || rest.Count != 2 || rest.Amount != "4" {
			t.Errorf("%+v", rest)
		}
		account := why.Parts[1]
		if leaves(t, account).FloatString(2) != "57.50" || account.Parts[0].Kind != "distribution" || account.Parts[0].Parts[0].Bucket != "trabajo" {
			t.Errorf("%+v", account)
		}
	}
}
