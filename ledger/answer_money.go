package ledger

import (
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// AccountLine is what an agent has in one currency. Settled and Pending are
// signed sums over the movements that are settled, and over those that have
// their effect and are not settled yet. Available is what the agent's log can
// pay now: the settled credits less all its debits, plus the limit.
type AccountLine struct {
	Currency  string
	Scale     int // decimal places of the currency
	Settled   Total
	Pending   Total
	Available Total
	Limit     Total // how far below zero the agent may go
}

// Movement is one line of a statement: a movement of money as the account sees
// it. Amount is negative for a debit. Settled and Balance are the sums up to
// and including this line, of the settled movements and of all that have their
// effect, in the order of the statement.
//
// A distribution is one line of each account: all that the agent has of it, and of
// the pool all that it gives. Its event has no body: its identifier is that of the
// distribution, the entry is the last part, at which it takes effect.
type Movement struct {
	Event        Event // the payment
	Other        Agent // who paid, or was paid; a zero identifier means the outside, and of a distribution by the pool its payees
	Amount       Total
	Settled      Total
	Balance      Total
	Distribution bool
	Buckets      []Portion // of a distribution, what comes from which bucket; never negative
}

// Portion is what comes from one bucket of a distribution.
type Portion = account.Portion

// Payable is a currency of the charter in force.
type Payable = rules.Currency

// OverdraftError says that a payment would take the account of its payer below
// the limit. Nothing was written. It wraps ErrInvalid.
type OverdraftError struct {
	Currency  string
	Amount    Total
	Available Total // what could be paid, limit included
	Limit     Total
}

// Error returns one line with the figures.
func (e *OverdraftError) Error() string {
	return fmt.Sprintf("the entry would have no effect: %s: %s %s where %s are available (limit %s)",
		rules.Overdraft, e.Amount, e.Currency, e.Available, e.Limit)
}

// Unwrap returns ErrInvalid.
func (e *OverdraftError) Unwrap() error { return ErrInvalid }

// ProposalState says how far a proposal has come.
type ProposalState string

// The states of a proposal.
const (
	ProposalOpen       ProposalState = "open"       // it can still be approved
	ProposalDone       ProposalState = "done"       // the entry is in its log
	ProposalRefused    ProposalState = "refused"    // too many signers refuse it for it to be signed
	ProposalSuperseded ProposalState = "superseded" // another entry stands at its place
)

// Proposal is an entry that wants the signatures of a log with several keys: the
// charter log or a shared account.
type Proposal struct {
	ID         protocol.EntryID // of the entry that is proposed
	Entry      protocol.Entry
	By         Agent // who proposed it first, as this node came to know
	Time       protocol.Time
	State      ProposalState
	Needs      int     // signatures in all
	Approvals  []Agent // who signed
	Rejections []Agent // who refuse it
	Mine       bool    // this node's member may sign it and has said nothing yet
}

// Proposed is the answer to something that is written in a log with several
// keys. With a single key the entry is written at once; else it is a proposal,
// with the proposer's approval.
type Proposed struct {
	Written  *Written  // the entry, where one key was enough
	Proposal *Proposal // the proposal otherwise
}

// WitnessSet is a set of witnesses.
type WitnessSet struct {
	ID      protocol.EntryID // the charter log's entry that names it
	Seq     int64
	Members []Agent
	F       int // how many of them may lie
	Quorum  int
}

// WitnessStatus says who settles entries of a commons, and how a change of the
// witnesses stands.
type WitnessStatus struct {
	Current WitnessSet
	Next    *WitnessSet // a set that is not settled yet, nil if there is none
	Missing []Agent     // members of Next who have not confirmed it

	// Closing is true after a change until the old witnesses' votes are all in:
	// payments continue, settlement pauses.
	Closing bool
	Closed  int     // former witnesses whose close counts
	Needed  int     // how many must
	Silent  []Agent // former witnesses without a close that counts
}

// SharedAccount is a log with several keys.
type SharedAccount struct {
	Agent     Agent
	Members   []Agent // whose keys it has, in the order of the keys
	Threshold int
}

// Inbox is what waits for the node's own member.
type Inbox struct {
	ToConfirm []Event       // contributions of others on which the member has said nothing
	Unseen    bool          // there may be more to confirm, older than these
	ToAccept  []Declaration // uses that others declared, on which the member has said nothing
	ToApprove []Proposal    // proposals that want the member's signature
	ToServe   *WitnessSet   // a set of witnesses that names the member and wants its confirmation
}

// CharterVersion is a version of the charter document.
type CharterVersion struct {
	Seq     int64
	ID      protocol.EntryID
	Time    protocol.Time
	Doc     map[string]protocol.Value
	State   State
	Reason  Reason
	Signers []Agent // stewards whose signatures this node holds
}

// Audit is what a check of the whole state found.
type Audit struct {
	Entries  int64            // entries whose bytes were read and hashed
	Accounts int64            // accounts of all currencies
	Sums     map[string]Total // of each currency over all accounts, with what is pending: zero
	Settled  map[string]Total // the same over what is settled: zero
	Faults   []string         // what is not as it should be, empty if all is well
}
