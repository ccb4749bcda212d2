package replica

import (
	"testing"
	"time"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
	"github.com/minga-commons/minga/protocol"
)

// commons is a world whose first node has founded a commons that all follow.
func commons(t *testing.T, n int) (*world, protocol.CommonsID) {
	w := newWorld(t, n)
	id := w.nodes[0].mem.found(100)
	for _, n := range w.nodes {
		n.mem.follows[id] = true
		w.changed(n)
	}
	return w, id
}

func TestCatchUpFromNothing(t *testing.T) {
	w, id := commons(t, 2)
	a, b := w.nodes[0], w.nodes[1]
	for range 50 {
		a.mem.write(id.Charter(), 20, "a")
	}
	w.connect()
	if !a.mem.same(b.mem) {
		t.Fatal("b did not catch up")
	}
	if b.mem.durable != uint64(len(b.mem.runs)) {
		t.Error("b moved its bookmark before its entries were durable")
	}
	c, ok := b.mem.Bookmark(b.r.peers[a.id].link(id).bookmark(a.id))
	if !ok || c != (protocol.Cursor{Journal: a.mem.journal, Position: 51}) {
		t.Errorf("bookmark %v %v", c, ok)
	}

	deltas, hellos := 0, 0
	w.carried = func(_ *node, f *mingav1.Frame) {
		if f.GetDelta() != nil {
			deltas++
		}
		if f.GetHello() != nil {
			hellos++
		}
	}
	w.pass(20 * time.Second)
	if deltas > 0 || hellos == 0 {
		t.Errorf("%d deltas, %d hellos between equal nodes", deltas, hellos)
	}
	status := b.r.Peers()
	if len(status) != 1 || !status[0].Connected || !status[0].Commons[0].Equal || status[0].Commons[0].Received != 1001 {
		t.Errorf("status %+v", status)
	}
}

func TestGossipCarriesWhatIsNew(t *testing.T) {
	w, id := commons(t, 3)
	w.connect()
	w.pass(time.Second)
	sessions := 0
	w.carried = func(*node, *mingav1.Frame) { sessions++ }
	for range 10 {
		w.nodes[0].mem.write(id.Charter(), 3, "x")
		w.changed(w.nodes[0])
	}
	w.equal(id)
	if sessions > 0 {
		t.Errorf("%d frames where gossip was enough", sessions)
	}
	again := New(Options{}, w.nodes[0].mem, w.nodes[0])
	again.Handle(Tick{w.now})
	if f := again.follow[id]; f.pos != uint64(len(w.nodes[0].mem.runs)) {
		t.Errorf("a restart would publish again from %d", f.pos)
	}
}

func TestGapInGossipAsksAtOnce(t *testing.T) {
	w, id := commons(t, 2)
	w.connect()
	w.pass(10 * time.Second)
	w.deaf = true
	w.nodes[0].mem.write(id.Charter(), 1, "lost")
	w.changed(w.nodes[0])
	w.deaf = false
	w.nodes[0].mem.write(id.Charter(), 1, "heard")
	w.changed(w.nodes[0])
	w.equal(id)
}

func TestBothSidesBringNews(t *testing.T) {
	w, id := commons(t, 4)
	w.connect()
	w.pass(10 * time.Second)
	logs := make([]protocol.LogID, len(w.nodes))
	w.deaf = true
	for i, n := range w.nodes {
		logs[i] = n.mem.join(byte(i), id)
		for range 20 {
			n.mem.write(logs[i], 7, "news")
		}
	}
	w.pass(20 * time.Second)
	w.equal(id)
	for _, n := range w.nodes {
		if len(n.mem.logs) != 5 {
			t.Errorf("%s holds %d logs", n.id, len(n.mem.logs))
		}
	}
}

func TestEntriesAreNotSentBack(t *testing.T) {
	w, id := commons(t, 2)
	a, b := w.nodes[0], w.nodes[1]
	w.deaf = true
	b.mem.follows[id] = true
	a.mem.write(id.Charter(), 100, "many")
	back := 0
	w.carried = func(n *node, f *mingav1.Frame) {
		if n == b {
			back += len(f.GetDelta().GetSegments())
		}
	}
	w.connect()
	w.pass(30 * time.Second)
	log := b.mem.join(7, id)
	for range 5 {
		b.mem.write(log, 1, "own")
	}
	w.pass(30 * time.Second)
	w.equal(id)
	if back == 0 || back > 6 {
		t.Errorf("b sent %d segments, wanted its own only", back)
	}
}

func TestLostCursorsAreRepairedByComparison(t *testing.T) {
	w, id := commons(t, 2)
	a, b := w.nodes[0], w.nodes[1]
	w.connect()
	w.pass(10 * time.Second)
	w.part(a, b)
	a.mem.write(id.Charter(), 1000, "while b was away")
	log := b.mem.join(9, id)
	b.mem.write(log, 100, "while a was away")
	a.mem.journal = protocol.JournalID{99} // a was restored from a backup
	b.start()
	a.start()
	frontiers := 0
	w.carried = func(_ *node, f *mingav1.Frame) {
		if f.GetFrontier() != nil {
			frontiers++
		}
	}
	w.connect()
	w.pass(3 * time.Second)
	w.equal(id)
	if frontiers == 0 {
		t.Error("nobody compared")
	}
}

func TestSkippedEntriesAreRepaired(t *testing.T) {
	w, id := commons(t, 2)
	a, b := w.nodes[0], w.nodes[1]
	a.mem.write(id.Charter(), 10, "x")
	w.connect()
	log := a.mem.join(5, id)
	a.mem.write(log, 5, "y")
	// b believes that it has read everything, and holds less.
	l := b.r.peers[a.id].link(id)
	if err := b.mem.SetBookmark(l.bookmark(a.id), protocol.Cursor{Journal: a.mem.journal, Position: a.mem.durable}); err != nil {
		t.Fatal(err)
	}
	w.pass(15 * time.Second)
	w.equal(id)
}

func TestForkBecomesKnownToBoth(t *testing.T) {
	for _, depth := range []int{1, 5, 700} {
		w, id := commons(t, 2)
		a, b := w.nodes[0], w.nodes[1]
		log := a.mem.join(3, id)
		a.mem.write(log, 3, "common")
		w.connect()
		w.pass(10 * time.Second)
		w.part(a, b)
		b.mem.own[log] = a.mem.own[log]
		for range depth {
			a.mem.write(log, 1, "one history")
			b.mem.write(log, 1, "another history")
		}
		b.mem.write(log, 2, "and on")
		w.connect()
		w.pass(2 * time.Minute)
		for _, n := range w.nodes {
			fork := n.mem.logs[log].fork
			if fork == nil {
				t.Errorf("depth %d: %s knows of no fork", depth, n.id)
			} else if _, seq := fork.Place(); seq != 4 {
				t.Errorf("depth %d: the fork is at %d", depth, seq)
			}
		}
		w.equal(id)
	}
}

// A peer that sends a history that is held and does not count has not shown that
// it holds the one that does: that must go on to be sent to it.
func TestAHistoryThatDoesNotCountSaysNothingOfTheOther(t *testing.T) {
	w, id := commons(t, 2)
	a, b := w.nodes[0], w.nodes[1]
	log := a.mem.join(3, id)
	a.mem.write(log, 3, "common")
	w.connect()
	w.equal(id)
	w.part(a, b)
	b.mem.own[log] = a.mem.own[log]
	a.mem.write(log, 2, "the one that counts")
	other := b.mem.write(log, 2, "the other")
	a.mem.aside = map[protocol.EntryID]bool{other.Tip().ID(): true}
	l := a.r.peers[b.id].link(id)
	if _, err := a.r.ingest(&session{link: l}, other); err != nil {
		t.Fatal(err)
	}
	if l.has(log, other.Tip().Seq) {
		t.Errorf("entry %d of the history that counts is taken to be held by the peer", other.Tip().Seq)
	}
}

// A history that does not count is in no digest, and reaches peers all the same.
func TestEqualNodesAreToldOfOtherHistories(t *testing.T) {
	w, id := commons(t, 2)
	a, b := w.nodes[0], w.nodes[1]
	w.connect()
	w.pass(10 * time.Second)
	deltas := 0
	w.carried = func(n *node, f *mingav1.Frame) {
		if f.GetDelta() != nil {
			deltas++
		}
	}
	branch := func() {
		a.mem.runs = append(a.mem.runs, protocol.Run{
			Commons: id, Log: id.Charter(), Branch: 7, Position: uint64(len(a.mem.runs) + 1),
		})
		if err := a.mem.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	branch()
	w.changed(a)
	w.pass(10 * time.Second)
	if deltas != 1 {
		t.Errorf("%d deltas about it to a peer that is connected, want 1", deltas)
	}
	w.part(a, b)
	branch()
	deltas = 0
	w.connect()
	w.pass(10 * time.Second)
	if deltas != 1 {
		t.Errorf("%d deltas about it to a peer that comes back, want 1", deltas)
	}
	w.part(a, b)
	deltas = 0
	w.connect()
	w.pass(10 * time.Second)
	if deltas != 0 {
		t.Errorf("%d deltas to a peer that has it, want none", deltas)
	}
}

func TestBrokenSessionGoesOn(t *testing.T) {
	w, id := commons(t, 2)
	a, b := w.nodes[0], w.nodes[1]
	for range 600 {
		a.mem.write(id.Charter(), 100, "a long text to fill some frames, a long text to fill some frames")
	}
	deltas, breakAt := 0, 11
	w.carried = func(_ *node, f *mingav1.Frame) {
		if f.GetDelta() != nil {
			if deltas++; deltas == breakAt {
				w.cut = true
			}
		}
	}
	w.connect()
	if head, _ := b.mem.Held(id.Charter()); head.Seq < 30_000 || head.Seq == 60_000 {
		t.Fatalf("the session broke after %d deltas and entry %d", deltas, head.Seq)
	}
	w.part(a, b)
	w.cut, deltas, breakAt = false, 0, -1
	w.connect()
	w.equal(id)
	if deltas > 7 {
		t.Errorf("%d deltas after the break: it began from the start", deltas)
	}
}

func TestLittleRoomInTheTransport(t *testing.T) {
	w, id := commons(t, 2)
	w.room = 1
	for range 100 {
		w.nodes[0].mem.write(id.Charter(), 200, "some text that makes the entries a bit longer than they were")
	}
	w.connect()
	w.pass(10 * time.Second)
	w.equal(id)
}

func TestRepairThatCannotHelpBacksOff(t *testing.T) {
	w, _ := commons(t, 2)
	w.connect()
	w.nodes[1].mem.skew = 1
	frontiers := 0
	w.carried = func(_ *node, f *mingav1.Frame) {
		if f.GetFrontier() != nil {
			frontiers++
		}
	}
	w.pass(2 * time.Hour)
	if frontiers == 0 || frontiers > 60 {
		t.Errorf("%d frontiers in two hours", frontiers)
	}
}

func TestKnownPeersAreDialedForEver(t *testing.T) {
	w, id := commons(t, 2)
	a, b := w.nodes[0], w.nodes[1]
	if err := a.r.AddPeer("/ip4/127.0.0.1/tcp/1"); err == nil {
		t.Error("an address without identifier was taken")
	}
	if err := a.r.AddPeer(b.addr()); err != nil {
		t.Fatal(err)
	}
	w.cut = true
	w.pass(10 * time.Minute)
	if a.dials < 60 {
		t.Errorf("%d dials in ten minutes", a.dials)
	}
	w.cut = false
	w.pass(11 * time.Second)
	w.equal(id)
	known := b.r.KnownPeers()
	if len(known) != 1 || known[0].Addrs[0] != a.addr() {
		t.Errorf("b did not learn the address: %v", known)
	}
}

func TestStatusMayBeReadMeanwhile(t *testing.T) {
	w, _ := commons(t, 3)
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
			}
			for _, n := range w.nodes {
				if err := n.r.AddPeer(w.nodes[0].addr()); err != nil {
					t.Error(err)
				}
				if len(n.r.Peers()) > len(w.nodes) || len(n.r.KnownPeers()) > len(w.nodes) {
					t.Error("too many peers")
				}
			}
		}
	}()
	w.connect()
	w.pass(time.Minute)
	close(stop)
	<-done
}
