package ledger

import (
	"math/big"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// valuer values contributions by the buckets that the licence names: of each the
// first rule that is for the event. It is a reciprocity.Valuer.
type valuer struct {
	x      *caseOf
	doc    charter.Document
	failed error
}

// Value returns what an event is worth, and false if a rule is for it and cannot
// value it.
func (v *valuer) Value(e protocol.Entry, b *protocol.Event) (*big.Rat, bool) {
	return v.valueAs(e, b, b)
}

// valueAs values the quantities of one event by the rules that are for another:
// those of a correction by those of what it corrects.
func (v *valuer) valueAs(e protocol.Entry, b, quantities *protocol.Event) (*big.Rat, bool) {
	sum := new(big.Rat)
	for _, bucket := range v.doc.Buckets {
		if !slices.Contains(v.doc.Licence.ValueBy, bucket.Name) {
			continue
		}
		for _, rule := range bucket.Rules {
			if !v.matches(rule, e, b) {
				continue
			}
			value, valued := v.by(rule, quantities)
			if !valued {
				return nil, false
			}
			sum.Add(sum, value)
			break
		}
	}
	return sum, true
}

// by values quantities by one rule: rate times quantity times the factor of the
// stream. What depends on other events than this one is not valued here.
func (v *valuer) by(rule charter.Rule, b *protocol.Event) (*big.Rat, bool) {
	if rule.Rate == nil || rule.Credit == charter.ToSource {
		return nil, false
	}
	per := rule.Per
	if per == "" {
		per = "one"
	}
	for _, q := range []*protocol.Quantity{b.EffortQuantity, b.ResourceQuantity} {
		if q == nil || !unit.Comparable(q.Unit, per) {
			continue
		}
		n, err := unit.Convert(rules.TotalOf(q.Amount()).Rat(), q.Unit, per)
		if err != nil {
			return nil, false
		}
		n.Mul(n, rules.TotalOf(*rule.Rate).Rat())
		return n.Mul(n, rules.TotalOf(v.doc.Streams.Of(rule.Stream)).Rat()), true
	}
	return nil, false
}

// matches reports whether a rule is for an event.
func (v *valuer) matches(rule charter.Rule, e protocol.Entry, b *protocol.Event) bool {
	if rule.Action != "" && !sameText(rule.Action, b.Action) {
		return false
	}
	if rule.Resource != "" && !v.fits(rule.Resource, v.resourceNames(e, b)) {
		return false
	}
	if rule.Process != "" || rule.Plan != "" {
		process, plan := v.processNames(b)
		if rule.Process != "" && !v.fits(rule.Process, process) || rule.Plan != "" && !v.fits(rule.Plan, plan) {
			return false
		}
	}
	if rule.Who == charter.Members {
		_, member, err := v.x.l.logNoOf(protocol.LogID(b.Provider))
		v.fail(err)
		return member
	}
	return true
}

func (v *valuer) fail(err error) {
	if v.failed == nil {
		v.failed = err
	}
}

func (v *valuer) fits(wanted string, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return name != "" && sameText(wanted, name) })
}

func sameText(a, b string) bool {
	return a == b || strings.TrimSpace(norm.NFC.String(a)) == strings.TrimSpace(norm.NFC.String(b))
}

// resourceNames returns what a rule may call the resource of an event: its
// specification, and the name and identifier of the resource that it names.
func (v *valuer) resourceNames(e protocol.Entry, b *protocol.Event) []string {
	specification, names := b.ResourceConformsTo, []string{}
	own := func(n *protocol.NewResource, id protocol.EntryID, also string) {
		names = append(names, n.Name.String(), id.String())
		for _, text := range []string{n.ConformsTo, also} {
			if specification == "" {
				specification = text
			}
		}
	}
	for _, id := range []protocol.EntryID{b.ResourceInventoriedAs, b.ToResourceInventoriedAs} {
		if id.IsZero() {
			continue
		}
		names = append(names, id.String())
		if made, is := v.read(id).Body.(*protocol.Event); is && made.NewInventoriedResource != nil {
			own(made.NewInventoriedResource, id, made.ResourceConformsTo)
		}
	}
	if n := b.NewInventoriedResource; n != nil {
		own(n, e.ID(), "")
	}
	return append(names, specification)
}

// processNames returns what a rule may call the process of an event, and the plan
// of that.
func (v *valuer) processNames(b *protocol.Event) (process, plan []string) {
	for _, id := range []protocol.EntryID{b.InputOf, b.OutputOf} {
		if id.IsZero() {
			continue
		}
		r, is := v.read(id).Body.(*protocol.Record)
		if process = append(process, id.String()); !is {
			continue
		}
		process = append(append(process, r.Name.String()), v.named(r.Fields["basedOn"])...)
		plan = append(plan, v.named(r.Fields["plannedWithin"])...)
	}
	for _, id := range slices.Concat(b.Fulfills, b.Satisfies) {
		if r, is := v.read(id).Body.(*protocol.Record); is {
			plan = append(plan, v.named(r.Fields["plannedWithin"])...)
		}
	}
	return process, plan
}

// named returns a text, or the name and identifier of the record to which a link
// leads.
func (v *valuer) named(value protocol.Value) []string {
	switch to := value.(type) {
	case string:
		return []string{to}
	case protocol.EntryID:
		names := []string{to.String()}
		if r, is := v.read(to).Body.(*protocol.Record); is {
			names = append(names, r.Name.String())
		}
		return names
	}
	return nil
}

// read returns an entry, the zero value if it is not held.
func (v *valuer) read(id protocol.EntryID) protocol.Entry {
	e, _, err := readContext{stored{v.x.l, v.x.no}, v.x.c}.Lookup(id)
	v.fail(err)
	return e
}
