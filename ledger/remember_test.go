package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// TestBalanceIsThatOnDisk asks for balances from several goroutines while
// contributions and payments are written, and compares what the ledger answers
// from memory with what it reads after it was opened again.
func TestBalanceIsThatOnDisk(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	ctx := context.Background()
	h := newHouse(t, 1)
	n := h.nodes[0]
	agents := append([]protocol.AgentID{}, h.agents[0], protocol.AgentID{EntryID: h.id.EntryID})
	for i := range 3 {
		w, err := n.Submit(ctx, ledger.Draft{Commons: h.id, Body: &protocol.Agent{Card: protocol.AgentCard{
			Name: protocol.PlainText(fmt.Sprint("record-", i)), Type: protocol.Person,
		}}})
		if err != nil {
			t.Fatal(err)
		}
		agents = append(agents, protocol.AgentID{EntryID: w.Entry.ID()})
	}
	sheets := func() []ledger.Sheet {
		t.Helper()
		var all []ledger.Sheet
		for _, a := range agents {
			s, err := n.Balance(ctx, h.id, a)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, s)
		}
		return all
	}
	for range 8 {
		done := make(chan struct{})
		var asking sync.WaitGroup
		for range 3 {
			asking.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
					}
					for _, a := range agents {
						if _, err := n.Balance(ctx, h.id, a); err != nil {
							t.Error(err)
							return
						}
					}
				}
			})
		}
		for range 20 {
			event := &protocol.Event{
				Action: "work", Provider: agents[rng.IntN(len(agents))], Receiver: agents[1],
				ResourceConformsTo: fmt.Sprint("kind-", rng.IntN(6)),
				EffortQuantity:     &protocol.Quantity{N: 1 + rng.Int64N(9), Unit: "hour"},
			}
			if rng.IntN(2) == 0 {
				event = &protocol.Event{
					Action: "transfer", Provider: agents[0], Receiver: agents[1+rng.IntN(4)], Currency: "hora",
					ResourceQuantity: &protocol.Quantity{N: 1, Scale: 2, Unit: "one"},
				}
			}
			if _, err := n.Submit(ctx, ledger.Draft{Commons: h.id, Body: event}); err != nil {
				t.Fatal(err)
			}
		}
		close(done)
		asking.Wait()
		if faults, whole, err := n.FolioFaults(h.id); err != nil || len(faults) > 0 || whole == 0 {
			t.Fatalf("%d whole folios, %v, %v", whole, faults, err)
		}
		live := sheets()
		n.reopen()
		if d := cmp.Diff(sheets(), live, cmp.AllowUnexported(ledger.Total{})); d != "" {
			t.Fatalf("what memory said differs from the disk (-disk +memory):\n%s", d)
		}
	}
}

// TestFoliosOutliveACrash writes for more agents than have their folio in
// memory, copies the files of the running ledger, and opens the copy.
func TestFoliosOutliveACrash(t *testing.T) {
	h := newHouse(t, 1)
	n := h.nodes[0]
	var drafts []ledger.Draft
	for i := range 1100 {
		drafts = append(drafts, ledger.Draft{Commons: h.id, Body: &protocol.Agent{Card: protocol.AgentCard{
			Name: protocol.PlainText(fmt.Sprint("record-", i)), Type: protocol.Person,
		}}})
	}
	written, err := n.SubmitBatch(t.Context(), drafts)
	if err != nil {
		t.Fatal(err)
	}
	record := func(i int) protocol.AgentID { return protocol.AgentID{EntryID: written[i%len(written)].Entry.ID()} }
	drafts = nil
	for i := range 1200 {
		if drafts = append(drafts, ledger.Draft{Commons: h.id, Body: transfer(h.agents[0], record(i), 1)}); i%3 == 0 {
			drafts = append(drafts, ledger.Draft{Commons: h.id, Body: &protocol.Event{
				Action: "work", Provider: record(7), Receiver: h.agents[0],
				ResourceConformsTo: fmt.Sprint("a kind of work with quite a long name, number ", i%60),
				EffortQuantity:     &protocol.Quantity{N: 1, Unit: "hour"},
			}})
		}
	}
	if _, err := n.SubmitBatch(t.Context(), drafts); err != nil {
		t.Fatal(err)
	}
	want, err := n.Balance(t.Context(), h.id, record(7))
	if err != nil || len(want.Contributions) != 20 {
		t.Fatal(want, err)
	}
	crashed := &node{w: h.w, dir: t.TempDir(), seed: n.seed}
	if err := os.CopyFS(crashed.dir, os.DirFS(n.dir)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		crashed.open()
		faults, whole, err := crashed.FolioFaults(h.id)
		if err != nil || len(faults) > 0 || whole < 1100 {
			t.Errorf("%d whole folios, %d faults, %.1000v, %v", whole, len(faults), faults, err)
		}
		got, err := crashed.Balance(t.Context(), h.id, record(7))
		if d := cmp.Diff(want, got, cmp.AllowUnexported(ledger.Total{})); d != "" || err != nil {
			t.Errorf("%v (-before +after):\n%s", err, d)
		}
		if err := crashed.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
