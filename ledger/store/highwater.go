package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

const (
	highWaterFile  = "high-water"
	highWaterMagic = "MHWM"
)

// highWater is what is known outside the database of what must be in it.
type highWater struct {
	commits uint64 // commits that were durable when it was written
	value   []byte // the user's
}

func readHighWater(dir string) (*highWater, error) {
	path := filepath.Join(dir, highWaterFile)
	body, err := readSmall(path, highWaterMagic)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && len(body) < 8 {
		err = fmt.Errorf("%w: %s is too short", ErrDamaged, path)
	}
	if errors.Is(err, ErrDamaged) {
		return nil, fmt.Errorf("%w. Without it a lost database goes unnoticed. "+
			"Restore it from a backup, or, if the database is known to be whole, remove it", err)
	}
	if err != nil {
		return nil, err
	}
	return &highWater{commits: binary.BigEndian.Uint64(body), value: body[8:]}, nil
}

// HighWater returns what SetHighWater kept last, nil if nothing.
func (s *Store) HighWater() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h, err := readHighWater(s.dir)
	if h == nil || err != nil {
		return nil, err
	}
	return h.value, nil
}

// SetHighWater replaces one small value, at most a MiB, that is kept outside the
// database, and returns once it survives a power cut. With it the store keeps
// the number of synced commits, so that Open refuses a database that has fewer.
func (s *Store) SetHighWater(value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	body := binary.BigEndian.AppendUint64(nil, s.synced)
	return writeSmall(filepath.Join(s.dir, highWaterFile), highWaterMagic, append(body, value...))
}
