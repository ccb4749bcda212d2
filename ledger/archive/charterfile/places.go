package charterfile

import (
	"bytes"

	"github.com/pelletier/go-toml/v2/unstable"

	"github.com/minga-commons/minga/ledger"
)

// places says where in a file the fields of its document stand.
type places struct {
	text   []byte
	parser unstable.Parser
	lines  map[string]int    // path to line
	raw    map[string]string // path to a value that a document cannot have, as written
	counts map[string]int    // path of a list of tables to how many there were so far
}

// placesOf walks through a text that is good TOML, as deep as a document may be.
func placesOf(text []byte) *places {
	p := &places{text: text, lines: map[string]int{}, raw: map[string]string{}, counts: map[string]int{}}
	p.parser.Reset(text)
	var current ledger.CharterPath
	for p.parser.NextExpression() {
		switch e := p.parser.Expression(); e.Kind {
		case unstable.Table:
			current, _ = p.header(e)
		case unstable.ArrayTable:
			var line int
			current, line = p.header(e)
			list := current.String()
			current = current.With(p.counts[list])
			p.counts[list]++
			p.lines[current.String()] = line
		case unstable.KeyValue:
			p.keyValue(current, e)
		}
	}
	return p
}

// header returns the path of a header and its line. A step that is a list of tables leads to
// its last one.
func (p *places) header(e *unstable.Node) (path ledger.CharterPath, line int) {
	for key := e.Key(); key.Next() && len(path) <= maxDepth; {
		if n := p.counts[path.String()]; len(path) > 0 && n > 0 {
			path = path.With(n - 1)
		}
		path = path.With(string(key.Node().Data))
		line = p.note(path, key.Node())
	}
	return path, line
}

func (p *places) keyValue(path ledger.CharterPath, e *unstable.Node) {
	for key := e.Key(); key.Next() && len(path) <= maxDepth; {
		path = path.With(string(key.Node().Data))
		p.note(path, key.Node())
	}
	p.value(path, e.Value())
}

func (p *places) value(path ledger.CharterPath, v *unstable.Node) {
	if len(path) > maxDepth {
		return
	}
	switch v.Kind {
	case unstable.InlineTable:
		for child := v.Children(); child.Next(); {
			p.keyValue(path, child.Node())
		}
	case unstable.Array:
		i := 0
		for child := v.Children(); child.Next(); {
			if child.Node().Kind == unstable.Comment {
				continue
			}
			at := path.With(i)
			if child.Node().Raw.Length > 0 {
				p.note(at, child.Node())
			}
			p.value(at, child.Node())
			i++
		}
	case unstable.Float, unstable.LocalDate, unstable.LocalTime, unstable.LocalDateTime, unstable.DateTime:
		p.raw[path.String()] = string(v.Data)
	}
}

// note keeps the first line of a path, and returns that of the node.
func (p *places) note(path ledger.CharterPath, n *unstable.Node) int {
	line := 1 + bytes.Count(p.text[:n.Raw.Offset], []byte("\n"))
	if name := path.String(); p.lines[name] == 0 {
		p.lines[name] = line
	}
	return line
}

// line returns the line of a path, or of the table in which it is missing; 0 if
// that is the file itself.
func (p *places) line(path ledger.CharterPath) int {
	for ; len(path) > 0; path = path[:len(path)-1] {
		if line := p.lines[path.String()]; line > 0 {
			return line
		}
	}
	return 0
}
