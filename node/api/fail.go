package api

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// decisions leads from the errors that callers of the ledger decide on to
// problem codes, in the order in which they are looked for. It is never
// changed.
var decisions = []struct {
	err  error
	code Code
	arg  bool // the text of the problem shows the error
}{
	{ledger.ErrDiskFull, CodeDiskFull, false},
	{ledger.ErrDamaged, CodeDamaged, false},
	{ledger.ErrReadOnly, CodeReadOnly, false},
	{ledger.ErrEnded, CodeEnded, false},
	{ledger.ErrNotMember, CodeNotMember, false},
	{ledger.ErrNotSteward, CodeNotSteward, false},
	{ledger.ErrReused, CodeReused, false},
	{ledger.ErrExists, CodeExists, true},
	{ledger.ErrFrozen, CodeFrozen, false},
	{ledger.ErrCopied, CodeCopied, false},
	{ledger.ErrUnsettled, CodeUnsettled, false},
	{ledger.ErrRemoved, CodeRemoved, false},
	{ledger.ErrExpired, CodeExpired, false},
	{ledger.ErrWithdrawn, CodeWithdrawn, false},
	{ledger.ErrUsedUp, CodeUsedUp, false},
	{protocol.ErrFork, CodeFork, true},
	{protocol.ErrNotAdmitted, CodeNotAdmitted, true},
	{protocol.ErrBadLink, CodeBadLink, true},
	{protocol.ErrNotCanonical, CodeInvalid, true},
	{protocol.ErrBadID, CodeInvalid, true},
	{protocol.ErrBadDecimal, CodeInvalid, true},
	{ledger.ErrInvalid, CodeInvalid, true},
}

// fail turns an error into a problem. subject is what the request named, for
// the case that it is not held. What nobody decides on is logged, and the
// client is told no more than that it happened.
func (s *Server) fail(ctx context.Context, err error, subject string) *Problem {
	var known *Problem
	if errors.As(err, &known) {
		return known
	}
	var ambiguous *ledger.AmbiguousError
	if errors.As(err, &ambiguous) {
		return ambiguity(ambiguous).because(err)
	}
	var several *ledger.SeveralError
	if errors.As(err, &several) {
		return severalOf(several).because(err)
	}
	var cursor *ledger.CursorError
	if errors.As(err, &cursor) {
		return badParameter("cursor", CodeBadCursor, cursor.Text).because(err)
	}
	var over *ledger.OverdraftError
	if errors.As(err, &over) {
		return overdraft(over, 0).because(err)
	}
	var void *ledger.VoidError
	if errors.As(err, &void) && !errors.Is(err, ledger.ErrNotSteward) {
		p := problem(CodeInvalid, phraseNoEffect.with(void.Reason)).because(err)
		p.Reason = string(void.Reason)
		return p
	}
	var locked *ledger.LockedError
	if errors.As(err, &locked) {
		return problem(CodeLocked, locked.Signed, locked.Wanted).because(err)
	}
	for _, d := range decisions {
		if !errors.Is(err, d.err) {
			continue
		}
		if d.code == CodeDamaged || d.code == CodeDiskFull {
			s.log(ctx, slog.LevelError, err)
		}
		if d.arg {
			return problem(d.code, err).because(err)
		}
		return problem(d.code).because(err)
	}
	var timeout net.Error
	switch {
	case errors.Is(err, protocol.ErrUnknownCommons):
		return problem(CodeUnknownCommons, subject).because(err)
	case errors.Is(err, ledger.ErrNotFound):
		return problem(CodeNotFound, subject).because(err)
	case errors.Is(err, ErrBadAddress):
		return problem(CodeBadAddress, subject).because(err)
	case errors.Is(err, context.Canceled):
		return problem(CodeClosing).because(err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		return problem(CodeTimeout).because(err)
	}
	s.log(ctx, slog.LevelError, err)
	return problem(CodeInternal).because(err)
}

func (s *Server) log(ctx context.Context, level slog.Level, err error) {
	r := exchangeOf(ctx).r
	if r == nil {
		s.o.Logger.Log(ctx, level, "a request failed", "error", err)
		return
	}
	s.o.Logger.Log(ctx, level, "a request failed", "method", r.Method, "path", r.URL.Path, "error", err)
}

func ambiguity(e *ledger.AmbiguousError) *Problem {
	p := problem(CodeAmbiguous, e.Name)
	for _, c := range e.Candidates {
		p.Candidates = append(p.Candidates, CandidateRef{ID: c.ID.String(), Name: c.Name, Kind: "agent"})
	}
	return p
}

// severalOf is the problem of a text that fits several things.
func severalOf(e *ledger.SeveralError) *Problem {
	p := problem(CodeAmbiguous, e.Text)
	for _, c := range e.Candidates {
		p.Candidates = append(p.Candidates, CandidateRef{ID: c.ID.String(), Name: c.Name, Kind: "record"})
	}
	return p
}

// badParameter is the problem of one parameter.
func badParameter(name string, code Code, args ...any) *Problem {
	p := problem(CodeBadParameter)
	p.Errors = []ProblemItem{{Parameter: name, Code: code, args: args}}
	return p
}

// badField is the problem of one field of the body.
func badField(pointer string, code Code, args ...any) *Problem {
	p := problem(CodeBadBody)
	p.Errors = []ProblemItem{{Pointer: pointer, Code: code, args: args}}
	return p
}
