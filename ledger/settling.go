package ledger

import (
	"bytes"
	"math"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/protocol"
)

// closed is a former witness whose close is settled: what it voted for before
// that is the record of its votes.
type closed struct {
	witness logNo
	seq     int64   // of the first settled close
	line    *logRow // the chain of the witness's log on which it stands
}

// epochAt returns the epoch to which a charter seq belongs, -1 before the first.
func (c *commonsState) epochAt(charter int64) int {
	for i, e := range slices.Backward(c.epochs) {
		if e.Seq <= charter {
			return i
		}
	}
	return -1
}

// inOffice returns the epoch whose witnesses endorse now.
func (c *commonsState) inOffice() (settle.Epoch, bool) {
	if len(c.epochs) == 0 {
		return settle.Epoch{}, false
	}
	return c.epochs[len(c.epochs)-1], true
}

// recount counts the votes for a log again.
func (b *batch) recount(c *openCommons, log *openLog) error {
	if len(c.epochs) == 0 {
		return nil
	}
	votes, err := b.votes(c, log.log())
	if err != nil {
		return err
	}
	lines, err := b.lines(log)
	if err != nil {
		return err
	}
	result, err := b.count(c, log, lines, votes, 0)
	if err != nil {
		return err
	}
	if result.Conflict {
		b.l.logger.Error("two histories of one log are settled: more witnesses lie than the charter allows for", "log", log.log().String())
	}
	if result.Line > 0 && result.Seq >= parts(&log.logRow, &lines[result.Line].logRow) {
		if err := b.follow(log, lines[result.Line]); err != nil {
			return err
		}
	}
	settled := nowhere
	if result.Seq >= 0 {
		if settled, err = b.headAt(log, result.Seq, votes); err != nil {
			return err
		}
	}
	if settled == log.Settled {
		return nil
	}
	if settled.Seq < log.Settled.Seq {
		b.l.logger.Error("what was settled is not any more: more witnesses lie than the charter allows for", "log", log.log().String())
	}
	log.Settled = settled
	if log.Closed && len(c.epochs) > 1 {
		c.closedBy = nil
		b.later(task{do: doRecountAll, commons: c.no})
	}
	if log.forked() {
		if err := b.refork(log); err != nil {
			return err
		}
	}
	if log.IsCut {
		b.later(task{do: doAdvance, log: log.no})
	}
	return b.moved(c, log)
}

// headAt returns the entry of a chain at a seq, which most often a vote names.
func (b *batch) headAt(log *openLog, seq int64, votes []settle.Vote) (head, error) {
	if seq == log.Held.Seq {
		return log.Held, nil
	}
	for _, v := range votes {
		if v.Seq == seq && v.Home == uint32(log.at(seq)) {
			return head{Seq: seq, CID: v.CID}, nil
		}
	}
	e, err := b.entryAt(log, seq)
	return head{Seq: seq, CID: e.ID()}, err
}

// count counts the votes for a log under the epochs from one on.
func (b *batch) count(c *openCommons, log *openLog, lines []*openLog, votes []settle.Vote, from int) (settle.Result, error) {
	h := settle.Histories{Last: make([]int64, len(lines)), Part: make([][]int64, len(lines))}
	for i, line := range lines {
		h.Last[i] = line.Held.Seq
		if len(lines) > 1 {
			h.Part[i] = make([]int64, len(lines))
			for j, other := range lines {
				h.Part[i][j] = parts(&line.logRow, &other.logRow)
			}
		}
	}
	terms := make([]settle.Term, len(c.epochs))
	closes := make([][]closed, len(c.epochs))
	for e := from; e < len(c.epochs); e++ {
		var err error
		if terms[e], closes[e], err = b.term(c, log, lines, e); err != nil {
			return settle.Result{}, err
		}
	}
	ballots := make([]settle.Ballot, 0, len(votes))
	for _, v := range votes {
		epoch := c.epochAt(v.Charter)
		if v.Home == settle.Unresolved || epoch < from {
			continue
		}
		for i, line := range lines {
			if line.has(logNo(v.Home), v.Seq) {
				ballots = append(ballots, settle.Ballot{
					Epoch: epoch, Witness: v.Witness, Line: i, Seq: v.Seq, Shown: shown(closes[epoch], v),
				})
				break
			}
		}
	}
	return settle.Count(h, terms, ballots), nil
}

// shown reports whether a vote stands in the record of a settled close.
func shown(closes []closed, v settle.Vote) bool {
	return slices.ContainsFunc(closes, func(x closed) bool {
		return uint32(x.witness) == v.Witness && v.At.Seq <= x.seq && x.line.has(logNo(v.At.Branch), v.At.Seq)
	})
}

// term returns what an epoch means for one log.
func (b *batch) term(c *openCommons, log *openLog, lines []*openLog, e int) (settle.Term, []closed, error) {
	t := settle.Term{Quorum: c.epochs[e].Quorum(), Top: make([]int64, len(lines)), Exempt: -1}
	governs := log.log() == c.id().Charter()
	for i, line := range lines {
		t.Top[i] = math.MaxInt64
		if !governs {
			continue
		}
		if at := parts(&log.logRow, &line.logRow); i > 0 && at <= c.epochs[e].Seq {
			t.Top[i] = at - 1
			continue
		}
		for _, set := range line.Sets {
			if set > c.epochs[e].Seq {
				t.Top[i] = set
				break
			}
		}
	}
	if e+1 == len(c.epochs) {
		return t, nil, nil
	}
	closes, err := b.closesOf(c, e)
	for _, x := range closes {
		t.Closed = append(t.Closed, uint32(x.witness))
	}
	t.Dead = c.epochs[e].Dead()
	if governs {
		t.Exempt = c.epochs[e+1].Seq
	}
	return t, closes, err
}

// closesOf returns the witnesses of a former epoch with a close that is settled
// under a later one.
func (b *batch) closesOf(c *openCommons, e int) ([]closed, error) {
	if c.closedBy == nil {
		c.closedBy = make([][]closed, len(c.epochs))
	}
	if c.closedBy[e] != nil {
		return c.closedBy[e], nil
	}
	found := []closed{}
	for _, x := range c.closes {
		if x.set != c.epochs[e+1].ID {
			continue
		}
		log, err := b.openLogNo(x.witness)
		if err != nil {
			return nil, err
		}
		if !c.epochs[e].Holds(log.log()) {
			continue
		}
		line, settled, err := b.settledUnder(c, log, e+1, x.at)
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(found, func(y closed) bool { return y.witness == x.witness })
		switch {
		case !settled:
		case i < 0:
			found = append(found, closed{witness: x.witness, seq: x.at.Seq, line: line})
		case x.at.Seq < found[i].seq:
			found[i] = closed{witness: x.witness, seq: x.at.Seq, line: line}
		}
	}
	slices.SortFunc(found, func(x, y closed) int { return int(x.witness) - int(y.witness) })
	c.closedBy[e] = found
	return found, nil
}

// settledUnder reports whether an entry is settled under the epochs from one on,
// and on which chain.
func (b *batch) settledUnder(c *openCommons, log *openLog, from int, at settle.Place) (*logRow, bool, error) {
	votes, err := b.votes(c, log.log())
	if err != nil {
		return nil, false, err
	}
	lines, err := b.lines(log)
	if err != nil {
		return nil, false, err
	}
	result, err := b.count(c, log, lines, votes, from)
	if err != nil || result.Seq < at.Seq {
		return nil, false, err
	}
	line := lines[result.Line].logRow
	return &line, line.has(logNo(at.Branch), at.Seq), nil
}

// moved follows up on what became settled and has its effect in a log.
func (b *batch) moved(c *openCommons, log *openLog) error {
	if log.decided() != log.paid {
		if err := b.settlePayments(c, log); err != nil {
			return err
		}
		log.paid = log.decided()
	}
	if log.Waiters > 0 {
		if err := b.wakeSettled(c, log); err != nil {
			return err
		}
	}
	if log.log() == c.id().Charter() {
		return b.governed(c, log)
	}
	return nil
}

func settlingPrefix(no commonsNo, log protocol.LogID) []byte {
	return key(keySettling, no.bytes(), log.EntryID[:])
}

// waitSettled notes that a log waits until an entry of another, or of itself, is
// settled and decided.
func (b *batch) waitSettled(c *openCommons, waiter *openLog, source protocol.LogID, seq int64) error {
	k := append(append(settlingPrefix(c.no, source), u64(uint64(seq))...), waiter.no.bytes()...)
	known, err := b.get(k)
	if err != nil || known != nil {
		return err
	}
	b.put(k, []byte{})
	log, err := b.openLog(source)
	if err != nil {
		return err
	}
	if log == nil {
		c.row.Orphans++
	} else {
		log.Waiters++
	}
	return nil
}

// wakeSettled lets logs go on that waited for what is settled now.
func (b *batch) wakeSettled(c *openCommons, log *openLog) error {
	prefix := settlingPrefix(c.no, log.log())
	return b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		if seqFrom(k[len(prefix):len(prefix)+8]) > log.decided() {
			return false, nil
		}
		no, err := logNoFrom(k[len(prefix)+8:])
		b.put(k, nil)
		log.Waiters--
		b.later(task{do: doAdvance, log: no})
		return true, err
	})
}

// governed follows up on what became settled in the charter log: who is in
// office, which votes can be told, who is removed.
func (b *batch) governed(c *openCommons, charter *openLog) error {
	if upTo := charter.votesUpTo(); upTo != c.votesUpTo {
		c.votesUpTo = upTo
		epochs, err := epochsOf(charter.Sets, upTo, func(seq int64) (protocol.Entry, error) { return b.entryAt(charter, seq) })
		if err != nil {
			return err
		}
		if !slices.EqualFunc(epochs, c.epochs, func(x, y settle.Epoch) bool { return x.ID == y.ID }) {
			c.epochs, c.closedBy = epochs, nil
			b.later(task{do: doRecountAll, commons: c.no})
		}
		if err := b.hearLate(c); err != nil {
			return err
		}
	}
	from, upTo := c.inForce, charter.inForce()
	if upTo == from {
		return nil
	}
	c.inForce = upTo
	for seq := max(from, 0) + 1; seq <= charter.decided(); seq++ {
		e, err := b.entryAt(charter, seq)
		if err != nil {
			return err
		}
		if body, is := e.Body.(*protocol.Remove); is {
			if err := b.remove(c, e, body); err != nil {
				return err
			}
		}
	}
	return b.wake(c)
}

// votesUpTo returns the seq of a charter log up to which it is known who was in
// office: what is settled, and the first set, which nobody is there to settle.
func (r *logRow) votesUpTo() int64 {
	if len(r.Sets) > 0 {
		return max(r.Settled.Seq, r.Sets[0])
	}
	return r.Settled.Seq
}

// inForce returns the seq of a charter log up to which it is certain what the
// charter says: what is settled and decided, and what is not above the first set
// of witnesses, in office from the start.
func (r *logRow) inForce() int64 {
	if len(r.Sets) > 0 && r.Applied.Seq >= r.Sets[0] {
		return max(r.decided(), r.Sets[0])
	}
	return r.decided()
}

// epochsOf returns the witness sets up to a charter seq. They are read from
// their entries, given by places: whether those wait does not matter.
func epochsOf(sets []int64, upTo int64, at func(seq int64) (protocol.Entry, error)) ([]settle.Epoch, error) {
	var epochs []settle.Epoch
	for _, seq := range sets {
		if seq > upTo {
			break
		}
		e, err := at(seq)
		if err != nil {
			return nil, err
		}
		body, is := e.Body.(*protocol.Witnesses)
		if !is {
			return nil, ErrDamaged
		}
		epochs = append(epochs, settle.Epoch{Seq: seq, ID: e.ID(), Members: body.Members, F: int(body.F)})
	}
	return epochs, nil
}

// remove makes a settled removal count: what is settled of the log stays.
func (b *batch) remove(c *openCommons, e protocol.Entry, body *protocol.Remove) error {
	x := b.context(c)
	void, err := x.Get(rules.Voids, idKey(e))
	if err != nil || void != nil {
		return err
	}
	if body.Log.IsZero() {
		return b.revoke(c, body.Grant)
	}
	known, err := x.Get(rules.Cuts, body.Log.EntryID[:])
	if err != nil || known != nil && seqFrom(known) <= body.Seq {
		return err
	}
	x.Put(rules.Cuts, body.Log.EntryID[:], u64(uint64(body.Seq)))
	log, err := b.openLog(body.Log)
	if err != nil || log == nil {
		return err
	}
	return b.cut(log, body.Seq)
}

func (b *batch) cut(log *openLog, seq int64) error {
	log.IsCut, log.Cut = true, seq
	if upTo := max(seq, log.Settled.Seq); log.Applied.Seq > upTo {
		if err := b.rewind(log, upTo); err != nil {
			return err
		}
	}
	b.later(task{do: doAdvance, log: log.no})
	return nil
}

// revoke ends an invitation: whoever came with it and is not settled is out.
func (b *batch) revoke(c *openCommons, invite protocol.EntryID) error {
	x := b.context(c)
	x.Put(rules.Revoked, invite[:], []byte{})
	prefix := stateKey(c.no, rules.Guests, invite[:])
	var guests []logNo
	err := b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		no, err := logNoFrom(bytes.Clone(k[len(prefix):]))
		guests = append(guests, no)
		return true, err
	})
	for _, no := range guests {
		if err != nil {
			return err
		}
		var log *openLog
		if log, err = b.openLogNo(no); err == nil && log.Settled.Seq < 0 {
			err = b.cut(log, -1)
		}
	}
	return err
}
