package graphql

import "strings"

// Action is one of the actions of ValueFlows.
type Action struct {
	ID             string
	Label          string
	ResourceEffect string // on the accounting quantity
	OnhandEffect   string
	InputOutput    *string
	PairsWith      *string
}

// actions are the actions of ValueFlows 1.0.0, by name, with the columns of its
// table that clients ask for. It is never changed.
var actions = []Action{
	action("accept", "accept", "noEffect", "decrement", "input", "modify"),
	action("cite", "cite", "noEffect", "noEffect", "input", "notApplicable"),
	action("combine", "combine", "noEffect", "decrement", "input", "notApplicable"),
	action("consume", "consume", "decrement", "decrement", "input", "notApplicable"),
	action("copy", "copy", "incrementTo", "incrementTo", "notApplicable", "notApplicable"),
	action("deliverService", "deliverService", "noEffect", "noEffect", "outputInput", "notApplicable"),
	action("dropoff", "dropoff", "noEffect", "increment", "output", "pickup"),
	action("lower", "lower", "decrement", "decrement", "notApplicable", "notApplicable"),
	action("modify", "modify", "noEffect", "increment", "output", "accept"),
	action("move", "move", "decrementIncrement", "decrementIncrement", "notApplicable", "notApplicable"),
	action("pickup", "pickup", "noEffect", "decrement", "input", "dropoff"),
	action("produce", "produce", "increment", "increment", "output", "notApplicable"),
	action("raise", "raise", "increment", "increment", "notApplicable", "notApplicable"),
	action("separate", "separate", "noEffect", "increment", "output", "notApplicable"),
	action("transfer", "transfer", "decrementIncrement", "decrementIncrement", "notApplicable", "notApplicable"),
	action("transferAllRights", "transferAllRights", "decrementIncrement", "noEffect", "notApplicable", "notApplicable"),
	action("transferCustody", "transferCustody", "noEffect", "decrementIncrement", "notApplicable", "notApplicable"),
	action("use", "use", "noEffect", "noEffect", "input", "notApplicable"),
	action("work", "work", "noEffect", "noEffect", "input", "notApplicable"),
}

func action(id, label, resourceEffect, onhandEffect, inputOutput, pairsWith string) Action {
	return Action{id, label, resourceEffect, onhandEffect, &inputOutput, &pairsWith}
}

// actionOf returns the action of a name. What is none is shown by its name alone.
func actionOf(name string) *Action {
	for i := range actions {
		if actions[i].ID == name {
			return &actions[i]
		}
	}
	return &Action{ID: name, Label: name, ResourceEffect: "noEffect", OnhandEffect: "noEffect"}
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

// goesTo reports whether a new resource of the action is the one to which things
// go.
func goesTo(name string) bool {
	switch name {
	case "copy", "move", "transferAllRights", "transfer", "transferCustody":
		return true
	}
	return false
}
