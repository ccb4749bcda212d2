package provenance

import (
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
