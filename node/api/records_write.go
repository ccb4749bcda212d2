package api

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// asked reads the body of a request and the commons that it is for, in which this
// node has to be a member.
func asked[D any](ctx context.Context, s *Server, commons string) (d D, c ledger.Commons, r *referrer, err error) {
	if err := s.readJSON(ctx, &d); err != nil {
		return d, c, nil, err
	}
	c, err = s.ownCommons(ctx, commons)
	return d, c, s.referrer(ctx, c), err
}

func (s *Server) addRecord(class Class) func(context.Context, *InWrite) (*created[Written], error) {
	return func(ctx context.Context, in *InWrite) (*created[Written], error) {
		d, c, r, err := asked[RecordDraft](ctx, s, in.Commons)
		if err != nil {
			return nil, err
		}
		body := r.recordBody(class, d, protocol.EntryID{})
		if err := r.problem(); err != nil {
			return nil, err
		}
		return s.write(ctx, writing{in: in, commons: c, draft: d, body: body, at: "/v1/" + class.Path + "/"})
	}
}

type inAmendment struct {
	InWrite
	Record string `path:"record" doc:"Name, CID or unique prefix of one of at least 8 characters, or its identifier in an imported file" maxLength:"2048"`
}

func (s *Server) amendRecord(class Class) func(context.Context, *inAmendment) (*created[Written], error) {
	return func(ctx context.Context, in *inAmendment) (*created[Written], error) {
		d, c, r, err := asked[RecordDraft](ctx, s, in.Commons)
		if err != nil {
			return nil, err
		}
		if len(d) == 0 {
			return nil, badField("", CodeEmpty)
		}
		record, err := s.record(ctx, in.Commons, class, in.Record)
		if err != nil {
			return nil, err
		}
		body := r.recordBody(class, d, record.ID)
		if err := r.problem(); err != nil {
			return nil, err
		}
		return s.write(ctx, writing{in: &in.InWrite, commons: c, draft: d, body: body, at: "/v1/entries/"})
	}
}
