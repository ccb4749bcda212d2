package provenance

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// Graph is what lies behind something: each event once, in any order. What an
// event draws on and is not in the graph is of unknown origin.
type Graph struct {
	Events []Event
}

// Event is an event of a Graph that has its effect.
type Event struct {
	ID       protocol.EntryID
	Time     protocol.Time
	InputOf  protocol.EntryID
	OutputOf protocol.EntryID

	// Draws and Feeds are the resources from which things come and to which they
	// go, and how much of each, in the unit of that resource. An amount of zero
	// is that of a use or a citation, which takes nothing.
	Draws []Part
	Feeds []Part

	// Weight is what the event counts among the outputs of its process, nil if
	// that is not known. Outputs of which one has none count alike.
	Weight *big.Rat
}

// Part is an amount of a resource, and the events on that resource which lie
// before the one that it belongs to.
type Part struct {
	Resource protocol.EntryID
	Amount   *big.Rat
	After    []protocol.EntryID
}

// Shares are the parts of events that went into something, each from 0 to 1
// unless more was put out than there was. Events of which nothing did are absent.
type Shares struct {
	Of map[protocol.EntryID]*big.Rat
	// Unweighted are the processes whose outputs counted alike, since they cannot
	// be compared, ascending.
	Unweighted []protocol.EntryID
}

// index finds what belongs together in a graph.
type index struct {
	events  map[protocol.EntryID]*Event
	inputs  map[protocol.EntryID][]*Event                     // by process
	outputs map[protocol.EntryID][]*Event                     // by process
	draws   map[protocol.EntryID]map[protocol.EntryID][]drawn // by event and resource
	drawers map[protocol.EntryID][]protocol.EntryID           // by resource: events that draw on it
}

// drawn says that of what an event fed into a resource, a part was drawn by
// another one.
type drawn struct {
	from protocol.EntryID // the event that fed it
	part *big.Rat         // of what that event fed
}

func newIndex(g Graph) *index {
	x := &index{
		events: map[protocol.EntryID]*Event{}, inputs: map[protocol.EntryID][]*Event{},
		outputs: map[protocol.EntryID][]*Event{}, draws: map[protocol.EntryID]map[protocol.EntryID][]drawn{},
		drawers: map[protocol.EntryID][]protocol.EntryID{},
	}
	on := map[protocol.EntryID][]*Event{}
	for i := range g.Events {
		e := &g.Events[i]
		x.events[e.ID] = e
		if !e.InputOf.IsZero() {
			x.inputs[e.InputOf] = append(x.inputs[e.InputOf], e)
		}
		if !e.OutputOf.IsZero() {
			x.outputs[e.OutputOf] = append(x.outputs[e.OutputOf], e)
		}
		for _, r := range e.resources() {
			on[r] = append(on[r], e)
		}
	}
	for r, events := range on {
		x.mix(r, events)
	}
	return x
}

// resources returns the resources of an event, each once.
func (e *Event) resources() []protocol.EntryID {
	var all []protocol.EntryID
	for _, p := range slices.Concat(e.Draws, e.Feeds) {
		if !slices.Contains(all, p.Resource) {
			all = append(all, p.Resource)
		}
	}
	return all
}

func part(parts []Part, resource protocol.EntryID) *Part {
	for i := range parts {
		if parts[i].Resource == resource {
			return &parts[i]
		}
	}
	return nil
}

// mix finds of what each event on a resource drew: of all that was fed before, in
// proportion to what remained of it. What was drawn beyond that has no origin.
func (x *index) mix(resource protocol.EntryID, events []*Event) {
	type rest struct {
		from           protocol.EntryID
		fed, remaining *big.Rat
	}
	var held []rest
	for _, e := range Linear(resource, events) {
		if d := part(e.Draws, resource); d != nil && d.Amount.Sign() > 0 {
			total := new(big.Rat)
			for _, h := range held {
				total.Add(total, h.remaining)
			}
			var from []drawn
			for i := range held {
				h := &held[i]
				if total.Sign() <= 0 {
					continue
				}
				take := new(big.Rat).Quo(h.remaining, total)
				amount := d.Amount
				if amount.Cmp(total) > 0 {
					amount = total
				}
				take.Mul(take, amount)
				from = append(from, drawn{h.from, new(big.Rat).Quo(take, h.fed)})
				h.remaining = new(big.Rat).Sub(h.remaining, take)
			}
			x.drawn(e.ID, resource, from)
		}
		if f := part(e.Feeds, resource); f != nil && f.Amount.Sign() > 0 {
			held = append(held, rest{e.ID, f.Amount, f.Amount})
		}
	}
	var left []drawn
	for _, h := range held {
		if h.remaining.Sign() > 0 {
			left = append(left, drawn{h.from, new(big.Rat).Quo(h.remaining, h.fed)})
		}
	}
	x.drawn(stock, resource, left)
}

// stock stands for what is left of a resource, as if an event had drawn it.
var stock protocol.EntryID

func (x *index) drawn(by, resource protocol.EntryID, from []drawn) {
	if x.draws[by] == nil {
		x.draws[by] = map[protocol.EntryID][]drawn{}
	}
	x.draws[by][resource] = from
	x.drawers[resource] = append(x.drawers[resource], by)
}

// Linear puts the events of a resource in an order that keeps what the links of
// their authors say; what these leave open goes by time, then by identifier.
func Linear(resource protocol.EntryID, events []*Event) []*Event {
	inside := map[protocol.EntryID]*Event{}
	for _, e := range events {
		inside[e.ID] = e
	}
	waits, follow := map[protocol.EntryID]int{}, map[protocol.EntryID][]*Event{}
	for _, e := range inside {
		before := map[protocol.EntryID]bool{}
		for _, p := range slices.Concat(e.Draws, e.Feeds) {
			for _, id := range p.After {
				if _, known := inside[id]; known && p.Resource == resource && id != e.ID {
					before[id] = true
				}
			}
		}
		waits[e.ID] = len(before)
		for id := range before {
			follow[id] = append(follow[id], e)
		}
	}
	byTime := func(a, b *Event) int { return cmp.Or(cmp.Compare(a.Time, b.Time), a.ID.Compare(b.ID)) }
	var ready []*Event
	for _, e := range slices.SortedFunc(maps.Values(inside), byTime) {
		if waits[e.ID] == 0 {
			ready = append(ready, e)
		}
	}
	var order []*Event
	for len(ready) > 0 {
		e := ready[0]
		ready = ready[1:]
		order = append(order, e)
		for _, f := range follow[e.ID] {
			if waits[f.ID]--; waits[f.ID] == 0 {
				i, _ := slices.BinarySearchFunc(ready, f, byTime)
				ready = slices.Insert(ready, i, f)
			}
		}
	}
	return order
}
