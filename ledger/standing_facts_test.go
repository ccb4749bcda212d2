package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// contributed returns the contribution of a standing.
func (n *node) contributed(id protocol.CommonsID, who protocol.AgentID) string {
	n.w.t.Helper()
	s, err := n.Standing(context.Background(), id, who, n.Today())
	if err != nil {
		n.w.t.Fatal(err)
	}
	return s.Contributed.Text(s.Scale)
}

func (h *house) gave(who protocol.AgentID, want string) {
	h.w.t.Helper()
	for i, n := range h.nodes {
		if got := n.contributed(h.id, who); got != want {
			h.w.t.Errorf("on the node of %s: %s contributed, want %s", names[i], got, want)
		}
	}
}

func (h *house) charter(doc map[string]protocol.Value) {
	h.w.t.Helper()
	if _, err := h.nodes[0].ProposeCharter(context.Background(), h.id, doc); err != nil {
		h.w.t.Fatal(err)
	}
	h.meet()
}

// TestWhatWasPaidDoesNotCount: of 30.00 worked two distributions pay 12.00 and
// 4.00, what a correction takes back is taken from the rest, and what another
// bucket pays is no matter of the licence.
func TestWhatWasPaidDoesNotCount(t *testing.T) {
	for counts, want := range map[string][3]string{"unpaid": {"18.00", "14.00", "4.00"}, "all": {"30.00", "30.00", "20.00"}} {
		t.Run(counts, func(t *testing.T) {
			h := newHouse(t, 2)
			ctx := context.Background()
			ana, beto, his := h.nodes[0], h.nodes[1], h.agents[1]
			doc := licensed("Huerta Norte")
			rule := map[string]protocol.Value{"action": "work", "rate": "10.00", "per": "hour", "claim": "debt"}
			doc["bucket"] = []protocol.Value{
				map[string]protocol.Value{"name": "fijo", "percent": "20", "of": "total", "rule": []protocol.Value{rule}, "currency": "USD"},
				map[string]protocol.Value{"name": "trabajo", "percent": "100", "of": "remaining", "rule": []protocol.Value{rule}, "currency": "USD"},
			}
			doc["licence"].(map[string]protocol.Value)["counts"] = counts
			doc["licence"].(map[string]protocol.Value)["contribution"] = "10.00"
			h.charter(doc)
			event := beto.submit(h.id, work(his, h.id, 3)).Entry.ID()
			h.meet()
			h.says(0, event, protocol.VerdictConfirm)
			h.gave(his, "30.00")
			give := func(amount int64) {
				h.income(amount)
				h.meet()
				d, err := ana.ProposeDistribution(ctx, h.id, request(amount))
				if err != nil || d.State != ledger.DistributionSettled && d.State != ledger.DistributionPending {
					t.Fatal(d.State, err)
				}
				h.meet()
			}
			give(1500)
			h.gave(his, want[0])
			give(500)
			h.gave(his, want[1])
			two := protocol.Quantity{N: 2, Unit: "hour"}
			correction, err := beto.Correction(ctx, event, ledger.Corrected{EffortQuantity: &two})
			if err != nil {
				t.Fatal(err)
			}
			beto.submit(h.id, correction)
			h.meet()
			h.gave(his, want[2])
			h.deeds()
			beto.reopen()
			h.gave(his, want[2])
		})
	}
}

// TestAStandingWaitsForWindows: declarations and contributions count once they
// stood undisputed for as long as the charter wants, and by stewards where a rule
// says so.
func TestAStandingWaitsForWindows(t *testing.T) {
	h := newHouse(t, 3)
	doc := licensed("Huerta Norte")
	doc["confirmation"] = map[string]protocol.Value{
		"required": int64(1), "window": "P7D",
		"rule": []protocol.Value{map[string]protocol.Value{"resource": "ciencia", "by": "stewards", "window": "P0D"}},
	}
	h.charter(doc)
	his, day := h.agents[1], 24*time.Hour
	use := h.nodes[1].submit(h.id, uses(his, "2025-01-01", "2025-01-31", 1200)).Entry.ID()
	plain := h.nodes[1].submit(h.id, work(his, h.id, 2)).Entry.ID()
	special := work(his, h.id, 1)
	special.ResourceConformsTo = "ciencia"
	rare := h.nodes[1].submit(h.id, special).Entry.ID()
	h.meet()
	for _, id := range []protocol.EntryID{use, plain, rare} {
		h.says(2, id, protocol.VerdictConfirm)
	}
	lapsed := "lapsed charged 120.00 offset 0.00 paid 0.00 owed 120.00"
	h.stand(his, "2025-06-01", "undetermined charged  offset  paid  owed ")
	list, _, err := h.nodes[0].Declarations(context.Background(), h.id, his, ledger.Page{})
	if err != nil || len(list) != 1 || list[0].Opinion != "maturing" {
		t.Errorf("%+v, %v", list, err)
	}
	h.gave(his, "0.00")
	h.says(0, rare, protocol.VerdictConfirm)
	h.gave(his, "10.00")
	h.w.now = h.w.now.Add(6 * day)
	h.says(0, use, protocol.VerdictDispute)
	h.says(0, use, protocol.VerdictWithdraw)
	h.w.now = h.w.now.Add(2 * day)
	h.gave(his, "30.00")
	h.stand(his, "2025-06-01", "undetermined charged  offset  paid  owed ")
	h.w.now = h.w.now.Add(6 * day)
	h.stand(his, "2025-06-01", lapsed)
	h.deeds()
}

// deeds checks that what is kept for standings is what the ledger says.
func (h *house) deeds() {
	h.w.t.Helper()
	for i, n := range h.nodes {
		if faults, kept, err := n.DeedFaults(h.id); err != nil || len(faults) > 0 || kept == 0 {
			h.w.t.Errorf("on the node of %s, of %d: %v, %v", names[i], kept, faults, err)
		}
	}
}
