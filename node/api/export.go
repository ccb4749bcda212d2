package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/minga-commons/minga/protocol"
)

// Exporter writes what a commons holds in a form that others read. When the
// Importer is one, /v1/export answers.
type Exporter interface {
	// Export writes one graph of JSON-LD to w as it reads. After an error the
	// graph has no end.
	Export(ctx context.Context, commons protocol.CommonsID, w io.Writer) error
}

type inExport struct {
	InCommons
	Format string `query:"format" enum:"jsonld" default:"jsonld" doc:"The form: jsonld is one graph of ValueFlows"`
}

// export streams a commons. A graph that breaks off has no end.
func (s *Server) export(ctx context.Context, in *inExport) (*huma.StreamResponse, error) {
	exporter, can := s.importer.(Exporter)
	if !can {
		return nil, problem(CodeNoRoute)
	}
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	select {
	case s.streams <- struct{}{}:
	default:
		return nil, problem(CodeTooMany, cap(s.streams))
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		defer func() { <-s.streams }()
		h.SetHeader("Content-Type", MediaJSONLD)
		h.SetHeader("Content-Disposition", `attachment; filename="`+c.ID.String()+`.jsonld"`)
		h.SetStatus(http.StatusOK)
		out := &patientWriter{w: h.BodyWriter(), control: http.NewResponseController(exchangeOf(ctx).w), closing: s.closing}
		if err := exporter.Export(ctx, c.ID, out); err != nil && ctx.Err() == nil {
			s.log(ctx, slog.LevelWarn, err)
		}
	}}, nil
}

// patientWriter gives a client time for each piece of an answer, and ends when
// the server closes.
type patientWriter struct {
	w       io.Writer
	control *http.ResponseController
	closing <-chan struct{}
}

// Write writes the next piece.
func (p *patientWriter) Write(b []byte) (int, error) {
	select {
	case <-p.closing:
		return 0, problem(CodeClosing)
	default:
	}
	_ = p.control.SetWriteDeadline(time.Now().Add(writeTimeout))
	return p.w.Write(b)
}

func documentExport(op *huma.Operation) {
	op.Responses["200"] = &huma.Response{
		Description: "One graph of ValueFlows 1.0, with its context. One that broke off has no end",
		Content:     map[string]*huma.MediaType{MediaJSONLD: {Schema: &huma.Schema{Type: huma.TypeObject}}},
	}
}
