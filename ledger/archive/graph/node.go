package graph

// Graph is a file that was read.
type Graph struct {
	Nodes    []*Node           // in the order in which they stand in the file
	Slips    []Slip            // by line
	Prefixes map[string]string // that the file declares
}

// Node is something that a file states. An identifier that it states twice is
// two nodes.
type Node struct {
	ID           string // an IRI; empty or "_:..." if the file gives none that would last
	Class        string // name in ValueFlows, or an IRI
	Line, Column int
	Properties   []Property // in the order of the file, each name once

	becomes becomes
	faulty  bool   // a slip about it is a fault
	within  string // the identifier of the node in which it stands, without one of its own
}

// Property is what a node says under one name.
type Property struct {
	Name         string // in ValueFlows, or an IRI
	Line, Column int
	Values       []Value

	def   property
	known bool
}

// Value is one value of a property: text as it was written, a reference to a
// node, or a node without a name of its own.
type Value struct {
	Text      string
	Ref       bool // Text is the identifier of a node, or an IRI
	Language  string
	Node      *Node // of a measure or of something unknown
	Quantity  *Number
	Line, Col int
}

// Number is an exact decimal number with its unit.
type Number struct {
	N, Scale int64
	Unit     string // OM2 identifier
}

// Get returns a property by name, or nil.
func (n *Node) Get(name string) *Property {
	for i := range n.Properties {
		if n.Properties[i].Name == name {
			return &n.Properties[i]
		}
	}
	return nil
}

// text returns the first value of a property as text.
func (n *Node) text(name string) string {
	if p := n.Get(name); p != nil && len(p.Values) > 0 {
		return p.Values[0].Text
	}
	return ""
}

// quantity returns the first value of a property as a number.
func (n *Node) quantity(name string) *Number {
	if p := n.Get(name); p != nil && len(p.Values) > 0 {
		return p.Values[0].Quantity
	}
	return nil
}

// refs returns the identifiers that a property names.
func (n *Node) refs(name string) []string {
	p := n.Get(name)
	if p == nil {
		return nil
	}
	var all []string
	for _, v := range p.Values {
		if v.Text != "" {
			all = append(all, v.Text)
		}
	}
	return all
}
