// Package api serves a node over HTTP: the types that travel, the handlers, the
// OpenAPI 3.1 document, the stream of changes. Package client beside it asks.
//
// It decides nothing about entries. A handler authenticates, decodes, asks the
// ledger through the interface Ledger, and encodes the answer. It knows the
// network through Network and the import of files through Importer, so that it
// can be tried without either.
//
// The package holds no state that would have to survive: idempotency keys are
// committed by the ledger together with the entry, and a stream of changes
// resumes from the ledger's journal. API.md describes it for people with curl.
package api
