package api

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

type inProposals struct {
	InCommons
	InPage
}

func (s *Server) listProposals(ctx context.Context, in *inProposals) (*page[ProposalList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	list, next, err := s.ledger.Proposals(ctx, c.ID, in.page())
	if err != nil {
		return nil, err
	}
	out := ProposalList{Schema: "minga.proposals/1", Next: next}
	out.Proposals, err = s.proposalsOf(ctx, s.namesIn(c.ID), list)
	return &page[ProposalList]{Link: nextLink(ctx, next), Body: out}, err
}

func (s *Server) proposalsOf(ctx context.Context, n *names, list []ledger.Proposal) ([]Proposal, error) {
	out := make([]Proposal, 0, len(list))
	for _, p := range list {
		shown, err := s.proposalOf(ctx, n, p)
		if err != nil {
			return nil, err
		}
		out = append(out, shown)
	}
	return out, nil
}

func (s *Server) proposalOf(ctx context.Context, n *names, p ledger.Proposal) (Proposal, error) {
	body, err := readableBody(p.Entry)
	if err != nil {
		return Proposal{}, err
	}
	log, err := n.ref(ctx, p.Entry.Log.Agent())
	if err != nil {
		return Proposal{}, err
	}
	if founded, is := p.Entry.Body.(*protocol.Inception); is {
		log.Name = founded.Agent.Name.String()
	}
	says, err := summary(ctx, n, p.Entry)
	return Proposal{
		Schema: "minga.proposal/1", ID: p.ID.String(), State: string(p.State), Log: log, Seq: p.Entry.Seq,
		Kind: string(p.Entry.Kind), Summary: says.fill(languageIn(ctx), says.args), Body: body,
		By: AgentRef{ID: p.By.ID.String(), Name: p.By.Name}, Time: rfc3339(p.Time), Needs: p.Needs,
		Approvals: n.agents(p.Approvals), Rejections: n.agents(p.Rejections), Mine: p.Mine,
	}, err
}

type inProposal struct {
	InCommons
	Proposal string `path:"proposal" doc:"CID of the proposed entry or of the one that proposes it, or a unique prefix of at least 8 characters" maxLength:"256"`
}

func (s *Server) getProposal(ctx context.Context, in *inProposal) (*answer[Proposal], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	p, err := s.findProposal(ctx, c, in.Proposal)
	if err != nil {
		return nil, err
	}
	out, err := s.proposalOf(ctx, s.namesIn(c.ID), p)
	return &answer[Proposal]{out}, err
}

func (s *Server) findProposal(ctx context.Context, c ledger.Commons, text string) (ledger.Proposal, error) {
	if len(text) < minPrefix {
		return ledger.Proposal{}, badParameter("proposal", CodeBadID, text)
	}
	p, err := s.ledger.FindProposal(ctx, c.ID, text)
	if err != nil {
		return p, s.fail(ctx, err, text)
	}
	return p, nil
}

func (s *Server) approve(ctx context.Context, in *inProposal) (*created[Written], error) {
	return s.judge(ctx, in, s.ledger.Approve)
}

func (s *Server) reject(ctx context.Context, in *inProposal) (*created[Written], error) {
	return s.judge(ctx, in, s.ledger.Reject)
}

// judge signs or refuses a proposal, and answers with what it made of it.
func (s *Server) judge(ctx context.Context, in *inProposal, verdict func(context.Context, protocol.CommonsID, protocol.EntryID) (ledger.Written, error)) (*created[Written], error) {
	if err := s.readJSON(ctx, &VerdictDraft{}); err != nil {
		return nil, err
	}
	c, err := s.ownCommons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	p, err := s.findProposal(ctx, c, in.Proposal)
	if err != nil {
		return nil, err
	}
	w, err := verdict(ctx, c.ID, p.ID)
	if err != nil {
		return nil, s.fail(ctx, err, in.Proposal)
	}
	out := s.written(c, w, "/v1/entries/")
	if p, err = s.ledger.FindProposal(ctx, c.ID, p.ID.String()); err != nil {
		return nil, err
	}
	shown, err := s.proposalOf(ctx, s.namesIn(c.ID), p)
	out.Body.Proposal = &shown
	return out, err
}
