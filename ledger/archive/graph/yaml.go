package graph

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// yaml reads the documents of a YAML stream. It reads into nodes, in which an
// alias stays an alias: none is ever followed.
func (b *builder) yaml(data []byte) (docs []*item) {
	defer func() {
		if broken := recover(); broken != nil { // by the library, over a file
			b.fail(0, 0, badSyntax, shown(fmt.Sprint(broken)))
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for b.err == nil {
		var doc yaml.Node
		err := decoder.Decode(&doc)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line, reason := yamlPlace(err)
			b.fail(line, 0, badSyntax, shown(reason))
			break
		}
		for _, node := range doc.Content {
			docs = append(docs, b.yamlItem(node, 0))
		}
	}
	if len(docs) == 0 {
		b.fail(0, 0, fileEmpty)
	}
	return docs
}

var yamlLine = regexp.MustCompile(`^line (\d+): `)

// yamlPlace takes the line out of the text of an error of the library, which
// has it nowhere else.
func yamlPlace(err error) (line int, reason string) {
	reason = strings.TrimPrefix(err.Error(), "yaml: ")
	if m := yamlLine.FindStringSubmatch(reason); m != nil {
		line, _ = strconv.Atoi(m[1])
		reason = strings.TrimPrefix(reason, m[0])
	}
	return line, reason
}

func (b *builder) yamlItem(n *yaml.Node, depth int) *item {
	if b.err != nil {
		return b.make(nothing, n.Line, n.Column, depth)
	}
	switch n.Kind {
	case yaml.SequenceNode:
		i := b.make(list, n.Line, n.Column, depth)
		b.yamlTag(n, "!!seq")
		for _, one := range n.Content {
			i.items = append(i.items, b.yamlItem(one, depth+1))
		}
		return i
	case yaml.MappingNode:
		return b.yamlMapping(n, depth)
	case yaml.ScalarNode:
		if n.ShortTag() == "!!null" {
			return b.make(nothing, n.Line, n.Column, depth)
		}
		b.yamlTag(n, "!!str", "!!int", "!!float", "!!bool", "!!timestamp")
		return b.scalar(n.Value, n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0, n.Line, n.Column, depth)
	case yaml.AliasNode:
		b.fail(n.Line, n.Column, yamlAlias, shown(n.Value))
	default:
		b.fail(n.Line, n.Column, badSyntax, "")
	}
	return b.make(nothing, n.Line, n.Column, depth)
}

func (b *builder) yamlMapping(n *yaml.Node, depth int) *item {
	i := b.make(mapping, n.Line, n.Column, depth)
	b.yamlTag(n, "!!map")
	keys := make(map[string]int, len(n.Content)/2)
	for at := 0; at+1 < len(n.Content) && b.err == nil; at += 2 {
		key := n.Content[at]
		switch {
		case key.Kind != yaml.ScalarNode:
			b.fail(key.Line, key.Column, yamlKey)
		case key.ShortTag() == "!!merge":
			b.fail(key.Line, key.Column, yamlAlias, "<<")
		case len(key.Value) > maxScalar:
			b.fail(key.Line, key.Column, textTooLong, maxScalar)
		}
		b.add(i, keys, entry{key.Value, key.Line, key.Column, b.yamlItem(n.Content[at+1], depth+1)})
	}
	return i
}

func (b *builder) yamlTag(n *yaml.Node, known ...string) {
	tag := n.ShortTag()
	for _, k := range known {
		if tag == k {
			return
		}
	}
	b.fail(n.Line, n.Column, yamlTag, shown(tag))
}
