package provenance

import (
	"math/big"
	"slices"
)

// groups returns the nodes reached, consumers before those on which they draw.
// What feeds itself in the end is one group (Tarjan, Depth-first search and linear
// graph algorithms, 1972; without recursion, since graphs can be deep).
func (r *run) groups() [][]int32 {
	w := strong{run: r, number: make([]int32, len(r.nodes)), low: make([]int32, len(r.nodes)), on: make([]bool, len(r.nodes))}
	for i := range r.nodes {
		if w.number[i] == 0 {
			w.visit(int32(i))
		}
	}
	return w.found
}

type strong struct {
	*run
	number, low []int32
	on          []bool
	stack       []int32
	count       int32
	found       [][]int32
}

type standing struct {
	node int32
	next []int32 // not yet followed
}

func (w *strong) enter(i int32) standing {
	w.count++
	w.number[i], w.low[i], w.on[i] = w.count, w.count, true
	w.stack = append(w.stack, i)
	s := standing{node: i}
	w.consumers(i, func(j int32) { s.next = append(s.next, j) })
	return s
}

func (w *strong) visit(first int32) {
	path := []standing{w.enter(first)}
	for len(path) > 0 {
		s := &path[len(path)-1]
		if len(s.next) > 0 {
			to := s.next[0]
			s.next = s.next[1:]
			if w.number[to] == 0 {
				path = append(path, w.enter(to))
			} else if w.on[to] {
				w.low[s.node] = min(w.low[s.node], w.number[to])
			}
			continue
		}
		i := s.node
		path = path[:len(path)-1]
		if len(path) > 0 {
			up := path[len(path)-1].node
			w.low[up] = min(w.low[up], w.low[i])
		}
		if w.low[i] == w.number[i] {
			at := len(w.stack) - 1
			for w.stack[at] != i {
				at--
			}
			group := slices.Clone(w.stack[at:])
			w.stack = w.stack[:at]
			for _, j := range group {
				w.on[j] = false
			}
			slices.SortFunc(group, func(a, b int32) int { return int(w.nodes[a] - w.nodes[b]) })
			w.found = append(w.found, group)
		}
	}
}

// settle finds the values of a group whose nodes feed one another. Its steps are
// taken as one: what they draw of each other's outputs does not leave them.
func (r *run) settle(group []int32) {
	inside := make(map[int32]bool, len(group))
	var steps []int32
	for _, i := range group {
		inside[i] = true
		if _, step, _ := r.of(r.nodes[i]); step >= 0 {
			steps = append(steps, step)
		}
	}
	order := r.inner(group, inside)
	out := r.pass(order, inside, nil)
	in := r.pass(order, inside, one)
	f := r.through(steps, func(flow int32) (part, leaves *big.Rat) {
		i, reached := r.at[flow]
		switch {
		case !reached:
			return nil, one
		case !inside[i]:
			return r.value[i], one
		case in[i] == nil:
			return out[i], one
		}
		return out[i], new(big.Rat).Sub(one, in[i])
	})
	for _, i := range group {
		flow, step, _ := r.of(r.nodes[i])
		switch {
		case step >= 0:
			r.value[i] = f
		case flow >= 0 && slices.ContainsFunc(r.flows[flow].Out, func(s int) bool { return inside[r.at[r.stepNode(s)]] && r.reached(s) }):
			r.value[i] = out[i]
		default:
			r.value[i] = plus(out[i], times(in[i], f))
			if flow >= 0 {
				r.value[i] = atMostOne(r.value[i])
			}
		}
	}
}

func (r *run) reached(step int) bool {
	_, is := r.at[r.stepNode(step)]
	return is
}

func plus(a, b *big.Rat) *big.Rat {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return new(big.Rat).Add(a, b)
}

// pass goes over a group once. Without an input it takes what comes from outside
// the group; with one, what the group would draw itself if its steps went on by
// that fraction.
func (r *run) pass(order []int32, inside map[int32]bool, input *big.Rat) map[int32]*big.Rat {
	values := make(map[int32]*big.Rat, len(order))
	for _, i := range order {
		get := func(n int32) *big.Rat {
			j, reached := r.at[n]
			switch {
			case !reached:
				return nil
			case !inside[j] && input == nil:
				return r.value[j]
			case !inside[j]:
				return nil
			}
			if _, step, _ := r.of(n); step >= 0 {
				return input
			}
			return values[j]
		}
		values[i] = r.sum(i, get, input == nil)
	}
	return values
}

// inner puts the flows and slots of a group in order, consumers first, as if its
// steps passed nothing on. What still goes round in a circle, against the order of
// time, is cut where that comes to light.
func (r *run) inner(group []int32, inside map[int32]bool) []int32 {
	state := make(map[int32]byte, len(group)) // 1: on the way, 2: done
	var order []int32
	enter := func(i int32) standing {
		state[i] = 1
		s := standing{node: i}
		r.consumers(i, func(j int32) {
			if _, step, _ := r.of(r.nodes[j]); step < 0 && inside[j] {
				s.next = append(s.next, j)
			}
		})
		return s
	}
	for _, first := range group {
		if _, step, _ := r.of(r.nodes[first]); step >= 0 || state[first] != 0 {
			continue
		}
		path := []standing{enter(first)}
		for len(path) > 0 {
			s := &path[len(path)-1]
			if len(s.next) > 0 {
				to := s.next[0]
				s.next = s.next[1:]
				if state[to] == 0 {
					path = append(path, enter(to))
				}
				continue
			}
			state[s.node] = 2
			order = append(order, s.node)
			path = path[:len(path)-1]
		}
	}
	return order
}
