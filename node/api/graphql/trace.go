package graphql

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// maxSteps bounds what trace and track show, the beginning included.
const maxSteps = 1_000

// Trace returns where the event came from, nearest first, each step once.
func (e *EconomicEvent) Trace() ([]TrackTraceItem, error) {
	if !e.creates() {
		return e.s.walk(e.e.ID, e.s.ledger.Trace)
	}
	before, err := e.Previous()
	return e.s.beyond(before, err, e.s.ledger.Trace)
}

// Track returns where the event led, nearest first, each step once.
func (e *EconomicEvent) Track() ([]TrackTraceItem, error) {
	if !e.creates() {
		return e.s.walk(e.e.ID, e.s.ledger.Track)
	}
	after, err := e.Next()
	return e.s.beyond(after, err, e.s.ledger.Track)
}

// Trace returns where the resource came from, nearest first, each step once.
func (r *EconomicResource) Trace() ([]TrackTraceItem, error) {
	return r.s.walk(r.r.ID, r.s.ledger.Trace)
}

// Track returns where the resource went, nearest first, each step once.
func (r *EconomicResource) Track() ([]TrackTraceItem, error) {
	return r.s.walk(r.r.ID, r.s.ledger.Track)
}

// Trace returns where what the process used came from, nearest first, each step
// once.
func (p *Process) Trace() ([]TrackTraceItem, error) { return p.s.walk(p.r.ID, p.s.ledger.Trace) }

// Track returns where what the process made went, nearest first, each step once.
func (p *Process) Track() ([]TrackTraceItem, error) { return p.s.walk(p.r.ID, p.s.ledger.Track) }

// creates reports whether the event brought a resource into being.
func (e *EconomicEvent) creates() bool { return e.e.Body.NewInventoriedResource != nil }

// walk is one of the two ways of the ledger through events, processes and
// resources.
type walk func(context.Context, protocol.CommonsID, protocol.EntryID, ledger.Page) ([]ledger.Step, string, error)

// walk returns the steps of a walk after the beginning.
func (s *session) walk(from protocol.EntryID, on walk) ([]TrackTraceItem, error) {
	c, err := s.in()
	if err != nil {
		return nil, err
	}
	steps, _, err := on(s.ctx, c.ID, from, ledger.Page{Limit: maxSteps})
	if err != nil {
		return nil, err
	}
	if err := s.read(len(steps)); err != nil {
		return nil, err
	}
	out := []TrackTraceItem{}
	for _, step := range steps[min(1, len(steps)):] {
		item, err := s.stepOf(step)
		if err != nil {
			return nil, err
		}
		if item != nil {
			out = append(out, item)
		}
	}
	return out, nil
}

// beyond returns what lies beside an event that brought a resource into being,
// and the walk from there. An event and its resource have one identifier, of
// which the ledger makes the resource, and that may have other sources.
func (s *session) beyond(beside []ProductionFlowItem, err error, on walk) ([]TrackTraceItem, error) {
	out := []TrackTraceItem{}
	for _, item := range beside {
		var more []TrackTraceItem
		switch item := item.(type) {
		case *Process:
			out = append(out, item)
			more, err = s.walk(item.r.ID, on)
		case *EconomicResource:
			out = append(out, item)
			more, err = s.walk(item.r.ID, on)
		}
		out = append(out, more...)
	}
	return out, err
}

// stepOf returns the item of a step, nil for one that cannot be shown.
func (s *session) stepOf(step ledger.Step) (TrackTraceItem, error) {
	switch step.Kind {
	case ledger.StepEvent:
		if step.Event != nil {
			return &EconomicEvent{s, *step.Event}, nil
		}
	case ledger.StepProcess:
		if p, err := asProcess.load(s, step.ID); p != nil || err != nil {
			return p, err
		}
	case ledger.StepResource:
		if r, err := s.resource(step.ID); r != nil || err != nil {
			return r, err
		}
	}
	return nil, nil
}
