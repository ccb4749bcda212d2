package store

import (
	"fmt"
	"testing"
)

// TestRest reads everything again after the memory was given back, also what was
// written since.
func TestRest(t *testing.T) {
	s := mustOpen(t, t.TempDir(), testOptions(t))
	for i := range 2000 {
		mustCommit(t, s, i%100 == 0, put(fmt.Sprintf("key%04d", i), fmt.Sprintf("value %d", i)))
		if i%500 == 0 {
			if err := s.Rest(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := s.Rest(); err != nil {
		t.Fatal(err)
	}
	err := s.View(func(snap Snapshot) error {
		for i := range 2000 {
			got, err := snap.Get(fmt.Appendf(nil, "key%04d", i))
			if want := fmt.Sprintf("value %d", i); err != nil || string(got) != want {
				t.Fatalf("key%04d holds %q, %v; want %q", i, got, err, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
