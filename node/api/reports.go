package api

import (
	"context"
	"math/big"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

type inReport struct {
	InCommons
	From string `query:"from" required:"true" doc:"First day of the period, or its first moment" maxLength:"64"`
	To   string `query:"to" required:"true" doc:"Last day of the period, or the first moment after it" maxLength:"64"`
}

func (s *Server) reportValue(ctx context.Context, in *inReport) (*answer[ValueReport], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	from, ok := parseTime(in.From)
	if !ok {
		return nil, badParameter("from", CodeBadTime, in.From)
	}
	to, ok := parseTime(in.To)
	if !ok {
		return nil, badParameter("to", CodeBadTime, in.To)
	}
	if len(in.To) == len(time.DateOnly) {
		to = to.AddDate(0, 0, 1)
	}
	if !from.Before(to) {
		return nil, badParameter("to", CodeRange, phraseAfter.with(in.From))
	}
	found, err := s.ledger.ValueReport(ctx, c.ID, ledger.ReportRequest{From: protocol.TimeOf(from), To: protocol.TimeOf(to)})
	if err != nil {
		return nil, s.fail(ctx, err, c.Name)
	}
	out := s.showing(ctx, c).report(found)
	out.From, out.To = rfc3339(protocol.TimeOf(from)), rfc3339(protocol.TimeOf(to))
	return &answer[ValueReport]{out}, nil
}

func (v showing) report(r ledger.ValueReport) ValueReport {
	out := ValueReport{
		Schema: "minga.report-value/1", Commons: CommonsRef{ID: v.commons.ID.String(), Name: v.commons.Name},
		Version: r.Version, Streams: streamsOf(r.Streams), Agents: make([]AgentReport, 0, len(r.Agents)),
		Events: r.Events, Unvalued: r.Unvalued, Unmatched: r.Unmatched, Money: make([]MoneyReport, 0, len(r.Money)),
		Contributions: concentrationOf(r.Contributions), Witnesses: concentrationOf(r.Witnesses), Stewards: concentrationOf(r.Stewards),
		Notes: []string{},
	}
	scales := map[string]int{}
	unknown := int64(0)
	for _, m := range r.Money {
		scales[m.Currency] = m.Scale
		unknown += m.Unknown
		shown := MoneyReport{
			Currency: m.Currency, Income: fixed(m.Income, m.Scale), Declared: known(m.Declared, m.Scale),
			Profit: known(m.Profit, m.Scale), Outside: known(m.Outside, m.Scale), Unknown: m.Unknown,
			Returned: fixed(m.Returned, m.Scale), Kept: fixed(m.Kept, m.Scale), Payouts: concentrationOf(m.Payouts),
			Streams: map[string]string{},
		}
		for stream, sum := range m.Streams {
			shown.Streams[stream] = fixed(sum, m.Scale)
		}
		out.Money = append(out.Money, shown)
	}
	for _, a := range r.Agents {
		shown := AgentReport{
			Agent: v.agent(a.Agent), Streams: streamsOf(a.Streams), Events: a.Events, Unvalued: a.Unvalued,
			Steward: a.Agent.Steward, Witness: a.Witness, Money: make([]AgentMoney, 0, len(a.Money)),
		}
		for _, m := range a.Money {
			scale := scales[m.Currency]
			money := AgentMoney{
				Currency: m.Currency, Returned: fixed(m.Returned, scale), Declared: known(m.Declared, scale),
				Profit: known(m.Profit, scale), Paid: fixed(m.Paid, scale), Outside: known(m.Outside, scale),
			}
			shown.Money = append(shown.Money, money)
		}
		out.Agents = append(out.Agents, shown)
	}
	note := func(what phrase) { out.Notes = append(out.Notes, what.fill(v.lang, what.args)) }
	note(reportValue.with(r.Version))
	note(reportRounded.with())
	if r.Unvalued+r.Unmatched > 0 {
		note(reportUncounted.with(r.Unvalued, r.Unmatched))
	}
	if unknown > 0 {
		note(reportUnknown.with(unknown))
	}
	return out
}

// known writes an amount, and nothing for one that is not known.
func known(amount *ledger.Total, scale int) string {
	if amount == nil {
		return ""
	}
	return fixed(*amount, scale)
}

func streamsOf(s ledger.ByStream) StreamValues {
	return StreamValues{
		Livelihood: decimal(s.Livelihood), Love: decimal(s.Love), Care: decimal(s.Care), Sum: decimal(s.Sum()),
	}
}

func concentrationOf(c ledger.Concentration) Concentration {
	return Concentration{People: c.People, Gini: ratio(c.Gini), Top: ratio(c.Top), Tenth: ratio(c.Tenth)}
}

// ratio writes a share with four decimal places, rounded half away from zero.
func ratio(r *big.Rat) string {
	if r == nil {
		return ""
	}
	return r.FloatString(4)
}
