package graphql

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// Ledger is what GraphQL reads. *ledger.Ledger is one. Its methods may be called
// from several goroutines.
type Ledger interface {
	Entry(ctx context.Context, id protocol.EntryID) (ledger.EntryStatus, error)
	Agents(ctx context.Context, id protocol.CommonsID, p ledger.Page) ([]ledger.Agent, string, error)
	FindAgent(ctx context.Context, id protocol.CommonsID, nameOrID string) (ledger.Agent, error)
	Event(ctx context.Context, id protocol.EntryID) (ledger.Event, error)
	Events(ctx context.Context, id protocol.CommonsID, f ledger.EventFilter, p ledger.Page) ([]ledger.Event, string, error)
	Resource(ctx context.Context, id protocol.EntryID) (ledger.Resource, error)
	Resources(ctx context.Context, id protocol.CommonsID, f ledger.ResourceFilter, p ledger.Page) ([]ledger.Resource, string, error)
	Record(ctx context.Context, id protocol.EntryID) (ledger.Record, error)
	Records(ctx context.Context, id protocol.CommonsID, f ledger.RecordFilter, p ledger.Page) ([]ledger.Record, string, error)
	Trace(ctx context.Context, id protocol.CommonsID, from protocol.EntryID, p ledger.Page) ([]ledger.Step, string, error)
	Track(ctx context.Context, id protocol.CommonsID, from protocol.EntryID, p ledger.Page) ([]ledger.Step, string, error)
	Links(ctx context.Context, id protocol.CommonsID, target protocol.EntryID, relation string, p ledger.Page) ([]ledger.Link, string, error)
}

// Host is what GraphQL asks of the API around it. Its methods may be called from
// several goroutines.
type Host interface {
	// Commons returns the commons that the request is about, if the asker may
	// read it.
	Commons(ctx context.Context) (ledger.Commons, error)
	// MayWrite returns an error if the asker may not write.
	MayWrite(ctx context.Context) error
	// Write submits an entry. asked is what the request said, for its digest, and
	// nth counts the writes of one request from 0.
	Write(ctx context.Context, c ledger.Commons, body protocol.Body, asked any, nth int) (ledger.Written, error)
	// Fail says what clients are told of an error, in the language of the request.
	Fail(ctx context.Context, err error) Failure
	// Refuse returns the error of a problem code of this package; args fill its
	// text, a Word in the language of the request.
	Refuse(code Code, args ...any) error
	// ReadBody returns the JSON body of the request, within its bounds.
	ReadBody(ctx context.Context) ([]byte, error)
}

// Word is what an argument of a refusal says in the language of the request.
type Word string

// The words. The API has each in every language.
const (
	WordFields           Word = "fields"
	WordAliases          Word = "aliases"
	WordTokens           Word = "tokens"
	WordNotPerson        Word = "not a person"
	WordNotOrganization  Word = "not an organization"
	WordNotSpecification Word = "not a resource specification"
	WordNotKind          Word = "not a record of that kind"
)

// Words returns all words.
func Words() []Word {
	return []Word{WordFields, WordAliases, WordTokens, WordNotPerson, WordNotOrganization, WordNotSpecification, WordNotKind}
}

// Failure is an error as clients are told it.
type Failure struct {
	Status  int    // of HTTP, when nothing but the error is answered
	Message string // one line, in the language of the request
	Extra   map[string]any
}

// Code names what this package refuses, for programs.
type Code string

// What is refused. The API has a text in every language for each.
const (
	CodeNotFound    Code = "not-found"
	CodeNoDelete    Code = "no-deletion"
	CodeNoUpdate    Code = "no-update"
	CodeTooDeep     Code = "query-too-deep"
	CodeTooMany     Code = "query-too-large"
	CodeTooCostly   Code = "query-too-costly"
	CodeBadQuery    Code = "bad-query"
	CodeBadValue    Code = "bad-value"
	CodeBadUnit     Code = "unknown-unit"
	CodeOtherKind   Code = "other-kind"
	CodeFixed       Code = "fixed"
	CodeBatch       Code = "batch-not-offered"
	CodeGetMutation Code = "mutation-over-get"
)
