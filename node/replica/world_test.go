package replica

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
	"github.com/minga-commons/minga/protocol"
)

// world is a network of replicas whose events are carried out one at a time, in
// the order in which they were caused.
type world struct {
	t       *testing.T
	now     time.Time
	nodes   []*node
	queue   []delivery
	ends    map[end]end
	last    SessionID
	deaf    bool // gossip is lost
	cut     bool // frames and dials are lost
	room    int  // frames that a session takes before it is drained, 0: any number
	carried func(from *node, f *mingav1.Frame)
}

type end struct {
	n  *node
	id SessionID
}

type delivery struct {
	to *node
	ev Event
}

// node is one replica with its ledger, and its Transport.
type node struct {
	w       *world
	id      PeerID
	mem     *memory
	r       *Replica
	check   Validator
	joined  map[protocol.CommonsID]bool
	up      map[PeerID]bool
	reports []Offence
	known   []KnownPeer // to begin with
	queued  map[SessionID]int
	dials   int
}

func newWorld(t *testing.T, n int) *world {
	w := &world{t: t, now: time.Unix(1_700_000_000, 0), ends: map[end]end{}}
	for i := range n {
		w.nodes = append(w.nodes, &node{
			w: w, id: PeerID(fmt.Sprintf("peer %d", i)), mem: newMemory(byte(i + 1)),
		})
	}
	for _, n := range w.nodes {
		n.start()
	}
	return w
}

// start gives the node a fresh replica over its ledger.
func (n *node) start() {
	n.joined, n.up, n.queued = map[protocol.CommonsID]bool{}, map[PeerID]bool{}, map[SessionID]int{}
	n.r = New(Options{Seed: 1, Known: n.known, Logger: slog.New(slog.NewTextHandler(n.w.t.Output(), nil))}, n.mem, n)
	n.check = n.r.Validator()
	n.r.Handle(Tick{n.w.now})
}

// connect connects all nodes with one another and lets them settle.
func (w *world) connect() {
	for _, a := range w.nodes {
		for _, b := range w.nodes {
			if a.id < b.id {
				w.join(a, b)
			}
		}
	}
	w.run()
}

func (w *world) join(a, b *node) {
	for _, x := range [][2]*node{{a, b}, {b, a}} {
		if !x[0].up[x[1].id] {
			x[0].up[x[1].id] = true
			w.queue = append(w.queue, delivery{x[0], PeerUp{x[1].id, []string{x[1].addr()}}})
		}
	}
}

func (w *world) part(a, b *node) {
	for e := range w.ends {
		if o := w.ends[e]; (e.n == a && o.n == b) || (e.n == b && o.n == a) {
			delete(w.ends, e)
		}
	}
	for _, x := range [][2]*node{{a, b}, {b, a}} {
		delete(x[0].up, x[1].id)
		w.queue = append(w.queue, delivery{x[0], PeerDown{x[1].id}})
	}
	w.run()
}

// run carries out events until none is left.
func (w *world) run() {
	w.t.Helper()
	for steps := 0; len(w.queue) > 0; steps++ {
		if steps > 1_000_000 {
			w.t.Fatal("the replicas do not come to rest")
		}
		d := w.queue[0]
		w.queue = w.queue[1:]
		d.to.r.Handle(d.ev)
		w.drain(d.to)
	}
}

func (w *world) drain(n *node) {
	for id, k := range n.queued {
		if k > 0 && w.room > 0 {
			n.queued[id] = 0
			w.queue = append(w.queue, delivery{n, Drained{id}})
		}
	}
}

// pass lets time go by, a second at a time.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	for end := w.now.Add(d); w.now.Before(end); {
		w.now = w.now.Add(time.Second)
		for _, n := range w.nodes {
			w.queue = append(w.queue, delivery{n, Tick{w.now}})
		}
		w.run()
	}
}

func (w *world) changed(n *node) {
	w.queue = append(w.queue, delivery{n, LedgerChanged{}})
	w.run()
}

func (w *world) equal(id protocol.CommonsID) {
	w.t.Helper()
	for _, n := range w.nodes[1:] {
		if string(n.mem.digest(id)) != string(w.nodes[0].mem.digest(id)) {
			w.t.Errorf("%s and %s hold different entries", w.nodes[0].id, n.id)
		}
	}
}

func (n *node) addr() string { return "/memory/p2p/" + n.id.String() }
func (n *node) Self() PeerID { return n.id }

func (n *node) Publish(id protocol.CommonsID, data []byte) error {
	for _, o := range n.w.nodes {
		if n.w.deaf || !n.up[o.id] || !o.joined[id] {
			continue
		}
		switch s, verdict := o.check(id, n.id, slices.Clone(data)); verdict {
		case Accept:
			n.w.queue = append(n.w.queue, delivery{o, GossipIn{id, n.id, s}})
		case Reject:
			o.reports = append(o.reports, OffenceSegment)
		}
	}
	return nil
}

func (n *node) Join(id protocol.CommonsID) error {
	n.joined[id] = true
	return nil
}

func (n *node) Open(peer PeerID) (SessionID, error) {
	if !n.up[peer] {
		return 0, errors.New("not connected")
	}
	i := slices.IndexFunc(n.w.nodes, func(o *node) bool { return o.id == peer })
	n.w.last += 2
	near, far := end{n, n.w.last}, end{n.w.nodes[i], n.w.last + 1}
	n.w.ends[near], n.w.ends[far] = far, near
	n.w.queue = append(n.w.queue,
		delivery{n, Opened{near.id, peer, false}}, delivery{far.n, Opened{far.id, n.id, true}})
	return near.id, nil
}

func (n *node) Send(id SessionID, frame []byte) error {
	far, ok := n.w.ends[end{n, id}]
	if !ok {
		return errors.New("closed")
	}
	if len(frame) > MaxFrame {
		n.w.t.Errorf("a frame of %d bytes", len(frame))
	}
	if n.w.room > 0 && n.queued[id] >= n.w.room {
		return errors.New("full")
	}
	n.queued[id]++
	if n.w.carried != nil {
		f, err := decode(frame)
		if err != nil {
			n.w.t.Error(err)
		}
		n.w.carried(n, f)
	}
	if !n.w.cut {
		n.w.queue = append(n.w.queue, delivery{far.n, FrameIn{far.id, frame}})
	}
	return nil
}

func (n *node) Close(id SessionID, reason string) {
	far, ok := n.w.ends[end{n, id}]
	if !ok {
		return
	}
	delete(n.w.ends, end{n, id})
	delete(n.w.ends, far)
	n.w.queue = append(n.w.queue, delivery{far.n, Closed{far.id, reason}})
}

func (n *node) Connect(addr string) error {
	n.dials++
	for _, o := range n.w.nodes {
		if !n.w.cut && strings.HasSuffix(addr, o.id.String()) {
			n.w.join(n, o)
		}
	}
	return nil
}

func (n *node) Report(_ PeerID, o Offence) { n.reports = append(n.reports, o) }
