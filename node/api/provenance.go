package api

import (
	"context"
	"errors"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

type inEventSteps struct {
	InEvent
	InPage
}

type inResourceSteps struct {
	InResource
	InPage
}

type inRecordSteps struct {
	InRecord
	InPage
}

// walk is a way through the flows: back, or on.
type walk func(ctx context.Context, commons protocol.CommonsID, from protocol.EntryID, p ledger.Page) ([]ledger.Step, string, error)

func (s *Server) traceEvent(ctx context.Context, in *inEventSteps) (*page[Trace], error) {
	return s.eventSteps(ctx, in, "trace", s.ledger.Trace)
}

func (s *Server) trackEvent(ctx context.Context, in *inEventSteps) (*page[Trace], error) {
	return s.eventSteps(ctx, in, "track", s.ledger.Track)
}

func (s *Server) eventSteps(ctx context.Context, in *inEventSteps, noun string, on walk) (*page[Trace], error) {
	e, commons, err := s.event(ctx, in.Commons, in.Event)
	if err != nil {
		return nil, err
	}
	return s.steps(ctx, noun, on, commons, e.ID, in.InPage)
}

func (s *Server) traceResource(ctx context.Context, in *inResourceSteps) (*page[Trace], error) {
	return s.resourceSteps(ctx, in, "trace", s.ledger.Trace)
}

func (s *Server) trackResource(ctx context.Context, in *inResourceSteps) (*page[Trace], error) {
	return s.resourceSteps(ctx, in, "track", s.ledger.Track)
}

func (s *Server) resourceSteps(ctx context.Context, in *inResourceSteps, noun string, on walk) (*page[Trace], error) {
	r, err := s.resource(ctx, in.Commons, in.Resource)
	if err != nil {
		return nil, err
	}
	return s.steps(ctx, noun, on, r.Commons, r.ID, in.InPage)
}

func (s *Server) traceProcess(ctx context.Context, in *inRecordSteps) (*page[Trace], error) {
	return s.processSteps(ctx, in, "trace", s.ledger.Trace)
}

func (s *Server) trackProcess(ctx context.Context, in *inRecordSteps) (*page[Trace], error) {
	return s.processSteps(ctx, in, "track", s.ledger.Track)
}

func (s *Server) processSteps(ctx context.Context, in *inRecordSteps, noun string, on walk) (*page[Trace], error) {
	class, _ := ClassOf("Process")
	r, err := s.record(ctx, in.Commons, class, in.Record)
	if err != nil {
		return nil, err
	}
	return s.steps(ctx, noun, on, r.Commons, r.ID, in.InPage)
}

// steps answers a page of a walk.
func (s *Server) steps(ctx context.Context, noun string, on walk, commons protocol.CommonsID, from protocol.EntryID, p InPage) (*page[Trace], error) {
	list, next, err := on(ctx, commons, from, p.page())
	if err != nil {
		return nil, s.fail(ctx, err, from.String())
	}
	out := Trace{Schema: "minga." + noun + "/1", From: from.String(), Steps: make([]TraceStep, 0, len(list)), Next: next}
	names := s.namesIn(commons)
	for _, step := range list {
		shown, err := s.stepOf(ctx, names, step)
		if err != nil {
			return nil, err
		}
		out.Steps = append(out.Steps, shown)
	}
	return &page[Trace]{Link: nextLink(ctx, next), Body: out}, nil
}

// stepOf gives a step its form in answers, with the name of a thing that is held.
func (s *Server) stepOf(ctx context.Context, n *names, step ledger.Step) (TraceStep, error) {
	out := TraceStep{Kind: string(step.Kind), ID: step.ID.String(), Depth: step.Depth, Via: step.Via.String()}
	var err error
	switch {
	case step.Event != nil:
		var ref FlowRef
		ref, err = flowOfEvent(ctx, n, *step.Event)
		out.Event = &ref
	case step.Kind == ledger.StepProcess:
		var process ledger.Record
		process, err = s.ledger.Record(ctx, step.ID)
		out.Name = process.Name
	case step.Kind == ledger.StepResource:
		var resource ledger.Resource
		resource, err = s.ledger.Resource(ctx, step.ID)
		out.Name = resource.Name
	}
	if errors.Is(err, ledger.ErrNotFound) {
		err = nil
	}
	return out, err
}
