package ledger_test

import (
	"context"
	"errors"
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// TestAFalseDistributionIsFound has a steward propose what the charter does not
// give, on a node that does not compute. An honest node signs it by no way; once two
// others have signed it, every node finds where it is false.
func TestAFalseDistributionIsFound(t *testing.T) {
	h := newHouse(t, 3)
	ctx := context.Background()
	income := h.income(5000)
	h.council()
	h.nodes[2].CheckDistributions(nil)
	d := h.sharing(h.nodes[2], income, 1000, protocol.Line{Agent: h.agents[2], Amount: cents(4000), Bucket: "trabajo"})
	p, err := h.nodes[2].SubmitDistribution(ctx, h.id, d)
	if err != nil || p.Proposal == nil {
		t.Fatalf("%+v, %v", p, err)
	}
	h.meet()
	id := p.Proposal.ID
	for name, sign := range map[string]func(*ledger.Ledger) error{
		"a distribution": func(l *ledger.Ledger) error { _, err := l.ApproveDistribution(ctx, h.id, id); return err },
		"a proposal":     func(l *ledger.Ledger) error { _, err := l.Approve(ctx, h.id, id); return err },
	} {
		var differs *ledger.DiffersError
		if err := sign(h.nodes[0].Ledger); !errors.As(err, &differs) || !errors.Is(err, ledger.ErrDiffers) || len(differs.Differences) != 2 {
			t.Errorf("signed as %s: %v", name, err)
		}
	}
	check, err := h.nodes[0].VerifyDistribution(ctx, h.id, id)
	if err != nil || len(check.Differences) != 2 || check.Distribution.State != ledger.DistributionProposed {
		t.Errorf("%+v, %v", check, err)
	}
	h.nodes[1].CheckDistributions(nil)
	if _, err := h.nodes[1].Approve(ctx, h.id, id); err != nil {
		t.Fatal(err)
	}
	h.meet()
	h.alike()
	for i, n := range h.nodes {
		check, err := n.VerifyDistribution(ctx, h.id, id)
		if err != nil || len(check.Differences) != 2 || len(check.Missing) > 0 || check.Distribution.State != ledger.DistributionSettled {
			t.Fatalf("node %d: %+v, %v", i, check, err)
		}
		if d := check.Differences[0]; d.Agent.ID != h.agents[2] || d.Stated.String() != "40" || d.Computed.N != 0 {
			t.Errorf("node %d: %+v", i, d)
		}
		if d := check.Differences[1]; !d.Agent.ID.IsZero() || d.Stated.String() != "10" || d.Computed.String() != "50" {
			t.Errorf("node %d: %+v", i, d)
		}
	}
}
