package ledger_test

import (
	"math/big"

	"github.com/minga-commons/minga/protocol"
)

// delivered returns the events that incomes were paid for.
func (w cutWorld) delivered(incomes []protocol.EntryID) map[protocol.EntryID]*big.Rat {
	f := flows{cutWorld: w}
	all := map[protocol.EntryID]*big.Rat{}
	add := func(id protocol.EntryID) { all[id] = big.NewRat(1, 1) }
	for _, income := range incomes {
		b := w.event(income)
		if id := b.ResourceInventoriedAs; !id.IsZero() {
			if _, held := w.held[id]; !held || !w.works(w.held[id]) {
				continue
			}
			if w.event(id).NewInventoriedResource == nil {
				add(id)
				continue
			}
			for _, e := range w.events() {
				if e.Body.(*protocol.Event).Corrects.IsZero() && f.fed(e.ID()) == id {
					add(e.ID())
				}
			}
			continue
		}
		if b.ResourceConformsTo == "" {
			continue
		}
		var passed, made []protocol.EntryID
		for _, e := range w.events() {
			o := e.Body.(*protocol.Event)
			if o.Currency != "" || !o.Corrects.IsZero() || w.specification(e.ID()) != b.ResourceConformsTo || !f.left(e.ID()) {
				continue
			}
			switch o.Action {
			case "transfer", "transferAllRights", "transferCustody", "deliverService":
				if w.owner(o.Provider) != w.owner(o.Receiver) && (!f.drawn(e.ID()).IsZero() || !o.OutputOf.IsZero()) && o.InputOf.IsZero() {
					passed = append(passed, e.ID())
				}
			}
			if !f.fed(e.ID()).IsZero() && f.drawn(e.ID()) != f.fed(e.ID()) || !o.OutputOf.IsZero() {
				made = append(made, e.ID())
			}
		}
		if len(passed) == 0 {
			passed = made
		}
		for _, id := range passed {
			add(id)
		}
	}
	return all
}

// behind returns what lies behind what an event uses, cites or takes.
func (w cutWorld) behind(id protocol.EntryID) map[protocol.EntryID]*big.Rat {
	f := flows{cutWorld: w}
	b := w.event(id)
	seeds := map[protocol.EntryID]*big.Rat{}
	if b.ResourceInventoriedAs.IsZero() {
		return seeds
	}
	if b.Action != "use" && b.Action != "cite" {
		seeds[id] = big.NewRat(1, 1)
	} else {
		for _, e := range w.ordered(b.ResourceInventoriedAs) {
			if e.ID() == id {
				break
			}
			if e.Body.(*protocol.Event).Corrects.IsZero() && f.fed(e.ID()) == b.ResourceInventoriedAs {
				seeds[e.ID()] = big.NewRat(1, 1)
			}
		}
	}
	all := w.parts(seeds)
	delete(all, id)
	return all
}

// into returns what went into a process.
func (w cutWorld) into(process protocol.EntryID) map[protocol.EntryID]*big.Rat {
	f := flows{cutWorld: w}
	seeds := map[protocol.EntryID]*big.Rat{}
	for _, e := range w.events() {
		if b := e.Body.(*protocol.Event); b.InputOf == process && b.Corrects.IsZero() && f.left(e.ID()) {
			seeds[e.ID()] = big.NewRat(1, 1)
		}
	}
	return w.parts(seeds)
}
