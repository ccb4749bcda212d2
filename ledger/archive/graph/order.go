package graph

import (
	"cmp"
	"container/heap"
	"strings"
)

// order returns the things in an order in which each comes after what it names:
// agents first, then records, then events in theirs. What names itself in the
// end is refused.
func (w *work) order() []*thing {
	waits, named := map[*thing]int{}, map[*thing][]*thing{}
	for _, t := range w.things {
		for _, before := range t.before() {
			waits[t]++
			named[before] = append(named[before], t)
		}
	}
	var ready queue
	for _, t := range w.things {
		if waits[t] == 0 {
			ready = append(ready, t)
		}
	}
	heap.Init(&ready)
	var ordered []*thing
	for len(ready) > 0 {
		t := heap.Pop(&ready).(*thing)
		t.done = true
		ordered = append(ordered, t)
		for _, next := range named[t] {
			if waits[next]--; waits[next] == 0 {
				heap.Push(&ready, next)
			}
		}
	}
	for _, t := range w.things {
		if !t.done {
			w.fault(t.node, nil, cyclic, cycleFrom(t))
			t.refused = true
		}
	}
	return ordered
}

// before returns what has to be written before a thing, each once.
func (t *thing) before() []*thing {
	var all []*thing
	seen := map[*thing]bool{t: true} // an event that brings forth what it names is no cycle
	add := func(other *thing) {
		if other != nil && !seen[other] {
			seen[other] = true
			all = append(all, other)
		}
	}
	for _, r := range t.refs {
		add(r.thing)
		if r.resource != nil {
			add(r.resource.maker)
		}
	}
	for _, n := range t.needs {
		add(n)
	}
	return all
}

// cycleFrom follows what cannot be ordered until it comes round.
func cycleFrom(t *thing) string {
	var path []string
	seen := map[*thing]bool{}
	for !seen[t] {
		seen[t] = true
		path = append(path, shown(t.id))
		for _, next := range t.before() {
			if !next.done {
				t = next
				break
			}
		}
	}
	path = append(path, shown(t.id))
	if len(path) > 8 {
		path = append(path[:7], "…")
	}
	return strings.Join(path, " → ")
}

// queue is a heap of things that wait for nothing.
type queue []*thing

// Len returns how many there are.
func (q queue) Len() int { return len(q) }

// Less orders by kind, then as events are ordered.
func (q queue) Less(i, j int) bool {
	a, b := q[i], q[j]
	if c := cmp.Compare(a.rank(), b.rank()); c != 0 {
		return c < 0
	}
	return before(a, b) < 0
}

// Swap exchanges two.
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push adds a thing.
func (q *queue) Push(t any) { *q = append(*q, t.(*thing)) }

// Pop takes the last one off.
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func (t *thing) rank() int {
	switch {
	case t.kind == agentNode:
		return 0
	case t.kind == recordNode && strings.HasSuffix(t.node.Class, "Specification"):
		return 1
	case t.kind == recordNode:
		return 2
	}
	return 3
}
