package p2p

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multiaddr"

	"github.com/minga-commons/minga/node/replica"
)

// DefaultMaxPeers is how many peers a Host stays connected with by default.
const DefaultMaxPeers = 64

// ErrBadOptions is wrapped by every error of New about its Options.
var ErrBadOptions = errors.New("bad network options")

// Options says how a Host behaves. The zero value but for Key is a host that
// listens nowhere and can only dial.
type Options struct {
	Key       ed25519.PrivateKey // identifies the host; see LoadOrCreateKey
	Listen    []string           // multiaddrs, TCP or QUIC; none: only dial
	Announce  []string           // multiaddrs told to peers in place of those listened on
	Peers     []string           // static peers, multiaddrs that end in /p2p/ID: kept connected
	Allow     []string           // if not empty: the only peers to talk with, by text ID
	Discovery bool               // find peers on the local network by mDNS
	MaxPeers  int                // connections above this are trimmed; 0: DefaultMaxPeers
	Logger    *slog.Logger       // nil: no log
	Now       func() time.Time   // nil: the machine's clock

	bounds *bounds // nil: the usual ones; tests set tighter ones
}

// bounds are the limits of a Host that no caller needs to choose.
type bounds struct {
	dialTimeout time.Duration // of a dial, and of opening a stream
	redial      time.Duration // between attempts at static peers
	idle        time.Duration // without a frame either way, then a session ends
	stall       time.Duration // grace for one frame, above its length at slowest
	slowest     int           // bytes per second below which a frame is given up
	drain       time.Duration // for the frames queued when a session is closed

	sendQueue      int // bytes that wait to be sent, per session
	received       int // bytes of frames in memory that were not taken yet, in all
	receivedByPeer int // the same for one peer
	inbound        int // sessions that peers opened, in all
	inboundByPeer  int // the same for one peer
	outbound       int // sessions that this side opened, in all

	gossip        int // bytes of gossip that wait to be taken or to be published
	validateQueue int // gossip messages that wait for validation
	foreignTopics int // topics not joined here that are remembered, in all
	foreignByPeer int // the same for one peer
	subscriptions int // in one message

	blockPoints float64       // of offence at which a peer is shut out
	halfLife    time.Duration // in which points of offence halve
	block       time.Duration // for which a peer is shut out
	offenders   int           // peers of which offences are remembered
}

func usualBounds() *bounds {
	return &bounds{
		dialTimeout: 10 * time.Second,
		redial:      10 * time.Second,
		idle:        10 * time.Minute,
		stall:       time.Minute,
		slowest:     16 << 10,
		drain:       30 * time.Second,

		sendQueue:      2 * replica.MaxFrame,
		received:       16 * replica.MaxFrame,
		receivedByPeer: 2*replica.MaxFrame + 2*eventOverhead,
		inbound:        128,
		inboundByPeer:  32,
		outbound:       256,

		gossip:        4 << 20,
		validateQueue: 128,
		foreignTopics: 4096,
		foreignByPeer: 128,
		subscriptions: 1024,

		blockPoints: 95, // four grave offences or ten light ones in a row
		halfLife:    10 * time.Minute,
		block:       10 * time.Minute,
		offenders:   1024,
	}
}

// settled is Options as New has read them.
type settled struct {
	Options
	listen   []multiaddr.Multiaddr
	announce []multiaddr.Multiaddr
	static   []peer.AddrInfo
	allow    map[peer.ID]bool
}

// settle fills in what was left out and reports every fault at once.
func (o Options) settle() (settled, error) {
	s := settled{Options: o}
	if s.MaxPeers == 0 {
		s.MaxPeers = DefaultMaxPeers
	}
	if s.Logger == nil {
		s.Logger = slog.New(slog.DiscardHandler)
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.bounds == nil {
		s.bounds = usualBounds()
	}
	var faults []error
	if len(s.Key) != ed25519.PrivateKeySize {
		faults = append(faults, errors.New("the host key is missing"))
	}
	if s.MaxPeers < 0 {
		faults = append(faults, fmt.Errorf("%d peers at most", s.MaxPeers))
	}
	s.listen, faults = parseAddrs("listen on", o.Listen, faults)
	s.announce, faults = parseAddrs("announce", o.Announce, faults)
	var peers []multiaddr.Multiaddr
	peers, faults = parseAddrs("dial", o.Peers, faults)
	var err error
	if s.static, err = peer.AddrInfosFromP2pAddrs(peers...); err != nil {
		faults = append(faults, fmt.Errorf("cannot dial a static peer: %w", err))
	}
	if len(o.Allow) > 0 {
		s.allow = make(map[peer.ID]bool, len(o.Allow))
	}
	for _, text := range o.Allow {
		id, err := peer.Decode(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("cannot allow peer %q: %w", text, err))
		}
		s.allow[id] = true
	}
	if len(faults) > 0 {
		return settled{}, fmt.Errorf("%w: %w", ErrBadOptions, errors.Join(faults...))
	}
	return s, nil
}

func parseAddrs(purpose string, texts []string, faults []error) ([]multiaddr.Multiaddr, []error) {
	var addrs []multiaddr.Multiaddr
	for _, text := range texts {
		addr, err := multiaddr.NewMultiaddr(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("cannot %s %q: %w", purpose, text, err))
			continue
		}
		addrs = append(addrs, addr)
	}
	return addrs, faults
}
