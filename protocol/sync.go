package protocol

import (
	"errors"
	"fmt"
)

// Decisions about a segment that a node is offered. They are part of how two
// nodes treat one another, so they are named here.
var (
	// ErrGap says that entries before the segment are not held yet.
	ErrGap = errors.New("entries before this segment are missing")
	// ErrFork says that the log already holds another entry at the same place.
	ErrFork = errors.New("the log has another entry at this place")
	// ErrNotAdmitted says that the log is not admitted to any commons held.
	ErrNotAdmitted = errors.New("the log is not admitted")
	// ErrUnknownCommons says that the commons is not held by this node.
	ErrUnknownCommons = errors.New("this node does not hold that commons")
)

// GapError says which log lacks entries, and from which sequence number on. It
// wraps ErrGap.
type GapError struct {
	Log  LogID
	Next int64 // the first sequence number that is missing
}

// Error returns one line with the log and the missing sequence number.
func (e *GapError) Error() string {
	return fmt.Sprintf("%v: log %v from %d on", ErrGap, e.Log, e.Next)
}

// Unwrap returns ErrGap.
func (e *GapError) Unwrap() error { return ErrGap }

// JournalID names one arrival journal. A node that cannot vouch for the
// continuity of its journal takes a new one.
type JournalID [16]byte

// Cursor is a place in an arrival journal: everything up to Position, which
// counts from 1, is read. Position 0 is the beginning.
type Cursor struct {
	Journal  JournalID
	Position uint64
}

// Run is one record of an arrival journal: entries First..Last of a log that
// became held together.
type Run struct {
	Position uint64 // place of the record in the journal, from 1
	Commons  CommonsID
	Log      LogID
	Branch   uint32 // the node's own number of the history; 0 is the first that it held
	First    int64
	Last     int64
}

// Range selects entries of one log, First..Last inclusive. Last below zero
// means up to the head.
type Range struct {
	Log   LogID
	First int64
	Last  int64
}
