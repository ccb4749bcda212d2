package replica

import (
	"errors"

	"google.golang.org/protobuf/proto"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
	"github.com/minga-commons/minga/protocol"
)

// maxBehind is how many own runs are published one after another; what is older
// is left to sessions.
const maxBehind = 64

// maxGossipMessage is the size of a gossip message: the blocks, and room for
// what stands around them.
const maxGossipMessage = protocol.MaxGossipBytes + 128<<10

// follower is how far this node's own entries of one commons are published.
type follower struct {
	commons protocol.CommonsID
	pos     uint64
	kept    uint64 // position in the durable bookmark
}

func (f *follower) bookmark() string { return "published/" + f.commons.String() }

func (r *Replica) newFollower(id protocol.CommonsID) *follower {
	f := &follower{commons: id}
	if c, ok := r.ledger.Bookmark(f.bookmark()); ok && c.Journal == r.ledger.Journal() {
		f.pos, f.kept = c.Position, c.Position
	}
	return f
}

// publish hands out what this node has written since the last time.
func (r *Replica) publish() {
	limit := r.ledger.DurablePosition()
	for _, id := range r.commons {
		f := r.follow[id]
		if f == nil || f.pos >= limit {
			continue
		}
		// Only the newest own runs are kept, so that this costs little memory
		// however far behind the bookmark is.
		var own []protocol.Run
		for run, err := range r.ledger.Runs(ctx(), id, f.pos) {
			if err != nil {
				r.log.Warn("cannot read the journal", "commons", id, "error", err)
				return
			}
			if run.Position > limit {
				break
			}
			f.pos = run.Position
			if r.ledger.Own(run.Log) {
				if own = append(own, run); len(own) > maxBehind {
					own = own[:0]
				}
			}
		}
		f.pos = max(f.pos, limit)
		for _, run := range own {
			r.publishRun(run)
		}
		if len(own) > 0 || f.pos-f.kept > 1024 {
			r.keepPublished(f)
		}
	}
}

func (r *Replica) keepPublished(f *follower) {
	c := protocol.Cursor{Journal: r.ledger.Journal(), Position: f.pos}
	if err := r.ledger.SetBookmark(f.bookmark(), c); err != nil {
		r.log.Warn("cannot keep the place up to which entries are published", "error", err)
		return
	}
	f.kept = f.pos
}

func (r *Replica) publishRun(run protocol.Run) {
	for next := run.First; next <= run.Last; {
		s, err := r.ledger.SegmentFrom(ctx(), run.Log, next, protocol.MaxGossipBytes)
		if err != nil {
			r.log.Warn("cannot publish", "log", run.Log, "seq", next, "error", err)
			return
		}
		r.publishSegment(run.Commons, s)
		next = s.Tip().Seq + 1
	}
}

// publishSegment hands out one segment; one that is too large for gossip is left
// to sessions.
func (r *Replica) publishSegment(id protocol.CommonsID, s protocol.Segment) {
	data, err := s.Encode()
	if s.Size() > protocol.MaxGossipBytes || len(data) > maxGossipMessage {
		return
	}
	if err == nil {
		err = r.transport.Publish(id, data)
	}
	if err != nil {
		r.log.Debug("cannot publish", "log", s.Log(), "error", err)
	}
}

func (r *Replica) gossipIn(ev GossipIn) {
	log, tip := ev.Segment.Log(), ev.Segment.Tip().Seq
	p := r.peers[ev.From]
	added, err := r.ledger.IngestSegment(ctx(), ev.Segment)
	if added > 0 {
		r.unsynced = true
	}
	switch {
	case err == nil:
		// An author holds what it wrote before it tells of it. Of others we
		// only know that they passed it on.
		head, held := r.ledger.Held(log)
		if p != nil && p.link(ev.Commons).member == log && held && head.CID == ev.Segment.Tip().ID() {
			p.link(ev.Commons).learn(log, tip)
		}
		r.takeEarly(log)
	case errors.Is(err, protocol.ErrGap):
		r.early.keep(ev.Segment)
		r.askSoon(p, ev.Commons)
	case errors.Is(err, protocol.ErrNotAdmitted):
		r.askSoon(p, ev.Commons)
	case errors.Is(err, protocol.ErrFork):
		r.log.Warn("a log has two histories", "log", log, "error", err)
	default:
		r.log.Warn("cannot take gossip", "log", log, "error", err)
	}
}

// askSoon begins a session about a commons with p, or with anybody if p is not
// connected.
func (r *Replica) askSoon(p *peer, id protocol.CommonsID) {
	if p == nil || !p.up {
		p = nil
		for _, other := range r.order {
			if r.peers[other].up {
				p = r.peers[other]
				break
			}
		}
		if p == nil {
			return
		}
	}
	l := p.link(id)
	if l.session != nil {
		l.again = true
		return
	}
	if l.nextAt.After(r.now) && l.trouble == "" {
		l.nextAt = r.now
	}
	r.due = true
}

// Validator returns the checks of a gossip message, from cheap to dear. What it
// rejects is the sender's fault; what it ignores is nobody's.
func (r *Replica) Validator() Validator {
	ledger := r.ledger
	return func(commons protocol.CommonsID, _ PeerID, data []byte) (protocol.Segment, Verdict) {
		return validate(ledger, commons, data)
	}
}

func validate(ledger Ledger, commons protocol.CommonsID, data []byte) (protocol.Segment, Verdict) {
	var none protocol.Segment
	if len(data) > maxGossipMessage {
		return none, Reject
	}
	if _, held := ledger.Held(commons.Charter()); !held {
		return none, Ignore
	}
	var m mingav1.Segment
	if err := proto.Unmarshal(data, &m); err != nil || len(m.Blocks) == 0 {
		return none, Reject
	}
	first, err := protocol.Parse(m.Blocks[0])
	if err != nil {
		return none, Reject
	}
	if ledger.Admissible(first) != nil {
		return none, Ignore
	}
	tip := first.Seq + int64(len(m.Blocks)) - 1
	head, held := ledger.Held(first.Log)
	if held && tip <= head.Seq && holdsBlock(ledger, first.Log, tip, m.Blocks[len(m.Blocks)-1]) {
		return none, Ignore
	}
	s, err := protocol.SegmentFromMessage(&m)
	if err != nil || s.Size() > protocol.MaxGossipBytes {
		return none, Reject
	}
	keys, known := ledger.KeysOf(first.Log)
	if first.Seq > 0 && !known {
		return none, Ignore
	}
	if err := s.Verify(first.Prev, keys); err == nil {
		return s, Accept
	}
	now, _ := ledger.Held(first.Log)
	if first.Seq > 0 && (first.Seq > head.Seq+1 || tip <= head.Seq || now != head) {
		return none, Ignore // the keys in force at that place may be others
	}
	return none, Reject
}

// holdsBlock reports whether the entry held at a place is that of the block.
func holdsBlock(ledger Holdings, log protocol.LogID, seq int64, block []byte) bool {
	id, ok := entryAt(ledger, log, seq)
	return ok && id == protocol.Identify(block)
}

// entryAt returns the identifier of the entry held at a place of a log.
func entryAt(ledger Holdings, log protocol.LogID, seq int64) (protocol.EntryID, bool) {
	head, held := ledger.Held(log)
	switch {
	case !held || seq > head.Seq || seq < 0:
		return protocol.EntryID{}, false
	case seq == head.Seq:
		return head.CID, true
	case seq == 0:
		return log.EntryID, true
	}
	s, err := ledger.SegmentFrom(ctx(), log, seq, protocol.MaxSegmentBytes)
	if err != nil {
		return protocol.EntryID{}, false
	}
	return s.First().ID(), true
}
