package api_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/protocol"
)

func TestProposals(t *testing.T) {
	n := startMoney(t)
	n.ledger.signatures = 2
	n.post("/v1/charters", `{"doc":{"name":"Huerta"}}`).ok(t, 201)
	p := n.ledger.proposals[0]
	at := "/v1/proposals/" + p.ID.String()
	n.get("/v1/proposals").ok(t, 200).has(t, `"schema":"minga.proposals/1"`, `"state":"open"`, `"kind":"charter"`,
		`"summary":"a new version of the charter, signed by the keys of Ana"`, `"log":{"id":"`+n.ledger.id().String()+`","name":"Huerta Norte"}`)
	n.get(at[:len(at)-5]).ok(t, 200).has(t, `"schema":"minga.proposal/1"`, `"body":{"doc":{"name":"Huerta"}`)
	n.get("/v1/proposals/bafyreinothing").want(t, 404, api.CodeNotFound)
	n.get("/v1/proposals/ba").want(t, 422, api.CodeBadParameter)
	n.post(at+"/approvals", `{}`).ok(t, 201).has(t, `"schema":"minga.written/1","id":"bafy`, `"state":"settled"`,
		`"proposal":{"schema":"minga.proposal/1"`, `"state":"done"`, `"name":"José"}],"rejections":[]`)
	n.post(at+"/rejections", `{}`).ok(t, 201).has(t, `"state":"refused"`)
	n.post(at+"/approvals", `{"signature":"00"}`).want(t, 422, api.CodeBadBody)
	n.post("/v1/proposals/bafyreinothing/approvals", `{}`).want(t, 404, api.CodeNotFound)
	n.do(call{method: "POST", path: at + "/approvals", body: "{}", role: api.RoleResearcher}).want(t, 403, api.CodeForbidden)
	n.do(call{method: "POST", path: at + "/approvals", body: "{}", role: api.RoleMember,
		header: map[string]string{"Idempotency-Key": "a"}}).want(t, 422, api.CodeNoIdempotency)
	n.ledger.err = ledger.ErrNotSteward
	n.post(at+"/approvals", `{}`).want(t, 403, api.CodeNotSteward)
	n.ledger.err = ledger.ErrExists
	n.post(at+"/rejections", `{}`).want(t, 409, api.CodeExists)
}

// A sentence says what each kind of entry would do.
func TestSummaries(t *testing.T) {
	n := startMoney(t)
	me, coop := n.ledger.commons[0].Me, protocol.LogID{EntryID: protocol.EntryID{20}}
	record := n.ledger.agents[4].ID.EntryID
	keys := make([]protocol.PublicKey, 2)
	for i := range keys {
		var err error
		if keys[i], err = signerKey(i); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct {
		body   protocol.Body
		en, es string
	}{
		{&protocol.Witnesses{Members: []protocol.LogID{coop}, F: 0}, "witnesses: Cooperativa; up to 0 of them may lie", "testigos: Cooperativa; pueden mentir hasta 0 de ellos"},
		{&protocol.Admit{Log: coop}, "admit the log of Cooperativa", "admitir el registro de Cooperativa"},
		{&protocol.Remove{Log: coop, Seq: 7}, "remove Cooperativa; what it wrote up to entry 7 counts", "retirar a Cooperativa; cuenta lo que escribió hasta la entrada 7"},
		{&protocol.Remove{Grant: record}, "take back the invitation " + record.String(), "anular la invitación " + record.String()},
		{&protocol.Bind{Agent: record, Log: me}, "the record José is the member Ana", "la ficha José es el miembro Ana"},
		{&protocol.Keys{KeySet: protocol.KeySet{Keys: keys, Threshold: 2, Next: [32]byte{1}}}, "new keys: 2 of 2 sign", "llaves nuevas: firman 2 de 2"},
		{&protocol.Admit{Log: protocol.LogID{EntryID: protocol.EntryID{99}}}, "admit the log of bafyrei", "admitir el registro de bafyrei"},
	} {
		n.ledger.proposals = nil
		if _, err := n.ledger.propose(n.ledger.id().Charter(), row.body); err != nil {
			t.Fatal(err)
		}
		n.get("/v1/proposals").ok(t, 200).has(t, `"summary":"`+row.en)
		n.get("/v1/proposals?lang=es").ok(t, 200).has(t, `"summary":"`+row.es)
	}
}

func TestWitnesses(t *testing.T) {
	n := startMoney(t)
	ana, coop := n.ledger.agents[1], n.ledger.agents[5]
	n.ledger.witnesses = ledger.WitnessStatus{Current: ledger.WitnessSet{ID: n.ledger.id().EntryID, Seq: 2, Members: []ledger.Agent{ana}, Quorum: 1}}
	n.get("/v1/witnesses").ok(t, 200).has(t, `"schema":"minga.witnesses/1"`, `"current":{"id":"`, `"f":0,"quorum":1}`,
		`"missing":[]`, `"silent":[]`, `"notes":["Settled by one operator."]`)
	n.ledger.witnesses.Next = &ledger.WitnessSet{Members: []ledger.Agent{ana, coop}, Quorum: 2}
	n.ledger.witnesses.Missing = []ledger.Agent{coop}
	n.get("/v1/witnesses").ok(t, 200).has(t, "after this only the new witnesses can settle", "They have not confirmed that they serve: Cooperativa.")
	n.ledger.witnesses = ledger.WitnessStatus{
		Current: ledger.WitnessSet{Members: []ledger.Agent{ana, coop, ana, coop}, F: 0, Quorum: 3},
		Closing: true, Closed: 2, Needed: 3, Silent: []ledger.Agent{coop},
	}
	n.get("/v1/witnesses").ok(t, 200).has(t, "It survives crashes, and no liar.",
		"Witnesses are changing: payments continue, settlement pauses; closed 2 of 3 needed.", "Still missing: Cooperativa.")
	n.get("/v1/witnesses?lang=es").ok(t, 200).has(t, "Los testigos están cambiando: los pagos siguen, el asentamiento espera; han cerrado 2 de los 3 que hacen falta.")
	n.ledger.witnesses.Needed, n.ledger.witnesses.Current.F = 1, 1
	n.get("/v1/witnesses").ok(t, 200).has(t, "Until the founder's close is settled you trust the founder alone.", "up to 1 of the 4 lying")

	n.post("/v1/witnesses", `{"members":["Ana","Cooperativa"],"f":0}`).ok(t, 201).has(t, `"state":"settled"`)
	if len(n.ledger.members) != 2 || n.ledger.liars != 0 {
		t.Errorf("%v %d", n.ledger.members, n.ledger.liars)
	}
	for body, want := range map[string]fault{
		`{"members":["Ana","Cooperativa"],"f":1}`: {"/members", api.CodeWitnessCount},
		`{"members":[]}`:                    {"/members", api.CodeWitnessCount},
		`{"members":["Ana","Ana"]}`:         {"/members/1", api.CodeTwice},
		`{"members":["José"]}`:              {"/members/0", api.CodeNoLog},
		`{"members":["Ana"],"f":-1}`:        {"/f", api.CodeRange},
		`{"members":["Ana"],"liars":1}`:     {"/liars", api.CodeUnknownField},
		`{"members":["Ana","Luis"],"f":99}`: {"/f", api.CodeRange},
	} {
		p := n.post("/v1/witnesses", body).want(t, 422, api.CodeBadBody)
		if d := cmp.Diff([]fault{want}, faults(p), cmp.AllowUnexported(fault{})); d != "" {
			t.Errorf("%s: %s", body, d)
		}
	}
	// Of two with the name, only one can be a witness.
	n.post("/v1/witnesses", `{"members":["Ana","Luis"]}`).ok(t, 201)
	n.post("/v1/witnesses", `{"members":["Nadie"]}`).want(t, 404, api.CodeNotFound)
	n.ledger.err = &ledger.VoidError{Reason: "bad-witnesses"}
	n.post("/v1/witnesses", `{"members":["Ana"]}`).want(t, 422, api.CodeInvalid)
}

func TestCharters(t *testing.T) {
	n := startMoney(t)
	n.ledger.history = []ledger.CharterVersion{{
		Seq: 1, ID: n.ledger.id().EntryID, State: ledger.Settled, Signers: []ledger.Agent{n.ledger.agents[1]},
		Doc: map[string]protocol.Value{"name": "Huerta", "public_read": true, "stewards": map[string]protocol.Value{"threshold": int64(1)}},
	}}
	n.get("/v1/charters").ok(t, 200).has(t, `"schema":"minga.charters/1"`, `"schema":"minga.charter/1","seq":1`,
		`"doc":{"name":"Huerta","public_read":true,"stewards":{"threshold":1}}`, `"signers":[{"id":`)
	n.post("/v1/charters", `{"doc":{"name":"Huerta","currency":[{"name":"hora","kind":"mutual","scale":2,"limit":"50.00","exceptions":{"Luis":"9"}}],"public_read":false}}`).ok(t, 201)
	want := map[string]protocol.Value{
		"name": "Huerta", "public_read": false,
		"currency": []protocol.Value{map[string]protocol.Value{
			"name": "hora", "kind": "mutual", "scale": int64(2), "limit": "50.00", "exceptions": map[string]protocol.Value{"Luis": "9"},
		}},
	}
	if d := cmp.Diff(want, n.ledger.documents[0]); d != "" {
		t.Error(d)
	}
	for body, where := range map[string]fault{
		`{"doc":{"name":"Huerta","x":1}}`:                      {"/doc/x", api.CodeBadCharter},
		`{"doc":{"name":"Huerta","public_read":1.5}}`:          {"/doc/public_read", api.CodeBadCharter},
		`{"doc":{"name":"Huerta","public_read":null}}`:         {"/doc/public_read", api.CodeBadCharter},
		`{"doc":{"name":"Huerta","inviters":"x"}}`:             {"/doc/inviters", api.CodeBadCharter},
		`{"doc":{"name":"Huerta","currency":[{"scale":2e9}]}}`: {"/doc/currency/0", api.CodeBadCharter},
		`{"doc":{"x":1,"x":2}}`:                                {"/doc/x", api.CodeDuplicate},
		`{"doc":[]}`:                                           {"/doc", api.CodeWrongType},
		`{}`:                                                   {"/doc", api.CodeMissing},
		`{"doc":{},"rules":"x"}`:                               {"/rules", api.CodeUnknownField},
	} {
		p := n.post("/v1/charters", body).want(t, 422, api.CodeBadBody)
		if got := faults(p); len(got) == 0 || got[0] != where && !strings.HasPrefix(got[0].where, where.where+"/") {
			t.Errorf("%s: %v, want %v", body, got, where)
		}
	}
}

func TestSharedAccounts(t *testing.T) {
	n := startMoney(t)
	n.post("/v1/accounts", `{"name":"Caja","members":["Cooperativa","Luis"]}`).ok(t, 201).has(t, `"state":"pending"`,
		`"summary":"the shared account Caja: 2 of 3 sign"`, `"log":{"id":"bafyrei`, `"name":"Caja"`)
	if len(n.ledger.members) != 3 || n.ledger.threshold != 2 {
		t.Errorf("%v %d", n.ledger.members, n.ledger.threshold)
	}
	n.post("/v1/accounts", `{"name":"Caja","members":["Cooperativa"],"threshold":3}`).want(t, 422, api.CodeBadBody)
	n.post("/v1/accounts", `{"name":"Caja","members":["José"]}`).want(t, 422, api.CodeBadBody)
	n.post("/v1/accounts", `{"name":"Caja","members":["Nadie"]}`).want(t, 404, api.CodeNotFound)
	n.post("/v1/accounts", `{"name":"","members":["Luis"]}`).want(t, 422, api.CodeBadBody)
	n.ledger.shared = []ledger.SharedAccount{{Agent: n.ledger.agents[5], Members: n.ledger.agents[1:2], Threshold: 1}}
	n.get("/v1/accounts").ok(t, 200).has(t, `"schema":"minga.accounts/1"`, `"schema":"minga.account/1"`, `"name":"Cooperativa","members":[{"id":`, `"threshold":1`)
}

func TestMembership(t *testing.T) {
	n := startMoney(t)
	coop := protocol.LogID{EntryID: protocol.EntryID{20}}
	n.post("/v1/admissions", `{"log":"Cooperativa"}`).ok(t, 201)
	n.post("/v1/admissions", `{"log":"`+coop.String()+`"}`).ok(t, 201)
	n.post("/v1/removals", `{"agent":"Cooperativa","seq":7}`).ok(t, 201)
	n.post("/v1/removals", `{"agent":"Ana"}`).ok(t, 201)
	n.post("/v1/removals", `{"invite":"`+n.ledger.id().String()+`"}`).ok(t, 201)
	n.post("/v1/bindings", `{"record":"Luis","member":"Luis"}`).ok(t, 201)
	want := []protocol.Body{
		&protocol.Admit{Log: coop}, &protocol.Admit{Log: coop}, &protocol.Remove{Log: coop, Seq: 7},
		&protocol.Remove{Log: n.ledger.commons[0].Me, Seq: 3},
		&protocol.Remove{Grant: n.ledger.id().EntryID},
		&protocol.Bind{Agent: protocol.EntryID{22}, Log: protocol.LogID{EntryID: protocol.EntryID{21}}},
	}
	for i, d := range n.ledger.drafts {
		if !cmp.Equal(want[i], d.Body) || n.ledger.into[i] != n.ledger.id().Charter() {
			t.Errorf("%d: %+v into %v", i, d.Body, n.ledger.into[i])
		}
	}
	n.post("/v1/removals", `{}`).want(t, 422, api.CodeBadBody)
	n.post("/v1/removals", `{"agent":"Ana","invite":"bafyreifoo"}`).want(t, 422, api.CodeBadBody)
	n.post("/v1/removals", `{"invite":"`+coop.String()+`","seq":3}`).want(t, 422, api.CodeBadBody)
	n.post("/v1/removals", `{"agent":"José"}`).want(t, 422, api.CodeBadBody)
	n.post("/v1/bindings", `{"record":"Ana","member":"José"}`).want(t, 422, api.CodeBadBody)
	n.post("/v1/admissions", `{"log":"Nadie"}`).want(t, 404, api.CodeNotFound)
	n.ledger.err = ledger.ErrNotSteward
	n.post("/v1/admissions", `{"log":"Cooperativa"}`).want(t, 403, api.CodeNotSteward)
}

func TestInbox(t *testing.T) {
	n := startMoney(t)
	n.get("/v1/inbox").ok(t, 200).has(t, `"schema":"minga.inbox/1"`, `"toConfirm":[]`, `"toApprove":[]`)
	p, err := n.ledger.propose(n.ledger.id().Charter(), &protocol.Admit{Log: n.ledger.commons[0].Me})
	if err != nil {
		t.Fatal(err)
	}
	p.Proposal.Mine = true
	n.ledger.inbox = ledger.Inbox{
		ToConfirm: []ledger.Event{{ID: n.ledger.id().EntryID, Entry: n.ledger.entries[1], Body: &protocol.Event{Action: "work"}, Author: n.ledger.agents[1].ID}},
		ToApprove: []ledger.Proposal{*p.Proposal},
		ToServe:   &ledger.WitnessSet{ID: n.ledger.id().EntryID, Members: n.ledger.agents[1:2], Quorum: 1},
	}
	n.get("/v1/inbox").ok(t, 200).has(t, `"toConfirm":[{"schema":"minga.event/1"`, `"mine":true`, `"toServe":{"id":"`+n.ledger.id().String())
	n.do(call{path: "/v1/inbox"}).want(t, 401, api.CodeUnauthorized)
}

func TestAudit(t *testing.T) {
	n := startMoney(t)
	n.ledger.found = ledger.Audit{Entries: 9, Accounts: 3,
		Sums: map[string]ledger.Total{"hora": {}, "USD": total(t, "0.5")}, Settled: map[string]ledger.Total{"hora": {}}}
	n.get("/v1/audit").ok(t, 200).has(t, `"schema":"minga.audit/1"`, `"ok":true,"entries":9,"accounts":3`,
		`"sums":[{"currency":"USD","sum":"0.50","settled":"0.00"},{"currency":"hora","sum":"0.00","settled":"0.00"}]`, `"faults":[]`, `"forks":[]`)
	n.ledger.found.Faults = []string{"the sum of USD is 0.50"}
	n.get("/v1/audit").ok(t, 200).has(t, `"ok":false`, `"faults":["the sum of USD is 0.50"]`)
}

// Who forked, and what it means, stands in every view.
func TestForksAreExplained(t *testing.T) {
	n := startMoney(t)
	n.ledger.commons[0].Frozen = 1
	n.ledger.frozen = &ledger.LogStatus{ID: protocol.LogID{EntryID: protocol.EntryID{21}}, Agent: n.ledger.agents[6], Forked: true, Frozen: true, ForkSeq: 4}
	en := "the same key signed two histories from entry 4 on; most often a home was copied. Payments above the fork do not count until the witnesses settle one."
	for _, path := range []string{"/v1/status", "/v1/commons", "/v1/audit", "/v1/logs"} {
		n.get(path).ok(t, 200).has(t, en, `"name":"Luis"`)
		n.get(path+"?lang=es").ok(t, 200).has(t, "la misma llave firmó dos historias desde la entrada 4")
	}
	n.ledger.frozen.Frozen, n.ledger.commons[0].Frozen = false, 0
	for _, path := range []string{"/v1/status", "/v1/commons", "/v1/audit", "/v1/logs"} {
		n.get(path).ok(t, 200).has(t, "One of them is settled")
	}
	n.get("/v1/audit").ok(t, 200).has(t, `"seq":4,"frozen":false,"entries":["bafyrei`)
}
