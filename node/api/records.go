package api

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// Bounds of an inverse field of an answer.
const (
	shownLinks = 100
	linkPages  = 10 // of links that are looked through for it
)

// InRecord are the parameters of what is about one record.
type InRecord struct {
	InCommons
	Record string `path:"record" doc:"Name, CID or unique prefix of one of at least 8 characters, or its identifier in an imported file" maxLength:"2048"`
}

func (s *Server) getRecord(class Class) func(context.Context, *InRecord) (*answer[Record], error) {
	return func(ctx context.Context, in *InRecord) (*answer[Record], error) {
		record, err := s.record(ctx, in.Commons, class, in.Record)
		if err != nil {
			return nil, err
		}
		names := s.namesIn(record.Commons)
		out, err := recordOf(ctx, names, class, record)
		if err == nil {
			err = s.relate(ctx, names, class, record, &out)
		}
		return &answer[Record]{out}, err
	}
}

// record returns the record of a class that a text means. One that is named by
// its whole identifier may be in any commons that the asker may read.
func (s *Server) record(ctx context.Context, commons string, class Class, text string) (ledger.Record, error) {
	if id, err := protocol.ParseID(text); err == nil {
		record, err := s.ledger.Record(ctx, id)
		if err == nil {
			_, err = s.readableID(ctx, record.Commons)
		}
		if err == nil && record.Type != class.Type {
			err = ledger.ErrNotFound
		}
		if err != nil {
			return record, s.fail(ctx, err, text)
		}
		return record, nil
	}
	c, err := s.commons(ctx, commons)
	if err != nil {
		return ledger.Record{}, err
	}
	record, err := s.ledger.FindRecord(ctx, c.ID, class.Type, text)
	if err != nil {
		return record, s.fail(ctx, err, text)
	}
	return record, nil
}

// recordOf gives a record of the ledger its form in answers, without its inverse
// fields.
func recordOf(ctx context.Context, n *names, class Class, r ledger.Record) (Record, error) {
	author, err := n.ref(ctx, r.Author)
	if err != nil {
		return Record{}, err
	}
	out := Record{
		RecordHead: RecordHead{
			Schema: "minga." + class.Noun() + "/1", ID: r.ID.String(), Type: r.Type, Author: author,
			Entry: entryOf(r.Entry, r.State, r.Reason), Name: r.Name, Note: r.Note, Source: r.Source,
		},
		Properties: map[string]any{},
	}
	for name, v := range r.Fields {
		property, known := class.Property(name)
		if !known && class.states(name) {
			continue // it stands in the inverse field
		}
		if !known {
			if out.Other == nil {
				out.Other = map[string]any{}
			}
			out.Other[name] = readable(v)
			continue
		}
		if out.Properties[name], err = property.show(ctx, n, v); err != nil {
			return out, err
		}
	}
	for _, a := range r.Amendments {
		by, err := n.ref(ctx, a.Author)
		if err != nil {
			return out, err
		}
		out.Amendments = append(out.Amendments, Amendment{ID: a.ID.String(), Author: by, Time: rfc3339(a.Time), Counts: a.Counts, State: string(a.State), Reason: string(a.Reason)})
	}
	return out, nil
}

func entryOf(e protocol.Entry, state ledger.State, reason ledger.Reason) EventEntry {
	return EventEntry{State: string(state), Reason: string(reason), Log: e.Log.String(), Seq: e.Seq, Time: rfc3339(e.Time)}
}

// show gives the value of a property its form in answers.
func (p Property) show(ctx context.Context, n *names, v protocol.Value) (any, error) {
	if p.Kind != PropertyAgent {
		return readable(v), nil
	}
	switch v := v.(type) {
	case protocol.EntryID:
		return n.ref(ctx, protocol.AgentID{EntryID: v})
	case []protocol.Value:
		list := []any{}
		for _, item := range v {
			one, err := p.show(ctx, n, item)
			if err != nil {
				return nil, err
			}
			list = append(list, one)
		}
		return list, nil
	}
	return readable(v), nil
}

// relate adds what leads to a record, and what is open of it.
func (s *Server) relate(ctx context.Context, n *names, class Class, r ledger.Record, out *Record) error {
	out.Inverses = map[string][]FlowRef{}
	for _, inverse := range class.Inverses {
		refs, more, err := s.inverse(ctx, n, r, inverse)
		if err != nil {
			return err
		}
		if more {
			out.Cut = append(out.Cut, inverse.Name)
		}
		out.Inverses[inverse.Name] = refs
	}
	switch class.Type {
	case "Commitment", "Intent", "Claim":
		f, err := s.ledger.Fulfilment(ctx, r.ID)
		if err != nil {
			return err
		}
		out.Fulfilment = fulfilmentOf(f)
	case "Plan":
		p, err := s.ledger.Progress(ctx, r.ID, s.o.Now().UTC().Format(time.DateOnly))
		if err != nil {
			return err
		}
		out.Progress = &Progress{
			Processes: p.Processes, Finished: p.Finished, Commitments: p.Commitments, Fulfilled: p.Fulfilled,
			Intents: p.Intents, Satisfied: p.Satisfied, Overdue: idTexts(p.Overdue),
		}
	}
	return nil
}

func fulfilmentOf(f ledger.Fulfilment) *Fulfilment {
	out := &Fulfilment{Lines: []FulfilmentLine{}, Finished: f.Finished}
	for _, l := range f.Lines {
		line := FulfilmentLine{
			Of: l.Quantity, Promised: sumOf(l.Promised), Done: sumOf(l.Done), Open: sumOf(l.Open), Events: l.Events,
		}
		for _, m := range l.Other {
			line.Other = append(line.Other, sumOf(m))
		}
		out.Lines = append(out.Lines, line)
	}
	return out
}

func sumOf(m ledger.Measure) Measure {
	return Measure{HasNumericalValue: m.Value.String(), HasUnit: m.Unit}
}

// inverse returns what leads to a record by the relations of an inverse field,
// and whether there is more.
func (s *Server) inverse(ctx context.Context, n *names, r ledger.Record, inverse Inverse) ([]FlowRef, bool, error) {
	refs, seen := []FlowRef{}, map[string]bool{}
	for _, property := range inverse.Stated {
		for _, id := range linksIn(r.Fields[property]) {
			ref, err := s.thing(ctx, n, id)
			if errors.Is(err, ledger.ErrNotFound) || err == nil && (seen[ref.ID] || !inverse.holds(ref.Type)) {
				continue
			}
			if err != nil {
				return nil, false, err
			}
			refs, seen[ref.ID] = append(refs, ref), true
		}
	}
	for _, relation := range inverse.Relations {
		page := ledger.Page{Limit: shownLinks}
		for looked := 0; ; looked++ {
			if looked == linkPages {
				return refs, true, nil
			}
			links, next, err := s.ledger.Links(ctx, r.Commons, r.ID, relation, page)
			if err != nil {
				return nil, false, err
			}
			for _, link := range links {
				if link.Kind == protocol.KindRecord && !inverse.holds(link.Type) {
					continue
				}
				ref, err := s.thing(ctx, n, link.From)
				if errors.Is(err, ledger.ErrNotFound) || err == nil && seen[ref.ID] {
					continue // an amendment that took it away, or one that says it again
				}
				if err != nil {
					return nil, false, err
				}
				if len(refs) >= shownLinks {
					return refs, true, nil
				}
				refs, seen[ref.ID] = append(refs, ref), true
			}
			if next == "" {
				break
			}
			page.After = next
		}
	}
	return refs, false, nil
}

func (i Inverse) holds(class string) bool { return len(i.Of) == 0 || slices.Contains(i.Of, class) }

// linksIn returns the identifiers of a property.
func linksIn(v protocol.Value) []protocol.EntryID {
	switch v := v.(type) {
	case protocol.EntryID:
		return []protocol.EntryID{v}
	case []protocol.Value:
		var out []protocol.EntryID
		for _, item := range v {
			out = append(out, linksIn(item)...)
		}
		return out
	}
	return nil
}

// thing names an event or a record.
func (s *Server) thing(ctx context.Context, n *names, id protocol.EntryID) (FlowRef, error) {
	e, err := s.ledger.Event(ctx, id)
	if err == nil {
		return flowOfEvent(ctx, n, e)
	}
	if !errors.Is(err, ledger.ErrNotFound) {
		return FlowRef{}, err
	}
	record, err := s.ledger.Record(ctx, id)
	if err != nil {
		return FlowRef{}, err
	}
	return flowOfRecord(ctx, n, record)
}

func flowOfEvent(ctx context.Context, n *names, e ledger.Event) (FlowRef, error) {
	b := e.Body
	provider, err := n.optional(ctx, b.Provider)
	if err != nil {
		return FlowRef{}, err
	}
	receiver, err := n.optional(ctx, b.Receiver)
	return FlowRef{
		ID: e.ID.String(), Type: EconomicEvent, Action: b.Action, Provider: provider, Receiver: receiver,
		ResourceInventoriedAs: b.ResourceInventoriedAs.String(), ResourceConformsTo: b.ResourceConformsTo,
		ResourceQuantity: measureOf(b.ResourceQuantity), EffortQuantity: measureOf(b.EffortQuantity), State: string(e.State),
	}, err
}

func flowOfRecord(ctx context.Context, n *names, r ledger.Record) (FlowRef, error) {
	out := FlowRef{ID: r.ID.String(), Type: r.Type, Name: r.Name, State: string(r.State)}
	out.Action, _ = r.Fields["action"].(string)
	out.ResourceConformsTo, _ = r.Fields["resourceConformsTo"].(string)
	out.Finished, _ = r.Fields["finished"].(bool)
	if id, ok := r.Fields["resourceInventoriedAs"].(protocol.EntryID); ok {
		out.ResourceInventoriedAs = id.String()
	}
	out.ResourceQuantity, out.EffortQuantity = measureIn(r.Fields["resourceQuantity"]), measureIn(r.Fields["effortQuantity"])
	for name, into := range map[string]**AgentRef{"provider": &out.Provider, "receiver": &out.Receiver} {
		if id, ok := r.Fields[name].(protocol.EntryID); ok {
			ref, err := n.ref(ctx, protocol.AgentID{EntryID: id})
			if err != nil {
				return out, err
			}
			*into = &ref
		}
	}
	return out, nil
}

// measureIn reads a quantity of a record's fields, nil if it is none.
func measureIn(v protocol.Value) *Measure {
	m, _ := v.(map[string]protocol.Value)
	number, _ := decimalOf(m)
	if measure, ok := number.(Measure); ok {
		return &measure
	}
	return nil
}
