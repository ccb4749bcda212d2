// Package cut reads the entries of a commons up to a cut, for each of several
// distributions, and says what a value equation looks at: which events count, who
// is credited, and what of each went into what was delivered. What stands above
// the cut is as if it were not held, whatever came later. It keeps what it needs
// in memory, and reads each entry once.
package cut

import (
	"context"
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// Source is where entries are read. All that it says of entries up to a cut is the
// same on every node.
type Source interface {
	// Entries calls fn for each entry of a log up to a seq, ascending, until it
	// returns an error, which is returned. fn may keep what it is given.
	Entries(ctx context.Context, log protocol.LogID, upTo int64, fn func(protocol.Entry) error) error
	// Void calls fn for each entry of the commons that is void, in any order.
	Void(fn func(id protocol.EntryID, reason rules.Reason)) error
	// Find returns an entry of the commons on the history of its log that counts,
	// and whether it is held there.
	Find(id protocol.EntryID) (e protocol.Entry, held bool, err error)
	// Terms returns the charter in force at a seq of the charter log.
	Terms(seq int64) rules.Terms
	// Admitted returns the charter seq of the first entry that admits a log, -1 if
	// there is none.
	Admitted(log protocol.LogID) (int64, error)
}

// Round is one distribution as far as facts depend on it.
type Round struct {
	Cut     []protocol.Head    // ascending by log
	AsOf    protocol.Time      // up to when windows are over
	Weights []charter.Weight   // of the version of its charter
	Incomes []protocol.EntryID // whose deliveries are traced
}

// Read reads what stands up to the cuts of some rounds, the oldest first. Every log
// of a cut must be held up to there, and settled. It fails with the
// context, and so does what the facts trace later.
func Read(ctx context.Context, s Source, commons protocol.CommonsID, rounds []Round) (*Facts, error) {
	r := newReader(s, commons, rounds)
	r.stop = ctx.Err
	if err := r.void(); err != nil {
		return nil, err
	}
	for i := range r.logs {
		r.log = int32(i)
		var err error
		if r.logs[i].admitted, err = s.Admitted(r.logs[i].id); err != nil {
			return nil, err
		}
		err = s.Entries(ctx, r.logs[i].id, r.logs[i].last, r.entry)
		if err != nil {
			return nil, fmt.Errorf("log %v: %w", r.logs[i].id, err)
		}
	}
	return r.finish(ctx)
}
