package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"testing"
)

// large returns writes that take several parts: n rows of one round, and the
// removal of the row that only the round before had.
func large(round byte, n int) []Write {
	writes := []Write{{Key: []byte(fmt.Sprint("only", round-1))}, put(fmt.Sprint("only", round), "")}
	for i := range n {
		key := binary.BigEndian.AppendUint64([]byte("row"), uint64(i))
		writes = append(writes, Write{key, bytes.Repeat([]byte{round}, 100)})
	}
	return writes
}

// roundOf returns the round of which all rows are, and fails if they differ.
func roundOf(t *testing.T, s *Store, n int) byte {
	t.Helper()
	var round byte
	rows, only := 0, ""
	err := s.View(func(snap Snapshot) error {
		err := snap.Scan([]byte("row"), nil, false, func(_, v []byte) bool {
			if rows == 0 {
				round = v[0]
			}
			if v[0] != round || len(v) != 100 {
				t.Errorf("row %d is of round %d, the first of round %d", rows, v[0], round)
				return false
			}
			rows++
			return true
		})
		return errors.Join(err, snap.Scan([]byte("only"), nil, true, func(k, _ []byte) bool {
			only += string(k)
			return true
		}))
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprint("only", round); rows != n || only != want {
		t.Errorf("%d of %d rows, and %q instead of %q", rows, n, only, want)
	}
	return round
}

// TestCommitInParts makes commits that are far larger than a transaction, with
// readers beside them: each sees one round, whole.
func TestCommitInParts(t *testing.T) {
	const n = 10_000
	dir := t.TempDir()
	s := mustOpen(t, dir, testOptions(t))
	if size, _ := s.Limits(); n*100 < 5*size {
		t.Fatalf("the commit takes fewer than five parts of %d bytes", size)
	}
	mustCommit(t, s, false, large(1, n)...)
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for last := byte(0); last < 5; {
				round := roundOf(t, s, n)
				if round < last {
					t.Errorf("round %d after round %d", round, last)
				}
				if last = round; t.Failed() {
					return
				}
			}
		})
	}
	for round := byte(2); round <= 5; round++ {
		mustCommit(t, s, round%2 == 0, large(round, n)...)
	}
	readers.Wait()
	if got := besides(t, s); got != 0 {
		t.Errorf("%d rows are left beside", got)
	}
	mustClose(t, s)
	if got := roundOf(t, mustOpen(t, dir, testOptions(t)), n); got != 5 {
		t.Errorf("round %d after opening again", got)
	}
}

func besides(t *testing.T, s *Store) (n int) {
	t.Helper()
	for part, err := range s.beside() {
		if err != nil {
			t.Fatal(err)
		}
		n += len(part)
	}
	return n
}

// TestCrashWithinParts ends the process between all steps of a commit in parts:
// the commit is there whole or not at all, and the next one is too.
func TestCrashWithinParts(t *testing.T) {
	const n = 6000
	dir := t.TempDir()
	o := testOptions(t)
	crash := func() {}
	space := o.FreeSpace
	o.FreeSpace = func(dir string) (free, total uint64, err error) { // asked before each part
		crash()
		return space(dir)
	}
	s := mustOpen(t, dir, o)
	mustCommit(t, s, true, large(1, n)...)
	var left []string
	crash = func() { left = append(left, copyOf(t, dir)) }
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.setBeside(large(2, n)); err != nil {
		t.Fatal(err)
	}
	unmade := len(left)
	inPlace := func(yield func([]Write, error) bool) {
		for part, err := range s.limits.portions(large(2, n)) {
			if crash(); !yield(part, err) {
				return
			}
		}
	}
	if err := s.putAll(inPlace); err != nil {
		t.Fatal(err)
	}
	crash()
	if err := s.clearBeside(); err != nil {
		t.Fatal(err)
	}
	crash()
	if unmade < 3 || len(left)-unmade < 5 {
		t.Fatalf("%d crashes before the mark, %d after it", unmade, len(left)-unmade)
	}
	for i, dir := range left {
		again := mustOpen(t, dir, testOptions(t))
		want := byte(1)
		if i >= unmade {
			want = 2
		}
		if got := roundOf(t, again, n); got != want {
			t.Errorf("crash %d: round %d, want %d", i, got, want)
		}
		mustCommit(t, again, false, large(want+1, n)...)
		if got := roundOf(t, again, n); got != want+1 || besides(t, again) != 0 {
			t.Errorf("crash %d: round %d follows %d, %d rows are left beside", i, got, want, besides(t, again))
		}
		mustClose(t, again)
	}
}

// TestDiskFullWithinParts has the disk run full before the second part: nothing
// was committed, and with space again the same commit is taken.
func TestDiskFullWithinParts(t *testing.T) {
	const n = 6000
	o := testOptions(t)
	asked, full := 0, false
	o.FreeSpace = func(string) (free, total uint64, err error) {
		if asked++; full && asked > 3 {
			return 0, 200 << 30, nil
		}
		return 100 << 30, 200 << 30, nil
	}
	s := mustOpen(t, t.TempDir(), o)
	mustCommit(t, s, true, large(1, n)...)
	asked, full = 0, true
	wantErr(t, s.Commit(large(2, n), false), ErrDiskFull)
	if got := roundOf(t, s, n); got != 1 || besides(t, s) != 0 {
		t.Errorf("round %d, and %d rows beside, after a commit that was refused", got, besides(t, s))
	}
	full = false
	mustCommit(t, s, false, large(2, n)...)
	if got := roundOf(t, s, n); got != 2 {
		t.Errorf("round %d", got)
	}
}

// TestDiskFullWhilePutInPlace has the system refuse a write while the parts of a
// commit are put in their places, before each of them and before the mark is
// taken away, and while they are cleared. From then on nothing is read or taken; a
// start with space finishes the commit, one without says so and leaves it as it
// is, as often as that is tried.
func TestDiskFullWhilePutInPlace(t *testing.T) {
	const n = 2500
	for fail := 0; ; fail++ {
		dir := t.TempDir()
		s, err := Open(dir, testOptions(t))
		if err != nil {
			t.Fatal(err)
		}
		mustCommit(t, s, true, large(1, n)...)
		marked, step := false, 0
		s.beforePut = func(writes []Write) error {
			if marked {
				if step++; step > fail {
					return syscall.ENOSPC
				}
			}
			marked = marked || len(writes) == 1 && bytes.Equal(writes[0].Key, wholeKey) && writes[0].Value != nil
			return nil
		}
		err = s.Commit(large(2, n), true)
		if !marked {
			t.Fatal("the commit was not made in parts")
		}
		if err == nil { // there was nothing left to refuse
			if got := roundOf(t, s, n); got != 2 || fail < 5 {
				t.Errorf("round %d after %d steps", got, fail)
			}
			mustClose(t, s)
			break
		}
		wantErr(t, err, syscall.ENOSPC)
		wantErr(t, s.Commit(large(3, n), false), ErrFailed)
		if err := s.View(func(snap Snapshot) error { return nil }); err != nil { // or all was in its place
			wantErr(t, err, ErrFailed)
		} else if got := roundOf(t, s, n); got != 2 {
			t.Errorf("refused at step %d: round %d is read", fail, got)
		}
		mustClose(t, s)

		full := testOptions(t)
		full.FreeSpace = func(string) (free, total uint64, err error) { return 0, 200 << 30, nil }
		for range 2 {
			if again, err := Open(dir, full); err == nil { // the mark was taken away already
				if got := roundOf(t, again, n); got != 2 {
					t.Errorf("refused at step %d: round %d without space", fail, got)
				}
				mustClose(t, again)
			} else {
				wantErr(t, err, ErrDiskFull)
			}
		}
		again := mustOpen(t, dir, testOptions(t))
		if got := roundOf(t, again, n); got != 2 {
			t.Errorf("refused at step %d: round %d", fail, got)
		}
		mustCommit(t, again, false, large(3, n)...)
		if got := roundOf(t, again, n); got != 3 || besides(t, again) != 0 {
			t.Errorf("refused at step %d: round %d follows, and %d rows are left beside", fail, got, besides(t, again))
		}
		mustClose(t, again)
	}
}

// TestFailureWithinParts has a commit in parts fail when it already counts:
// nothing is read or taken until the store was opened again.
func TestFailureWithinParts(t *testing.T) {
	const n = 6000
	s := mustOpen(t, t.TempDir(), testOptions(t))
	mustCommit(t, s, true, large(1, n)...)
	func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		err := s.putAll(func(yield func([]Write, error) bool) { yield(nil, errors.New("mine")) })
		if err == nil {
			t.Fatal("no error")
		}
		s.failed = err
	}()
	wantErr(t, s.View(func(Snapshot) error { t.Error("a reader was let in"); return nil }), ErrFailed)
	wantErr(t, s.Commit(large(2, n), false), ErrFailed)
}
