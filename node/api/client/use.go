package client

import (
	"context"
	"net/url"

	"github.com/minga-commons/minga/node/api"
)

// Declare declares a use of a resource of the licence.
func (c *Client) Declare(ctx context.Context, d api.DeclarationDraft, w Write) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/declarations", w, d)
}

// Declarations returns a page of declarations of use, of one agent or, with an
// empty one, of all.
func (c *Client) Declarations(ctx context.Context, agent string, p Page) (api.DeclarationList, error) {
	q := p.query()
	set(q, "agent", agent)
	return get[api.DeclarationList](ctx, c, "/v1/declarations", q)
}

// Declaration returns one declaration by its identifier or a unique prefix.
func (c *Client) Declaration(ctx context.Context, commons, id string) (api.Declaration, error) {
	return get[api.Declaration](ctx, c, "/v1/declarations/"+url.PathEscape(id), of(commons))
}

// StandingQuery selects standings. Empty fields match everything.
type StandingQuery struct {
	Page
	Agent string // name or id
	Class string
	AsOf  string // a date; empty: today
}

// Standings returns a page of standings.
func (c *Client) Standings(ctx context.Context, s StandingQuery) (api.StandingList, error) {
	q := s.Page.query()
	set(q, "agent", s.Agent)
	set(q, "class", s.Class)
	set(q, "asOf", s.AsOf)
	return get[api.StandingList](ctx, c, "/v1/standings", q)
}
