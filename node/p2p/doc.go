// Package p2p connects a node with its peers: it has the replica.Transport on
// libp2p, and is the only package that imports libp2p.
//
// A Host listens on exactly the addresses that it is told to, gossips fresh
// segments on one topic for each commons, carries frames on streams of protocol
// /minga/sync/1, dials peers that it is told of or finds on the local network,
// and shuts out peers that break the rules. What the frames say is no concern
// of this package.
//
// Everything that a remote side can make grow is bounded: connections, streams,
// frames in memory, subscriptions, messages that wait for validation, and the
// records kept of misbehaviour. A frame that nobody takes holds up its own
// stream, down to the sender; gossip that nobody takes is dropped.
//
// There is no relay, no probing of address translation, no peer exchange and no
// routing table here. Which peers to know and when to dial them again is up to
// the replica; the Host only keeps trying the static peers of its Options.
package p2p
