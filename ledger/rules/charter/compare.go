package charter

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/minga-commons/minga/protocol"
)

// Change is one difference between two documents. Before is nil if the place is
// new, After if it is gone. Currencies and buckets go by their name, weights by
// their resource: the path is currency.hora.limit, whatever its place in the
// list. Where only the order of such a list changed, the path ends at the list
// and both values are the names in their order.
type Change struct {
	Path   Path
	Before protocol.Value
	After  protocol.Value
}

// Compare returns what changed from one document to another, in ascending order
// of the fields. It is total: faulty documents are compared by place.
func Compare(before, after map[string]protocol.Value) []Change {
	var c comparison
	c.maps(nil, before, after)
	return c.changes
}

type comparison struct{ changes []Change }

func (c *comparison) values(path Path, before, after protocol.Value) {
	switch b := before.(type) {
	case map[string]protocol.Value:
		if a, is := after.(map[string]protocol.Value); is {
			c.maps(path, b, a)
			return
		}
	case []protocol.Value:
		if a, is := after.([]protocol.Value); is {
			c.lists(path, b, a)
			return
		}
	}
	if !same(before, after) {
		c.changes = append(c.changes, Change{Path: path, Before: before, After: after})
	}
}

// same compares what is neither a table nor a list, or of two kinds.
func same(a, b protocol.Value) bool {
	x, errX := protocol.AppendValue(nil, a)
	y, errY := protocol.AppendValue(nil, b)
	return errX == nil && errY == nil && string(x) == string(y)
}

func (c *comparison) maps(path Path, before, after map[string]protocol.Value) {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(before)), maps.Keys(after))
	slices.Sort(keys)
	for _, key := range slices.Compact(keys) {
		c.pair(path.With(key), before, after, key)
	}
}

// pair compares what two tables have under one key. A field that is not there is
// another thing than one that is null.
func (c *comparison) pair(path Path, before, after map[string]protocol.Value, key string) {
	b, was := before[key]
	a, is := after[key]
	if was && is {
		c.values(path, b, a)
	} else {
		c.changes = append(c.changes, Change{Path: path, Before: b, After: a})
	}
}

func (c *comparison) lists(path Path, before, after []protocol.Value) {
	field, _ := path.last().(string)
	old, oldOrder, ok := byName(field, before)
	now, nowOrder, also := byName(field, after)
	if ok && also {
		c.maps(path, old, now)
		missing := func(of map[string]protocol.Value) func(protocol.Value) bool {
			return func(name protocol.Value) bool { _, found := of[name.(string)]; return !found }
		}
		oldOrder = slices.DeleteFunc(oldOrder, missing(now))
		nowOrder = slices.DeleteFunc(nowOrder, missing(old))
		if !slices.Equal(oldOrder, nowOrder) {
			c.changes = append(c.changes, Change{Path: path, Before: oldOrder, After: nowOrder})
		}
		return
	}
	if texts(before) && texts(after) {
		if !slices.Equal(before, after) {
			c.changes = append(c.changes, Change{Path: path, Before: before, After: after})
		}
		return
	}
	for i := range max(len(before), len(after)) {
		at := path.With(i)
		switch {
		case i >= len(after):
			c.changes = append(c.changes, Change{Path: at, Before: before[i]})
		case i >= len(before):
			c.changes = append(c.changes, Change{Path: at, After: after[i]})
		default:
			c.values(at, before[i], after[i])
		}
	}
}

func (p Path) last() any {
	if len(p) == 0 {
		return nil
	}
	return p[len(p)-1]
}

// byName returns a list of tables by what names them, and the names in order.
func byName(field string, list []protocol.Value) (map[string]protocol.Value, []protocol.Value, bool) {
	key := map[string]string{"currency": "name", "bucket": "name", "weight": "resource"}[field]
	if key == "" {
		return nil, nil, false
	}
	named, order := map[string]protocol.Value{}, []protocol.Value{}
	for _, item := range list {
		m, _ := item.(map[string]protocol.Value)
		name, is := m[key].(string)
		if _, twice := named[name]; !is || twice {
			return nil, nil, false
		}
		named[name], order = item, append(order, name)
	}
	return named, order, true
}

func texts(list []protocol.Value) bool {
	return !slices.ContainsFunc(list, func(v protocol.Value) bool { _, is := v.(string); return !is })
}

// Text returns the change as one sentence of a language: "es", or English for
// any other. What matters to everybody has a sentence of its own; the rest names
// its place.
func (c Change) Text(lang string) string {
	before, after := show(c.Before), show(c.After)
	for _, s := range sentences {
		if name, fits := s.fits(c.Path); fits && c.Before != nil && c.After != nil && plain(c.Before) && plain(c.After) {
			args := []any{after, before}
			if s.named {
				args = []any{name, after, before}
			}
			return fmt.Sprintf(s.text.in(lang), args...)
		}
	}
	switch {
	case c.Before == nil:
		return fmt.Sprintf(text{"%s is new: %s", "%s es nuevo: %s"}.in(lang), c.Path, after)
	case c.After == nil:
		return fmt.Sprintf(text{"%s is gone; it was %s", "%s ya no está; era %s"}.in(lang), c.Path, before)
	}
	return fmt.Sprintf(text{"%s is now %s; it was %s", "%s es ahora %s; era %s"}.in(lang), c.Path, after, before)
}

// sentence is what a change of a place means to people. A step of its pattern is
// a field, or * for a name.
type sentence struct {
	pattern string
	named   bool
	text    text
}

// sentences are looked through in order. They are never changed.
var sentences = []sentence{
	{"name", false, text{"The commons is now called %s; it was %s.", "El común se llama ahora %s; se llamaba %s."}},
	{"stewards.members", false, text{"The stewards are now %s; they were %s.", "Las personas responsables son ahora %s; eran %s."}},
	{"stewards.threshold", false, text{"A decision of the commons now takes %s stewards; it took %s.", "Una decisión del común pide ahora %s responsables; pedía %s."}},
	{"stewards.liars", false, text{"The commons now bears %s stewards who lie; it bore %s.", "El común soporta ahora %s responsables que mientan; soportaba %s."}},
	{"currency.*.limit", true, text{"In %s a member may now go %s below zero; it was %s.", "En %s cada miembro puede bajar ahora %s por debajo de cero; eran %s."}},
	{"confirmation.required", false, text{"An event now counts with %s confirmations; it took %s.", "Un evento cuenta ahora con %s confirmaciones; pedía %s."}},
	{"confirmation.window", false, text{"An event must now stand undisputed for %s; it was %s.", "Un evento debe estar ahora %s sin objeciones; eran %s."}},
	{"bucket.*.percent", true, text{"The bucket %s now gets %s per cent; it got %s.", "El fondo %s recibe ahora %s por ciento; recibía %s."}},
	{"licence.share", false, text{"Those who profit and do not contribute now owe %s per cent; it was %s.", "Quien lucra y no aporta debe ahora %s por ciento; era %s."}},
	{"licence.contribution", false, text{"Whoever contributes %s is now reciprocating; it was %s.", "Quien aporta %s es ahora recíproco; eran %s."}},
}

func (s sentence) fits(p Path) (name string, ok bool) {
	steps := strings.Split(s.pattern, ".")
	if len(steps) != len(p) {
		return "", false
	}
	for i, step := range steps {
		at, is := p[i].(string)
		if !is || step != "*" && step != at {
			return "", false
		}
		if step == "*" {
			name = at
		}
	}
	return name, true
}

// plain reports whether a value is shown as people write it.
func plain(v protocol.Value) bool {
	switch v := v.(type) {
	case string, int64, bool:
		return true
	case []protocol.Value:
		return texts(v)
	}
	return false
}

// show returns a value on one line, deterministically.
func show(v protocol.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case []protocol.Value:
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = show(item)
		}
		return strings.Join(parts, ", ")
	case map[string]protocol.Value:
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, key+" = "+show(v[key]))
		}
		return "{ " + strings.Join(parts, ", ") + " }"
	case nil:
		return "-"
	}
	return fmt.Sprint(v)
}
