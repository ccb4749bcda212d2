package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api/graphql"
	"github.com/minga-commons/minga/protocol"
)

// addGraphQL puts GraphQL at its path, if the ledger answers what it asks.
func (s *Server) addGraphQL(mux *http.ServeMux) {
	l, answers := s.ledger.(graphql.Ledger)
	if !answers {
		return
	}
	handler := graphql.New(l, graphHost{s})
	for _, path := range []string{"/graphql", "/graphql/{$}"} {
		mux.Handle("GET "+path, handler)
		mux.Handle("POST "+path, handler)
	}
}

// graphHost is what the server is for GraphQL.
type graphHost struct{ s *Server }

// Commons returns the commons that the header or the address names, by the rules
// of the rest of the API.
func (h graphHost) Commons(ctx context.Context) (ledger.Commons, error) {
	r := exchangeOf(ctx).r
	named := r.Header.Get("Minga-Commons")
	if named == "" {
		named = r.URL.Query().Get("commons")
	}
	return h.s.commons(ctx, named)
}

// MayWrite returns a problem if the asker may not write.
func (h graphHost) MayWrite(ctx context.Context) error {
	if p := askerOf(ctx).allow(needWrite); p != nil {
		return p
	}
	if h.s.o.ReadOnly {
		return problem(CodeReadOnly)
	}
	return nil
}

// Write submits an entry. An Idempotency-Key counts for the whole request: its
// writes have keys of their own, made of it.
func (h graphHost) Write(ctx context.Context, c ledger.Commons, body protocol.Body, asked any, nth int) (ledger.Written, error) {
	if c.Me.IsZero() {
		return ledger.Written{}, problem(CodeNotMember)
	}
	draft := ledger.Draft{Commons: c.ID, Body: body}
	key := exchangeOf(ctx).r.Header.Get("Idempotency-Key")
	if len(key) > maxKey {
		return ledger.Written{}, badParameter("Idempotency-Key", CodeTooLong, maxKey)
	}
	if key != "" {
		once, err := onceFor(ctx, writing{in: &InWrite{Key: key + "#" + strconv.Itoa(nth)}, commons: c, draft: asked})
		if err != nil {
			return ledger.Written{}, err
		}
		done, free := h.s.flights.start(once.Token + "\x00" + once.Key)
		if !free {
			return ledger.Written{}, problem(CodeRunning)
		}
		defer done()
		draft.Once = once
	}
	return h.s.ledger.Submit(ctx, draft)
}

// Fail says what clients are told of an error.
func (h graphHost) Fail(ctx context.Context, err error) graphql.Failure {
	p := h.s.fail(ctx, err, "").in(languageIn(ctx))
	extra := map[string]any{"code": string(p.Code), "hint": p.Hint}
	if p.Reason != "" {
		extra["reason"] = p.Reason
	}
	if len(p.Candidates) > 0 {
		extra["candidates"] = p.Candidates
	}
	if len(p.Errors) > 0 {
		extra["errors"] = p.Errors
	}
	message := p.Detail
	if message == "" {
		message = p.Title
	}
	return graphql.Failure{Status: p.Status, Message: message, Extra: extra}
}

// Refuse returns the problem of a code.
func (h graphHost) Refuse(code graphql.Code, args ...any) error {
	said := make([]any, len(args))
	for i, arg := range args {
		said[i] = arg
		if word, is := arg.(graphql.Word); is {
			said[i] = graphWords[word]
		}
	}
	return problem(Code(code), said...)
}

// graphWords are words of refusals, and never changed.
var graphWords = map[graphql.Word]text{
	graphql.WordFields:           {"fields", "campos"},
	graphql.WordAliases:          {"aliases", "alias"},
	graphql.WordTokens:           {"tokens", "símbolos"},
	graphql.WordNotPerson:        {"not a person", "no es una persona"},
	graphql.WordNotOrganization:  {"not an organization", "no es una organización"},
	graphql.WordNotSpecification: {"not a resource specification", "no es una especificación de recurso"},
	graphql.WordNotKind:          {"not a record of that kind", "no es una ficha de esa clase"},
}

// ReadBody returns the body of the request.
func (h graphHost) ReadBody(ctx context.Context) ([]byte, error) {
	e := exchangeOf(ctx)
	if media := mediaType(e.r); media != "application/json" {
		return nil, problem(CodeMediaType, media, "application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(e.w, e.r.Body, maxBody))
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return nil, problem(CodeBodyTooLarge, maxBody)
	}
	if err != nil {
		return nil, h.s.fail(ctx, err, "")
	}
	bodyIsRead(e)
	return body, nil
}
