package sim

import (
	"context"
	"slices"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/replica"
	"github.com/minga-commons/minga/protocol"
)

// maxLies bounds what one liar writes.
const maxLies = 48

// liar holds the key of a log and obeys no rule. It has no node: it hands what
// it writes to the nodes that it likes, when it likes.
type liar struct {
	s       *script
	name    string
	node    *node // as whom it speaks; not one of the run's
	key     protocol.PrivateKey
	log     protocol.LogID
	entries []protocol.Entry
	hidden  []protocol.Entry // ends of histories that it shows later
	late    []protocol.Entry // that it shows when all is over
	served  bool             // it was seen to be a witness
}

func newLiar(s *script, name string) *liar {
	var secret [32]byte
	for i := range secret {
		secret[i] = byte(s.w.rng.Uint32())
	}
	return &liar{s: s, name: name, node: &node{id: replica.PeerID(name)}, key: protocol.NewPrivateKey(secret)}
}

// join writes the inception of the liar's log, which the link admits.
func (l *liar) join() {
	w := l.s.w
	body := &protocol.Inception{
		Commons: w.commons, Agent: protocol.AgentCard{Name: protocol.PlainText(l.name), Type: protocol.Person},
		KeySet: protocol.KeySet{
			Keys: []protocol.PublicKey{l.key.Public()}, Threshold: 1,
			Next: protocol.NextDigest([]protocol.PublicKey{l.key.Public()}, 1),
		},
	}
	body.Grant = protocol.SignGrant(w.link.Key, w.link.Invite, 1, body)
	e, err := protocol.NewInception(protocol.TimeOf(w.now), body)
	if err != nil {
		w.fail("%s cannot join: %w", l.name, err)
		return
	}
	l.log, l.entries = e.Log, []protocol.Entry{e}
	w.check.liars[l.log] = true
	l.hidden = append(l.hidden, e)
}

// live has the liar act again and again.
func (l *liar) live(pace time.Duration, act func()) {
	w := l.s.w
	w.after(w.between(1, 2*pace), func() {
		if w.quiet {
			return
		}
		switch {
		case l.log.IsZero():
			l.join()
		case len(l.hidden) > 0 && w.chance(30):
			at := w.rng.IntN(len(l.hidden))
			l.show(l.hidden[at])
			l.hidden = slices.Delete(l.hidden, at, at+1)
		case len(l.entries) < maxLies:
			act()
		}
		l.live(pace, act)
	})
}

// parent picks what the next lie follows: mostly the newest entry, now and then
// any, which makes a branch.
func (l *liar) parent() protocol.Entry {
	if l.s.w.chance(25) {
		return l.entries[l.s.w.rng.IntN(len(l.entries))]
	}
	return l.entries[len(l.entries)-1]
}

// write adds an entry somewhere in the log, and shows it at once, later, or when
// all is over.
func (l *liar) write(pin int64, body protocol.Body) {
	prev := l.parent()
	w := l.s.w
	e, err := protocol.New(protocol.Placement{
		Log: l.log, Seq: prev.Seq + 1, Prev: prev.ID(), Time: protocol.TimeOf(w.now), Charter: max(pin, prev.Charter),
	}, body)
	if err != nil {
		w.fail("%s cannot write: %w", l.name, err)
		return
	}
	l.entries = append(l.entries, e)
	switch roll := w.rng.IntN(10); {
	case roll < 6:
		l.show(e)
	case roll < 9:
		l.hidden = append(l.hidden, e)
	default:
		l.late = append(l.late, e)
	}
}

// show hands the history that ends with an entry, or the end of it, to some
// nodes, or to one that is to tell nobody by itself.
func (l *liar) show(e protocol.Entry) {
	w := l.s.w
	run := []protocol.Entry{e}
	from := max(0, e.Seq-w.rng.Int64N(8))
	if w.quiet || w.chance(30) {
		from = 0
	}
	for at := e; at.Seq > from; {
		at = l.byID(at.Prev)
		run = append(run, at)
	}
	slices.Reverse(run)
	segment := protocol.Segment{Entries: run, Signatures: []protocol.Signature{protocol.SignEntry(l.key, 0, e.ID())}}
	data, err := segment.Encode()
	if err != nil {
		w.fail("%s cannot encode: %w", l.name, err)
		return
	}
	n := w.nodes[w.rng.IntN(len(w.nodes))]
	if w.quiet && !n.alive {
		return
	}
	if !n.alive || !n.topics[w.commons] {
		l.hidden = append(l.hidden, e)
		return
	}
	w.trace("%s shows %s %d, from %d on, to %s", l.name, e.Kind, e.Seq, from, string(n.id))
	if w.chance(50) {
		w.net.hear(n, l.node, w.commons, data)
		return
	}
	if s, verdict := n.validator(w.commons, l.node.id, data); verdict == replica.Accept {
		n.deliver(replica.GossipIn{Commons: w.commons, From: l.node.id, Segment: s})
	}
}

func (l *liar) byID(id protocol.EntryID) protocol.Entry {
	for _, e := range l.entries {
		if e.ID() == id {
			return e
		}
	}
	panic("a liar has lost its own entry")
}

// ends returns the ends of all histories of the log.
func (l *liar) ends() (all []protocol.Entry) {
	for _, e := range l.entries {
		if !slices.ContainsFunc(l.entries, func(o protocol.Entry) bool { return o.Prev == e.ID() }) {
			all = append(all, e)
		}
	}
	return all
}

// someone picks a node that holds the commons, nil if it finds none.
func (s *script) someone() *node {
	n := s.w.nodes[s.w.rng.IntN(len(s.w.nodes))]
	if n.member().IsZero() {
		return nil
	}
	return n
}

// equivocate writes what an author who wants to spend twice would: payments on
// branches, beyond the limit, with claims that are right or not.
func (l *liar) equivocate() {
	w := l.s.w
	n := l.s.someone()
	if n == nil {
		return
	}
	to := n.member().Agent()
	body := transfer(l.log.Agent(), to, 1+w.rng.Int64N(4000))
	ctx := context.Background()
	if w.chance(40) {
		events, _, err := n.ledger.Events(ctx, w.commons, ledger.EventFilter{Agent: l.log.Agent(), Currency: currency}, ledger.Page{Limit: 50})
		if n.trouble(err) {
			return
		}
		for _, ev := range events {
			if ev.Entry.Log != l.log && (ev.State == ledger.Settled || w.chance(20)) && len(body.Claims) == 0 {
				body.Claims = []protocol.Watermark{{Account: l.log.Agent(), Log: ev.Entry.Log, Seq: ev.Entry.Seq, CID: ev.ID}}
			}
		}
	}
	c, err := n.ledger.CommonsByID(ctx, w.commons)
	if !n.trouble(err) {
		l.write(c.Charter, body)
	}
}

// testify writes what a witness who lies would: votes for both histories, on
// branches of its own log, under sets that are over; closes that it does not
// keep to. It confirms new sets, so that it is taken for one of them.
func (l *liar) testify() {
	w := l.s.w
	n := l.s.someone()
	if n == nil {
		return
	}
	ctx := context.Background()
	status, err := n.ledger.Witnesses(ctx, w.commons)
	if n.trouble(err) {
		return
	}
	serves := slices.ContainsFunc(status.Current.Members, func(a ledger.Agent) bool { return a.ID == l.log.Agent() })
	missing := slices.ContainsFunc(status.Missing, func(a ledger.Agent) bool { return a.ID == l.log.Agent() })
	l.served = l.served || serves
	switch {
	case !l.served && !serves && !missing && w.chance(95): // it seems honest, to be chosen
	case missing && !l.served:
		l.write(status.Current.Seq, &protocol.Confirm{Target: status.Next.ID, Verdict: protocol.VerdictConfirm})
	case w.chance(10):
		l.write(status.Current.Seq, &protocol.Close{Witnesses: status.Current.ID})
	default:
		if heads := l.votes(n); len(heads) > 0 {
			pin := status.Current.Seq
			if w.chance(20) {
				pin = w.rng.Int64N(pin + 1)
			}
			l.write(pin, &protocol.Endorse{Heads: heads})
		}
	}
}

// votes lists heads that a node holds, and any history of those who lie.
func (l *liar) votes(n *node) (heads []protocol.Head) {
	w := l.s.w
	for head, err := range n.ledger.Heads(context.Background(), w.commons) {
		if n.trouble(err) {
			return nil
		}
		for _, o := range []*liar{l.s.author, l.s.witness} {
			if o != nil && o.log == head.Log {
				ends := o.ends()
				head = ends[w.rng.IntN(len(ends))].Head()
			}
		}
		if w.chance(70) {
			heads = append(heads, head)
		}
	}
	slices.SortFunc(heads, func(a, b protocol.Head) int { return a.Log.Compare(b.Log.EntryID) })
	return heads
}

// confess shows some entries, each to somebody.
func (l *liar) confess(shown []protocol.Entry) {
	for _, e := range slices.Clone(shown) {
		l.show(e)
	}
}
