package store

import (
	"encoding/binary"
	"errors"
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
