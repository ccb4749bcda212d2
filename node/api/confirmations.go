package api

import (
	"context"

	"github.com/minga-commons/minga/protocol"
)

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
