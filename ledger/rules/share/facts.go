// Package share computes who gets which part of an income, and why: the value
// equation of a commons. It knows the rules of a charter and the facts of a cut,
// and nothing of where these are stored. All arithmetic is exact.
package share

import (
	"math/big"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// Facts is what a computation looks at: the events of a commons, as they stood at
// the cut of each round. Rounds are numbered from the oldest distribution of the
// commons on; the last one is the one that is computed. A Facts never changes and
// its slices are read-only.
type Facts interface {
	// Kinds returns what events have in common, each combination once.
	Kinds() []Kind
	// Agents returns everybody who provides something, ascending by identifier.
	Agents() []Agent
	// Events returns the events that count in some round or lie behind one that
	// does, ascending by log and place.
	Events() []Event
	// Counts reports whether an event of Events counts in a round: it is in the
	// cut, has its effect there and is confirmed there. Of a correction that may be
	// said of the correction alone.
	Counts(round, event int) bool
	// Owner returns whom an agent of Agents is in a round: itself, or the member to
	// whom it is bound.
	Owner(round, agent int) int
	// Delivered returns what part of each event went into what the incomes of a
	// round and of all rounds before it were paid for; events of which nothing did
	// are absent. Corrections are absent: they follow what they correct.
	Delivered(round int) (Fractions, error)
	// Behind returns what part of each event lies behind what an event uses or
	// cites.
	Behind(round, event int) (Fractions, error)
	// Into returns what part of each event went into a process, its inputs
	// included.
	Into(round int, process protocol.EntryID) (Fractions, error)
}

// Fractions are the parts of events, by their place in Facts.Events, that went
// into something: above zero, and one at most unless more was taken than there
// was.
type Fractions struct {
	Of map[int]*big.Rat
	// Unweighted are the processes and agreements whose outputs counted alike since
	// nothing compares them, ascending.
	Unweighted []protocol.EntryID
}

// Kind is what rules match and measure of an event. Each list has every text by
// which the thing may be named: names and identifiers.
type Kind struct {
	Action       string
	Resources    []string
	Processes    []string
	Plans        []string
	EffortUnit   string // of OM2, empty if there is no effort quantity
	ResourceUnit string // of OM2, empty if there is no resource quantity
}

// Agent is somebody who provides something.
type Agent struct {
	ID      protocol.AgentID
	From    int  // the first round in which a Member is one
	Member  bool // has a log of its own in this commons; asked of the Owner
	Commons bool // is the commons itself: what it provides is no contribution
}

// Event is an event or a correction of one.
type Event struct {
	ID       protocol.EntryID
	Kind     int // place in Facts.Kinds
	Provider int // place in Facts.Agents
	Effort   rules.Total
	Resource rules.Total
	Corrects int              // place in Facts.Events of what it corrects, -1 if it is no correction
	Time     protocol.Time    // the event's own time
	InputOf  protocol.EntryID // the process, zero if it is no input
	Names    bool             // it uses or cites a resource, so that Behind can be asked
}

// Round is one distribution: the rules and the amount, and what was committed.
type Round struct {
	Charter  charter.Document // Buckets, Streams, and IDs for the names in them
	Commons  protocol.AgentID
	Since    map[string]protocol.Time // by bucket: from when on its equity counts
	Currency string
	Scale    int // decimal places of the currency
	Amount   protocol.Amount
	Lines    []protocol.Line // as committed; of the round that is computed none
}
