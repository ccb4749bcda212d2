package p2p

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	rcmgr "github.com/libp2p/go-libp2p/p2p/host/resource-manager"
	muxer "github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/net/connmgr"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	tls "github.com/libp2p/go-libp2p/p2p/security/tls"
	quic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/libp2p/go-libp2p/x/rate"
	"github.com/libp2p/go-yamux/v5"
	"github.com/multiformats/go-multiaddr"
	manet "github.com/multiformats/go-multiaddr/net"
)

// build makes the libp2p host. It listens when build returns, on every address
// that was asked for or not at all.
func build(s settled, gate *conduct) (host.Host, error) {
	// First, for libp2p leaves half a host running when it cannot listen.
	if err := whyNot(s.listen); err != nil {
		return nil, err
	}
	key, err := crypto.UnmarshalEd25519PrivateKey(s.Key)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrBadKey, err)
	}
	manager, err := connmgr.NewConnManager(s.MaxPeers*3/4, s.MaxPeers, connmgr.WithGracePeriod(20*time.Second))
	if err != nil {
		return nil, fmt.Errorf("make a connection manager: %w", err)
	}
	resources, err := newResources(s.MaxPeers)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make a resource manager: %w", err), manager.Close())
	}
	options := []libp2p.Option{
		libp2p.Identity(key),
		libp2p.UserAgent("minga"),
		libp2p.ProtocolVersion("minga/1"),
		// A port that another process holds is to be an error, so no sharing.
		libp2p.Transport(tcp.NewTCPTransport, tcp.DisableReuseport()),
		libp2p.Transport(quic.NewTransport),
		libp2p.Security(noise.ID, noise.New),
		libp2p.Security(tls.ID, tls.New),
		libp2p.Muxer(muxer.ID, newMuxer()),
		libp2p.ConnectionManager(manager),
		libp2p.ResourceManager(resources),
		libp2p.ConnectionGater(gate),
		libp2p.WithDialTimeout(s.bounds.dialTimeout),
		libp2p.DisableMetrics(),
		libp2p.DisableRelay(),
		libp2p.Ping(false),
		// Nobody is asked whether this host can be reached, nor told.
		libp2p.ForceReachabilityPublic(),
		libp2p.DisableIdentifyAddressDiscovery(),
		// These counters stop dialing after a time without success, which is
		// what a partition looks like.
		libp2p.UDPBlackHoleSuccessCounter(nil),
		libp2p.IPv6BlackHoleSuccessCounter(nil),
	}
	if len(s.listen) == 0 {
		options = append(options, libp2p.NoListenAddrs)
	} else {
		options = append(options, libp2p.ListenAddrs(s.listen...))
	}
	if len(s.announce) > 0 {
		options = append(options, libp2p.AddrsFactory(func([]multiaddr.Multiaddr) []multiaddr.Multiaddr {
			return s.announce
		}))
	}
	h, err := libp2p.New(options...)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the network: %w", err), manager.Close(), resources.Close())
	}
	if missing := notListening(h, s.listen); len(missing) > 0 {
		err := whyNot(missing)
		if err == nil {
			err = fmt.Errorf("cannot listen on %s", missing)
		}
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// notListening returns the addresses on which the host does not listen: libp2p
// is content with one that works.
func notListening(h host.Host, wanted []multiaddr.Multiaddr) []multiaddr.Multiaddr {
	held := h.Network().ListenAddresses()
	var missing []multiaddr.Multiaddr
	for _, addr := range wanted {
		at := slices.IndexFunc(held, func(have multiaddr.Multiaddr) bool { return isListener(have, addr) })
		if at < 0 {
			missing = append(missing, addr)
			continue
		}
		held = slices.Delete(held, at, at+1)
	}
	return missing
}

// whyNot tries to listen for a moment, to learn the system's reason why that
// cannot be done. libp2p tells it as a text only.
func whyNot(addrs []multiaddr.Multiaddr) error {
	for _, addr := range addrs {
		if err := tryListen(addr); err != nil {
			return fmt.Errorf("cannot listen on %s: %w", addr, err)
		}
	}
	return nil
}

func tryListen(addr multiaddr.Multiaddr) error {
	protocol, address, err := manet.DialArgs(addr)
	if err != nil {
		return err
	}
	var listener io.Closer
	if strings.HasPrefix(protocol, "udp") {
		listener, err = net.ListenPacket(protocol, address)
	} else {
		listener, err = net.Listen(protocol, address)
	}
	if err != nil {
		return err
	}
	return listener.Close()
}

// isListener reports whether have is what comes of listening on wanted, where
// port 0 stands for any port.
func isListener(have, wanted multiaddr.Multiaddr) bool {
	if len(have) != len(wanted) {
		return false
	}
	for i, w := range wanted {
		code := w.Protocol().Code
		anyPort := (code == multiaddr.P_TCP || code == multiaddr.P_UDP) && w.Value() == "0"
		if have[i].Protocol().Code != code || !anyPort && have[i].Value() != w.Value() {
			return false
		}
	}
	return true
}

// newMuxer bounds the window of a stream, which is what a sender can make this
// host hold, and notices a dead connection within 20 seconds.
func newMuxer() *muxer.Transport {
	config := yamux.DefaultConfig()
	config.MaxStreamWindowSize = 1 << 20
	config.MaxIncomingStreams = math.MaxUint32 // the resource manager counts
	config.KeepAliveInterval = 10 * time.Second
	config.MeasureRTTInterval = time.Minute
	config.ReadBufSize = 0 // the layer below has a buffer
	config.LogOutput = io.Discard
	return (*muxer.Transport)(config)
}

// newResources bounds what all peers, and each of them, may use. The amounts of
// memory are windows that are promised, not all of it touched.
func newResources(peers int) (network.ResourceManager, error) {
	limits := rcmgr.PartialLimitConfig{
		System: rcmgr.ResourceLimits{
			Conns:           rcmgr.LimitVal(2*peers + 64),
			ConnsInbound:    rcmgr.LimitVal(2 * peers),
			ConnsOutbound:   rcmgr.LimitVal(peers + 64),
			FD:              rcmgr.LimitVal(2*peers + 64),
			Streams:         rcmgr.LimitVal(32 * peers),
			StreamsInbound:  rcmgr.LimitVal(16 * peers),
			StreamsOutbound: rcmgr.LimitVal(16 * peers),
			Memory:          256 << 20,
		},
		Transient: rcmgr.ResourceLimits{
			Conns: 64, ConnsInbound: 32, ConnsOutbound: 64, FD: 64,
			Streams: 128, StreamsInbound: 64, StreamsOutbound: 64,
			Memory: 32 << 20,
		},
		PeerDefault: rcmgr.ResourceLimits{
			Conns: 8, ConnsInbound: 4, ConnsOutbound: 8, FD: 8,
			Streams: 128, StreamsInbound: 64, StreamsOutbound: 64,
			Memory: 48 << 20,
		},
		Conn:   rcmgr.ResourceLimits{Conns: 1, ConnsInbound: 1, ConnsOutbound: 1, FD: 1, Memory: 8 << 20},
		Stream: rcmgr.ResourceLimits{Streams: 1, StreamsInbound: 1, StreamsOutbound: 1, Memory: 8 << 20},
	}
	defaults := rcmgr.DefaultLimits
	libp2p.SetDefaultServiceLimits(&defaults)
	limiter := rcmgr.NewFixedLimiter(limits.Build(defaults.Scale(256<<20, 512)))
	// libp2p allows one connection in five seconds for an address, inbound and
	// outbound together, which a few redials use up.
	rates := &rate.Limiter{
		NetworkPrefixLimits: []rate.PrefixLimit{
			{Prefix: netip.MustParsePrefix("127.0.0.0/8")},
			{Prefix: netip.MustParsePrefix("::1/128")},
		},
		SubnetRateLimiter: rate.SubnetLimiter{
			IPv4SubnetLimits: []rate.SubnetLimit{{PrefixLength: 32, Limit: rate.Limit{RPS: 2, Burst: 64}}},
			IPv6SubnetLimits: []rate.SubnetLimit{{PrefixLength: 56, Limit: rate.Limit{RPS: 2, Burst: 64}}},
			GracePeriod:      time.Minute,
		},
	}
	// Some households and villages share one address.
	perAddress := []rcmgr.ConnLimitPerSubnet{{PrefixLength: 32, ConnCount: 32}}
	perSubnet := []rcmgr.ConnLimitPerSubnet{{PrefixLength: 56, ConnCount: 32}}
	return rcmgr.NewResourceManager(limiter, rcmgr.WithMetricsDisabled(),
		rcmgr.WithConnRateLimiters(rates), rcmgr.WithLimitPerSubnet(perAddress, perSubnet))
}
