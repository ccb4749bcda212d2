package client

import (
	"context"
	"net/url"
	"strconv"

	"github.com/minga-commons/minga/node/api"
)

// PreviewDistribution returns how an amount of the pool would be shared. Nothing is
// written.
func (c *Client) PreviewDistribution(ctx context.Context, commons string, d api.PreviewDraft) (api.Distribution, error) {
	return post[api.Distribution](ctx, c, "/v1/distributions/preview", Write{Commons: commons}, d)
}

// ProposeDistribution proposes a distribution, or makes it where one signature is
// enough. Only stewards may.
func (c *Client) ProposeDistribution(ctx context.Context, commons string, d api.DistributionDraft) (api.Distribution, error) {
	return post[api.Distribution](ctx, c, "/v1/distributions", Write{Commons: commons}, d)
}

// Distributions returns a page of the distributions of a commons, newest first.
func (c *Client) Distributions(ctx context.Context, p Page) (api.DistributionList, error) {
	return get[api.DistributionList](ctx, c, "/v1/distributions", p.query())
}

// Distribution returns one distribution by identifier or unique prefix.
func (c *Client) Distribution(ctx context.Context, commons, id string) (api.Distribution, error) {
	return get[api.Distribution](ctx, c, distributionPath(id, ""), of(commons))
}

// ApproveDistribution signs a proposed distribution, after the node has computed
// it. The answer shows what the signature made of it.
func (c *Client) ApproveDistribution(ctx context.Context, commons, id string) (api.Distribution, error) {
	return post[api.Distribution](ctx, c, distributionPath(id, "/approvals"), Write{Commons: commons}, api.VerdictDraft{})
}

// RejectDistribution refuses a proposed distribution for good.
func (c *Client) RejectDistribution(ctx context.Context, commons, id string) (api.Distribution, error) {
	return post[api.Distribution](ctx, c, distributionPath(id, "/rejections"), Write{Commons: commons}, api.VerdictDraft{})
}

// VerifyDistribution lets the node compute a distribution again, and compare.
func (c *Client) VerifyDistribution(ctx context.Context, commons, id string) (api.Verification, error) {
	return get[api.Verification](ctx, c, distributionPath(id, "/verification"), of(commons))
}

// WhyDistribution explains what an agent gets from a distribution. Each rule lists
// at most so many events, 0 for the usual number.
func (c *Client) WhyDistribution(ctx context.Context, commons, id, agent string, most int) (api.Why, error) {
	q := of(commons)
	q.Set("agent", agent)
	return get[api.Why](ctx, c, distributionPath(id, "/why"), limited(q, most))
}

// WhyBalance returns the balance of an agent, the node's own member if agent is
// empty, with what is behind each figure: at most so many events and payments of
// each, 0 for the usual number.
func (c *Client) WhyBalance(ctx context.Context, commons, agent string, most int) (api.Balance, error) {
	q := of(commons)
	set(q, "agent", agent)
	q.Set("why", "true")
	return get[api.Balance](ctx, c, "/v1/balances", limited(q, most))
}

// ReportValue says who created the value of a period, and who keeps it. from and to
// are its first and last day, or moments.
func (c *Client) ReportValue(ctx context.Context, commons, from, to string) (api.ValueReport, error) {
	q := of(commons)
	q.Set("from", from)
	q.Set("to", to)
	return get[api.ValueReport](ctx, c, "/v1/reports/value", q)
}

func distributionPath(id, tail string) string {
	return "/v1/distributions/" + url.PathEscape(id) + tail
}

func limited(q url.Values, most int) url.Values {
	if most > 0 {
		q.Set("limit", strconv.Itoa(most))
	}
	return q
}
