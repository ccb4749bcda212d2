package store

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"
	"golang.org/x/sys/unix"
)

// Stats says how large the store is.
type Stats struct {
	TableBytes int64 // tables on disk
	LogBytes   int64 // write-ahead and value logs, as far as they take space
	OtherBytes int64 // all else but the ballast file
	Tables     int   // number of tables
}

// Bytes returns the space on disk in bytes, without the ballast file.
func (s Stats) Bytes() int64 { return s.TableBytes + s.LogBytes + s.OtherBytes }

// Stats counts the bytes that the files take on disk. A file that has holes
// counts with what it fills.
func (s *Store) Stats() (Stats, error) {
	var sum Stats
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // compacted away meanwhile
		}
		if err != nil || d.IsDir() || d.Name() == ballastFile {
			return err
		}
		var st unix.Stat_t
		if err := unix.Lstat(path, &st); errors.Is(err, fs.ErrNotExist) {
			return nil
		} else if err != nil {
			return err
		}
		taken := min(st.Blocks*512, (st.Size+4095)/4096*4096)
		switch filepath.Ext(path) {
		case ".sst":
			sum.TableBytes += taken
			sum.Tables++
		case ".mem", ".vlog":
			sum.LogBytes += taken
		default:
			sum.OtherBytes += taken
		}
		return nil
	})
	if err != nil {
		return Stats{}, fmt.Errorf("size of %s: %w", s.dir, err)
	}
	return sum, nil
}

// VerifyChecksum reads all tables and returns ErrDamaged if one of them is not
// as it was written. It takes as long as reading the whole database, and may
// run beside everything else but Close.
func (s *Store) VerifyChecksum() error {
	for {
		list, err := s.tables()
		if err != nil {
			return err
		}
		failed := verifyTables(s.path(), list, true)
		if failed == nil {
			return nil
		}
		// A table that was compacted away meanwhile is cut to nothing before it
		// goes. Then the list has changed.
		now, err := s.tables()
		if err != nil {
			return err
		}
		if maps.Equal(list.Tables, now.Tables) {
			return failed
		}
	}
}

func (s *Store) tables() (badger.Manifest, error) {
	list, _, err := replay(filepath.Join(s.path(), badger.ManifestFilename))
	if err != nil {
		err = fmt.Errorf("%w: the list of tables is unreadable: %w", ErrDamaged, err)
	}
	return list, err
}
