// Package replica brings the entries of one node to the others: gossip of what
// is new, catch-up by cursors into arrival journals, and repair by comparison
// of what two nodes hold.
//
// It is a state machine without goroutines, clock or I/O of its own. A node
// hands it Events one at a time; it calls a Ledger, which keeps the entries,
// and a Transport, which moves frames. Time comes from Tick alone, randomness
// from the seed in Options, so that a simulator can replay any run.
//
// Gossip is a hint that may be lost; sessions are what makes two nodes equal.
// Everything that a peer can make the replica hold is bounded.
//
// SYNC.md says what two nodes say to each other, for other implementations.
//
// The package does not decide what an entry means, does not dial, and does not
// know libp2p.
package replica
