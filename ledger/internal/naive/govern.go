package naive

import (
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// lawful judges events and records, and the entries that govern the commons: those stand in
// the charter log, and what they say must be possible there.
func (s *State) lawful(x int) bool {
	switch b := s.entries[x].Body.(type) {
	case *protocol.Witnesses:
		return s.appoints(x) != nil
	case *protocol.Remove:
		return s.governs(x) && (b.Log.IsZero() || !s.stillNeeded(x, b.Log))
	case *protocol.Bind:
		return s.governs(x) && s.boundTo(b.Agent, s.prev[x]).IsZero()
	case *protocol.Charter, *protocol.Admit, *protocol.Distribution: // of which judgePart says more
		return s.governs(x)
	case *protocol.Event:
		return s.sensible(x)
	case *protocol.Record:
		return recordable(b)
	case *protocol.Declare:
		return s.declarable(x)
	}
	return true
}

// stillNeeded reports whether a log is that of a witness in office at an entry
// of the charter log, or of one in the set before.
func (s *State) stillNeeded(x int, log protocol.LogID) bool {
	k := s.appointedBefore(x)
	for range 2 {
		if k < 0 {
			return false
		}
		if slices.Contains(s.appoints(k).Members, log) {
			return true
		}
		k = s.appointedBefore(k)
	}
	return false
}

// boundTo returns the log to which an agent record is bound by an entry of the
// charter log at or below x: the first binding counts. Zero if there is none.
func (s *State) boundTo(agent protocol.EntryID, x int) (log protocol.LogID) {
	for ; x >= 0; x = s.prev[x] {
		if b, is := s.entries[x].Body.(*protocol.Bind); is && b.Agent == agent && s.effective(x) {
			log = b.Log
		}
	}
	return log
}

// admittedAt reports whether an admit entry at or below x names the log.
func (s *State) admittedAt(log protocol.LogID, x int) bool {
	for ; x >= 0; x = s.prev[x] {
		if b, is := s.entries[x].Body.(*protocol.Admit); is && b.Log == log && s.effective(x) {
			return true
		}
	}
	return false
}

// termsAt returns the charter in force at an entry of the charter log.
func (s *State) termsAt(x int) Terms {
	for ; x >= 0; x = s.prev[x] {
		if s.entries[x].Kind == protocol.KindCharter && s.effective(x) {
			return s.rules.Terms(s.entries[x])
		}
	}
	return Terms{}
}

// cutOf returns the last seq of a log that counts, and whether a settled removal
// says so.
func (s *State) cutOf(log protocol.LogID) (last int64, removed bool) {
	head, settled := s.heads[s.commons.Charter()]
	if !settled {
		return 0, false
	}
	for x := head; x >= 0; x = s.prev[x] {
		b, is := s.entries[x].Body.(*protocol.Remove)
		if is && b.Log == log && s.effective(x) && (!removed || b.Seq < last) {
			last, removed = b.Seq, true
		}
	}
	return last, removed
}

// version is the entry of the charter log that a payment pins, -1 while that is
// not settled and decided. A debit of the charter log takes what is before it.
func (s *State) version(x int) int {
	if s.governs(x) {
		return s.prev[x]
	}
	head, settled := s.heads[s.commons.Charter()]
	if !settled || s.entries[head].Seq < s.entries[x].Charter {
		return -1
	}
	for s.entries[head].Seq > s.entries[x].Charter {
		head = s.prev[head]
	}
	if !s.decided(head) {
		return -1
	}
	return head
}

// limitOf returns how far below zero an account may go under a version.
func (s *State) limitOf(c Currency, t Terms, log protocol.LogID, version int) rules.Total {
	return t.limit(c, log, s.commons, t.Open && s.admittedAt(log, version))
}
