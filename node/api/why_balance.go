package api

import (
	"context"
	"errors"
	"strings"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

type inWhyBalance struct {
	InBalance
	Limit int64 `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"Events of a contribution and payments of an account that are listed; the others are summed"`
}

func (s *Server) whyBalance(ctx context.Context, in *inWhyBalance) (*answer[Why], error) {
	c, a, err := s.holder(ctx, in.Commons, in.Agent)
	if err != nil {
		return nil, err
	}
	sheet, err := s.ledger.Balance(ctx, c.ID, a.ID)
	if err != nil {
		return nil, s.fail(ctx, err, in.Agent)
	}
	out, err := s.showing(ctx, c).whySheet(a, sheet, eventsListed(in.Limit))
	return &answer[Why]{out}, err
}

// whySheet explains a balance: its contributions, whose leaves are events, then
// its accounts, whose leaves are payments.
func (v showing) whySheet(a ledger.Agent, sheet ledger.Sheet, most int) (Why, error) {
	out := Why{Schema: "minga.why/1", Agent: v.agent(a), Parts: []WhyPart{}}
	lines, err := v.s.ledger.BehindBalance(v.ctx, v.commons.ID, a.ID, most)
	if err != nil {
		return out, err
	}
	for _, line := range lines {
		part, err := v.whyContribution(line)
		if err != nil {
			return out, err
		}
		out.Parts = append(out.Parts, part)
	}
	for _, account := range sheet.Accounts {
		part, err := v.whyAccount(a, account, most)
		if err != nil {
			return out, err
		}
		out.Parts = append(out.Parts, part)
	}
	return out, nil
}

func (v showing) whyContribution(line ledger.ContributionReason) (WhyPart, error) {
	part := WhyPart{
		Kind: "contribution", Text: strings.TrimSpace(line.Action + " " + line.Resource),
		Amount: line.Quantity.String(), Unit: line.Unit, Count: line.Events,
	}
	rest := line.Quantity
	for _, e := range line.Listed {
		leaf, err := v.whyEvent(e.Event, nil)
		if err != nil {
			return part, err
		}
		leaf.Amount, leaf.Unit = e.Quantity.String(), line.Unit
		part.Parts = append(part.Parts, leaf)
		rest = rest.Sub(e.Quantity)
	}
	if left := line.Events - int64(len(line.Listed)); left > 0 {
		part.Parts = append(part.Parts, v.whyRest(left, rest.String(), line.Unit))
	}
	return part, nil
}

// whyAccount explains what is on an account, settled and pending, by its newest
// movements.
func (v showing) whyAccount(a ledger.Agent, account ledger.AccountLine, most int) (WhyPart, error) {
	sum := account.Settled.Add(account.Pending)
	part := WhyPart{
		Kind: "account", Text: whyAccount.fill(v.lang, []any{account.Currency}),
		Amount: fixed(sum, account.Scale), Unit: account.Currency,
	}
	var newest []ledger.Movement
	for p := (ledger.Page{Limit: 1000}); ; {
		list, next, err := v.s.ledger.Statement(v.ctx, v.commons.ID, a.ID, account.Currency, p)
		if err != nil {
			return part, err
		}
		part.Count += int64(len(list))
		newest = append(newest, list...)
		newest = newest[max(0, len(newest)-most):]
		if p.After = next; next == "" {
			break
		}
	}
	rest := sum
	for _, m := range newest {
		leaf, err := v.whyMovement(a, m, account, most)
		if err != nil {
			return part, err
		}
		part.Parts = append(part.Parts, leaf)
		rest = rest.Sub(m.Amount)
	}
	if left := part.Count - int64(len(newest)); left > 0 {
		part.Parts = append(part.Parts, v.whyRest(left, fixed(rest, account.Scale), account.Currency))
	}
	return part, nil
}

// whyMovement explains a movement of money. One that a distribution made opens
// into its buckets.
func (v showing) whyMovement(a ledger.Agent, m ledger.Movement, account ledger.AccountLine, most int) (WhyPart, error) {
	part := WhyPart{
		Kind: "payment", ID: m.Event.ID.String(), Amount: fixed(m.Amount, account.Scale), Unit: account.Currency,
		Time: rfc3339(m.Event.Entry.Time), State: string(m.Event.State),
	}
	other := whyOutside.in(v.lang)
	if !m.Other.ID.IsZero() {
		ref := v.agent(m.Other)
		part.Agent, other = &ref, nameList([]AgentRef{ref})
	}
	say := whyPaidBy
	if m.Amount.IsNegative() {
		say = whyPaidTo
	}
	what := whyMoney.in(v.lang)
	if m.Event.Body != nil && m.Event.Body.Note.String() != "" {
		what = m.Event.Body.Note.String()
	}
	part.Text = say.fill(v.lang, []any{what, other})
	if body, is := m.Event.Entry.Body.(*protocol.Distribution); is {
		return v.whyDistributed(a, m, body, account, part, most)
	}
	return part, nil
}

// whyDistributed opens what a distribution gave an agent into its buckets. It stays
// closed where these do not sum to the movement: what the pool paid out.
func (v showing) whyDistributed(a ledger.Agent, m ledger.Movement, body *protocol.Distribution, account ledger.AccountLine, part WhyPart, most int) (WhyPart, error) {
	part.Kind = "distribution"
	first := body.First
	if first.IsZero() {
		first = m.Event.ID
	}
	d, err := v.s.ledger.Distribution(v.ctx, v.commons.ID, first)
	if err != nil {
		return part, err
	}
	part.ID = first.String()
	part.Text = whyDivided.fill(v.lang, []any{d.Amount, d.Currency})
	if m.Amount.IsNegative() {
		return part, nil
	}
	reasons, err := v.s.ledger.WhyDistribution(v.ctx, v.commons.ID, first, a.ID)
	if errors.Is(err, ledger.ErrUnsettled) || errors.Is(err, ledger.ErrNotFound) {
		return part, nil // this node does not hold the whole cut
	}
	if err != nil {
		return part, err
	}
	why, err := v.why(a.ID, d, reasons, most)
	if err == nil && why.Amount == part.Amount {
		part.Parts = why.Parts
	}
	return part, err
}
