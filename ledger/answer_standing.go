package ledger

import (
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/reciprocity"
	"github.com/minga-commons/minga/protocol"
)

// Declaration is a declaration of use with what became of it.
type Declaration struct {
	ID     protocol.EntryID
	Entry  protocol.Entry
	Body   *protocol.Declare
	Agent  Agent // who used the resource
	Author Agent // who says so
	State  State
	Reason Reason // why it is void or waits

	// Opinion is what others think of it, as far as their verdicts are settled.
	Opinion reciprocity.State
	// ReplacedBy is the later declaration for the same resource and days that counts
	// in its place, zero if there is none: of one that is confirmed, only one that is
	// confirmed too.
	ReplacedBy protocol.EntryID
}

// Standing is how an agent stands to the licence of the commons on a day, as far
// as the settled part of the ledger says. It is evidence, no judgement of law.
type Standing struct {
	Agent   Agent
	AsOf    Day
	Charter int64 // seq of the charter version whose licence it is
	Licence Licence
	Scale   int // decimal places of the licence's currency
	reciprocity.Standing
}

// Day is a day of UTC.
type Day = reciprocity.Day

// StandingReason is one thing that a standing follows from.
type StandingReason = reciprocity.Reason

// StandingLine is one period of use, or a time for which none was declared.
type StandingLine = reciprocity.Line

// Figure is an amount that may be unknown, or known only for the least.
type Figure = reciprocity.Figure

// ParseDay reads a date such as 2025-03-31; ok is false for anything else.
func ParseDay(text string) (d Day, ok bool) { return reciprocity.ParseDay(text) }

// StandingClasses returns every class in which an agent may stand, in the order
// in which they are tried.
func StandingClasses() []string {
	var all []string
	for _, c := range reciprocity.Classes() {
		all = append(all, string(c))
	}
	return all
}

// StandingCodes returns every code of a reason of a standing.
func StandingCodes() []string {
	var all []string
	for _, c := range reciprocity.Codes() {
		all = append(all, string(c))
	}
	return all
}

// Licence says under which terms the resources of a commons may be used.
type Licence = charter.Licence
