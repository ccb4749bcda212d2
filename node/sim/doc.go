// Package sim runs whole nodes in one goroutine: the real ledger over a disk in
// memory, the real replica over a network in memory, and a clock that jumps
// from event to event. A seed decides everything that happens: who writes what,
// which messages are lost, late, doubled or out of order, when the network is
// cut, which disks fail, which nodes crash, and where a backup is put back.
//
// After every event one checker looks at the whole state. At the end everything
// is healed, and all nodes must come to hold the same within a bounded time.
// The trace of a run is hashed: the same seed gives the same hash, so that a
// failure can be run again.
//
// It does not simulate libp2p, real disks or liars.
package sim
