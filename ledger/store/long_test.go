package store

import (
	"bytes"
	"fmt"
	"testing"
)

// TestLongValues writes values around the size of a row and far above it, each
// over the one before, shorter and longer ones in turn.
func TestLongValues(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, testOptions(t))
	check := func(size int, want []byte) {
		t.Helper()
		err := s.View(func(snap Snapshot) error {
			got, err := snap.Get([]byte("k"))
			if err != nil {
				return err
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%d bytes: Get returns %d", size, len(got))
			}
			return snap.Scan(nil, nil, false, func(k, v []byte) bool {
				if k[0] == 'k' && !bytes.Equal(v, want) {
					t.Errorf("%d bytes: Scan returns %d", size, len(v))
				}
				if string(k) != "k" && string(k) != "l" {
					t.Errorf("Scan returns the key %q", k)
				}
				return true
			})
		})
		if err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	for i, size := range []int{maxValue - 1, 5*maxValue + 17, maxValue, 2*maxValue - lengthSize, 10, maxValue + 1, 2*maxValue - lengthSize + 1, 40 * maxValue} {
		value := bytes.Repeat([]byte(fmt.Sprint(i, " is a long value, ")), size/10+1)[:size]
		mustCommit(t, s, i%2 == 0, Write{[]byte("k"), value}, put("l", "short"))
		check(size, value)
		if i%3 == 0 {
			mustClose(t, s)
			s = mustOpen(t, dir, testOptions(t))
			check(size, value)
		}
	}
	mustCommit(t, s, true, Write{Key: []byte("k")})
	check(0, nil)
}

// TestLongValueDamaged takes a piece of a long value away.
func TestLongValueDamaged(t *testing.T) {
	s := mustOpen(t, t.TempDir(), testOptions(t))
	mustCommit(t, s, true, Write{[]byte("k"), make([]byte, 3*maxValue)})
	get := func() error {
		return s.View(func(snap Snapshot) error {
			_, err := snap.Get([]byte("k"))
			return err
		})
	}
	if err := get(); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	err := s.putPart([]Write{{Key: pieceKey([]byte("k"), 1)}})
	s.mu.Unlock()
	if err != nil {
		t.Fatal(err)
	}
	wantErr(t, get(), ErrDamaged)
}
