package api

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

type inAgents struct {
	InCommons
	InPage
}

func (s *Server) listAgents(ctx context.Context, in *inAgents) (*page[AgentList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	list, next, err := s.ledger.Agents(ctx, c.ID, in.page())
	out := AgentList{Schema: "minga.agents/1", Agents: make([]Agent, 0, len(list)), Next: next}
	for _, a := range list {
		out.Agents = append(out.Agents, agentOf(a))
	}
	return &page[AgentList]{Link: nextLink(ctx, next), Body: out}, err
}

func agentOf(a ledger.Agent) Agent {
	return Agent{
		Schema: "minga.agent/1", ID: a.ID.String(), Name: a.Name, Type: string(a.Type),
		HasLog: a.HasLog, Steward: a.Steward, Commons: a.Commons,
	}
}

type inAgent struct {
	InCommons
	Agent string `path:"agent" doc:"Name, identifier or unique prefix of one" maxLength:"256"`
}

func (s *Server) getAgent(ctx context.Context, in *inAgent) (*answer[Agent], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	a, err := s.ledger.FindAgent(ctx, c.ID, in.Agent)
	if err != nil {
		return nil, s.fail(ctx, err, in.Agent)
	}
	return &answer[Agent]{agentOf(a)}, nil
}

func (s *Server) addAgent(ctx context.Context, in *InWrite) (*created[Written], error) {
	var d AgentDraft
	if err := s.readJSON(ctx, &d); err != nil {
		return nil, err
	}
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	if d.Type == "" {
		d.Type = string(protocol.Person)
	}
	body := &protocol.Agent{
		Card:   protocol.AgentCard{Name: protocol.PlainText(d.Name), Type: protocol.AgentType(d.Type)},
		Note:   protocol.PlainText(d.Note),
		Source: d.Source,
	}
	return s.write(ctx, writing{in: in, commons: c, draft: d, body: body, at: "/v1/agents/"})
}

type inLogs struct {
	InCommons
	InPage
}

func (s *Server) listLogs(ctx context.Context, in *inLogs) (*page[LogList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	list, next, err := s.ledger.Logs(ctx, c.ID, in.page())
	out := LogList{Schema: "minga.logs/1", Logs: make([]Log, 0, len(list)), Next: next}
	for _, l := range list {
		out.Logs = append(out.Logs, logOf(languageIn(ctx), l))
	}
	return &page[LogList]{Link: nextLink(ctx, next), Body: out}, err
}

func logOf(lang string, l ledger.LogStatus) Log {
	out := Log{
		Schema: "minga.log/1", ID: l.ID.String(), Commons: l.Commons.String(),
		Agent:   AgentRef{ID: l.Agent.ID.String(), Name: l.Agent.Name},
		Entries: l.Held.Seq + 1, Head: l.Held.CID.String(), Applied: l.Applied, Settled: l.Settled,
		Forked: l.Forked, Frozen: l.Frozen, Means: meansOf(lang, l), WaitingFor: string(l.WaitingFor),
	}
	if l.Forked {
		out.ForkSeq = &l.ForkSeq
	}
	return out
}

type inLog struct {
	InCommons
	Log string `path:"log" doc:"Identifier of the log, or its agent's name" maxLength:"256"`
}

func (s *Server) getLog(ctx context.Context, in *inLog) (*answer[Log], error) {
	l, err := s.heldLog(ctx, in.Commons, in.Log)
	if err != nil {
		return nil, err
	}
	return &answer[Log]{logOf(languageIn(ctx), l)}, nil
}

// heldLog returns what is held of one log, if the asker may know it.
func (s *Server) heldLog(ctx context.Context, named, text string) (ledger.LogStatus, error) {
	id, err := s.logID(ctx, named, text)
	if err != nil {
		return ledger.LogStatus{}, err
	}
	l, err := s.ledger.Log(ctx, id)
	if err != nil {
		return l, s.fail(ctx, err, text)
	}
	_, err = s.readableID(ctx, l.Commons)
	return l, err
}

// InBalance are the parameters of what is about one balance.
type InBalance struct {
	InCommons
	Agent string `path:"agent" doc:"Name, identifier or unique prefix of one" maxLength:"256"`
}

type inBalanceOf struct {
	InCommons
	InWhy
	Agent string `query:"agent" doc:"Name, identifier or unique prefix of one; default: you" maxLength:"256"`
}

type inBalanceAt struct {
	InBalance
	InWhy
}

// InWhy are the parameters of what can be explained.
type InWhy struct {
	Why   bool  `query:"why" doc:"With the events and payments behind each figure"`
	Limit int64 `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many of each are listed with why; the others are summed"`
}

func (s *Server) getBalance(ctx context.Context, in *inBalanceAt) (*answer[Balance], error) {
	return s.balance(ctx, in.Commons, in.Agent, in.InWhy)
}

func (s *Server) findBalance(ctx context.Context, in *inBalanceOf) (*answer[Balance], error) {
	return s.balance(ctx, in.Commons, in.Agent, in.InWhy)
}

func (s *Server) balance(ctx context.Context, named, agent string, in InWhy) (*answer[Balance], error) {
	c, a, err := s.holder(ctx, named, agent)
	if err != nil {
		return nil, err
	}
	sheet, err := s.ledger.Balance(ctx, c.ID, a.ID)
	if err != nil {
		return nil, s.fail(ctx, err, agent)
	}
	out := Balance{
		Schema: "minga.balance/1", Commons: CommonsRef{ID: c.ID.String(), Name: c.Name},
		Agent:         AgentRef{ID: a.ID.String(), Name: a.Name},
		Contributions: make([]Contribution, 0, len(sheet.Contributions)),
		Accounts:      make([]AccountLine, 0, len(sheet.Accounts)),
	}
	for _, line := range sheet.Accounts {
		out.Accounts = append(out.Accounts, accountOf(line))
	}
	for _, line := range sheet.Contributions {
		out.Contributions = append(out.Contributions, Contribution{
			Action: line.Action, Resource: line.Resource, Unit: line.Unit, Events: line.Events,
			Quantity: line.Quantity.String(), Confirmed: line.Confirmed.String(),
			Pending: line.Quantity.Sub(line.Confirmed).String(),
		})
	}
	if in.Why {
		why, err := s.showing(ctx, c).whySheet(a, sheet, eventsListed(in.Limit))
		if err != nil {
			return nil, err
		}
		out.Why = &why
	}
	return &answer[Balance]{out}, nil
}
