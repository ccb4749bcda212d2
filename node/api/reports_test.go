package api_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/protocol"
)

func TestTheReportOfValue(t *testing.T) {
	n := start(t, nil)
	agents := n.ledger.agents
	kept, profit := total(t, "90"), total(t, "100")
	n.ledger.report = ledger.ValueReport{
		Version: 1, Streams: ledger.ByStream{Livelihood: big.NewRat(100, 3), Care: big.NewRat(45, 1)},
		Agents: []ledger.AgentReport{
			{Agent: agents[1], Streams: ledger.ByStream{Care: big.NewRat(45, 1)}, Events: 2, Witness: true, Money: []ledger.AgentMoney{
				{Currency: "USD", Returned: total(t, "12.5")},
			}},
			{Agent: agents[4], Money: []ledger.AgentMoney{{Currency: "USD", Profit: &profit, Paid: total(t, "10"), Outside: &kept}}},
		},
		Events: 3, Unvalued: 1, Unmatched: 2,
		Money: []ledger.MoneyReport{{
			Currency: "USD", Scale: 2, Income: total(t, "20"), Profit: &profit, Outside: &kept, Unknown: 1,
			Returned: total(t, "12.5"), Kept: total(t, "7.5"), Streams: map[string]ledger.Total{"care": total(t, "12.5")},
			Payouts: ledger.Concentration{People: 3, Gini: big.NewRat(2, 3), Top: big.NewRat(1, 1), Tenth: big.NewRat(1, 1)},
		}},
		Contributions: ledger.Concentration{People: 3, Gini: big.NewRat(1, 8), Top: big.NewRat(5, 9), Tenth: big.NewRat(5, 9)},
	}
	r := n.do(call{path: "/v1/reports/value?from=2026-01-01&to=2026-03-31&lang=es", role: api.RoleMember}).ok(t, 200)
	var got api.ValueReport
	if err := json.Unmarshal([]byte(r.body), &got); err != nil {
		t.Fatal(err)
	}
	from, to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	if want := (ledger.ReportRequest{From: protocol.TimeOf(from), To: protocol.TimeOf(to)}); n.ledger.reported != want {
		t.Errorf("%+v", n.ledger.reported)
	}
	if d := cmp.Diff(api.StreamValues{Livelihood: "33.333333333", Love: "0", Care: "45", Sum: "78.333333333"}, got.Streams); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff(api.Concentration{People: 3, Gini: "0.1250", Top: "0.5556", Tenth: "0.5556"}, got.Contributions); d != "" {
		t.Error(d)
	}
	if got.To != "2026-04-01T00:00:00.000Z" || got.Money[0].Kept != "7.50" || got.Money[0].Streams["care"] != "12.50" ||
		got.Agents[1].Money[0].Outside != "90.00" || got.Agents[0].Money[0].Outside != "" || got.Money[0].Declared != "" || got.Money[0].Profit != "100.00" || got.Stewards.Gini != "" {
		t.Errorf("%s", r.body)
	}
	if notes := strings.Join(got.Notes, "\n"); !strings.Contains(notes, "1 aportes confirmados sin cantidad") || !strings.Contains(notes, "no se conoce para 1 declaraciones") {
		t.Error(notes)
	}
	for query, parameter := range map[string]string{
		"":                               "from",
		"?from=2026-01-01":               "to",
		"?from=spring&to=2026-01-01":     "from",
		"?from=2026-01-02&to=autumn":     "to",
		"?from=2026-01-02&to=2026-01-01": "to",
		"?from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z": "to",
	} {
		p := n.do(call{path: "/v1/reports/value" + query, role: api.RoleMember}).want(t, 422, api.CodeBadParameter)
		if len(p.Errors) == 0 || p.Errors[0].Parameter != parameter {
			t.Errorf("%s: %+v", query, p.Errors)
		}
	}
	n.do(call{path: "/v1/reports/value?from=2026-01-02&to=2026-01-02", role: api.RoleMember}).ok(t, 200)
}
