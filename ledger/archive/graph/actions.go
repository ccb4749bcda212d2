package graph

// effect is what this package has to know of an action before the ledger judges
// the event: where it may stand, whether it can bring a resource into being, and
// what must have been there before it.
type effect struct {
	in, out    bool
	makes      side // the resource that it may bring into being
	accounting int  // of the resource that it is about
	onhand     int
	implied    bool // between two agents it transfers to the second resource as well
}

type side byte

const (
	neither side = iota
	from         // the resource that the event is about
	to           // the one to which things go
)

// actions are the nineteen of ValueFlows 1.0.
var actions = map[string]effect{
	"accept": {in: true, onhand: -1, implied: true}, "combine": {in: true, onhand: -1},
	"consume": {in: true, accounting: -1, onhand: -1, implied: true}, "cite": {in: true},
	"copy": {makes: to}, "deliverService": {in: true, out: true, implied: true},
	"dropoff": {out: true, onhand: 1, implied: true}, "lower": {accounting: -1, onhand: -1},
	"modify": {out: true, onhand: 1, implied: true}, "move": {makes: to, accounting: -1, onhand: -1},
	"pickup": {in: true, onhand: -1, implied: true}, "produce": {out: true, makes: from, accounting: 1, onhand: 1, implied: true},
	"raise": {makes: from, accounting: 1, onhand: 1}, "separate": {out: true, onhand: 1},
	"transferAllRights": {makes: to, accounting: -1}, "transfer": {makes: to, accounting: -1, onhand: -1},
	"transferCustody": {makes: to, onhand: -1}, "use": {in: true}, "work": {in: true},
}
