package api

import (
	"errors"
	"fmt"

	"github.com/danielgtaylor/huma/v2"

	"github.com/minga-commons/minga/ledger"
)

// ImportFormat is the syntax of a file that is imported.
type ImportFormat int

// The formats. CSV has contributions, the others have graphs of ValueFlows.
const (
	FormatCSV ImportFormat = iota
	FormatYAML
	FormatJSON // JSON-LD too
)

// importFormats leads from media types to formats. It is never changed.
var importFormats = map[string]ImportFormat{
	MediaCSV: FormatCSV, MediaYAML: FormatYAML, "application/x-yaml": FormatYAML, "text/yaml": FormatYAML, "text/x-yaml": FormatYAML,
	MediaJSON: FormatJSON, MediaJSONLD: FormatJSON,
}

// ImportNote says something about a place of a graph.
type ImportNote struct {
	Column     int64  // of the place in its line, from 1
	Node       string // the identifier in the graph, empty if it has none
	Property   string // empty if it is the node as a whole
	Code       string // stable name of the kind of slip
	Fault      bool   // the node cannot go in for it
	Difference bool   // the graph states another quantity than its events come to
}

// ImportSlip is something that a graph says in another way than ValueFlows has
// it, or that keeps a node of it out: minga.import-slip/1.
type ImportSlip struct {
	Schema   string `json:"schema"`
	Line     int64  `json:"line" doc:"Line of the file, from 1"`
	Column   int64  `json:"column,omitempty" doc:"Column of the file, from 1"`
	Node     string `json:"node,omitempty" doc:"Identifier in the graph"`
	Property string `json:"property,omitempty" doc:"Property at fault; absent if it is the node as a whole"`
	Code     string `json:"code" doc:"Stable name of the kind of slip"`
	Fault    bool   `json:"fault,omitempty" doc:"The node cannot go in for it"`
	Reason   string `json:"reason" doc:"What it is, and how it was taken"`
}

// slip tells of a slip.
func (o *importWriter) slip(l ImportLine) error {
	o.sum.Slips++
	if l.Slip.Difference {
		o.sum.Differing++
	}
	return o.write(ImportSlip{
		Schema: "minga.import-slip/1", Line: l.Line, Column: l.Slip.Column, Node: l.Slip.Node, Property: l.Slip.Property,
		Code: l.Slip.Code, Fault: l.Slip.Fault, Reason: slipReason(languageIn(o.ctx), l.Reason, l.Args),
	})
}

// slipReason says a reason of a graph in a language.
func slipReason(lang, reason string, args []any) string {
	words := text{reason, reason}
	if translated, known := slipReasons[reason]; known {
		words.es = translated
	}
	return words.fill(lang, args)
}

// FileFault says why and where a graph is refused as a whole. It wraps
// ledger.ErrInvalid.
type FileFault struct {
	Line   int64  // 0 if there is no place
	Reason string // in English, with the verbs of fmt
	Args   []any
}

// Error returns the reason in English.
func (e *FileFault) Error() string { return e.in(english) }

func (e *FileFault) in(lang string) string {
	reason := slipReason(lang, e.Reason, e.Args)
	if e.Line == 0 {
		return reason
	}
	return fmt.Sprintf(text{"line %d: %s", "línea %d: %s"}.in(lang), e.Line, reason)
}

// Unwrap returns ledger.ErrInvalid.
func (e *FileFault) Unwrap() error { return ledger.ErrInvalid }

// fileProblem is the problem of a file that is refused as a whole, in both
// languages; any other error is returned as it is.
func fileProblem(err error) error {
	var fault *FileFault
	if !errors.As(err, &fault) {
		return err
	}
	return problem(CodeInvalid, text{fault.in(english), fault.in(spanish)}).because(err)
}

func importContent() map[string]*huma.MediaType {
	content := map[string]*huma.MediaType{}
	for _, media := range []string{MediaCSV, MediaYAML, MediaJSON, MediaJSONLD} {
		content[media] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	}
	return content
}
