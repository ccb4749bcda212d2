package ledger

import (
	"context"
	"errors"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// cutSource reads the entries of a commons for package cut.
type cutSource struct {
	l  *Ledger
	no commonsNo
	c  *commonsState
}

// Entries calls fn for each entry of a log up to a seq.
func (s cutSource) Entries(ctx context.Context, log protocol.LogID, upTo int64, fn func(protocol.Entry) error) error {
	row, err := s.l.logByID(log)
	if err != nil {
		return err
	}
	return s.run(ctx, row, 0, upTo, fn)
}

// run calls fn for the entries of a log from one seq to another.
func (s cutSource) run(ctx context.Context, row *logRow, from, upTo int64, fn func(protocol.Entry) error) error {
	return storeError(s.l.storage.View(func(snap Snapshot) error {
		path := row.path()
		for i, stretch := range path {
			end := upTo
			if i+1 < len(path) {
				end = min(end, path[i+1].From-1)
			}
			reader := newBlockReader(snap, stretch.No)
			for seq := max(from, stretch.From); seq <= end; seq++ {
				if seq%1024 == 0 {
					if err := ctx.Err(); err != nil {
						return err
					}
				}
				e, err := reader.entry(seq)
				if err == nil {
					err = fn(e)
				}
				if err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// Void calls fn for each void entry.
func (s cutSource) Void(fn func(protocol.EntryID, rules.Reason)) error {
	prefix := stateKey(s.no, rules.Voids, nil)
	return s.l.scan(prefix, nil, func(k, v []byte) bool {
		fn(idFrom(k[len(prefix):]), Reason(v))
		return true
	})
}

// Find returns an entry of the commons on the history that counts.
func (s cutSource) Find(id protocol.EntryID) (protocol.Entry, bool, error) {
	e, no, err := s.l.find(id)
	if errors.Is(err, ErrNotFound) {
		return e, false, nil
	}
	if err != nil {
		return e, false, err
	}
	row, err := s.l.primaryRow(no)
	return e, err == nil && row.Commons == s.no && row.has(no, e.Seq), err
}

// Terms returns the charter in force at a seq of the charter log.
func (s cutSource) Terms(seq int64) rules.Terms { return s.c.termsAt(seq) }

// Admitted returns the charter seq of the first entry that admits a log, -1 if there
// is none.
func (s cutSource) Admitted(log protocol.LogID) (int64, error) {
	row, err := s.l.read(stateKey(s.no, rules.Admitted, log.EntryID[:]))
	if err != nil || row == nil {
		return -1, err
	}
	return seqFrom(row), nil
}

// settledNow returns the settled heads of all logs of a commons, ascending, and the
// logs that hold entries above.
func (l *Ledger) settledNow(ctx context.Context, id protocol.CommonsID) ([]protocol.Head, []HeldLog, error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, nil, err
	}
	var cut []protocol.Head
	var held []HeldLog
	for row, err := range l.logRows(ctx, id) {
		if err != nil {
			return nil, nil, err
		}
		seq := row.decided()
		if seq >= 0 {
			e, err := l.entryAt(row.at(seq), seq)
			if err != nil {
				return nil, nil, err
			}
			cut = append(cut, e.Head())
		}
		last, err := l.newestOfWeight(row)
		if err != nil {
			return nil, nil, err
		}
		if last <= seq && !row.frozen() {
			continue
		}
		h := HeldLog{Log: row.log(), Frozen: row.frozen(), Entries: last - seq, Reason: row.Awaits}
		if h.Frozen {
			h.Reason = rules.ForkUnsettled
		}
		if h.Agent, err = l.knownAgent(no, c, row.log().Agent()); err != nil {
			return nil, nil, err
		}
		held = append(held, h)
	}
	byLog := func(a, b protocol.Head) int { return a.Log.Compare(b.Log.EntryID) }
	slices.SortFunc(cut, byLog)
	slices.SortFunc(held, func(a, b HeldLog) int { return a.Log.Compare(b.Log.EntryID) })
	return cut, held, ctx.Err()
}

// missing returns the heads of a cut that are not held here, or not settled.
func (l *Ledger) missing(id protocol.CommonsID, cut []protocol.Head) ([]protocol.Head, error) {
	no, _, err := l.state(id)
	if err != nil {
		return nil, err
	}
	var all []protocol.Head
	for _, h := range cut {
		row, err := l.logByID(h.Log)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, err
		}
		if err != nil || row.Commons != no || h.Seq > row.decided() {
			all = append(all, h)
			continue
		}
		e, err := l.entryAt(row.at(h.Seq), h.Seq)
		if err != nil {
			return nil, err
		}
		if e.ID() != h.CID {
			all = append(all, h)
		}
	}
	return all, nil
}
