package replica

import (
	"bytes"
	"errors"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
	"github.com/minga-commons/minga/protocol"
)

// Bounds of the segments that do not fit yet, per session.
const (
	maxDeferredBytes = 4 << 20
	maxDeferred      = 1024
)

func (r *Replica) hearDelta(s *session, m *mingav1.Delta, cost int64) {
	if s.window -= cost; s.window < 0 {
		r.offend(s, OffenceFlood, mingav1.Refused_REASON_BAD_FRAME, "more bytes than allowed")
		return
	}
	cursor, ok := cursorOf(m.Cursor)
	if m.Cursor != nil && (!ok || cursor.Journal != s.journal) {
		r.garbage(s, "a cursor into another journal")
		return
	}
	before := s.received
	fresh := false
	for _, msg := range m.Segments {
		seg, err := protocol.SegmentFromMessage(msg)
		if err != nil {
			r.badSegment(s, err)
			return
		}
		// Bytes count as progress once they are verified: new ones by the
		// ledger, known ones by being here already.
		fresh = r.take(s, seg) || fresh
		if r.sessions[s.id] != s {
			return
		}
	}
	for _, msg := range m.Proofs {
		if !r.takeProof(s, msg) {
			return
		}
	}
	if s.received > before {
		r.retry(s)
	}
	ahead := m.Cursor != nil && cursor.Position > s.cursor.Position
	if ahead {
		s.cursor = cursor
	}
	if s.received > before || (fresh && ahead) {
		s.progress(r.now)
	}
	if s.unmarked += int(cost); s.unmarked >= markEvery && len(s.deferred) == 0 && !s.link.lost && ahead {
		if !r.mark(s) {
			return
		}
	}
	s.window += cost
	r.send(s, ackFrame(cost))
}

// take hands a segment to the ledger and reports whether it is held now.
func (r *Replica) take(s *session, seg protocol.Segment) bool {
	added, err := r.ingest(s, seg)
	switch {
	case err == nil:
		return true
	case errors.Is(err, protocol.ErrNotCanonical):
		r.badSegment(s, err)
	case errors.Is(err, protocol.ErrFork):
		r.tellFork(s, seg)
	case errors.Is(err, protocol.ErrGap), errors.Is(err, protocol.ErrNotAdmitted), errors.Is(err, protocol.ErrUnknownCommons):
		if head, held := r.ledger.Held(seg.Log()); held && seg.First().Seq <= head.Seq+1 && !r.follows(seg) {
			r.probe(s, seg)
			return false
		}
		r.postpone(s, seg)
	default:
		r.fail(s, err)
	}
	return added > 0
}

// ingest hands a segment to the ledger and counts what was new.
func (r *Replica) ingest(s *session, seg protocol.Segment) (int, error) {
	added, err := r.ledger.IngestSegment(ctx(), seg)
	if added > 0 {
		r.unsynced = true
		s.received += int64(added)
		s.link.received += int64(added)
	}
	// An entry of a history that does not count says nothing of what the peer
	// holds at that place of the one that does.
	if head, held := r.ledger.Held(seg.Log()); err == nil && held && head.CID == seg.Tip().ID() {
		s.link.learn(seg.Log(), seg.Tip().Seq)
		r.takeEarly(seg.Log())
	}
	return added, err
}

func (r *Replica) badSegment(s *session, err error) {
	r.offend(s, OffenceSegment, mingav1.Refused_REASON_BAD_SEGMENT, err.Error())
}

// takeProof hands a proof of a fork to the ledger and reports whether the
// session goes on.
func (r *Replica) takeProof(s *session, m *mingav1.ForkProof) bool {
	p, err := protocol.ForkProofFromMessage(m)
	if err != nil {
		r.badSegment(s, err)
		return false
	}
	switch err := r.ledger.IngestFork(ctx(), p); {
	case err == nil:
		r.unsynced = true
	case errors.Is(err, protocol.ErrNotCanonical):
		r.badSegment(s, err)
		return false
	case errors.Is(err, protocol.ErrGap), errors.Is(err, protocol.ErrNotAdmitted), errors.Is(err, protocol.ErrUnknownCommons), errors.Is(err, protocol.ErrFork):
		r.log.Debug("a proof of a fork does not fit", "log", p.First.Log(), "error", err)
	default:
		r.fail(s, err)
		return false
	}
	return true
}

// follows reports whether a segment joins the entries held.
func (r *Replica) follows(seg protocol.Segment) bool {
	if seg.First().Seq == 0 {
		return true
	}
	id, ok := entryAt(r.ledger, seg.Log(), seg.First().Seq-1)
	return ok && id == seg.First().Prev
}

// postpone keeps a segment that does not fit yet. What finds no room is asked
// for with a frontier.
func (r *Replica) postpone(s *session, seg protocol.Segment) {
	size := seg.Size()
	if s.waiting+size > maxDeferredBytes || len(s.deferred) >= maxDeferred {
		s.link.lost = true
		return
	}
	s.waiting += size
	s.deferred = append(s.deferred, seg)
}

// retry offers the ledger what did not fit before, as long as that helps.
func (r *Replica) retry(s *session) {
	for helped := true; helped && len(s.deferred) > 0; {
		helped = false
		left := s.deferred
		s.deferred, s.waiting = nil, 0
		for _, seg := range left {
			had := s.received
			r.take(s, seg)
			if r.sessions[s.id] != s {
				return
			}
			helped = helped || s.received > had
		}
	}
}

// mark makes what was received durable and moves the bookmark.
func (r *Replica) mark(s *session) bool {
	s.unmarked = 0
	name := s.link.bookmark(s.peer.id)
	if kept, ok := r.ledger.Bookmark(name); ok && kept == s.cursor {
		return true
	}
	_, err := r.durable()
	if err == nil {
		err = r.ledger.SetBookmark(name, s.cursor)
	}
	if err != nil {
		r.fail(s, err)
		return false
	}
	return true
}

func (r *Replica) hearAck(s *session, m *mingav1.Ack) {
	switch credit := int64(min(m.GetCredit(), 1<<62)); {
	case credit > s.inflight || (credit == 0 && s.unheard == 0):
		r.garbage(s, "an Ack for what was not sent")
	case credit == 0:
		s.unheard--
		s.progress(r.now)
	default:
		s.inflight -= credit
		s.credit += credit
		s.progress(r.now)
	}
}

func (r *Replica) hearCaught(s *session, m *mingav1.Caught) {
	cursor, ok := cursorOf(m.Cursor)
	if m.Cursor != nil && (!ok || cursor.Journal != s.journal) || len(m.Digest) != 0 && len(m.Digest) != 32 {
		r.garbage(s, "a malformed Caught")
		return
	}
	r.retry(s)
	if r.sessions[s.id] != s {
		return
	}
	if len(s.deferred) > 0 {
		s.link.lost = true
		s.deferred, s.waiting = nil, 0
	}
	if !s.done || !bytes.Equal(s.theirs, m.Digest) {
		s.progress(r.now)
	}
	s.done, s.theirs = true, m.Digest
	if m.Cursor != nil {
		s.cursor = cursor
		// What was left over is asked for with a frontier. Until then, the place
		// from which it was sent is the one to remember.
		if (!s.link.lost || s.frontier) && !r.mark(s) {
			return
		}
	}
	s.again, r.heard = true, r.asking
	r.pump(s) // before the Ack: it shows what our state is now
	if r.sessions[s.id] == s {
		r.send(s, ackFrame(0))
	}
}

// tellFork sends the proof of a fork that a segment of the peer's has shown, or
// looks for the place where the histories part.
func (r *Replica) tellFork(s *session, seg protocol.Segment) {
	log := seg.Log()
	if s.told[log] || len(s.told) >= maxProofs {
		return
	}
	for p, err := range r.ledger.Forks(ctx(), s.commons) {
		if err != nil {
			r.log.Warn("cannot read the proofs of forks", "error", err)
			return
		}
		if p.First.Log() == log {
			s.told[log] = true
			s.stash = append(s.stash, part{proof: &p})
			s.owed = true
			return
		}
	}
	if !r.follows(seg) {
		r.probe(s, seg)
	}
}
