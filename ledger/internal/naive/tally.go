package naive

import (
	"fmt"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// Epoch is the time in office of one set of witnesses.
type Epoch struct {
	Witnesses protocol.EntryID // the entry that appoints them
	Members   []protocol.LogID
	F         int // how many may lie
	Quorum    int
	Closed    []protocol.LogID // members with a close settled under a later epoch, ascending

	at     int          // Witnesses
	next   int          // the settled entry that appoints the next set, or -1
	votes  map[int]bool // the endorsements that belong to this epoch
	voted  []set        // for each member, what it vouched for
	cert   set          // what a quorum vouched for, and still counts
	closes []closing
}

// closing is a close held, with the record of its author's votes up to there.
type closing struct {
	witness protocol.LogID
	at      int
	votes   []protocol.Head // every head voted for in the epoch, and the next witnesses
	shows   set             // the entries that these vouch for
	settled bool            // under a later epoch
}

func (e *Epoch) holds(log protocol.LogID) bool { return slices.Contains(e.Members, log) }

// appoints returns the set of witnesses that an entry appoints, nil if it is
// none or is void: n witnesses must bear f liars, and none of them may be named
// by a removal below, whether or not that was void.
func (p *past) appoints(x int) *protocol.Witnesses {
	w, is := p.entries[x].Body.(*protocol.Witnesses)
	if !is || !p.governs(x) || int64(len(w.Members)) < 3*w.F+1 || p.static(x) {
		return nil
	}
	for y := p.prev[x]; y >= 0; y = p.prev[y] {
		b, is := p.entries[y].Body.(*protocol.Remove)
		if is && slices.Contains(w.Members, b.Log) {
			return nil
		}
	}
	return w
}

func (p *past) static(x int) bool { return p.rules.Static != nil && p.rules.Static(p.entries[x]) }

// appointedBefore returns the nearest entry strictly below x that appoints
// witnesses, -1 if there is none.
func (p *past) appointedBefore(x int) int {
	for x = p.prev[x]; x >= 0 && p.appoints(x) == nil; {
		x = p.prev[x]
	}
	return x
}

// office returns the entry that appoints those who settle x, an entry of the
// charter log: the witnesses below it, or the first ones.
func (p *past) office(x, first int) int {
	if k := p.appointedBefore(x); k >= 0 {
		return k
	}
	return first
}

// firstWitnesses returns the entry that appoints the first set, -1 if none is
// held. A founder whose charter log forked below it has the lowest CID's.
func (p *past) firstWitnesses() int {
	for _, x := range p.inLog[p.commons.Charter()] {
		if p.appoints(x) != nil && p.appointedBefore(x) < 0 {
			return x
		}
	}
	return -1
}

// tally counts the votes of one epoch after the other, then takes out what an
// older certificate no longer says.
func (s *State) tally() {
	first := s.firstWitnesses()
	s.cert = s.none()
	for k := first; k >= 0; {
		b := s.appoints(k)
		e := &Epoch{
			Witnesses: s.entries[k].ID(), Members: b.Members, F: int(b.F),
			Quorum: (len(b.Members)+int(b.F))/2 + 1,
			at:     k, next: -1,
		}
		s.count(e, first)
		s.epochs = append(s.epochs, e)
		k = e.next
	}
	for i := len(s.epochs) - 1; i >= 0; i-- {
		e := s.epochs[i]
		if e.next >= 0 {
			s.gatherCloses(e)
			s.dropLate(e)
		}
		s.dropOutranked(e)
		s.cert.join(e.cert)
	}
	s.findConflicts()
}

// count finds the votes of an epoch and what they certify. A vote counts once
// the charter log is settled up to its charter, which votes of the same epoch
// may do: so it goes on until nothing changes.
func (s *State) count(e *Epoch, first int) {
	reach := s.entries[e.at].Seq
	for {
		s.vote(e, reach)
		s.certify(e, first)
		before := reach
		e.cert.all(func(x int) {
			if s.governs(x) {
				reach = max(reach, s.entries[x].Seq)
			}
		})
		if reach == before {
			return
		}
	}
}

// vote records who vouches for what, counting endorsements whose charter lies
// in the epoch and not above reach.
func (s *State) vote(e *Epoch, reach int64) {
	e.votes, e.voted = map[int]bool{}, nil
	for _, member := range e.Members {
		voted := s.none()
		for _, x := range s.inLog[member] {
			entry := s.entries[x]
			switch b := entry.Body.(type) {
			case *protocol.Endorse:
				if entry.Charter < s.entries[e.at].Seq || entry.Charter > reach && !s.rules.LooseEpochs ||
					e.next >= 0 && entry.Charter >= s.entries[e.next].Seq {
					continue
				}
				e.votes[x] = true
				for _, h := range b.Heads {
					if y, fits := s.named(h.Log, h.Seq, h.CID); fits {
						s.addChain(voted, y)
					}
				}
			case *protocol.Close:
				if k, held := s.at[b.Witnesses]; held && s.succeeds(k, e) {
					s.addChain(voted, k)
				}
			}
		}
		e.voted = append(e.voted, voted)
	}
}

// succeeds reports whether an entry appoints the set after that of the epoch.
func (s *State) succeeds(k int, e *Epoch) bool {
	return s.appoints(k) != nil && s.appointedBefore(k) == e.at
}

// certify finds what a quorum vouches for. Entries of the charter log are
// settled by those in office there and by nobody else.
func (s *State) certify(e *Epoch, first int) {
	e.cert = s.none()
	for x := range s.entries {
		n := 0
		for _, voted := range e.voted {
			if voted.has(x) {
				n++
			}
		}
		if n < e.Quorum || s.governs(x) && s.office(x, first) != e.at {
			continue
		}
		e.cert.add(x)
		if !s.succeeds(x, e) || e.next == x {
			continue
		}
		if e.next >= 0 {
			s.conflict = fmt.Sprintf("two sets of witnesses follow %v", e.Witnesses)
			continue
		}
		e.next = x
	}
}

// gatherCloses finds the closes of an epoch, on every branch.
func (s *State) gatherCloses(e *Epoch) {
	after := s.entries[e.next]
	for _, member := range e.Members {
		for _, x := range s.inLog[member] {
			b, is := s.entries[x].Body.(*protocol.Close)
			if !is || b.Witnesses != after.ID() {
				continue
			}
			c := closing{witness: member, at: x, settled: s.cert.has(x), votes: []protocol.Head{after.Head()}, shows: s.none()}
			for y := x; y >= 0; y = s.prev[y] {
				if e.votes[y] {
					c.votes = append(c.votes, s.entries[y].Body.(*protocol.Endorse).Heads...)
				}
			}
			for _, v := range c.votes {
				if y, fits := s.named(v.Log, v.Seq, v.CID); fits {
					s.addChain(c.shows, y)
				}
			}
			e.closes = append(e.closes, c)
		}
	}
}

// dropLate takes out what was certified by votes that came after the closes:
// n-q+f+1 closes that are settled under a later epoch lack it. The next
// witnesses and what lies below them are exempt.
func (s *State) dropLate(e *Epoch) {
	lack := make([]int, len(s.entries))
	for _, c := range e.closes {
		if !c.settled || slices.Contains(e.Closed, c.witness) {
			continue // several closes of one witness count once: the first on the settled chain
		}
		e.Closed = append(e.Closed, c.witness)
		e.cert.all(func(x int) {
			if !c.shows.has(x) {
				lack[x]++
			}
		})
	}
	for x, n := range lack {
		if n >= len(e.Members)-e.Quorum+e.F+1 && !s.reaches(x, e.next) {
			e.cert.drop(x)
		}
	}
}

// dropOutranked takes out what contradicts an entry settled under a later epoch.
func (s *State) dropOutranked(e *Epoch) {
	e.cert.all(func(x int) {
		if s.cert.has(x) {
			return
		}
		for _, y := range s.inLog[s.entries[x].Log] {
			if s.cert.has(y) && !s.reaches(x, y) && !s.reaches(y, x) {
				e.cert.drop(x)
				return
			}
		}
	})
}

// findConflicts looks for two entries settled at one place. There are none
// unless more than f witnesses lie.
func (s *State) findConflicts() {
	s.heads = map[protocol.LogID]int{}
	s.cert.all(func(x int) {
		e := s.entries[x]
		if y, is := s.heads[e.Log]; is && s.entries[y].Seq == e.Seq {
			s.conflict = fmt.Sprintf("%v and %v are both settled", s.entries[y].ID(), e.ID())
		}
		s.heads[e.Log] = x // ascending by seq
	})
}
