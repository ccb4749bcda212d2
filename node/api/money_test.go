package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

// startMoney is a node whose commons has two currencies, and the shared account
// Cooperativa.
func startMoney(t *testing.T) *node {
	t.Helper()
	n := start(t, nil)
	n.ledger.currencies = []ledger.Payable{
		{Name: "USD", Kind: rules.Issued, Scale: 2}, {Name: "hora", Kind: rules.Mutual, Scale: 2, Limit: total(t, "50")},
	}
	n.ledger.agents = append(n.ledger.agents,
		ledger.Agent{ID: protocol.AgentID{EntryID: protocol.EntryID{20}}, Name: "Cooperativa", Type: protocol.Organization, HasLog: true},
		ledger.Agent{ID: protocol.AgentID{EntryID: protocol.EntryID{21}}, Name: "Luis", Type: protocol.Person, HasLog: true},
		ledger.Agent{ID: protocol.AgentID{EntryID: protocol.EntryID{22}}, Name: "Luis", Type: protocol.Person},
	)
	return n
}

func (n *node) post(path, body string) reply {
	n.t.Helper()
	return n.do(call{method: "POST", path: path, body: body, role: api.RoleMember})
}

func (n *node) get(path string) reply {
	n.t.Helper()
	return n.do(call{path: path, role: api.RoleMember})
}

// has checks that an answer holds every one of the texts.
func (r reply) has(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(r.body, text) {
			t.Errorf("%s lacks %s", r.body, text)
		}
	}
}

func TestPayments(t *testing.T) {
	n := startMoney(t)
	r := n.post("/v1/transfers", `{"amount":"12.5","currency":"hora","to":"José","note":"pan"}`).ok(t, 201)
	r.has(t, `"schema":"minga.written/1"`, `"id":"bafyrei`, `"state":"settled"`, `"heldBy":1`)
	n.get(r.header.Get("Location")).ok(t, 200)
	b := n.ledger.drafts[0].Body.(*protocol.Event)
	if b.Action != "transfer" || b.Currency != "hora" || b.Provider != n.ledger.agents[1].ID || b.Receiver != n.ledger.agents[4].ID {
		t.Errorf("%+v", b)
	}
	if *b.ResourceQuantity != (protocol.Quantity{N: 1250, Scale: 2, Unit: "one"}) {
		t.Errorf("%+v", *b.ResourceQuantity)
	}
	n.get("/v1/transfers?currency=hora").ok(t, 200).has(t, `"schema":"minga.transfers/1"`,
		`"amount":"12.50","currency":"hora","note":"pan"`, `"from":{"id"`, `"to":{"id":"`+n.ledger.agents[4].ID.String()+`","name":"José"}`)
	n.get("/v1/transfers?agent=José").ok(t, 200)
	if want := (ledger.EventFilter{Agent: n.ledger.agents[4].ID, Currency: "*"}); n.ledger.events != want {
		t.Errorf("%+v", n.ledger.events)
	}
	n.get("/v1/transfers?agent=Nadie").want(t, 404, api.CodeNotFound)
	n.post("/v1/transfers?dryRun=true", `{"amount":"1","currency":"hora","to":"José"}`).ok(t, 200).has(t, `"dryRun":true`, `"hasNumericalValue":"1.00"`)
	if len(n.ledger.drafts) != 1 {
		t.Errorf("%d drafts", len(n.ledger.drafts))
	}
}

// What is wrong with a payment is said before anything is written.
func TestPaymentsThatAreNone(t *testing.T) {
	n := startMoney(t)
	table := []struct {
		body   string
		status int
		code   api.Code
		want   []fault
	}{
		{`{}`, 422, api.CodeBadBody, []fault{{"/currency", api.CodeMissing}, {"/amount", api.CodeMissing}, {"/to", api.CodeMissing}}},
		{`{"amount":"0","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeNotPositive}}},
		{`{"amount":"0.00","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeNotPositive}}},
		{`{"amount":"-3","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeNotPositive}}},
		{`{"amount":"1.005","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodePlaces}}},
		{`{"amount":"1.5001","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodePlaces}}},
		{`{"amount":"1e3","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeBadNumber}}},
		{`{"amount":"NaN","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeBadNumber}}},
		{`{"amount":"Inf","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeBadNumber}}},
		{`{"amount":"1,5","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeBadNumber}}},
		{`{"amount":"0x10","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeBadNumber}}},
		{`{"amount":"+1","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeBadNumber}}},
		{`{"amount":"1000000000000001","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeBadNumber}}},
		{`{"amount":"100000000000000","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeBadNumber}}},
		{`{"amount":"99999999999999999999999999","currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeBadNumber}}},
		{`{"amount":12.5,"currency":"hora","to":"José"}`, 422, api.CodeBadBody, []fault{{"/amount", api.CodeWrongType}}},
		{`{"amount":"1","currency":"sol","to":"José"}`, 422, api.CodeBadBody, []fault{{"/currency", api.CodeNoCurrency}}},
		{`{"amount":"1","currency":"HORA","to":"José"}`, 422, api.CodeBadBody, []fault{{"/currency", api.CodeNoCurrency}}},
		{`{"amount":"1","currency":"hora","to":"Ana"}`, 422, api.CodeBadBody, []fault{{"/to", api.CodeSelfPayment}}},
		{`{"amount":"1","currency":"hora","to":"Nadie"}`, 404, api.CodeNotFound, []fault{{"/to", api.CodeUnknownAgent}}},
		{`{"amount":"1","currency":"hora","to":"Rosa"}`, 409, api.CodeAmbiguous, []fault{{"/to", api.CodeAmbiguousName}}},
		{`{"amount":"1","currency":"hora","to":"José","from":"José"}`, 422, api.CodeBadBody, []fault{{"/from", api.CodeNoLog}}},
		{`{"amount":"1","currency":"hora","to":"Cooperativa","from":"Cooperativa"}`, 422, api.CodeBadBody, []fault{{"/to", api.CodeSelfPayment}}},
		{`{"amount":"1","currency":"hora","to":"José","claims":[]}`, 422, api.CodeBadBody, []fault{{"/claims", api.CodeUnknownField}}},
		{`{"back":"bafyreinothing"}`, 404, api.CodeNotFound, []fault{{"/back", api.CodeUnknownEntry}}},
		{`{"back":"` + n.ledger.id().String() + `"}`, 404, api.CodeNotFound, []fault{{"/back", api.CodeUnknownEntry}}},
		{`{"back":"bafyreinothing","amount":"1","to":"José"}`, 404, api.CodeNotFound, []fault{{"/amount", api.CodeExclusive}, {"/to", api.CodeExclusive}, {"/back", api.CodeUnknownEntry}}},
	}
	for _, row := range table {
		for _, lang := range []string{"en", "es"} {
			p := n.post("/v1/transfers?lang="+lang, row.body).want(t, row.status, row.code)
			if d := cmp.Diff(row.want, faults(p), cmp.AllowUnexported(fault{})); d != "" {
				t.Errorf("%s: %s", row.body, d)
			}
		}
	}
	n.post("/v1/transfers", `{"amount":"1","currency":"sol","to":"José"}`).has(t, `no currency \"sol\"; it has: USD, hora.`)
	n.post("/v1/transfers?lang=es", `{"amount":"1.005","currency":"hora","to":"José"}`).has(t, `más decimales que hora, que tiene 2`)
	n.ledger.currencies = nil
	n.post("/v1/transfers?lang=es", `{"amount":"1","currency":"sol","to":"José"}`).has(t, `tiene: ninguna.`)
	if len(n.ledger.drafts) != 0 {
		t.Errorf("written: %v", n.ledger.drafts)
	}
}

// An overdraft comes with its figures, for people and for programs.
func TestOverdraft(t *testing.T) {
	n := startMoney(t)
	n.ledger.err = fmt.Errorf("submit: %w", &ledger.OverdraftError{
		Currency: "hora", Amount: total(t, "12.5"), Available: total(t, "4"), Limit: total(t, "50"),
	})
	for _, path := range []string{"/v1/transfers", "/v1/transfers?lang=es"} {
		r := n.post(path, `{"amount":"12.5","currency":"hora","to":"José"}`)
		p := r.want(t, 422, api.CodeOverdraft)
		if p.Amount != "12.50" || p.Available != "4.00" || p.Limit != "50.00" || p.Currency != "hora" {
			t.Errorf("%+v", p)
		}
		r.has(t, "12.50 hora", "4.00", "50.00")
	}
}

func TestPaymentsFromOtherAccounts(t *testing.T) {
	n := startMoney(t)
	coop := protocol.LogID{EntryID: protocol.EntryID{20}}
	const pay = `{"amount":"3","currency":"hora","to":"José","from":`
	// One signature is enough.
	n.post("/v1/transfers", pay+`"Huerta Norte"}`).ok(t, 201).has(t, `"state":"settled"`)
	n.post("/v1/transfers", pay+`"Ana"}`).ok(t, 201)
	n.ledger.signatures = 2
	r := n.post("/v1/transfers", pay+`"Cooperativa"}`).ok(t, 201)
	r.has(t, `"schema":"minga.written/1","id":"`+n.ledger.proposals[0].ID.String()+`","state":"pending"`,
		`"proposal":{"schema":"minga.proposal/1"`, `"needs":2`, `"approvals":[{`, `"rejections":[]`,
		`"summary":"pay 3.00 hora from Cooperativa to José"`, `"kind":"event"`, `"currency":"hora"`)
	n.get(r.header.Get("Location")+"?lang=es").ok(t, 200).has(t, `"summary":"pagar 3.00 hora de Cooperativa a José"`)
	if want := []protocol.LogID{n.ledger.id().Charter(), coop}; !cmp.Equal(want, n.ledger.into) {
		t.Errorf("written into %v", n.ledger.into)
	}
	n.post("/v1/transfers?dryRun=true", pay+`"Cooperativa"}`).ok(t, 200).has(t, `"dryRun":true`)
	if len(n.ledger.drafts) != 3 {
		t.Errorf("%d drafts", len(n.ledger.drafts))
	}
}

func TestRefusingAPayment(t *testing.T) {
	n := startMoney(t)
	coop := n.ledger.agents[5].ID
	ctx := t.Context()
	paid, err := n.ledger.Submit(ctx, ledger.Draft{Commons: n.ledger.id(), Body: &protocol.Event{
		Action: "transfer", Provider: coop, Receiver: n.ledger.agents[1].ID, Currency: "hora",
		ResourceQuantity: &protocol.Quantity{N: 1250, Scale: 2, Unit: "one"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	id := paid.Entry.ID()
	n.post("/v1/transfers", `{"back":"`+id.String()+`","note":"not mine"}`).ok(t, 201)
	b := n.ledger.drafts[1].Body.(*protocol.Event)
	if b.Provider != n.ledger.agents[1].ID || b.Receiver != coop || b.Currency != "hora" || b.TriggeredBy != id || b.ResourceQuantity.N != 1250 {
		t.Errorf("%+v", b)
	}
	n.get("/v1/transfers").ok(t, 200).has(t, `"back":"`+id.String()+`"`)
	n.post("/v1/transfers", `{"back":"`+id.String()+`","from":"Cooperativa"}`).want(t, 422, api.CodeBadBody)
	work := n.post("/v1/events", hour).ok(t, 201)
	n.post("/v1/transfers", `{"back":"`+strings.TrimPrefix(work.header.Get("Location"), "/v1/events/")+`"}`).want(t, 422, api.CodeBadBody)
}

func TestIncomes(t *testing.T) {
	n := startMoney(t)
	n.post("/v1/incomes", `{"amount":"100","currency":"USD","from":"José","for":"Papa"}`).ok(t, 201)
	b := n.ledger.drafts[0].Body.(*protocol.Event)
	if b.Provider != n.ledger.agents[4].ID || b.Receiver.EntryID != n.ledger.id().EntryID || b.ResourceConformsTo != "Papa" || b.ResourceQuantity.N != 10000 {
		t.Errorf("%+v", b)
	}
	if n.ledger.into[0] != n.ledger.id().Charter() {
		t.Errorf("into %v", n.ledger.into)
	}
	n.post("/v1/incomes", `{"amount":"100","currency":"USD","from":"José","for":"`+n.ledger.id().String()+`"}`).ok(t, 201)
	if b := n.ledger.drafts[1].Body.(*protocol.Event); b.ResourceInventoriedAs != n.ledger.id().EntryID || b.ResourceConformsTo != "" {
		t.Errorf("%+v", b)
	}
	n.post("/v1/incomes", `{"amount":"100","currency":"USD"}`).want(t, 422, api.CodeBadBody)
	n.post("/v1/incomes", `{"amount":"100","currency":"USD","from":"Nadie"}`).want(t, 404, api.CodeNotFound)
	n.post("/v1/incomes", `{"amount":"100","currency":"USD","from":"Huerta Norte"}`).want(t, 422, api.CodeBadBody)
	n.ledger.err = &ledger.VoidError{Reason: "not-a-steward"}
	n.post("/v1/incomes", `{"amount":"100","currency":"USD","from":"José"}`).want(t, 403, api.CodeNotSteward)
}

func TestBalancesHaveAccounts(t *testing.T) {
	n := startMoney(t)
	n.get("/v1/balances").ok(t, 200).has(t, `"accounts":[]`)
	n.ledger.sheet.Accounts = []ledger.AccountLine{{
		Currency: "hora", Scale: 2, Settled: total(t, "-12.5"), Pending: total(t, "3"), Available: total(t, "37.5"), Limit: total(t, "50"),
	}, {Currency: "piedra", Available: total(t, "7")}}
	n.get("/v1/balances").ok(t, 200).has(t,
		`{"currency":"hora","settled":"-12.50","pending":"3.00","available":"37.50","limit":"50.00"}`,
		`{"currency":"piedra","settled":"0","pending":"0","available":"7","limit":"0"}`)
}

func TestStatements(t *testing.T) {
	n := startMoney(t)
	at := func(state ledger.State, body *protocol.Event) ledger.Event {
		return ledger.Event{ID: n.ledger.id().EntryID, Entry: n.ledger.entries[0], State: state, Body: body}
	}
	n.ledger.movements = []ledger.Movement{
		{Event: at(ledger.Settled, &protocol.Event{Note: protocol.PlainText("pan")}), Other: n.ledger.agents[4], Amount: total(t, "-2"), Settled: total(t, "-2"), Balance: total(t, "-2")},
		{Event: at(ledger.Pending, nil), Amount: total(t, "5.5"), Settled: total(t, "-2"), Balance: total(t, "3.5")},
		{
			Event: at(ledger.Pending, nil), Amount: total(t, "3"), Settled: total(t, "-2"), Balance: total(t, "6.5"), Distribution: true,
			Buckets: []ledger.Portion{{Bucket: "trabajo", Amount: total(t, "2.5")}, {Bucket: "cuidado", Amount: total(t, "0.5")}},
		},
	}
	given := `"distribution":true,"buckets":[{"bucket":"trabajo","amount":"2.50"},{"bucket":"cuidado","amount":"0.50"}]`
	n.get("/v1/statements?currency=hora&lang=es").ok(t, 200).has(t, `"note":"reparto: trabajo 2.50, cuidado 0.50",`+given)
	n.get("/v1/statements?currency=hora&lang=en").ok(t, 200).has(t, `"note":"distribution: trabajo 2.50, cuidado 0.50",`+given)
	r := n.get("/v1/statements?currency=hora").ok(t, 200)
	r.has(t, `"schema":"minga.statement/1"`, `"agent":{"id":"`+n.ledger.agents[1].ID.String()+`","name":"Ana"}`,
		`"name":"José"},"amount":"-2.00","state":"settled","settled":"-2.00","pending":"0.00","balance":"-2.00","note":"pan"}`,
		`"currency":"hora","amount":"5.50","state":"pending","settled":"-2.00","pending":"5.50","balance":"3.50"}`)
	r = n.get("/v1/statements?currency=hora&agent=José&limit=1").ok(t, 200)
	r.has(t, `"next":"more"`)
	if !strings.Contains(r.header.Get("Link"), "cursor=more") {
		t.Errorf("Link: %s", r.header.Get("Link"))
	}
	p := n.get("/v1/statements").want(t, 422, api.CodeBadParameter)
	if d := cmp.Diff([]fault{{"currency", api.CodeNoCurrency}}, faults(p), cmp.AllowUnexported(fault{})); d != "" {
		t.Error(d)
	}
	n.get("/v1/statements?currency=sol").want(t, 422, api.CodeBadParameter)
	n.get("/v1/statements?currency=hora&agent=Nadie").want(t, 404, api.CodeNotFound)
	// What the charter no longer has can still be looked at.
	n.ledger.sheet.Accounts = []ledger.AccountLine{{Currency: "sol", Scale: 1}}
	n.get("/v1/statements?currency=sol").ok(t, 200).has(t, `"amount":"-2.0"`)
	n.ledger.currencies = n.ledger.currencies[1:]
	n.get("/v1/statements").ok(t, 200)
	if n.ledger.asked != "hora" {
		t.Errorf("asked for %q", n.ledger.asked)
	}
}

func TestPaymentsAreRepeatable(t *testing.T) {
	n := startMoney(t)
	c, ctx := n.client(api.RoleMember), t.Context()
	n.post("/v1/transfers?dryRun=true", `{"amount":"001.5000","currency":"hora","to":"José"}`).ok(t, 200).has(t, `"hasNumericalValue":"1.50"`)
	for _, from := range []string{"", "Huerta Norte"} {
		d, w := api.TransferDraft{Amount: "1", Currency: "hora", To: "José", From: from}, client.Write{Key: "k" + from}
		first, err := c.Transfer(ctx, d, w)
		if err != nil {
			t.Fatal(err)
		}
		again, err := c.Transfer(ctx, d, w)
		if err != nil || again.ID != first.ID || !again.Repeated {
			t.Errorf("%+v %v", again, err)
		}
	}
	list, err := c.Transfers(ctx, client.TransferQuery{Currency: "hora"})
	if err != nil || len(list.Transfers) != 2 {
		t.Errorf("%+v %v", list, err)
	}
}
