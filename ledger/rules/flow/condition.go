package flow

import (
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// Condition works out the row of a resource from all events on it that have their
// effect, in any order. The creating event must be among them.
func Condition(members []Member) *Resource {
	r := &Resource{}
	at := make(map[protocol.EntryID]int, len(members))
	var root protocol.EntryID
	for i := range members {
		m := &members[i]
		at[m.ID] = i
		if m.Touch.Creates {
			r.Made, root = originOf(m), m.ID
		}
	}
	for i := range members {
		r.count(&members[i])
	}
	order, children := inOrder(members, at, root)
	r.Adrift = int64(len(members) - len(order))
	after := make([]uint32, len(members)) // fields that a descendant sets
	for _, i := range slices.Backward(order) {
		m := &members[i]
		for _, c := range children[i] {
			after[i] |= after[c] | fieldsOf(members[c].settings(r.Made))
		}
		if len(children[i]) == 0 {
			r.Leaves.insert(m.ID)
		}
		for f, value := range m.settings(r.Made) {
			if value != nil && after[i]>>f&1 == 0 {
				r.Setters[f].insert(Claim{Event: m.ID, Value: *value})
			}
		}
	}
	return r
}

func fieldsOf(set [Fields]*string) (fields uint32) {
	for f, value := range set {
		if value != nil {
			fields |= 1 << f
		}
	}
	return fields
}

// inOrder returns the events whose place is known, parents before children, and
// of each its children.
func inOrder(members []Member, at map[protocol.EntryID]int, root protocol.EntryID) (order []int, children [][]int) {
	below := make([][]int, len(members))
	open := make([]int, len(members)) // parents that are not in order yet
	for i := range members {
		m := &members[i]
		switch {
		case m.ID == root:
			order = append(order, i)
		case m.Adrift:
			open[i] = -1
		default:
			for _, p := range m.parents(root) {
				below[at[p]] = append(below[at[p]], i)
				open[i]++
			}
		}
	}
	for next := 0; next < len(order); next++ {
		for _, c := range below[order[next]] {
			if open[c]--; open[c] == 0 {
				order = append(order, c)
			}
		}
	}
	placed := make([]bool, len(members))
	for _, i := range order {
		placed[i] = true
	}
	for _, i := range order {
		below[i] = slices.DeleteFunc(below[i], func(c int) bool { return !placed[c] })
	}
	return order, below
}

// parents returns the parents of an event, each once.
func (m *Member) parents(root protocol.EntryID) []protocol.EntryID {
	if len(m.Parents) == 0 {
		return []protocol.EntryID{root}
	}
	all := m.Parents[:0:0]
	for _, p := range m.Parents {
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// Extend adds an event to the row, and reports whether the row alone says what
// comes of it. If not, the row is as before, and Condition is to be asked. The
// event must not be on the row yet, and its parents must be.
func (r *Resource) Extend(resource protocol.EntryID, m *Member) bool {
	set := m.settings(r.Made)
	if m.Adrift {
		r.Adrift++
		r.count(m)
		return true
	}
	parents := m.parents(resource)
	covered := 0
	for _, p := range parents {
		if r.Leaves.Has(p) {
			covered++
		}
	}
	switch {
	case covered == len(parents) && int64(covered) == r.Leaves.Count:
		r.Leaves = Marks{Count: 1, IDs: []protocol.EntryID{m.ID}}
		for f, value := range set {
			if value != nil {
				r.Setters[f] = Setters{Count: 1, Claims: []Claim{{Event: m.ID, Value: *value}}}
			}
		}
	case fieldsOf(set) != 0:
		return false
	case covered < len(parents) && (r.Adrift > 0 || !r.Leaves.whole() && !(r.Leaves.Count > 1 && len(parents) == 1 && parents[0] == resource)):
		return false
	case covered > 0 && !r.Leaves.whole():
		return false
	default:
		for _, p := range parents {
			r.Leaves.drop(p)
		}
		r.Leaves.insert(m.ID)
	}
	r.count(m)
	return true
}
