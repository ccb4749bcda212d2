package naive

import (
	"strconv"

	"github.com/minga-commons/minga/protocol"
)

// effort is some work, most often in a process.
func (s *story) effort(a *actor) *protocol.Event {
	b := &protocol.Event{
		Action: "work", Provider: a.log.Agent(), Receiver: protocol.AgentID(s.Commons),
		EffortQuantity: &protocol.Quantity{N: 1 + s.rng.Int64N(5), Unit: "hour"}, ResourceConformsTo: "Huerta",
	}
	if s.chance(4) {
		b.Provider.EntryID = pick(s, s.records)
	}
	process, found := s.shown(func(e protocol.Entry) bool {
		r, is := e.Body.(*protocol.Record)
		return is && r.Type == "Process" && r.Of.IsZero()
	})
	if found && !s.chance(4) {
		b.InputOf = process.ID()
	}
	return b
}

// say gives a verdict on an event or a declaration of use, or changes an earlier one. Now and then it is
// on one's own.
func (s *story) say(a *actor) {
	var events []protocol.Entry
	for _, e := range s.Entries {
		b, is := e.Body.(*protocol.Event)
		if _, use := e.Body.(*protocol.Declare); use {
			b, is = &protocol.Event{}, true
		}
		if is && !s.hidden[e.ID()] && (b.Currency == "" || s.chance(8)) && (e.Log != a.log || s.chance(6)) {
			events = append(events, e)
		}
	}
	if len(events) == 0 {
		return
	}
	e := pick(s, events[max(0, len(events)-6):])
	s.write(a, &protocol.Confirm{Target: e.ID(), Verdict: pick(s, []protocol.Verdict{
		protocol.VerdictConfirm, protocol.VerdictConfirm, protocol.VerdictConfirm, protocol.VerdictDispute, protocol.VerdictWithdraw,
	})})
}

// outline records a plan or a kind of process, on which rules of confirmation look.
func (s *story) outline(a *actor) {
	s.write(a, &protocol.Record{Type: pick(s, []string{"Plan", "ProcessSpecification"}), Name: protocol.PlainText(pick(s, []string{"2026", "2026", "riego"}))})
}

// outlined is an identifier of such a record, most often.
func (s *story) outlined(class string) protocol.Value {
	e, found := s.shown(func(e protocol.Entry) bool {
		b, is := e.Body.(*protocol.Record)
		return is && b.Of.IsZero() && (b.Type == class || s.chance(20))
	})
	if !found {
		return pick(s, s.records)
	}
	return e.ID()
}

// asking makes up rules of confirmation: as the charter has them, and for Terms.
func (s *story) asking() (map[string]protocol.Value, []Asking) {
	one := func(a Asking) (Asking, map[string]protocol.Value) {
		a.Required, a.Stewards = s.rng.IntN(3), s.chance(3)
		if s.chance(3) {
			a.Days = 1 + s.rng.Int64N(2)
		}
		by := "members"
		if a.Stewards {
			by = "stewards"
		}
		return a, map[string]protocol.Value{"required": int64(a.Required), "by": by, "window": "P" + strconv.FormatInt(a.Days, 10) + "D"}
	}
	base, doc := one(Asking{Above: -1})
	var all []Asking
	var list []protocol.Value
	for range 1 + s.rng.IntN(3) {
		a := Asking{Above: -1}
		fields := map[string]protocol.Value{}
		text := func(into *string, field, value string) {
			*into, fields[field] = value, value
		}
		switch s.rng.IntN(8) {
		case 0:
			text(&a.Resource, "resource", pick(s, []string{"apples", "pears", "manzanal"}))
		case 1, 2:
			text(&a.Process, "process", pick(s, []string{"riego", "riego", "2026", "proceso", "siembra"}))
		case 3, 5:
			text(&a.Plan, "plan", "2026")
		case 6:
			text(&a.Action, "action", "work")
		case 4:
			if e, found := s.shown(isRecord); found {
				text(&a.Process, "process", e.ID().String())
			}
		}
		if s.chance(3) {
			a.Above, a.Per = s.rng.Int64N(4), pick(s, []string{"hour", "minute-Time", "gram"})
			fields["above"], fields["per"] = strconv.FormatInt(a.Above, 10), a.Per
		}
		a, more := one(a)
		for field, value := range more {
			fields[field] = value
		}
		all, list = append(all, a), append(list, fields)
	}
	if len(list) > 0 {
		doc["rule"] = list
	}
	return doc, append(all, base)
}
