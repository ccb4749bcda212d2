package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// story is a history of three members, as single segments of every size.
type story struct {
	id       protocol.CommonsID
	digest   string
	sheets   map[protocol.AgentID]string
	segments []protocol.Segment
}

// tell lets three members record and confirm, with verdicts that change, and
// events that an importer and a neighbour's recorder write.
func tell(w *world, rng *rand.Rand) story {
	ctx := context.Background()
	ana := w.node()
	commons, err := ana.CreateCommons(ctx, "Minga", "Ana")
	if err != nil {
		w.t.Fatal(err)
	}
	id := commons.ID
	members := []*node{ana}
	agents := []protocol.AgentID{commons.Me.Agent()}
	for _, name := range []string{"Beto", "Carla"} {
		link, err := ana.Invite(ctx, id, 1, w.now.Add(time.Hour))
		if err != nil {
			w.t.Fatal(err)
		}
		n := w.node()
		n.pull(ana, id)
		joined, err := n.Join(ctx, link, name)
		if err != nil {
			w.t.Fatal(err)
		}
		members, agents = append(members, n), append(agents, joined.Entry.Log.Agent())
		ana.pull(n, id)
	}
	var events []protocol.EntryID
	for range 60 {
		n := members[rng.IntN(len(members))]
		switch rng.IntN(5) {
		case 0:
			n.pull(members[rng.IntN(len(members))], id)
		case 1, 2:
			if len(events) == 0 {
				continue
			}
			verdicts := []protocol.Verdict{protocol.VerdictConfirm, protocol.VerdictDispute, protocol.VerdictWithdraw}
			// A verdict on oneself, or on what is not held, is refused: that is
			// part of the story too.
			_, _ = n.Submit(ctx, ledger.Draft{Commons: id, Body: &protocol.Confirm{
				Target: events[rng.IntN(len(events))], Verdict: verdicts[rng.IntN(len(verdicts))],
			}})
		default:
			body := work(agents[rng.IntN(len(agents))], id, 1+rng.Int64N(8))
			if rng.IntN(4) == 0 {
				body.Source = fmt.Sprint("row-", len(events))
			}
			w, err := n.Submit(ctx, ledger.Draft{Commons: id, Body: body})
			if errors.Is(err, ledger.ErrNotFound) {
				continue // the provider's log has not reached this node yet
			}
			if err != nil {
				n.w.t.Fatal(err)
			}
			events = append(events, w.Entry.ID())
		}
	}
	for range 2 {
		for _, n := range members {
			for _, from := range members {
				n.pull(from, id)
			}
		}
		if _, err := ana.Endorse(ctx); err != nil {
			w.t.Fatal(err)
		}
	}
	for _, n := range members[1:] {
		n.pull(ana, id)
	}
	s := story{id: id, digest: ana.digest(id), sheets: map[protocol.AgentID]string{}}
	for _, a := range agents {
		s.sheets[a] = ana.balance(id, a)
	}
	for _, n := range members {
		if got := n.digest(id); got != s.digest {
			w.t.Fatalf("members disagree: %s and %s", got, s.digest)
		}
	}
	s.segments = cut(w, members, id, rng)
	return s
}

// cut returns the whole history as segments that end wherever some node signed.
func cut(w *world, members []*node, id protocol.CommonsID, rng *rand.Rand) []protocol.Segment {
	var all []protocol.Segment
	ctx := context.Background()
	for _, n := range members {
		for head, err := range n.Heads(ctx, id) {
			if err != nil {
				w.t.Fatal(err)
			}
			for next := int64(0); next <= head.Seq; {
				s, err := n.SegmentFrom(ctx, head.Log, next, 1+rng.IntN(4000))
				if err != nil {
					w.t.Fatal(err)
				}
				all = append(all, s)
				next = s.Tip().Seq + 1 - rng.Int64N(int64(min(3, len(s.Entries))))
			}
		}
	}
	return all
}

// TestAnyOrderGivesTheSameState is the property of the house: any permutation,
// duplication, loss with repair and restart of the same entries ends in the
// same digest and the same balances.
func TestAnyOrderGivesTheSameState(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 7))
			w := newWorld(t)
			s := tell(w, rng)
			n := w.node()
			ctx := context.Background()
			if err := n.Follow(ctx, s.id); err != nil {
				t.Fatal(err)
			}
			offer := append(append([]protocol.Segment{}, s.segments...), s.segments[:len(s.segments)/2]...)
			for round := 0; n.digest(s.id) != s.digest; round++ {
				if round == 100 {
					t.Fatalf("not the digest of the others after %d rounds", round)
				}
				rng.Shuffle(len(offer), func(i, j int) { offer[i], offer[j] = offer[j], offer[i] })
				for _, segment := range offer {
					if rng.IntN(3) == 0 {
						continue // lost
					}
					_, err := n.Ingest(ctx, segment)
					if err != nil && !errors.Is(err, protocol.ErrGap) && !errors.Is(err, protocol.ErrNotAdmitted) {
						t.Fatal(err)
					}
				}
				if rng.IntN(2) == 0 {
					n.reopen()
				}
			}
			for agent, want := range s.sheets {
				if got := n.balance(s.id, agent); got != want {
					t.Errorf("balance %q, want %q", got, want)
				}
			}
			held, err := n.CommonsByID(ctx, s.id)
			if err != nil || held.Waiting != 0 || held.Void != 0 || held.Frozen != 0 {
				t.Errorf("%d waiting, %d void, %d frozen, %v; want none", held.Waiting, held.Void, held.Frozen, err)
			}
		})
	}
}
