package graph

import (
	"errors"
	"math/big"

	"github.com/minga-commons/minga/ledger"
	om2unit "github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// check is a statement of a resource's quantities after events on it.
type check struct {
	resource *resource
	node     *Node
	order    int
	// events is how many there are on the resource if it is only those of the file
	// that stand before the statement; 0 if that is sure.
	events int64
}

// now is the place of the checks that are due before anything is written.
const now = -1

// checksAfter says after which draft of a bundle each check is due: the last one
// of those on the resource that stand before the statement in the file, or now if
// all of these are held. Where some are, what the file says of the resource may be
// of another time: it is compared only if there are no other events on it.
func (w *work) checksAfter(fresh []*thing) map[int][]check {
	due := map[int][]check{}
	for _, r := range w.resourceList {
		held := r.anyHeld()
		for _, c := range r.checks {
			at, whole, events := now, true, map[*thing]bool{r.maker: true} // one more, if it is not the file that makes it
			if r.maker != nil {
				at = r.maker.index
			}
			for _, t := range r.touches {
				if t.thing.order < c.order {
					at = max(at, t.thing.index)
					whole = whole && !t.thing.refused
					events[t.thing] = true
				}
			}
			if held {
				c.events = int64(len(events))
			}
			if whole && (held || at >= 0) {
				due[at] = append(due[at], c)
			}
		}
	}
	return due
}

// anyHeld reports whether an event of the file on the resource is there already.
func (r *resource) anyHeld() bool {
	if r.maker != nil && !r.maker.held.IsZero() {
		return true
	}
	for _, t := range r.touches {
		if !t.thing.held.IsZero() {
			return true
		}
	}
	return false
}

// check compares what statements say with what the events come to.
func (w *work) check(due []check, resource func(protocol.EntryID) (ledger.Resource, error), at func(ref) protocol.EntryID) error {
	for _, c := range due {
		found, err := resource(at(ref{resource: c.resource}))
		if errors.Is(err, ledger.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if c.events > 0 && found.Events != c.events {
			continue
		}
		w.compare(c, "accountingQuantity", found.AccountingQuantity)
		w.compare(c, "onhandQuantity", found.OnhandQuantity)
	}
	return nil
}

func (w *work) compare(c check, property string, found ledger.Measure) {
	stated := c.node.quantity(property)
	if stated == nil {
		return
	}
	value, err := om2unit.Convert(stated.rat(), stated.Unit, found.Unit)
	if exact, ok := new(big.Rat).SetString(found.Value.String()); ok && err == nil && exact.Cmp(value) == 0 {
		return
	}
	d := Difference{
		Line: c.node.Line, Resource: c.resource.id, Property: property,
		Stated: stated.String(), Found: found.Value.String() + " " + found.Unit,
	}
	if p := c.node.Get(property); p != nil {
		d.Line = p.Line
	}
	w.report.Differences = append(w.report.Differences, d)
	w.slip(c.node, c.node.Get(property), differs, d.Stated, d.Found)
}
