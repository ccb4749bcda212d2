package replica

import (
	"time"

	"github.com/minga-commons/minga/protocol"
)

// MaxFrame is the largest frame in bytes that a session carries, without the
// length that stands before it on the stream.
const MaxFrame = 2 << 20

// PeerID is the binary form of a peer's network identifier.
type PeerID string

// SessionID names one session of a Transport. It is never used again while the
// Transport lives.
type SessionID uint64

// Transport is what the replica needs of a network. Its methods return at once
// and never call back into the replica: what follows arrives later as an Event.
type Transport interface {
	// Self returns the identifier of this node.
	Self() PeerID

	// Publish hands data to everybody who has joined the commons' topic. It is
	// a hint that may be lost.
	Publish(commons protocol.CommonsID, data []byte) error

	// Join subscribes to the commons' topic. Joining again changes nothing.
	Join(commons protocol.CommonsID) error

	// Open asks for a session with a connected peer. Opened or Closed with the
	// same SessionID follows.
	Open(peer PeerID) (SessionID, error)

	// Send queues one frame of at most MaxFrame bytes. The queue is bounded:
	// the error says that the session is gone or that the queue is full, and in
	// that case Drained follows. The caller must not change frame afterwards.
	Send(s SessionID, frame []byte) error

	// Close ends a session after the frames already queued. The reason is for
	// the log. No Closed follows.
	Close(s SessionID, reason string)

	// Connect begins to dial a multiaddr that ends in /p2p/ID. PeerUp follows
	// if it succeeds, nothing if it does not.
	Connect(addr string) error

	// Report tells that a peer broke the rules. What follows is up to the
	// transport.
	Report(peer PeerID, offence Offence)
}

// Offence is a way in which a peer breaks the rules.
type Offence int

// The offences that the replica reports.
const (
	OffenceFrame   Offence = iota + 1 // garbage, an oversized frame, a frame out of place
	OffenceSegment                    // a block or a signature that is not valid
	OffenceStall                      // no progress within the deadline
	OffenceFlood                      // more sessions or bytes than allowed
)

// String returns one or two words for logs.
func (o Offence) String() string {
	switch o {
	case OffenceFrame:
		return "bad frame"
	case OffenceSegment:
		return "bad segment"
	case OffenceStall:
		return "no progress"
	case OffenceFlood:
		return "flood"
	}
	return "unknown offence"
}

// Event is what a Transport, a clock or the ledger's follower tells the
// replica. Events are handled in order, one at a time.
type Event interface{ isEvent() }

// PeerUp says that a peer is connected. Addrs are multiaddrs that end in
// /p2p/ID under which it can be dialed again, if any are known.
type PeerUp struct {
	Peer  PeerID
	Addrs []string
}

// PeerDown says that the last connection to a peer is gone.
type PeerDown struct{ Peer PeerID }

// Opened says that a session is ready: one that Open asked for, or an Inbound
// one that the peer asked for.
type Opened struct {
	Session SessionID
	Peer    PeerID
	Inbound bool
}

// FrameIn is a frame that arrived. The receiver owns Data.
type FrameIn struct {
	Session SessionID
	Data    []byte
}

// Drained says that the send queue of a session has room again.
type Drained struct{ Session SessionID }

// Closed says that a session is gone, or that Open failed.
type Closed struct {
	Session SessionID
	Reason  string
}

// GossipIn is a segment that arrived by gossip and passed the Validator.
type GossipIn struct {
	Commons protocol.CommonsID
	From    PeerID
	Segment protocol.Segment
}

// Tick tells the time. The replica has no other clock; one a second or more
// often keeps its deadlines sharp.
type Tick struct{ Now time.Time }

// LedgerChanged says that the ledger holds new entries or another commons. It
// saves the wait for the next Tick.
type LedgerChanged struct{}

func (PeerUp) isEvent()        {}
func (PeerDown) isEvent()      {}
func (Opened) isEvent()        {}
func (FrameIn) isEvent()       {}
func (Drained) isEvent()       {}
func (Closed) isEvent()        {}
func (GossipIn) isEvent()      {}
func (Tick) isEvent()          {}
func (LedgerChanged) isEvent() {}

// Verdict is what a Validator says of a gossip message.
type Verdict int

// The verdicts. The zero Verdict is none of them.
const (
	Accept Verdict = iota + 1 // hand it on to the replica and to other peers
	Reject                    // the sender is at fault
	Ignore                    // drop it; nobody is at fault
)

// Validator checks a gossip message before it is handed on, in the topic of
// commons, as it came from a peer. It may be called from several goroutines at
// once. The segment is meaningful only with Accept.
type Validator func(commons protocol.CommonsID, from PeerID, data []byte) (protocol.Segment, Verdict)
