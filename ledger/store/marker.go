package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"
	"golang.org/x/sys/unix"
)

const (
	markerFile  = "marker"
	markerNext  = "marker-next" // the one to come, until the database remembers it
	markerMagic = "MMRK"
	nonceSize   = 16

	placeSize = 8 + 8 + 8 + nonceSize
)

// checkMarker compares the marker file with what the database remembers of it.
// If they differ it makes a new marker: a new database remembers it at once, one
// that was moved does so with the first commit. If they agree the marker is
// replaced by another one too, so that each start has a marker of its own and
// an older folder that was put back does not have the present one.
func (s *Store) checkMarker(rand io.Reader) error {
	var remembered []byte
	err := s.db.View(func(txn *badger.Txn) (err error) {
		remembered, err = get(txn, markerKey)
		return err
	})
	if err != nil {
		return err
	}
	path := filepath.Join(s.dir, markerFile)
	found, err := identity(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrDamaged) {
		return err
	}
	if err == nil && isPlace(remembered, found) {
		return s.renewMarker(rand, path, found)
	}
	s.moved = remembered != nil
	if s.place, err = makeMarker(rand, path); err != nil || s.moved {
		return err
	}
	return s.commit(s.seal(nil))
}

// renewMarker gives the start a marker of its own. Until the new file is in
// place the database remembers both, so that a crash in between moves nothing.
// On a disk that takes no commits the old one stays.
func (s *Store) renewMarker(rand io.Reader, path string, present []byte) error {
	if s.space.check() != nil {
		return nil
	}
	next := filepath.Join(s.dir, markerNext)
	place, err := makeMarker(rand, next)
	if err != nil {
		return err
	}
	s.place = append(place, present...)
	if err := s.commit(s.seal(nil)); err != nil {
		return err
	}
	if err := os.Rename(next, path); err != nil {
		return fmt.Errorf("put %s in place: %w", path, err)
	}
	return syncPath(s.dir)
}

func makeMarker(rand io.Reader, path string) (place []byte, err error) {
	nonce := make([]byte, nonceSize)
	if _, err := io.ReadFull(rand, nonce); err != nil {
		return nil, fmt.Errorf("make %s: %w", path, err)
	}
	if err := writeSmall(path, markerMagic, nonce); err != nil {
		return nil, err
	}
	return identity(path)
}

// isPlace reports whether an identity is one of those that a row remembers.
func isPlace(remembered, found []byte) bool {
	for rest := remembered; len(rest) >= placeSize; rest = rest[placeSize:] {
		if string(rest[:placeSize]) == string(found) {
			return true
		}
	}
	return false
}

// identity returns what tells a marker file from its copy: the file system, the
// inode, its time of birth, and the nonce inside.
func identity(path string) ([]byte, error) {
	nonce, err := readSmall(path, markerMagic)
	if err == nil && len(nonce) != nonceSize {
		err = fmt.Errorf("%w: %s has %d bytes, should have %d", ErrDamaged, path, len(nonce), nonceSize)
	}
	if err != nil {
		return nil, err
	}
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return nil, fmt.Errorf("stat %s: %w", path, err)
	}
	born := birth(path)
	// What is known of a file system may change when the machine starts again:
	// on some it is the number of the device. The time of birth does not.
	var fsys uint64
	if born == 0 {
		if fsys, err = volume(path, uint64(st.Dev)); err != nil {
			return nil, err
		}
	}
	id := binary.BigEndian.AppendUint64(nil, fsys)
	id = binary.BigEndian.AppendUint64(id, uint64(st.Ino))
	id = binary.BigEndian.AppendUint64(id, born)
	return append(id, nonce...), nil
}

// volume returns the identifier of the file system that holds a file, or the
// number of its device where there is none.
func volume(path string, device uint64) (uint64, error) {
	var fsys unix.Statfs_t
	if err := unix.Statfs(path, &fsys); err != nil {
		return 0, fmt.Errorf("statfs %s: %w", path, err)
	}
	if id := uint64(uint32(fsys.Fsid.Val[0]))<<32 | uint64(uint32(fsys.Fsid.Val[1])); id != 0 {
		return id, nil
	}
	return device, nil
}

// birth returns when a file was made, in nanoseconds, 0 where the file system
// does not say. The number of an inode is used again once its file is gone, and
// the time of birth tells the two apart.
func birth(path string) uint64 {
	var st unix.Statx_t
	err := unix.Statx(unix.AT_FDCWD, path, unix.AT_STATX_SYNC_AS_STAT, unix.STATX_BTIME, &st)
	if err != nil || st.Mask&unix.STATX_BTIME == 0 {
		return 0
	}
	return uint64(st.Btime.Sec)*1_000_000_000 + uint64(st.Btime.Nsec)
}
