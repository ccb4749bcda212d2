// Package sim runs whole nodes in one goroutine: the real ledger over a disk in
// memory, the real replica over a network in memory, and a clock that jumps
// from event to event. A seed decides everything that happens: who writes what,
// which messages are lost, late, doubled or out of order, when the network is
// cut, which disks fail, which nodes crash, and where a backup is put back.
//
// Members record what happens to things that several of them know, often while
// they are apart, and correct it. The commons has mutual credit, stewards who sign together and a set of
// witnesses that grows while payments go on. In every seed an author signs
// several histories: one who holds a key and shows nodes what it likes, or one
// whose node was copied and runs twice. A second liar votes as it likes, and
// becomes a witness where the others can bear it. Stewards crash between what
// they propose, sign and publish.
//
// After every event one checker looks at the whole state. At the end everything
// is healed, and all nodes must come to hold the same within a bounded time.
// The trace of a run is hashed: the same seed gives the same hash, so that a
// failure can be run again.
//
// It does not simulate libp2p or real disks.
package sim
