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

// Claim is what one event is worth to one payee in one bucket, and what of it is
// paid in this round. Amounts of all claims of a payee in a bucket sum to its line.
type Claim struct {
	Event    protocol.EntryID
	Corrects protocol.EntryID // zero unless the event is a correction
	Bucket   string
	Rule     int
	Quantity *big.Rat // in the unit of the rule
	Fraction *big.Rat // the part of the event that counts in this round
	Value    *big.Rat // of that part
	Before   *big.Rat // taken or paid by earlier rounds
	Claim    *big.Rat // of this round
	Of       protocol.EntryID // the use or citation by which it is credited; zero if by itself
	Amount   protocol.Amount  // paid in this round
}
