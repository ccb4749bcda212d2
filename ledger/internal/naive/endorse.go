package naive

import (
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// DueClose returns the witnesses entry that an honest witness has to close an
// epoch for before it endorses anything more, if there is one: it was in office,
// and holds the next set settled.
func (s *State) DueClose(witness protocol.LogID) (protocol.EntryID, bool) {
	for _, e := range s.epochs {
		if e.next < 0 || !e.holds(witness) {
			continue
		}
		next := s.entries[e.next].ID()
		closed := slices.ContainsFunc(s.inLog[witness], func(x int) bool {
			b, is := s.entries[x].Body.(*protocol.Close)
			return is && b.Witnesses == next
		})
		if !closed {
			return next, true
		}
	}
	return protocol.EntryID{}, false
}

// DueConfirm returns a set of witnesses, not settled yet, that the log would
// join and has not confirmed.
func (s *State) DueConfirm(log protocol.LogID) (protocol.EntryID, bool) {
	for _, x := range s.inLog[s.commons.Charter()] {
		w := s.appoints(x)
		if w == nil || s.cert.has(x) || !slices.Contains(w.Members, log) || s.confirmed(x, log) {
			continue
		}
		return s.entries[x].ID(), true
	}
	return protocol.EntryID{}, false
}

// confirmed reports whether a log confirms an entry.
func (s *State) confirmed(x int, log protocol.LogID) bool {
	return slices.ContainsFunc(s.inLog[log], func(y int) bool {
		b, is := s.entries[y].Body.(*protocol.Confirm)
		return is && b.Target == s.entries[x].ID() && b.Verdict == protocol.VerdictConfirm
	})
}

// Pin returns what an honest author writes as its charter now: the settled head
// of the charter log, or, while nothing is settled, the first witnesses.
func (s *State) Pin() int64 {
	if head, settled := s.heads[s.commons.Charter()]; settled {
		return max(s.entries[head].Seq, s.entries[s.epochs[0].at].Seq)
	}
	if k := s.firstWitnesses(); k >= 0 {
		return s.entries[k].Seq
	}
	return s.charterHeld()
}

// Endorsable reports whether an honest witness that holds this state may endorse
// a head now. What it endorsed before stands in its own log.
func (s *State) Endorsable(witness protocol.LogID, head protocol.EntryID) bool {
	h, held := s.at[head]
	if !held || len(s.epochs) == 0 || s.entries[h].Kind == protocol.KindEndorse {
		return false
	}
	now := s.epochs[len(s.epochs)-1]
	if !now.holds(witness) {
		return false
	}
	if _, due := s.DueClose(witness); due {
		return false
	}
	last := s.lastVote(witness, s.entries[h].Log)
	if last >= 0 && !s.reaches(last, h) && !s.mayLeave(last, h) {
		return false
	}
	if last == h && now.voted[slices.Index(now.Members, witness)].has(h) {
		return false
	}
	return s.sound(now, h) && s.closesAllow(h)
}

// lastVote returns the entry of a log that a witness endorsed last, -1 for none.
func (s *State) lastVote(witness, log protocol.LogID) int {
	own := s.inLog[witness]
	for i := len(own) - 1; i >= 0; i-- {
		b, is := s.entries[own[i]].Body.(*protocol.Endorse)
		if !is {
			continue
		}
		for _, v := range b.Heads {
			if x, fits := s.named(v.Log, v.Seq, v.CID); fits && v.Log == log {
				return x
			}
		}
	}
	return -1
}

// mayLeave reports whether a head extends a settled entry that conflicts with
// the last vote.
func (s *State) mayLeave(last, h int) bool {
	for y := h; y >= 0; y = s.prev[y] {
		if s.cert.has(y) && !s.reaches(y, last) {
			return true
		}
	}
	return false
}

// sound reports whether what a vote for a head would newly settle waits for
// nothing, has no sibling and does not lie beyond a cut, and whether new
// witnesses confirmed that they are. Cuts do not touch endorsements and closes.
func (s *State) sound(now *Epoch, h int) bool {
	cut, removed := s.cutOf(s.entries[h].Log)
	for y := h; y >= 0 && !s.cert.has(y); y = s.prev[y] {
		kind := s.entries[y].Kind
		beyond := removed && s.entries[y].Seq > cut && kind != protocol.KindEndorse && kind != protocol.KindClose
		if beyond || s.forked(y) || !s.decided(y) {
			return false
		}
		if w := s.appoints(y); w != nil && y != now.at {
			for _, member := range w.Members {
				if !now.holds(member) && !s.confirmed(y, member) {
					return false
				}
			}
		}
	}
	return true
}

// closesAllow reports whether for every earlier epoch a quorum of its witnesses
// have a close whose record has no vote against a head. For a close, closes held
// suffice; for anything else they must be settled under a later epoch.
func (s *State) closesAllow(h int) bool {
	isClose := false
	for y := h; y >= 0 && !s.cert.has(y); y = s.prev[y] {
		isClose = isClose || s.entries[y].Kind == protocol.KindClose
	}
	for _, e := range s.epochs {
		if e.next < 0 {
			continue
		}
		good := map[protocol.LogID]bool{}
		for _, c := range e.closes {
			if !isClose && !c.settled {
				continue
			}
			against := slices.ContainsFunc(c.votes, func(v protocol.Head) bool { return s.against(v, h) })
			if !against {
				good[c.witness] = true
			}
		}
		if len(good) < e.Quorum {
			return false
		}
	}
	return true
}

// against reports whether a vote names another branch than a head, or cannot be
// shown to agree with it. Votes against an entry that is settled are ignored.
func (s *State) against(v protocol.Head, h int) bool {
	if v.Log != s.entries[h].Log {
		return false
	}
	x, fits := s.named(v.Log, v.Seq, v.CID)
	if fits && (s.reaches(x, h) || s.reaches(h, x)) {
		return false
	}
	for y := h; y >= 0; y = s.prev[y] {
		if s.cert.has(y) && (v.Seq <= s.entries[y].Seq || fits) && (!fits || !s.reaches(y, x)) {
			return false
		}
	}
	return true
}
