package replica

import (
	"bytes"
)

// resting reports whether both sides have said that they have no more, and all
// that was sent has been taken.
func (s *session) resting() bool {
	return s.heard && s.said && s.done && !s.owed &&
		s.source != nil && s.pending == nil && len(s.stash) == 0 &&
		s.inflight == 0 && s.unheard == 0 &&
		len(s.out) == 0 && len(s.left) == 0 &&
		(!s.repair || (s.gathered != nil && s.gathered.last))
}

// settle decides, on the side that began a session, what follows when both
// sides rest: the end, another look, or a comparison.
func (r *Replica) settle(s *session) {
	if s.inbound || r.sessions[s.id] != s || !s.resting() {
		return
	}
	l := s.link
	asks := r.asks(l)
	equal := bytes.Equal(r.digest(s.commons), s.theirs)
	switch {
	case s.repair:
		r.finish(s)
		r.close(s, "compared")
		return
	case equal && !l.lost && !asks && !r.auditDue(s):
		r.finish(s)
		r.close(s, "in step")
		return
	case !equal && r.grown(s) && s.rounds < maxRounds:
		s.rounds++
		s.again = true
		r.pump(s)
		r.settleAgain(s)
		return
	}
	if !equal {
		l.strikes++
	}
	wanted := equal || asks || l.lost || l.strikes >= 2
	if wanted && !s.frontier && !r.now.Before(l.repairAt) {
		s.repair = true
		if !equal && !asks {
			l.repairs++
		}
		r.sendFrontier(s)
		return
	}
	r.finish(s)
	r.close(s, "not in step yet")
	if l.strikes == 1 {
		l.nextAt = r.now.Add(r.jitter(soon))
	}
}

// settleAgain ends a session that had nothing to add after all.
func (r *Replica) settleAgain(s *session) {
	if r.sessions[s.id] == s && s.resting() {
		s.rounds = maxRounds
		r.settle(s)
	}
}

// grown reports whether the journal has grown since the peer was told where it
// ends: then digests differ for a good reason.
func (r *Replica) grown(s *session) bool {
	return r.ledger.DurablePosition() > s.saidPos || r.unsynced
}

// auditDue reports whether it is time to compare heads although the digests are
// equal: they do not cover entries that wait.
func (r *Replica) auditDue(s *session) bool {
	l := s.link
	if s.frontier || len(s.theirs) == 0 || r.now.Before(l.auditAt) || r.now.Before(l.repairAt) {
		return false
	}
	l.auditAt = r.now.Add(r.jitter(auditEvery))
	n := 0
	for range r.ledger.Heads(ctx(), s.commons) {
		if n++; n > maxAudit {
			return false
		}
	}
	return true
}

// finish notes how a session that was carried through has ended.
func (r *Replica) finish(s *session) {
	l := s.link
	l.equal = bytes.Equal(r.digest(s.commons), s.theirs)
	l.syncedAt = r.now
	if l.reply != nil {
		l.reply.rested = true
	}
	switch {
	case l.equal && !l.lost:
		l.strikes, l.backoff = 0, 0
		r.early = early{} // nothing is missing that it could follow
	case s.repair:
		// It did not help, and will not help more often.
		l.backoff = min(max(2*l.backoff, repairFirst), repairLast)
		l.repairAt = r.now.Add(r.jitter(l.backoff))
		r.log.Info("a comparison did not make two nodes equal", "peer", s.peer.id, "commons", s.commons)
	}
}
