package graph

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/piprate/json-gold/ld"
)

// contextText is the context of this project: every term that Export writes,
// and what Read takes the terms of a file for unless the file says otherwise.
//
//go:embed context.jsonld
var contextText []byte

// pinned returns the value of @context in contextText.
var pinned = sync.OnceValue(func() any {
	var doc map[string]any
	if err := json.Unmarshal(contextText, &doc); err != nil {
		panic(fmt.Errorf("the embedded context: %w", err)) // a test reads it
	}
	return doc["@context"]
})

// loader knows the contexts of ValueFlows and nothing else. It opens no
// connection.
type loader struct{}

// LoadDocument returns the pinned context for an address of ValueFlows.
func (loader) LoadDocument(address string) (*ld.RemoteDocument, error) {
	if !knownContext(address) {
		return nil, ld.NewJsonLdError(ld.LoadingRemoteContextFailed, address)
	}
	return &ld.RemoteDocument{DocumentURL: address, Document: map[string]any{"@context": pinned()}}, nil
}

func knownContext(address string) bool {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		return false
	}
	for _, host := range []string{"w3id.org/valueflows", "www.valueflo.ws/", "valueflo.ws/", "vocab.valueflo.ws/"} {
		if strings.HasPrefix(rest, host) {
			return true
		}
	}
	return false
}

// scope gathers what the contexts of a file declare, before they are processed.
type scope struct {
	*builder
	terms      map[string]string // term to IRI or keyword, as written
	containers map[string]bool   // terms whose values are maps of another kind
	contexts   int
	scoped     int // terms inside the contexts of terms
}

// Bounds of the contexts of a file. Each context inside another costs a copy of
// all terms, and one that belongs to a term costs that again at every use.
const (
	maxTerms    = 4096
	maxScoped   = 256
	maxContexts = 1 << 14
)

// context converts a context for the processor and gathers what it says.
func (s *scope) context(i *item, inTerm bool) any {
	switch i.form {
	case scalar:
		if !knownContext(i.text) {
			s.fail(i.line, i.column, unknownContext, shown(i.text))
		}
		for prefix, space := range prefixes { // the pinned context has them
			s.terms[prefix] = space
		}
		return i.text
	case list:
		all := make([]any, 0, len(i.items))
		for _, one := range i.items {
			all = append(all, s.context(one, inTerm))
		}
		return all
	case mapping:
		return s.declare(i, inTerm)
	}
	return nil
}

func (s *scope) declare(i *item, inTerm bool) any {
	s.contexts++
	m := make(map[string]any, len(i.entries))
	for _, e := range i.entries {
		if e.key == "@import" {
			s.fail(e.line, e.column, unknownContext, shown(e.value.text))
		}
		if strings.Contains(e.key, "@") && !strings.HasPrefix(e.key, "@") {
			s.slips = append(s.slips, Slip{Line: e.line, Column: e.column, Why: contextKey, Args: []any{shown(e.key)}})
		}
		if inTerm {
			s.scoped++
		}
		m[e.key] = s.term(e.key, e.value)
	}
	if len(s.terms) > maxTerms || s.scoped > maxScoped || s.contexts > maxContexts || s.contexts > 64 && s.contexts*len(s.terms) > 1<<21 {
		s.fail(i.line, i.column, contextTooLarge)
	}
	return m
}

func (s *scope) term(name string, i *item) any {
	switch i.form {
	case scalar:
		if !strings.HasPrefix(name, "@") {
			s.terms[name] = i.text
		}
		return native(i)
	case mapping:
		m := make(map[string]any, len(i.entries))
		s.terms[name] = ""
		for _, e := range i.entries {
			switch e.key {
			case "@context":
				m[e.key] = s.context(e.value, true)
				continue
			case "@id":
				s.terms[name] = e.value.text
			case "@container":
				s.containers[name] = s.containers[name] || !plainContainer(e.value)
			}
			m[e.key] = s.term("@", e.value)
		}
		return m
	case list:
		all := make([]any, 0, len(i.items))
		for _, one := range i.items {
			all = append(all, s.term("@", one))
		}
		return all
	}
	return nil
}

// plainContainer reports whether a container leaves the values of a term what
// they are: a list or a set of them.
func plainContainer(i *item) bool {
	for _, one := range append(i.items, i) {
		if one.form == scalar && one.text != "@list" && one.text != "@set" {
			return false
		}
	}
	return true
}

// native is a scalar as JSON has it in a context.
func native(i *item) any {
	switch {
	case i.bare && i.text == "true":
		return true
	case i.bare && i.text == "false":
		return false
	case i.bare && (i.text == "1.1" || i.text == "1.0"):
		return 1.1
	}
	return i.text
}

// keyword returns the keyword that a key stands for, or the key.
func (s *scope) keyword(key string) string {
	if target, declared := s.terms[key]; declared {
		if strings.HasPrefix(target, "@") {
			return target
		}
		return key
	}
	switch key {
	case "id":
		return "@id"
	case "type":
		return "@type"
	}
	return key
}
