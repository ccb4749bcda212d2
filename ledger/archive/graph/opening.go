package graph

import (
	"github.com/minga-commons/minga/protocol"
)

// The notes of openings. They stand in the ledger for good, and so in both
// languages.
const (
	noteOpening = "Apertura: el archivo da esta cantidad al empezar. / Opening: the file gives this quantity at the beginning."
	noteAssumed = "Apertura supuesta: el archivo no dice qué había antes. / Opening, assumed: the file does not say what was there before."
)

// opening brings a resource into being with the quantities that the file states:
// a raise, and where accounting and onhand differ, or there is nothing, events
// that bring it there. onhand is as accounting where only one is given.
func (w *work) opening(r *resource, n *Node, accounting, onhand *Number) *thing {
	assumed := onhand == nil && !stated(n)
	if accounting == nil {
		accounting = onhand
	}
	if onhand == nil {
		onhand = accounting
	}
	raised := accounting
	if accounting.N <= 0 {
		raised = &Number{N: 1, Unit: accounting.Unit}
	}
	note := noteOpening
	if assumed {
		note = noteAssumed
	}
	owner := w.owner(r, onhand)
	t := w.openingEvent(r, n, "")
	if accounting.N < 0 || onhand.N < 0 {
		w.fault(n, n.Get("accountingQuantity"), openingNegative)
		t.refused = true
	}
	made := w.newResource(t, r)
	t.body = func(at func(ref) protocol.EntryID) protocol.Body {
		e := &protocol.Event{
			Action: "raise", Provider: protocol.AgentID{EntryID: at(owner)}, Receiver: protocol.AgentID{EntryID: at(owner)},
			ResourceQuantity: raised.quantity(), NewInventoriedResource: &protocol.NewResource{},
			Note: protocol.PlainText(note), Source: t.source, Ext: resourceExt(r),
		}
		made(e, at)
		return e
	}
	t.require(owner)
	if accounting.N <= 0 {
		back := w.openingEvent(r, n, ":none")
		back.needs = append(back.needs, t)
		back.require(owner)
		back.body = func(at func(ref) protocol.EntryID) protocol.Body {
			e := &protocol.Event{
				Action: "raise", Provider: protocol.AgentID{EntryID: at(owner)}, Receiver: protocol.AgentID{EntryID: at(owner)},
				ResourceQuantity: raised.quantity(), ResourceInventoriedAs: at(ref{thing: t}), Corrects: at(ref{thing: t}),
				Note: protocol.PlainText(note), Source: back.source,
			}
			e.ResourceQuantity.N = -e.ResourceQuantity.N
			return e
		}
		w.after(r, back)
	}
	if onhand.Unit != accounting.Unit || onhand.rat().Cmp(accounting.rat()) == 0 {
		return t
	}
	difference := onhand.rat()
	difference.Sub(difference, accounting.rat())
	action := "modify"
	if difference.Sign() < 0 {
		action = "accept"
		difference.Neg(difference)
	}
	moved := numberFrom(difference, onhand.Unit)
	if moved == nil {
		return t
	}
	shift := w.openingEvent(r, n, ":onhand")
	shift.needs = append(shift.needs, t)
	shift.require(owner)
	shift.body = func(at func(ref) protocol.EntryID) protocol.Body {
		return &protocol.Event{
			Action: action, Provider: protocol.AgentID{EntryID: at(owner)}, Receiver: protocol.AgentID{EntryID: at(owner)},
			ResourceQuantity: moved.quantity(), ResourceInventoriedAs: at(ref{thing: t}),
			Note: protocol.PlainText(note), Source: shift.source,
		}
	}
	w.after(r, shift)
	return t
}

func (w *work) openingEvent(r *resource, n *Node, part string) *thing {
	t := &thing{
		node: n, kind: eventNode, opens: true, id: r.id, source: sourceOf("opening:" + r.id + part), index: -1,
		order: len(w.things), section: -1,
	}
	w.things = append(w.things, t)
	return t
}

// after has every event on a resource wait for a part of its opening.
func (w *work) after(r *resource, part *thing) {
	for _, t := range r.touches {
		t.thing.needs = append(t.thing.needs, part)
	}
}

// drop takes the opening of a resource out again: the resource is held.
func (w *work) drop(opening *thing) {
	kept := w.things[:0]
	for _, t := range w.things {
		if !t.opens || t.id != opening.id {
			kept = append(kept, t)
		}
	}
	w.things = kept
}

// owner is whom a resource belongs to when it is opened: whom the file says,
// else whoever first gives it, or receives it if there is too little to be given:
// then it comes back. Where nobody does, it is the commons.
func (w *work) owner(r *resource, onhand *Number) ref {
	if p := r.described.Get("primaryAccountable"); p != nil {
		return w.agent(r.described, p, p.Values[0].Text)
	}
	for _, t := range r.touches {
		names := []string{"provider", "receiver"}
		q := t.thing.node.quantity("resourceQuantity")
		back := actions[t.thing.node.text("action")].makes == to && q != nil && q.Unit == onhand.Unit && onhand.rat().Cmp(q.rat()) < 0
		if t.side == to || back && t.thing.node.Get("toResourceInventoriedAs") == nil {
			names = []string{"receiver", "provider"}
		}
		for _, name := range names {
			if p := t.thing.node.Get(name); p != nil {
				return w.agent(t.thing.node, p, p.Values[0].Text)
			}
		}
	}
	return ref{id: w.options.Commons.EntryID}
}

func (t *thing) require(r ref) { t.refs = append(t.refs, r) }

func (n *Number) quantity() *protocol.Quantity {
	return &protocol.Quantity{N: n.N, Scale: n.Scale, Unit: n.Unit}
}

func resourceExt(r *resource) map[string]protocol.Value {
	ext := map[string]protocol.Value{"resourceSource": sourceOf(r.id)}
	if len(r.id) > protocol.MaxName {
		ext["resource@id"] = r.id
	}
	return ext
}

// newResource returns what describes a resource in the event that brings it into
// being.
func (w *work) newResource(t *thing, r *resource) func(e *protocol.Event, at func(ref) protocol.EntryID) {
	n := r.described
	made := protocol.NewResource{
		Name: protocol.PlainText(n.text("name")), Note: protocol.PlainText(n.text("note")), Image: n.text("image"),
		ConformsTo: n.text("conformsTo"), ClassifiedAs: n.refs("classifiedAs"), TrackingIdentifier: n.text("trackingIdentifier"),
		State: n.text("state"), UnitOfEffort: n.text("unitOfEffort"),
	}
	made.ConformsTo = w.specification(r)
	links := map[string]ref{}
	ext := map[string]protocol.Value{}
	for i := range n.Properties {
		p := &n.Properties[i]
		switch p.Name {
		case "lot", "stage", "currentLocation", "containedIn", "primaryAccountable":
			to := w.refer(n, p, p.Values[0])
			links[p.Name] = to
			t.require(to)
			if !to.found() && p.Name != "stage" {
				w.keep(ext, "resource."+p.Name, p)
			}
		case "name", "note", "image", "conformsTo", "classifiedAs", "trackingIdentifier", "state", "unitOfEffort":
		default:
			w.keep(ext, "resource."+p.Name, p)
		}
	}
	return func(e *protocol.Event, at func(ref) protocol.EntryID) {
		m := made
		m.Lot, m.CurrentLocation, m.ContainedIn = at(links["lot"]), at(links["currentLocation"]), at(links["containedIn"])
		m.PrimaryAccountable.EntryID = at(links["primaryAccountable"])
		m.Stage = stageText(links["stage"], at)
		e.NewInventoriedResource = &m
		if e.Ext == nil {
			e.Ext = map[string]protocol.Value{}
		}
		for key, value := range ext {
			e.Ext[key] = value
		}
		for key, value := range resourceExt(r) {
			e.Ext[key] = value
		}
	}
}

// specification returns what a resource conforms to as far as the file tells: by
// itself, by an event on it, or by what it is taken from.
func (w *work) specification(r *resource) string {
	for seen := map[*resource]bool{}; r != nil && !seen[r]; {
		seen[r] = true
		if r.described != nil {
			if text := r.described.text("conformsTo"); text != "" {
				return text
			}
		}
		for _, touch := range r.touches {
			if text := touch.thing.node.text("resourceConformsTo"); text != "" {
				return text
			}
		}
		if r.maker == nil || r.maker.opens {
			return ""
		}
		r = w.resources[r.maker.node.text("resourceInventoriedAs")]
	}
	return ""
}

// stageText is a stage as an event has it: the identifier of a process
// specification, or the text by which it is known.
func stageText(r ref, at func(ref) protocol.EntryID) string {
	if id := at(r); !id.IsZero() {
		return id.String()
	}
	return r.text
}
