package client

import (
	"context"

	"github.com/minga-commons/minga/node/api"
)

// StatementQuery selects an account.
type StatementQuery struct {
	Page
	Agent    string // name or id; empty: the node's own member
	Currency string // empty: the only one
}

// Statement returns a page of the movements of an account, with the running
// balance.
func (c *Client) Statement(ctx context.Context, s StatementQuery) (api.Statement, error) {
	q := s.Page.query()
	set(q, "agent", s.Agent)
	set(q, "currency", s.Currency)
	return get[api.Statement](ctx, c, "/v1/statements", q)
}

// TransferQuery selects payments. Empty fields match everything.
type TransferQuery struct {
	Page
	Agent    string // name or id: who paid or was paid
	Currency string
}

// Transfers returns a page of the payments of a commons.
func (c *Client) Transfers(ctx context.Context, t TransferQuery) (api.TransferList, error) {
	q := t.Page.query()
	set(q, "agent", t.Agent)
	set(q, "currency", t.Currency)
	return get[api.TransferList](ctx, c, "/v1/transfers", q)
}

// Transfer pays somebody, or sends a payment back. The answer has a Proposal
// where more signatures are needed; api.CodeOverdraft comes with the figures.
func (c *Client) Transfer(ctx context.Context, d api.TransferDraft, w Write) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/transfers", w, d)
}

// Income records money that came into the commons' pool. Only stewards may.
func (c *Client) Income(ctx context.Context, d api.IncomeDraft, w Write) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/incomes", w, d)
}

// Accounts returns a page of the shared accounts of a commons.
func (c *Client) Accounts(ctx context.Context, p Page) (api.SharedAccountList, error) {
	return get[api.SharedAccountList](ctx, c, "/v1/accounts", p.query())
}

// CreateAccount founds a shared account.
func (c *Client) CreateAccount(ctx context.Context, commons string, d api.AccountDraft) (api.Written, error) {
	return post[api.Written](ctx, c, "/v1/accounts", Write{Commons: commons}, d)
}

// Audit lets the node check a whole commons. It takes as long as that takes.
func (c *Client) Audit(ctx context.Context, commons string) (api.Audit, error) {
	return get[api.Audit](ctx, c, "/v1/audit", of(commons))
}
