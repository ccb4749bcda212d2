package graphql

import (
	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// Measure is a number with its unit.
type Measure struct {
	s     *session
	value string
	unit  string
}

// HasNumericalValue returns the number.
func (m *Measure) HasNumericalValue() string { return m.value }

// HasUnit returns the unit.
func (m *Measure) HasUnit() (*Unit, error) { return m.s.unit(m.unit) }

func (s *session) quantity(q *protocol.Quantity) *Measure {
	if q == nil {
		return nil
	}
	return &Measure{s, q.Amount().String(), q.Unit}
}

func (s *session) total(m ledger.Measure) *Measure {
	if m.Unit == "" {
		return nil
	}
	return &Measure{s, m.Value.String(), m.Unit}
}

// Unit is a unit of OM2, or one that a record describes.
type Unit struct {
	Identifier string
	Label      string
	Symbol     string
	r          *record // of a unit that is none of OM2's
}

// ID returns the identifier.
func (u *Unit) ID() string {
	if u.r != nil {
		return u.r.ID()
	}
	return u.Identifier
}

// RevisionID returns the identifier of the newest amendment.
func (u *Unit) RevisionID() string {
	if u.r != nil {
		return u.r.RevisionID()
	}
	return u.Identifier
}

// OmUnitIdentifier returns the identifier in OM2.
func (u *Unit) OmUnitIdentifier() string { return u.Identifier }

// ClassifiedAs returns the classifications.
func (u *Unit) ClassifiedAs() []string {
	if u.r != nil {
		return u.r.ClassifiedAs()
	}
	return nil
}

// Meta returns the history of the unit in short.
func (u *Unit) Meta() *RecordMeta {
	if u.r != nil {
		return u.r.Meta()
	}
	return metaOf([]*Revision{{id: protocol.EntryID{}}})
}

func omUnit(u unit.Unit) *Unit {
	symbol := u.Symbol
	if symbol == "" {
		symbol = u.Label
	}
	return &Unit{Identifier: u.ID, Label: u.Label, Symbol: symbol}
}

// unit returns the unit of the text by which quantities name it: an OM2
// identifier, or what a record describes.
func (s *session) unit(text string) (*Unit, error) {
	if known, ok := unit.Lookup(text); ok {
		return omUnit(known), nil
	}
	described, err := s.unitNamed(text)
	if described == nil && err == nil {
		described = &Unit{Identifier: text, Label: text, Symbol: text}
	}
	return described, err
}

var asUnit = kind[Unit]{"Unit", func(r record) *Unit {
	label := orElse(r.text("label"), r.r.Name)
	return &Unit{
		Identifier: orElse(r.text("omUnitIdentifier"), r.r.UnitText()), Label: label, Symbol: orElse(r.text("symbol"), label), r: &r,
	}
}}

// text returns how quantities name the unit.
func (u *Unit) text() string {
	if u.r != nil {
		return u.r.r.UnitText()
	}
	return u.Identifier
}

// findUnit returns a unit by its identifier in OM2 or that of a record, or as
// people write it.
func (s *session) findUnit(text string) (*Unit, error) {
	if _, ok := idOf(text); ok {
		return asUnit.find(s, text)
	}
	if text == "" {
		return nil, nil
	}
	if id, err := unit.Find(text); err == nil {
		return s.unit(id)
	}
	return s.unitNamed(text)
}

// unitNamed returns the unit that a record describes and quantities name by the
// text, or else one whose symbol or label it is; of several the one with the
// lowest identifier.
func (s *session) unitNamed(text string) (*Unit, error) {
	all, err := s.everyUnit()
	if err != nil {
		return nil, err
	}
	called := func(is func(*Unit) bool) (best *Unit) {
		for _, u := range all {
			if is(u) && (best == nil || u.r.r.ID.Compare(best.r.r.ID) < 0) {
				best = u
			}
		}
		return best
	}
	if best := called(func(u *Unit) bool { return u.text() == text }); best != nil {
		return best, nil
	}
	return called(func(u *Unit) bool { return u.Symbol == text || u.Label == text }), nil
}

// everyUnit returns the units that records describe, the first thousand of them,
// and reads them once.
func (s *session) everyUnit() ([]*Unit, error) {
	s.mu.Lock()
	known := s.units
	s.mu.Unlock()
	if known != nil {
		return known, nil
	}
	found, err := pick(s, window{}, asUnit.list(s, ledger.RecordFilter{}), anything)
	if err != nil {
		return nil, err
	}
	known = make([]*Unit, len(found.items))
	for i, item := range found.items {
		known[i] = item.item
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.units = known
	return known, nil
}

// unitList is the lister of the units that records describe, and after them of
// all of OM2.
func (s *session) unitList() lister[*Unit] {
	var om []*Unit
	for u := range unit.All() {
		om = append(om, omUnit(u))
	}
	return chain(asUnit.list(s, ledger.RecordFilter{}), fixed(om))
}

// chain is one list after another.
func chain[T any](one, other lister[T]) lister[T] {
	return func(p ledger.Page) ([]T, string, error) {
		if p.After != "" && p.After[0] == '+' {
			p.After = p.After[1:]
			items, next, err := other(p)
			if next != "" {
				next = "+" + next
			}
			return items, next, err
		}
		items, next, err := one(p)
		if next == "" {
			next = "+"
		}
		return items, next, err
	}
}
