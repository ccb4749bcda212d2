package replica

import (
	"testing"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
	"github.com/minga-commons/minga/protocol"
)

// FuzzFrame feeds frames that a peer made up into a session in each of its
// states. Whatever they are, the replica does not panic and keeps its bounds.
func FuzzFrame(f *testing.F) {
	seeds := newFuzzStage()
	id := seeds.id.Charter()
	head, _ := seeds.mem.Held(id)
	c := protocol.Cursor{Position: 3}
	fork := seeds.mem.draft(id, 2, "x")
	proof := protocol.NewForkProof(fork, seeds.mem.draft(id, 2, "y"))
	for _, frame := range []*mingav1.Frame{
		helloFrame(seeds.hello()),
		ackFrame(0), ackFrame(100),
		caughtFrame(&mingav1.Caught{Cursor: cursorMessage(c), Digest: make([]byte, 32)}),
		frontierFrame([]protocol.Head{head}, true),
		frontierFrame([]protocol.Head{head, {Log: id, Seq: 2, CID: head.CID}}, false),
		deltaFrame(&mingav1.Delta{Segments: []*mingav1.Segment{fork.Message()}, Cursor: cursorMessage(c)}),
		deltaFrame(&mingav1.Delta{Proofs: []*mingav1.ForkProof{proof.Message()}}),
		refused(mingav1.Refused_REASON_BUSY, "busy"),
	} {
		data, err := encode(frame)
		if err != nil {
			f.Fatal(err)
		}
		for state := range byte(8) {
			f.Add(state, data, data)
		}
	}
	f.Fuzz(func(t *testing.T, state byte, first, second []byte) {
		s := newFuzzStage()
		s.t = t
		id := SessionID(1)
		if state&1 == 0 {
			s.accept(id)
		} else {
			id = s.opened[0]
			s.r.Handle(Opened{id, rival, false})
		}
		s.full = state&8 != 0
		if state&2 != 0 {
			m := s.hello()
			if state&16 != 0 {
				m.Digest = make([]byte, 32)
			}
			s.feed(id, helloFrame(m))
		}
		if state&4 != 0 {
			s.feed(id, frontierFrame(nil, true))
		}
		for _, data := range [][]byte{first, second, first} {
			s.r.Handle(FrameIn{id, data})
			checkBounds(t, s.r)
		}
		s.r.Handle(Drained{id})
		s.pass(progressLimit)
		s.r.Handle(Closed{id, "end"})
		s.r.Handle(PeerDown{rival})
		if len(s.r.sessions) > 0 || s.r.gathering != 0 {
			t.Errorf("%d sessions and %d frontiers are left", len(s.r.sessions), s.r.gathering)
		}
		if p := s.r.peers[rival]; p != nil && (p.open != 0 || p.begun != 0) {
			t.Errorf("sessions are miscounted: %d open, %d begun", p.open, p.begun)
		}
	})
}

func newFuzzStage() *stage {
	s := &stage{sent: map[SessionID][]*mingav1.Frame{}, closed: map[SessionID]bool{}, mem: newMemory(1)}
	s.now = s.now.AddDate(2000, 0, 0)
	s.id = s.mem.found(1)
	s.mem.write(s.id.Charter(), 5, "held")
	s.r = New(Options{}, s.mem, s)
	s.r.Handle(Tick{s.now})
	s.r.Handle(PeerUp{Peer: rival})
	s.pass(2 * soon)
	return s
}

func checkBounds(t *testing.T, r *Replica) {
	t.Helper()
	if r.gathering < 0 || r.gathering > maxGathering || len(r.sessions) > maxSessions {
		t.Errorf("%d frontiers, %d sessions", r.gathering, len(r.sessions))
	}
	for _, s := range r.sessions {
		if s.waiting > maxDeferredBytes || len(s.deferred) > maxDeferred || len(s.out) > maxOut ||
			s.credit > maxCredit || s.window > window || s.inflight < 0 || s.unheard < 0 || len(s.told) > maxProofs {
			t.Errorf("a session is out of bounds: %+v", s)
		}
	}
}
