package naive

import (
	"github.com/minga-commons/minga/protocol"
)

// plan records what is promised, changes it, and gives something towards it; now
// and then what cannot be.
func (s *story) plan(a *actor) {
	switch s.rng.IntN(4) {
	case 0:
		s.write(a, s.promise(a))
	case 1:
		if e, found := s.shown(isRecord); found {
			s.write(a, s.amendment(e))
		}
	default:
		s.write(a, s.towards(a))
	}
}

func isRecord(e protocol.Entry) bool { return e.Kind == protocol.KindRecord }

func (s *story) promise(a *actor) *protocol.Record {
	b := &protocol.Record{Type: pick(s, []string{"Commitment", "Commitment", "Intent", "Claim"}), Fields: map[string]protocol.Value{
		"action": "work", "provider": pick(s, s.Agents).EntryID,
		"effortQuantity": map[string]protocol.Value{"n": s.rng.Int64N(9), "s": int64(0), "unit": "hour"},
	}}
	if s.chance(3) {
		b.Fields["receiver"] = pick(s, s.records)
	}
	if s.chance(2) && b.Type == "Commitment" {
		b.Fields["independentDemandOf"] = s.outlined("Plan")
	}
	if s.chance(3) && b.Type != "Claim" {
		b.Fields["inputOf"] = s.outlined("Process")
	}
	switch {
	case s.chance(12):
		delete(b.Fields, "action")
	case s.chance(12):
		b.Type = "Thing"
	}
	return b
}

// amendment changes a record or an amendment, by somebody who may, or may not.
func (s *story) amendment(e protocol.Entry) *protocol.Record {
	b := &protocol.Record{Type: e.Body.(*protocol.Record).Type, Of: e.ID(), Fields: map[string]protocol.Value{}}
	if s.chance(10) {
		b.Type = "Process"
	}
	if s.chance(2) {
		b.Fields["finished"] = s.chance(2)
	}
	if s.chance(3) {
		b.Fields["provider"] = nil
	}
	if s.chance(3) {
		b.Fields["effortQuantity"] = map[string]protocol.Value{"n": s.rng.Int64N(9) - 1, "s": int64(1), "unit": "minute-Time"}
	}
	if s.chance(4) {
		b.Name = protocol.PlainText(pick(s, []string{"riego", "siembra"}))
	}
	if s.chance(3) {
		b.Fields["basedOn"] = pick(s, s.records)
	}
	return b
}

// towards is an event that fulfils, satisfies or settles what is promised, or
// something that is no promise.
func (s *story) towards(a *actor) *protocol.Event {
	b := &protocol.Event{
		Action: "work", Provider: a.log.Agent(), Receiver: pick(s, s.Agents), EffortQuantity: s.amountIn(pick(s, []string{"hour", "minute-Time"})),
	}
	if s.chance(4) {
		b.Action, b.ResourceQuantity = "use", s.amountIn("one")
	}
	for _, list := range []*[]protocol.EntryID{&b.Fulfills, &b.Satisfies, &b.Settles} {
		for range s.rng.IntN(3) {
			if e, found := s.shown(isRecord); found {
				*list = append(*list, e.ID())
			}
		}
	}
	return b
}
