package p2p

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	pubsub "github.com/libp2p/go-libp2p-pubsub"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/peer"
	"go.uber.org/goleak"

	"github.com/minga-commons/minga/node/replica"
	"github.com/minga-commons/minga/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for something that must happen.
const patience = 20 * time.Second

const loopback = "/ip4/127.0.0.1/tcp/0"

// testNode is a Host whose events wait in a channel.
type testNode struct {
	*Host
	transport replica.Transport
	events    chan replica.Event
	stop      atomic.Bool // from now on nothing is taken
}

// keyOf returns a key that depends on the name only.
func keyOf(name string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(name))
	return ed25519.NewKeyFromSeed(seed[:])
}

func commonsOf(name string) protocol.CommonsID {
	return protocol.CommonsID{EntryID: protocol.Identify([]byte(name))}
}

// acceptAll takes any message, as a segment whose one side text it is.
func acceptAll(_ protocol.CommonsID, _ replica.PeerID, data []byte) (protocol.Segment, replica.Verdict) {
	return protocol.Segment{Sides: []protocol.Side{{Text: string(data)}}}, replica.Accept
}

// start starts a host that listens on loopback unless change says otherwise.
func start(t *testing.T, name string, change func(*Options), validate replica.Validator) *testNode {
	t.Helper()
	n := &testNode{events: make(chan replica.Event, 4096)}
	o := Options{Key: keyOf(name), Listen: []string{loopback}, Logger: testLog(t, name), bounds: usualBounds()}
	if change != nil {
		change(&o)
	}
	if validate == nil {
		validate = acceptAll
	}
	done := make(chan struct{})
	h, err := New(o, validate, func(e replica.Event) {
		if n.stop.Load() {
			<-done
		}
		select {
		case n.events <- e:
		case <-done:
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	n.Host, n.transport = h, h.Transport()
	t.Cleanup(func() {
		close(done)
		if err := h.Close(); err != nil {
			t.Errorf("close %s: %v", name, err)
		}
	})
	return n
}

// startBare starts a libp2p host that does nothing by itself.
func startBare(t *testing.T, name string) host.Host {
	t.Helper()
	o, err := Options{Key: keyOf(name)}.settle()
	if err != nil {
		t.Fatal(err)
	}
	h, err := build(o, newConduct(o))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("close %s: %v", name, err)
		}
	})
	return h
}

// dialBare connects h with n and returns when h has identified n.
func dialBare(t *testing.T, h host.Host, n *testNode) {
	t.Helper()
	info, err := peer.AddrInfoFromString(n.Addrs()[0])
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := h.Connect(ctx, *info); err != nil {
		t.Fatal(err)
	}
}

type logWriter struct{ t *testing.T }

func (w logWriter) Write(b []byte) (int, error) {
	w.t.Logf("%s", b)
	return len(b), nil
}

func testLog(t *testing.T, name string) *slog.Logger {
	// Not below Info: gossipsub logs after the end of a test.
	return slog.New(slog.NewTextHandler(logWriter{t}, &slog.HandlerOptions{Level: slog.LevelWarn})).With("node", name)
}

// await returns the next event of type E for which is (if not nil) holds, and
// drops those before it.
func await[E replica.Event](t *testing.T, n *testNode, is func(E) bool) E {
	t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case e := <-n.events:
			if found, right := e.(E); right && (is == nil || is(found)) {
				return found
			}
		case <-deadline:
			var wanted E
			t.Fatalf("no %T within %v", wanted, patience)
			return wanted
		}
	}
}

// connect makes a dial b and waits until each knows of the other.
func connect(t *testing.T, a, b *testNode) {
	t.Helper()
	if err := a.transport.Connect(b.Addrs()[0]); err != nil {
		t.Fatal(err)
	}
	await(t, a, func(e replica.PeerUp) bool { return e.Peer == b.ID() })
	await(t, b, func(e replica.PeerUp) bool { return e.Peer == a.ID() })
}

// join makes all nodes join a topic and waits until each knows that all of its
// neighbours among them have.
func join(t *testing.T, id protocol.CommonsID, nodes ...*testNode) {
	t.Helper()
	for _, n := range nodes {
		if err := n.transport.Join(id); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range nodes {
		wanted := map[peer.ID]bool{}
		for _, other := range nodes {
			for _, p := range n.network.Network().Peers() {
				if p == other.network.ID() {
					wanted[p] = true
				}
			}
		}
		awaitSubscribers(t, n, id, wanted)
	}
}

func awaitSubscribers(t *testing.T, n *testNode, id protocol.CommonsID, wanted map[peer.ID]bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	n.mu.Lock()
	topic := n.joined[id]
	n.mu.Unlock()
	changes, err := topic.EventHandler()
	if err != nil {
		t.Fatal(err)
	}
	defer changes.Cancel()
	for len(wanted) > 0 {
		e, err := changes.NextPeerEvent(ctx)
		if err != nil {
			t.Fatalf("%d peers have not joined: %v", len(wanted), err)
		}
		if e.Type == pubsub.PeerJoin {
			delete(wanted, e.Peer)
		}
	}
}

// open opens a session from a to b and returns it as each side names it.
func open(t *testing.T, a, b *testNode) (ofA, ofB replica.SessionID) {
	t.Helper()
	ofA, err := a.transport.Open(b.ID())
	if err != nil {
		t.Fatal(err)
	}
	await(t, a, func(e replica.Opened) bool { return e.Session == ofA && !e.Inbound })
	// The stream shows at the other side with its first bytes.
	hello := []byte(fmt.Sprint("hello ", ofA))
	send(t, a, ofA, hello)
	ofB = await(t, b, func(e replica.Opened) bool { return e.Inbound && e.Peer == a.ID() }).Session
	await(t, b, func(e replica.FrameIn) bool { return e.Session == ofB && string(e.Data) == string(hello) })
	return ofA, ofB
}

func send(t *testing.T, n *testNode, s replica.SessionID, frame []byte) {
	t.Helper()
	if err := n.transport.Send(s, frame); err != nil {
		t.Fatal(err)
	}
}

const shortRedial = 50 * time.Millisecond

// pollTime is how long poll waits for an event.
const pollTime = 50 * time.Millisecond

// deadline ends a loop that asks again and again.
type deadline struct {
	t   *testing.T
	end time.Time
}

func newDeadline(t *testing.T) deadline { return deadline{t, time.Now().Add(patience)} }

// poll returns an event, or nil when none comes for a moment. It fails the test
// when the deadline has passed.
func (d deadline) poll(n *testNode) replica.Event {
	d.t.Helper()
	if time.Now().After(d.end) {
		d.t.Fatalf("nothing within %v", patience)
	}
	select {
	case e := <-n.events:
		return e
	case <-time.After(pollTime):
		return nil
	}
}
