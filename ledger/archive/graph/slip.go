package graph

import (
	"errors"
	"fmt"
)

// ErrBadFile is wrapped by every error that makes a whole file unreadable: it is
// no graph, or larger, deeper or more tangled than is read.
var ErrBadFile = errors.New("this is not a graph that can be read")

// FileError says where and why a file as a whole was refused.
type FileError struct {
	Line, Column int // from 1; 0 where there is no place
	Why          Why
	Args         []any
}

// Error returns one line of text with the place and the reason, in English.
func (e *FileError) Error() string {
	text := e.Why.say(e.Args)
	if e.Line > 0 {
		text = fmt.Sprintf("line %d: %s", e.Line, text)
	}
	return fmt.Sprintf("%v: %s", ErrBadFile, text)
}

// Unwrap returns ErrBadFile.
func (e *FileError) Unwrap() error { return ErrBadFile }

// Slip is something that a file says in another way than ValueFlows has it.
type Slip struct {
	Line, Column int    // of the property, or of the node; from 1
	Node         string // the @id of the node, empty if it has none
	Property     string // empty if it is the node as a whole
	Why          Why    // in English, with the verbs of fmt
	Args         []any  // fill the verbs
	Fault        bool   // the node cannot go in; otherwise it goes in as the reason says
}

// Code returns the stable name of the kind of slip.
func (s Slip) Code() string { return s.Why.Code() }

// IsDifference reports whether the slip is that a file states another quantity
// than its events come to.
func (s Slip) IsDifference() bool { return s.Why == differs }

// Text returns the reason in English.
func (s Slip) Text() string { return s.Why.say(s.Args) }

// String returns one line of text with the place and the reason, in English.
func (s Slip) String() string {
	text := s.Text()
	if s.Property != "" {
		text = s.Property + ": " + text
	}
	return fmt.Sprintf("line %d: %s", s.Line, text)
}

func (w Why) say(args []any) string {
	if len(args) == 0 {
		return string(w)
	}
	return fmt.Sprintf(string(w), args...)
}
