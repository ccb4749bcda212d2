package sim

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// image is what a disk held at some time, as a backup has it.
type image struct {
	values map[string][]byte
	high   []byte
}

func (d *disk) image() image {
	return image{values: maps.Clone(d.values), high: bytes.Clone(d.high)}
}

// putBack makes the disk hold an image, and shows that it is a copy.
func (d *disk) putBack(i image) {
	d.values, d.high = i.values, i.high
	d.keys = slices.Sorted(maps.Keys(i.values))
	d.undo, d.moved = nil, true
}

// planRestore lets one node of a run, in some runs, have a backup put back. It
// is one only, so that what the others hold stays with them. A copied witness
// counts as one of those who may lie until all others who may be needed have
// answered: there is none where another is to lie.
func (s *script) planRestore() {
	if s.calm || !s.w.chance(50) || slices.Contains(s.council.liar, true) {
		return
	}
	n := s.w.nodes[s.w.rng.IntN(len(s.w.nodes))]
	if n.double {
		return // its disk is another's already
	}
	s.w.after(s.w.between(time.Second, 20*time.Second), func() { s.backUp(n) })
}

// backUp takes the image of a node's disk, once its member has a log.
func (s *script) backUp(n *node) {
	if s.w.quiet {
		return
	}
	if !n.alive || n.member().IsZero() {
		s.w.after(time.Second, func() { s.backUp(n) })
		return
	}
	s.w.trace("%s is backed up at %d", string(n.id), n.ledger.Position())
	old := n.disk.image()
	heads := n.ownHeads()
	s.w.after(s.w.between(time.Second, 20*time.Second), func() { s.restore(n, old, heads) })
}

// restore puts a backup back, at a moment at which the node has written since
// and all others hold what it wrote: what nobody else holds is lost with a disk.
func (s *script) restore(n *node, old image, heads []protocol.Head) {
	if s.w.quiet {
		return
	}
	if !n.alive || slices.Equal(n.ownHeads(), heads) || !s.w.allHold(n) {
		s.w.after(s.w.between(50*time.Millisecond, 500*time.Millisecond), func() { s.restore(n, old, heads) })
		return
	}
	s.w.restores++
	s.w.trace("a backup of %s is put back at %d", string(n.id), n.ledger.Position())
	n.stop()
	n.disk.putBack(old)
	s.w.check.restored(n)
	s.w.after(s.w.between(50*time.Millisecond, 5*time.Second), func() {
		if !n.alive {
			n.start()
		}
	})
}

// ownHeads returns how far the logs have come that a node writes.
func (n *node) ownHeads() []protocol.Head {
	logs := []protocol.LogID{n.member()}
	if n.ledger.Own(n.w.commons.Charter()) {
		logs = append(logs, n.w.commons.Charter())
	}
	var heads []protocol.Head
	for _, log := range logs {
		if head, held := n.ledger.Held(log); held {
			heads = append(heads, head)
		}
	}
	return heads
}

// allHold reports whether every other node holds all that a node wrote, and
// keeps it when its power is cut.
func (w *world) allHold(n *node) bool {
	for _, o := range w.nodes {
		if o == n {
			continue
		}
		if !o.alive || o.ledger.DurablePosition() != o.ledger.Position() {
			return false
		}
		for _, head := range n.ownHeads() {
			if held, is := o.ledger.Held(head.Log); !is || held != head {
				return false
			}
		}
	}
	return true
}

// writes reports whether a node may write now.
func (n *node) writes() bool {
	c, err := n.ledger.CommonsByID(context.Background(), n.w.commons)
	return err == nil && c.Writing == ledger.WritingOpen
}

// restored forgets what a node had promised on the disk that it lost. That the
// others still hold it, and that the node does not write other entries in its
// place, stays to be checked.
func (c *checker) restored(n *node) {
	c.nodes[n], c.behind[n] = nil, true
}
