package api

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

type inStandings struct {
	InCommons
	InPage
	Agent string `query:"agent" doc:"Only this agent: name, identifier or unique prefix of one" maxLength:"256"`
	Class string `query:"class" enum:"lapsed,undetermined,non-commercial,exempt,reciprocating,owing" doc:"Only those in this class"`
	AsOf  string `query:"asOf" doc:"A date; default: today, in UTC" maxLength:"40"`
}

func (s *Server) listStandings(ctx context.Context, in *inStandings) (*page[StandingList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	on := s.ledger.Today()
	if in.AsOf != "" {
		day, ok := ledger.ParseDay(in.AsOf)
		switch {
		case !ok:
			return nil, badParameter("asOf", CodeBadDay, in.AsOf)
		case day > on:
			return nil, badParameter("asOf", CodeFuture, in.AsOf, on.String())
		}
		on = day
	}
	var list []ledger.Standing
	next := ""
	if in.Agent == "" {
		list, next, err = s.ledger.Standings(ctx, c.ID, in.Class, on, in.page())
	} else {
		agent, failed := s.agentNamed(ctx, c, in.Agent)
		if failed != nil {
			return nil, failed
		}
		var one ledger.Standing
		one, err = s.ledger.Standing(ctx, c.ID, agent, on)
		if in.Class == "" || in.Class == string(one.Class) {
			list = append(list, one)
		}
	}
	if err != nil {
		return nil, s.fail(ctx, licenceError(err, c), in.Agent)
	}
	out := StandingList{Schema: "minga.standings/1", Standings: make([]Standing, 0, len(list)), Next: next}
	for _, one := range list {
		shown := standingOf(one, languageIn(ctx))
		shown.Commons = CommonsRef{ID: c.ID.String(), Name: c.Name}
		out.Standings = append(out.Standings, shown)
	}
	return &page[StandingList]{Link: nextLink(ctx, next), Body: out}, nil
}

func standingOf(s ledger.Standing, lang string) Standing {
	out := Standing{
		Schema: "minga.standing/1", Agent: AgentRef{ID: s.Agent.ID.String(), Name: s.Agent.Name}, AsOf: s.AsOf.String(),
		Class: string(s.Class), MayUse: string(s.MayUse), Summary: classTexts[string(s.Class)].in(lang),
		Currency: s.Licence.Currency, AtLeast: []string{}, Missing: []StandingReason{}, Reasons: []StandingReason{},
		Periods: []StandingPeriod{}, Charter: s.Charter, Evidence: standingEvidence.in(lang),
	}
	for _, f := range []struct {
		name string
		from ledger.Figure
		to   **string
	}{
		{"contributed", s.Contributed, &out.Contributed}, {"charged", s.Charged, &out.Charged}, {"offset", s.Offset, &out.Offset},
		{"paid", s.Paid, &out.Paid}, {"owed", s.Owed, &out.Owed}, {"due", s.Due, &out.Due},
		{"overdue", s.Overdue, &out.Overdue}, {"credit", s.Credit, &out.Credit},
	} {
		if *f.to = figure(f.from, s.Scale); f.from.Amount != nil && f.from.AtLeast {
			out.AtLeast = append(out.AtLeast, f.name)
		}
	}
	for _, r := range s.Reasons {
		args := make([]any, len(r.Args))
		for i, a := range r.Args {
			args[i] = a
		}
		shown := StandingReason{Code: string(r.Code), Text: standingTexts[string(r.Code)].fill(lang, args), Entries: links(r.Entries)}
		if r.Missing {
			out.Missing = append(out.Missing, shown)
		}
		out.Reasons = append(out.Reasons, shown)
	}
	for _, l := range s.Periods {
		out.Periods = append(out.Periods, periodOf(l, s.Scale))
	}
	return out
}

func periodOf(l ledger.StandingLine, scale int) StandingPeriod {
	p := StandingPeriod{
		Resource: l.Resource, Beginning: l.Beginning.String(), End: l.End.String(), Use: string(l.Use), Form: l.Form,
		Confirmation: string(l.State), Outcome: string(l.Outcome), DueOn: l.DueOn.String(), Overdue: l.Overdue,
		Contributed: figure(l.Contributed, scale), Charged: figure(l.Charged, scale), Offset: figure(l.Offset, scale),
		Paid: figure(l.Paid, scale), Open: figure(l.Open, scale), By: links(l.By),
	}
	if !l.Declaration.IsZero() {
		p.Declaration = l.Declaration.String()
	}
	return p
}

func figure(f ledger.Figure, scale int) *string {
	text := f.Text(scale)
	if text == "" {
		return nil
	}
	return &text
}

func links(ids []protocol.EntryID) []EntryLink {
	all := make([]EntryLink, len(ids))
	for i, id := range ids {
		all[i] = EntryLink{ID: id.String(), Href: "/v1/entries/" + id.String()}
	}
	return all
}
