package flow

import (
	"errors"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// ErrOtherUnit says that a correction has another unit than what it corrects.
var ErrOtherUnit = errors.New("the correction has another unit than the event")

// ErrTooLarge says that the difference that a correction has to make does not fit
// into one quantity.
var ErrTooLarge = errors.New("the difference is too large for one correction")

// Correct returns the body of an event that corrects another one, which has an
// identifier: with it, and with the corrections given, it comes to the quantities
// that should be; nil ones are zero.
func Correct(id protocol.EntryID, wrong *protocol.Event, corrections []*protocol.Event, resource, effort *protocol.Quantity) (*protocol.Event, error) {
	from, to := Named(id, wrong)
	body := &protocol.Event{
		Action: wrong.Action, Provider: wrong.Provider, Receiver: wrong.Receiver,
		InputOf: wrong.InputOf, OutputOf: wrong.OutputOf,
		ResourceInventoriedAs: from, ToResourceInventoriedAs: to,
		ResourceConformsTo: wrong.ResourceConformsTo, ResourceClassifiedAs: wrong.ResourceClassifiedAs,
		InScopeOf: wrong.InScopeOf, AgreedIn: wrong.AgreedIn,
		RealizationOf: wrong.RealizationOf, ReciprocalRealizationOf: wrong.ReciprocalRealizationOf,
		Fulfills: slices.Clone(wrong.Fulfills), Satisfies: slices.Clone(wrong.Satisfies), Settles: slices.Clone(wrong.Settles),
		Corrects: id,
	}
	of := func(pick func(*protocol.Event) *protocol.Quantity, should *protocol.Quantity) (*protocol.Quantity, error) {
		was := pick(wrong)
		if was == nil {
			if should != nil {
				return nil, ErrOtherUnit
			}
			return nil, nil
		}
		var difference rules.Total
		if should != nil {
			if should.Unit != was.Unit {
				return nil, ErrOtherUnit
			}
			difference = rules.TotalOf(should.Amount())
		}
		difference = difference.Sub(rules.TotalOf(was.Amount()))
		for _, c := range corrections {
			if q := pick(c); q != nil && q.Unit == was.Unit {
				difference = difference.Sub(rules.TotalOf(q.Amount()))
			}
		}
		amount, err := protocol.ParseAmount(difference.String())
		if err != nil {
			return nil, ErrTooLarge
		}
		return &protocol.Quantity{N: amount.N, Scale: amount.Scale, Unit: was.Unit}, nil
	}
	var err error
	if body.ResourceQuantity, err = of(func(b *protocol.Event) *protocol.Quantity { return b.ResourceQuantity }, resource); err != nil {
		return nil, err
	}
	body.EffortQuantity, err = of(func(b *protocol.Event) *protocol.Quantity { return b.EffortQuantity }, effort)
	return body, err
}
