package flow

import (
	"cmp"
	"maps"
	"slices"
)

// Columns are those columns of the table of actions that clients are shown, in
// the words of the ontology.
type Columns struct {
	InputOutput      string // input, output, outputInput or notApplicable
	PairsWith        string // an action or notApplicable
	AccountingEffect string // increment, decrement, incrementTo, decrementIncrement or noEffect
	OnhandEffect     string // as AccountingEffect
}

// ActionNames returns the nineteen actions, sorted.
func ActionNames() []string { return slices.Sorted(maps.Keys(actions)) }

// ColumnsOf returns the columns of an action, false for what is none.
func ColumnsOf(name string) (Columns, bool) {
	a, known := actions[name]
	return Columns{
		InputOutput: cmp.Or(a.inputOutput, "notApplicable"), PairsWith: cmp.Or(a.pairsWith, "notApplicable"),
		AccountingEffect: cmp.Or(a.accountingEffect, "noEffect"), OnhandEffect: cmp.Or(a.onhandEffect, "noEffect"),
	}, known
}

// GoesTo reports whether a new resource of the action is the one to which things
// go.
func GoesTo(name string) bool { return actions[name].hasTo() }
