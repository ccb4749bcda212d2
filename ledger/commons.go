package ledger

import (
	"slices"
	"sort"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/protocol"
)

// commonsState is what the writer keeps in memory of one commons. A published
// state is never changed: the batch works on a clone.
type commonsState struct {
	row   commonsRow
	sum   *rules.Accumulator
	terms []termsFrom // ascending by seq

	epochs    []settle.Epoch // the witnesses in office and before, ascending
	votesUpTo int64          // charter seq up to which it is known who was in office
	inForce   int64          // charter seq up to which it is certain what the charter says
	closes    []closing      // every close held
	closedBy  [][]closed     // by epoch: whose close is settled; nil: to be found
}

// termsFrom is a charter and the charter seq from which on it is in force.
type termsFrom struct {
	seq   int64
	terms rules.Terms
}

func (c *commonsState) id() protocol.CommonsID { return protocol.CommonsID{EntryID: c.row.ID} }

func (c *commonsState) me() protocol.LogID { return protocol.LogID{EntryID: c.row.Me} }

func (c *commonsState) clone() *commonsState {
	sum := *c.sum
	return &commonsState{row: c.row, sum: &sum, terms: c.terms[:len(c.terms):len(c.terms)],
		epochs: c.epochs, votesUpTo: c.votesUpTo, inForce: c.inForce, closes: c.closes, closedBy: slices.Clone(c.closedBy)}
}

// termsAt returns the charter in force at a charter seq: the last one at or
// below it. Before the first charter nobody is a steward and nothing counts.
func (c *commonsState) termsAt(seq int64) rules.Terms {
	i := sort.Search(len(c.terms), func(i int) bool { return c.terms[i].seq > seq })
	if i == 0 {
		return rules.Terms{Confirmation: rules.Confirmation{Base: rules.Asked{Required: 1}}}
	}
	return c.terms[i-1].terms
}

// currentTerms returns the charter in force now: the newest that is settled.
func (c *commonsState) currentTerms() rules.Terms { return c.termsAt(c.inForce) }

func (c *commonsState) name() string {
	if name := c.currentTerms().Name; name != "" {
		return name
	}
	return c.row.ID.String()
}

func (c *commonsState) public() Commons {
	terms := c.currentTerms()
	office, _ := c.inOffice()
	return Commons{
		ID: c.id(), Name: c.name(), Me: c.me(), MyName: c.row.MyName, Digest: c.sum.Digest(c.id()),
		Entries: c.row.Entries, Logs: c.row.Logs, Waiting: c.row.Waiting, Void: c.row.Void,
		Frozen: c.row.Frozen, Charter: c.row.Charter, PublicRead: terms.PublicRead,
		Witnesses: office.Members,
	}
}
