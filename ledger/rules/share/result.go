package share

import (
	"math/big"

	"github.com/minga-commons/minga/protocol"
)

// Result is what a round gives. The lines and the remainder sum to the amount.
type Result struct {
	Buckets   []BucketResult  // in the order of the charter
	Lines     []protocol.Line // ascending by bucket of the charter, then by agent; each above zero
	Remainder protocol.Amount // stays in the pool, besides lines to the commons
	Unvalued  []Unvalued      // events that no rule could measure, ascending by bucket and event
	// UnvaluedEvents counts them all: Unvalued has the first hundred.
	UnvaluedEvents int
	Warnings       []Warning
}

// BucketResult is what became of one bucket.
type BucketResult struct {
	Name    string
	Share   *big.Rat        // of the amount, before rounding, with what earlier buckets passed on
	Amount  protocol.Amount // rounded
	Spent   protocol.Amount // what its lines sum to
	Claimed *big.Rat        // the claims of all payees
	Payees  int
	Events  int // with a claim
}

// Unvalued is an event that a rule matches and whose quantity is not comparable
// with the unit of the rule.
type Unvalued struct {
	Bucket string
	Rule   int // place among the rules of the bucket
	Event  protocol.EntryID
}

// Warning says what a reader should know of a result.
type Warning struct {
	Code WarningCode
	Args []string
}

// WarningCode names a kind of warning.
type WarningCode string

// The warnings. Each says in parentheses what Args has; rules are counted from 1.
const (
	// UnknownResource: no event is of the resource that a rule names (bucket, rule,
	// resource).
	UnknownResource WarningCode = "unknown-resource"
	// UnknownProcess: the same of its process (bucket, rule, process).
	UnknownProcess WarningCode = "unknown-process"
	// UnknownPlan: the same of its plan (bucket, rule, plan).
	UnknownPlan WarningCode = "unknown-plan"
	// OtherCurrency: a bucket takes no part, since it is of another currency
	// (bucket, its currency).
	OtherCurrency WarningCode = "other-currency"
	// MinimaShared: a bucket is too small for the least that each payee gets
	// (bucket, what all would get).
	MinimaShared WarningCode = "minima-shared"
	// CountedAlike: the outputs of a process or the parts of an agreement counted
	// alike, since nothing compares them (identifier).
	CountedAlike WarningCode = "counted-alike"
)

// Claim is what one event is worth to one payee in one bucket, and what of it is
// paid in this round. Amounts of all claims of a payee in a bucket sum to its line.
type Claim struct {
	Basis    Basis
	Event    protocol.EntryID // zero unless Basis is ByEvent
	Corrects protocol.EntryID // zero unless the event is a correction
	Of       protocol.EntryID // the use or citation by which the event is credited; zero if by itself
	Bucket   string
	Rule     int             // under which the event falls, or what it is credited by
	Quantity *big.Rat        // of what falls under the rule, in its unit; under a percent the value of which that is
	Fraction *big.Rat        // the part of that event that counts in this round
	Part     *big.Rat        // the part of its value that is this payee's: one, unless Of is set
	Value    *big.Rat        // of all that
	Before   *big.Rat        // of the value, taken or paid by earlier rounds
	Claim    *big.Rat        // of this round
	Amount   protocol.Amount // paid in this round
}

// Basis says why somebody is paid.
type Basis string

// Why somebody is paid.
const (
	ByEvent Basis = ""        // for an event
	Carried Basis = "carried" // corrections took back more than there was to claim; below zero
	Named   Basis = "named"   // the bucket goes to this agent
	Rest    Basis = "rest"    // what the bucket leaves goes to this agent
)
