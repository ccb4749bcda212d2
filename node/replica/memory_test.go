package replica

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// memory is a ledger without rules: it keeps logs, finds gaps and forks, and
// digests the heads that it holds.
type memory struct {
	journal   protocol.JournalID
	follows   map[protocol.CommonsID]bool
	private   bool
	logs      map[protocol.LogID]*memoryLog
	order     []protocol.LogID
	runs      []protocol.Run
	durable   uint64
	bookmarks map[string]protocol.Cursor
	own       map[protocol.LogID]protocol.PrivateKey
	synced    int
	skew      byte // makes digests differ for ever
	broken    error
	withheld  protocol.LogID            // cannot be read, only its head is known
	question  *Question                 // what is to be asked, nil when nothing is
	writing   string                    // open, sure or refused, as the replica decided
	aside     map[protocol.EntryID]bool // ends of histories that are held and do not count
}

type memoryLog struct {
	commons protocol.CommonsID
	keys    protocol.KeySet
	entries []protocol.Entry
	tips    map[int64][]protocol.Signature
	fork    *protocol.ForkProof
}

func newMemory(n byte) *memory {
	return &memory{
		journal:   protocol.JournalID{n},
		follows:   map[protocol.CommonsID]bool{},
		logs:      map[protocol.LogID]*memoryLog{},
		bookmarks: map[string]protocol.Cursor{},
		own:       map[protocol.LogID]protocol.PrivateKey{},
	}
}

// backup returns a copy of what the ledger holds.
func (m *memory) backup() *memory {
	c := *m
	c.logs, c.bookmarks = map[protocol.LogID]*memoryLog{}, maps.Clone(m.bookmarks)
	for id, l := range m.logs {
		old := *l
		old.entries, old.tips = slices.Clone(l.entries), maps.Clone(l.tips)
		c.logs[id] = &old
	}
	c.order, c.runs = slices.Clone(m.order), slices.Clone(m.runs)
	return &c
}

// inception makes the first entry of a log; a zero commons makes a charter log.
func inception(n byte, commons protocol.CommonsID) (protocol.Entry, protocol.PrivateKey) {
	key := protocol.NewPrivateKey([32]byte{n, 1})
	next := protocol.NewPrivateKey([32]byte{n, 2})
	body := &protocol.Inception{
		Commons: commons,
		KeySet: protocol.KeySet{
			Keys: []protocol.PublicKey{key.Public()}, Threshold: 1,
			Next: protocol.NextDigest([]protocol.PublicKey{next.Public()}, 1),
		},
		Nonce: [protocol.NonceLen]byte{n},
		Agent: protocol.AgentCard{Name: protocol.Text{Plain: fmt.Sprintf("agent %d", n)}, Type: protocol.Person},
	}
	if commons.IsZero() {
		body.Rules = 1
	}
	e, err := protocol.NewInception(1, body)
	if err != nil {
		panic(err)
	}
	return e, key
}

// found makes a commons whose charter log this ledger writes.
func (m *memory) found(n byte) protocol.CommonsID {
	e, key := inception(n, protocol.CommonsID{})
	id := protocol.CommonsID{EntryID: e.ID()}
	m.follows[id] = true
	m.own[e.Log] = key
	m.must(protocol.Segment{Entries: []protocol.Entry{e}, Signatures: []protocol.Signature{protocol.SignEntry(key, 0, e.ID())}})
	return id
}

// join makes a log of this ledger's own in a commons.
func (m *memory) join(n byte, commons protocol.CommonsID) protocol.LogID {
	e, key := inception(n, commons)
	m.own[e.Log] = key
	m.must(protocol.Segment{Entries: []protocol.Entry{e}, Signatures: []protocol.Signature{protocol.SignEntry(key, 0, e.ID())}})
	return e.Log
}

// write appends count entries to an own log, in one signed run.
func (m *memory) write(log protocol.LogID, count int, note string) protocol.Segment {
	s := m.draft(log, count, note)
	m.must(s)
	return s
}

func (m *memory) draft(log protocol.LogID, count int, note string) protocol.Segment {
	l := m.logs[log]
	last := l.entries[len(l.entries)-1]
	var s protocol.Segment
	for range count {
		e, err := protocol.New(protocol.Placement{Log: log, Seq: last.Seq + 1, Prev: last.ID(), Time: 2},
			&protocol.Event{Action: "work", Note: protocol.Text{Plain: note}})
		if err != nil {
			panic(err)
		}
		s.Entries, last = append(s.Entries, e), e
	}
	s.Signatures = []protocol.Signature{protocol.SignEntry(m.own[log], 0, last.ID())}
	return s
}

func (m *memory) must(s protocol.Segment) {
	if _, err := m.IngestSegment(context.Background(), s); err != nil {
		panic(err)
	}
	m.durable = uint64(len(m.runs))
}

func (m *memory) CommonsIDs(context.Context) ([]protocol.CommonsID, error) {
	var ids []protocol.CommonsID
	for id := range m.follows {
		ids = append(ids, id)
	}
	return ids, nil
}

func (m *memory) Digest(id protocol.CommonsID) (d [32]byte, err error) {
	logs := slices.Clone(m.order)
	slices.SortFunc(logs, func(a, b protocol.LogID) int { return a.Compare(b.EntryID) })
	h := sha256.New()
	h.Write([]byte{m.skew})
	for _, log := range logs {
		l := m.logs[log]
		if l.commons != id {
			continue
		}
		top := len(l.entries)
		if l.fork != nil {
			_, seq := l.fork.Place()
			top = int(seq)
			h.Write([]byte("frozen"))
		}
		h.Write(l.entries[top-1].ID().Bytes())
	}
	copy(d[:], h.Sum(nil))
	return d, nil
}

func (m *memory) Journal() protocol.JournalID { return m.journal }
func (m *memory) DurablePosition() uint64     { return m.durable }

func (m *memory) Runs(_ context.Context, id protocol.CommonsID, after uint64) iter.Seq2[protocol.Run, error] {
	return func(yield func(protocol.Run, error) bool) {
		for _, run := range m.runs {
			if run.Commons == id && run.Position > after && !yield(run, nil) {
				return
			}
		}
	}
}

func (m *memory) Heads(_ context.Context, id protocol.CommonsID) iter.Seq2[protocol.Head, error] {
	return func(yield func(protocol.Head, error) bool) {
		for _, log := range m.order {
			head, _ := m.Held(log)
			if m.logs[log].commons == id && !yield(head, nil) {
				return
			}
		}
	}
}

func (m *memory) Forks(_ context.Context, id protocol.CommonsID) iter.Seq2[protocol.ForkProof, error] {
	return func(yield func(protocol.ForkProof, error) bool) {
		for _, log := range m.order {
			if l := m.logs[log]; l.commons == id && l.fork != nil && !yield(*l.fork, nil) {
				return
			}
		}
	}
}

func (m *memory) SegmentFrom(_ context.Context, log protocol.LogID, first int64, maxBytes int) (protocol.Segment, error) {
	var best protocol.Segment
	l := m.logs[log]
	if l == nil || first < 0 || first >= int64(len(l.entries)) || log == m.withheld {
		return best, errors.New("not found")
	}
	size := 0
	for i := first; i < int64(len(l.entries)) && i-first < protocol.MaxSegmentEntries; i++ {
		if size += len(l.entries[i].Block()); size > maxBytes {
			break
		}
		if sigs := l.tips[i]; sigs != nil {
			best = protocol.Segment{Entries: l.entries[first : i+1], Signatures: sigs}
		}
	}
	if len(best.Entries) == 0 {
		return best, errors.New("not found")
	}
	return best, nil
}

func (m *memory) SegmentOf(ctx context.Context, run protocol.Run, first int64, maxBytes int) (protocol.Segment, error) {
	return m.SegmentFrom(ctx, run.Log, first, maxBytes)
}

func (m *memory) Branches(context.Context, protocol.CommonsID) iter.Seq2[protocol.Segment, error] {
	return func(func(protocol.Segment, error) bool) {}
}

func (m *memory) Held(log protocol.LogID) (protocol.Head, bool) {
	l := m.logs[log]
	if l == nil {
		return protocol.Head{}, false
	}
	return l.entries[len(l.entries)-1].Head(), true
}

func (m *memory) Own(log protocol.LogID) bool {
	_, own := m.own[log]
	return own
}

func (m *memory) IngestSegment(_ context.Context, s protocol.Segment) (int, error) {
	if m.broken != nil {
		return 0, m.broken
	}
	if err := m.Admissible(s.First()); err != nil {
		return 0, err
	}
	l := m.logs[s.Log()]
	if l == nil {
		if err := s.Verify(protocol.EntryID{}, protocol.KeySet{}); err != nil {
			return 0, err
		}
		body := s.First().Body.(*protocol.Inception)
		l = &memoryLog{commons: body.Commons, keys: body.KeySet, tips: map[int64][]protocol.Signature{}}
		if l.commons.IsZero() {
			l.commons = protocol.CommonsID(s.Log())
		}
		m.logs[s.Log()] = l
		m.order = append(m.order, s.Log())
	}
	if m.aside[s.Tip().ID()] {
		return 0, nil
	}
	n := int64(len(l.entries))
	if s.First().Seq > n {
		return 0, &protocol.GapError{Log: s.Log(), Next: n}
	}
	if err := s.Verify(s.First().Prev, l.keys); err != nil {
		return 0, err
	}
	if s.First().Seq > 0 && l.entries[s.First().Seq-1].ID() != s.First().Prev {
		return 0, &protocol.GapError{Log: s.Log(), Next: 0}
	}
	for i, e := range s.Entries {
		if e.Seq < n && l.entries[e.Seq].ID() != e.ID() {
			held, _ := m.SegmentFrom(context.Background(), s.Log(), e.Seq, protocol.MaxSegmentBytes)
			other := protocol.Segment{Entries: s.Entries[i:], Signatures: s.Signatures}
			return 0, m.IngestFork(context.Background(), protocol.NewForkProof(held, other))
		}
	}
	if s.Tip().Seq < n {
		return 0, nil
	}
	fresh := s.Entries[n-s.First().Seq:]
	l.entries = append(l.entries, fresh...)
	l.tips[s.Tip().Seq] = s.Signatures
	m.runs = append(m.runs, protocol.Run{
		Position: uint64(len(m.runs)) + 1, Commons: l.commons, Log: s.Log(), First: n, Last: s.Tip().Seq,
	})
	return len(fresh), nil
}

func (m *memory) IngestFork(_ context.Context, p protocol.ForkProof) error {
	l := m.logs[p.First.Log()]
	if l == nil {
		return protocol.ErrNotAdmitted
	}
	if err := p.Verify(l.keys); err != nil {
		return err
	}
	if l.fork == nil || p.Less(*l.fork) {
		l.fork = &p
	}
	return protocol.ErrFork
}

func (m *memory) Sync(context.Context) error {
	m.synced++
	m.durable = uint64(len(m.runs))
	return m.broken
}

func (m *memory) Admissible(first protocol.Entry) error {
	if m.logs[first.Log] != nil {
		return nil
	}
	body, is := first.Body.(*protocol.Inception)
	switch {
	case !is:
		return protocol.ErrNotAdmitted
	case body.Commons.IsZero() && m.follows[protocol.CommonsID(first.Log)]:
		return nil
	case body.Commons.IsZero():
		return protocol.ErrUnknownCommons
	case m.logs[body.Commons.Charter()] == nil:
		return protocol.ErrNotAdmitted
	}
	return nil
}

func (m *memory) KeysOf(log protocol.LogID) (protocol.KeySet, bool) {
	if l := m.logs[log]; l != nil {
		return l.keys, true
	}
	return protocol.KeySet{}, false
}

func (m *memory) SignPeer(id protocol.CommonsID, local, remote []byte) (protocol.LogID, int, [protocol.SigSize]byte, bool) {
	for _, log := range m.order {
		if key, own := m.own[log]; own && m.logs[log].commons == id {
			return log, 0, protocol.SignPeer(key, id, local, remote), true
		}
	}
	return protocol.LogID{}, 0, [protocol.SigSize]byte{}, false
}

func (m *memory) MayRead(_ protocol.CommonsID, member protocol.LogID) bool {
	return !m.private || m.logs[member] != nil
}

func (m *memory) Question(protocol.CommonsID) (Question, bool) {
	if m.question == nil {
		return Question{}, false
	}
	return *m.question, true
}

func (m *memory) Resume(_ context.Context, _ protocol.CommonsID, sure bool) error {
	m.writing = "open"
	if sure {
		m.writing = "sure"
	}
	if sure || !m.question.Copied {
		m.question = nil
	}
	return nil
}

func (m *memory) Refuse(context.Context, protocol.CommonsID) error {
	m.writing = "refused"
	return nil
}

func (m *memory) Bookmark(name string) (protocol.Cursor, bool) {
	c, ok := m.bookmarks[name]
	return c, ok
}

func (m *memory) SetBookmark(name string, c protocol.Cursor) error {
	m.bookmarks[name] = c
	return nil
}

// same reports whether two ledgers hold the same heads.
func (m *memory) same(o *memory) bool {
	if len(m.logs) != len(o.logs) {
		return false
	}
	for log := range m.logs {
		a, _ := m.Held(log)
		b, ok := o.Held(log)
		if !ok || a != b {
			return false
		}
	}
	return true
}

func (m *memory) digest(id protocol.CommonsID) []byte {
	d, _ := m.Digest(id)
	return bytes.Clone(d[:])
}
