package cut

import (
	"slices"

	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// link is what an event names, in numbers: identifiers by the place of their
// names, none where there is none.
type link struct {
	event    int32
	from, to int32 // resources; one that it brings into being has its own name
	self     int32 // its own name, if it brings a resource into being
	in, out  int32 // processes
	agreed   [2]int32
	previous [2]int32
	corrects int32
	receiver int32 // by agent
	is       uint8
}

// What a link says of its event.
const (
	drawsFrom = 1 << iota
	feedsFrom
	drawsTo
	feedsTo
	takesNothing
)

// claim says that a payment relies on what a log paid up to a seq.
type claim struct {
	log protocol.LogID
	seq int64
}

// link returns what an event names, and whether it names anything that matters.
func (r *reader) link(at int32, id protocol.EntryID, b *protocol.Event, k key) (link, bool) {
	if k.from < 0 && k.to < 0 && k.self < 0 && k.in < 0 && k.out < 0 && b.Corrects.IsZero() &&
		b.RealizationOf.IsZero() && b.ReciprocalRealizationOf.IsZero() && b.Currency == "" {
		return link{}, false
	}
	l := link{
		event: at, from: k.from, to: k.to, self: k.self, in: k.in, out: k.out, corrects: r.name(b.Corrects),
		agreed:   [2]int32{r.name(b.RealizationOf), r.name(b.ReciprocalRealizationOf)},
		previous: [2]int32{none, none}, receiver: r.parts.of(b.Receiver),
	}
	if b.Currency != "" {
		l.from, l.to, l.in, l.out = none, none, none, none
		return l, true
	}
	for i, p := range b.PreviousEvent {
		l.previous[i] = r.name(p)
	}
	from, to := flow.Named(id, b)
	l.from, l.to = r.name(from), r.name(to)
	course := flow.CourseOf(id, b)
	mark := func(list []protocol.EntryID, of protocol.EntryID, bit uint8) {
		if !of.IsZero() && slices.Contains(list, of) {
			l.is |= bit
		}
	}
	mark(course.Draws, from, drawsFrom)
	mark(course.Feeds, from, feedsFrom)
	mark(course.Draws, to, drawsTo)
	mark(course.Feeds, to, feedsTo)
	if b.Action == "use" || b.Action == "cite" || b.Action == "copy" {
		l.is |= takesNothing
	}
	return l, true
}

// name returns the number of an identifier.
func (f *Facts) name(id protocol.EntryID) int32 {
	if id.IsZero() {
		return none
	}
	return f.names.of(id)
}

// claimed keeps what a payment of the commons or of a shared account relies on.
func (r *reader) claimed(at int32, all []protocol.Watermark) {
	log := &r.logs[r.log]
	if log.shared < 0 && log.id != r.commons.Charter() {
		return
	}
	for _, w := range all {
		r.claims[at] = append(r.claims[at], claim{w.Log, w.Seq})
	}
}

// linkPlace returns the place of a link among all.
func (f *Facts) linkPlace(l *link) int32 {
	i, _ := slices.BinarySearchFunc(f.links, l.event, func(x link, event int32) int { return int(x.event - event) })
	return int32(i)
}

// linkOf returns what an event names, nil if it names nothing.
func (f *Facts) linkOf(event int32) *link {
	if f.rows[event].is&isLinked == 0 {
		return nil
	}
	i, found := slices.BinarySearchFunc(f.links, event, func(l link, event int32) int { return int(l.event - event) })
	if !found {
		return nil
	}
	return &f.links[i]
}

// judgedBy returns the names by which the verdict on an event can change.
func (l *link) judgedBy() (all [3]int32, any bool) {
	all = [3]int32{l.from, l.to, l.corrects}
	for i := range all {
		if all[i] == l.self {
			all[i] = none
		}
		any = any || all[i] >= 0
	}
	return all, any
}
