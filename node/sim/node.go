package sim

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/replica"
	"github.com/minga-commons/minga/protocol"
)

const tickEvery = 500 * time.Millisecond

// node is one node: what survives a crash, and what a start makes anew.
type node struct {
	w      *world
	n      int
	id     replica.PeerID
	disk   *disk
	seed   [protocol.SeedSize]byte
	skew   time.Duration // of its clock
	known  []replica.KnownPeer
	joins  bool // it has been given the link
	double bool // it runs on two machines, or is the second of them

	// since the last start
	alive     bool
	epoch     int
	ledger    *ledger.Ledger
	replica   *replica.Replica
	validator replica.Validator
	topics    map[protocol.CommonsID]bool
	conns     map[replica.PeerID]*conn
	streams   map[replica.SessionID]*streamEnd
	seen      map[protocol.EntryID]bool
	position  uint64 // of the journal, when the replica was told last
	served    uint64 // the same, when its member looked last for what waits for it
}

// replicated is a ledger as the replica wants it.
type replicated struct{ *ledger.Ledger }

// CommonsIDs implements replica.Ledger.
func (l replicated) CommonsIDs(ctx context.Context) ([]protocol.CommonsID, error) {
	all, err := l.Commons(ctx)
	ids := make([]protocol.CommonsID, len(all))
	for i, c := range all {
		ids[i] = c.ID
	}
	return ids, err
}

// Question implements replica.Ledger.
func (l replicated) Question(id protocol.CommonsID) (replica.Question, bool) {
	q, asked := l.Ledger.Question(id)
	return replica.Question(q), asked
}

// dice is randomness as a ledger reads it.
type dice struct{ *rand.Rand }

// Read implements io.Reader.
func (d dice) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(d.Uint32())
	}
	return len(p), nil
}

var _ io.Reader = dice{}

func newNode(w *world, n int) *node {
	node := &node{w: w, n: n, id: replica.PeerID(fmt.Sprintf("n%d", n)), disk: newDisk(w.rng)}
	binary.BigEndian.PutUint64(node.seed[:], w.rng.Uint64())
	node.seed[15] = byte(n + 1)
	node.skew = w.between(-time.Hour, time.Hour)
	return node
}

func (w *world) node(id replica.PeerID) *node {
	for _, n := range w.nodes {
		if n.id == id {
			return n
		}
	}
	return nil
}

// countRepairs adds the comparisons that a replica has begun.
func (w *world) countRepairs(n *node) {
	for _, p := range n.replica.Peers() {
		for _, l := range p.Commons {
			w.repairs += int(l.Repairs)
		}
	}
}

func (n *node) addr() string { return "/sim/p2p/" + n.id.String() }

func (n *node) lives(epoch int) bool { return n.alive && n.epoch == epoch }

// start opens the ledger and begins to replicate.
func (n *node) start() {
	n.epoch++
	l, err := ledger.Open("", ledger.Options{
		Storage: n.disk.mount(), AskFirst: true, TrustDistributions: !n.w.computes,
		Seed:   n.seed,
		Now:    func() time.Time { return n.w.now.Add(n.skew) },
		Rand:   dice{rand.New(rand.NewPCG(n.w.rng.Uint64(), 1))},
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		n.w.fail("%s does not open again: %w", string(n.id), err)
		return
	}
	n.ledger, n.alive = l, true
	n.topics, n.seen = map[protocol.CommonsID]bool{}, map[protocol.EntryID]bool{}
	n.conns, n.streams = map[replica.PeerID]*conn{}, map[replica.SessionID]*streamEnd{}
	n.position, n.served = 0, 0
	known := n.known
	if len(known) == 0 { // everybody is told of the first node, and of one more
		first, second := n.w.nodes[0], n.w.nodes[n.w.rng.IntN(len(n.w.nodes))]
		for _, o := range []*node{first, second} {
			if o != n {
				known = append(known, replica.KnownPeer{ID: o.id.String(), Addrs: []string{o.addr()}, Fixed: true})
			}
		}
	}
	n.replica = replica.New(replica.Options{Seed: n.w.rng.Uint64(), Known: known}, replicated{l}, n)
	n.validator = n.replica.Validator()
	n.w.check.started(n)
	n.w.trace("%s starts at journal position %d", string(n.id), l.Position())
	n.tick(n.epoch)
}

// stop is the sudden end of the process.
func (n *node) stop() {
	n.known = n.replica.KnownPeers()
	n.w.countRepairs(n)
	n.alive = false
	n.disk.open++
	for _, o := range n.w.nodes {
		if n.conns[o.id] != nil || o.conns[n.id] != nil {
			n.w.net.sever(n, o, 3*time.Second)
		}
	}
	for id, e := range n.streams {
		e.open = false
		delete(n.streams, id)
	}
}

// crash ends the process, and with it the power if power is set.
func (n *node) crash(power bool, back time.Duration) {
	if !n.alive {
		return
	}
	n.w.crashes++
	promised, written := n.ledger.DurablePosition(), n.ledger.Position()
	n.stop()
	lost := 0
	if power {
		lost = n.disk.powerCut(n.w.rng.IntN(len(n.disk.undo) + 1))
	}
	n.w.check.crashed(n, promised)
	n.w.trace("%s crashes at %d, durable to %d, and loses %d commits", string(n.id), written, promised, lost)
	n.w.after(back, func() {
		if !n.alive {
			n.start()
		}
	})
}

// tick is what a node does on its own, again and again.
func (n *node) tick(epoch int) {
	if !n.lives(epoch) {
		return
	}
	n.w.after(n.w.between(tickEvery/2, tickEvery), func() { n.tick(epoch) })
	ctx := context.Background()
	if n.joins {
		n.join(ctx)
	}
	if _, err := n.ledger.Endorse(ctx); n.trouble(err) {
		return
	}
	if _, err := n.ledger.FinishProposals(ctx); n.trouble(err) {
		return
	}
	if n.w.script.serve(n); !n.lives(epoch) {
		return
	}
	if n.trouble(n.ledger.Checkpoint()) {
		return
	}
	n.deliver(replica.Tick{Now: n.w.now})
}

// name is what the node's member is called.
func (n *node) name() string {
	if n.n == 0 {
		return founderName
	}
	return "Member " + string(n.id)
}

// join follows the commons and joins it as soon as enough of it is held.
func (n *node) join(ctx context.Context) {
	if n.trouble(n.ledger.Follow(ctx, n.w.commons)) {
		return
	}
	w, err := n.ledger.Join(ctx, n.w.link, n.name())
	switch {
	case err == nil:
		n.joins = false
		n.w.check.acknowledged(n, w.Entry)
		n.w.trace("%s has joined with log %v", string(n.id), w.Entry.Log)
	case errors.Is(err, ledger.ErrExists):
		n.joins = false // a crash came between the entry and the answer
	case errors.Is(err, protocol.ErrGap):
	default:
		if !n.trouble(err) {
			n.w.fail("%s cannot join: %w", string(n.id), err)
		}
	}
}

// trouble reports whether the disk has failed. A ledger that has seen that
// stops: its node is started again.
func (n *node) trouble(err error) bool {
	if err != nil && !n.disk.failed && !n.bears(err) {
		n.w.fail("%s: %w", string(n.id), err)
	}
	if !n.disk.failed || !n.alive {
		return !n.alive
	}
	n.w.trace("the disk of %s has failed", string(n.id))
	n.crash(n.w.chance(50), n.w.between(100*time.Millisecond, 5*time.Second))
	return true
}

// deliver hands an event to the replica, and tells it when the ledger has
// changed meanwhile.
func (n *node) deliver(ev replica.Event) {
	if !n.alive {
		return
	}
	epoch := n.epoch
	n.w.trace("%s: %s", string(n.id), describe(ev))
	n.replica.Handle(ev)
	n.trouble(nil)
	n.tell(epoch)
}

// tell lets the replica know of new entries, a little later.
func (n *node) tell(epoch int) {
	if !n.lives(epoch) || n.ledger.Position() == n.position {
		return
	}
	n.position = n.ledger.Position()
	n.w.after(n.w.between(0, 20*time.Millisecond), func() {
		if n.lives(epoch) {
			n.deliver(replica.LedgerChanged{})
		}
	})
}

// describe says what an event is, for the trace.
func describe(ev replica.Event) string {
	switch ev := ev.(type) {
	case replica.PeerUp:
		return "peer up " + string(ev.Peer)
	case replica.PeerDown:
		return "peer down " + string(ev.Peer)
	case replica.Opened:
		return fmt.Sprintf("session %d with %s, inbound %v", ev.Session, string(ev.Peer), ev.Inbound)
	case replica.FrameIn:
		return fmt.Sprintf("session %d: frame %x", ev.Session, protocol.Identify(ev.Data).Bytes()[4:10])
	case replica.Drained:
		return fmt.Sprintf("session %d: drained", ev.Session)
	case replica.Closed:
		return fmt.Sprintf("session %d: closed: %s", ev.Session, ev.Reason)
	case replica.GossipIn:
		return fmt.Sprintf("gossip of %v, %d to %d", ev.Segment.Log(), ev.Segment.First().Seq, ev.Segment.Tip().Seq)
	case replica.LedgerChanged:
		return "the ledger has changed"
	}
	return "tick"
}
