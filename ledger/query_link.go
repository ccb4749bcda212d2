package ledger

import (
	"cmp"
	"context"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Link is a property by which an entry names an identifier.
type Link struct {
	Relation string // property of ValueFlows; "of" of an amendment
	From     protocol.EntryID
	Kind     protocol.Kind
	Type     string // class of a record, otherwise empty
}

// Links returns the links of events and records to an identifier, by one
// relation or by any if that is empty, in the order in which this node came to
// hold the entries. An entry that names it by two properties is there twice, and
// a page never ends between the two, so that it may hold a few more than asked
// for. What has no effect is there as well.
func (l *Ledger) Links(ctx context.Context, commons protocol.CommonsID, target protocol.EntryID, relation string, p Page) ([]Link, string, error) {
	no, _, err := l.state(commons)
	if err != nil {
		return nil, "", err
	}
	named := target
	if target == commons.EntryID && (relation == "" || unposted(relation)) {
		named = protocol.EntryID{}
	}
	var groups [][]Link
	groups, next, err := pageEntries(ctx, l, no, named, p, entryList[[]Link]{
		holds: func(e protocol.Entry) bool { return rules.LinksTo(e.Body, target, relation) },
		read: func(_ *entryReader, e protocol.Entry, _ logNo) ([]Link, error) {
			return linksOf(e, target, relation), nil
		},
	})
	return slices.Concat(groups...), next, err
}

// linksOf returns the links of one entry to an identifier, each property once.
func linksOf(e protocol.Entry, target protocol.EntryID, relation string) (links []Link) {
	kind := ""
	if record, is := e.Body.(*protocol.Record); is {
		kind = record.Type
	}
	rules.Links(e.Body, func(property string, to protocol.EntryID) bool {
		if to == target && (relation == "" || property == relation) &&
			!slices.ContainsFunc(links, func(l Link) bool { return l.Relation == property }) {
			links = append(links, Link{Relation: property, From: e.ID(), Kind: e.Kind, Type: kind})
		}
		return true
	})
	return links
}

// BySource returns the events, records and agents of a commons that carry an
// identifier of the system that they came from, and the events that brought a
// resource with that identifier into being, newest first by their own time. It
// returns at most a thousand.
func (l *Ledger) BySource(_ context.Context, commons protocol.CommonsID, source string) ([]protocol.EntryID, error) {
	no, _, err := l.state(commons)
	if err != nil {
		return nil, err
	}
	entries, err := l.bySource(no, source)
	slices.SortFunc(entries, func(a, b protocol.Entry) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), b.ID().Compare(a.ID()))
	})
	ids := make([]protocol.EntryID, len(entries))
	for i, e := range entries {
		ids[i] = e.ID()
	}
	return ids, err
}

// bySource returns the entries that carry a source, by log and seq.
func (l *Ledger) bySource(no commonsNo, source string) ([]protocol.Entry, error) {
	all, err := l.index.Find(sourceDigest(no, source))
	if err != nil {
		return nil, storeError(err)
	}
	var found []protocol.Entry
	for _, at := range all[:min(len(all), maxPage)] {
		e, err := l.entryAt(logNo(at.No), at.Seq)
		if err != nil {
			return nil, err
		}
		carries := false
		rules.Sources(e.Body, func(text string) { carries = carries || text == source })
		if carries {
			found = append(found, e)
		}
	}
	return found, nil
}
