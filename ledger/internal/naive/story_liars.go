package naive

import (
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// branch picks where a liar goes on: mostly at its tip, now and then anywhere.
func (s *story) branch(a *actor, seldom int) {
	if !s.chance(seldom) {
		return
	}
	if s.chance(3) {
		a.tip = a.first
		return
	}
	a.tip, _ = s.shown(func(e protocol.Entry) bool { return e.Log == a.log })
}

// equivocate writes what an author who wants to spend twice would: payments on
// branches, beyond the limit, with pins and watermarks as it likes.
func (s *story) equivocate(a *actor) {
	s.branch(a, 4)
	if s.chance(3) {
		s.flow(a)
		return
	}
	if s.chance(8) {
		e, _ := s.shown(func(e protocol.Entry) bool { return e.Log != a.log })
		s.put(a, s.draft(a, a.tip, a.tip.Charter, &protocol.Confirm{Target: e.ID(), Verdict: protocol.VerdictConfirm}))
		return
	}
	pin := s.pin(a)
	if s.chance(3) {
		pin = s.rng.Int64N(s.charter.tip.Seq + 2)
	}
	body := transfer(a.log.Agent(), s.payee(a), "hora", 100+s.rng.Int64N(1400))
	if s.chance(4) {
		s.spoil(body)
	}
	if s.chance(2) {
		body.Claims = s.claims(a, pin)
	}
	for range s.rng.IntN(3) {
		s.forgeClaim(a, body)
	}
	s.put(a, s.draft(a, a.tip, pin, body))
}

// forgeClaim adds a watermark into anything: a fork, an unsettled credit, a
// credit claimed before, its own log, an entry that does not exist.
func (s *story) forgeClaim(a *actor, body *protocol.Event) {
	e, found := s.shown(func(e protocol.Entry) bool { return payment(e) && (e.Log != a.log || s.chance(20)) })
	if !found {
		return
	}
	w := protocol.Watermark{Account: a.log.Agent(), Log: e.Log, Seq: e.Seq, CID: e.ID()}
	switch s.rng.IntN(12) {
	case 0, 1:
		w.Account = protocol.AgentID{EntryID: pick(s, s.records)}
	case 2:
		w.Seq++
	case 3:
		w.CID[7] ^= 1
	case 4:
		w.Log = pick(s, s.everybody()).log
	}
	body.Claims = append(body.Claims, w)
}

// spoil makes a payment wrong in itself.
func (s *story) spoil(body *protocol.Event) {
	switch s.rng.IntN(9) {
	case 0:
		body.Receiver = body.Provider
	case 1:
		body.Currency = "peso"
	case 2:
		body.ResourceQuantity.Scale = 3
	case 3:
		body.ResourceQuantity.N = -body.ResourceQuantity.N
	case 4:
		body.ResourceQuantity.Unit = "hour"
	case 5:
		body.Corrects = s.records[0]
	case 6:
		body.Action = "transferCustody"
	case 7:
		body.Provider = pick(s, s.authors).log.Agent()
	case 8:
		body.ResourceQuantity.N = protocol.MaxMantissa
	}
}

// lie lets a witness vote as it likes: on branches of its own log, for both
// branches of another's, for what was never signed, under an epoch of its
// choice, now or later.
func (s *story) lie(a *actor) {
	s.branch(a, 4)
	pin := s.pin(a)
	sets := s.sets()
	if s.chance(2) {
		pin = pick(s, sets).Seq
	}
	if s.chance(8) {
		pin = s.charter.tip.Seq + s.rng.Int64N(2)
	}
	var body protocol.Body
	switch k := s.rng.IntN(12); {
	case k < 2:
		body = &protocol.Close{Witnesses: pick(s, sets).ID()}
	case k == 2:
		body = &protocol.Confirm{Target: pick(s, sets).ID(), Verdict: protocol.VerdictConfirm}
	case k == 3: // a vote for an entry that its honest author never signed
		victim := pick(s, s.authors)
		body = &protocol.Endorse{Heads: []protocol.Head{{Log: victim.log, Seq: 1, CID: protocol.EntryID{9, byte(s.rng.Uint32())}}}}
	default:
		e, _ := s.shown(func(e protocol.Entry) bool { return e.Kind != protocol.KindEndorse })
		body = &protocol.Endorse{Heads: []protocol.Head{e.Head()}}
	}
	e := s.draft(a, a.tip, pin, body)
	if s.chance(4) {
		s.hide(e)
		return
	}
	s.put(a, e)
}

// hide keeps an entry that nobody sees before the end.
func (s *story) hide(e protocol.Entry) {
	s.keep(e)
	s.hidden[e.ID()] = true
}

// sets lists the entries that appoint witnesses.
func (s *story) sets() (all []protocol.Entry) {
	for _, e := range s.Entries {
		if e.Kind == protocol.KindWitnesses {
			all = append(all, e)
		}
	}
	return all
}

// confess lets each liar vote, in every epoch and on a branch of its own, for
// every branch of every log. Nobody sees it while the history is written.
func (s *story) confess() {
	if !s.chance(2) {
		return
	}
	tips := s.tips()
	for _, a := range s.witnesses {
		if !a.liar {
			continue
		}
		for _, k := range s.sets() {
			for len(tips) > 0 && len(s.Entries) < 260 {
				var batch, rest []protocol.Entry
				for _, e := range tips {
					taken := slices.ContainsFunc(batch, func(t protocol.Entry) bool { return t.Log == e.Log })
					if taken {
						rest = append(rest, e)
					} else {
						batch = append(batch, e)
					}
				}
				s.hide(s.draft(a, a.first, k.Seq, &protocol.Endorse{Heads: heads(batch)}))
				tips = rest
			}
			tips = s.tips()
		}
	}
}

// tips are the ends of all branches that are no endorsements, and no secret.
func (s *story) tips() (all []protocol.Entry) {
	inner := map[protocol.EntryID]bool{}
	for _, e := range s.Entries {
		if e.Kind != protocol.KindEndorse {
			inner[e.Prev] = true
		}
	}
	for _, e := range s.Entries {
		if e.Kind != protocol.KindEndorse && !s.hidden[e.ID()] && !inner[e.ID()] {
			all = append(all, e)
		}
	}
	return all
}

// heads lists the places of entries, ascending by log.
func heads(entries []protocol.Entry) (all []protocol.Head) {
	for _, e := range entries {
		all = append(all, e.Head())
	}
	slices.SortFunc(all, func(a, b protocol.Head) int { return a.Log.Compare(b.Log.EntryID) })
	return all
}
