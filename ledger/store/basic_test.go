package store

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCommitAndScan(t *testing.T) {
	dir := t.TempDir()
	s := mustOpen(t, dir, testOptions(t))
	mustCommit(t, s, false, put("a1", "x"), put("b1", "y"), put("b2", ""), put("c", "z"))
	mustCommit(t, s, true, put("b3", "w"), Write{Key: []byte("b1")}, put("c", "first"), put("c", "last"))

	check := func(s *Store) {
		t.Helper()
		for _, c := range []struct {
			prefix, from string
			want         []string
		}{
			{"", "", []string{"a1=x", "b2=", "b3=w", "c=last"}},
			{"b", "", []string{"b2=", "b3=w"}},
			{"b", "a", []string{"b2=", "b3=w"}},
			{"b", "b2", []string{"b2=", "b3=w"}},
			{"b", "b21", []string{"b3=w"}},
			{"b", "c", nil},
			{"d", "", nil},
			{"\x00", "", nil},
		} {
			if diff := cmp.Diff(c.want, read(t, s, c.prefix, c.from)); diff != "" {
				t.Errorf("prefix %q from %q: %s", c.prefix, c.from, diff)
			}
		}
		err := s.View(func(snap Snapshot) error {
			for key, want := range map[string][]byte{"a1": []byte("x"), "b1": nil, "b2": {}, "nothing": nil} {
				got, err := snap.Get([]byte(key))
				if err != nil {
					return err
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("key %s: %s", key, diff)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	check(s)
	mustClose(t, s)
	check(mustOpen(t, dir, testOptions(t)))
}

func TestViewReturnsItsError(t *testing.T) {
	s := mustOpen(t, t.TempDir(), testOptions(t))
	mine := errors.New("mine")
	wantErr(t, s.View(func(Snapshot) error { return mine }), mine)
}
