package api

import (
	"net/http"
)

// Code names a problem for programs. Codes are never re-used for something
// else; texts may change.
type Code string

// The problem codes. The catalogue has a text in every language for each.
const (
	CodeNotFound         Code = "not-found"
	CodeNoRoute          Code = "no-such-path"
	CodeMethod           Code = "method-not-allowed"
	CodeInvalid          Code = "invalid"
	CodeBadBody          Code = "bad-body"
	CodeBadParameter     Code = "bad-parameter"
	CodeBodyTooLarge     Code = "body-too-large"
	CodeMediaType        Code = "unsupported-media-type"
	CodeAmbiguous        Code = "ambiguous"
	CodeNoCommons        Code = "no-commons"
	CodeWhichCommons     Code = "which-commons"
	CodeUnknownCommons   Code = "unknown-commons"
	CodeNotMember        Code = "not-member"
	CodeNotSteward       Code = "not-steward"
	CodeReused           Code = "idempotency-reused"
	CodeRunning          Code = "idempotency-running"
	CodeNoIdempotency    Code = "idempotency-not-offered"
	CodeExists           Code = "exists"
	CodeFrozen           Code = "frozen"
	CodeFork             Code = "fork"
	CodeCopied           Code = "copied"
	CodeOverdraft        Code = "overdraft"
	CodeUnsettled        Code = "unsettled"
	CodeLocked           Code = "locked"
	CodeDiffers          Code = "differs"
	CodeRemoved          Code = "removed"
	CodeEnded            Code = "log-ended"
	CodeExpired          Code = "expired"
	CodeWithdrawn        Code = "withdrawn"
	CodeUsedUp           Code = "used-up"
	CodeBadLink          Code = "bad-link"
	CodeNotAdmitted      Code = "not-admitted"
	CodeDiskFull         Code = "disk-full"
	CodeDamaged          Code = "damaged"
	CodeReadOnly         Code = "read-only"
	CodePeersUnreachable Code = "peers-unreachable"
	CodeBadAddress       Code = "bad-address"
	CodeUnauthorized     Code = "unauthorized"
	CodeForbidden        Code = "forbidden"
	CodeHost             Code = "host-not-allowed"
	CodeCrossOrigin      Code = "cross-origin"
	CodeTimeout          Code = "timeout"
	CodeTooMany          Code = "too-many-streams"
	CodeClosing          Code = "closing"
	CodeNotReady         Code = "not-ready"
	CodeInternal         Code = "internal"
	CodeNoLicence        Code = "no-licence"

	CodeNoDeletion     Code = "no-deletion"
	CodeNoUpdate       Code = "no-update"
	CodeQueryTooDeep   Code = "query-too-deep"
	CodeQueryTooLarge  Code = "query-too-large"
	CodeQueryTooCostly Code = "query-too-costly"
	CodeBadQuery       Code = "bad-query"
	CodeBadValue       Code = "bad-value"
	CodeUnknownUnit    Code = "unknown-unit"
	CodeOtherKind      Code = "other-kind"
	CodeFixed          Code = "fixed"
	CodeBatch          Code = "batch-not-offered"
	CodeMutationByGet  Code = "mutation-over-get"
)

// The codes that say what is wrong with one field or parameter.
const (
	CodeSyntax          Code = "syntax"
	CodeUnknownField    Code = "unknown-field"
	CodeDuplicate       Code = "duplicate-field"
	CodeMissing         Code = "missing"
	CodeWrongType       Code = "wrong-type"
	CodeTooLong         Code = "too-long"
	CodeTooDeep         Code = "too-deep"
	CodeChoice          Code = "unknown-choice"
	CodeRange           Code = "out-of-range"
	CodeBadNumber       Code = "bad-number"
	CodeBadTime         Code = "bad-time"
	CodeBadDay          Code = "bad-day"
	CodeBadUnit         Code = "bad-unit"
	CodeBadID           Code = "bad-id"
	CodeBadCursor       Code = "bad-cursor"
	CodeUnknownAgent    Code = "unknown-agent"
	CodeUnknownEntry    Code = "unknown-entry"
	CodeUnknownRecord   Code = "unknown-record"
	CodeUnknownResource Code = "unknown-resource"
	CodeUnknownParam    Code = "unknown-parameter"
	CodeExclusive       Code = "exclusive"
	CodeEmpty           Code = "empty"
	CodeNotCanonical    Code = "does-not-fit"
	CodeAmbiguousName   Code = "ambiguous-name"
	CodeBadCharter      Code = "bad-charter"
	CodeNotPositive     Code = "not-positive"
	CodeNotAbove        Code = "not-above-zero"
	CodeNegative        Code = "negative"
	CodePlaces          Code = "too-many-places"
	CodeNoCurrency      Code = "unknown-currency"
	CodeSelfPayment     Code = "self-payment"
	CodeOtherUse        Code = "use-of-another"
	CodeNotPayment      Code = "not-a-payment"
	CodeNoLog           Code = "no-log"
	CodeNoRecord        Code = "no-record"
	CodeTwice           Code = "named-twice"
	CodeWitnessCount    Code = "too-few-witnesses"
	CodeAmbiguousUnit   Code = "ambiguous-unit"
	CodeFuture          Code = "in-the-future"
)

// Problem is an error as the API answers it: RFC 9457, with a code for
// programs, a hint at the next step, and the faults of single fields. It is an
// error, and the client returns it as one.
type Problem struct {
	Schema     string         `json:"schema"`
	Type       string         `json:"type" doc:"urn:minga:problem: and the code"`
	Title      string         `json:"title" doc:"What kind of problem it is"`
	Status     int            `json:"status" doc:"HTTP status"`
	Detail     string         `json:"detail,omitempty" doc:"What was wrong, this time"`
	Code       Code           `json:"code" doc:"The problem, for programs"`
	Hint       string         `json:"hint,omitempty" doc:"The next step"`
	Errors     []ProblemItem  `json:"errors,omitempty" doc:"What is wrong with single fields and parameters"`
	Reason     string         `json:"reason,omitempty" doc:"Why the rules would give the entry no effect, in the short form of void entries"`
	Candidates []CandidateRef `json:"candidates,omitempty" doc:"What an ambiguous name may mean"`

	Currency  string `json:"currency,omitempty" doc:"Of an overdraft: the currency"`
	Amount    string `json:"amount,omitempty" doc:"Of an overdraft: what was to be paid"`
	Available string `json:"available,omitempty" doc:"Of an overdraft: what can be paid, limit included"`
	Limit     string `json:"limit,omitempty" doc:"Of an overdraft: how far below zero the account may go"`

	// args fill the texts of the catalogue, until the language is known.
	args []any
	// cause is logged and never shown.
	cause error
}

// ProblemItem says what is wrong with one field of the body, by JSON pointer,
// or with one parameter.
type ProblemItem struct {
	Pointer   string `json:"pointer,omitempty" doc:"JSON pointer into the body"`
	Parameter string `json:"parameter,omitempty" doc:"Name of the parameter in query, path or header"`
	Code      Code   `json:"code"`
	Detail    string `json:"detail"`

	args []any
}

// CandidateRef is one of the things that an ambiguous name may mean.
type CandidateRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Kind string `json:"kind" enum:"agent,commons,record"`
}

// Error returns one line: detail, faults of single fields, and hint.
func (p *Problem) Error() string {
	text := p.Detail
	if text == "" {
		text = p.Title
	}
	if text == "" {
		text = string(p.Code)
	}
	for _, item := range p.Errors {
		text += " " + item.where() + item.Detail
	}
	if p.Hint != "" {
		text += " " + p.Hint
	}
	return text
}

func (i ProblemItem) where() string {
	switch {
	case i.Pointer != "":
		return i.Pointer + ": "
	case i.Parameter != "":
		return i.Parameter + ": "
	}
	return ""
}

// Unwrap returns what the problem was made of, for logs on the node.
func (p *Problem) Unwrap() error { return p.cause }

// Is reports whether target is a problem of the same code.
func (p *Problem) Is(target error) bool {
	other, ok := target.(*Problem)
	return ok && other.Code == p.Code
}

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType returns the media type of a problem.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problem makes a problem of a code. args fill the texts of the catalogue.
func problem(code Code, args ...any) *Problem {
	return &Problem{
		Schema: "minga.problem/1", Type: "urn:minga:problem:" + string(code),
		Code: code, Status: statusOf(code), args: args,
	}
}

func (p *Problem) because(err error) *Problem {
	p.cause = err
	return p
}

func statusOf(code Code) int {
	switch code {
	case CodeNotFound, CodeNoRoute, CodeNoCommons, CodeUnknownCommons:
		return http.StatusNotFound
	case CodeMethod, CodeMutationByGet:
		return http.StatusMethodNotAllowed
	case CodeBadQuery, CodeBatch:
		return http.StatusBadRequest
	case CodeBodyTooLarge:
		return http.StatusRequestEntityTooLarge
	case CodeMediaType:
		return http.StatusUnsupportedMediaType
	case CodeAmbiguous, CodeRunning, CodeExists, CodeFrozen, CodeFork, CodeCopied, CodeUsedUp, CodeUnsettled, CodeLocked, CodeDiffers:
		return http.StatusConflict
	case CodeExpired, CodeWithdrawn:
		return http.StatusGone
	case CodeUnauthorized:
		return http.StatusUnauthorized
	case CodeNotMember, CodeEnded, CodeNotSteward, CodeNotAdmitted, CodeForbidden, CodeCrossOrigin:
		return http.StatusForbidden
	case CodeHost:
		return http.StatusMisdirectedRequest
	case CodeTimeout:
		return http.StatusRequestTimeout
	case CodeDiskFull:
		return http.StatusInsufficientStorage
	case CodePeersUnreachable:
		return http.StatusGatewayTimeout
	case CodeReadOnly, CodeTooMany, CodeClosing, CodeNotReady:
		return http.StatusServiceUnavailable
	case CodeDamaged, CodeInternal:
		return http.StatusInternalServerError
	}
	return http.StatusUnprocessableEntity
}
