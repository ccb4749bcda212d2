package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// wal follows Badger's write-ahead logs from outside, for two things that
// Badger does not do by itself.
//
// Badger writes each memtable to a log, a file NNNNN.mem. When the memtable is
// full Badger begins a new file, and writes the old one out as a table in the
// background. DB.Sync syncs only the newest file: until the old one is written
// out, what it holds is not durable, although later commits are. So sync here
// syncs every file that is left.
//
// A power cut in between could also leave later commits without earlier ones,
// since the system writes the pages of two files in any order. Within one file
// the checksums end the replay at the first gap. So a file is synced as soon as
// the next commit may go into a new one.
type wal struct {
	dir     string
	size    int64 // of a memtable
	current uint64
	old     []uint64 // earlier files that are not known to be synced
	fill    fill     // of the current memtable
	dirty   bool     // the current file has unsynced commits
	names   bool     // the list of files changed since the last sync
	late    int      // files that Badger left before mayRotate foresaw it
}

// fill says how full a memtable is: it is full when either of both reaches its
// size.
type fill struct {
	arena int64 // bytes of its list in memory, about
	log   int64 // bytes of its log, at most
}

const (
	// nodeBytes is what the list takes for each write beside key and value: a
	// node of 23 bytes and 4 for each of its levels, of which there are 1.5 on
	// average, 8 for the version, 3 for the head of the value, our checksum.
	nodeBytes = 23 + 6 + 8 + 3 + checksumSize
	// recordBytes is what the log takes for each write beside key and value: a
	// head of at most 8 bytes, 8 for the version, a checksum, and ours.
	recordBytes = 8 + 8 + 4 + checksumSize
	// endBytes is the record that ends a commit in the log, with a version of up
	// to 12 digits.
	endBytes = 5 + 11 + 8 + 12 + 4
	// ownBytes is the write of the number of the commit, without the above.
	ownBytes = 2 + 8
	// slack is far more than the number of levels may stray from its average.
	slack = 64 << 10
)

// fillOf returns how much fuller a commit makes the memtable.
func fillOf(writes []Write) fill {
	n, sum := int64(len(writes)+1), int64(ownBytes)
	for i := range writes {
		sum += int64(len(writes[i].Key) + len(writes[i].Value))
	}
	return fill{arena: sum + n*nodeBytes, log: sum + n*recordBytes + endBytes}
}

// openWAL looks at the logs of a database that was just opened.
func openWAL(dir string, memTableSize int64) (wal, error) {
	w := wal{dir: dir, size: memTableSize, dirty: true, names: true}
	files, err := os.ReadDir(dir)
	if err != nil {
		return wal{}, err
	}
	for _, f := range files {
		if id, ok := memID(f.Name()); ok {
			w.old = append(w.old, id)
		}
	}
	if len(w.old) == 0 {
		return wal{}, fmt.Errorf("%s has no write-ahead log", dir)
	}
	slices.Sort(w.old)
	w.current = w.old[len(w.old)-1]
	w.old = w.old[:len(w.old)-1]
	return w, nil
}

func memID(name string) (uint64, bool) {
	digits, ok := strings.CutSuffix(name, ".mem")
	if !ok {
		return 0, false
	}
	id, err := strconv.ParseUint(digits, 10, 32)
	return id, err == nil
}

func (w *wal) path(id uint64) string {
	return filepath.Join(w.dir, fmt.Sprintf("%05d.mem", id))
}

// mayRotate reports whether the next commit may go into a new file while the
// current one is not durable.
func (w *wal) mayRotate() bool {
	return w.dirty && (w.fill.arena+slack >= w.size || w.fill.log >= w.size)
}

// unsynced reports whether there is anything to sync.
func (w *wal) unsynced() bool { return w.dirty || w.names || len(w.old) > 0 }

// wrote takes note of a commit. A new file that it went into is synced with the
// next sync: until then a power cut takes the file, and all in it is the latest.
func (w *wal) wrote(added fill) {
	for exists(w.path(w.current + 1)) {
		if w.dirty {
			w.old = append(w.old, w.current)
			w.late++
		}
		w.current++
		w.fill, w.names = fill{}, true
	}
	w.fill.arena += added.arena
	w.fill.log += added.log
	w.dirty = true
}

// due reports whether a sync must come before the next commit: that may go into
// a new file, or this one did and what is before it is not durable.
func (w *wal) due() bool { return w.mayRotate() || len(w.old) > 0 }

// sync makes all commits durable, the oldest first. It reports whether there
// was a change of files since the last sync.
func (w *wal) sync() (rotated bool, err error) {
	for len(w.old) > 0 {
		// A file that is gone was written out to a table, which is durable.
		if err := syncPath(w.path(w.old[0])); err != nil {
			return false, err
		}
		w.old = w.old[1:]
	}
	if w.dirty {
		if err := syncPath(w.path(w.current)); err != nil {
			return false, err
		}
		w.dirty = false
	}
	rotated = w.names
	if w.names {
		if err := syncPath(w.dir); err != nil {
			return false, err
		}
		w.names = false
	}
	return rotated, nil
}
