package graph

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// resource is an economic resource of the file.
type resource struct {
	id         string
	node       *Node // that mentions it first
	statements []statement
	touches    []touch
	maker      *thing           // what brings it into being
	held       protocol.EntryID // it is there already, and not by this file's maker
	described  *Node            // what all statements say of it
	checks     []check
}

// statement is a node that states a resource.
type statement struct {
	node           *Node
	order, section int
}

// touch is an event on a resource.
type touch struct {
	thing *thing
	side  side
}

func (w *work) resource(id string, n *Node) *resource {
	r := w.resources[id]
	if r == nil {
		r = &resource{id: id, node: n}
		w.resources[id] = r
		w.resourceList = append(w.resourceList, r)
	}
	return r
}

// touchResources finds the events on each resource.
func (w *work) touchResources() {
	for _, t := range w.things {
		if t.kind != eventNode {
			continue
		}
		w.tracked(t.node)
		for _, at := range []struct {
			name string
			side side
		}{{"resourceInventoriedAs", from}, {"toResourceInventoriedAs", to}} {
			if id := t.node.text(at.name); id != "" {
				r := w.resource(id, t.node)
				r.touches = append(r.touches, touch{t, at.side})
			}
		}
	}
	for _, r := range w.resourceList {
		slices.SortStableFunc(r.touches, func(a, b touch) int { return before(a.thing, b.thing) })
	}
}

// before is the order of events: no event passes a statement of the file that
// stands between, and between two statements the earlier comes first.
func before(a, b *thing) int {
	return cmp.Or(cmp.Compare(a.section, b.section), cmp.Compare(a.time, b.time), cmp.Compare(a.order, b.order))
}

// tracked finds the resources of a transfer that names them by the tracking
// identifier alone: the one that the provider accounts for, and the receiver's.
func (w *work) tracked(n *Node) {
	tracking := n.text("trackingIdentifier")
	if tracking == "" || n.Get("resourceInventoriedAs") != nil || actions[n.text("action")].makes != to {
		return
	}
	if w.tracking == nil {
		w.tracking = map[string][]*resource{}
		for _, r := range w.resourceList {
			seen := ""
			for _, s := range r.statements {
				if id := s.node.text("trackingIdentifier"); id != "" && id != seen {
					seen = id
					w.tracking[id] = append(w.tracking[id], r)
				}
			}
		}
	}
	for _, at := range [][2]string{{"provider", "resourceInventoriedAs"}, {"receiver", "toResourceInventoriedAs"}} {
		for _, r := range w.tracking[tracking] {
			for _, s := range r.statements {
				if n.Get(at[1]) == nil && s.node.text("trackingIdentifier") == tracking && agentKey(s.node.text("primaryAccountable")) == agentKey(n.text(at[0])) {
					p := n.Get("trackingIdentifier")
					n.Properties = append(n.Properties, Property{
						Name: at[1], Line: p.Line, Column: p.Column, Values: []Value{{Text: r.id, Ref: true}}, def: properties[at[1]], known: true,
					})
					w.slip(n, n.Get("trackingIdentifier"), trackedBy, at[1], shown(r.id))
				}
			}
		}
	}
}

// makers decides what brings each resource into being: its opening, if the file
// states a quantity before anything happens to it; else the first event on it, if
// that can; else an opening that is assumed.
func (w *work) makers() {
	for at := 0; at < len(w.resourceList) && w.err == nil; at++ { // openings may name more
		r := w.resourceList[at]
		r.describe()
		first := -1
		if len(r.touches) > 0 {
			first = r.touches[0].thing.order
			for _, t := range r.touches {
				first = min(first, t.thing.order)
			}
		}
		var begins *Node
		for _, s := range r.statements {
			switch {
			case !stated(s.node):
			case first < 0 || s.order < first: // the last one counts: nothing happens to it in between
				if begins != nil && !sameQuantities(begins, s.node) {
					w.slip(s.node, nil, statedOtherwise, begins.Line)
				}
				begins = s.node
			default:
				r.checks = append(r.checks, check{resource: r, node: s.node, order: s.order})
			}
		}
		if begins != nil {
			r.maker = w.opening(r, begins, begins.quantity("accountingQuantity"), begins.quantity("onhandQuantity"))
		}
		for i, t := range r.touches {
			says := t.thing.node.text("bringsForth") // an exported graph says so
			if r.maker == nil && t.thing.makes() == t.side && (says == r.id || i == 0 && says == "") {
				r.maker, t.thing.brings = t.thing, r
			}
		}
		held := w.heldResource(r.id)
		switch {
		case r.maker != nil:
			w.hold(r.maker)
		case held.IsZero():
			r.maker = w.assumed(r)
			w.hold(r.maker)
		}
		if !held.IsZero() && (r.maker == nil || r.maker.held != held) {
			if r.maker != nil && r.maker.opens {
				w.drop(r.maker)
			} else if r.maker != nil {
				r.maker.brings = nil
			}
			r.maker, r.held = nil, held
		}
	}
}

func sameQuantities(a, b *Node) bool {
	for _, name := range []string{"accountingQuantity", "onhandQuantity"} {
		p, q := a.Get(name), b.Get(name)
		if p != nil && q != nil && sayProperty(*p) != sayProperty(*q) {
			return false
		}
	}
	return true
}

func stated(n *Node) bool {
	return n.quantity("accountingQuantity") != nil || n.quantity("onhandQuantity") != nil
}

// makes returns which of its resources an event may bring into being.
func (t *thing) makes() side {
	n := t.node
	e := actions[n.text("action")]
	switch {
	case n.Get("corrects") != nil || n.Get("resourceQuantity") == nil:
		return neither
	case e.makes == neither && e.implied && agentKey(n.text("provider")) != agentKey(n.text("receiver")):
		return to
	}
	return e.makes
}

// corrects is 0 for an event that corrects another one, and 1 for any other.
func (t *thing) corrects() int {
	if t.node.Get("corrects") != nil {
		return 0
	}
	return 1
}

// describe gathers what the statements of a resource say of it. What may change
// is taken from those before the first event alone.
func (r *resource) describe() {
	r.described = &Node{ID: r.id, Class: "EconomicResource", Line: r.node.Line, Column: r.node.Column}
	for _, s := range r.statements {
		early := len(r.touches) == 0 || s.order < r.touches[0].thing.order
		for _, p := range s.node.Properties {
			switch p.Name {
			case "accountingQuantity", "onhandQuantity":
				continue
			case "stage", "state", "containedIn", "currentLocation", "primaryAccountable":
				if !early {
					continue
				}
			}
			if r.described.Get(p.Name) == nil {
				r.described.Properties = append(r.described.Properties, p)
			}
		}
	}
	for _, t := range r.touches {
		if t.thing.node.text("bringsForth") == r.id {
			r.begin(t.thing.node)
		}
	}
}

// begin takes from an event what an exported graph says of the resource at its
// beginning.
func (r *resource) begin(n *Node) {
	for initial, name := range map[string]string{
		"initialStage": "stage", "initialState": "state", "initialLocation": "currentLocation",
		"initialContainer": "containedIn", "initialAccountable": "primaryAccountable",
	} {
		if p := n.Get(initial); p != nil && r.described.Get(name) == nil {
			q := *p
			q.Name, q.def = name, properties[name]
			r.described.Properties = append(r.described.Properties, q)
		}
	}
	slices.SortStableFunc(r.described.Properties, func(a, b Property) int { return cmp.Compare(a.Name, b.Name) })
}

// assumed is the opening of a resource of which the file says nothing before
// something is taken from it: as much as is needed.
func (w *work) assumed(r *resource) *thing {
	need := &Number{N: 1, Unit: "one"}
	var sums [2]big.Rat
	var least big.Rat
	given := false
	touches := slices.Clone(r.touches) // what is taken back was never missing
	slices.SortStableFunc(touches, func(a, b touch) int { return cmp.Compare(a.thing.corrects(), b.thing.corrects()) })
	for _, t := range touches {
		q := t.thing.node.quantity("resourceQuantity")
		if q == nil {
			continue
		}
		if !given {
			given = true
			if q.N > 0 {
				need = q
			} else {
				need = &Number{N: 1, Unit: q.Unit}
			}
		}
		if q.Unit != need.Unit {
			continue
		}
		e := actions[t.thing.node.text("action")]
		for i, sign := range []int{e.accounting, e.onhand} {
			if t.side == to {
				sign = -sign
			}
			sums[i].Add(&sums[i], new(big.Rat).Mul(q.rat(), big.NewRat(int64(sign), 1)))
			if sums[i].Cmp(&least) < 0 {
				least.Set(&sums[i])
			}
		}
	}
	if least.Sign() < 0 {
		if exact := numberFrom(new(big.Rat).Neg(&least), need.Unit); exact != nil {
			need = exact
		}
	}
	w.slip(r.node, nil, openingAssumed, shown(r.id), need.String())
	t := w.opening(r, r.node, need, nil)
	return t
}

func (n *Number) rat() *big.Rat {
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(n.Scale), nil)
	return new(big.Rat).SetFrac(big.NewInt(n.N), ten)
}

// String returns the number with its unit.
func (n *Number) String() string {
	return protocol.Amount{N: n.N, Scale: n.Scale}.String() + " " + n.Unit
}

// numberFrom returns a number within the bounds of the format, or nil.
func numberFrom(r *big.Rat, unit string) *Number {
	for scale := int64(0); scale <= protocol.MaxScale; scale++ {
		scaled := new(big.Rat).Mul(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(scale), nil)))
		if scaled.IsInt() {
			if n := scaled.Num(); n.IsInt64() && n.Int64() <= protocol.MaxMantissa && n.Int64() >= -protocol.MaxMantissa {
				return &Number{N: n.Int64(), Scale: scale, Unit: unit}
			}
			return nil
		}
	}
	return nil
}
