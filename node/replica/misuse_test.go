package replica

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
	"github.com/minga-commons/minga/protocol"
)

// stage is one replica with a peer that a test plays by hand.
type stage struct {
	t       *testing.T
	mem     *memory
	id      protocol.CommonsID
	r       *Replica
	now     time.Time
	sent    map[SessionID][]*mingav1.Frame
	closed  map[SessionID]bool
	opened  []SessionID
	reports []Offence
	full    bool
}

const rival = PeerID("rival")

func newStage(t *testing.T) *stage {
	s := &stage{t: t, mem: newMemory(1), now: time.Unix(1_700_000_000, 0),
		sent: map[SessionID][]*mingav1.Frame{}, closed: map[SessionID]bool{}}
	s.id = s.mem.found(1)
	s.mem.write(s.id.Charter(), 5, "held")
	s.r = New(Options{}, s.mem, s)
	s.r.Handle(Tick{s.now})
	s.r.Handle(PeerUp{Peer: rival})
	return s
}

func (s *stage) Self() PeerID                             { return "self" }
func (s *stage) Publish(protocol.CommonsID, []byte) error { return nil }
func (s *stage) Join(protocol.CommonsID) error            { return nil }
func (s *stage) Connect(string) error                     { return nil }
func (s *stage) Report(_ PeerID, o Offence)               { s.reports = append(s.reports, o) }
func (s *stage) Close(id SessionID, _ string)             { s.closed[id] = true }
func (s *stage) feed(id SessionID, f *mingav1.Frame)      { s.r.Handle(FrameIn{id, s.encode(f)}) }
func (s *stage) pass(d time.Duration)                     { s.now = s.now.Add(d); s.r.Handle(Tick{s.now}) }
func (s *stage) accept(id SessionID)                      { s.r.Handle(Opened{id, rival, true}) }
func (s *stage) segment(n int, note string) (m []*mingav1.Segment) {
	seg := s.mem.draft(s.id.Charter(), n, note)
	return []*mingav1.Segment{seg.Message()}
}

func (s *stage) Open(PeerID) (SessionID, error) {
	id := SessionID(1000 + len(s.opened))
	s.opened = append(s.opened, id)
	return id, nil
}

func (s *stage) Send(id SessionID, frame []byte) error {
	f, err := decode(frame)
	if s.full || s.closed[id] || err != nil {
		return errors.Join(errors.New("full"), err)
	}
	s.sent[id] = append(s.sent[id], f)
	return nil
}

func (s *stage) encode(f *mingav1.Frame) []byte {
	data, err := encode(f)
	if err != nil {
		s.t.Fatal(err)
	}
	return data
}

// hello is what an honest rival says that holds nothing.
func (s *stage) hello() *mingav1.Hello {
	return &mingav1.Hello{Commons: s.id.Bytes(), Journal: make([]byte, 16), Credit: window}
}

// refusal returns why the replica refused a session, zero if it did not.
func (s *stage) refusal(id SessionID) mingav1.Refused_Reason {
	for _, f := range s.sent[id] {
		if no := f.GetRefused(); no != nil {
			if !s.closed[id] {
				s.t.Error("a refused session stays open")
			}
			return no.Reason
		}
	}
	return 0
}

func TestRefusals(t *testing.T) {
	const session = 1
	cases := []struct {
		name    string
		act     func(s *stage)
		reason  mingav1.Refused_Reason
		offence []Offence
	}{
		{"honest", func(s *stage) { s.feed(session, helloFrame(s.hello())) }, 0, nil},
		{"unknown commons", func(s *stage) {
			m := s.hello()
			m.Commons = protocol.EntryID{1}.Bytes()
			s.feed(session, helloFrame(m))
		}, mingav1.Refused_REASON_UNKNOWN_COMMONS, nil},
		{"not a member", func(s *stage) {
			s.mem.private = true
			s.feed(session, helloFrame(s.hello()))
		}, mingav1.Refused_REASON_NOT_A_MEMBER, nil},
		{"proof of another peer", func(s *stage) {
			s.mem.private = true
			m := s.hello()
			log, _, sig, _ := s.mem.SignPeer(s.id, []byte("somebody"), []byte("self"))
			m.Proof = &mingav1.MemberProof{Log: log.Bytes(), Signature: sig[:]}
			s.feed(session, helloFrame(m))
		}, mingav1.Refused_REASON_NOT_A_MEMBER, nil},
		{"a member", func(s *stage) {
			s.mem.private = true
			m := s.hello()
			log, _, sig, _ := s.mem.SignPeer(s.id, []byte(rival), []byte("self"))
			m.Proof = &mingav1.MemberProof{Log: log.Bytes(), Signature: sig[:]}
			s.feed(session, helloFrame(m))
		}, 0, nil},
		{"garbage", func(s *stage) { s.r.Handle(FrameIn{session, []byte{0xff, 1, 2}}) },
			mingav1.Refused_REASON_BAD_FRAME, []Offence{OffenceFrame}},
		{"empty frame", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			s.r.Handle(FrameIn{session, nil})
		}, mingav1.Refused_REASON_BAD_FRAME, []Offence{OffenceFrame}},
		{"too long", func(s *stage) { s.r.Handle(FrameIn{session, make([]byte, MaxFrame+1)}) },
			mingav1.Refused_REASON_BAD_FRAME, []Offence{OffenceFrame}},
		{"no hello", func(s *stage) { s.feed(session, ackFrame(0)) },
			mingav1.Refused_REASON_BAD_FRAME, []Offence{OffenceFrame}},
		{"hello twice", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			s.feed(session, helloFrame(s.hello()))
		}, mingav1.Refused_REASON_BAD_FRAME, []Offence{OffenceFrame}},
		{"little credit", func(s *stage) {
			m := s.hello()
			m.Credit = 1
			s.feed(session, helloFrame(m))
		}, mingav1.Refused_REASON_BAD_FRAME, []Offence{OffenceFrame}},
		{"ack for nothing", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			s.feed(session, ackFrame(1<<40))
		}, mingav1.Refused_REASON_BAD_FRAME, []Offence{OffenceFrame}},
		{"cursor of another journal", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			s.feed(session, deltaFrame(&mingav1.Delta{Cursor: &mingav1.Cursor{Journal: make([]byte, 7)}}))
		}, mingav1.Refused_REASON_BAD_FRAME, []Offence{OffenceFrame}},
		{"block that is none", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			s.feed(session, deltaFrame(&mingav1.Delta{Segments: []*mingav1.Segment{{Blocks: [][]byte{{1}}}}}))
		}, mingav1.Refused_REASON_BAD_SEGMENT, []Offence{OffenceSegment}},
		{"wrong signature", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			seg := s.segment(3, "new")
			seg[0].Signatures[0].Signature[5] ^= 1
			s.feed(session, deltaFrame(&mingav1.Delta{Segments: seg}))
		}, mingav1.Refused_REASON_BAD_SEGMENT, []Offence{OffenceSegment}},
		{"log not admitted", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			e, key := inception(9, protocol.CommonsID{EntryID: protocol.EntryID{4}})
			seg := protocol.Segment{Entries: []protocol.Entry{e}, Signatures: []protocol.Signature{protocol.SignEntry(key, 0, e.ID())}}
			s.feed(session, deltaFrame(&mingav1.Delta{Segments: []*mingav1.Segment{seg.Message()}}))
			s.feed(session, caughtFrame(&mingav1.Caught{}))
		}, 0, nil},
		{"page too long", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			s.feed(session, frontierFrame(make([]protocol.Head, pageHeads+1), false))
		}, mingav1.Refused_REASON_BAD_FRAME, []Offence{OffenceFrame}},
		{"second frontier", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			s.feed(session, frontierFrame(nil, true))
			s.feed(session, frontierFrame(nil, true))
		}, mingav1.Refused_REASON_BAD_FRAME, []Offence{OffenceFrame}},
		{"silence", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			s.pass(29 * time.Second)
			s.pass(2 * time.Second)
		}, mingav1.Refused_REASON_NO_PROGRESS, nil},
		{"chatter without progress", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			for range 3 {
				s.feed(session, deltaFrame(&mingav1.Delta{}))
				s.pass(11 * time.Second)
			}
		}, mingav1.Refused_REASON_NO_PROGRESS, []Offence{OffenceStall}},
		{"flood of small frames", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			for range maxIdle + 1 {
				s.feed(session, deltaFrame(&mingav1.Delta{}))
			}
		}, mingav1.Refused_REASON_NO_PROGRESS, []Offence{OffenceFlood}},
		{"trouble here", func(s *stage) {
			s.feed(session, helloFrame(s.hello()))
			seg := s.segment(3, "new")
			s.mem.broken = errors.New("the disk is full")
			s.feed(session, deltaFrame(&mingav1.Delta{Segments: seg}))
		}, mingav1.Refused_REASON_BUSY, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			s.accept(session)
			c.act(s)
			if got := s.refusal(session); got != c.reason {
				t.Errorf("refused with %v, want %v", got, c.reason)
			}
			if diff := cmp.Diff(c.offence, s.reports); diff != "" {
				t.Errorf("offences (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSessionsAreBounded(t *testing.T) {
	s := newStage(t)
	for id := range SessionID(20) {
		s.accept(id + 1)
	}
	if len(s.r.sessions) > maxPeerSessions {
		t.Errorf("%d sessions with one peer", len(s.r.sessions))
	}
	for n := range 200 {
		s.r.Handle(Opened{SessionID(5000 + n), PeerID(rune('a' + n)), true})
	}
	if len(s.r.sessions) > maxSessions {
		t.Errorf("%d sessions", len(s.r.sessions))
	}
}

func TestCreditIsKept(t *testing.T) {
	s := newStage(t)
	for range 400 {
		s.mem.write(s.id.Charter(), 100, "a long text to fill some frames, a long text to fill some frames")
	}
	s.accept(1)
	m := s.hello()
	m.Credit = MaxFrame
	s.feed(1, helloFrame(m))
	sizes := func() (n int) {
		for _, f := range s.sent[1] {
			if f.GetDelta() != nil {
				n += len(s.encode(f))
			}
		}
		return n
	}
	before := sizes()
	if before == 0 || before > MaxFrame {
		t.Fatalf("%d bytes sent with a credit of %d", before, MaxFrame)
	}
	s.feed(1, ackFrame(int64(before)))
	if after := sizes(); after <= before || after-before > MaxFrame {
		t.Errorf("%d bytes sent after the acknowledgement", after-before)
	}
}

func TestOrderWithinASessionDoesNotMatter(t *testing.T) {
	s := newStage(t)
	other := newMemory(2)
	other.follows[s.id] = true
	for log, l := range s.mem.logs {
		other.own[log] = s.mem.own[log]
		other.must(protocol.Segment{Entries: l.entries[:1], Signatures: []protocol.Signature{
			protocol.SignEntry(s.mem.own[log], 0, l.entries[0].ID())}})
	}
	var segments []*mingav1.Segment
	log := other.join(8, s.id)
	first, _ := other.SegmentFrom(ctx(), log, 0, protocol.MaxSegmentBytes)
	segments = append(segments, first.Message())
	for range 20 {
		segments = append(segments, other.write(log, 2, "out of order").Message())
	}
	slices.Reverse(segments)
	s.accept(1)
	s.feed(1, helloFrame(s.hello()))
	s.feed(1, deltaFrame(&mingav1.Delta{Segments: segments}))
	if head, _ := s.mem.Held(log); head.Seq != 40 {
		t.Errorf("held up to %d of 40", head.Seq)
	}
}

func TestValidator(t *testing.T) {
	s := newStage(t)
	check := s.r.Validator()
	good := s.mem.draft(s.id.Charter(), 2, "gossip")
	encode := func(s protocol.Segment) []byte {
		data, err := s.Encode()
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	forged := good
	forged.Signatures = []protocol.Signature{{Key: 0}}
	later := protocol.Segment{Entries: good.Entries[1:], Signatures: good.Signatures}
	laterForged := protocol.Segment{Entries: good.Entries[1:], Signatures: forged.Signatures}
	held, _ := s.mem.SegmentFrom(ctx(), s.id.Charter(), 3, protocol.MaxSegmentBytes)
	foreign, key := inception(7, protocol.CommonsID{EntryID: protocol.EntryID{4}})
	stranger := protocol.Segment{Entries: []protocol.Entry{foreign}, Signatures: []protocol.Signature{protocol.SignEntry(key, 0, foreign.ID())}}
	cases := []struct {
		name    string
		commons protocol.CommonsID
		data    []byte
		want    Verdict
	}{
		{"good", s.id, encode(good), Accept},
		{"gap", s.id, encode(later), Accept},
		{"gap and another key", s.id, encode(laterForged), Ignore},
		{"held", s.id, encode(held), Ignore},
		{"forged", s.id, encode(forged), Reject},
		{"stranger", s.id, encode(stranger), Ignore},
		{"other commons", protocol.CommonsID{EntryID: protocol.EntryID{9}}, encode(good), Ignore},
		{"huge", s.id, make([]byte, maxGossipMessage+1), Reject},
		{"garbage", s.id, []byte{1, 2, 3}, Reject},
		{"nothing", s.id, nil, Reject},
	}
	for _, c := range cases {
		if _, got := check(c.commons, rival, c.data); got != c.want {
			t.Errorf("%s: verdict %d, want %d", c.name, got, c.want)
		}
	}
}
