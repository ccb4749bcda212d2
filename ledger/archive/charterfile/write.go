package charterfile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/minga-commons/minga/protocol"
)

// ErrNoFile is wrapped by the error for a document that a file cannot hold: one
// with null, bytes or links, or with text that is not UTF-8.
var ErrNoFile = errors.New("this document cannot be written as a file")

// order has the fields of each table as the charter file has them. Others follow
// by name. It is never changed.
var order = map[string][]string{
	"": {
		"name", "purpose", "language", "membership", "inviters", "public_read",
		"stewards", "currency", "confirmation", "streams", "weight", "bucket", "licence",
	},
	"stewards":          {"members", "threshold", "liars"},
	"currency":          {"name", "kind", "scale", "limit", "exceptions"},
	"confirmation":      {"required", "by", "window", "rule"},
	"confirmation.rule": {"action", "resource", "process", "plan", "above", "per", "required", "by", "window"},
	"streams":           {"livelihood", "love", "care"},
	"weight":            {"resource", "per", "value"},
	"bucket":            {"name", "percent", "of", "to", "policy", "currency", "max", "min", "rest", "since", "rule"},
	"bucket.rule": {
		"action", "resource", "process", "plan", "who", "scope", "stream", "rate", "per", "percent", "credit", "claim",
	},
	"licence": {
		"resources", "free", "contribution", "window", "value_by", "counts", "share", "attribution", "currency",
		"declare", "grace", "carry_over",
	},
}

// Write returns the text of a file that reads to the document: always the same
// for the same document.
func Write(doc map[string]protocol.Value) ([]byte, error) {
	w := &writer{}
	w.table(nil, doc, false)
	return []byte(strings.TrimLeft(w.b.String(), "\n")), w.err
}

type writer struct {
	b   strings.Builder
	err error
}

// sorted returns the keys of a table in the order in which they are written.
func sorted(path []string, m map[string]protocol.Value) []string {
	known := order[strings.Join(path, ".")]
	rank := func(key string) int {
		if i := slices.Index(known, key); i >= 0 {
			return i
		}
		return len(known)
	}
	return slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
}

// table writes the fields of a table, then those that have headers of their own.
// Of a table that is one of several, a small table stands on one line.
func (w *writer) table(path []string, m map[string]protocol.Value, ofSeveral bool) {
	var below []string
	for _, key := range sorted(path, m) {
		if headed(m[key], ofSeveral) {
			below = append(below, key)
			continue
		}
		w.b.WriteString(word(key) + " = ")
		w.value(m[key], 0)
		w.b.WriteByte('\n')
	}
	for _, key := range below {
		at := append(path[:len(path):len(path)], key)
		switch v := m[key].(type) {
		case map[string]protocol.Value:
			w.b.WriteString("\n[" + heading(at) + "]\n")
			w.table(at, v, ofSeveral)
		case []protocol.Value:
			for _, item := range v {
				w.b.WriteString("\n[[" + heading(at) + "]]\n")
				w.table(at, item.(map[string]protocol.Value), true)
			}
		}
	}
}

// headed reports whether a value is written below a header of its own: a table or
// a list of tables.
func headed(v protocol.Value, ofSeveral bool) bool {
	switch v := v.(type) {
	case map[string]protocol.Value:
		for _, value := range v {
			if headed(value, true) {
				return true
			}
		}
		return !ofSeveral
	case []protocol.Value:
		return len(v) > 0 && !slices.ContainsFunc(v, func(item protocol.Value) bool {
			_, is := item.(map[string]protocol.Value)
			return !is
		})
	}
	return false
}

func (w *writer) value(v protocol.Value, depth int) {
	if depth > protocol.MaxDepth {
		w.err = fmt.Errorf("%w: it is nested too deep", ErrNoFile)
		return
	}
	switch v := v.(type) {
	case string:
		if !utf8.ValidString(v) {
			w.err = fmt.Errorf("%w: a text is not UTF-8", ErrNoFile)
		}
		w.b.WriteString(quote(v))
	case int64:
		w.b.WriteString(strconv.FormatInt(v, 10))
	case bool:
		w.b.WriteString(strconv.FormatBool(v))
	case []protocol.Value:
		w.b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				w.b.WriteString(", ")
			}
			w.value(item, depth+1)
		}
		w.b.WriteByte(']')
	case map[string]protocol.Value:
		w.b.WriteByte('{')
		for i, key := range sorted([]string{"-"}, v) {
			if i > 0 {
				w.b.WriteByte(',')
			}
			w.b.WriteString(" " + word(key) + " = ")
			w.value(v[key], depth+1)
		}
		w.b.WriteString(" }")
	default:
		w.err = fmt.Errorf("%w: it holds a %T", ErrNoFile, v)
	}
}

func heading(path []string) string {
	words := make([]string, len(path))
	for i, step := range path {
		words[i] = word(step)
	}
	return strings.Join(words, ".")
}

// word writes a key, in quotes unless it is a plain word.
func word(key string) string {
	if key != "" && strings.IndexFunc(key, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
	}) < 0 {
		return key
	}
	return quote(key)
}

// quote writes a basic string of TOML.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
