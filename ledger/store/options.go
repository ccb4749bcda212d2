package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/dgraph-io/badger/v4"
	"github.com/dgraph-io/badger/v4/options"
)

const (
	mib = 1 << 20

	// maxValue is how many bytes of a value stand in one row. From somewhat more
	// on Badger would move it out of the tables into its value log, which this
	// package does not use.
	maxValue = 128 << 10
)

// Options say how much memory and disk a Store may take. Begin with Default or
// Small and change what is needed; a zero Options is not valid.
type Options struct {
	// MemTableSize is the size in bytes of one table in memory, where commits
	// live until they are written out. A transaction is at most a fourteenth of it;
	// up to NumMemtables + 2 of them are held under load. At least 2 MiB.
	MemTableSize int64

	// NumMemtables is how many full tables in memory may wait to be written out
	// before Commit waits for the disk. At least 1.
	NumMemtables int

	// BlockCacheSize is how many bytes of unpacked blocks are kept for reading.
	// At least 1 MiB.
	BlockCacheSize int64

	// NumCompactors is how many compactions run at once. At least 2.
	NumCompactors int

	// VerifyOnOpen makes Open read all tables and check all their checksums.
	// Without it Open checks only their ends, which is quicker on a large
	// database, and damage is found when a value is read, or by VerifyChecksum.
	VerifyOnOpen bool

	// MinFreeBytes and MinFreeFraction say how much of the disk must stay free:
	// the larger of the two, in bytes and as a part of the whole disk. Below it
	// Commit returns ErrDiskFull. Badger maps its files, and a mapped file on a
	// full disk ends the process.
	MinFreeBytes    int64
	MinFreeFraction float64

	// BallastBytes is the size of a file that only takes space, so that it can be
	// deleted when the disk is full. 0: none.
	BallastBytes int64

	// FreeSpace tells how many bytes of the disk that holds dir are free for
	// this process, and how many it has in all.
	FreeSpace func(dir string) (free, total uint64, err error)

	// Rand gives the nonce of the marker file.
	Rand io.Reader

	// Logger takes warnings and errors of the store and of Badger; what else
	// Badger says goes to it at debug level. nil: nothing is logged.
	Logger *slog.Logger
}

// Default returns the options of an ordinary machine: about 40 MiB of memory at
// rest, and under load as much again and what the garbage collector lets lie.
func Default() Options {
	return Options{
		MemTableSize:    16 * mib,
		NumMemtables:    1,
		BlockCacheSize:  8 * mib,
		NumCompactors:   2,
		VerifyOnOpen:    true,
		MinFreeBytes:    1 << 30,
		MinFreeFraction: 0.05,
		BallastBytes:    32 * mib,
		FreeSpace:       freeSpace,
		Rand:            rand.Reader,
	}
}

// Small returns the options of a machine with little memory: about half of what
// Default takes. A transaction is at most about 300 KiB.
func Small() Options {
	o := Default()
	o.MemTableSize = 4 * mib
	o.BlockCacheSize = 2 * mib
	o.BallastBytes = 8 * mib
	return o
}

// Validate returns nil, or all faults of the options at once.
func (o Options) Validate() error {
	var faults []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	check(o.MemTableSize >= 2*mib && o.MemTableSize <= 256*mib,
		"MemTableSize is %d, must be from 2 MiB to 256 MiB", o.MemTableSize)
	check(o.NumMemtables >= 1, "NumMemtables is %d, must be at least 1", o.NumMemtables)
	check(o.BlockCacheSize >= mib, "BlockCacheSize is %d, must be at least 1 MiB", o.BlockCacheSize)
	check(o.NumCompactors >= 2, "NumCompactors is %d, must be at least 2", o.NumCompactors)
	check(o.MinFreeBytes >= 0, "MinFreeBytes is %d, must not be negative", o.MinFreeBytes)
	check(o.MinFreeFraction >= 0 && o.MinFreeFraction < 1,
		"MinFreeFraction is %v, must be from 0 to below 1", o.MinFreeFraction)
	check(o.BallastBytes >= 0, "BallastBytes is %d, must not be negative", o.BallastBytes)
	check(o.FreeSpace != nil, "FreeSpace is missing")
	check(o.Rand != nil, "Rand is missing")
	return errors.Join(faults...)
}

// badger returns what Badger is opened with. SyncWrites is off because Commit
// syncs itself, see wal.go; checksums of blocks are off because inspection
// checks the tables and every value carries a checksum of its own, see value.go:
// Badger takes a block that it cannot verify for the end of the table and says
// nothing.
func (o Options) badger(dir string) badger.Options {
	b := badger.DefaultOptions(dir)
	b.Logger = badgerLogger{o.Logger}
	b.SyncWrites = false
	b.DetectConflicts = false
	b.NumVersionsToKeep = 1
	b.MetricsEnabled = false
	b.MemTableSize = o.MemTableSize
	b.NumMemtables = o.NumMemtables
	b.NumCompactors = o.NumCompactors
	b.BlockCacheSize = o.BlockCacheSize
	b.IndexCacheSize = 0
	b.Compression = options.Snappy
	b.ChecksumVerificationMode = options.NoVerification
	b.ValueThreshold = 1 + maxValue + checksumSize + 1
	b.ValueLogFileSize = 1 * mib
	return b
}
