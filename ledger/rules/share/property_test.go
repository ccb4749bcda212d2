package share_test

import (
	"fmt"
	"math/big"
	"math/rand"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

var exactly = cmp.Comparer(func(a, b *big.Rat) bool { return a == b || a != nil && b != nil && a.Cmp(b) == 0 })

// drawn is a random village with the rules of some rounds.
type drawn struct {
	v       *village
	buckets [][]charter.Bucket // by round
	amounts []string
}

func pick[T any](t *rapid.T, label string, from ...T) T {
	return rapid.SampledFrom(from).Draw(t, label)
}

func drawRule(t *rapid.T) charter.Rule {
	r := rate(fmt.Sprintf("%s %s %s hour", pick(t, "action", "work", "use"), pick(t, "resource", "a", "b"), pick(t, "rate", "0", "1", "7.5", "10")),
		pick(t, "claim", charter.Once, charter.Debt, charter.Equity))
	if rapid.Bool().Draw(t, "any") {
		r.Action = ""
	}
	r.Who, r.Scope = pick(t, "who", charter.Anyone, charter.Members), pick(t, "scope", charter.InPeriod, charter.InTrace)
	return r
}

func drawBucket(t *rapid.T, i int) charter.Bucket {
	b := pot(fmt.Sprint("bucket", i), pick(t, "policy", charter.Proportional, charter.Equal, charter.Balanced))
	for range rapid.IntRange(1, 3).Draw(t, "rules") {
		b.Rules = append(b.Rules, drawRule(t))
	}
	b.Percent = amount(pick(t, "percent", "100", "33.333", "50"))
	b.Rest = pick(t, "rest", charter.RestNext, charter.RestPool)
	b.Min, b.Max = optional(pick(t, "min", "", "", "2.50")), optional(pick(t, "max", "", "", "2.50", "30"))
	return b
}

func draw(t *rapid.T) drawn {
	d := drawn{v: newVillage("Ana", "Bea", "Carlos", "outside", "commons")}
	rounds := rapid.IntRange(1, 3).Draw(t, "rounds")
	for i := range rapid.IntRange(0, 12).Draw(t, "events") {
		corrects := -1
		text := fmt.Sprint(i, " ", pick(t, "who", "Ana", "Bea", "Carlos", "outside", "commons"), " ", pick(t, "did", "work", "use"), " ",
			pick(t, "on", "a", "b"), " ", rapid.IntRange(1, 40).Draw(t, "n"), ".5 ", pick(t, "unit", "hour", "minute-Time", "kilogram"))
		if i > 0 && rapid.IntRange(0, 3).Draw(t, "correction") == 0 {
			corrects = rapid.IntRange(0, i-1).Draw(t, "corrects")
			text = fmt.Sprint(i, " Ana work a ", rapid.IntRange(-20, 20).Draw(t, "by"), " hour")
		}
		d.v.event(rapid.IntRange(0, rounds-1).Draw(t, "from"), text, corrects)
		part := new(big.Rat)
		for r := range rounds {
			d.v.not[[2]int{r, i}] = rapid.IntRange(0, 9).Draw(t, "disputed") == 0
			if d.v.went[r] == nil {
				d.v.went[r] = map[int]*big.Rat{}
			}
			if part = plus(part, big.NewRat(rapid.Int64Range(0, 3).Draw(t, "part"), 9)); part.Sign() > 0 && corrects < 0 {
				d.v.went[r][i] = part
			}
		}
	}
	var buckets []charter.Bucket
	for r := range rounds {
		if r == 0 || rapid.IntRange(0, 2).Draw(t, "change") == 0 {
			buckets = nil
			for i := range rapid.IntRange(1, 2).Draw(t, "buckets") {
				buckets = append(buckets, drawBucket(t, i))
			}
		}
		d.buckets = append(d.buckets, buckets)
		d.amounts = append(d.amounts, fmt.Sprintf("%d.%02d", rapid.IntRange(0, 400).Draw(t, "amount"), rapid.IntRange(0, 99).Draw(t, "cents")))
	}
	return d
}

func (d drawn) round(i int) share.Round {
	streams := plainStreams()
	return share.Round{
		Charter: charter.Document{Streams: streams, Buckets: d.buckets[i]}, Commons: agent("commons"),
		Currency: "USD", Scale: 2, Amount: amount(d.amounts[i]),
	}
}

// sums checks that parts and remainder are the amount.
func sums(t *rapid.T, r share.Round, result share.Result) {
	all := rat(result.Remainder)
	spent := new(big.Rat)
	for _, l := range result.Lines {
		all, spent = plus(all, rat(l.Amount)), plus(spent, rat(l.Amount))
		if l.Amount.N <= 0 {
			t.Fatalf("a line of %v", l.Amount)
		}
		for _, b := range r.Charter.Buckets {
			if b.Name == l.Bucket && b.Max != nil && rat(l.Amount).Cmp(rat(*b.Max)) > 0 {
				t.Fatalf("%v is more than the maximum", l.Amount)
			}
		}
	}
	for _, b := range result.Buckets {
		spent = spent.Sub(spent, rat(b.Spent))
	}
	if all.Cmp(rat(r.Amount)) != 0 || spent.Sign() != 0 {
		t.Fatalf("%v of %v; lines and buckets differ by %v", all, r.Amount, spent)
	}
}

// TestAgainstNaive shares random incomes of random villages over several rounds
// under changing rules, and compares each line with the plain second version.
func TestAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		var past []share.Round
		for i := range d.buckets {
			now := d.round(i)
			result, err := share.Compute(d.v, past, now)
			if err != nil {
				t.Fatal(err)
			}
			sums(t, now, result)
			for b := range now.Charter.Buckets {
				n := naive{v: d.v, past: past}
				want := n.run(now, b, result.Buckets[b].Amount.N)
				for a := range d.v.agents {
					var got int64
					for _, l := range result.Lines {
						if l.Bucket == result.Buckets[b].Name && l.Agent == d.v.agents[a].ID {
							got = l.Amount.N
						}
					}
					if got != want[a] {
						t.Fatalf("round %d, %s: %s gets %d, naively %d", i, result.Buckets[b].Name, d.v.names[a], got, want[a])
					}
				}
			}
			explained(t, d.v, past, now, result)
			now.Lines = result.Lines
			past = append(past, now)
		}
	})
}

// explained checks that the claims of everybody sum to their lines.
func explained(t *rapid.T, v *village, past []share.Round, now share.Round, result share.Result) {
	for _, a := range v.agents {
		again, claims, err := share.Explain(v, past, now, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(result, again, exactly); diff != "" {
			t.Fatal(diff)
		}
		for _, b := range result.Buckets {
			var paid, line int64
			for _, c := range claims {
				if c.Bucket == b.Name {
					paid += c.Amount.N
				}
			}
			for _, l := range result.Lines {
				if l.Bucket == b.Name && l.Agent == a.ID {
					line += l.Amount.N
				}
			}
			if paid != line {
				t.Fatalf("%s: claims of %d, a line of %d", b.Name, paid, line)
			}
		}
	}
}

// shuffled returns the same facts in another order.
func (v *village) shuffled(r *rand.Rand) *village {
	events, agents, kinds := r.Perm(len(v.events)), r.Perm(len(v.agents)), r.Perm(len(v.kinds))
	w := newVillage()
	w.names, w.agents, w.kinds = make([]string, len(v.names)), make([]share.Agent, len(v.agents)), make([]share.Kind, len(v.kinds))
	w.events, w.from = make([]share.Event, len(v.events)), make([]int, len(v.events))
	for i, to := range agents {
		w.names[to], w.agents[to] = v.names[i], v.agents[i]
	}
	for i, to := range kinds {
		w.kinds[to] = v.kinds[i]
	}
	for i, to := range events {
		e := v.events[i]
		e.Kind, e.Provider = kinds[e.Kind], agents[e.Provider]
		if e.Corrects >= 0 {
			e.Corrects = events[e.Corrects]
		}
		w.events[to], w.from[to] = e, v.from[i]
	}
	for k, not := range v.not {
		w.not[[2]int{k[0], events[k[1]]}] = not
	}
	for round, went := range v.went {
		w.went[round] = map[int]*big.Rat{}
		for e, x := range went {
			w.went[round][events[e]] = x
		}
	}
	return w
}

func TestOrderNeverMatters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		other := d.v.shuffled(rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed"))))
		var past []share.Round
		for i := range d.buckets {
			now := d.round(i)
			first, err := share.Compute(d.v, past, now)
			if err != nil {
				t.Fatal(err)
			}
			second, err := share.Compute(other, past, now)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(first, second, exactly); diff != "" {
				t.Fatal(diff)
			}
			now.Lines = first.Lines
			past = append(past, now)
		}
	})
}

// TestMoreIsNeverLess: without minima, one more contribution does not lower what
// its author gets.
func TestMoreIsNeverLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		last := len(d.buckets) - 1
		for i := range d.buckets {
			d.buckets[i] = slices.Clone(d.buckets[i][:1])
			d.buckets[i][0].Min, d.buckets[i][0].Policy = nil, charter.Proportional
		}
		var past []share.Round
		for i := range last {
			r := d.round(i)
			result, err := share.Compute(d.v, past, r)
			if err != nil {
				t.Fatal(err)
			}
			r.Lines = result.Lines
			past = append(past, r)
		}
		before, err := share.Compute(d.v, past, d.round(last))
		if err != nil {
			t.Fatal(err)
		}
		d.v.event(last, fmt.Sprint("more Ana work a ", rapid.IntRange(1, 50).Draw(t, "more"), " hour"), -1)
		after, err := share.Compute(d.v, past, d.round(last))
		if err != nil {
			t.Fatal(err)
		}
		if b, a := of(before, "Ana"), of(after, "Ana"); a < b {
			t.Fatalf("%d, and %d with more", b, a)
		}
	})
}

func of(r share.Result, name string) (units int64) {
	for _, l := range r.Lines {
		if l.Agent == (protocol.AgentID{EntryID: id(name)}) {
			units += l.Amount.N
		}
	}
	return units
}
