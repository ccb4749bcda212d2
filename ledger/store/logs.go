package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// checkLogs checks the write-ahead logs that a crash left behind. Badger reads a
// log up to the first record that is not whole and cuts the rest off without a
// word. After a power cut that is right for the newest log, whose end was never
// synced; an older one was synced before the next was begun, see wal.go.
func (in *inspection) checkLogs() error {
	for _, name := range in.vlogs {
		if err := checkLogHead(filepath.Join(in.path, name)); err != nil {
			return err
		}
	}
	slices.Sort(in.logs)
	for i, id := range in.logs {
		path := filepath.Join(in.path, fmt.Sprintf("%05d.mem", id))
		if err := checkLogHead(path); err != nil {
			return err
		}
		end, rest, err := readLog(path)
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		if rest == restNone {
			continue
		}
		if i < len(in.logs)-1 {
			return fmt.Errorf("%w: the log %s is altered or cut off after byte %d. %s",
				ErrDamaged, path, end, adviceAway(in.dir))
		}
		if rest == restOther {
			if err := in.copyAside(path); err != nil {
				return err
			}
			in.o.Logger.Warn("the newest log ends in bytes that are no commit: what a power cut leaves "+
				"of commits that were not synced, or damage", "log", path, "byte", end,
				"copy", filepath.Join(in.dir, asideFolder))
		}
		// Badger would cut it off too, but fails on some of what may be there.
		if err := os.Truncate(path, end); err != nil {
			return err
		}
	}
	return nil
}

// logHead is the length of what comes before the first record of a log: 8 bytes
// number of an encryption key, 12 random bytes.
const logHead = 20

// checkLogHead refuses a log that names an encryption key.
func checkLogHead(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var head [logHead]byte
	_, err = io.ReadFull(f, head[:])
	if err == nil && binary.BigEndian.Uint64(head[:]) == 0 {
		return nil
	}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	if filepath.Ext(path) == ".vlog" {
		return fmt.Errorf("%w: %s is altered. It holds nothing that is needed: remove it and start again. "+
			"But a disk that alters files may have altered others", ErrDamaged, path)
	}
	return fmt.Errorf("%w: the log %s does not begin as it should. %s",
		ErrDamaged, path, adviceAway(filepath.Dir(filepath.Dir(path))))
}

// rest is what follows the last whole commit of a log.
type rest int

const (
	restNone   rest = iota // zeros, or nothing
	restCommit             // the beginning of a commit, as the end of a process leaves it
	restOther              // something else
)

// Marks of a record in a log.
const (
	markInCommit  = 1 << 6
	markCommitEnd = 1 << 7
)

// readLog reads a log as Badger does, and returns where its last whole commit
// ends and what follows.
func readLog(path string) (end int64, _ rest, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, restNone, err
	}
	defer f.Close()
	if _, err := f.Seek(logHead, io.SeekStart); err != nil {
		return 0, restNone, err
	}
	r := logReader{in: bufio.NewReaderSize(f, 64<<10), at: logHead}
	end = r.at
	var version uint64
	for {
		whole, err := r.next()
		if err != nil {
			return 0, restNone, err
		}
		if !whole {
			break
		}
		switch {
		case r.mark&markInCommit != 0:
			if version == 0 {
				version = r.version
			}
			if version != r.version {
				return end, restOther, nil
			}
		case r.mark&markCommitEnd != 0:
			if strconv.FormatUint(version, 10) != string(r.value) {
				return end, restOther, nil
			}
			version, end = 0, r.at
		case version != 0:
			return end, restOther, nil
		default:
			end = r.at
		}
	}
	if r.filled {
		return end, restOther, nil
	}
	filled, err := anyByte(r.in)
	switch {
	case err != nil:
		return 0, restNone, err
	case filled:
		return end, restOther, nil
	case version != 0:
		return end, restCommit, nil
	}
	return end, restNone, nil
}

// logReader reads the records of a log. A record is
//
//	mark, user mark          1 byte each
//	lengths of key and value varints
//	expiry                   varint
//	key, with 8 bytes version
//	value
//	checksum                 4 bytes, CRC-32C of all before it
type logReader struct {
	in      *bufio.Reader
	at      int64 // where the next record begins
	buf     []byte
	mark    byte
	version uint64
	value   []byte
	filled  bool // the record that is not whole is not all zeros
}

// errNotWhole says that a record is not what was written, or the log ends in it.
var errNotWhole = errors.New("the record is not whole")

// next reads a record. It returns false at the end of the whole records.
func (r *logReader) next() (whole bool, err error) {
	r.buf = r.buf[:0]
	err = r.record()
	if err == nil {
		r.at += int64(len(r.buf))
		return true, nil
	}
	r.filled = slices.ContainsFunc(r.buf, func(b byte) bool { return b != 0 })
	if errors.Is(err, errNotWhole) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return false, nil
	}
	return false, err
}

func (r *logReader) record() error {
	if err := r.more(2); err != nil {
		return err
	}
	var numbers [3]uint64
	for i := range numbers {
		var err error
		if numbers[i], err = r.number(); err != nil {
			return err
		}
	}
	keyLen, valueLen := numbers[0], numbers[1]
	if keyLen < 8 || keyLen > 1<<16 || valueLen > 64*mib {
		return errNotWhole
	}
	head := len(r.buf)
	if err := r.more(int(keyLen + valueLen)); err != nil {
		return err
	}
	body := len(r.buf)
	if err := r.more(4); err != nil {
		return err
	}
	if crc32.Checksum(r.buf[:body], castagnoli) != binary.BigEndian.Uint32(r.buf[body:]) {
		return errNotWhole
	}
	keyEnd := head + int(keyLen)
	r.mark = r.buf[0]
	r.version = ^binary.BigEndian.Uint64(r.buf[keyEnd-8 : keyEnd])
	r.value = r.buf[keyEnd:body]
	return nil
}

// number reads a varint.
func (r *logReader) number() (uint64, error) {
	from := len(r.buf)
	for range binary.MaxVarintLen64 {
		if err := r.more(1); err != nil {
			return 0, err
		}
		if r.buf[len(r.buf)-1] < 0x80 {
			n, used := binary.Uvarint(r.buf[from:])
			if used <= 0 {
				return 0, errNotWhole
			}
			return n, nil
		}
	}
	return 0, errNotWhole
}

// more reads n more bytes of the record.
func (r *logReader) more(n int) error {
	from := len(r.buf)
	r.buf = slices.Grow(r.buf, n)[:from+n]
	got, err := io.ReadFull(r.in, r.buf[from:])
	r.buf = r.buf[:from+got]
	return err
}

// anyByte reports whether anything but zeros is left to read.
func anyByte(in *bufio.Reader) (bool, error) {
	buf := make([]byte, 64<<10)
	for {
		n, err := in.Read(buf)
		if slices.ContainsFunc(buf[:n], func(b byte) bool { return b != 0 }) {
			return true, nil
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
}

// copyAside keeps a copy of a log whose end Badger is about to cut off.
func (in *inspection) copyAside(path string) error {
	aside := filepath.Join(in.dir, asideFolder)
	if err := os.MkdirAll(aside, 0o700); err != nil {
		return err
	}
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.Create(filepath.Join(aside, filepath.Base(path)))
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Close()); err != nil {
		return fmt.Errorf("keep a copy of %s: %w", path, err)
	}
	return nil
}
