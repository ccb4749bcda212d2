package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/provenance"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// largestRollUp bounds the events that one roll-up looks at: about 400 MB.
const largestRollUp = 300_000

// upstream is what lies behind something, with what each event says.
type upstream struct {
	*walk
	way    []Step // the steps of the walk
	events map[protocol.EntryID]protocol.Entry
	units  map[protocol.EntryID]string // of resources
}

// collect walks to the sources, and adds all events of the resources and
// processes on the way: others drew on these as well.
func (l *Ledger) collect(ctx context.Context, commons protocol.CommonsID, from protocol.EntryID) (*upstream, error) {
	w, err := l.newWalk(commons, from, toSources)
	if err != nil {
		return nil, err
	}
	u := &upstream{walk: w, events: map[protocol.EntryID]protocol.Entry{}, units: map[protocol.EntryID]string{}}
	for {
		step, more, err := w.step(ctx)
		if err != nil {
			return nil, err
		}
		if !more {
			return u, nil
		}
		u.way = append(u.way, step)
		if err := u.take(step); err != nil {
			return nil, err
		}
		if len(u.events) > largestRollUp {
			return nil, fmt.Errorf("%w: more than %d events lie behind it", ErrInvalid, largestRollUp)
		}
	}
}

func (u *upstream) take(s Step) error {
	var relations []string
	switch s.Kind {
	case StepEvent:
		u.events[s.ID] = s.Event.Entry
		return nil
	case StepProcess:
		relations = []string{"inputOf", "outputOf"}
	case StepResource:
		relations = []string{"resourceInventoriedAs", "toResourceInventoriedAs"}
		made, effective, err := u.lookup(s.ID)
		if err != nil {
			return err
		}
		if effective {
			u.events[s.ID] = made
			_, u.units[s.ID] = flow.AmountOf(made.Body.(*protocol.Event))
		}
	}
	found, err := u.naming(s.ID, relations...)
	for _, e := range found {
		u.events[e.ID()] = e
	}
	return err
}

// graph returns what was collected as the rules want it. Corrections are added to
// what they correct.
func (u *upstream) graph() (provenance.Graph, map[protocol.EntryID]quantities) {
	all := map[protocol.EntryID]quantities{}
	for id, e := range u.events {
		b := e.Body.(*protocol.Event)
		if !b.Corrects.IsZero() {
			id = b.Corrects
		}
		all[id] = all[id].plus(b)
	}
	var g provenance.Graph
	for id, e := range u.events {
		b := e.Body.(*protocol.Event)
		if !b.Corrects.IsZero() {
			continue
		}
		course := flow.CourseOf(id, b)
		g.Events = append(g.Events, provenance.Event{
			ID: id, Time: e.Time, InputOf: b.InputOf, OutputOf: b.OutputOf,
			Draws: u.parts(b, all[id], course.Draws), Feeds: u.parts(b, all[id], course.Feeds),
		})
	}
	u.weigh(&g)
	return g, all
}

func (u *upstream) parts(b *protocol.Event, q quantities, resources []protocol.EntryID) []provenance.Part {
	var all []provenance.Part
	for _, r := range resources {
		p := provenance.Part{Resource: r, Amount: new(big.Rat), After: slices.Clone(b.PreviousEvent)}
		for i, after := range p.After {
			if e, held := u.events[after]; held { // a correction stands where what it corrects does
				if corrected := e.Body.(*protocol.Event).Corrects; !corrected.IsZero() {
					p.After[i] = corrected
				}
			}
		}
		if converted, err := unit.Convert(q.resource.Rat(), q.unit, u.units[r]); err == nil && !takesNothing(b) {
			p.Amount = converted
		}
		all = append(all, p)
	}
	return all
}

// takesNothing reports whether an event leaves what it draws on as it is.
func takesNothing(b *protocol.Event) bool {
	return b.Action == "use" || b.Action == "cite" || b.Action == "copy"
}

// weigh gives the outputs of each process their quantity as weight, if those of
// the process can be compared.
func (u *upstream) weigh(g *provenance.Graph) {
	units, apart := map[protocol.EntryID]string{}, map[protocol.EntryID]bool{}
	for _, e := range g.Events {
		if e.OutputOf.IsZero() {
			continue
		}
		_, of := flow.AmountOf(u.events[e.ID].Body.(*protocol.Event))
		first, known := units[e.OutputOf]
		if !known {
			units[e.OutputOf] = of
		} else if !unit.Convertible(first, of) {
			apart[e.OutputOf] = true
		}
	}
	for i, e := range g.Events {
		if e.OutputOf.IsZero() || apart[e.OutputOf] {
			continue
		}
		amount, of := flow.AmountOf(u.events[e.ID].Body.(*protocol.Event))
		if weight, err := unit.Convert(amount.Rat(), of, units[e.OutputOf]); err == nil {
			g.Events[i].Weight = weight
		}
	}
}

// quantities are those of an event, with its corrections.
type quantities struct {
	resource, effort rules.Total
	unit, effortUnit string
}

func (q quantities) plus(b *protocol.Event) quantities {
	if b.ResourceQuantity != nil {
		q.resource, q.unit = q.resource.Add(rules.TotalOf(b.ResourceQuantity.Amount())), b.ResourceQuantity.Unit
	}
	if b.EffortQuantity != nil {
		q.effort, q.effortUnit = q.effort.Add(rules.TotalOf(b.EffortQuantity.Amount())), b.EffortQuantity.Unit
	}
	return q
}

// RollUp returns the effort and the resources that have gone into an amount of a
// resource, one unit of it if the amount is zero: of what there is now, or, where
// that is less, of all that was ever put in. What was produced
// counts by what went into it; what came from elsewhere, or was there before,
// counts as itself. The shares are exact, see package provenance; sums that do
// not end are rounded to nine places. It costs what the whole graph behind the
// resource costs; one of more than 300,000 events is refused.
func (l *Ledger) RollUp(ctx context.Context, commons protocol.CommonsID, resource protocol.EntryID, amount Total) (RollUp, error) {
	r, err := l.Resource(ctx, resource)
	if err != nil {
		return RollUp{}, err
	}
	if amount.IsZero() {
		amount = rules.TotalOf(protocol.Amount{N: 1})
	}
	if amount.IsNegative() {
		return RollUp{}, fmt.Errorf("%w: %s is no amount", ErrInvalid, amount)
	}
	u, err := l.collect(ctx, commons, resource)
	if err != nil {
		return RollUp{}, err
	}
	g, all := u.graph()
	sharesIn := provenance.InStock
	if amount.Above(r.AccountingQuantity.Value) && amount.Above(r.OnhandQuantity.Value) {
		sharesIn = provenance.InFed
	}
	shares := sharesIn(g, resource, amount.Rat())
	up := RollUp{
		Resource: resource, Amount: Measure{Value: amount, Unit: r.AccountingQuantity.Unit}, Unweighted: shares.Unweighted,
	}
	sums := map[rollUpKey]*rollUpSum{}
	for id, share := range shares.Of {
		b := u.events[id].Body.(*protocol.Event)
		course := flow.CourseOf(id, b)
		input := !b.InputOf.IsZero() && (len(course.Draws) == 0 || takesNothing(b))
		given := b.InputOf.IsZero() && b.OutputOf.IsZero() && len(course.Draws) == 0
		if !input && !given {
			continue
		}
		sum, of := all[id].effort, all[id].effortUnit
		if of == "" {
			sum, of = all[id].resource, all[id].unit
		}
		k := rollUpKey{b.Action, u.conformsTo(b), of, b.Provider}
		if sums[k] == nil {
			sums[k] = &rollUpSum{quantity: new(big.Rat)}
		}
		sums[k].quantity.Add(sums[k].quantity, new(big.Rat).Mul(sum.Rat(), share))
		sums[k].events++
		up.Events++
	}
	for _, k := range slices.SortedFunc(maps.Keys(sums), rollUpKey.compare) {
		value, exact := rules.TotalFromRat(sums[k].quantity)
		up.Lines = append(up.Lines, RollUpLine{
			Action: k.action, ConformsTo: k.conformsTo, Provider: k.provider,
			Quantity: Measure{Value: value, Unit: k.unit, Rounded: !exact}, Events: sums[k].events,
		})
	}
	return up, nil
}

type rollUpKey struct {
	action, conformsTo, unit string
	provider                 protocol.AgentID
}

type rollUpSum struct {
	quantity *big.Rat
	events   int64
}

func (k rollUpKey) compare(o rollUpKey) int {
	return cmp.Or(cmp.Compare(k.action, o.action), cmp.Compare(k.conformsTo, o.conformsTo),
		cmp.Compare(k.unit, o.unit), k.provider.Compare(o.provider.EntryID))
}

// conformsTo returns the specification that an event names, or that of the
// resource that it is about.
func (u *upstream) conformsTo(b *protocol.Event) string {
	if b.ResourceConformsTo != "" {
		return b.ResourceConformsTo
	}
	if flow.Creates(b) {
		return flow.SpecificationOf(b)
	}
	for _, r := range []protocol.EntryID{b.ResourceInventoriedAs, b.ToResourceInventoriedAs} {
		made, held := u.events[r]
		if !held {
			made, held, _ = u.lookup(r)
		}
		if body, is := made.Body.(*protocol.Event); held && is && flow.Creates(body) {
			return flow.SpecificationOf(body)
		}
	}
	return ""
}
