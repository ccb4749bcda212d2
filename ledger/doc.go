// Package ledger keeps the logs of one or more commons and says what they mean.
//
// It has one writer. Submit writes entries of the node's own member, Ingest
// takes segments of others, and both end in one commit of package store. The
// state is computed by the pure rules of package ledger/rules, as a function of
// the set of entries held: no clock, no order of arrival and no randomness
// touches it.
//
// The package knows nothing of the network. Whoever wants to know of new
// entries follows Watch; nothing calls upward out of it. All methods of a
// Ledger may be called from several goroutines.
package ledger
