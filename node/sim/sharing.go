package sim

import (
	"context"
	"errors"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// share has a steward give out of the pool what members paid in: in a world that
// computes what the rules of the charter give, else to anybody, in one part or a
// few, and at times more than there is.
func (s *script) share(n *node) {
	ctx := context.Background()
	d := ledger.DistributionBody{Version: 1, Currency: currency}
	var err error
	if s.w.computes {
		err = s.planned(ctx, n, &d)
	} else {
		err = s.anybody(ctx, n, &d)
	}
	if n.trouble(err) || len(d.Lines) == 0 {
		return
	}
	if d.AsOf, err = n.ledger.NextCharterTime(ctx, s.w.commons); n.trouble(err) {
		return
	}
	p, err := n.ledger.SubmitDistribution(ctx, s.w.commons, d)
	var over *ledger.OverdraftError
	if errors.As(err, &over) {
		s.w.refused++
	}
	s.proposed(n, "a distribution", p, err)
}

// planned fills in what the charter in force gives, of a part of the pool.
func (s *script) planned(ctx context.Context, n *node, d *ledger.DistributionBody) error {
	plan, err := n.ledger.PreviewDistribution(ctx, s.w.commons, ledger.DistributionRequest{
		Amount: protocol.Amount{N: 1 + s.w.rng.Int64N(500), Scale: 2}, Currency: currency, Version: -1,
	})
	if err != nil || plan.Computed == nil {
		return err
	}
	d.Version, d.Amount, d.Cut, d.Incomes = plan.Version, plan.Amount, plan.Cut, plan.Incomes
	d.Lines, d.Remainder = plan.Computed.Lines, plan.Computed.Remainder
	return nil
}

// anybody fills in lines of a few cents.
func (s *script) anybody(ctx context.Context, n *node, d *ledger.DistributionBody) error {
	agents, _, err := n.ledger.Agents(ctx, s.w.commons, ledger.Page{Limit: 100})
	if err != nil || len(agents) == 0 {
		return err
	}
	lines := 1 + s.w.rng.IntN(6)
	if s.w.chance(40) {
		lines = 200 + s.w.rng.IntN(500)
	}
	d.Amount.Scale = 2
	for range lines {
		cents := 1 + s.w.rng.Int64N(3)
		d.Amount.N += cents
		d.Lines = append(d.Lines, protocol.Line{
			Agent: agents[s.w.rng.IntN(len(agents))].ID, Amount: protocol.Amount{N: cents, Scale: 2}, Bucket: "trabajo",
		})
	}
	return nil
}

// shared checks that the distributions that a node lists are whole, and returns
// how many are settled.
func (c *checker) shared(n *node) (settled int) {
	ctx := context.Background()
	list, err := n.ledger.CommittedDistributions(ctx, c.w.commons)
	if err != nil {
		c.w.fail("%s: distributions: %w", string(n.id), err)
	}
	for _, d := range list {
		parts, status, err := n.ledger.DistributionParts(ctx, c.w.commons, d.ID.String())
		if err != nil || !status.Complete || parts[0].Seq != d.First || parts[len(parts)-1].Seq != d.Last {
			c.w.fail("%s: distribution %v has %d parts of %d to %d, %+v %w", string(n.id), d.ID, len(parts), d.First, d.Last, status, err)
		}
		if status.State == ledger.Settled {
			settled++
		}
	}
	return settled
}
