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
