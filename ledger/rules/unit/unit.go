// Package unit knows the units of measure of OM 2, the Ontology of units of
// Measure: what people write for them, which measure the same, and by which exact
// factor one is converted into another.
//
// A unit is its OM2 identifier, a text such as "hour" or "kilogram". Identifiers
// are what stands on the log, and all functions but Find take nothing else. There
// is no floating point, and nothing here changes while a program runs: the table is
// written by scripts/units from the rows of OM2 (om2.csv), what is ruled about
// their numbers (factors.txt) and about their names (names.txt). Every function may
// be called from several goroutines.
package unit

//go:generate go run ../../../scripts/units .

import (
	"iter"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// One is the unit of what is counted, and of a quantity without a unit.
const One = "one"

// maxName is the longest text, in bytes, in which a unit is looked for.
const maxName = 256

// row is a unit in the table.
type row struct {
	id, label, symbol        string
	dimension, basis, factor uint16 // places in the tables of these names
}

// factor is num / den * 10^tens * 2^twos, exactly.
type factor struct {
	num, den   uint64
	tens, twos int8
}

// basis is the units, in their powers, of which a factor makes a unit: base units
// of OM2, or others from which no exact factor leads on, of which first is one.
type basis struct {
	formula, first string
	why            Why
}

// name is a text that leads to a unit, or to several if unit is not less than the
// number of rows. A word is found in any case of its letters.
type name struct {
	text string
	unit uint16
	word bool
}

// Unit describes a unit of OM2.
type Unit struct {
	ID        string // its identifier
	Label     string // its English name
	Symbol    string // empty if OM2 has none, or one that says another thing
	Dimension string // what it measures, in base units: "kg m2 s-2"; "1" for what is counted
}

func (r *row) unit() Unit {
	return Unit{ID: r.id, Label: r.label, Symbol: r.symbol, Dimension: dimensions[r.dimension]}
}

// Lookup returns the unit of an identifier; ok is false if OM2 has none.
func Lookup(id string) (u Unit, ok bool) {
	r := rowOf(id)
	if r == nil {
		return u, false
	}
	return r.unit(), true
}

// All returns every unit, in ascending order of identifiers.
func All() iter.Seq[Unit] {
	return func(yield func(Unit) bool) {
		for i := range rows {
			if !yield(rows[i].unit()) {
				return
			}
		}
	}
}

// rowOf returns the row of an identifier, nil if there is none.
func rowOf(id string) *row {
	n := find(id)
	if n == nil || int(n.unit) >= len(rows) || rows[n.unit].id != id {
		return nil
	}
	return &rows[n.unit]
}

// find returns the name that is this text, nil if there is none.
func find(text string) *name {
	h := uint32(2166136261) // FNV-1a
	for i := range len(text) {
		h = (h ^ uint32(text[i])) * 16777619
	}
	for at := h % uint32(len(slots)); slots[at] != 0; at = (at + 1) % uint32(len(slots)) {
		if n := &names[slots[at]-1]; n.text == text {
			return n
		}
	}
	return nil
}

// iris begin an identifier in its longer forms.
var iris = [...]string{
	"om2:", "om:",
	"http://www.ontology-of-units-of-measure.org/resource/om-2/",
	"https://www.ontology-of-units-of-measure.org/resource/om-2/",
}

// Find returns the identifier of the unit that a person or a file means: an
// identifier, alone or as an IRI, a symbol, an English label in singular or plural,
// or a name of names.txt, such as "horas". No text is One. An identifier, and then
// a symbol, wins if it is exactly what is written: MW is a megawatt and mW a
// milliwatt. Only words are found in another case. The error is an *AmbiguousError
// if a name may mean several units, and an *UnknownError if none is found.
func Find(text string) (string, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return One, nil
	}
	if n := find(trimmed); n != nil {
		return n.meaning(text)
	}
	for _, iri := range iris {
		if id, found := strings.CutPrefix(trimmed, iri); found {
			if rowOf(id) == nil {
				return "", &UnknownError{Text: text}
			}
			return id, nil
		}
	}
	if len(trimmed) > maxName {
		return "", &UnknownError{Text: text}
	}
	if n := findSpelt(trimmed); n != nil {
		return n.meaning(text)
	}
	return "", &UnknownError{Text: text}
}

func (n *name) meaning(text string) (string, error) {
	if i := int(n.unit) - len(rows); i >= 0 {
		e := &AmbiguousError{Text: text}
		for _, u := range several[i] {
			e.Units = append(e.Units, rows[u].id)
		}
		return "", e
	}
	return rows[n.unit].id, nil
}

// findSpelt looks for other forms of a name: with superscripts or another micro
// sign, in another case, in American spelling, in the plural.
func findSpelt(text string) *name {
	plain := norm.NFKC.String(strings.ReplaceAll(text, "º", "°")) // what keyboards have for a degree
	plain = strings.ReplaceAll(plain, "\u2212", "-")              // and typographers for a minus
	if n := find(plain); n != nil {
		return n
	}
	words := strings.Join(strings.Fields(strings.ToLower(plain)), " ")
	british := strings.ReplaceAll(strings.ReplaceAll(words, "meter", "metre"), "liter", "litre")
	for _, form := range []string{words, british, strings.TrimSuffix(british, "s")} {
		if n := find(form); n != nil && n.word {
			return n
		}
	}
	return nil
}
