package ledger

import (
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// State says how far an entry has come.
type State string

// The states of an entry. Which of them an entry is in follows from the set of
// entries held (protocol/SPEC.md, States).
const (
	Waiting State = "waiting" // something that it depends on is not held yet
	Pending State = "pending" // it has its effect, and no quorum of votes yet
	Settled State = "settled" // a quorum of witnesses vouches for it
	Void    State = "void"    // it has no effect, for the reason given
	Frozen  State = "frozen"  // its log has another history from here on
	Cut     State = "cut"     // its log was removed before it was settled
)

// Commons is what a node holds of one commons.
type Commons struct {
	ID         protocol.CommonsID
	Name       string
	Me         protocol.LogID // the node's own log, zero for a mirror
	MyName     string
	Digest     [32]byte
	Entries    int64 // entries held, of all logs
	Logs       int64 // logs held
	Waiting    int64 // entries held whose effect waits
	Void       int64 // entries without effect
	Frozen     int64 // logs with an unsettled fork
	Charter    int64 // newest charter seq applied
	PublicRead bool  // may anybody mirror it
	Witnesses  []protocol.LogID
	Writing    Writing // whether own entries are written
	Silent     bool    // the node is a witness and gives no votes now, since some may be missing
}

// Draft is an entry that the node's own member wants to write. Sequence number,
// previous link, charter seq and signature are the ledger's to give.
type Draft struct {
	Commons protocol.CommonsID
	Body    protocol.Body
	Once    *Once // nil: written whenever it is submitted
}

// Once makes a submission repeatable: the same Token and Key again give the
// first answer. It is committed with the entry and forgotten after seven days.
type Once struct {
	Token   string   // who asks
	Key     string   // the Idempotency-Key
	Request [32]byte // digest of what was asked; another one is ErrReused
}

// Written is the answer to a submission: the entry, durable on this node.
type Written struct {
	Entry    protocol.Entry
	State    State
	Reason   Reason // why it is void, empty otherwise
	Repeated bool   // the entry had been written before, see Once
}

// Reason says in a stable short form why an entry is void or waits, as
// rules/RULES.md lists them.
type Reason = rules.Reason

// Receipt is the answer to an accepted segment.
type Receipt struct {
	Added int // entries that were new
	fork  *ForkError
}

// EntryStatus is an entry with what became of it.
type EntryStatus struct {
	Entry   protocol.Entry
	Commons protocol.CommonsID
	State   State
	Reason  Reason
}

// Agent is somebody who takes part: with a log of its own, or as a record.
type Agent struct {
	ID      protocol.AgentID
	Name    string
	Type    protocol.AgentType
	HasLog  bool // false: an agent record that somebody else keeps
	Steward bool
	Commons bool // the commons itself
}

// LogStatus is what a node holds of one log.
type LogStatus struct {
	ID         protocol.LogID
	Commons    protocol.CommonsID
	Agent      Agent
	Held       protocol.Head // newest entry held
	Applied    int64         // newest seq that has its effect, -1 if none
	Settled    int64         // newest seq settled, -1 if none
	Forked     bool          // two histories are known
	Frozen     bool          // and neither is settled
	ForkSeq    int64         // where they part, -1 if not forked
	WaitingFor Reason        // why entries wait, empty if none do
}

// Event is an economic event with what became of it.
type Event struct {
	ID        protocol.EntryID
	Entry     protocol.Entry
	Body      *protocol.Event
	Author    protocol.AgentID
	State     State
	Reason    Reason
	Confirmed bool          // the charter's rule of confirmation is met
	Standing  EventStanding // what that rule asks for, and what there is of it
}

// Confirmation is a verdict that counts or may come to count.
type Confirmation struct {
	ID      protocol.EntryID
	Target  protocol.EntryID
	Author  protocol.AgentID
	Seq     int64 // in the author's log
	Verdict protocol.Verdict
	Reason  string
	Time    protocol.Time
	State   State
	Why     Reason
	Steward bool // the author is a steward by the charter that the verdict pins
}

// Sheet is what an agent has contributed, one line for each action, resource
// specification and unit, sorted by them.
type Sheet struct {
	Agent         Agent
	Contributions []Contribution
	Accounts      []AccountLine
}

// Contribution is a line of a Sheet. Quantity is everything valid, Confirmed
// what meets the charter's rule, and the rest is pending.
type Contribution struct {
	Action    string
	Resource  string // resource specification, empty if the events name none
	Unit      string
	Quantity  Total
	Confirmed Total
	Events    int64
}

// Total is a sum of quantities; see rules.Total.
type Total = rules.Total

// Page selects part of a list: at most Limit items after the cursor After,
// which is what the list returned as next.
type Page struct {
	After string
	Limit int // 0: 100; at most 1,000
}

// EventFilter selects events. Zero fields match everything.
type EventFilter struct {
	Agent    protocol.AgentID // provider or receiver
	Action   string
	Resource string           // resource specification
	Source   string           // importer's key
	Currency string           // payments in this currency only; "*": in any
	Names    protocol.EntryID // what the event names
	Relation string           // by which property it names that; empty: any
	// Standing is how far a contribution is on its way to count: Unconfirmed,
	// Disputed, Maturing or Confirmed. No payment and nothing void has one.
	Standing string
}

// Change is a run of entries that a node came to hold, in order of arrival.
type Change struct {
	protocol.Run
	Own bool // written by this node's own member
}

// Bundle is a row of drafts that belong together: all of them are written or
// none. A later one may name an earlier one by the identifier that it gets.
type Bundle struct {
	Commons protocol.CommonsID
	Size    int // how many drafts

	// Draft returns the body of draft i. ids are the identifiers of those before
	// it. It is called in order, from the first again if all of them do not fit
	// into one commit, and must not call the ledger.
	Draft func(i int, ids []protocol.EntryID) (protocol.Body, error)
	// Written, if given, is called after draft i has its effect on the state that
	// would be committed, and may look at resources as they are then.
	Written func(i int, id protocol.EntryID, resource func(protocol.EntryID) (Resource, error)) error

	DryRun bool // judge everything, write nothing
}

// BundleError says which draft of a bundle cannot be written, and why.
type BundleError struct {
	Draft int
	Err   error
}

// Error returns the reason with the number of the draft.
func (e *BundleError) Error() string { return fmt.Sprintf("draft %d: %v", e.Draft, e.Err) }

// Unwrap returns the reason.
func (e *BundleError) Unwrap() error { return e.Err }
