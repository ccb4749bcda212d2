package sim

import (
	"context"
	"errors"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// share has a steward give out of the pool what members paid in, at times more
// than there is, in one part or a few.
func (s *script) share(n *node) {
	ctx := context.Background()
	agents, _, err := n.ledger.Agents(ctx, s.w.commons, ledger.Page{Limit: 100})
	if n.trouble(err) || len(agents) == 0 {
		return
	}
	asOf, err := n.ledger.NextCharterTime(ctx, s.w.commons)
	if n.trouble(err) {
		return
	}
	d := ledger.DistributionBody{Version: 1, AsOf: asOf, Currency: currency, Amount: protocol.Amount{Scale: 2}}
	lines := 1 + s.w.rng.IntN(6)
	if s.w.chance(40) {
		lines = 200 + s.w.rng.IntN(500)
	}
	for range lines {
		cents := 1 + s.w.rng.Int64N(3)
		d.Amount.N += cents
		d.Lines = append(d.Lines, protocol.Line{
			Agent: agents[s.w.rng.IntN(len(agents))].ID, Amount: protocol.Amount{N: cents, Scale: 2}, Bucket: "trabajo",
		})
	}
	p, err := n.ledger.SubmitDistribution(ctx, s.w.commons, d)
	var over *ledger.OverdraftError
	if errors.As(err, &over) {
		s.w.refused++
	}
	s.proposed(n, "a distribution", p, err)
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
