package ledger

import "github.com/minga-commons/minga/protocol"

// StepKind says what a step of a trace is.
type StepKind string

// The kinds of step.
const (
	StepEvent    StepKind = "event"
	StepProcess  StepKind = "process"
	StepResource StepKind = "resource"
)

// Step is one item of where something came from, or went to. Depth is how many
// links lie between it and the beginning, which has depth zero; Via is the step
// from which it was reached first, zero for the beginning.
type Step struct {
	Kind  StepKind
	ID    protocol.EntryID
	Depth int
	Via   protocol.EntryID
	Event *Event // of an event
}

// RollUp is what has gone into an amount of a resource.
type RollUp struct {
	Resource   protocol.EntryID
	Amount     Measure      // of the resource
	Lines      []RollUpLine // sorted by action, specification, unit and provider
	Events     int64        // events behind the lines
	Unweighted []protocol.EntryID
}

// RollUpLine is effort or a resource of one kind, given by one agent. Of work,
// uses and citations it is what they say; of things that were there before, or
// came from elsewhere, what of them was used up.
type RollUpLine struct {
	Action     string
	ConformsTo string
	Provider   protocol.AgentID
	Quantity   Measure
	Events     int64
}

// NetworkFlow is what passed from one agent to another by one action.
type NetworkFlow struct {
	Provider   protocol.AgentID
	Receiver   protocol.AgentID
	Action     string
	ConformsTo string
	Quantity   Measure
	Events     int64
}
