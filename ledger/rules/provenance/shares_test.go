package provenance

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/protocol"
)

// sheet builds a graph by names.
type sheet struct {
	graph Graph
	last  map[string]protocol.EntryID
	clock protocol.Time
}

func id(name string) (out protocol.EntryID) {
	if name != "" {
		copy(out[:], "x"+name)
	}
	return out
}

func rat(text string) *big.Rat {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		panic(text)
	}
	return r
}

func (s *sheet) part(resource, amount string, event string) []Part {
	if resource == "" {
		return nil
	}
	if s.last == nil {
		s.last = map[string]protocol.EntryID{}
	}
	p := Part{Resource: id(resource), Amount: rat(amount)}
	if last, is := s.last[resource]; is {
		p.After = []protocol.EntryID{last}
	}
	s.last[resource] = id(event)
	return []Part{p}
}

// in is an input of a process, out an output, of an amount of a resource.
func (s *sheet) in(event, process, resource, amount string) {
	s.clock++
	s.graph.Events = append(s.graph.Events, Event{
		ID: id(event), Time: s.clock, InputOf: id(process), Draws: s.part(resource, amount, event),
	})
}

func (s *sheet) out(event, process, resource, amount, weight string) {
	s.clock++
	e := Event{ID: id(event), Time: s.clock, OutputOf: id(process), Feeds: s.part(resource, amount, event)}
	if weight != "" {
		e.Weight = rat(weight)
	}
	s.graph.Events = append(s.graph.Events, e)
}

// pass moves an amount from one resource to another.
func (s *sheet) pass(event, from, to, amount string) {
	s.clock++
	s.graph.Events = append(s.graph.Events, Event{
		ID: id(event), Time: s.clock, Draws: s.part(from, amount, event), Feeds: s.part(to, amount, event),
	})
}

func shown(s Shares) map[string]string {
	all := map[string]string{}
	for at, part := range s.Of {
		name := string(at[1:])
		for i, c := range name {
			if c == 0 {
				name = name[:i]
				break
			}
		}
		all[name] = part.RatString()
	}
	return all
}

// TestShares has the figures of the open hardware that was sold: the design at
// the printer's, two casings that carry 90 %, of which one is used.
func TestShares(t *testing.T) {
	s := &sheet{}
	s.in("eva", "design", "", "")
	s.out("drawing", "design", "plan", "1", "")
	s.pass("bought", "", "filament", "2")
	s.in("luis", "print", "", "")
	s.in("cite", "print", "plan", "0")
	s.in("used", "print", "filament", "3/2")
	s.out("casings", "print", "casing", "2", "90")
	s.out("scrap", "print", "scrap", "1/2", "10")
	s.in("casing1", "assemble", "casing", "1")
	s.in("ana", "assemble", "", "")
	s.out("device", "assemble", "device", "1", "")
	got := shown(InStock(s.graph, id("device"), rat("1")))
	want := map[string]string{
		"device": "1", "ana": "1", "casing1": "1", "casings": "1/2", "luis": "9/20", "cite": "9/20", "used": "9/20",
		"bought": "27/80",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSharesOfAMix(t *testing.T) {
	s := &sheet{}
	s.pass("ana", "", "flour", "30")
	s.pass("mara", "", "flour", "10")
	s.in("first", "cakes", "flour", "20") // 15 of Ana's, 5 of Mara's
	s.pass("late", "", "flour", "20")     // now 15, 5, 20
	s.in("second", "bread", "flour", "10")
	s.out("loaf", "bread", "loaf", "2", "")
	got := shown(InStock(s.graph, id("loaf"), rat("1")))
	want := map[string]string{"loaf": "1/2", "second": "1/2", "ana": "1/16", "mara": "1/16", "late": "1/8"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSharesOfALoop has a yeast that feeds the dough from which it is taken: the
// two processes count as one.
func TestSharesOfALoop(t *testing.T) {
	s := &sheet{}
	s.pass("start", "", "yeast", "1")
	s.in("yeast1", "dough", "yeast", "1")
	s.in("work", "dough", "", "")
	s.out("dough1", "dough", "doughs", "10", "")
	s.in("taken", "breeding", "doughs", "2")
	s.in("sugar", "breeding", "", "")
	s.out("bred", "breeding", "yeast", "4", "")
	s.in("yeast2", "dough", "yeast", "3")
	s.out("dough2", "dough", "doughs", "12", "")
	got := shown(InStock(s.graph, id("doughs"), rat("20")))
	if got["work"] == "" || got["sugar"] == "" || got["start"] != got["work"] {
		t.Errorf("what went in at the start, as the work did, has the shares %v", got)
	}
	total := new(big.Rat)
	for _, share := range got {
		if rat(share).Cmp(big.NewRat(1, 1)) > 0 {
			t.Errorf("a share above one: %v", got)
		}
		total.Add(total, rat(share))
	}
}

// TestSharesConserve checks on random graphs that what leaves is what came in:
// the shares of an input over all that is left of everything, and of all that was
// lost, add up to one where nothing was lost.
func TestSharesConserve(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 7))
		s := &sheet{}
		s.pass("source", "", "r0", "100")
		resources, left := 1, map[int]int{0: 100}
		for p := range 8 {
			process := fmt.Sprintf("p%d", p)
			used := false
			for range 1 + rng.IntN(3) {
				from := rng.IntN(resources)
				if left[from] == 0 {
					continue
				}
				n := 1 + rng.IntN(left[from])
				left[from] -= n
				used = true
				s.in(fmt.Sprintf("%s-in%d", process, s.clock), process, fmt.Sprintf("r%d", from), fmt.Sprint(n))
			}
			if !used {
				continue
			}
			for range 1 + rng.IntN(2) {
				to := rng.IntN(resources + 1)
				if to == resources {
					resources++
				}
				n := 1 + rng.IntN(20)
				left[to] += n
				s.out(fmt.Sprintf("%s-out%d", process, s.clock), process, fmt.Sprintf("r%d", to), fmt.Sprint(n), fmt.Sprint(1+rng.IntN(5)))
			}
		}
		sum := new(big.Rat)
		for r := range resources {
			if share := InStock(s.graph, id(fmt.Sprintf("r%d", r)), rat("1000000")).Of[id("source")]; share != nil {
				sum.Add(sum, share)
			}
		}
		if sum.Cmp(big.NewRat(1, 1)) != 0 {
			t.Fatalf("seed %d: the shares of the source add up to %v, want 1", seed, sum.RatString())
		}
	}
}
