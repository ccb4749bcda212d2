package provenance

import (
	"maps"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// InStock returns the shares of what is in some amount of a resource as it is
// now: of all that was put in and not drawn since, in proportion. An amount above
// what there is counts as all of it.
func InStock(g Graph, resource protocol.EntryID, amount *big.Rat) Shares {
	x := newIndex(g)
	total := new(big.Rat)
	left := x.draws[stock][resource]
	for _, d := range left {
		total.Add(total, x.amountOf(d, resource))
	}
	w := newWork(x)
	if total.Sign() > 0 {
		part := new(big.Rat).Quo(amount, total)
		if part.Cmp(big.NewRat(1, 1)) > 0 {
			part.SetInt64(1)
		}
		for _, d := range left {
			w.add(d.from, new(big.Rat).Mul(d.part, part))
		}
	}
	return w.run()
}

// InFed returns the shares of what is in some amount of all that was ever put into
// a resource, in proportion. It is for resources of which nothing is left.
func InFed(g Graph, resource protocol.EntryID, amount *big.Rat) Shares {
	x := newIndex(g)
	total := new(big.Rat)
	for _, e := range x.events {
		if f := part(e.Feeds, resource); f != nil && f.Amount.Sign() > 0 {
			total.Add(total, f.Amount)
		}
	}
	w := newWork(x)
	for id, e := range x.events {
		if f := part(e.Feeds, resource); f != nil && f.Amount.Sign() > 0 {
			w.add(id, new(big.Rat).Quo(amount, total))
		}
	}
	return w.run()
}

// InEvent returns the shares of what is behind a part of an event: the event
// itself, what it drew on, and so on.
func InEvent(g Graph, event protocol.EntryID, part *big.Rat) Shares {
	w := newWork(newIndex(g))
	w.add(event, part)
	return w.run()
}

// amountOf returns how much was drawn of what an event fed.
func (x *index) amountOf(d drawn, resource protocol.EntryID) *big.Rat {
	fed := part(x.events[d.from].Feeds, resource)
	return new(big.Rat).Mul(d.part, fed.Amount)
}

// work goes over the graph, consumers first, and over each event and process once.
type work struct {
	*index
	share      map[protocol.EntryID]*big.Rat // of events
	unweighted map[protocol.EntryID]bool
}

func newWork(x *index) *work {
	return &work{index: x, share: map[protocol.EntryID]*big.Rat{}, unweighted: map[protocol.EntryID]bool{}}
}

func (w *work) add(event protocol.EntryID, part *big.Rat) {
	if part.Sign() == 0 || w.events[event] == nil {
		return
	}
	sum := w.share[event]
	if sum == nil {
		sum = new(big.Rat)
		w.share[event] = sum
	}
	sum.Add(sum, part)
}

func (w *work) run() Shares {
	for _, group := range w.groups() {
		w.settle(group)
	}
	maps.DeleteFunc(w.share, func(_ protocol.EntryID, part *big.Rat) bool { return part.Sign() == 0 })
	ids := slices.Collect(maps.Keys(w.unweighted))
	slices.SortFunc(ids, protocol.EntryID.Compare)
	return Shares{Of: w.share, Unweighted: ids}
}

// settle passes on what went through the events and processes of one group, which
// feed one another, or are a single one.
func (w *work) settle(group []protocol.EntryID) {
	inside := map[protocol.EntryID]bool{}
	var processes []protocol.EntryID
	for _, id := range group {
		inside[id] = true
		if w.events[id] == nil {
			processes = append(processes, id)
		}
	}
	if len(processes) == 0 {
		for _, id := range group {
			w.passOn(id, w.share[id], inside)
		}
		return
	}
	f := w.through(processes, inside)
	for _, p := range processes {
		for _, in := range w.inputs[p] {
			w.add(in.ID, f)
			if inside[in.ID] {
				w.passOn(in.ID, f, inside)
			}
		}
	}
	for _, id := range group { // what only passes things on inside the group
		if e := w.events[id]; e != nil && e.InputOf.IsZero() && e.OutputOf.IsZero() {
			w.passOn(id, w.share[id], inside)
		}
	}
}

// passOn gives to the events on which one drew, outside its group, their part of
// its share.
func (w *work) passOn(id protocol.EntryID, share *big.Rat, inside map[protocol.EntryID]bool) {
	if share == nil || share.Sign() == 0 {
		return
	}
	for _, r := range slices.SortedFunc(maps.Keys(w.draws[id]), protocol.EntryID.Compare) {
		for _, d := range w.draws[id][r] {
			if !inside[d.from] {
				w.add(d.from, new(big.Rat).Mul(d.part, share))
			}
		}
	}
}

// through returns the fraction of processes, taken as one, that went on: of each
// output the share that did, by its weight among those that leave the group.
func (w *work) through(processes []protocol.EntryID, inside map[protocol.EntryID]bool) *big.Rat {
	var outputs []*Event
	var weights []*big.Rat
	known := true
	for _, p := range processes {
		for _, out := range w.outputs[p] {
			leaves := w.leaving(out, inside)
			if leaves.Sign() <= 0 {
				continue
			}
			outputs = append(outputs, out)
			weight := new(big.Rat).Set(leaves)
			if out.Weight == nil {
				known = false
			} else {
				weight.Mul(weight, out.Weight)
			}
			weights = append(weights, weight)
		}
	}
	total := new(big.Rat)
	for i, out := range outputs {
		if !known {
			weights[i] = w.leaving(out, inside)
			if len(outputs) > 1 {
				w.unweighted[out.OutputOf] = true
			}
		}
		total.Add(total, weights[i])
	}
	f := new(big.Rat)
	if total.Sign() <= 0 {
		return f
	}
	for i, out := range outputs {
		share := w.share[out.ID]
		if share == nil {
			continue
		}
		leaves := w.leaving(out, inside)
		part := new(big.Rat).Quo(weights[i], total)
		f.Add(f, part.Mul(part, new(big.Rat).Quo(share, leaves)))
	}
	return f
}

// leaving returns the part of an output that the group does not draw itself.
func (w *work) leaving(out *Event, inside map[protocol.EntryID]bool) *big.Rat {
	left := big.NewRat(1, 1)
	for _, f := range out.Feeds {
		for _, by := range w.drawers[f.Resource] {
			if !inside[by] {
				continue
			}
			for _, d := range w.draws[by][f.Resource] {
				if d.from == out.ID {
					left.Sub(left, d.part)
				}
			}
		}
	}
	return left
}
