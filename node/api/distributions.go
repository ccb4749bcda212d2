package api

import (
	"context"
	"errors"
	"strings"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// InDistribution are the parameters of what is about one distribution.
type InDistribution struct {
	InCommons
	Distribution string `path:"distribution" doc:"CID of its first part, or a unique prefix of at least 8 characters" maxLength:"256"`
}

// previewDistribution computes how an amount would be shared, and writes nothing.
func (s *Server) previewDistribution(ctx context.Context, in *inOne) (*answer[Distribution], error) {
	var d PreviewDraft
	if err := s.readJSON(ctx, &d); err != nil {
		return nil, err
	}
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	r := s.referrer(ctx, c)
	q := r.distribution(DistributionDraft{Amount: d.Amount, Currency: d.Currency, Incomes: d.Incomes, Version: d.Version})
	whatIf, err := r.whatIf(d)
	if err != nil {
		return nil, err
	}
	agents := r.agents("/why", d.Why)
	if err := r.problem(); err != nil {
		return nil, err
	}
	q.Document = whatIf
	found, err := s.ledger.PreviewDistribution(ctx, c.ID, q)
	if err != nil {
		return nil, s.notShared(ctx, err, q, "/document")
	}
	show := s.showing(ctx, c)
	out, err := show.distribution(found)
	if err != nil {
		return nil, err
	}
	for _, agent := range agents {
		reasons, err := s.ledger.WhyPreview(ctx, c.ID, q, protocol.AgentID{EntryID: agent})
		if err != nil {
			return nil, s.notShared(ctx, err, q, "/document")
		}
		why, err := show.why(protocol.AgentID{EntryID: agent}, found, reasons, eventsListed(d.Limit))
		if err != nil {
			return nil, err
		}
		out.Why = append(out.Why, why)
	}
	return &answer[Distribution]{out}, nil
}

func (s *Server) proposeDistribution(ctx context.Context, in *inOne) (*created[Distribution], error) {
	d, c, r, err := asked[DistributionDraft](ctx, s, in.Commons)
	if err != nil {
		return nil, err
	}
	q := r.distribution(d)
	if err := r.problem(); err != nil {
		return nil, err
	}
	found, err := s.ledger.ProposeDistribution(ctx, c.ID, q)
	if err != nil {
		return nil, s.notShared(ctx, err, q, "")
	}
	out, err := s.showing(ctx, c).distribution(found)
	return &created[Distribution]{Status: 201, Location: "/v1/distributions/" + out.ID, Body: out}, err
}

// notShared is the problem of a distribution that cannot be made. Faults of a
// charter that is tried out are told where it stands in the body.
func (s *Server) notShared(ctx context.Context, err error, q ledger.DistributionRequest, pointer string) error {
	var bad *ledger.CharterError
	var over *ledger.OverdraftError
	switch {
	case errors.As(err, &bad):
		return charterFaults(pointer, bad.Faults, languageIn(ctx))
	case errors.As(err, &over):
		return overdraft(over, int(q.Amount.Scale)).because(err)
	}
	return s.fail(ctx, err, q.Currency)
}

type inDistributions struct {
	InCommons
	InPage
}

func (s *Server) listDistributions(ctx context.Context, in *inDistributions) (*page[DistributionList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	list, next, err := s.ledger.Distributions(ctx, c.ID, in.page())
	if err != nil {
		return nil, s.fail(ctx, err, c.Name)
	}
	out := DistributionList{Schema: "minga.distributions/1", Distributions: make([]Distribution, 0, len(list)), Next: next}
	show := s.showing(ctx, c)
	for _, d := range list {
		shown, err := show.distribution(d)
		if err != nil {
			return nil, err
		}
		out.Distributions = append(out.Distributions, shown)
	}
	return &page[DistributionList]{Link: nextLink(ctx, next), Body: out}, nil
}

func (s *Server) getDistribution(ctx context.Context, in *InDistribution) (*answer[Distribution], error) {
	c, d, err := s.distribution(ctx, in)
	if err != nil {
		return nil, err
	}
	out, err := s.showing(ctx, c).distribution(d)
	return &answer[Distribution]{out}, err
}

// distribution returns the distribution that a path names.
func (s *Server) distribution(ctx context.Context, in *InDistribution) (ledger.Commons, ledger.Distribution, error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return c, ledger.Distribution{}, err
	}
	id, err := s.distributionID(ctx, c, in.Distribution)
	if err != nil {
		return c, ledger.Distribution{}, err
	}
	d, err := s.ledger.Distribution(ctx, c.ID, id)
	if err != nil {
		return c, d, s.fail(ctx, err, in.Distribution)
	}
	return c, d, nil
}

// distributionID returns the distribution of an identifier or a prefix of one.
func (s *Server) distributionID(ctx context.Context, c ledger.Commons, text string) (protocol.EntryID, error) {
	if id, err := protocol.ParseID(text); err == nil {
		return id, nil
	}
	if len(text) < minPrefix {
		return protocol.EntryID{}, badParameter("distribution", CodeBadID, text)
	}
	several := &ledger.SeveralError{Text: text}
	for p := (ledger.Page{Limit: 1000}); ; {
		list, next, err := s.ledger.Distributions(ctx, c.ID, p)
		if err != nil {
			return protocol.EntryID{}, s.fail(ctx, err, text)
		}
		for _, d := range list {
			if strings.HasPrefix(d.ID.String(), text) {
				several.Candidates = append(several.Candidates, ledger.Candidate{ID: d.ID, Name: d.Amount.String() + " " + d.Currency})
			}
		}
		if p.After = next; next == "" {
			break
		}
	}
	switch len(several.Candidates) {
	case 0:
		return protocol.EntryID{}, problem(CodeNotFound, text)
	case 1:
		return several.Candidates[0].ID, nil
	}
	return protocol.EntryID{}, s.fail(ctx, several, text)
}

func (s *Server) approveDistribution(ctx context.Context, in *InDistribution) (*created[Distribution], error) {
	return s.judgeDistribution(ctx, in, s.ledger.ApproveDistribution)
}

func (s *Server) rejectDistribution(ctx context.Context, in *InDistribution) (*created[Distribution], error) {
	return s.judgeDistribution(ctx, in, s.ledger.RejectDistribution)
}

// judgeDistribution signs or refuses a distribution, and answers with what it
// made of it.
func (s *Server) judgeDistribution(ctx context.Context, in *InDistribution, verdict func(context.Context, protocol.CommonsID, protocol.EntryID) (ledger.Written, error)) (*created[Distribution], error) {
	if err := s.readJSON(ctx, &VerdictDraft{}); err != nil {
		return nil, err
	}
	c, err := s.ownCommons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	id, err := s.distributionID(ctx, c, in.Distribution)
	if err != nil {
		return nil, err
	}
	if _, err := verdict(ctx, c.ID, id); err != nil {
		return nil, s.fail(ctx, err, in.Distribution)
	}
	d, err := s.ledger.Distribution(ctx, c.ID, id)
	if err != nil {
		return nil, s.fail(ctx, err, in.Distribution)
	}
	out, err := s.showing(ctx, c).distribution(d)
	return &created[Distribution]{Status: 201, Location: "/v1/distributions/" + out.ID, Body: out}, err
}

// verifyDistribution computes a distribution again from its cut.
func (s *Server) verifyDistribution(ctx context.Context, in *InDistribution) (*answer[Verification], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	id, err := s.distributionID(ctx, c, in.Distribution)
	if err != nil {
		return nil, err
	}
	check, err := s.ledger.VerifyDistribution(ctx, c.ID, id)
	if err != nil {
		return nil, s.fail(ctx, err, in.Distribution)
	}
	out, err := s.showing(ctx, c).verification(check)
	return &answer[Verification]{out}, err
}

type inWhyDistribution struct {
	InDistribution
	Agent string `query:"agent" required:"true" doc:"Whose lines are to be explained: name, identifier or unique prefix of one" maxLength:"256"`
	Limit int64  `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"Events that each rule lists; the others are summed"`
}

func (s *Server) whyDistribution(ctx context.Context, in *inWhyDistribution) (*answer[Why], error) {
	c, d, err := s.distribution(ctx, &in.InDistribution)
	if err != nil {
		return nil, err
	}
	a, err := s.ledger.FindAgent(ctx, c.ID, in.Agent)
	if err != nil {
		return nil, s.fail(ctx, err, in.Agent)
	}
	reasons, err := s.ledger.WhyDistribution(ctx, c.ID, d.ID, a.ID)
	if err != nil {
		return nil, s.fail(ctx, err, in.Distribution)
	}
	out, err := s.showing(ctx, c).why(a.ID, d, reasons, eventsListed(in.Limit))
	return &answer[Why]{out}, err
}

// eventsListed is how many events a rule of an explanation lists.
func eventsListed(asked int64) int {
	const usual = 100
	if asked == 0 {
		return usual
	}
	return int(asked)
}
