package client

import (
	"context"
	"net/url"

	"github.com/minga-commons/minga/node/api"
)

// Write says how something is to be written.
type Write struct {
	Commons string // name or id; empty: the only one
	// Key makes the write repeatable: the same key and the same request again
	// give the first answer for seven days. Empty: written each time. The
	// methods that say nothing else of w know it.
	Key    string
	DryRun bool // answer what would be written and write nothing
}

func (w Write) query() url.Values {
	q := of(w.Commons)
	if w.DryRun {
		q.Set("dryRun", "true")
	}
	return q
}

// CreateCommons founds a commons. Only DryRun of w is used.
func (c *Client) CreateCommons(ctx context.Context, d api.CommonsDraft, w Write) (api.CommonsWritten, error) {
	return post[api.CommonsWritten](ctx, c, "/v1/commons", Write{DryRun: w.DryRun}, d)
}

// Join joins a commons by an invitation. It returns once a peer holds the
// member's inception; api.CodePeersUnreachable says that none was reached, and
// the same call again goes on from there.
func (c *Client) Join(ctx context.Context, d api.JoinDraft) (api.CommonsWritten, error) {
	return post[api.CommonsWritten](ctx, c, "/v1/commons/join", Write{}, d)
}

// Invite makes an invitation link. Only DryRun of w is used.
func (c *Client) Invite(ctx context.Context, d api.InviteDraft, w Write) (api.Invitation, error) {
	return post[api.Invitation](ctx, c, "/v1/invites", Write{DryRun: w.DryRun}, d)
}

// AddAgent records an agent that has no log. Only stewards may.
func (c *Client) AddAgent(ctx context.Context, d api.AgentDraft, w Write) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/agents", w, d)
}

// AddEvent records an economic event.
func (c *Client) AddEvent(ctx context.Context, d api.EventDraft, w Write) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/events", w, d)
}

// Confirm records a verdict on somebody else's entry.
func (c *Client) Confirm(ctx context.Context, d api.ConfirmationDraft, w Write) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/confirmations", w, d)
}

// ConfirmAll records one verdict on several entries, at most 1,000.
func (c *Client) ConfirmAll(ctx context.Context, commons string, d api.ConfirmationsDraft) (api.Confirmed, error) {
	return post[api.Confirmed](ctx, c, "/v1/confirmations/batch", Write{Commons: commons}, d)
}

// AddPeer keeps a connection to another node.
func (c *Client) AddPeer(ctx context.Context, addr string) (api.Peer, error) {
	return post[api.Peer](ctx, c, "/v1/peers", Write{}, api.PeerDraft{Addr: addr})
}
