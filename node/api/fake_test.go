package api_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/protocol"
)

// fakeLedger is a ledger of one commons in memory. Everything it writes is
// settled at once.
type fakeLedger struct {
	mu        sync.Mutex
	commons   []ledger.Commons
	agents    []ledger.Agent
	entries   []protocol.Entry
	commonsOf map[protocol.EntryID]protocol.CommonsID
	confirms  []ledger.Confirmation
	once      map[string]onceKept
	drafts    []ledger.Draft
	sheet     ledger.Sheet
	charters  []map[string]protocol.Value // documents of CreateCommonsFrom
	err       error                       // every call returns it, unless nil
	gate      chan struct{}               // Submit waits for it, unless nil
	gaps      int                         // how often Join misses the charter
	joinErr   error                       // Join returns it, unless nil
	changes   []ledger.Change
	durable   uint64
	more      chan struct{} // closed and replaced when changes come
	frozen    *ledger.LogStatus
	fakeMoney
	fakeUse
	fakeFlows
	fakeShares
}

type onceKept struct {
	request [32]byte
	written ledger.Written
}

var testTime = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// newFake holds the commons Huerta Norte with Ana, who is this node's member,
// and two Rosas.
func newFake(t *testing.T) *fakeLedger {
	t.Helper()
	l := &fakeLedger{commonsOf: map[protocol.EntryID]protocol.CommonsID{}, once: map[string]onceKept{}, more: make(chan struct{})}
	charter := l.inception(t, protocol.CommonsID{}, "Huerta Norte", 1)
	id := protocol.CommonsID(charter.Log)
	l.commonsOf[charter.ID()] = id
	ana := l.inception(t, id, "Ana", 2)
	l.commons = []ledger.Commons{{
		ID: id, Name: "Huerta Norte", Me: ana.Log, MyName: "Ana", Digest: [32]byte{0xab}, Entries: 2, Logs: 2,
		Charter: 1, Witnesses: []protocol.LogID{ana.Log},
	}}
	l.agents = []ledger.Agent{
		{ID: protocol.AgentID(id), Name: "Huerta Norte", Type: protocol.Organization, HasLog: true, Commons: true},
		{ID: ana.Log.Agent(), Name: "Ana", Type: protocol.Person, HasLog: true, Steward: true},
		{ID: protocol.AgentID{EntryID: protocol.EntryID{7}}, Name: "Rosa", Type: protocol.Person},
		{ID: protocol.AgentID{EntryID: protocol.EntryID{8}}, Name: "Rosa", Type: protocol.Person},
		{ID: protocol.AgentID{EntryID: protocol.EntryID{9}}, Name: "José", Type: protocol.Person},
	}
	return l
}

func (l *fakeLedger) inception(t *testing.T, commons protocol.CommonsID, name string, n byte) protocol.Entry {
	t.Helper()
	key, err := protocol.DeriveKey([16]byte{n}, protocol.RoleAuthor, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	body := &protocol.Inception{
		Commons: commons, Nonce: [16]byte{n},
		KeySet: protocol.KeySet{Keys: []protocol.PublicKey{key.Public()}, Threshold: 1, Next: [32]byte{1}},
		Agent:  protocol.AgentCard{Name: protocol.PlainText(name), Type: protocol.Person},
	}
	if commons.IsZero() {
		body.Rules, body.Agent.Type = 1, protocol.Organization
	}
	e, err := protocol.NewInception(protocol.TimeOf(testTime), body)
	if err != nil {
		t.Fatal(err)
	}
	l.entries = append(l.entries, e)
	l.commonsOf[e.ID()] = commons
	return e
}

func (l *fakeLedger) id() protocol.CommonsID { return l.commons[0].ID }

func (l *fakeLedger) lock() func() {
	l.mu.Lock()
	return l.mu.Unlock
}

func (l *fakeLedger) CreateCommons(_ context.Context, name, as string) (ledger.Commons, error) {
	defer l.lock()()
	c := l.commons[0]
	c.Name, c.MyName = name, as
	return c, l.err
}

func (l *fakeLedger) CreateCommonsFrom(_ context.Context, doc map[string]protocol.Value, as string) (ledger.Commons, error) {
	defer l.lock()()
	l.charters = append(l.charters, doc)
	c := l.commons[0]
	c.MyName = as
	c.Name, _ = doc["name"].(string)
	return c, l.err
}

func (l *fakeLedger) Follow(context.Context, protocol.CommonsID) error { return l.err }

func (l *fakeLedger) Join(_ context.Context, link protocol.Link, as string) (ledger.Written, error) {
	defer l.lock()()
	if err := errors.Join(l.err, l.joinErr); err != nil {
		return ledger.Written{}, err
	}
	if l.gaps > 0 {
		l.gaps--
		return ledger.Written{}, fmt.Errorf("join: %w", &protocol.GapError{Log: link.Commons.Charter()})
	}
	if !l.commons[0].Me.IsZero() {
		return ledger.Written{}, ledger.ErrExists
	}
	l.commons[0].Me, l.commons[0].MyName = l.entries[1].Log, as
	return ledger.Written{Entry: l.entries[1], State: ledger.Pending}, nil
}

func (l *fakeLedger) Invite(ctx context.Context, id protocol.CommonsID, uses int64, expiry time.Time) (protocol.Link, error) {
	key := protocol.NewPrivateKey([32]byte{3})
	w, err := l.Submit(ctx, ledger.Draft{Commons: id, Body: &protocol.Invite{
		Key: key.Public(), Role: "member", Uses: uses, Expiry: expiry.UnixMilli(),
	}})
	if err != nil {
		return protocol.Link{}, err
	}
	return protocol.Link{Commons: id, Invite: w.Entry.ID(), Giver: w.Entry.Log, Key: key, Expiry: expiry.UnixMilli()}, nil
}

func (l *fakeLedger) Commons(context.Context) ([]ledger.Commons, error) {
	defer l.lock()()
	return slices.Clone(l.commons), nil
}

func (l *fakeLedger) Submit(ctx context.Context, d ledger.Draft) (ledger.Written, error) {
	l.mu.Lock()
	gate := l.gate
	l.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-ctx.Done():
			return ledger.Written{}, ctx.Err()
		}
	}
	defer l.lock()()
	if l.err != nil {
		return ledger.Written{}, l.err
	}
	l.drafts = append(l.drafts, d)
	if d.Once != nil {
		if kept, ok := l.once[d.Once.Token+"/"+d.Once.Key]; ok {
			if kept.request != d.Once.Request {
				return ledger.Written{}, ledger.ErrReused
			}
			kept.written.Repeated = true
			return kept.written, nil
		}
	}
	last := l.entries[len(l.entries)-1]
	me := l.commons[0].Me
	e, err := protocol.New(protocol.Placement{
		Log: me, Seq: int64(len(l.entries)) - 1, Prev: last.ID(), Time: protocol.TimeOf(testTime), Charter: 1,
	}, d.Body)
	if err != nil {
		return ledger.Written{}, err
	}
	l.entries = append(l.entries, e)
	l.commonsOf[e.ID()] = d.Commons
	w := ledger.Written{Entry: e, State: ledger.Settled}
	if d.Once != nil {
		l.once[d.Once.Token+"/"+d.Once.Key] = onceKept{d.Once.Request, w}
	}
	return w, nil
}

func (l *fakeLedger) Journal() protocol.JournalID { return protocol.JournalID{0xcd} }

func (l *fakeLedger) DurablePosition() uint64 {
	defer l.lock()()
	return l.durable
}

// arrive adds changes up to a position, durable or not.
func (l *fakeLedger) arrive(upTo uint64, durable bool) {
	defer l.lock()()
	for p := uint64(len(l.changes)) + 1; p <= upTo; p++ {
		l.changes = append(l.changes, ledger.Change{Run: protocol.Run{
			Position: p, Commons: l.commons[0].ID, Log: l.commons[0].Me, First: int64(p), Last: int64(p),
		}})
	}
	if durable {
		l.durable = upTo
	}
	close(l.more)
	l.more = make(chan struct{})
}

func (l *fakeLedger) Watch(ctx context.Context, after uint64) iter.Seq2[ledger.Change, error] {
	return func(yield func(ledger.Change, error) bool) {
		for {
			l.mu.Lock()
			next, more := []ledger.Change(nil), l.more
			if after < uint64(len(l.changes)) {
				next = slices.Clone(l.changes[after:])
			}
			l.mu.Unlock()
			for _, c := range next {
				if !yield(c, nil) {
					return
				}
				after = c.Position
			}
			select {
			case <-more:
			case <-ctx.Done():
				return
			}
		}
	}
}

func (l *fakeLedger) Entry(_ context.Context, id protocol.EntryID) (ledger.EntryStatus, error) {
	defer l.lock()()
	for _, e := range l.entries {
		if e.ID() == id {
			return ledger.EntryStatus{Entry: e, Commons: l.commonsOf[id], State: ledger.Settled}, nil
		}
	}
	return ledger.EntryStatus{}, fmt.Errorf("%w: entry", ledger.ErrNotFound)
}

func (l *fakeLedger) Entries(_ context.Context, r protocol.Range) iter.Seq2[protocol.Entry, error] {
	defer l.lock()()
	all := slices.Clone(l.entries)
	return func(yield func(protocol.Entry, error) bool) {
		for _, e := range all {
			if e.Log == r.Log && e.Seq >= r.First && (r.Last < 0 || e.Seq <= r.Last) && !yield(e, nil) {
				return
			}
		}
	}
}

func (l *fakeLedger) FindEntry(_ context.Context, _ protocol.CommonsID, text string) (protocol.EntryID, error) {
	defer l.lock()()
	var found []protocol.EntryID
	for _, e := range l.entries {
		if strings.HasPrefix(e.ID().String(), text) {
			found = append(found, e.ID())
		}
	}
	switch len(found) {
	case 0:
		return protocol.EntryID{}, ledger.ErrNotFound
	case 1:
		return found[0], nil
	}
	return protocol.EntryID{}, fmt.Errorf("%w: several entries begin so", ledger.ErrInvalid)
}

func (l *fakeLedger) Logs(_ context.Context, id protocol.CommonsID, p ledger.Page) ([]ledger.LogStatus, string, error) {
	log, err := l.Log(context.Background(), l.commons[0].Me)
	all := []ledger.LogStatus{log}
	if l.frozen != nil {
		all = append(all, *l.frozen)
	}
	return all, "", err
}

func (l *fakeLedger) Log(_ context.Context, id protocol.LogID) (ledger.LogStatus, error) {
	defer l.lock()()
	if l.frozen != nil && id == l.frozen.ID {
		return *l.frozen, nil
	}
	if id != l.commons[0].Me {
		return ledger.LogStatus{}, ledger.ErrNotFound
	}
	last := l.entries[len(l.entries)-1]
	return ledger.LogStatus{
		ID: id, Commons: l.commons[0].ID, Agent: l.agents[1], Held: last.Head(),
		Applied: last.Seq, Settled: last.Seq, ForkSeq: -1,
	}, nil
}

func (l *fakeLedger) Agents(_ context.Context, _ protocol.CommonsID, p ledger.Page) ([]ledger.Agent, string, error) {
	from := 0
	if p.After != "" {
		if _, err := fmt.Sscanf(p.After, "a%d", &from); err != nil {
			return nil, "", &ledger.CursorError{Text: p.After}
		}
	}
	to := min(from+p.Limit, len(l.agents))
	next := ""
	if to < len(l.agents) {
		next = fmt.Sprintf("a%d", to)
	}
	return l.agents[from:to], next, nil
}

func (l *fakeLedger) FindAgent(_ context.Context, _ protocol.CommonsID, text string) (ledger.Agent, error) {
	var found []ledger.Agent
	for _, a := range l.agents {
		if a.ID.String() == text || a.Name == text {
			found = append(found, a)
		}
	}
	switch len(found) {
	case 0:
		return ledger.Agent{}, fmt.Errorf("%w: agent %q", ledger.ErrNotFound, text)
	case 1:
		return found[0], nil
	}
	return ledger.Agent{}, &ledger.AmbiguousError{Name: text, Candidates: found}
}

func (l *fakeLedger) Events(ctx context.Context, _ protocol.CommonsID, f ledger.EventFilter, p ledger.Page) ([]ledger.Event, string, error) {
	l.events = f
	var out []ledger.Event
	for _, e := range slices.Clone(l.entries) {
		event, err := l.Event(ctx, e.ID())
		if err == nil && (f.Currency == "" || f.Currency == event.Body.Currency || f.Currency == "*" && event.Body.Currency != "") &&
			(f.Names.IsZero() || relates(event.Body, f.Relation, f.Names)) &&
			(f.Action == "" || event.Body.Action == f.Action) &&
			(f.Agent.IsZero() || event.Body.Provider == f.Agent || event.Body.Receiver == f.Agent) {
			out = append(out, event)
		}
	}
	return out, "", nil
}

func (l *fakeLedger) Event(_ context.Context, id protocol.EntryID) (ledger.Event, error) {
	defer l.lock()()
	for _, e := range l.entries {
		if body, ok := e.Body.(*protocol.Event); ok && e.ID() == id {
			return ledger.Event{ID: id, Entry: e, Body: body, Author: e.Log.Agent(), State: ledger.Settled}, nil
		}
	}
	return ledger.Event{}, ledger.ErrNotFound
}

func (l *fakeLedger) Confirmations(context.Context, protocol.CommonsID, protocol.EntryID, ledger.Page) ([]ledger.Confirmation, string, error) {
	return l.confirms, "", nil
}

func (l *fakeLedger) Say(ctx context.Context, id protocol.CommonsID, targets []protocol.EntryID, verdict protocol.Verdict, reason string) ([]ledger.Said, error) {
	var all []ledger.Said
	for _, target := range targets {
		w, err := l.Submit(ctx, ledger.Draft{Commons: id, Body: &protocol.Confirm{Target: target, Verdict: verdict, Reason: protocol.PlainText(reason)}})
		all = append(all, ledger.Said{Written: w, Err: err})
	}
	return all, nil
}

func (l *fakeLedger) Balance(_ context.Context, _ protocol.CommonsID, a protocol.AgentID) (ledger.Sheet, error) {
	return l.sheet, nil
}

// fakeNetwork is a network with one peer.
type fakeNetwork struct {
	mu      sync.Mutex
	heldBy  int
	dialled []string
}

func (n *fakeNetwork) Self() string    { return "12D3KooWself" }
func (n *fakeNetwork) Addrs() []string { return []string{"/ip4/192.0.2.1/tcp/8746/p2p/12D3KooWself"} }
func (n *fakeNetwork) Peers(context.Context) ([]api.Peer, error) {
	return []api.Peer{{ID: "12D3KooWpeer", State: api.PeerConnected}}, nil
}

func (n *fakeNetwork) Connect(_ context.Context, addr string) (api.Peer, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !strings.Contains(addr, "/p2p/") {
		return api.Peer{}, fmt.Errorf("%w: %s", api.ErrBadAddress, addr)
	}
	n.dialled = append(n.dialled, addr)
	return api.Peer{ID: "12D3KooWpeer", Addrs: []string{addr}, State: api.PeerDialing}, nil
}

func (n *fakeNetwork) Follow(context.Context, protocol.CommonsID) error { return nil }

func (n *fakeNetwork) InStep(protocol.CommonsID) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.heldBy > 0
}

func (n *fakeNetwork) HeldBy(protocol.CommonsID, protocol.Head) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.heldBy
}
