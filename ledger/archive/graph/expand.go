package graph

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/piprate/json-gold/ld"
)

// atKey is a property that every node gets before it goes through the
// processor, so that its place in the file comes out on the other side. No term
// of a file can be taken for its beginning.
const atKey = "http://minga.invalid/at"

// document is one document of a file on its way through the JSON-LD processor.
type document struct {
	scope
	marks     []*item // by number: the mapping that carried the mark
	undefined map[string]bool
}

// expand gives the document to the processor and returns it in expanded form:
// no context, full IRIs, every value in a list.
func (d *document) expand(root *item) (expanded []any, err error) {
	d.collect(root)
	doc := d.convert(root, "", true)
	if d.err != nil {
		return nil, d.err
	}
	defer func() {
		if broken := recover(); broken != nil { // by the library, over a file
			err = &FileError{root.line, root.column, badGraph, []any{shown(fmt.Sprint(broken))}}
		}
	}()
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = loader{}
	options.ExpandContext = pinned()
	expanded, err = ld.NewJsonLdProcessor().Expand(doc, options)
	if err != nil {
		return nil, &FileError{root.line, root.column, badGraph, []any{shown(err.Error())}}
	}
	return expanded, nil
}

// collect reads all contexts first, since a term may be used before the context
// that declares it is met.
func (d *document) collect(i *item) {
	for _, one := range i.items {
		d.collect(one)
	}
	for _, e := range i.entries {
		if e.key == "@context" {
			d.context(e.value, false)
		} else {
			d.collect(e.value)
		}
	}
}

// convert makes of an item what the processor takes. Numbers and truth values
// become text: their properties say what they are, and no number passes through
// a float.
func (d *document) convert(i *item, under string, isNode bool) any {
	switch i.form {
	case scalar:
		if i.long {
			d.slips = append(d.slips, Slip{Line: i.line, Column: i.column, Property: shown(under), Why: textTooLong, Args: []any{maxScalar}, Fault: true})
			return longMark
		}
		return i.text
	case list:
		all := make([]any, 0, len(i.items))
		for _, one := range i.items {
			all = append(all, d.convert(one, under, isNode))
		}
		return all
	case mapping:
		return d.convertMapping(i, isNode)
	}
	return nil
}

// longMark stands for a text that was too long to keep.
const longMark = "\x00"

func (d *document) convertMapping(i *item, isNode bool) any {
	m := make(map[string]any, len(i.entries)+1)
	for _, e := range i.entries {
		keyword := d.keyword(e.key)
		switch keyword {
		case "@context":
			quiet := scope{builder: &builder{}, terms: map[string]string{}, containers: map[string]bool{}}
			m[e.key] = quiet.context(e.value, false)
			continue
		case "@value", "@list", "@set", "@language":
			isNode = false
		case "@id", "@type":
			d.declared(e.value)
		default:
			d.declaredKey(e)
		}
		m[e.key] = d.convert(e.value, e.key, keyword == "@list" || keyword == "@set" || keyword == "@graph" || !d.containers[e.key] && !strings.HasPrefix(keyword, "@"))
	}
	if isNode {
		m[atKey] = strconv.Itoa(len(d.marks))
		d.marks = append(d.marks, i)
	}
	return m
}

// declared reports a prefix that a file uses in an identifier and does not
// declare, once.
func (d *document) declared(i *item) {
	for _, one := range append(i.items, i) {
		if one.form == scalar {
			d.declaredText(one.text, one.line, one.column)
		}
	}
}

func (d *document) declaredKey(e entry) {
	if !strings.HasPrefix(e.key, "@") {
		d.declaredText(e.key, e.line, e.column)
	}
	if p, known := properties[e.key]; known && (p.kind == link || p.kind == links || p.kind == agent || p.kind == agents || p.kind == unit || p.kind == spec) {
		d.declared(e.value)
	}
}

func (d *document) declaredText(text string, line, column int) {
	prefix := prefixOf(text)
	if _, is := d.terms[prefix]; prefix == "" || is || schemes[prefix] || d.undefined[prefix] {
		return
	}
	d.undefined[prefix] = true
	why := prefixUndeclared
	if _, usual := prefixes[prefix]; usual {
		why = prefixUsual
	}
	d.slips = append(d.slips, Slip{Line: line, Column: column, Why: why, Args: []any{shown(prefix)}})
}

// schemes are those of IRIs that need no declaration.
var schemes = map[string]bool{
	"http": true, "https": true, "urn": true, "did": true, "mailto": true, "ipfs": true, "ipns": true, "ipld": true,
	"tag": true, "ni": true, "acct": true, "at": true, "hc": true, "_": true, "data": true, "tel": true, "opening": true,
}

// prefixOf is what stands before the colon of a compact IRI.
func prefixOf(text string) string {
	prefix, rest, found := strings.Cut(text, ":")
	if !found || strings.HasPrefix(rest, "//") || prefix == "" || strings.ContainsAny(prefix, "/#? ") {
		return ""
	}
	return prefix
}
