package provenance

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/protocol"
)

// numbered is a graph as a Net, with the numbers of what it has.
type numbered struct {
	net                  Net
	flow, step, resource map[protocol.EntryID]int
}

func number(g Graph) *numbered {
	n := &numbered{flow: map[protocol.EntryID]int{}, step: map[protocol.EntryID]int{}, resource: map[protocol.EntryID]int{}}
	of := func(m map[protocol.EntryID]int, id protocol.EntryID) int {
		if _, known := m[id]; !known {
			m[id] = len(m)
		}
		return m[id]
	}
	for _, e := range g.Events {
		of(n.flow, e.ID)
	}
	portions := func(parts []Part) (all []Portion) {
		for _, p := range parts {
			q := Portion{Stock: of(n.resource, p.Resource), Amount: p.Amount}
			for _, a := range p.After {
				if f, known := n.flow[a]; known {
					q.After = append(q.After, f)
				}
			}
			all = append(all, q)
		}
		return all
	}
	for _, e := range g.Events {
		f := Flow{ID: e.ID, Time: e.Time, Weight: e.Weight, Draws: portions(e.Draws), Feeds: portions(e.Feeds)}
		if !e.InputOf.IsZero() {
			f.In = []int{of(n.step, e.InputOf)}
		}
		if !e.OutputOf.IsZero() {
			f.Out = []int{of(n.step, e.OutputOf)}
		}
		n.net.Flows = append(n.net.Flows, f)
	}
	n.net.Steps, n.net.Stocks = len(n.step), len(n.resource)
	return n
}

func (n *numbered) shown(p Parts) map[string]string {
	s := Shares{Of: map[protocol.EntryID]*big.Rat{}}
	for f, part := range p.Of {
		s.Of[n.net.Flows[f].ID] = part
	}
	return shown(s)
}

// TestTheTwoWaysAgree compares the tracer with the plain way of counting, which
// follows each draw to each of its sources, on random graphs in which processes
// are run several times, so that they feed one another.
func TestTheTwoWaysAgree(t *testing.T) {
	loops := 0
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 11))
		s := &sheet{}
		stock := map[int]int{}
		for r := range 3 {
			s.pass(fmt.Sprint("gift", r), "", fmt.Sprint("r", r), "50")
			stock[r] = 50
		}
		runs := 4 + rng.IntN(10)
		for i := range runs {
			process := fmt.Sprint("p", rng.IntN(runs))
			used := false
			for range rng.IntN(3) {
				r := rng.IntN(3 + i/2)
				if stock[r] > 0 {
					n := 1 + rng.IntN(stock[r])
					stock[r] -= n
					s.in(fmt.Sprint("in", s.clock), process, fmt.Sprint("r", r), fmt.Sprint(n))
					used = true
				}
			}
			if !used {
				s.in(fmt.Sprint("work", s.clock), process, "", "")
			}
			for range 1 + rng.IntN(2) {
				r, n := rng.IntN(4+i/2), 1+rng.IntN(20)
				stock[r] += n
				weight := fmt.Sprint(1 + rng.IntN(5))
				if rng.IntN(8) == 0 {
					weight = ""
				}
				s.out(fmt.Sprint("out", s.clock), process, fmt.Sprint("r", r), fmt.Sprint(n), weight)
			}
		}
		n := number(s.graph)
		tracer := NewTracer(n.net)
		circling := map[protocol.EntryID]bool{}
		for _, group := range newIndex(s.graph).groups() {
			for _, id := range group {
				circling[id] = len(group) > 1
			}
			if len(group) > 1 {
				loops++
			}
		}
		for i, e := range s.graph.Events {
			if circling[e.ID] {
				continue // the plain way asks for nothing inside of a circle
			}
			var seeds Seeds
			seeds.AddFlow(i)
			got := n.shown(tracer.Behind(seeds))
			plain := shown(InEvent(s.graph, e.ID, one))
			if diff := cmp.Diff(plain, got); diff != "" {
				t.Fatalf("seed %d, behind event %d (-plain +tracer):\n%s", seed, i, diff)
			}
		}
	}
	if loops == 0 {
		t.Error("no graph had a circle: the test tries too little")
	}
}

// TestWhatAFlowUsesIsWhole has a tool that two members paid for, a stock of which
// a part was taken before, and what came in for money.
func TestWhatAFlowUsesIsWhole(t *testing.T) {
	half := big.NewRat(1, 2)
	net := Net{Stocks: 3, Steps: 1, Flows: []Flow{
		0: {Time: 1, Feeds: []Portion{{Stock: 0, Amount: big.NewRat(600, 1)}}},                              // into the box
		1: {Time: 2, Feeds: []Portion{{Stock: 0, Amount: big.NewRat(400, 1)}}},                              // into the box
		2: {Time: 3, In: []int{0}, Draws: []Portion{{Stock: 0, Amount: big.NewRat(500, 1)}}},                // half of it is paid
		3: {Time: 3, Out: []int{0}, Feeds: []Portion{{Stock: 1, Amount: one}}},                              // for the tool
		4: {Time: 4, Draws: []Portion{{Stock: 1}}},                                                          // that is used,
		5: {Time: 5, Feeds: []Portion{{Stock: 1, Amount: one}}},                                             // and gets better later
		6: {Time: 6, Draws: []Portion{{Stock: 0, Amount: big.NewRat(250, 1)}}},                              // half of the rest
		7: {Time: 7, Sealed: true, Draws: []Portion{{Stock: 1, Amount: one}}, Out: []int{0}},                // it is sold back
		8: {Time: 8, Draws: []Portion{{Stock: 2, Amount: one}}, Feeds: []Portion{{Stock: 2, Amount: half}}}, // of unknown origin
	}}
	tracer := NewTracer(net)
	for _, c := range []struct {
		flow int
		want map[int]string
	}{
		{4, map[int]string{0: "1/4", 1: "1/4", 2: "1/2", 3: "1"}},
		{6, map[int]string{0: "1/4", 1: "1/4"}},
		{7, map[int]string{0: "1/8", 1: "1/8", 2: "1/4", 3: "1/2", 5: "1/2"}},
		{8, map[int]string{}},
	} {
		var seeds Seeds
		tracer.AddBehind(&seeds, c.flow)
		got := map[int]string{}
		for f, part := range tracer.Behind(seeds).Of {
			got[f] = part.RatString()
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("behind flow %d (-want +got):\n%s", c.flow, diff)
		}
	}
}

// TestNothingCountsTwice asks for two things of which one is in the other.
func TestNothingCountsTwice(t *testing.T) {
	s := &sheet{}
	s.in("work", "baking", "", "")
	s.out("loaves", "baking", "bread", "2", "")
	s.pass("sold", "bread", "", "1")
	n := number(s.graph)
	tracer := NewTracer(n.net)
	var seeds Seeds
	tracer.AddStock(&seeds, n.resource[id("bread")])
	seeds.AddFlow(2)
	want := map[string]string{"work": "1", "loaves": "1", "sold": "1"}
	if diff := cmp.Diff(want, n.shown(tracer.Behind(seeds))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
