package api

import (
	"context"
)

type inInbox struct {
	InCommons
	From  string `query:"from" maxLength:"256" doc:"Only contributions of this agent: name, identifier or unique prefix of one"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many of each"`
}

func (s *Server) getInbox(ctx context.Context, in *inInbox) (*answer[Inbox], error) {
	c, err := s.ownCommons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	from, err := s.agentNamed(ctx, c, in.From)
	if err != nil {
		return nil, err
	}
	box, err := s.ledger.Inbox(ctx, c.ID, from, in.Limit)
	if err != nil {
		return nil, s.fail(ctx, err, c.Name)
	}
	out := Inbox{
		Schema: "minga.inbox/1", Commons: CommonsRef{ID: c.ID.String(), Name: c.Name},
		ToConfirm: make([]Event, 0, len(box.ToConfirm)), ToAccept: make([]Declaration, 0, len(box.ToAccept)),
		Unseen: box.Unseen,
	}
	names := s.namesIn(c.ID)
	for _, e := range box.ToConfirm {
		event, err := eventOf(ctx, names, e)
		if err != nil {
			return nil, err
		}
		out.ToConfirm = append(out.ToConfirm, event)
	}
	for _, d := range box.ToAccept {
		out.ToAccept = append(out.ToAccept, declarationOf(d))
	}
	if box.ToServe != nil {
		set := witnessSetOf(names, *box.ToServe)
		out.ToServe = &set
	}
	out.ToApprove, err = s.proposalsOf(ctx, names, box.ToApprove)
	return &answer[Inbox]{out}, err
}
