package naive

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Kinds of currency.
const (
	Mutual = "mutual" // credit that members create, each up to a limit
	Issued = "issued" // backed by income; the charter log issues it
)

// Terms is what a version of the charter says about money and confirmations.
type Terms struct {
	Asking     []Asking // the first that fits an event says what it needs
	Open       bool     // membership = "open"
	Currencies map[string]Currency
}

// Currency is one currency of a charter. Limit and Exceptions say how far below
// zero an account may go.
type Currency struct {
	Kind       string
	Scale      int64
	Limit      protocol.Amount
	Exceptions map[protocol.AgentID]protocol.Amount
}

// Rules are the judgements of other rooms on which Eval stands, and readings of
// the design that are known to be wrong.
type Rules struct {
	// Terms reads the document of a charter entry that is not void.
	Terms func(charter protocol.Entry) Terms
	// Static reports whether an entry is void by what it says itself, for reasons
	// that are not of this package. Nil: none is.
	Static func(e protocol.Entry) bool

	// LooseEpochs counts an endorsement under the last witnesses known to be
	// settled, whether or not the charter log is settled up to its charter.
	LooseEpochs bool
}

// limit returns how far below zero the account of a log may go in a currency.
// admitted says whether an admit entry names the log.
func (t Terms) limit(c Currency, log protocol.LogID, pool protocol.CommonsID, admitted bool) rules.Total {
	if c.Kind != Mutual {
		return rules.Total{}
	}
	if own, given := c.Exceptions[log.Agent()]; given && (log == pool.Charter() || admitted || !t.Open) {
		return rules.TotalOf(own)
	}
	if log == pool.Charter() || t.Open && !admitted {
		return rules.Total{}
	}
	return rules.TotalOf(c.Limit)
}

// negative reports whether a total lies below zero.
func negative(t rules.Total) bool { return t.Append(nil)[0]&0x80 != 0 }
