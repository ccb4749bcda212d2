package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/dgraph-io/badger/v4"
)

// Commit writes all or nothing. Of several writes to one key the last counts.
// What is within Limits is one transaction; more is written twice, see parts.go,
// and has reached Badger when Commit returns.
// The writes must not be changed afterwards. With sync set it returns only once
// the writes and all before them survive a power cut. Without, it returns when
// Badger is about to write: every View that begins later, and every other
// method, waits for that and sees it; what a View or Sync has seen survives the
// end of the process, and a power cut takes the latest first. After ErrDiskFull
// and ErrKey nothing was written; after any other error the writes may
// or may not be there, and all further commits return ErrFailed. So they do when
// a commit failed after it had returned.
func (s *Store) Commit(writes []Write, sync bool) error {
	for i := range writes {
		if err := checkKey(writes[i].Key); err != nil {
			return err
		}
	}
	writes = split(writes)
	if !s.limits.fit(writes) {
		return s.commitInParts(writes, sync)
	}
	s.mu.Lock()
	if err := s.ready(); err != nil {
		s.mu.Unlock()
		return err
	}
	s.written = true
	if !sync {
		s.launch(writes)
		return nil
	}
	defer s.mu.Unlock()
	s.failed = s.commit(s.seal(writes))
	return s.failed
}

// ready returns why no commit can be taken now.
func (s *Store) ready() error {
	if err := s.usable(); err != nil {
		return err
	}
	return s.space.check()
}

// Sync makes all commits before it survive a power cut. After an error it is
// not known which do, and all further commits return ErrFailed.
func (s *Store) Sync() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return err
	}
	if err := s.sync(); err != nil {
		s.failed = err
		return err
	}
	return nil
}

// Limits returns how many bytes of keys and values, and how many writes, one
// Commit makes in one transaction: half of what Badger takes.
func (s *Store) Limits() (bytes, writes int) { return s.limits.bytes, s.limits.writes }

var errClosed = errors.New("the store is closed")

func (s *Store) usable() error {
	switch {
	case s.closed:
		return errClosed
	case s.failed != nil:
		return fmt.Errorf("%w, close the store and open it again: %w", ErrFailed, s.failed)
	}
	return nil
}

// commit writes and syncs. Its caller has checked the writes.
func (s *Store) commit(set *entries) error {
	defer s.release(set)
	if err := s.put(set); err != nil {
		return err
	}
	return s.sync()
}

// put writes and counts.
func (s *Store) put(set *entries) error {
	if err := s.transact(set); err != nil {
		return fmt.Errorf("commit %d writes: %w", len(set.list), err)
	}
	s.commits++
	s.wal.wrote(set.fill)
	return nil
}

// transact is one Badger transaction of the writes, the number of the commit,
// and the identity of a new marker file.
func (s *Store) transact(set *entries) error {
	own := []Write{{commitsKey, binary.BigEndian.AppendUint64(nil, s.commits+1)}}
	if s.place != nil {
		own = append(own, Write{markerKey, s.place})
	}
	txn := s.db.NewTransaction(true)
	defer txn.Discard()
	if err := set.into(txn); err != nil {
		return err
	}
	if err := sealed(&entries{}, own).into(txn); err != nil {
		return err
	}
	if err := txn.Commit(); err != nil {
		return err
	}
	s.place = nil
	return nil
}

// entries are the writes of a commit as Badger takes them.
type entries struct {
	list []badger.Entry // without a value: to be removed
	buf  []byte         // the values
	fill fill
}

// seal is sealed in memory that earlier commits are done with, see release.
func (s *Store) seal(writes []Write) *entries {
	set, is := s.spare.Get().(*entries)
	if !is {
		set = &entries{}
	}
	return sealed(set, writes)
}

// release keeps the memory of entries for later commits. Badger has copied what
// is in it.
func (s *Store) release(set *entries) {
	clear(set.list)
	s.spare.Put(set)
}

// sealed fills set with writes: it copies the values and puts their checksums
// behind them.
func sealed(set *entries, writes []Write) *entries {
	size := 0
	for i := range writes {
		size += len(writes[i].Value) + checksumSize
	}
	buf := slices.Grow(set.buf[:0], size)
	set.list = slices.Grow(set.list[:0], len(writes))[:len(writes)]
	for i, w := range writes {
		set.list[i] = badger.Entry{Key: w.Key}
		if w.Value == nil {
			continue
		}
		from := len(buf)
		buf = seal(buf, w.Key, w.Value)
		set.list[i].Value = buf[from:len(buf):len(buf)]
	}
	set.buf, set.fill = buf, fillOf(writes)
	return set
}

// into puts the writes into a transaction.
func (set *entries) into(txn *badger.Txn) error {
	for i := range set.list {
		e := &set.list[i]
		var err error
		if e.Value == nil {
			err = txn.Delete(e.Key)
		} else {
			err = txn.SetEntry(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sync makes everything written so far durable, and refreshes the copy of the
// list of tables if a memtable was written out since the last time.
func (s *Store) sync() error {
	if s.synced == s.commits && !s.wal.unsynced() {
		return nil
	}
	rotated, err := s.wal.sync()
	if err != nil {
		return fmt.Errorf("sync: %w", err)
	}
	s.synced = s.commits
	if rotated {
		return copyManifest(s.dir)
	}
	return nil
}

// limits bound one transaction.
type limits struct{ bytes, writes int }

func limitsOf(db *badger.DB) limits {
	return limits{bytes: int(db.MaxBatchSize() / 2), writes: int(db.MaxBatchCount() / 2)}
}
