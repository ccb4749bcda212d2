// Package rules holds what the rooms below it share: the pure functions that
// turn entries into state. A rule reads rows and entries through Context and
// writes rows; it knows no disk, no clock, no network and no order of arrival.
// RULES.md says in words what each room decides.
package rules

import (
	"github.com/minga-commons/minga/protocol"
)

// Version is the version of the rules. It stands in the charter, so that old
// decisions are recomputed with the rules under which they were made, and in
// the state digest.
const Version = 1

// Table names a kind of row. Tables below Local are part of the state digest;
// the others are indexes of one node.
type Table byte

// The tables of state. The numbers are stored and never re-used.
const (
	Totals   Table = 1  // agent, action, specification, unit: sums
	Voices   Table = 2  // target, log: the verdicts of one member
	Tallies  Table = 3  // target: how many confirm and how many dispute
	Agents   Table = 4  // agent: name and type
	Voids    Table = 5  // entry: the reason why it has no effect
	Charters Table = 6  // charter seq: the entry that is the charter from there on
	Seats    Table = 7  // charter seq: the witness set that the entry there names
	Accounts Table = 8  // account, currency: credits and debits
	Purses   Table = 9  // log, currency: what the log has claimed and paid
	Marks    Table = 10 // log, account, source log: the last watermark
	Admitted Table = 11 // log: the charter seq that admitted it
	Bound    Table = 12 // agent record: the log to which it is bound, and the charter seq
	Cuts     Table = 13 // log: the last seq that counts

	Resources Table = 14 // creating event: the quantities and the condition of a resource
	Given     Table = 18 // commitment, intent or claim: what events have given towards it

	Local     Table = 128
	Names     Table = 129 // folded name, agent: index
	Granted   Table = 133 // invite: inceptions that this witness endorsed
	Early     Table = 134 // target: verdicts came before it had its effect
	Votes     Table = 135 // log: every vote for it
	LastVotes Table = 136 // log: this witness's last vote for it
	Closes    Table = 137 // charter seq of the set that follows, witness, place: a close
	Credits   Table = 138 // account, source log, inverted seq: a credit
	Unclaimed Table = 139 // account, source log no: the last settled credit not claimed
	Unsettled Table = 141 // log no, seq: a payment that is not settled
	Paid      Table = 142 // entry: what a pending payment changed
	Guests    Table = 143 // invite, log no: who came with it
	Revoked   Table = 144 // invite: the charter took it back
	Records   Table = 145 // log: the agent records that are bound to it
	Holders   Table = 146 // public key: the log of one member that has it
	Proposals Table = 147 // target log, seq, entry: where it is proposed
	Approvals Table = 148 // entry, log: a signature
	Refusals  Table = 149 // entry, log: a refusal
	Open      Table = 150 // target log, seq, entry: a proposal not decided here yet
	Credited  Table = 151 // account, source log: the place of the last credit
	Missing   Table = 152 // entry: events name it, and it has no effect
	Homes     Table = 153 // resource: where the event stands that brought it into being, and its block
	Shelves   Table = 154 // kind, value, resource: index
	Watched   Table = 155 // entry, resource: the order of events on it depends on the entry

	Amending  Table = 160 // record: the records that name it in "of", with their places
	Shelf     Table = 161 // class, time, record: its place; amendments are not there
	Actions   Table = 162 // class, action, time, record: its place
	Titles    Table = 163 // folded name, record or amendment: its place
	Promising Table = 164 // intent, commitment that satisfies it: its place

	Dealings Table = 170 // kind, agent, span of days, log no, seq / 256: what an agent used, gave and paid in there
	Deeds    Table = 171 // kind, agent, day, log no, seq: what one of these says; and the number of a member's log: its verdicts on it

	Swayed   Table = 173 // event: it counts as confirmed if alone it would not, or the other way round
	Ripening Table = 174 // event: when its window ends; and 'a', agent, that time, event
	Mended   Table = 175 // event: there are corrections of it

	Distributions Table = 176 // charter seq of the last part: part 0 of a distribution that has its effect, and its seq
	Shared        Table = 177 // charter seq of the last part, agent: what the agent has of each bucket

	Movements Table = 180 // account, currency, span of time, log no, seq / 256: its payments in there
	Folios    Table = 181 // agent: all rows that a balance is made of
)

// Digested reports whether rows of the table are part of the state digest.
func (t Table) Digested() bool { return t < Local }

// Sign says whether an entry takes effect or its effect is taken back. Effects
// are commutative, so that taking back is the same sum with the other sign.
type Sign int64

// The two signs.
const (
	Apply Sign = 1
	Undo  Sign = -1
)

// Rows is the state of one commons while a batch is applied.
type Rows interface {
	// Get returns the row's value, nil if there is none. It is read-only.
	Get(t Table, key []byte) ([]byte, error)
	// Put sets a row, or removes it when value is nil.
	Put(t Table, key, value []byte)
}

// Context is what a rule may look at.
type Context interface {
	Rows
	// Lookup returns an entry of this commons that is held, and whether it has
	// its effect now. The entry is the zero value when it is not held.
	Lookup(id protocol.EntryID) (e protocol.Entry, effective bool, err error)
	// Naming calls fn for each event and record held of this commons that names
	// an identifier by the given property of ValueFlows, or by any if relation is
	// empty, and tells whether it has its effect now, until fn returns false. The
	// order is that of arrival, so that nothing may follow from it.
	Naming(id protocol.EntryID, relation string, fn func(e protocol.Entry, effective bool) (bool, error)) error
	// Miss notes that something depends on an entry which does not have its effect
	// now: what names the entry is looked at again when it has.
	Miss(id protocol.EntryID) error
	// Terms returns the charter in force at a seq of the charter log.
	Terms(seq int64) (Terms, error)
	// Commons returns the commons whose state this is.
	Commons() protocol.CommonsID
	// Early counts, up or down by the given number, the entries of table Early,
	// and returns how many there are.
	Early(by int64) int64
}

// Reason says in a stable short form why an entry is void or waits.
type Reason string

// The reasons. RULES.md explains each; none is re-used for something else.
const (
	Valid Reason = ""

	UnknownAction       Reason = "unknown-action"
	ProviderMissing     Reason = "provider-missing"
	ReceiverMissing     Reason = "receiver-missing"
	QuantityMissing     Reason = "quantity-missing"
	QuantityNotPositive Reason = "quantity-not-positive"
	BadTime             Reason = "bad-time"
	EndBeforeBeginning  Reason = "end-before-beginning"
	TooManyVerdicts     Reason = "too-many-verdicts"
	SelfConfirmation    Reason = "self-confirmation"
	NotAdmitted         Reason = "not-admitted"
	NotConfirmable      Reason = "not-confirmable"
	NotSteward          Reason = "not-a-steward"
	NotInviter          Reason = "not-an-inviter"
	CharterLogOnly      Reason = "charter-log-only"
	CharterWentBack     Reason = "charter-went-back"
	CharterNotBefore    Reason = "charter-not-before"
	BadCharter          Reason = "bad-charter"
	BadProposal         Reason = "bad-proposal"
	BadWitnesses        Reason = "bad-witnesses"

	NotAnInput        Reason = "not-an-input"
	NotAnOutput       Reason = "not-an-output"
	NoToResource      Reason = "no-second-resource"
	CreatesNothing    Reason = "creates-no-resource"
	ResourceTwice     Reason = "resource-twice"
	CorrectionCreates Reason = "correction-creates"

	// Soft reasons: see Reason.Soft.
	NotAResource       Reason = "not-a-resource"
	OtherSpecification Reason = "other-specification"
	UnitsDiffer        Reason = "units-not-comparable"
	CorrectsOther      Reason = "corrects-something-else"
	UnknownClass       Reason = "unknown-class"
	PropertyMissing    Reason = "property-missing"
	BadProperty        Reason = "bad-property"
	BadQuantity        Reason = "bad-quantity"
	TooManyLinks       Reason = "too-many-links"

	NotPayer         Reason = "not-the-payer"
	SelfPayment      Reason = "self-payment"
	NotATransfer     Reason = "not-a-transfer"
	AmountMissing    Reason = "amount-missing"
	OverScale        Reason = "over-scale"
	UnknownCurrency  Reason = "unknown-currency"
	NotIssued        Reason = "not-an-issued-currency"
	CorrectsMoney    Reason = "money-is-not-corrected"
	Overdraft        Reason = "overdraft"
	BadWatermark     Reason = "bad-watermark"
	ClaimsWithout    Reason = "claims-without-payment"
	BadDistribution  Reason = "bad-distribution"
	AlreadyBound     Reason = "already-bound"
	SittingWitness   Reason = "sitting-witness"
	RemovesGoverning Reason = "the-charter-log-stays"

	// Of declarations of use; the last two are only refused when written.
	BadDay            Reason = "bad-day"
	NotOwnUse         Reason = "not-your-own-use"
	PeriodInFuture    Reason = "period-in-the-future"
	NegativeIncome    Reason = "negative-income"
	ProfitAboveIncome Reason = "profit-above-income"
	FractionOutside   Reason = "fraction-out-of-range"
	PeriodsOverlap    Reason = "periods-overlap"
	NotLicensed       Reason = "not-licensed"

	AwaitsCharter    Reason = "awaits-charter"
	AwaitsSoftware   Reason = "awaits-software"
	AwaitsSettlement Reason = "awaits-settlement"
	AwaitsWitnesses  Reason = "awaits-witnesses"
	ForkUnsettled    Reason = "fork-unsettled"
	ForkLost         Reason = "fork-lost"
	Removed          Reason = "removed"
)

// Soft reports whether the reason follows from what an event names rather than
// from the event and its log. The verdict then holds as long as what is named has
// its effect, and can change both ways; the entries after it in its log do not
// depend on it.
func (r Reason) Soft() bool {
	switch r {
	case NotAResource, OtherSpecification, UnitsDiffer, CorrectsOther:
		return true
	}
	return false
}
