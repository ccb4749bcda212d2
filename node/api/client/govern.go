package client

import (
	"context"
	"net/url"
	"strconv"

	"github.com/minga-commons/minga/node/api"
)

// Proposals returns a page of the proposals of a commons, in the order of the log
// and the place for which they are.
func (c *Client) Proposals(ctx context.Context, p Page) (api.ProposalList, error) {
	return get[api.ProposalList](ctx, c, "/v1/proposals", p.query())
}

// Proposal returns one proposal by identifier or unique prefix.
func (c *Client) Proposal(ctx context.Context, commons, id string) (api.Proposal, error) {
	return get[api.Proposal](ctx, c, "/v1/proposals/"+url.PathEscape(id), of(commons))
}

// Approve signs a proposal. The answer shows what the signature made of it.
func (c *Client) Approve(ctx context.Context, commons, id string) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/proposals/"+url.PathEscape(id)+"/approvals", Write{Commons: commons}, api.VerdictDraft{})
}

// Reject refuses a proposal for good.
func (c *Client) Reject(ctx context.Context, commons, id string) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/proposals/"+url.PathEscape(id)+"/rejections", Write{Commons: commons}, api.VerdictDraft{})
}

// Witnesses says who settles entries, and how a change of them stands.
func (c *Client) Witnesses(ctx context.Context, commons string) (api.Witnesses, error) {
	return get[api.Witnesses](ctx, c, "/v1/witnesses", of(commons))
}

// ChangeWitnesses proposes another set of witnesses, whole. Only stewards may.
func (c *Client) ChangeWitnesses(ctx context.Context, commons string, d api.WitnessesDraft) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/witnesses", Write{Commons: commons}, d)
}

// Charters returns the versions of the charter, oldest first.
func (c *Client) Charters(ctx context.Context, commons string) ([]api.CharterVersion, error) {
	list, err := get[api.CharterList](ctx, c, "/v1/charters", of(commons))
	return list.Charters, err
}

// ProposeCharter proposes a whole new version of the charter. Only stewards may.
func (c *Client) ProposeCharter(ctx context.Context, commons string, d api.CharterDraft) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/charters", Write{Commons: commons}, d)
}

// Inbox returns what waits for the node's own member.
func (c *Client) Inbox(ctx context.Context, commons string) (api.Inbox, error) {
	return get[api.Inbox](ctx, c, "/v1/inbox", of(commons))
}

// ToConfirm returns what waits for the node's own member, up to limit of each, and
// of contributions only those of one agent, if any is named.
func (c *Client) ToConfirm(ctx context.Context, commons, from string, limit int) (api.Inbox, error) {
	q := of(commons)
	if from != "" {
		q.Set("from", from)
	}
	q.Set("limit", strconv.Itoa(limit))
	return get[api.Inbox](ctx, c, "/v1/inbox", q)
}

// Admit admits a log to the commons. Only stewards may.
func (c *Client) Admit(ctx context.Context, d api.AdmissionDraft, w Write) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/admissions", w, d)
}

// Remove ends a member's log, or takes an invitation back. Only stewards may.
func (c *Client) Remove(ctx context.Context, d api.RemovalDraft, w Write) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/removals", w, d)
}

// Bind says that the record of an agent is a member. Only stewards may.
func (c *Client) Bind(ctx context.Context, d api.BindingDraft, w Write) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/bindings", w, d)
}
