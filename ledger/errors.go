package ledger

import (
	"errors"
	"fmt"
	"strings"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Errors that callers decide on.
var (
	// ErrNotFound says that nothing of that name or identifier is held.
	ErrNotFound = errors.New("not found")
	// ErrInvalid says that what was asked for cannot be recorded.
	ErrInvalid = errors.New("invalid")
	// ErrNotMember says that this node has no log of its own in the commons.
	ErrNotMember = errors.New("this node is not a member of the commons")
	// ErrNotSteward says that only a steward may do this.
	ErrNotSteward = errors.New("only a steward may do this")
	// ErrNotSigner says that the member holds no key of the log that is to be
	// written. It wraps ErrNotSteward.
	ErrNotSigner = fmt.Errorf("you hold no key of that log: %w", ErrNotSteward)
	// ErrReused says that an idempotency key came with another request.
	ErrReused = errors.New("the idempotency key was used for another request")
	// ErrExists says that what was to be made is there already.
	ErrExists = errors.New("exists already")
	// ErrFrozen says that the node's own log has two histories.
	ErrFrozen = errors.New("the log is frozen by a fork")
	// ErrEnded says that the commons has ended the node's own log. It wraps
	// ErrNotMember.
	ErrEnded = fmt.Errorf("%w any more: its log was ended", ErrNotMember)
	// ErrRemoved says that whoever is to be paid was removed from the commons. It
	// wraps ErrInvalid.
	ErrRemoved = fmt.Errorf("%w: whoever is to be paid was removed from the commons", ErrInvalid)
	// ErrUnsettled says that what an entry needs has yet to be settled.
	ErrUnsettled = errors.New("what this needs is not settled yet; try again in a moment")
	// ErrCopied says that the node does not know yet whether it holds all that
	// it wrote: its files may be older than its log.
	ErrCopied = errors.New("this node may lack entries that it wrote")
	// ErrExpired says that an invitation is no longer valid.
	ErrExpired = errors.New("the invitation has expired")
	// ErrWithdrawn says that whoever gave an invitation took it back.
	ErrWithdrawn = errors.New("the invitation was withdrawn")
	// ErrUsedUp says that as many as an invitation is for have come with it.
	ErrUsedUp = errors.New("the invitation is used up")
	// ErrNoLicence says that the charter has no licence, by which use is judged. It
	// wraps ErrInvalid.
	ErrNoLicence = fmt.Errorf("%w: the charter has no licence", ErrInvalid)
	// ErrDamaged says that what is on disk is less than, or other than, what
	// was written. The ledger refuses to go on.
	ErrDamaged = errors.New("the stored data is damaged")
	// ErrReadOnly says that the ledger was opened for reading only.
	ErrReadOnly = errors.New("the ledger is open for reading only")
	// ErrLocked says that another process has the ledger open.
	ErrLocked = errors.New("the ledger is in use")
	// ErrDiskFull says that too little space is left to write safely.
	ErrDiskFull = errors.New("too little disk space is left")
)

// AmbiguousError says that a name or prefix fits several agents. It wraps
// ErrInvalid.
type AmbiguousError struct {
	Name       string
	Candidates []Agent
}

// Error returns one line with the candidates.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%q fits several agents: %s", e.Name, e.Names())
}

// Names returns the candidates with their identifiers, on one line.
func (e *AmbiguousError) Names() string {
	names := make([]string, len(e.Candidates))
	for i, c := range e.Candidates {
		names[i] = c.Name + " (" + c.ID.String() + ")"
	}
	return strings.Join(names, ", ")
}

// Unwrap returns ErrInvalid.
func (e *AmbiguousError) Unwrap() error { return ErrInvalid }

// ForkError says that a segment was refused because the log holds another entry
// at its place, and that the proof is kept. It wraps protocol.ErrFork.
type ForkError struct {
	Log protocol.LogID
	Seq int64
}

// Error returns one line with the place of the fork.
func (e *ForkError) Error() string {
	return fmt.Sprintf("%v: log %v, entry %d", protocol.ErrFork, e.Log, e.Seq)
}

// Unwrap returns protocol.ErrFork.
func (e *ForkError) Unwrap() error { return protocol.ErrFork }

// VoidError says that an entry would have no effect, and why. It wraps
// ErrNotSteward where only a steward may write it, ErrInvalid otherwise.
type VoidError struct {
	Reason   Reason
	Property string // of a record that is the matter, otherwise empty
}

// Error returns one line with the reason.
func (e *VoidError) Error() string {
	text := "the entry would have no effect: " + string(e.Reason)
	if e.Property != "" {
		text += " (" + e.Property + ")"
	}
	return text
}

// Unwrap returns ErrInvalid.
func (e *VoidError) Unwrap() error {
	if e.Reason == rules.NotSteward || e.Reason == rules.NotInviter {
		return ErrNotSteward
	}
	return ErrInvalid
}

// LockedError says that a member may not sign a proposal, since it has signed a
// rival for the same place that may still be accepted, or has refused this one.
// It wraps ErrExists.
type LockedError struct {
	Wanted protocol.EntryID
	Signed protocol.EntryID // the rival; Wanted itself if that was refused
}

// Error returns one line with both entries.
func (e *LockedError) Error() string {
	if e.Signed == e.Wanted {
		return fmt.Sprintf("you have refused %v, and that stands", e.Wanted)
	}
	return fmt.Sprintf("you have signed %v for the same place; it must be refused by enough others before you sign %v", e.Signed, e.Wanted)
}

// Unwrap returns ErrExists.
func (e *LockedError) Unwrap() error { return ErrExists }

// CursorError says that a text is no cursor of the list that is asked for. It
// wraps ErrInvalid.
type CursorError struct{ Text string }

// Error returns the text in a sentence.
func (e *CursorError) Error() string { return fmt.Sprintf("%q is no cursor of this list", e.Text) }

// Unwrap returns ErrInvalid.
func (e *CursorError) Unwrap() error { return ErrInvalid }
