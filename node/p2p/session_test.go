package p2p

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/multiformats/go-varint"

	"github.com/minga-commons/minga/node/replica"
)

func TestFramesPassInOrder(t *testing.T) {
	for _, listen := range []string{loopback, "/ip4/127.0.0.1/udp/0/quic-v1"} {
		a := start(t, "a", nil, nil)
		b := start(t, "b", func(o *Options) { o.Listen = []string{listen} }, nil)
		connect(t, a, b)
		ofA, ofB := open(t, a, b)
		large := bytes.Repeat([]byte("0123456789abcdef"), replica.MaxFrame/16)
		for i := range 20 {
			send(t, a, ofA, fmt.Appendf(nil, "frame %d", i))
			if i == 5 {
				send(t, a, ofA, large)
			}
		}
		for i := range 20 {
			if e := await[replica.FrameIn](t, b, nil); string(e.Data) != fmt.Sprint("frame ", i) {
				t.Fatalf("frame %d is %.40q", i, e.Data)
			}
			if i == 5 {
				if e := await[replica.FrameIn](t, b, nil); !bytes.Equal(e.Data, large) {
					t.Fatalf("a frame of %d bytes came as %d others", len(large), len(e.Data))
				}
			}
		}
		// And back, on the same stream; what is queued goes out before the end.
		send(t, b, ofB, large)
		send(t, b, ofB, []byte("refused"))
		b.transport.Close(ofB, "done")
		if e := await[replica.FrameIn](t, a, nil); !bytes.Equal(e.Data, large) {
			t.Fatal("the first answer is another")
		}
		if e := await[replica.FrameIn](t, a, nil); string(e.Data) != "refused" {
			t.Fatalf("the last answer is %.40q", e.Data)
		}
		await(t, a, func(e replica.Closed) bool { return e.Session == ofA })
		if err := b.transport.Send(ofB, []byte("late")); !errors.Is(err, ErrNoSession) {
			t.Errorf("a closed session takes a frame: %v", err)
		}
		awaitNoSessions(t, a)
		awaitNoSessions(t, b)
	}
}

// awaitNoSessions waits until every place of a session is free again.
func awaitNoSessions(t *testing.T, n *testNode) {
	t.Helper()
	for d := newDeadline(t); ; d.poll(n) {
		n.mu.Lock()
		left := len(n.sessions) + n.inbound + n.outbound + len(n.perPeer)
		n.mu.Unlock()
		if left == 0 {
			return
		}
	}
}

func TestASlowTakerHoldsUpTheSender(t *testing.T) {
	a := start(t, "a", nil, nil)
	b := start(t, "b", nil, nil)
	b.events = make(chan replica.Event) // nobody takes what is not awaited
	connect(t, a, b)
	ofA, _ := open(t, a, b)
	frame := make([]byte, replica.MaxFrame)
	sent := 0
	for {
		err := a.transport.Send(ofA, frame)
		if err == nil {
			sent++
			continue
		}
		if !errors.Is(err, ErrQueueFull) {
			t.Fatal(err)
		}
		// Room comes only while b has some, then no more.
		room := false
		d := newDeadline(t)
		for range 10 {
			if _, room = d.poll(a).(replica.Drained); room {
				break
			}
		}
		if !room {
			break
		}
	}
	// The queue here, what b holds for one peer, and what is on the way.
	if sent > 10 {
		t.Errorf("%d frames of 2 MiB went out, and nobody took them", sent)
	}
	for range sent {
		if e := await[replica.FrameIn](t, b, nil); len(e.Data) != len(frame) {
			t.Fatalf("a frame of %d bytes", len(e.Data))
		}
	}
	await(t, a, func(e replica.Drained) bool { return e.Session == ofA })
	send(t, a, ofA, []byte("again"))
	await(t, b, func(e replica.FrameIn) bool { return string(e.Data) == "again" })
}

// raw opens a stream to n from a host that does not keep to the rules.
func raw(t *testing.T, from, n *testNode) network.Stream {
	t.Helper()
	stream, err := from.network.NewStream(t.Context(), n.network.ID(), Protocol)
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

func TestBadFramesEndTheSession(t *testing.T) {
	for name, garbage := range map[string][]byte{
		"oversize":    varint.ToUvarint(replica.MaxFrame + 1),
		"huge":        varint.ToUvarint(1 << 62),
		"empty":       {0},
		"not minimal": {0x81, 0x80, 0x00},
		"overflow":    bytes.Repeat([]byte{0xff}, 20),
	} {
		t.Run(name, func(t *testing.T) {
			bad := start(t, "bad", nil, nil)
			n := start(t, "n", nil, nil)
			connect(t, bad, n)
			stream := raw(t, bad, n)
			if _, err := stream.Write(garbage); err != nil {
				t.Fatal(err)
			}
			opened := await[replica.Opened](t, n, nil)
			await(t, n, func(e replica.Closed) bool { return e.Session == opened.Session })
			if n.conduct.score(bad.network.ID()) >= 0 {
				t.Error("the offence is not noted")
			}
			awaitNoSessions(t, n)
		})
	}
}

func TestRepeatedOffencesShutOut(t *testing.T) {
	bad := start(t, "bad", nil, nil)
	n := start(t, "n", nil, nil)
	connect(t, bad, n)
	for range 3 {
		n.transport.Report(bad.ID(), replica.OffenceSegment)
	}
	if !n.conduct.welcome(bad.network.ID()) {
		t.Fatal("shut out too early")
	}
	n.transport.Report(bad.ID(), replica.OffenceSegment)
	await(t, n, func(e replica.PeerDown) bool { return e.Peer == bad.ID() })
	if err := n.transport.Connect(bad.Addrs()[0]); err == nil {
		t.Error("a peer that is shut out is dialed")
	}
	if err := bad.network.Network().ClosePeer(n.network.ID()); err != nil {
		t.Fatal(err)
	}
	if _, err := bad.network.Network().DialPeer(t.Context(), n.network.ID()); err == nil {
		// The gate closes after the handshake, which the dialer sees done.
		for d := newDeadline(t); len(bad.network.Network().ConnsToPeer(n.network.ID())) > 0; d.poll(bad) {
		}
	}
}

func TestAStalledFrameIsGivenUp(t *testing.T) {
	bad := start(t, "bad", nil, nil)
	n := start(t, "n", func(o *Options) {
		o.bounds.stall = shortRedial
		o.bounds.slowest = 1 << 30
	}, nil)
	connect(t, bad, n)
	stream := raw(t, bad, n)
	if _, err := stream.Write(append(varint.ToUvarint(replica.MaxFrame), "and no more"...)); err != nil {
		t.Fatal(err)
	}
	await[replica.Closed](t, n, nil)
	if n.conduct.score(bad.network.ID()) >= 0 {
		t.Error("the offence is not noted")
	}
	awaitNoSessions(t, n)
	if !n.received.TryAcquire(int64(n.o.bounds.received)) {
		t.Error("a frame that never came still has its place")
	}
}

func TestAPeerThatDoesNotReadIsGivenUp(t *testing.T) {
	bad := start(t, "bad", nil, nil)
	bad.network.SetStreamHandler(Protocol, func(network.Stream) {}) // never read
	n := start(t, "n", func(o *Options) {
		o.bounds.stall = shortRedial
		o.bounds.slowest = 1 << 30
	}, nil)
	connect(t, n, bad)
	s, err := n.transport.Open(bad.ID())
	if err != nil {
		t.Fatal(err)
	}
	await[replica.Opened](t, n, nil)
	send(t, n, s, make([]byte, replica.MaxFrame))
	await(t, n, func(e replica.Closed) bool { return e.Session == s })
	awaitNoSessions(t, n)
}

func TestIdleSessionsEnd(t *testing.T) {
	a := start(t, "a", nil, nil)
	b := start(t, "b", func(o *Options) { o.bounds.idle = shortRedial }, nil)
	connect(t, a, b)
	ofA, _ := open(t, a, b)
	await[replica.Closed](t, b, nil)
	await(t, a, func(e replica.Closed) bool { return e.Session == ofA })
}

func TestInboundSessionsAreBounded(t *testing.T) {
	a := start(t, "a", nil, nil)
	b := start(t, "b", func(o *Options) { o.bounds.inboundByPeer = 3 }, nil)
	connect(t, a, b)
	var held []replica.SessionID
	for range 3 {
		ofA, _ := open(t, a, b)
		held = append(held, ofA)
	}
	more, err := a.transport.Open(b.ID())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.transport.Send(more, []byte("hello")); err != nil && !errors.Is(err, ErrNoSession) {
		t.Fatal(err)
	}
	await(t, a, func(e replica.Closed) bool { return e.Session == more })
	a.transport.Close(held[0], "room for another")
	for d, taken := newDeadline(t), 3; taken == 3; d.poll(b) {
		b.mu.Lock()
		taken = b.inbound
		b.mu.Unlock()
	}
	open(t, a, b)
}

func TestSessionsThatCannotBeOpened(t *testing.T) {
	a := start(t, "a", nil, nil)
	b := start(t, "b", nil, nil)
	s, err := a.transport.Open(b.ID())
	if err != nil {
		t.Fatal(err)
	}
	await(t, a, func(e replica.Closed) bool { return e.Session == s })
	if err := a.transport.Send(s, []byte("x")); !errors.Is(err, ErrNoSession) {
		t.Errorf("got %v", err)
	}
	if err := a.transport.Send(s, make([]byte, replica.MaxFrame+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	a.transport.Close(s, "twice is fine")
	awaitNoSessions(t, a)
}

func TestPeerDownEndsSessions(t *testing.T) {
	a := start(t, "a", nil, nil)
	b := start(t, "b", nil, nil)
	connect(t, a, b)
	ofA, _ := open(t, a, b)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	closed, down := false, false
	for d := newDeadline(t); !closed || !down; {
		switch e := d.poll(a).(type) {
		case replica.Closed:
			closed = e.Session == ofA
		case replica.PeerDown:
			down = e.Peer == b.ID()
		}
	}
	awaitNoSessions(t, a)
}
