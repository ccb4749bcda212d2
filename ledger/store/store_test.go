package store

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testOptions are small, and know a disk with plenty of space.
func testOptions(t testing.TB) Options {
	o := Small()
	o.MemTableSize = 2 * mib
	o.BallastBytes = 0
	o.FreeSpace = func(string) (free, total uint64, err error) { return math.MaxUint64 / 2, math.MaxUint64 / 2, nil }
	o.Logger = slog.New(slog.NewTextHandler(logWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return o
}

type logWriter struct{ t testing.TB }

func (w logWriter) Write(b []byte) (int, error) {
	w.t.Log(string(bytes.TrimSpace(b)))
	return len(b), nil
}

func mustOpen(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func mustClose(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustCommit(t testing.TB, s *Store, sync bool, writes ...Write) {
	t.Helper()
	if err := s.Commit(writes, sync); err != nil {
		t.Fatal(err)
	}
}

// done returns when the latest commit is done, in the background or not.
func done(s *Store) {
	s.mu.Lock()
	defer s.mu.Unlock()
}

// put is a write of two texts.
func put(key, value string) Write { return Write{[]byte(key), []byte(value)} }

// read returns what a Scan gives, as lines.
func read(t testing.TB, s *Store, prefix, from string) (lines []string) {
	t.Helper()
	err := s.View(func(snap Snapshot) error {
		return snap.Scan([]byte(prefix), []byte(from), false, func(k, v []byte) bool {
			lines = append(lines, fmt.Sprintf("%s=%s", k, v))
			return true
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func wantErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("got error %v, want %v", got, want)
	}
}
