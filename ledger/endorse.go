package ledger

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/protocol"
)

// maxVotes bounds the heads of one endorsement.
const maxVotes = 512

// Endorse writes this node's votes for what is new since its last ones, in
// every commons of which its member is a witness. The votes are on disk before
// it returns. It returns how many heads were endorsed; what is left over goes
// with the next call. Submit endorses own entries by itself.
func (l *Ledger) Endorse(ctx context.Context) (int, error) {
	votes := 0
	for _, no := range l.witnessing() {
		err := l.write(ctx, maxVotes*100, func(b *batch) error {
			c, err := b.openCommonsNo(no)
			if err != nil {
				return err
			}
			n, err := b.endorse(c)
			votes += n
			return err
		})
		if err != nil {
			return votes, err
		}
	}
	return votes, nil
}

func (l *Ledger) witnessing() []commonsNo {
	l.stateMu.RLock()
	defer l.stateMu.RUnlock()
	var all []commonsNo
	for no, c := range l.commons {
		if c.serves() {
			all = append(all, no)
		}
	}
	slices.Sort(all)
	return all
}

// serves reports whether the node's member is a witness, or was one.
func (c *commonsState) serves() bool {
	return !c.row.Me.IsZero() && slices.ContainsFunc(c.epochs, func(e settle.Epoch) bool { return e.Holds(c.me()) })
}

// inOfficeHere reports whether the node's member is a witness now.
func (c *commonsState) inOfficeHere() bool {
	office, is := c.inOffice()
	return is && !c.row.Me.IsZero() && office.Holds(c.me())
}

// putUnvoted notes that a witness has something new to endorse.
func (b *batch) putUnvoted(c *openCommons, log *openLog) {
	if c.inOfficeHere() {
		b.put(unvotedKey(c.no, log.no), []byte{})
	}
}

func unvotedKey(no commonsNo, log logNo) []byte { return key(keyUnvoted, no.bytes(), log.bytes()) }

// endorse has the node's member do a witness's work: close the epochs that are
// over, then vote for the logs that have something new.
func (b *batch) endorse(c *openCommons) (int, error) {
	if !c.serves() {
		return 0, nil
	}
	if votes, err := b.l.votesIn(b.context(c), c.no, c.commonsState); err != nil || !votes {
		return 0, err
	}
	own, err := b.openLog(c.me())
	if err != nil || own == nil || own.frozen() {
		return 0, err
	}
	if err := b.closeEpochs(c, own); err != nil || !c.inOfficeHere() {
		return 0, err
	}
	heads, err := b.unvoted(c)
	if err != nil || len(heads) == 0 {
		return 0, err
	}
	slices.SortFunc(heads, func(x, y protocol.Head) int { return x.Log.Compare(y.Log.EntryID) })
	_, err = b.write(c, own, &protocol.Endorse{Heads: heads})
	return len(heads), err
}

// closeEpochs writes the closes of epochs that are over: from then on the member
// endorses nothing under them.
func (b *batch) closeEpochs(c *openCommons, own *openLog) error {
	for i := 0; i+1 < len(c.epochs); i++ {
		if !c.owesClose(own.no, i) {
			continue
		}
		if _, err := b.write(c, own, &protocol.Close{Witnesses: c.epochs[i+1].ID}); err != nil {
			return err
		}
	}
	return nil
}

// owesClose reports whether the node's member, whose log has a number, was a
// witness of an epoch that is over and has not closed it.
func (c *commonsState) owesClose(own logNo, epoch int) bool {
	return epoch+1 < len(c.epochs) && c.epochs[epoch].Holds(c.me()) &&
		!slices.ContainsFunc(c.closes, func(x closing) bool { return x.witness == own && x.set == c.epochs[epoch+1].ID })
}

func (b *batch) unvoted(c *openCommons) ([]protocol.Head, error) {
	prefix := key(keyUnvoted, c.no.bytes())
	var waiting []logNo
	err := b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		no, err := logNoFrom(k[len(prefix):])
		waiting = append(waiting, no)
		return len(waiting) < maxVotes, err
	})
	var heads, closes []protocol.Head
	for _, no := range waiting {
		if err != nil {
			break
		}
		var log *openLog
		if log, err = b.openLogNo(no); err != nil {
			break
		}
		b.put(unvotedKey(c.no, no), nil)
		var h protocol.Head
		var ok, closing bool
		if h, ok, closing, err = b.ballot(c, log); !ok || err != nil {
			continue
		}
		if closing {
			closes = append(closes, h)
		} else {
			heads = append(heads, h)
		}
	}
	return append(closes, heads...), err
}

// ballot returns the head of a log that the node's member may endorse now, as a
// witness in office.
func (b *batch) ballot(c *openCommons, log *openLog) (h protocol.Head, ok, closing bool, err error) {
	vote := log.Vote
	if log.log() == c.id().Charter() {
		if vote, err = b.consented(c, log, vote); err != nil {
			return h, false, false, err
		}
	}
	last, err := b.lastVote(c, log)
	if err != nil || vote.Seq < 0 {
		return h, false, false, err
	}
	extends := last.Seq < 0
	if !extends {
		if extends, err = b.holds(log, last.Seq, last.CID); err != nil {
			return h, false, false, err
		}
	}
	if !extends && !b.overruled(log, last) || extends && vote.Seq < last.Seq {
		return h, false, false, nil
	}
	enough, err := b.enough(c, log, vote, last)
	if err != nil || enough {
		return h, false, false, err
	}
	if len(c.epochs) > 1 {
		if ok, closing, err = b.agrees(c, log, vote); !ok || err != nil {
			return h, false, false, err
		}
	}
	may, err := b.mayVouch(c, log)
	return vote.in(log.log()), may, closing, err
}

// enough reports whether a vote would add nothing: the head is settled under the
// witnesses in office, or the member has voted for it under them.
func (b *batch) enough(c *openCommons, log *openLog, vote, last head) (bool, error) {
	if len(c.epochs) == 1 {
		return vote.Seq <= log.Settled.Seq || vote == last, nil
	}
	votes, err := b.votes(c, log.log())
	if err != nil {
		return false, err
	}
	own, err := b.openLog(c.me())
	if err != nil || own == nil {
		return true, err
	}
	for _, v := range votes {
		mine := v.Witness == uint32(own.no) && c.epochAt(v.Charter) == len(c.epochs)-1
		if mine && v.Seq >= vote.Seq && v.Home != settle.Unresolved && log.has(logNo(v.Home), v.Seq) {
			return true, nil
		}
	}
	lines, err := b.lines(log)
	if err != nil {
		return false, err
	}
	result, err := b.count(c, log, lines, votes, len(c.epochs)-1)
	return err == nil && result.Line == 0 && result.Seq >= vote.Seq, err
}

// lastVote returns the entry of a log that the node's member endorsed last.
func (b *batch) lastVote(c *openCommons, log *openLog) (head, error) {
	row, err := b.context(c).Get(rules.LastVotes, log.ID[:])
	if err != nil || len(row) != 8+32 {
		return nowhere, err
	}
	return head{Seq: seqFrom(row[:8]), CID: idFrom(row[8:])}, nil
}

// overruled reports whether an entry is settled that conflicts with one that the
// member endorsed: then it may leave the losing branch.
func (b *batch) overruled(log *openLog, last head) bool {
	no, seq, held, err := b.place(last.CID)
	if err != nil || !held {
		return false
	}
	lines, err := b.lines(log)
	if err != nil {
		return false
	}
	for _, line := range lines[1:] {
		if line.has(no, seq) {
			return log.Settled.Seq >= parts(&log.logRow, &line.logRow)
		}
	}
	return false
}

// consented stops before a set of witnesses that is not settled and that not
// every new member of it has confirmed.
func (b *batch) consented(c *openCommons, charter *openLog, vote head) (head, error) {
	for _, set := range charter.Sets {
		if set <= charter.Settled.Seq || set > vote.Seq || set == charter.Sets[0] {
			continue
		}
		missing, err := b.unconfirmed(c, charter, set)
		if err != nil {
			return nowhere, err
		}
		if len(missing) == 0 {
			continue
		}
		before, err := b.entryAt(charter, set-1)
		return head{Seq: set - 1, CID: before.ID()}, err
	}
	return vote, nil
}

// unconfirmed returns the new members of a set of witnesses who have not
// confirmed it in their own logs.
func (b *batch) unconfirmed(c *openCommons, charter *openLog, set int64) ([]protocol.LogID, error) {
	e, err := b.entryAt(charter, set)
	if err != nil {
		return nil, err
	}
	return unconfirmed(b.context(c), c.epochs, e)
}

func unconfirmed(x rules.Rows, epochs []settle.Epoch, e protocol.Entry) ([]protocol.LogID, error) {
	body, is := e.Body.(*protocol.Witnesses)
	if !is {
		return nil, ErrDamaged
	}
	var missing []protocol.LogID
	for _, m := range body.Members {
		if len(epochs) > 0 && epochs[len(epochs)-1].Holds(m) {
			continue
		}
		confirms, err := flow.Confirms(x, e.ID(), m)
		if err != nil {
			return nil, err
		}
		if !confirms {
			missing = append(missing, m)
		}
	}
	return missing, nil
}

// agrees reports whether a head may be endorsed as far as former witnesses are
// concerned: for every earlier epoch, a quorum of its witnesses have a close
// whose record has no vote against the head. For a close, closes held suffice;
// for anything else they must be settled under a later epoch.
func (b *batch) agrees(c *openCommons, log *openLog, vote head) (ok, closing bool, err error) {
	for seq := max(log.Settled.Seq, -1) + 1; seq <= vote.Seq && log.Closed; seq++ {
		e, err := b.entryAt(log, seq)
		if err != nil {
			return false, false, err
		}
		closing = closing || e.Kind == protocol.KindClose
	}
	votes, err := b.votes(c, log.log())
	if err != nil {
		return false, closing, err
	}
	lines, err := b.lines(log)
	if err != nil {
		return false, closing, err
	}
	for i := 0; i+1 < len(c.epochs); i++ {
		closes, err := b.recordsOf(c, i, closing)
		if err != nil {
			return false, closing, err
		}
		good := map[logNo]bool{}
		for _, x := range closes {
			if !against(c, i, x, votes, lines, log.Settled.Seq, vote.Seq) {
				good[x.witness] = true
			}
		}
		if len(good) < c.epochs[i].Quorum() {
			return false, closing, nil
		}
	}
	return true, closing, nil
}

// recordsOf returns the closes of an epoch: all that are held, or those settled.
func (b *batch) recordsOf(c *openCommons, e int, held bool) ([]closed, error) {
	if !held {
		return b.closesOf(c, e)
	}
	var all []closed
	for _, x := range c.closes {
		log, err := b.openLogNo(x.witness)
		if err != nil {
			return nil, err
		}
		if x.set != c.epochs[e+1].ID || !c.epochs[e].Holds(log.log()) {
			continue
		}
		lines, err := b.lines(log)
		if err != nil {
			return nil, err
		}
		for _, line := range lines {
			if line.has(logNo(x.at.Branch), x.at.Seq) {
				row := line.logRow
				all = append(all, closed{witness: x.witness, seq: x.at.Seq, line: &row})
				break
			}
		}
	}
	return all, nil
}

// against reports whether the record of a close has a vote against an entry on
// the chain that counts: one that names another branch, or cannot be shown to
// agree. Votes against what is settled already are ignored.
func against(c *openCommons, epoch int, x closed, votes []settle.Vote, lines []*openLog, settled, seq int64) bool {
	for _, v := range votes {
		if uint32(x.witness) != v.Witness || c.epochAt(v.Charter) != epoch ||
			v.At.Seq > x.seq || !x.line.has(logNo(v.At.Branch), v.At.Seq) {
			continue
		}
		if v.Home == settle.Unresolved {
			// It may name another branch, unless something is settled at its place.
			if v.Seq > settled {
				return true
			}
			continue
		}
		if lines[0].has(logNo(v.Home), v.Seq) {
			continue
		}
		for _, line := range lines[1:] {
			if !line.has(logNo(v.Home), v.Seq) {
				continue
			}
			at := parts(&lines[0].logRow, &line.logRow)
			if at > settled && at <= seq {
				return true
			}
			break
		}
	}
	return false
}

// mayVouch applies a witness's own checks of a newcomer, once, at its first
// endorsement: the invitation is not used up, not withdrawn, and not expired by
// the witness's clock.
func (b *batch) mayVouch(c *openCommons, log *openLog) (bool, error) {
	if log.Settled.Seq >= 0 {
		return true, nil
	}
	inception, err := b.entryAt(log, 0)
	if err != nil {
		return false, err
	}
	body, _ := inception.Body.(*protocol.Inception)
	if body == nil || body.Grant == nil {
		return body != nil, nil
	}
	entry, _, err := b.find(body.Grant.Invite)
	if err != nil {
		return false, err
	}
	invite, _ := entry.Body.(*protocol.Invite)
	if invite == nil || b.l.now().UnixMilli() > invite.Expiry {
		return false, nil
	}
	x := b.context(c)
	withdrawn, err := flow.Withdrawn(x, entry.ID(), entry.Log)
	if err != nil || withdrawn {
		return false, err
	}
	return b.spend(x, body.Grant.Invite, log.ID, invite.Uses)
}

// spend counts an inception against the uses of its invitation. The row holds
// the logs that this witness let in.
func (b *batch) spend(x rules.Rows, invite, log protocol.EntryID, uses int64) (bool, error) {
	row, err := x.Get(rules.Granted, invite[:])
	if err != nil {
		return false, err
	}
	const size = len(protocol.EntryID{})
	for rest := row; len(rest) >= size; rest = rest[size:] {
		if protocol.EntryID(rest[:size]) == log {
			return true, nil
		}
	}
	if int64(len(row)/size) >= uses {
		return false, nil
	}
	x.Put(rules.Granted, invite[:], append(bytes.Clone(row), log[:]...))
	return true, nil
}

// postings reads a posting list: sequence numbers in the log of its run.
func postings(b []byte) []int64 {
	var all []int64
	for len(b) > 0 {
		seq, n := binary.Uvarint(b)
		if n <= 0 {
			return all
		}
		all, b = append(all, int64(seq)), b[n:]
	}
	return all
}
