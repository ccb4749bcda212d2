package graph

import (
	"bytes"
	"unicode/utf8"
)

// Bounds of a file.
const (
	MaxFile   = 16 << 20 // bytes
	maxItems  = 1 << 19  // scalars, lists and maps
	maxDepth  = 48       // of lists and maps
	maxScalar = 32 << 10 // bytes of a text that is kept
	maxShown  = 60       // characters of a text that a reason repeats
)

// form is what stands at a place of a file.
type form byte

const (
	nothing form = iota // null, or no value
	scalar              // text, a number, true or false, as written
	list
	mapping
)

// item is a value of a file with its place, whatever the syntax.
type item struct {
	form    form
	bare    bool // a scalar without quotes: true, false and numbers are these
	long    bool // a scalar that was cut, being longer than is kept
	line    int
	column  int
	text    string
	items   []*item
	entries []entry
}

// entry is a key of a mapping with its value.
type entry struct {
	key          string
	line, column int
	value        *item
}

// builder makes items within the bounds of a file, and keeps what is wrong.
type builder struct {
	count int
	err   error
	slips []Slip
}

// fail keeps the first error.
func (b *builder) fail(line, column int, why Why, args ...any) {
	if b.err == nil {
		b.err = &FileError{line, column, why, args}
	}
}

// make returns a new item; depth is that of the list or map around it.
func (b *builder) make(f form, line, column, depth int) *item {
	b.count++
	switch {
	case b.count > maxItems:
		b.fail(line, column, tooManyItems, maxItems)
	case depth > maxDepth:
		b.fail(line, column, tooDeep, maxDepth)
	}
	return &item{form: f, line: line, column: column}
}

func (b *builder) scalar(text string, bare bool, line, column, depth int) *item {
	i := b.make(scalar, line, column, depth)
	i.text, i.bare = text, bare
	if len(text) > maxScalar {
		i.text, i.long = "", true
	}
	return i
}

// add puts a pair into a mapping. A key that stands there already is a fault:
// which of the two is meant cannot be known.
func (b *builder) add(m *item, keys map[string]int, e entry) {
	if before, twice := keys[e.key]; twice {
		b.slips = append(b.slips, Slip{Line: e.line, Column: e.column, Property: shown(e.key), Why: keyTwice, Args: []any{before}, Fault: true})
		return
	}
	keys[e.key] = e.line
	m.entries = append(m.entries, e)
}

// Format is the syntax of a file.
type Format int

// The formats. Auto looks at the content: what begins like JSON is JSON.
const (
	Auto Format = iota
	YAML
	JSON // JSON-LD too
)

// parse reads a file into its documents: one, or in YAML several.
func parse(data []byte, format Format) ([]*item, []Slip, error) {
	b := &builder{}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch head := bytes.TrimSpace(data); {
	case len(data) > MaxFile:
		b.fail(0, 0, fileTooLong, MaxFile>>20)
	case len(head) == 0:
		b.fail(0, 0, fileEmpty)
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		b.fail(badLine(data), 0, fileNotText)
	case format == JSON || format == Auto && (head[0] == '{' || head[0] == '['):
		return b.done(b.json(data))
	default:
		return b.done(b.yaml(data))
	}
	return nil, nil, b.err
}

func (b *builder) done(docs []*item) ([]*item, []Slip, error) {
	if b.err != nil {
		return nil, nil, b.err
	}
	return docs, b.slips, nil
}

// badLine is the line of the first byte that is no text.
func badLine(data []byte) int {
	at := bytes.IndexByte(data, 0)
	if at < 0 {
		for at = 0; at < len(data); {
			r, n := utf8.DecodeRune(data[at:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			at += n
		}
	}
	return 1 + bytes.Count(data[:at], []byte("\n"))
}

// shown cuts a text for a reason.
func shown(text string) string {
	n := 0
	for at := range text {
		if n++; n > maxShown {
			return text[:at] + "…"
		}
	}
	return text
}
