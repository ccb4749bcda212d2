package graphql

import (
	"strings"

	"github.com/minga-commons/minga/ledger"
)

// Action is one of the actions of ValueFlows.
type Action struct {
	ID             string
	Label          string
	ResourceEffect string // on the accounting quantity
	OnhandEffect   string
	InputOutput    *string
	PairsWith      *string
}

// actions returns the actions of ValueFlows 1.0.0, by name, with the columns of
// the ledger's table that clients ask for.
func actions() []*Action {
	var out []*Action
	for _, a := range ledger.Actions() {
		out = append(out, actionOf(a.Name))
	}
	return out
}

// actionOf returns the action of a name. What is none is shown by its name alone.
func actionOf(name string) *Action {
	a, known := ledger.ActionOf(name)
	out := &Action{ID: name, Label: name, ResourceEffect: a.AccountingEffect, OnhandEffect: a.OnhandEffect}
	if known {
		out.InputOutput, out.PairsWith = &a.InputOutput, &a.PairsWith
	}
	return out
}

// goesTo reports whether a new resource of the action is the one to which things
// go.
func goesTo(name string) bool {
	a, _ := ledger.ActionOf(name)
	return a.GoesTo
}

// actionName returns the name of an action as clients of earlier versions of the
// vocabulary write it, such as transfer-custody.
func actionName(written string) string {
	head, rest, _ := strings.Cut(written, "-")
	for _, part := range strings.Split(rest, "-") {
		if part != "" {
			head += strings.ToUpper(part[:1]) + part[1:]
		}
	}
	return head
}
