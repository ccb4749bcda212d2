package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// ImportOptions say how a graph goes into a commons.
type ImportOptions struct {
	Format  Format
	Commons protocol.CommonsID
	Partial bool // what is good goes in, also where something else does not or stands there with other content
	DryRun  bool // judge everything, write nothing
}

// Outcome is what became of a thing of the file.
type Outcome int

// The outcomes. In a dry run they say what would become of it.
const (
	Added     Outcome = iota + 1 // an entry was written
	Unchanged                    // an entry says the same already; or an agent is there, whatever it is called
	Changed                      // an entry says something else already; it stays
	Refused                      // it cannot go in
	Left                         // it could go in, but something else of the file cannot
)

// Result is what became of one thing.
type Result struct {
	Line    int
	ID      string // in the file
	Source  string // under which the ledger knows it
	Kind    protocol.Kind
	Class   string // in ValueFlows
	Opening bool   // of the resource ID
	Outcome Outcome
	Entry   protocol.EntryID // zero if there is none
}

// Difference says that a file states another quantity of a resource than its
// events come to.
type Difference struct {
	Line     int
	Resource string
	Property string
	Stated   string
	Found    string
}

// Report is what became of a file.
type Report struct {
	Results     []Result // in the order in which they are written
	Slips       []Slip   // by line
	Differences []Difference
	Count       map[Outcome]int
	NeedSteward bool // something was refused since only a steward may write it
}

// Import writes a graph into a commons, as a whole or, with Partial, as far as
// it is good. What stands there already, known by the identifiers of the file,
// is not written again. The error is the ledger's or the file's own, or wraps
// ErrBadFile; what is refused is no error.
func Import(ctx context.Context, l Ledger, file io.Reader, o ImportOptions) (*Report, error) {
	steward, err := member(ctx, l, o.Commons)
	if err != nil {
		return nil, err
	}
	g, err := Read(file, o.Format)
	if err != nil {
		return nil, err
	}
	w := &work{
		ctx: ctx, ledger: l, options: o, steward: steward, graph: g, report: &Report{Count: map[Outcome]int{}},
		stated: map[string][]*thing{}, agents: map[string]*thing{}, resources: map[string]*resource{},
		slashed: map[string]bool{}, bySource: map[string][]ledger.EntryStatus{},
	}
	if err := w.run(); err != nil {
		return nil, err
	}
	return w.report, nil
}

// member reports whether the node's member of a commons is a steward.
func member(ctx context.Context, l Ledger, id protocol.CommonsID) (steward bool, err error) {
	all, err := l.Commons(ctx)
	if err != nil {
		return false, err
	}
	for _, c := range all {
		if c.ID != id {
			continue
		}
		if c.Me.IsZero() {
			return false, ledger.ErrNotMember
		}
		agent, err := l.FindAgent(ctx, id, c.Me.String())
		return agent.Steward, err
	}
	return false, fmt.Errorf("commons %v: %w", id, ledger.ErrNotFound)
}

// work is one run of Import.
type work struct {
	ctx     context.Context
	ledger  Ledger
	options ImportOptions
	steward bool
	graph   *Graph
	report  *Report
	err     error // of the ledger

	things       []*thing
	stated       map[string][]*thing
	agents       map[string]*thing
	resources    map[string]*resource
	resourceList []*resource
	tracking     map[string][]*resource // by tracking identifier
	prefixOf     map[string]string      // that stands for an address of the file
	section      int
	latest       string // the time of the event before, in this section

	slashed  map[string]bool // addresses of agents whose slash was reported
	bySource map[string][]ledger.EntryStatus
}

func (w *work) slip(n *Node, p *Property, why Why, args ...any) { w.note(n, p, why, false, args) }
func (w *work) fault(n *Node, p *Property, why Why, args ...any) {
	w.note(n, p, why, true, args)
}

func (w *work) note(n *Node, p *Property, why Why, fault bool, args []any) {
	s := Slip{Line: n.Line, Column: n.Column, Node: n.ID, Why: why, Args: args, Fault: fault}
	if p != nil {
		s.Property = p.Name
		if p.Line > 0 {
			s.Line, s.Column = p.Line, p.Column
		}
	}
	w.graph.Slips = append(w.graph.Slips, s)
}

func (w *work) run() error {
	w.gather()
	w.touchResources()
	for _, t := range slices.Clone(w.things) {
		if t.kind == recordNode {
			w.recordBody(t)
		}
	}
	w.makers()
	for _, t := range slices.Clone(w.things) {
		switch {
		case t.kind == eventNode && !t.opens:
			w.eventBody(t)
		case t.kind == agentNode && t.body == nil:
			w.agentBody(t)
		}
	}
	for _, t := range w.things {
		if t.held.IsZero() {
			w.hold(t)
		}
		if t.kind == agentNode && t.held.IsZero() && !w.steward {
			w.fault(t.node, nil, onlySteward, shown(t.id))
			t.refused, w.report.NeedSteward = true, true
		}
	}
	for _, t := range w.things {
		if t.held.IsZero() || !w.differsFromHeld(t) {
			continue
		}
		if t.kind == agentNode { // it is there, whatever it is called
			w.slip(t.node, nil, changed, t.held.String())
			continue
		}
		w.fault(t.node, nil, changed, t.held.String())
		t.differs = true
	}
	if w.err != nil {
		return w.err
	}
	ordered := w.order()
	if err := w.write(ordered); err != nil {
		return err
	}
	w.report.Slips = w.graph.Slips
	slices.SortStableFunc(w.report.Slips, func(a, b Slip) int { return a.Line - b.Line })
	return nil
}

// spread refuses what names something refused.
func (w *work) spread(ordered []*thing) {
	for _, t := range ordered {
		for _, before := range t.before() {
			if before.refused && before.held.IsZero() && !t.refused {
				t.refused = true
				w.fault(t.node, nil, needsRefused, before.node.Line)
			}
		}
	}
}

// maxRefusals is how many refusals of the ledger are looked for in one run.
const maxRefusals = 64

// write hands what is new to the ledger. What the ledger refuses is taken out,
// with all that names it, and the rest is judged again: either to go in, or to
// find what else is wrong.
func (w *work) write(ordered []*thing) error {
	for range maxRefusals {
		w.spread(ordered)
		var fresh []*thing
		whole := true
		for _, t := range w.things {
			whole = whole && (!t.refused || !t.held.IsZero()) && !t.differs
		}
		for _, t := range ordered {
			if t.index = -1; !t.refused && t.held.IsZero() {
				t.index = len(fresh)
				fresh = append(fresh, t)
			}
		}
		w.report.Differences = nil
		left := !whole && !w.options.Partial
		dry := w.options.DryRun || left
		written, err := w.submit(fresh, dry)
		var refused *ledger.BundleError
		if errors.As(err, &refused) && refusable(refused.Err) {
			t := fresh[refused.Draft]
			t.refused = true
			why, arg := reasonOf(refused.Err)
			w.fault(t.node, nil, why, arg)
			continue
		}
		if err != nil {
			return err
		}
		for _, t := range fresh {
			if !dry {
				t.held = written[t.index].Entry.ID()
			}
		}
		w.outcomes(ordered, left)
		return nil
	}
	w.outcomes(ordered, true)
	return nil
}

// refusable reports whether the ledger found fault with a draft, rather than
// being unable to write at all.
func refusable(err error) bool {
	var format *protocol.FormatError
	var void *ledger.VoidError
	return errors.Is(err, ledger.ErrInvalid) || errors.Is(err, ledger.ErrNotFound) || errors.As(err, &format) || errors.As(err, &void)
}

func reasonOf(err error) (Why, any) {
	var void *ledger.VoidError
	if errors.As(err, &void) {
		return noEffect, void.Reason
	}
	return notRecorded, err
}

func (w *work) submit(fresh []*thing, dry bool) ([]ledger.Written, error) {
	checks := w.checksAfter(fresh)
	held := func(id protocol.EntryID) (ledger.Resource, error) { return w.ledger.Resource(w.ctx, id) }
	if err := w.check(checks[now], held, finder(nil)); err != nil || len(fresh) == 0 {
		return nil, err
	}
	var known []protocol.EntryID
	return w.ledger.SubmitBundle(w.ctx, ledger.Bundle{
		Commons: w.options.Commons, Size: len(fresh), DryRun: dry,
		Draft: func(i int, ids []protocol.EntryID) (protocol.Body, error) {
			return fresh[i].body(finder(ids)), nil
		},
		Written: func(i int, id protocol.EntryID, resource func(protocol.EntryID) (ledger.Resource, error)) error {
			known = append(known[:i], id)
			return w.check(checks[i], resource, finder(known))
		},
	})
}

// finder finds the identifiers of entries that are there, or in the bundle.
func finder(ids []protocol.EntryID) func(ref) protocol.EntryID {
	return func(r ref) protocol.EntryID {
		t := r.thing
		if r.resource != nil {
			if !r.resource.held.IsZero() {
				return r.resource.held
			}
			t = r.resource.maker
		}
		switch {
		case t == nil:
			return r.id
		case !t.held.IsZero():
			return t.held
		case t.index >= 0 && t.index < len(ids):
			return ids[t.index]
		}
		return protocol.EntryID{}
	}
}

// outcomes says what became of each thing. left says that nothing is written,
// since something cannot be.
func (w *work) outcomes(ordered []*thing, left bool) {
	all := slices.Clone(ordered)
	for _, t := range w.things {
		if !t.done {
			all = append(all, t)
		}
	}
	for _, t := range all {
		r := Result{Line: t.node.Line, ID: t.id, Source: t.source, Class: t.node.Class, Opening: t.opens, Entry: t.held, Outcome: Added}
		switch t.kind {
		case agentNode:
			r.Kind = protocol.KindAgent
			if r.Class == "" {
				r.Class = "Agent"
			}
		case eventNode:
			r.Kind = protocol.KindEvent
		default:
			r.Kind = protocol.KindRecord
		}
		switch {
		case t.index < 0 && !t.held.IsZero():
			r.Outcome = Unchanged
			if t.differs {
				r.Outcome = Changed
			}
		case t.refused:
			r.Outcome = Refused
		case left:
			r.Outcome = Left
		}
		w.report.Count[r.Outcome]++
		w.report.Results = append(w.report.Results, r)
	}
}

// differsFromHeld reports whether the file says something else of a thing than
// the entry that stands for it. An agent that is only named says nothing.
func (w *work) differsFromHeld(t *thing) bool {
	if t.kind == agentNode && t.node.Class == "" || t.opens {
		return false
	}
	for _, e := range w.sourced(t.source) {
		if e.Entry.ID() == t.held {
			return !same(e.Entry.Body, t.body(finder(nil)))
		}
	}
	return false
}
