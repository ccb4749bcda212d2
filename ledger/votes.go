package ledger

import (
	"errors"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/protocol"
)

// closing is a close that is held: a former witness's word that it votes no
// more under an epoch.
type closing struct {
	set     protocol.EntryID // the witnesses that follow
	witness logNo
	at      settle.Place
}

// votes returns the votes kept for a log.
func (b *batch) votes(c *openCommons, log protocol.LogID) ([]settle.Vote, error) {
	return settle.Votes(b.context(c), log)
}

// heard takes up what a witness says in an entry that has just become held, on
// any branch of its log: votes count from here on, whether or not the log waits.
func (b *batch) heard(c *openCommons, log, line *openLog, e protocol.Entry) error {
	at := settle.Place{Branch: uint32(line.tail()), Seq: e.Seq}
	switch body := e.Body.(type) {
	case *protocol.Endorse:
		if log.log() == c.me() && log == line {
			b.remember(c, body.Heads)
		}
		return b.countVotes(c, log, e.Charter, body.Heads, at)
	case *protocol.Close:
		return b.hearClose(c, log, body.Witnesses, at)
	case *protocol.Witnesses:
		return b.hearSet(c, e)
	}
	return nil
}

// remember keeps what the node's member endorsed last in each log.
func (b *batch) remember(c *openCommons, heads []protocol.Head) {
	for _, h := range heads {
		b.context(c).Put(rules.LastVotes, h.Log.EntryID[:], append(u64(uint64(h.Seq)), h.CID[:]...))
	}
}

// countVotes records votes that were given under a charter seq. What belongs to
// a charter that is not settled here yet is kept until it is: only then it is
// known who was in office.
func (b *batch) countVotes(c *openCommons, witness *openLog, charter int64, heads []protocol.Head, at settle.Place) error {
	if charter > c.votesUpTo {
		b.put(lateKey(c.no, charter, at), []byte{})
		return nil
	}
	epoch := c.epochAt(charter)
	if epoch < 0 || !c.epochs[epoch].Holds(witness.log()) {
		return nil
	}
	for _, h := range heads {
		v := settle.Vote{
			Witness: uint32(witness.no), Charter: charter, Seq: h.Seq, CID: h.CID, Home: settle.Unresolved, At: at,
		}
		if err := b.vote(c, h.Log, v); err != nil {
			return err
		}
	}
	return nil
}

func lateKey(no commonsNo, charter int64, at settle.Place) []byte {
	return appendPlace(key(keyLate, no.bytes(), u64(uint64(charter))), logNo(at.Branch), at.Seq)
}

// vote adds one vote to those of a log.
func (b *batch) vote(c *openCommons, id protocol.LogID, v settle.Vote) error {
	log, err := b.openLog(id)
	if err != nil || log != nil && log.Commons != c.no {
		return err
	}
	all, err := b.votes(c, id)
	if err != nil {
		return err
	}
	if log != nil {
		if err := b.resolve(c, log, &v); err != nil {
			return err
		}
		if v.Home == settle.Unresolved {
			log.Ahead++
		}
	}
	all, added := c.addVote(all, v)
	if !added {
		return nil
	}
	settle.PutVotes(b.context(c), id, all)
	if log != nil && v.Home != settle.Unresolved {
		b.later(task{do: doRecount, log: log.no})
	}
	return nil
}

// addVote adds a vote and drops those of the same witness and epoch that say no
// more than it does.
func (c *openCommons) addVote(all []settle.Vote, v settle.Vote) ([]settle.Vote, bool) {
	if slices.Contains(all, v) {
		return all, false
	}
	if v.Home == settle.Unresolved || c.hasClosed(v) {
		return append(all, v), true
	}
	kept := all[:0]
	for _, o := range all {
		lesser := o.Witness == v.Witness && o.Home == v.Home && o.Seq <= v.Seq && o.At.Branch == v.At.Branch &&
			o.At.Seq < v.At.Seq && c.epochAt(o.Charter) == c.epochAt(v.Charter)
		if !lesser {
			kept = append(kept, o)
		}
	}
	return append(kept, v), true
}

// hasClosed reports whether a vote's witness has closed the vote's epoch: then
// every vote says whether it stood before the close.
func (c *openCommons) hasClosed(v settle.Vote) bool {
	next := c.epochAt(v.Charter) + 1
	if next >= len(c.epochs) {
		return false
	}
	return slices.ContainsFunc(c.closes, func(x closing) bool {
		return uint32(x.witness) == v.Witness && x.set == c.epochs[next].ID
	})
}

// resolve finds the entry that a vote names, if it is held.
func (b *batch) resolve(c *openCommons, log *openLog, v *settle.Vote) error {
	switch {
	case v.CID == log.Held.CID && v.Seq == log.Held.Seq:
		v.Home = uint32(log.tail())
		return nil
	case v.CID == log.Vote.CID && v.Seq == log.Vote.Seq, v.CID == log.Applied.CID && v.Seq == log.Applied.Seq:
		v.Home = uint32(log.at(v.Seq))
		return nil
	case v.Seq > log.Held.Seq && !log.forked():
		return nil
	}
	if !log.forked() {
		if held, err := b.holds(log, v.Seq, v.CID); err != nil || !held {
			return err
		}
		v.Home = uint32(log.at(v.Seq))
		return nil
	}
	no, seq, held, err := b.place(v.CID)
	if err != nil || !held || seq != v.Seq {
		return err
	}
	at, err := b.primaryOf(no)
	if err == nil && at.no == log.no {
		v.Home = uint32(no)
	}
	return err
}

// resolveVotes takes up the votes that came before their entry.
func (b *batch) resolveVotes(c *openCommons, log, line *openLog, e protocol.Entry) error {
	if log.Ahead == 0 {
		return nil
	}
	all, err := b.votes(c, log.log())
	if err != nil {
		return err
	}
	var found []settle.Vote
	rest := all[:0]
	for _, v := range all {
		if v.Home == settle.Unresolved && v.Seq == e.Seq && v.CID == e.ID() {
			v.Home = uint32(line.tail())
			found = append(found, v)
			continue
		}
		rest = append(rest, v)
	}
	if len(found) == 0 {
		return nil
	}
	for _, v := range found {
		log.Ahead--
		rest, _ = c.addVote(rest, v)
	}
	settle.PutVotes(b.context(c), log.log(), rest)
	b.later(task{do: doRecount, log: log.no})
	return nil
}

// hearClose takes up a close: it is a vote for the set that follows, under the
// epoch that it ends.
func (b *batch) hearClose(c *openCommons, witness *openLog, set protocol.EntryID, at settle.Place) error {
	witness.Closed = true
	row := append(append(set[:len(set):len(set)], witness.no.bytes()...), logNo(at.Branch).bytes()...)
	b.context(c).Put(rules.Closes, append(row, u64(uint64(at.Seq))...), []byte{})
	c.closes = append(slices.Clone(c.closes), closing{set: set, witness: witness.no, at: at})
	c.closedBy = nil
	if len(c.epochs) > 1 {
		b.later(task{do: doRecountAll, commons: c.no})
	}
	return b.voteForSet(c, witness, set, at)
}

// voteForSet counts a close as a vote for the set that it names, under the epoch
// of the set before that.
func (b *batch) voteForSet(c *openCommons, witness *openLog, set protocol.EntryID, at settle.Place) error {
	e, no, err := b.find(set)
	if errors.Is(err, ErrNotFound) {
		b.put(appendPlace(key(keyLateSet, c.no.bytes(), set[:]), logNo(at.Branch), at.Seq), []byte{})
		return nil
	}
	if err != nil || e.Log != c.id().Charter() {
		return err
	}
	before, legal, err := b.setBefore(no, e.Seq)
	if err != nil || !legal {
		return err
	}
	if before.Seq <= c.votesUpTo {
		if i := c.epochAt(before.Seq); i < 0 || c.epochs[i].ID != before.ID() {
			return nil // a set that lost
		}
	}
	return b.countVotes(c, witness, before.Seq, []protocol.Head{e.Head()}, at)
}

// setBefore returns the set of witnesses next below one of the charter log, on the
// same chain; ok is false if there is none, or no legal set stands at the place.
func (b *batch) setBefore(no logNo, seq int64) (before protocol.Entry, ok bool, err error) {
	charter, err := b.primaryOf(no)
	if err != nil {
		return before, false, err
	}
	lines, err := b.lines(charter)
	if err != nil {
		return before, false, err
	}
	for _, line := range lines {
		if !line.has(no, seq) {
			continue
		}
		if i := slices.Index(line.Sets, seq); i > 0 {
			before, err = b.entryAt(line, line.Sets[i-1])
			return before, err == nil, err
		}
		break
	}
	return before, false, nil
}

// hearSet takes up the closes that came before the set that they name.
func (b *batch) hearSet(c *openCommons, e protocol.Entry) error {
	if e.Log != c.id().Charter() {
		return nil
	}
	prefix := key(keyLateSet, c.no.bytes(), idKey(e))
	return b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		b.put(k, nil)
		no, seq, err := placeFrom(k[len(prefix):])
		if err != nil {
			return false, err
		}
		witness, err := b.primaryOf(no)
		if err != nil {
			return false, err
		}
		return true, b.voteForSet(c, witness, e.ID(), settle.Place{Branch: uint32(no), Seq: seq})
	})
}

// hearLate takes up the votes that were given under a charter seq which is
// settled here now.
func (b *batch) hearLate(c *openCommons) error {
	prefix := key(keyLate, c.no.bytes())
	var due []settle.Place
	err := b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		if seqFrom(k[len(prefix):len(prefix)+8]) > c.votesUpTo {
			return false, nil
		}
		b.put(k, nil)
		no, seq, err := placeFrom(k[len(prefix)+8:])
		due = append(due, settle.Place{Branch: uint32(no), Seq: seq})
		return true, err
	})
	for _, at := range due {
		if err != nil {
			return err
		}
		err = b.hearAgain(c, at)
	}
	return err
}

func (b *batch) hearAgain(c *openCommons, at settle.Place) error {
	witness, err := b.primaryOf(logNo(at.Branch))
	if err != nil {
		return err
	}
	e, err := b.stored(logNo(at.Branch), at.Seq)
	if err != nil {
		return err
	}
	switch body := e.Body.(type) {
	case *protocol.Endorse:
		return b.countVotes(c, witness, e.Charter, body.Heads, at)
	case *protocol.Close:
		return b.voteForSet(c, witness, body.Witnesses, at)
	}
	return nil
}
