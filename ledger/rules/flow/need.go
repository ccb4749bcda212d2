package flow

import (
	"math/big"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// Filter says which events a rule of the charter is for. An empty field matches
// everything.
type Filter = rules.Filter

// Need is what an event needs in order to count.
type Need struct {
	Required   int64 // members other than the provider who confirm it
	ByStewards bool  // only confirmations by stewards count
	Window     rules.Period
	Rule       int  // index of the confirmation.rule that says so, -1: none does
	Admission  bool // it lowers what its own author gave: it needs nobody

	Stewards []protocol.Steward // by the charter that the event pins
	Silent   bool               // recording it is no voice: its author does not speak, see Speaks
}

// Subject is what filters look at: the action of an event, and of each kind of
// thing every text that matches it, names and identifiers.
type Subject struct {
	Action                      string
	Resources, Processes, Plans []string
}

// Fits reports whether an event is one of those that a filter is for. Texts are
// compared exactly, after NFC and without space at their ends.
func (s Subject) Fits(f Filter) bool {
	return (f.Action == "" || f.Action == s.Action) &&
		among(s.Resources, f.Resource) && among(s.Processes, f.Process) && among(s.Plans, f.Plan)
}

func among(texts []string, wanted string) bool {
	if wanted == "" {
		return true
	}
	wanted = plain(wanted)
	return slices.ContainsFunc(texts, func(text string) bool { return plain(text) == wanted })
}

func plain(text string) string { return norm.NFC.String(strings.TrimSpace(text)) }

// NeedOf returns what an event needs by the charter that it pins: the first rule
// that fits its subject and its quantity says so, or else the base. Of a
// correction, the subject is that of the event which it corrects, and the
// quantity its own.
func NeedOf(c rules.Confirmation, s Subject, b *protocol.Event) Need {
	asked, at := c.Base, -1
	for i, r := range c.Rules {
		if s.Fits(r.Filter) && above(r, b) {
			asked, at = r.Asked, i
			break
		}
	}
	return Need{
		Required: asked.Required, ByStewards: asked.ByStewards, Window: asked.Window, Rule: at,
		Stewards: c.Stewards,
	}
}

// above reports whether the quantity of an event is greater than that of a rule:
// its effort or else its resource quantity, whichever can be converted exactly.
func above(r rules.ConfirmationRule, b *protocol.Event) bool {
	if r.Above == nil {
		return true
	}
	for _, q := range []*protocol.Quantity{b.EffortQuantity, b.ResourceQuantity} {
		if q == nil || !unit.Convertible(q.Unit, r.Per) {
			continue
		}
		is, err := unit.Convert(ratOf(q.Amount()), q.Unit, r.Per)
		return err == nil && is.Cmp(ratOf(*r.Above)) > 0
	}
	return false
}

func ratOf(a protocol.Amount) *big.Rat { return rules.TotalOf(a).Rat() }
