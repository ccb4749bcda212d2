package replica

import (
	"slices"
	"time"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
	"github.com/minga-commons/minga/protocol"
)

// session is one conversation with a peer about one commons. Both sides ask and
// both serve; SYNC.md tells the story.
type session struct {
	id      SessionID
	peer    *peer
	inbound bool
	ready   bool  // the stream is open
	link    *link // nil until an inbound session has said which commons

	// what was said in the two Hellos
	commons    protocol.CommonsID
	said       bool   // our Hello is out
	heard      bool   // the peer's is in
	digest     []byte // ours, as said
	place      uint64 // in our journal, when that was said
	theirs     []byte // the peer's, as heard last, in Hello or Caught
	journal    protocol.JournalID
	reader     bool // the peer may read the commons
	progressAt time.Time
	idle       int // frames since the last progress

	// serving: what the peer lacks
	source   source // nil while we wait for the peer's frontier
	pending  []byte // a Delta that waits for credit
	credit   int64
	inflight int64             // bytes sent and not acknowledged
	given    map[history]int64 // sent in this session
	stash    []part            // goes out before what source yields
	owed     bool              // we have not said that there is no more
	again    bool              // we are to say it again if something changed
	saidPos  uint64            // in the last Caught that we sent
	saidDig  []byte
	unheard  int // Caughts that the peer has not acknowledged
	rounds   int
	gathered *gathered // the peer's frontier
	told     map[protocol.LogID]bool

	// asking: what we lack
	window   int64 // bytes that the peer may still send
	done     bool  // the peer said that it has no more
	cursor   protocol.Cursor
	unmarked int // bytes received since the bookmark moved
	deferred []protocol.Segment
	waiting  int // bytes of deferred
	repair   bool
	frontier bool                     // we sent our frontier
	left     []protocol.Head          // heads of it that are not sent yet
	probes   map[protocol.LogID]int64 // how far back we asked, per log
	out      [][]byte                 // frames that the transport has no room for
	received int64
	sent     int64
}

const (
	maxOut  = 1024 // frames that wait for the transport
	maxIdle = 256  // frames in a row without progress
)

// schedule begins the sessions that are due.
func (r *Replica) schedule() {
	if r.now.IsZero() {
		return
	}
	for _, id := range r.order {
		p := r.peers[id]
		if !p.up {
			continue
		}
		for _, commons := range r.commons {
			l := p.link(commons)
			if l.session != nil || r.now.Before(l.nextAt) || p.begun >= maxOpenSessions {
				continue
			}
			if p.open >= maxPeerSessions || len(r.sessions) >= maxSessions/2 {
				continue
			}
			r.begin(p, l)
		}
	}
}

func (r *Replica) begin(p *peer, l *link) {
	l.nextAt = r.now.Add(r.jitter(r.every))
	id, err := r.transport.Open(p.id)
	if err != nil {
		l.trouble = "cannot open a session: " + err.Error()
		r.changed = true
		return
	}
	s := r.newSession(id, p)
	s.link, s.commons = l, l.commons
	l.session, l.again = s, false
	p.begun++
}

func (r *Replica) newSession(id SessionID, p *peer) *session {
	s := &session{
		id: id, peer: p, progressAt: r.now, window: window, owed: true,
		given:  map[history]int64{},
		told:   map[protocol.LogID]bool{},
		probes: map[protocol.LogID]int64{},
	}
	r.sessions[id] = s
	p.open++
	return s
}

func (r *Replica) opened(ev Opened) {
	if s := r.sessions[ev.Session]; s != nil {
		if !s.ready && !ev.Inbound {
			s.ready = true
			r.sayHello(s)
		}
		return
	}
	if !ev.Inbound {
		r.transport.Close(ev.Session, "not wanted any more")
		return
	}
	p := r.peer(ev.Peer)
	s := r.newSession(ev.Session, p)
	s.inbound, s.ready = true, true
	if p.open > maxPeerSessions || len(r.sessions) > maxSessions {
		if p.open > 2*maxPeerSessions {
			r.transport.Report(p.id, OffenceFlood)
		}
		r.refuse(s, mingav1.Refused_REASON_BUSY, "too many sessions")
	}
}

// forget drops a session, whose stream is closed or being closed.
func (r *Replica) forget(s *session, trouble string) {
	if r.sessions[s.id] != s {
		return
	}
	delete(r.sessions, s.id)
	s.peer.open--
	if !s.inbound {
		s.peer.begun--
	}
	r.dropGathered(s)
	l := s.link
	if l == nil || l.session != s {
		return
	}
	l.session = nil
	l.trouble = trouble
	l.nextAt = r.now.Add(r.jitter(r.every))
	if l.again {
		l.again, l.nextAt = false, r.now
		r.due = true
	}
	if trouble == "" {
		r.askAgain(l)
	}
	r.heard = r.asking
	r.changed = true
}

// close ends a session that went well.
func (r *Replica) close(s *session, reason string) {
	r.transport.Close(s.id, reason)
	r.forget(s, "")
}

// closed handles the end of a stream that the peer or the network has made.
func (r *Replica) closed(s *session, reason string) {
	if s.inbound && s.resting() {
		r.finish(s)
		r.forget(s, "")
		return
	}
	r.forget(s, "closed: "+clip(reason, 256))
}

// refuse ends a session and tells the peer why.
func (r *Replica) refuse(s *session, reason mingav1.Refused_Reason, detail string) {
	if r.sessions[s.id] != s {
		return
	}
	if s.ready {
		frame, err := encode(refused(reason, detail))
		if err == nil {
			// A peer that leaves no room does not get to hear it.
			_ = r.transport.Send(s.id, frame)
		}
	}
	r.log.Debug("session refused", "peer", s.peer.id, "reason", reason, "detail", detail)
	r.transport.Close(s.id, detail)
	r.forget(s, "refused here: "+detail)
}

// offend ends a session with a peer that broke the rules, and reports it.
func (r *Replica) offend(s *session, offence Offence, reason mingav1.Refused_Reason, detail string) {
	if r.sessions[s.id] != s {
		return
	}
	r.log.Warn("a peer broke the rules", "peer", s.peer.id, "offence", offence, "detail", detail)
	r.transport.Report(s.peer.id, offence)
	r.refuse(s, reason, detail)
	if s.link != nil {
		s.link.nextAt = r.now.Add(r.jitter(refusedEvery))
	}
}

// garbage is offend for a frame that is malformed or out of place.
func (r *Replica) garbage(s *session, detail string) {
	r.offend(s, OffenceFrame, mingav1.Refused_REASON_BAD_FRAME, detail)
}

// fail ends a session because this node cannot go on with it.
func (r *Replica) fail(s *session, err error) {
	r.log.Warn("cannot go on with a session", "peer", s.peer.id, "commons", s.commons, "error", err)
	r.refuse(s, mingav1.Refused_REASON_BUSY, "trouble on this side")
	if s.link != nil {
		s.link.nextAt = r.now.Add(r.jitter(refusedEvery))
	}
}

// stalled ends a session that has made no progress for too long.
func (r *Replica) stalled(s *session) {
	if s.inbound && s.resting() {
		r.finish(s)
		r.close(s, "nothing more came")
		return
	}
	if s.idle > 1 {
		r.transport.Report(s.peer.id, OffenceStall)
	}
	r.refuse(s, mingav1.Refused_REASON_NO_PROGRESS, "no progress")
}

func (s *session) progress(now time.Time) { s.progressAt, s.idle = now, 0 }

// frame takes one frame from the peer.
func (r *Replica) frame(s *session, data []byte) {
	if len(data) > MaxFrame {
		r.garbage(s, "a frame is too long")
		return
	}
	f, err := decode(data)
	if err != nil {
		r.garbage(s, "a frame cannot be read")
		return
	}
	if s.idle++; s.idle > maxIdle {
		r.offend(s, OffenceFlood, mingav1.Refused_REASON_NO_PROGRESS, "many frames and no progress")
		return
	}
	if no, is := f.Body.(*mingav1.Frame_Refused); is {
		r.refusedByPeer(s, no.Refused)
		return
	}
	hello, is := f.Body.(*mingav1.Frame_Hello)
	if is == s.heard || !s.ready {
		r.garbage(s, "Hello comes once and first")
		return
	}
	switch body := f.Body.(type) {
	case *mingav1.Frame_Hello:
		r.hearHello(s, hello.Hello)
	case *mingav1.Frame_Delta:
		r.hearDelta(s, body.Delta, int64(len(data)))
	case *mingav1.Frame_Ack:
		r.hearAck(s, body.Ack)
	case *mingav1.Frame_Caught:
		r.hearCaught(s, body.Caught)
	case *mingav1.Frame_Frontier:
		r.hearFrontier(s, body.Frontier)
	default:
		r.garbage(s, "an empty frame")
	}
	r.advance(s)
}

// advance does whatever a session can do next.
func (r *Replica) advance(s *session) {
	if r.sessions[s.id] != s {
		return
	}
	r.flush(s)
	r.pump(s)
	r.settle(s)
}

// send queues a frame, here if the transport has no room.
func (r *Replica) send(s *session, f *mingav1.Frame) {
	frame, err := encode(f)
	if err != nil {
		r.fail(s, err)
		return
	}
	r.sendBytes(s, frame)
}

func (r *Replica) sendBytes(s *session, frame []byte) {
	if len(s.out) >= maxOut {
		r.offend(s, OffenceFlood, mingav1.Refused_REASON_BUSY, "the peer does not read")
		return
	}
	s.out = append(s.out, frame)
	r.flush(s)
}

func (r *Replica) flush(s *session) {
	for {
		if len(s.out) == 0 {
			page := s.nextPage()
			if page == nil {
				return
			}
			frame, err := encode(page)
			if err != nil {
				r.fail(s, err)
				return
			}
			s.out = append(s.out, frame)
		}
		if r.transport.Send(s.id, s.out[0]) != nil {
			return // Drained or Closed follows
		}
		s.out = slices.Delete(s.out, 0, 1)
	}
}

func (r *Replica) refusedByPeer(s *session, m *mingav1.Refused) {
	reason := m.GetReason()
	detail := clip(m.GetDetail(), 256)
	r.log.Debug("session refused by peer", "peer", s.peer.id, "reason", reason, "detail", detail)
	r.transport.Close(s.id, "refused")
	l := s.link
	r.forget(s, "refused by the peer: "+reasonText(reason)+": "+detail)
	if l == nil {
		return
	}
	switch reason {
	case mingav1.Refused_REASON_BUSY:
		l.nextAt = r.now.Add(r.jitter(soon))
	default:
		l.nextAt = r.now.Add(r.jitter(refusedEvery))
	}
}
