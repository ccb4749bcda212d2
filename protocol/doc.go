// Package protocol defines the bytes on which two implementations of Minga
// must agree: identifiers, the canonical encoding of an entry, logs, segments,
// signatures, fork proofs and invitations.
//
// The package is pure. It reads no clock, no file and no network, holds no
// state, and returns the same answer for the same bytes on every machine. What
// an entry means is decided in package ledger; here it is only said what an
// entry is. SPEC.md beside this file is the normative text, testdata/vectors
// the examples that any implementation is to pass.
package protocol
