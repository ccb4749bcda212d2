package api

import (
	"context"
	"strings"

	"github.com/minga-commons/minga/ledger"
)

type inStatement struct {
	InCommons
	InPage
	Agent    string `query:"agent" doc:"Name, identifier or unique prefix of one; default: you" maxLength:"256"`
	Currency string `query:"currency" doc:"Default: the only one" maxLength:"256"`
}

func (s *Server) getStatement(ctx context.Context, in *inStatement) (*page[Statement], error) {
	c, a, err := s.holder(ctx, in.Commons, in.Agent)
	if err != nil {
		return nil, err
	}
	currency, scale, err := s.accountIn(ctx, c, a, in.Currency)
	if err != nil {
		return nil, err
	}
	list, next, err := s.ledger.Statement(ctx, c.ID, a.ID, currency, in.page())
	if err != nil {
		return nil, s.fail(ctx, err, in.Agent)
	}
	out := Statement{
		Schema: "minga.statement/1", Commons: CommonsRef{ID: c.ID.String(), Name: c.Name},
		Agent: AgentRef{ID: a.ID.String(), Name: a.Name}, Currency: currency,
		Lines: make([]StatementLine, 0, len(list)), Next: next,
	}
	for _, m := range list {
		out.Lines = append(out.Lines, lineOf(languageIn(ctx), m, currency, scale))
	}
	return &page[Statement]{Link: nextLink(ctx, next), Body: out}, nil
}

func lineOf(lang string, m ledger.Movement, currency string, scale int) StatementLine {
	line := StatementLine{
		ID: m.Event.ID.String(), Time: rfc3339(m.Event.Entry.Time), State: string(m.Event.State),
		Currency: currency, Amount: fixed(m.Amount, scale), Settled: fixed(m.Settled, scale),
		Pending: fixed(m.Balance.Sub(m.Settled), scale), Balance: fixed(m.Balance, scale),
	}
	if !m.Other.ID.IsZero() {
		line.Other = &AgentRef{ID: m.Other.ID.String(), Name: m.Other.Name}
	}
	if m.Event.Body != nil {
		line.Note = m.Event.Body.Note.String()
	}
	if m.Distribution {
		line.Distribution = true
		shares := make([]string, len(m.Buckets))
		for i, b := range m.Buckets {
			share := BucketShare{Bucket: b.Bucket, Amount: fixed(b.Amount, scale)}
			line.Buckets, shares[i] = append(line.Buckets, share), share.Bucket+" "+share.Amount
		}
		line.Note = saySharing.fill(lang, []any{strings.Join(shares, ", ")})
	}
	return line
}

// holder returns the agent whose account is asked for, by default the node's own
// member.
func (s *Server) holder(ctx context.Context, named, agent string) (ledger.Commons, ledger.Agent, error) {
	c, err := s.commons(ctx, named)
	if err != nil {
		return c, ledger.Agent{}, err
	}
	if agent == "" {
		if c.Me.IsZero() {
			return c, ledger.Agent{}, badParameter("agent", CodeMissing)
		}
		agent = c.Me.String()
	}
	a, err := s.ledger.FindAgent(ctx, c.ID, agent)
	if err != nil {
		return c, a, s.fail(ctx, err, agent)
	}
	return c, a, nil
}

// accountIn returns the currency that is asked for and its decimal places. A
// currency that the charter no longer has is there as long as the agent has an
// account in it.
func (s *Server) accountIn(ctx context.Context, c ledger.Commons, a ledger.Agent, asked string) (string, int, error) {
	all, err := s.ledger.Currencies(ctx, c.ID)
	if err != nil {
		return "", 0, err
	}
	if asked == "" && len(all) == 1 {
		return all[0].Name, all[0].Scale, nil
	}
	for _, currency := range all {
		if currency.Name == asked {
			return asked, currency.Scale, nil
		}
	}
	sheet, err := s.ledger.Balance(ctx, c.ID, a.ID)
	if err != nil {
		return "", 0, err
	}
	for _, line := range sheet.Accounts {
		if line.Currency == asked {
			return asked, line.Scale, nil
		}
	}
	return "", 0, badParameter("currency", CodeNoCurrency, asked, currencyNames(all))
}

// ownCommons returns the commons named, in which this node is to write.
func (s *Server) ownCommons(ctx context.Context, named string) (ledger.Commons, error) {
	c, err := s.commons(ctx, named)
	if err == nil && c.Me.IsZero() {
		err = problem(CodeNotMember)
	}
	return c, err
}

// agents names agents as answers do.
func (n *names) agents(list []ledger.Agent) []AgentRef {
	out := make([]AgentRef, 0, len(list))
	for _, a := range list {
		n.known[a.ID] = a.Name
		out = append(out, AgentRef{ID: a.ID.String(), Name: a.Name})
	}
	return out
}
