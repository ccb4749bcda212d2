package share_test

import (
	"math/big"
	"testing"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/provenance"
	"github.com/minga-commons/minga/protocol"
)

func check(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestClaims is 100 and 50 claimed, incomes of 90.00 and 120.00.
func TestClaims(t *testing.T) {
	for claim, want := range map[charter.Claim][2]string{
		charter.Once:   {"work Ana 60.00 Bea 30.00; pool 0.00", "work; pool 120.00"},
		charter.Debt:   {"work Ana 60.00 Bea 30.00; pool 0.00", "work Ana 40.00 Bea 20.00; pool 60.00"},
		charter.Equity: {"work Ana 60.00 Bea 30.00; pool 0.00", "work Ana 80.00 Bea 40.00; pool 0.00"},
	} {
		v := newVillage("Ana", "Bea")
		v.event(0, "a Ana work garden 10 hour", -1)
		v.event(0, "b Bea work garden 5 hour", -1)
		r := &rounds{t: t, v: v}
		b := pot("work", charter.Proportional, rate("work garden 10 hour", claim))
		check(t, r.share("90.00", b), want[0])
		check(t, r.share("120.00", b), want[1])
	}
}

// traced returns a rule as it stands in a bucket of scope trace.
func traced(r charter.Rule) charter.Rule {
	r.Scope = charter.InTrace
	return r
}

// TestOpenHardware sells a device for 400.00: its case was printed from a cited
// design, with filament that two paid for.
func TestOpenHardware(t *testing.T) {
	v := newVillage("Ana", "Mara", "Luis", "Tomas", "Eva", "Ivan", "commons")
	print, assemble := id("print"), id("assemble")
	eva := v.event(0, "design1 Eva work design 8 hour", -1)
	ivan := v.event(0, "design2 Ivan work design 2 hour", -1)
	luis := v.event(0, "print1 Luis work print 180 minute-Time", -1)
	printer := v.event(0, "print2 Tomas use printer 4 hour", -1)
	cite := v.event(0, "print3 Luis cite design 1 one", -1)
	filament := v.event(0, "print4 commons consume filament 1.5 kilogram", -1)
	ana := v.event(0, "assemble1 Ana work assemble 2 hour", -1)
	boxAna := v.event(0, "box1 Ana transfer USD 30 one", -1)
	boxMara := v.event(0, "box2 Mara transfer USD 30 one", -1)
	for _, e := range []int{luis, printer, cite, filament} {
		v.events[e].InputOf = print
	}
	v.events[ana].InputOf = assemble

	part := func(resource string, amount string, after ...string) []provenance.Part {
		p := provenance.Part{Resource: id(resource), Amount: ratio(amount)}
		for _, name := range after {
			p.After = append(p.After, id(name))
		}
		return []provenance.Part{p}
	}
	g := provenance.Graph{Events: []provenance.Event{
		{ID: id("buy"), Feeds: part("filament", "2")},
		{ID: id("print1"), InputOf: print}, {ID: id("print2"), InputOf: print}, {ID: id("print3"), InputOf: print},
		{ID: id("print4"), InputOf: print, Draws: part("filament", "3/2", "buy")},
		{ID: id("casings"), OutputOf: print, Feeds: part("casing", "2"), Weight: ratio("90")},
		{ID: id("scrap"), OutputOf: print, Feeds: part("waste", "1/2"), Weight: ratio("10")},
		{ID: id("case"), InputOf: assemble, Draws: part("casing", "1", "casings")},
		{ID: id("assemble1"), InputOf: assemble},
		{ID: id("device"), OutputOf: assemble, Feeds: part("device", "1"), Weight: ratio("1")},
	}}
	// The purchase took 40 of the 60 in the box.
	fractions := func(shares provenance.Shares) map[int]*big.Rat {
		all := map[int]*big.Rat{}
		for i := range v.events {
			if f := shares.Of[v.events[i].ID]; f != nil {
				all[i] = f
			}
		}
		if f := shares.Of[id("buy")]; f != nil {
			all[boxAna] = new(big.Rat).Mul(f, ratio("2/3"))
			all[boxMara] = all[boxAna]
		}
		return all
	}
	v.went[0] = fractions(provenance.InEvent(g, id("device"), ratio("1")))
	v.went[1] = v.went[0]
	var casings provenance.Graph // all that was printed, as if there were no scrap
	for _, e := range g.Events {
		if e.ID != id("scrap") {
			casings.Events = append(casings.Events, e)
		}
	}
	v.into[print] = fractions(provenance.InEvent(casings, id("casings"), ratio("1")))
	v.lie[cite] = map[int]*big.Rat{eva: ratio("1"), ivan: ratio("1")}

	rules := func(claim charter.Claim) []charter.Rule {
		cited := traced(rate("cite design 0 one", claim))
		cited.Rate, cited.Percent, cited.Credit = nil, optional("10"), charter.ToSource
		return []charter.Rule{
			traced(rate("work design 30 hour", claim)), traced(rate("work print 20 hour", claim)), traced(rate("use printer 5 hour", claim)),
			traced(rate("work assemble 25 hour", claim)), traced(rate("transfer USD 1 one", claim)), cited,
		}
	}
	d := charter.Document{Streams: plainStreams(), IDs: map[string]protocol.AgentID{"Taller": agent("commons")}, Buckets: []charter.Bucket{
		{Name: "reserve", Percent: amount("20"), To: "Taller", Rest: charter.RestNext},
		pot("costs", charter.Proportional, rules(charter.Debt)...),
		pot("surplus", charter.Proportional, rules(charter.Once)...),
	}}
	r := &rounds{t: t, v: v}
	check(t, r.shareDoc("400.00", d), "reserve commons 80.00; costs Ana 56.75 Mara 6.75 Luis 27.00 Tomas 9.00 Eva 3.96 Ivan 0.99; "+
		"surplus Ana 117.12 Mara 13.93 Luis 55.72 Tomas 18.57 Eva 8.17 Ivan 2.04; pool 0.00")
	check(t, r.shareDoc("100.00", d), "reserve commons 20.00; costs; surplus; pool 80.00")
}

// TestCooperative shares 4,000.00 by livelihood, love and care.
func TestCooperative(t *testing.T) {
	v := newVillage("Ana", "Bea", "Carlos", "commons")
	v.event(0, "l1 Ana work workshop 100 hour", -1)
	v.event(0, "l2 Bea work workshop 50 hour", -1)
	v.event(0, "o1 Bea work love 60 hour", -1)
	v.event(0, "o2 Carlos work love 30 hour", -1)
	v.event(0, "c1 Ana work care 10 hour", -1)
	v.event(0, "c2 Bea work care 5 hour", -1)
	v.event(0, "c3 Carlos work care 20 hour", -1)
	care := rate("work care 30 hour", charter.Once)
	care.Stream = charter.Care
	livelihood := pot("livelihood", charter.Proportional, rate("work workshop 20 hour", charter.Debt))
	livelihood.Percent, livelihood.Max, livelihood.Currency = amount("75"), optional("1500"), "USD"
	others := pot("love and care", charter.Proportional, rate("work love 10 hour", charter.Once), care)
	others.Min, others.Currency = optional("250"), "USD"
	streams := plainStreams()
	streams.Care = amount("1.5")
	r := &rounds{t: t, v: v}
	got := r.shareDoc("4000.00", charter.Document{Streams: streams, IDs: map[string]protocol.AgentID{"Coop": agent("commons")}, Buckets: []charter.Bucket{
		{Name: "reserve", Percent: amount("10"), To: "Coop", Rest: charter.RestNext}, livelihood, others,
	}})
	check(t, got, "reserve commons 400.00; livelihood Ana 1500.00 Bea 1000.00; love and care Ana 250.00 Bea 346.30 Carlos 503.70; pool 0.00")
}

// TestBalanced is lifetime values of 100 and 300, of which 50 and nothing were
// received.
func TestBalanced(t *testing.T) {
	v := newVillage("Ana", "Bea")
	v.event(0, "a Ana work garden 10 hour", -1)
	v.event(1, "b Bea work garden 30 hour", -1)
	r := &rounds{t: t, v: v}
	b := pot("work", charter.Balanced, rate("work garden 10 hour", charter.Once))
	check(t, r.share("50.00", b), "work Ana 50.00; pool 0.00")
	check(t, r.share("100.00", b), "work Bea 100.00; pool 0.00")
	check(t, r.share("100.00", b), "work Ana 12.50 Bea 87.50; pool 0.00")
}

// TestSource is an hour of demand on a tool of the commons, which it bought from a
// box that two filled.
func TestSource(t *testing.T) {
	v := newVillage("Ana", "Bea", "commons")
	ana := v.event(0, "box1 Ana transfer USD 600 one", -1)
	bea := v.event(0, "box2 Bea transfer USD 400 one", -1)
	use := v.event(0, "use commons use tool 1 hour", -1)
	v.lie[use] = map[int]*big.Rat{ana: ratio("1"), bea: ratio("1")}
	demand := rate("use tool 50 hour", charter.Debt)
	demand.Credit = charter.ToSource
	r := &rounds{t: t, v: v}
	b := pot("tools", charter.Proportional, demand, traced(rate("transfer USD 1 one", charter.Debt)))
	check(t, r.share("80.00", b), "tools Ana 30.00 Bea 20.00; pool 30.00")
}
