package node

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/minga-commons/minga/ledger"
)

// Intervals of upkeep.
const (
	voteEvery     = 100 * time.Millisecond // at the most, after changes
	markEvery     = time.Second            // of the high-water file
	rememberEvery = 10 * time.Minute       // when other nodes were seen last
	freeAfter     = 30 * time.Second       // without changes, memory goes back to the system
)

// keeper looks after what changes: it tells the replica, lets a witness vote,
// and keeps the high-water file at most a second behind.
type keeper struct {
	ledger  *ledger.Ledger
	log     *slog.Logger
	changed func(c ledger.Change) // told of each change, in order
	votes   chan struct{}         // holds at most one note that there may be votes to give
}

// watch follows the ledger until ctx ends.
func (k *keeper) watch(ctx context.Context) error {
	for change, err := range k.ledger.Watch(ctx, k.ledger.Position()) {
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		k.changed(change)
		note(k.votes)
	}
	return nil
}

// vote lets the node's member endorse what is new, if it is a witness, and
// publishes the proposals that have all their signatures.
func (k *keeper) vote(ctx context.Context) {
	pause := time.NewTicker(voteEvery)
	defer pause.Stop()
	note(k.votes) // what was left over from the last run
	reconsidered := k.ledger.Reconsidered()
	for {
		select {
		case <-k.votes:
		case <-reconsidered:
		case <-ctx.Done():
			return
		}
		reconsidered = k.ledger.Reconsidered()
		k.do(ctx, "endorse", k.ledger.Endorse)
		k.do(ctx, "publish proposals", k.ledger.FinishProposals)
		select {
		case <-pause.C:
		case <-ctx.Done():
			return
		}
	}
}

// do does a part of the upkeep, and notes that there may be more to do after it.
func (k *keeper) do(ctx context.Context, what string, f func(context.Context) (int, error)) {
	n, err := f(ctx)
	if err != nil && ctx.Err() == nil {
		k.log.Warn("cannot "+what, "error", err)
	}
	if n > 0 {
		note(k.votes)
	}
}

// mark keeps the high-water file up to date, and gives memory back once all is
// quiet.
func (k *keeper) mark(ctx context.Context) {
	ticks := time.NewTicker(markEvery)
	defer ticks.Stop()
	last, quiet, freed := k.ledger.Position(), time.Duration(0), false
	for {
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return
		}
		if err := k.ledger.Checkpoint(); err != nil {
			k.log.Warn("cannot write the high-water mark", "error", err)
		}
		if at := k.ledger.Position(); at != last {
			last, quiet, freed = at, 0, false
			continue
		}
		if quiet += markEvery; quiet >= freeAfter && !freed {
			debug.FreeOSMemory()
			if err := k.ledger.Rest(); err != nil {
				k.log.Debug("cannot give back memory", "error", err)
			}
			freed = true
		}
	}
}
