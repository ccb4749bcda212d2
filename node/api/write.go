package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"sync"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// inWrite are the parameters of what writes one entry.
type inWrite struct {
	InCommons
	DryRun bool   `query:"dryRun" doc:"Check everything, answer what would be written, write nothing"`
	Key    string `header:"Idempotency-Key" maxLength:"255" doc:"Makes the write repeatable: the same key and request again give the first answer, for seven days"`
}

// writing is one entry that is to be written.
type writing struct {
	in      *inWrite
	commons ledger.Commons
	draft   any // as it was asked for, for the digest of the request
	body    protocol.Body
	at      string // where it can be read, its identifier left out
}

// write submits an entry and says what became of it.
func (s *Server) write(ctx context.Context, w writing) (*created[Written], error) {
	if w.commons.Me.IsZero() {
		return nil, problem(CodeNotMember)
	}
	draft := ledger.Draft{Commons: w.commons.ID, Body: w.body}
	if w.in.DryRun {
		return s.preview(ctx, draft)
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
	written, err := s.ledger.Submit(ctx, draft)
	if err != nil {
		return nil, s.fail(ctx, err, w.commons.Name)
	}
	id := written.Entry.ID().String()
	out := &created[Written]{Status: 201, Location: w.at + id, Body: Written{
		Schema: "minga.written/1", ID: id, State: string(written.State), Reason: string(written.Reason),
		HeldBy: s.network.HeldBy(w.commons.ID, written.Entry.Head()), Repeated: written.Repeated,
	}}
	if written.Repeated {
		out.Status = 200
	}
	return out, nil
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
func (s *Server) preview(ctx context.Context, d ledger.Draft) (*created[Written], error) {
	place := protocol.Placement{Log: protocol.LogID{EntryID: protocol.EntryID{1}}, Seq: 1, Prev: protocol.EntryID{1}}
	e, err := protocol.New(place, d.Body)
	if err != nil {
		return nil, s.fail(ctx, err, "")
	}
	if ledgerChecks, ok := s.ledger.(Checker); ok {
		if err := ledgerChecks.Check(ctx, d); err != nil {
			return nil, s.fail(ctx, err, "")
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
