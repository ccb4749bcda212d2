package ledger

import (
	"context"
	"errors"

	"github.com/minga-commons/minga/protocol"
)

var errNotYet = errors.New("not built yet")

// DistributionBody is a distribution that is about to be written, whole: the
// ledger cuts it into parts, links them and fills in what the pool claims.
type DistributionBody struct {
	Version   int64         // charter seq of the version under which it was computed
	AsOf      protocol.Time // the time of part 0, exactly: see NextCharterTime
	Currency  string
	Amount    protocol.Amount
	Remainder protocol.Amount    // what goes to nobody; zero for nothing
	Incomes   []protocol.EntryID // the incomes that are shared, each once
	Cut       []protocol.Head    // ascending by log
	Lines     []protocol.Line    // any number, in the order in which they are to stand
	Once      *Once              // nil: written whenever it is submitted
}

// DistributionStatus says how far a distribution has come.
type DistributionStatus struct {
	ID       protocol.EntryID // of part 0
	Complete bool             // all its parts are held, in the charter log or as proposals
	State    State            // of its last part in the charter log; empty as long as that is not there
	Reason   Reason           // why it has no effect or waits
	Proposal *Proposal        // of part 0, if it was proposed; nil if one key was enough
}

// Committed is a distribution that has its effect.
type Committed struct {
	ID    protocol.EntryID // of part 0
	First int64            // seq of part 0 in the charter log
	Last  int64            // seq of its last part, at which it takes effect
}

// NextCharterTime returns the earliest time that the next entry of the charter
// log can have: what the clock says, or the time of the newest entry there if
// that is later.
func (l *Ledger) NextCharterTime(ctx context.Context, id protocol.CommonsID) (protocol.Time, error) {
	return 0, errNotYet
}

// SubmitDistribution writes a distribution into the charter log, all its parts in
// one commit, or proposes them, one on the other, with this member's approval,
// where more than one signature is needed; the answer is about part 0, whose
// identifier is the distribution's. Nothing is written if the pool has too little
// (an *OverdraftError), if it would have no effect (a *VoidError), or if AsOf lies
// before the newest entry of the charter log (it wraps ErrInvalid).
func (l *Ledger) SubmitDistribution(ctx context.Context, id protocol.CommonsID, d DistributionBody) (Proposed, error) {
	return Proposed{}, errNotYet
}

// ApproveDistribution signs all parts of a proposed distribution, given by part 0
// or any other. It returns ErrNotSigner for one who holds no key, a *LockedError
// when the member signed a rival, and what checkDistribution says.
func (l *Ledger) ApproveDistribution(ctx context.Context, id protocol.CommonsID, distribution protocol.EntryID) (Written, error) {
	return Written{}, errNotYet
}

// RejectDistribution refuses all parts of a proposed distribution for good.
func (l *Ledger) RejectDistribution(ctx context.Context, id protocol.CommonsID, distribution protocol.EntryID) (Written, error) {
	return Written{}, errNotYet
}

// DistributionParts returns the parts of a distribution that is committed or
// proposed, in order, given by the identifier of part 0 or a unique prefix of it.
func (l *Ledger) DistributionParts(ctx context.Context, id protocol.CommonsID, text string) ([]protocol.Entry, DistributionStatus, error) {
	return nil, DistributionStatus{}, errNotYet
}

// CommittedDistributions returns the distributions that have their effect, in the
// order of the charter log.
func (l *Ledger) CommittedDistributions(ctx context.Context, id protocol.CommonsID) ([]Committed, error) {
	return nil, errNotYet
}
