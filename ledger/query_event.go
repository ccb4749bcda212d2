package ledger

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// Event returns one economic event with what became of it.
func (l *Ledger) Event(_ context.Context, id protocol.EntryID) (Event, error) {
	e, no, err := l.find(id)
	if err != nil {
		return Event{}, err
	}
	if _, is := e.Body.(*protocol.Event); !is {
		return Event{}, fmt.Errorf("%w: %v is no event", ErrNotFound, id)
	}
	return l.event(e, no)
}

func (l *Ledger) event(e protocol.Entry, no logNo) (Event, error) {
	return (&entryReader{l: l}).event(e, no)
}

func (r *entryReader) event(e protocol.Entry, no logNo) (Event, error) {
	status, err := r.status(e, no)
	if err != nil {
		return Event{}, err
	}
	body := e.Body.(*protocol.Event)
	ev := Event{ID: e.ID(), Entry: e, Body: body, Author: e.Log.Agent(), State: status.State, Reason: status.Reason}
	if ev.State == Pending || ev.State == Settled {
		ev.Standing, err = r.l.standing(r.l.reading(status.Commons), e, body)
		ev.Confirmed = ev.Standing.State == Confirmed
	}
	return ev, err
}

// reading is the rules' view of what is stored.
func (l *Ledger) reading(id protocol.CommonsID) readContext {
	l.stateMu.RLock()
	defer l.stateMu.RUnlock()
	no := l.byID[id]
	return readContext{stored{l, no}, l.commons[no]}
}

type readContext struct {
	stored
	c *commonsState
}

// Lookup returns an entry and whether it has its effect.
func (x readContext) Lookup(id protocol.EntryID) (protocol.Entry, bool, error) {
	e, no, err := x.l.find(id)
	if errors.Is(err, ErrNotFound) {
		return protocol.Entry{}, false, nil
	}
	if err != nil {
		return e, false, err
	}
	status, err := x.l.status(e, no)
	return e, status.State == Pending || status.State == Settled, err
}

// Terms returns the charter in force at a charter seq.
func (x readContext) Terms(seq int64) (rules.Terms, error) { return x.c.termsAt(seq), nil }

// Commons returns the commons that is read.
func (x readContext) Commons() protocol.CommonsID { return x.c.id() }

// Miss notes nothing: who reads is answered now.
func (x readContext) Miss(protocol.EntryID) error { return nil }

// Early returns how many entries verdicts came before.
func (x readContext) Early(int64) int64 { return x.c.row.Early }

// Events returns events in the order in which this node came to hold them. The
// cost of a page with Names or Agent in the filter follows what names that, the
// former first; that of any other the whole commons.
func (l *Ledger) Events(ctx context.Context, id protocol.CommonsID, f EventFilter, p Page) ([]Event, string, error) {
	if f.Names.IsZero() && f.Relation != "" {
		return nil, "", fmt.Errorf("%w: a relation without what it leads to", ErrInvalid)
	}
	no, _, err := l.state(id)
	if err != nil {
		return nil, "", err
	}
	named := f.Names
	if named.IsZero() {
		named = f.Agent.EntryID
	}
	if named == id.EntryID && (f.Relation == "" || unposted(f.Relation)) {
		named = protocol.EntryID{} // what nearly everything names is found in the journal
	}
	return pageEntries(ctx, l, no, named, p, entryList[Event]{
		holds: func(e protocol.Entry) bool {
			body, is := e.Body.(*protocol.Event)
			return is && f.matches(body) && (f.Standing == "" || body.Currency == "")
		},
		read: (*entryReader).event,
		also: func(e Event) bool { return f.Standing == "" || f.Standing == e.Standing.State },
	})
}

// entryList says which entries belong to a list, and how each is shown there.
type entryList[T any] struct {
	holds func(protocol.Entry) bool
	read  func(*entryReader, protocol.Entry, logNo) (T, error)
	also  func(T) bool // belongs it there as it is shown? nil: yes
}

// pageEntries returns one page of a list and the cursor of the next, empty with
// the last. The list has the order of the journal: of the whole commons, or of
// what names an identifier.
func pageEntries[T any](ctx context.Context, l *Ledger, no commonsNo, named protocol.EntryID, p Page, list entryList[T]) ([]T, string, error) {
	after, err := cursorBytes(p.After)
	if err != nil || len(after) != 0 && len(after) != posBytes+8 {
		return nil, "", &CursorError{p.After}
	}
	var position uint64
	seen := int64(-1)
	if len(after) > 0 {
		position, seen = binary.BigEndian.Uint64(after), seqFrom(after[posBytes:])
	}
	all := []T{}
	reader, full := entryReader{l: l}, false
	for at, err := range l.runsOf(ctx, no, named, position) {
		if err != nil {
			return nil, "", err
		}
		err = reader.together(func() error {
			for _, seq := range at.seqs {
				if at.position == position && seq <= seen {
					continue
				}
				e, err := reader.at(at.log, seq)
				if err != nil {
					return err
				}
				if !list.holds(e) {
					continue
				}
				if full = len(all) == p.limit(); full {
					return nil
				}
				item, err := list.read(&reader, e, at.log)
				if err != nil {
					return err
				}
				if list.also != nil && !list.also(item) {
					continue
				}
				all = append(all, item)
				position, seen = at.position, seq
			}
			return ctx.Err()
		})
		if err != nil {
			return nil, "", err
		}
		if full {
			return all, cursorText(append(u64(position), u64(uint64(seen))...)), nil
		}
	}
	return all, "", ctx.Err()
}

func (f EventFilter) matches(b *protocol.Event) bool {
	return (f.Agent.IsZero() || b.Provider == f.Agent || b.Receiver == f.Agent) &&
		(f.Names.IsZero() || rules.LinksTo(b, f.Names, f.Relation)) &&
		(f.Action == "" || b.Action == f.Action) &&
		(f.Resource == "" || b.ResourceConformsTo == f.Resource) &&
		(f.Source == "" || b.Source == f.Source) &&
		(f.Currency == "" || b.Currency == f.Currency || f.Currency == "*" && b.Currency != "")
}

// Confirmations returns the verdicts on one entry, or with a zero target all
// verdicts of a commons, in the order in which this node came to hold them.
func (l *Ledger) Confirmations(ctx context.Context, id protocol.CommonsID, target protocol.EntryID, p Page) ([]Confirmation, string, error) {
	no, _, err := l.state(id)
	if err != nil {
		return nil, "", err
	}
	if target.IsZero() {
		return pageEntries(ctx, l, no, protocol.EntryID{}, p, entryList[Confirmation]{
			holds: func(e protocol.Entry) bool { return e.Kind == protocol.KindConfirm },
			read:  (*entryReader).confirmation,
		})
	}
	rows, next, err := l.pageRows(stateKey(no, rules.Voices, target[:]), p)
	all := []Confirmation{}
	for _, r := range rows {
		log, err := l.logByID(protocol.LogID{EntryID: idFrom(r[0])})
		if err != nil {
			return nil, "", err
		}
		for _, said := range flow.VoicesFrom(log.log(), r[1]) {
			e, err := l.entryAt(log.no, said.Seq)
			if err != nil {
				return nil, "", err
			}
			c, err := (&entryReader{l: l}).confirmation(e, log.no)
			if err != nil {
				return nil, "", err
			}
			all = append(all, c)
		}
	}
	return all, next, err
}

func (r *entryReader) confirmation(e protocol.Entry, no logNo) (Confirmation, error) {
	status, err := r.status(e, no)
	body, is := e.Body.(*protocol.Confirm)
	if !is {
		return Confirmation{}, errors.Join(err, fmt.Errorf("%w: entry %d of log %d is no verdict", ErrDamaged, e.Seq, no))
	}
	steward := false
	if err == nil {
		steward = r.l.reading(status.Commons).c.termsAt(e.Charter).Steward(e.Log)
	}
	return Confirmation{
		Steward: steward,
		ID:      e.ID(), Target: body.Target, Author: e.Log.Agent(), Seq: e.Seq, Verdict: body.Verdict,
		Reason: body.Reason.String(), Time: e.Time, State: status.State, Why: status.Reason,
	}, err
}

// Source returns the newest event that carries an importer's key, written by
// the given log, or by any log when that is zero.
func (l *Ledger) Source(_ context.Context, id protocol.CommonsID, log protocol.LogID, source string) (protocol.EntryID, bool, error) {
	no, _, err := l.state(id)
	if err != nil {
		return protocol.EntryID{}, false, err
	}
	all, err := l.index.Find(sourceDigest(no, source))
	if err != nil {
		return protocol.EntryID{}, false, storeError(err)
	}
	for _, at := range slices.Backward(all) {
		e, err := l.entryAt(logNo(at.No), at.Seq)
		if err != nil {
			return protocol.EntryID{}, false, err
		}
		body, is := e.Body.(*protocol.Event)
		if is && body.Source == source && (log.IsZero() || e.Log == log) {
			return e.ID(), true, nil
		}
	}
	return protocol.EntryID{}, false, nil
}
