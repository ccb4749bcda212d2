package reciprocity

import (
	"time"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Judge returns why a declaration of use has no effect, as far as it says so
// itself, or rules.Valid. at is when its author claims to have written it.
func Judge(d *protocol.Declare, at protocol.Time) rules.Reason {
	from, okFrom := ParseDay(d.Beginning)
	to, okTo := ParseDay(d.End)
	switch {
	case !okFrom || !okTo:
		return rules.BadDay
	case to < from:
		return rules.EndBeforeBeginning
	case to > DayOf(time.UnixMilli(int64(at))):
		return rules.PeriodInFuture
	case d.Income != nil && d.Income.N < 0:
		return rules.NegativeIncome
	case d.Income != nil && d.Profit != nil && ratOf(*d.Profit).Cmp(ratOf(*d.Income)) > 0:
		return rules.ProfitAboveIncome
	case d.Fraction != nil && (d.Fraction.N < 0 || ratOf(*d.Fraction).Cmp(ratOf(protocol.Amount{N: 1})) > 0):
		return rules.FractionOutside
	}
	return rules.Valid
}

// Declared returns what a legal declaration says, without what others
// think of it.
func Declared(e protocol.Entry, d *protocol.Declare) Declaration {
	from, _ := ParseDay(d.Beginning)
	to, _ := ParseDay(d.End)
	out := Declaration{
		ID: e.ID(), Resource: d.Resource, Beginning: from, End: to, Use: Use(d.Use), Form: d.Form, Currency: d.Currency,
		Time: e.Time, Seq: e.Seq,
	}
	if d.Income != nil {
		out.Income = ratOf(*d.Income)
	}
	if d.Profit != nil {
		out.Profit = ratOf(*d.Profit)
	}
	if d.Fraction != nil {
		out.Fraction = ratOf(*d.Fraction)
	}
	return out
}
