package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
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
		live := sheets()
		n.reopen()
		if d := cmp.Diff(sheets(), live, cmp.AllowUnexported(ledger.Total{})); d != "" {
			t.Fatalf("what memory said differs from the disk (-disk +memory):\n%s", d)
		}
	}
}
