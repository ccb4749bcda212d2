package p2p

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multiaddr"
	"golang.org/x/sync/semaphore"

	"github.com/minga-commons/minga/node/replica"
	"github.com/minga-commons/minga/protocol"
)

// ErrClosed says that the Host is closed.
var ErrClosed = errors.New("the network is closed")

// Host is one node's place in the network. All its methods are safe for
// concurrent use, and but for Close they return without waiting for a peer. The
// replica uses it through Transport, whose Close ends a session; Close of the
// Host ends everything.
type Host struct {
	o        settled
	log      *slog.Logger
	validate replica.Validator
	lifetime context.Context
	end      context.CancelFunc
	running  sync.WaitGroup // every goroutine of the Host but those of libp2p

	network host.Host
	gossip  *pubsub.PubSub
	conduct *conduct
	topics  *topics
	events  *queue
	peers   *presence
	finder  finder // nil without discovery

	received *semaphore.Weighted // bytes of frames not taken yet
	heard    *semaphore.Weighted // bytes of gossip not taken yet
	spoken   *semaphore.Weighted // bytes of gossip not published yet
	outbox   chan publication

	lastSession atomic.Uint64
	mu          sync.Mutex
	closed      bool
	sessions    map[replica.SessionID]*session
	inbound     int                    // places taken, until Closed was delivered
	outbound    int                    // the same
	perPeer     map[peer.ID]*allowance // of peers with sessions
	joined      map[protocol.CommonsID]*pubsub.Topic
	dialing     map[peer.ID]bool
}

// New starts a host. It listens when New returns. validate is asked about every
// gossip message and must be safe for concurrent use. deliver is called for
// each event in order, by one goroutine; while it blocks, streams are held up
// and gossip is dropped. It must not call Close.
func New(o Options, validate replica.Validator, deliver func(replica.Event)) (*Host, error) {
	s, err := o.settle()
	if err != nil {
		return nil, err
	}
	h := &Host{
		o:        s,
		log:      s.Logger,
		validate: validate,
		conduct:  newConduct(s),
		events:   newQueue(),
		received: semaphore.NewWeighted(int64(s.bounds.received)),
		heard:    semaphore.NewWeighted(int64(s.bounds.gossip)),
		spoken:   semaphore.NewWeighted(int64(s.bounds.gossip)),
		outbox:   make(chan publication, 256),
		sessions: make(map[replica.SessionID]*session),
		perPeer:  make(map[peer.ID]*allowance),
		joined:   make(map[protocol.CommonsID]*pubsub.Topic),
		dialing:  make(map[peer.ID]bool),
	}
	h.lifetime, h.end = context.WithCancel(context.Background())
	if h.network, err = build(s, h.conduct); err != nil {
		h.end()
		return nil, err
	}
	h.topics = newTopics(s.bounds, h.connected)
	if err := h.start(deliver); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// start brings up everything that needs the network.
func (h *Host) start(deliver func(replica.Event)) error {
	var err error
	if h.gossip, err = newGossip(h); err != nil {
		return fmt.Errorf("start gossip: %w", err)
	}
	if h.peers, err = watchPeers(h); err != nil {
		return fmt.Errorf("watch peers: %w", err)
	}
	h.network.SetStreamHandler(Protocol, h.accept)
	h.running.Go(func() { h.events.run(h.lifetime, deliver) })
	h.running.Go(h.publish)
	h.keepStatic()
	if h.o.Discovery {
		h.discover()
	}
	return nil
}

// Close ends all sessions and connections and stops to listen. No event is
// delivered after it returns. It waits for a deliver in progress.
func (h *Host) Close() error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil
	}
	h.closed = true
	h.mu.Unlock()

	var errs []error
	if h.finder != nil {
		errs = append(errs, h.finder.Close())
	}
	h.network.RemoveStreamHandler(Protocol)
	h.end()
	errs = append(errs, h.network.Close())
	h.running.Wait()
	return errors.Join(errs...)
}

// begin runs a function in a goroutine that Close waits for. It reports false
// when the Host is closed.
func (h *Host) begin(f func()) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return false
	}
	h.running.Go(f)
	return true
}

func (h *Host) connected(id peer.ID) bool {
	return h.network.Network().Connectedness(id) == network.Connected
}

// ID returns the identifier of this host, the same as Self.
func (h *Host) ID() replica.PeerID { return replica.PeerID(h.network.ID()) }

// Transport returns the host as the replica uses it.
func (h *Host) Transport() replica.Transport { return transport{h} }

// Self implements replica.Transport.
func (h *Host) Self() replica.PeerID { return h.ID() }

// Addrs returns the multiaddrs under which this host can be dialed, each ending
// in /p2p/ID. An unspecified address stands there as those of all interfaces.
func (h *Host) Addrs() []string {
	var texts []string
	for _, addr := range h.network.Addrs() {
		if full, err := fullAddr(h.network.ID(), addr); err == nil {
			texts = append(texts, full)
		}
	}
	return texts
}

// fullAddr returns an address with the identifier of the peer behind it, once.
func fullAddr(id peer.ID, addr multiaddr.Multiaddr) (string, error) {
	full, err := peer.AddrInfoToP2pAddrs(&peer.AddrInfo{ID: id, Addrs: []multiaddr.Multiaddr{addr}})
	if err != nil {
		return "", err
	}
	return full[0].String(), nil
}

// Report implements replica.Transport. Offences lower the peer's score in
// gossip; too many in a short time shut it out for a while.
func (h *Host) Report(id replica.PeerID, offence replica.Offence) {
	h.offend(peer.ID(id), offence)
}

func (h *Host) offend(id peer.ID, offence replica.Offence) {
	if id == h.network.ID() || !h.conduct.note(id, offence) {
		return
	}
	h.log.Warn("peer is shut out for a while", "peer", id, "after", offence, "for", h.o.bounds.block)
	h.hangUp(id)
}

// hangUp begins to close all connections to a peer.
func (h *Host) hangUp(id peer.ID) {
	h.begin(func() {
		if err := h.network.Network().ClosePeer(id); err != nil {
			h.log.Debug("close connections", "peer", id, "error", err)
		}
	})
}
