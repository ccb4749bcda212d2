package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/dgraph-io/badger/v4"
	"golang.org/x/sys/unix"
)

// badgerFolder holds Badger's files, and nothing else does.
const badgerFolder = "badger"

// formatVersion is the version of the layout in FORMAT.md. A value is never
// used again.
const formatVersion = 1

// Store is an ordered map of byte strings on disk. Its methods may be called
// from several goroutines; commits run one after another.
type Store struct {
	dir    string
	log    *slog.Logger
	db     *badger.DB
	lock   *os.File
	moved  bool
	limits limits
	space  space

	last  atomic.Pointer[flight] // nil before the first
	whole sync.RWMutex           // held while a commit in parts is put in its place, see parts.go
	spare sync.Pool              // of *entries

	mu      sync.Mutex // held by a commit until it is done, see flight.go
	wal     wal
	commits uint64 // commits ever made
	synced  uint64 // of these, how many survive a power cut
	place   []byte // identity of the marker that the next commit is to remember
	written bool   // a caller has committed since Open
	litter  bool   // parts of a commit that was given up are written beside
	failed  error  // why no commit is taken any more
	closed  bool

	beforePut func(writes []Write) error // of a test that has parts of a commit fail; else nil
}

// Open opens the store in dir, or makes one there. Before Badger touches
// anything it checks that the files are whole; what is damaged, missing or
// emptied is ErrDamaged, a folder in use ErrLocked, a disk too full even to open
// ErrDiskFull, a layout of another version ErrFormat. The caller closes the
// Store when it is done.
func Open(dir string, o Options) (*Store, error) {
	if err := o.Validate(); err != nil {
		return nil, fmt.Errorf("options of the store: %w", err)
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if err := os.MkdirAll(filepath.Join(dir, badgerFolder), 0o700); err != nil {
		return nil, err
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, log: o.Logger, lock: lock, space: space{dir, o}}
	if err := s.open(o); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return s, nil
}

func (s *Store) open(o Options) error {
	if err := s.space.checkOpen(); err != nil {
		return err
	}
	high, err := readHighWater(s.dir)
	if err != nil {
		return err
	}
	fresh, err := inspect(s.dir, o)
	if err != nil {
		return err
	}
	s.db, err = openBadger(o.badger(s.path()))
	if err != nil {
		return err
	}
	if err := s.start(o, fresh, high); err != nil {
		return errors.Join(err, s.db.Close())
	}
	return nil
}

// start brings an opened database into use.
func (s *Store) start(o Options, fresh bool, high *highWater) (err error) {
	s.limits = limitsOf(s.db)
	if s.wal, err = openWAL(s.path(), o.MemTableSize); err != nil {
		return err
	}
	if err := s.checkFormat(fresh); err != nil {
		return err
	}
	if high != nil && s.commits < high.commits {
		return fmt.Errorf("%w: the database in %s has %d commits, %s knows of %d. %s",
			ErrDamaged, s.path(), s.commits, highWaterFile, high.commits, adviceAway(s.dir))
	}
	if err := s.checkMarker(o.Rand); err != nil {
		return err
	}
	if err := s.finishParts(); err != nil {
		return err
	}
	// Logs that a crash left behind are synced before a commit goes into a new one.
	if err := s.sync(); err != nil {
		return err
	}
	if err := copyManifest(s.dir); err != nil {
		return err
	}
	return s.space.ballast()
}

// openBadger opens Badger. A panic of it becomes an error.
func openBadger(o badger.Options) (db *badger.DB, err error) {
	defer func() {
		if r := recover(); r != nil {
			db, err = nil, fmt.Errorf("%w: Badger cannot read %s: %v", ErrDamaged, o.Dir, r)
		}
	}()
	db, err = badger.Open(o)
	switch {
	case err == nil:
		return db, nil
	case errors.Is(err, unix.ENOSPC):
		return nil, fmt.Errorf("%w: open %s: %w", ErrDiskFull, o.Dir, err)
	case strings.Contains(err.Error(), "Cannot acquire directory lock"):
		return nil, fmt.Errorf("%w: %s is held by another process", ErrLocked, o.Dir)
	}
	return nil, fmt.Errorf("open %s: %w", o.Dir, err)
}

// checkFormat stamps a new database and refuses one of an unknown version.
func (s *Store) checkFormat(fresh bool) error {
	var stamp, count []byte
	empty := true
	err := s.db.View(func(txn *badger.Txn) (err error) {
		if stamp, err = get(txn, formatKey); err != nil {
			return err
		}
		if count, err = get(txn, commitsKey); err != nil {
			return err
		}
		it := txn.NewIterator(badger.IteratorOptions{})
		defer it.Close()
		it.Rewind()
		empty = !it.Valid()
		return nil
	})
	switch {
	case err != nil:
		return err
	case stamp == nil && (fresh || empty):
		return s.commit(s.seal([]Write{{formatKey, binary.BigEndian.AppendUint16(nil, formatVersion)}}))
	case len(stamp) != 2 || len(count) != 8:
		return fmt.Errorf("%w: the database in %s does not tell its version", ErrFormat, s.path())
	}
	if v := binary.BigEndian.Uint16(stamp); v != formatVersion {
		return fmt.Errorf("%w: the database in %s has version %d, this software knows %d",
			ErrFormat, s.path(), v, formatVersion)
	}
	s.commits = binary.BigEndian.Uint64(count)
	return nil
}

// Moved reports whether the files are a copy: whether the marker file is not the
// one that the database remembers. It does not change until Close. The first
// Commit remembers the new place together with its writes; as long as there was
// none, every Open finds the files moved.
func (s *Store) Moved() bool { return s.moved }

// Close makes all commits durable and ends the use of the store. Nothing may
// run beside it. A second Close does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	err := s.db.Close()
	if err == nil {
		err = copyManifest(s.dir)
	}
	if err == nil && s.written && s.failed == nil {
		err = dropAside(s.dir)
	}
	return errors.Join(err, s.lock.Close())
}

func (s *Store) path() string { return filepath.Join(s.dir, badgerFolder) }
