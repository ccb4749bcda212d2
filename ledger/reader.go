package ledger

import (
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// entryReader reads entries that stand near one another and what became of them,
// and keeps the two groups of blocks that it read last: those of records and those
// of their amendments. It is for one goroutine and one answer.
type entryReader struct {
	l    *Ledger
	last [2]*blockReader // the one that was used last first

	// While together runs: the snapshot, the mark of rowCache from before it, and
	// what was read from it.
	snap  Snapshot
	since uint64
	logs  map[logNo]*logRow
	valid map[commonsNo]bool // no entry of it is void
}

// together has all reads of fn see one committed state. The rows of logs that are
// in memory may be those of another one, see void.
func (r *entryReader) together(fn func() error) error {
	since := r.l.rowCache.now()
	var err error
	failed := r.l.storage.View(func(s Snapshot) error {
		r.snap, r.since = s, since
		r.logs, r.valid = map[logNo]*logRow{}, map[commonsNo]bool{}
		defer func() { r.snap = nil }()
		err = fn()
		return nil
	})
	if failed != nil {
		return storeError(failed)
	}
	return err
}

// view calls fn with the snapshot of together, else with one of its own.
func (r *entryReader) view(fn func(Snapshot) error) error {
	if r.snap != nil {
		return storeError(fn(r.snap))
	}
	return storeError(r.l.storage.View(fn))
}

// read returns a stored value.
func (r *entryReader) read(k []byte) ([]byte, error) {
	if r.snap == nil {
		return r.l.read(k)
	}
	value, err := r.snap.Get(k)
	return value, storeError(err)
}

// at reads an entry by its place.
func (r *entryReader) at(no logNo, seq int64) (e protocol.Entry, err error) {
	err = r.view(func(s Snapshot) error {
		blocks := r.blocks(no, seq/groupSize)
		blocks.snap = s
		e, err = blocks.entry(seq)
		return err
	})
	return e, err
}

// blocks returns the reader that has a group of blocks, or else the one that was
// not used last.
func (r *entryReader) blocks(no logNo, group int64) *blockReader {
	for i, held := range r.last {
		if held != nil && held.no == no && held.group == group {
			r.last[0], r.last[i] = held, r.last[0]
			return held
		}
	}
	r.last[1] = r.last[0]
	r.last[0] = newBlockReader(nil, no)
	return r.last[0]
}

// called reads the entry that stands at a place, and makes sure that it is the
// one with the given identifier.
func (r *entryReader) called(id protocol.EntryID, no logNo, seq int64) (protocol.Entry, error) {
	e, err := r.at(no, seq)
	if err == nil && e.ID() != id {
		err = fmt.Errorf("%w: the bytes of entry %d of log %d are not those that were written", ErrDamaged, seq, no)
	}
	return e, err
}

// primaryRow returns the row of the log to which a number belongs.
func (r *entryReader) primaryRow(no logNo) (*logRow, error) {
	row, err := r.logRow(no)
	if err == nil && row.Of > 0 {
		return r.logRow(row.primary())
	}
	return row, err
}

// logRow returns the row of a log from memory, else from the snapshot: one that
// is not in memory must not be newer than that.
func (r *entryReader) logRow(no logNo) (*logRow, error) {
	if row, held := r.l.logCache.Get(no); held || r.snap == nil {
		if held {
			return row, nil
		}
		return r.l.logRow(no)
	}
	if row, known := r.logs[no]; known {
		return row, nil
	}
	row, err := r.l.logRowFrom(r.read, no)
	if err == nil {
		r.logs[no] = row
	}
	return row, err
}

// void returns why an entry is void, nil if it is not, to whoever has read the row
// of its log before. As long as nothing was published since the snapshot was taken,
// the snapshot is not older than that row, and says how many are void; otherwise
// it may be, and a newer one is asked.
func (r *entryReader) void(no commonsNo, id protocol.EntryID) ([]byte, error) {
	k := stateKey(no, rules.Voids, id[:])
	if r.snap == nil || r.l.rowCache.now() != r.since {
		return r.l.read(k)
	}
	valid, known := r.valid[no]
	if !known {
		row, err := r.read(key(keyCommons, no.bytes()))
		if err != nil {
			return nil, err
		}
		var c commonsRow
		if err := decode("commons", row, &c); err != nil {
			return nil, err
		}
		valid = c.Void == 0
		r.valid[no] = valid
	}
	if valid {
		return nil, nil
	}
	return r.read(k)
}

// readRows is the rules' view of what a reader reads of one commons.
type readRows struct {
	*entryReader
	no commonsNo
}

// Get returns a row of state of the commons that is read.
func (x readRows) Get(t rules.Table, k []byte) ([]byte, error) {
	return x.read(stateKey(x.no, t, k))
}

// Put does nothing: stored rows are read only.
func (x readRows) Put(rules.Table, []byte, []byte) {}
