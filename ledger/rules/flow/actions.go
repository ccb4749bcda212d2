package flow

// action is what this room asks of an action; the whole table of effects of
// ValueFlows 1.0 has more columns.
type action struct {
	effort bool // its quantity is effort first
}

// actions are the nineteen actions of ValueFlows 1.0.0.
var actions = map[string]action{
	"accept": {}, "cite": {}, "combine": {}, "consume": {}, "copy": {},
	"deliverService": {}, "dropoff": {}, "lower": {}, "modify": {}, "move": {},
	"pickup": {}, "produce": {}, "raise": {}, "separate": {}, "transfer": {},
	"transferAllRights": {}, "transferCustody": {},
	"use": {effort: true}, "work": {effort: true},
}

// KnownAction reports whether a text is one of the nineteen actions.
func KnownAction(name string) bool {
	_, known := actions[name]
	return known
}
