package reciprocity

import (
	"math/big"

	"github.com/minga-commons/minga/protocol"
)

// Class is how an agent stands to the licence.
type Class string

// The classes, in the order in which they are tried.
const (
	Lapsed        Class = "lapsed"         // something is overdue, for certain
	Undetermined  Class = "undetermined"   // a fact is missing that could change it
	NotCommercial Class = "non-commercial" // it uses the resources without a profit
	Exempt        Class = "exempt"         // its form of organisation is free
	Reciprocating Class = "reciprocating"  // it contributes enough
	Owing         Class = "owing"          // it shares its profit
)

// Classes returns every class, in the order in which they are tried.
func Classes() []Class {
	return []Class{Lapsed, Undetermined, NotCommercial, Exempt, Reciprocating, Owing}
}

// MayUse says whether an agent may use the resources under the licence.
type MayUse string

// The answers.
const (
	Yes     MayUse = "yes"
	No      MayUse = "no"
	Unknown MayUse = "unknown"
)

// MayUse returns what follows from a class.
func (c Class) MayUse() MayUse {
	switch c {
	case Lapsed:
		return No
	case Undetermined:
		return Unknown
	}
	return Yes
}

// Figure is an amount in the licence's currency: nil if it is not known, and the
// least that it may be where missing facts can only add to it.
type Figure struct {
	Amount  *big.Rat
	AtLeast bool
}

// Text returns the amount with at least so many decimal places, and exactly;
// empty if it is not known.
func (f Figure) Text(places int) string {
	if f.Amount == nil {
		return ""
	}
	return textOf(f.Amount, places)
}

// Standing is how an agent stands on a day.
type Standing struct {
	Class       Class
	MayUse      MayUse
	Contributed Figure // within the window that ends on that day
	Charged     Figure // of all periods that have ended
	Offset      Figure // of that, by contributions
	Paid        Figure // all payments
	Owed        Figure // charged, less offset, less what was paid of it
	Due         Figure // of that, what is to be paid by that day or was
	Overdue     Figure // of that, what was to be paid before
	Credit      Figure // paid beyond what was charged
	Periods     []Line
	Reasons     []Reason
}

// Outcome says what became of a period.
type Outcome string

// The outcomes.
const (
	ChargedShare Outcome = "charged"        // a share of the profit
	NoProfit     Outcome = "no-profit"      // nothing, since there was none
	NotForGain   Outcome = "non-commercial" // nothing
	Free         Outcome = "exempt"         // nothing, for its form
	Enough       Outcome = "reciprocating"  // nothing, for what was contributed
	Running      Outcome = "running"        // it has not ended on that day
	Missing      Outcome = "missing"        // a fact is missing
	Undeclared   Outcome = "undeclared"     // nobody said what happened
)

// Line is one period of use, or a time for which none was declared.
type Line struct {
	Declaration protocol.EntryID // zero if undeclared
	Resource    string
	Beginning   Day
	End         Day
	Use         Use
	Form        string
	State       State
	Outcome     Outcome
	DueOn       Day // last day on which it can be paid
	Contributed Figure
	Charged     Figure
	Offset      Figure
	Paid        Figure
	Open        Figure
	Overdue     bool
	By          []protocol.EntryID // contributions and payments that served it

	charge  *big.Rat // known charge, nil if it is not known
	offset  *big.Rat
	paid    *big.Rat
	blurred bool // an unvalued contribution may change it
}

// Code says in a stable short form why a standing is as it is.
type Code string

// The codes of reasons. RULES.md explains each.
const (
	IsOverdue       Code = "overdue"               // amount, day, currency
	IsUndeclared    Code = "undeclared"            // resource, from, to
	IsUnconfirmed   Code = "declaration-waiting"   // resource, from, to
	IsDisputed      Code = "declaration-disputed"  // resource, from, to
	IsOverlapping   Code = "periods-overlap"       // resource, from, to
	ProfitMissing   Code = "profit-missing"        // resource, from, to
	OtherCurrency   Code = "other-currency"        // resource, from, to, currency, that of the licence
	FractionMissing Code = "fraction-missing"      // resource, from, to
	IsUnvalued      Code = "unvalued-contribution" // number
	NothingDeclared Code = "nothing-declared"      //
	UsesFreely      Code = "use-non-commercial"    // resource, from, to
	IsExempt        Code = "form-free"             // form
	IsContributing  Code = "contributes"           // value, threshold, currency, from, to
	IsBelow         Code = "contributes-less"      // value, threshold, currency, from, to
	NoThreshold     Code = "no-threshold"          //
	HasCharges      Code = "charged"               // amount, currency, share
	HasOffset       Code = "offset"                // amount, currency
	HasPaid         Code = "paid"                  // amount, currency
	IsOwing         Code = "owes"                  // amount, currency, due day of the oldest
	HasCredit       Code = "credit"                // amount, currency
)

// Codes returns every code of a reason.
func Codes() []Code {
	return []Code{
		IsOverdue, IsUndeclared, IsUnconfirmed, IsDisputed, IsOverlapping, ProfitMissing, OtherCurrency, FractionMissing,
		IsUnvalued, NothingDeclared, UsesFreely, IsExempt, IsContributing, IsBelow, NoThreshold, HasCharges, HasOffset,
		HasPaid, IsOwing, HasCredit,
	}
}

// Reason is one thing that a standing follows from, with the entries that show
// it. Args are texts: amounts, dates, names, in the order that the code has.
type Reason struct {
	Code    Code
	Missing bool // it says which fact is missing
	Args    []string
	Entries []protocol.EntryID
}
