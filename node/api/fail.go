package api

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"strings"

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
	if p := shareProblem(ctx, err); p != nil {
		return p.because(err)
	}
	for _, d := range decisions {
		if !errors.Is(err, d.err) {
			continue
		}
		if d.code == CodeDamaged || d.code == CodeDiskFull {
			s.log(ctx, slog.LevelError, err)
		}
		if d.arg {
			// The title has said already of what kind the error is.
			return problem(d.code, strings.TrimPrefix(err.Error(), d.err.Error()+": ")).because(err)
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

// shareProblem is the problem of what the ledger does not compute or sign of a
// distribution, nil if it is about something else.
func shareProblem(ctx context.Context, err error) *Problem {
	var differs *ledger.DiffersError
	var missing *ledger.MissingError
	var income *ledger.IncomeError
	switch {
	case errors.As(err, &differs):
		return problem(CodeDiffers, differencesTold(differs.Differences, differs.Scale))
	case errors.As(err, &missing):
		p, m := problem(CodeUnsettled), missing.Missing[0]
		p.Detail = sayMissing.fill(languageIn(ctx), []any{cmp.Or(m.Agent.Name, m.Head.Log.String()), m.Head.Seq, len(missing.Missing)})
		return p
	case errors.As(err, &income) && income.Currency != "":
		return problem(CodeInvalid, sayElsewhere.with(income.Income, income.Currency))
	case errors.As(err, &income):
		return problem(CodeInvalid, sayNoIncome.with(income.Income))
	case errors.Is(err, ledger.ErrNobody):
		return problem(CodeInvalid, sayNobody)
	}
	return nil
}

// differencesTold says the first of the differences of a distribution.
func differencesTold(all []ledger.DistributionDifference, scale int64) any {
	const most = 3
	var told any
	for i, d := range all[:min(most, len(all))] {
		one := differsRest.with(at(d.Stated, scale), at(d.Computed, scale))
		if !d.Agent.ID.IsZero() {
			one = differsLine.with(cmp.Or(d.Agent.Name, d.Agent.ID.String()), d.Bucket, at(d.Stated, scale), at(d.Computed, scale))
		}
		if i == 0 {
			told = one
			continue
		}
		told = differsBoth.with(told, one)
	}
	if more := len(all) - most; more > 0 {
		told = differsMore.with(told, more)
	}
	return told
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
