package flow

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// Thing is what an event names, as far as it has its effect now.
type Thing struct {
	There    bool            // it has its effect
	Resource *Origin         // the resource that it is, nil if it is none
	Event    *protocol.Event // the event that it is, nil if it is none
	ID       protocol.EntryID
}

// JudgeNamed returns why a legal event has no effect on account of what it names,
// or rules.Valid. What is not there is not looked at: the verdict follows when it
// comes. The reasons are soft.
func JudgeNamed(b *protocol.Event, from, to, corrected Thing) rules.Reason {
	a := actions[b.Action]
	resources := []Thing{from, to}
	for _, t := range resources {
		if t.There && t.Resource == nil {
			return rules.NotAResource
		}
	}
	for _, t := range resources {
		if t.There && b.Corrects.IsZero() && differ(b.ResourceConformsTo, t.Resource.ConformsTo) {
			return rules.OtherSpecification
		}
	}
	for i, t := range resources {
		if t.There && !measures(a, b, i == 1, t.Resource) {
			return rules.UnitsDiffer
		}
	}
	if corrected.There && !mayCorrect(b, corrected) {
		return rules.CorrectsOther
	}
	return rules.Valid
}

// differ reports whether two texts are given and are not the same.
func differ(a, b string) bool { return a != "" && b != "" && a != b }

// measures reports whether the quantities of an event can be converted into the
// units of a resource, as far as they change it.
func measures(a action, b *protocol.Event, to bool, made *Origin) bool {
	if counted(a, b, to) && b.ResourceQuantity != nil && !unit.Convertible(b.ResourceQuantity.Unit, made.Unit) {
		return false
	}
	return b.EffortQuantity == nil || !a.countsEffort() || made.UnitOfEffort == "" ||
		unit.Convertible(b.EffortQuantity.Unit, made.UnitOfEffort)
}

// counted reports whether an event changes a quantity of the resource that it is
// about, or of the one to which things go.
func counted(a action, b *protocol.Event, to bool) bool {
	if to {
		return a.transfers() || a.accountingEffect == incrementTo || implied(a, b) != nothingPasses
	}
	if implied(a, b) != nothingPasses && (!b.ToResourceInventoriedAs.IsZero() || b.NewInventoriedResource != nil && createsTo(a)) {
		return true
	}
	return a.onhandEffect != "" && a.onhandEffect != incrementTo || a.accountingEffect != "" && a.accountingEffect != incrementTo
}

// mayCorrect reports whether an event may correct another one: that is no
// payment, and both have the same action, process and resources.
func mayCorrect(b *protocol.Event, corrected Thing) bool {
	other := corrected.Event
	if other == nil || other.Currency != "" || other.Action != b.Action || other.InputOf != b.InputOf || other.OutputOf != b.OutputOf {
		return false
	}
	from, to := Named(corrected.ID, other)
	return b.ResourceInventoriedAs == from && b.ToResourceInventoriedAs == to
}
