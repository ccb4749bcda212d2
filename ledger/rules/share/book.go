package share

import (
	"math/big"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// book is what earlier rounds left of the claims in the buckets of one name.
type book struct {
	states []*state           // by lot; nil: nothing taken or paid
	carry  map[int32]*big.Rat // by agent: what sums below zero left
}

// state is what earlier rounds took and paid of a lot.
type state struct {
	taken    *big.Rat           // fraction used up by claims of once
	paid     *big.Rat           // as debt
	to       map[int32]*big.Rat // part of paid that went to those behind, by their event
	worth    *big.Rat           // full value when it was paid last
	currency string             // of paid
}

// in returns the state with what was paid in terms of a value in a currency: what
// was paid in another one counts as the part of the value that it was then.
func (s *state) in(currency string, full *big.Rat) state {
	if s == nil {
		return state{}
	}
	if s.paid == nil || s.currency == currency {
		return *s
	}
	if full.Sign() == 0 || s.worth.Sign() == 0 {
		return state{taken: s.taken}
	}
	rate := new(big.Rat).Quo(full, s.worth)
	t := state{taken: s.taken, paid: new(big.Rat).Mul(s.paid, rate), worth: full, currency: currency}
	for leaf, x := range s.to {
		if t.to == nil {
			t.to = map[int32]*big.Rat{}
		}
		t.to[leaf] = new(big.Rat).Mul(x, rate)
	}
	return t
}

// open returns what is left of a fraction that earlier rounds used up in part.
func (s state) open(fraction *big.Rat) *big.Rat {
	if s.taken == nil {
		return fraction
	}
	left := new(big.Rat).Sub(fraction, s.taken)
	if left.Sign() < 0 {
		left.SetInt64(0)
	}
	return left
}

// settled returns what part of the value was paid as debt, nil if none was.
func (s state) settled() *big.Rat {
	if s.paid == nil || s.worth.Sign() == 0 {
		return nil
	}
	return new(big.Rat).Quo(s.paid, s.worth)
}

// claims returns what a lot claims in all, and what earlier rounds took or paid.
// Full is its value, and never nil; what is claimed has its sign or is nil.
func (s state) claims(claim charter.Claim, full, fraction *big.Rat) (claimed, before *big.Rat) {
	switch claim {
	case charter.Equity:
		claimed = times(full, fraction)
	case charter.Debt:
		claimed = less(times(full, s.open(fraction)), s.paid)
		before = s.paid
		if s.taken != nil {
			before = add(before, new(big.Rat).Mul(full, s.taken))
		}
	default:
		if s.taken == nil && s.paid == nil {
			claimed = times(full, fraction)
			break
		}
		open := s.open(fraction)
		if part := s.settled(); part != nil {
			open = new(big.Rat).Sub(open, part)
			if open.Sign() < 0 {
				open.SetInt64(0)
			}
		}
		if open.Sign() > 0 {
			claimed = times(full, open)
		} else {
			claimed = new(big.Rat)
		}
		before = less(times(full, fraction), claimed)
	}
	return towards(full.Sign(), claimed), before
}

// take uses up a fraction of a lot.
func (b *book) take(lot int, fraction *big.Rat) {
	s := b.states[lot]
	if s == nil {
		b.states[lot] = &state{taken: fraction}
		return
	}
	if part := s.settled(); part != nil {
		fraction = new(big.Rat).Sub(fraction, part)
	}
	if s.taken == nil || s.taken.Cmp(fraction) < 0 {
		s.taken = fraction
	}
}

// pay notes what was paid of a claim of debt.
func (b *book) pay(e *entry, x *big.Rat, currency string) {
	s := b.states[e.lot]
	if s == nil {
		s = &state{}
		b.states[e.lot] = s
	}
	if s.currency != currency {
		*s = s.in(currency, e.full)
	}
	s.paid, s.worth, s.currency = add(s.paid, x), e.full, currency
	if e.leaf >= 0 {
		if s.to == nil {
			s.to = map[int32]*big.Rat{}
		}
		s.to[e.leaf] = add(s.to[e.leaf], x)
	}
}

// entry is what a lot, or the part of it that one event behind it is credited
// with, claims in a round.
type entry struct {
	lot, leaf int32 // leaf is the place of an event, -1 if the provider is credited
	rule      int32
	quantity  *big.Rat // of the lot
	fraction  *big.Rat
	full      *big.Rat // value of the lot
	part      *big.Rat // of the lot's value
	before    *big.Rat // nil if nothing
	claim     *big.Rat // nil if nothing
}

// value returns the value of what counts in the round.
func (e *entry) value() *big.Rat { return times(times(e.full, e.fraction), e.part) }

// account is what one payee claims in a bucket.
type account struct {
	once, debt, equity *big.Rat // sums, nil if there is nothing
	carried            *big.Rat // of once: left by earlier rounds
	life               *big.Rat // lifetime value
	lasting            bool     // some of that is not of debt
	entries            []entry
}

func (a *account) add(e entry, rule *charter.Rule, keep, life bool) {
	if life {
		a.life = add(a.life, e.value())
		a.lasting = a.lasting || rule.Claim != charter.Debt
	}
	switch rule.Claim {
	case charter.Equity:
		a.equity = add(a.equity, e.claim)
	case charter.Debt:
		a.debt = add(a.debt, e.claim)
	default:
		a.once = add(a.once, e.claim)
	}
	if keep {
		a.entries = append(a.entries, e)
	}
}

// sum returns all that is claimed, below zero if corrections are more.
func (a *account) sum() *big.Rat {
	if s := add(add(a.once, a.debt), a.equity); s != nil {
		return s
	}
	return new(big.Rat)
}

// limited reports whether no more than the sum may be paid: all of it is debt.
func (a *account) limited() bool { return sign(add(a.once, a.equity)) <= 0 }

// settle notes what a round paid.
func (w *work) settle(r *round, s *stage, b *book, accounts []*account) {
	lines := map[protocol.AgentID]*big.Rat{}
	for _, l := range r.Lines {
		if l.Bucket == s.bucket.Name {
			lines[l.Agent] = add(lines[l.Agent], exact(l.Amount))
		}
	}
	b.carry = map[int32]*big.Rat{}
	for i, a := range accounts {
		if a == nil {
			continue
		}
		sum := a.sum()
		if sum.Sign() <= 0 {
			if sign(a.once) != 0 {
				b.carry[int32(i)] = a.once
			}
			continue
		}
		part := new(big.Rat)
		if x := lines[w.agents[i].ID]; x != nil {
			if part.Quo(x, sum); part.Cmp(one) > 0 {
				part = one
			}
		}
		if sign(a.once) < 0 && part != one {
			b.carry[int32(i)] = new(big.Rat).Mul(a.once, new(big.Rat).Sub(one, part))
		}
		if part.Sign() == 0 {
			continue
		}
		for j := range a.entries {
			e := &a.entries[j]
			if e.claim != nil && s.bucket.Rules[e.rule].Claim == charter.Debt {
				b.pay(e, times(e.claim, part), r.Currency)
			}
		}
	}
}
