package api

import (
	"context"
	"errors"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

func (s *Server) listCharters(ctx context.Context, in *inOne) (*answer[CharterList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	history, err := s.ledger.CharterHistory(ctx, c.ID)
	if err != nil {
		return nil, s.fail(ctx, err, c.Name)
	}
	out := CharterList{Schema: "minga.charters/1", Charters: make([]CharterVersion, 0, len(history))}
	names := s.namesIn(c.ID)
	for _, v := range history {
		out.Charters = append(out.Charters, CharterVersion{
			Schema: "minga.charter/1", Seq: v.Seq, ID: v.ID.String(), Time: rfc3339(v.Time),
			State: string(v.State), Reason: string(v.Reason), Signers: names.agents(v.Signers),
			Doc: readableMap(v.Doc),
		})
	}
	return &answer[CharterList]{out}, nil
}

func (s *Server) proposeCharter(ctx context.Context, in *inOne) (*created[Written], error) {
	var d CharterDraft
	if err := s.readJSON(ctx, &d); err != nil {
		return nil, err
	}
	c, err := s.ownCommons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	doc, err := ledger.CleanCharter(plain(map[string]any(d.Doc)).(map[string]protocol.Value))
	if err != nil {
		return nil, badField("/doc", CodeBadCharter, err)
	}
	p, err := s.ledger.ProposeCharter(ctx, c.ID, doc)
	var bad *ledger.CharterError
	if errors.As(err, &bad) {
		return nil, charterFaults("/doc", bad.Faults, languageIn(ctx))
	}
	if err != nil {
		return nil, s.fail(ctx, err, c.Name)
	}
	return s.proposed(ctx, c, p, "/v1/entries/")
}
