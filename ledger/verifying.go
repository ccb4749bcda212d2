package ledger

import (
	"context"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/cut"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// VerifyDistribution computes a distribution again from the entries of its cut and
// tells where it differs. Where entries of the cut are not held here, or not
// settled yet, it says which logs are concerned and computes nothing.
func (l *Ledger) VerifyDistribution(ctx context.Context, id protocol.CommonsID, distribution protocol.EntryID) (DistributionCheck, error) {
	w, parts, err := l.writtenAs(ctx, id, distribution)
	if err != nil {
		return DistributionCheck{}, err
	}
	return l.verify(ctx, id, w, parts)
}

func (l *Ledger) verify(ctx context.Context, id protocol.CommonsID, w written, parts []protocol.Entry) (DistributionCheck, error) {
	check := DistributionCheck{Distribution: w.Distribution}
	var err error
	if check.Distribution.Cautions, err = l.lookOver(ctx, id, w.Distribution, parts); err != nil {
		return check, err
	}
	if check.Missing, err = l.missing(id, w.Cut); err != nil || len(check.Missing) > 0 {
		return check, err
	}
	r, err := l.replayed(ctx, id, parts)
	if err != nil {
		return check, err
	}
	result, _, err := l.compute(ctx, id, r)
	if err != nil {
		return check, err
	}
	check.Distribution.Computed = &result
	check.Differences, err = l.differences(id, w, &result)
	return check, err
}

// replayed returns the rounds up to a distribution that is written or proposed.
func (l *Ledger) replayed(ctx context.Context, id protocol.CommonsID, parts []protocol.Entry) (rounds, error) {
	r, err := l.past(ctx, id, parts[0].Seq)
	if err != nil {
		return r, err
	}
	return r, l.addParts(id, &r, parts, false)
}

// differences compares the lines of a distribution with those computed, in the
// order of the latter; what was stated besides follows.
func (l *Ledger) differences(id protocol.CommonsID, w written, result *share.Result) ([]DistributionDifference, error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, err
	}
	type key struct {
		agent  protocol.AgentID
		bucket string
	}
	var order []key
	seen := map[key]bool{}
	stated, computed := map[key]rules.Total{}, map[key]rules.Total{}
	for i, lines := range [][]protocol.Line{result.Lines, w.lines} {
		for _, line := range lines {
			k := key{line.Agent, line.Bucket}
			if !seen[k] {
				seen[k] = true
				order = append(order, k)
			}
			sums := []map[key]rules.Total{computed, stated}[i]
			sums[k] = sums[k].Add(rules.TotalOf(line.Amount))
		}
	}
	var all []DistributionDifference
	add := func(k key, said, is rules.Total) error {
		if said == is {
			return nil
		}
		d := DistributionDifference{Bucket: k.bucket, Stated: statedAmount(said), Computed: statedAmount(is)}
		var err error
		if !k.agent.IsZero() {
			d.Agent, err = l.knownAgent(no, c, k.agent)
		}
		all = append(all, d)
		return err
	}
	for _, k := range order {
		if err := add(k, stated[k], computed[k]); err != nil {
			return all, err
		}
	}
	return all, add(key{}, rules.TotalOf(w.Remainder), rules.TotalOf(result.Remainder))
}

// statedAmount returns a sum of amounts that is an amount again.
func statedAmount(t rules.Total) protocol.Amount {
	a, err := protocol.ParseAmount(t.String())
	if err != nil {
		return protocol.Amount{}
	}
	return a
}

// recheck computes a distribution again before this node signs it.
func (l *Ledger) recheck(ctx context.Context, id protocol.CommonsID, parts []protocol.Entry) error {
	if err := refuseParts(parts); err != nil {
		return err
	}
	if err := l.refuseTimes(id, parts); err != nil {
		return err
	}
	w := distributionOf(parts)
	check, err := l.verify(ctx, id, w, parts)
	if err != nil {
		return err
	}
	if len(check.Missing) > 0 {
		return l.missingError(id, check.Missing)
	}
	if len(check.Differences) > 0 {
		return &DiffersError{check.Differences, w.Amount.Scale}
	}
	return nil
}

// missingError says whose entries of a cut are missing.
func (l *Ledger) missingError(id protocol.CommonsID, heads []protocol.Head) error {
	no, c, err := l.state(id)
	if err != nil {
		return err
	}
	e := &MissingError{}
	for _, h := range heads {
		m := MissingLog{Head: h}
		if a, err := l.knownAgent(no, c, h.Log.Agent()); err == nil {
			m.Agent = a
		}
		e.Missing = append(e.Missing, m)
	}
	return e
}

// WhyDistribution says why an agent gets what it gets from a distribution: for each
// bucket the events behind it, with those who confirmed them. It computes the
// distribution again, and returns ErrUnsettled where its cut is not held here.
func (l *Ledger) WhyDistribution(ctx context.Context, id protocol.CommonsID, distribution protocol.EntryID, agent protocol.AgentID) ([]DistributionReason, error) {
	w, parts, err := l.writtenAs(ctx, id, distribution)
	if err != nil {
		return nil, err
	}
	missing, err := l.missing(id, w.Cut)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		return nil, l.missingError(id, missing)
	}
	r, err := l.replayed(ctx, id, parts)
	if err != nil {
		return nil, err
	}
	return l.why(ctx, id, r, agent)
}

// WhyPreview says why an agent would get what it would get.
func (l *Ledger) WhyPreview(ctx context.Context, id protocol.CommonsID, q DistributionRequest, agent protocol.AgentID) ([]DistributionReason, error) {
	_, r, err := l.planned(ctx, id, q, protocol.TimeOf(l.now()))
	if err != nil {
		return nil, err
	}
	return l.why(ctx, id, r, agent)
}

// claimsOf adds up what is claimed in one bucket.
func claimsOf(claims []share.Claim, bucket string) *big.Rat {
	sum := new(big.Rat)
	for _, c := range claims {
		if c.Bucket == bucket && c.Claim != nil {
			sum.Add(sum, c.Claim)
		}
	}
	return sum
}

// why explains the lines of an agent, under each identity that it has or had: a
// record that was bound to a member later has lines of its own.
func (l *Ledger) why(ctx context.Context, id protocol.CommonsID, r rounds, agent protocol.AgentID) ([]DistributionReason, error) {
	no, _, err := l.state(id)
	if err != nil {
		return nil, err
	}
	_, identities, err := l.resolve(stored{l, no}, agent)
	if err != nil {
		return nil, err
	}
	free, err := l.inTurn(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	facts, err := l.facts(ctx, id, r)
	if err != nil {
		return nil, err
	}
	last := len(r.share) - 1
	var all []DistributionReason
	for _, one := range heldBy(facts, last, identities) {
		result, claims, err := share.Explain(facts, r.share[:last], r.share[last], one)
		if err != nil {
			return nil, err
		}
		reasons, err := l.reasons(ctx, id, one, &result, claims)
		if err != nil {
			return nil, err
		}
		all = append(all, reasons...)
	}
	return all, nil
}

// heldBy returns who some identities of an agent were in a round, each once.
func heldBy(f *cut.Facts, round int, identities []protocol.AgentID) []protocol.AgentID {
	agents := f.Agents()
	var all []protocol.AgentID
	for _, id := range identities {
		at, known := slices.BinarySearchFunc(agents, id, func(a share.Agent, id protocol.AgentID) int { return a.ID.Compare(id.EntryID) })
		if known {
			id = agents[f.Owner(round, at)].ID
		}
		if !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}

// reasons puts the claims of an agent below the buckets that they are of.
func (l *Ledger) reasons(ctx context.Context, id protocol.CommonsID, who protocol.AgentID, result *share.Result, claims []share.Claim) ([]DistributionReason, error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, err
	}
	a, err := l.agent(no, c, who)
	if err != nil {
		return nil, err
	}
	var all []DistributionReason
	for _, claim := range claims {
		if n := len(all); n == 0 || all[n-1].Bucket != claim.Bucket {
			reason := DistributionReason{Agent: a, Bucket: claim.Bucket, Claim: claimsOf(claims, claim.Bucket)}
			for _, b := range result.Buckets {
				if b.Name == claim.Bucket {
					reason.Claims = b.Claimed
				}
			}
			for _, line := range result.Lines {
				if line.Agent == who && line.Bucket == claim.Bucket {
					reason.Amount = line.Amount
				}
			}
			all = append(all, reason)
		}
		behind := DistributionClaim{Claim: claim}
		if !claim.Event.IsZero() {
			if behind.Body, err = l.Event(ctx, claim.Event); err != nil {
				return nil, err
			}
			if behind.Provider, err = l.knownAgent(no, c, behind.Body.Body.Provider); err != nil {
				return nil, err
			}
		}
		at := &all[len(all)-1]
		at.Events = append(at.Events, behind)
	}
	return all, nil
}
