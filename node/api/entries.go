package api

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/negotiation"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

type inEntries struct {
	InCommons
	Log    string `query:"log" required:"true" doc:"Identifier of the log, or its agent's name" maxLength:"256"`
	From   int64  `query:"from" minimum:"0" maximum:"9223372036854775807" default:"0" doc:"First sequence number"`
	To     int64  `query:"to" minimum:"-1" maximum:"9223372036854775807" default:"-1" doc:"Last sequence number; -1: up to the newest"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"Items of a page"`
	Cursor string `query:"cursor" maxLength:"32" doc:"next of the page before"`
}

func (s *Server) listEntries(ctx context.Context, in *inEntries) (*page[EntryList], error) {
	if in.To >= 0 && in.To < in.From {
		return nil, badParameter("to", CodeRange, phraseBetween.with(in.From, int64(1)<<62))
	}
	first := in.From
	if in.Cursor != "" {
		at, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil || at < in.From || in.To >= 0 && at > in.To {
			return nil, badParameter("cursor", CodeBadParameter, in.Cursor, phraseAnything)
		}
		first = at
	}
	l, err := s.heldLog(ctx, in.Commons, in.Log)
	if err != nil {
		return nil, err
	}
	out := EntryList{Schema: "minga.entries/1", Entries: []Entry{}}
	for e, err := range s.ledger.Entries(ctx, protocol.Range{Log: l.ID, First: first, Last: in.To}) {
		if err != nil {
			return nil, err
		}
		if len(out.Entries) == in.Limit {
			out.Next = strconv.FormatInt(e.Seq, 10)
			break
		}
		status, err := s.ledger.Entry(ctx, e.ID())
		if err != nil {
			return nil, err
		}
		entry, err := s.entryOf(status)
		if err != nil {
			return nil, err
		}
		out.Entries = append(out.Entries, entry)
	}
	return &page[EntryList]{Link: nextLink(ctx, out.Next), Body: out}, nil
}

func (s *Server) entryOf(status ledger.EntryStatus) (Entry, error) {
	e := status.Entry
	body, err := readableBody(e)
	out := Entry{
		Schema: "minga.entry/1", ID: e.ID().String(), Commons: status.Commons.String(),
		State: string(status.State), Reason: string(status.Reason),
		HeldBy:  s.network.HeldBy(status.Commons, e.Head()),
		Version: e.Version, Kind: string(e.Kind), Log: e.Log.String(), Seq: e.Seq, Prev: e.Prev.String(),
		Time: rfc3339(e.Time), Charter: e.Charter, Body: body,
	}
	return out, err
}

type inEntry struct {
	InCommons
	Entry  string `path:"entry" doc:"CID of the entry, or a unique prefix of at least 8 characters" maxLength:"256"`
	Accept string `header:"Accept" doc:"application/json: decoded; application/vnd.ipld.raw: the exact block; application/vnd.ipld.dag-json: DAG-JSON"`
}

type entryAnswer struct {
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Body        []byte
}

func (s *Server) getEntry(ctx context.Context, in *inEntry) (*entryAnswer, error) {
	id, err := s.entryID(ctx, in.Commons, in.Entry)
	if err != nil {
		return nil, err
	}
	status, err := s.ledger.Entry(ctx, id)
	if err != nil {
		return nil, s.fail(ctx, err, in.Entry)
	}
	if _, err := s.readableID(ctx, status.Commons); err != nil {
		return nil, err
	}
	out := &entryAnswer{ETag: strconv.Quote(id.String())}
	out.ContentType = negotiation.SelectQValueFast(in.Accept, []string{"application/json", MediaRaw, MediaDagJSON})
	header := exchangeOf(ctx).w.Header()
	header.Add("Vary", "Accept")
	switch out.ContentType {
	case MediaRaw:
		header.Set("Cache-Control", "private, max-age=31536000, immutable")
		header.Set("Content-Disposition", `attachment; filename="`+id.String()+`.bin"`)
		out.Body = status.Entry.Block()
	case MediaDagJSON:
		header.Set("Cache-Control", "private, max-age=31536000, immutable")
		out.Body, err = dagJSON(status.Entry.Block())
	default:
		out.ContentType, out.ETag = "application/json", ""
		var e Entry
		if e, err = s.entryOf(status); err == nil {
			out.Body, err = encodeJSON(e)
		}
	}
	return out, err
}

func documentEntry(api huma.API) func(*huma.Operation) {
	return func(op *huma.Operation) {
		entry := api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Entry](), true, "")
		binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
		op.Responses["200"] = &huma.Response{
			Description: "The entry",
			Content: map[string]*huma.MediaType{
				"application/json": {Schema: entry},
				MediaRaw:           {Schema: binary},
				MediaDagJSON:       {Schema: &huma.Schema{Type: huma.TypeObject}},
			},
		}
	}
}

// encodeJSON writes v as one line of JSON, with a newline at the end.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return b.Bytes(), err
}
