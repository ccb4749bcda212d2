package api

import (
	"context"
	"errors"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// govern writes an entry of the charter log, or proposes it.
func (s *Server) govern(ctx context.Context, in *InWrite, c ledger.Commons, draft any, r *referrer, body protocol.Body) (*created[Written], error) {
	if err := r.problem(); err != nil {
		return nil, err
	}
	return s.write(ctx, writing{in: in, commons: c, draft: draft, body: body, at: "/v1/entries/", log: c.ID.Charter()})
}

func (s *Server) admitLog(ctx context.Context, in *InWrite) (*created[Written], error) {
	d, c, r, err := asked[AdmissionDraft](ctx, s, in.Commons)
	if err != nil {
		return nil, err
	}
	log := protocol.LogID{}
	if id, err := protocol.ParseID(d.Log); err == nil {
		log.EntryID = id // its log need not be held
	} else {
		log = r.log("/log", d.Log)
	}
	return s.govern(ctx, in, c, d, r, &protocol.Admit{Log: log})
}

func (s *Server) remove(ctx context.Context, in *InWrite) (*created[Written], error) {
	d, c, r, err := asked[RemovalDraft](ctx, s, in.Commons)
	if err != nil {
		return nil, err
	}
	body := &protocol.Remove{Seq: d.Seq}
	switch {
	case d.Agent == "" && d.Invite == "":
		r.add("/agent", CodeMissing)
	case d.Agent != "" && d.Invite != "":
		r.add("/invite", CodeExclusive, "agent")
	case d.Invite != "" && d.Seq != 0:
		r.add("/seq", CodeExclusive, "invite")
	case d.Invite != "":
		body.Grant = r.entry("/invite", d.Invite)
	default:
		body.Log = r.log("/agent", d.Agent)
		if body.Seq == 0 {
			body.Seq = r.newest("/agent", d.Agent, body.Log)
		}
	}
	return s.govern(ctx, in, c, d, r, body)
}

// newest returns the seq of the newest entry held of a log.
func (r *referrer) newest(pointer, text string, log protocol.LogID) int64 {
	if log.IsZero() {
		return 0
	}
	held, err := r.s.ledger.Log(r.ctx, log)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
		r.missing = true
		r.add(pointer, CodeUnknownAgent, text)
	case err != nil:
		r.fail(err)
	}
	return held.Held.Seq
}

func (s *Server) bind(ctx context.Context, in *InWrite) (*created[Written], error) {
	d, c, r, err := asked[BindingDraft](ctx, s, in.Commons)
	if err != nil {
		return nil, err
	}
	body := &protocol.Bind{Agent: r.record("/record", d.Record), Log: r.log("/member", d.Member)}
	return s.govern(ctx, in, c, d, r, body)
}
