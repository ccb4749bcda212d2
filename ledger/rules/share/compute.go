package share

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// maxUnvalued bounds how many events without a value a result lists.
const maxUnvalued = 100

// Compute shares the amount of a round by the buckets of its charter. Past are all
// earlier rounds, oldest first: what they took and paid is computed again with
// their own rules, and with their lines as they were committed. The result depends
// on nothing but its arguments, and on no order among the facts. An error says
// that a round or the facts contradict themselves, or is one of the facts' own.
func Compute(f Facts, past []Round, now Round) (Result, error) {
	c, err := compute(f, past, now, nil)
	if err != nil {
		return Result{}, err
	}
	return c.result, nil
}

// computation is a round on its way to a result.
type computation struct {
	work    *work
	round   *round
	scale   int
	result  Result
	buckets []shared // in the order of the charter
	lines   map[lineKey]int64
	listed  [][]Unvalued // by bucket
}

type lineKey struct {
	bucket int
	agent  protocol.AgentID
}

// shared is what became of one bucket, in the smallest unit of the currency.
type shared struct {
	stage   *stage
	sheet   *sheet
	to      map[int32]int64 // by agent
	named   protocol.AgentID
	namedBy Basis
	rest    int64 // to named
}

// compute does what Compute says. It keeps the entries of those whom keep picks,
// for their explanation.
func compute(f Facts, past []Round, now Round, keep func(w *work) func(agent int32) bool) (*computation, error) {
	amount, err := unitsOf(now.Amount, now.Scale)
	if err != nil {
		return nil, fmt.Errorf("share: %w", err)
	}
	if amount < 0 {
		return nil, errors.New("share: an amount below zero cannot be shared")
	}
	w, err := newWork(f, past, now)
	if err != nil {
		return nil, fmt.Errorf("share: %w", err)
	}
	c := &computation{
		work: w, round: w.now(), scale: now.Scale, lines: map[lineKey]int64{},
		buckets: make([]shared, len(now.Charter.Buckets)), listed: make([][]Unvalued, len(now.Charter.Buckets)),
	}
	c.result.Buckets = make([]BucketResult, len(now.Charter.Buckets))
	var picks func(int32) bool
	if keep != nil {
		picks = keep(w)
	}
	c.warnUnknown()
	if err := c.share(amount, picks); err != nil {
		return nil, fmt.Errorf("share: %w", err)
	}
	c.finish()
	return c, nil
}

// own returns the exact share of each bucket of an amount, in the order of the
// charter, and that rounded; what no bucket gets is the last one.
func own(buckets []charter.Bucket, order []int, amount int64) ([]*big.Rat, []int64) {
	whole := new(big.Rat).SetInt64(amount)
	left := new(big.Rat).Set(whole)
	shares := make([]*big.Rat, len(buckets)+1)
	for _, remaining := range []bool{false, true} {
		for _, i := range order {
			if b := &buckets[i]; b.Remaining == remaining {
				of := whole
				if remaining {
					of = left
				}
				shares[i] = new(big.Rat).Mul(of, new(big.Rat).Quo(exact(b.Percent), big.NewRat(100, 1)))
				left = new(big.Rat).Sub(left, shares[i])
			}
		}
	}
	shares[len(buckets)] = left
	return shares, apportion(amount, shares)
}

// sharing returns the places of the buckets in the order in which they share:
// first those of the total, then those of what remains.
func sharing(buckets []charter.Bucket) []int {
	var order []int
	for _, remaining := range []bool{false, true} {
		for i := range buckets {
			if buckets[i].Remaining == remaining {
				order = append(order, i)
			}
		}
	}
	return order
}

func (c *computation) share(amount int64, keep func(int32) bool) error {
	buckets := c.round.Charter.Buckets
	order := sharing(buckets)
	exactly, own := own(buckets, order, amount)
	if own[len(buckets)] < 0 {
		return errors.New("the buckets of the total share more than all of it")
	}
	passed, pool := int64(0), own[len(buckets)]
	unit := new(big.Rat).Inv(pow10(c.scale))
	for _, i := range order {
		b := &buckets[i]
		units := own[i] + passed
		r := &c.result.Buckets[i]
		r.Name, r.Amount, r.Claimed = b.Name, c.amount(units), new(big.Rat)
		r.Share = new(big.Rat).Add(exactly[i], new(big.Rat).SetInt64(passed))
		r.Share.Mul(r.Share, unit)
		passed = 0
		spent, err := c.bucket(i, units, keep)
		if err != nil {
			return fmt.Errorf("bucket %q: %w", b.Name, err)
		}
		rest := units - spent
		switch {
		case b.Rest == charter.RestPool:
			pool += rest
		case b.Agent() != "":
			agent, err := c.agent(b.Agent())
			if err != nil {
				return fmt.Errorf("bucket %q: %w", b.Name, err)
			}
			c.give(i, agent, rest, Rest)
			spent = units
		default:
			passed = rest
		}
		r.Spent = c.amount(spent)
	}
	c.result.Remainder = c.amount(pool + passed)
	return nil
}

// agent returns whom a name of the charter means in the round that is computed.
func (c *computation) agent(name string) (protocol.AgentID, error) {
	id, known := c.round.Charter.IDs[name]
	if !known {
		return id, fmt.Errorf("the charter does not say who %q is", name)
	}
	return c.work.resolve(id), nil
}

// resolve returns whom an agent is in the round that is computed.
func (w *work) resolve(id protocol.AgentID) protocol.AgentID {
	if i, known := w.at[id]; known {
		return w.agents[w.now().owner[i]].ID
	}
	return id
}

func (c *computation) give(bucket int, agent protocol.AgentID, units int64, by Basis) {
	c.lines[lineKey{bucket, agent}] += units
	s := &c.buckets[bucket]
	s.named, s.namedBy, s.rest = agent, by, units
}

// bucket shares what a bucket has and returns how much of that is spent.
func (c *computation) bucket(i int, units int64, keep func(int32) bool) (spent int64, err error) {
	b := &c.round.Charter.Buckets[i]
	if refuses(*b, c.round.Round) {
		c.warn(OtherCurrency, b.Name, b.Currency)
		return 0, nil
	}
	if b.To != "" {
		agent, err := c.agent(b.To)
		if err != nil {
			return 0, err
		}
		c.give(i, agent, units, Named)
		return units, nil
	}
	at := slices.IndexFunc(c.round.stages, func(s *stage) bool { return s.bucket.Name == b.Name })
	if at < 0 {
		return 0, nil // without rules nobody has a claim
	}
	s := &c.buckets[i]
	s.stage = c.round.stages[at]
	book, err := c.work.replay(b.Name)
	if err != nil {
		return 0, err
	}
	if s.sheet, err = c.work.claim(c.round, s.stage, book, keep); err != nil {
		return 0, err
	}
	c.list(i, s)
	payees := c.payees(i, s, units)
	s.to = map[int32]int64{}
	for j, x := range split(units, payees) {
		if x > 0 {
			s.to[payees[j].agent] = x
			c.lines[lineKey{i, payees[j].id}] += x
			spent += x
		}
	}
	return spent, nil
}

// replay goes through the past rounds of the buckets of a name.
func (w *work) replay(name string) (*book, error) {
	b := &book{states: make([]*state, len(w.lots)), carry: map[int32]*big.Rat{}}
	for _, r := range w.rounds[:len(w.rounds)-1] {
		for _, s := range r.stages {
			if s.bucket.Name != name {
				continue
			}
			var keep func(int32) bool
			if !s.pricing.once {
				keep = func(int32) bool { return true }
			}
			sh, err := w.claim(r, s, b, keep)
			if err != nil {
				return nil, err
			}
			w.settle(r, s, b, sh.accounts)
			s.base, s.sources = nil, nil
		}
	}
	return b, nil
}

// payees returns who shares a bucket, and how.
func (c *computation) payees(i int, s *shared, units int64) []payee {
	b, r := &s.stage.bucket, &c.result.Buckets[i]
	scale := pow10(c.scale)
	var low, high *big.Rat
	if b.Min != nil {
		low = new(big.Rat).Mul(exact(*b.Min), scale)
	}
	if b.Max != nil {
		high = new(big.Rat).Mul(exact(*b.Max), scale)
	}
	if low != nil && high != nil && low.Cmp(high) > 0 {
		low = high
	}
	var all []payee
	var claimed []*big.Rat
	for agent, a := range s.sheet.accounts {
		if a == nil {
			continue
		}
		sum := a.sum()
		p := payee{agent: int32(agent), id: c.work.agents[agent].ID, weight: sum, low: low, high: high}
		limited := a.limited()
		if b.Policy == charter.Balanced {
			if sign(a.life) <= 0 {
				continue
			}
			limited = !a.lasting
		} else if sum.Sign() <= 0 {
			continue
		}
		if b.Policy == charter.Equal {
			p.weight = one
		}
		if sum.Sign() > 0 {
			claimed = append(claimed, sum)
		} else {
			sum = new(big.Rat)
		}
		if limited {
			limit := new(big.Rat).Mul(sum, scale)
			if low != nil && limit.Cmp(low) < 0 {
				limit = low
			}
			if high == nil || limit.Cmp(high) < 0 {
				p.high = limit
			}
		}
		all = append(all, p)
	}
	if b.Policy == charter.Balanced {
		c.balance(b.Name, s.sheet, units, all)
	}
	r.Claimed, r.Payees, r.Events = sumOf(claimed), len(all), s.sheet.events
	if n := new(big.Rat).SetInt64(int64(len(all))); low != nil && n.Mul(n, low).Cmp(new(big.Rat).SetInt64(units)) > 0 {
		n.Quo(n, scale)
		c.warn(MinimaShared, b.Name, n.FloatString(c.scale))
	}
	return all
}

// balance sets the weights of a balanced bucket: what each would have in all if
// everything that the bucket ever paid in this currency, and this amount, were
// shared by lifetime value, less what it has, but not below zero.
func (c *computation) balance(name string, sh *sheet, units int64, all []payee) {
	got, total := map[protocol.AgentID]*big.Rat{}, new(big.Rat).SetInt64(units)
	scale := pow10(c.scale)
	for _, r := range c.work.rounds[:len(c.work.rounds)-1] {
		if r.Currency != c.round.Currency {
			continue
		}
		for _, l := range r.Lines {
			if l.Bucket == name {
				x := new(big.Rat).Mul(exact(l.Amount), scale)
				agent := c.work.resolve(l.Agent)
				got[agent], total = add(got[agent], x), add(total, x)
			}
		}
	}
	lives := make([]*big.Rat, len(all))
	for i, p := range all {
		lives[i] = sh.accounts[p.agent].life
	}
	// Weights are multiplied by the sum of lives, so that nothing is divided by it.
	sum := sumOf(lives)
	for i := range all {
		p := &all[i]
		p.weight = new(big.Rat).Mul(total, lives[i])
		if x := got[p.id]; x != nil {
			p.weight.Sub(p.weight, new(big.Rat).Mul(x, sum))
		}
		if p.weight.Sign() < 0 {
			p.weight = new(big.Rat)
		}
	}
}

func (c *computation) amount(units int64) protocol.Amount {
	return protocol.Amount{N: units, Scale: int64(c.scale)}
}

func (c *computation) warn(code WarningCode, args ...string) {
	c.result.Warnings = append(c.result.Warnings, Warning{code, args})
}

// warnUnknown tells of rules that name what no event has to do with.
func (c *computation) warnUnknown() {
	kinds := c.work.facts.Kinds()
	known := map[WarningCode]map[string]bool{UnknownResource: {}, UnknownProcess: {}, UnknownPlan: {}}
	for i := range kinds {
		k := &kinds[i]
		for code, names := range map[WarningCode][]string{UnknownResource: k.Resources, UnknownProcess: k.Processes, UnknownPlan: k.Plans} {
			for _, name := range names {
				known[code][plain(name)] = true
			}
		}
	}
	for _, b := range c.round.Charter.Buckets {
		for i, r := range b.Rules {
			number := strconv.Itoa(i + 1)
			for _, t := range []struct {
				code WarningCode
				text string
			}{{UnknownResource, r.Resource}, {UnknownProcess, r.Process}, {UnknownPlan, r.Plan}} {
				if t.text != "" && !known[t.code][plain(t.text)] {
					c.warn(t.code, b.Name, number, t.text)
				}
			}
		}
	}
}

// list notes the events of a bucket that no rule can measure.
func (c *computation) list(bucket int, s *shared) {
	w := c.work
	if len(s.sheet.unvalued) == 0 {
		return
	}
	wanted := map[int32]bool{}
	for _, lot := range s.sheet.unvalued {
		wanted[int32(lot)] = true
		c.result.UnvaluedEvents += w.lots[lot].events
	}
	if w.lotOf == nil {
		w.gather(true)
	}
	var found []Unvalued
	for e, lot := range w.lotOf {
		if lot < 0 || !wanted[lot] {
			continue
		}
		n, _ := w.ruleOf(c.round, s.stage, w.root(e))
		u := Unvalued{Bucket: s.stage.bucket.Name, Rule: n, Event: w.events[e].ID}
		at, _ := slices.BinarySearchFunc(found, u, func(a, b Unvalued) int { return a.Event.Compare(b.Event) })
		if at < maxUnvalued {
			found = slices.Insert(found, at, u)
			found = found[:min(len(found), maxUnvalued)]
		}
	}
	c.listed[bucket] = found
}

func (c *computation) finish() {
	for _, found := range c.listed {
		c.result.Unvalued = append(c.result.Unvalued, found...)
	}
	c.result.Unvalued = c.result.Unvalued[:min(len(c.result.Unvalued), maxUnvalued)]
	order := func(a, b lineKey) int {
		return cmp.Or(cmp.Compare(a.bucket, b.bucket), a.agent.Compare(b.agent.EntryID))
	}
	for _, k := range slices.SortedFunc(maps.Keys(c.lines), order) {
		if x := c.lines[k]; x > 0 {
			name := c.round.Charter.Buckets[k.bucket].Name
			c.result.Lines = append(c.result.Lines, protocol.Line{Agent: k.agent, Amount: c.amount(x), Bucket: name})
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(c.round.alike), protocol.EntryID.Compare) {
		c.warn(CountedAlike, id.String())
	}
}
