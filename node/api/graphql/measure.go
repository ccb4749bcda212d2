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
func (m *Measure) HasUnit() *Unit { return m.s.unit(m.unit) }

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

// unit returns the unit of an OM2 identifier.
func (s *session) unit(id string) *Unit {
	if known, ok := unit.Lookup(id); ok {
		return omUnit(known)
	}
	return &Unit{Identifier: id, Label: id, Symbol: id}
}

var asUnit = kind[Unit]{"Unit", func(r record) *Unit {
	return &Unit{
		Identifier: orEmpty(r.text("omUnitIdentifier")), Symbol: orEmpty(r.text("symbol")),
		Label: orElse(r.text("label"), r.r.Name), r: &r,
	}
}}

// findUnit returns a unit by its identifier in OM2 or that of a record.
func (s *session) findUnit(text string) (*Unit, error) {
	if _, ok := idOf(text); ok {
		return asUnit.find(s, text)
	}
	id, err := unit.Find(text)
	if err != nil || text == "" {
		return nil, nil
	}
	return s.unit(id), nil
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
