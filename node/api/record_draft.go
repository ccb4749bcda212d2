package api

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// Bounds of a record's own fields, in bytes; those of a list in items.
const (
	maxText      = 2048
	maxNote      = 8192
	maxItems     = 64
	maxSourceKey = 256
)

// recordBody makes the body of a record of what was asked for. amends is the record
// that it changes, zero for a new one.
func (r *referrer) recordBody(class Class, d RecordDraft, amends protocol.EntryID) *protocol.Record {
	body := &protocol.Record{Type: class.Type, Of: amends, Fields: map[string]protocol.Value{}}
	for _, name := range slices.Sorted(maps.Keys(d)) {
		v, at := d[name], "/"+escapePointer(name)
		property, known := class.Property(name)
		switch {
		case name == "name":
			body.Name = protocol.PlainText(r.text(at, v, maxText))
		case name == "note":
			body.Note = protocol.PlainText(r.text(at, v, maxNote))
		case name == "source" && amends.IsZero():
			body.Source = r.text(at, v, maxSourceKey)
		case !known:
			r.add(at, CodeUnknownField, name)
		case v == nil && amends.IsZero():
			r.add(at, CodeWrongType, property.wanted())
		case v == nil:
			body.Fields[name] = nil
		default:
			body.Fields[name] = r.property(at, property, v)
		}
	}
	if amends.IsZero() {
		r.complete(class, d, body)
	}
	if len(body.Fields) == 0 {
		body.Fields = nil
	}
	return body
}

// complete asks for what a new record needs, and fills in who gives and who gets
// a commitment, as for an event.
func (r *referrer) complete(class Class, d RecordDraft, body *protocol.Record) {
	if class.Type == "Commitment" {
		r.otherwise(body, "provider", r.commons.Me.Agent().EntryID)
		r.otherwise(body, "receiver", r.commons.ID.Charter().EntryID)
	}
	needs := class.Needs
	if class.Named {
		needs = append([]string{"name"}, needs...)
	}
	for _, name := range needs {
		if v, there := d[name]; !there || v == "" {
			r.add("/"+name, CodeMissing)
		}
	}
	if class.Type == "Intent" && body.Fields["provider"] == nil && body.Fields["receiver"] == nil {
		r.add("/provider", CodeMissing)
	}
}

func (r *referrer) otherwise(body *protocol.Record, name string, id protocol.EntryID) {
	if _, given := body.Fields[name]; !given {
		body.Fields[name] = id
	}
}

// text reads a text of at most so many bytes.
func (r *referrer) text(pointer string, v any, most int) string {
	text, ok := v.(string)
	switch {
	case !ok:
		r.add(pointer, CodeWrongType, phraseText)
	case len(text) > most:
		r.add(pointer, CodeTooLong, most)
	}
	return text
}

// property reads the value of a property.
func (r *referrer) property(pointer string, p Property, v any) protocol.Value {
	if !p.Many {
		return r.single(pointer, p, v)
	}
	list, ok := v.([]any)
	switch {
	case !ok:
		r.add(pointer, CodeWrongType, phraseList)
	case len(list) > maxItems:
		r.add(pointer, CodeTooLong, maxItems)
		return nil
	}
	out := []protocol.Value{}
	for i, item := range list {
		out = append(out, r.single(pointer+"/"+strconv.Itoa(i), p, item))
	}
	return out
}

func (r *referrer) single(pointer string, p Property, v any) protocol.Value {
	switch p.Kind {
	case PropertyBool:
		if _, ok := v.(bool); !ok {
			r.add(pointer, CodeWrongType, phraseBool)
		}
		return v
	case PropertyAmount:
		return r.amount(pointer, v)
	}
	text, ok := v.(string)
	if !ok {
		r.add(pointer, CodeWrongType, p.wanted())
		return nil
	}
	if text == "" {
		r.add(pointer, CodeEmpty)
		return nil
	}
	switch p.Kind {
	case PropertyTime:
		return r.time(pointer, text)
	case PropertyNumber:
		return r.decimal(pointer, text)
	case PropertyUnit:
		return r.unit(pointer, text)
	case PropertySpec:
		return r.specification(pointer, r.text(pointer, text, maxText))
	case PropertyAgent, PropertyLink:
		if p.Name == "stage" {
			return r.stage(text)
		}
		return r.linked(pointer, p, text)
	}
	if len(p.Choices) > 0 && !slices.Contains(p.Choices, text) {
		r.add(pointer, CodeChoice, text, strings.Join(p.Choices, ", "))
	}
	return r.text(pointer, text, maxText)
}

func (p Property) wanted() text {
	switch p.Kind {
	case PropertyBool:
		return phraseBool
	case PropertyNumber:
		return phraseDecimal
	case PropertyAmount:
		return phraseObject
	}
	if p.Many {
		return phraseList
	}
	return phraseText
}

// decimal reads a number without a unit.
func (r *referrer) decimal(pointer, text string) protocol.Value {
	if _, err := protocol.ParseAmount(text); err != nil {
		r.add(pointer, CodeBadNumber, text)
	}
	return text
}

// amount reads a measure of a record.
func (r *referrer) amount(pointer string, v any) protocol.Value {
	encoded, err := json.Marshal(v)
	if err != nil {
		r.fail(err)
		return nil
	}
	var m Measure
	if p := decodeStrict(encoded, &m); p != nil {
		for _, fault := range p.Errors {
			r.add(pointer+fault.Pointer, fault.Code, fault.args...)
		}
		return nil
	}
	q := r.measure(pointer, &m)
	return map[string]protocol.Value{"n": q.N, "s": q.Scale, "unit": q.Unit}
}

// linked returns what a property names: an agent, a record, an event or a
// resource. An identifier need not be held.
func (r *referrer) linked(pointer string, p Property, text string) protocol.EntryID {
	switch {
	case p.Kind == PropertyAgent:
		return r.agent(pointer, text, protocol.AgentID{}).EntryID
	case p.Of == EconomicEvent:
		return r.entry(pointer, text)
	case p.Of == EconomicResource:
		return r.inventoried(pointer, text)
	}
	return r.recordNamed(pointer, p.Of, text)
}

// recordNamed returns the record of a class that a text names.
func (r *referrer) recordNamed(pointer, class, text string) protocol.EntryID {
	if text == "" {
		return protocol.EntryID{}
	}
	if identifies(text) {
		return r.entry(pointer, text)
	}
	record, err := r.s.ledger.FindRecord(r.ctx, r.commons.ID, class, text)
	r.note(pointer, text, CodeUnknownRecord, err)
	return record.ID
}

// inventoried returns the resource that a text names.
func (r *referrer) inventoried(pointer, text string) protocol.EntryID {
	if text == "" {
		return protocol.EntryID{}
	}
	if identifies(text) {
		return r.entry(pointer, text)
	}
	resource, err := r.s.ledger.FindResource(r.ctx, r.commons.ID, text)
	r.note(pointer, text, CodeUnknownResource, err)
	return resource.ID
}

// note keeps what came of looking for a name.
func (r *referrer) note(pointer, text string, missing Code, err error) {
	var several *ledger.SeveralError
	switch {
	case err == nil:
	case errors.As(err, &several):
		r.add(pointer, CodeAmbiguousName, text)
		if r.unclear == nil {
			r.unclear = severalOf(several)
		}
	case errors.Is(err, ledger.ErrNotFound):
		r.missing = true
		r.add(pointer, missing, text)
	default:
		r.fail(err)
	}
}

// specification returns the text of a resource specification. One that is named
// by the identifier of its record is meant by its name.
func (r *referrer) specification(pointer, text string) string {
	if !identifies(text) {
		return text
	}
	record, err := r.s.ledger.FindRecord(r.ctx, r.commons.ID, "ResourceSpecification", text)
	switch {
	case err == nil && record.Name != "":
		return record.Name
	case err != nil && !errors.Is(err, ledger.ErrNotFound):
		r.note(pointer, text, CodeUnknownRecord, err)
	}
	return text
}

// stage returns the process specification of a name or identifier, or the text
// itself where there is none.
func (r *referrer) stage(text string) protocol.Value {
	if id, err := protocol.ParseID(text); err == nil || text == "" {
		return id
	}
	record, err := r.s.ledger.FindRecord(r.ctx, r.commons.ID, "ProcessSpecification", text)
	if err != nil {
		return text
	}
	return record.ID
}

// identifies reports whether a text is an identifier, or the beginning of one.
func identifies(text string) bool {
	const begins = "bafyrei"
	return len(text) >= minPrefix && strings.HasPrefix(text, begins) && !strings.ContainsAny(text, " /:")
}

// stageText is the same for an event, which names a process specification in
// text.
func (r *referrer) stageText(text string) string {
	if id, is := r.stage(text).(protocol.EntryID); is {
		return id.String()
	}
	return text
}

func (r *referrer) recordsNamed(pointer, class string, texts []string) []protocol.EntryID {
	var out []protocol.EntryID
	for i, text := range texts {
		out = append(out, r.recordNamed(pointer+"/"+strconv.Itoa(i), class, text))
	}
	return out
}
