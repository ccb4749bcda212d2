package store

import (
	"encoding/binary"
	"testing"
)

// TestReadersSeeWhatReturned commits without syncing, and each time reads at
// once, from two goroutines.
func TestReadersSeeWhatReturned(t *testing.T) {
	s := mustOpen(t, t.TempDir(), testOptions(t))
	for n := range uint64(300) {
		value := make([]byte, 20_000)
		binary.BigEndian.PutUint64(value, n)
		mustCommit(t, s, false, Write{[]byte("k"), value})
		other := make(chan uint64)
		see := func() (got uint64) {
			if err := s.View(func(snap Snapshot) error {
				v, err := snap.Get([]byte("k"))
				if err == nil {
					got = binary.BigEndian.Uint64(v)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
			return got
		}
		go func() { other <- see() }()
		if a, b := see(), <-other; a != n || b != n {
			t.Fatalf("commit %d has returned, the readers see %d and %d", n, a, b)
		}
	}
}

// TestFailedFlight has Badger refuse a commit that has returned: from then on
// nothing is read or taken, since the caller believes that it is there.
func TestFailedFlight(t *testing.T) {
	s := mustOpen(t, t.TempDir(), testOptions(t))
	mustCommit(t, s, true, put("k", "v"))
	if err := s.db.Close(); err != nil {
		t.Fatal(err)
	}
	mustCommit(t, s, false, put("k", "w"))
	nothing := func(Snapshot) error { t.Error("a reader was let in"); return nil }
	wantErr(t, s.View(nothing), ErrFailed)
	wantErr(t, s.Commit([]Write{put("k", "x")}, false), ErrFailed)
	wantErr(t, s.Commit([]Write{put("k", "x")}, true), ErrFailed)
	wantErr(t, s.Sync(), ErrFailed)
	wantErr(t, s.View(nothing), ErrFailed)
}
