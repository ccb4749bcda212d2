package share_test

import (
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// naive is the value equation a second time: event by event, with a fraction for
// everything, and the factor of a split found by trying every set of payees at
// their bounds. It has no percents, no sources and no bindings.
type naive struct {
	v     *village
	past  []share.Round
	taken map[int]*big.Rat // by event
	paid  map[int]*big.Rat // by event
	worth map[int]*big.Rat // by event: full value when it was paid last
	carry map[int]*big.Rat // by agent
	got   map[protocol.AgentID]*big.Rat
}

func rat(a protocol.Amount) *big.Rat { return ratio(a.String()) }

func plus(x, y *big.Rat) *big.Rat {
	if x == nil {
		x = new(big.Rat)
	}
	if y == nil {
		y = new(big.Rat)
	}
	return new(big.Rat).Add(x, y)
}

type naiveClaim struct {
	event int
	rule  charter.Rule
	claim *big.Rat
	life  *big.Rat
	full  *big.Rat
}

// claims returns the claims of everybody in a round, by agent.
func (n *naive) claims(no int, d charter.Document, b charter.Bucket) map[int][]naiveClaim {
	all := map[int][]naiveClaim{}
	for i, e := range n.v.events {
		root, counts := i, n.v.Counts(no, i)
		for n.v.events[root].Corrects >= 0 {
			root = n.v.events[root].Corrects
			counts = counts && n.v.Counts(no, root)
		}
		of := n.v.events[root]
		a := n.v.agents[of.Provider]
		if !counts || a.Commons {
			continue
		}
		for _, r := range b.Rules {
			if r.Who == charter.Members && !a.Member || !n.v.kinds[of.Kind].Fits(r.Filter) {
				continue
			}
			f := ratio("1")
			if r.Scope == charter.InTrace {
				f = plus(n.v.went[no][root], nil)
			}
			_, full, ok := share.Worth(d.Streams, r, n.v.kinds[e.Kind], e.Effort, e.Resource)
			if !ok || f.Sign() == 0 {
				break
			}
			life := new(big.Rat).Mul(full, f)
			var claim *big.Rat
			switch r.Claim {
			case charter.Equity:
				claim = life
			case charter.Debt:
				claim = new(big.Rat).Mul(full, n.left(f, n.taken[i]))
				claim.Sub(claim, plus(n.paid[i], nil))
			default:
				claim = new(big.Rat).Mul(full, n.left(f, plus(n.taken[i], n.settled(i))))
			}
			if claim.Sign() != full.Sign() {
				claim = new(big.Rat)
			}
			all[of.Provider] = append(all[of.Provider], naiveClaim{i, r, claim, life, full})
			if r.Claim == charter.Once {
				n.taken[i] = plus(n.taken[i], n.left(f, plus(n.taken[i], n.settled(i))))
			}
			break
		}
	}
	return all
}

// left returns what is left of a fraction.
func (n *naive) left(of, taken *big.Rat) *big.Rat {
	if x := new(big.Rat).Sub(of, plus(taken, nil)); x.Sign() > 0 {
		return x
	}
	return new(big.Rat)
}

// settled returns what part of an event was paid as debt.
func (n *naive) settled(event int) *big.Rat {
	if n.paid[event] == nil || n.worth[event].Sign() == 0 {
		return new(big.Rat)
	}
	return new(big.Rat).Quo(n.paid[event], n.worth[event])
}

// sums returns the sum of an agent's claims, and that of those which are not debt.
func (n *naive) sums(agent int, claims []naiveClaim) (sum, once, others *big.Rat) {
	once = plus(n.carry[agent], nil)
	others = plus(nil, nil)
	sum = plus(nil, nil)
	for _, c := range claims {
		sum.Add(sum, c.claim)
		if c.rule.Claim == charter.Once {
			once.Add(once, c.claim)
		}
		if c.rule.Claim == charter.Equity {
			others.Add(others, c.claim)
		}
	}
	sum = plus(sum, n.carry[agent])
	return sum, once, plus(once, others)
}

// run replays the past rounds of a bucket and shares units of the last one.
func (n *naive) run(now share.Round, bucket int, units int64) map[int]int64 {
	n.worth = map[int]*big.Rat{}
	n.taken, n.paid, n.carry, n.got = map[int]*big.Rat{}, map[int]*big.Rat{}, map[int]*big.Rat{}, map[protocol.AgentID]*big.Rat{}
	name := now.Charter.Buckets[bucket].Name
	for no, r := range n.past {
		for _, b := range r.Charter.Buckets {
			if b.Name == name {
				n.replay(no, r, b)
			}
		}
	}
	b := now.Charter.Buckets[bucket]
	return n.split(b, n.claims(len(n.past), now.Charter, b), units)
}

func (n *naive) replay(no int, r share.Round, b charter.Bucket) {
	claims := n.claims(no, r.Charter, b)
	for agent := range n.v.agents {
		sum, once, _ := n.sums(agent, claims[agent])
		line := new(big.Rat)
		for _, l := range r.Lines {
			if l.Bucket == b.Name && l.Agent == n.v.agents[agent].ID {
				line = plus(line, rat(l.Amount))
			}
		}
		n.got[n.v.agents[agent].ID] = plus(n.got[n.v.agents[agent].ID], line)
		if sum.Sign() <= 0 {
			n.carry[agent] = once
			continue
		}
		part := new(big.Rat).Quo(line, sum)
		if part.Cmp(ratio("1")) > 0 {
			part = ratio("1")
		}
		n.carry[agent] = new(big.Rat)
		if once.Sign() < 0 {
			n.carry[agent] = new(big.Rat).Mul(once, new(big.Rat).Sub(ratio("1"), part))
		}
		for _, c := range claims[agent] {
			if c.rule.Claim == charter.Debt && c.claim.Sign() != 0 && line.Sign() > 0 {
				n.worth[c.event] = c.full
				n.paid[c.event] = plus(n.paid[c.event], new(big.Rat).Mul(c.claim, part))
			}
		}
	}
}

// split shares cents.
func (n *naive) split(b charter.Bucket, claims map[int][]naiveClaim, units int64) map[int]int64 {
	hundred, whole := ratio("100"), new(big.Rat).SetInt64(units)
	weight, low, high := map[int]*big.Rat{}, map[int]*big.Rat{}, map[int]*big.Rat{}
	var payees []int
	lives, paid := new(big.Rat), plus(whole, nil)
	life := map[int]*big.Rat{}
	for agent, list := range claims {
		for _, c := range list {
			life[agent] = plus(life[agent], c.life)
		}
		if plus(life[agent], nil).Sign() > 0 {
			lives = plus(lives, life[agent])
		}
	}
	for _, x := range n.got {
		paid = plus(paid, new(big.Rat).Mul(x, hundred))
	}
	for agent, a := range n.v.agents {
		sum, _, lasting := n.sums(agent, claims[agent])
		limited := lasting.Sign() <= 0
		switch b.Policy {
		case charter.Balanced:
			if life[agent] == nil || life[agent].Sign() <= 0 {
				continue
			}
			limited = !slices.ContainsFunc(claims[agent], func(c naiveClaim) bool { return c.rule.Claim != charter.Debt })
			u := new(big.Rat).Mul(paid, new(big.Rat).Quo(life[agent], lives))
			if u.Sub(u, new(big.Rat).Mul(plus(n.got[a.ID], nil), hundred)); u.Sign() < 0 {
				u = new(big.Rat)
			}
			weight[agent] = u
		case charter.Equal:
			weight[agent] = ratio("1")
		default:
			weight[agent] = sum
		}
		if sum.Sign() <= 0 && b.Policy != charter.Balanced {
			continue
		}
		payees = append(payees, agent)
		low[agent] = new(big.Rat)
		if b.Min != nil {
			low[agent] = new(big.Rat).Mul(rat(*b.Min), hundred)
		}
		bound := func(x *big.Rat) {
			if high[agent] == nil || x.Cmp(high[agent]) < 0 {
				high[agent] = x
			}
		}
		if limited {
			limit := new(big.Rat).Mul(plus(sum, nil), hundred)
			if limit.Cmp(low[agent]) < 0 {
				limit = low[agent]
			}
			bound(limit)
		}
		if b.Max != nil {
			bound(new(big.Rat).Mul(rat(*b.Max), hundred))
		}
	}
	x := n.pour(payees, weight, low, high, whole)
	return n.round(payees, weight, x, high, units)
}

// pour fixes one payee after another at a bound, until the others fit theirs.
func (n *naive) pour(payees []int, weight, low, high map[int]*big.Rat, whole *big.Rat) map[int]*big.Rat {
	x := map[int]*big.Rat{}
	lows := new(big.Rat)
	for _, p := range payees {
		lows.Add(lows, low[p])
	}
	if lows.Cmp(whole) > 0 {
		for _, p := range payees {
			x[p] = new(big.Rat).Mul(whole, new(big.Rat).Quo(low[p], lows))
		}
		return x
	}
	at := func(factor *big.Rat, p int) *big.Rat {
		y := new(big.Rat).Mul(factor, weight[p])
		if y.Cmp(low[p]) < 0 {
			y = low[p]
		}
		if high[p] != nil && y.Cmp(high[p]) > 0 {
			y = high[p]
		}
		return y
	}
	sum := func(factor *big.Rat) *big.Rat {
		s := new(big.Rat)
		for _, p := range payees {
			s.Add(s, at(factor, p))
		}
		return s
	}
	// The factor lies between the last mark that gives too little and the next.
	marks := []*big.Rat{new(big.Rat)}
	for _, p := range payees {
		if weight[p].Sign() > 0 {
			marks = append(marks, new(big.Rat).Quo(low[p], weight[p]))
			if high[p] != nil {
				marks = append(marks, new(big.Rat).Quo(high[p], weight[p]))
			}
		}
	}
	slices.SortFunc(marks, (*big.Rat).Cmp)
	best := marks[0]
	for _, m := range marks {
		if sum(m).Cmp(whole) <= 0 {
			best = m
		}
	}
	step := ratio("1")
	slope := new(big.Rat).Sub(sum(plus(best, step)), sum(best))
	for range 200 { // small enough that no mark lies between
		half := new(big.Rat).Mul(step, ratio("1/2"))
		again := new(big.Rat).Sub(sum(plus(best, half)), sum(best))
		if again.Sign() == 0 && slope.Sign() == 0 || new(big.Rat).Mul(again, ratio("2")).Cmp(slope) == 0 && n.clear(best, plus(best, step), marks) {
			break
		}
		step, slope = half, again
	}
	factor := best
	if slope.Sign() > 0 {
		left := new(big.Rat).Sub(whole, sum(best))
		factor = plus(best, left.Mul(left, new(big.Rat).Quo(step, slope)))
	}
	for _, p := range payees {
		x[p] = at(factor, p)
	}
	return x
}

func (n *naive) clear(from, to *big.Rat, marks []*big.Rat) bool {
	return !slices.ContainsFunc(marks, func(m *big.Rat) bool { return m.Cmp(from) > 0 && m.Cmp(to) < 0 })
}

func (n *naive) round(payees []int, weight, x, high map[int]*big.Rat, units int64) map[int]int64 {
	got, rest, left := map[int]int64{}, map[int]*big.Rat{}, units
	for _, p := range payees {
		got[p] = new(big.Int).Quo(x[p].Num(), x[p].Denom()).Int64()
		rest[p] = new(big.Rat).Sub(x[p], new(big.Rat).SetInt64(got[p]))
		left -= got[p]
	}
	for given := map[int]bool{}; left > 0; {
		best := -1
		for _, p := range payees {
			if given[p] || weight[p].Sign() == 0 && rest[p].Sign() == 0 || high[p] != nil && new(big.Rat).SetInt64(got[p]+1).Cmp(high[p]) > 0 {
				continue
			}
			if best < 0 || rest[p].Cmp(rest[best]) > 0 || rest[p].Cmp(rest[best]) == 0 && n.v.agents[p].ID.Compare(n.v.agents[best].ID.EntryID) < 0 {
				best = p
			}
		}
		if best < 0 {
			if len(given) == 0 {
				break
			}
			given = map[int]bool{}
			continue
		}
		got[best], given[best], left = got[best]+1, true, left-1
	}
	return got
}
