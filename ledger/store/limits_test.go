package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// disk is a disk whose free space a test sets.
type disk struct{ free, total uint64 }

func (d *disk) space(string) (free, total uint64, err error) { return d.free, d.total, nil }

func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	d := &disk{free: 100 << 30, total: 200 << 30}
	o := testOptions(t)
	o.FreeSpace, o.BallastBytes = d.space, mib
	s := mustOpen(t, dir, o)
	mustCommit(t, s, true, put("k", "v"))

	for _, c := range []struct {
		name        string
		free, total uint64
		want        error
	}{
		{"five percent", 10 << 30, 200 << 30, nil},
		{"below five percent", 10<<30 - 1, 200 << 30, ErrDiskFull},
		{"one GiB", 1 << 30, 10 << 30, nil},
		{"below one GiB", 1<<30 - 1, 10 << 30, ErrDiskFull},
		{"nothing", 0, 10 << 30, ErrDiskFull},
		{"space again", 20 << 30, 200 << 30, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			*d = disk{c.free, c.total}
			err := s.Commit([]Write{put("k", c.name)}, false)
			if c.want == nil && err == nil {
				return
			}
			wantErr(t, err, c.want)
			if !strings.Contains(err.Error(), filepath.Join(dir, ballastFile)) {
				t.Errorf("%v does not name the ballast file", err)
			}
			if got := read(t, s, "k", ""); len(got) != 1 || got[0] == "k="+c.name {
				t.Errorf("after a refused commit: %v", got)
			}
			if err := s.Sync(); err != nil {
				t.Errorf("Sync on a full disk: %v", err)
			}
		})
	}
	mustClose(t, s)

	// With little space the data can be read, with almost none not even that.
	*d = disk{100 * mib, 10 << 30}
	s = mustOpen(t, dir, o)
	if got := read(t, s, "k", ""); got[0] != "k=space again" {
		t.Errorf("on a full disk: %v", got)
	}
	wantErr(t, s.Commit([]Write{put("k", "v")}, false), ErrDiskFull)
	mustClose(t, s)
	*d = disk{mib, 10 << 30}
	_, err := Open(dir, o)
	wantErr(t, err, ErrDiskFull)
}

func TestBallast(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, ballastFile)
	d := &disk{free: 1<<30 + mib, total: 10 << 30}
	o := testOptions(t)
	o.FreeSpace, o.BallastBytes = d.space, 3*mib/2
	mustClose(t, mustOpen(t, dir, o))
	if exists(path) {
		t.Error("a ballast file was made on a disk that is almost full")
	}
	d.free = 5 << 30
	s := mustOpen(t, dir, o)
	if info, err := os.Stat(path); err != nil || info.Size() != o.BallastBytes {
		t.Errorf("ballast file: %v, %v", info, err)
	}
	stats, err := s.Stats()
	if err != nil || stats.Bytes() <= 0 || stats.Bytes() > mib {
		t.Errorf("%+v, %v: does the ballast count?", stats, err)
	}
	mustClose(t, s)
	remove(t, path)
	mustClose(t, mustOpen(t, dir, o))
	if !exists(path) {
		t.Error("the ballast file was not made again")
	}
}

func TestFreeSpaceOfThisMachine(t *testing.T) {
	free, total, err := freeSpace(t.TempDir())
	if err != nil || free > total || total == 0 {
		t.Errorf("free %d of %d, %v", free, total, err)
	}
}

func TestLimits(t *testing.T) {
	s := mustOpen(t, t.TempDir(), testOptions(t))
	size, count := s.Limits()
	if size < maxValue || count < 1000 {
		t.Fatalf("limits are %d bytes, %d writes", size, count)
	}
	var full, many []Write
	for left, n := size, uint64(0); left > 0; n++ {
		key := binary.BigEndian.AppendUint64([]byte{'f'}, n)
		value := make([]byte, max(0, min(left-len(key), 60_000)))
		full = append(full, Write{key, value})
		left -= len(key) + len(value)
	}
	full[len(full)-1] = Write{Key: []byte("f"), Value: full[len(full)-1].Value}
	for n := range count {
		many = append(many, Write{binary.BigEndian.AppendUint64([]byte{'m'}, uint64(n)), []byte{}})
	}
	var one []Write
	for _, c := range []struct {
		name   string
		writes []Write
		want   error
	}{
		{"nothing", nil, nil},
		{"all bytes", full, nil},
		{"more bytes", append(append(one, full...), put(strings.Repeat("x", 100), "")), nil},
		{"all writes", many, nil},
		{"more writes", append(append(one, many...), put("x", "")), nil},
		{"largest value", []Write{{[]byte("x"), make([]byte, maxValue)}}, nil},
		{"larger value", []Write{{[]byte("x"), make([]byte, maxValue+1)}}, nil},
		{"longest key", []Write{{bytes.Repeat([]byte{'x'}, maxKey), nil}}, nil},
		{"too long a key", []Write{{bytes.Repeat([]byte{'x'}, maxKey+1), nil}}, ErrKey},
		{"empty key", []Write{put("ok", ""), put("", "")}, ErrKey},
		{"reserved key", []Write{put("\x00f", "")}, ErrKey},
		{"key of Badger", []Write{put("!badger!x", "")}, ErrKey},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := s.Commit(c.writes, false); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	if got := read(t, s, "ok", ""); got != nil {
		t.Errorf("a refused commit wrote %v", got)
	}
	if found, err := filepath.Glob(filepath.Join(s.path(), "*.vlog")); err != nil || len(found) != 1 {
		t.Errorf("value logs %v, %v", found, err)
	} else if end, rest, err := readLog(found[0]); end != logHead || rest != restNone || err != nil {
		t.Errorf("the value log was used: %d, %v, %v", end, rest, err)
	}
}

func TestFailedCommitEndsWriting(t *testing.T) {
	s := mustOpen(t, t.TempDir(), testOptions(t))
	mustCommit(t, s, true, put("k", "v"))
	s.failed = errors.New("disk on fire")
	err := s.Commit([]Write{put("k", "w")}, true)
	wantErr(t, err, ErrFailed)
	wantErr(t, err, s.failed)
	wantErr(t, s.Sync(), ErrFailed)
	if got := read(t, s, "k", ""); got[0] != "k=v" {
		t.Error(got)
	}
}

func TestValidateReportsAllFaults(t *testing.T) {
	if err := Default().Validate(); err != nil {
		t.Error(err)
	}
	if err := Small().Validate(); err != nil {
		t.Error(err)
	}
	bad := Options{MinFreeBytes: -1, MinFreeFraction: math.NaN(), BallastBytes: -1}
	err := bad.Validate()
	if err == nil {
		t.Fatal("no faults")
	}
	for _, name := range []string{"MemTableSize", "NumMemtables", "BlockCacheSize", "NumCompactors",
		"MinFreeBytes", "MinFreeFraction", "BallastBytes", "FreeSpace", "Rand"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("no fault of %s in %v", name, err)
		}
	}
	if _, err := Open(t.TempDir(), bad); err == nil {
		t.Error("opened with faulty options")
	}
}
