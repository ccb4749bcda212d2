package sim

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// checker holds what must be true of the whole run.
type checker struct {
	w       *world
	nodes   map[*node]*held
	entry   map[place]protocol.EntryID   // what every node holds at a place, if it holds it
	digests map[[32]byte][32]byte        // of each set of heads that any node has held
	stocked map[[32]byte][]string        // of some digests what a node has answered of resources
	acked   map[*node]map[place]struct{} // what a node has acknowledged as durable
	behind  map[*node]bool               // a backup was put back, and not all of that is there again

	liars     map[protocol.LogID]bool    // may have several histories
	settledAs map[place]protocol.EntryID // what any node has shown as settled
	void      map[protocol.EntryID]bool  // of what any node has judged
}

type place struct {
	log protocol.LogID
	seq int64
}

// held is what a node was seen to hold last.
type held struct {
	heads    map[protocol.LogID]protocol.Head
	reached  map[protocol.LogID]reached
	position uint64 // of the journal
	digest   [32]byte
	set      [32]byte // of entries
	promised uint64   // journal position that must survive a crash
}

// reached is how far a node was seen to have come with a log.
type reached struct{ settled, applied int64 }

func newChecker(w *world) *checker {
	return &checker{
		w: w, nodes: map[*node]*held{}, entry: map[place]protocol.EntryID{},
		digests: map[[32]byte][32]byte{}, stocked: map[[32]byte][]string{}, acked: map[*node]map[place]struct{}{}, behind: map[*node]bool{},
		liars: map[protocol.LogID]bool{}, settledAs: map[place]protocol.EntryID{}, void: map[protocol.EntryID]bool{},
	}
}

// acknowledged notes that a node has told its user that an entry is durable.
func (c *checker) acknowledged(n *node, e protocol.Entry) {
	if c.liars[e.Log] {
		return
	}
	if c.acked[n] == nil {
		c.acked[n] = map[place]struct{}{}
	}
	at := place{e.Log, e.Seq}
	c.acked[n][at] = struct{}{}
	c.agree(n, at, e.ID())
}

// agree fails when two nodes hold, or one has ever held, different entries at
// one place.
func (c *checker) agree(n *node, at place, id protocol.EntryID) {
	if known, ok := c.entry[at]; ok && known != id {
		c.w.fail("a fork: %s has %v where %v was, log %v, entry %d", string(n.id), id, known, at.log, at.seq)
	}
	c.entry[at] = id
}

// crashed notes what a node that has just crashed had promised to keep.
func (c *checker) crashed(n *node, promised uint64) {
	if h := c.nodes[n]; h != nil {
		h.promised = promised
	}
}

// started looks at a node that has opened its ledger: what was promised is
// there, and all of it can be read.
func (c *checker) started(n *node) {
	h := c.nodes[n]
	c.nodes[n] = &held{heads: map[protocol.LogID]protocol.Head{}, reached: map[protocol.LogID]reached{}}
	if h == nil {
		return
	}
	if got := n.ledger.Position(); got < h.promised {
		c.w.fail("%s has a journal of %d records after a crash, and had promised %d", string(n.id), got, h.promised)
	}
	lacks := false
	for at := range c.acked[n] {
		if head, ok := n.ledger.Held(at.log); !ok || head.Seq < at.seq {
			if lacks = true; c.behind[n] {
				continue
			}
			c.w.fail("%s has lost entry %d of its own log %v, which it had acknowledged", string(n.id), at.seq, at.log)
		}
	}
	c.behind[n] = c.behind[n] && lacks
	c.look(n)
}

// step looks at every node that has changed since the last step.
func (c *checker) step() {
	for _, n := range c.w.nodes {
		if n.alive && c.w.err == nil && c.nodes[n].position != n.ledger.Position() {
			c.look(n)
		}
	}
}

// look checks one node: heads never go back while it runs, entries are those
// that all others hold, can be read and have the right hash, there is no fork,
// and the digest is that of every node that holds the same.
func (c *checker) look(n *node) {
	ctx := context.Background()
	h := c.nodes[n]
	h.position = n.ledger.Position()
	if c.w.commons.IsZero() || n.member().IsZero() && !c.follows(n) {
		return
	}
	var heads []protocol.Head
	seen := 0
	for head, err := range n.ledger.Heads(ctx, c.w.commons) {
		if err != nil {
			c.w.fail("%s: heads: %w", string(n.id), err)
			return
		}
		heads = append(heads, head)
		before, had := h.heads[head.Log]
		if had {
			seen++
		}
		if !c.liars[head.Log] {
			if had && (head.Seq < before.Seq || head.Seq == before.Seq && head.CID != before.CID) {
				c.w.fail("%s went back from %v to %v in log %v", string(n.id), before, head, head.Log)
			}
			c.read(n, h, head)
		}
		c.settlement(n, h, head.Log)
		h.heads[head.Log] = head
	}
	c.accounts(n)
	if seen < len(h.heads) && len(h.heads) != len(heads) {
		c.w.fail("%s has lost a log", string(n.id))
	}
	c.compare(n, h, heads, c.forks(n))
}

func (c *checker) follows(n *node) bool {
	_, err := n.ledger.CommonsByID(context.Background(), c.w.commons)
	return err == nil
}

// read checks the entries that are new in a log.
func (c *checker) read(n *node, h *held, head protocol.Head) {
	next := int64(0)
	if before, had := h.heads[head.Log]; had {
		next = before.Seq + 1
	}
	for e, err := range n.ledger.Entries(context.Background(), protocol.Range{Log: head.Log, First: next, Last: head.Seq}) {
		if err != nil || e.Seq != next || e.ID() != protocol.Identify(e.Block()) {
			c.w.fail("%s cannot read entry %d of log %v: %w", string(n.id), next, head.Log, err)
			return
		}
		c.agree(n, place{head.Log, e.Seq}, e.ID())
		next++
	}
	if next != head.Seq+1 {
		c.w.fail("%s holds log %v up to %d and can read up to %d", string(n.id), head.Log, head.Seq, next-1)
	}
	if c.entry[place{head.Log, head.Seq}] != head.CID {
		c.w.fail("%s has a head that is not its entry: %v", string(n.id), head)
	}
}

// compare checks that equal sets of entries have equal digests.
func (c *checker) compare(n *node, h *held, heads []protocol.Head, tips []protocol.EntryID) {
	digest, err := n.ledger.Digest(c.w.commons)
	if err != nil {
		c.w.fail("%s: digest: %w", string(n.id), err)
		return
	}
	h.set, h.digest = setOf(heads, tips), digest
	if known, ok := c.digests[h.set]; ok && known != digest {
		c.w.fail("%s has another digest than a node that held the same: %x and %x\n%s", string(n.id), digest[:6], known[:6], c.describe())
	}
	c.digests[h.set] = digest
	if digest[0]%8 == 0 {
		c.sameStocks(n, digest)
	}
}

// settled reports whether all nodes are members and have the same state, and
// what honest members wrote is settled.
func (c *checker) settled() bool {
	first := c.nodes[c.w.nodes[0]]
	for _, n := range c.w.nodes {
		h := c.nodes[n]
		if !n.alive || n.member().IsZero() || !c.sameLogs(h, first) || !bytes.Equal(h.digest[:], first.digest[:]) {
			return false
		}
	}
	return c.unsettled(c.w.nodes[0]) == ""
}

// sameLogs reports whether two nodes hold the same of all logs that do not fork.
func (c *checker) sameLogs(a, b *held) bool {
	for _, x := range []struct{ one, other *held }{{a, b}, {b, a}} {
		for log, head := range x.one.heads {
			if !c.liars[log] && x.other.heads[log] != head {
				return false
			}
		}
	}
	return true
}

// final checks the end of a run: still equal, nothing waits, all that was
// acknowledged is everywhere, and all answer alike.
func (c *checker) final() {
	ctx := context.Background()
	if !c.settled() {
		c.w.fail("the nodes were equal and are not any more: %s", c.describe())
		return
	}
	for _, n := range c.w.nodes {
		for _, acked := range c.acked {
			for at := range acked {
				if head, ok := n.ledger.Held(at.log); !ok || head.Seq < at.seq {
					c.w.fail("%s does not hold entry %d of %v, which was acknowledged", string(n.id), at.seq, at.log)
					return
				}
			}
		}
		audit, err := n.ledger.Audit(ctx, c.w.commons)
		if err != nil || len(audit.Faults) > 0 {
			c.w.fail("%s at the end: %v %w", string(n.id), audit.Faults, err)
			return
		}
		c.alike(c.w.nodes[0], n)
	}
}

// alike checks that two nodes give the same balances and states of entries.
func (c *checker) alike(a, b *node) {
	if x, y := c.answers(a), c.answers(b); !cmp.Equal(x, y, cmpopts.EquateEmpty()) {
		c.w.fail("%s and %s answer differently:\n%s", string(a.id), string(b.id), cmp.Diff(x, y))
	}
}

func (c *checker) answers(n *node) []string {
	ctx := context.Background()
	var all []string
	agents, _, err := n.ledger.Agents(ctx, c.w.commons, ledger.Page{Limit: 1000})
	if err != nil {
		c.w.fail("%s: agents: %w", string(n.id), err)
	}
	for _, agent := range agents {
		sheet, err := n.ledger.Balance(ctx, c.w.commons, agent.ID)
		if err != nil {
			c.w.fail("%s: balance of %s: %w", string(n.id), agent.Name, err)
		}
		for _, line := range sheet.Accounts {
			all = append(all, fmt.Sprintf("%s %s settled %s, pending %s, available %s, limit %s", agent.ID, line.Currency, line.Settled, line.Pending, line.Available, line.Limit))
		}
		for _, line := range sheet.Contributions {
			all = append(all, fmt.Sprintf("%s %s %s %s of %s, %s %s, %d events", agent.Name, line.Action, line.Resource,
				line.Confirmed, line.Quantity, line.Unit, agent.ID, line.Events))
		}
	}
	for log := range n.ledger.Heads(ctx, c.w.commons) {
		status, err := n.ledger.Log(ctx, log.Log)
		if c.liars[log.Log] {
			// What lies above a fork does not show. Nor do histories that lost: nodes
			// whose digests are equal tell each other of them only now and then.
			status.Held.Seq = -1
		}
		all = append(all, fmt.Sprintf("%v held %d, applied %d, settled %d, frozen %v, %v", log.Log, status.Held.Seq, status.Applied, status.Settled, status.Frozen, err))
	}
	things, _ := c.stocks(n)
	all = append(all, things...)
	slices.Sort(all)
	return all
}

// entries returns how many entries the first node holds.
func (c *checker) entries() (n int) {
	if h := c.nodes[c.w.nodes[0]]; h != nil {
		for _, head := range h.heads {
			n += int(head.Seq) + 1
		}
	}
	return n
}

// describe says what each node holds.
func (c *checker) describe() string {
	var b strings.Builder
	for _, n := range c.w.nodes {
		h := c.nodes[n]
		if h == nil || !n.alive {
			fmt.Fprintf(&b, "\n%s is down", string(n.id))
			continue
		}
		fmt.Fprintf(&b, "\n%s: digest %x, position %d:", string(n.id), h.digest[:6], h.position)
		var lines []string
		for log, head := range h.heads {
			status, err := n.ledger.Log(context.Background(), log)
			lines = append(lines, fmt.Sprintf(" %s@%d (%d, %d %v %v)", log.String()[52:], head.Seq, status.Applied, status.Settled, status.Frozen, err))
		}
		slices.Sort(lines)
		b.WriteString(strings.Join(lines, ""))
		b.WriteString("; " + c.unsettled(n))
		for _, p := range n.replica.Peers() {
			for _, l := range p.Commons {
				fmt.Fprintf(&b, "\n    %s connected %v, equal %v, running %v, synced %s, %q", string(p.Peer), p.Connected, l.Equal, l.Running, l.SyncedAt.Format("04:05"), l.Trouble)
			}
		}
	}
	return b.String()
}
