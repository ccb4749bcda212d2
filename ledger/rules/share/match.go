package share

import (
	"math/big"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/unit"
)

// Fits reports whether a filter lets an event of this kind through: what the
// filter leaves out matches everything, and each of its texts is one of those by
// which the thing may be named. Texts are compared exactly, after NFC and without
// space at their ends.
func (k Kind) Fits(f charter.Filter) bool {
	return (f.Action == "" || f.Action == k.Action) &&
		named(f.Resource, k.Resources) && named(f.Process, k.Processes) && named(f.Plan, k.Plans)
}

func named(text string, names []string) bool {
	if text == "" {
		return true
	}
	text = plain(text)
	return slices.ContainsFunc(names, func(name string) bool { return plain(name) == text })
}

func plain(text string) string { return strings.TrimSpace(norm.NFC.String(text)) }

// FirstRule returns the place of the rule of a bucket that an event of this kind
// falls under, -1 if there is none. Member says whether its provider is a member.
func FirstRule(b charter.Bucket, k Kind, member bool) int {
	return firstRule(b.Rules, k, member)
}

func firstRule(rules []charter.Rule, k Kind, member bool) int {
	return slices.IndexFunc(rules, func(r charter.Rule) bool {
		return (member || r.Who != charter.Members) && k.Fits(r.Filter)
	})
}

// Worth returns what quantities of an event are worth under a rule: the quantity
// in the unit of the rule, and that times the rate and the factor of the stream.
// It is false if neither quantity converts exactly into that unit, and for a rule
// with a percent, whose value depends on other events.
func Worth(s charter.Streams, r charter.Rule, k Kind, effort, resource rules.Total) (quantity, value *big.Rat, ok bool) {
	p := priceOf(s, r, k.EffortUnit, k.ResourceUnit)
	quantity, value = p.of(effort, resource)
	return quantity, value, quantity != nil
}

// measure says which quantity of an event a rule counts.
type measure byte

const (
	unmeasured measure = iota
	byEffort
	byResource
)

// price is what a rule makes of a pair of units.
type price struct {
	by       measure
	quantity *big.Rat // units of the rule in one of the event's
	value    *big.Rat // of one of the event's, nil if the rule has no rate
}

func priceOf(s charter.Streams, r charter.Rule, effort, resource string) price {
	per := r.Per
	if r.Rate == nil {
		per = resource // a part of a citation is a part of its quantity
	}
	var p price
	for _, q := range []struct {
		unit string
		by   measure
	}{{effort, byEffort}, {resource, byResource}} {
		if q.unit == "" || r.Rate == nil && q.by == byEffort {
			continue
		}
		if f, err := unit.Factor(q.unit, per); err == nil {
			p.by, p.quantity = q.by, f
			break
		}
	}
	if p.by != unmeasured && r.Rate != nil {
		p.value = exact(*r.Rate)
		p.value.Mul(p.value, exact(s.Of(r.Stream)))
		p.value.Mul(p.value, p.quantity)
	}
	return p
}

// of returns what quantities are in the unit of the rule and in value, nil if they
// cannot be measured.
func (p price) of(effort, resource rules.Total) (quantity, value *big.Rat) {
	var t rules.Total
	switch p.by {
	case byEffort:
		t = effort
	case byResource:
		t = resource
	default:
		return nil, nil
	}
	q := t.Rat()
	quantity = new(big.Rat).Mul(q, p.quantity)
	if p.value == nil {
		return quantity, nil
	}
	return quantity, q.Mul(q, p.value)
}
