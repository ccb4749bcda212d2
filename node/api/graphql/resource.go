package graphql

import (
	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// EconomicResource is a thing as the events on it have left it.
type EconomicResource struct {
	s *session
	r ledger.Resource
}

// ID returns the identifier: that of the event that brought it into being.
func (r *EconomicResource) ID() string { return r.r.ID.String() }

// RevisionID returns the last event on the resource; of several that do not know
// of one another the one with the lowest identifier.
func (r *EconomicResource) RevisionID() string { return r.latest().String() }

func (r *EconomicResource) latest() protocol.EntryID {
	if len(r.r.Leaves) > 0 {
		return r.r.Leaves[0]
	}
	return r.r.ID
}

// Meta returns the resource's last event and its first.
func (r *EconomicResource) Meta() (*RecordMeta, error) {
	born := &Revision{r.s, r.r.ID, r.r.Entry.Time, r.r.Entry.Log.Agent()}
	if r.latest() == r.r.ID {
		return metaOf([]*Revision{born}), nil
	}
	e, err := r.s.event(r.latest())
	if e == nil || err != nil {
		return metaOf([]*Revision{born}), err
	}
	out := metaOf([]*Revision{born, {r.s, e.e.ID, e.e.Entry.Time, e.e.Author}})
	before := int(r.r.Events) - 1
	out.PreviousRevisionsCount = &before
	return out, nil
}

// Name returns the name.
func (r *EconomicResource) Name() *string { return some(r.r.Name) }

// Note returns the note.
func (r *EconomicResource) Note() *string { return some(r.r.Note) }

// Image returns the IRI of an image.
func (r *EconomicResource) Image() *string { return some(r.r.Image) }

// ImageList returns the IRIs of images.
func (r *EconomicResource) ImageList() []string {
	if r.r.Image == "" {
		return nil
	}
	return []string{r.r.Image}
}

// TrackingIdentifier returns what it is marked with.
func (r *EconomicResource) TrackingIdentifier() *string { return some(r.r.TrackingIdentifier) }

// ClassifiedAs returns the classifications.
func (r *EconomicResource) ClassifiedAs() []string { return r.r.ClassifiedAs }

// ConformsTo returns the kind of resource.
func (r *EconomicResource) ConformsTo() (*ResourceSpecification, error) {
	return r.s.spec(r.r.ConformsTo)
}

// AccountingQuantity returns how much there is to account for.
func (r *EconomicResource) AccountingQuantity() *Measure { return r.s.total(r.r.AccountingQuantity) }

// OnhandQuantity returns how much is there.
func (r *EconomicResource) OnhandQuantity() *Measure { return r.s.total(r.r.OnhandQuantity) }

// UnitOfEffort returns the unit in which effort on it is counted.
func (r *EconomicResource) UnitOfEffort() (*Unit, error) {
	if r.r.UnitOfEffort == "" {
		return nil, nil
	}
	return r.s.unit(r.r.UnitOfEffort)
}

// PrimaryAccountable returns who answers for it.
func (r *EconomicResource) PrimaryAccountable() (Agent, error) {
	return r.s.agent(r.r.PrimaryAccountable)
}

// Custodian returns who has it.
func (r *EconomicResource) Custodian() (Agent, error) { return r.s.agent(r.r.Custodian) }

// CurrentLocation returns where it is.
func (r *EconomicResource) CurrentLocation() (*SpatialThing, error) {
	return asPlace.load(r.s, r.r.CurrentLocation)
}

// ContainedIn returns the resource in which it is.
func (r *EconomicResource) ContainedIn() (*EconomicResource, error) {
	return r.s.resource(r.r.ContainedIn)
}

// Contains returns the resources in it.
func (r *EconomicResource) Contains() ([]*EconomicResource, error) {
	return all(r.s.resources(ledger.ResourceFilter{ContainedIn: r.r.ID}))
}

// Lot returns the lot of which it is.
func (r *EconomicResource) Lot() (*ProductBatch, error) { return asBatch.load(r.s, r.r.Lot) }

// Stage returns the kind of process that it went through last.
func (r *EconomicResource) Stage() (*ProcessSpecification, error) {
	return asProcessSpecification.load(r.s, r.r.Stage)
}

// State returns the action, pass or fail, that left it in its state.
func (r *EconomicResource) State() *Action {
	if r.r.StateText == "" {
		return nil
	}
	return actionOf(r.r.StateText)
}

// Contested returns whether events disagree on one of its fields.
func (r *EconomicResource) Contested() bool { return len(r.r.Contested) > 0 }

// Commitments returns the commitments about it.
func (r *EconomicResource) Commitments(first *int, after *string, last *int, before *string) (*CommitmentConnection, error) {
	return connect(r.s, window{first, after, last, before}, asCommitment.naming(r.s, "resourceInventoriedAs", r.r.ID), anything)
}

// Intents returns the intents about it.
func (r *EconomicResource) Intents(first *int, after *string, last *int, before *string) (*IntentConnection, error) {
	return connect(r.s, window{first, after, last, before}, asIntent.naming(r.s, "resourceInventoriedAs", r.r.ID), anything)
}

// EconomicEvents returns the events on it.
func (r *EconomicResource) EconomicEvents(first *int, after *string, last *int, before *string) (*EconomicEventConnection, error) {
	return connect(r.s, window{first, after, last, before}, r.touching(), anything)
}

// EconomicEventsInOutFrom returns the events that name it as their resource, with
// the one that brought it into being as such.
func (r *EconomicResource) EconomicEventsInOutFrom(first *int, after *string, last *int, before *string) (*EconomicEventConnection, error) {
	return connect(r.s, window{first, after, last, before}, r.touching(), func(e *EconomicEvent) (bool, error) {
		return e.e.Body.ResourceInventoriedAs == r.r.ID || e.e.ID == r.r.ID && !goesTo(e.e.Body.Action), nil
	})
}

// EconomicEventsTo returns the events that name it as the resource to which things
// go, with the one that brought it into being as such.
func (r *EconomicResource) EconomicEventsTo(first *int, after *string, last *int, before *string) (*EconomicEventConnection, error) {
	return connect(r.s, window{first, after, last, before}, r.touching(), func(e *EconomicEvent) (bool, error) {
		return e.e.Body.ToResourceInventoriedAs == r.r.ID || e.e.ID == r.r.ID && goesTo(e.e.Body.Action), nil
	})
}

// touching returns the lister of the event that brought the resource into being
// and of those on it since.
func (r *EconomicResource) touching() lister[*EconomicEvent] {
	since := r.s.eventsNaming("", r.r.ID)
	return func(p ledger.Page) ([]*EconomicEvent, string, error) {
		events, next, err := since(p)
		events, err = kept(events, err, func(e *EconomicEvent) (bool, error) {
			return e.e.Body.ResourceInventoriedAs == r.r.ID || e.e.Body.ToResourceInventoriedAs == r.r.ID, nil
		})
		if err != nil || p.After != "" {
			return events, next, err
		}
		born, err := r.s.event(r.r.ID)
		if born != nil {
			events = append([]*EconomicEvent{born}, events...)
		}
		return events, next, err
	}
}
