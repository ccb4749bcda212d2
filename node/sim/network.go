package sim

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/minga-commons/minga/node/replica"
	"github.com/minga-commons/minga/protocol"
)

// network carries frames and gossip between nodes.
type network struct {
	w      *world
	loss   int // of gossip, in a hundred
	double int
	slow   time.Duration // the longest way of a frame
	room   int           // frames that a session queues
	cut    map[[2]int]bool
	last   replica.SessionID
}

// conn is a connection of two nodes. Each side notices its end on its own.
type conn struct {
	nodes  [2]*node
	epochs [2]int
	broken bool
}

// stream is a session over a conn.
type stream struct {
	conn *conn
	ends [2]*streamEnd
}

// streamEnd is one side of a stream.
type streamEnd struct {
	stream *stream
	node   *node
	epoch  int
	id     replica.SessionID
	open   bool
	last   time.Time // arrival of the frame sent last
	queued int
	full   bool // the node waits for Drained
}

func newNetwork(w *world, o Options) network {
	n := network{w: w, cut: map[[2]int]bool{}, slow: 5*time.Millisecond + w.between(0, 300*time.Millisecond), room: 1 + w.rng.IntN(32)}
	if !o.Calm {
		n.loss, n.double = w.rng.IntN(60), w.rng.IntN(30)
	}
	return n
}

func pair(a, b *node) [2]int { return [2]int{min(a.n, b.n), max(a.n, b.n)} }

func (e *streamEnd) other() *streamEnd {
	if e.stream.ends[0] == e {
		return e.stream.ends[1]
	}
	return e.stream.ends[0]
}

func (net *network) way() time.Duration { return net.w.between(time.Millisecond, net.slow) }

// Self implements replica.Transport.
func (n *node) Self() replica.PeerID { return n.id }

// Join implements replica.Transport.
func (n *node) Join(id protocol.CommonsID) error {
	n.topics[id] = true
	return nil
}

// Report implements replica.Transport. Nobody here breaks the rules, except
// that a broken network can look like a stall.
func (n *node) Report(peer replica.PeerID, o replica.Offence) {
	n.w.trace("%s reports %s: %v", n.id, string(peer), o)
	if o != replica.OffenceStall {
		n.w.fail("%s reports an honest peer, %s: %v", string(n.id), string(peer), o)
	}
}

// Connect implements replica.Transport.
func (n *node) Connect(addr string) error {
	at := slices.IndexFunc(n.w.nodes, func(o *node) bool { return strings.HasSuffix(addr, "/p2p/"+o.id.String()) })
	if at < 0 {
		return errors.New("no such address")
	}
	o, epoch := n.w.nodes[at], n.epoch
	n.w.after(n.w.net.way(), func() {
		if n.lives(epoch) && o.alive && !n.w.net.cut[pair(n, o)] && n.conns[o.id] == nil {
			n.w.net.connect(n, o)
		}
	})
	return nil
}

// connect connects two nodes. A side that has not noticed the end of an older
// connection does now.
func (net *network) connect(a, b *node) {
	for _, x := range [][2]*node{{a, b}, {b, a}} {
		if c := x[0].conns[x[1].id]; c != nil {
			c.broken = true
			net.notice(x[0], x[1], c)
		}
	}
	net.w.trace("%s and %s are connected", string(a.id), string(b.id))
	c := &conn{nodes: [2]*node{a, b}, epochs: [2]int{a.epoch, b.epoch}}
	a.conns[b.id], b.conns[a.id] = c, c
	a.deliver(replica.PeerUp{Peer: b.id, Addrs: []string{b.addr()}})
	b.deliver(replica.PeerUp{Peer: a.id, Addrs: []string{a.addr()}})
}

// sever breaks the connections between two nodes; each side notices later.
func (net *network) sever(a, b *node, within time.Duration) {
	c := a.conns[b.id]
	if c == nil {
		c = b.conns[a.id]
	}
	if c == nil || c.broken {
		return
	}
	c.broken = true
	for _, x := range [][2]*node{{a, b}, {b, a}} {
		net.w.after(net.w.between(0, within), func() { net.notice(x[0], x[1], c) })
	}
}

// notice tells a that its connection with b is gone, unless it knows.
func (net *network) notice(a, b *node, c *conn) {
	if a.conns[b.id] != c {
		return
	}
	delete(a.conns, b.id)
	var gone []replica.SessionID
	for id, e := range a.streams {
		if e.stream.conn == c {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	for _, id := range gone {
		a.streams[id].open = false
		delete(a.streams, id)
		a.deliver(replica.Closed{Session: id, Reason: "connection lost"})
	}
	a.deliver(replica.PeerDown{Peer: b.id})
}

// Open implements replica.Transport.
func (n *node) Open(peer replica.PeerID) (replica.SessionID, error) {
	c := n.conns[peer]
	if c == nil {
		return 0, errors.New("not connected")
	}
	o := n.w.node(peer)
	net := &n.w.net
	net.last += 2
	s := &stream{conn: c}
	near := &streamEnd{stream: s, node: n, epoch: n.epoch, id: net.last, open: true}
	far := &streamEnd{stream: s, node: o, epoch: o.epoch, id: net.last + 1}
	s.ends = [2]*streamEnd{near, far}
	n.streams[near.id] = near
	n.w.after(net.way(), func() {
		if c.broken || !o.lives(far.epoch) || !near.open {
			return
		}
		far.open = true
		o.streams[far.id] = far
		o.deliver(replica.Opened{Session: far.id, Peer: n.id, Inbound: true})
		n.w.after(net.way(), func() {
			if near.open && n.lives(near.epoch) {
				n.deliver(replica.Opened{Session: near.id, Peer: peer})
			}
		})
	})
	return near.id, nil
}

// Send implements replica.Transport.
func (n *node) Send(id replica.SessionID, frame []byte) error {
	e := n.streams[id]
	switch {
	case e == nil:
		return errors.New("the session is gone")
	case len(frame) > replica.MaxFrame:
		n.w.fail("%s sends a frame of %d bytes", string(n.id), len(frame))
	case e.queued >= n.w.net.room:
		e.full = true
		return errors.New("the queue is full")
	}
	e.queued++
	n.w.after(e.arrival(), func() { e.arrive(frame) })
	return nil
}

// arrival returns how long the next frame is under way: frames of a session do
// not overtake one another.
func (e *streamEnd) arrival() time.Duration {
	w := e.node.w
	at := w.now.Add(w.net.way())
	if at.Before(e.last) {
		at = e.last
	}
	e.last = at
	return at.Sub(w.now)
}

func (e *streamEnd) arrive(frame []byte) {
	if e.stream.conn.broken {
		return
	}
	if e.queued--; e.full && e.open && e.node.lives(e.epoch) {
		e.full = false
		e.node.deliver(replica.Drained{Session: e.id})
	}
	if far := e.other(); far.open && far.node.lives(far.epoch) {
		far.node.deliver(replica.FrameIn{Session: far.id, Data: frame})
	}
}

// Close implements replica.Transport.
func (n *node) Close(id replica.SessionID, reason string) {
	e := n.streams[id]
	if e == nil {
		return
	}
	e.open = false
	delete(n.streams, id)
	n.w.after(e.arrival(), func() {
		far := e.other()
		if e.stream.conn.broken || !far.open || !far.node.lives(far.epoch) {
			return
		}
		far.open = false
		delete(far.node.streams, far.id)
		far.node.deliver(replica.Closed{Session: far.id, Reason: reason})
	})
}

// Publish implements replica.Transport.
func (n *node) Publish(id protocol.CommonsID, data []byte) error {
	n.seen[protocol.Identify(data)] = true
	n.w.net.spread(n, nil, id, data)
	return nil
}

// spread sends a message from a node to all that it is connected with.
func (net *network) spread(n, except *node, id protocol.CommonsID, data []byte) {
	for _, o := range net.w.nodes {
		c := n.conns[o.id]
		if c == nil || o == except {
			continue
		}
		copies := 1
		if net.w.chance(net.double) {
			copies++
		}
		for range copies {
			if !net.w.chance(net.loss) {
				epoch := o.epoch
				net.w.after(net.w.between(0, 4*net.slow), func() {
					if !c.broken && o.lives(epoch) {
						net.hear(o, n, id, data)
					}
				})
			}
		}
	}
}

// hear lets a node validate a message and pass it on. Doubles reach the replica
// now and then, as they do when a node restarts.
func (net *network) hear(o, from *node, id protocol.CommonsID, data []byte) {
	known := o.seen[protocol.Identify(data)]
	if !o.topics[id] || known && !net.w.chance(net.double) {
		return
	}
	o.seen[protocol.Identify(data)] = true
	s, verdict := o.validator(id, from.id, slices.Clone(data))
	net.w.trace("%s hears gossip of %d bytes from %s: %d", string(o.id), len(data), string(from.id), verdict)
	switch verdict {
	case replica.Accept:
		o.deliver(replica.GossipIn{Commons: id, From: from.id, Segment: s})
		if !known {
			net.spread(o, from, id, data)
		}
	case replica.Reject:
		net.w.fail("%s rejects what honest %s has passed on", string(o.id), string(from.id))
	}
}
