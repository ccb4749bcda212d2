package ledger_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// TestArrivalDoesNotMatterToShares gives random histories to new nodes in random
// orders: they preview the same, and what was committed amid the history is still
// what its cut gives, there and after a rebuild.
func TestArrivalDoesNotMatterToShares(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			x := newTale(t, seed)
			x.fund("Ana", "Mara", "Beto")
			x.begin()
			var committed []ledger.Distribution
			for range 2 {
				for range 30 {
					x.step()
				}
				x.earn()
				x.meet()
				if d, err := x.ProposeDistribution(context.Background(), x.id, request(100)); err == nil {
					committed = append(committed, d)
				}
			}
			x.earn()
			x.meet()
			other := x.shuffled(rand.New(rand.NewPCG(seed, 3)))
			if diff := cmp.Diff(x.preview(request(50)).Lines, x.previewOn(other, request(50)).Lines); diff != "" {
				t.Errorf("(-here +there):\n%s", diff)
			}
			other.reopen()
			for _, d := range committed {
				x.verified(x.node, d, "here")
				x.verified(other, d, "there")
			}
		})
	}
}

// TestACentAmongAThousand shares one cent, and nothing among nobody.
func TestACentAmongAThousand(t *testing.T) {
	s := newShop(t, sharing(table{"name": "all", "percent": "100", "rule": []protocol.Value{rule("work", "", "10", "hour", nil)}}), "Cliente")
	s.income(100, nothing)
	if d := s.preview(request(100)); len(d.Lines) != 0 || d.Remainder.N != 100 {
		t.Errorf("of nobody's work: %+v, %v stay", d.Lines, d.Remainder)
	}
	var drafts []ledger.Draft
	for i := range 1000 {
		drafts = append(drafts, ledger.Draft{Commons: s.id, Body: &protocol.Agent{
			Card: protocol.AgentCard{Name: protocol.PlainText(fmt.Sprint("vecina ", i)), Type: protocol.Person},
		}})
	}
	agents, err := s.SubmitBatch(context.Background(), drafts)
	if err != nil {
		t.Fatal(err)
	}
	var lowest protocol.EntryID
	for i, w := range agents {
		id := w.Entry.ID()
		if i == 0 || id.Compare(lowest) < 0 {
			lowest = id
		}
		drafts[i].Body = work(protocol.AgentID{EntryID: id}, s.id, 2)
	}
	if _, err := s.SubmitBatch(context.Background(), drafts); err != nil {
		t.Fatal(err)
	}
	s.meet()
	d := s.preview(request(1))
	if len(d.Lines) != 1 || d.Lines[0].Agent.ID.EntryID != lowest || d.Lines[0].Amount.N != 1 || d.Remainder.N != 0 {
		t.Errorf("%+v and %v, want the cent to go to the lowest identifier", d.Lines, d.Remainder)
	}
}

// TestMoreWorkNeverGivesLess adds an input after another: without minima, what its
// author gets does not fall.
func TestMoreWorkNeverGivesLess(t *testing.T) {
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 17))
		s := newShop(t, sharing(table{"name": "all", "percent": "100", "policy": pick(rng, "proportional", "balanced"), "rule": []protocol.Value{
			rule("work", "", "0.333", "hour", table{"scope": pick(rng, "period", "trace"), "claim": pick(rng, "once", "debt")}),
		}}), "Cliente", "Luis", "Rosa", "Eva")
		p := s.process("Hornear", nothing)
		for _, name := range []string{"Luis", "Rosa", "Eva"} {
			s.hours(name, 1+rng.Int64N(20), "huerta", p)
		}
		b := s.event("produce", "Taller", "Taller", 1, "one")
		b.OutputOf, b.NewInventoriedResource = p, &protocol.NewResource{ConformsTo: "pan"}
		amount := 1 + rng.Int64N(3000)
		income := s.income(amount, s.record(b))
		for range 8 {
			who := pick(rng, "Luis", "Rosa", "Eva")
			got := func() int64 {
				for _, l := range s.preview(request(amount, income)).Lines {
					if l.Agent.ID == s.agents[who] {
						return l.Amount.N
					}
				}
				return 0
			}
			before := got()
			s.hours(who, 1+rng.Int64N(5), "huerta", p)
			if after := got(); after < before {
				t.Errorf("seed %d: %s got %d, and %d for more work", seed, who, before, after)
			}
		}
	}
}
