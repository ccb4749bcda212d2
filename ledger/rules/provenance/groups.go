package provenance

import (
	"cmp"
	"maps"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// groups returns the events and processes, consumers before those that they draw
// on. What feeds itself in the end is one group (Tarjan, Depth-first search and
// linear graph algorithms, 1972; without recursion, since graphs can be deep).
func (x *index) groups() [][]protocol.EntryID {
	t := tarjan{index: x, state: map[protocol.EntryID]*visited{}}
	nodes := map[protocol.EntryID]bool{}
	for id, e := range x.events {
		nodes[id] = true
		for _, p := range []protocol.EntryID{e.InputOf, e.OutputOf} {
			if !p.IsZero() {
				nodes[p] = true
			}
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(nodes), protocol.EntryID.Compare) {
		if t.state[id] == nil {
			t.visit(id)
		}
	}
	slices.Reverse(t.found)
	return t.found
}

type tarjan struct {
	*index
	state map[protocol.EntryID]*visited
	stack []protocol.EntryID
	count int
	found [][]protocol.EntryID
}

type visited struct {
	id      protocol.EntryID
	number  int
	low     int
	onStack bool
	next    []protocol.EntryID // not yet followed
}

func (t *tarjan) enter(id protocol.EntryID) *visited {
	t.count++
	v := &visited{id: id, number: t.count, low: t.count, onStack: true, next: t.suppliers(id)}
	t.state[id] = v
	t.stack = append(t.stack, id)
	return v
}

func (t *tarjan) visit(id protocol.EntryID) {
	path := []*visited{t.enter(id)}
	for len(path) > 0 {
		v := path[len(path)-1]
		if len(v.next) > 0 {
			to := v.next[0]
			v.next = v.next[1:]
			if seen := t.state[to]; seen == nil {
				path = append(path, t.enter(to))
			} else if seen.onStack {
				v.low = min(v.low, seen.number)
			}
			continue
		}
		path = path[:len(path)-1]
		if len(path) > 0 {
			up := path[len(path)-1]
			up.low = min(up.low, v.low)
		}
		if v.low == v.number {
			t.close(v.id)
		}
	}
}

// close takes a group off the stack.
func (t *tarjan) close(first protocol.EntryID) {
	i := slices.Index(t.stack, first)
	group := slices.Clone(t.stack[i:])
	t.stack = t.stack[:i]
	for _, id := range group {
		t.state[id].onStack = false
	}
	slices.SortFunc(group, protocol.EntryID.Compare)
	t.found = append(t.found, group)
}

// suppliers returns on what an event or a process draws: an output on its
// process, a process on its inputs, an event on what was fed into its resources.
func (x *index) suppliers(id protocol.EntryID) []protocol.EntryID {
	var all []protocol.EntryID
	e := x.events[id]
	if e == nil {
		for _, in := range x.inputs[id] {
			all = append(all, in.ID)
		}
	} else {
		if !e.OutputOf.IsZero() {
			all = append(all, e.OutputOf)
		}
		for _, from := range x.draws[id] {
			for _, d := range from {
				all = append(all, d.from)
			}
		}
	}
	slices.SortFunc(all, protocol.EntryID.Compare)
	return slices.Compact(all)
}

// Causal returns the events and processes of a graph, suppliers before those that
// draw on them. What feeds itself in the end stands together, by identifier; what
// the links leave open goes by the time of the earliest event, then by
// identifier.
func Causal(g Graph) []protocol.EntryID {
	x := newIndex(g)
	type node struct {
		ids  []protocol.EntryID
		time protocol.Time
		wait int
		next []*node
	}
	var nodes []*node
	of := map[protocol.EntryID]*node{}
	for _, ids := range x.groups() {
		n := &node{ids: ids, time: x.earliest(ids)}
		nodes = append(nodes, n)
		for _, id := range ids {
			of[id] = n
		}
	}
	for _, n := range nodes {
		before := map[*node]bool{}
		for _, id := range n.ids {
			for _, s := range x.suppliers(id) {
				if from := of[s]; from != nil && from != n && !before[from] {
					before[from] = true
					from.next = append(from.next, n)
				}
			}
		}
		n.wait = len(before)
	}
	order := func(a, b *node) int { return cmp.Or(cmp.Compare(a.time, b.time), a.ids[0].Compare(b.ids[0])) }
	slices.SortFunc(nodes, order)
	var ready []*node
	for _, n := range nodes {
		if n.wait == 0 {
			ready = append(ready, n)
		}
	}
	var all []protocol.EntryID
	for len(ready) > 0 {
		n := ready[0]
		ready = ready[1:]
		all = append(all, n.ids...)
		for _, next := range n.next {
			if next.wait--; next.wait == 0 {
				i, _ := slices.BinarySearchFunc(ready, next, order)
				ready = slices.Insert(ready, i, next)
			}
		}
	}
	return all
}

// earliest returns the time of the first event among events and processes: of a
// process, that of its first input or output.
func (x *index) earliest(ids []protocol.EntryID) protocol.Time {
	least := protocol.Time(-1)
	see := func(e *Event) {
		if least < 0 || e.Time < least {
			least = e.Time
		}
	}
	for _, id := range ids {
		if e := x.events[id]; e != nil {
			see(e)
			continue
		}
		for _, e := range slices.Concat(x.inputs[id], x.outputs[id]) {
			see(e)
		}
	}
	return least
}
