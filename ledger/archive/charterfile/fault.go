package charterfile

import (
	"fmt"

	"github.com/minga-commons/minga/ledger"
)

// Fault is one thing that is wrong with a file.
type Fault struct {
	Line int                // from 1; 0 if it is the file as a whole
	Path ledger.CharterPath // of the field, empty if the text cannot be read
	en   string
	es   string
}

// Text returns what is wrong, with the field but without the line, in a language:
// "es", or English for any other.
func (f Fault) Text(lang string) string {
	text := f.en
	if lang == "es" {
		text = f.es
	}
	if len(f.Path) == 0 {
		return text
	}
	return f.Path.String() + ": " + text
}

// Error returns the line and the English text.
func (f Fault) Error() string {
	if f.Line == 0 {
		return f.Text("en")
	}
	return fmt.Sprintf("line %d: %s", f.Line, f.Text("en"))
}

func faultf(line int, path ledger.CharterPath, en, es string, args ...any) Fault {
	return Fault{Line: line, Path: path, en: fmt.Sprintf(en, args...), es: fmt.Sprintf(es, args...)}
}
