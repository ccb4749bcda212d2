package share_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

func work(rateOf string, claim charter.Claim) charter.Bucket {
	return pot("work", charter.Proportional, rate("work garden "+rateOf+" hour", claim))
}

func TestCorrectionBeforePayment(t *testing.T) {
	v := newVillage("Ana", "Bea")
	a := v.event(0, "a Ana work garden 10 hour", -1)
	v.event(0, "a2 Ana work garden -4 hour", a)
	v.event(0, "b Bea work garden 6 hour", -1)
	r := &rounds{t: t, v: v}
	check(t, r.share("100.00", work("10", charter.Once)), "work Ana 50.00 Bea 50.00; pool 0.00")
}

// TestCorrectionAfterPayment takes 30 back from what was paid; 20 of it waits for
// a third round.
func TestCorrectionAfterPayment(t *testing.T) {
	v := newVillage("Ana", "Bea")
	a := v.event(0, "a Ana work garden 10 hour", -1)
	v.event(0, "b Bea work garden 10 hour", -1)
	v.event(1, "a2 Ana work garden -3 hour", a)
	v.event(1, "a3 Ana work garden 1 hour", -1)
	v.event(1, "b2 Bea work garden 2 hour", -1)
	v.event(2, "a4 Ana work garden 5 hour", -1)
	v.event(2, "b3 Bea work garden 3 hour", -1)
	b := work("10", charter.Once)
	r := &rounds{t: t, v: v}
	check(t, r.share("100.00", b), "work Ana 50.00 Bea 50.00; pool 0.00")
	check(t, r.share("30.00", b), "work Bea 30.00; pool 0.00")
	_, claims, err := share.Explain(v, r.past, share.Round{
		Charter: charter.Document{Streams: plainStreams(), Buckets: []charter.Bucket{b}}, Currency: "USD", Scale: 2, Amount: amount("60.00"),
	}, agent("Ana"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range claims {
		got[c.Event.String()] = fmt.Sprint(c.Basis, " ", c.Claim.RatString(), " ", c.Amount)
	}
	want := map[string]string{protocol.EntryID{}.String(): "carried -20 -20.00", id("a4").String(): " 50 50.00"}
	for _, taken := range []string{"a", "a2", "a3"} {
		want[id(taken).String()] = " 0 0.00"
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	check(t, r.share("60.00", b), "work Ana 30.00 Bea 30.00; pool 0.00")
}

func TestDebtCorrectedAfterPayment(t *testing.T) {
	v := newVillage("Ana", "Bea")
	a := v.event(0, "a Ana work garden 10 hour", -1)
	v.event(1, "a2 Ana work garden -3 hour", a)
	v.event(1, "a3 Ana work garden 5 hour", -1)
	b := work("10", charter.Debt)
	r := &rounds{t: t, v: v}
	check(t, r.share("100.00", b), "work Ana 100.00; pool 0.00")
	check(t, r.share("100.00", b), "work Ana 20.00; pool 80.00")
	check(t, r.share("100.00", b), "work; pool 100.00")
}

// TestDisputeBetweenRounds: what is disputed for a while is neither paid nor
// forgotten.
func TestDisputeBetweenRounds(t *testing.T) {
	v := newVillage("Ana", "Bea")
	a := v.event(0, "a Ana work garden 10 hour", -1)
	v.not[[2]int{1, a}] = true
	r := &rounds{t: t, v: v}
	b := work("10", charter.Debt)
	check(t, r.share("40.00", b), "work Ana 40.00; pool 0.00")
	check(t, r.share("40.00", b), "work; pool 40.00")
	check(t, r.share("100.00", b), "work Ana 60.00; pool 40.00")
}

// TestRuleChange: a rule that changed revalues, and never un-pays.
func TestRuleChange(t *testing.T) {
	v := newVillage("Ana", "Bea")
	v.event(0, "a Ana work garden 10 hour", -1)
	r := &rounds{t: t, v: v}
	check(t, r.share("60.00", work("10", charter.Debt)), "work Ana 60.00; pool 0.00")
	check(t, r.share("60.00", work("5", charter.Debt)), "work; pool 60.00")
	check(t, r.share("100.00", work("12", charter.Debt)), "work Ana 60.00; pool 40.00")
}

// TestDebtInAnotherCurrency: half of a debt was paid in one currency, and half of
// it is left in another.
func TestDebtInAnotherCurrency(t *testing.T) {
	v := newVillage("Ana")
	v.event(0, "a Ana work garden 10 hour", -1)
	b := work("10", charter.Debt)
	b.Currency = "USD"
	r := &rounds{t: t, v: v}
	check(t, r.share("50.00", b), "work Ana 50.00; pool 0.00")
	b = work("40000", charter.Debt)
	result, err := share.Compute(v, r.past, share.Round{
		Charter: charter.Document{Streams: plainStreams(), Buckets: []charter.Bucket{b}}, Currency: "COP", Scale: 0, Amount: amount("999999"),
	})
	if err != nil {
		t.Fatal(err)
	}
	check(t, v.tell(result), "work Ana 200000; pool 799999")
}

// TestBinding: what a paper record of Ana's has to get goes to her once she is
// bound.
func TestBinding(t *testing.T) {
	v := newVillage("Ana", "outpaper")
	v.event(0, "a Ana work garden 10 hour", -1)
	v.event(0, "p outpaper work garden 10 hour", -1)
	v.owner[[2]int{1, 1}] = 0
	r := &rounds{t: t, v: v}
	b := work("10", charter.Debt)
	check(t, r.share("100.00", b), "work Ana 50.00 outpaper 50.00; pool 0.00")
	check(t, r.share("120.00", b), "work Ana 100.00; pool 20.00")
}

func TestOneCentAmongAThousand(t *testing.T) {
	var names []string
	for i := range 1000 {
		names = append(names, fmt.Sprint("agent", i))
	}
	v := newVillage(names...)
	for i, name := range names {
		v.event(0, fmt.Sprint(i, " ", name, " work garden 1 hour"), -1)
	}
	r := &rounds{t: t, v: v}
	r.share("0.01", work("10", charter.Once))
	lines := r.past[0].Lines
	if len(lines) != 1 || lines[0].Amount != amount("0.01") {
		t.Fatal(lines)
	}
	for _, a := range v.agents {
		if a.ID.Compare(lines[0].Agent.EntryID) < 0 {
			t.Fatal("the tie did not go to the lowest identifier")
		}
	}
}

func TestNothingToShareOrNobody(t *testing.T) {
	v := newVillage("Ana")
	r := &rounds{t: t, v: v}
	check(t, r.share("10.00", work("10", charter.Once)), "work; pool 10.00")
	v.event(0, "a Ana work garden 1 hour", -1)
	check(t, r.share("0.00", work("10", charter.Debt)), "work; pool 0.00")
}

// TestSourcesThatLieBehindOneAnother ends, and credits what is outside the loop.
func TestSourcesThatLieBehindOneAnother(t *testing.T) {
	v := newVillage("Ana", "Bea", "commons")
	a := v.event(0, "a Ana work lathe 1 hour", -1)
	u1 := v.event(0, "u1 commons use lathe 1 hour", -1)
	u2 := v.event(0, "u2 Bea use drill 1 hour", -1)
	v.lie[u1] = map[int]*big.Rat{a: ratio("1"), u2: ratio("1/2")}
	v.lie[u2] = map[int]*big.Rat{u1: ratio("1")}
	lathe, drill := rate("use lathe 10 hour", charter.Once), rate("use drill 10 hour", charter.Once)
	lathe.Credit, drill.Credit = charter.ToSource, charter.ToSource
	r := &rounds{t: t, v: v}
	b := pot("tools", charter.Proportional, lathe, drill, traced(rate("work lathe 10 hour", charter.Once)))
	check(t, r.share("20.00", b), "tools Ana 10.00 Bea 10.00; pool 0.00")
}

func TestWarnings(t *testing.T) {
	v := newVillage("Ana", "Bea")
	v.event(0, "a Ana work garden 10 kilogram", -1)
	v.event(0, "b Bea work garden 1 hour", -1)
	euros := work("10", charter.Debt)
	euros.Name, euros.Currency = "euros", "EUR"
	low := work("10", charter.Once)
	low.Min, low.Rules = optional("9"), append(low.Rules, rate("work casa 1 hour", charter.Once))
	result, err := share.Compute(v, nil, share.Round{
		Charter: charter.Document{Streams: plainStreams(), Buckets: []charter.Bucket{euros, low}}, Currency: "USD", Scale: 2, Amount: amount("5.00"),
	})
	if err != nil {
		t.Fatal(err)
	}
	check(t, v.tell(result), "euros; work Bea 5.00; pool 0.00")
	want := []share.Warning{
		{Code: share.UnknownResource, Args: []string{"work", "2", "casa"}},
		{Code: share.OtherCurrency, Args: []string{"euros", "EUR"}},
		{Code: share.MinimaShared, Args: []string{"work", "9.00"}},
	}
	if diff := cmp.Diff(want, result.Warnings); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]share.Unvalued{{Bucket: "work", Event: id("a")}}, result.Unvalued); diff != "" || result.UnvaluedEvents != 1 {
		t.Error(diff, result.UnvaluedEvents)
	}
}

func TestRefused(t *testing.T) {
	v := newVillage("Ana")
	for _, r := range []share.Round{
		{Scale: 2, Amount: amount("-1")}, {Scale: 1, Amount: amount("0.01")}, {Scale: 9, Amount: amount("9999999")},
		{Scale: 2, Amount: amount("1"), Charter: charter.Document{Buckets: []charter.Bucket{{Name: "x", Percent: amount("1"), To: "Nobody", Rest: charter.RestNext}}}},
	} {
		if _, err := share.Compute(v, nil, r); err == nil {
			t.Errorf("%v is shared", r.Amount)
		}
	}
}
