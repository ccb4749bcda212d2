package api

import (
	"context"
)

type inInbox struct {
	InCommons
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many of each"`
}

func (s *Server) getInbox(ctx context.Context, in *inInbox) (*answer[Inbox], error) {
	c, err := s.ownCommons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	box, err := s.ledger.Inbox(ctx, c.ID, in.Limit)
	if err != nil {
		return nil, s.fail(ctx, err, c.Name)
	}
	out := Inbox{
		Schema: "minga.inbox/1", Commons: CommonsRef{ID: c.ID.String(), Name: c.Name},
		ToConfirm: make([]Event, 0, len(box.ToConfirm)), ToAccept: make([]Declaration, 0, len(box.ToAccept)),
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
