package ledger

import (
	"context"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/cut"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/reciprocity"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// sharedOut is what distributions computed, kept while several agents are asked
// for.
type sharedOut struct {
	rounds rounds
	facts  *cut.Facts
}

// paidOut returns what settled distributions in the licence's currency paid agents
// that are the same for single events, from the buckets that value contributions.
// It takes a look per distribution; only where one has a line for them in such a
// bucket, it computes that again, which reads what a preview reads.
func (x *caseOf) paidOut(ctx context.Context, agents []protocol.AgentID, licence *charter.Licence) (map[protocol.EntryID][]reciprocity.Part, error) {
	committed, err := x.l.CommittedDistributions(ctx, x.c.id())
	if err != nil {
		return nil, err
	}
	paid := map[protocol.EntryID][]reciprocity.Part{}
	for i, d := range committed {
		for _, agent := range agents {
			if d.Last > x.c.inForce {
				continue
			}
			has, err := account.ReadShare(stored{x.l, x.no}, d.Last, agent)
			if err != nil {
				return nil, err
			}
			if !slices.ContainsFunc(has.Buckets, func(p account.Portion) bool { return slices.Contains(licence.ValueBy, p.Bucket) }) {
				continue
			}
			if err := x.paidIn(ctx, i, agent, licence, paid); err != nil {
				return nil, err
			}
		}
	}
	return paid, nil
}

// paidIn adds what one distribution paid an agent.
func (x *caseOf) paidIn(ctx context.Context, no int, agent protocol.AgentID, licence *charter.Licence, paid map[protocol.EntryID][]reciprocity.Part) error {
	if x.shared == nil {
		all, err := x.l.past(ctx, x.c.id(), x.c.inForce+1)
		if err != nil {
			return err
		}
		facts, err := cut.Read(ctx, cutSource{x.l, x.no, x.c}, x.c.id(), all.cut)
		if err != nil {
			return err
		}
		x.shared = &sharedOut{all, facts}
	}
	round := x.shared.rounds.share[no]
	if round.Currency != licence.Currency {
		return nil // nothing is converted
	}
	lines := round.Lines
	round.Lines = nil
	_, claims, err := share.Explain(x.shared.facts, x.shared.rounds.share[:no], round, agent)
	if err != nil {
		return err
	}
	on := reciprocity.DayOf(x.shared.rounds.cut[no].AsOf.UTC())
	for _, bucket := range licence.ValueBy {
		computed, written := new(big.Rat), new(big.Rat)
		for _, c := range claims {
			if c.Bucket == bucket {
				computed.Add(computed, rules.TotalOf(c.Amount).Rat())
			}
		}
		for _, l := range lines {
			if l.Agent == agent && l.Bucket == bucket {
				written.Add(written, rules.TotalOf(l.Amount).Rat())
			}
		}
		if computed.Sign() <= 0 {
			continue
		}
		part := written.Quo(written, computed) // one, unless other lines were committed than the rules give
		for _, c := range claims {
			if c.Bucket != bucket || c.Basis != share.ByEvent || !c.Of.IsZero() {
				continue
			}
			if amount := rules.TotalOf(c.Amount).Rat(); amount.Sign() != 0 {
				paid[c.Event] = append(paid[c.Event], reciprocity.Part{On: on, Amount: amount.Mul(amount, part)})
			}
		}
	}
	return nil
}
