package api

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// operation is one path and method of the API.
type operation struct {
	id, method, path string
	tag              string
	summary, about   string
	need             powers // of the asker
	status           int    // when it succeeds; 0: 200
	body             any    // the zero value of the JSON body's type, nil for none
	once             bool   // it takes an Idempotency-Key
	edit             func(*huma.Operation)
}

// add registers an operation: it documents it, and puts around the handler what
// all have in common.
func add[I, O any](s *Server, api huma.API, o operation, handle func(context.Context, *I) (*O, error)) {
	op := o.describe(s, api)
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.fail(ctx, err, subjectOf(ctx))
		}
		return out, nil
	})
	o.finish(api)
}

func (o operation) describe(s *Server, api huma.API) huma.Operation {
	op := huma.Operation{
		OperationID: o.id, Method: o.method, Path: o.path, Tags: []string{o.tag},
		Summary: o.summary, Description: o.about, DefaultStatus: o.status,
		Security:    []map[string][]string{{"token": {}}},
		Middlewares: huma.Middlewares{s.admit(api, o)},
		Responses: map[string]*huma.Response{"default": {
			Description: "A problem (RFC 9457); code says which",
			Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "")},
			},
		}},
	}
	if o.need == readPublic {
		op.Security = append(op.Security, map[string][]string{})
	}
	if o.edit != nil {
		o.edit(&op)
	}
	return op
}

// finish documents the body. It comes after registration, since the handlers
// read bodies themselves: strictly, and with texts in the client's language.
func (o operation) finish(api huma.API) {
	if o.body == nil {
		return
	}
	schema := api.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(o.body), true, "")
	op := api.OpenAPI().Paths[o.path].Post
	op.RequestBody = &huma.RequestBody{
		Required: true,
		Content:  map[string]*huma.MediaType{"application/json": {Schema: schema}},
	}
}

// admit lets in who has the powers that the operation needs.
func (s *Server) admit(api huma.API, o operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		p := askerOf(ctx.Context()).allow(o.need)
		switch {
		case p != nil:
		case o.need&write != 0 && s.o.ReadOnly:
			p = problem(CodeReadOnly)
		case !o.once && ctx.Method() == http.MethodPost && ctx.Header("Idempotency-Key") != "":
			p = problem(CodeNoIdempotency)
		}
		if p != nil {
			e := exchangeOf(ctx.Context())
			s.writeProblem(e.w, e.r, p)
			return
		}
		next(ctx)
	}
}

// subjectOf is what the path of the request names.
func subjectOf(ctx context.Context) string {
	r := exchangeOf(ctx).r
	if r == nil {
		return ""
	}
	text := r.URL.EscapedPath()
	text, err := url.PathUnescape(text[strings.LastIndexByte(text, '/')+1:])
	if err != nil {
		return ""
	}
	return text
}

// readJSON reads the JSON body of the request into out.
func (s *Server) readJSON(ctx context.Context, out any) error {
	e := exchangeOf(ctx)
	if media := mediaType(e.r); media != "" && media != "application/json" {
		return problem(CodeMediaType, media, "application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(e.w, e.r.Body, maxBody))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return problem(CodeBodyTooLarge, maxBody)
	}
	if err != nil {
		return s.fail(ctx, err, "")
	}
	bodyIsRead(e)
	if p := decodeStrict(body, out); p != nil {
		return p
	}
	return nil
}

// bodyIsRead takes the deadline for reading away: when it passed later, it
// would look as if the client had gone.
func bodyIsRead(e exchange) {
	_ = http.NewResponseController(e.w).SetReadDeadline(time.Time{})
}

func mediaType(r *http.Request) string {
	header := r.Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(header)
	if err != nil {
		return header
	}
	return media
}

// translate gives every answer its last form: problems in the client's
// language, and the library's own errors as problems.
func (s *Server) translate(ctx huma.Context, _ string, v any) (any, error) {
	lang := languageIn(ctx.Context())
	ctx.SetHeader("Content-Language", lang)
	ctx.AppendHeader("Vary", "Accept-Language")
	switch v := v.(type) {
	case *Problem:
		if v.Status == http.StatusUnauthorized {
			ctx.SetHeader("WWW-Authenticate", `Bearer realm="minga"`)
		}
		return v.in(lang), nil
	case *huma.ErrorModel:
		return s.convert(ctx, v).in(lang), nil
	}
	return v, nil
}

// convert makes a problem of an error of the library: the only ones left are
// those about parameters.
func (s *Server) convert(ctx huma.Context, e *huma.ErrorModel) *Problem {
	if e.Status >= 500 {
		return problem(CodeInternal)
	}
	p := problem(CodeBadParameter)
	p.Status = e.Status
	for _, detail := range e.Errors {
		_, name, _ := strings.Cut(detail.Location, ".")
		p.Errors = append(p.Errors, parameterFault(ctx.Operation(), name, detail.Value))
	}
	return p
}

func parameterFault(op *huma.Operation, name string, value any) ProblemItem {
	for _, param := range op.Parameters {
		if param.Name != name {
			continue
		}
		if text, ok := value.(string); value == nil || ok && text == "" {
			return ProblemItem{Parameter: name, Code: CodeMissing}
		}
		return ProblemItem{Parameter: name, Code: CodeBadParameter, args: []any{sprint(value), wanted(param.Schema)}}
	}
	return ProblemItem{Parameter: name, Code: CodeUnknownParam, args: []any{name}}
}

// wanted says what a parameter's schema allows.
func wanted(schema *huma.Schema) phrase {
	switch {
	case len(schema.Enum) > 0:
		choices := make([]string, len(schema.Enum))
		for i, c := range schema.Enum {
			choices[i] = sprint(c)
		}
		return phraseOneOf.with(strings.Join(choices, ", "))
	case schema.Minimum != nil && schema.Maximum != nil:
		return phraseBetween.with(int64(*schema.Minimum), int64(*schema.Maximum))
	case schema.Type == huma.TypeInteger:
		return phraseInteger.with()
	case schema.Type == huma.TypeBoolean:
		return phraseBool.with()
	}
	return phraseAnything.with()
}
