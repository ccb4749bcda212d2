package store

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/dgraph-io/badger/v4"
)

// View calls fn with a snapshot: what it reads is one committed state, also
// while commits go on beside it. It waits for a commit that has returned and is
// still being written, and returns ErrFailed if that failed, else what fn
// returns. Many may run at once.
func (s *Store) View(fn func(Snapshot) error) error {
	txn, err := s.begin()
	if err != nil {
		return err
	}
	defer txn.Discard()
	return fn(snapshot{txn})
}

// begin returns a transaction that reads one committed state.
func (s *Store) begin() (*badger.Txn, error) {
	s.whole.RLock()
	defer s.whole.RUnlock()
	if err := s.wait(); err != nil {
		return nil, err
	}
	if s.db.IsClosed() {
		return nil, badger.ErrDBClosed
	}
	return s.db.NewTransaction(false), nil
}

type snapshot struct{ txn *badger.Txn }

// Get returns a copy of the value of key, nil if there is none, and ErrDamaged
// if the value is not the one that was written.
func (s snapshot) Get(key []byte) ([]byte, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	return get(s.txn, key)
}

func get(txn *badger.Txn, key []byte) ([]byte, error) {
	item, err := txn.Get(key)
	if errors.Is(err, badger.ErrKeyNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read key %x: %w", key, err)
	}
	stored, err := item.ValueCopy(nil)
	if err != nil {
		return nil, fmt.Errorf("read the value of key %x: %w", key, err)
	}
	value, err := unseal(key, stored)
	if err != nil {
		return nil, err
	}
	return joined(txn, key, value)
}

// Scan implements Snapshot. Only tables that may hold the prefix are opened. It
// returns ErrDamaged at the first value that is not the one that was written,
// also with keysOnly.
func (s snapshot) Scan(prefix, from []byte, keysOnly bool, fn func(key, value []byte) bool) error {
	opts := badger.IteratorOptions{Prefix: prefix}
	it := s.txn.NewIterator(opts)
	defer it.Close()

	start := prefix
	if bytes.Compare(from, start) > 0 {
		start = from
	}
	if bytes.Compare(start, firstKey) < 0 {
		start = firstKey
	}
	for it.Seek(start); it.Valid(); it.Next() {
		item := it.Item()
		key := item.Key()
		var value []byte
		err := item.Value(func(stored []byte) (err error) {
			value, err = unseal(key, stored)
			return err
		})
		if err == nil && !keysOnly {
			value, err = joined(s.txn, key, value)
		}
		if err != nil {
			return fmt.Errorf("scan prefix %x: %w", prefix, err)
		}
		if keysOnly {
			value = nil
		}
		if !fn(key, value) {
			return nil
		}
	}
	return nil
}
