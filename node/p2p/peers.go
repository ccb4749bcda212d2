package p2p

import (
	"slices"
	"sync"

	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/host/eventbus"
	"github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"

	"github.com/minga-commons/minga/node/replica"
)

// presence turns what libp2p tells of connections into PeerUp and PeerDown, in
// turns for each peer. A peer is up when it is connected and known to speak
// Protocol.
//
// At most two events of a peer wait to be delivered: further changes are merged.
// Whatever waits, PeerUp comes before the first event of a session.
type presence struct {
	h *Host

	mu    sync.Mutex
	known map[peer.ID]*attendance
}

// attendance is what presence knows of one peer.
type attendance struct {
	connected bool
	speaks    bool
	up        bool // the last event put was PeerUp
	waiting   int  // events put and not yet delivered
	listens   []multiaddr.Multiaddr
}

// watchPeers follows libp2p's events until the Host is closed.
func watchPeers(h *Host) (*presence, error) {
	p := &presence{h: h, known: make(map[peer.ID]*attendance)}
	changes, err := h.network.EventBus().Subscribe([]any{
		new(event.EvtPeerConnectednessChanged),
		new(event.EvtPeerIdentificationCompleted),
		new(event.EvtPeerIdentificationFailed),
		new(event.EvtPeerProtocolsUpdated),
	}, eventbus.BufSize(256))
	if err != nil {
		return nil, err
	}
	h.running.Go(func() {
		defer changes.Close()
		for {
			select {
			case change, open := <-changes.Out():
				if !open {
					return
				}
				p.handle(change)
			case <-h.lifetime.Done():
				return
			}
		}
	})
	return p, nil
}

func (p *presence) handle(change any) {
	switch c := change.(type) {
	case event.EvtPeerConnectednessChanged:
		if c.Connectedness == network.NotConnected {
			p.h.topics.left(c.Peer)
		}
		p.update(c.Peer, nil)
	case event.EvtPeerIdentificationCompleted:
		p.update(c.Peer, func(a *attendance) {
			a.speaks = a.speaks || slices.Contains(c.Protocols, protocol.ID(Protocol))
			a.listens = c.ListenAddrs
		})
	case event.EvtPeerProtocolsUpdated:
		// A peer that is still starting says later what it speaks.
		if slices.Contains(c.Added, protocol.ID(Protocol)) {
			p.spoke(c.Peer)
		}
	case event.EvtPeerIdentificationFailed:
		p.unknown(c.Peer)
	}
}

// unknown hangs up on a peer that has not said what it speaks: as long as it is
// connected, nobody would dial it again.
func (p *presence) unknown(id peer.ID) {
	p.mu.Lock()
	a := p.known[id]
	useful := a != nil && a.speaks
	p.mu.Unlock()
	if !useful {
		p.h.hangUp(id)
	}
}

// spoke says that a peer speaks Protocol, as it shows when it opens a session.
func (p *presence) spoke(id peer.ID) {
	p.update(id, func(a *attendance) { a.speaks = true })
}

// update looks at the connections to a peer, lets change have its way, and puts
// the events that follow.
func (p *presence) update(id peer.ID, change func(*attendance)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, known := p.known[id]
	if !known {
		a = &attendance{}
		p.known[id] = a
	}
	a.connected = p.h.connected(id)
	if !a.connected {
		a.speaks, a.listens = false, nil
	} else if change != nil {
		change(a)
	}
	switch {
	case a.connected && a.speaks && !a.up:
		p.put(id, a, replica.PeerUp{Peer: replica.PeerID(id), Addrs: p.addrs(id, a)})
	case !a.connected && a.up && a.waiting == 0:
		p.put(id, a, replica.PeerDown{Peer: replica.PeerID(id)})
	case !a.connected && !a.up && a.waiting == 0:
		delete(p.known, id)
	}
}

// put puts the next event of a peer. p.mu is held.
func (p *presence) put(id peer.ID, a *attendance, e replica.Event) {
	a.up = !a.up
	a.waiting++
	p.h.events.put(queued{event: e, done: func() {
		p.mu.Lock()
		a.waiting--
		p.mu.Unlock()
		p.update(id, nil)
	}})
}

// addrs returns where a peer can be dialed again: what it says that it listens
// on, and what was dialed now.
func (p *presence) addrs(id peer.ID, a *attendance) []string {
	var dialed []multiaddr.Multiaddr
	local := true // whether the peer is on this machine
	for _, conn := range p.h.network.Network().ConnsToPeer(id) {
		local = local && manet.IsIPLoopback(conn.RemoteMultiaddr())
		if conn.Stat().Direction == network.DirOutbound {
			dialed = append(dialed, conn.RemoteMultiaddr())
		}
	}
	listens := a.listens
	if len(listens) == 0 {
		listens = p.h.network.Peerstore().Addrs(id)
	}
	var texts []string
	for _, addr := range append(dialed, listens...) {
		if manet.IsIPUnspecified(addr) || manet.IsIPLoopback(addr) && !local {
			continue
		}
		full, err := fullAddr(id, addr)
		if err != nil || slices.Contains(texts, full) {
			continue
		}
		if texts = append(texts, full); len(texts) == maxAddrs {
			break
		}
	}
	return texts
}

// maxAddrs bounds the addresses of one peer that are told on.
const maxAddrs = 16
