package share

import (
	"math/big"

	"github.com/minga-commons/minga/ledger/rules/charter"
)

// sheet is the claims of a round in a bucket.
type sheet struct {
	accounts []*account // by agent
	events   int        // with a claim
	unvalued []int      // lots that no rule can measure
}

// claim finds the claims of a round in a bucket, and uses up those of once. In a
// past round it looks only at what later ones depend on. Entries are kept of
// those whom keep picks, if it is not nil.
func (w *work) claim(r *round, s *stage, b *book, keep func(agent int32) bool) (*sheet, error) {
	past := r.no < len(w.rounds)-1
	life := !past && s.bucket.Policy == charter.Balanced
	sh := &sheet{accounts: make([]*account, len(w.agents))}
	for agent, x := range b.carry {
		a := sh.of(r.owner[agent])
		a.carried, a.once = add(a.carried, x), add(a.once, x)
	}
	for i := range w.lots {
		l := &w.lots[i]
		if !w.counted[l.history][r.no] {
			continue
		}
		owner := r.owner[l.provider]
		n, contributes := w.rule(r, s, owner, l.class)
		if !contributes {
			continue
		}
		rule := &s.bucket.Rules[n]
		if rule.Claim == charter.Equity && int(l.since) <= s.since {
			continue
		}
		fraction := one
		if rule.Scope == charter.InTrace {
			if fraction = nil; l.event >= 0 {
				fraction = r.delivered[int(l.root)]
			}
			if sign(fraction) <= 0 {
				continue
			}
		}
		if past && s.pricing.plain && !r.signed[owner] && sh.accounts[owner] == nil {
			if s.pricing.price[n][l.units].by != unmeasured {
				b.take(i, fraction)
			}
			continue
		}
		quantity, full, err := w.worth(r, s, n, l)
		if err != nil {
			return nil, err
		}
		if full == nil {
			sh.unvalued = append(sh.unvalued, i)
			continue
		}
		e := entry{lot: int32(i), leaf: -1, rule: int32(n), quantity: quantity, fraction: fraction, full: full, part: one}
		st := b.states[i].in(r.Currency, full)
		e.claim, e.before = st.claims(rule.Claim, full, fraction)
		any := e.claim != nil
		if rule.Credit == charter.ToProvider {
			sh.of(owner).add(e, rule, keep != nil && keep(owner), life)
		} else if any, err = w.credit(r, s, l, e, st, sh, keep, life); err != nil {
			return nil, err
		}
		if any {
			sh.events += l.events
		}
		if past && rule.Claim == charter.Once {
			b.take(i, fraction)
		}
	}
	return sh, nil
}

func (sh *sheet) of(agent int32) *account {
	a := sh.accounts[agent]
	if a == nil {
		a = &account{}
		sh.accounts[agent] = a
	}
	return a
}

// worth returns the quantity of a lot in the unit of its rule and its full value,
// nil if it cannot be measured.
func (w *work) worth(r *round, s *stage, rule int, l *lot) (quantity, value *big.Rat, err error) {
	if l.event >= 0 {
		return w.alone(r, s, rule, int(l.root), int(l.event))
	}
	quantity, value = s.pricing.price[rule][l.units].of(l.effort, l.resource)
	return quantity, value, nil
}

// credit splits the claim of a lot over those who are behind what it uses, and
// reports whether anybody claims anything.
func (w *work) credit(r *round, s *stage, l *lot, e entry, st state, sh *sheet, keep func(int32) bool, life bool) (bool, error) {
	rule := &s.bucket.Rules[e.rule]
	leaves, err := w.behind(r, s, int(l.root))
	if err != nil {
		return false, err
	}
	if leaves == nil {
		owner := r.owner[l.provider]
		if w.agents[owner].Commons {
			return false, nil
		}
		sh.of(owner).add(e, rule, keep != nil && keep(owner), life)
		return e.claim != nil, nil
	}
	all := make([]entry, len(leaves))
	sum := new(big.Rat)
	for i, leaf := range leaves {
		p := e
		p.leaf, p.part = int32(leaf.event), leaf.part
		switch {
		case rule.Claim == charter.Debt:
			due := times(times(e.full, st.open(e.fraction)), leaf.part)
			p.before = st.to[p.leaf]
			p.claim = towards(e.full.Sign(), less(due, p.before))
		default:
			if e.claim != nil {
				p.claim = times(e.claim, leaf.part)
			}
			if e.before != nil {
				p.before = times(e.before, leaf.part)
			}
		}
		if p.claim != nil {
			sum.Add(sum, p.claim)
		}
		all[i] = p
	}
	// What others were paid while they were found behind is not due again.
	if over := e.claim == nil; sum.Sign() != 0 && (over || cmpAbs(sum, e.claim) > 0) {
		for i := range all {
			if over {
				all[i].claim = nil
			} else if all[i].claim != nil {
				all[i].claim = new(big.Rat).Mul(all[i].claim, new(big.Rat).Quo(e.claim, sum))
			}
		}
	}
	any := false
	for i, p := range all {
		owner := r.owner[w.events[leaves[i].event].Provider]
		sh.of(owner).add(p, rule, keep != nil && keep(owner), life)
		any = any || p.claim != nil
	}
	return any, nil
}
