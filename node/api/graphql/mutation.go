package graphql

import (
	"context"
	"maps"
	"strings"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// CreateUnit answers with the unit of OM2 that is meant, or writes a record of
// one that OM2 does not have. That compares with itself alone, and is its text:
// where a record of it is there already, this one adds to it.
func (mutation) CreateUnit(ctx context.Context, unit map[string]any) (*UnitResponse, error) {
	s := sessionOf(ctx)
	text := askedOne(unit, "omUnitIdentifier")
	for _, name := range []string{text, askedOne(unit, "symbol"), askedOne(unit, "label")} {
		known, err := s.findUnit(name)
		if err != nil || known != nil && known.r == nil {
			return &UnitResponse{known}, err
		}
		if text != "" {
			break
		}
	}
	if text == "" {
		text = askedOne(unit, "label")
	}
	body := &protocol.Record{Type: asUnit.class}
	known, err := s.unitNamed(text)
	if err != nil {
		return nil, err
	}
	if known != nil && known.text() == text {
		body.Of = revision(known.r.r)
	}
	if err := s.fill(body, unitFields(unit)); err != nil {
		return nil, err
	}
	made, err := writeRecord(s, asUnit, body, unit)
	return &UnitResponse{made}, err
}

func (mutation) UpdateUnit(ctx context.Context, unit map[string]any) (*UnitResponse, error) {
	s := sessionOf(ctx)
	if _, ok := idOf(askedOne(unit, "revisionId")); !ok {
		return nil, s.host.Refuse(CodeFixed, askedOne(unit, "revisionId"))
	}
	made, err := amend(ctx, asUnit, unitFields(unit))
	return &UnitResponse{made}, err
}

// unitFields gives the record of a unit its label as its name.
func unitFields(in map[string]any) map[string]any {
	out := maps.Clone(in)
	if label, given := out["label"]; given {
		out["name"] = label
	}
	return out
}

func (mutation) CreatePerson(ctx context.Context, person map[string]any) (*PersonResponse, error) {
	a, err := createAgent(ctx, protocol.Person, person)
	made, _ := a.(*Person)
	return &PersonResponse{made}, err
}

func (mutation) CreateOrganization(ctx context.Context, organization map[string]any) (*OrganizationResponse, error) {
	a, err := createAgent(ctx, protocol.Organization, organization)
	made, _ := a.(*Organization)
	return &OrganizationResponse{made}, err
}

// createAgent writes a record of an agent without a log.
func createAgent(ctx context.Context, as protocol.AgentType, said map[string]any) (Agent, error) {
	s := sessionOf(ctx)
	body := &protocol.Agent{
		Card: protocol.AgentCard{Name: protocol.PlainText(askedOne(said, "name")), Type: as},
		Note: protocol.PlainText(askedOne(said, "note")),
	}
	ext := map[string]protocol.Value{}
	if image := askedOne(said, "image"); image != "" {
		ext["image"] = image
	}
	if classes := asked(said, "classifiedAs"); len(classes) > 0 {
		ext["classifiedAs"] = strings.Join(classes, " ")
	}
	if at := askedOne(said, "primaryLocation"); at != "" {
		id, err := s.linkTo(at)
		if err != nil {
			return nil, err
		}
		ext["primaryLocation"] = id
	}
	if len(ext) > 0 {
		body.Ext = ext
	}
	w, err := s.submit(body, said)
	if err != nil {
		return nil, err
	}
	return s.agent(protocol.AgentID{EntryID: w.Entry.ID()})
}

func (mutation) UpdatePerson(ctx context.Context, person map[string]any) (*PersonResponse, error) {
	return nil, sessionOf(ctx).host.Refuse(CodeNoUpdate, askedOne(person, "revisionId"))
}

func (mutation) UpdateOrganization(ctx context.Context, organization map[string]any) (*OrganizationResponse, error) {
	return nil, sessionOf(ctx).host.Refuse(CodeNoUpdate, askedOne(organization, "revisionId"))
}

// CreateResourceSpecification writes a record of a specification. A specification
// is its name: where a record of it is there already, this one adds to it.
func (mutation) CreateResourceSpecification(ctx context.Context, resourceSpecification map[string]any) (*ResourceSpecificationResponse, error) {
	s := sessionOf(ctx)
	if err := s.host.MayWrite(ctx); err != nil {
		return nil, err
	}
	known, err := s.specNamed(askedOne(resourceSpecification, "name"))
	if err != nil {
		return nil, err
	}
	body := &protocol.Record{Type: asSpec.class}
	if known != nil {
		body.Of = revision(known.r)
	}
	if err := s.fill(body, resourceSpecification); err != nil {
		return nil, err
	}
	made, err := writeRecord(s, asSpec, body, resourceSpecification)
	return &ResourceSpecificationResponse{made}, err
}

func (mutation) UpdateResourceSpecification(ctx context.Context, resourceSpecification map[string]any) (*ResourceSpecificationResponse, error) {
	made, err := amend(ctx, asSpec, resourceSpecification)
	return &ResourceSpecificationResponse{made}, err
}

func (mutation) CreateEconomicEvent(ctx context.Context, event, newInventoriedResource map[string]any) (*EconomicEventResponse, error) {
	s := sessionOf(ctx)
	body, err := s.eventBody(event)
	if err != nil {
		return nil, err
	}
	if newInventoriedResource != nil {
		if body.NewInventoriedResource, err = s.newResource(newInventoriedResource); err != nil {
			return nil, err
		}
		if err := s.inherit(body); err != nil {
			return nil, err
		}
	}
	w, err := s.submit(body, []any{event, newInventoriedResource})
	if err != nil {
		return nil, err
	}
	e, err := s.event(w.Entry.ID())
	if e == nil && err == nil {
		err = ledger.ErrNotFound
	}
	if err != nil || body.NewInventoriedResource == nil {
		return &EconomicEventResponse{EconomicEvent: e}, err
	}
	r, err := s.resource(w.Entry.ID())
	return &EconomicEventResponse{e, r}, err
}

func (mutation) UpdateEconomicEvent(ctx context.Context, event map[string]any) (*EconomicEventResponse, error) {
	return nil, sessionOf(ctx).host.Refuse(CodeNoUpdate, askedOne(event, "revisionId"))
}

func (mutation) UpdateEconomicResource(ctx context.Context, resource map[string]any) (*EconomicResourceResponse, error) {
	return nil, sessionOf(ctx).host.Refuse(CodeNoUpdate, askedOne(resource, "revisionId"))
}

func (mutation) ProposeIntent(ctx context.Context, publishedIn, publishes string, reciprocal *bool) (*ProposedIntentResponse, error) {
	property := "publishes"
	if reciprocal != nil && *reciprocal {
		property = "reciprocal"
	}
	proposal, err := propose(ctx, publishedIn, property, publishes)
	if err != nil {
		return nil, err
	}
	intent, err := asIntent.find(sessionOf(ctx), publishes)
	id := publishedIn + "/" + publishes
	return &ProposedIntentResponse{&ProposedIntent{
		ID: id, RevisionID: proposal.RevisionID(), Reciprocal: reciprocal, PublishedIn: proposal, Publishes: intent,
		Meta: proposal.Meta(),
	}}, err
}

func (mutation) ProposeTo(ctx context.Context, proposed, proposedTo string) (*ProposedToResponse, error) {
	proposal, err := propose(ctx, proposed, "proposedTo", proposedTo)
	if err != nil {
		return nil, err
	}
	to, err := sessionOf(ctx).findAgent(proposedTo)
	id := proposed + "/" + proposedTo
	return &ProposedToResponse{&ProposedTo{ID: id, RevisionID: proposal.RevisionID(), Proposed: proposal, ProposedTo: to, Meta: proposal.Meta()}}, err
}

// propose adds an identifier to a list of a proposal.
func propose(ctx context.Context, proposal, property, added string) (*Proposal, error) {
	s := sessionOf(ctx)
	id, err := s.linkTo(added)
	if err != nil {
		return nil, err
	}
	r, err := s.amended(asProposal.class, proposal)
	if err != nil {
		return nil, err
	}
	all := []protocol.Value{}
	for _, link := range linksIn(r.Fields[property]) {
		if link == id {
			return asProposal.make(record{s, r}), nil
		}
		all = append(all, link)
	}
	body := &protocol.Record{Type: asProposal.class, Of: revision(r), Fields: map[string]protocol.Value{property: append(all, id)}}
	return writeRecord(s, asProposal, body, []string{proposal, property, added})
}
