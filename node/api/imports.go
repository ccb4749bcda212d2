package api

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Bounds of what is read of a body once its import has ended.
const (
	drainBytes   = 4 << 20
	drainTimeout = 500 * time.Millisecond
)

// progressEvery is after how many lines an import tells how far it is.
const progressEvery = 1000

type inImport struct {
	InCommons
	DryRun  bool `query:"dryRun" doc:"Write nothing, tell what would become of each line"`
	Correct bool `query:"correct" doc:"Record a correction for a line that changed since it was imported; of CSV"`
	Partial bool `query:"partial" doc:"Write what is good of a graph, also where something else is not"`
}

// importLines streams a body into the ledger while its answer streams out.
func (s *Server) importLines(ctx context.Context, in *inImport) (*huma.StreamResponse, error) {
	e := exchangeOf(ctx)
	format, known := importFormats[mediaType(e.r)]
	if !known {
		return nil, problem(CodeMediaType, mediaType(e.r), MediaCSV+", "+MediaYAML+", "+MediaJSONLD)
	}
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	if c.Me.IsZero() {
		return nil, problem(CodeNotMember)
	}
	select {
	case s.streams <- struct{}{}:
	default:
		return nil, problem(CodeTooMany, cap(s.streams))
	}
	ctx, stop := context.WithCancel(ctx)
	run := &importRun{s: s, ctx: ctx, e: e, dryRun: in.DryRun}
	run.end = sync.OnceFunc(func() { stop(); run.stop(); <-s.streams })
	begun := false
	defer func() {
		if !begun {
			run.end()
		}
	}()
	if err := run.begin(ImportOptions{Commons: c.ID, DryRun: in.DryRun, Correct: in.Correct, Partial: in.Partial, Format: format}); err != nil {
		return nil, err
	}
	begun = true
	return &huma.StreamResponse{Body: run.answer}, nil
}

// importRun is one import. Its first line is awaited before the answer begins,
// so that a file that is none gets a problem as its answer.
type importRun struct {
	s      *Server
	ctx    context.Context
	e      exchange
	dryRun bool
	end    func()
	stop   func()
	next   func() (ImportLine, error, bool)
	line   ImportLine
	more   bool
}

func (r *importRun) begin(o ImportOptions) error {
	control := http.NewResponseController(r.e.w)
	// The answer begins before the body has ended.
	err := control.EnableFullDuplex()
	r.stop = func() {}
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	body := &patientReader{r: r.e.r.Body, control: control, closing: r.s.closing}
	go func() {
		select {
		case <-r.s.closing:
			_ = control.SetReadDeadline(time.Now())
		case <-r.ctx.Done():
		}
	}()
	r.next, r.stop = iter.Pull2(r.s.importer.Import(r.ctx, body, o))
	if r.line, err, r.more = r.next(); r.more && err != nil {
		r.drain()
		return fileProblem(err)
	}
	return nil
}

func (r *importRun) answer(h huma.Context) {
	defer r.end()
	h.SetHeader("Content-Type", MediaNDJSON)
	h.SetStatus(http.StatusOK)
	out := importWriter{
		s: r.s, ctx: r.ctx, control: http.NewResponseController(r.e.w), w: h.BodyWriter(), dryRun: r.dryRun,
	}
	var err error
	for r.more && err == nil {
		if out.line(r.line) != nil {
			return
		}
		r.line, err, r.more = r.next()
	}
	r.end() // before the summary: whoever reads it may begin the next import
	out.end(err)
	r.drain()
}

// drain takes in some of what the client still sends. A connection that is
// closed over unread bytes is reset, and the answer may be lost with it.
func (r *importRun) drain() {
	_ = http.NewResponseController(r.e.w).SetReadDeadline(time.Now().Add(drainTimeout))
	_, _ = io.CopyN(io.Discard, r.e.r.Body, drainBytes)
}

// patientReader lets a client take its time between two pieces of a body, and
// not for ever. It ends when the server closes.
type patientReader struct {
	r       io.Reader
	control *http.ResponseController
	closing <-chan struct{}
}

// Read reads the next piece.
func (p *patientReader) Read(b []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Now().Add(bodyTimeout))
	select {
	case <-p.closing:
		return 0, problem(CodeClosing)
	default:
	}
	n, err := p.r.Read(b)
	if err != nil {
		_ = p.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// importWriter writes the answer of an import and keeps count.
type importWriter struct {
	s       *Server
	ctx     context.Context
	control *http.ResponseController
	w       io.Writer
	dryRun  bool
	sum     ImportSummary
}

func (o *importWriter) line(l ImportLine) error {
	if l.Slip != nil {
		return o.slip(l)
	}
	o.sum.Lines++
	o.sum.Agents += l.Agents
	told := o.dryRun
	switch l.Outcome {
	case ImportWritten:
		o.sum.Written++
	case ImportRepeated:
		o.sum.Repeated++
	case ImportElsewhere:
		o.sum.Elsewhere++
		told = true
	case ImportCorrected:
		o.sum.Corrected++
		told = true
	case ImportChanged:
		o.sum.Changed++
		told = true
	case ImportLeft:
		o.sum.Left++
	default:
		o.sum.Refused++
		told = true
	}
	if told {
		row := ImportRow{
			Schema: "minga.import-row/1", Line: l.Line, Source: l.Source, Outcome: l.Outcome, Class: l.Class,
			ID: l.ID.String(), Code: l.Code, Column: l.Column, Reason: rowReason(languageIn(o.ctx), l),
		}
		if err := o.write(row); err != nil {
			return err
		}
	}
	if o.sum.Lines%progressEvery == 0 {
		return o.write(ImportProgress{Schema: "minga.import-progress/1", Lines: o.sum.Lines})
	}
	return nil
}

func (o *importWriter) end(err error) {
	o.sum.Schema, o.sum.DryRun = "minga.import/1", o.dryRun
	if err != nil {
		o.sum.Problem = o.s.fail(o.ctx, fileProblem(err), "").in(languageIn(o.ctx))
	}
	_ = o.write(o.sum)
}

func (o *importWriter) write(v any) error {
	_ = o.control.SetWriteDeadline(time.Now().Add(writeTimeout))
	text, err := encodeJSON(v)
	if err != nil {
		return err
	}
	if _, err := o.w.Write(text); err != nil {
		return err
	}
	return o.control.Flush()
}

func documentImport(api huma.API) func(*huma.Operation) {
	return func(op *huma.Operation) {
		schemas := api.OpenAPI().Components.Schemas
		op.Responses["200"] = &huma.Response{
			Description: "One JSON object on each line: what became of the lines, now and then how far it is, and at the end a summary",
			Content: map[string]*huma.MediaType{MediaNDJSON: {Schema: &huma.Schema{OneOf: []*huma.Schema{
				schemas.Schema(reflect.TypeFor[ImportRow](), true, ""),
				schemas.Schema(reflect.TypeFor[ImportSlip](), true, ""),
				schemas.Schema(reflect.TypeFor[ImportProgress](), true, ""),
				schemas.Schema(reflect.TypeFor[ImportSummary](), true, ""),
			}}}},
		}
	}
}
