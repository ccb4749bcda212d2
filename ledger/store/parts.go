package store

import (
	"bytes"
	"errors"
	"fmt"
	"iter"

	"github.com/dgraph-io/badger/v4"
)

// A commit that is larger than one transaction of Badger is made in parts. They
// are written beside first, then a mark that all are there; then they are put in
// their places, and the mark is taken away. Until the mark is there the commit
// is not; from then on it is, and a start after a crash goes on with it. No
// reader begins while parts are put in their places.

// What stands before a value that is written beside.
const (
	partRemoves = 0
	partSets    = 1
)

// portions are the parts of a commit.
type portions iter.Seq2[[]Write, error]

// fit reports whether one transaction takes all of the writes.
func (l limits) fit(writes []Write) bool {
	size := 0
	for i := range writes {
		size += len(writes[i].Key) + len(writes[i].Value)
	}
	return len(writes) <= l.writes && size <= l.bytes
}

// besideSize is what a write takes when it is written beside.
func besideSize(w Write) int { return len(besidePrefix) + len(w.Key) + 1 + len(w.Value) }

// portions yields writes in portions that one transaction takes, also when they
// are written beside.
func (l limits) portions(writes []Write) portions {
	return func(yield func([]Write, error) bool) {
		from, size := 0, 0
		for i, w := range writes {
			if i > from && (size+besideSize(w) > l.bytes || i-from == l.writes) {
				if !yield(writes[from:i], nil) {
					return
				}
				from, size = i, 0
			}
			size += besideSize(w)
		}
		yield(writes[from:], nil)
	}
}

func besideKey(key []byte) []byte { return append(bytes.Clone(besidePrefix), key...) }

// commitInParts is Commit for what one transaction does not take.
func (s *Store) commitInParts(writes []Write, sync bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(); err != nil {
		return err
	}
	s.written = true
	err := s.setBeside(writes)
	if errors.Is(err, ErrDiskFull) {
		s.failed = s.clearBeside()
		return err
	}
	if err == nil {
		err = s.putInPlace(s.limits.portions(writes))
	}
	if err == nil && sync {
		err = s.sync()
	}
	s.failed = err
	return err
}

// setBeside writes the parts of a commit beside, and the mark that all are there.
func (s *Store) setBeside(writes []Write) error {
	if s.litter {
		if err := s.clearBeside(); err != nil {
			return err
		}
	}
	s.litter = true
	for part := range s.limits.portions(writes) {
		if err := s.space.check(); err != nil {
			return err
		}
		beside := make([]Write, len(part))
		for i, w := range part {
			value := []byte{partRemoves}
			if w.Value != nil {
				value = append([]byte{partSets}, w.Value...)
			}
			beside[i] = Write{besideKey(w.Key), value}
		}
		if err := s.putPart(beside); err != nil {
			return err
		}
	}
	return s.putPart([]Write{{wholeKey, []byte{}}})
}

// putPart is put, with the sync that may have to come before the next.
func (s *Store) putPart(writes []Write) error {
	if s.beforePut != nil {
		if err := s.beforePut(writes); err != nil {
			return err
		}
	}
	set := s.seal(writes)
	defer s.release(set)
	if err := s.put(set); err != nil {
		return err
	}
	if s.wal.due() {
		return s.sync()
	}
	return nil
}

// putInPlace writes the parts of a commit where they belong, and clears what was
// written beside. If that fails, nothing is read any more until the store was
// opened again.
func (s *Store) putInPlace(parts portions) error {
	err := s.putAll(parts)
	if err == nil {
		return s.clearBeside()
	}
	return err
}

func (s *Store) putAll(parts portions) (err error) {
	s.whole.Lock()
	defer s.whole.Unlock()
	defer func() {
		if err != nil {
			f := &flight{landed: make(chan struct{})}
			f.err = fmt.Errorf("%w, close the store and open it again: %w", ErrFailed, err)
			close(f.landed)
			s.last.Store(f)
		}
	}()
	for part, err := range parts {
		if err != nil {
			return err
		}
		if err := s.putPart(part); err != nil {
			return err
		}
	}
	return s.putPart([]Write{{Key: wholeKey}})
}

// clearBeside removes what is written beside.
func (s *Store) clearBeside() error {
	for part, err := range s.beside() {
		if err != nil {
			return err
		}
		for i := range part {
			part[i] = Write{Key: besideKey(part[i].Key)}
		}
		if err := s.putPart(part); err != nil {
			return err
		}
	}
	s.litter = false
	return nil
}

// beside yields what is written beside.
func (s *Store) beside() portions {
	return func(yield func([]Write, error) bool) {
		for from := besidePrefix; from != nil; {
			var part []Write
			var err error
			part, from, err = s.besideFrom(from)
			if len(part)+len(from) == 0 && err == nil || !yield(part, err) || err != nil {
				return
			}
		}
	}
}

// besideFrom reads one portion of what is written beside, and returns where the
// next begins, nil at the end.
func (s *Store) besideFrom(from []byte) (part []Write, next []byte, err error) {
	err = s.db.View(func(txn *badger.Txn) error {
		it := txn.NewIterator(badger.IteratorOptions{Prefix: besidePrefix})
		defer it.Close()
		size := 0
		for it.Seek(from); it.Valid(); it.Next() {
			w, err := writeBeside(it.Item())
			if err != nil {
				return err
			}
			if size += besideSize(w); size > s.limits.bytes && len(part) > 0 || len(part) == s.limits.writes {
				next = besideKey(w.Key)
				return nil
			}
			part = append(part, w)
		}
		return nil
	})
	return part, next, err
}

// writeBeside reads a write from where it stands beside.
func writeBeside(item *badger.Item) (Write, error) {
	key := item.KeyCopy(nil)
	stored, err := item.ValueCopy(nil)
	if err != nil {
		return Write{}, fmt.Errorf("read the value of key %x: %w", key, err)
	}
	value, err := unseal(key, stored)
	if err != nil || len(value) == 0 {
		return Write{}, errors.Join(err, fmt.Errorf("%w: a part of a commit under key %x", ErrDamaged, key))
	}
	w := Write{Key: key[len(besidePrefix):]}
	if value[0] == partSets {
		w.Value = value[1:]
	}
	return w, nil
}

// finishParts ends a commit in parts that a crash cut off: it is made if all of
// it was written beside, else it never was.
func (s *Store) finishParts() error {
	var whole []byte
	err := s.db.View(func(txn *badger.Txn) (err error) {
		whole, err = get(txn, wholeKey)
		return err
	})
	if err != nil {
		return err
	}
	if whole == nil {
		part, _, err := s.besideFrom(besidePrefix)
		s.litter = len(part) > 0 // the next commit in parts clears it
		return err
	}
	if err := s.space.check(); err != nil {
		return err
	}
	s.log.Warn("a commit in parts is finished that the last process began")
	return s.putInPlace(s.beside())
}
