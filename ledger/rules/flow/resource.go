package flow

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// maxMarks bounds the identifiers that a row keeps of each list; of more it
// keeps the lowest.
const maxMarks = 16

// Resource is a row of table Resources: what the events on a resource come to.
// It is a function of the set of those events.
type Resource struct {
	Events int64 // that have their effect
	Adrift int64 // of them, those whose place in the order waits

	Made Origin
	Sums []Sum // ascending by unit
	Held []Holding

	Leaves  Marks // events after which no other is known
	Setters [Fields]Setters
}

// Origin is what the creating event says that later ones are judged by.
type Origin struct {
	Unit         string      // of the quantities of the resource
	Quantity     rules.Total // with which it was created
	UnitOfEffort string
	ConformsTo   string
	Accountable  protocol.AgentID // at the beginning
}

// Sum is what the events in one unit add up to, without what was passed on.
type Sum struct {
	Unit       string
	Accounting rules.Total
	Onhand     rules.Total
}

// Holding is what passed to an agent by transfers that name no second resource,
// less what passed from it.
type Holding struct {
	Agent      protocol.AgentID
	Unit       string
	Accounting rules.Total
	Onhand     rules.Total
}

// Marks is a set of events: how many there are, and the lowest of their
// identifiers, ascending.
type Marks struct {
	Count int64
	IDs   []protocol.EntryID
}

// Setters are the last events that set a field: those from which no other one
// that sets it descends. The first of the claims wins.
type Setters struct {
	Count  int64
	Claims []Claim // ascending by event
}

// Claim is what one event says of a field; an empty value is none.
type Claim struct {
	Event protocol.EntryID
	Value string
}

// originOf returns what the event says that creates a resource.
func originOf(m *Member) Origin {
	quantity, unit := amountOf(m.Event)
	made := Origin{
		Unit: unit, Quantity: quantity, UnitOfEffort: m.Event.NewInventoriedResource.UnitOfEffort,
		ConformsTo: SpecificationOf(m.Event),
	}
	if value := m.Touch.Always[PrimaryAccountable]; value != nil {
		made.Accountable.EntryID, _ = Link(*value)
	}
	return made
}

// SpecificationOf returns the specification of the resource that an event brings
// into being.
func SpecificationOf(b *protocol.Event) string {
	return either(b.NewInventoriedResource.ConformsTo, b.ResourceConformsTo)
}

// Member is an event on a resource that has its effect.
type Member struct {
	ID    protocol.EntryID
	Event *protocol.Event
	Touch Touch

	// Parents are the events on the same resource that its author names as the
	// last ones known. If there are none, the creating event is.
	Parents []protocol.EntryID
	// Adrift says that one of the events that its author names has no effect:
	// until it has, the place of this one in the order is not known.
	Adrift bool
}

// settings returns what an event sets on a resource of an origin.
func (m *Member) settings(made Origin) [Fields]*string {
	set := m.Touch.Always
	if m.Touch.Whole == ([Fields]*string{}) {
		return set
	}
	quantity, unit := amountOf(m.Event)
	if !quantity.IsZero() && (quantity != made.Quantity || unit != made.Unit) {
		return set
	}
	for f, value := range m.Touch.Whole {
		if value != nil {
			set[f] = value
		}
	}
	return set
}

// count adds the quantities of an event.
func (r *Resource) count(m *Member) {
	r.Events++
	quantity, unit := amountOf(m.Event)
	t := &m.Touch
	if quantity.IsZero() {
		return
	}
	if t.Accounting != 0 || t.Onhand != 0 {
		r.add(unit, times(quantity, t.Accounting), times(quantity, t.Onhand))
	}
	if t.PassesAccounting || t.PassesOnhand {
		accounting, onhand := times(quantity, number(t.PassesAccounting)), times(quantity, number(t.PassesOnhand))
		r.hold(m.Event.Receiver, unit, accounting, onhand)
		r.hold(m.Event.Provider, unit, accounting.Neg(), onhand.Neg())
	}
}

func number(is bool) int8 {
	if is {
		return 1
	}
	return 0
}

func times(t rules.Total, n int8) (sum rules.Total) {
	for ; n > 0; n-- {
		sum = sum.Add(t)
	}
	for ; n < 0; n++ {
		sum = sum.Sub(t)
	}
	return sum
}

func (r *Resource) add(unit string, accounting, onhand rules.Total) {
	i, found := slices.BinarySearchFunc(r.Sums, unit, func(s Sum, unit string) int { return cmp.Compare(s.Unit, unit) })
	if !found {
		r.Sums = slices.Insert(r.Sums, i, Sum{Unit: unit})
	}
	s := &r.Sums[i]
	s.Accounting, s.Onhand = s.Accounting.Add(accounting), s.Onhand.Add(onhand)
	if s.Accounting.IsZero() && s.Onhand.IsZero() {
		r.Sums = slices.Delete(r.Sums, i, i+1)
	}
}

func (r *Resource) hold(agent protocol.AgentID, unit string, accounting, onhand rules.Total) {
	i, found := slices.BinarySearchFunc(r.Held, agent, func(h Holding, agent protocol.AgentID) int {
		return cmp.Or(h.Agent.Compare(agent.EntryID), cmp.Compare(h.Unit, unit))
	})
	if !found {
		r.Held = slices.Insert(r.Held, i, Holding{Agent: agent, Unit: unit})
	}
	h := &r.Held[i]
	h.Accounting, h.Onhand = h.Accounting.Add(accounting), h.Onhand.Add(onhand)
	if h.Accounting.IsZero() && h.Onhand.IsZero() {
		r.Held = slices.Delete(r.Held, i, i+1)
	}
}

// insert adds an event to a set that does not have it.
func (m *Marks) insert(id protocol.EntryID) {
	m.Count++
	i, _ := slices.BinarySearchFunc(m.IDs, id, protocol.EntryID.Compare)
	if i < maxMarks {
		m.IDs = slices.Insert(m.IDs, i, id)
		m.IDs = m.IDs[:min(len(m.IDs), maxMarks)]
	}
}

// Has reports whether an event is among those whose identifiers are kept.
func (m *Marks) Has(id protocol.EntryID) bool {
	_, found := slices.BinarySearchFunc(m.IDs, id, protocol.EntryID.Compare)
	return found
}

// whole reports whether all of a set is kept.
func (m *Marks) whole() bool { return m.Count == int64(len(m.IDs)) }

// drop removes an event that is kept.
func (m *Marks) drop(id protocol.EntryID) {
	i, found := slices.BinarySearchFunc(m.IDs, id, protocol.EntryID.Compare)
	if found {
		m.IDs = slices.Delete(m.IDs, i, i+1)
		m.Count--
	}
}

func (s *Setters) insert(c Claim) {
	s.Count++
	i, _ := slices.BinarySearchFunc(s.Claims, c.Event, func(c Claim, id protocol.EntryID) int { return c.Event.Compare(id) })
	if i < maxMarks {
		s.Claims = slices.Insert(s.Claims, i, c)
		s.Claims = s.Claims[:min(len(s.Claims), maxMarks)]
	}
}

// Winner returns the value that counts of a field, empty if it has none.
func (r *Resource) Winner(f Field) string {
	if len(r.Setters[f].Claims) == 0 {
		return ""
	}
	return r.Setters[f].Claims[0].Value
}

// Quantities returns what a resource has, by unit: what is accounted for and what
// is on hand. What others hold of it is neither; what they gave to those where
// it is counted, and never had of it, comes to it. home tells where it is
// counted: with whoever is accountable for it, and was when it began.
func (r *Resource) Quantities(home func(protocol.AgentID) bool, same func(protocol.AgentID) protocol.AgentID) []Sum {
	if len(r.Held) == 0 {
		return r.Sums
	}
	all := Resource{Sums: slices.Clone(r.Sums)}
	away, back := Resource{}, Resource{}
	for _, h := range r.Held {
		if home(h.Agent) {
			back.hold(protocol.AgentID{}, h.Unit, h.Accounting, h.Onhand)
		} else {
			away.hold(same(h.Agent), h.Unit, h.Accounting, h.Onhand)
		}
	}
	for _, h := range away.Held {
		all.add(h.Unit, positive(h.Accounting).Neg(), positive(h.Onhand).Neg())
	}
	for _, h := range back.Held {
		all.add(h.Unit, positive(h.Accounting), positive(h.Onhand))
	}
	return all.Sums
}

func positive(t rules.Total) rules.Total {
	if t.IsNegative() {
		return rules.Total{}
	}
	return t
}

// Equal reports whether two rows are the same.
func (r *Resource) Equal(other *Resource) bool {
	var none protocol.EntryID
	return bytes.Equal(r.Bytes(none), other.Bytes(none))
}

// Disagrees reports whether events give a field different values without knowing
// of one another.
func (r *Resource) Disagrees() bool {
	for _, s := range r.Setters {
		for _, c := range s.Claims[min(1, len(s.Claims)):] {
			if c.Value != s.Claims[0].Value {
				return true
			}
		}
	}
	return false
}
