package sim

import (
	"bytes"
	"maps"
	"slices"
	"time"

	"github.com/minga-commons/minga/node/replica"
)

// copyDisk returns a disk with the same content.
func (d *disk) copyDisk() *disk {
	return &disk{
		values: maps.Clone(d.values), keys: slices.Clone(d.keys), high: bytes.Clone(d.high),
		bytes: d.bytes, writes: d.writes,
	}
}

// planDouble lets somebody copy a node's home to another machine, and run both:
// an author who equivocates and does not know it.
func (s *script) planDouble(n *node) {
	n.double = true
	s.w.after(s.w.between(5*time.Second, 25*time.Second), func() { s.copyNode(n) })
}

func (s *script) copyNode(n *node) {
	w := s.w
	if w.quiet {
		return
	}
	if n.member().IsZero() {
		w.after(time.Second, func() { s.copyNode(n) })
		return
	}
	w.check.liars[n.member()] = true
	d := &node{
		w: w, n: len(w.nodes), id: n.id + "-copy", disk: n.disk.copyDisk(),
		seed: n.seed, skew: n.skew, double: true, known: n.replica.KnownPeers(),
	}
	d.known = append(d.known, replica.KnownPeer{ID: n.id.String(), Addrs: []string{n.addr()}, Fixed: true})
	w.trace("%s runs on two machines from %d on", string(n.id), n.ledger.Position())
	w.nodes = append(w.nodes, d)
	d.start()
}
