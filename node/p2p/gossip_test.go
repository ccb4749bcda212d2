package p2p

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"sync/atomic"
	"testing"

	pb "github.com/libp2p/go-libp2p-pubsub/pb"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-varint"
	"google.golang.org/protobuf/proto"

	"github.com/minga-commons/minga/node/replica"
	"github.com/minga-commons/minga/protocol"
)

func isGossip(text string) func(replica.GossipIn) bool {
	return func(e replica.GossipIn) bool { return e.Segment.Sides[0].Text == text }
}

func TestGossipGoesAround(t *testing.T) {
	commons, other := commonsOf("commons"), commonsOf("other")
	a, b, c := start(t, "a", nil, nil), start(t, "b", nil, nil), start(t, "c", nil, nil)
	connect(t, a, b)
	connect(t, b, c)
	join(t, commons, a, b, c)
	join(t, other, a, b)
	if err := a.transport.Join(commons); err != nil {
		t.Errorf("joining again: %v", err)
	}

	// From a by b to c: b hands on what it has accepted. The mesh forms within
	// some heartbeats; until then a message may end at b.
	for i, d := 0, newDeadline(t); ; i++ {
		text := fmt.Sprint("message ", i)
		if err := a.transport.Publish(commons, []byte(text)); err != nil {
			t.Fatal(err)
		}
		e := await(t, b, isGossip(text))
		if e.Commons != commons || e.From != a.ID() {
			t.Fatalf("got %v from %s", e.Commons, Text(e.From))
		}
		if e, is := d.poll(c).(replica.GossipIn); is {
			if e.From != b.ID() {
				t.Errorf("it came from %s", Text(e.From))
			}
			break
		}
	}
	if err := a.transport.Publish(other, []byte("elsewhere")); err != nil {
		t.Fatal(err)
	}
	if e := await(t, b, isGossip("elsewhere")); e.Commons != other {
		t.Errorf("it came in the topic of %v", e.Commons)
	}
	select {
	case e := <-a.events:
		if _, is := e.(replica.GossipIn); is {
			t.Errorf("a hears its own message: %v", e)
		}
	default:
	}
}

func TestGossipOfACommonsJoinedLater(t *testing.T) {
	commons := commonsOf("commons")
	a, b := start(t, "a", nil, nil), start(t, "b", nil, nil)
	join(t, commons, a)
	connect(t, a, b)
	for d := newDeadline(t); len(b.gossip.ListPeers(topicOf(commons))) == 0; d.poll(b) {
	}
	join(t, commons, b)
	if err := b.transport.Publish(commons, []byte("at last")); err != nil {
		t.Fatal(err)
	}
	await(t, a, isGossip("at last"))
}

func TestPublishRefuses(t *testing.T) {
	a := start(t, "a", nil, nil)
	commons := commonsOf("commons")
	if err := a.transport.Publish(commons, nil); !errors.Is(err, ErrNotJoined) {
		t.Errorf("not joined: %v", err)
	}
	if err := a.transport.Publish(commons, make([]byte, MaxGossip+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if err := a.transport.Publish(commons, nil); !errors.Is(err, ErrClosed) {
		t.Errorf("closed: %v", err)
	}
	if err := a.transport.Join(commons); !errors.Is(err, ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}

func TestLargestGossip(t *testing.T) {
	commons := commonsOf("commons")
	a, b := start(t, "a", nil, nil), start(t, "b", nil, nil)
	connect(t, a, b)
	join(t, commons, a, b)
	if err := a.transport.Publish(commons, make([]byte, MaxGossip)); err != nil {
		t.Fatal(err)
	}
	await[replica.GossipIn](t, b, nil)
}

// meshsub is a protocol of gossipsub.
const meshsub = "/meshsub/1.1.0"

// speaker is a peer that writes gossipsub's messages by hand.
type speaker struct {
	t       *testing.T
	network host.Host
	stream  network.Stream
}

// speak connects a speaker with n, and waits until n knows it as a peer, also
// in gossip.
func speak(t *testing.T, name string, n *testNode) speaker {
	t.Helper()
	h := startBare(t, name)
	known := make(chan struct{}, 1)
	h.SetStreamHandler(Protocol, func(s network.Stream) { _ = s.Reset() })
	h.SetStreamHandler(meshsub, func(s network.Stream) {
		select {
		case known <- struct{}{}:
		default:
		}
		_, _ = io.Copy(io.Discard, s)
		_ = s.Reset()
	})
	dialBare(t, h, n)
	await(t, n, func(e replica.PeerUp) bool { return peer.ID(e.Peer) == h.ID() })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	stream, err := h.NewStream(ctx, n.network.ID(), meshsub)
	if err != nil {
		t.Fatal(err)
	}
	s := speaker{t, h, stream}
	s.say(&pb.RPC{Subscriptions: []*pb.RPC_SubOpts{{Subscribe: proto.Bool(true), Topicid: proto.String("x")}}})
	select {
	case <-known:
	case <-ctx.Done():
		t.Fatal("gossipsub has not called back")
	}
	return s
}

// say reports whether the other side still takes it.
func (s speaker) say(rpc *pb.RPC) bool {
	s.t.Helper()
	data, err := proto.Marshal(rpc)
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = s.stream.Write(append(varint.ToUvarint(uint64(len(data))), data...))
	return err == nil
}

// end waits until the other side has read everything, or has hung up.
func (s speaker) end() {
	_ = s.stream.CloseWrite()
	_, _ = io.Copy(io.Discard, s.stream)
}

func message(commons protocol.CommonsID, text string) *pb.RPC {
	return &pb.RPC{Publish: []*pb.Message{{Topic: proto.String(topicOf(commons)), Data: []byte(text)}}}
}

func TestSpamOfInvalidMessages(t *testing.T) {
	const spam = 5000
	for name, points := range map[string]float64{"shut out": 95, "graylisted": math.Inf(1)} {
		t.Run(name, func(t *testing.T) {
			commons := commonsOf("commons")
			var asked atomic.Int64
			n := start(t, "n", func(o *Options) { o.bounds.blockPoints = points },
				func(id protocol.CommonsID, from replica.PeerID, data []byte) (protocol.Segment, replica.Verdict) {
					if string(data) == "good" {
						return acceptAll(id, from, data)
					}
					asked.Add(1)
					return protocol.Segment{}, replica.Reject
				})
			good := start(t, "good", nil, nil)
			connect(t, good, n)
			join(t, commons, n, good)
			s := speak(t, "bad", n)
			said := 0
			for said < spam && s.say(message(commons, fmt.Sprint("spam ", said))) {
				said++
			}
			s.end()
			if err := good.transport.Publish(commons, []byte("good")); err != nil {
				t.Fatal(err)
			}
			await(t, n, isGossip("good"))
			t.Logf("%d messages sent, %d reached the validator", said, asked.Load())
			most := int64(10 + validators)
			if math.IsInf(points, 1) {
				// Those that waited already when the score fell.
				most = int64(11 + n.o.bounds.validateQueue + validators)
				if said < spam {
					t.Errorf("the spammer could send %d only", said)
				}
			}
			if got := asked.Load(); got < 1 || got > most {
				t.Errorf("%d messages reached the validator, 1 to %d are in order", got, most)
			}
		})
	}
}

func TestIgnoredMessagesAreNotPenalised(t *testing.T) {
	commons := commonsOf("commons")
	n := start(t, "n", nil, func(id protocol.CommonsID, from replica.PeerID, data []byte) (protocol.Segment, replica.Verdict) {
		if string(data) == "last" {
			return acceptAll(id, from, data)
		}
		return protocol.Segment{}, replica.Ignore
	})
	join(t, commons, n)
	s := speak(t, "a", n)
	for i := range 100 {
		s.say(message(commons, fmt.Sprint("ignored ", i)))
	}
	s.say(message(commons, "last"))
	await(t, n, isGossip("last"))
	if score := n.conduct.score(s.network.ID()); score != 0 {
		t.Errorf("score %v", score)
	}
}

func TestFloodOfTopics(t *testing.T) {
	const fakes = 10_000
	commons := commonsOf("commons")
	n, good := start(t, "n", nil, nil), start(t, "good", nil, nil)
	connect(t, good, n)
	names := make([]string, fakes)
	s := speak(t, "bad", n)
	// First too many at once, though not too many bytes, then in portions.
	all := &pb.RPC{}
	for i := range names {
		names[i] = topicOf(commonsOf(fmt.Sprint("fake ", i)))
		all.Subscriptions = append(all.Subscriptions, &pb.RPC_SubOpts{Subscribe: proto.Bool(true), Topicid: &names[i]})
	}
	s.say(&pb.RPC{Subscriptions: all.Subscriptions[:4000]})
	for at := 0; at < fakes; at += 500 {
		if !s.say(&pb.RPC{Subscriptions: all.Subscriptions[at : at+500]}) {
			t.Fatal("the flood is cut off, so nothing was tried")
		}
	}
	s.end()
	join(t, commons, n, good) // and it still answers
	held := 0
	for d := newDeadline(t); held < n.o.bounds.foreignByPeer; d.poll(n) {
		n.topics.mu.Lock()
		held = n.topics.total
		n.topics.mu.Unlock()
	}
	known := 0
	for _, name := range names {
		known += len(n.gossip.ListPeers(name))
	}
	if known > n.o.bounds.foreignByPeer || held > n.o.bounds.foreignByPeer {
		t.Errorf("%d fake topics are followed, %d remembered", known, held)
	}
	if err := s.network.Network().ClosePeer(n.network.ID()); err != nil {
		t.Fatal(err)
	}
	await(t, n, func(e replica.PeerDown) bool { return peer.ID(e.Peer) == s.network.ID() })
	for d := newDeadline(t); held > 0; d.poll(n) {
		n.topics.mu.Lock()
		held = n.topics.total
		n.topics.mu.Unlock()
	}
}

func TestGossipThatNobodyTakesIsDropped(t *testing.T) {
	const messages, size = 200, 64 << 10
	commons := commonsOf("commons")
	seen := make(chan struct{}, messages)
	a := start(t, "a", nil, nil)
	b := start(t, "b", nil, func(id protocol.CommonsID, from replica.PeerID, data []byte) (protocol.Segment, replica.Verdict) {
		seen <- struct{}{}
		return acceptAll(id, from, data[:1])
	})
	connect(t, a, b)
	join(t, commons, a, b)
	b.stop.Store(true)
	for i := range messages {
		data := make([]byte, size)
		data[1] = byte(i)
		if err := a.transport.Publish(commons, data); err != nil {
			t.Fatal(err)
		}
		<-seen // one at a time, so that a drops none
	}
	// The queue took what fits and not a byte more.
	if b.heard.TryAcquire(int64(size + eventOverhead)) {
		t.Error("there is still room")
	}
	waiting := 0
	for _, item := range b.Host.events.take() {
		if _, is := item.event.(replica.GossipIn); is {
			waiting++
		}
	}
	if waiting > b.o.bounds.gossip/size {
		t.Errorf("%d messages wait", waiting)
	}
}

func TestTopicsOfOthers(t *testing.T) {
	b := usualBounds()
	b.foreignByPeer, b.foreignTopics, b.subscriptions = 3, 5, 10
	filter := newTopics(b, func(id peer.ID) bool { return id != "gone" })
	filter.join("joined")
	offer := func(id peer.ID, subscribe bool, names ...string) int {
		var subs []*pb.RPC_SubOpts
		for _, name := range names {
			subs = append(subs, &pb.RPC_SubOpts{Subscribe: &subscribe, Topicid: &name})
		}
		kept, err := filter.FilterIncomingSubscriptions(id, subs)
		if err != nil {
			return -1
		}
		return len(kept)
	}
	var name [12]string
	for i := range name {
		name[i] = topicOf(commonsOf(fmt.Sprint(i)))
	}
	for _, step := range []struct {
		what string
		got  int
		want int
	}{
		{"joined ones pass", offer("a", true, "joined"), 1},
		{"other texts do not", offer("a", true, "other", "/minga/x/segments", "/minga//segments"), 0},
		{"too many in one message", offer("a", true, name[:11]...), -1},
		{"up to the bound of a peer", offer("a", true, name[:4]...), 3},
		{"again changes nothing", offer("a", true, name[:3]...), 3},
		{"leaving an unknown one", offer("a", false, name[3]), 0},
		{"up to the bound of all", offer("b", true, name[:3]...), 2},
		{"one that has left", offer("gone", true, name[0]), 0},
		{"leaving makes room", offer("a", false, name[0]), 1},
		{"for another", offer("b", true, name[2]), 1},
	} {
		if step.got != step.want {
			t.Errorf("%s: %d, want %d", step.what, step.got, step.want)
		}
	}
	filter.left("a")
	filter.left("b")
	if filter.total != 0 || len(filter.foreign) != 0 {
		t.Errorf("%d topics are left", filter.total)
	}
}
