package ledger

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/plan"
	"github.com/minga-commons/minga/protocol"
)

// Record returns one record as amended. The identifier of an amendment gives the
// record that it amends; that of anything else ErrNotFound.
func (l *Ledger) Record(_ context.Context, id protocol.EntryID) (Record, error) {
	e, no, err := l.root(id)
	if err != nil {
		return Record{}, err
	}
	return l.record(e, no)
}

// root returns the record of an identifier, or the one that an amendment amends
// in the end.
func (l *Ledger) root(id protocol.EntryID) (protocol.Entry, logNo, error) {
	asked := id
	for range plan.MaxAmendments + 1 {
		e, no, err := l.find(id)
		if err != nil {
			return e, no, err
		}
		body, is := e.Body.(*protocol.Record)
		if !is {
			return e, no, fmt.Errorf("%w: %v is no record", ErrNotFound, asked)
		}
		if body.Of.IsZero() {
			return e, no, nil
		}
		id = body.Of
	}
	return protocol.Entry{}, 0, fmt.Errorf("%w: %v amends a record at a distance that does not count", ErrNotFound, asked)
}

// record shows a record that is no amendment.
func (l *Ledger) record(e protocol.Entry, no logNo) (Record, error) {
	reader := entryReader{l: l}
	return reader.record(e, no)
}

// record shows a record that is no amendment.
func (r *entryReader) record(e protocol.Entry, no logNo) (Record, error) {
	status, err := r.status(e, no)
	if err != nil {
		return Record{}, err
	}
	body := e.Body.(*protocol.Record)
	shows := Record{
		ID: e.ID(), Commons: status.Commons, Entry: e, Author: e.Log.Agent(), State: status.State, Reason: status.Reason,
		Type: body.Type, Source: body.Source,
	}
	r.l.stateMu.RLock()
	cno := r.l.byID[status.Commons]
	c := r.l.commons[cno]
	r.l.stateMu.RUnlock()
	amendments, counted, err := r.amendments(c, cno, e)
	name, note, fields := plan.Amended(body, counted)
	shows.Name, shows.Note, shows.Fields, shows.Amendments = name.String(), note.String(), fields, amendments
	return shows, err
}

// examined bounds how many records a page looks at for each that was asked for.
const examined = 10

// Records returns a page of the records of a commons that are no amendments, and
// the cursor of the next page, empty with the last. Records of what the filter
// names come in the order in which this node came to hold them, those with a name
// or a source by identifier, and all others by class and by their own time. A page
// may be shorter than asked for while there is a next one. An action without a
// type is ErrInvalid.
func (l *Ledger) Records(ctx context.Context, commons protocol.CommonsID, f RecordFilter, p Page) ([]Record, string, error) {
	no, _, err := l.state(commons)
	if err != nil {
		return nil, "", err
	}
	if f.Relation != "" && f.Target.IsZero() {
		return nil, "", fmt.Errorf("%w: a relation without what it leads to", ErrInvalid)
	}
	if f.Type != "" && !plan.Known(f.Type) {
		return nil, "", fmt.Errorf("%w: ValueFlows has no records of type %q", ErrInvalid, f.Type)
	}
	if named := f.named(); !named.IsZero() {
		if named == commons.EntryID && (f.Relation == "" || unposted(f.Relation)) {
			named = protocol.EntryID{}
		}
		return l.recordsNaming(ctx, no, named, f, p)
	}
	switch {
	case f.Source != "" || f.Name != "":
		return l.recordsCalled(no, f, p)
	case f.Action != "" && f.Type == "":
		return nil, "", fmt.Errorf("%w: records are listed by action for one type only", ErrInvalid)
	case f.Action != "":
		return l.shelf(ctx, stateKey(no, rules.Actions, actionPrefix(f.Type, f.Action)), f, p)
	case f.Type != "":
		return l.shelf(ctx, stateKey(no, rules.Shelf, shelfPrefix(f.Type)), f, p)
	}
	return l.shelf(ctx, stateKey(no, rules.Shelf, nil), f, p)
}

// named returns the identifier by whose postings a list is made.
func (f RecordFilter) named() protocol.EntryID {
	if !f.Target.IsZero() {
		return f.Target
	}
	return f.Agent.EntryID
}

// recordsNaming lists by postings. A property that an amendment brought in does
// not count: what names something is the record as it was first written.
func (l *Ledger) recordsNaming(ctx context.Context, no commonsNo, named protocol.EntryID, f RecordFilter, p Page) ([]Record, string, error) {
	return pageEntries(ctx, l, no, named, p, entryList[Record]{
		holds: func(e protocol.Entry) bool {
			body, is := e.Body.(*protocol.Record)
			return is && body.Of.IsZero() && f.fits(e, body)
		},
		read: (*entryReader).record,
		also: f.shows,
	})
}

// fits reports whether a record as it was first written is one of a list. What
// may be amended is left to shows.
func (f RecordFilter) fits(e protocol.Entry, b *protocol.Record) bool {
	agent := func(property string) bool {
		id, is := b.Fields[property].(protocol.EntryID)
		return is && id == f.Agent.EntryID
	}
	action, _ := b.Fields["action"].(string)
	return (f.Type == "" || b.Type == f.Type) &&
		(f.Source == "" || b.Source == f.Source) &&
		(f.Target.IsZero() || rules.LinksTo(b, f.Target, f.Relation)) &&
		(f.Agent.IsZero() || e.Log.Agent() == f.Agent || agent("provider") || agent("receiver")) &&
		(f.Action == "" || action == f.Action)
}

// shows reports whether a record as amended is one of a list.
func (f RecordFilter) shows(r Record) bool {
	finished, _ := r.Fields["finished"].(bool)
	return (f.Name == "" || foldName(r.Name) == foldName(f.Name)) && (f.Finished == nil || finished == *f.Finished)
}

// shelf lists by an index whose keys end in time and identifier.
func (l *Ledger) shelf(ctx context.Context, prefix []byte, f RecordFilter, p Page) ([]Record, string, error) {
	all := []Record{}
	for looked := 0; looked < examined; looked++ {
		want := Page{After: p.After, Limit: p.limit() - len(all)}
		rows, next, err := l.pageRows(prefix, want)
		if err != nil {
			return nil, "", err
		}
		found, err := l.recordsAt(ctx, rows, f)
		if err != nil {
			return nil, "", err
		}
		all, p.After = append(all, found...), next
		if next == "" || len(all) == p.limit() {
			break
		}
	}
	return all, p.After, nil
}

// recordsAt reads the records of index rows, those of them that fit.
func (l *Ledger) recordsAt(ctx context.Context, rows [][2][]byte, f RecordFilter) ([]Record, error) {
	var all []Record
	reader := entryReader{l: l}
	err := reader.together(func() error {
		for _, row := range rows {
			e, no, err := reader.indexed(row)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			if !f.fits(e, e.Body.(*protocol.Record)) {
				continue
			}
			r, err := reader.record(e, no)
			if err != nil {
				return err
			}
			if f.shows(r) {
				all = append(all, r)
			}
		}
		return nil
	})
	return all, err
}

// indexed reads the record of an index row, whose key ends in its identifier and
// whose value is its place.
func (r *entryReader) indexed(row [2][]byte) (protocol.Entry, logNo, error) {
	no, seq, err := placeFrom(row[1])
	if err != nil || len(row[0]) < 32 {
		return protocol.Entry{}, no, errors.Join(err, ErrDamaged)
	}
	e, err := r.called(idFrom(row[0][len(row[0])-32:]), no, seq)
	if _, is := e.Body.(*protocol.Record); err == nil && !is {
		err = fmt.Errorf("%w: entry %d of log %d is no record", ErrDamaged, seq, no)
	}
	return e, no, err
}

// recordsCalled lists the records with a name or a source: all of them are looked
// up, and the page is cut out.
func (l *Ledger) recordsCalled(no commonsNo, f RecordFilter, p Page) ([]Record, string, error) {
	after, err := cursorBytes(p.After)
	if err != nil {
		return nil, "", err
	}
	var found []protocol.EntryID
	if f.Source != "" {
		entries, err := l.bySource(no, f.Source)
		if err != nil {
			return nil, "", err
		}
		for _, e := range entries {
			found = append(found, e.ID())
		}
	} else if found, err = l.titled(no, f.Name); err != nil {
		return nil, "", err
	}
	all := []Record{}
	seen := map[protocol.EntryID]bool{}
	for _, id := range found {
		e, at, err := l.root(id)
		if errors.Is(err, ErrNotFound) || err == nil && seen[e.ID()] {
			continue
		}
		if err != nil {
			return nil, "", err
		}
		seen[e.ID()] = true
		id := e.ID()
		if !f.fits(e, e.Body.(*protocol.Record)) || bytes.Compare(id[:], after) <= 0 {
			continue
		}
		r, err := l.record(e, at)
		if err != nil {
			return nil, "", err
		}
		if f.shows(r) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Record) int { return a.ID.Compare(b.ID) })
	if len(all) <= p.limit() {
		return all, "", nil
	}
	all = all[:p.limit()]
	last := all[len(all)-1].ID
	return all, cursorText(last[:]), nil
}

// titled returns the records and amendments that bring in a name, at most a
// thousand, ascending.
func (l *Ledger) titled(no commonsNo, name string) ([]protocol.EntryID, error) {
	prefix := stateKey(no, rules.Titles, titlePrefix(name))
	var ids []protocol.EntryID
	err := l.scan(prefix, nil, func(k, _ []byte) bool {
		ids = append(ids, idFrom(k[len(prefix):]))
		return len(ids) < maxPage
	})
	return ids, err
}

// FindRecord returns the record that a text means: an identifier or the unique
// beginning of one, the identifier that it had in the system that it came from,
// a name, or such an identifier as a file writes it with a prefix, or without that. typ is the class wanted, empty for any. Several give a
// *SeveralError, none ErrNotFound.
func (l *Ledger) FindRecord(ctx context.Context, commons protocol.CommonsID, typ, text string) (Record, error) {
	no, _, err := l.state(commons)
	if err != nil {
		return Record{}, err
	}
	id, err := l.FindEntry(ctx, commons, text)
	if err == nil {
		r, err := l.Record(ctx, id)
		if err == nil && (r.Commons != commons || typ != "" && r.Type != typ) {
			err = fmt.Errorf("%w: %v is no %s", ErrNotFound, id, typ)
		}
		return r, err
	}
	if !errors.Is(err, ErrNotFound) {
		return Record{}, err
	}
	for _, f := range []RecordFilter{{Type: typ, Source: text}, {Type: typ, Name: text}} {
		found, _, err := l.recordsCalled(no, f, Page{})
		if err != nil {
			return Record{}, err
		}
		found = slices.DeleteFunc(found, func(r Record) bool { return r.State == Void })
		if exact := slices.DeleteFunc(slices.Clone(found), func(r Record) bool { return r.Name != strings.TrimSpace(text) }); len(exact) > 0 {
			found = exact
		}
		switch len(found) {
		case 0:
			continue
		case 1:
			return found[0], nil
		}
		return Record{}, oneOf(found, "", text)
	}
	ids, err := l.tailed(no, text)
	if err != nil {
		return Record{}, err
	}
	var found []Record
	for _, id := range ids {
		if r, err := l.Record(ctx, id); err == nil && (typ == "" || r.Type == typ) && r.State != Void {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		return Record{}, oneOf(found, cmp.Or(typ, "record"), text)
	}
	return found[0], nil
}

// oneOf is the error of a text that means no record, or several.
func oneOf(found []Record, typ, text string) error {
	if len(found) == 0 {
		return fmt.Errorf("%w: no %s %q", ErrNotFound, typ, text)
	}
	several := &SeveralError{Text: text}
	for _, r := range found {
		several.Candidates = append(several.Candidates, Candidate{ID: r.ID, Name: r.Name})
	}
	return several
}
