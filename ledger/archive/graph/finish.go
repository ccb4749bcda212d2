package graph

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// finish connects what stands in different places of the file: quantities that
// have an identifier, inverse properties, classes that only references tell.
func (r *reader) finish() {
	r.resolveMeasures()
	byID := map[string]*Node{}
	for _, n := range r.graph.Nodes {
		if _, there := byID[n.ID]; !there && n.ID != "" {
			byID[n.ID] = n
		}
	}
	r.connect(byID)
	kept := r.graph.Nodes[:0]
	for _, n := range r.graph.Nodes {
		if r.classify(n) {
			kept = append(kept, n)
		}
	}
	r.graph.Nodes = kept
	r.nameUnnamed()
	slices.SortStableFunc(r.graph.Nodes, func(a, b *Node) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	r.blame()
	slices.SortStableFunc(r.graph.Slips, func(a, b Slip) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}

// blame finds the nodes to which faults belong that came up before there were
// nodes.
func (r *reader) blame() {
	for i := range r.graph.Slips {
		s := &r.graph.Slips[i]
		if !s.Fault || s.Node != "" {
			continue
		}
		after, _ := slices.BinarySearchFunc(r.graph.Nodes, s, func(n *Node, s *Slip) int {
			if n.Line > s.Line || n.Line == s.Line && n.Column > s.Column {
				return 1
			}
			return -1
		})
		if after > 0 {
			s.Node = r.graph.Nodes[after-1].ID
			r.graph.Nodes[after-1].faulty = true
		}
	}
}

// resolveMeasures finds the quantities that stand as nodes of their own, as in a
// flattened graph.
func (r *reader) resolveMeasures() {
	own := map[string]*Node{}
	for _, n := range r.graph.Nodes {
		if n.Get("hasNumericalValue") != nil || n.Get("numericDuration") != nil {
			own[n.ID] = n
			n.becomes = measureNode
		}
	}
	for _, n := range r.graph.Nodes {
		for i := range n.Properties {
			p := &n.Properties[i]
			if p.def.kind != measure && p.def.kind != duration {
				continue
			}
			for j := range p.Values {
				v := &p.Values[j]
				if !v.Ref {
					continue
				}
				if inner := own[v.Text]; inner != nil {
					v.Text, v.Ref = "", false
					r.measure(n, p, v, inner)
				} else {
					r.fault(n, p, quantityBad)
				}
			}
		}
	}
}

// connect turns inverse properties round: the nodes that they name get the
// property that names this one.
func (r *reader) connect(byID map[string]*Node) {
	for _, l := range r.inverses {
		target := byID[l.to]
		if target == nil { // kept with its author, for an import to find it in the ledger
			l.from.Properties = append(l.from.Properties, Property{
				Name: l.property.Name, Line: l.property.Line, Column: l.property.Column,
				Values: []Value{{Text: l.to, Ref: true}},
			})
			continue
		}
		def := properties[l.of]
		there := target.Get(l.of)
		value := Value{Text: l.from.ID, Ref: true, Line: l.property.Line, Col: l.property.Column}
		switch {
		case there == nil:
			target.Properties = append(target.Properties, Property{
				Name: l.of, Line: l.property.Line, Column: l.property.Column, Values: []Value{value}, def: def, known: def.kind != text,
			})
		case slices.Contains(target.refs(l.of), l.from.ID):
		case def.kind == links:
			there.Values = append(there.Values, value)
		default:
			r.slip(target, there, propertyStands)
		}
	}
}

// classify gives a node without a class the one that its properties tell. It
// reports whether the node states anything.
func (r *reader) classify(n *Node) bool {
	if n.becomes == measureNode || len(n.Properties) == 0 && n.Class == "" {
		return false
	}
	if n.Class != "" {
		return true
	}
	switch {
	case n.Get("accountingQuantity") != nil || n.Get("onhandQuantity") != nil || n.Get("trackingIdentifier") != nil:
		n.Class = "EconomicResource"
	case n.Get("action") != nil && n.Get("provider") != nil && n.Get("receiver") != nil && n.Get("due") == nil && n.Get("clauseOf") == nil:
		n.Class = "EconomicEvent"
	default:
		r.fault(n, nil, classMissing, "—")
		return true
	}
	n.becomes = classes[n.Class]
	r.slip(n, nil, classMissing, n.Class)
	return true
}

// nameUnnamed gives nodes without a lasting identifier one that is made of what
// they say, so that the same file gives the same ones again. Those that say the
// same are told apart by their number.
func (r *reader) nameUnnamed() {
	renamed, times := map[string]string{}, map[string]int{}
	for _, n := range r.graph.Nodes {
		if n.ID != "" && !strings.HasPrefix(n.ID, "_:") {
			continue
		}
		sum := sha256.Sum256([]byte(r.says(n)))
		id := "urn:minga:unnamed:" + hex.EncodeToString(sum[:16])
		if times[id]++; times[id] > 1 {
			id = fmt.Sprintf("%s:%d", id, times[id])
		}
		if n.becomes != agentNode || n.ID == "" {
			r.slip(n, nil, idMissing)
		}
		if n.ID != "" {
			renamed[n.ID] = id
		}
		n.ID = id
	}
	for _, n := range r.graph.Nodes {
		for i := range n.Properties {
			for j := range n.Properties[i].Values {
				v := &n.Properties[i].Values[j]
				if to, is := renamed[v.Text]; is && v.Ref {
					v.Text = to
				}
			}
		}
	}
}

// says is what a node says, without its identifier and those that will not last.
func (r *reader) says(n *Node) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q", n.Class)
	ordered := slices.Clone(n.Properties)
	slices.SortStableFunc(ordered, func(a, b Property) int { return cmp.Compare(a.Name, b.Name) })
	for _, p := range ordered {
		for _, v := range p.Values {
			text := v.Text
			if strings.HasPrefix(text, "_:") {
				text = ""
			}
			fmt.Fprintf(&b, "%q%q", p.Name, text)
			if v.Quantity != nil {
				fmt.Fprintf(&b, "%d/%d/%q", v.Quantity.N, v.Quantity.Scale, v.Quantity.Unit)
			}
			if v.Node != nil {
				b.WriteString(r.says(v.Node))
			}
		}
	}
	return b.String()
}
