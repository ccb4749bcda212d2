package ledger

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"github.com/minga-commons/minga/protocol"
)

// place is part of the journal: entries of one log that came together.
type place struct {
	position uint64
	log      logNo
	seqs     []int64
}

// runsOf returns the places of a commons from a journal position on: all of
// them, or those of the entries that name an identifier. Sixteen bytes of it
// decide, so that the caller looks at each entry once more.
func (l *Ledger) runsOf(ctx context.Context, no commonsNo, id protocol.EntryID, from uint64) iter.Seq2[place, error] {
	return func(yield func(place, error) bool) {
		if id.IsZero() {
			for r, err := range l.journal(ctx, from) {
				if err == nil && r.Commons != no {
					continue
				}
				at := place{position: r.position, log: r.Log}
				for seq := r.First; err == nil && seq <= r.Last; seq++ {
					at.seqs = append(at.seqs, seq)
				}
				if !yield(at, err) || err != nil {
					return
				}
			}
			return
		}
		for {
			rows, err := l.postingsOf(no, id, from)
			for i := 0; err == nil && i < len(rows); i++ {
				var run placedRun
				run, err = l.run(rows[i].position)
				at := place{position: rows[i].position, log: run.Log, seqs: rows[i].seqs}
				if err = errors.Join(err, ctx.Err()); err == nil && !yield(at, nil) {
					return
				}
			}
			if err != nil {
				yield(place{}, err)
				return
			}
			if len(rows) < postingsAtOnce {
				return
			}
			from = rows[len(rows)-1].position + 1
		}
	}
}

// postingsAtOnce is how many rows of a posting list are read by one scan.
const postingsAtOnce = 64

// postingsOf returns the next rows of a posting list: places without their log.
func (l *Ledger) postingsOf(no commonsNo, id protocol.EntryID, from uint64) ([]place, error) {
	prefix := key(keyPosting, no.bytes(), id[:postPrefix])
	var rows []place
	err := l.scan(prefix, append(bytes.Clone(prefix), u64(from)...), func(k, v []byte) bool {
		rows = append(rows, place{position: binary.BigEndian.Uint64(k[len(prefix):]), seqs: postings(v)})
		return len(rows) < postingsAtOnce
	})
	return rows, err
}

type placedRun struct {
	runRow
	position uint64
}

func (l *Ledger) run(position uint64) (placedRun, error) {
	v, err := l.read(key(keyRun, u64(position)))
	if err != nil {
		return placedRun{}, err
	}
	if v == nil {
		return placedRun{}, fmt.Errorf("%w: journal record %d", ErrDamaged, position)
	}
	r := placedRun{position: position}
	return r, decode("journal record", v, &r.runRow)
}

// journal returns the journal records from a position on, up to the present
// end.
func (l *Ledger) journal(ctx context.Context, from uint64) iter.Seq2[placedRun, error] {
	return func(yield func(placedRun, error) bool) {
		end := l.Position()
		for position := max(from, 1); position <= end; position++ {
			r, err := l.run(position)
			if err == nil {
				err = ctx.Err()
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
	}
}

// Journal returns the name of the arrival journal. It changes when a cursor
// into the old one could mislead.
func (l *Ledger) Journal() protocol.JournalID {
	l.stateMu.RLock()
	defer l.stateMu.RUnlock()
	return l.meta.Journal
}

// Position returns the newest position of the journal.
func (l *Ledger) Position() uint64 {
	l.stateMu.RLock()
	defer l.stateMu.RUnlock()
	return l.meta.Position
}

// DurablePosition returns the journal position up to which everything survives
// a power cut. Only such positions may be told to others as cursors.
func (l *Ledger) DurablePosition() uint64 {
	l.stateMu.RLock()
	defer l.stateMu.RUnlock()
	return l.durable
}

// Runs returns the journal records of a commons after a position, ascending, up
// to the present end.
func (l *Ledger) Runs(ctx context.Context, id protocol.CommonsID, after uint64) iter.Seq2[protocol.Run, error] {
	return func(yield func(protocol.Run, error) bool) {
		no, _, err := l.state(id)
		if err != nil {
			yield(protocol.Run{}, err)
			return
		}
		for r, err := range l.journal(ctx, after+1) {
			if err == nil && r.Commons != no {
				continue
			}
			var run protocol.Run
			if err == nil {
				run, err = l.public(r)
			}
			if !yield(run, err) || err != nil {
				return
			}
		}
	}
}

func (l *Ledger) public(r placedRun) (protocol.Run, error) {
	row, err := l.logRow(r.Log)
	if err != nil {
		return protocol.Run{}, err
	}
	l.stateMu.RLock()
	defer l.stateMu.RUnlock()
	run := protocol.Run{
		Position: r.position, Commons: l.commons[r.Commons].id(), Log: row.log(), First: r.First, Last: r.Last,
	}
	if row.Of > 0 {
		run.Branch = uint32(r.Log)
	}
	return run, nil
}

// Watch returns what this node comes to hold after a journal position: first
// what is there, then what comes, until the context ends. The last pair then
// carries the context's error.
func (l *Ledger) Watch(ctx context.Context, after uint64) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		for {
			l.stateMu.RLock()
			changed := l.changed
			l.stateMu.RUnlock()
			for r, err := range l.journal(ctx, after+1) {
				var c Change
				if err == nil {
					c.Own = r.Own
					c.Run, err = l.public(r)
				}
				if !yield(c, err) || err != nil {
					return
				}
				after = r.position
			}
			select {
			case <-changed:
			case <-ctx.Done():
				yield(Change{}, ctx.Err())
				return
			}
		}
	}
}

// Bookmark returns a cursor that was kept under a name.
func (l *Ledger) Bookmark(name string) (protocol.Cursor, bool) {
	v, err := l.read(key(keyBookmark, []byte(name)))
	var c protocol.Cursor
	if err != nil || len(v) != len(c.Journal)+posBytes {
		return c, false
	}
	copy(c.Journal[:], v)
	c.Position = binary.BigEndian.Uint64(v[len(c.Journal):])
	return c, true
}

// SetBookmark keeps a cursor under a name. A power cut, or an end of the process
// right after it, may bring back an older one.
func (l *Ledger) SetBookmark(name string, c protocol.Cursor) error {
	return l.write(context.Background(), 256, func(b *batch) error {
		b.put(key(keyBookmark, []byte(name)), append(c.Journal[:len(c.Journal):len(c.Journal)], u64(c.Position)...))
		return nil
	})
}
