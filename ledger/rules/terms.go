package rules

import (
	"slices"
	"strings"

	"github.com/minga-commons/minga/protocol"
)

// Terms is the part of a charter that rules ask for. Terms are shared between
// goroutines and never changed once they are read.
type Terms struct {
	Name          string
	Confirmation  Confirmation
	PublicRead    bool
	Open          bool // membership = "open"
	MembersInvite bool // inviters = "members"
	Licensed      bool // there is a licence

	Stewards  []protocol.Steward // ascending by log
	Threshold int64              // signatures that the charter log wants
	Liars     int64              // stewards who may lie

	Currencies []Currency // ascending by name
}

// Steward reports whether the log is a steward's under these terms.
func (t Terms) Steward(log protocol.LogID) bool {
	for _, s := range t.Stewards {
		if s.Log == log {
			return true
		}
	}
	return false
}

// Currency returns the currency of a name, and whether the charter declares it.
func (t Terms) Currency(name string) (Currency, bool) {
	i, found := slices.BinarySearchFunc(t.Currencies, name, func(c Currency, name string) int {
		return strings.Compare(c.Name, name)
	})
	if !found {
		return Currency{}, false
	}
	return t.Currencies[i], true
}

// CurrencyKind says how a currency comes into being.
type CurrencyKind byte

// The kinds of currency.
const (
	Mutual CurrencyKind = 1 // credit that members give one another
	Issued CurrencyKind = 2 // backed by income, issued by the charter log
)

// String returns the kind as the charter file has it.
func (k CurrencyKind) String() string {
	switch k {
	case Mutual:
		return "mutual"
	case Issued:
		return "issued"
	}
	return ""
}

// Currency is what a charter says of one currency.
type Currency struct {
	Name  string
	Kind  CurrencyKind
	Scale int   // decimal places of its amounts
	Limit Total // how far below zero a member may go, at least zero; zero if issued

	// Exceptions are the limits of single agents, under the identifiers to which
	// the charter resolves their names.
	Exceptions map[protocol.AgentID]Total
}

// LimitOf returns how far below zero an agent may go, as a number that is not
// negative. The identifier is the one under which the charter knows the agent:
// of a record that is bound to a log, ask for both.
func (c Currency) LimitOf(agent protocol.AgentID) Total {
	if limit, found := c.Exceptions[agent]; found {
		return limit
	}
	return c.Limit
}
