package graphql

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"
)

// Bounds of the text of a query, and of what it asks for.
const (
	maxTokens  = 100_000
	maxDepth   = 30 // of fields in fields
	maxAliases = 200
	maxAsked   = 5_000 // fields, with fragments written out
	maxNested  = 2     // lists of the schema's own description in one another
)

// weight is what a query asks for.
type weight struct {
	fields  int
	depth   int
	nested  int
	deepest *ast.Position // of the deepest field
}

// weigh reads a query and refuses one that asks for too much. It returns how
// many fields it asks for. A query that is no GraphQL is left to the executor,
// which says what is wrong with it.
func weigh(h Host, query string) (int, error) {
	source := &ast.Source{Input: query}
	if err := countTokens(h, source); err != nil {
		return 0, err
	}
	doc, err := parser.ParseQuery(source)
	if err != nil {
		return 1, nil
	}
	s := scale{fragments: map[string]*weight{}, doc: doc}
	most := 1
	for _, op := range doc.Operations {
		w := s.set(op.SelectionSet, 1)
		switch {
		case w.depth > maxDepth:
			return 0, at(h.Refuse(CodeTooDeep, w.depth, maxDepth), w.deepest)
		case s.aliases > maxAliases:
			return 0, at(h.Refuse(CodeTooMany, s.aliases, WordAliases, maxAliases), s.alias)
		case w.fields > maxAsked:
			return 0, at(h.Refuse(CodeTooMany, w.fields, WordFields, maxAsked), op.Position)
		case w.nested > maxNested:
			return 0, at(h.Refuse(CodeTooDeep, w.nested, maxNested), op.Position)
		}
		most = max(most, w.fields)
	}
	return most, nil
}

func countTokens(h Host, source *ast.Source) error {
	lex := lexer.New(source)
	for n := 0; ; n++ {
		token, err := lex.ReadToken()
		if err != nil || token.Kind == lexer.EOF {
			return nil
		}
		if n == maxTokens {
			return at(h.Refuse(CodeTooMany, n+1, WordTokens, maxTokens), &token.Pos)
		}
	}
}

// placedError is an error with its place in the query.
type placedError struct {
	error
	at *ast.Position
}

// Unwrap returns the error.
func (e placedError) Unwrap() error { return e.error }

func at(err error, p *ast.Position) error { return placedError{err, p} }

func (e placedError) locations() []gqlerror.Location {
	if e.at == nil {
		return nil
	}
	return []gqlerror.Location{{Line: e.at.Line, Column: e.at.Column}}
}

// scale weighs the parts of a query, each fragment once.
type scale struct {
	doc       *ast.QueryDocument
	fragments map[string]*weight
	aliases   int
	alias     *ast.Position // of the first that is one too many
}

// set weighs a selection whose fields are at a depth. Depths of fragments count
// from where they stand.
func (s *scale) set(set ast.SelectionSet, depth int) weight {
	var w weight
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			w.add(s.field(selection, depth))
		case *ast.InlineFragment:
			w.add(s.set(selection.SelectionSet, depth))
		case *ast.FragmentSpread:
			inner := s.fragment(selection.Name)
			inner.depth += depth - 1
			inner.deepest = selection.Position
			w.add(inner)
		}
	}
	return w
}

func (s *scale) field(f *ast.Field, depth int) weight {
	if f.Alias != "" && f.Alias != f.Name {
		if s.aliases++; s.aliases == maxAliases+1 {
			s.alias = f.Position
		}
	}
	inner := s.set(f.SelectionSet, depth+1)
	inner.fields = min(inner.fields+1, maxAsked+1)
	if inner.depth < depth {
		inner.depth, inner.deepest = depth, f.Position
	}
	switch f.Name {
	case "fields", "inputFields", "possibleTypes", "interfaces":
		inner.nested++
	}
	return inner
}

// fragment weighs a fragment as if it stood at depth 1. One that is part of
// itself weighs nothing inside itself; the executor refuses it.
func (s *scale) fragment(name string) weight {
	if known := s.fragments[name]; known != nil {
		return *known
	}
	s.fragments[name] = &weight{}
	for _, f := range s.doc.Fragments {
		if f.Name == name {
			w := s.set(f.SelectionSet, 1)
			s.fragments[name] = &w
		}
	}
	return *s.fragments[name]
}

func (w *weight) add(other weight) {
	w.fields = min(w.fields+other.fields, maxAsked+1)
	w.nested = max(w.nested, other.nested)
	if other.depth > w.depth {
		w.depth, w.deepest = other.depth, other.deepest
	}
}

// exact turns number literals where a Decimal stands into text, so that no digit
// passes through a floating-point number.
func exact(doc *ast.QueryDocument) {
	for _, op := range doc.Operations {
		exactIn(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		exactIn(f.SelectionSet)
	}
}

func exactIn(set ast.SelectionSet) {
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			for _, argument := range selection.Arguments {
				exactValue(argument.Value)
			}
			exactIn(selection.SelectionSet)
		case *ast.InlineFragment:
			exactIn(selection.SelectionSet)
		}
	}
}

func exactValue(v *ast.Value) {
	if v == nil {
		return
	}
	if v.Definition != nil && v.Definition.Name == "Decimal" && (v.Kind == ast.IntValue || v.Kind == ast.FloatValue) {
		v.Kind = ast.StringValue
	}
	for _, child := range v.Children {
		exactValue(child.Value)
	}
}
