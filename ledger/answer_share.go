package ledger

import (
	"math/big"

	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// DistributionRequest asks how an amount of the pool would be shared.
type DistributionRequest struct {
	Amount   protocol.Amount
	Currency string
	// Incomes are the incomes to share, whose deliveries are traced. Empty: the
	// oldest that no distribution names yet and that cover the amount.
	Incomes []protocol.EntryID
	// Version is the charter seq whose rules apply, -1 for the one in force.
	Version int64
	// Document replaces the charter, to try out other rules: such a preview cannot
	// be proposed.
	Document map[string]protocol.Value
}

// Distribution is a distribution as previewed, proposed or committed.
type Distribution struct {
	ID       protocol.EntryID // of its first part; zero for a preview
	State    DistributionState
	Reason   Reason
	Proposal *Proposal // of one that is proposed, or was

	Time      protocol.Time // as of when it is computed
	Amount    protocol.Amount
	Currency  string
	Version   int64 // charter seq
	Incomes   []protocol.EntryID
	Cut       []protocol.Head // ascending by log
	Lines     []DistributionLine
	Remainder protocol.Amount

	// Of a preview, and of one that was recomputed; else nil.
	Computed *share.Result
	// Charter of the version, whose buckets the lines name.
	Document map[string]protocol.Value
	// Held are the logs that have entries above the cut which wait or are frozen.
	Held []HeldLog
	// Cautions are what one should know before signing it. Of one that is listed, and
	// of a preview, they are not looked for.
	Cautions []DistributionCaution
	// Gone are payees whose membership the charter log has ended.
	Gone []Agent
	// Untraced are the incomes that name what they were paid for, where nothing is
	// known of that up to the cut and a rule looks at it. Of a preview, and of one
	// that was proposed just now.
	Untraced []protocol.EntryID
}

// DistributionState says how far a distribution has come.
type DistributionState string

// The states of a distribution.
const (
	DistributionPreview  DistributionState = "preview"
	DistributionProposed DistributionState = "proposed"
	DistributionRefused  DistributionState = "refused" // too many stewards refuse it
	DistributionPending  DistributionState = "pending" // committed, not settled yet
	DistributionSettled  DistributionState = "settled"
	DistributionVoid     DistributionState = "void"
	DistributionPast     DistributionState = "superseded" // another entry stands at its place
)

// DistributionLine is what one agent gets from one bucket.
type DistributionLine struct {
	Agent  Agent
	Bucket string
	Amount protocol.Amount
}

// HeldLog is a log whose newest entries do not count in a cut.
type HeldLog struct {
	Agent   Agent
	Log     protocol.LogID
	Frozen  bool
	Entries int64 // above the cut
	Reason  Reason
}

// DistributionCheck compares a distribution with what its cut gives.
type DistributionCheck struct {
	Distribution Distribution // with Computed
	Differences  []DistributionDifference
	Missing      []protocol.Head // of the cut, not held here or not settled: nothing was computed
}

// DistributionDifference is a line that was stated otherwise than computed. Bucket
// is empty for the remainder.
type DistributionDifference struct {
	Agent    Agent
	Bucket   string
	Stated   protocol.Amount
	Computed protocol.Amount
}

// DistributionReason is why an agent gets what it gets from one bucket of a
// distribution. The amounts of the claims sum to Amount.
type DistributionReason struct {
	Agent  Agent
	Bucket string
	Amount protocol.Amount
	Claim  *big.Rat // the agent's own
	Claims *big.Rat // of all payees of the bucket
	Events []DistributionClaim
}

// DistributionClaim is an event behind a payment, with those who confirmed it.
type DistributionClaim struct {
	share.Claim
	Body     Event
	Provider Agent
}
