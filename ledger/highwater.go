package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// Rest gives back memory for a time when nothing happens, where the storage can do
// that. Nothing is lost, and it may run beside everything else.
func (l *Ledger) Rest() error {
	if s, can := l.storage.(interface{ Rest() error }); can {
		return storeError(s.Rest())
	}
	return nil
}

// Checkpoint writes the high-water mark: how far journal and own logs had come
// that survive a power cut. It does nothing when nothing has changed since; a
// node calls it every second.
func (l *Ledger) Checkpoint() error {
	if l.readOnly {
		return nil
	}
	l.markMu.Lock()
	defer l.markMu.Unlock()
	l.stateMu.RLock()
	unchanged := l.marked == l.durable && l.durable > 0
	var own []protocol.LogID
	for _, c := range l.commons {
		if !c.row.Me.IsZero() {
			own = append(own, c.me())
		}
	}
	l.stateMu.RUnlock()
	if unchanged {
		return nil
	}
	var heads []ownHead
	for _, log := range own {
		row, err := l.logByID(log)
		if err != nil {
			return err
		}
		heads = append(heads, ownHead{Log: row.ID, Seq: row.Held.Seq})
	}
	// An own log grows by what peers send too, where a key was used twice or a
	// backup was put back, and that is not durable by itself.
	if !slices.Equal(heads, l.markedOwn) {
		if err := l.Sync(context.Background()); err != nil {
			return err
		}
	}
	l.stateMu.RLock()
	mark := highWater{Journal: l.meta.Journal, Position: l.durable, Own: heads}
	if l.durable == l.meta.Position {
		mark.Entries = l.meta.Entries
	}
	l.stateMu.RUnlock()
	if err := l.storage.SetHighWater(encode(&mark)); err != nil {
		return storeError(err)
	}
	l.marked, l.markedOwn = mark.Position, heads
	return nil
}

// adviceLess says what to do about a database that lost something.
const adviceLess = "if files were moved, put them back; otherwise move the ledger folder away, but keep it; then put back a " +
	"backup of the whole home, if you have one, and start again: the node fetches from its peers what it lacks before it " +
	"writes; or start without one, and join each commons again with a new invitation: peers send all that they hold, and " +
	"you go on with a new log"

// checkHighWater refuses a database that shows less than what was written.
func (l *Ledger) checkHighWater() error {
	b, err := l.storage.HighWater()
	if err != nil || b == nil {
		return storeError(err)
	}
	var mark highWater
	if err := decode("high-water mark", b, &mark); err != nil {
		return err
	}
	if l.meta.Position < mark.Position || l.meta.Entries < mark.Entries {
		return fmt.Errorf("%w: the database shows %d journal records and %d entries where %d and %d were written; %s",
			ErrDamaged, l.meta.Position, l.meta.Entries, mark.Position, mark.Entries, adviceLess)
	}
	for _, own := range mark.Own {
		row, err := l.logByID(protocol.LogID{EntryID: own.Log})
		// A log with several histories may have gone on from a shorter one.
		if errors.Is(err, ErrNotFound) || err == nil && row.Held.Seq < own.Seq && !row.forked() {
			return fmt.Errorf("%w: this node's own log %v had %d entries; writing on without them would fork it; %s",
				ErrDamaged, own.Log, own.Seq+1, adviceLess)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
