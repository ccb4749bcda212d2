package sim

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// home is a ledger on a disk that survives it.
type home struct {
	*ledger.Ledger
	t    *testing.T
	disk *disk
	seed byte
}

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func newHome(t *testing.T, seed byte) *home {
	h := &home{t: t, disk: newDisk(rand.New(rand.NewPCG(1, 1))), seed: seed}
	h.open()
	return h
}

func (h *home) open() {
	h.t.Helper()
	l, err := ledger.Open("", ledger.Options{
		Storage: h.disk.mount(), Seed: [protocol.SeedSize]byte{h.seed}, Logger: slog.New(slog.DiscardHandler),
		Now:  func() time.Time { return start },
		Rand: dice{rand.New(rand.NewPCG(uint64(h.seed), 1))},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.Ledger = l
}

// copied is a second home with the same content.
func (h *home) copied() *home {
	c := &home{t: h.t, disk: h.disk.copyDisk(), seed: h.seed}
	c.open()
	return c
}

// pull takes all that another one holds, without making it durable.
func (h *home) pull(from *home, id protocol.CommonsID) {
	h.t.Helper()
	for range 3 {
		for head := range from.Heads(context.Background(), id) {
			s, err := from.SegmentFrom(context.Background(), head.Log, 0, protocol.MaxSegmentBytes)
			if err != nil {
				h.t.Fatal(err)
			}
			if _, err = h.Ingest(context.Background(), s); err != nil && !errors.Is(err, protocol.ErrFork) && !errors.Is(err, protocol.ErrNotAdmitted) {
				h.t.Fatal(err)
			}
		}
	}
}

func (h *home) work(id protocol.CommonsID, times int) {
	h.t.Helper()
	c, err := h.CommonsByID(context.Background(), id)
	for range times {
		if err == nil {
			_, err = h.Submit(context.Background(), ledger.Draft{Commons: id, Body: &protocol.Event{
				Action: "work", Provider: c.Me.Agent(), Receiver: protocol.AgentID(id),
				EffortQuantity: &protocol.Quantity{N: int64(times), Unit: "hour"},
			}})
		}
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// couple is a founder, and a member whose home was copied.
func couple(t *testing.T) (ana, beto, twin *home, id protocol.CommonsID) {
	ctx := context.Background()
	ana, beto = newHome(t, 1), newHome(t, 2)
	c, err := ana.CreateCommons(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	link, err := ana.Invite(ctx, c.ID, 1, start.Add(time.Hour))
	if err == nil {
		err = beto.Follow(ctx, c.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	beto.pull(ana, c.ID)
	if _, err := beto.Join(ctx, link, "Beto"); err != nil {
		t.Fatal(err)
	}
	ana.pull(beto, c.ID)
	if _, err := ana.Endorse(ctx); err != nil {
		t.Fatal(err)
	}
	beto.pull(ana, c.ID)
	if err := errors.Join(beto.Sync(ctx), beto.Checkpoint()); err != nil {
		t.Fatal(err)
	}
	return ana, beto, beto.copied(), c.ID
}

// What a peer sends of a node's own log is not durable by itself, and is not
// promised before it is.
func TestANodeOpensAgainWithoutWhatItHadHeardOfItsOwnLog(t *testing.T) {
	ana, beto, twin, id := couple(t)
	ana.work(id, 1)
	beto.pull(ana, id)
	if err := beto.Sync(context.Background()); err != nil {
		t.Fatal(err)
	}
	twin.work(id, 3)
	beto.pull(twin, id)
	if err := beto.Checkpoint(); err != nil {
		t.Fatal(err)
	}
	beto.disk.powerCut(0)
	beto.open()
}

// A shorter history of a node's own log may be the one that is settled.
func TestANodeOpensAgainAfterItsOwnHistoryHasLost(t *testing.T) {
	ana, beto, twin, id := couple(t)
	ctx := context.Background()
	beto.work(id, 3)
	if err := beto.Checkpoint(); err != nil {
		t.Fatal(err)
	}
	twin.work(id, 1)
	ana.pull(twin, id)
	if _, err := ana.Endorse(ctx); err != nil {
		t.Fatal(err)
	}
	beto.pull(ana, id)
	c, err := beto.CommonsByID(ctx, id)
	if head, _ := beto.Held(c.Me); err != nil || head.Seq != 1 {
		t.Fatalf("the log goes up to %d, %v; want 1", head.Seq, err)
	}
	if err := beto.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	beto.open()
}
