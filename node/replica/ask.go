package replica

import (
	"context"
	"slices"
	"time"

	"github.com/minga-commons/minga/protocol"
)

// How long a node asks its peers how far its own logs had come. A node whose
// files are a copy has reason to wait; for another one an answer is a precaution
// against a disk that was set back beneath it.
const (
	askCopied = 10 * time.Second
	askAnyhow = 3 * time.Second
)

// Question is what a node has yet to learn from its peers about its own logs in
// a commons.
type Question struct {
	Own       []protocol.LogID // logs that it writes
	Witnesses []protocol.LogID // others who know what its own member voted for
	Enough    int              // how many of their answers make sure that nothing is missing
	Copied    bool             // its files are a copy: without an answer it does not write
	Alone     bool             // it has never held anybody else's log
}

// Caution is a ledger that does not write before its node has asked around.
type Caution interface {
	// Question returns what is to be asked about a commons, false if nothing is.
	Question(id protocol.CommonsID) (Question, bool)

	// Resume lets the node write in a commons. sure says that enough witnesses
	// have answered, so that a witness may vote.
	Resume(ctx context.Context, id protocol.CommonsID, sure bool) error

	// Refuse ends the asking without an answer. Resume may follow later.
	Refuse(ctx context.Context, id protocol.CommonsID) error
}

// reply is what a peer has said, since the start, of this node's own logs.
type reply struct {
	heads  []protocol.Head // the newest entries that it holds of them
	held   bool            // this node holds them
	rested bool            // a session has been carried through since
}

// counts reports whether this node has caught up with a peer that answered.
func (l *link) counts() bool { return l != nil && l.reply != nil && l.reply.held && l.reply.rested }

// asks reports whether the peer of a link is to say what it holds of this node's
// own logs.
func (r *Replica) asks(l *link) bool {
	if !r.asking || l.reply != nil || l.empty {
		return false
	}
	_, asked := r.ledger.Question(l.commons)
	return asked
}

// askAgain begins the next session at once with a peer that has not said what
// was asked: the first session often serves for the usual catch-up only.
func (r *Replica) askAgain(l *link) {
	if !r.asks(l) {
		return
	}
	if l.nextAt = r.now; l.asked >= 2 {
		l.nextAt = r.now.Add(r.jitter(soon))
	}
	l.asked++
	r.due = true
}

// noteReply takes from a peer's whole frontier what it holds of own logs. An
// empty one is no answer: there is too much to compare. Nor is one of a peer
// that held nothing at first: what it holds came from here.
func (r *Replica) noteReply(s *session) {
	if !r.asks(s.link) || len(s.gathered.heads) == 0 {
		return
	}
	q, _ := r.ledger.Question(s.commons)
	s.link.reply = &reply{}
	for _, log := range q.Own {
		if head, has := s.gathered.heads[log]; has {
			s.link.reply.heads = append(s.link.reply.heads, head)
		}
	}
	r.heard = true
}

// consider decides in every commons whether this node may write there.
func (r *Replica) consider() {
	r.heard = false
	if !r.asking || r.now.IsZero() {
		return
	}
	if r.askedAt.IsZero() {
		r.askedAt = r.now
	}
	r.asking = false
	for _, id := range r.commons {
		q, asked := r.ledger.Question(id)
		if !asked {
			continue
		}
		r.asking = true
		if err := r.decide(id, q); err != nil {
			r.log.Warn("cannot note whether this node may write", "commons", id, "error", err)
		}
	}
}

func (r *Replica) decide(id protocol.CommonsID, q Question) error {
	answered, witnesses := r.answers(id, q)
	patience := askAnyhow
	if q.Copied {
		patience = askCopied
	}
	late := r.now.Sub(r.askedAt) >= patience
	missing, known := r.unheard(id)
	sure := witnesses >= q.Enough
	switch {
	case answered > 0 && (sure || late || missing == 0):
		return r.ledger.Resume(ctx(), id, sure)
	case known == 0 && q.Alone:
		return r.ledger.Resume(ctx(), id, true)
	case !q.Copied && (late || known == 0):
		return r.ledger.Resume(ctx(), id, false)
	case late:
		return r.ledger.Refuse(ctx(), id)
	}
	return nil
}

// answers counts the peers whose entries of own logs are all held here, and the
// witnesses for whom they speak.
func (r *Replica) answers(id protocol.CommonsID, q Question) (peers, witnesses int) {
	var seen []protocol.LogID
	for _, at := range r.order {
		l := r.peers[at].links[id]
		if l == nil || l.reply == nil {
			continue
		}
		r.lookFor(l.reply)
		if !l.counts() {
			continue
		}
		peers++
		if slices.Contains(q.Witnesses, l.member) && !slices.Contains(seen, l.member) {
			seen = append(seen, l.member)
		}
	}
	return peers, len(seen)
}

// lookFor notes when this node holds what a peer holds of its own logs.
func (r *Replica) lookFor(reply *reply) {
	if reply.held {
		return
	}
	for _, head := range reply.heads {
		if id, held := entryAt(r.ledger, head.Log, head.Seq); !held || id != head.CID {
			return
		}
	}
	reply.held = true
}

// unheard counts the known peers, and those of them that have not answered.
func (r *Replica) unheard(id protocol.CommonsID) (missing, known int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known = len(r.known)
	missing = known
	for _, at := range r.order {
		if r.peers[at].links[id].counts() && r.known[at.String()] != nil {
			missing--
		}
	}
	return missing, known
}
