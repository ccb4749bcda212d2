package ledger_test

import (
	"bytes"
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// flows traces backwards in a cut: what part of each event went into something.
type flows struct {
	cutWorld
	seeds map[protocol.EntryID]*big.Rat // what it went into, which counts as it is
	known map[protocol.EntryID]*big.Rat
	open  map[protocol.EntryID]bool
}

// parts returns the part of each event that went into some events.
func (w cutWorld) parts(seeds map[protocol.EntryID]*big.Rat) map[protocol.EntryID]*big.Rat {
	f := flows{w, seeds, map[protocol.EntryID]*big.Rat{}, map[protocol.EntryID]bool{}}
	all := map[protocol.EntryID]*big.Rat{}
	for _, e := range w.events() {
		if e.Body.(*protocol.Event).Corrects.IsZero() {
			if x := f.part(e.ID()); x.Sign() > 0 {
				all[e.ID()] = x
			}
		}
	}
	return all
}

// part returns what part of an event went there.
func (f *flows) part(id protocol.EntryID) *big.Rat {
	if x := f.seeds[id]; x != nil {
		return x
	}
	if x := f.known[id]; x != nil {
		return x
	}
	if f.open[id] {
		panic(fmt.Sprint("a loop at ", id))
	}
	f.open[id] = true
	b, sum := f.event(id), new(big.Rat)
	if !b.InputOf.IsZero() && (b.Currency != "" || f.left(id)) {
		sum.Add(sum, f.process(b.InputOf))
	}
	if receiver := f.owner(b.Receiver); !b.RealizationOf.IsZero() && receiver != f.owner(b.Provider) {
		sum.Add(sum, f.agreement(b.RealizationOf, receiver))
	}
	if stock := f.fed(id); !stock.IsZero() {
		for _, d := range f.mix(stock) {
			if d.in == id {
				sum.Add(sum, new(big.Rat).Mul(new(big.Rat).Quo(d.taken, f.quantity(id)), f.takes(d.out)))
			}
		}
	}
	if b.Currency != "" && b.Receiver == protocol.AgentID(f.commons) {
		for _, d := range f.box(b.Currency) {
			if d.in == id && f.event(d.out) != nil {
				sum.Add(sum, new(big.Rat).Mul(new(big.Rat).Quo(d.taken, f.quantity(id)), f.part(d.out)))
			}
		}
	}
	f.known[id] = sum
	return sum
}

// takes returns the part of what an event draws that went there: nothing if what
// it brings in is traced through an agreement.
func (f *flows) takes(id protocol.EntryID) *big.Rat {
	b := f.event(id)
	if f.traded(id) && f.answered(b) {
		return new(big.Rat)
	}
	return f.part(id)
}

// traded says whether an event is something that somebody gave by an agreement.
func (f *flows) traded(id protocol.EntryID) bool {
	b := f.event(id)
	giver := f.owner(b.Provider)
	return !b.RealizationOf.IsZero() && b.Currency == "" && f.left(id) && giver != protocol.AgentID(f.commons) && giver != f.owner(b.Receiver)
}

// answered says whether something went to the provider for it.
func (f *flows) answered(b *protocol.Event) bool {
	return slices.ContainsFunc(f.events(), func(e protocol.Entry) bool {
		o := e.Body.(*protocol.Event)
		return o.RealizationOf == b.RealizationOf && o.Corrects.IsZero() && f.owner(o.Receiver) == f.owner(b.Provider) &&
			f.owner(o.Provider) != f.owner(o.Receiver) && (o.Currency != "" || f.left(e.ID()))
	})
}

// agreement returns the part of what an agent gave by an agreement.
func (f *flows) agreement(id protocol.EntryID, giver protocol.AgentID) *big.Rat {
	var outputs []protocol.EntryID
	for _, e := range f.events() {
		b := e.Body.(*protocol.Event)
		if b.RealizationOf == id && f.owner(b.Provider) == giver && b.Corrects.IsZero() && f.traded(e.ID()) {
			outputs = append(outputs, e.ID())
		}
	}
	return f.weighed(outputs)
}

// process returns the part of a process that went there.
func (f *flows) process(id protocol.EntryID) *big.Rat {
	var outputs []protocol.EntryID
	for _, e := range f.events() {
		if b := e.Body.(*protocol.Event); b.OutputOf == id && b.Corrects.IsZero() && f.left(e.ID()) {
			outputs = append(outputs, e.ID())
		}
	}
	return f.weighed(outputs)
}

// weighed returns the part of some outputs together.
func (f *flows) weighed(outputs []protocol.EntryID) *big.Rat {
	sum, all := new(big.Rat), new(big.Rat)
	for i, w := range f.weights(outputs) {
		all.Add(all, w)
		sum.Add(sum, w.Mul(w, f.part(outputs[i])))
	}
	if all.Sign() == 0 {
		return new(big.Rat)
	}
	return sum.Quo(sum, all)
}

func (f *flows) weights(outputs []protocol.EntryID) []*big.Rat {
	byCharter, byQuantity, alike := []*big.Rat{}, []*big.Rat{}, []*big.Rat{}
	for _, id := range outputs {
		alike = append(alike, big.NewRat(1, 1))
		q := f.quantity(id)
		for _, w := range f.doc.Weights {
			names := f.resourceNames(id)
			if c := f.event(id).Currency; c != "" {
				names = []string{c}
			}
			if slices.Contains(names, w.Resource) {
				if x, err := unit.Convert(q, f.unitOf(id), w.Per); err == nil {
					byCharter = append(byCharter, x.Mul(x, ratAmount(w.Value)))
				}
				break
			}
		}
		if x, err := unit.Convert(q, f.unitOf(id), f.unitOf(outputs[0])); err == nil {
			byQuantity = append(byQuantity, x)
		}
	}
	for _, w := range [][]*big.Rat{byCharter, byQuantity} {
		if len(w) == len(outputs) {
			return w
		}
	}
	return alike
}

func (f *flows) unitOf(id protocol.EntryID) string {
	if b := f.event(id); b.ResourceQuantity != nil {
		return b.ResourceQuantity.Unit
	}
	return f.event(id).EffortQuantity.Unit
}

// quantity is what an event moves, with its corrections that count.
func (f *flows) quantity(id protocol.EntryID) *big.Rat {
	b := f.event(id)
	sum := new(big.Rat)
	of := func(b *protocol.Event) *protocol.Quantity {
		if f.event(id).ResourceQuantity != nil {
			return b.ResourceQuantity
		}
		return b.EffortQuantity
	}
	sum.Add(sum, ratAmount(of(b).Amount()))
	for _, c := range f.corrections(id) {
		if f.counts(c) {
			if x := ratOf(of(c.Body.(*protocol.Event)), f.unitOf(id)); x != nil {
				sum.Add(sum, x)
			}
		}
	}
	return sum
}

// left says whether corrections leave anything of an event.
func (f *flows) left(id protocol.EntryID) bool { return f.quantity(id).Sign() > 0 }

// fed returns the stock into which an event puts something.
func (f *flows) fed(id protocol.EntryID) protocol.EntryID {
	b := f.event(id)
	if b.Currency != "" || !f.left(id) {
		return protocol.EntryID{}
	}
	if b.NewInventoriedResource != nil {
		return id
	}
	if !b.ToResourceInventoriedAs.IsZero() {
		return b.ToResourceInventoriedAs
	}
	switch b.Action {
	case "raise", "produce", "modify", "dropoff", "transfer", "transferAllRights":
		return b.ResourceInventoriedAs
	}
	return protocol.EntryID{}
}

// drawn returns the stock from which an event takes something.
func (f *flows) drawn(id protocol.EntryID) protocol.EntryID {
	switch b := f.event(id); b.Action {
	case "consume", "lower", "transfer", "transferAllRights", "move", "accept", "pickup", "combine", "separate":
		if b.Currency == "" && f.left(id) {
			return b.ResourceInventoriedAs
		}
	}
	return protocol.EntryID{}
}

// draw is what an event took of what another had put in.
type draw struct {
	in, out protocol.EntryID
	taken   *big.Rat
}

// mix returns who took what of a stock.
func (f *flows) mix(stock protocol.EntryID) []draw {
	var steps []mixStep
	for _, e := range f.ordered(stock) {
		id := e.ID()
		if !e.Body.(*protocol.Event).Corrects.IsZero() {
			continue
		}
		if x, err := unit.Convert(f.quantity(id), f.unitOf(id), f.unitOf(stock)); err == nil {
			if f.drawn(id) == stock {
				steps = append(steps, mixStep{id, new(big.Rat).Neg(x), f.quantity(id)})
			}
			if f.fed(id) == stock {
				steps = append(steps, mixStep{id, x, f.quantity(id)})
			}
		}
	}
	return mixed(steps)
}

type mixStep struct {
	id      protocol.EntryID
	amount  *big.Rat // below zero: taken
	ownUnit *big.Rat
}

func mixed(steps []mixStep) (draws []draw) {
	type rest struct{ mixStep }
	var in []rest
	for _, s := range steps {
		if s.amount.Sign() > 0 {
			in = append(in, rest{mixStep{s.id, new(big.Rat).Set(s.amount), new(big.Rat).Quo(s.ownUnit, s.amount)}})
			continue
		}
		all, take := new(big.Rat), new(big.Rat).Neg(s.amount)
		for _, r := range in {
			all.Add(all, r.amount)
		}
		if all.Sign() <= 0 {
			continue
		}
		part := new(big.Rat).Quo(take, all)
		if part.Cmp(big.NewRat(1, 1)) > 0 {
			part = big.NewRat(1, 1) // there was no more
		}
		for _, r := range in {
			x := new(big.Rat).Mul(r.amount, part)
			if x.Sign() > 0 {
				draws = append(draws, draw{r.id, s.id, new(big.Rat).Mul(x, r.ownUnit)})
				r.amount.Sub(r.amount, x)
			}
		}
	}
	return draws
}

// ordered returns the events on a stock, corrections too, in an order that keeps
// their links, and otherwise by time, then identifier.
func (w cutWorld) ordered(stock protocol.EntryID) (all []protocol.Entry) {
	var left []protocol.Entry
	on := map[protocol.EntryID]bool{}
	for _, e := range w.events() {
		b := e.Body.(*protocol.Event)
		if b.Currency == "" && (e.ID() == stock || b.ResourceInventoriedAs == stock || b.ToResourceInventoriedAs == stock) {
			left, on[e.ID()] = append(left, e), true
		}
	}
	return inOrder(left, func(e protocol.Entry) (before []protocol.EntryID) {
		b := e.Body.(*protocol.Event)
		if e.ID() != stock {
			before = append(before, stock)
		}
		for _, id := range append(slices.Clone(b.PreviousEvent), b.Corrects) {
			if on[id] {
				before = append(before, id)
			}
		}
		return before
	})
}

// inOrder sorts entries by their links, and otherwise by time, then identifier.
func inOrder(left []protocol.Entry, before func(protocol.Entry) []protocol.EntryID) (all []protocol.Entry) {
	done := map[protocol.EntryID]bool{}
	for len(left) > 0 {
		best := -1
		for i, e := range left {
			if slices.ContainsFunc(before(e), func(id protocol.EntryID) bool { return !done[id] }) {
				continue
			}
			if best < 0 || timeThenID(e, left[best]) < 0 {
				best = i
			}
		}
		all, done[left[best].ID()] = append(all, left[best]), true
		left = slices.Delete(left, best, best+1)
	}
	return all
}

func timeThenID(a, b protocol.Entry) int {
	x, y := a.ID(), b.ID()
	return cmp.Or(cmp.Compare(eventMoment(a), eventMoment(b)), bytes.Compare(x[:], y[:]))
}

// eventMoment is when an event was, or else when it was written.
func eventMoment(e protocol.Entry) protocol.Time {
	if b, is := e.Body.(*protocol.Event); is && b.HasPointInTime != "" {
		return moment(b.HasPointInTime)
	}
	return e.Time
}

// box returns who took what of the money of the commons. What a distribution took
// is named by the identifier of its part.
func (f *flows) box(currency string) []draw {
	var all []protocol.Entry
	pool := protocol.AgentID(f.commons)
	for _, e := range f.held {
		switch b := e.Body.(type) {
		case *protocol.Event:
			if b.Currency == currency && (b.Receiver == pool || b.Provider == pool) {
				all = append(all, e)
			}
		case *protocol.Distribution:
			if b.Currency == currency {
				all = append(all, e)
			}
		}
	}
	claimed := func(marks []protocol.Watermark, e protocol.Entry) bool {
		return slices.ContainsFunc(marks, func(m protocol.Watermark) bool { return m.Log == e.Log && e.Seq <= m.Seq })
	}
	ordered := inOrder(all, func(e protocol.Entry) (before []protocol.EntryID) {
		var marks []protocol.Watermark
		switch b := e.Body.(type) {
		case *protocol.Event:
			marks = b.Claims
		case *protocol.Distribution:
			marks = b.Claims
		}
		for _, other := range all {
			if other.Log == e.Log && other.Seq < e.Seq || claimed(marks, other) && f.event(other.ID()) != nil && f.event(other.ID()).Receiver == pool {
				before = append(before, other.ID())
			}
		}
		return before
	})
	var steps []mixStep
	for _, e := range ordered {
		id := e.ID()
		switch b := e.Body.(type) {
		case *protocol.Event:
			x := ratAmount(b.ResourceQuantity.Amount())
			if b.Receiver == pool {
				steps = append(steps, mixStep{id, x, x})
			} else {
				steps = append(steps, mixStep{id, new(big.Rat).Neg(x), x})
			}
		case *protocol.Distribution:
			x := new(big.Rat)
			for _, l := range b.Lines {
				if l.Agent != pool {
					x.Add(x, ratAmount(l.Amount))
				}
			}
			steps = append(steps, mixStep{id, x.Neg(x), x})
		}
	}
	return mixed(steps)
}
