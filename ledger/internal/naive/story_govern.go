package naive

import (
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// govern lets the stewards write an entry of the charter log. In one seed of
// four the charter log may fork, as when a founder's home is copied.
func (s *story) govern() {
	if s.Seed%4 == 3 && s.chance(6) {
		s.forkCharter()
	}
	if s.changes > 0 && s.chance(4) {
		s.changeWitnesses()
		return
	}
	switch s.rng.IntN(11) {
	case 0:
		s.newCharter(s.charter.tip, pick(s, []int64{1000, 1000, 400, 0}))
	case 1:
		author := pick(s, append([]*actor{s.witnesses[0]}, s.authors...))
		s.write(s.charter, &protocol.Bind{Agent: pick(s, s.records), Log: author.log})
	case 2:
		s.remove()
	case 3:
		s.write(s.charter, &protocol.Admit{Log: pick(s, s.everybody()[1:]).log})
	case 4, 5:
		s.receiveIncome()
	case 6, 7:
		s.distribute()
	default:
		s.pay(s.charter)
	}
}

// forkCharter goes back to an earlier entry of the charter log, above the first
// witnesses.
func (s *story) forkCharter() {
	e, found := s.shown(func(e protocol.Entry) bool { return e.Log == s.charter.log && e.Seq >= 2 })
	if found {
		s.charter.tip = e
	}
}

// changeWitnesses writes a new set, now and then one that cannot bear its liars.
func (s *story) changeWitnesses() {
	if s.chance(8) {
		w := s.newSeats()
		w.F = int64(len(w.Members))
		s.write(s.charter, w)
		return
	}
	w := s.newSeats()
	if s.changes > 0 && (s.chance(4) || !slices.ContainsFunc(w.Members, func(m protocol.LogID) bool { return s.removed[m] })) {
		s.changes--
		s.write(s.charter, w)
	}
}

// remove ends somebody's log at the newest entry that the stewards know, or one
// before: an author's, or a witness's. Who was removed gets no seat any more: the
// close of such a witness could not be settled.
func (s *story) remove() {
	a := pick(s, s.authors)
	if s.chance(3) {
		a = pick(s, s.witnesses)
	}
	s.removed[a.log] = s.removed[a.log] || !s.inOffice(a.log)
	last := int64(0)
	for _, e := range s.charter.knows {
		if e.Log == a.log {
			last = max(last, e.Seq)
		}
	}
	if last > 0 && s.chance(2) {
		last--
	}
	s.write(s.charter, &protocol.Remove{Log: a.log, Seq: last})
}

// inOffice reports whether the newest charter entry knows a log as a witness's
// that may not be removed.
func (s *story) inOffice(log protocol.LogID) bool {
	state := s.see(s.charter)
	x := state.at[s.charter.tip.ID()]
	if w := state.appoints(x); w != nil && slices.Contains(w.Members, log) {
		return true
	}
	return state.stillNeeded(x, log)
}

// receiveIncome records money from outside. Some of it is in a currency that
// members create, which is void, and some claims to come from the commons.
func (s *story) receiveIncome() {
	pool := protocol.AgentID(s.Commons)
	from := protocol.AgentID{EntryID: pick(s, s.records)}
	currency := "USD"
	switch s.rng.IntN(8) {
	case 0:
		currency = "hora"
	case 1:
		from = pool
	}
	s.write(s.charter, transfer(from, pool, currency, 500+s.rng.Int64N(3000)))
}
