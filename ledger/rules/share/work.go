package share

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// work is one computation. Events that fare alike in every round are taken
// together as lots: what becomes of a claim is in proportion to its quantity, so
// that one sum stands for all of them.
type work struct {
	facts  Facts
	events []Event
	agents []Agent
	at     map[protocol.AgentID]int // place among agents
	rounds []*round                 // the last one is computed

	pricings pricings
	since    []protocol.Time // ascending: from when on some equity counts
	lots     []lot
	lotOf    []int32       // by event, -1 for none; nil unless asked for
	counted  [][]bool      // by history: whether it counts in each round
	signed   []bool        // by agent: has something with a quantity below zero
	fixes    map[int][]int // by event: its corrections, and theirs
}

// round is a Round with what is asked of the facts for it.
type round struct {
	Round
	no        int
	owner     []int32 // by agent
	signed    []bool  // by owner
	delivered map[int]*big.Rat
	stages    []*stage
	behind    map[int]Fractions // by event
	into      map[protocol.EntryID]Fractions
	alike     map[protocol.EntryID]bool // processes whose outputs counted alike
}

// stage is a bucket with rules in a round.
type stage struct {
	bucket  charter.Bucket
	pricing *pricing
	since   int // claims of equity need more of work.since than this, -1 if none
	base    map[protocol.EntryID]*big.Rat
	sources *sources
}

// lot is events that fare alike: of one provider, under the same rules in the
// same rounds.
type lot struct {
	lotKey
	effort, resource rules.Total
	events           int
}

type lotKey struct {
	provider, class, units int32
	history, since         int32
	effort, resource       int8  // signs
	event, root            int32 // of a lot of one event, else -1
}

func newWork(f Facts, past []Round, now Round) (*work, error) {
	w := &work{facts: f, events: f.Events(), agents: f.Agents(), at: map[protocol.AgentID]int{}}
	for i, a := range w.agents {
		w.at[a.ID] = i
	}
	for i, r := range slices.Concat(past, []Round{now}) {
		one := &round{Round: r, no: i, behind: map[int]Fractions{}, into: map[protocol.EntryID]Fractions{}, alike: map[protocol.EntryID]bool{}}
		for _, b := range r.Charter.Buckets {
			used := slices.ContainsFunc(now.Charter.Buckets, func(c charter.Bucket) bool { return c.Name == b.Name && len(c.Rules) > 0 })
			if used && len(b.Rules) > 0 && !refuses(b, r) {
				one.stages = append(one.stages, &stage{bucket: b, pricing: w.pricings.find(r.Charter, b), since: -1})
			}
		}
		w.rounds = append(w.rounds, one)
	}
	w.pricings.apply(f.Kinds())
	w.equitySince()
	if err := w.deliver(); err != nil {
		return nil, err
	}
	w.gather(false)
	w.own()
	return w, nil
}

// refuses reports whether a bucket is of another currency than a round.
func refuses(b charter.Bucket, r Round) bool { return b.Currency != "" && b.Currency != r.Currency }

func (w *work) now() *round { return w.rounds[len(w.rounds)-1] }

func (w *work) equitySince() {
	each := func(fn func(*stage, protocol.Time)) {
		for _, r := range w.rounds {
			for _, s := range r.stages {
				if at, given := r.Since[s.bucket.Name]; given {
					fn(s, at)
				}
			}
		}
	}
	each(func(_ *stage, at protocol.Time) { w.since = append(w.since, at) })
	slices.Sort(w.since)
	w.since = slices.Compact(w.since)
	each(func(s *stage, at protocol.Time) { s.since, _ = slices.BinarySearch(w.since, at) })
}

// deliver asks what was delivered where a rule wants to know.
func (w *work) deliver() error {
	for _, r := range w.rounds {
		traced := slices.ContainsFunc(r.stages, func(s *stage) bool {
			return slices.ContainsFunc(s.bucket.Rules, func(r charter.Rule) bool { return r.Scope == charter.InTrace })
		})
		if !traced {
			continue
		}
		f, err := w.facts.Delivered(r.no)
		if err != nil {
			return fmt.Errorf("tracing what was delivered: %w", err)
		}
		r.delivered = f.Of
		r.note(f)
	}
	return nil
}

func (r *round) note(f Fractions) {
	for _, id := range f.Unweighted {
		r.alike[id] = true
	}
}

// root returns the event that a correction is of in the end, and of an event
// itself.
func (w *work) root(event int) int {
	for range w.events {
		up := w.events[event].Corrects
		if up < 0 || up >= len(w.events) {
			break
		}
		event = up
	}
	return event
}

// counts reports whether an event counts in a round, and all that it corrects.
func (w *work) counts(round, event int) bool {
	for range len(w.events) + 1 {
		if !w.facts.Counts(round, event) {
			return false
		}
		up := w.events[event].Corrects
		if up < 0 || up >= len(w.events) {
			return true
		}
		event = up
	}
	return false
}

// gather puts events into lots. With index it remembers which is where.
func (w *work) gather(index bool) {
	w.lots, w.counted, w.signed = nil, nil, make([]bool, len(w.agents))
	if index {
		w.lotOf = make([]int32, len(w.events))
	}
	traced := map[int]bool{}
	for _, r := range w.rounds {
		for e := range r.delivered {
			traced[e] = true
		}
	}
	places := map[lotKey]int32{}
	tree := histories{rounds: w.rounds, next: [][2]int32{{}}}
	for i := range w.events {
		if index {
			w.lotOf[i] = -1
		}
		e, root := &w.events[i], i
		if e.Corrects >= 0 {
			root = w.root(i)
		}
		of := &w.events[root]
		class := w.pricings.classOf[of.Kind]
		c := &w.pricings.classes[class]
		if !c.matched {
			continue
		}
		k := lotKey{
			provider: int32(of.Provider), class: class, units: w.pricings.unitsOf[e.Kind], history: tree.of(w, i),
			effort: signOf(e.Effort), resource: signOf(e.Resource), event: -1, root: -1,
		}
		if k.history < 0 {
			continue
		}
		for int(k.since) < len(w.since) && w.since[k.since] <= of.Time {
			k.since++
		}
		if c.apart || c.traced && traced[root] {
			k.event, k.root = int32(i), int32(root)
		}
		at, known := int32(len(w.lots)), false
		if k.event < 0 {
			at, known = places[k]
		}
		if !known {
			at = int32(len(w.lots))
			w.lots = append(w.lots, lot{lotKey: k})
			if k.event < 0 {
				places[k] = at
			}
		}
		l := &w.lots[at]
		l.effort, l.resource, l.events = l.effort.Add(e.Effort), l.resource.Add(e.Resource), l.events+1
		if index {
			w.lotOf[i] = at
		}
		if k.effort < 0 || k.resource < 0 {
			w.signed[k.provider] = true
		}
	}
	w.counted = tree.counted
}

func signOf(t rules.Total) int8 {
	switch {
	case t.IsNegative():
		return -1
	case t.IsZero():
		return 0
	}
	return 1
}

// histories tells in which rounds events count. Equal histories have one number.
type histories struct {
	rounds  []*round
	next    [][2]int32 // nodes of a tree, a step for each round
	counted [][]bool
}

// of returns the number of an event's history, -1 if it never counts where it
// matters.
func (h *histories) of(w *work, event int) int32 {
	at, ever := int32(0), false
	last := len(h.rounds) - 1
	for i, r := range h.rounds {
		bit := 0
		if len(r.stages) > 0 && w.counts(i, event) {
			bit, ever = 1, true
		}
		to := h.next[at][bit]
		if to == 0 {
			if i == last {
				if !ever {
					return -1
				}
				h.counted = append(h.counted, nil)
				to = int32(len(h.counted))
			} else {
				h.next = append(h.next, [2]int32{})
				to = int32(len(h.next) - 1)
			}
			h.next[at][bit] = to
		}
		at = to
	}
	if !ever {
		return -1
	}
	if h.counted[at-1] == nil {
		bits := make([]bool, len(h.rounds))
		for i, r := range h.rounds {
			bits[i] = len(r.stages) > 0 && w.counts(i, event)
		}
		h.counted[at-1] = bits
	}
	return at - 1
}

// own asks who everybody is in each round.
func (w *work) own() {
	for _, r := range w.rounds {
		r.owner, r.signed = make([]int32, len(w.agents)), make([]bool, len(w.agents))
		for i := range w.agents {
			o := w.facts.Owner(r.no, i)
			r.owner[i] = int32(o)
			r.signed[o] = r.signed[o] || w.signed[i]
		}
	}
}

// net returns what an event alone is worth under the rules of a stage, with its
// corrections and whatever their scope and claim, never below zero. It is nil if
// the event does not count, is no contribution or cannot be measured, or if its
// rule has a percent and shares is false. The rule is that under which it falls.
func (w *work) net(r *round, s *stage, event int, percents bool) (*big.Rat, *charter.Rule, error) {
	n, member := w.ruleOf(r, s, event)
	if n < 0 || !member || !w.counts(r.no, event) {
		return nil, nil, nil
	}
	rule := &s.bucket.Rules[n]
	if rule.Percent != nil && !percents {
		return nil, nil, nil
	}
	sum := new(big.Rat)
	for _, e := range append([]int{event}, w.corrections()[event]...) {
		if e != event && !w.counts(r.no, e) {
			continue
		}
		_, v, err := w.alone(r, s, n, event, e)
		if err != nil {
			return nil, nil, err
		}
		if v == nil && e == event {
			return nil, nil, nil
		}
		sum = add(sum, v)
	}
	if sum.Sign() <= 0 {
		return nil, nil, nil
	}
	return sum, rule, nil
}

// ruleOf returns the place of the rule that an event falls under, -1 if none, and
// whether it is a contribution under it: the commons itself contributes nothing
// but what lies behind something of its own.
func (w *work) ruleOf(r *round, s *stage, event int) (n int, contributes bool) {
	e := &w.events[event]
	return w.rule(r, s, r.owner[e.Provider], w.pricings.classOf[e.Kind])
}

func (w *work) rule(r *round, s *stage, owner, class int32) (n int, contributes bool) {
	a := &w.agents[owner]
	who := 0
	if a.Member && r.no >= a.From || a.Commons {
		who = 1
	}
	n = s.pricing.rule[class][who]
	return n, n >= 0 && (!a.Commons || s.bucket.Rules[n].Credit == charter.ToSource)
}

// alone returns the quantity and the full value of an event or, of a correction,
// what it changes of its root's. Both are nil if they cannot be measured.
func (w *work) alone(r *round, s *stage, rule, root, event int) (quantity, value *big.Rat, err error) {
	e := &w.events[event]
	p := &s.pricing.price[rule][w.pricings.unitsOf[e.Kind]]
	quantity, value = p.of(e.Effort, e.Resource)
	percent := s.bucket.Rules[rule].Percent
	if percent == nil || quantity == nil {
		return quantity, value, nil
	}
	of := &w.events[root]
	if of.InputOf.IsZero() {
		return nil, nil, nil
	}
	if quantity, err = w.baseOf(r, s, of.InputOf); err != nil {
		return nil, nil, err
	}
	if event != root {
		part := w.partOf(e, of)
		if part == nil {
			return nil, nil, nil
		}
		quantity = new(big.Rat).Mul(quantity, part)
	}
	value = new(big.Rat).Mul(quantity, exact(*percent))
	return quantity, value.Quo(value, big.NewRat(100, 1)), nil
}

// partOf returns what part of a citation its correction is, nil if that cannot be
// said.
func (w *work) partOf(correction, of *Event) *big.Rat {
	kinds := w.pricings
	from, to := kinds.pairs[kinds.unitsOf[correction.Kind]][1], kinds.pairs[kinds.unitsOf[of.Kind]][1]
	if from == "" || to == "" || of.Resource.IsZero() {
		return nil
	}
	part, err := unit.Convert(correction.Resource.Rat(), from, to)
	if err != nil {
		return nil
	}
	return part.Quo(part, of.Resource.Rat())
}

// baseOf returns what the inputs of a process are worth, those behind it included
// and those under a percent left out.
func (w *work) baseOf(r *round, s *stage, process protocol.EntryID) (*big.Rat, error) {
	if base, known := s.base[process]; known {
		return base, nil
	}
	f, known := r.into[process]
	if !known {
		var err error
		if f, err = w.facts.Into(r.no, process); err != nil {
			return nil, fmt.Errorf("tracing what went into a process: %w", err)
		}
		r.into[process] = f
		r.note(f)
	}
	var all []*big.Rat
	for e, part := range f.Of {
		v, _, err := w.net(r, s, e, false)
		if err != nil {
			return nil, err
		}
		if v != nil && part.Sign() > 0 {
			all = append(all, new(big.Rat).Mul(v, part))
		}
	}
	if s.base == nil {
		s.base = map[protocol.EntryID]*big.Rat{}
	}
	s.base[process] = sumOf(all)
	return s.base[process], nil
}

// corrections returns by event what corrects it, directly or not.
func (w *work) corrections() map[int][]int {
	if w.fixes == nil {
		w.fixes = map[int][]int{}
		for i := range w.events {
			if w.events[i].Corrects >= 0 {
				root := w.root(i)
				w.fixes[root] = append(w.fixes[root], i)
			}
		}
	}
	return w.fixes
}
