package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// Resource returns one resource. An identifier of something else, or of nothing,
// gives ErrNotFound. It is safe for concurrent use.
func (l *Ledger) Resource(_ context.Context, id protocol.EntryID) (Resource, error) {
	l.stateMu.RLock()
	commons := commonsNo(l.meta.Commons)
	l.stateMu.RUnlock()
	for no := range commons {
		r, held, err := l.resourceAt(no, id)
		if held || err != nil {
			return r, err
		}
	}
	return l.resourceWithoutEffect(id)
}

// resourceAt returns a resource of a commons whose creating event has its effect;
// held is false if there is none.
func (l *Ledger) resourceAt(no commonsNo, id protocol.EntryID) (r Resource, held bool, err error) {
	home, err := l.read(stateKey(no, rules.Homes, id[:]))
	if err != nil || home == nil {
		return r, false, err
	}
	stored, err := l.read(stateKey(no, rules.Resources, id[:]))
	if err != nil || stored == nil {
		return r, false, err
	}
	row, ok := flow.ResourceFromBytes(id, stored)
	if !ok {
		return r, false, fmt.Errorf("%w: resource %v", ErrDamaged, id)
	}
	log, seq, err := placeFrom(home)
	if err != nil {
		return r, false, err
	}
	e, err := protocol.Parse(home[placeBytes:])
	if err == nil && e.ID() != id {
		err = errors.New("it is another one")
	}
	if err != nil {
		return r, false, fmt.Errorf("%w: the creating event of resource %v: %w", ErrDamaged, id, err)
	}
	if r, err = l.described(no, e); err != nil {
		return r, false, err
	}
	primary, err := l.primaryRow(log)
	if err != nil {
		return r, false, err
	}
	r.State = Pending
	if seq <= primary.Settled.Seq {
		r.State = Settled
	}
	return r, true, l.condition(no, row, &r)
}

// resourceWithoutEffect returns what an event says of the resource that it would
// bring into being.
func (l *Ledger) resourceWithoutEffect(id protocol.EntryID) (Resource, error) {
	e, no, err := l.find(id)
	if err != nil {
		if errors.Is(err, ErrNotFound) {
			err = fmt.Errorf("%w: resource %v", ErrNotFound, id)
		}
		return Resource{}, err
	}
	log, err := l.primaryRow(no)
	if err != nil {
		return Resource{}, err
	}
	r, err := l.described(log.Commons, e)
	if err != nil {
		return r, err
	}
	status, err := l.status(e, no)
	r.State, r.Reason = status.State, status.Reason
	return r, err
}

// described returns what a creating event says of its resource.
func (l *Ledger) described(no commonsNo, e protocol.Entry) (Resource, error) {
	body, is := e.Body.(*protocol.Event)
	if !is || !flow.Creates(body) {
		return Resource{}, fmt.Errorf("%w: %v brought no resource into being", ErrNotFound, e.ID())
	}
	l.stateMu.RLock()
	commons := l.commons[no].id()
	l.stateMu.RUnlock()
	n := body.NewInventoriedResource
	r := Resource{
		ID: e.ID(), Commons: commons, Entry: e,
		Name: n.Name.String(), Note: n.Note.String(), Image: n.Image, TrackingIdentifier: n.TrackingIdentifier,
		UnitOfEffort: n.UnitOfEffort, ConformsTo: flow.SpecificationOf(body), ClassifiedAs: n.ClassifiedAs, Lot: n.Lot,
		Source: resourceSource(body),
	}
	if len(r.ClassifiedAs) == 0 {
		r.ClassifiedAs = body.ResourceClassifiedAs
	}
	if q := body.ResourceQuantity; q != nil {
		r.AccountingQuantity.Unit, r.OnhandQuantity.Unit = q.Unit, q.Unit
	}
	return r, nil
}

// resourceSource returns the identifier that an imported file gave the resource
// which an event brings into being.
func resourceSource(body *protocol.Event) string {
	source, _ := body.Ext["resourceSource"].(string)
	return source
}

// condition adds to a resource what the events on it come to.
func (l *Ledger) condition(no commonsNo, row *flow.Resource, r *Resource) error {
	x := stored{l, no}
	r.Events, r.Leaves = row.Events, row.Leaves.IDs
	values := resolver{l: l, x: x, no: no}
	for f := range flow.Fields {
		claims, err := values.claims(row, f)
		if err != nil {
			return err
		}
		if len(claims) == 0 {
			continue
		}
		r.set(f, claims[0].value)
		contested := Contested{Field: f.String(), Winner: claims[0].event}
		differs := false
		for _, c := range claims {
			differs = differs || c.value != claims[0].value
			contested.Claims = append(contested.Claims, FieldClaim{Event: c.event, Value: c.value.text()})
		}
		if differs {
			r.Contested = append(r.Contested, contested)
		}
	}
	if len(row.Held) == 0 {
		r.measure(row.Sums, row.Made.Unit)
		return nil
	}
	made, err := values.agent(row.Made.Accountable.EntryID)
	if err != nil {
		return err
	}
	same := map[protocol.AgentID]protocol.AgentID{}
	for _, h := range row.Held {
		id, err := values.agent(h.Agent.EntryID)
		if err != nil {
			return err
		}
		same[h.Agent] = protocol.AgentID{EntryID: id}
	}
	home := func(a protocol.AgentID) bool { return same[a].EntryID == made || same[a] == r.PrimaryAccountable }
	r.measure(row.Quantities(home, func(a protocol.AgentID) protocol.AgentID { return same[a] }), row.Made.Unit)
	return nil
}

// measure sets the quantities, in the unit of the resource.
func (r *Resource) measure(sums []flow.Sum, unit string) {
	r.AccountingQuantity.Unit, r.OnhandQuantity.Unit = unit, unit
	var accounting, onhand flow.Adder
	for _, s := range sums {
		accounting.Add(s.Accounting, s.Unit, unit)
		onhand.Add(s.Onhand, s.Unit, unit)
	}
	r.AccountingQuantity.Value, r.AccountingQuantity.Rounded = accounting.Total()
	r.OnhandQuantity.Value, r.OnhandQuantity.Rounded = onhand.Total()
}

// set shows the value of a field.
func (r *Resource) set(f flow.Field, v fieldValue) {
	switch f {
	case flow.PrimaryAccountable:
		r.PrimaryAccountable.EntryID = v.id
	case flow.Custodian:
		r.Custodian.EntryID = v.id
	case flow.CurrentLocation:
		r.CurrentLocation = v.id
	case flow.ContainedIn:
		r.ContainedIn = v.id
	case flow.Stage:
		r.Stage, r.StageText = v.id, v.words
	case flow.State:
		r.StateText = v.words
	}
}

// fieldValue is what a field says: an identifier or words, or nothing.
type fieldValue struct {
	id    protocol.EntryID
	words string
}

func (v fieldValue) text() string {
	if v.words != "" {
		return v.words
	}
	return v.id.String()
}

type fieldClaim struct {
	event protocol.EntryID
	value fieldValue
}

// resolver finds what the values of fields lead to.
type resolver struct {
	l  *Ledger
	x  rules.Rows
	no commonsNo
}

// claims returns what the last events to set a field say, the one that counts
// first. One that says no more than which process it belongs to says nothing
// where that leads nowhere.
func (v resolver) claims(row *flow.Resource, f flow.Field) ([]fieldClaim, error) {
	var all []fieldClaim
	for _, c := range row.Setters[f].Claims {
		value, says, err := v.value(f, c.Value)
		if err != nil {
			return nil, err
		}
		if says {
			all = append(all, fieldClaim{event: c.Event, value: value})
		}
	}
	return all, nil
}

func (v resolver) value(f flow.Field, value string) (fieldValue, bool, error) {
	if id, is := flow.Link(value); is {
		var err error
		if f == flow.PrimaryAccountable || f == flow.Custodian {
			id, err = v.agent(id)
		}
		return fieldValue{id: id}, true, err
	}
	if words, is := flow.Text(value); is {
		if f == flow.Stage {
			if id, err := protocol.ParseID(words); err == nil {
				return fieldValue{id: id}, true, nil
			}
		}
		return fieldValue{words: words}, true, nil
	}
	process, is := flow.Process(value)
	switch {
	case !is:
		return fieldValue{}, true, nil
	case f == flow.Stage:
		found, err := v.specification(process)
		return found, found != fieldValue{}, err
	}
	id, err := v.broughtForth(process)
	return fieldValue{id: id}, !id.IsZero(), err
}

// agent returns the agent that speaks for one.
func (v resolver) agent(id protocol.EntryID) (protocol.EntryID, error) {
	log, _, err := account.BoundTo(v.x, protocol.AgentID{EntryID: id})
	if err != nil || log.IsZero() {
		return id, err
	}
	return log.EntryID, nil
}

// broughtForth returns the resource that a process produced or modified, the one
// with the lowest identifier if there are several: what went into it is in that.
func (v resolver) broughtForth(process protocol.EntryID) (least protocol.EntryID, err error) {
	for at, err := range v.l.runsOf(context.Background(), v.no, process, 0) {
		if err != nil {
			return least, err
		}
		for _, seq := range at.seqs {
			e, err := v.l.entryAt(at.log, seq)
			if err != nil {
				return least, err
			}
			body, is := e.Body.(*protocol.Event)
			if !is || body.OutputOf != process || !flow.MayContain(body.Action) {
				continue
			}
			from, _ := flow.Named(e.ID(), body)
			if from.IsZero() || !least.IsZero() && from.Compare(least) >= 0 {
				continue
			}
			status, err := v.l.status(e, at.log)
			if err != nil {
				return least, err
			}
			if status.State == Pending || status.State == Settled {
				least = from
			}
		}
	}
	return least, nil
}

// FindResource returns the resource that a text means: an identifier or the
// unique beginning of one, a name, or the identifier that an imported file gave
// it. Several give a *SeveralError, none ErrNotFound.
func (l *Ledger) FindResource(ctx context.Context, commons protocol.CommonsID, text string) (Resource, error) {
	no, _, err := l.state(commons)
	if err != nil {
		return Resource{}, err
	}
	if full, err := protocol.ParseID(text); err == nil {
		r, err := l.Resource(ctx, full)
		if err == nil && r.Commons != commons {
			err = fmt.Errorf("%w: resource %v", ErrNotFound, full)
		}
		return r, err
	}
	ids, err := l.resourcesMeant(no, text)
	if err != nil {
		return Resource{}, err
	}
	var found []Resource
	for _, id := range ids {
		r, held, err := l.resourceAt(no, id)
		if err != nil {
			return Resource{}, err
		}
		if held {
			found = append(found, r)
		}
	}
	switch len(found) {
	case 0:
		return Resource{}, fmt.Errorf("%w: resource %q", ErrNotFound, text)
	case 1:
		return found[0], nil
	}
	several := &SeveralError{Text: text}
	for _, r := range found {
		several.Candidates = append(several.Candidates, Candidate{ID: r.ID, Name: r.Name})
	}
	return Resource{}, several
}

// resourcesMeant returns what may be meant by a text that is no identifier: by the
// file's own identifier, else by name, else by the beginning of an identifier, else
// by the file's own as it is written there with a prefix, or without that.
func (l *Ledger) resourcesMeant(no commonsNo, text string) ([]protocol.EntryID, error) {
	ids, err := l.resourcesFrom(no, text)
	if err != nil || len(ids) > 0 {
		return ids, err
	}
	shelf := append(append([]byte{shelfName}, foldName(text)...), 0)
	if ids, err = l.onShelf(stateKey(no, rules.Shelves, shelf), nil, maxPage); err != nil || len(ids) > 0 {
		return ids, err
	}
	digest, err := digestBeginning(text)
	if errors.Is(err, ErrNotFound) {
		return l.tailed(no, text)
	}
	table := stateKey(no, rules.Homes, nil)
	err = l.scan(append(bytes.Clone(table), digest...), nil, func(k, _ []byte) bool {
		if id := idFrom(k[len(table):]); len(text) <= len(id.String()) && id.String()[:len(text)] == text {
			ids = append(ids, id)
		}
		return len(ids) < defaultPage
	})
	if err == nil && len(ids) == 0 {
		return l.tailed(no, text)
	}
	return ids, err
}

// resourcesFrom returns the resources to which an imported file gave an
// identifier.
func (l *Ledger) resourcesFrom(no commonsNo, source string) ([]protocol.EntryID, error) {
	entries, err := l.bySource(no, source)
	var ids []protocol.EntryID
	for _, e := range entries {
		if body, is := e.Body.(*protocol.Event); is && flow.Creates(body) && resourceSource(body) == source {
			ids = append(ids, e.ID())
		}
	}
	return ids, err
}

// onShelf returns resources that stand below a prefix of the index, ascending,
// from an identifier on.
func (l *Ledger) onShelf(prefix, from []byte, most int) (ids []protocol.EntryID, err error) {
	err = l.scan(prefix, append(bytes.Clone(prefix), from...), func(k, _ []byte) bool {
		if rest := k[len(prefix):]; len(rest) == len(protocol.EntryID{}) {
			ids = append(ids, idFrom(rest))
		}
		return len(ids) < most
	})
	return ids, err
}
