package ledger

import "github.com/minga-commons/minga/ledger/store"

// Storage is what the ledger needs of a disk: an ordered map of byte strings
// with atomic commits, and one small value kept apart from it. Package store
// implements it on Badger, the simulator in memory with faults.
type Storage interface {
	// View calls fn with a snapshot: what it reads is one committed state. It
	// may run beside a Commit.
	View(fn func(Snapshot) error) error

	// Commit writes all or nothing; the writes must not be changed afterwards.
	// With sync set, it returns only once the writes and all before them survive
	// a power cut. Without, it may return while they are still being written:
	// every View that begins later waits for them and sees them, and then they
	// survive the end of the process; they may be lost with the machine, latest
	// first. Only one Commit runs at a time. After an error, and when a View,
	// Commit or Sync tells that an earlier Commit failed, the writes may or may
	// not be there: the caller closes and opens again.
	Commit(writes []Write, sync bool) error

	// Sync makes all commits before it survive a power cut.
	Sync() error

	// Limits returns how many bytes of keys and values, and how many writes, one
	// Commit takes at once. Of more it makes several steps, and is slower: a
	// Commit is all or nothing all the same, for readers and after a crash.
	Limits() (bytes, writes int)

	// HighWater returns what SetHighWater kept last, nil if nothing.
	HighWater() ([]byte, error)

	// SetHighWater replaces one small value that is kept outside the database
	// and synced, so that a database that was lost or emptied is noticed.
	SetHighWater(value []byte) error

	// Moved reports whether the files are a copy: whether they lie elsewhere on
	// disk than those that were written last.
	Moved() bool

	// Close ends the use of the storage; nothing may run beside or after it.
	Close() error
}

// Snapshot reads one committed state.
type Snapshot = store.Snapshot

// Write sets a key to a value, or removes it when Value is nil. An empty value
// that is not nil is a value.
type Write = store.Write
