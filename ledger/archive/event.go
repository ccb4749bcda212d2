package archive

import (
	"math/big"

	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// side is where an action stands to a process.
type side int

const (
	apart  side = iota // the action belongs to no process
	input              // what it names goes into the process
	output             // what it names comes out of the process
)

// actions are those of ValueFlows 1.0. A service that is delivered is an output
// of the process that delivers it.
var actions = map[string]side{
	"accept": input, "combine": input, "consume": input, "cite": input, "copy": apart,
	"deliverService": output, "dropoff": output, "lower": apart, "modify": output,
	"move": apart, "pickup": input, "produce": output, "raise": apart, "separate": output,
	"transferAllRights": apart, "transfer": apart, "transferCustody": apart,
	"use": input, "work": input,
}

// event returns the event of a row, from provider to receiver.
func (r Row) event(provider, receiver protocol.AgentID) *protocol.Event {
	e := &protocol.Event{
		Action:             r.Action,
		Provider:           provider,
		Receiver:           receiver,
		ResourceConformsTo: r.Resource,
		HasPointInTime:     r.Time,
		Note:               protocol.PlainText(r.note()),
		Source:             r.SourceKey,
	}
	quantity := r.Quantity
	if r.Action == "work" && unit.Comparable(quantity.Unit, "hour") {
		e.EffortQuantity = &quantity
	} else {
		e.ResourceQuantity = &quantity
	}
	switch actions[r.Action] {
	case input:
		e.InputOf = r.Process
	case output:
		e.OutputOf = r.Process
	}
	return e
}

// correction takes back what an event said, in the same places.
func correction(id protocol.EntryID, e *protocol.Event) *protocol.Event {
	back := *e
	back.Corrects = id
	back.Source = ""
	back.ResourceQuantity = negated(e.ResourceQuantity)
	back.EffortQuantity = negated(e.EffortQuantity)
	return &back
}

func negated(q *protocol.Quantity) *protocol.Quantity {
	if q == nil {
		return nil
	}
	return &protocol.Quantity{N: -q.N, Scale: q.Scale, Unit: q.Unit}
}

// same reports whether two events of one source key say the same.
func same(a, b *protocol.Event) bool {
	return a.Action == b.Action && a.Provider == b.Provider && a.Receiver == b.Receiver &&
		a.InputOf == b.InputOf && a.OutputOf == b.OutputOf &&
		a.ResourceConformsTo == b.ResourceConformsTo &&
		a.HasPointInTime == b.HasPointInTime && a.Note == b.Note &&
		sameQuantity(a.ResourceQuantity, b.ResourceQuantity) &&
		sameQuantity(a.EffortQuantity, b.EffortQuantity)
}

func sameQuantity(a, b *protocol.Quantity) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Unit == b.Unit && rational(a).Cmp(rational(b)) == 0
}

func rational(q *protocol.Quantity) *big.Rat {
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(q.Scale), nil)
	return new(big.Rat).SetFrac(big.NewInt(q.N), ten)
}
