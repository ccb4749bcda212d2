package archive

import (
	"errors"
	"fmt"
)

// ErrBadFile is wrapped by every error that makes a whole file unreadable: it
// is empty, binary, or has the wrong columns.
var ErrBadFile = errors.New("this is not a file of contributions")

// Fault says why one line of a file was refused. The other lines go in.
type Fault struct {
	Line   int64  // line of the file where the record begins, from 1
	Column string // name of the column, empty if the whole line is at fault
	Key    string // source_key of the line, where it could be read
	Reason string // in English

	// Why and Args are the parts of Reason, for other languages. An argument may
	// be a ledger.Reason, which has a text of its own in every language.
	Why  Why
	Args []any
}

// Error returns one line of text with the place and the reason.
func (f *Fault) Error() string {
	if f.Column == "" {
		return fmt.Sprintf("line %d: %s", f.Line, f.Reason)
	}
	return fmt.Sprintf("line %d, column %s: %s", f.Line, f.Column, f.Reason)
}

func badFile(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrBadFile, fmt.Sprintf(format, args...))
}
