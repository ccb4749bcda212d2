package ledger

import (
	"github.com/minga-commons/minga/protocol"
)

// Record is an object of ValueFlows other than an event, as amended.
type Record struct {
	ID      protocol.EntryID // of the entry that made it; amendments do not change it
	Commons protocol.CommonsID
	Entry   protocol.Entry // that entry
	Author  protocol.AgentID
	State   State
	Reason  Reason

	Type       string // class of the ontology, such as "Commitment"
	Name       string
	Note       string
	Source     string                    // identifier in the system that it came from
	Fields     map[string]protocol.Value // properties under the ontology's names, as amended
	Amendments []Amendment               // oldest first
}

// Amendment is a later record that changes fields of another one.
type Amendment struct {
	ID     protocol.EntryID
	Author protocol.AgentID
	Time   protocol.Time
	State  State
	Reason Reason
	Counts bool // it has its effect: it is neither void nor waiting, and its author may amend that record
}

// UnitText returns the text by which quantities name the unit that a record of
// class Unit describes: the OM2 identifier that the record first gave it, or
// else its first name. Amendments do not change it. A text that OM2 does not
// have is a unit that compares with itself alone.
func (r Record) UnitText() string {
	body, is := r.Entry.Body.(*protocol.Record)
	if !is {
		return r.Name
	}
	if text, is := body.Fields["omUnitIdentifier"].(string); is && text != "" {
		return text
	}
	if text, is := body.Fields["label"].(string); is && body.Name.IsZero() {
		return text
	}
	return body.Name.String()
}

// RecordFilter selects records that are no amendments. Zero fields match
// everything. A page costs no more on a large ledger if a field of Target, Agent,
// Source, Name or Type is given, or none.
type RecordFilter struct {
	Type     string
	Name     string           // as people write it: case does not matter
	Source   string           // identifier in the system that it came from
	Relation string           // property by which the record names Target; empty: any
	Target   protocol.EntryID // what the record names
	Agent    protocol.AgentID // provider, receiver or author
	Finished *bool            // the property "finished" as amended; absent is false
	Action   string
}

// Fulfilment says how much of what a commitment, an intent or a claim promises
// has come about.
type Fulfilment struct {
	Of       protocol.EntryID
	Lines    []FulfilmentLine // resource quantity first; none for a record without quantity
	Finished bool             // whoever promised says that nothing more will come
}

// FulfilmentLine is one quantity of a Fulfilment. Done counts corrections with
// their sign. Open is what is still to come: never below zero, and zero once the
// promise is finished. Done above Promised is more than was promised.
type FulfilmentLine struct {
	Quantity string // "resourceQuantity" or "effortQuantity"
	Promised Measure
	Done     Measure // in the promised unit; what is of another kind is in Other
	Open     Measure
	Events   int64     // entries counted, also those in Other
	Other    []Measure // what cannot be compared with the promised unit
}

// Progress says how far a plan has come.
type Progress struct {
	Plan        Record
	Processes   int64
	Finished    int64 // processes that are finished
	Commitments int64 // of the plan and its processes
	Fulfilled   int64 // commitments with nothing left open
	Intents     int64
	Satisfied   int64 // intents with nothing left open
	Due         string
	Overdue     []protocol.EntryID // commitments and intents with something open whose due date is before the given day, at most 100
}

// Planned is what planning from a recipe comes to: bodies in the order in which
// they are to be written. A later one names an earlier one by its Placeholder,
// which the writer replaces by the identifier that the earlier one got.
type Planned struct {
	Items     []PlannedItem
	Remainder []PlannedRemainder
}

// PlannedItem is one record to be written.
type PlannedItem struct {
	Placeholder protocol.EntryID // stands for it in the items after it
	Body        *protocol.Record
	From        protocol.EntryID // the part of the recipe that it follows
}

// PlannedRemainder says that a scaled quantity does not end within the places
// that a quantity holds, and was rounded up by less than one of the last place.
type PlannedRemainder struct {
	Item     int    // index into Items
	Quantity string // "resourceQuantity" or "effortQuantity"
	Exact    string // the exact fraction, such as "10/3"
}

// PlanRequest is what is wanted of a recipe.
type PlanRequest struct {
	Recipe   protocol.EntryID // a Recipe, or zero: whatever recipe makes Output
	Output   string           // resource specification that is wanted: name or IRI
	Quantity protocol.Quantity
	Name     string                      // of the plan; empty: the recipe's
	Due      string                      // RFC 3339 or a date; due dates count backwards from it
	Intents  bool                        // make intents even where both agents are known
	Agents   map[string]protocol.AgentID // role of a recipe exchange, text or identifier: who plays it
	Provider protocol.AgentID            // of inputs and outputs of processes
	Receiver protocol.AgentID
}
