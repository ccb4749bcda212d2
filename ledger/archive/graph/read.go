package graph

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strings"
)

// Read reads a graph. Slips are no errors; those that are faults say which
// nodes cannot go in. The error is a *FileError, which wraps ErrBadFile, or the
// file's own.
func Read(file io.Reader, format Format) (*Graph, error) {
	var data bytes.Buffer
	if _, err := io.CopyN(&data, file, MaxFile+1); err != nil && err != io.EOF {
		return nil, err
	}
	docs, slips, err := parse(data.Bytes(), format)
	if err != nil {
		return nil, err
	}
	r := &reader{graph: &Graph{Slips: slips, Prefixes: map[string]string{}}}
	for _, doc := range docs {
		if err := r.read(doc); err != nil {
			return nil, err
		}
	}
	r.finish()
	if len(r.graph.Nodes) == 0 {
		return nil, &FileError{Why: noNodes}
	}
	return r.graph, nil
}

// reader makes nodes of expanded documents.
type reader struct {
	graph    *Graph
	doc      *document
	unnamed  int
	inverses []inverseLink
	units    map[string]string // of the units that the file describes, by text and identifier: their texts
}

// inverseLink is a node named by another one through an inverse property.
type inverseLink struct {
	from     *Node
	property *Property
	of       string // the property by which it should name the other
	to       string
}

func (r *reader) read(root *item) error {
	b := &builder{}
	r.doc = &document{
		scope:     scope{builder: b, terms: map[string]string{}, containers: map[string]bool{}},
		undefined: map[string]bool{},
	}
	expanded, err := r.doc.expand(root)
	if err != nil {
		return err
	}
	for term, target := range r.doc.terms {
		if strings.Contains(target, ":") {
			r.graph.Prefixes[term] = target
		}
	}
	r.graph.Slips = append(r.graph.Slips, b.slips...)
	r.units = map[string]string{}
	r.findUnits(expanded)
	r.walk(expanded)
	return nil
}

// findUnits notes the units that an expanded list describes, so that quantities
// before them may name them too.
func (r *reader) findUnits(nodes []any) {
	for _, one := range nodes {
		m, is := one.(map[string]any)
		if !is {
			continue
		}
		if inner, is := m["@graph"].([]any); is {
			r.findUnits(inner)
		}
		types, _ := m["@type"].([]any)
		if !slices.ContainsFunc(types, func(t any) bool { iri, _ := t.(string); return local(strings.TrimSpace(iri)) == "Unit" }) {
			continue
		}
		said := map[string]string{}
		for iri := range m {
			if values, is := m[iri].([]any); is && len(values) > 0 {
				if v, is := values[0].(map[string]any); is {
					said[nameOf(iri)], _ = v["@value"].(string)
				}
			}
		}
		text := cmp.Or(local(said["omUnitIdentifier"]), said["name"], said["label"])
		if text == "" {
			continue
		}
		r.units[text] = text
		if id, is := m["@id"].(string); is {
			r.units[strings.TrimSpace(id)] = text
		}
	}
}

// walk reads the nodes of an expanded list, and of the graphs in it.
func (r *reader) walk(nodes []any) {
	for _, one := range nodes {
		m, is := one.(map[string]any)
		if !is {
			continue
		}
		if inner, is := m["@graph"].([]any); is {
			r.walk(inner)
			delete(m, "@graph")
			if onlyReference(m) {
				continue
			}
		}
		r.node(m)
	}
}

// node reads one expanded node object, with those nested in it behind it.
func (r *reader) node(m map[string]any) *Node {
	n, source := r.header(m)
	r.graph.Nodes = append(r.graph.Nodes, n)
	r.fill(n, m, source)
	return n
}

// header reads the identifier, class and place of a node object.
func (r *reader) header(m map[string]any) (*Node, *item) {
	source := r.doc.source(m)
	n := &Node{Line: source.line, Column: source.column}
	n.ID, _ = m["@id"].(string)
	n.ID = strings.TrimSpace(n.ID)
	var names, iris []string
	types, _ := m["@type"].([]any)
	for _, t := range types {
		if iri, is := t.(string); is {
			iris = append(iris, strings.TrimSpace(iri))
			names = append(names, local(strings.TrimSpace(iri)))
		}
	}
	for _, name := range names {
		if _, known := classes[name]; known {
			n.Class = name
			break
		}
	}
	if n.Class == "" && len(names) > 0 {
		n.Class = iris[0]
		if !strings.Contains(n.Class, ":") || strings.Contains(n.Class, "valueflo") { // in the ledger, a class without a colon is ValueFlows' own
			n.Class = vfSpace + names[0]
		}
		r.slip(n, nil, classUnknown, shown(n.Class))
	}
	if len(names) > 1 {
		r.slip(n, nil, classSeveral, shown(n.Class))
	}
	if n.Class == "Organisation" {
		n.Class = "Organization"
	}
	n.becomes = classes[n.Class]
	return n, source
}

// source is the mapping from which a node object came.
func (d *document) source(m map[string]any) *item {
	if values, is := m[atKey].([]any); is && len(values) > 0 {
		if v, is := values[0].(map[string]any); is {
			if text, is := v["@value"].(string); is {
				if at := number(text); at >= 0 && at < len(d.marks) {
					return d.marks[at]
				}
			}
		}
	}
	return &item{form: mapping}
}

func number(text string) int {
	n := 0
	for _, c := range []byte(text) {
		if c < '0' || c > '9' || n > maxItems {
			return -1
		}
		n = 10*n + int(c-'0')
	}
	return n
}

// fill reads the properties of a node object in the order of the file.
func (r *reader) fill(n *Node, m map[string]any, source *item) {
	type pair struct {
		iri, name string
		place     entry
	}
	var pairs []pair
	for iri := range m {
		if strings.HasPrefix(iri, "@") || iri == atKey {
			continue
		}
		name := nameOf(iri)
		pairs = append(pairs, pair{iri, name, r.doc.place(source, iri, name)})
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.place.line, b.place.line), cmp.Compare(a.place.column, b.place.column), cmp.Compare(a.iri, b.iri))
	})
	for _, p := range pairs {
		values, _ := m[p.iri].([]any)
		r.property(n, Property{Name: p.name, Line: p.place.line, Column: p.place.column}, values)
	}
	if reverse, is := m["@reverse"].(map[string]any); is {
		r.reverse(n, reverse)
	}
}

// reverse reads the nodes that name this one.
func (r *reader) reverse(n *Node, m map[string]any) {
	names := make([]string, 0, len(m))
	for iri := range m {
		names = append(names, iri)
	}
	slices.Sort(names)
	for _, iri := range names {
		p := &Property{Name: nameOf(iri), Line: n.Line, Column: n.Column}
		values, _ := m[iri].([]any)
		for _, v := range values {
			if inner, is := v.(map[string]any); is {
				r.inverses = append(r.inverses, inverseLink{n, p, p.Name, r.nested(n, inner)})
			}
		}
	}
}

// place finds the key of a mapping that became a property.
func (d *document) place(source *item, iri, name string) entry {
	var near *entry
	for at := range source.entries {
		e := &source.entries[at]
		_, tail, _ := strings.Cut(e.key, ":")
		switch target := d.terms[e.key]; {
		case e.key == iri || e.key == name || tail == name && tail != "":
			return *e
		case target != "" && (target == iri || local(target) == name || strings.HasSuffix(iri, lastPart(target))):
			near = e
		case lastPart(iri) == e.key:
			near = e
		}
	}
	if near != nil {
		return *near
	}
	return entry{line: source.line, column: source.column}
}

func lastPart(iri string) string { return iri[strings.LastIndexAny(iri, "#/:")+1:] }

// nameOf is the name of a property in ValueFlows, or its IRI.
func nameOf(iri string) string {
	if name, known := iriNames[iri]; known {
		return name
	}
	return local(iri)
}

// iriNames has the properties that stand in other namespaces.
var iriNames = func() map[string]string {
	m := map[string]string{}
	for name, p := range properties {
		if p.iri != "" {
			m[p.iri] = name
		}
	}
	return m
}()

// nested reads a node object that stands as a value, and returns the identifier
// by which it is meant. One that says nothing but its identifier is a reference.
func (r *reader) nested(n *Node, m map[string]any) string {
	if id, is := m["@id"].(string); is && onlyReference(m) {
		return strings.TrimSpace(id)
	}
	inner := r.node(m)
	if inner.ID == "" {
		r.unnamed++
		inner.ID = unnamedID(r.unnamed)
	}
	return inner.ID
}

func onlyReference(m map[string]any) bool {
	for key := range m {
		if key != "@id" && key != atKey {
			return false
		}
	}
	return true
}

func (r *reader) slip(n *Node, p *Property, why Why, args ...any) { r.report(n, p, why, false, args) }
func (r *reader) fault(n *Node, p *Property, why Why, args ...any) {
	r.report(n, p, why, true, args)
}

func (r *reader) report(n *Node, p *Property, why Why, fault bool, args []any) {
	s := Slip{Line: n.Line, Column: n.Column, Node: n.ID, Why: why, Args: args, Fault: fault}
	if s.Node == "" {
		s.Node = n.within
	}
	if p != nil {
		s.Property = shown(p.Name)
		if p.Line > 0 {
			s.Line, s.Column = p.Line, p.Column
		}
	}
	n.faulty = n.faulty || fault
	r.graph.Slips = append(r.graph.Slips, s)
}
