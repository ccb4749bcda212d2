package share

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules/charter"
)

// leaf is an event that is credited with a part of another one's value.
type leaf struct {
	event int
	part  *big.Rat
}

// sources finds who is behind what events use, under the rules of a stage. Uses
// that lie behind one another form groups, which are found in one walk (Tarjan's):
// inside a group nobody is behind anybody.
type sources struct {
	w       *work
	r       *round
	s       *stage
	done    map[int][]leaf
	number  map[int]int // order in which the walk met an event
	low     map[int]int
	onStack map[int]bool
	stack   []int
	next    map[int][]weighed
}

// weighed is an event behind another one, with its value there.
type weighed struct {
	event  int
	value  *big.Rat
	source bool // its own value goes to those behind it
}

// behind returns the events that are credited in place of one, ascending by
// identifier; their parts sum to one. It is nil if there are none.
func (w *work) behind(r *round, s *stage, event int) ([]leaf, error) {
	if s.sources == nil {
		s.sources = &sources{
			w: w, r: r, s: s, done: map[int][]leaf{}, number: map[int]int{}, low: map[int]int{},
			onStack: map[int]bool{}, next: map[int][]weighed{},
		}
	}
	if err := s.sources.visit(event); err != nil {
		return nil, err
	}
	return s.sources.done[event], nil
}

func (x *sources) visit(event int) error {
	if _, met := x.number[event]; met {
		return nil
	}
	x.number[event] = len(x.number) + 1
	x.low[event] = x.number[event]
	x.stack, x.onStack[event] = append(x.stack, event), true
	next, err := x.look(event)
	if err != nil {
		return err
	}
	x.next[event] = next
	for _, n := range next {
		if !n.source {
			continue
		}
		if _, met := x.number[n.event]; !met {
			if err := x.visit(n.event); err != nil {
				return err
			}
			x.low[event] = min(x.low[event], x.low[n.event])
		} else if x.onStack[n.event] {
			x.low[event] = min(x.low[event], x.number[n.event])
		}
	}
	if x.low[event] != x.number[event] {
		return nil
	}
	from := slices.Index(x.stack, event)
	group := slices.Clone(x.stack[from:])
	x.stack = x.stack[:from]
	for _, e := range group {
		x.done[e] = x.split(e)
	}
	for _, e := range group {
		delete(x.onStack, e)
		delete(x.next, e)
	}
	return nil
}

// look returns what lies behind an event and has a value.
func (x *sources) look(event int) ([]weighed, error) {
	if !x.w.events[event].Names {
		return nil, nil
	}
	f, known := x.r.behind[event]
	if !known {
		var err error
		if f, err = x.w.facts.Behind(x.r.no, event); err != nil {
			return nil, fmt.Errorf("tracing what an event uses: %w", err)
		}
		x.r.behind[event] = f
		x.r.note(f)
	}
	var all []weighed
	for e, part := range f.Of {
		if e == event || part.Sign() <= 0 {
			continue
		}
		v, rule, err := x.w.net(x.r, x.s, e, true)
		if err != nil {
			return nil, err
		}
		if v != nil {
			all = append(all, weighed{e, new(big.Rat).Mul(v, part), rule.Credit == charter.ToSource})
		}
	}
	slices.SortFunc(all, func(a, b weighed) int { return cmp.Compare(a.event, b.event) })
	return all, nil
}

// split gives each event behind one its part, and passes on what goes to those
// behind that.
func (x *sources) split(event int) []leaf {
	values := map[int][]*big.Rat{}
	for _, n := range x.next[event] {
		switch {
		case !n.source:
			values[n.event] = append(values[n.event], n.value)
		case x.onStack[n.event]: // of the same group
		case len(x.done[n.event]) > 0:
			for _, l := range x.done[n.event] {
				values[l.event] = append(values[l.event], times(n.value, l.part))
			}
		case !x.w.agents[x.r.owner[x.w.events[n.event].Provider]].Commons:
			values[n.event] = append(values[n.event], n.value)
		}
	}
	if len(values) == 0 {
		return nil
	}
	var leaves []leaf
	var all []*big.Rat
	for e, v := range values {
		sum := sumOf(v)
		leaves, all = append(leaves, leaf{e, sum}), append(all, sum)
	}
	total := sumOf(all)
	for i := range leaves {
		leaves[i].part = new(big.Rat).Quo(leaves[i].part, total)
	}
	slices.SortFunc(leaves, func(a, b leaf) int { return x.w.events[a.event].ID.Compare(x.w.events[b.event].ID) })
	return leaves
}
