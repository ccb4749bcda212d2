package api

import (
	"context"
	"encoding/json"
	"net/http"

	"golang.org/x/text/language"
)

type languageKey struct{}

// The languages of texts.
const (
	english = "en"
	spanish = "es"
)

// newMatcher prefers the given language where a client accepts anything.
func newMatcher(preferred string) language.Matcher {
	if preferred == spanish {
		return language.NewMatcher([]language.Tag{language.Spanish, language.English})
	}
	return language.NewMatcher([]language.Tag{language.English, language.Spanish})
}

// languageOf returns the language for a request: ?lang first, then
// Accept-Language, then the node's.
func (s *Server) languageOf(r *http.Request) string {
	switch asked := r.URL.Query().Get("lang"); asked {
	case english, spanish:
		return asked
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return s.o.Language
	}
	tag, _, confidence := s.match.Match(tags...)
	if confidence == language.No {
		return s.o.Language
	}
	base, _ := tag.Base()
	return base.String()
}

func languageIn(ctx context.Context) string {
	if l, ok := ctx.Value(languageKey{}).(string); ok {
		return l
	}
	return english
}

// in returns the problem with its texts in a language.
func (p *Problem) in(lang string) *Problem {
	out := *p
	m := catalogue[p.Code]
	out.Title = m.title.in(lang)
	out.Hint = m.hint.in(lang)
	if out.Detail == "" {
		out.Detail = m.detail.fill(lang, p.args)
	}
	out.Errors = make([]ProblemItem, len(p.Errors))
	for i, item := range p.Errors {
		if item.Detail == "" {
			item.Detail = itemTexts[item.Code].fill(lang, item.args)
		}
		out.Errors[i] = item
	}
	if len(out.Errors) == 0 {
		out.Errors = nil
	}
	return &out
}

// writeProblem answers with a problem outside of any operation.
func (s *Server) writeProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	lang := languageIn(r.Context())
	header := w.Header()
	header.Set("Content-Type", p.ContentType(""))
	header.Set("Content-Language", lang)
	header.Add("Vary", "Accept-Language")
	if p.Status == http.StatusUnauthorized {
		header.Set("WWW-Authenticate", `Bearer realm="minga"`)
	}
	w.WriteHeader(p.Status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(p.in(lang))
}
