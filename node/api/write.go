package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"sync"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// InWrite are the parameters of what writes one entry.
type InWrite struct {
	InCommons
	DryRun bool   `query:"dryRun" doc:"Check everything, answer what would be written, write nothing"`
	Key    string `header:"Idempotency-Key" maxLength:"255" doc:"Makes the write repeatable: the same key and request again give the first answer, for seven days"`
}

// writing is one entry that is to be written.
type writing struct {
	in      *InWrite
	commons ledger.Commons
	draft   any // as it was asked for, for the digest of the request
	body    protocol.Body
	at      string // where it can be read, its identifier left out

	log   protocol.LogID // the log with several keys that it is for; zero: one's own
	scale int            // decimal places of the currency, of a payment
}

// write submits an entry and says what became of it.
func (s *Server) write(ctx context.Context, w writing) (*created[Written], error) {
	if w.commons.Me.IsZero() {
		return nil, problem(CodeNotMember)
	}
	draft := ledger.Draft{Commons: w.commons.ID, Body: w.body}
	if w.log == w.commons.Me {
		w.log = protocol.LogID{}
	}
	if w.in.DryRun {
		return s.preview(ctx, draft, w)
	}
	if w.in.Key != "" {
		once, err := onceFor(ctx, w)
		if err != nil {
			return nil, err
		}
		done, free := s.flights.start(once.Token + "\x00" + once.Key)
		if !free {
			return nil, problem(CodeRunning)
		}
		defer done()
		draft.Once = once
	}
	if !w.log.IsZero() {
		proposed, err := s.ledger.SubmitTo(ctx, w.log, draft)
		if err != nil {
			return nil, s.refused(ctx, err, w)
		}
		return s.proposed(ctx, w.commons, proposed, w.at)
	}
	written, err := s.ledger.Submit(ctx, draft)
	if err != nil {
		return nil, s.refused(ctx, err, w)
	}
	return s.written(w.commons, written, w.at), nil
}

// written is the answer to an entry that was written.
func (s *Server) written(c ledger.Commons, w ledger.Written, at string) *created[Written] {
	id := w.Entry.ID().String()
	out := &created[Written]{Status: 201, Location: at + id, Body: Written{
		Schema: "minga.written/1", ID: id, State: string(w.State), Reason: string(w.Reason),
		HeldBy: s.network.HeldBy(c.ID, w.Entry.Head()), Repeated: w.Repeated,
	}}
	if w.Repeated {
		out.Status = 200
	}
	return out
}

// proposed is the answer to what was written in a log with several keys, or
// proposed for it.
func (s *Server) proposed(ctx context.Context, c ledger.Commons, p ledger.Proposed, at string) (*created[Written], error) {
	if p.Written != nil {
		return s.written(c, *p.Written, at), nil
	}
	if p.Proposal == nil {
		return nil, errors.New("nothing was written and nothing proposed")
	}
	shown, err := s.proposalOf(ctx, s.namesIn(c.ID), *p.Proposal)
	return &created[Written]{Status: 201, Location: "/v1/proposals/" + shown.ID, Body: Written{
		Schema: "minga.written/1", ID: shown.ID, State: string(ledger.Pending), Proposal: &shown,
	}}, err
}

// refused is the problem of an entry that the ledger does not write.
func (s *Server) refused(ctx context.Context, err error, w writing) *Problem {
	var over *ledger.OverdraftError
	if errors.As(err, &over) {
		return overdraft(over, w.scale).because(err)
	}
	return s.fail(ctx, err, w.commons.Name)
}

// onceFor binds the idempotency key to who asks and to what is asked.
func onceFor(ctx context.Context, w writing) (*ledger.Once, error) {
	asked, err := json.Marshal(struct {
		Path    string
		Commons string
		Draft   any
	}{exchangeOf(ctx).r.URL.Path, w.commons.ID.String(), w.draft})
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(append([]byte("minga/request/v1\n"), asked...))
	return &ledger.Once{Token: askerOf(ctx).name, Key: w.in.Key, Request: digest}, nil
}

// preview checks a draft and answers what would be written.
func (s *Server) preview(ctx context.Context, d ledger.Draft, w writing) (*created[Written], error) {
	place := protocol.Placement{Log: protocol.LogID{EntryID: protocol.EntryID{1}}, Seq: 1, Prev: protocol.EntryID{1}}
	e, err := protocol.New(place, d.Body)
	if err != nil {
		return nil, s.fail(ctx, err, "")
	}
	if ledgerChecks, ok := s.ledger.(Checker); ok && w.log.IsZero() {
		if err := ledgerChecks.Check(ctx, d); err != nil {
			return nil, s.refused(ctx, err, w)
		}
	}
	body, err := readableBody(e)
	if err != nil {
		return nil, err
	}
	return &created[Written]{Status: 200, Body: Written{
		Schema: "minga.written/1", DryRun: true, Preview: &Preview{Kind: string(e.Kind), Body: body},
	}}, nil
}

// flights are the idempotency keys whose requests run now.
type flights struct {
	mu  sync.Mutex
	run map[string]bool // guarded by mu
}

// start reports whether no request with the key runs; if so, one does until
// done is called.
func (f *flights) start(key string) (done func(), free bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.run[key] {
		return nil, false
	}
	if f.run == nil {
		f.run = map[string]bool{}
	}
	f.run[key] = true
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.run, key)
	}, true
}
