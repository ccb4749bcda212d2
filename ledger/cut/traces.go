package cut

import (
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules/provenance"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// An income names what it was paid for in one of three ways. A resource: all that
// was ever fed into it. An event, such as a delivery: that event. The text of a
// specification: the events by which something of it passed from one agent to
// another, out of a resource or a process; if there are none, all that was fed into
// its resources, or came out of a process. What it names and is not in the cut has
// nothing behind it.

// behindKey is an event, or of a use or citation what lies in a resource then.
type behindKey struct{ event int32 }

// maxKept bounds how many answers a round keeps.
const maxKept = 1 << 12

// Delivered returns what part of each event went into what the incomes of a round
// and of all rounds before it were paid for.
func (f *Facts) Delivered(round int) (share.Fractions, error) {
	r := &f.rounds[round]
	g := f.graphOf(r)
	var seeds provenance.Seeds
	plain := map[int32]bool{}
	for i := range f.rounds[:round+1] {
		for _, income := range f.rounds[i].Incomes {
			if err := f.deliveries(r, income, &seeds, plain); err != nil {
				return share.Fractions{}, err
			}
		}
	}
	all, err := f.fractions(g, seeds)
	if err != nil {
		return all, err
	}
	for e := range plain {
		all.Of[int(e)] = big.NewRat(1, 1)
	}
	return all, nil
}

// Untraced returns the incomes of a round that name what they were paid for, where
// nothing is known of that up to the cut.
func (f *Facts) Untraced(round int) ([]protocol.EntryID, error) {
	r := &f.rounds[round]
	var all []protocol.EntryID
	for _, income := range r.Incomes {
		e, held, err := f.source.Find(income)
		if err != nil {
			return nil, err
		}
		b, is := e.Body.(*protocol.Event)
		if !held || !is || b.ResourceInventoriedAs.IsZero() && b.ToResourceInventoriedAs.IsZero() && b.ResourceConformsTo == "" {
			continue
		}
		var seeds provenance.Seeds
		plain := map[int32]bool{}
		if err := f.deliveries(r, income, &seeds, plain); err != nil {
			return nil, err
		}
		if len(plain) == 0 && seeds.Empty() {
			all = append(all, income)
		}
	}
	return all, nil
}

// deliveries adds what an income was paid for.
func (f *Facts) deliveries(r *round, income protocol.EntryID, seeds *provenance.Seeds, plain map[int32]bool) error {
	e, held, err := f.source.Find(income)
	b, is := e.Body.(*protocol.Event)
	if err != nil || !held || !is {
		return err
	}
	for _, id := range []protocol.EntryID{b.ResourceInventoriedAs, b.ToResourceInventoriedAs} {
		if i := f.ids.find(f.events, &id); i >= 0 && f.stands(r, i) {
			f.delivery(r, i, seeds, plain)
		}
	}
	if b.ResourceConformsTo != "" {
		f.deliveriesOf(r, b.ResourceConformsTo, seeds, plain)
	}
	return nil
}

// delivery adds a resource, given by the event that made it, or an event.
func (f *Facts) delivery(r *round, event int32, seeds *provenance.Seeds, plain map[int32]bool) {
	g := f.graphOf(r)
	if l := f.linkOf(event); l != nil && l.self >= 0 {
		if stock, known := g.stock[stockKey{l.self, none, none}]; known {
			g.AddStock(seeds, stock)
			return
		}
	}
	if flow, known := g.flow[event]; known {
		seeds.AddFlow(flow)
	} else if f.events[event].Corrects < 0 {
		plain[event] = true
	}
}

// deliveriesOf adds what there is of a specification.
func (f *Facts) deliveriesOf(r *round, specification string, seeds *provenance.Seeds, plain map[int32]bool) {
	g := f.graphOf(r)
	var gone, made []int32
	for i := range f.links {
		l := &f.links[i]
		e := l.event
		if f.rows[e].is&isMoney != 0 || f.events[e].Corrects >= 0 || !f.stands(r, e) || !slices.Contains(f.kinds[f.events[e].Kind].Resources, specification) {
			continue
		}
		if _, known := g.flow[e]; !known {
			continue
		}
		passes := r.owner[f.events[e].Provider] != r.owner[l.receiver]
		switch action := f.kinds[f.events[e].Kind].Action; {
		case passes && (action == "transfer" || action == "transferAllRights" || action == "deliverService") && l.in < 0 && (l.is&drawsFrom != 0 || l.out >= 0):
			gone = append(gone, e)
		case l.self >= 0 || l.out >= 0 || l.is&(feedsFrom|feedsTo) != 0 && l.is&(drawsFrom|drawsTo) == 0:
			made = append(made, e)
		}
	}
	if len(gone) > 0 {
		for _, e := range gone {
			seeds.AddFlow(g.flow[e])
		}
		return
	}
	for _, e := range made {
		f.delivery(r, e, seeds, plain)
	}
}

// Behind returns what part of each event lies behind what an event draws on, uses
// or cites: of what it takes, the part that it took; of what it uses or cites, the
// whole of what was fed before.
func (f *Facts) Behind(round, event int) (share.Fractions, error) {
	r := &f.rounds[round]
	g := f.graphOf(r)
	flow, known := g.flow[int32(event)]
	if !known {
		return share.Fractions{}, nil
	}
	if kept, known := r.behind[behindKey{int32(event)}]; known {
		return kept, nil
	}
	var seeds provenance.Seeds
	g.AddBehind(&seeds, flow)
	all, err := f.fractions(g, seeds)
	if err != nil {
		return all, err
	}
	if len(r.behind) >= maxKept || r.behind == nil {
		r.behind = map[behindKey]share.Fractions{}
	}
	r.behind[behindKey{int32(event)}] = all
	return all, nil
}

// Into returns what part of each event went into a process, its inputs included.
func (f *Facts) Into(round int, process protocol.EntryID) (share.Fractions, error) {
	r := &f.rounds[round]
	if kept, known := r.into[process]; known {
		return kept, nil
	}
	g := f.graphOf(r)
	name, known := f.names.at[process]
	if !known {
		return share.Fractions{}, nil
	}
	step, known := g.step[stepKey{name, none}]
	if !known {
		return share.Fractions{}, nil
	}
	var seeds provenance.Seeds
	g.AddStep(&seeds, step)
	all, err := f.fractions(g, seeds)
	if err != nil {
		return all, err
	}
	if len(r.into) >= maxKept || r.into == nil {
		r.into = map[protocol.EntryID]share.Fractions{}
	}
	r.into[process] = all
	return all, nil
}

func (f *Facts) fractions(g *graph, seeds provenance.Seeds) (share.Fractions, error) {
	parts, err := g.Tracer.BehindUnless(seeds, f.stop)
	if err != nil {
		return share.Fractions{}, err
	}
	all := share.Fractions{Of: make(map[int]*big.Rat, len(parts.Of))}
	for flow, part := range parts.Of {
		if e := g.event[flow]; e >= 0 && !g.passed[int(flow)] { // those who paid it in are behind it
			all.Of[int(e)] = part
		}
	}
	for _, s := range parts.Alike {
		all.Unweighted = append(all.Unweighted, g.stepID[s])
	}
	slices.SortFunc(all.Unweighted, protocol.EntryID.Compare)
	all.Unweighted = slices.Compact(all.Unweighted)
	return all, nil
}
