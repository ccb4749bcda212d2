package graphql

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Handler answers GraphQL over HTTP: queries by GET or POST, mutations by POST,
// one at a time. It may be used from several goroutines.
type Handler struct {
	ledger Ledger
	host   Host
	exec   *executor.Executor
}

// New returns a handler that reads the ledger and asks the host for the rest.
func New(l Ledger, h Host) *Handler {
	exec := executor.New(NewExecutableSchema(Config{Resolvers: roots{}}))
	exec.Use(extension.Introspection{})
	exec.SetErrorPresenter(present)
	exec.SetRecoverFunc(func(_ context.Context, cause any) error { return panicked{cause, debug.Stack()} })
	exec.AroundFields(withoutRepeats)
	return &Handler{ledger: l, host: h, exec: exec}
}

// roots are where the resolvers begin.
type roots struct{}

// Query returns the root of reading.
func (roots) Query() QueryResolver { return query{} }

// Mutation returns the root of writing.
func (roots) Mutation() MutationResolver { return mutation{} }

// panicked is a fault of the program; the host logs it and tells no more than
// that it happened.
type panicked struct {
	cause any
	stack []byte
}

// Error returns what went wrong, for the log.
func (p panicked) Error() string {
	return fmt.Sprintf("a field failed unexpectedly: %v\n%s", p.cause, p.stack)
}

// withoutRepeats says once that a request costs too much, not once for each
// field that was still to be read.
func withoutRepeats(ctx context.Context, next graphql.Resolver) (any, error) {
	out, err := next(ctx)
	if errors.Is(err, errSpent) {
		return nil, nil
	}
	return out, err
}

// present gives an error the form in which clients see it.
func present(ctx context.Context, err error) *gqlerror.Error {
	s := sessionOf(ctx)
	var own *gqlerror.Error
	if errors.As(err, &own) && own.Err == nil {
		return s.library(own)
	}
	var bad valueError
	if errors.As(err, &bad) {
		err = s.host.Refuse(CodeBadValue, bad.value)
	}
	f := s.host.Fail(ctx, err)
	out := &gqlerror.Error{Err: err, Message: f.Message, Path: graphql.GetPath(ctx), Extensions: f.Extra}
	if field := graphql.GetFieldContext(ctx); field != nil && field.Field.Field != nil && field.Field.Position != nil {
		out.Locations = []gqlerror.Location{{Line: field.Field.Position.Line, Column: field.Field.Position.Column}}
	}
	var placed placedError
	if errors.As(err, &placed) {
		out.Locations = placed.locations()
	}
	return out
}

// library gives an error of the library a code of the API: the query is not what
// the schema allows.
func (s *session) library(e *gqlerror.Error) *gqlerror.Error {
	f := s.host.Fail(s.ctx, s.host.Refuse(CodeBadQuery, e.Message))
	e.Extensions = f.Extra
	return e
}

// request is what a client sends.
type request struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := newSession(r.Context(), h.ledger, h.host)
	status, response := h.answer(s, r)
	if strings.Contains(r.Header.Get("Accept"), "application/graphql-response+json") {
		w.Header().Set("Content-Type", "application/graphql-response+json")
		if status == http.StatusOK && response.Data == nil {
			status = http.StatusBadRequest
		}
	} else {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(response)
}

// answer runs a request. The status is not 200 only when nothing was run.
func (h *Handler) answer(s *session, r *http.Request) (int, *graphql.Response) {
	asked, err := h.read(s.ctx, r)
	if err != nil {
		return refusal(s, err)
	}
	if s.asked, err = weigh(h.host, asked.Query); err != nil {
		_, out := refusal(s, err)
		return http.StatusOK, out
	}
	ctx := graphql.StartOperationTrace(s.ctx)
	op, faults := h.exec.CreateOperationContext(ctx, &graphql.RawParams{
		Query: asked.Query, OperationName: asked.OperationName, Variables: asked.Variables, Headers: r.Header,
	})
	if len(faults) > 0 {
		for i := range faults {
			faults[i] = present(s.ctx, faults[i])
		}
		return http.StatusOK, &graphql.Response{Errors: faults}
	}
	if err := h.allowed(s, r, op.Operation); err != nil {
		return refusal(s, err)
	}
	exact(op.Doc)
	run, ctx := h.exec.DispatchOperation(ctx, op)
	response := run(ctx)
	switch {
	case response == nil:
		return refusal(s, ctx.Err())
	case s.spent.Load():
		return http.StatusOK, &graphql.Response{Errors: firstOf(response.Errors)}
	}
	return http.StatusOK, response
}

// firstOf leaves of the errors of a request that cost too much the one that says
// so.
func firstOf(all gqlerror.List) gqlerror.List {
	for _, e := range all {
		if e.Extensions["code"] == string(CodeTooCostly) {
			return gqlerror.List{e}
		}
	}
	return all
}

// allowed reports whether the asker may run the operation.
func (h *Handler) allowed(s *session, r *http.Request, op *ast.OperationDefinition) error {
	switch {
	case op.Operation == ast.Mutation && r.Method != http.MethodPost:
		return h.host.Refuse(CodeGetMutation)
	case op.Operation == ast.Mutation:
		if err := h.host.MayWrite(s.ctx); err != nil {
			return err
		}
	}
	for _, selection := range op.SelectionSet {
		if f, is := selection.(*ast.Field); is && strings.HasPrefix(f.Name, "__") {
			continue
		}
		_, err := s.in()
		return err
	}
	return nil
}

// refusal is the answer to a request that is not run.
func refusal(s *session, err error) (int, *graphql.Response) {
	f := s.host.Fail(s.ctx, err)
	return f.Status, &graphql.Response{Errors: gqlerror.List{present(s.ctx, err)}}
}

// read reads the request out of the body, or of the address.
func (h *Handler) read(ctx context.Context, r *http.Request) (request, error) {
	var in request
	if r.Method == http.MethodGet {
		q := r.URL.Query()
		in.Query, in.OperationName = q.Get("query"), q.Get("operationName")
		if text := q.Get("variables"); text != "" {
			if err := decode([]byte(text), &in.Variables); err != nil {
				return in, h.host.Refuse(CodeBadQuery, err)
			}
		}
	} else {
		body, err := h.host.ReadBody(ctx)
		if err != nil {
			return in, err
		}
		if bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("[")) {
			return in, h.host.Refuse(CodeBatch)
		}
		if err := decode(body, &in); err != nil {
			return in, h.host.Refuse(CodeBadQuery, err)
		}
	}
	if strings.TrimSpace(in.Query) == "" {
		return in, h.host.Refuse(CodeBadQuery, "query: missing")
	}
	return in, nil
}

// decode reads one JSON value, numbers as they are written.
func decode(text []byte, out any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(out); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something stands after the JSON value")
	}
	return nil
}
