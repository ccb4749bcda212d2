package cut

import (
	"context"
	"errors"
	"math/big"
	"testing"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// TestADistributionThatNeverWasPaidNothing has two members pay the same into the
// pool, one before and one after a distribution that never had its effect: what
// the pool pays then comes from both.
func TestADistributionThatNeverWasPaidNothing(t *testing.T) {
	amount := protocol.Amount{N: 60}
	part := func(n int64, first protocol.EntryID, lines ...protocol.Line) *protocol.Distribution {
		d := &protocol.Distribution{Part: n, Parts: 2, First: first, Currency: "USD", Lines: lines}
		if n == 0 {
			d.Amount = &amount
		}
		return d
	}
	for name, c := range map[string]struct {
		write func(s *story) []protocol.Entry // those that are void
		want  *big.Rat
	}{
		"never finished": {want: big.NewRat(1, 2), write: func(s *story) []protocol.Entry {
			s.write(t, s.logs[0], part(0, protocol.EntryID{}, protocol.Line{Agent: s.logs[1].Agent(), Bucket: "b", Amount: amount}))
			return nil
		}},
		"void at its last part": {want: big.NewRat(1, 2), write: func(s *story) []protocol.Entry {
			e := s.write(t, s.logs[0], part(0, protocol.EntryID{}, protocol.Line{Agent: s.logs[1].Agent(), Bucket: "b", Amount: amount}))
			return []protocol.Entry{s.write(t, s.logs[0], part(1, e.ID()))}
		}},
		"valid": {want: new(big.Rat), write: func(s *story) []protocol.Entry {
			e := s.write(t, s.logs[0], part(0, protocol.EntryID{}, protocol.Line{Agent: s.logs[1].Agent(), Bucket: "b", Amount: amount}))
			s.write(t, s.logs[0], part(1, e.ID()))
			return nil
		}},
	} {
		s := newStory(t, 0)
		pay := func(log protocol.LogID, to protocol.AgentID) protocol.Entry {
			s.now += 1000
			return s.write(t, log, &protocol.Event{
				Action: "transfer", Provider: log.Agent(), Receiver: to, Currency: "USD",
				ResourceQuantity: &protocol.Quantity{N: 60, Unit: "one"},
			})
		}
		pool := protocol.AgentID(s.commons)
		first := pay(s.logs[1], pool)
		s.now += 1000
		v := voided{s, map[protocol.EntryID]bool{}}
		for _, e := range c.write(s) {
			v.void[e.ID()] = true
		}
		second := pay(s.logs[2], pool)
		paid := pay(s.logs[0], s.logs[3].Agent())
		f, err := Read(context.Background(), v, s.commons, []Round{{Cut: s.whole(), AsOf: s.now}})
		if err != nil {
			t.Fatal(err)
		}
		at := func(e protocol.Entry) int { i, _ := f.Find(e.ID()); return i }
		behind, err := f.Behind(0, at(paid))
		if err != nil {
			t.Fatal(err)
		}
		got := behind.Of[at(first)]
		if got == nil {
			got = new(big.Rat)
		}
		if got.Cmp(c.want) != 0 {
			t.Errorf("%s: %v of the first payment lies behind, want %v; of the second %v", name, got, c.want, behind.Of[at(second)])
		}
	}
}

// voided is a story in which some entries are void.
type voided struct {
	*story
	void map[protocol.EntryID]bool
}

func (v voided) Void(fn func(protocol.EntryID, rules.Reason)) error {
	for id := range v.void {
		fn(id, rules.BadDistribution)
	}
	return nil
}

// TestATraceEndsWithItsContext fills the pool and draws on it, and gives up before
// the trace.
func TestATraceEndsWithItsContext(t *testing.T) {
	s := newStory(t, 0)
	pool := protocol.AgentID(s.commons)
	pay := func(log protocol.LogID, to protocol.AgentID, n int64) protocol.Entry {
		s.now += 1000
		return s.write(t, log, &protocol.Event{
			Action: "transfer", Provider: log.Agent(), Receiver: to, Currency: "USD",
			ResourceQuantity: &protocol.Quantity{N: n, Unit: "one"},
		})
	}
	pay(s.logs[1], pool, 7)
	paid := pay(s.logs[0], s.logs[3].Agent(), 3)
	ctx, cancel := context.WithCancel(context.Background())
	f, err := Read(ctx, s, s.commons, []Round{{Cut: s.whole(), AsOf: s.now}})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	at, _ := f.Find(paid.ID())
	if _, err := f.Behind(0, at); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that it was given up", err)
	}
}
