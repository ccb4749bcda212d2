package api

import (
	"context"
	"slices"
)

type inAccounts struct {
	InCommons
	InPage
}

func (s *Server) listAccounts(ctx context.Context, in *inAccounts) (*page[SharedAccountList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	list, next, err := s.ledger.SharedAccounts(ctx, c.ID, in.page())
	if err != nil {
		return nil, err
	}
	out := SharedAccountList{Schema: "minga.accounts/1", Accounts: make([]SharedAccount, 0, len(list)), Next: next}
	names := s.namesIn(c.ID)
	for _, a := range list {
		out.Accounts = append(out.Accounts, SharedAccount{
			Schema: "minga.account/1", ID: a.Agent.ID.String(), Name: a.Agent.Name,
			Members: names.agents(a.Members), Threshold: a.Threshold,
		})
	}
	return &page[SharedAccountList]{Link: nextLink(ctx, next), Body: out}, nil
}

func (s *Server) createAccount(ctx context.Context, in *inOne) (*created[Written], error) {
	d, c, r, err := asked[AccountDraft](ctx, s, in.Commons)
	if err != nil {
		return nil, err
	}
	members := r.logs("/members", d.Members)
	if !slices.Contains(members, c.Me) {
		members = append(members, c.Me)
	}
	if d.Threshold == 0 {
		d.Threshold = int64(len(members)/2 + 1)
	}
	if d.Threshold > int64(len(members)) {
		r.add("/threshold", CodeRange, phraseBetween.with(1, len(members)))
	}
	if err := r.problem(); err != nil {
		return nil, err
	}
	p, err := s.ledger.CreateAccount(ctx, c.ID, d.Name, members, int(d.Threshold))
	if err != nil {
		return nil, s.fail(ctx, err, d.Name)
	}
	return s.proposed(ctx, c, p, "/v1/agents/")
}
