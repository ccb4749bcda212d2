package replica

import (
	"bytes"

	mingav1 "github.com/minga-commons/minga/proto/minga/v1"
	"github.com/minga-commons/minga/protocol"
)

func (r *Replica) sayHello(s *session) {
	journal := r.ledger.Journal()
	// The place comes first: the digest covers everything up to there.
	s.place = r.ledger.DurablePosition()
	s.digest = r.digest(s.commons)
	m := &mingav1.Hello{
		Commons:  s.commons.Bytes(),
		Journal:  journal[:],
		Digest:   s.digest,
		Credit:   window,
		Software: clip(r.software, 64),
	}
	if c, ok := r.ledger.Bookmark(s.link.bookmark(s.peer.id)); ok {
		s.cursor = c
		m.Cursor = cursorMessage(c)
	}
	local, remote := []byte(r.transport.Self()), []byte(s.peer.id)
	if log, key, sig, ok := r.ledger.SignPeer(s.commons, local, remote); ok {
		m.Proof = &mingav1.MemberProof{Log: log.Bytes(), Key: uint32(key), Signature: sig[:]}
	}
	s.said = true
	r.send(s, helloFrame(m))
}

func (r *Replica) hearHello(s *session, m *mingav1.Hello) {
	id, err := protocol.IDFromBytes(m.GetCommons())
	commons := protocol.CommonsID{EntryID: id}
	switch {
	case err != nil, len(m.Journal) != len(s.journal), len(m.Digest) != 0 && len(m.Digest) != 32:
		r.garbage(s, "a malformed Hello")
		return
	case m.Credit < MaxFrame:
		r.garbage(s, "less credit than one frame needs")
		return
	case !s.inbound && commons != s.commons:
		r.garbage(s, "an answer about another commons")
		return
	}
	s.heard, s.commons = true, commons
	s.journal = protocol.JournalID(m.Journal)
	s.theirs = m.Digest
	s.credit = int64(min(m.Credit, maxCredit))
	if r.follow[commons] == nil {
		r.refuse(s, mingav1.Refused_REASON_UNKNOWN_COMMONS, "this node does not hold that commons")
		return
	}
	if s.inbound && !r.accept(s) {
		return
	}
	member := r.prove(s, m.Proof)
	s.link.member = member
	s.link.empty = s.link.empty || r.asking && len(s.theirs) == 0
	if s.link.journal != s.journal {
		s.link.journal, s.link.knows = s.journal, nil // it may hold less than it did
	}
	// A node that holds nothing yet has nothing to keep from anybody, and one that
	// asks may not know its members yet: it serves nothing and goes on asking.
	if s.inbound && !r.mayRead(s) && r.digest(commons) != nil {
		r.refuse(s, mingav1.Refused_REASON_NOT_A_MEMBER, "only members may read this commons")
		return
	}
	s.progress(r.now)
	if !s.said {
		r.sayHello(s)
	}
	r.startServing(s, m.Cursor)
	if s.cursor.Journal != s.journal {
		s.cursor = protocol.Cursor{Journal: s.journal}
		if len(s.digest) > 0 && len(s.theirs) > 0 && !bytes.Equal(s.digest, s.theirs) {
			r.sendFrontier(s)
		}
	}
}

// accept ties an inbound session to the link that it is about. Two nodes that
// begin at the same time keep the session that the lesser peer began.
func (r *Replica) accept(s *session) bool {
	l := s.peer.link(s.commons)
	if old := l.session; old != nil {
		if !old.inbound && r.transport.Self() < s.peer.id {
			r.refuse(s, mingav1.Refused_REASON_BUSY, "another session runs")
			return false
		}
		r.transport.Close(old.id, "the peer began another session")
		r.forget(old, "")
	}
	s.link, l.session, l.again = l, s, false
	return true
}

// prove returns the log that the peer speaks for: zero if it proves none, or if
// the log or its newest keys are not held here yet.
func (r *Replica) prove(s *session, m *mingav1.MemberProof) protocol.LogID {
	id, err := protocol.IDFromBytes(m.GetLog())
	if err != nil || len(m.Signature) != protocol.SigSize {
		return protocol.LogID{}
	}
	log := protocol.LogID{EntryID: id}
	keys, held := r.ledger.KeysOf(log)
	if !held || int64(m.Key) >= int64(len(keys.Keys)) {
		return protocol.LogID{}
	}
	local, remote := []byte(s.peer.id), []byte(r.transport.Self())
	signature := [protocol.SigSize]byte(m.Signature)
	if !protocol.VerifyPeer(keys.Keys[m.Key], s.commons, local, remote, signature) {
		return protocol.LogID{}
	}
	return log
}

// mayRead reports whether the peer may be told what this node holds.
func (r *Replica) mayRead(s *session) bool {
	s.reader = s.reader || r.ledger.MayRead(s.commons, s.link.member)
	return s.reader
}

// startServing decides from where on the peer is served.
func (r *Replica) startServing(s *session, at *mingav1.Cursor) {
	limit, err := r.durable()
	if err != nil {
		r.fail(s, err)
		return
	}
	c, ok := cursorOf(at)
	ok = ok && c.Journal == r.ledger.Journal()
	switch {
	case bytes.Equal(s.digest, s.theirs) && ok && c.Position < s.place:
		s.source = &journalSource{pos: c.Position} // for what no digest covers
	case bytes.Equal(s.digest, s.theirs):
		s.source = &journalSource{pos: s.place}
	case len(s.theirs) == 0, len(s.digest) == 0:
		s.source = &journalSource{} // one of us holds nothing
	case ok && c.Position <= limit:
		s.source = &journalSource{pos: c.Position}
	case ok:
		// The peer has read more than is here. It finds out by the digest, and
		// asks with its frontier.
		s.source = &journalSource{pos: limit}
	}
}
