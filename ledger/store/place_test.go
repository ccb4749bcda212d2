package store

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

func highWaterOf(commits uint64) []byte { return binary.BigEndian.AppendUint64(nil, commits) }

func TestHighWater(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, testOptions(t))
	want := func(s *Store, value string, there bool) {
		t.Helper()
		got, err := s.HighWater()
		if err != nil || string(got) != value || (got != nil) != there {
			t.Errorf("high water is %q, %v, want %q", got, err, value)
		}
	}
	want(s, "", false)
	for _, value := range []string{"one", "", "three"} {
		if err := s.SetHighWater([]byte(value)); err != nil {
			t.Fatal(err)
		}
		want(s, value, true)
	}
	wantErr(t, s.SetHighWater(make([]byte, maxSmall)), ErrTooBig)
	want(s, "three", true)
	mustClose(t, s)
	want(mustOpen(t, dir, testOptions(t)), "three", true)
}

// TestHighWaterCountsSyncedCommitsOnly: commits that were not synced may be lost
// in a power cut, and that is no damage.
func TestHighWaterCountsSyncedCommitsOnly(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, testOptions(t))
	mustCommit(t, s, true, put("k", "synced"))
	before := copyOf(t, dir)
	mustCommit(t, s, false, put("k", "not synced"))
	if err := s.SetHighWater(nil); err != nil {
		t.Fatal(err)
	}
	mark, err := os.ReadFile(filepath.Join(dir, highWaterFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(before, highWaterFile), mark, 0o600); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, before, testOptions(t))
}

func TestMoved(t *testing.T) {
	dir := t.TempDir()
	open := func(dir string, moved bool) *Store {
		t.Helper()
		s := mustOpen(t, dir, testOptions(t))
		if s.Moved() != moved {
			t.Errorf("Moved is %v, want %v", s.Moved(), moved)
		}
		return s
	}
	s := open(dir, false)
	mustCommit(t, s, true, put("k", "v"))
	mustClose(t, s)
	mustClose(t, open(dir, false))

	// A folder that is renamed is the same folder.
	renamed := filepath.Join(t.TempDir(), "renamed")
	if err := os.Rename(dir, renamed); err != nil {
		t.Fatal(err)
	}
	mustClose(t, open(renamed, false))

	// A copy is another one, until it is written to.
	there := copyOf(t, renamed)
	mustClose(t, open(there, true))
	s = open(there, true)
	mustCommit(t, s, false, put("k", "w"))
	if !s.Moved() {
		t.Error("Moved changed before Close")
	}
	mustClose(t, s)
	mustClose(t, open(there, false))
	mustClose(t, open(renamed, false))

	// The files of the copy in the place of the original.
	if err := copyFolder(renamed+"/new", there); err != nil {
		t.Fatal(err)
	}
	mustClose(t, open(renamed+"/new", true))

	// A marker that is gone, or altered.
	remove(t, filepath.Join(renamed, markerFile))
	mustClose(t, open(renamed, true))
	edit(t, filepath.Join(there, markerFile), flip(12))
	mustClose(t, open(there, true))
}

// TestMovedBackInPlace puts an older copy of the folder back into the very files
// that were written since: the inodes are the same, the marker is another.
func TestMovedBackInPlace(t *testing.T) {
	dir := t.TempDir()
	start := func(moved bool) {
		t.Helper()
		s := mustOpen(t, dir, testOptions(t))
		if s.Moved() != moved {
			t.Errorf("Moved is %v, want %v", s.Moved(), moved)
		}
		mustCommit(t, s, true, put("k", "v"))
		mustClose(t, s)
	}
	start(false)
	backup := copyOf(t, dir)
	// Inodes that became free are used again, so that the same number may come
	// back after any number of starts.
	for range 4 {
		start(false)
		now := copyOf(t, dir)
		writeInto(t, dir, backup)
		start(true)
		if birth(filepath.Join(dir, markerFile)) == 0 {
			break // this file system tells only what is younger by one start
		}
		start(false)
		writeInto(t, dir, now)
		start(true)
	}
}

// writeInto makes a folder hold what another one holds, and keeps the files that
// are in both.
func writeInto(t *testing.T, dir, from string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err == nil && !exists(filepath.Join(from, name)) {
			return os.Remove(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), data, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNewMarkerIsRememberedBeforeItIsThere: a crash between the two moves
// nothing.
func TestNewMarkerIsRememberedBeforeItIsThere(t *testing.T) {
	dir := t.TempDir()
	mustClose(t, mustOpen(t, dir, testOptions(t)))
	marker, kept := filepath.Join(dir, markerFile), filepath.Join(dir, "kept")
	if err := os.Link(marker, kept); err != nil {
		t.Fatal(err)
	}
	mustClose(t, mustOpen(t, dir, testOptions(t)))
	if err := os.Rename(kept, marker); err != nil {
		t.Fatal(err)
	}
	s := mustOpen(t, dir, testOptions(t))
	if s.Moved() {
		t.Error("the marker of the start before is not remembered")
	}
	mustClose(t, s)

	// On a full disk the marker stays as it is.
	before, err := identity(marker)
	if err != nil {
		t.Fatal(err)
	}
	full := testOptions(t)
	full.MinFreeBytes = 5 * full.MemTableSize
	full.FreeSpace = func(string) (uint64, uint64, error) {
		return uint64(full.MinFreeBytes - 1), uint64(full.MinFreeBytes * 2), nil
	}
	s = mustOpen(t, dir, full)
	if after, err := identity(marker); err != nil || s.Moved() || string(after) != string(before) {
		t.Errorf("on a full disk: moved %v, marker %x and before %x, %v", s.Moved(), after, before, err)
	}
	mustClose(t, s)
}

func TestIsPlace(t *testing.T) {
	found := []byte("volume__inode___birth___nonce___nonce___")
	other := strings.Repeat("x", placeSize)
	for remembered, want := range map[string]bool{
		string(found): true, other + string(found): true, string(found) + other: true,
		"": false, other: false, string(found[:39]): false,
	} {
		if isPlace([]byte(remembered), found) != want {
			t.Errorf("%q remembers %q: want %v", remembered, found, want)
		}
	}
}

func TestLocked(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, testOptions(t))
	_, err := Open(dir, testOptions(t))
	wantErr(t, err, ErrLocked)
	if !strings.Contains(err.Error(), dir) {
		t.Errorf("%v does not name %s", err, dir)
	}
	mustClose(t, s)
	mustOpen(t, dir, testOptions(t))
}

func TestFailuresOfTheSurroundings(t *testing.T) {
	mine := errors.New("mine")
	o := testOptions(t)
	o.Rand = iotest.ErrReader(mine)
	_, err := Open(t.TempDir(), o)
	wantErr(t, err, mine)

	o = testOptions(t)
	o.FreeSpace = func(string) (uint64, uint64, error) { return 0, 0, mine }
	_, err = Open(t.TempDir(), o)
	wantErr(t, err, mine)

	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, testOptions(t)); err == nil {
		t.Error("a file was opened as a folder")
	}
}
