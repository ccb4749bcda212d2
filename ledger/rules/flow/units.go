package flow

import (
	"math/big"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/unit"
)

// Adder adds quantities of comparable units exactly. The zero value is zero.
type Adder struct {
	plain rules.Total // what was in the unit wanted
	exact *big.Rat    // the rest, nil if there is none
}

// Add adds a quantity, converted from one unit to another. What cannot be
// converted is left out; there is none of that in a row.
func (a *Adder) Add(t rules.Total, from, wanted string) {
	if from == wanted {
		a.plain = a.plain.Add(t)
		return
	}
	converted, err := unit.Convert(t.Rat(), from, wanted)
	if err != nil {
		return
	}
	if a.exact == nil {
		a.exact = new(big.Rat)
	}
	a.exact.Add(a.exact, converted)
}

// Total returns the sum, and whether it had to be rounded: to nine places,
// halves away from zero.
func (a *Adder) Total() (t rules.Total, rounded bool) {
	if a.exact == nil {
		return a.plain, false
	}
	t, exact := rules.TotalFromRat(new(big.Rat).Add(a.exact, a.plain.Rat()))
	return t, !exact
}
