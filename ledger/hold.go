package ledger

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/places"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/protocol"
)

// create admits a log: it gets the next number and the keys of its inception.
func (b *batch) create(no commonsNo, inception protocol.Entry) (*openLog, error) {
	c, err := b.openCommonsNo(no)
	if err != nil {
		return nil, err
	}
	body := inception.Body.(*protocol.Inception)
	n := logNo(b.meta.Logs)
	b.meta.Logs++
	c.row.Logs++
	log := &openLog{logRow: logRow{
		ID: inception.Log.EntryID, Commons: no, no: n, Held: nowhere, Applied: nowhere, Settled: nowhere,
		Vote: nowhere, Fork: -1, Tip: -1, Stored: -1,
	}, paid: -1}
	log.setKeys(body.KeySet)
	if len(body.KeySet.Keys) == 1 && !body.Commons.IsZero() {
		b.context(c).Put(rules.Holders, body.KeySet.Keys[0][:], log.ID[:])
	}
	b.logs[n] = log
	b.put(key(keyLogNo, log.ID[:]), n.bytes())
	b.put(key(keyMember, no.bytes(), n.bytes()), []byte{})
	return log, b.expected(c, log, body)
}

// expected takes up what came before the log itself: votes for it, logs that
// wait for it, and that its invitation was taken back.
func (b *batch) expected(c *openCommons, log *openLog, body *protocol.Inception) error {
	votes, err := b.votes(c, log.log())
	if err != nil {
		return err
	}
	log.Ahead = int64(len(votes))
	if c.row.Orphans > 0 {
		err = b.scan(settlingPrefix(c.no, log.log()), nil, func(_, _ []byte) (bool, error) {
			log.Waiters++
			c.row.Orphans--
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	x := b.context(c)
	cut, err := x.Get(rules.Cuts, log.ID[:])
	if err != nil {
		return err
	}
	if cut != nil {
		log.IsCut, log.Cut = true, seqFrom(cut)
	}
	if body.Grant == nil {
		return nil
	}
	x.Put(rules.Guests, append(bytes.Clone(body.Grant.Invite[:]), log.no.bytes()...), []byte{})
	revoked, err := x.Get(rules.Revoked, body.Grant.Invite[:])
	if revoked != nil {
		log.IsCut, log.Cut = true, -1
	}
	return err
}

// hold adds an entry at the end of its log. The caller has checked that it
// belongs there and is vouched for.
func (b *batch) hold(log *openLog, e protocol.Entry) error {
	c := b.commons[log.Commons]
	if err := b.append(log, e); err != nil {
		return err
	}
	c.row.Waiting++
	if err := b.indexEntry(c, log, e); err != nil {
		return err
	}
	if err := b.expectTouch(c, e); err != nil {
		return err
	}
	if err := b.heard(c, log, log, e); err != nil {
		return err
	}
	return b.resolveVotes(c, log, log, e)
}

// append stores an entry at the end of a branch.
func (b *batch) append(line *openLog, e protocol.Entry) error {
	c := b.commons[line.Commons]
	id := e.ID()
	at := line.tail()
	b.index(line, e.Seq, id[:])
	b.size += len(e.Block()) + 2*places.MaxPosting
	b.fresh[id] = freshEntry{no: at, seq: e.Seq}
	line.pending = append(line.pending, e)
	line.Held = head{Seq: e.Seq, CID: id}
	line.Unstored += int64(len(e.Block()))
	line.SinceTip += int64(len(e.Block()))
	b.meta.Entries++
	c.row.Entries++
	b.extendRun(line, e.Seq)
	return b.placed(c, line, e)
}

// placed notes the entries that later ones of the same chain are looked at by.
func (b *batch) placed(c *openCommons, line *openLog, e protocol.Entry) error {
	governs := line.log() == c.id().Charter()
	switch body := e.Body.(type) {
	case *protocol.Keys:
		line.setKeys(body.KeySet)
		line.Rekeyed = append(slices.Clone(line.Rekeyed), e.Seq)
	case *protocol.Remove:
		if governs && !body.Log.IsZero() {
			line.Removals = append(slices.Clone(line.Removals), e.Seq)
		}
	case *protocol.Witnesses:
		if !governs {
			return nil
		}
		reason, err := b.judgeSet(line, e.Seq, body)
		if err == nil && reason == rules.Valid {
			line.Sets = append(slices.Clone(line.Sets), e.Seq)
		}
		return err
	}
	return nil
}

// judgeSet returns why a set of witnesses in the charter log is void, or
// rules.Valid: it must bear its liars, and name nobody whom an earlier entry of
// the same chain removes, whether or not that was void. So the chain alone says
// who settles it.
func (b *batch) judgeSet(line *openLog, seq int64, set *protocol.Witnesses) (Reason, error) {
	if reason := settle.JudgeWitnesses(set); reason != rules.Valid {
		return reason, nil
	}
	for _, at := range line.Removals {
		if at >= seq {
			break
		}
		e, err := b.entryAt(line, at)
		if err != nil {
			return rules.Valid, err
		}
		if body, is := e.Body.(*protocol.Remove); is && slices.Contains(set.Members, body.Log) {
			return rules.BadWitnesses, nil
		}
	}
	return rules.Valid, nil
}

func (b *batch) extendRun(line *openLog, seq int64) {
	if i, open := b.runOf[line.no]; open && b.runs[i].Last+1 == seq && b.runs[i].Log == line.at(seq) {
		b.runs[i].Last = seq
		return
	}
	c := b.commons[line.Commons]
	b.runOf[line.no] = len(b.runs)
	b.runs = append(b.runs, &runRow{
		Commons: line.Commons, Log: line.at(seq), First: seq, Last: seq, Own: c.owns(line.log()),
	})
}

// owns reports whether entries of the log are written by this node: its member's,
// and those of the charter log that its member signs.
func (c *commonsState) owns(log protocol.LogID) bool {
	if log == c.id().Charter() {
		return c.row.Steward || c.currentTerms().Steward(c.me())
	}
	return log == c.me()
}

// indexEntry notes where people will look for an entry: under each identifier
// that it names, its own system's among them, and a record that is no amendment
// also under its author's. What comes after an event on a resource is found by
// the resource.
func (b *batch) indexEntry(c *openCommons, log *openLog, e protocol.Entry) error {
	left := rules.MaxLinks
	var last protocol.EntryID
	rules.Links(e.Body, func(relation string, id protocol.EntryID) bool {
		if relation == "previousEvent" || id == c.row.ID && unposted(relation) {
			return true
		}
		if id != last {
			b.post(log, id, e.Seq)
			last = id
		}
		left--
		return left > 0
	})
	rules.Sources(e.Body, func(source string) { b.index(log, e.Seq, sourceDigest(c.no, source)) })
	b.indexTail(c, log, e)
	if body, is := e.Body.(*protocol.Record); is {
		if body.Of.IsZero() {
			b.post(log, e.Log.EntryID, e.Seq)
		}
		return b.indexRecord(c, log, e, body)
	}
	return nil
}

// unposted reports whether what names the commons itself by a relation is found
// in the journal only: nearly everything does.
func unposted(relation string) bool { return relation == "receiver" || relation == "inScopeOf" }

// post adds an entry to the posting list of an identifier: one row for each
// identifier and run, so that lists cost little while history pours in.
func (b *batch) post(log *openLog, id protocol.EntryID, seq int64) {
	p := posting{commons: log.Commons, id: id, run: b.runOf[log.no]}
	last := &b.lately[id[len(id)-1]%byte(len(b.lately))]
	if last.list == nil || last.posting != p {
		last.posting, last.list = p, b.postings[p]
	}
	list := last.list
	if list == nil {
		list = &postingList{last: -1}
		b.postings[p], last.list = list, list
		b.size += 32
		if b.postedIn != nil {
			b.postedIn[id] = append(b.postedIn[id], p)
		}
	}
	if list.last == seq {
		return
	}
	list.last, list.seqs = seq, binary.AppendUvarint(list.seqs, uint64(seq))
	b.size += 3
}

// mark keeps the signatures on the newest entry of a log, and gives those that
// were the newest a row of their own where the distance to the last such row
// would grow above what one segment holds.
func (b *batch) mark(log *openLog, present, successor []protocol.Signature) {
	if log.Tip >= 0 && log.Tip > log.Stored && (len(log.Marks.Successor) > 0 ||
		log.Held.Seq-log.Stored > protocol.MaxSegmentEntries || log.Unstored > protocol.MaxSegmentBytes) {
		b.put(sigKey(log.at(log.Tip), log.Tip), encode(&log.Marks))
		log.Stored, log.Unstored = log.Tip, log.SinceTip
	}
	log.SinceTip = 0
	log.Tip, log.Marks = log.Held.Seq, pack(present, successor)
}

// checkSeq refuses an entry whose place the keys of the database cannot hold.
func checkSeq(e protocol.Entry) error {
	if e.Seq >= 1<<(8*seqBytes) {
		return fmt.Errorf("%w: entry %d: a log holds at most 2^40 entries", ErrInvalid, e.Seq)
	}
	return nil
}
