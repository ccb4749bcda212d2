package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger/store"
	"github.com/minga-commons/minga/protocol"
)

func openSmall(t *testing.T, dir string) *Ledger {
	t.Helper()
	disk := store.Small()
	disk.BallastBytes, disk.MinFreeBytes, disk.MinFreeFraction = 0, 0, 0
	l, err := Open(dir, Options{
		Store: &disk, Rand: rand.NewChaCha8([32]byte{1}), Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestFindAcrossMerges looks for events by identifier, by the beginning of one
// and by an importer's key, while the index grows from rows to merged runs and
// the ledger is opened again.
func TestFindAcrossMerges(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	l := openSmall(t, dir)
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
	c, err := l.CreateCommons(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	var ids []protocol.EntryID
	var texts []string
	rng := rand.New(rand.NewPCG(1, 1))
	for round := range 12 {
		var drafts []Draft
		for i := range []int{1, 500, 2500}[round%3] {
			drafts = append(drafts, Draft{Commons: c.ID, Body: &protocol.Event{
				Action: "work", Provider: c.Me.Agent(), Receiver: protocol.AgentID(c.ID),
				EffortQuantity: &protocol.Quantity{N: int64(i + 1), Unit: "hour"},
				HasPointInTime: "2026-01-01T00:00:00Z", Source: fmt.Sprint("row ", len(ids)+i),
			}})
		}
		written, err := l.SubmitBatch(ctx, drafts)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range written {
			ids, texts = append(ids, w.Entry.ID()), append(texts, w.Entry.ID().String())
		}
		if round%4 == 3 {
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			l = openSmall(t, dir)
		}
		for range 200 {
			i := rng.IntN(len(ids))
			if got, held, err := l.Source(ctx, c.ID, protocol.LogID{}, fmt.Sprint("row ", i)); err != nil || !held || got != ids[i] {
				t.Fatalf("the event with key %d of %d is %v, %v, %v, want %v", i, len(ids), got, held, err, ids[i])
			}
			text := texts[i]
			for _, text := range []string{text, text[:12+rng.IntN(len(text)-12)]} {
				checkFind(t, l, c.ID, texts, text)
			}
		}
		if _, held, err := l.Source(ctx, c.ID, protocol.LogID{}, "no such row"); err != nil || held {
			t.Fatalf("a key that no event has: %v, %v", held, err)
		}
	}
}

// checkFind compares what is found with all that there is.
func checkFind(t *testing.T, l *Ledger, c protocol.CommonsID, all []string, text string) {
	t.Helper()
	var fit []string
	for _, id := range all {
		if strings.HasPrefix(id, text) {
			fit = append(fit, id)
		}
	}
	got, err := l.FindEntry(context.Background(), c, text)
	if len(fit) == 1 && (err != nil || got.String() != fit[0]) {
		t.Fatalf("%s is %v, %v, want %v", text, got, err, fit[0])
	}
	if len(fit) > 1 && !errors.Is(err, ErrInvalid) {
		t.Fatalf("%s fits %d entries and is %v, %v", text, len(fit), got, err)
	}
}

// TestAlteredBlock changes stored blocks to such as can be read: nobody is given
// them.
func TestAlteredBlock(t *testing.T) {
	ctx := context.Background()
	l := openSmall(t, t.TempDir())
	defer func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}()
	c, err := l.CreateCommons(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	var drafts []Draft
	for range 40 {
		drafts = append(drafts, Draft{Commons: c.ID, Body: &protocol.Event{
			Action: "work", Provider: c.Me.Agent(), Receiver: protocol.AgentID(c.ID),
			EffortQuantity: &protocol.Quantity{N: 1, Unit: "hour"}, HasPointInTime: "2026-01-01T00:00:00Z",
		}})
	}
	written, err := l.SubmitBatch(ctx, drafts)
	if err != nil {
		t.Fatal(err)
	}
	first, last := written[0].Entry, written[39].Entry
	no, _, err := l.logNoOf(first.Log)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range [][]byte{blockKey(no, first.Seq), groupKey(no, 16), blockKey(no, last.Seq)} {
		stored, err := l.read(k)
		if err != nil || stored == nil {
			t.Fatalf("row %x: %v", k, err)
		}
		value := bytes.Replace(stored, []byte("2026-01-01"), []byte("2026-01-02"), 1)
		if err := l.storage.Commit([]Write{{Key: k, Value: value}}, false); err != nil {
			t.Fatal(err)
		}
	}
	for _, e := range []protocol.Entry{first, last} {
		if _, err := l.entryAt(no, e.Seq); !errors.Is(err, ErrDamaged) {
			t.Errorf("entry %d: %v, want ErrDamaged", e.Seq, err)
		}
	}
	damaged := 0
	for seq := int64(16); seq < 32; seq++ {
		if _, err := l.entryAt(no, seq); errors.Is(err, ErrDamaged) {
			damaged++
		}
	}
	if damaged != 1 {
		t.Errorf("%d entries of a group are damaged, want 1", damaged)
	}
	if s, err := l.SegmentFrom(ctx, first.Log, 0, protocol.MaxSegmentBytes); !errors.Is(err, ErrDamaged) {
		t.Errorf("a segment of %d entries: %v, want ErrDamaged", len(s.Entries), err)
	}
}
