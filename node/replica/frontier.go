package replica

import (
	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
	"github.com/minga-commons/minga/protocol"
)

// Bounds of a frontier.
const (
	pageHeads     = 4096    // in one frame
	maxHeads      = 1 << 18 // in all: above, cursors alone must serve
	maxGathering  = 4       // sessions that gather one at a time
	frontierBurst = 3       // comparisons that a peer may ask for at once
	maxProofs     = 64      // proofs of forks sent in one session
	maxProbes     = 256     // logs whose fork is looked for in one session
	maxAudit      = 4096    // heads that an audit compares

	maxBranchBytes = 32 << 20 // of histories that do not count, in one session
	anyBranch      = ^uint32(0)
)

// gathered is what a peer has said that it holds.
type gathered struct {
	heads map[protocol.LogID]protocol.Head
	last  bool // complete; what comes now are probes
	count int  // probes answered
}

// dropGathered gives the memory of a peer's frontier back.
func (r *Replica) dropGathered(s *session) {
	if s.gathered != nil && !s.gathered.last {
		r.gathering--
	}
	s.gathered = nil
}

// sendFrontier tells the peer all heads held, and so asks for what is missing.
func (r *Replica) sendFrontier(s *session) {
	var heads []protocol.Head
	for head, err := range r.ledger.Heads(ctx(), s.commons) {
		if err != nil {
			r.fail(s, err)
			return
		}
		if heads = append(heads, head); len(heads) > maxHeads {
			r.log.Warn("too many logs to compare", "commons", s.commons)
			heads = nil
			break
		}
	}
	s.frontier, s.done = true, false
	s.link.lost = false
	if len(heads) == 0 {
		r.send(s, frontierFrame(nil, true))
		return
	}
	s.left = heads
	r.flush(s)
}

// nextPage returns the next frame of the frontier under way, nil if none is.
func (s *session) nextPage() *mingav1.Frame {
	if len(s.left) == 0 {
		return nil
	}
	n := min(len(s.left), pageHeads)
	page := frontierFrame(s.left[:n], n == len(s.left))
	s.left = s.left[n:]
	return page
}

func (r *Replica) hearFrontier(s *session, m *mingav1.Frontier) {
	if len(m.Heads) > pageHeads {
		r.garbage(s, "a page of a frontier is too long")
		return
	}
	heads := make([]protocol.Head, len(m.Heads))
	for i, msg := range m.Heads {
		var ok bool
		if heads[i], ok = headOf(msg); !ok {
			r.garbage(s, "a malformed head")
			return
		}
	}
	if s.gathered != nil && s.gathered.last {
		r.answerProbes(s, heads, m.Last)
		return
	}
	if s.gathered == nil && !r.gather(s) {
		return
	}
	for _, h := range heads {
		s.gathered.heads[h.Log] = h
	}
	if len(s.gathered.heads) > maxHeads {
		r.garbage(s, "a frontier is too long")
		return
	}
	if len(heads) > 0 {
		s.progress(r.now) // bounded by the length of a frontier
	}
	if m.Last {
		r.answerFrontier(s)
	}
}

// gather makes room for a peer's frontier.
func (r *Replica) gather(s *session) bool {
	if r.gathering >= maxGathering || s.link.servedTo.Sub(r.now) > (frontierBurst-1)*frontierEvery {
		r.refuse(s, mingav1.Refused_REASON_BUSY, "too many comparisons")
		return false
	}
	if s.link.servedTo.Before(r.now) {
		s.link.servedTo = r.now
	}
	s.link.servedTo = s.link.servedTo.Add(frontierEvery)
	s.gathered = &gathered{heads: map[protocol.LogID]protocol.Head{}}
	r.gathering++
	return true
}

func (r *Replica) answerFrontier(s *session) {
	base, err := r.durable()
	if err != nil {
		r.fail(s, err)
		return
	}
	answer := &answer{then: &journalSource{pos: base}, forks: true}
	for head, err := range r.ledger.Heads(ctx(), s.commons) {
		if err != nil {
			r.fail(s, err)
			return
		}
		if theirs, has := s.gathered.heads[head.Log]; r.mayRead(s) {
			answer.compare(head, theirs, has)
		}
	}
	r.noteReply(s)
	r.gathering--
	s.gathered.heads, s.gathered.last = nil, true
	s.source, s.owed = answer, true
	clear(s.given)
	if !s.frontier && s.done {
		// The peer compares since cursors did not make us equal; so do we.
		r.sendFrontier(s)
	}
}

// answerProbes answers heads that the peer names to find where two histories
// part.
func (r *Replica) answerProbes(s *session, heads []protocol.Head, last bool) {
	if s.gathered.count += len(heads); last || s.gathered.count > 16*maxProbes {
		r.garbage(s, "a second frontier")
		return
	}
	answer := &answer{then: s.source}
	for _, h := range heads {
		if own, held := r.ledger.Held(h.Log); held {
			answer.compare(own, h, true)
		}
	}
	s.source, s.owed = answer, true
}

// probe asks for entries further back of a log of which the peer has sent a
// segment that does not join ours.
func (r *Replica) probe(s *session, seg protocol.Segment) {
	log, first := seg.Log(), seg.First().Seq
	back, asked := s.probes[log]
	if !asked && len(s.probes) >= maxProbes {
		return
	}
	if back = max(1, back*4); back > first {
		back = first
	}
	s.probes[log] = back
	place := first - back
	id, ok := entryAt(r.ledger, log, place)
	if !ok || !s.frontier {
		s.link.lost = true // a frontier first, then we look closer
		return
	}
	s.done = false
	r.send(s, frontierFrame([]protocol.Head{{Log: log, Seq: place, CID: id}}, false))
}

// answer is the source of what a comparison has shown that a peer lacks.
type answer struct {
	wants []want
	forks bool // proofs held come first
	then  source
}

// want is what a peer lacks of one log.
type want struct {
	log  protocol.LogID
	from int64
	prev protocol.EntryID // what the peer holds before, zero if unknown
	one  bool             // a single segment, to show a fork
}

// compare adds what the owner of theirs lacks of the log of own.
func (a *answer) compare(own, theirs protocol.Head, has bool) {
	switch {
	case !has:
		a.wants = append(a.wants, want{log: own.Log})
	case theirs.Seq < own.Seq:
		a.wants = append(a.wants, want{log: own.Log, from: theirs.Seq + 1, prev: theirs.CID})
	case theirs.Seq == own.Seq && theirs.CID != own.CID:
		a.wants = append(a.wants, want{log: own.Log, from: own.Seq, one: true})
	}
}

func (a *answer) place() uint64 { return a.then.place() }

func (a *answer) next(r *Replica, s *session) (part, bool, error) {
	if a.forks {
		a.forks = false
		if err := r.stashProofs(s); err != nil {
			return part{}, false, err
		}
		if len(s.stash) > 0 {
			p := s.stash[0]
			s.stash = s.stash[1:]
			return p, true, nil
		}
	}
	for len(a.wants) > 0 {
		w := &a.wants[0]
		head, held := r.ledger.Held(w.log)
		if !held || w.from > head.Seq {
			a.wants = a.wants[1:]
			continue
		}
		seg, err := r.ledger.SegmentFrom(ctx(), w.log, w.from, protocol.MaxSegmentBytes)
		if err != nil {
			r.log.Warn("an entry held cannot be served", "log", w.log, "seq", w.from, "error", err)
			a.wants = a.wants[1:]
			continue
		}
		if !w.prev.IsZero() && seg.First().Prev != w.prev {
			// Another history: what we hold at the peer's place shows it.
			*w = want{log: w.log, from: w.from - 1, one: true}
			continue
		}
		if w.from, w.prev = seg.Tip().Seq+1, seg.Tip().ID(); w.one {
			a.wants = a.wants[1:]
		}
		return part{segment: &seg}, true, nil
	}
	if s.source == a {
		s.source = a.then
	}
	return a.then.next(r, s)
}

// stashProofs queues the proofs of forks that the peer has not been told.
func (r *Replica) stashProofs(s *session) error {
	for p, err := range r.ledger.Forks(ctx(), s.commons) {
		if err != nil {
			return err
		}
		if log := p.First.Log(); !s.told[log] && len(s.told) < maxProofs {
			s.told[log] = true
			s.stash = append(s.stash, part{proof: &p})
		}
	}
	return r.stashBranches(s)
}

// stashBranches queues the histories of forked logs that do not count. Which of
// them a peer holds it does not say; there are few.
func (r *Replica) stashBranches(s *session) error {
	size := 0
	for seg, err := range r.ledger.Branches(ctx(), s.commons) {
		if err != nil {
			return err
		}
		if size += seg.Size(); size > maxBranchBytes {
			r.log.Warn("too many forks to tell a peer of at once", "commons", s.commons)
			return nil
		}
		s.stash = append(s.stash, part{segment: &seg, branch: anyBranch})
	}
	return nil
}
