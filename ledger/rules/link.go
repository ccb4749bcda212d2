package rules

import (
	"maps"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// MaxLinks bounds the identifiers that one entry may name and be found by. A
// record that names more is void.
const MaxLinks = 256

// Links calls fn for each identifier that the body of an event or record names,
// with the property of ValueFlows that names it, until fn returns false. Inside
// the fields of a record the property is the outermost one. Bodies of other
// kinds name nothing here. What the rules look an event up by comes first.
func Links(body protocol.Body, fn func(relation string, to protocol.EntryID) bool) {
	switch b := body.(type) {
	case *protocol.Event:
		eventLinks(b, fn)
	case *protocol.Record:
		recordLinks(b, fn)
	}
}

func eventLinks(b *protocol.Event, fn func(relation string, to protocol.EntryID) bool) {
	more := true
	one := func(relation string, to protocol.EntryID) {
		if more && !to.IsZero() {
			more = fn(relation, to)
		}
	}
	each := func(relation string, list []protocol.EntryID) {
		for _, to := range list {
			one(relation, to)
		}
	}
	one("provider", b.Provider.EntryID)
	one("receiver", b.Receiver.EntryID)
	one("inputOf", b.InputOf)
	one("outputOf", b.OutputOf)
	one("resourceInventoriedAs", b.ResourceInventoriedAs)
	one("toResourceInventoriedAs", b.ToResourceInventoriedAs)
	one("corrects", b.Corrects)
	each("previousEvent", b.PreviousEvent)
	one("atLocation", b.AtLocation)
	one("toLocation", b.ToLocation)
	each("inScopeOf", b.InScopeOf)
	one("realizationOf", b.RealizationOf)
	one("reciprocalRealizationOf", b.ReciprocalRealizationOf)
	each("fulfills", b.Fulfills)
	each("satisfies", b.Satisfies)
	each("settles", b.Settles)
	one("triggeredBy", b.TriggeredBy)
	if r := b.NewInventoriedResource; r != nil {
		one("lot", r.Lot)
		one("currentLocation", r.CurrentLocation)
		one("containedIn", r.ContainedIn)
		one("primaryAccountable", r.PrimaryAccountable.EntryID)
	}
}

func recordLinks(b *protocol.Record, fn func(relation string, to protocol.EntryID) bool) {
	if !b.Of.IsZero() && !fn("of", b.Of) {
		return
	}
	for _, property := range slices.Sorted(maps.Keys(b.Fields)) {
		if !valueLinks(property, b.Fields[property], fn) {
			return
		}
	}
}

func valueLinks(relation string, v protocol.Value, fn func(relation string, to protocol.EntryID) bool) bool {
	switch v := v.(type) {
	case protocol.EntryID:
		return fn(relation, v)
	case []protocol.Value:
		for _, item := range v {
			if !valueLinks(relation, item, fn) {
				return false
			}
		}
	case map[string]protocol.Value:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if !valueLinks(relation, v[key], fn) {
				return false
			}
		}
	}
	return true
}

// LinksTo reports whether a body names an identifier by a property, or by any when
// relation is empty.
func LinksTo(body protocol.Body, to protocol.EntryID, relation string) bool {
	found := false
	Links(body, func(property string, id protocol.EntryID) bool {
		found = id == to && (relation == "" || property == relation)
		return !found
	})
	return found
}

// Sources calls fn for each identifier of its own system that the author of a
// file gave the body: of an event that of the row, and that of the resource that
// the event brings into being.
func Sources(body protocol.Body, fn func(source string)) {
	one := func(source string) {
		if source != "" {
			fn(source)
		}
	}
	switch b := body.(type) {
	case *protocol.Event:
		one(b.Source)
		if text, is := b.Ext[ResourceSource].(string); is && text != b.Source {
			one(text)
		}
	case *protocol.Record:
		one(b.Source)
	case *protocol.Agent:
		one(b.Source)
	}
}

// ResourceSource is the key in Event.Ext of the identifier that a file gives the
// resource which the event brings into being: text.
const ResourceSource = "resourceSource"
