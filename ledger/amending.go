package ledger

import (
	"errors"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/plan"
	"github.com/minga-commons/minga/protocol"
)

// amending checks a record that is about to be written. An amendment is made to
// name the last one of its record, so that it has the last word.
func (b *batch) amending(c *openCommons, log protocol.LogID, body *protocol.Record) (protocol.Body, error) {
	if fault := plan.Judge(body); fault.Reason != rules.Valid {
		return nil, &VoidError{Reason: fault.Reason, Property: fault.Property}
	}
	if body.Of.IsZero() {
		return body, nil
	}
	x := b.context(c)
	root, err := x.root(body.Of)
	if err != nil {
		return nil, err
	}
	if first := root.Body.(*protocol.Record); first.Type != body.Type {
		return nil, fmt.Errorf("%w: %v is a %s, and this amends a %s", ErrInvalid, body.Of, first.Type, body.Type)
	}
	may, err := mayAmend(x, c.commonsState, root, log, c.row.Charter)
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, fmt.Errorf("%w: whoever wrote it, its provider and its receiver may amend this %s, and others not: %w",
			ErrInvalid, body.Type, ErrNotSteward)
	}
	last, err := x.lastAmendment(root.ID())
	if err != nil || last == body.Of {
		return body, err
	}
	amended := *body
	amended.Of = last
	return &amended, nil
}

// root returns the record that an amendment amends in the end.
func (x view) root(id protocol.EntryID) (protocol.Entry, error) {
	asked := id
	for range plan.MaxAmendments + 1 {
		e, effective, err := x.Lookup(id)
		if err != nil {
			return e, err
		}
		body, is := e.Body.(*protocol.Record)
		if !is || !effective {
			return e, fmt.Errorf("%w: %v is no record that has an effect", ErrNotFound, asked)
		}
		if body.Of.IsZero() {
			return e, nil
		}
		id = body.Of
	}
	return protocol.Entry{}, errTooManyAmendments
}

var errTooManyAmendments = fmt.Errorf("%w: a record has at most %d amendments; make a new one", ErrInvalid, plan.MaxAmendments)

// lastAmendment returns the amendment furthest from a record, of equally far ones
// that with the lowest identifier, or the record itself.
func (x view) lastAmendment(root protocol.EntryID) (protocol.EntryID, error) {
	last, count := root, 0
	for level := []protocol.EntryID{root}; len(level) > 0; {
		var next []protocol.EntryID
		for _, id := range level {
			row, err := x.Get(rules.Amending, id[:])
			if err != nil {
				return last, err
			}
			places, err := amendmentPlaces(row)
			if err != nil {
				return last, err
			}
			if count += len(places); count >= plan.MaxAmendments {
				return last, errTooManyAmendments
			}
			for _, p := range places {
				_, effective, err := x.Lookup(p.id)
				if err != nil && !errors.Is(err, ErrNotFound) {
					return last, err
				}
				if effective {
					next = append(next, p.id)
				}
			}
		}
		if level = next; len(next) > 0 {
			last = slices.MinFunc(next, protocol.EntryID.Compare)
		}
	}
	return last, nil
}
