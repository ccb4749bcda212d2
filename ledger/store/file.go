package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// A small file is
//
//	magic    4 bytes, tells which file it is
//	version  2 bytes
//	length   4 bytes, of the body
//	body
//	checksum 4 bytes, CRC-32C of all before it
//
// with numbers in big-endian order.
const smallHeader = 4 + 2 + 4

// smallVersion is the version of all small files.
const smallVersion = 1

// maxSmall is the longest body of a small file, in bytes.
const maxSmall = 1 * mib

// writeSmall replaces a small file, durably: after a power cut there is the old
// one or the new one.
func writeSmall(path, magic string, body []byte) error {
	if len(body) > maxSmall {
		return fmt.Errorf("%w: %d bytes for %s, at most %d", ErrTooBig, len(body), path, maxSmall)
	}
	b := append([]byte(magic), 0, smallVersion)
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	b = append(b, body...)
	b = binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
	return replaceFile(path, b)
}

// readSmall returns the body of a small file, fs.ErrNotExist if there is no such
// file, ErrDamaged or ErrFormat if it is none.
func readSmall(path, magic string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(b) < smallHeader+4 || string(b[:4]) != magic {
		return nil, fmt.Errorf("%w: %s does not begin as it should", ErrDamaged, path)
	}
	end := len(b) - 4
	if crc32.Checksum(b[:end], castagnoli) != binary.BigEndian.Uint32(b[end:]) {
		return nil, fmt.Errorf("%w: the checksum of %s is wrong", ErrDamaged, path)
	}
	if v := binary.BigEndian.Uint16(b[4:]); v != smallVersion {
		return nil, fmt.Errorf("%w: %s has version %d, this software knows %d", ErrFormat, path, v, smallVersion)
	}
	body := b[smallHeader:end]
	if n := binary.BigEndian.Uint32(b[6:]); int(n) != len(body) {
		return nil, fmt.Errorf("%w: %s has %d bytes, should have %d", ErrDamaged, path, len(body), n)
	}
	return body, nil
}

// replaceFile puts data in the place of a file, durably.
func replaceFile(path string, data []byte) error {
	temp := path + ".new"
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(temp, path)
	}
	if errors.Is(err, unix.ENOSPC) {
		return fmt.Errorf("%w: write %s: %w", ErrDiskFull, path, err)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return syncPath(filepath.Dir(path))
}

// syncPath makes what was written to a file, or the list of files in a folder,
// survive a power cut. A file that is gone is no error.
func syncPath(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	err = f.Sync()
	return errors.Join(err, f.Close())
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// lockDir takes the folder for this Store until the returned file is closed.
func lockDir(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = fmt.Errorf("%w: %s is held by another process", ErrLocked, dir)
	} else if err != nil {
		err = fmt.Errorf("lock %s: %w", dir, err)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
