package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"github.com/minga-commons/minga/node"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

// Exit statuses. Scripts rely on them.
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitNotFound    = 3
	exitInvalid     = 4
	exitConflict    = 5 // or a fork
	exitForbidden   = 6
	exitUnreachable = 7
	exitPartial     = 8 // part of a batch was refused
	exitVerify      = 9 // what was checked is not as it should be
	exitInterrupted = 130
)

// statusError ends the program with a status of its own. Its text is for
// people, in their language already; it may be empty if all is said.
type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return e.text }

// usage is an error of how the program was called.
func (a *app) usage(format string, args ...any) error {
	return &statusError{exitUsage, a.t(format, args...)}
}

// exitCode says what an error means to a script.
func exitCode(ctx context.Context, err error) int {
	var status *statusError
	var problem *api.Problem
	var held *node.InUseError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &status):
		return status.status
	case errors.Is(context.Cause(ctx), errInterrupted):
		return exitInterrupted
	case errors.As(err, &problem):
		return problemCode(problem)
	case errors.Is(err, client.ErrUnreachable), errors.Is(err, context.DeadlineExceeded):
		return exitUnreachable
	case errors.As(err, &held):
		return exitConflict
	case errors.Is(err, node.ErrBadConfig), errors.Is(err, protocol.ErrBadLink):
		return exitInvalid
	case errors.Is(err, fs.ErrNotExist):
		return exitNotFound
	case errors.Is(err, syscall.EISDIR):
		return exitUsage
	}
	return exitFailure
}

func problemCode(p *api.Problem) int {
	switch p.Code {
	case api.CodeNotFound, api.CodeNoRoute, api.CodeNoCommons, api.CodeUnknownCommons,
		api.CodeUnknownAgent, api.CodeUnknownEntry, api.CodeUnknownRecord, api.CodeUnknownResource:
		return exitNotFound
	case api.CodeAmbiguous, api.CodeAmbiguousName, api.CodeWhichCommons:
		return exitUsage
	case api.CodeReused, api.CodeRunning, api.CodeExists, api.CodeFrozen, api.CodeFork, api.CodeCopied,
		api.CodeUsedUp, api.CodeWithdrawn, api.CodeUnsettled, api.CodeLocked:
		return exitConflict
	case api.CodeNotMember, api.CodeEnded, api.CodeNotSteward, api.CodeNotAdmitted, api.CodeUnauthorized,
		api.CodeForbidden, api.CodeHost, api.CodeCrossOrigin, api.CodeReadOnly:
		return exitForbidden
	case api.CodeDiffers:
		return exitVerify
	case api.CodePeersUnreachable, api.CodeClosing, api.CodeNotReady, api.CodeTimeout:
		return exitUnreachable
	case api.CodeDiskFull, api.CodeDamaged, api.CodeInternal, api.CodeTooMany:
		return exitFailure
	}
	return itemsCode(p.Errors)
}

// itemsCode looks at what is wrong with single fields: names that mean nothing
// or too much are told apart from values that are none.
func itemsCode(items []api.ProblemItem) int {
	code := 0
	for _, item := range items {
		this := exitInvalid
		switch item.Code {
		case api.CodeUnknownAgent, api.CodeUnknownEntry, api.CodeUnknownRecord, api.CodeUnknownResource:
			this = exitNotFound
		case api.CodeAmbiguousName, api.CodeAmbiguous:
			this = exitUsage
		}
		if code != 0 && code != this {
			return exitInvalid
		}
		code = this
	}
	if code == 0 {
		return exitInvalid
	}
	return code
}

// explain writes an error for people: what is wrong, where, what to do next.
func (a *app) explain(err error, code int) {
	text := err.Error()
	next := ""
	var problem *api.Problem
	var held *node.InUseError
	var taken *node.AddrInUseError
	var path *fs.PathError
	switch {
	case errors.As(err, &held):
		text = a.t("another node runs here: %s is held by process %s", held.Home, held.PID)
		next = a.t("Stop that one, or give this node a home of its own with --home.")
	case errors.As(err, &taken):
		text = a.t("the address is in use: %s", taken.Addr)
		next = a.t("Stop the program that listens there, or choose another address with --%s.", taken.Setting)
	case errors.As(err, &path) && errors.Is(err, syscall.EISDIR):
		text = a.t("%s is a folder; a file is wanted", path.Path)
	case errors.Is(err, fs.ErrNotExist):
		text = a.t("there is no such file: %v", err)
	case code == exitInterrupted:
		text = a.t("interrupted")
	case errors.As(err, &problem):
		text, next = problemText(problem), a.nextStep(problem)
	case errors.Is(err, client.ErrUnreachable):
		next = a.t("Start one with: minga --home %s daemon. Or name another with --home or --api.", shellWord(a.home))
	case errors.Is(err, context.DeadlineExceeded):
		text = a.t("the node did not answer in time")
		next = a.t("Try a longer --timeout, or see what the node is doing: minga status")
	case code == exitUsage:
		next = a.t("See: minga --help")
	}
	if text == "" {
		return
	}
	fmt.Fprintf(a.err, "minga: %s\n", text)
	if next != "" {
		fmt.Fprintf(a.err, "  %s\n", next)
	}
}

// nextStep says what may help, in terms of this program; the node's hints are
// for whoever speaks HTTP.
func (a *app) nextStep(p *api.Problem) string {
	switch p.Code {
	case api.CodeWhichCommons:
		return a.t("Name one with --commons.")
	case api.CodeUnknownCommons:
		return a.t("See which there are: minga commons list")
	case api.CodeNoCommons:
		return a.t("Found one with: minga commons create NAME --as YOU. Or join one with: minga commons join LINK --as YOU.")
	case api.CodeAmbiguous:
		return a.t("Take an id in place of the name.")
	case api.CodeBadBody, api.CodeBadParameter, api.CodeInvalid:
		return a.t("Nothing was written. Correct this and try again.")
	case api.CodeNotMember:
		return a.t("Join with an invitation: minga commons join LINK --as YOU")
	case api.CodeUnauthorized:
		return a.t("Give the token of the node with --token; it stands in the file token of its home.")
	case api.CodeBadAddress:
		return a.t("An address looks like /ip4/192.0.2.7/tcp/8746/p2p/12D3Koo...")
	}
	return p.Hint
}

func problemText(p *api.Problem) string {
	var b strings.Builder
	b.WriteString(p.Detail)
	if b.Len() == 0 {
		b.WriteString(p.Title)
	}
	if b.Len() == 0 {
		b.WriteString(string(p.Code))
	}
	for _, item := range p.Errors {
		where := item.Pointer + item.Parameter
		fmt.Fprintf(&b, "\n  %s: %s", strings.TrimPrefix(where, "/"), item.Detail)
	}
	for _, c := range p.Candidates {
		fmt.Fprintf(&b, "\n  %s  %s", c.ID, c.Name)
	}
	return b.String()
}

// shellWord quotes a word for a shell if it needs it.
func shellWord(word string) string {
	if word != "" && strings.IndexFunc(word, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+=:@", r))
	}) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
