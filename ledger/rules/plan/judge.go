package plan

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// Fault is why a record has no effect, and which property is the matter.
type Fault struct {
	Reason   rules.Reason
	Property string // empty if it is none
}

// Judge returns why a record has no effect; the reason is rules.Valid if it has.
// The answer depends on the record alone: a link to what is not there, or is
// something else, is no fault. Properties that the ontology does not have are
// kept, and not looked at; so is everything in a record whose class is the IRI of
// another vocabulary.
func Judge(b *protocol.Record) Fault {
	c, known := classes[b.Type]
	if !known && !strings.Contains(b.Type, ":") {
		return Fault{Reason: rules.UnknownClass}
	}
	count := 0
	rules.Links(b, func(string, protocol.EntryID) bool { count++; return count <= rules.MaxLinks })
	if count > rules.MaxLinks {
		return Fault{Reason: rules.TooManyLinks}
	}
	for _, property := range c.needs {
		missing, given := lacks(b, property)
		if missing && (b.Of.IsZero() || given) {
			return Fault{rules.PropertyMissing, property}
		}
	}
	for _, property := range slices.Sorted(maps.Keys(c.properties)) {
		value, given := b.Fields[property]
		if !given || value == nil && !b.Of.IsZero() {
			continue
		}
		if reason := judgeValue(c.properties[property], value); reason != rules.Valid {
			return Fault{reason, property}
		}
	}
	return judgeOrder(b)
}

// judgeOrder compares the times of a record with one another.
func judgeOrder(b *protocol.Record) Fault {
	begins, is := b.Fields["hasBeginning"].(string)
	ends, also := b.Fields["hasEnd"].(string)
	if !is || !also {
		return Fault{}
	}
	from, err := flow.ParseTime(begins)
	to, err2 := flow.ParseTime(ends)
	if err == nil && err2 == nil && to.Before(from) {
		return Fault{rules.EndBeforeBeginning, "hasEnd"}
	}
	return Fault{}
}

func judgeValue(k kind, value protocol.Value) rules.Reason {
	list, listed := value.([]protocol.Value)
	switch k {
	case texts:
		return judgeEach(text, list, listed, value)
	case links:
		return judgeEach(link, list, listed, value)
	case refs:
		return judgeEach(ref, list, listed, value)
	case quantity:
		q, ok := QuantityFrom(value)
		if !ok {
			return rules.BadQuantity
		}
		if q.N < 0 {
			return rules.QuantityNotPositive
		}
		return rules.Valid
	}
	fits := false
	switch v := value.(type) {
	case string:
		fits = k == text || k == ref
		switch k {
		case verb:
			if !flow.KnownAction(v) {
				return rules.UnknownAction
			}
			fits = true
		case when:
			if _, err := flow.ParseTime(v); err != nil {
				return rules.BadTime
			}
			fits = true
		case number:
			_, err := protocol.ParseAmount(v)
			fits = err == nil
		}
	case protocol.EntryID:
		fits = k == link || k == ref
	case bool:
		fits = k == yes
	case int64:
		fits = k == number
	}
	if !fits {
		return rules.BadProperty
	}
	return rules.Valid
}

// judgeEach judges a value that may be a list.
func judgeEach(k kind, list []protocol.Value, listed bool, value protocol.Value) rules.Reason {
	if !listed {
		list = []protocol.Value{value}
	}
	for _, item := range list {
		if reason := judgeValue(k, item); reason != rules.Valid {
			return reason
		}
	}
	return rules.Valid
}

// QuantityFrom reads a quantity in the fields of a record: a map of n, s and
// unit. ok is false for anything else.
func QuantityFrom(value protocol.Value) (q protocol.Quantity, ok bool) {
	m, is := value.(map[string]protocol.Value)
	if !is || len(m) != 3 {
		return q, false
	}
	n, is := m["n"].(int64)
	s, also := m["s"].(int64)
	unit, too := m["unit"].(string)
	ok = is && also && too && n <= protocol.MaxMantissa && n >= -protocol.MaxMantissa && s >= 0 && s <= protocol.MaxScale &&
		unit != "" && len(unit) <= protocol.MaxName
	return protocol.Quantity{N: n, Scale: s, Unit: unit}, ok
}

// QuantityValue is a quantity as it stands in the fields of a record.
func QuantityValue(q protocol.Quantity) protocol.Value {
	return map[string]protocol.Value{"n": q.N, "s": q.Scale, "unit": q.Unit}
}

// LinksIn returns the identifiers in a property, of which there may be one or a
// list.
func LinksIn(value protocol.Value) (ids []protocol.EntryID) {
	switch v := value.(type) {
	case protocol.EntryID:
		return []protocol.EntryID{v}
	case []protocol.Value:
		for _, item := range v {
			if id, is := item.(protocol.EntryID); is {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// TimeIn returns the time in a property, and whether there is one.
func TimeIn(value protocol.Value) (time.Time, bool) {
	text, is := value.(string)
	if !is {
		return time.Time{}, false
	}
	t, err := flow.ParseTime(text)
	return t, err == nil
}

// lacks reports whether a record does not have a property, and whether it says
// so: an amendment without it leaves it as it is.
func lacks(b *protocol.Record, property string) (missing, given bool) {
	if property == "name" {
		return b.Name == (protocol.Text{}), false
	}
	value, given := b.Fields[property]
	return value == nil, given
}
