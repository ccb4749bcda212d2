package graphql

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// Bounds of what one request may cost while it runs.
const (
	maxReads  = 20_000    // reads of the ledger
	maxFields = 2_000_000 // of the answer, if each thing read shows all that is asked
)

// errSpent stands for every read after the one that was too many.
var errSpent = errors.New("the request has cost too much")

type sessionKey struct{}

// session is one request: what it has read, and what it may still cost. It may
// be used from several goroutines, and holds the request's context because the
// generated code calls fields as methods, which take none.
type session struct {
	ctx    context.Context
	ledger Ledger
	host   Host

	asked int // fields that the query names
	reads atomic.Int64
	spent atomic.Bool

	writes int // of the mutation, which runs one at a time

	mu      sync.Mutex
	commons *ledger.Commons                     // guarded by mu, and what follows
	denied  error                               // why there is no commons
	records map[protocol.EntryID]*ledger.Record // nil: held to be none
	agents  map[protocol.AgentID]*ledger.Agent
	specs   map[string]*ResourceSpecification
	// everyone are all specifications that have a record, nil before they are read.
	everyone []*ResourceSpecification
	units    []*Unit // that records describe, nil before they are read
	// whole has, of records as they once were, all that there is of them now.
	whole map[*ledger.Record]*ledger.Record
}

func newSession(ctx context.Context, l Ledger, h Host) *session {
	s := &session{
		ledger: l, host: h, records: map[protocol.EntryID]*ledger.Record{},
		agents: map[protocol.AgentID]*ledger.Agent{}, specs: map[string]*ResourceSpecification{},
		whole: map[*ledger.Record]*ledger.Record{},
	}
	s.ctx = context.WithValue(ctx, sessionKey{}, s)
	return s
}

func sessionOf(ctx context.Context) *session { return ctx.Value(sessionKey{}).(*session) }

// in returns the commons that the request is about.
func (s *session) in() (ledger.Commons, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.commons == nil && s.denied == nil {
		c, err := s.host.Commons(s.ctx)
		s.commons, s.denied = &c, err
	}
	return *s.commons, s.denied
}

// read counts reads of the ledger and refuses those beyond the bound.
func (s *session) read(n int) error {
	most := min(maxReads, maxFields/max(s.asked, 1))
	if s.reads.Add(int64(n)) <= int64(most) {
		return nil
	}
	if s.spent.Swap(true) {
		return errSpent
	}
	return s.host.Refuse(CodeTooCostly, most)
}

// forget drops what was read, after a write.
func (s *session) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.records)
	clear(s.agents)
	clear(s.specs)
	s.everyone, s.units = nil, nil
}

// record returns the record that id is, or amends; nil if there is none in the
// commons of the request.
func (s *session) record(id protocol.EntryID) (*ledger.Record, error) {
	if id.IsZero() {
		return nil, nil
	}
	s.mu.Lock()
	known, found := s.records[id]
	s.mu.Unlock()
	if found {
		return known, nil
	}
	c, err := s.in()
	if err != nil {
		return nil, err
	}
	if err := s.read(1); err != nil {
		return nil, err
	}
	r, err := s.ledger.Record(s.ctx, id)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		return s.keep(id, nil), nil
	case err != nil:
		return nil, err
	case r.Commons != c.ID:
		return s.keep(id, nil), nil
	}
	return s.keep(id, &r), nil
}

func (s *session) keep(id protocol.EntryID, r *ledger.Record) *ledger.Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records[id] = r
	if r != nil {
		s.records[r.ID] = r
	}
	return r
}

// agent returns an agent, nil if there is none.
func (s *session) agent(id protocol.AgentID) (Agent, error) {
	if id.IsZero() {
		return nil, nil
	}
	s.mu.Lock()
	known, found := s.agents[id]
	s.mu.Unlock()
	if !found {
		c, err := s.in()
		if err != nil {
			return nil, err
		}
		if err := s.read(1); err != nil {
			return nil, err
		}
		a, err := s.ledger.FindAgent(s.ctx, c.ID, id.String())
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			return nil, err
		}
		if err == nil {
			known = &a
		}
		s.mu.Lock()
		s.agents[id] = known
		s.mu.Unlock()
	}
	if known == nil {
		return nil, nil
	}
	return s.agentOf(*known), nil
}

// agentsOf returns those of the agents that there are.
func (s *session) agentsOf(ids []protocol.EntryID) ([]Agent, error) {
	var out []Agent
	for _, id := range ids {
		a, err := s.agent(protocol.AgentID{EntryID: id})
		if err != nil {
			return nil, err
		}
		if a != nil {
			out = append(out, a)
		}
	}
	return out, nil
}

// event returns an event, nil if there is none in the commons of the request.
func (s *session) event(id protocol.EntryID) (*EconomicEvent, error) {
	c, err := s.in()
	if id.IsZero() || err != nil {
		return nil, err
	}
	if err := s.read(1); err != nil {
		return nil, err
	}
	status, err := s.ledger.Entry(s.ctx, id)
	if errors.Is(err, ledger.ErrNotFound) || err == nil && status.Commons != c.ID {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	e, err := s.ledger.Event(s.ctx, id)
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, nil
	}
	return &EconomicEvent{s, e}, err
}

func (s *session) events(ids []protocol.EntryID) ([]*EconomicEvent, error) {
	out := []*EconomicEvent{}
	for _, id := range ids {
		e, err := s.event(id)
		if err != nil {
			return nil, err
		}
		if e != nil {
			out = append(out, e)
		}
	}
	return out, nil
}

// resource returns a resource, nil if there is none in the commons of the
// request.
func (s *session) resource(id protocol.EntryID) (*EconomicResource, error) {
	c, err := s.in()
	if id.IsZero() || err != nil {
		return nil, err
	}
	if err := s.read(1); err != nil {
		return nil, err
	}
	r, err := s.ledger.Resource(s.ctx, id)
	if errors.Is(err, ledger.ErrNotFound) || err == nil && r.Commons != c.ID {
		return nil, nil
	}
	return &EconomicResource{s, r}, err
}

// idOf reads an identifier; what is none names nothing.
func idOf(text string) (protocol.EntryID, bool) {
	id, err := protocol.ParseID(text)
	return id, err == nil
}
