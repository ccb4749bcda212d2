package ledger

import (
	"cmp"
	"context"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/provenance"
	"github.com/minga-commons/minga/protocol"
)

// Provenance returns the same steps as Trace in the order of cause and effect:
// what came first is first, and a resource follows the first event that fed it. A
// page costs what the whole graph behind the thing costs; one of more than
// 300,000 events is refused.
func (l *Ledger) Provenance(ctx context.Context, commons protocol.CommonsID, from protocol.EntryID, p Page) ([]Step, string, error) {
	at, err := cursorBytes(p.After)
	if err == nil && len(at) != 0 && len(at) != 8 {
		err = &CursorError{p.After}
	}
	if err != nil {
		return nil, "", err
	}
	u, err := l.collect(ctx, commons, from)
	if err != nil {
		return nil, "", err
	}
	all := u.causal()
	if len(at) > 0 {
		all = all[min(uint64(len(all)), binary.BigEndian.Uint64(at)):]
	} else {
		at = u64(0)
	}
	if len(all) <= p.limit() {
		return all, "", nil
	}
	all = all[:p.limit()]
	return all, cursorText(u64(binary.BigEndian.Uint64(at) + uint64(len(all)))), nil
}

// causal returns the steps of the walk in the order of cause and effect.
func (u *upstream) causal() []Step {
	type place struct {
		kind StepKind
		id   protocol.EntryID
	}
	steps := map[place]Step{}
	for _, s := range u.way {
		steps[place{s.Kind, s.ID}] = s
	}
	g, _ := u.graph()
	all := make([]Step, 0, len(u.way))
	add := func(kind StepKind, id protocol.EntryID) {
		if s, is := steps[place{kind, id}]; is {
			all = append(all, s)
			delete(steps, place{kind, id})
		}
	}
	for _, id := range provenance.Causal(g) {
		e, is := u.events[id]
		if !is {
			add(StepProcess, id)
			continue
		}
		add(StepEvent, id)
		for _, r := range flow.CourseOf(id, e.Body.(*protocol.Event)).Feeds {
			add(StepResource, r)
		}
	}
	for _, s := range u.way { // what nothing is known to have fed
		add(s.Kind, s.ID)
	}
	return all
}

// NetworkFlows returns what passed between agents on the way to an event, a
// process or a resource: the events of its trace, added up by provider,
// receiver, action, specification and unit, in that order. Corrections count with
// what they correct.
func (l *Ledger) NetworkFlows(ctx context.Context, commons protocol.CommonsID, of protocol.EntryID) ([]NetworkFlow, error) {
	u, err := l.collect(ctx, commons, of)
	if err != nil {
		return nil, err
	}
	_, quantities := u.graph()
	type key struct {
		provider, receiver       protocol.AgentID
		action, conformsTo, unit string
	}
	type sum struct {
		total  rules.Total
		events int64
	}
	sums := map[key]sum{}
	for _, s := range u.way {
		if s.Kind != StepEvent {
			continue
		}
		b, q := s.Event.Body, quantities[s.ID]
		total, of := q.resource, q.unit
		if of == "" {
			total, of = q.effort, q.effortUnit
		}
		k := key{b.Provider, b.Receiver, b.Action, u.conformsTo(b), of}
		sums[k] = sum{sums[k].total.Add(total), sums[k].events + 1}
	}
	order := func(a, b key) int {
		return cmp.Or(a.provider.Compare(b.provider.EntryID), a.receiver.Compare(b.receiver.EntryID),
			cmp.Compare(a.action, b.action), cmp.Compare(a.conformsTo, b.conformsTo), cmp.Compare(a.unit, b.unit))
	}
	flows := make([]NetworkFlow, 0, len(sums))
	for _, k := range slices.SortedFunc(maps.Keys(sums), order) {
		flows = append(flows, NetworkFlow{
			Provider: k.provider, Receiver: k.receiver, Action: k.action, ConformsTo: k.conformsTo,
			Quantity: Measure{Value: sums[k].total, Unit: k.unit}, Events: sums[k].events,
		})
	}
	return flows, nil
}
