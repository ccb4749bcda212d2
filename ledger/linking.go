package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// maxPrecedents is how many last events an event names.
const maxPrecedents = 2

// linking fills in which events on the resources that a draft names are the last
// ones known, unless the draft says so itself, and which amendment of the record
// that it amends. A resource or record that is not held is refused: nothing would
// come of it.
func (b *batch) linking(c *openCommons, log *openLog, body protocol.Body) (protocol.Body, error) {
	if record, is := body.(*protocol.Record); is {
		return b.amending(c, log.log(), record)
	}
	event, is := body.(*protocol.Event)
	if !is || event.Currency != "" {
		return body, nil
	}
	var leaves [][]protocol.EntryID
	for _, id := range []protocol.EntryID{event.ResourceInventoriedAs, event.ToResourceInventoriedAs} {
		if id.IsZero() {
			continue
		}
		last, err := b.lastOn(c, id)
		if err != nil {
			return nil, err
		}
		leaves = append(leaves, last)
	}
	if len(event.PreviousEvent) > 0 || len(leaves) == 0 {
		return body, nil
	}
	// One of each resource first, then what else there is room for.
	var named []protocol.EntryID
	for i := range maxPrecedents {
		for _, last := range leaves {
			if i < len(last) && len(named) < maxPrecedents && !slices.Contains(named, last[i]) {
				named = append(named, last[i])
			}
		}
	}
	linked := *event
	linked.PreviousEvent = named
	return &linked, nil
}

// lastOn returns the last events known on a resource.
func (b *batch) lastOn(c *openCommons, id protocol.EntryID) ([]protocol.EntryID, error) {
	open, err := b.resource(c, id)
	if err != nil {
		return nil, err
	}
	if open.row != nil {
		return slices.Clone(open.row.Leaves.IDs), nil
	}
	e, _, err := b.context(c).Lookup(id)
	if err != nil {
		return nil, err
	}
	if e.Kind == "" {
		return nil, fmt.Errorf("%w: resource %v", ErrNotFound, id)
	}
	if body, is := e.Body.(*protocol.Event); !is || !flow.Creates(body) {
		return nil, &VoidError{Reason: rules.NotAResource}
	}
	return []protocol.EntryID{id}, nil // it waits, and so will this
}

// Corrected says what an event should have said. A nil quantity is zero: an
// event of which nothing should remain has both nil. The other fields are set
// on the resource where the event's action sets them; empty ones leave it as it
// is.
type Corrected struct {
	ResourceQuantity *protocol.Quantity
	EffortQuantity   *protocol.Quantity
	Stage            string
	State            string
	ToLocation       protocol.EntryID
	Receiver         protocol.AgentID // zero: that of the event
	Note             protocol.Text
}

// Correction returns the body of an event that corrects another one, so that
// together, with the corrections that are held already, they say what is given.
// It repeats the links of the event to its process, agreement and resources.
// Nothing is written. A quantity in another unit than the event's is refused
// with an error that wraps ErrInvalid, and so is a payment.
func (l *Ledger) Correction(_ context.Context, id protocol.EntryID, should Corrected) (*protocol.Event, error) {
	e, no, err := l.find(id)
	if err != nil {
		return nil, err
	}
	wrong, is := e.Body.(*protocol.Event)
	if !is {
		return nil, fmt.Errorf("%w: %v is no event", ErrNotFound, id)
	}
	if wrong.Currency != "" {
		return nil, &VoidError{Reason: rules.CorrectsMoney}
	}
	log, err := l.primaryRow(no)
	if err != nil {
		return nil, err
	}
	var corrections []*protocol.Event
	for at, err := range l.runsOf(context.Background(), log.Commons, id, 0) {
		if err != nil {
			return nil, err
		}
		for _, seq := range at.seqs {
			other, err := l.entryAt(at.log, seq)
			if err != nil {
				return nil, err
			}
			body, is := other.Body.(*protocol.Event)
			if !is || body.Corrects != id {
				continue
			}
			status, err := l.status(other, at.log)
			if err != nil {
				return nil, err
			}
			if status.State == Pending || status.State == Settled {
				corrections = append(corrections, body)
			}
		}
	}
	body, err := flow.Correct(id, wrong, corrections, should.ResourceQuantity, should.EffortQuantity)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	body.Stage, body.State, body.ToLocation, body.Note = should.Stage, should.State, should.ToLocation, should.Note
	if !should.Receiver.IsZero() {
		body.Receiver = should.Receiver
	}
	return body, nil
}
