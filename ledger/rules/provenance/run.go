package provenance

import (
	"math/big"
	"slices"
)

// Parts are what part of each flow lies behind something, by its number: above
// zero, and one at most.
type Parts struct {
	Of map[int]*big.Rat
	// Alike are the steps whose outputs counted alike, since they cannot be
	// compared, ascending.
	Alike []int
}

// Behind returns the parts of all flows that lie behind the seeds, these
// included. Each flow is gone through once, consumers before what they draw on;
// steps that feed one another count as one, whose outputs are what leaves them.
func (t *Tracer) Behind(seeds Seeds) Parts {
	p, _ := t.BehindUnless(seeds, func() error { return nil })
	return p
}

// BehindUnless does what Behind does, and gives up with the error of stop as soon as
// that returns one: exact parts of a stock that was filled and drawn thousands of
// times have thousands of digits, and take their time.
func (t *Tracer) BehindUnless(seeds Seeds, stop func() error) (Parts, error) {
	r := &run{Tracer: t, seeds: seeds, alike: map[int]bool{}}
	r.reach()
	r.value = make([]*big.Rat, len(r.nodes))
	for _, group := range r.groups() {
		if err := stop(); err != nil {
			return Parts{}, err
		}
		if len(group) == 1 {
			r.value[group[0]] = r.single(group[0])
		} else {
			r.settle(group)
		}
	}
	p := Parts{Of: map[int]*big.Rat{}}
	for i, n := range r.nodes {
		if int(n) < len(t.flows) && r.value[i] != nil && r.value[i].Sign() > 0 {
			p.Of[int(n)] = r.value[i]
		}
	}
	for s := range r.alike {
		p.Alike = append(p.Alike, s)
	}
	slices.Sort(p.Alike)
	return p, nil
}

// run goes over what lies behind some seeds. Its nodes are numbered as they are
// reached; on the graph, flows come first, then steps, then slots. The value of a
// flow is its part, that of a step the fraction that went on, and that of a slot
// the fraction of what the stock held right before it.
type run struct {
	*Tracer
	seeds Seeds
	nodes []int32         // what each node is
	at    map[int32]int32 // and where it is
	value []*big.Rat      // nil: zero
	alike map[int]bool
}

func (r *run) stepNode(s int) int32   { return int32(len(r.flows) + s) }
func (r *run) slotNode(k int32) int32 { return int32(len(r.flows)+len(r.inputs)) + k }

// of says what a node is: a flow, a step or a slot.
func (r *run) of(n int32) (flow, step, slot int32) {
	flow, step, slot = -1, -1, -1
	switch f, s := int32(len(r.flows)), int32(len(r.inputs)); {
	case n < f:
		flow = n
	case n < f+s:
		step = n - f
	default:
		slot = n - f - s
	}
	return flow, step, slot
}

// reach finds the nodes behind the seeds, in an order that depends on the graph
// alone.
func (r *run) reach() {
	r.at = map[int32]int32{}
	visit := func(n int32) {
		if _, been := r.at[n]; !been {
			r.at[n] = int32(len(r.nodes))
			r.nodes = append(r.nodes, n)
		}
	}
	var first []int32
	for f := range r.seeds.flows {
		first = append(first, f)
	}
	for k := range r.seeds.slots {
		first = append(first, r.slotNode(k))
	}
	slices.Sort(first)
	for _, n := range first {
		visit(n)
	}
	for i := 0; i < len(r.nodes); i++ {
		r.suppliers(r.nodes[i], visit)
	}
}

// suppliers calls visit for each node on which one draws.
func (r *run) suppliers(n int32, visit func(int32)) {
	flow, step, k := r.of(n)
	switch {
	case flow >= 0:
		for _, s := range r.flows[flow].Out {
			visit(r.stepNode(s))
		}
		if r.flows[flow].Sealed {
			return
		}
		for _, k := range r.drawn[flow] {
			if r.slots[k].ratio != nil {
				visit(r.slotNode(k))
			}
		}
	case step >= 0:
		for _, f := range r.inputs[step] {
			visit(f)
		}
	case !r.slots[k].first:
		if before := r.slots[k-1]; before.feeds {
			visit(before.flow)
		}
		if !r.slots[k-1].empty {
			visit(r.slotNode(k - 1))
		}
	}
}

// consumers calls visit for each node reached that draws on one.
func (r *run) consumers(i int32, visit func(int32)) {
	see := func(n int32) {
		if j, reached := r.at[n]; reached {
			visit(j)
		}
	}
	flow, step, k := r.of(r.nodes[i])
	switch {
	case flow >= 0:
		for _, s := range r.flows[flow].In {
			see(r.stepNode(s))
		}
		for _, k := range r.fed[flow] {
			if !r.slots[k].last {
				see(r.slotNode(k + 1))
			}
		}
	case step >= 0:
		for _, f := range r.outputs[step] {
			see(f)
		}
	default:
		s := r.slots[k]
		if s.ratio != nil && !r.flows[s.flow].Sealed {
			see(s.flow)
		}
		if !s.empty && !s.last {
			see(r.slotNode(k + 1))
		}
	}
}

// single returns the value of a node that does not depend on itself.
func (r *run) single(i int32) *big.Rat {
	get := func(n int32) *big.Rat {
		if j, reached := r.at[n]; reached {
			return r.value[j]
		}
		return nil
	}
	if _, step, _ := r.of(r.nodes[i]); step >= 0 {
		return r.through([]int32{step}, func(f int32) (part, leaves *big.Rat) { return get(f), one })
	}
	return r.sum(i, get, true)
}

// sum returns the value of a flow or slot from those of its consumers.
func (r *run) sum(i int32, get func(int32) *big.Rat, seeds bool) *big.Rat {
	flow, _, k := r.of(r.nodes[i])
	var v *big.Rat
	add := func(x *big.Rat) {
		switch {
		case x == nil || x.Sign() == 0:
		case v == nil:
			v = x
		default:
			v = new(big.Rat).Add(v, x)
		}
	}
	if flow < 0 {
		s := r.slots[k]
		if s.ratio != nil && !r.flows[s.flow].Sealed {
			add(times(s.ratio, get(s.flow)))
		}
		if !s.empty && !s.last {
			rest := get(r.slotNode(k + 1))
			if rest != nil && s.ratio != nil {
				rest = times(rest, new(big.Rat).Sub(one, s.ratio))
			}
			add(rest)
		}
		if seeds {
			add(r.seeds.slots[k])
		}
		return v
	}
	if seeds && r.seeds.flows[flow] {
		add(one)
	}
	for _, s := range r.flows[flow].In {
		add(get(r.stepNode(s)))
	}
	for _, k := range r.fed[flow] {
		if !r.slots[k].last {
			add(get(r.slotNode(k + 1)))
		}
	}
	return atMostOne(v)
}

func atMostOne(v *big.Rat) *big.Rat {
	if v != nil && v.Cmp(one) > 0 {
		return one
	}
	return v
}

func times(a, b *big.Rat) *big.Rat {
	switch {
	case a == nil || b == nil:
		return nil
	case a == one:
		return b
	case b == one:
		return a
	}
	return new(big.Rat).Mul(a, b)
}

// through returns the fraction of steps, taken as one, that went on: of each
// output the part that did, by its weight among those that leave them.
func (r *run) through(steps []int32, of func(flow int32) (part, leaves *big.Rat)) *big.Rat {
	known := true
	type output struct {
		flow         *Flow
		part, leaves *big.Rat
	}
	var outputs []output
	for _, s := range steps {
		for _, f := range r.outputs[s] {
			part, leaves := of(f)
			if leaves.Sign() <= 0 {
				continue
			}
			known = known && r.flows[f].Weight != nil
			outputs = append(outputs, output{&r.flows[f], part, leaves})
		}
	}
	if !known && len(outputs) > 1 {
		for _, s := range steps {
			r.alike[int(s)] = true
		}
	}
	total, f := new(big.Rat), new(big.Rat)
	for _, o := range outputs {
		weight := o.flow.Weight
		if !known {
			weight = one
		}
		total.Add(total, times(weight, o.leaves))
		if o.part != nil {
			f.Add(f, times(weight, o.part))
		}
	}
	if total.Sign() <= 0 || f.Sign() == 0 {
		return nil
	}
	return f.Quo(f, total)
}
