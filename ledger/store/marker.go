package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/dgraph-io/badger/v4"
	"golang.org/x/sys/unix"
)

const (
	markerFile  = "marker"
	markerMagic = "MMRK"
	nonceSize   = 16
)

// checkMarker compares the marker file with what the database remembers of it,
// and if they differ makes a new marker. A new database remembers it at once,
// one that was moved does so with the first commit. A copy of the folder has
// another inode, or lies on another file system.
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
	if remembered != nil && string(found) == string(remembered) {
		return nil
	}
	s.moved = remembered != nil

	nonce := make([]byte, nonceSize)
	if _, err := io.ReadFull(rand, nonce); err != nil {
		return fmt.Errorf("make %s: %w", path, err)
	}
	if err := writeSmall(path, markerMagic, nonce); err != nil {
		return err
	}
	if s.place, err = identity(path); err != nil || s.moved {
		return err
	}
	return s.commit(s.seal(nil))
}

// identity returns what tells a marker file from its copy: the identifier of
// the file system, the inode, and the nonce inside.
func identity(path string) ([]byte, error) {
	nonce, err := readSmall(path, markerMagic)
	if err != nil {
		return nil, err
	}
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return nil, fmt.Errorf("stat %s: %w", path, err)
	}
	var fsys unix.Statfs_t
	if err := unix.Statfs(path, &fsys); err != nil {
		return nil, fmt.Errorf("statfs %s: %w", path, err)
	}
	// The number of a device may change when the machine starts again, the
	// identifier of a file system does so on few.
	volume := uint64(uint32(fsys.Fsid.Val[0]))<<32 | uint64(uint32(fsys.Fsid.Val[1]))
	if volume == 0 {
		volume = uint64(st.Dev)
	}
	id := binary.BigEndian.AppendUint64(nil, volume)
	id = binary.BigEndian.AppendUint64(id, uint64(st.Ino))
	return append(id, nonce...), nil
}
