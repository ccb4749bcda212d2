package replica

import (
	"bytes"

	"google.golang.org/protobuf/proto"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
	"github.com/minga-commons/minga/protocol"
)

// Bounds of a Delta.
const (
	maxDelta   = 1 << 20 // bytes of segments, unless a single one is longer
	runBatch   = 256     // journal records read at a time
	maxGiven   = 16384   // logs whose sent entries are remembered in a session
	maxRounds  = 16      // times that a session goes on with what came meanwhile
	frameSlack = 1 << 10 // what stands in a Delta beside segments
)

// part is a piece of what a peer is served.
type part struct {
	segment *protocol.Segment
	branch  uint32 // the history of the segment, as this node numbers them
	proof   *protocol.ForkProof
	pos     uint64 // place in the journal reached with this part, 0 for none
}

// history is one of the histories of a log, as this node numbers them.
type history struct {
	log    protocol.LogID
	branch uint32
}

// source yields what a peer lacks, piece by piece.
type source interface {
	// next returns the next part, false when nothing is left for now.
	next(r *Replica, s *session) (part, bool, error)

	// place returns how far into this node's journal the peer has got once it
	// has everything that next returned.
	place() uint64
}

// journalSource follows this node's journal from a place.
type journalSource struct {
	pos  uint64
	runs []protocol.Run
	from int64 // within the first of runs, when it takes several segments
}

func (j *journalSource) place() uint64 { return j.pos }

func (j *journalSource) next(r *Replica, s *session) (part, bool, error) {
	for {
		if len(j.runs) == 0 {
			more, err := j.read(r, s)
			if err != nil || !more {
				return part{}, false, err
			}
		}
		run := j.runs[0]
		first := max(run.First, j.from)
		if given, ok := s.given[history{run.Log, run.Branch}]; ok {
			first = max(first, given+1)
		}
		if first > run.Last || run.Branch == 0 && s.link.has(run.Log, run.Last) {
			j.step(run)
			continue
		}
		seg, err := r.ledger.SegmentOf(ctx(), run, first, protocol.MaxSegmentBytes)
		if err != nil {
			r.log.Warn("an entry of the journal cannot be served", "log", run.Log, "seq", first, "error", err)
			j.step(run)
			continue
		}
		p := part{segment: &seg, branch: run.Branch}
		if j.from = seg.Tip().Seq + 1; j.from > run.Last {
			j.step(run)
			p.pos = run.Position
		}
		return p, true, nil
	}
}

func (j *journalSource) step(run protocol.Run) {
	j.pos, j.from, j.runs = run.Position, 0, j.runs[1:]
}

// read fetches the next records that are durable here.
func (j *journalSource) read(r *Replica, s *session) (bool, error) {
	limit, err := r.durable()
	if err != nil {
		return false, err
	}
	if j.pos >= limit || !r.mayRead(s) {
		return false, nil
	}
	// With equal digests the peer has it all from elsewhere, except for histories
	// that do not count: no digest says who holds those.
	equal := bytes.Equal(r.digest(s.commons), s.theirs)
	for run, err := range r.ledger.Runs(ctx(), s.commons, j.pos) {
		if err != nil {
			return false, err
		}
		if run.Position > limit {
			break
		}
		if equal && run.Branch == 0 {
			continue
		}
		if j.runs = append(j.runs, run); len(j.runs) == runBatch {
			return true, nil
		}
	}
	if len(j.runs) == 0 {
		j.pos = limit
	}
	return len(j.runs) > 0, nil
}

// pump sends what the peer lacks, as far as its credit and the transport allow,
// and says so when there is no more.
func (r *Replica) pump(s *session) {
	for r.sessions[s.id] == s && s.heard && s.said && s.source != nil && len(s.out) == 0 {
		if s.pending == nil {
			frame, err := r.nextDelta(s)
			if err != nil {
				r.fail(s, err)
				return
			}
			if frame == nil {
				r.sayCaught(s)
				return
			}
			s.pending = frame
		}
		cost := int64(len(s.pending))
		if cost > s.credit {
			return
		}
		s.credit -= cost
		s.inflight += cost
		frame := s.pending
		s.pending, s.owed = nil, true
		r.sendBytes(s, frame)
	}
}

// nextDelta builds a frame of what comes next, nil if nothing does.
func (r *Replica) nextDelta(s *session) ([]byte, error) {
	var m mingav1.Delta
	var pos uint64
	for size := 0; size < maxDelta; {
		p, ok, err := s.nextPart(r)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		cost := p.fit(r)
		if size > 0 && size+cost > maxDelta {
			s.stash = append([]part{p}, s.stash...)
			break
		}
		size += cost
		if p.proof != nil && cost == 0 {
			// Too long together: the peer makes its own proof of the two.
			s.stash = append(s.stash, part{segment: &p.proof.First}, part{segment: &p.proof.Second})
		}
		s.put(&m, p)
		pos = max(pos, p.pos)
	}
	if len(m.Segments) == 0 && len(m.Proofs) == 0 {
		return nil, nil
	}
	if pos > 0 {
		m.Cursor = cursorMessage(protocol.Cursor{Journal: r.ledger.Journal(), Position: pos})
	}
	return encode(deltaFrame(&m))
}

func (s *session) nextPart(r *Replica) (part, bool, error) {
	if len(s.stash) > 0 {
		p := s.stash[0]
		s.stash = s.stash[1:]
		return p, true, nil
	}
	return s.source.next(r, s)
}

// fit returns the size of a part on the wire. A segment whose texts beside the
// log do not fit into a frame loses them; a proof that does not fit has size 0.
func (p part) fit(r *Replica) int {
	if p.proof != nil {
		size := proto.Size(p.proof.Message())
		if size > MaxFrame-frameSlack {
			r.log.Debug("a proof of a fork is too long to send", "log", p.proof.First.Log())
			return 0
		}
		return size
	}
	size := proto.Size(p.segment.Message())
	if size > MaxFrame-frameSlack {
		p.segment.Sides = nil
		size = proto.Size(p.segment.Message())
	}
	return size
}

func (s *session) put(m *mingav1.Delta, p part) {
	if p.proof != nil {
		if msg := p.proof.Message(); proto.Size(msg) <= MaxFrame-frameSlack {
			m.Proofs = append(m.Proofs, msg)
		}
		return
	}
	seg := p.segment
	m.Segments = append(m.Segments, seg.Message())
	if len(s.given) >= maxGiven {
		clear(s.given)
	}
	of := history{seg.Log(), p.branch}
	s.given[of] = max(s.given[of], seg.Tip().Seq)
	s.sent += int64(len(seg.Entries))
	s.link.sent += int64(len(seg.Entries))
}

// sayCaught says that the peer has everything: when that is owed after entries
// or a frontier, or when it was asked for again and something has changed.
func (r *Replica) sayCaught(s *session) {
	if !s.owed && !s.again {
		return
	}
	pos, digest := s.source.place(), r.digest(s.commons)
	changed := pos != s.saidPos || !bytes.Equal(digest, s.saidDig)
	send := s.owed || changed
	s.owed, s.again = false, false
	if !send {
		return
	}
	s.saidPos, s.saidDig = pos, digest
	s.unheard++
	c := protocol.Cursor{Journal: r.ledger.Journal(), Position: pos}
	r.send(s, caughtFrame(&mingav1.Caught{Cursor: cursorMessage(c), Digest: digest}))
}
