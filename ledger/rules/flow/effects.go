package flow

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Field is a part of a resource's condition: what cannot add up, and is as the
// last event said that set it.
type Field byte

// The fields of a condition. The numbers stand in rows of table Resources.
const (
	PrimaryAccountable Field = iota
	Custodian
	CurrentLocation
	ContainedIn
	Stage
	State
	Fields // how many there are
)

// String returns the name of the field in the ontology; the custodian has none
// there.
func (f Field) String() string {
	return [...]string{"primaryAccountable", "custodian", "currentLocation", "containedIn", "stage", "state"}[f]
}

// The first byte of the value of a field says what follows; an empty value says
// that the field has none.
const (
	valueLink    = 'l' // the 32 bytes of an identifier
	valueProcess = 'p' // those of a process, which leads to the value
	valueText    = 't' // a text
)

// Setting is a value that an event gives a field.
type Setting struct {
	Field Field
	Value string
}

// Touch is what one event does to one resource. Quantities are the event's
// resource quantity times what Accounting and Onhand say, and can be zero.
type Touch struct {
	Resource   protocol.EntryID
	Creates    bool // the event brings the resource into being
	Accounting int8
	Onhand     int8

	// PassesAccounting and PassesOnhand say that the quantity passes from the
	// provider to the receiver, of whom one is where the resource is counted.
	PassesAccounting bool
	PassesOnhand     bool

	Always [Fields]*string // settings
	Whole  [Fields]*string // settings, if the event is about all that the resource was created with
}

// Named returns the resources that an event with an identifier is about: the one
// from which, and the one to which things go; zero for none. One that the event
// brings into being has the identifier of the event. A payment names none.
func Named(id protocol.EntryID, b *protocol.Event) (from, to protocol.EntryID) {
	if b.Currency != "" {
		return from, to
	}
	from, to = b.ResourceInventoriedAs, b.ToResourceInventoriedAs
	if b.NewInventoriedResource != nil {
		if createsTo(actions[b.Action]) {
			to = id
		} else {
			from = id
		}
	}
	return from, to
}

// Creates reports whether a legal event brings a resource into being.
func Creates(b *protocol.Event) bool { return b.Currency == "" && b.NewInventoriedResource != nil }

// Touches returns what a legal event does to the resources that it names, at most
// two. It depends on the event alone.
func Touches(id protocol.EntryID, b *protocol.Event) []Touch {
	from, to := Named(id, b)
	if from.IsZero() && to.IsZero() {
		return nil
	}
	e := effects{a: actions[b.Action], b: b, derives: b.Corrects.IsZero() || !negative(b)}
	e.passes = implied(e.a, b)
	most := 1
	if !from.IsZero() && !to.IsZero() {
		most = 2
	}
	all := make([]Touch, 0, most)
	if !from.IsZero() {
		all = append(all, Touch{Resource: from})
		e.from = &all[0]
	}
	switch {
	case to.IsZero():
	case to == from:
		e.to = e.from
	default:
		all = append(all, Touch{Resource: to})
		e.to = &all[len(all)-1]
	}
	e.move()
	e.set()
	if Creates(b) {
		created := e.from
		if createsTo(e.a) {
			created = e.to
		}
		e.create(created)
	}
	return all
}

func negative(b *protocol.Event) bool {
	return b.ResourceQuantity != nil && b.ResourceQuantity.N < 0 || b.EffortQuantity != nil && b.EffortQuantity.N < 0
}

// effects works out what one event does.
type effects struct {
	a      action
	b      *protocol.Event
	passes transferKind
	from   *Touch // nil: the event names none
	to     *Touch

	// derives says that the event sets what follows from who and where, and not
	// only what it says in so many words: one that takes something back does not.
	derives bool
}

// subject returns the resource on which the action itself acts. What is taken in
// by somebody else passes to the other resource first.
func (e *effects) subject() *Touch {
	if e.passes != nothingPasses && e.to != nil && e.a.inputOutput == input {
		return e.to
	}
	return e.from
}

// move works out the quantities.
func (e *effects) move() {
	s := e.subject()
	amount := func(of *Touch, accounting, onhand int8) {
		if of != nil {
			of.Accounting += accounting
			of.Onhand += onhand
		}
	}
	switch e.a.accountingEffect {
	case increment:
		amount(s, 1, 0)
	case decrement:
		amount(s, -1, 0)
	case incrementTo:
		amount(e.to, 1, 0)
	case decrementIncrement:
		if e.to == nil {
			e.from.PassesAccounting = true
			break
		}
		amount(e.from, -1, 0)
		amount(e.to, 1, 0)
	}
	switch e.a.onhandEffect {
	case increment:
		amount(s, 0, 1)
	case decrement:
		amount(s, 0, -1)
	case incrementTo:
		amount(e.to, 0, 1)
	case decrementIncrement:
		if e.to == nil {
			e.from.PassesOnhand = true
			break
		}
		amount(e.from, 0, -1)
		amount(e.to, 0, 1)
	}
	if e.to == nil || e.passes == nothingPasses {
		return
	}
	accounting := int8(0)
	if e.passes == allPasses {
		accounting = 1
	}
	amount(e.from, -accounting, -1)
	amount(e.to, accounting, 1)
}

// set works out the condition.
func (e *effects) set() {
	b, s := e.b, e.subject()
	if s != nil {
		switch e.a.locationEffect {
		case update:
			put(&s.Always, CurrentLocation, link(either(b.ToLocation, b.AtLocation)))
		}
		switch {
		case !e.derives:
		case e.a.containedEffect == update:
			put(&s.Always, ContainedIn, process(b.InputOf))
		case e.a.containedEffect == remove:
			s.Always[ContainedIn] = new(string)
		}
		if e.a.stageEffect == update {
			e.stage(s)
		}
		if e.a.stateEffect == update {
			put(&s.Always, State, textValue(b.State))
		}
	}
	// What goes somewhere acts on the resource to which it goes. Where the event
	// names none, the things stay the same resource if they are all of it.
	dest := e.destination()
	if dest != nil {
		if e.a.locationEffect == updateTo || e.passes != nothingPasses && e.to != nil {
			put(dest, CurrentLocation, link(b.ToLocation))
		}
		if e.a.stateEffect == updateTo {
			put(dest, State, textValue(b.State))
		}
	}
	if !e.derives {
		return
	}
	if e.to != nil && (e.a.accountableEffect == updateTo || e.passes == allPasses) {
		put(&e.to.Always, PrimaryAccountable, link(b.Receiver.EntryID))
	}
	switch {
	case dest == nil:
	case e.to == nil && e.a.accountingEffect != "" && e.a.transfers():
		// It left the inventory, to somebody who counts it elsewhere.
	case e.a.onhandEffect == decrementIncrement, e.passes != nothingPasses && (e.to != nil || e.passes == custodyPasses):
		put(dest, Custodian, link(b.Receiver.EntryID))
	}
}

// stage sets the stage: what the event says, or what the process leads to.
func (e *effects) stage(s *Touch) {
	if e.b.Stage != "" {
		put(&s.Always, Stage, textValue(e.b.Stage))
	} else if e.derives {
		put(&s.Always, Stage, process(e.b.OutputOf))
	}
}

// destination returns the settings of the resource to which things go, nil if
// they go nowhere.
func (e *effects) destination() *[Fields]*string {
	switch {
	case e.to != nil:
		return &e.to.Always
	case e.from == nil:
		return nil
	case e.a.transfers() && e.b.Provider == e.b.Receiver:
		return &e.from.Always
	case e.a.transfers(), e.passes != nothingPasses:
		return &e.from.Whole
	}
	return nil
}

// create sets what a new resource begins with.
func (e *effects) create(t *Touch) {
	b, n := e.b, e.b.NewInventoriedResource
	t.Creates = true
	accountable, custodian := b.Receiver, b.Receiver
	switch {
	case e.a.accountableEffect == "" && e.passes != allPasses:
		accountable = b.Provider // the rights stay
	case e.a.onhandEffect == "" && e.a.transfers():
		custodian = b.Provider
	}
	if !n.PrimaryAccountable.IsZero() {
		accountable = n.PrimaryAccountable
	}
	put(&t.Always, PrimaryAccountable, link(accountable.EntryID))
	put(&t.Always, Custodian, link(custodian.EntryID))
	put(&t.Always, CurrentLocation, link(either(n.CurrentLocation, either(b.ToLocation, b.AtLocation))))
	put(&t.Always, ContainedIn, link(n.ContainedIn))
	put(&t.Always, Stage, textValue(n.Stage))
	put(&t.Always, State, textValue(either(n.State, b.State)))
}

func put(to *[Fields]*string, f Field, value string) {
	if value != "" {
		to[f] = &value
	}
}

func either[T comparable](a, b T) T {
	var none T
	if a != none {
		return a
	}
	return b
}

func link(id protocol.EntryID) string    { return tagged(valueLink, id) }
func process(id protocol.EntryID) string { return tagged(valueProcess, id) }

func tagged(tag byte, id protocol.EntryID) string {
	if id.IsZero() {
		return ""
	}
	return string(append([]byte{tag}, id[:]...))
}

func textValue(text string) string {
	if text == "" {
		return ""
	}
	return string(rune(valueText)) + text
}

// Link returns the identifier that a value is; ok is false for another value.
func Link(value string) (id protocol.EntryID, ok bool) { return untagged(valueLink, value) }

// Process returns the process that leads to a value: of a stage, its
// specification; of a container, what it brought forth.
func Process(value string) (id protocol.EntryID, ok bool) { return untagged(valueProcess, value) }

func untagged(tag byte, value string) (id protocol.EntryID, ok bool) {
	if len(value) != 1+len(id) || value[0] != tag {
		return id, false
	}
	copy(id[:], value[1:])
	return id, true
}

// Text returns the text that a value is; ok is false for another value.
func Text(value string) (text string, ok bool) {
	if value == "" || value[0] != valueText {
		return "", false
	}
	return value[1:], true
}

// amountOf returns what an event moves, and in which unit.
func amountOf(b *protocol.Event) (rules.Total, string) {
	if b.ResourceQuantity == nil {
		return rules.Total{}, ""
	}
	return rules.TotalOf(b.ResourceQuantity.Amount()), b.ResourceQuantity.Unit
}
