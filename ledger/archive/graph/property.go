package graph

import (
	"strconv"
	"strings"
)

func unnamedID(n int) string { return "_:unnamed" + strconv.Itoa(n) }

// property reads one property of a node, under the name that ValueFlows 1.0 has
// for it.
func (r *reader) property(n *Node, p Property, values []any) {
	r.rename(n, &p)
	p.def, p.known = properties[p.Name]
	if !p.known {
		r.slip(n, &p, propertyUnknown)
	}
	if p.def.kind == inverse {
		r.inverse(n, p, values)
		return
	}
	for _, v := range values {
		r.value(n, &p, v)
	}
	if len(p.Values) == 0 {
		return
	}
	if p.known {
		r.several(n, &p)
	}
	if there := n.Get(p.Name); there != nil {
		r.slip(n, &p, propertyStands)
		p.Name, p.known = p.Name+"*", false
	}
	n.Properties = append(n.Properties, p)
}

// rename finds the name of 1.0 for a property of another version, class or case.
func (r *reader) rename(n *Node, p *Property) {
	if to, other := renamed[n.Class][p.Name]; other {
		r.slip(n, p, propertyRenamed, to)
		p.Name = to
		return
	}
	if _, known := properties[p.Name]; known {
		if p.Name == "label" && n.Class != "Unit" && n.Class != "AgentRelationshipRole" {
			r.slip(n, p, propertyRenamed, "name")
			p.Name = "name"
		}
		return
	}
	if to, old := formerly[p.Name]; old {
		r.slip(n, p, propertyRenamed, to)
		p.Name = to
		return
	}
	if to, other := folded[strings.ToLower(p.Name)]; other {
		r.slip(n, p, propertyCase, to)
		p.Name = to
		r.rename(n, p)
	}
}

// inverse keeps who names this node for the end, when all nodes are known.
func (r *reader) inverse(n *Node, p Property, values []any) {
	from, of := n, p.def.of
	if n.becomes == eventNode && (of == "inputOf" || of == "outputOf") {
		r.slip(n, &p, propertyNested)
		process := n.text("inputOf") + n.text("outputOf") // it has one of them, and they stand before
		from = &Node{ID: process, Line: n.Line, Column: n.Column}
	}
	for _, v := range values {
		m, is := v.(map[string]any)
		if !is {
			continue
		}
		var to string
		if text, is := m["@value"].(string); is {
			to = r.expandIRI(text)
		} else {
			to = r.nested(n, m)
		}
		if to != "" && from.ID != "" {
			r.inverses = append(r.inverses, inverseLink{from, &p, of, to})
		}
	}
}

// value reads one value in expanded form.
func (r *reader) value(n *Node, p *Property, v any) {
	m, is := v.(map[string]any)
	if !is {
		return
	}
	value := Value{Line: p.Line, Col: p.Column}
	if items, is := m["@list"].([]any); is {
		for _, one := range items {
			r.value(n, p, one)
		}
		return
	}
	if scalar, is := m["@value"]; is {
		value.Text, _ = scalar.(string)
		value.Language, _ = m["@language"].(string)
		if value.Text == longMark {
			n.faulty = true // reported where it stood
			return
		}
		r.literal(n, p, &value)
	} else if !r.object(n, p, &value, m) {
		return
	}
	if value.Text != "" || value.Node != nil || value.Quantity != nil {
		p.Values = append(p.Values, value)
	}
}

// object reads a value that is a node object.
func (r *reader) object(n *Node, p *Property, value *Value, m map[string]any) bool {
	quantity := p.def.kind == measure || p.def.kind == duration
	switch id, _ := m["@id"].(string); {
	case onlyReference(m) && id == "":
		return false
	case onlyReference(m) && quantity:
		value.Text, value.Ref = id, true // resolved at the end
	case onlyReference(m):
		value.Text, value.Ref = strings.TrimSpace(id), true
		if value.Text != id {
			r.slip(n, p, valueTrimmed)
		}
		r.reference(n, p, value)
	case quantity:
		inner, source := r.header(m)
		inner.within = n.ID
		r.fill(inner, m, source)
		r.measure(n, p, value, inner)
	case m["@type"] == nil && id == "" && !linking(p.def.kind):
		inner, source := r.header(m)
		inner.within = n.ID
		r.fill(inner, m, source)
		value.Node = inner
		if p.known {
			r.slip(n, p, valueNode)
			p.known = false
		}
	default:
		value.Text, value.Ref = r.nested(n, m), true
		r.reference(n, p, value)
	}
	return true
}

func linking(k kind) bool {
	return k == link || k == links || k == agent || k == agents || k == spec
}

// reference checks an identifier that stands where something else is meant.
func (r *reader) reference(n *Node, p *Property, v *Value) {
	switch p.def.kind {
	case word, unit, decimal, instant, boolean:
		v.Text, v.Ref = local(v.Text), false
		r.literal(n, p, v)
	}
}

// several keeps the first of several values where one is meant.
func (r *reader) several(n *Node, p *Property) {
	switch p.def.kind {
	case links, agents, iris:
		return
	}
	if len(p.Values) < 2 {
		return
	}
	languages := p.Values[0].Language != "" || p.Values[1].Language != ""
	if languages {
		r.slip(n, p, valueLanguage)
	} else {
		r.slip(n, p, valueSeveral, len(p.Values))
	}
	rest := Property{Name: p.Name + "*", Line: p.Line, Column: p.Column, Values: p.Values[1:]}
	if n.Get(rest.Name) == nil {
		n.Properties = append(n.Properties, rest)
	}
	p.Values = p.Values[:1]
}

// expandIRI writes out a compact IRI by the prefixes of the file.
func (r *reader) expandIRI(text string) string {
	text = strings.TrimSpace(text)
	prefix := prefixOf(text)
	if prefix == "" {
		return text
	}
	space := r.doc.terms[prefix]
	if space == "" || !strings.Contains(space, ":") {
		space = prefixes[prefix]
	}
	if space == "" {
		return text
	}
	return space + text[len(prefix)+1:]
}
