// Package report measures how evenly something is spread over people: value that
// they contributed, money that was paid to them, seats that they hold. It knows
// numbers only, and computes exactly.
package report

import (
	"math/big"
	"slices"
)

// Concentration says how evenly amounts are spread over people.
type Concentration struct {
	People int
	Sum    *big.Rat
	// Gini is 0 where all have the same, and near 1 where one has everything: half
	// the mean difference of two people, divided by the mean. Nil if nobody has
	// anything.
	Gini *big.Rat
	// Top is the share of the one who has most, and Tenth that of the tenth of the
	// people who have most, rounded up to whole people. Nil if nobody has anything.
	Top, Tenth *big.Rat
}

// Of returns the concentration of some amounts, one for each person, zeros
// included. Amounts below zero count as zero. It does not keep the amounts.
func Of(amounts []*big.Rat) Concentration {
	sorted := make([]*big.Rat, len(amounts))
	c := Concentration{People: len(amounts), Sum: new(big.Rat)}
	for i, a := range amounts {
		sorted[i] = a
		if a == nil || a.Sign() < 0 {
			sorted[i] = new(big.Rat)
		}
		c.Sum.Add(c.Sum, sorted[i])
	}
	if c.Sum.Sign() == 0 {
		return c
	}
	slices.SortFunc(sorted, func(a, b *big.Rat) int { return a.Cmp(b) })
	n := int64(len(sorted))
	// G = sum over i of (2i - n - 1) x_i, divided by n times the sum, with x
	// ascending and i from 1.
	weighted := new(big.Rat)
	for i, x := range sorted {
		weight := new(big.Rat).SetInt64(2*int64(i+1) - n - 1)
		weighted.Add(weighted, weight.Mul(weight, x))
	}
	c.Gini = weighted.Quo(weighted, new(big.Rat).Mul(big.NewRat(n, 1), c.Sum))
	c.Top = part(sorted[n-1:], c.Sum)
	c.Tenth = part(sorted[n-(n+9)/10:], c.Sum)
	return c
}

func part(of []*big.Rat, sum *big.Rat) *big.Rat {
	p := new(big.Rat)
	for _, x := range of {
		p.Add(p, x)
	}
	return p.Quo(p, sum)
}
