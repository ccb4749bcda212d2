package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"

	"github.com/minga-commons/minga/ledger"
)

type inChanges struct {
	InCommonsFilter
	After       int64  `query:"after" minimum:"0" maximum:"9223372036854775807" doc:"Journal position after which to begin; default: now"`
	Journal     string `query:"journal" maxLength:"64" doc:"The journal that the position is of; of another one, a resync comes first"`
	LastEventID int64  `header:"Last-Event-ID" minimum:"0" maximum:"9223372036854775807" doc:"Journal position of the last message seen; it goes before after"`
}

// InCommonsFilter is the parameter of what may be about every commons.
type InCommonsFilter struct {
	InLanguage
	Commons string `query:"commons" maxLength:"256" doc:"Name, identifier or unique prefix of one; default: every commons"`
}

type changesKey struct{}

// changesPlan is what a stream of changes is about, found out before it begins,
// while it can still be refused.
type changesPlan struct {
	only  *ledger.Commons // nil: all
	after uint64
	lost  bool // the position asked for is not in the journal
}

// planChanges keeps a request from beginning as a stream when it names what
// there is not, or when too many streams run.
func (s *Server) planChanges(ctx huma.Context, next func(huma.Context)) {
	c := ctx.Context()
	e := exchangeOf(c)
	var plan changesPlan
	if named := e.r.URL.Query().Get("commons"); named != "" {
		found, err := s.commons(c, named)
		if err != nil {
			s.writeProblem(e.w, e.r, s.fail(c, err, named))
			return
		}
		plan.only = &found
	}
	select {
	case s.streams <- struct{}{}:
		defer func() { <-s.streams }()
	default:
		s.writeProblem(e.w, e.r, problem(CodeTooMany, cap(s.streams)))
		return
	}
	next(huma.WithValue(ctx, changesKey{}, plan))
}

// changes sends what the node comes to hold, from a position on. Only what is
// durable is sent, so that a position that was seen stays what it was.
func (s *Server) changes(ctx context.Context, in *inChanges, send sse.Sender) {
	plan, _ := ctx.Value(changesKey{}).(changesPlan)
	e := exchangeOf(ctx)
	durable := s.ledger.DurablePosition()
	plan.after = durable
	if asked, ok := in.position(e); ok {
		plan.lost = asked > durable || in.Journal != "" && in.Journal != s.journal()
		if !plan.lost {
			plan.after = asked
		}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	follow := follower{s: s, plan: plan, send: send, position: plan.after}
	if plan.lost {
		if send(sse.Message{ID: int(durable), Data: Resync{Schema: "minga.resync/1", Position: durable, Journal: s.journal()}}) != nil {
			return
		}
	} else if follow.beat() != nil {
		return
	}
	if err := follow.run(ctx); err != nil && ctx.Err() == nil {
		s.fail(ctx, err, "")
	}
}

// position returns the position that the client asked for, if it did.
func (in *inChanges) position(e exchange) (uint64, bool) {
	if e.r.Header.Get("Last-Event-ID") != "" {
		return uint64(in.LastEventID), true
	}
	return uint64(in.After), e.r.URL.Query().Has("after")
}

// follower sends the changes of one stream.
type follower struct {
	s        *Server
	plan     changesPlan
	send     sse.Sender
	position uint64 // up to which everything was sent or passed over
}

type watched struct {
	change ledger.Change
	err    error
}

func (f *follower) run(ctx context.Context) error {
	arrivals := make(chan watched)
	go func() {
		defer close(arrivals)
		for c, err := range f.s.ledger.Watch(ctx, f.plan.after) {
			select {
			case arrivals <- watched{c, err}:
			case <-ctx.Done():
				return
			}
		}
	}()
	heartbeat := time.NewTicker(f.s.o.Heartbeat)
	defer heartbeat.Stop()
	poll := time.NewTicker(f.s.o.Poll)
	defer poll.Stop()
	var held *watched // arrived and not yet durable
	for {
		from := arrivals
		if held != nil {
			from = nil
		}
		select {
		case w, ok := <-from:
			if !ok || w.err != nil {
				return w.err
			}
			held = &w
		case <-poll.C:
			if held == nil {
				continue
			}
		case <-heartbeat.C:
			if err := f.beat(); err != nil {
				return nil
			}
			continue
		case <-f.s.closing:
			return nil
		case <-ctx.Done():
			return nil
		}
		if held.change.Position > f.s.ledger.DurablePosition() {
			continue
		}
		if err := f.pass(held.change); err != nil {
			return nil
		}
		held = nil
	}
}

// pass sends a change that the stream is about.
func (f *follower) pass(c ledger.Change) error {
	f.position = c.Position
	if f.plan.only != nil && c.Commons != f.plan.only.ID {
		return nil
	}
	return f.send(sse.Message{ID: int(c.Position), Data: Change{
		Schema: "minga.change/1", Position: c.Position, Journal: f.s.journal(), Commons: c.Commons.String(),
		Log: c.Log.String(), First: c.First, Last: c.Last, Own: c.Own,
	}})
}

func (f *follower) beat() error {
	return f.send(sse.Message{ID: int(f.position), Data: Heartbeat{
		Schema: "minga.heartbeat/1", Position: f.position, Journal: f.s.journal(),
	}})
}
