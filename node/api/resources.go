package api

import (
	"context"
	"errors"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

type inResources struct {
	InCommons
	InPage
	ConformsTo         string `query:"conformsTo" maxLength:"2048" doc:"Resource specification: its name or IRI"`
	PrimaryAccountable string `query:"primaryAccountable" maxLength:"256" doc:"Agent: name, identifier or unique prefix of one"`
	Custodian          string `query:"custodian" maxLength:"256" doc:"Agent: name, identifier or unique prefix of one"`
	ContainedIn        string `query:"containedIn" maxLength:"2048" doc:"Resource: name or identifier"`
	CurrentLocation    string `query:"currentLocation" maxLength:"2048" doc:"Place: name or identifier"`
	Lot                string `query:"lot" maxLength:"2048" doc:"Batch or lot record: name or identifier"`
	ClassifiedAs       string `query:"classifiedAs" maxLength:"2048" doc:"IRI of a class"`
	Stage              string `query:"stage" maxLength:"2048" doc:"Process specification, or a text"`
	State              string `query:"state" maxLength:"256" doc:"Such as pass or fail"`
	Source             string `query:"source" maxLength:"256" doc:"Its identifier in an imported file"`
	Contested          string `query:"contested" enum:"true" doc:"Only those on which events disagree"`
}

func (s *Server) listResources(ctx context.Context, in *inResources) (*page[ResourceList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	filter, err := s.resourceFilter(ctx, c, in)
	if err != nil {
		return nil, err
	}
	list, next, err := s.ledger.Resources(ctx, c.ID, filter, in.page())
	if err != nil {
		return nil, err
	}
	out := ResourceList{Schema: "minga.resources/1", Resources: make([]Resource, 0, len(list)), Next: next}
	names := s.namesIn(c.ID)
	for _, r := range list {
		resource, err := s.resourceOf(ctx, names, r)
		if err != nil {
			return nil, err
		}
		out.Resources = append(out.Resources, resource)
	}
	return &page[ResourceList]{Link: nextLink(ctx, next), Body: out}, nil
}

func (s *Server) resourceFilter(ctx context.Context, c ledger.Commons, in *inResources) (ledger.ResourceFilter, error) {
	f := ledger.ResourceFilter{
		ClassifiedAs: in.ClassifiedAs, State: in.State, Source: in.Source, Contested: in.Contested != "",
	}
	for _, named := range []struct {
		parameter, text string
		look            func(*referrer)
	}{
		{"conformsTo", in.ConformsTo, func(r *referrer) { f.ConformsTo = r.specification("", in.ConformsTo) }},
		{"primaryAccountable", in.PrimaryAccountable, func(r *referrer) {
			f.PrimaryAccountable = r.agent("", in.PrimaryAccountable, protocol.AgentID{})
		}},
		{"custodian", in.Custodian, func(r *referrer) { f.Custodian = r.agent("", in.Custodian, protocol.AgentID{}) }},
		{"containedIn", in.ContainedIn, func(r *referrer) { f.ContainedIn = r.inventoried("", in.ContainedIn) }},
		{"currentLocation", in.CurrentLocation, func(r *referrer) {
			f.CurrentLocation = r.recordNamed("", "SpatialThing", in.CurrentLocation)
		}},
		{"lot", in.Lot, func(r *referrer) { f.Lot = r.recordNamed("", "BatchLotRecord", in.Lot) }},
		{"stage", in.Stage, func(r *referrer) { f.Stage = r.stageText(in.Stage) }},
	} {
		if named.text == "" {
			continue
		}
		r := s.referrer(ctx, c)
		named.look(r)
		if err := r.problem(); err != nil {
			return f, s.asParameter(err, named.parameter)
		}
	}
	return f, nil
}

// InResource are the parameters of what is about one resource.
type InResource struct {
	InCommons
	Resource string `path:"resource" doc:"Name, CID or unique prefix of one of at least 8 characters, or its identifier in an imported file" maxLength:"2048"`
}

func (s *Server) getResource(ctx context.Context, in *InResource) (*answer[Resource], error) {
	r, err := s.resource(ctx, in.Commons, in.Resource)
	if err != nil {
		return nil, err
	}
	out, err := s.resourceOf(ctx, s.namesIn(r.Commons), r)
	return &answer[Resource]{out}, err
}

// resource returns the resource that a text means. One that is named by its whole
// identifier may be in any commons that the asker may read.
func (s *Server) resource(ctx context.Context, commons, text string) (ledger.Resource, error) {
	if id, err := protocol.ParseID(text); err == nil {
		r, err := s.ledger.Resource(ctx, id)
		if err == nil {
			_, err = s.readableID(ctx, r.Commons)
		}
		if err != nil {
			return r, s.fail(ctx, err, text)
		}
		return r, nil
	}
	c, err := s.commons(ctx, commons)
	if err != nil {
		return ledger.Resource{}, err
	}
	r, err := s.ledger.FindResource(ctx, c.ID, text)
	if err != nil {
		return r, s.fail(ctx, err, text)
	}
	return r, nil
}

// resourceOf gives a resource of the ledger its form in answers.
func (s *Server) resourceOf(ctx context.Context, n *names, r ledger.Resource) (Resource, error) {
	accountable, err := n.optional(ctx, r.PrimaryAccountable)
	if err != nil {
		return Resource{}, err
	}
	custodian, err := n.optional(ctx, r.Custodian)
	if err != nil {
		return Resource{}, err
	}
	out := Resource{
		Schema: "minga.resource/1", ID: r.ID.String(), Entry: entryOf(r.Entry, r.State, r.Reason),
		Name: r.Name, ConformsTo: r.ConformsTo, ClassifiedAs: r.ClassifiedAs, TrackingIdentifier: r.TrackingIdentifier,
		Lot: r.Lot.String(), Image: r.Image, Note: r.Note, UnitOfEffort: r.UnitOfEffort, Source: r.Source,
		AccountingQuantity: sumOf(r.AccountingQuantity), OnhandQuantity: sumOf(r.OnhandQuantity),
		Rounded:            r.AccountingQuantity.Rounded || r.OnhandQuantity.Rounded,
		PrimaryAccountable: accountable, Custodian: custodian,
		CurrentLocation: r.CurrentLocation.String(), ContainedIn: r.ContainedIn.String(),
		Stage: r.StageText, State: r.StateText, Contested: len(r.Contested) > 0, Leaves: idTexts(r.Leaves), Events: r.Events,
	}
	if !r.Stage.IsZero() {
		out.Stage = r.Stage.String()
	}
	for _, contested := range r.Contested {
		field, err := s.contestedOf(ctx, n, contested)
		if err != nil {
			return out, err
		}
		out.ContestedFields = append(out.ContestedFields, field)
	}
	return out, nil
}

// contestedOf says who says what of a field.
func (s *Server) contestedOf(ctx context.Context, n *names, c ledger.Contested) (ContestedField, error) {
	out := ContestedField{
		Field: c.Field, Shown: c.Winner.String(), Claims: []FieldClaim{},
		Resolve: sayResolve.fill(languageIn(ctx), []any{c.Winner.String()}),
	}
	for _, claim := range c.Claims {
		e, err := s.ledger.Event(ctx, claim.Event)
		if err != nil {
			return out, err
		}
		author, err := n.ref(ctx, e.Author)
		if err != nil {
			return out, err
		}
		shown := FieldClaim{Event: claim.Event.String(), Value: claim.Value, Author: author, Time: rfc3339(e.Entry.Time)}
		if id, err := protocol.ParseID(claim.Value); err == nil {
			a, err := n.ref(ctx, protocol.AgentID{EntryID: id})
			if err != nil && !errors.Is(err, ledger.ErrNotFound) {
				return out, err
			}
			shown.Name = a.Name
		}
		out.Claims = append(out.Claims, shown)
	}
	return out, nil
}

type inResourceEvents struct {
	InResource
	InPage
}

// listResourceEvents lists the events that name a resource.
func (s *Server) listResourceEvents(ctx context.Context, in *inResourceEvents) (*page[EventList], error) {
	r, err := s.resource(ctx, in.Commons, in.Resource)
	if err != nil {
		return nil, err
	}
	return s.eventPage(ctx, r.Commons, ledger.EventFilter{Names: r.ID}, in.InPage)
}
