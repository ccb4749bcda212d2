package naive

import (
	"flag"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

var seeds = flag.Uint64("seeds", 300, "random histories of each property test")

// TestHistoriesHold takes random histories entry by entry in random orders: each
// part is what a node may hold. No state breaks a property, and a larger part
// takes nothing back.
func TestHistoriesHold(t *testing.T) {
	for seed := range *seeds {
		h := Generate(seed)
		rng := rand.New(rand.NewPCG(seed, 5))
		var before *State
		for _, part := range growing(h, rng, 9) {
			s := Eval(h.Commons, h.Rules, part)
			if what := s.Broken(); what != "" {
				t.Fatalf("seed %d, %d of %d entries: %s", seed, len(part), len(h.Entries), what)
			}
			if before != nil {
				if what := Undone(before, s); what != "" {
					t.Fatalf("seed %d, %d of %d entries: %s", seed, len(part), len(h.Entries), what)
				}
			}
			before = s
		}
	}
}

// growing returns larger and larger parts of a history, the last one all of it.
func growing(h *History, rng *rand.Rand, n int) (parts [][]protocol.Entry) {
	byID := map[protocol.EntryID]protocol.Entry{}
	for _, e := range h.Entries {
		byID[e.ID()] = e
	}
	var part []protocol.Entry
	held := map[protocol.EntryID]bool{}
	for i, at := range rng.Perm(len(h.Entries)) {
		for e := h.Entries[at]; !held[e.ID()]; e = byID[e.Prev] {
			held[e.ID()] = true
			part = append(part, e)
			if e.Seq == 0 {
				break
			}
		}
		if i%(len(h.Entries)/n+1) == 0 || i == len(h.Entries)-1 {
			parts = append(parts, append([]protocol.Entry(nil), part...))
		}
	}
	return parts
}

// TestHonestLogsSettle lets everybody meet in the end, with liars who are silent
// but for confirming their seats, and nobody crashed: all that honest members
// wrote is settled and has its verdict, whatever sets of witnesses were in office
// before.
func TestHonestLogsSettle(t *testing.T) {
	for seed := range *seeds / 3 {
		if seed%4 == 3 {
			continue // the charter log forks
		}
		s := begin(seed)
		for _, w := range s.witnesses {
			w.crashed = false
		}
		s.unfold()
		s.settleDown()
		state := Eval(s.Commons, s.Rules, s.Entries)
		for x, e := range state.entries {
			a := s.author(e.Log)
			if a.liar || state.Logs[e.Log].Removed || e.Kind == protocol.KindEndorse {
				continue
			}
			if !state.cert.has(x) || !state.decided(x) {
				t.Fatalf("seed %d: %s of an honest author is %s", seed, s.name(e), state.states[x])
			}
		}
	}
}

// settleDown lets everybody meet until there is nothing more to vote for.
func (s *story) settleDown() {
	for n := -1; n != len(s.Entries); {
		n = len(s.Entries)
		s.meet(100)
		for _, w := range s.witnesses {
			if k, due := s.see(w).DueConfirm(w.log); due && w.liar {
				s.write(w, &protocol.Confirm{Target: k, Verdict: protocol.VerdictConfirm})
			}
		}
	}
}

func (s *story) author(log protocol.LogID) *actor {
	for _, a := range s.everybody() {
		if a.log == log {
			return a
		}
	}
	return nil
}

// TestSegmentsAreReal checks the segments of a history as a node would: they
// survive the wire, their signatures fit, and together they carry everything.
func TestSegmentsAreReal(t *testing.T) {
	for seed := range uint64(10) {
		h := Generate(seed)
		keys := map[protocol.LogID]protocol.KeySet{}
		for _, e := range h.Entries {
			if b, is := e.Body.(*protocol.Inception); is {
				keys[e.Log] = b.KeySet
			}
		}
		carried := map[protocol.EntryID]bool{}
		for _, s := range h.Segments {
			data, err := s.Encode()
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			back, err := protocol.ParseSegment(data)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if err := back.Verify(s.First().Prev, keys[s.Log()]); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			for _, e := range back.Entries {
				carried[e.ID()] = true
			}
		}
		if len(carried) != len(h.Entries) {
			t.Errorf("seed %d: segments carry %d of %d entries", seed, len(carried), len(h.Entries))
		}
	}
}

// TestOrderDoesNotMatter evaluates the same entries in two orders.
func TestOrderDoesNotMatter(t *testing.T) {
	for seed := range uint64(20) {
		h := Generate(seed)
		want := Eval(h.Commons, h.Rules, h.Entries)
		mixed := append([]protocol.Entry(nil), h.Entries...)
		rand.New(rand.NewPCG(seed, 9)).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		got := Eval(h.Commons, h.Rules, mixed)
		if diff := cmp.Diff(want.Accounts, got.Accounts, cmp.AllowUnexported(rules.Total{})); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
		if diff := cmp.Diff(want.states, got.states); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
	}
}
