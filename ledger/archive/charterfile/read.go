package charterfile

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// MaxSize is how many bytes a file may have.
const MaxSize = 64 << 10

// maxDepth is how deep tables and lists may be nested; a charter needs four.
const maxDepth = 8

// File is a document and where its fields stand in the file.
type File struct {
	Doc    map[string]protocol.Value
	places *places
}

// Read reads the text of a file. It returns everything that keeps it from being
// a document, in the order of lines; the File is nil then.
func Read(text []byte) (*File, []Fault) {
	if len(text) > MaxSize {
		return nil, []Fault{faultf(0, nil, "the file has %d bytes where %d are allowed",
			"el archivo tiene %d bytes y se permiten %d", len(text), MaxSize)}
	}
	var tree map[string]any
	if err := toml.Unmarshal(text, &tree); err != nil {
		line, message := 0, err.Error()
		var at *toml.DecodeError
		if errors.As(err, &at) {
			line, _ = at.Position()
			message = strings.TrimPrefix(at.Error(), "toml: ")
		}
		return nil, []Fault{faultf(line, nil, "this is not TOML: %s", "esto no es TOML: %s", message)}
	}
	r := reader{places: placesOf(text)}
	doc := r.table(nil, tree)
	if len(r.faults) > 0 {
		slices.SortStableFunc(r.faults, func(a, b Fault) int { return a.Line - b.Line })
		return nil, r.faults
	}
	doc, err := ledger.CleanCharter(doc)
	if err != nil {
		return nil, []Fault{faultf(0, nil, "%v", "%v", err)}
	}
	return &File{Doc: doc, places: r.places}, nil
}

// reader turns what the TOML library read into plain data.
type reader struct {
	places *places
	faults []Fault
}

func (r *reader) table(path ledger.CharterPath, tree map[string]any) map[string]protocol.Value {
	m := make(map[string]protocol.Value, len(tree))
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		m[key] = r.value(path.With(key), tree[key])
	}
	return m
}

func (r *reader) value(path ledger.CharterPath, v any) protocol.Value {
	if len(path) > maxDepth {
		r.faults = append(r.faults, faultf(r.places.line(path), path[:maxDepth],
			"this is nested deeper than %d levels", "esto tiene más de %d niveles", maxDepth))
		return nil
	}
	switch v := v.(type) {
	case string, int64, bool:
		return v
	case map[string]any:
		return r.table(path, v)
	case []any:
		list := make([]protocol.Value, len(v))
		for i, item := range v {
			list[i] = r.value(path.With(i), item)
		}
		return list
	}
	written := r.places.raw[path.String()]
	r.faults = append(r.faults, faultf(r.places.line(path), path,
		"%s is neither a text nor a whole number; write it as a text: %q",
		"%s no es un texto ni un número entero; escríbelo como texto: %q", written, written))
	return nil
}

// Line returns the line of a field, or of the table in which it is missing; 0 if
// that is the file itself.
func (f *File) Line(path ledger.CharterPath) int {
	if f.places == nil {
		return 0
	}
	return f.places.line(path)
}

// Check returns what is wrong with the document by itself, in the order of lines.
func (f *File) Check() []Fault { return f.located(ledger.CheckCharter(f.Doc)) }

// CheckFirst returns what is wrong with the document as the first charter of a
// commons, in the order of lines.
func (f *File) CheckFirst(founder string) []Fault {
	return f.located(ledger.CheckFirstCharter(f.Doc, founder))
}

func (f *File) located(faults []ledger.CharterFault) []Fault {
	var all []Fault
	for _, fault := range faults {
		all = append(all, Fault{Line: f.Line(fault.Path), Path: fault.Path, en: fault.Text("en"), es: fault.Text("es")})
	}
	slices.SortStableFunc(all, func(a, b Fault) int { return a.Line - b.Line })
	return all
}
