package api_test

import (
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/protocol"
)

func startLicensed(t *testing.T) *node {
	t.Helper()
	n := startMoney(t)
	n.ledger.licence = &ledger.Licence{Resources: []string{"manual"}, Currency: "USD"}
	n.ledger.today, _ = ledger.ParseDay("2026-03-01")
	return n
}

func TestUseIsDeclared(t *testing.T) {
	n := startLicensed(t)
	r := n.post("/v1/declarations", `{"resource":" manual ","use":"commercial","beginning":"2026-01-01","end":"2026-01-31","income":"3000","profit":"-1.50","fraction":"0.5","form":"company"}`).ok(t, 201)
	r.has(t, `"schema":"minga.written/1"`)
	b := n.ledger.drafts[0].Body.(*protocol.Declare)
	if b.Resource != "manual" || b.Currency != "USD" || *b.Profit != (protocol.Amount{N: -150, Scale: 2}) || b.Agent != n.ledger.agents[1].ID {
		t.Errorf("%+v", b)
	}
	n.ledger.declarations = []ledger.Declaration{{
		ID: n.ledger.drafts[0].Body.(*protocol.Declare).Agent.EntryID, Body: b, Agent: n.ledger.agents[1], State: ledger.Settled, Opinion: "waiting",
	}}
	n.get("/v1/declarations?agent=Luis").want(t, 409, api.CodeAmbiguous)
	n.get("/v1/declarations").ok(t, 200).has(t, `"schema":"minga.declarations/1"`, `"confirmation":"waiting"`, `"profit":"-1.50","currency":"USD","fraction":"0.5"`)

	for body, faults := range map[string]map[string]api.Code{
		`{"use":"selling","beginning":"2026-01-01","end":""}`: {"/resource": api.CodeMissing, "/use": api.CodeChoice, "/end": api.CodeEmpty},
		`{"resource":"manual","use":"commercial","beginning":"January","end":"2026-01-32","income":"much","agent":"Nadie"}`: {
			"/beginning": api.CodeBadDay, "/end": api.CodeBadDay, "/income": api.CodeBadNumber, "/agent": api.CodeUnknownAgent,
		},
	} {
		got := map[string]api.Code{}
		for _, item := range n.post("/v1/declarations", body).problem(t).Errors {
			got[item.Pointer] = item.Code
		}
		if d := cmp.Diff(faults, got); d != "" {
			t.Errorf("%s:\n%s", body, d)
		}
	}
	n.ledger.licence = nil
	n.post("/v1/declarations", `{"resource":"manual","use":"commercial","beginning":"2026-01-01","end":"2026-01-31"}`).want(t, 422, api.CodeNoLicence)
}

func TestStandings(t *testing.T) {
	n := startLicensed(t)
	n.get("/v1/standings").want(t, 422, api.CodeNoLicence)
	s := ledger.Standing{Agent: n.ledger.agents[1], Licence: *n.ledger.licence, Scale: 2, AsOf: n.ledger.today}
	s.Class, s.MayUse = "undetermined", "unknown"
	s.Charged.Amount, s.Charged.AtLeast = big.NewRat(960, 1), true
	s.Reasons = []ledger.StandingReason{{
		Code: "undeclared", Missing: true, Args: []string{"manual", "2025-09-01", "2025-09-30"}, Entries: []protocol.EntryID{{7}},
	}}
	n.ledger.standings = []ledger.Standing{s}
	n.get("/v1/standings?class=undetermined&asOf=2026-02-28").ok(t, 200).has(t, `"schema":"minga.standings/1"`, `"class":"undetermined","mayUse":"unknown"`,
		`"charged":"960.00"`, `"owed":null`, `"atLeast":["charged"]`, `"href":"/v1/entries/`+protocol.EntryID{7}.String(),
		`Nobody has declared the use of manual from 2025-09-01 to 2025-09-30`)
	if n.ledger.askedClass != "undetermined" || n.ledger.askedDay.String() != "2026-02-28" {
		t.Errorf("asked for %s on %v", n.ledger.askedClass, n.ledger.askedDay)
	}
	n.get("/v1/standings?agent=José&lang=es").ok(t, 200).has(t, `Nadie ha declarado el uso de manual`, `no un juicio de derecho`)
	if n.ledger.askedFor != n.ledger.agents[4].ID || n.ledger.askedDay != n.ledger.today {
		t.Errorf("asked for %v on %v", n.ledger.askedFor, n.ledger.askedDay)
	}
	n.get("/v1/standings?class=rich").want(t, 422, api.CodeBadParameter)
	n.get("/v1/standings?asOf=2026-03-02").want(t, 422, api.CodeBadParameter)
	n.get("/v1/standings?asOf=soon").want(t, 422, api.CodeBadParameter)
	n.get("/v1/standings?agent=Nadie").want(t, 404, api.CodeNotFound)
}
