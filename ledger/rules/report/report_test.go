package report_test

import (
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger/rules/report"
)

func rats(n ...int64) []*big.Rat {
	out := make([]*big.Rat, len(n))
	for i := range n {
		out[i] = big.NewRat(n[i], 1)
	}
	return out
}

func shown(r *big.Rat) string {
	if r == nil {
		return "none"
	}
	return r.RatString()
}

func TestConcentration(t *testing.T) {
	for name, row := range map[string]struct {
		amounts          []*big.Rat
		gini, top, tenth string
	}{
		"nobody":                  {nil, "none", "none", "none"},
		"nothing":                 {rats(0, 0, 0), "none", "none", "none"},
		"one person":              {rats(7), "0", "1", "1"},
		"all alike":               {rats(5, 5, 5, 5), "0", "1/4", "1/4"},
		"one has all":             {rats(0, 0, 0, 8), "3/4", "1", "1"},
		"1 2 3 4":                 {rats(4, 1, 3, 2), "1/4", "2/5", "2/5"},
		"below zero is zero":      {rats(-3, 1), "1/2", "1", "1"},
		"ten people, one of them": {rats(1, 1, 1, 1, 1, 1, 1, 1, 1, 11), "9/20", "11/20", "11/20"},
		"eleven people, two":      {rats(0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 5), "9/11", "1/2", "1"},
	} {
		c := report.Of(row.amounts)
		if shown(c.Gini) != row.gini || shown(c.Top) != row.top || shown(c.Tenth) != row.tenth || c.People != len(row.amounts) {
			t.Errorf("%s: Gini %s, top %s, tenth %s", name, shown(c.Gini), shown(c.Top), shown(c.Tenth))
		}
	}
}

// TestTheSecondGiniSaysTheSame compares with the definition: the mean difference
// of all pairs, by half the mean.
func TestTheSecondGiniSaysTheSame(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 300 {
		amounts := make([]*big.Rat, 1+r.IntN(30))
		for i := range amounts {
			amounts[i] = big.NewRat(r.Int64N(50), 1+r.Int64N(12))
		}
		got := report.Of(amounts)
		if want := naiveGini(amounts); shown(want) != shown(got.Gini) {
			t.Fatalf("%v: %s, not %s", amounts, shown(got.Gini), shown(want))
		}
		r.Shuffle(len(amounts), func(i, j int) { amounts[i], amounts[j] = amounts[j], amounts[i] })
		if again := report.Of(amounts); shown(again.Gini) != shown(got.Gini) || shown(again.Tenth) != shown(got.Tenth) {
			t.Fatalf("%v: the order matters", amounts)
		}
		if got.Gini != nil && (got.Gini.Sign() < 0 || got.Gini.Cmp(big.NewRat(1, 1)) >= 0 || got.Tenth.Cmp(got.Top) < 0) {
			t.Fatalf("%v: %s %s %s", amounts, shown(got.Gini), shown(got.Top), shown(got.Tenth))
		}
	}
}

func naiveGini(amounts []*big.Rat) *big.Rat {
	differences, sum := new(big.Rat), new(big.Rat)
	for _, a := range amounts {
		sum.Add(sum, a)
		for _, b := range amounts {
			d := new(big.Rat).Sub(a, b)
			differences.Add(differences, d.Abs(d))
		}
	}
	if sum.Sign() == 0 {
		return nil
	}
	n := big.NewRat(int64(len(amounts)), 1)
	return differences.Quo(differences, n.Mul(n, big.NewRat(2, 1)).Mul(n, sum))
}
