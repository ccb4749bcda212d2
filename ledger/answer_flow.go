package ledger

import (
	"github.com/minga-commons/minga/protocol"
)

// Measure is a sum of quantities in one unit. Rounded says that the exact sum
// does not end within nine places, and that Value is the nearest number that
// does, halves away from zero.
type Measure struct {
	Value   Total
	Unit    string
	Rounded bool
}

// Resource is an economic resource as the events on it have left it. Its
// identifier is that of the event that brought it into being, which Entry is.
// While that event has no effect, the resource shows what it says of itself, and
// no quantities.
type Resource struct {
	ID      protocol.EntryID
	Commons protocol.CommonsID
	Entry   protocol.Entry
	State   State  // of the creating event
	Reason  Reason // of the creating event

	Name               string
	Note               string
	Image              string
	TrackingIdentifier string
	UnitOfEffort       string
	ConformsTo         string // resource specification
	ClassifiedAs       []string
	Lot                protocol.EntryID
	Source             string // the file's own identifier of an imported resource

	AccountingQuantity Measure
	OnhandQuantity     Measure

	PrimaryAccountable protocol.AgentID
	Custodian          protocol.AgentID
	CurrentLocation    protocol.EntryID
	ContainedIn        protocol.EntryID
	Stage              protocol.EntryID // process specification, where that is a record
	StageText          string           // a stage given as text
	StateText          string           // the state of the resource, such as pass or fail

	Contested []Contested        // fields on which concurrent events disagree
	Leaves    []protocol.EntryID // events after which no other is known, at most sixteen, ascending
	Events    int64              // events on the resource that have their effect
}

// Contested is a field of a resource that events set without knowing of one
// another. Every node shows the value of Winner, which has the lowest identifier.
type Contested struct {
	Field  string // name of the field in the ontology
	Winner protocol.EntryID
	Claims []FieldClaim // ascending by event
}

// FieldClaim is the value that one event gives a contested field.
type FieldClaim struct {
	Event protocol.EntryID
	Value string
}

// ResourceFilter selects resources. Zero fields match everything.
type ResourceFilter struct {
	ConformsTo         string
	PrimaryAccountable protocol.AgentID
	Custodian          protocol.AgentID
	ContainedIn        protocol.EntryID
	CurrentLocation    protocol.EntryID
	Lot                protocol.EntryID
	ClassifiedAs       string
	Stage              string // identifier of a process specification, or a text
	State              string
	Source             string
	Contested          bool // contested ones only
}

// SeveralError says that a text fits several things. It wraps ErrInvalid.
type SeveralError struct {
	Text       string
	Candidates []Candidate
}

// Candidate is one of the things that a text fits.
type Candidate struct {
	ID   protocol.EntryID
	Name string
}

// Error returns one line with the candidates.
func (e *SeveralError) Error() string {
	text := `"` + e.Text + `" fits several:`
	for i, c := range e.Candidates {
		if i > 0 {
			text += ","
		}
		if c.Name != "" {
			text += " " + c.Name
		}
		text += " (" + c.ID.String() + ")"
	}
	return text
}

// Unwrap returns ErrInvalid.
func (e *SeveralError) Unwrap() error { return ErrInvalid }
