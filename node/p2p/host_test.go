package p2p

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/discovery/mdns"

	"github.com/minga-commons/minga/node/replica"
)

func TestPeerUpNamesUsableAddresses(t *testing.T) {
	a := start(t, "a", func(o *Options) {
		o.Listen = []string{loopback, "/ip4/127.0.0.1/udp/0/quic-v1"}
	}, nil)
	b := start(t, "b", nil, nil)
	if err := b.transport.Connect(a.Addrs()[0]); err != nil {
		t.Fatal(err)
	}
	up := await[replica.PeerUp](t, b, nil)
	if up.Peer != a.ID() || up.Peer != a.transport.Self() {
		t.Fatalf("peer %s is up, want %s", Text(up.Peer), Text(a.ID()))
	}
	got := strings.Join(up.Addrs, " ")
	for _, addr := range a.Addrs() {
		if !strings.Contains(got, addr) {
			t.Errorf("%s is not among %s", addr, got)
		}
	}
}

func TestPeerThatSaysLaterWhatItSpeaks(t *testing.T) {
	n := start(t, "n", nil, nil)
	late := startBare(t, "late")
	dialBare(t, late, n)
	for d := newDeadline(t); !identified(n, late); {
		if e, is := d.poll(n).(replica.PeerUp); is {
			t.Fatalf("up without a common protocol: %v", e)
		}
	}
	late.SetStreamHandler(Protocol, func(s network.Stream) { _ = s.Reset() })
	await(t, n, func(e replica.PeerUp) bool { return peer.ID(e.Peer) == late.ID() })
}

// identified reports whether n knows some protocol of a peer.
func identified(n *testNode, other host.Host) bool {
	known, err := n.network.Peerstore().GetProtocols(other.ID())
	return err == nil && len(known) > 0
}

func TestRedialAfterClose(t *testing.T) {
	a := start(t, "a", nil, nil)
	b := start(t, "b", nil, nil)
	connect(t, a, b)
	addr := b.Addrs()[0]
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	await(t, a, func(e replica.PeerDown) bool { return e.Peer == b.ID() })

	// Each of these fails and makes libp2p wait longer before the next.
	for range 3 {
		if err := a.transport.Connect(addr); err != nil {
			t.Fatal(err)
		}
	}
	back := start(t, "b", func(o *Options) {
		o.Listen = []string{strings.TrimSuffix(addr, "/p2p/"+Text(b.ID()))}
	}, nil)
	// The dials before may still be under way, and a dial in progress is not
	// repeated, so ask until it is up.
	for deadline := newDeadline(t); ; {
		if err := a.transport.Connect(addr); err != nil && !errors.Is(err, ErrBusy) {
			t.Fatal(err)
		}
		if e, ok := deadline.poll(a).(replica.PeerUp); ok && e.Peer == back.ID() {
			break
		}
	}
}

func TestStaticPeersAreKept(t *testing.T) {
	a := start(t, "a", nil, nil)
	addr := a.Addrs()[0]
	b := start(t, "b", func(o *Options) {
		o.Listen = nil
		o.Peers = []string{addr}
		o.bounds.redial = shortRedial
	}, nil)
	if len(b.Addrs()) != 0 {
		t.Errorf("listens on %v without being asked to", b.Addrs())
	}
	await(t, b, func(e replica.PeerUp) bool { return e.Peer == a.ID() })
	if !b.network.ConnManager().IsProtected(a.network.ID(), "") {
		t.Error("the static peer is not protected")
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	await[replica.PeerDown](t, b, nil)
	start(t, "a", func(o *Options) {
		o.Listen = []string{strings.TrimSuffix(addr, "/p2p/"+Text(a.ID()))}
	}, nil)
	await(t, b, func(e replica.PeerUp) bool { return e.Peer == a.ID() })
}

func TestPortInUse(t *testing.T) {
	for _, listen := range []string{loopback, "/ip4/127.0.0.1/udp/0/quic-v1"} {
		a := start(t, "a", func(o *Options) { o.Listen = []string{listen} }, nil)
		taken, _, _ := strings.Cut(a.Addrs()[0], "/p2p/")
		for _, listen := range [][]string{{taken}, {loopback, taken}, {loopback, loopback, taken}} {
			h, err := New(Options{Key: keyOf("b"), Listen: listen}, acceptAll, func(replica.Event) {})
			if err == nil {
				t.Errorf("two hosts listen on %s", taken)
				_ = h.Close()
				continue
			}
			if !strings.Contains(err.Error(), taken) || !errors.Is(err, syscall.EADDRINUSE) {
				t.Errorf("the error does not say what is wrong: %v", err)
			}
		}
	}
}

func TestAllowList(t *testing.T) {
	friend := start(t, "friend", nil, nil)
	stranger := start(t, "stranger", nil, nil)
	closed := start(t, "closed", func(o *Options) { o.Allow = []string{Text(friend.ID())} }, nil)
	if err := closed.transport.Connect(stranger.Addrs()[0]); err == nil {
		t.Error("a stranger is dialed")
	}
	if err := stranger.transport.Connect(closed.Addrs()[0]); err != nil {
		t.Fatal(err)
	}
	connect(t, friend, closed)
	for _, p := range closed.network.Network().Peers() {
		if p == stranger.network.ID() {
			t.Error("a stranger is connected")
		}
	}
}

func TestDiscoveredPeersAreDialed(t *testing.T) {
	a := start(t, "a", nil, nil)
	b := start(t, "b", nil, nil)
	var notifee mdns.Notifee = (*neighbours)(a.Host)
	notifee.HandlePeerFound(peer.AddrInfo{ID: b.network.ID(), Addrs: b.network.Addrs()})
	await(t, a, func(e replica.PeerUp) bool { return e.Peer == b.ID() })
}

func TestDiscoveryEndsCleanly(t *testing.T) {
	a := start(t, "a", func(o *Options) { o.Discovery = true }, nil)
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

func TestBadOptions(t *testing.T) {
	_, err := New(Options{
		Listen: []string{"127.0.0.1:80"},
		Peers:  []string{"/ip4/127.0.0.1/tcp/1"},
		Allow:  []string{"nobody"},
	}, acceptAll, func(replica.Event) {})
	if !errors.Is(err, ErrBadOptions) {
		t.Fatalf("got %v", err)
	}
	for _, part := range []string{"host key", "127.0.0.1:80", "static peer", "nobody"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("nothing about %q in: %v", part, err)
		}
	}
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "peer.key")
	made, err := LoadOrCreateKey(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	read, err := LoadOrCreateKey(path)
	if err != nil || !bytes.Equal(made, read) {
		t.Errorf("another key was read: %v", err)
	}
	id, err := PeerOf(read)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := ParsePeer(Text(id)); err != nil || back != id {
		t.Errorf("%s reads back as %v, %v", Text(id), back, err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadOrCreateKey(path); !errors.Is(err, ErrBadKey) {
		t.Errorf("a key that others may read: %v", err)
	}
	if err := os.WriteFile(path, []byte("garbage"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadOrCreateKey(path); !errors.Is(err, ErrBadKey) {
		t.Errorf("a file of garbage: %v", err)
	}
}
