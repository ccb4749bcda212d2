package graphql

import (
	"slices"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// record is what the objects of the planning layer have in common. Its methods
// are the fields of the schema, and each type shows those that it has.
type record struct {
	s *session
	r *ledger.Record
}

// named is a record whose name the schema promises.
type named struct{ record }

// Name returns the name, empty if it has none.
func (x named) Name() string { return x.r.Name }

// ID returns the identifier, which amendments do not change.
func (x record) ID() string { return x.r.ID.String() }

// RevisionID returns the identifier of the newest amendment that counts.
func (x record) RevisionID() string { return revision(x.r).String() }

func revision(r *ledger.Record) protocol.EntryID {
	for _, a := range slices.Backward(r.Amendments) {
		if a.Counts {
			return a.ID
		}
	}
	return r.ID
}

// Meta returns the history of the record in short.
func (x record) Meta() *RecordMeta {
	x.s.mu.Lock()
	whole := x.s.whole[x.r]
	x.s.mu.Unlock()
	if whole == nil {
		return metaOf(x.revisions())
	}
	now := record{x.s, whole}.revisions()
	then := metaOf(x.revisions())
	then.LatestRevision = now[len(now)-1]
	*then.FutureRevisionsCount = len(now) - 1 - *then.PreviousRevisionsCount
	return then
}

// revisions returns the record and its amendments that count, in order.
func (x record) revisions() []*Revision {
	out := []*Revision{{x.s, x.r.ID, x.r.Entry.Time, x.r.Author}}
	for _, a := range x.r.Amendments {
		if a.Counts {
			out = append(out, &Revision{x.s, a.ID, a.Time, a.Author})
		}
	}
	return out
}

// Deletable returns false: nothing is deleted.
func (x record) Deletable() *bool { return new(bool) }

// Name returns the name, nil if it has none.
func (x record) Name() *string { return some(x.r.Name) }

// Note returns the note, nil if it has none.
func (x record) Note() *string { return some(x.r.Note) }

func some(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (x record) text(property string) *string {
	if text, is := x.r.Fields[property].(string); is {
		return &text
	}
	return nil
}

func (x record) texts(property string) []string {
	switch v := x.r.Fields[property].(type) {
	case string:
		return []string{v}
	case []protocol.Value:
		var out []string
		for _, item := range v {
			if text, is := item.(string); is {
				out = append(out, text)
			}
		}
		return out
	}
	return nil
}

func (x record) flag(property string) *bool {
	if b, is := x.r.Fields[property].(bool); is {
		return &b
	}
	return nil
}

func (x record) link(property string) protocol.EntryID {
	if ids := x.links(property); len(ids) > 0 {
		return ids[0]
	}
	return protocol.EntryID{}
}

func (x record) links(property string) []protocol.EntryID { return linksIn(x.r.Fields[property]) }

func linksIn(v protocol.Value) []protocol.EntryID {
	switch v := v.(type) {
	case protocol.EntryID:
		return []protocol.EntryID{v}
	case []protocol.Value:
		var out []protocol.EntryID
		for _, item := range v {
			if id, is := item.(protocol.EntryID); is {
				out = append(out, id)
			}
		}
		return out
	}
	return nil
}

func (x record) measure(property string) *Measure {
	q, ok := quantityIn(x.r.Fields[property])
	if !ok {
		return nil
	}
	return &Measure{x.s, q.Amount().String(), q.Unit}
}

// quantityIn reads a quantity as it stands in the fields of a record.
func quantityIn(v protocol.Value) (protocol.Quantity, bool) {
	m, is := v.(map[string]protocol.Value)
	if !is {
		return protocol.Quantity{}, false
	}
	n, isN := m["n"].(int64)
	scale, isS := m["s"].(int64)
	unit, isUnit := m["unit"].(string)
	return protocol.Quantity{N: n, Scale: scale, Unit: unit}, isN && isS && isUnit
}

// Revision is a point in the history of something.
type Revision struct {
	s      *session
	id     protocol.EntryID
	at     protocol.Time
	author protocol.AgentID
}

// ID returns the entry's identifier.
func (r *Revision) ID() string { return r.id.String() }

// Time returns when its author says to have written it.
func (r *Revision) Time() *string { return timeText(r.at) }

// Author returns who wrote it.
func (r *Revision) Author() (Agent, error) { return r.s.agent(r.author) }

func timeText(t protocol.Time) *string {
	return some(time.UnixMilli(int64(t)).UTC().Format("2006-01-02T15:04:05.000Z07:00"))
}

// metaOf tells of revisions, oldest first.
func metaOf(revisions []*Revision) *RecordMeta {
	last, before, none := revisions[len(revisions)-1], len(revisions)-1, 0
	out := &RecordMeta{LatestRevision: last, RetrievedRevision: last, PreviousRevisionsCount: &before, FutureRevisionsCount: &none}
	if before > 0 {
		out.PreviousRevision = revisions[before-1]
	}
	return out
}
