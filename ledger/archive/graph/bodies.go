package graph

import (
	"encoding/json"

	"github.com/minga-commons/minga/protocol"
)

// keep puts a property that has no place of its own into the additions of an
// entry: a text as it is, anything else as JSON under a name that says so.
func (w *work) keep(ext map[string]protocol.Value, name string, p *Property) {
	if len(p.Values) == 1 && p.Values[0].Quantity == nil && p.Values[0].Node == nil {
		ext[name] = p.Values[0].Text
		return
	}
	var all []any
	for _, v := range p.Values {
		all = append(all, plain(v))
	}
	var one any = all
	if len(all) == 1 {
		one = all[0]
	}
	text, err := json.Marshal(one)
	if err != nil { // text and maps of text
		panic(err)
	}
	ext[name+"@json"] = string(text)
}

// plain is a value as JSON-LD has it.
func plain(v Value) any {
	switch {
	case v.Quantity != nil:
		return map[string]any{
			"hasNumericalValue": protocol.Amount{N: v.Quantity.N, Scale: v.Quantity.Scale}.String(), "hasUnit": unitIRI(v.Quantity.Unit),
		}
	case v.Node != nil:
		m := map[string]any{}
		if v.Node.Class != "" {
			m["@type"] = v.Node.Class
		}
		for _, p := range v.Node.Properties {
			var all []any
			for _, inner := range p.Values {
				all = append(all, plain(inner))
			}
			m[p.Name] = all
		}
		return m
	case v.Ref:
		return map[string]any{"@id": v.Text}
	}
	return v.Text
}

// agentBody makes the record of an agent that the file states.
func (w *work) agentBody(t *thing) {
	n := t.node
	body := protocol.Agent{
		Card: protocol.AgentCard{Name: protocol.PlainText(n.text("name")), Type: protocol.Person},
		Note: protocol.PlainText(n.text("note")), Source: t.source, Ext: map[string]protocol.Value{},
	}
	if body.Card.Name.IsZero() {
		body.Card.Name = protocol.PlainText(w.nameFor(t.id))
	}
	switch n.Class {
	case "Organization":
		body.Card.Type = protocol.Organization
	case "EcologicalAgent":
		body.Card.Type = protocol.EcologicalAgent
	}
	for key, value := range longID(t.id) {
		body.Ext[key] = value
	}
	for i := range n.Properties {
		if p := &n.Properties[i]; p.Name != "name" && p.Name != "note" {
			w.keep(body.Ext, p.Name, p)
		}
	}
	t.body = func(func(ref) protocol.EntryID) protocol.Body { return &body }
}

// recordBody makes the record of anything but agents, events and resources.
func (w *work) recordBody(t *thing) {
	n := t.node
	fields := map[string]protocol.Value{}
	leads := map[string][]ref{}
	for i := range n.Properties {
		p := &n.Properties[i]
		if p.Name == "name" || p.Name == "note" {
			continue
		}
		if q := p.Values[0].Quantity; q != nil && q.N < 0 {
			w.fault(n, p, negativeGiven)
			t.refused = true
		}
		if !p.known || !w.recordField(t, p, fields, leads) {
			w.keep(fields, p.Name, p)
		}
	}
	ext := longID(t.id)
	t.body = func(at func(ref) protocol.EntryID) protocol.Body {
		all := make(map[string]protocol.Value, len(fields)+len(leads))
		for name, value := range fields {
			all[name] = value
		}
		for name, refs := range leads {
			var ids []protocol.Value
			for _, r := range refs {
				if id := at(r); !id.IsZero() {
					ids = append(ids, id)
				} else {
					ids = append(ids, r.text)
				}
			}
			all[name] = ids
			if k := properties[name].kind; k != links && k != agents {
				all[name] = ids[0]
			}
		}
		return &protocol.Record{
			Type: n.Class, Name: protocol.PlainText(n.text("name")), Note: protocol.PlainText(n.text("note")),
			Source: t.source, Fields: all, Ext: ext,
		}
	}
}

// recordField puts a property into the fields of a record. It reports whether it
// has a place there.
func (w *work) recordField(t *thing, p *Property, fields map[string]protocol.Value, leads map[string][]ref) bool {
	v := p.Values[0]
	switch p.def.kind {
	case link, links, agent, agents:
		for _, v := range p.Values {
			r := w.refer(t.node, p, v)
			if !r.found() && !p.def.text { // a link can only lead to an entry
				w.keep(fields, p.Name+"*", &Property{Values: []Value{v}})
				continue
			}
			t.require(r)
			leads[p.Name] = append(leads[p.Name], r)
		}
	case measure, duration:
		if v.Quantity == nil {
			return false
		}
		fields[p.Name] = map[string]protocol.Value{"n": v.Quantity.N, "s": v.Quantity.Scale, "unit": v.Quantity.Unit}
	case iris:
		var all []protocol.Value
		for _, v := range p.Values {
			all = append(all, v.Text)
		}
		fields[p.Name] = all
	case boolean:
		fields[p.Name] = v.Text == "true"
	case inverse:
		return false
	default:
		if v.Node != nil {
			return false
		}
		fields[p.Name] = v.Text
	}
	return true
}

// eventBody makes the event of a node.
func (w *work) eventBody(t *thing) {
	n := t.node
	w.turn(n)
	base := protocol.Event{Source: t.source, Ext: longID(t.id)}
	ext := map[string]protocol.Value{}
	leads := map[string][]ref{}
	act := actions[n.text("action")]
	for i := range n.Properties {
		p := &n.Properties[i]
		v := p.Values[0]
		switch p.Name {
		case "resourceInventoriedAs", "toResourceInventoriedAs", "provider", "receiver", "inputOf", "outputOf", "atLocation", "toLocation",
			"realizationOf", "reciprocalRealizationOf", "corrects", "triggeredBy", "inScopeOf", "fulfills", "satisfies", "settles", "previousEvent", "stage":
			second := p.Name == "toResourceInventoriedAs" && act.makes != to && !(act.implied && agentKey(n.text("provider")) != agentKey(n.text("receiver")))
			if second {
				w.slip(n, p, linkKept, shown(n.text("action")))
				w.keep(ext, p.Name, p)
				continue
			}
			for _, v := range p.Values {
				r := w.refer(n, p, v)
				if !r.found() && p.Name != "stage" {
					w.keep(ext, p.Name, p)
					continue
				}
				t.require(r)
				leads[p.Name] = append(leads[p.Name], r)
			}
		case "resourceQuantity", "effortQuantity":
			if v.Quantity != nil && v.Quantity.N < 0 && n.Get("corrects") == nil {
				w.fault(n, p, negativeGiven)
				t.refused = true
			}
			if v.Quantity == nil {
				continue
			}
			if p.Name == "resourceQuantity" {
				base.ResourceQuantity = v.Quantity.quantity()
			} else {
				base.EffortQuantity = v.Quantity.quantity()
			}
		case "action":
			base.Action = v.Text
		case "resourceConformsTo":
			base.ResourceConformsTo = v.Text
		case "resourceClassifiedAs":
			base.ResourceClassifiedAs = n.refs(p.Name)
		case "hasPointInTime":
			base.HasPointInTime = v.Text
		case "hasBeginning":
			base.HasBeginning = v.Text
		case "hasEnd":
			base.HasEnd = v.Text
		case "note":
			base.Note = protocol.PlainText(v.Text)
		case "state":
			base.State = v.Text
		case "agreedIn":
			base.AgreedIn = v.Text
		case "bringsForth", "initialStage", "initialState", "initialLocation", "initialContainer", "initialAccountable":
		case "created", "image", "trackingIdentifier":
			w.keep(ext, p.Name, p)
		default:
			if p.known {
				w.slip(n, p, propertyElse, n.Class)
			}
			w.keep(ext, p.Name, p)
		}
	}
	if base.Action == "" {
		w.fault(n, nil, actionMissing)
		t.refused = true
	}
	var made func(*protocol.Event, func(ref) protocol.EntryID)
	makes := neither
	if t.brings != nil {
		made, makes = w.newResource(t, t.brings), t.makes()
	}
	for key, value := range base.Ext {
		ext[key] = value
	}
	t.body = func(at func(ref) protocol.EntryID) protocol.Body {
		e := base
		e.Ext = nil
		if len(ext) > 0 {
			e.Ext = make(map[string]protocol.Value, len(ext))
			for key, value := range ext {
				e.Ext[key] = value
			}
		}
		linkEvent(&e, leads, makes, at)
		if made != nil {
			made(&e, at)
		}
		return &e
	}
}

// linkEvent sets what an event names. A resource that the event brings into being
// is none that it names.
func linkEvent(e *protocol.Event, leads map[string][]ref, makes side, at func(ref) protocol.EntryID) {
	one := func(name string) protocol.EntryID {
		if refs := leads[name]; len(refs) > 0 {
			return at(refs[0])
		}
		return protocol.EntryID{}
	}
	several := func(name string) (ids []protocol.EntryID) {
		for _, r := range leads[name] {
			ids = append(ids, at(r))
		}
		return ids
	}
	e.Provider.EntryID, e.Receiver.EntryID = one("provider"), one("receiver")
	e.InputOf, e.OutputOf = one("inputOf"), one("outputOf")
	if makes != from {
		e.ResourceInventoriedAs = one("resourceInventoriedAs")
	}
	if makes != to {
		e.ToResourceInventoriedAs = one("toResourceInventoriedAs")
	}
	e.AtLocation, e.ToLocation = one("atLocation"), one("toLocation")
	e.RealizationOf, e.ReciprocalRealizationOf = one("realizationOf"), one("reciprocalRealizationOf")
	e.Corrects, e.TriggeredBy = one("corrects"), one("triggeredBy")
	e.InScopeOf, e.Fulfills, e.Satisfies, e.Settles = several("inScopeOf"), several("fulfills"), several("satisfies"), several("settles")
	e.PreviousEvent = several("previousEvent")
	if refs := leads["stage"]; len(refs) > 0 {
		e.Stage = stageText(refs[0], at)
	}
}

// turn puts an event on the side of its process on which its action can be.
func (w *work) turn(n *Node) {
	act := actions[n.text("action")]
	for _, at := range []struct {
		name, other string
		can, could  bool
	}{{"inputOf", "outputOf", act.in, act.out}, {"outputOf", "inputOf", act.out, act.in}} {
		p := n.Get(at.name)
		if p == nil || at.can || !at.could || n.Get(at.other) != nil {
			continue
		}
		w.slip(n, p, directionTurned, n.text("action"))
		p.Name, p.def = at.other, properties[at.other]
	}
}
