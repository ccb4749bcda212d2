package graphql

import (
	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// EconomicEvent is something that happened.
type EconomicEvent struct {
	s *session
	e ledger.Event
}

// TrackTraceItem is a step of where things come from or go to.
type TrackTraceItem interface {
	// IsTrackTraceItem marks a step.
	IsTrackTraceItem()
}

// ProductionFlowItem is what stands before or after an event.
type ProductionFlowItem interface {
	// IsProductionFlowItem marks a step.
	IsProductionFlowItem()
}

// IsTrackTraceItem marks a step.
func (*EconomicEvent) IsTrackTraceItem() {}

// IsTrackTraceItem marks a step.
func (*EconomicResource) IsTrackTraceItem() {}

// IsTrackTraceItem marks a step.
func (*Process) IsTrackTraceItem() {}

// IsProductionFlowItem marks a step.
func (*EconomicResource) IsProductionFlowItem() {}

// IsProductionFlowItem marks a step.
func (*Process) IsProductionFlowItem() {}

// ID returns the event's identifier.
func (e *EconomicEvent) ID() string { return e.e.ID.String() }

// RevisionID returns the event's identifier: events are not amended.
func (e *EconomicEvent) RevisionID() string { return e.ID() }

// Meta returns when the event was written down.
func (e *EconomicEvent) Meta() *RecordMeta {
	return metaOf([]*Revision{{e.s, e.e.ID, e.e.Entry.Time, e.e.Author}})
}

// Deletable returns false: nothing is deleted.
func (e *EconomicEvent) Deletable() *bool { return new(bool) }

// EntryState returns how far the event has come.
func (e *EconomicEvent) EntryState() string { return string(e.e.State) }

// EntryReason returns why it has no effect.
func (e *EconomicEvent) EntryReason() *string { return some(string(e.e.Reason)) }

// Confirmed returns whether the charter's rule of confirmation is met.
func (e *EconomicEvent) Confirmed() bool { return e.e.Confirmed }

// Note returns the note.
func (e *EconomicEvent) Note() *string { return some(e.e.Body.Note.String()) }

// Action returns what was done.
func (e *EconomicEvent) Action() *Action { return actionOf(e.e.Body.Action) }

// Provider returns who gave.
func (e *EconomicEvent) Provider() (Agent, error) { return e.s.agent(e.e.Body.Provider) }

// Receiver returns who got.
func (e *EconomicEvent) Receiver() (Agent, error) { return e.s.agent(e.e.Body.Receiver) }

// InScopeOf returns the agents in whose scope it is.
func (e *EconomicEvent) InScopeOf() ([]AccountingScope, error) { return e.s.scope(e.e.Body.InScopeOf) }

// InputOf returns the process that it went into.
func (e *EconomicEvent) InputOf() (*Process, error) { return asProcess.load(e.s, e.e.Body.InputOf) }

// OutputOf returns the process that it came out of.
func (e *EconomicEvent) OutputOf() (*Process, error) { return asProcess.load(e.s, e.e.Body.OutputOf) }

// ResourceInventoriedAs returns the resource that it is about: the one that it
// names, or the one that it brought into being.
func (e *EconomicEvent) ResourceInventoriedAs() (*EconomicResource, error) {
	if id := e.e.Body.ResourceInventoriedAs; !id.IsZero() {
		return e.s.resource(id)
	}
	if e.e.Body.NewInventoriedResource != nil && !goesTo(e.e.Body.Action) {
		return e.s.resource(e.e.ID)
	}
	return nil, nil
}

// ToResourceInventoriedAs returns the resource to which things went.
func (e *EconomicEvent) ToResourceInventoriedAs() (*EconomicResource, error) {
	if id := e.e.Body.ToResourceInventoriedAs; !id.IsZero() {
		return e.s.resource(id)
	}
	if e.e.Body.NewInventoriedResource != nil && goesTo(e.e.Body.Action) {
		return e.s.resource(e.e.ID)
	}
	return nil, nil
}

// ResourceConformsTo returns the kind of resource.
func (e *EconomicEvent) ResourceConformsTo() (*ResourceSpecification, error) {
	return e.s.spec(e.e.Body.ResourceConformsTo)
}

// ResourceClassifiedAs returns the classifications of the resource.
func (e *EconomicEvent) ResourceClassifiedAs() []string { return e.e.Body.ResourceClassifiedAs }

// ResourceQuantity returns how much of a resource.
func (e *EconomicEvent) ResourceQuantity() *Measure { return e.s.quantity(e.e.Body.ResourceQuantity) }

// EffortQuantity returns how much effort.
func (e *EconomicEvent) EffortQuantity() *Measure { return e.s.quantity(e.e.Body.EffortQuantity) }

// HasBeginning returns when it began.
func (e *EconomicEvent) HasBeginning() *string { return some(e.e.Body.HasBeginning) }

// HasEnd returns when it ended.
func (e *EconomicEvent) HasEnd() *string { return some(e.e.Body.HasEnd) }

// HasPointInTime returns when it happened.
func (e *EconomicEvent) HasPointInTime() *string { return some(e.e.Body.HasPointInTime) }

// Created returns when it was written down.
func (e *EconomicEvent) Created() *string { return timeText(e.e.Entry.Time) }

// AtLocation returns where it happened.
func (e *EconomicEvent) AtLocation() (*SpatialThing, error) {
	return asPlace.load(e.s, e.e.Body.AtLocation)
}

// ToLocation returns where things went.
func (e *EconomicEvent) ToLocation() (*SpatialThing, error) {
	return asPlace.load(e.s, e.e.Body.ToLocation)
}

// Stage returns the stage that it gives the resource.
func (e *EconomicEvent) Stage() *string { return some(e.e.Body.Stage) }

// State returns the state that it gives the resource.
func (e *EconomicEvent) State() *string { return some(e.e.Body.State) }

// AgreedIn returns the IRI of an agreement outside.
func (e *EconomicEvent) AgreedIn() *string { return some(e.e.Body.AgreedIn) }

// RealizationOf returns the agreement that it realises.
func (e *EconomicEvent) RealizationOf() (*Agreement, error) {
	return asAgreement.load(e.s, e.e.Body.RealizationOf)
}

// ReciprocalRealizationOf returns the agreement whose return it is.
func (e *EconomicEvent) ReciprocalRealizationOf() (*Agreement, error) {
	return asAgreement.load(e.s, e.e.Body.ReciprocalRealizationOf)
}

// Fulfills returns the commitments that it fulfils.
func (e *EconomicEvent) Fulfills() ([]*Commitment, error) {
	return loadIDs(e.s, asCommitment, e.e.Body.Fulfills)
}

// Satisfies returns the intents that it satisfies.
func (e *EconomicEvent) Satisfies() ([]*Intent, error) {
	return loadIDs(e.s, asIntent, e.e.Body.Satisfies)
}

// Settles returns the first claim that it settles.
func (e *EconomicEvent) Settles() (*Claim, error) {
	found, err := loadIDs(e.s, asClaim, e.e.Body.Settles)
	if len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

func loadIDs[T any](s *session, as kind[T], ids []protocol.EntryID) ([]*T, error) {
	out := []*T{}
	for _, id := range ids {
		item, err := as.load(s, id)
		if err != nil {
			return nil, err
		}
		if item != nil {
			out = append(out, item)
		}
	}
	return out, nil
}

// Corrects returns the event that it corrects.
func (e *EconomicEvent) Corrects() (*EconomicEvent, error) { return e.s.event(e.e.Body.Corrects) }

// CorrectedBy returns the events that correct it.
func (e *EconomicEvent) CorrectedBy() ([]*EconomicEvent, error) {
	return all(e.s.eventsNaming("corrects", e.e.ID))
}

// TriggeredBy returns the event on account of which it is.
func (e *EconomicEvent) TriggeredBy() (*EconomicEvent, error) {
	return e.s.event(e.e.Body.TriggeredBy)
}

// Triggers returns the events on account of it.
func (e *EconomicEvent) Triggers() ([]*EconomicEvent, error) {
	return all(e.s.eventsNaming("triggeredBy", e.e.ID))
}

// PreviousEvents returns the last events on its resources that its author knew.
func (e *EconomicEvent) PreviousEvents() ([]*EconomicEvent, error) {
	return e.s.events(e.e.Body.PreviousEvent)
}
