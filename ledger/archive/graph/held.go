package graph

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// entryPrefix begins the identifiers that Export gives to what has no other.
const entryPrefix = "urn:minga:entry:"

// sourced returns the entries that carry an identifier of a file, oldest last.
func (w *work) sourced(source string) []ledger.EntryStatus {
	if all, known := w.bySource[source]; known || w.err != nil {
		return all
	}
	ids, err := w.ledger.BySource(w.ctx, w.options.Commons, source)
	var all []ledger.EntryStatus
	for _, id := range ids {
		var status ledger.EntryStatus
		if err == nil {
			status, err = w.ledger.Entry(w.ctx, id)
		}
		if status.State != ledger.Void && status.State != ledger.Cut && status.State != ledger.Frozen {
			all = append(all, status)
		}
	}
	w.err = errors.Join(w.err, err)
	w.bySource[source] = all
	return all
}

// hold finds the entry that stands for a thing already: the oldest that this
// file could have made.
func (w *work) hold(t *thing) {
	for _, e := range w.sourced(t.source) {
		fits := false
		switch body := e.Entry.Body.(type) {
		case *protocol.Agent:
			fits = t.kind == agentNode
		case *protocol.Event:
			fits = t.kind == eventNode && body.Source == t.source
		case *protocol.Record:
			fits = t.kind == recordNode && body.Of.IsZero() && body.Type == t.node.Class
		}
		if fits {
			t.held = e.Entry.ID()
		}
	}
	if t.held.IsZero() && !t.opens {
		t.held = w.own(t.id)
	}
}

// own returns the entry of this ledger that an exported identifier names.
func (w *work) own(id string) protocol.EntryID {
	text, is := strings.CutPrefix(id, entryPrefix)
	if !is {
		text, is = strings.CutPrefix(id, resourcePrefix)
	}
	if !is {
		return protocol.EntryID{}
	}
	found, err := protocol.ParseID(text)
	if err != nil {
		return protocol.EntryID{}
	}
	switch _, err := w.ledger.Entry(w.ctx, found); {
	case errors.Is(err, ledger.ErrNotFound):
		return protocol.EntryID{}
	case err != nil:
		w.err = errors.Join(w.err, err)
	}
	return found
}

func (w *work) heldResource(id string) (found protocol.EntryID) {
	source := sourceOf(id)
	for _, e := range w.sourced(source) {
		if body, is := e.Entry.Body.(*protocol.Event); is && body.NewInventoriedResource != nil && body.Ext["resourceSource"] == source {
			found = e.Entry.ID()
		}
	}
	if found.IsZero() {
		found = w.own(id)
	}
	return found
}

// heldAgent finds an agent of the ledger by an exported identifier.
func (w *work) heldAgent(id string) (protocol.EntryID, bool) {
	if found := w.own(id); !found.IsZero() {
		return found, true
	}
	if id == entryPrefix+w.options.Commons.String() {
		return w.options.Commons.EntryID, true
	}
	return protocol.EntryID{}, false // what has a source is found by it later
}

// heldAny finds a record or an event of the ledger by the identifier of the file.
func (w *work) heldAny(id string) (found protocol.EntryID) {
	source := sourceOf(id)
	for _, e := range w.sourced(source) {
		switch body := e.Entry.Body.(type) {
		case *protocol.Record:
			found = e.Entry.ID()
		case *protocol.Event:
			if body.Source == source {
				found = e.Entry.ID()
			}
		}
	}
	if found.IsZero() {
		found = w.own(id)
	}
	return found
}

// same reports whether a held entry says what the file says. Which events an
// author knew before is not the file's to say.
func same(held, now protocol.Body) bool {
	a, b := bodyBytes(held), bodyBytes(now)
	return a != nil && bytes.Equal(a, b)
}

func bodyBytes(body protocol.Body) []byte {
	if e, is := body.(*protocol.Event); is {
		bare := *e
		bare.PreviousEvent = nil
		body = &bare
	}
	e, err := protocol.New(protocol.Placement{Log: protocol.LogID{EntryID: protocol.EntryID{1}}, Seq: 1, Prev: protocol.EntryID{1}}, body)
	if err != nil {
		return nil
	}
	return e.Block()
}

// Ledger is what an import needs of the ledger; *ledger.Ledger is one.
type Ledger interface {
	// Commons returns every commons that the node holds.
	Commons(ctx context.Context) ([]ledger.Commons, error)
	// FindAgent finds an agent by name or identifier.
	FindAgent(ctx context.Context, id protocol.CommonsID, nameOrID string) (ledger.Agent, error)
	// BySource finds the entries that carry an identifier of a file, newest first.
	BySource(ctx context.Context, id protocol.CommonsID, source string) ([]protocol.EntryID, error)
	// Entry returns an entry with what became of it, or ledger.ErrNotFound.
	Entry(ctx context.Context, id protocol.EntryID) (ledger.EntryStatus, error)
	// Resource returns a resource as it is.
	Resource(ctx context.Context, id protocol.EntryID) (ledger.Resource, error)
	// SubmitBundle writes drafts that name one another, all or none.
	SubmitBundle(ctx context.Context, all ledger.Bundle) ([]ledger.Written, error)
}
