package sim

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
)

func put(key, value string) []ledger.Write {
	return []ledger.Write{{Key: []byte(key), Value: []byte(value)}}
}

func (d *disk) content() map[string]string {
	all := map[string]string{}
	for _, k := range d.keys {
		all[k] = string(d.values[k])
	}
	return all
}

func TestDiskFaults(t *testing.T) {
	cases := []struct {
		name string
		act  func(h *handle) error
		err  error
		want map[string]string // after a power cut that takes all it can
	}{
		{"synced", func(h *handle) error { return h.Commit(put("a", "2"), true) }, nil, map[string]string{"a": "2"}},
		{"not synced", func(h *handle) error { return h.Commit(put("a", "2"), false) }, nil, map[string]string{"a": "1"}},
		{"synced later", func(h *handle) error { return errors.Join(h.Commit(put("a", "2"), false), h.Sync()) }, nil, map[string]string{"a": "2"}},
		{"removed", func(h *handle) error { return h.Commit([]ledger.Write{{Key: []byte("a")}}, true) }, nil, map[string]string{}},
		{"removal not synced", func(h *handle) error { return h.Commit([]ledger.Write{{Key: []byte("a")}}, false) }, nil, map[string]string{"a": "1"}},
		{"failed and lost", func(h *handle) error {
			h.next = faultLost
			return h.Commit(put("a", "2"), true)
		}, errDisk, map[string]string{"a": "1"}},
		{"failed and kept", func(h *handle) error {
			h.next = faultKept
			return h.Commit(put("a", "2"), true)
		}, errDisk, map[string]string{"a": "2"}},
		{"sync failed and lost", func(h *handle) error {
			err := h.Commit(put("a", "2"), false)
			h.next = faultLost
			return errors.Join(err, h.Sync())
		}, errDisk, map[string]string{"a": "1"}},
		{"process gone", func(h *handle) error {
			h.mount()
			return h.Commit(put("a", "2"), true)
		}, errDisk, map[string]string{"a": "1"}},
	}
	for _, c := range cases {
		h := newDisk(rand.New(rand.NewPCG(1, 1))).mount()
		if err := h.Commit(put("a", "1"), true); err != nil {
			t.Fatal(err)
		}
		if err := c.act(h); !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", c.name, err, c.err)
		}
		h.powerCut(0)
		if diff := cmp.Diff(c.want, h.content()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
