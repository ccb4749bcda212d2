package sim

import (
	"context"
	"fmt"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// script decides what happens in the time of trouble.
type script struct {
	w       *world
	calm    bool
	pace    time.Duration // between two actions, on average
	council council
	author  *liar // signs several histories; nil where a node does that, and in calm
	witness *liar // votes as it likes; nil in calm
}

func newScript(w *world, o Options) *script {
	s := &script{w: w, calm: o.Calm, pace: 300*time.Millisecond + w.between(0, 1200*time.Millisecond)}
	honest := w.nodes
	if s.calm {
		s.council = newCouncil(w, honest)
		s.council.liar = make([]bool, len(s.council.sets))
		return s
	}
	s.witness = newLiar(s, "Mentira")
	if len(honest) > 2 && w.chance(35) {
		last := len(honest) - 1
		s.planDouble(honest[last])
		honest = honest[:last]
	} else {
		s.author = newLiar(s, "Doble")
	}
	s.council = newCouncil(w, honest)
	return s
}

// begin founds the commons, invites the others and starts the trouble.
func (s *script) begin() {
	w, first := s.w, s.w.nodes[0]
	ctx := context.Background()
	c, err := first.ledger.CreateCommonsFrom(ctx, charterOf("50.00"), founderName)
	if err != nil {
		w.fail("cannot found the commons: %w", err)
		return
	}
	w.commons = c.ID
	first.noteOwn()
	w.link, err = first.ledger.Invite(ctx, c.ID, int64(len(w.nodes))+2, w.now.Add(240*time.Hour))
	if err != nil {
		w.fail("cannot invite: %w", err)
		return
	}
	first.noteOwn()
	first.tell(first.epoch)
	for _, n := range w.nodes[1:] {
		w.after(w.between(0, 15*time.Second), func() { n.joins = true })
	}
	s.planRestore()
	if s.author != nil {
		s.author.live(time.Second, s.author.equivocate)
	}
	if s.witness != nil {
		s.witness.live(time.Second, s.witness.testify)
	}
	s.next()
}

// next plans the next action.
func (s *script) next() {
	s.w.after(s.w.between(1, 2*s.pace), func() {
		if !s.w.quiet {
			s.act()
			s.next()
		}
	})
}

func (s *script) act() {
	w := s.w
	n := w.nodes[w.rng.IntN(len(w.nodes))]
	roll := w.rng.IntN(100)
	if s.calm {
		roll %= 75
	}
	switch {
	case roll < 8:
		s.write(n)
	case roll < 28:
		s.stock(n)
	case roll < 34:
		s.confirm(n)
	case roll < 60:
		s.pay(n)
	case roll < 75:
		s.govern()
	case roll < 80:
		w.trace("%s is killed", string(n.id))
		n.crash(false, w.between(50*time.Millisecond, 15*time.Second))
	case roll < 85:
		w.trace("the power of %s is cut", string(n.id))
		n.crash(true, w.between(50*time.Millisecond, 15*time.Second))
	case roll < 89:
		n.disk.next = []fault{faultLost, faultKept}[w.rng.IntN(2)]
		w.trace("the disk of %s is to fail, %d", string(n.id), n.disk.next)
	case roll < 94:
		s.partition()
	default:
		for _, o := range w.nodes {
			if o != n && w.chance(50) {
				w.trace("the connection of %s and %s breaks", string(n.id), string(o.id))
				w.net.sever(n, o, time.Second)
			}
		}
	}
}

// partition cuts the nodes into two groups for a while.
func (s *script) partition() {
	w := s.w
	side := w.rng.IntN(1 << len(w.nodes))
	w.trace("a partition begins: %b", side)
	for i, a := range w.nodes {
		for _, b := range w.nodes[i+1:] {
			if side>>a.n&1 != side>>b.n&1 {
				w.net.cut[pair(a, b)] = true
				w.net.sever(a, b, 8*time.Second)
			}
		}
	}
	w.after(w.between(time.Second, 40*time.Second), func() {
		w.trace("all partitions end")
		clear(w.net.cut)
	})
}

// confess has the liars show what they kept back until all was over.
func (s *script) confess() {
	for _, l := range []*liar{s.author, s.witness} {
		if l != nil && !l.log.IsZero() {
			l.confess(l.late)
		}
	}
}

// heal ends all trouble, and has the liars show what they hid, but for what they
// keep back.
func (s *script) heal() {
	s.w.trace("everything is healed")
	clear(s.w.net.cut)
	for _, n := range s.w.nodes {
		n.joins = n.joins || n.member().IsZero() && n != s.w.nodes[0]
		n.disk.next = faultNone
		if !n.alive {
			n.start()
		}
	}
	for _, l := range []*liar{s.author, s.witness} {
		if l != nil && !l.log.IsZero() {
			l.confess(l.hidden)
		}
	}
}

// member returns the log of the node's member, zero as long as there is none.
func (n *node) member() protocol.LogID {
	if !n.alive {
		return protocol.LogID{}
	}
	c, err := n.ledger.CommonsByID(context.Background(), n.w.commons)
	if err != nil {
		return protocol.LogID{}
	}
	return c.Me
}

// write has the node's member record some work.
func (s *script) write(n *node) {
	me := n.member()
	if me.IsZero() {
		return
	}
	count := 1
	switch roll := s.w.rng.IntN(40); {
	case roll == 0:
		count = 40 + s.w.rng.IntN(200)
	case roll < 10:
		count = 1 + s.w.rng.IntN(8)
	}
	var drafts []ledger.Draft
	for range count {
		drafts = append(drafts, ledger.Draft{Commons: s.w.commons, Body: &protocol.Event{
			Action: "work", Provider: me.Agent(), Receiver: protocol.AgentID(s.w.commons),
			ResourceConformsTo: fmt.Sprintf("Garden %d", s.w.rng.IntN(3)),
			EffortQuantity:     &protocol.Quantity{N: 1 + s.w.rng.Int64N(100), Scale: 1, Unit: "hour"},
		}})
	}
	n.submit(drafts)
}

// confirm has the node's member confirm or dispute an event that it holds.
func (s *script) confirm(n *node) {
	me := n.member()
	if me.IsZero() {
		return
	}
	events, _, err := n.ledger.Events(context.Background(), s.w.commons, ledger.EventFilter{}, ledger.Page{Limit: 1 + s.w.rng.IntN(100)})
	if n.trouble(err) || len(events) == 0 {
		return
	}
	e := events[s.w.rng.IntN(len(events))]
	if e.Entry.Log == me {
		return
	}
	verdict := []protocol.Verdict{protocol.VerdictConfirm, protocol.VerdictDispute, protocol.VerdictWithdraw}[s.w.rng.IntN(3)]
	n.submit([]ledger.Draft{{Commons: s.w.commons, Body: &protocol.Confirm{Target: e.ID, Verdict: verdict}}})
}

// submit has the node's member write, and returns the error of its ledger.
func (n *node) submit(drafts []ledger.Draft) error {
	if !n.alive {
		return nil
	}
	if !n.writes() {
		n.w.trace("%s does not write yet", string(n.id))
		return nil
	}
	epoch := n.epoch
	written, err := n.ledger.SubmitBatch(context.Background(), drafts)
	n.w.trace("%s writes %d of %d: %v", string(n.id), len(written), len(drafts), err)
	for _, w := range written {
		n.w.check.acknowledged(n, w.Entry)
	}
	if !n.trouble(err) {
		n.tell(epoch)
	}
	return err
}

// noteOwn counts what own logs hold as acknowledged.
func (n *node) noteOwn() {
	ctx := context.Background()
	for head, err := range n.ledger.Heads(ctx, n.w.commons) {
		if err != nil {
			n.w.fail("%s: %w", string(n.id), err)
			return
		}
		if !n.ledger.Own(head.Log) {
			continue
		}
		for e, err := range n.ledger.Entries(ctx, protocol.Range{Log: head.Log, Last: -1}) {
			if err != nil {
				n.w.fail("%s: %w", string(n.id), err)
				return
			}
			n.w.check.acknowledged(n, e)
		}
	}
}
