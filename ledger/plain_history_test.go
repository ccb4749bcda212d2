package ledger_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

var (
	sharings     = flag.Uint64("sharings", 15, "how many random histories to share by the second version of the rules")
	firstSharing = flag.Uint64("sharing", 0, "the first of them")
)

// by returns a node by the name of its member.
func (x *tale) by(name string) *node {
	if n := x.who[name]; n != nil {
		return n
	}
	return x.node
}

// write has a member write something, which may be refused.
func (x *tale) write(who string, body protocol.Body) (protocol.EntryID, bool) {
	w, err := x.by(who).Submit(context.Background(), ledger.Draft{Commons: x.id, Body: body})
	if err != nil {
		x.refused[strings.SplitN(err.Error(), " bafy", 2)[0]]++
		return protocol.EntryID{}, false
	}
	id := w.Entry.ID()
	if b, is := w.Entry.Body.(*protocol.Event); is {
		x.did[b.Action]++
		x.bodies[id] = b
		x.events = append(x.events, id)
		if b.NewInventoriedResource != nil {
			x.spec[id] = b.NewInventoriedResource.ConformsTo
			x.stocks[x.spec[id]] = append(x.stocks[x.spec[id]], id)
		}
	}
	return id, true
}

func (x *tale) member() string { return pick(x.rng, "Ana", "Mara", "Beto") }
func (x *tale) anyone() string {
	return pick(x.rng, "Ana", "Mara", "Beto", "Luis", "Rosa", "Taller")
}

// stock returns a stock, if there is one.
func (x *tale) stock(specs ...string) (protocol.EntryID, string) {
	spec := pick(x.rng, specs...)
	if len(x.stocks[spec]) == 0 {
		return protocol.EntryID{}, spec
	}
	return pick(x.rng, x.stocks[spec]...), spec
}

func (x *tale) quantity(unit string) *protocol.Quantity {
	return &protocol.Quantity{N: 1 + x.rng.Int64N(60), Scale: int64(x.rng.IntN(2)), Unit: unit}
}

// ask returns a request for something that the pool has.
func (x *tale) ask() (ledger.DistributionRequest, bool) {
	sheet, err := x.Balance(context.Background(), x.id, x.agents["Taller"])
	if err != nil {
		x.t.Fatal(err)
	}
	for _, line := range sheet.Accounts {
		if line.Currency == "USD" {
			have, err := protocol.ParseAmount(line.Available.String())
			if err != nil {
				x.t.Fatal(err)
			}
			for have.Scale < 2 {
				have.N, have.Scale = have.N*10, have.Scale+1
			}
			if have.N <= 0 {
				return ledger.DistributionRequest{}, false
			}
			q := request(1 + x.rng.Int64N(have.N))
			if x.rng.IntN(2) == 0 && len(x.incomes) > 0 {
				q.Incomes = []protocol.EntryID{pick(x.rng, x.incomes...)}
				if other := pick(x.rng, x.incomes...); other != q.Incomes[0] {
					q.Incomes = append(q.Incomes, other)
				}
			}
			return q, true
		}
	}
	return ledger.DistributionRequest{}, false
}

// compare previews with a node and with the second version.
func (x *tale) compare(n *node, what string) {
	x.t.Helper()
	q, some := x.ask()
	if !some {
		return
	}
	d, err := n.PreviewDistribution(context.Background(), x.id, q)
	if err != nil {
		x.refused["preview: "+err.Error()]++
		return
	}
	x.same(n, d, what)
}

// same compares a distribution with what the second version gives.
func (x *tale) same(n *node, d ledger.Distribution, what string) {
	x.t.Helper()
	p := plainOf(x.t, n, x.id)
	past := p.past()
	for i, r := range past {
		if r.asOf == d.Time {
			past = past[:i]
			break
		}
	}
	want := p.share(plainRound{cut: d.Cut, asOf: d.Time, version: d.Version, currency: d.Currency, amount: d.Amount, incomes: d.Incomes}, past)
	got := plainResult{map[string]int64{}, d.Remainder.N, map[string]string{}}
	sum := d.Remainder.N
	for _, l := range d.Lines {
		got.lines[lineKey(l.Bucket, l.Agent.ID)] += l.Amount.N
		sum += l.Amount.N
	}
	for _, b := range d.Computed.Buckets {
		if _, shared := want.claimed[b.Name]; shared {
			got.claimed[b.Name] = b.Claimed.RatString()
		}
	}
	if sum != d.Amount.N {
		x.t.Errorf("%s: lines and what stays sum to %d of %d", what, sum, d.Amount.N)
	}
	for what, times := range p.seen {
		x.did[what] += times
	}
	x.did["compared"]++
	x.did["lines"] += len(d.Lines)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(plainResult{})); diff != "" {
		x.explain(n, p, d, past)
		x.t.Fatalf("%s, %d past, amount %v (-second version +ledger):\n%s\n%s", what, len(past), d.Amount, diff, x.tellAgents())
	}
}

// TestASecondVersionSharesTheSame compares what the ledger gives out with a naive
// version of all the rules of sharing, on random histories.
func TestASecondVersionSharesTheSame(t *testing.T) {
	refused, did := map[string]int{}, map[string]int{}
	var seeds []uint64
	for seed := *firstSharing; seed < *firstSharing+*sharings; seed++ {
		seeds = append(seeds, seed)
	}
	if *firstSharing == 0 {
		seeds = append(seeds, 238) // an event that is corrected to less than nothing
	}
	for _, seed := range seeds {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			x := newTale(t, seed)
			x.fund("Ana", "Mara", "Beto")
			x.begin()
			for range 3 + x.rng.IntN(2) {
				for range 25 + x.rng.IntN(25) {
					x.step()
				}
				x.compare(x.by(x.member()), "before all have met")
				x.earn()
				x.meet()
				x.compare(x.by(x.member()), "after all have met")
				q, some := x.ask()
				if !some {
					continue
				}
				d, err := x.ProposeDistribution(context.Background(), x.id, q)
				if err != nil {
					x.refused["propose: "+err.Error()]++
					continue
				}
				x.committed++
				x.same(x.node, d, "committed")
			}
			for what, n := range x.refused {
				refused[what] += n
			}
			for what, n := range x.did {
				did[what] += n
			}
			did["committed"] += x.committed
		})
	}
	t.Log(did)
	if *sharings == 1 {
		t.Log(refused)
	}
	if *sharings < 15 {
		return
	}
	for _, what := range []string{
		"committed", "claims once", "claims debt", "claims equity", "corrections", "credited to a source", "percents", "traced in part",
		"paid in part", "proportional", "equal", "balanced",
	} {
		if did[what] == 0 {
			t.Errorf("no %s: the histories tell too little", what)
		}
	}
}
