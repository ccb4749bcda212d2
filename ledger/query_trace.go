package ledger

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/minga-commons/minga/protocol"
)

// openWalks is how many walks wait for their next page.
const openWalks = 4

// walks keeps walks that wait for their next page. It is safe for concurrent use.
type walks struct {
	mu   sync.Mutex
	open *lru.Cache[walkKey, *walk]
}

type walkKey struct {
	commons protocol.CommonsID
	from    protocol.EntryID
	way     direction
	cursor  string
}

func newWalks() (*walks, error) {
	open, err := lru.New[walkKey, *walk](openWalks)
	return &walks{open: open}, err
}

// take returns a walk that waits at a cursor, and removes it: nobody else goes on
// with it.
func (w *walks) take(k walkKey) *walk {
	w.mu.Lock()
	defer w.mu.Unlock()
	found, held := w.open.Get(k)
	if !held {
		return nil
	}
	w.open.Remove(k)
	return found
}

func (w *walks) put(k walkKey, open *walk) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open.Add(k, open)
}

// Trace returns where an event, a process or a resource came from: the events
// that fed it, the processes whose outputs those were, their inputs, and so on,
// nearest first, each step once. The beginning itself is the first step. It is
// the algorithm of ValueFlows 1.0, Track and trace, but that of a resource only
// those events count which lie before the one that drew on it, by the links that
// their authors gave. Corrections, and what they leave nothing of, are no steps.
//
// A page goes on where its cursor ended, also when entries came meanwhile. After
// a change that moves what was already told, the cursor is refused.
func (l *Ledger) Trace(ctx context.Context, commons protocol.CommonsID, from protocol.EntryID, p Page) ([]Step, string, error) {
	return l.walkPage(ctx, commons, from, toSources, p)
}

// Track returns where an event, a process or a resource went to: the mirror image
// of Trace.
func (l *Ledger) Track(ctx context.Context, commons protocol.CommonsID, from protocol.EntryID, p Page) ([]Step, string, error) {
	return l.walkPage(ctx, commons, from, toDestinations, p)
}

func (l *Ledger) walkPage(ctx context.Context, commons protocol.CommonsID, from protocol.EntryID, way direction, p Page) ([]Step, string, error) {
	k := walkKey{commons, from, way, p.After}
	w := l.walks.take(k)
	if w == nil {
		var err error
		if w, err = l.resumeWalk(ctx, k); err != nil {
			return nil, "", err
		}
	}
	steps := []Step{}
	for len(steps) < p.limit() {
		step, more, err := w.step(ctx)
		if err != nil {
			return nil, "", err
		}
		if !more {
			return steps, "", nil
		}
		steps = append(steps, step)
	}
	k.cursor = cursorText(append(u64(uint64(w.steps)), w.last[:]...))
	l.walks.put(k, w)
	return steps, k.cursor, nil
}

// resumeWalk walks again up to where a cursor ended.
func (l *Ledger) resumeWalk(ctx context.Context, k walkKey) (*walk, error) {
	w, err := l.newWalk(k.commons, k.from, k.way)
	if err != nil || k.cursor == "" {
		return w, err
	}
	at, err := cursorBytes(k.cursor)
	if err == nil && len(at) != 8+len(w.last) {
		err = &CursorError{k.cursor}
	}
	if err != nil {
		return nil, err
	}
	for wanted := binary.BigEndian.Uint64(at); uint64(w.steps) < wanted; {
		if _, more, err := w.step(ctx); err != nil {
			return nil, err
		} else if !more {
			break
		}
	}
	if w.last != idFrom(at[8:]) {
		return nil, fmt.Errorf("%w: what came before %q has changed, begin again", ErrInvalid, k.cursor)
	}
	return w, nil
}
