package p2p

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/discovery/mdns"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
)

// ErrBusy says that a bound on work in progress is reached; try again later.
var ErrBusy = errors.New("too much in progress")

// maxDials bounds the peers that are dialed at a time.
const maxDials = 16

// staticTag protects static peers from being trimmed.
const staticTag = "static"

// service is the name under which nodes find one another by mDNS.
const service = "_minga._udp"

// finder looks for peers on the local network.
type finder interface {
	Start() error
	io.Closer
}

// Connect implements replica.Transport. The address is remembered for a while
// and tried together with others known of the same peer. A dial in progress to
// that peer is not repeated.
func (h *Host) Connect(addr string) error {
	info, err := peer.AddrInfoFromString(addr)
	if err != nil {
		return fmt.Errorf("cannot dial %q: %w", addr, err)
	}
	if !h.conduct.welcome(info.ID) {
		return fmt.Errorf("cannot dial %s: the peer is shut out", info.ID)
	}
	return h.dial(*info)
}

// dial begins to dial a peer unless it is connected or being dialed.
func (h *Host) dial(info peer.AddrInfo) error {
	if info.ID == h.network.ID() || h.connected(info.ID) {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.closed:
		return ErrClosed
	case h.dialing[info.ID]:
		return nil
	case len(h.dialing) >= maxDials:
		return fmt.Errorf("cannot dial %s: %w", info.ID, ErrBusy)
	}
	h.dialing[info.ID] = true
	h.running.Go(func() {
		defer func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			delete(h.dialing, info.ID)
		}()
		// After failures libp2p refuses to dial for up to minutes, which keeps
		// a healed partition silent. How often to try is decided above it.
		if s, is := h.network.Network().(*swarm.Swarm); is {
			s.Backoff().Clear(info.ID)
		}
		ctx, cancel := context.WithTimeout(h.lifetime, h.o.bounds.dialTimeout)
		defer cancel()
		if err := h.network.Connect(ctx, info); err != nil {
			h.log.Debug("dial failed", "peer", info.ID, "error", err)
		}
	})
	return nil
}

// keepStatic dials the static peers, now and whenever they are not connected.
func (h *Host) keepStatic() {
	if len(h.o.static) == 0 {
		return
	}
	for _, info := range h.o.static {
		h.network.ConnManager().Protect(info.ID, staticTag)
	}
	h.running.Go(func() {
		again := time.NewTicker(h.o.bounds.redial)
		defer again.Stop()
		for {
			for _, info := range h.o.static {
				if err := h.dial(info); err != nil {
					h.log.Debug("static peer", "error", err)
				}
			}
			select {
			case <-again.C:
			case <-h.lifetime.Done():
				return
			}
		}
	})
}

// discover looks for peers on the local network. Where that is not possible the
// host goes on without.
func (h *Host) discover() {
	f := mdns.NewMdnsService(h.network, service, (*neighbours)(h))
	if err := f.Start(); err != nil {
		h.log.Warn("no discovery on the local network", "error", err)
		return
	}
	h.finder = f
}

// neighbours takes what mDNS finds.
type neighbours Host

// HandlePeerFound implements mdns.Notifee.
func (n *neighbours) HandlePeerFound(info peer.AddrInfo) {
	h := (*Host)(n)
	if len(h.network.Network().Peers()) >= h.o.MaxPeers || !h.conduct.welcome(info.ID) {
		return
	}
	if len(info.Addrs) > maxAddrs {
		info.Addrs = info.Addrs[:maxAddrs]
	}
	if err := h.dial(info); err != nil {
		h.log.Debug("neighbour", "error", err)
	}
}
