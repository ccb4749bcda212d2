package sim

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/minga-commons/minga/ledger"
)

// errDisk is what a disk answers that was told to fail, or whose node is gone.
var errDisk = errors.New("the disk has failed")

// fault is what becomes of the next commit or sync of a disk.
type fault int

const (
	faultNone fault = iota
	faultLost       // it fails, and nothing is there
	faultKept       // it fails, and all is there
)

// disk keeps what one node has written. It survives the node.
type disk struct {
	values map[string][]byte
	keys   []string // of values, sorted
	undo   []undo   // commits that a power cut may take, oldest first
	high   []byte
	bytes  int
	writes int
	next   fault
	failed bool // the node that has it open has seen it fail
	moved  bool // it holds a copy that nothing was written to yet
	open   int  // counts openings: older handles are dead
}

// undo is what a commit has overwritten.
type undo []ledger.Write

func newDisk(rng *rand.Rand) *disk {
	d := &disk{values: map[string][]byte{}, bytes: 8 << 20, writes: 100_000}
	if rng.IntN(2) == 0 {
		d.bytes, d.writes = 512<<10, 400
	}
	return d
}

// powerCut takes back the commits that were not synced, but for the oldest keep,
// and returns how many it took.
func (d *disk) powerCut(keep int) (lost int) {
	lost = len(d.undo) - keep
	for i := len(d.undo) - 1; i >= keep; i-- {
		for _, w := range slices.Backward(d.undo[i]) {
			d.set(w.Key, w.Value)
		}
	}
	d.undo = nil // what is left is all there is
	return lost
}

func (d *disk) set(key, value []byte) {
	k := string(key)
	_, had := d.values[k]
	switch {
	case value == nil && had:
		delete(d.values, k)
		at, _ := slices.BinarySearch(d.keys, k)
		d.keys = slices.Delete(d.keys, at, at+1)
	case value != nil && !had:
		at, _ := slices.BinarySearch(d.keys, k)
		d.keys = slices.Insert(d.keys, at, k)
		fallthrough
	case value != nil:
		d.values[k] = value
	}
}

func (d *disk) apply(writes []ledger.Write) {
	var before undo
	for _, w := range writes {
		before = append(before, ledger.Write{Key: bytes.Clone(w.Key), Value: d.values[string(w.Key)]})
		value := bytes.Clone(w.Value)
		if w.Value != nil && value == nil {
			value = []byte{}
		}
		d.set(w.Key, value)
	}
	d.undo, d.moved = append(d.undo, before), false
}

// fail takes the fault that was planned, if one was.
func (d *disk) fail() fault {
	f := d.next
	d.next = faultNone
	d.failed = d.failed || f != faultNone
	return f
}

// handle is a disk as one opening of it sees it: a ledger.Storage.
type handle struct {
	*disk
	opening int
}

func (d *disk) mount() *handle {
	d.open++
	d.failed, d.next = false, faultNone
	return &handle{disk: d, opening: d.open}
}

func (h *handle) gone() bool { return h.opening != h.open }

// View implements ledger.Storage.
func (h *handle) View(fn func(ledger.Snapshot) error) error {
	if h.gone() {
		return errDisk
	}
	return fn(h)
}

// Commit implements ledger.Storage.
func (h *handle) Commit(writes []ledger.Write, sync bool) error {
	if h.gone() {
		return errDisk
	}
	f := h.fail()
	if f == faultLost {
		return errDisk
	}
	h.apply(writes)
	if sync {
		h.undo = nil
	}
	if f == faultKept {
		return errDisk
	}
	return nil
}

// Sync implements ledger.Storage.
func (h *handle) Sync() error {
	if h.gone() {
		return errDisk
	}
	f := h.fail()
	if f != faultLost {
		h.undo = nil
	}
	if f != faultNone {
		return errDisk
	}
	return nil
}

// Limits implements ledger.Storage.
func (h *handle) Limits() (bytes, writes int) { return h.bytes, h.writes }

// HighWater implements ledger.Storage.
func (h *handle) HighWater() ([]byte, error) { return bytes.Clone(h.high), nil }

// SetHighWater implements ledger.Storage.
func (h *handle) SetHighWater(value []byte) error {
	if h.gone() {
		return errDisk
	}
	h.high = bytes.Clone(value)
	return nil
}

// Moved implements ledger.Storage.
func (h *handle) Moved() bool { return h.moved }

// Close implements ledger.Storage.
func (h *handle) Close() error { return nil }

// Get implements ledger.Snapshot.
func (h *handle) Get(key []byte) ([]byte, error) {
	value, held := h.values[string(key)]
	if !held {
		return nil, nil
	}
	return append(make([]byte, 0, len(value)), value...), nil
}

// Scan implements ledger.Snapshot.
func (h *handle) Scan(prefix, from []byte, keysOnly bool, fn func(key, value []byte) bool) error {
	start, p := string(prefix), string(prefix)
	if string(from) > start {
		start = string(from)
	}
	at, _ := slices.BinarySearch(h.keys, start)
	for _, k := range h.keys[at:] {
		if !strings.HasPrefix(k, p) {
			return nil
		}
		var value []byte
		if !keysOnly {
			value = h.values[k]
		}
		if !fn([]byte(k), value) {
			return nil
		}
	}
	return nil
}
