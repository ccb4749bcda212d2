package share

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// Explain computes a round like Compute, and says of one agent why it gets what it
// gets: its claims, in the order of the buckets and by event within each. The
// amounts of the claims of a bucket sum to the agent's line, the claims to what it
// claims there. In a balanced bucket the line is divided by lifetime value, in the
// others by claim.
func Explain(f Facts, past []Round, now Round, agent protocol.AgentID) (Result, []Claim, error) {
	place := int32(-1)
	c, err := compute(f, past, now, func(w *work) func(int32) bool {
		if i, known := w.at[agent]; known {
			place = w.now().owner[i]
			agent = w.agents[place].ID
		}
		return func(i int32) bool { return i == place }
	})
	if err != nil {
		return Result{}, nil, err
	}
	if place >= 0 && c.work.lotOf == nil {
		c.work.gather(true)
	}
	var all []Claim
	for i := range c.buckets {
		s := &c.buckets[i]
		name := c.round.Charter.Buckets[i].Name
		if s.sheet != nil && place >= 0 && s.sheet.accounts[place] != nil {
			claims, err := c.explain(s, s.sheet.accounts[place], s.to[place])
			if err != nil {
				return Result{}, nil, fmt.Errorf("share: bucket %q: %w", name, err)
			}
			all = append(all, claims...)
		}
		if s.namedBy != ByEvent && s.named == agent && s.rest > 0 {
			all = append(all, Claim{Basis: s.namedBy, Bucket: name, Claim: new(big.Rat), Amount: c.amount(s.rest)})
		}
	}
	return c.result, all, nil
}

// explain divides what an account was paid over the events that it is for.
func (c *computation) explain(s *shared, a *account, units int64) ([]Claim, error) {
	var claims []Claim
	var weights []weight
	if a.carried != nil {
		claims = append(claims, Claim{Basis: Carried, Bucket: s.stage.bucket.Name, Claim: a.carried})
		weights = append(weights, weight{claim: a.carried})
	}
	members := c.members(a)
	for i := range a.entries {
		e := &a.entries[i]
		for _, event := range members[e.lot] {
			claim, err := c.claimOf(s, e, event)
			if err != nil {
				return nil, err
			}
			claims = append(claims, claim)
			debt := s.stage.bucket.Rules[e.rule].Claim == charter.Debt
			weights = append(weights, weight{claim: claim.Claim, value: claim.Value, debt: debt})
		}
	}
	order := make([]int, len(claims))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int {
		return cmp.Or(claims[x].Event.Compare(claims[y].Event), claims[x].Of.Compare(claims[y].Of))
	})
	sorted := make([]Claim, len(claims))
	byOrder := make([]weight, len(claims))
	for i, at := range order {
		sorted[i], byOrder[i] = claims[at], weights[at]
	}
	paid := divide(units, pow10(c.scale), byOrder, s.stage.bucket.Policy == charter.Balanced)
	for i := range sorted {
		sorted[i].Amount = c.amount(paid[i])
	}
	return sorted, nil
}

// members returns the events of the lots of an account.
func (c *computation) members(a *account) map[int32][]int {
	all := map[int32][]int{}
	for i := range a.entries {
		all[a.entries[i].lot] = nil
	}
	for e, lot := range c.work.lotOf {
		if lot < 0 {
			continue
		}
		if list, wanted := all[lot]; wanted {
			all[lot] = append(list, e)
		}
	}
	return all
}

// claimOf returns what one event of a lot has of the lot's entry: its part by
// quantity.
func (c *computation) claimOf(s *shared, e *entry, event int) (Claim, error) {
	w := c.work
	ev := &w.events[event]
	claim := Claim{
		Event: ev.ID, Bucket: s.stage.bucket.Name, Rule: int(e.rule),
		Quantity: e.quantity, Fraction: e.fraction, Part: e.part,
		Value: e.value(), Before: new(big.Rat), Claim: new(big.Rat),
	}
	if e.before != nil {
		claim.Before = e.before
	}
	if e.claim != nil {
		claim.Claim = e.claim
	}
	if ev.Corrects >= 0 {
		claim.Corrects = w.events[ev.Corrects].ID
	}
	if e.leaf >= 0 {
		claim.Event, claim.Of, claim.Corrects = w.events[e.leaf].ID, ev.ID, protocol.EntryID{}
	}
	if w.lots[e.lot].events == 1 {
		return claim, nil
	}
	quantity, value, err := w.alone(c.round, s.stage, int(e.rule), w.root(event), event)
	if err != nil {
		return claim, err
	}
	claim.Quantity = quantity
	part := new(big.Rat)
	if e.full.Sign() != 0 {
		part.Quo(value, e.full)
	} else if e.quantity.Sign() != 0 {
		part.Quo(quantity, e.quantity)
	}
	claim.Value = new(big.Rat).Mul(claim.Value, part)
	claim.Before = new(big.Rat).Mul(claim.Before, part)
	claim.Claim = new(big.Rat).Mul(claim.Claim, part)
	return claim, nil
}

// weight is what an event has of an account.
type weight struct {
	claim, value *big.Rat // value is nil of what was carried
	debt         bool
}

// divide divides the units of a payee over what they are for. Debts get no more
// than they claim: what exceeds all claims goes to the others.
func divide(units int64, scale *big.Rat, all []weight, byValue bool) []int64 {
	line := new(big.Rat).SetInt64(units)
	sum, debts := new(big.Rat), new(big.Rat)
	for _, x := range all {
		if byValue {
			sum = add(sum, x.value)
			continue
		}
		sum = add(sum, x.claim)
		if x.debt {
			debts = add(debts, x.claim)
		}
	}
	if sum.Sign() <= 0 {
		return make([]int64, len(all))
	}
	others := new(big.Rat).Sub(sum, debts)
	over := !byValue && others.Sign() > 0 && line.Cmp(new(big.Rat).Mul(sum, scale)) > 0
	parts := make([]*big.Rat, len(all))
	for i, x := range all {
		switch {
		case over && x.debt:
			parts[i] = new(big.Rat).Mul(x.claim, scale)
		case over:
			left := new(big.Rat).Sub(line, new(big.Rat).Mul(debts, scale))
			parts[i] = left.Mul(left, new(big.Rat).Quo(x.claim, others))
		case byValue && x.value == nil:
			parts[i] = new(big.Rat)
		case byValue:
			parts[i] = new(big.Rat).Mul(line, new(big.Rat).Quo(x.value, sum))
		default:
			parts[i] = new(big.Rat).Mul(line, new(big.Rat).Quo(x.claim, sum))
		}
	}
	return apportion(units, parts)
}
