package ledger

import (
	"context"

	"github.com/minga-commons/minga/protocol"
)

// Record returns one record as amended. The identifier of an amendment gives the
// record that it amends; that of anything else ErrNotFound.
func (l *Ledger) Record(ctx context.Context, id protocol.EntryID) (Record, error) {
	return Record{}, ErrNotFound
}

// Records returns a page of the records of a commons, and the cursor of the next
// page, empty with the last. A filter that it cannot follow is ErrInvalid.
func (l *Ledger) Records(ctx context.Context, commons protocol.CommonsID, f RecordFilter, p Page) ([]Record, string, error) {
	return nil, "", nil
}

// FindRecord returns the record that a text means: an identifier or the unique
// beginning of one, the identifier that it had in the system that it came from,
// or a name. typ is the class wanted, empty for any. Several give a
// *SeveralError, none ErrNotFound.
func (l *Ledger) FindRecord(ctx context.Context, commons protocol.CommonsID, typ, text string) (Record, error) {
	return Record{}, ErrNotFound
}

// Fulfilment says how much of a commitment, an intent or a claim has come about.
func (l *Ledger) Fulfilment(ctx context.Context, id protocol.EntryID) (Fulfilment, error) {
	return Fulfilment{}, ErrNotFound
}

// Progress says how far a plan has come, on a day given as RFC 3339 or a date;
// empty: nothing is overdue.
func (l *Ledger) Progress(ctx context.Context, plan protocol.EntryID, day string) (Progress, error) {
	return Progress{}, ErrNotFound
}

// PlanRecipe works out what has to be planned so that a recipe gives what is
// wanted. It writes nothing. A recipe that needs what it makes itself is
// ErrInvalid, with the cycle.
func (l *Ledger) PlanRecipe(ctx context.Context, commons protocol.CommonsID, r PlanRequest) (Planned, error) {
	return Planned{}, ErrNotFound
}
