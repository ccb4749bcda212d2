package ledger_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/store"
	"github.com/minga-commons/minga/protocol"
)

// world makes ledgers with a clock and randomness of the test's own.
type world struct {
	t   *testing.T
	now time.Time
	rng *rand.ChaCha8
	dir string
	n   byte
}

func newWorld(t *testing.T) *world {
	return &world{
		t: t, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		rng: rand.NewChaCha8([32]byte{1}), dir: t.TempDir(),
	}
}

// node is a ledger that can be closed and opened again.
type node struct {
	*ledger.Ledger
	w    *world
	dir  string
	seed [protocol.SeedSize]byte
	ask  bool // it is opened with AskFirst
}

func (w *world) node() *node {
	w.n++
	n := &node{w: w, dir: filepath.Join(w.dir, fmt.Sprint("node", w.n)), seed: [protocol.SeedSize]byte{w.n}}
	n.open()
	w.t.Cleanup(func() {
		if err := n.Close(); err != nil {
			w.t.Errorf("close: %v", err)
		}
	})
	return n
}

func (n *node) open() {
	n.w.t.Helper()
	l, err := n.tryOpen()
	if err != nil {
		n.w.t.Fatalf("open: %v", err)
	}
	n.Ledger = l
}

func (n *node) tryOpen() (*ledger.Ledger, error) {
	disk := store.Small()
	disk.BallastBytes, disk.MinFreeBytes, disk.MinFreeFraction = 0, 0, 0
	return ledger.Open(n.dir, ledger.Options{
		Store: &disk, Seed: n.seed, AskFirst: n.ask, Rand: n.w.rng, Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { n.w.now = n.w.now.Add(time.Millisecond); return n.w.now },
	})
}

func (n *node) reopen() {
	n.w.t.Helper()
	if err := n.Close(); err != nil {
		n.w.t.Fatalf("close: %v", err)
	}
	n.open()
}

// pull fetches everything that from holds of a commons and n does not, again
// and again until nothing new comes.
func (n *node) pull(from *node, id protocol.CommonsID) {
	n.w.t.Helper()
	ctx := context.Background()
	if err := n.Follow(ctx, id); err != nil {
		n.w.t.Fatal(err)
	}
	for progress := true; progress; {
		progress = false
		for head, err := range from.Heads(ctx, id) {
			if err != nil {
				n.w.t.Fatal(err)
			}
			for {
				next := int64(0)
				if held, is := n.Held(head.Log); is {
					next = held.Seq + 1
				}
				if next > head.Seq {
					break
				}
				s, err := from.SegmentFrom(ctx, head.Log, next, protocol.MaxSegmentBytes)
				if err != nil {
					n.w.t.Fatal(err)
				}
				r, err := n.Ingest(ctx, s)
				if err != nil {
					break
				}
				progress = progress || r.Added > 0
			}
		}
	}
}

func (n *node) digest(id protocol.CommonsID) string {
	n.w.t.Helper()
	d, err := n.Digest(id)
	if err != nil {
		n.w.t.Fatal(err)
	}
	return fmt.Sprintf("%x", d[:8])
}

func (n *node) submit(id protocol.CommonsID, body protocol.Body) ledger.Written {
	n.w.t.Helper()
	w, err := n.Submit(context.Background(), ledger.Draft{Commons: id, Body: body})
	if err != nil {
		n.w.t.Fatalf("submit: %v", err)
	}
	return w
}

func work(provider protocol.AgentID, commons protocol.CommonsID, hours int64) *protocol.Event {
	return &protocol.Event{
		Action: "work", Provider: provider, Receiver: protocol.AgentID(commons), ResourceConformsTo: "Garden",
		EffortQuantity: &protocol.Quantity{N: hours, Unit: "hour"},
	}
}

func (n *node) balance(id protocol.CommonsID, agent protocol.AgentID) string {
	n.w.t.Helper()
	sheet, err := n.Balance(context.Background(), id, agent)
	if err != nil {
		n.w.t.Fatal(err)
	}
	text := sheet.Agent.Name + ":"
	for _, c := range sheet.Contributions {
		text += fmt.Sprintf(" %s %s %s %s (%s confirmed)", c.Action, c.Resource, c.Quantity, c.Unit, c.Confirmed)
	}
	return text
}

func TestTwoMembersRecordAndAgree(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	ana, beto := w.node(), w.node()
	commons, err := ana.CreateCommons(ctx, "Huerta Norte", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	id := commons.ID
	if got := ana.submit(id, work(commons.Me.Agent(), id, 3)); got.State != ledger.Settled {
		t.Errorf("an own entry of the only witness is %s, want settled", got.State)
	}
	link, err := ana.Invite(ctx, id, 1, w.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	beto.pull(ana, id)
	if _, err := beto.Join(ctx, link, "Beto"); err != nil {
		t.Fatal(err)
	}
	held, err := beto.CommonsByID(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	event := beto.submit(id, work(held.Me.Agent(), id, 5))
	ana.pull(beto, id)
	ana.submit(id, &protocol.Confirm{Target: event.Entry.ID(), Verdict: protocol.VerdictConfirm})
	if n, err := ana.Endorse(ctx); err != nil || n != 0 {
		t.Errorf("Endorse after a submission: %d votes, %v; want 0: the submission carried them", n, err)
	}
	beto.pull(ana, id)
	if a, b := ana.digest(id), beto.digest(id); a != b {
		t.Errorf("digests differ: %s and %s", a, b)
	}
	want := "Beto: work Garden 5 hour (5 confirmed)"
	for _, n := range []*node{ana, beto} {
		if got := n.balance(id, held.Me.Agent()); got != want {
			t.Errorf("balance %q, want %q", got, want)
		}
	}
	status, err := beto.Entry(ctx, event.Entry.ID())
	if err != nil || status.State != ledger.Settled {
		t.Errorf("Beto's entry is %s, %v; want settled", status.State, err)
	}
	before := beto.digest(id)
	beto.reopen()
	if after := beto.digest(id); after != before {
		t.Errorf("digest %s after opening again, %s before", after, before)
	}
}

// TestFollowingAtOnceHoldsEachCommonsOnce lets many callers follow four commons
// at the same time, so that they share commits.
func TestFollowingAtOnceHoldsEachCommonsOnce(t *testing.T) {
	w := newWorld(t)
	n := w.node()
	var all sync.WaitGroup
	for i := range 200 {
		id := protocol.CommonsID{EntryID: protocol.EntryID{byte(1 + i*4/200)}}
		all.Go(func() {
			if err := n.Follow(context.Background(), id); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	held, err := n.Ledger.Commons(context.Background())
	if err != nil || len(held) != 4 {
		t.Errorf("%d commons held, %v; want four", len(held), err)
	}
	n.reopen()
}
