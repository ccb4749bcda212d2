package naive

import (
	"slices"
	"strings"

	"github.com/minga-commons/minga/protocol"
)

// acts says in words what the actions of ValueFlows do: "in" and "out" of a
// process; "born" and "bornTo", which resource may begin; what is added to or
// taken from what is accounted for ("acc") and on hand ("hand"), "+", "-", ">"
// from the first resource to the second, "+to" to the second; what is set; and
// what passes to somebody else with it.
var acts = map[string]string{
	"accept":            "in hand- location state custody",
	"combine":           "in hand- into state",
	"consume":           "in acc- hand- state everything",
	"cite":              "in state",
	"copy":              "bornTo acc+to hand+to locationNew owner stateTo",
	"deliverService":    "in out everything",
	"dropoff":           "out hand+ location stage state custody",
	"lower":             "born acc- hand- owner state",
	"modify":            "out hand+ location stage state custody",
	"move":              "bornTo acc> hand> locationTo stateTo",
	"pickup":            "in hand- location state custody",
	"produce":           "out born acc+ hand+ locationNew owner stage state everything",
	"raise":             "born acc+ hand+ owner state",
	"separate":          "out hand+ outOf stage state",
	"transferAllRights": "bornTo acc> ownerTo stateTo",
	"transfer":          "bornTo acc> hand> locationTo ownerTo stateTo",
	"transferCustody":   "bornTo hand> locationTo stateTo",
	"use":               "in effort state",
	"work":              "in effort",
}

// act is an event with what its action does.
type act struct {
	*protocol.Event
	id       protocol.EntryID
	does     []string
	from, to protocol.EntryID
}

func (a act) is(word string) bool { return slices.Contains(a.does, word) }

// other reports whether the event gives something to somebody else that its
// action alone does not.
func (a act) other() bool {
	return a.Provider != a.Receiver && (a.is("custody") || a.is("everything"))
}

// actOf returns what an entry does to resources, if it is an event and no payment.
func (s *State) actOf(x int) (act, bool) {
	e := s.entries[x]
	b, is := e.Body.(*protocol.Event)
	if !is || b.Currency != "" {
		return act{}, false
	}
	a := act{Event: b, id: e.ID(), does: strings.Fields(acts[b.Action]), from: b.ResourceInventoriedAs, to: b.ToResourceInventoriedAs}
	if b.NewInventoriedResource != nil {
		if a.is("born") {
			a.from = a.id
		} else {
			a.to = a.id
		}
	}
	return a, true
}

// sensible reports whether an event says what its action wants.
func (s *State) sensible(x int) bool {
	a, is := s.actOf(x)
	if !is {
		return true
	}
	if a.does == nil || len(a.Claims) > 0 || a.Provider.IsZero() || a.Receiver.IsZero() {
		return false
	}
	if a.ResourceQuantity == nil && (!a.is("effort") || a.EffortQuantity == nil) {
		return false
	}
	for _, q := range []*protocol.Quantity{a.ResourceQuantity, a.EffortQuantity} {
		if q != nil && q.N < 1 && a.Corrects.IsZero() {
			return false
		}
	}
	if !a.InputOf.IsZero() && !a.is("in") || !a.OutputOf.IsZero() && !a.is("out") {
		return false
	}
	second := a.is("bornTo") || a.other()
	if !a.ToResourceInventoriedAs.IsZero() && !second {
		return false
	}
	if a.NewInventoriedResource == nil {
		return true
	}
	if a.is("born") {
		return a.Corrects.IsZero() && a.ResourceInventoriedAs.IsZero()
	}
	return a.Corrects.IsZero() && second && a.ToResourceInventoriedAs.IsZero()
}

// counts reports whether an entry has its effect: it waits for nothing, and
// neither its log nor what it names makes it void.
func (s *State) counts(id protocol.EntryID) (int, bool) {
	x, held := s.at[id]
	if !held || s.states[x] != Settled && s.states[x] != Pending {
		return x, false
	}
	return x, !s.belied(x)
}

// belied reports whether what an event names, as far as that counts, shows that it
// cannot be right. What an entry names is older, so that this ends.
func (s *State) belied(x int) bool {
	if is, known := s.lies[x]; known {
		return is
	}
	is := s.isBelied(x)
	s.lies[x] = is
	return is
}

func (s *State) isBelied(x int) bool {
	a, is := s.actOf(x)
	if !is {
		return false
	}
	if y, counts := s.counts(a.Corrects); counts {
		was, is := s.actOf(y)
		if !is || was.Action != a.Action || was.from != a.from || was.to != a.to || was.InputOf != a.InputOf || was.OutputOf != a.OutputOf {
			return true
		}
	}
	for i, id := range []protocol.EntryID{a.ResourceInventoriedAs, a.ToResourceInventoriedAs} {
		y, counts := s.counts(id)
		if !counts {
			continue
		}
		made, is := s.actOf(y)
		if !is || made.NewInventoriedResource == nil {
			return true
		}
		spec := made.spec()
		if a.Corrects.IsZero() && a.ResourceConformsTo != "" && spec != "" && spec != a.ResourceConformsTo {
			return true
		}
		changes := a.other() && !a.to.IsZero() || a.is("hand-") || a.is("hand+") || a.is("acc-") || a.is("acc+") || a.is("acc>") || a.is("hand>")
		if i == 1 {
			changes = a.is("acc>") || a.is("hand>") || a.is("acc+to") || a.other()
		}
		if changes && a.ResourceQuantity != nil && kinds[a.ResourceQuantity.Unit] != kinds[made.ResourceQuantity.Unit] {
			return true
		}
		if unit := made.NewInventoriedResource.UnitOfEffort; a.is("effort") && a.EffortQuantity != nil && unit != "" && kinds[a.EffortQuantity.Unit] != kinds[unit] {
			return true
		}
	}
	return false
}

func (a act) spec() string {
	if a.NewInventoriedResource.ConformsTo != "" {
		return a.NewInventoriedResource.ConformsTo
	}
	return a.ResourceConformsTo
}

// kinds and sizes are the units of the histories.
var (
	kinds = map[string]string{"one": "one", "kilogram": "mass", "gram": "mass", "hour": "time", "minute-Time": "time"}
	sizes = map[string]int64{"one": 1, "kilogram": 1000, "gram": 1, "hour": 60, "minute-Time": 1}
)
