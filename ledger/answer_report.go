package ledger

import (
	"math/big"

	"github.com/minga-commons/minga/ledger/rules/report"
	"github.com/minga-commons/minga/protocol"
)

// ReportRequest asks what happened from a moment on and before another one.
type ReportRequest struct{ From, To protocol.Time }

// Concentration says how evenly something is spread over people.
type Concentration = report.Concentration

// ValueReport says who created the value of a period, and who keeps it. Events
// count by their own time, payments and distributions by that of their entry,
// declarations by the last day of what they declare. Whatever is not settled or
// not confirmed is left out.
type ValueReport struct {
	Version int64 // seq of the charter in force, whose rules value contributions
	// Streams are the values of the streams, and Agents those of everybody who
	// contributed or was paid, of the largest value first, ties by identifier.
	Streams ByStream
	Agents  []AgentReport
	// Events are the contributions that a rule valued, Unvalued those that a rule
	// matched and could not measure, Unmatched those that no rule is for. What
	// corrects one changes its value and is not counted besides.
	Events, Unvalued, Unmatched int64
	Money                       []MoneyReport // of each currency, ascending
	Contributions               Concentration // of value, over members and whoever else contributed
	Witnesses, Stewards         Concentration // of seats, over members
}

// ByStream is a value of each stream of a charter.
type ByStream struct{ Livelihood, Love, Care *big.Rat }

// Sum returns the value of all streams.
func (s ByStream) Sum() *big.Rat {
	sum := new(big.Rat)
	for _, v := range []*big.Rat{s.Livelihood, s.Love, s.Care} {
		if v != nil {
			sum.Add(sum, v)
		}
	}
	return sum
}

// AgentReport is the part of one agent in a report.
type AgentReport struct {
	Agent    Agent
	Streams  ByStream
	Events   int64
	Unvalued int64
	Money    []AgentMoney // of each currency in which there is anything, ascending
	Witness  bool
}

// AgentMoney is the money of one agent in a report, in one currency.
type AgentMoney struct {
	Currency string
	Returned Total  // by distributions
	Declared *Total // income that it declared; nil: it declared none
	Profit   *Total // profit that it declared; nil: it declared none
	Paid     Total  // what it paid into the pool
	Outside  *Total // what it kept of its profit, not below zero; nil: not known
}

// MoneyReport is the money of a report in one currency.
type MoneyReport struct {
	Currency string
	Scale    int
	Income   Total  // recorded into the pool
	Declared *Total // income that users declared; nil: none was
	Profit   *Total // profit that users declared; nil: none was
	// Outside is what those who declared a profit kept of it: the profit less what
	// they paid into the pool, of each not below zero. It is nil if nobody declared
	// one: then it is not known. Unknown counts declarations of commercial use that
	// state no profit, so that Outside is at least this much.
	Outside  *Total
	Unknown  int64
	Returned Total            // to contributors, by distributions
	Streams  map[string]Total // of Returned: by the stream of the bucket, "several" where its rules have more than one, "none" where it has no rules
	Kept     Total            // income less what was returned
	Payouts  Concentration    // of Returned, over members and whoever else was paid
}
