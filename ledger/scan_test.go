package ledger

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/store"
)

// TestScanSeesStoredAndPending compares scans of a batch with a plain sorted
// map, over random rows that are stored, replaced, removed and added.
func TestScanSeesStoredAndPending(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	disk := store.Small()
	disk.BallastBytes, disk.MinFreeBytes, disk.MinFreeFraction = 0, 0, 0
	l, err := Open(t.TempDir(), Options{
		Store: &disk, Rand: rand.NewChaCha8([32]byte{1}), Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
	some := func() []byte {
		table := []rules.Table{rules.Unsettled, rules.Unclaimed, rules.Credits}[rng.IntN(3)]
		if rng.IntN(4) == 0 {
			return key(keyWait, fmt.Append(nil, rng.IntN(12)))
		}
		return stateKey(commonsNo(rng.IntN(2)), table, fmt.Append(nil, rng.IntN(40)))
	}
	for round := range 200 {
		want := map[string][]byte{}
		_ = l.scan([]byte{keyState}, nil, func(k, v []byte) bool { want[string(k)] = bytes.Clone(v); return true })
		_ = l.scan([]byte{keyWait}, nil, func(k, v []byte) bool { want[string(k)] = bytes.Clone(v); return true })
		b := l.newBatch()
		for range rng.IntN(60) {
			k, v := some(), fmt.Append(nil, round, rng.IntN(3))
			if rng.IntN(3) == 0 {
				v = nil
			}
			b.put(k, v)
			if want[string(k)] = v; v == nil {
				delete(want, string(k))
			}
		}
		for range 10 {
			prefix := some()
			prefix = prefix[:min(len(prefix), 4+rng.IntN(2))]
			if prefix[0] == keyWait {
				prefix = prefix[:1]
			}
			var from []byte
			if rng.IntN(2) == 0 {
				from = append(bytes.Clone(prefix), '2')
			}
			most := 1 + rng.IntN(30)
			var saw, wanted []string
			err := b.scan(prefix, from, func(k, v []byte) (bool, error) {
				saw = append(saw, fmt.Sprintf("%q=%q", k, v))
				return len(saw) < most, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range slices.Sorted(maps.Keys(want)) {
				if bytes.HasPrefix([]byte(k), prefix) && k >= string(from) && len(wanted) < most {
					wanted = append(wanted, fmt.Sprintf("%q=%q", k, want[k]))
				}
			}
			if !slices.Equal(saw, wanted) {
				t.Fatalf("round %d, prefix %q from %q: saw %v, want %v", round, prefix, from, saw, wanted)
			}
		}
		if err := b.dropAbsent(); err != nil {
			t.Fatal(err)
		}
		var writes []Write
		for k, r := range b.rows {
			writes = append(writes, Write{Key: []byte(k), Value: r.value})
		}
		if err := l.storage.Commit(writes, false); err != nil {
			t.Fatal(err)
		}
	}
}
