package api

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// maxTargets bounds on how many entries one request gives a verdict.
const maxTargets = 1000

type inConfirmations struct {
	InCommons
	InPage
	Target string `query:"target" doc:"CID of the entry confirmed, or a unique prefix of at least 8 characters; default: all" maxLength:"256"`
}

func (s *Server) listConfirmations(ctx context.Context, in *inConfirmations) (*page[ConfirmationList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	var target protocol.EntryID
	if in.Target != "" {
		if target, err = s.entryID(ctx, c.ID.String(), in.Target); err != nil {
			return nil, err
		}
	}
	list, next, err := s.ledger.Confirmations(ctx, c.ID, target, in.page())
	if err != nil {
		return nil, s.fail(ctx, err, in.Target)
	}
	out := ConfirmationList{Schema: "minga.confirmations/1", Confirmations: make([]Confirmation, 0, len(list)), Next: next}
	names := s.namesIn(c.ID)
	for _, v := range list {
		author, err := names.ref(ctx, v.Author)
		if err != nil {
			return nil, err
		}
		out.Confirmations = append(out.Confirmations, Confirmation{
			Schema: "minga.confirmation/1", ID: v.ID.String(), Target: v.Target.String(), Author: author,
			Verdict: string(v.Verdict), Reason: v.Reason, Time: rfc3339(v.Time),
			State: string(v.State), Why: string(v.Why),
		})
	}
	return &page[ConfirmationList]{Link: nextLink(ctx, next), Body: out}, nil
}

// verdicts returns everything that was said of an entry.
func (s *Server) verdicts(ctx context.Context, names *names, commons protocol.CommonsID, target protocol.EntryID) ([]Verdict, error) {
	var all []Verdict
	page := ledger.Page{Limit: 1000}
	for {
		list, next, err := s.ledger.Confirmations(ctx, commons, target, page)
		if err != nil {
			return nil, err
		}
		for _, v := range list {
			author, err := names.ref(ctx, v.Author)
			if err != nil {
				return nil, err
			}
			all = append(all, Verdict{
				ID: v.ID.String(), Author: author, Verdict: string(v.Verdict), Reason: v.Reason,
				Time: rfc3339(v.Time), State: string(v.State), Steward: v.Steward,
			})
		}
		if page.After = next; next == "" {
			return all, nil
		}
	}
}

func eventStandingOf(s ledger.EventStanding) *EventStanding {
	if s.State == "" {
		return nil
	}
	out := &EventStanding{
		State: s.State, Count: s.Count, Required: s.Required, By: "members", Window: s.Window,
		Charter: s.Charter, Own: s.Admission,
	}
	if s.ByStewards {
		out.By = "stewards"
	}
	if s.Until != 0 {
		out.Until = rfc3339(s.Until)
	}
	if s.Since != 0 {
		out.Since = rfc3339(s.Since)
	}
	if r := s.Rule; r != nil {
		out.Rule = &EventStandingRule{Action: r.Action, Resource: r.Resource, Process: r.Process, Plan: r.Plan}
		if r.Above != nil {
			out.Rule.Above, out.Rule.Per = r.Above.String(), r.Per
		}
	}
	return out
}

// addConfirmations gives one verdict on several entries.
func (s *Server) addConfirmations(ctx context.Context, in *InCommons) (*answer[Confirmed], error) {
	var d ConfirmationsDraft
	if err := s.readJSON(ctx, &d); err != nil {
		return nil, err
	}
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	if c.Me.IsZero() {
		return nil, problem(CodeNotMember)
	}
	if len(d.Targets) == 0 || len(d.Targets) > maxTargets {
		return nil, problem(CodeInvalid, sayTargets)
	}
	out := Confirmed{Schema: "minga.confirmed/1", Results: make([]ConfirmedTarget, len(d.Targets))}
	var targets []protocol.EntryID
	var places []int
	refuse := func(i int, err error) {
		out.Refused++
		out.Results[i].Refused = s.fail(ctx, err, d.Targets[i]).in(languageIn(ctx)).Detail
	}
	for i, text := range d.Targets {
		out.Results[i].Target = text
		id, err := s.entryID(ctx, c.ID.String(), text)
		if err != nil {
			refuse(i, err)
			continue
		}
		out.Results[i].Target = id.String()
		targets, places = append(targets, id), append(places, i)
	}
	said, err := s.ledger.Say(ctx, c.ID, targets, protocol.Verdict(d.Verdict), d.Reason)
	if err != nil {
		return nil, s.fail(ctx, err, c.Name)
	}
	for n, w := range said {
		if w.Err != nil {
			refuse(places[n], w.Err)
			continue
		}
		at := &out.Results[places[n]]
		at.ID, at.State, at.Repeated = w.Entry.ID().String(), string(w.State), w.Repeated
		if w.Repeated {
			out.Repeated++
		} else {
			out.Written++
		}
	}
	return &answer[Confirmed]{out}, nil
}

func (s *Server) addConfirmation(ctx context.Context, in *InWrite) (*created[Written], error) {
	var d ConfirmationDraft
	if err := s.readJSON(ctx, &d); err != nil {
		return nil, err
	}
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	r := s.referrer(ctx, c)
	body := &protocol.Confirm{
		Target: r.entry("/target", d.Target), Verdict: protocol.Verdict(d.Verdict),
		Reason: protocol.PlainText(d.Reason),
	}
	if err := r.problem(); err != nil {
		return nil, err
	}
	return s.write(ctx, writing{in: in, commons: c, draft: d, body: body, at: "/v1/entries/"})
}
