package ledger

import (
	"bytes"
	"context"
	"fmt"
	"math/big"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/plan"
	"github.com/minga-commons/minga/protocol"
)

// Fulfilment says how much of a commitment, an intent or a claim has come about:
// by the events that fulfil, satisfy or settle it and have their effect, and of
// an intent by the commitments that satisfy it, each with what it promises, or
// once it is finished with what was done. Its cost does not grow with the number
// of events.
func (l *Ledger) Fulfilment(ctx context.Context, id protocol.EntryID) (Fulfilment, error) {
	r, err := l.Record(ctx, id)
	if err != nil {
		return Fulfilment{}, err
	}
	return l.fulfilment(r)
}

func (l *Ledger) fulfilment(r Record) (Fulfilment, error) {
	f := Fulfilment{Of: r.ID}
	if !plan.Promises(r.Type) {
		return f, fmt.Errorf("%w: a %s promises nothing", ErrInvalid, r.Type)
	}
	f.Finished, _ = r.Fields["finished"].(bool)
	parts, err := l.parts(r)
	if err != nil {
		return f, err
	}
	for _, reach := range plan.Reaches(r.Fields, parts) {
		line := FulfilmentLine{
			Quantity: reach.Property, Events: reach.Events, Promised: measure(reach.Promised, reach.Unit),
			Done: measure(reach.Done, reach.Unit), Open: measure(reach.Open, reach.Unit),
		}
		for _, other := range reach.Other {
			line.Other = append(line.Other, measure(other.Value, other.Unit))
		}
		f.Lines = append(f.Lines, line)
	}
	return f, nil
}

func measure(value *big.Rat, unit string) Measure {
	total, exact := rules.TotalFromRat(value)
	return Measure{Value: total, Unit: unit, Rounded: !exact}
}

// parts returns what was given towards a promise.
func (l *Ledger) parts(r Record) ([]plan.Part, error) {
	no, _, err := l.state(r.Commons)
	if err != nil {
		return nil, err
	}
	row, err := l.read(stateKey(no, rules.Given, r.ID[:]))
	if err != nil {
		return nil, err
	}
	given, err := plan.GivenFrom(row)
	if err != nil {
		return nil, fmt.Errorf("%w: what was given towards %v: %w", ErrDamaged, r.ID, err)
	}
	parts := given.Parts()
	if r.Type != plan.Intent {
		return parts, nil
	}
	prefix := stateKey(no, rules.Promising, r.ID[:])
	var rows [][2][]byte
	err = l.scan(prefix, nil, func(k, v []byte) bool {
		rows = append(rows, [2][]byte{bytes.Clone(k[len(prefix):]), bytes.Clone(v)})
		return true
	})
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		more, err := l.partsOfPromise(row)
		if err != nil {
			return nil, err
		}
		parts = append(parts, more...)
	}
	return parts, nil
}

// partsOfPromise returns what a commitment gives towards the intents that it
// satisfies.
func (l *Ledger) partsOfPromise(row [2][]byte) ([]plan.Part, error) {
	reader := entryReader{l: l}
	e, no, err := reader.indexed(row)
	if err != nil {
		return nil, err
	}
	r, err := l.record(e, no)
	if err != nil || r.State != Pending && r.State != Settled {
		return nil, err
	}
	given, err := l.parts(r)
	if err != nil {
		return nil, err
	}
	finished, _ := r.Fields["finished"].(bool)
	var parts []plan.Part
	for _, reach := range plan.Reaches(r.Fields, given) {
		part := plan.Part{Of: plan.OfResource, Unit: reach.Unit, Value: reach.Promised, Events: 1}
		if reach.Property == plan.Property(plan.OfEffort) {
			part.Of = plan.OfEffort
		}
		if finished {
			part.Value = reach.Done
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// fulfilled reports whether nothing of a promise is open. A promise without a
// quantity is open until it is finished or something was given towards it.
func (l *Ledger) fulfilled(r Record) (bool, error) {
	f, err := l.fulfilment(r)
	if err != nil || f.Finished {
		return f.Finished, err
	}
	for _, line := range f.Lines {
		if !line.Open.Value.IsZero() {
			return false, nil
		}
	}
	if len(f.Lines) > 0 {
		return true, nil
	}
	no, _, err := l.state(r.Commons)
	if err != nil {
		return false, err
	}
	row, err := l.read(stateKey(no, rules.Given, r.ID[:]))
	return row != nil, err
}
