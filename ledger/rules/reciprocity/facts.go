// Package reciprocity holds the rule that closes the circle: who contributes to
// the commons may use it; who does not, and makes a profit from it, shares the
// profit. From what an agent declared, contributed and paid it works out what
// was charged, what contributions set off, what is owed and when it is due.
//
// It is pure: the result is a function of the facts alone, whatever their order,
// and all amounts are exact. It says what the ledger holds as evidence, and is no
// judgement of law.
package reciprocity

import (
	"math/big"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// Facts are what a standing follows from: those that are known at one cut of the
// ledger. Which of them lie behind AsOf is looked at here.
type Facts struct {
	Licence       *charter.Licence
	Places        int // decimal places of the licence's currency, for texts
	AsOf          Day
	Declarations  []Declaration
	Contributions []Contribution
	Payments      []Payment
}

// State says what others think of a declaration.
type State string

// The states of a declaration.
const (
	Confirmed State = "confirmed"
	Waiting   State = "waiting"  // it wants more confirmations
	Maturing  State = "maturing" // it has them, and its window is not over
	Disputed  State = "disputed" // somebody disputes it
)

// Declaration says that the agent used a resource from one day to another, both
// inclusive. Amounts are nil where they are not declared.
type Declaration struct {
	ID        protocol.EntryID
	Resource  string
	Beginning Day
	End       Day
	Use       Use
	Form      string // of organisation
	Currency  string
	Income    *big.Rat
	Profit    *big.Rat
	Fraction  *big.Rat // of the profit that is due to the resource
	Time      protocol.Time
	Seq       int64
	State     State
}

// Use is what a resource was used for.
type Use string

// The uses.
const (
	Commercial    Use = "commercial"
	NonCommercial Use = "non-commercial"
)

// Contribution is something that the agent gave, confirmed. Value is what the
// licence's buckets say that it is worth; nil if their rules are for it and
// cannot value it.
type Contribution struct {
	ID       protocol.EntryID
	On       Day // its own date
	Recorded Day // when it was written down
	Value    *big.Rat
	Paid     []Part // what distributions paid of it, by the day of each
}

// Part is an amount of one day.
type Part struct {
	On     Day
	Amount *big.Rat
}

// Payment is money that the agent paid into the pool for its use, in the
// licence's currency, less what was given back of it.
type Payment struct {
	ID     protocol.EntryID
	On     Day
	Amount *big.Rat
}

// since returns the day from which a contribution counts: its own, or that of
// recording if that came later than the grace after.
func (c Contribution) since(l *charter.Licence) Day {
	if c.Recorded > c.On.Plus(l.Grace) {
		return c.Recorded
	}
	return c.On
}

// left returns what a contribution is worth on a day, without what a
// distribution had paid of it by then if only what is unpaid counts.
func (c Contribution) left(l *charter.Licence, on Day) *big.Rat {
	left := new(big.Rat).Set(c.Value)
	if l.Counts == charter.CountAll {
		return left
	}
	for _, p := range c.Paid {
		if p.On <= on {
			left.Sub(left, p.Amount)
		}
	}
	if left.Sign() < 0 && c.Value.Sign() >= 0 {
		left.SetInt64(0)
	}
	return left
}
