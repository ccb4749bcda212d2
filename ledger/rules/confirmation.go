package rules

import "github.com/minga-commons/minga/protocol"

// Confirmation is what a charter says of when an event counts: the base, and the
// rules for some events, of which the first that fits wins.
type Confirmation struct {
	Base  Asked
	Rules []ConfirmationRule

	Stewards []protocol.Steward // of that charter, ascending by log
}

// Asked is what has to be said of an event before it counts.
type Asked struct {
	Required   int64 // members other than the provider; zero: it counts at once
	ByStewards bool  // only confirmations by stewards count
	Window     Period
}

// ConfirmationRule is one [[confirmation.rule]].
type ConfirmationRule struct {
	Filter
	Above *protocol.Amount // nil: any quantity
	Per   string           // unit of Above
	Asked
}

// Filter says which events a rule is for. An empty field matches everything.
type Filter struct {
	Action   string
	Resource string
	Process  string
	Plan     string
}

// HasWindow reports whether some events have to stand undisputed for a time.
func (c *Confirmation) HasWindow() bool {
	if !c.Base.Window.IsZero() {
		return true
	}
	for i := range c.Rules {
		if !c.Rules[i].Window.IsZero() {
			return true
		}
	}
	return false
}

// LooksAround reports whether a rule looks at processes or plans, which an event
// may name through records.
func (c *Confirmation) LooksAround() bool {
	for i := range c.Rules {
		if c.Rules[i].Process != "" || c.Rules[i].Plan != "" {
			return true
		}
	}
	return false
}
