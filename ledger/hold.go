package ledger

import (
	"encoding/binary"
	"fmt"

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
	}}
	log.setKeys(body.KeySet)
	b.logs[n] = log
	b.put(key(keyLogNo, log.ID[:]), n.bytes())
	b.put(key(keyMember, no.bytes(), n.bytes()), []byte{})
	err = b.scan(stateKey(no, rules.Ahead, log.ID[:]), nil, func(_, _ []byte) (bool, error) {
		log.Ahead++
		return true, nil
	})
	return log, err
}

// hold adds an entry at the end of its log. The caller has checked that it
// belongs there and is vouched for.
func (b *batch) hold(log *openLog, e protocol.Entry) error {
	c := b.commons[log.Commons]
	id := e.ID()
	b.blind = append(b.blind, Write{Key: indexKey(id, log.no, e.Seq), Value: []byte{}})
	b.size += len(e.Block()) + 64
	b.fresh[id] = freshEntry{entry: e, no: log.no}
	log.pending = append(log.pending, e)
	log.Held = head{Seq: e.Seq, CID: id}
	log.Unstored += int64(len(e.Block()))
	log.SinceTip += int64(len(e.Block()))
	b.meta.Entries++
	c.row.Entries++
	c.row.Waiting++
	b.extendRun(log, e.Seq)
	if k, is := e.Body.(*protocol.Keys); is {
		log.setKeys(k.KeySet)
	}
	if err := b.indexEntry(c, log, e); err != nil {
		return err
	}
	if v, is := e.Body.(*protocol.Endorse); is {
		if err := b.countVotes(c, e.Log, v); err != nil {
			return err
		}
	}
	if log.Ahead > 0 {
		return b.reachAhead(c, log, e)
	}
	return nil
}

func (b *batch) extendRun(log *openLog, seq int64) {
	if i, open := b.runOf[log.no]; open {
		b.runs[i].Last = seq
		return
	}
	c := b.commons[log.Commons]
	b.runOf[log.no] = len(b.runs)
	b.runs = append(b.runs, &runRow{Commons: log.Commons, Log: log.no, First: seq, Last: seq, Own: c.owns(log.log())})
}

// owns reports whether entries of the log are written by this node.
func (c *commonsState) owns(log protocol.LogID) bool {
	return log == c.me() || c.row.Steward && log == c.id().Charter()
}

// indexEntry notes where people will look for an entry.
func (b *batch) indexEntry(c *openCommons, log *openLog, e protocol.Entry) error {
	event, is := e.Body.(*protocol.Event)
	if !is {
		return nil
	}
	b.post(log, event.Provider, e.Seq)
	if event.Receiver != event.Provider && event.Receiver.EntryID != c.row.ID {
		b.post(log, event.Receiver, e.Seq)
	}
	if event.Source != "" {
		b.blind = append(b.blind, Write{Key: appendPlace(sourcePrefix(c.no, event.Source), log.no, e.Seq), Value: []byte{}})
	}
	return nil
}

// post adds an event to the posting list of an agent: one row for each agent
// and run, so that lists cost little while history pours in.
func (b *batch) post(log *openLog, agent protocol.AgentID, seq int64) {
	if agent.IsZero() {
		return
	}
	p := posting{commons: log.Commons, agent: agent, run: b.runOf[log.no]}
	b.postings[p] = binary.AppendUvarint(b.postings[p], uint64(seq))
	b.size += 3
}

// countVotes records the votes of an endorsement. Votes count as soon as they
// are held, whether or not their log waits.
func (b *batch) countVotes(c *openCommons, witness protocol.LogID, v *protocol.Endorse) error {
	if len(c.seats.Members) > 0 && !c.seats.Holds(witness) {
		return nil
	}
	for _, h := range v.Heads {
		log, err := b.openLog(h.Log)
		if err != nil {
			return err
		}
		if log == nil || h.Seq > log.Held.Seq {
			b.put(aheadKey(c.no, h, witness), h.CID.Bytes()[4:])
			if log != nil {
				log.Ahead++
			}
			continue
		}
		if log.Commons != c.no {
			continue
		}
		if err := b.reach(c, log, witness, h); err != nil {
			return err
		}
	}
	return nil
}

func aheadKey(no commonsNo, h protocol.Head, witness protocol.LogID) []byte {
	k := stateKey(no, rules.Ahead, h.Log.EntryID[:])
	return append(append(k, u64(uint64(h.Seq))...), witness.EntryID[:]...)
}

// reach counts a vote for an entry that is held, if it names that entry.
func (b *batch) reach(c *openCommons, log *openLog, witness protocol.LogID, h protocol.Head) error {
	if h.CID != log.Held.CID {
		e, err := b.entryAt(log, h.Seq)
		if err != nil {
			return err
		}
		if e.ID() != h.CID {
			return nil
		}
	}
	if err := settle.Reach(b.context(c), witness, h); err != nil {
		return err
	}
	return b.recount(c, log)
}

// reachAhead counts the votes that came before their entry.
func (b *batch) reachAhead(c *openCommons, log *openLog, e protocol.Entry) error {
	prefix := append(stateKey(c.no, rules.Ahead, log.ID[:]), u64(uint64(e.Seq))...)
	return b.scan(prefix, nil, func(k, v []byte) (bool, error) {
		b.put(k, nil)
		log.Ahead--
		witness := protocol.LogID{EntryID: idFrom(k[len(prefix):])}
		return true, b.reach(c, log, witness, protocol.Head{Log: e.Log, Seq: e.Seq, CID: idFrom(v)})
	})
}

// recount moves the settled head of a log to where a quorum vouches.
func (b *batch) recount(c *openCommons, log *openLog) error {
	settled, err := settle.SettledHead(b.context(c), c.seats, log.log())
	if err != nil {
		return err
	}
	if settled.CID.IsZero() || settled.Seq <= log.Settled.Seq {
		return nil
	}
	frozen := log.frozen()
	log.Settled = head{Seq: settled.Seq, CID: settled.CID}
	return b.thaw(log, frozen)
}

// mark keeps the signatures on the newest entry of a log, and gives those that
// were the newest a row of their own where the distance to the last such row
// would grow above what one segment holds.
func (b *batch) mark(log *openLog, present, successor []protocol.Signature) {
	if log.Tip >= 0 && log.Tip > log.Stored && (len(log.Marks.Successor) > 0 ||
		log.Held.Seq-log.Stored > protocol.MaxSegmentEntries || log.Unstored > protocol.MaxSegmentBytes) {
		b.put(sigKey(log.no, log.Tip), encode(&log.Marks))
		log.Stored, log.Unstored = log.Tip, log.SinceTip
	}
	log.SinceTip = 0
	log.Tip, log.Marks = log.Held.Seq, pack(present, successor)
}

// place returns the running number that the next entry of a log would have, and
// refuses one that the keys of the database cannot hold.
func checkSeq(e protocol.Entry) error {
	if e.Seq >= 1<<(8*seqBytes) {
		return fmt.Errorf("%w: entry %d: a log holds at most 2^40 entries", ErrInvalid, e.Seq)
	}
	return nil
}
