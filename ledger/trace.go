package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// direction says which way a walk goes.
type direction byte

const (
	toSources      direction = 1 // where did this come from
	toDestinations direction = 2 // where did it go
)

// longestWalk bounds what one walk remembers: about 200 MB.
const longestWalk = 2_000_000

// walk goes through the graph of events, processes and resources, nearest first,
// and visits each of them once. On a resource it follows the order of its events:
// what was put in later than it was drawn is not where it came from. A walk
// belongs to one goroutine at a time.
type walk struct {
	l       *Ledger
	no      commonsNo
	commons protocol.CommonsID
	way     direction
	next    []stop
	at      int // first of next that was not visited
	seen    map[stop]struct{}
	known   map[protocol.EntryID]readEntry // entries read lately

	// after has the order of the events of a resource, for walks to destinations.
	after map[protocol.EntryID]map[protocol.EntryID][]protocol.EntryID
	steps int
	last  protocol.EntryID
}

// readEntry is an entry and the log in which it stands, which never changes.
type readEntry struct {
	entry protocol.Entry
	no    logNo
}

// knownEntries bounds how many entries a walk keeps: it comes back soon to those
// near to where it is.
const knownEntries = 256

// stop is a place of a walk. One with on is no step: the walk is at an event on
// that resource and looks for those that come before it or after it.
type stop struct {
	kind  StepKind
	id    protocol.EntryID
	on    protocol.EntryID
	whole bool // of a resource where the walk begins: all its events
	depth int
	via   protocol.EntryID
}

// place returns the stop without how it was reached.
func (s stop) place() stop { return stop{kind: s.kind, id: s.id, on: s.on} }

// newWalk begins at an event, process or resource.
func (l *Ledger) newWalk(commons protocol.CommonsID, from protocol.EntryID, way direction) (*walk, error) {
	no, _, err := l.state(commons)
	if err != nil {
		return nil, err
	}
	e, at, err := l.find(from)
	if err != nil {
		return nil, err
	}
	log, err := l.primaryRow(at)
	if err != nil {
		return nil, err
	}
	if log.Commons != no {
		return nil, fmt.Errorf("%w: entry %v of this commons", ErrNotFound, from)
	}
	w := &walk{
		l: l, no: no, commons: commons, way: way, seen: map[stop]struct{}{}, known: map[protocol.EntryID]readEntry{},
		after: map[protocol.EntryID]map[protocol.EntryID][]protocol.EntryID{},
	}
	switch body := e.Body.(type) {
	case *protocol.Event:
		if flow.Creates(body) {
			return w, w.push(stop{kind: StepResource, id: from, whole: true}) // a resource has the identifier of its event
		}
		return w, w.push(stop{kind: StepEvent, id: from})
	case *protocol.Record:
		if body.Type == "Process" {
			return w, w.push(stop{kind: StepProcess, id: from})
		}
	}
	return nil, fmt.Errorf("%w: %v is no event, process or resource", ErrInvalid, from)
}

// push adds a stop unless the walk was there.
func (w *walk) push(s stop) error {
	if _, been := w.seen[s.place()]; been {
		return nil
	}
	if len(w.seen) >= longestWalk {
		return fmt.Errorf("%w: more than %d steps lie on the way: begin nearer to what you look for", ErrInvalid, longestWalk)
	}
	w.seen[s.place()] = struct{}{}
	w.next = append(w.next, s)
	return nil
}

// step returns the next step, and false at the end.
func (w *walk) step(ctx context.Context) (Step, bool, error) {
	for w.at < len(w.next) {
		if err := ctx.Err(); err != nil {
			return Step{}, false, err
		}
		s := w.next[w.at]
		w.next[w.at] = stop{}
		w.at++
		if w.at > 1024 && w.at > len(w.next)/2 {
			w.next, w.at = slices.Delete(w.next, 0, w.at), 0
		}
		step, is, err := w.visit(s)
		if err != nil || is {
			w.steps, w.last = w.steps+1, s.id
			return step, is, err
		}
	}
	return Step{}, false, nil
}

// visit looks at one stop, and finds those that follow. It reports whether that
// is a step.
func (w *walk) visit(s stop) (Step, bool, error) {
	step := Step{Kind: s.kind, ID: s.id, Depth: s.depth, Via: s.via}
	switch {
	case !s.on.IsZero():
		return step, false, w.along(s)
	case s.kind == StepProcess:
		return step, true, w.process(s)
	case s.kind == StepResource && s.whole:
		return step, true, w.resource(s)
	case s.kind == StepResource:
		return step, true, nil
	}
	e, no, err := w.find(s.id)
	if err != nil {
		return step, false, err
	}
	event, err := w.l.event(e, no)
	if err != nil || !effectiveState(event.State) {
		return step, false, err
	}
	step.Event = &event
	return step, true, w.event(s, event.Body)
}

func effectiveState(s State) bool { return s == Pending || s == Settled }

// event goes on from an event: through its process, and along the resources on
// which it draws, or which it feeds.
func (w *walk) event(s stop, b *protocol.Event) error {
	course := flow.CourseOf(s.id, b)
	through, resources := b.OutputOf, course.Draws
	if w.way == toDestinations {
		through, resources = b.InputOf, course.Feeds
	}
	if !through.IsZero() {
		if err := w.pushKnown(stop{kind: StepProcess, id: through, depth: s.depth + 1, via: s.id}); err != nil {
			return err
		}
	}
	for _, r := range resources {
		node := stop{kind: StepResource, id: r, depth: s.depth + 1, via: s.id}
		if err := w.pushKnown(node); err != nil {
			return err
		}
		if err := w.push(stop{kind: StepEvent, id: s.id, on: r, depth: s.depth + 1, via: r}); err != nil {
			return err
		}
	}
	return nil
}

// pushKnown adds a stop if what it names is held and has its effect.
func (w *walk) pushKnown(s stop) error {
	if _, been := w.seen[s.place()]; been {
		return nil
	}
	_, effective, err := w.lookup(s.id)
	if err != nil || !effective {
		return err
	}
	return w.push(s)
}

// along goes on from an event on a resource to those before it, or after it, and
// notes those that feed the resource, or draw on it.
func (w *walk) along(s stop) error {
	near, err := w.neighbours(s)
	if err != nil {
		return err
	}
	for _, n := range near {
		body := n.Body.(*protocol.Event)
		course, id := flow.CourseOf(n.ID(), body), n.ID()
		wanted := course.Feeds
		if w.way == toDestinations {
			wanted = course.Draws
		}
		if slices.Contains(wanted, s.on) {
			err = w.push(stop{kind: StepEvent, id: id, depth: s.depth + 1, via: s.on})
		}
		if err == nil {
			err = w.push(stop{kind: StepEvent, id: id, on: s.on, depth: s.depth, via: s.on})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// neighbours returns the events right before or after one on a resource, that
// have their effect.
func (w *walk) neighbours(s stop) ([]protocol.Entry, error) {
	if w.way == toSources {
		e, _, err := w.lookup(s.id)
		if err != nil {
			return nil, err
		}
		return w.parents(e, s.on)
	}
	order, err := w.order(s.on)
	if err != nil {
		return nil, err
	}
	var all []protocol.Entry
	for _, id := range order[s.id] {
		e, _, err := w.lookup(id)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// parents returns the events on a resource that an event names as the last ones
// before it; the creating event if it names none.
func (w *walk) parents(e protocol.Entry, on protocol.EntryID) ([]protocol.Entry, error) {
	body := e.Body.(*protocol.Event)
	if e.ID() == on {
		return nil, nil
	}
	var all []protocol.Entry
	add := func(id protocol.EntryID) error {
		p, effective, err := w.lookup(id)
		event, is := p.Body.(*protocol.Event)
		if err != nil || !effective || !is || slices.ContainsFunc(all, func(e protocol.Entry) bool { return e.ID() == id }) {
			return err
		}
		if from, to := flow.Named(id, event); from == on || to == on {
			all = append(all, p)
		}
		return nil
	}
	for _, id := range append(slices.Clone(body.PreviousEvent), body.Corrects) {
		if !id.IsZero() {
			if err := add(id); err != nil {
				return nil, err
			}
		}
	}
	if len(all) > 0 {
		return all, nil
	}
	return all, add(on)
}

// order returns what follows on each event of a resource.
func (w *walk) order(on protocol.EntryID) (map[protocol.EntryID][]protocol.EntryID, error) {
	if order, known := w.after[on]; known {
		return order, nil
	}
	order := map[protocol.EntryID][]protocol.EntryID{}
	events, err := w.naming(on, "resourceInventoriedAs", "toResourceInventoriedAs")
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		parents, err := w.parents(e, on)
		if err != nil {
			return nil, err
		}
		for _, p := range parents {
			order[p.ID()] = append(order[p.ID()], e.ID())
		}
	}
	w.after[on] = order
	return order, nil
}

// process goes on to the inputs of a process, or to its outputs.
func (w *walk) process(s stop) error {
	relation := "inputOf"
	if w.way == toDestinations {
		relation = "outputOf"
	}
	events, err := w.naming(s.id, relation)
	return errors.Join(err, w.pushAll(standing(events), s))
}

// resource goes on to all events that feed a resource, or draw on it.
func (w *walk) resource(s stop) error {
	events, err := w.naming(s.id, "resourceInventoriedAs", "toResourceInventoriedAs")
	if err != nil {
		return err
	}
	if made, effective, err := w.lookup(s.id); err != nil {
		return err
	} else if effective {
		events = append(events, made)
	}
	var found []protocol.Entry
	for _, e := range standing(events) {
		course := flow.CourseOf(e.ID(), e.Body.(*protocol.Event))
		if w.way == toSources && slices.Contains(course.Feeds, s.id) || w.way == toDestinations && slices.Contains(course.Draws, s.id) {
			found = append(found, e)
		}
	}
	return w.pushAll(found, s)
}

func (w *walk) pushAll(events []protocol.Entry, from stop) error {
	slices.SortFunc(events, byTime)
	for _, e := range events {
		if err := w.push(stop{kind: StepEvent, id: e.ID(), depth: from.depth + 1, via: from.id}); err != nil {
			return err
		}
	}
	return nil
}

func byTime(a, b protocol.Entry) int {
	return cmp.Or(cmp.Compare(a.Time, b.Time), a.ID().Compare(b.ID()))
}

// standing returns events without corrections, and without those of which their
// corrections leave nothing.
func standing(events []protocol.Entry) []protocol.Entry {
	type left struct{ resource, effort rules.Total }
	corrected := map[protocol.EntryID]left{}
	quantities := func(b *protocol.Event) (sum left) {
		if b.ResourceQuantity != nil {
			sum.resource = rules.TotalOf(b.ResourceQuantity.Amount())
		}
		if b.EffortQuantity != nil {
			sum.effort = rules.TotalOf(b.EffortQuantity.Amount())
		}
		return sum
	}
	for _, e := range events {
		if b := e.Body.(*protocol.Event); !b.Corrects.IsZero() {
			q, sum := quantities(b), corrected[b.Corrects]
			corrected[b.Corrects] = left{sum.resource.Add(q.resource), sum.effort.Add(q.effort)}
		}
	}
	return slices.DeleteFunc(events, func(e protocol.Entry) bool {
		b := e.Body.(*protocol.Event)
		if !b.Corrects.IsZero() {
			return true
		}
		sum, is := corrected[e.ID()]
		q := quantities(b)
		return is && q.resource.Add(sum.resource).IsZero() && q.effort.Add(sum.effort).IsZero()
	})
}

// naming returns the events that have their effect and name an identifier by one
// of some relations, in order of time and identifier.
func (w *walk) naming(id protocol.EntryID, relations ...string) ([]protocol.Entry, error) {
	var found []protocol.Entry
	var reason error
	w.l.stateMu.RLock()
	x := readContext{stored{w.l, w.no}, w.l.commons[w.no]}
	w.l.stateMu.RUnlock()
	err := x.Naming(id, "", func(e protocol.Entry, effective bool) (bool, error) {
		b, is := e.Body.(*protocol.Event)
		if is && effective && slices.ContainsFunc(relations, func(r string) bool { return rules.LinksTo(b, id, r) }) {
			found = append(found, e)
		}
		if len(found) > longestWalk {
			reason = fmt.Errorf("%w: more than %d events name %v", ErrInvalid, longestWalk, id)
		}
		return reason == nil, nil
	})
	slices.SortFunc(found, byTime)
	return found, errors.Join(err, reason)
}

// find returns an entry, if it was read lately from memory.
func (w *walk) find(id protocol.EntryID) (protocol.Entry, logNo, error) {
	if f, held := w.known[id]; held {
		return f.entry, f.no, nil
	}
	e, no, err := w.l.find(id)
	if err == nil {
		if len(w.known) >= knownEntries {
			clear(w.known)
		}
		w.known[id] = readEntry{e, no}
	}
	return e, no, err
}

// lookup returns an entry of the commons and whether it has its effect; the zero
// entry if it is not held.
func (w *walk) lookup(id protocol.EntryID) (protocol.Entry, bool, error) {
	e, no, err := w.find(id)
	if errors.Is(err, ErrNotFound) {
		return protocol.Entry{}, false, nil
	}
	if err != nil {
		return protocol.Entry{}, false, err
	}
	status, err := w.l.status(e, no)
	if err != nil || status.Commons != w.commons {
		return protocol.Entry{}, false, err
	}
	return e, effectiveState(status.State), nil
}
