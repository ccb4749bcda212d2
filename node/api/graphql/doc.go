// Package graphql answers GraphQL in the vocabulary of ValueFlows 1.0, in the
// shape that clients of that community send and expect: reads and writes over
// the same ledger as the REST API, and under the same rules of who may what.
//
// Records are amended, never changed, and nothing is deleted; what would be
// either is refused with the way that there is instead. Numbers are exact from
// the text of the request to the text of the answer. A request is bounded before
// it runs (size, tokens, depth, aliases, fields) and while it runs (reads of the
// ledger, fields of the answer).
//
// The package knows nothing of HTTP beyond its one handler: hosts, tokens and
// languages are the business of package api, which puts it at /graphql.
package graphql
