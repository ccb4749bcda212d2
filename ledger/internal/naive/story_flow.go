package naive

import (
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// flow records what happens to things, mostly as the software does it: with the
// last events that its author knows. Now and then it records what cannot be, or
// what comes after an event that does not exist.
func (s *story) flow(a *actor) {
	switch {
	case s.chance(6):
		s.write(a, &protocol.Record{Type: "Process", Name: protocol.PlainText("proceso"), Fields: map[string]protocol.Value{
			"basedOn": s.outlined("ProcessSpecification"), "plannedWithin": s.outlined("Plan"),
		}})
	case s.chance(5):
		s.outline(a)
	case s.chance(4):
		s.write(a, s.made(a))
	case s.chance(4):
		if body := s.correction(a); body != nil {
			s.write(a, body)
		}
	default:
		if body := s.deedOf(a); body != nil {
			s.write(a, body)
		}
	}
}

var thingUnits = []string{"kilogram", "kilogram", "gram", "one", "hour", "minute-Time"}

func (s *story) amountIn(unit string) *protocol.Quantity {
	q := &protocol.Quantity{N: 1 + s.rng.Int64N(4), Unit: unit}
	if s.chance(4) {
		q.N, q.Scale = 1+s.rng.Int64N(40), 1
	}
	return q
}

func (s *story) between(a *actor) (provider, receiver protocol.AgentID) {
	provider = a.log.Agent()
	if s.chance(3) {
		provider = pick(s, s.Agents)
	}
	if s.chance(5) {
		provider.EntryID = pick(s, s.records) // who may be bound to somebody later
	}
	receiver = provider
	if s.chance(2) {
		receiver = pick(s, s.Agents)
	}
	return provider, receiver
}

// made brings a resource into being.
func (s *story) made(a *actor) *protocol.Event {
	provider, receiver := s.between(a)
	body := &protocol.Event{
		Action: pick(s, []string{"raise", "raise", "produce", "produce", "copy", "move", "transfer", "transferCustody", "pickup", "lower", "work"}), Provider: provider, Receiver: receiver,
		ResourceQuantity: s.amountIn(pick(s, thingUnits)), ResourceConformsTo: pick(s, []string{"", "apples", "pears"}),
		NewInventoriedResource: &protocol.NewResource{ConformsTo: pick(s, []string{"", "apples", "pears"}), UnitOfEffort: pick(s, []string{"", "hour", "kilogram"})},
	}
	if s.chance(4) {
		body.NewInventoriedResource.Name = protocol.PlainText("manzanal")
	}
	if s.chance(4) {
		body.Source = "file"
	}
	if s.chance(5) {
		body.NewInventoriedResource.PrimaryAccountable = pick(s, s.Agents)
		body.NewInventoriedResource.State = "new"
	}
	if s.chance(3) {
		if thing, found := s.thing(a); found {
			body.ResourceInventoriedAs = thing.ID()
			s.follow(a, body)
		}
	}
	s.adorn(a, body)
	return body
}

// thing picks an entry that most often brought a resource into being.
func (s *story) thing(a *actor) (protocol.Entry, bool) {
	if s.chance(12) {
		return s.shown(func(e protocol.Entry) bool { return e.Kind != protocol.KindEndorse })
	}
	var all []protocol.Entry
	for _, e := range s.Entries {
		b, is := e.Body.(*protocol.Event)
		if is && b.NewInventoriedResource != nil && !s.hidden[e.ID()] && (a.has[e.ID()] || s.chance(8)) {
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		return protocol.Entry{}, false
	}
	all = all[max(0, len(all)-5):]
	return pick(s, all), true
}

// deedOf does something to a resource.
func (s *story) deedOf(a *actor) *protocol.Event {
	thing, found := s.thing(a)
	if !found {
		return s.made(a)
	}
	unit := pick(s, thingUnits)
	made, is := thing.Body.(*protocol.Event)
	if is && made.ResourceQuantity != nil && !s.chance(8) {
		unit = made.ResourceQuantity.Unit
		if unit == "kilogram" && s.chance(3) {
			unit = "gram"
		} else if unit == "hour" && s.chance(3) {
			unit = "minute-Time"
		}
	}
	provider, receiver := s.between(a)
	body := &protocol.Event{
		Action: pick(s, []string{
			"accept", "combine", "consume", "cite", "copy", "deliverService", "dropoff", "lower", "modify", "move", "move", "pickup",
			"produce", "raise", "separate", "transferAllRights", "transfer", "transfer", "transferCustody", "transferCustody", "use",
		}),
		Provider: provider, Receiver: receiver, ResourceQuantity: s.amountIn(unit), ResourceInventoriedAs: thing.ID(),
	}
	if is && made.ResourceQuantity != nil && s.chance(3) {
		whole := *made.ResourceQuantity
		body.ResourceQuantity = &whole
	}
	if s.chance(6) {
		body.ResourceConformsTo = pick(s, []string{"apples", "pears"})
	}
	if body.Action == "use" && s.chance(2) {
		body.EffortQuantity = s.amountIn("hour")
	}
	switch body.Action {
	case "move", "transfer", "transferCustody", "transferAllRights", "pickup", "dropoff", "consume", "copy", "produce", "deliverService":
		if other, found := s.thing(a); found && s.chance(2) {
			body.ToResourceInventoriedAs = other.ID()
			if s.chance(6) {
				body.ResourceInventoriedAs = protocol.EntryID{}
			}
		}
	}
	s.adorn(a, body)
	s.follow(a, body)
	return body
}

// adorn adds what sets the condition of resources.
func (s *story) adorn(a *actor, body *protocol.Event) {
	if s.chance(3) {
		body.State = pick(s, []string{"pass", "fail"})
	}
	if s.chance(3) {
		body.ToLocation = pick(s, s.records)
	}
	if s.chance(8) {
		body.AtLocation = pick(s, s.records)
	}
	if s.chance(8) {
		body.Stage = pick(s, []string{"ripe", s.records[0].String()})
	}
	if !s.chance(2) {
		return
	}
	process, found := s.shown(func(e protocol.Entry) bool {
		b, is := e.Body.(*protocol.Record)
		return is && (b.Type == "Process" && b.Of.IsZero() || s.chance(4))
	})
	if !found {
		return
	}
	words := acts[body.Action]
	switch {
	case s.chance(20):
		body.OutputOf = process.ID()
	case len(words) > 3 && words[:3] == "out":
		body.OutputOf = process.ID()
	case len(words) > 2 && words[:2] == "in":
		body.InputOf = process.ID()
	}
}

// follow names the last events on the resources, as far as the author knows them.
func (s *story) follow(a *actor, body *protocol.Event) {
	if s.chance(10) {
		return
	}
	if s.chance(10) {
		e, _ := s.shown(func(e protocol.Entry) bool { return e.Kind != protocol.KindEndorse })
		body.PreviousEvent = []protocol.EntryID{e.ID()}
		if s.chance(4) {
			body.PreviousEvent[0][5] ^= 1
		}
		return
	}
	state := s.see(a)
	for _, id := range []protocol.EntryID{body.ResourceInventoriedAs, body.ToResourceInventoriedAs} {
		r, held := state.Resource(id)
		if !held {
			continue
		}
		slices.SortFunc(r.Leaves, protocol.EntryID.Compare)
		for _, leaf := range r.Leaves {
			if len(body.PreviousEvent) < 2 && !slices.Contains(body.PreviousEvent, leaf) {
				body.PreviousEvent = append(body.PreviousEvent, leaf)
			}
			if !body.ToResourceInventoriedAs.IsZero() {
				break
			}
		}
	}
}

// correction corrects an event, nil if there is none.
func (s *story) correction(a *actor) *protocol.Event {
	wrong, found := s.shown(func(e protocol.Entry) bool {
		b, is := e.Body.(*protocol.Event)
		return is && (b.Currency == "" || s.chance(10)) && (a.has[e.ID()] || s.chance(6))
	})
	if !found {
		return nil
	}
	was := wrong.Body.(*protocol.Event)
	from, to := was.ResourceInventoriedAs, was.ToResourceInventoriedAs
	if was.NewInventoriedResource != nil {
		if acts[was.Action] != "" && slices.Contains([]string{"produce", "raise", "lower"}, was.Action) {
			from = wrong.ID()
		} else {
			to = wrong.ID()
		}
	}
	body := &protocol.Event{
		Action: was.Action, Provider: was.Provider, Receiver: was.Receiver, InputOf: was.InputOf, OutputOf: was.OutputOf,
		ResourceInventoriedAs: from, ToResourceInventoriedAs: to, ResourceConformsTo: was.ResourceConformsTo, Corrects: wrong.ID(),
	}
	of := func(q *protocol.Quantity) *protocol.Quantity {
		if q == nil {
			return nil
		}
		n := *q
		switch s.rng.IntN(3) {
		case 0:
			n.N = -n.N
		case 1:
			n.N = 0
		}
		return &n
	}
	body.ResourceQuantity, body.EffortQuantity = of(was.ResourceQuantity), of(was.EffortQuantity)
	if s.chance(8) {
		body.Action = "raise"
	}
	s.adorn(a, body)
	body.InputOf, body.OutputOf = was.InputOf, was.OutputOf
	s.follow(a, body)
	return body
}
