package share

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// payee is one of those who share a bucket. Weights are not below zero, and low
// is not above high; all but weight are in the smallest unit of the currency.
type payee struct {
	agent  int32
	id     protocol.AgentID
	weight *big.Rat
	low    *big.Rat // nil: zero
	high   *big.Rat // nil: no limit
}

// split shares an amount: each payee gets its weight times the one factor that
// makes the sum the amount, but not less than its low and not more than its high.
// If the lows are more than the amount, it is shared in their proportion, and
// where all highs are less, it is not spent whole. What a payee gets is rounded to
// whole units by the largest remainder, never above its high; equal remainders go
// by identifier. It returns the units of each payee.
func split(amount int64, payees []payee) []int64 {
	if len(payees) == 0 || amount <= 0 {
		return make([]int64, len(payees))
	}
	v := newVessels(amount, payees)
	v.fill()
	return v.round(amount, payees)
}

// vessels are payees as integers: weights over one common denominator, which does
// not matter, and bounds and amount over another.
type vessels struct {
	amount *big.Int
	unit   *big.Int // one smallest unit of the currency
	weight []*big.Int
	low    []*big.Int
	high   []*big.Int // nil: no limit
	got    []fraction
}

// fraction is a number whose denominator is above zero, not reduced.
type fraction struct{ num, den *big.Int }

func (f fraction) cmp(g fraction) int {
	if f.den == g.den {
		return f.num.Cmp(g.num)
	}
	return new(big.Int).Mul(f.num, g.den).Cmp(new(big.Int).Mul(g.num, f.den))
}

func newVessels(amount int64, payees []payee) *vessels {
	var weights, bounds []*big.Rat
	for _, p := range payees {
		weights = append(weights, p.weight)
		if p.low != nil {
			bounds = append(bounds, p.low)
		}
		if p.high != nil {
			bounds = append(bounds, p.high)
		}
	}
	w, b := commonDenominator(weights), commonDenominator(bounds)
	v := &vessels{amount: new(big.Int).Mul(big.NewInt(amount), b), unit: b, got: make([]fraction, len(payees))}
	for _, p := range payees {
		v.weight = append(v.weight, over(w, p.weight))
		low, high := new(big.Int), (*big.Int)(nil)
		if p.low != nil {
			low = over(b, p.low)
		}
		if p.high != nil {
			high = over(b, p.high)
		}
		v.low, v.high = append(v.low, low), append(v.high, high)
	}
	return v
}

func over(den *big.Int, x *big.Rat) *big.Int {
	n := new(big.Int).Quo(den, x.Denom())
	return n.Mul(n, x.Num())
}

// commonDenominator returns the least one.
func commonDenominator(all []*big.Rat) *big.Int {
	seen := map[string]bool{}
	var dens []*big.Int
	for _, x := range all {
		if key := string(x.Denom().Bytes()); !seen[key] {
			seen[key] = true
			dens = append(dens, x.Denom())
		}
	}
	return leastMultiple(dens)
}

func leastMultiple(all []*big.Int) *big.Int {
	switch len(all) {
	case 0:
		return big.NewInt(1)
	case 1:
		return all[0]
	}
	half := len(all) / 2
	a, b := leastMultiple(all[:half]), leastMultiple(all[half:])
	g := new(big.Int).GCD(nil, nil, a, b)
	return g.Mul(new(big.Int).Quo(a, g), b)
}

// fill finds what each gets before rounding, in terms of unit.
func (v *vessels) fill() {
	lows := new(big.Int)
	for _, low := range v.low {
		lows.Add(lows, low)
	}
	if lows.Cmp(v.amount) > 0 {
		for i, low := range v.low {
			v.got[i] = fraction{new(big.Int).Mul(v.amount, low), lows}
		}
		return
	}
	// Between two marks the same payees rise, and the sum is linear.
	var marks []fraction
	bounded := false
	for i, weight := range v.weight {
		if weight.Sign() == 0 {
			continue
		}
		if v.low[i].Sign() > 0 {
			marks = append(marks, fraction{v.low[i], weight})
		}
		if v.high[i] != nil {
			marks, bounded = append(marks, fraction{v.high[i], weight}), true
		}
	}
	whole := big.NewInt(1)
	start := fraction{new(big.Int), whole}
	if len(marks) > 0 {
		slices.SortFunc(marks, fraction.cmp)
		n, _ := slices.BinarySearchFunc(marks, v.amount, func(m fraction, amount *big.Int) int {
			if v.sumAt(m).Cmp(new(big.Int).Mul(amount, m.den)) > 0 {
				return 1
			}
			return -1
		})
		if n > 0 {
			start = marks[n-1]
		}
	}
	fixed, rising := new(big.Int), new(big.Int)
	var free []int
	for i, weight := range v.weight {
		at := fraction{new(big.Int).Mul(start.num, weight), start.den}
		switch {
		case weight.Sign() == 0 || at.cmp(fraction{v.low[i], whole}) < 0:
			v.got[i] = fraction{v.low[i], whole}
			fixed.Add(fixed, v.low[i])
		case bounded && v.high[i] != nil && at.cmp(fraction{v.high[i], whole}) >= 0:
			v.got[i] = fraction{v.high[i], whole}
			fixed.Add(fixed, v.high[i])
		default:
			free = append(free, i)
			rising.Add(rising, weight)
		}
	}
	left := new(big.Int).Sub(v.amount, fixed)
	for _, i := range free {
		v.got[i] = fraction{new(big.Int).Mul(left, v.weight[i]), rising}
	}
}

// sumAt returns the sum of what all get for a factor, times its denominator.
func (v *vessels) sumAt(factor fraction) *big.Int {
	sum := new(big.Int)
	for i, weight := range v.weight {
		x := new(big.Int).Mul(factor.num, weight)
		if low := new(big.Int).Mul(v.low[i], factor.den); x.Cmp(low) < 0 {
			x = low
		}
		if v.high[i] != nil {
			if high := new(big.Int).Mul(v.high[i], factor.den); x.Cmp(high) > 0 {
				x = high
			}
		}
		sum.Add(sum, x)
	}
	return sum
}

// round gives whole units.
func (v *vessels) round(amount int64, payees []payee) []int64 {
	units := make([]int64, len(payees))
	rests := make([]fraction, len(payees))
	left := amount
	dens := map[*big.Int]*big.Int{} // few: then most rests compare at once
	for i, got := range v.got {
		den := dens[got.den]
		if den == nil {
			den = new(big.Int).Mul(got.den, v.unit)
			dens[got.den] = den
		}
		n, rest := new(big.Int).QuoRem(got.num, den, new(big.Int))
		units[i], rests[i] = n.Int64(), fraction{rest, den}
		left -= units[i]
	}
	if left <= 0 {
		return units
	}
	order := make([]int, 0, len(payees))
	for i := range payees {
		order = append(order, i)
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(rests[b].cmp(rests[a]), payees[a].id.Compare(payees[b].id.EntryID))
	})
	for given := true; given && left > 0; {
		given = false
		for _, i := range order {
			if left > 0 && (v.weight[i].Sign() > 0 || rests[i].num.Sign() > 0) && v.room(i, units[i]+1) {
				units[i]++
				left--
				given = true
			}
		}
	}
	return units
}

// room reports whether a payee may get so many units.
func (v *vessels) room(i int, units int64) bool {
	return v.high[i] == nil || new(big.Int).Mul(big.NewInt(units), v.unit).Cmp(v.high[i]) <= 0
}

// apportion rounds fractions to whole numbers that sum to a total, by the largest
// remainder; of equal ones the first wins. The fractions sum to the total.
func apportion(total int64, all []*big.Rat) []int64 {
	units := make([]int64, len(all))
	rests := make([]*big.Rat, len(all))
	order := make([]int, len(all))
	left := total
	for i, x := range all {
		n := new(big.Int).Div(x.Num(), x.Denom()) // rounds down, also below zero
		units[i], order[i] = n.Int64(), i
		rests[i] = new(big.Rat).Sub(x, new(big.Rat).SetInt(n))
		left -= units[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return rests[b].Cmp(rests[a]) })
	for _, i := range order[:min(max(left, 0), int64(len(order)))] {
		units[i]++
	}
	return units
}
