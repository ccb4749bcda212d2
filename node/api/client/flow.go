package client

import (
	"context"
	"fmt"
	"net/url"

	"github.com/minga-commons/minga/node/api"
)

// ResourceQuery selects resources. Empty fields match everything.
type ResourceQuery struct {
	Page
	ConformsTo         string // resource specification
	PrimaryAccountable string // name or id
	Custodian          string // name or id
	ContainedIn        string // resource: name or id
	CurrentLocation    string // place: name or id
	Lot                string
	ClassifiedAs       string
	Stage              string
	State              string
	Source             string // its identifier in an imported file
	Contested          bool   // only those on which events disagree
}

// Resources returns a page of the resources of a commons.
func (c *Client) Resources(ctx context.Context, r ResourceQuery) (api.ResourceList, error) {
	q := r.Page.query()
	for name, value := range map[string]string{
		"conformsTo": r.ConformsTo, "primaryAccountable": r.PrimaryAccountable, "custodian": r.Custodian,
		"containedIn": r.ContainedIn, "currentLocation": r.CurrentLocation, "lot": r.Lot, "classifiedAs": r.ClassifiedAs,
		"stage": r.Stage, "state": r.State, "source": r.Source,
	} {
		set(q, name, value)
	}
	if r.Contested {
		q.Set("contested", "true")
	}
	return get[api.ResourceList](ctx, c, "/v1/resources", q)
}

// Resource returns the resource of a name, identifier, unique prefix of one, or
// identifier in an imported file.
func (c *Client) Resource(ctx context.Context, commons, nameOrID string) (api.Resource, error) {
	return get[api.Resource](ctx, c, "/v1/resources/"+url.PathEscape(nameOrID), of(commons))
}

// ResourceEvents returns a page of the events that name a resource.
func (c *Client) ResourceEvents(ctx context.Context, nameOrID string, p Page) (api.EventList, error) {
	return get[api.EventList](ctx, c, "/v1/resources/"+url.PathEscape(nameOrID)+"/events", p.query())
}

// Where steps lead.
const (
	Trace      = "trace"      // where it came from
	Track      = "track"      // where it went
	Provenance = "provenance" // where it came from, causes before effects; of resources
)

// Steps returns a page of where something came from or went. what is "events",
// "resources" or "processes".
func (c *Client) Steps(ctx context.Context, what, nameOrID, direction string, p Page) (api.Trace, error) {
	return get[api.Trace](ctx, c, "/v1/"+what+"/"+url.PathEscape(nameOrID)+"/"+direction, p.query())
}

// RollUp returns what has gone into one unit of a resource.
func (c *Client) RollUp(ctx context.Context, commons, nameOrID string) (api.RollUp, error) {
	return get[api.RollUp](ctx, c, "/v1/resources/"+url.PathEscape(nameOrID)+"/roll-up", of(commons))
}

// NetworkFlows returns what passed between agents on the way to a resource.
func (c *Client) NetworkFlows(ctx context.Context, commons, nameOrID string) (api.NetworkFlows, error) {
	return get[api.NetworkFlows](ctx, c, "/v1/resources/"+url.PathEscape(nameOrID)+"/network-flows", of(commons))
}

// Correct records what an event should have said.
func (c *Client) Correct(ctx context.Context, event string, d api.CorrectionDraft, w Write) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/events/"+url.PathEscape(event)+"/corrections", w, d)
}

// RecordQuery selects records of one class. Empty fields match everything.
type RecordQuery struct {
	Page
	Name     string
	Source   string // its identifier in an imported file
	Agent    string // provider, receiver or author: name or id
	Action   string
	Finished *bool
	// Relation is a property of the class and Target what it leads to: name or id.
	Relation, Target string
}

// Records returns a page of the records of a class.
func (c *Client) Records(ctx context.Context, class api.Class, r RecordQuery) (api.RecordList, error) {
	q := r.Page.query()
	set(q, "name", r.Name)
	set(q, "source", r.Source)
	set(q, "agent", r.Agent)
	set(q, "action", r.Action)
	if r.Finished != nil {
		q.Set("finished", fmt.Sprint(*r.Finished))
	}
	if r.Relation != "" {
		q.Set(r.Relation, r.Target)
	}
	return get[api.RecordList](ctx, c, "/v1/"+class.Path, q)
}

// Record returns the record of a class by name, identifier, unique prefix of one,
// or identifier in an imported file.
func (c *Client) Record(ctx context.Context, commons string, class api.Class, nameOrID string) (api.Record, error) {
	return get[api.Record](ctx, c, "/v1/"+class.Path+"/"+url.PathEscape(nameOrID), of(commons))
}

// AddRecord records something of a class.
func (c *Client) AddRecord(ctx context.Context, class api.Class, d api.RecordDraft, w Write) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/"+class.Path, w, d)
}

// AmendRecord changes a record.
func (c *Client) AmendRecord(ctx context.Context, class api.Class, nameOrID string, d api.RecordDraft, w Write) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/"+class.Path+"/"+url.PathEscape(nameOrID)+"/amendments", w, d)
}

// PlanRecipe plans from a recipe. Only DryRun and Commons of w are used.
func (c *Client) PlanRecipe(ctx context.Context, recipe string, d api.RecipePlanDraft, w Write) (api.Planned, error) {
	return post[api.Planned](ctx, c, "/v1/recipes/"+url.PathEscape(recipe)+"/plan", Write{Commons: w.Commons, DryRun: w.DryRun}, d)
}
