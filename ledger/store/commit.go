package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"
)

// Commit writes all or nothing. Of several writes to one key the last counts.
// With sync set it returns only once the writes and all before them survive a
// power cut; without, they survive the end of the process, and a power cut takes
// the latest first. After ErrDiskFull, ErrTooBig and ErrKey nothing was written;
// after any other error the writes may or may not be there, and all further
// commits return ErrFailed.
func (s *Store) Commit(writes []Write, sync bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(); err != nil {
		return err
	}
	if err := s.space.check(); err != nil {
		return err
	}
	if err := s.limits.check(writes); err != nil {
		return err
	}
	for i := range writes {
		if err := checkKey(writes[i].Key); err != nil {
			return err
		}
	}
	if err := s.commit(writes, sync); err != nil {
		s.failed = err
		return err
	}
	s.written = true
	return nil
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
// Commit takes: half of what Badger takes.
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

// commit writes and counts. Its caller has checked the writes.
func (s *Store) commit(writes []Write, sync bool) error {
	if s.wal.mayRotate() {
		if err := s.sync(); err != nil {
			return err
		}
	}
	if err := s.transact(writes); err != nil {
		return fmt.Errorf("commit %d writes: %w", len(writes), err)
	}
	s.commits++
	rotated := s.wal.wrote(fillOf(writes))
	if sync || rotated {
		return s.sync()
	}
	return nil
}

// transact is one Badger transaction of the writes, the number of the commit,
// and the identity of a new marker file.
func (s *Store) transact(writes []Write) error {
	own := []Write{{commitsKey, binary.BigEndian.AppendUint64(nil, s.commits+1)}}
	if s.place != nil {
		own = append(own, Write{markerKey, s.place})
	}
	txn := s.db.NewTransaction(true)
	defer txn.Discard()
	if err := set(txn, writes); err != nil {
		return err
	}
	if err := set(txn, own); err != nil {
		return err
	}
	if err := txn.Commit(); err != nil {
		return err
	}
	s.place = nil
	return nil
}

// set puts writes into a transaction. They must not change before its end.
func set(txn *badger.Txn, writes []Write) error {
	size := 0
	for i := range writes {
		size += len(writes[i].Value) + checksumSize
	}
	sealed := make([]byte, 0, size)
	entries := make([]badger.Entry, len(writes))
	for i, w := range writes {
		if w.Value == nil {
			if err := txn.Delete(w.Key); err != nil {
				return err
			}
			continue
		}
		from := len(sealed)
		sealed = seal(sealed, w.Key, w.Value)
		entries[i].Key, entries[i].Value = w.Key, sealed[from:]
		if err := txn.SetEntry(&entries[i]); err != nil {
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

// limits bound one commit.
type limits struct{ bytes, writes int }

func limitsOf(db *badger.DB) limits {
	return limits{bytes: int(db.MaxBatchSize() / 2), writes: int(db.MaxBatchCount() / 2)}
}

func (l limits) check(writes []Write) error {
	if len(writes) > l.writes {
		return fmt.Errorf("%w: %d writes, at most %d are taken", ErrTooBig, len(writes), l.writes)
	}
	size := 0
	for _, w := range writes {
		if len(w.Value) > maxValue {
			return fmt.Errorf("%w: the value of key %x has %d bytes, at most %d are taken",
				ErrTooBig, w.Key, len(w.Value), maxValue)
		}
		size += len(w.Key) + len(w.Value)
	}
	if size > l.bytes {
		return fmt.Errorf("%w: %d bytes, at most %d are taken", ErrTooBig, size, l.bytes)
	}
	return nil
}
