package p2p

import (
	"math"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/control"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multiaddr"

	"github.com/minga-commons/minga/node/replica"
)

// offenceGossip is a gossip message that the Validator rejected. The replica
// does not report it: the Host sees it itself.
const offenceGossip replica.Offence = -1

// pointsOf says how much an offence weighs. What no honest node does by
// accident weighs most.
func pointsOf(o replica.Offence) float64 {
	switch o {
	case replica.OffenceFrame, replica.OffenceSegment:
		return 25
	}
	return 10 // offenceGossip, replica.OffenceStall, replica.OffenceFlood
}

// record is what is remembered of one peer's offences.
type record struct {
	points float64   // as of at; they halve every half-life
	at     time.Time // of the last offence
	until  time.Time // shut out before this time
}

// conduct remembers who broke the rules, and is the gate of all connections. It
// is safe for concurrent use.
type conduct struct {
	allow  map[peer.ID]bool // nil: everybody
	bounds *bounds
	now    func() time.Time

	mu      sync.Mutex
	records map[peer.ID]record
}

func newConduct(s settled) *conduct {
	return &conduct{allow: s.allow, bounds: s.bounds, now: s.Now, records: make(map[peer.ID]record)}
}

// note adds an offence and reports whether the peer is to be shut out because
// of it.
func (c *conduct) note(id peer.ID, o replica.Offence) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	r, known := c.records[id]
	if !known && len(c.records) >= c.bounds.offenders {
		c.forget(now)
	}
	r.points = c.points(r, now) + pointsOf(o)
	r.at = now
	blocked := r.points >= c.bounds.blockPoints && !now.Before(r.until)
	if blocked {
		r.until = now.Add(c.bounds.block)
	}
	c.records[id] = r
	return blocked
}

// forget makes room by dropping the record that matters least. c.mu is held.
func (c *conduct) forget(now time.Time) {
	var least peer.ID
	lowest := math.Inf(1)
	for id, r := range c.records {
		weight := c.points(r, now)
		if now.Before(r.until) {
			weight += c.bounds.blockPoints
		}
		if weight < lowest {
			least, lowest = id, weight
		}
	}
	delete(c.records, least)
}

func (c *conduct) points(r record, now time.Time) float64 {
	if r.points == 0 {
		return 0
	}
	return r.points * math.Exp2(-float64(now.Sub(r.at))/float64(c.bounds.halfLife))
}

// score is what gossipsub adds to its own score of a peer.
func (c *conduct) score(id peer.ID) float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return -5 * c.points(c.records[id], c.now())
}

// welcome reports whether this host talks with the peer at present.
func (c *conduct) welcome(id peer.ID) bool {
	if c.allow != nil && !c.allow[id] {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	r, known := c.records[id]
	return !known || !c.now().Before(r.until)
}

// InterceptPeerDial implements connmgr.ConnectionGater.
func (c *conduct) InterceptPeerDial(id peer.ID) bool { return c.welcome(id) }

// InterceptAddrDial implements connmgr.ConnectionGater.
func (c *conduct) InterceptAddrDial(peer.ID, multiaddr.Multiaddr) bool { return true }

// InterceptAccept implements connmgr.ConnectionGater: who it is shows only
// after the handshake.
func (c *conduct) InterceptAccept(network.ConnMultiaddrs) bool { return true }

// InterceptSecured implements connmgr.ConnectionGater.
func (c *conduct) InterceptSecured(_ network.Direction, id peer.ID, _ network.ConnMultiaddrs) bool {
	return c.welcome(id)
}

// InterceptUpgraded implements connmgr.ConnectionGater.
func (c *conduct) InterceptUpgraded(network.Conn) (bool, control.DisconnectReason) {
	return true, 0
}
