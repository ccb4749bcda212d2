package naive

import (
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// found writes the birth of a commons, in the order of protocol §2: the charter
// log, the founder, the charter, the invitation, everybody's inception, and the
// first witnesses, of whom as many may lie as they can bear.
func (s *story) found(first []int) {
	s.charter = s.join("Huerta Norte", protocol.EntryID{}, protocol.PrivateKey{})
	s.Commons = protocol.CommonsID{EntryID: s.charter.log.EntryID}
	s.charter.state = nil
	founder := s.join(witnessNames[0], protocol.EntryID{}, protocol.PrivateKey{})
	s.witnesses = append(s.witnesses, founder)
	s.learn(s.charter, founder.first)
	s.newCharter(s.charter.tip, 1000)
	s.learn(founder, s.charter.tip)
	_, keys := s.keySet(1, 1)
	invite := s.put(founder, s.draft(founder, founder.tip, 1, &protocol.Invite{
		Key: keys[0].Public(), Role: "member", Uses: 100, Expiry: int64(s.time) + 1_000_000_000,
	}))
	for range 1 + s.rng.IntN(2) {
		record := s.put(founder, s.draft(founder, founder.tip, 1, &protocol.Agent{
			Card: protocol.AgentCard{Name: protocol.PlainText("Rosa"), Type: protocol.Person},
		}))
		s.records = append(s.records, record.ID())
		s.Agents = append(s.Agents, protocol.AgentID{EntryID: record.ID()})
	}
	for _, name := range witnessNames[1:] {
		s.witnesses = append(s.witnesses, s.join(name, invite.ID(), keys[0]))
	}
	for _, name := range authorNames {
		s.authors = append(s.authors, s.join(name, invite.ID(), keys[0]))
	}
	s.write(s.charter, s.seats(first, (len(first)-1)/3))
	for _, a := range s.everybody() {
		s.learn(a, s.charter.tip)
		s.learn(a, founder.tip)
		for _, e := range s.Entries {
			if e.Seq == 0 {
				s.learn(a, e)
			}
		}
	}
}

// chooseLiars makes an author and two possible witnesses lie, and one of the
// honest ones silent, in some seeds each.
func (s *story) chooseLiars() {
	s.authors[len(s.authors)-1].liar = !s.chance(5)
	if !s.chance(5) {
		s.witnesses[3].liar, s.witnesses[5].liar = true, true
	}
	if s.chance(3) {
		s.witnesses[[]int{1, 2, 4}[s.rng.IntN(3)]].crashed = true
	}
}

func (s *story) seats(who []int, f int) *protocol.Witnesses {
	w := &protocol.Witnesses{F: int64(f)}
	for _, i := range who {
		w.Members = append(w.Members, s.witnesses[i].log)
	}
	slices.SortFunc(w.Members, func(a, b protocol.LogID) int { return a.Compare(b.EntryID) })
	return w
}

// newSeats is a set of witnesses of whom no more than f lie.
func (s *story) newSeats() *protocol.Witnesses {
	honest := []int{0, 1, 2, 4}
	s.rng.Shuffle(len(honest), func(i, j int) { honest[i], honest[j] = honest[j], honest[i] })
	switch k := s.rng.IntN(6); {
	case k == 0:
		return s.seats(honest[:1], 0)
	case k == 1:
		return s.seats(honest[:3], 0)
	case k == 2:
		return s.seats(honest, 1)
	case k < 5:
		return s.seats(append(slices.Clone(honest[:3]), 5), 1)
	}
	return s.seats(append(slices.Clone(honest[:3]), 3), 1)
}

// newCharter writes a version of the charter in which a member may go the given
// hundredths below zero.
func (s *story) newCharter(prev protocol.Entry, limit int64) {
	founder := s.witnesses[0]
	doc := map[string]protocol.Value{
		"name": "Huerta Norte", "language": "es", "inviters": "stewards", "public_read": true,
		"stewards": map[string]protocol.Value{
			"members": []protocol.Value{founder.name}, "threshold": int64(1), "liars": int64(0),
		},
		"membership": "invite",
	}
	var asking []Asking
	doc["confirmation"], asking = s.asking()
	if s.open {
		doc["membership"] = "open"
	}
	ids := map[string]protocol.Value{founder.name: founder.log.EntryID}
	amount := protocol.Amount{N: limit, Scale: 2}
	hour := map[string]protocol.Value{"name": "hora", "kind": Mutual, "scale": int64(2), "limit": amount.String()}
	terms := Terms{Open: s.open, Asking: asking, Currencies: map[string]Currency{
		"hora": {Kind: Mutual, Scale: 2, Limit: amount},
		"USD":  {Kind: Issued, Scale: 2},
	}}
	if len(s.authors) > 0 && s.chance(2) {
		ana, more := s.authors[0], protocol.Amount{N: 2500, Scale: 2}
		hour["exceptions"] = map[string]protocol.Value{ana.name: more.String()}
		ids[ana.name] = ana.log.EntryID
		c := terms.Currencies["hora"]
		c.Exceptions = map[protocol.AgentID]protocol.Amount{ana.log.Agent(): more}
		terms.Currencies["hora"] = c
	}
	doc["currency"] = []protocol.Value{hour, map[string]protocol.Value{"name": "USD", "kind": Issued, "scale": int64(2)}}
	if s.chance(2) {
		doc["licence"] = map[string]protocol.Value{"resources": []protocol.Value{"manual"}, "share": "10", "currency": "USD"}
	}
	e := s.draft(s.charter, prev, min(s.pin(s.charter), prev.Seq), &protocol.Charter{
		Rules: rules.Version, Doc: doc, IDs: ids,
		Stewards: []protocol.Steward{{Log: founder.log, Key: s.charter.keys[0].Public()}},
	})
	s.terms[e.ID()] = terms
	s.put(s.charter, e)
}
