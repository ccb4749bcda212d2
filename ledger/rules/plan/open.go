package plan

import (
	"math/big"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// Part is something given towards a promise, exactly.
type Part struct {
	Of     byte // OfResource or OfEffort
	Unit   string
	Value  *big.Rat
	Events int64
}

// Parts returns the sums of a row of table Given.
func (g Given) Parts() (all []Part) {
	for _, s := range g.Sums {
		all = append(all, Part{Of: s.Of, Unit: s.Unit, Value: s.Total.Rat(), Events: s.Events})
	}
	return all
}

// Reach is one quantity of a promise: what was promised, what was given towards
// it in the same unit, and what is still open: not below zero, and zero once
// nothing more is to come.
type Reach struct {
	Property             string // "resourceQuantity" or "effortQuantity"
	Unit                 string
	Promised, Done, Open *big.Rat
	Events               int64
	Other                []Part // what does not convert into the unit
}

// Reaches returns the quantities of a record with what was given towards each. A
// promise of one quantity only takes what was given of the other kind, where
// nothing was given of its own: work may be recorded either way.
func Reaches(fields map[string]protocol.Value, parts []Part) (all []Reach) {
	finished, _ := fields["finished"].(bool)
	promised := map[byte]protocol.Quantity{}
	for _, of := range []byte{OfResource, OfEffort} {
		if q, is := QuantityFrom(fields[Property(of)]); is {
			promised[of] = q
		}
	}
	for _, of := range []byte{OfResource, OfEffort} {
		q, is := promised[of]
		if !is {
			continue
		}
		counted := parts
		if len(promised) == 2 || given(parts, of) {
			counted = nil
			for _, p := range parts {
				if p.Of == of {
					counted = append(counted, p)
				}
			}
		}
		all = append(all, reach(Property(of), q, counted, finished))
	}
	return all
}

// Property returns the property of ValueFlows that a sum is of.
func Property(of byte) string {
	if of == OfEffort {
		return "effortQuantity"
	}
	return "resourceQuantity"
}

func given(parts []Part, of byte) bool {
	for _, p := range parts {
		if p.Of == of {
			return true
		}
	}
	return false
}

func reach(property string, q protocol.Quantity, parts []Part, finished bool) Reach {
	r := Reach{
		Property: property, Unit: q.Unit, Promised: rules.TotalOf(q.Amount()).Rat(), Done: new(big.Rat), Open: new(big.Rat),
	}
	for _, p := range parts {
		r.Events += p.Events
		value, err := unit.Convert(p.Value, p.Unit, q.Unit)
		if p.Unit == "" || err != nil {
			r.Other = append(r.Other, p)
			continue
		}
		r.Done.Add(r.Done, value)
	}
	if open := new(big.Rat).Sub(r.Promised, r.Done); !finished && open.Sign() > 0 {
		r.Open = open
	}
	return r
}
