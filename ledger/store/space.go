package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

const ballastFile = "ballast"

// space watches how much of the disk is free.
type space struct {
	dir string
	o   Options
}

// freeSpace asks the operating system.
func freeSpace(dir string) (free, total uint64, err error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, 0, fmt.Errorf("free space of %s: %w", dir, err)
	}
	return uint64(st.Bavail) * uint64(st.Bsize), uint64(st.Blocks) * uint64(st.Bsize), nil
}

// check returns ErrDiskFull if a commit would be unsafe.
func (s space) check() error {
	free, total, err := s.o.FreeSpace(s.dir)
	if err != nil {
		return err
	}
	return s.judge(free, s.least(total))
}

// checkOpen returns ErrDiskFull if even opening would be unsafe. It asks for
// less than check: a database on a full disk can be read.
func (s space) checkOpen() error {
	free, total, err := s.o.FreeSpace(s.dir)
	if err != nil {
		return err
	}
	return s.judge(free, min(s.least(total), uint64(s.o.MemTableSize)*4))
}

func (s space) least(total uint64) uint64 {
	return max(uint64(s.o.MinFreeBytes), uint64(s.o.MinFreeFraction*float64(total)))
}

func (s space) judge(free, least uint64) error {
	if free >= least {
		return nil
	}
	advice := "free some space"
	if path := filepath.Join(s.dir, ballastFile); exists(path) {
		advice += ", or in need delete " + path
	}
	return fmt.Errorf("%w: %d MiB free in %s, %d MiB needed; %s",
		ErrDiskFull, free/mib, s.dir, (least+mib-1)/mib, advice)
}

// ballast makes the ballast file if it is wanted, not there, and would leave
// enough free space.
func (s space) ballast() error {
	path := filepath.Join(s.dir, ballastFile)
	if s.o.BallastBytes == 0 || exists(path) {
		return nil
	}
	free, total, err := s.o.FreeSpace(s.dir)
	if err != nil || free < s.least(total)+2*uint64(s.o.BallastBytes) {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = takeSpace(f, s.o.BallastBytes)
	err = errors.Join(err, f.Close())
	if err != nil {
		return errors.Join(fmt.Errorf("make %s: %w", path, err), os.Remove(path))
	}
	return nil
}

// takeSpace takes size bytes of the disk for f.
func takeSpace(f *os.File, size int64) error {
	err := unix.Fallocate(int(f.Fd()), 0, 0, size)
	if !errors.Is(err, unix.EOPNOTSUPP) {
		return err
	}
	zero := make([]byte, mib)
	for size > 0 {
		n := min(size, int64(len(zero)))
		if _, err := f.Write(zero[:n]); err != nil {
			return err
		}
		size -= n
	}
	return nil
}
