package ledger

import "github.com/minga-commons/minga/ledger/rules/flow"

// Action is one of the actions of ValueFlows, in the words of its ontology.
type Action struct {
	Name string
	flow.Columns
	GoesTo bool // a new resource is the one to which things go
}

// Actions returns the nineteen actions of ValueFlows 1.0.0, sorted by name.
func Actions() []Action {
	var out []Action
	for _, name := range flow.ActionNames() {
		a, _ := ActionOf(name)
		out = append(out, a)
	}
	return out
}

// ActionOf returns the action of a name, and false if that is none; it then has
// no effect.
func ActionOf(name string) (Action, bool) {
	columns, known := flow.ColumnsOf(name)
	return Action{name, columns, flow.GoesTo(name)}, known
}
