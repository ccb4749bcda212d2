package charter

import (
	"maps"
	"slices"
	"strings"

	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// reading collects what is wrong with a document.
type reading struct{ faults []Fault }

func (r *reading) fault(path Path, code Code, args ...any) {
	r.faults = append(r.faults, Fault{Path: path, Code: code, Args: args})
}

// table reads the fields of one table, and knows afterwards which it was not
// asked for. Every reader returns whether the field is there and right; one that
// is there and wrong is a fault.
type table struct {
	*reading
	path   Path
	m      map[string]protocol.Value
	asked  []string
	wrong  map[string]bool // fields that are there and cannot be read
	absent bool            // the table itself is left out
}

// refuse reports a field that is there and wrong.
func (t *table) refuse(name string, code Code, args ...any) {
	t.mark(name)
	t.fault(t.at(name), code, args...)
}

func (t *table) mark(name string) {
	if t.wrong == nil {
		t.wrong = map[string]bool{}
	}
	t.wrong[name] = true
}

func (t *table) at(name string) Path { return t.path.With(name) }

func (t *table) value(name string) (protocol.Value, bool) {
	t.asked = append(t.asked, name)
	v, given := t.m[name]
	return v, given
}

// end reports the fields that nobody asked for.
func (t *table) end() {
	for _, name := range slices.Sorted(maps.Keys(t.m)) {
		if !slices.Contains(t.asked, name) {
			t.fault(t.at(name), UnknownField, name, strings.Join(t.asked, ", "))
		}
	}
}

// text reads a text of at most max bytes. An empty one counts as left out.
func (t *table) text(name string, max int) (string, bool) {
	v, given := t.value(name)
	if !given {
		return "", false
	}
	s, is := v.(string)
	switch {
	case !is:
		t.refuse(name, WrongType, aText)
		return "", false
	case len(s) > max:
		t.refuse(name, TooLong, max)
		return "", false
	}
	return s, s != ""
}

// name reads a name: a text on one line without space at its ends.
func (t *table) name(name string) (string, bool) {
	s, ok := t.text(name, protocol.MaxName)
	if ok && !t.isName(t.at(name), s) {
		t.mark(name)
		ok = false
	}
	return s, ok
}

func (t *table) isName(path Path, s string) bool {
	switch {
	case len(s) > protocol.MaxName:
		t.fault(path, TooLong, protocol.MaxName)
	case s == "", s != strings.Trim(s, " "), strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }):
		t.fault(path, BadText, s)
	default:
		return true
	}
	return false
}

// needed reports a field that is missing or empty, by what its reader returned.
// A wrong one was told already.
func (t *table) needed(name string, ok bool) {
	if !ok && !t.wrong[name] {
		t.fault(t.at(name), Missing)
	}
}

func (t *table) flag(name string, otherwise bool) bool {
	v, given := t.value(name)
	if !given {
		return otherwise
	}
	b, is := v.(bool)
	if !is {
		t.refuse(name, WrongType, aFlag)
		return otherwise
	}
	return b
}

func (t *table) whole(name string, otherwise, min, max int64) (int64, bool) {
	v, given := t.value(name)
	if !given {
		return otherwise, false
	}
	n, is := v.(int64)
	switch {
	case !is:
		t.refuse(name, WrongType, aWhole)
	case n < min, n > max:
		t.refuse(name, OutOfRange, min, max)
	default:
		return n, true
	}
	return otherwise, false
}

// choice reads one of several texts; the first is the default.
func choice[T ~string](t *table, name string, choices ...T) T {
	v, given := t.value(name)
	if !given {
		return choices[0]
	}
	s, is := v.(string)
	if !is {
		t.refuse(name, WrongType, aText)
		return choices[0]
	}
	if !slices.Contains(choices, T(s)) {
		words := make([]string, len(choices))
		for i, c := range choices {
			words[i] = string(c)
		}
		t.refuse(name, UnknownChoice, s, strings.Join(words, ", "))
		return choices[0]
	}
	return T(s)
}

// decimal reads a number that is not negative. An empty text counts as left out.
func (t *table) decimal(name string) *protocol.Amount {
	v, given := t.value(name)
	if !given || v == "" {
		return nil
	}
	a := t.isDecimal(t.at(name), v)
	if a == nil {
		t.mark(name)
	}
	return a
}

func (t *table) isDecimal(path Path, v protocol.Value) *protocol.Amount {
	s, is := v.(string)
	if !is {
		t.fault(path, WrongType, aDecimal)
		return nil
	}
	a, err := protocol.ParseAmount(s)
	switch {
	case err != nil:
		t.fault(path, BadDecimal, s)
	case a.N < 0:
		t.fault(path, Negative, s)
	default:
		return &a
	}
	return nil
}

// factor reads a decimal number with a default of one.
func (t *table) factor(name string) protocol.Amount {
	if a := t.decimal(name); a != nil {
		return *a
	}
	return protocol.Amount{N: 1}
}

func (t *table) percent(name string) *protocol.Amount {
	a := t.decimal(name)
	if a != nil && moreThan(*a, protocol.Amount{N: 100}) {
		t.refuse(name, BadPercent, a.String())
		return nil
	}
	return a
}

func (t *table) period(name, otherwise string) Period {
	usual, _ := parsePeriod(otherwise)
	s, ok := t.text(name, protocol.MaxName)
	if !ok {
		return usual
	}
	p, ok := parsePeriod(s)
	if !ok {
		t.refuse(name, BadPeriod, s)
		return usual
	}
	return p
}

func (t *table) unit(name string) string {
	s, ok := t.name(name)
	if !ok {
		return unit.One
	}
	if _, known := unit.Lookup(s); !known {
		t.refuse(name, UnknownUnit, s)
	}
	return s
}

func (t *table) time(name string) string {
	s, ok := t.text(name, protocol.MaxName)
	if !ok {
		return ""
	}
	if _, err := flow.ParseTime(s); err != nil {
		t.refuse(name, BadTime, s)
	}
	return s
}

// names reads a list of names, each of which stands there once. It is nil if the
// field is left out.
func (t *table) names(name string) []string {
	v, given := t.value(name)
	if !given {
		return nil
	}
	items, is := v.([]protocol.Value)
	if !is {
		t.refuse(name, WrongType, aList)
		return nil
	}
	names, seen := []string{}, map[string]bool{}
	for i, item := range items {
		path := t.at(name).With(i)
		s, is := item.(string)
		switch {
		case !is:
			t.fault(path, WrongType, aText)
		case !t.isName(path, s):
		case seen[s]:
			t.fault(path, Duplicate, s)
		default:
			names, seen[s] = append(names, s), true
			continue
		}
		t.mark(name)
	}
	return names
}

// table reads a table within this one. It is empty if it is left out.
func (t *table) table(name string) *table {
	v, given := t.value(name)
	m, is := v.(map[string]protocol.Value)
	if given && !is {
		t.refuse(name, WrongType, aTable)
	}
	return &table{reading: t.reading, path: t.at(name), m: m, absent: !given || !is}
}

// tables reads a list of tables.
func (t *table) tables(name string) []*table {
	v, given := t.value(name)
	if !given {
		return nil
	}
	items, is := v.([]protocol.Value)
	if !is {
		t.refuse(name, WrongType, someTables)
		return nil
	}
	var all []*table
	for i, item := range items {
		m, is := item.(map[string]protocol.Value)
		if !is {
			t.mark(name)
			t.fault(t.at(name).With(i), WrongType, aTable)
			continue
		}
		all = append(all, &table{reading: t.reading, path: t.at(name).With(i), m: m})
	}
	return all
}

// once reports a name that stood in an earlier table of the list already.
func (t *table) once(field, name string, seen map[string]bool) {
	if name != "" && seen[name] {
		t.fault(t.at(field), Duplicate, name)
	}
	seen[name] = true
}
