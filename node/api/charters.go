package api

import (
	"context"
	"encoding/json"
	"strconv"

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
	r := s.referrer(ctx, c)
	doc := r.document("/doc", d.Doc)
	if err := r.problem(); err != nil {
		return nil, err
	}
	p, err := s.ledger.ProposeCharter(ctx, c.ID, doc)
	if err != nil {
		return nil, s.fail(ctx, err, c.Name)
	}
	return s.proposed(ctx, c, p, "/v1/entries/")
}

// document turns JSON into plain data of the format.
func (r *referrer) document(pointer string, m map[string]any) map[string]protocol.Value {
	out := make(map[string]protocol.Value, len(m))
	for name, v := range m {
		out[name] = r.plain(pointer+"/"+escapePointer(name), v)
	}
	return out
}

func (r *referrer) plain(pointer string, v any) protocol.Value {
	switch v := v.(type) {
	case string, bool:
		return v
	case json.Number:
		n, err := v.Int64()
		if err != nil {
			r.add(pointer, CodeWrongType, phraseNoFloat)
		}
		return n
	case []any:
		list := make([]protocol.Value, len(v))
		for i, item := range v {
			list[i] = r.plain(pointer+"/"+strconv.Itoa(i), item)
		}
		return list
	case map[string]any:
		return r.document(pointer, v)
	}
	r.add(pointer, CodeMissing)
	return nil
}
