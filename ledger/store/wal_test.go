package store

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// TestRotationIsForeseen writes without syncing, over many changes of the log,
// and checks that the old log was durable each time before the new one began,
// and that this did not take many syncs.
func TestRotationIsForeseen(t *testing.T) {
	for _, c := range []struct {
		name          string
		writes, value int
	}{
		{"many small writes", 1000, 8},
		{"empty values", 500, 0},
		{"one write", 1, 300},
		{"large values", 3, 40_000},
		{"ordinary", 100, 300},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := mustOpen(t, t.TempDir(), testOptions(t))
			rng := rand.New(rand.NewPCG(1, uint64(c.writes)))
			first, early, commits := s.wal.current, 0, 0
			for n := uint64(0); s.wal.current < first+6; commits++ {
				writes := make([]Write, c.writes)
				for i := range writes {
					n++
					key := binary.BigEndian.AppendUint64(nil, n|1<<60)
					writes[i] = Write{key, make([]byte, rng.IntN(c.value+1))}
				}
				before := s.wal.current
				mustCommit(t, s, false, writes...)
				done(s)
				if s.wal.current == before && s.synced == s.commits {
					early++
				}
				if s.wal.mayRotate() {
					t.Fatal("the next commit may go into a new log, and this one is not durable")
				}
			}
			if s.wal.late != 0 {
				t.Errorf("%d of 6 changes of the log were not foreseen", s.wal.late)
			}
			if most := 18 + commits/20; early > most {
				t.Errorf("%d syncs for 6 changes of the log in %d commits, want at most %d", early, commits, most)
			}
		})
	}
}

// TestSyncCoversOldLogs checks that after a synced commit nothing is left to be
// synced, also when the log changed in between.
func TestSyncCoversOldLogs(t *testing.T) {
	s := mustOpen(t, t.TempDir(), testOptions(t))
	first := s.wal.current
	for n := uint64(0); s.wal.current < first+3; n++ {
		key := binary.BigEndian.AppendUint64([]byte{'k'}, n)
		mustCommit(t, s, n%7 == 6, Write{key, make([]byte, 100_000)})
		done(s)
		if n%7 == 6 && (s.wal.unsynced() || s.synced != s.commits) {
			t.Fatalf("commit %d: synced %d of %d, %+v", n, s.synced, s.commits, s.wal)
		}
	}
}
