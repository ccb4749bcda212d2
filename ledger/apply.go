package ledger

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/protocol"
)

// advance gives their effect to the entries of a log that wait no longer.
func (b *batch) advance(log *openLog) error {
	c := b.commons[log.Commons]
	governs := log.log() == c.id().Charter()
	log.Awaits = rules.Valid
	for log.Applied.Seq < log.Held.Seq {
		seq := log.Applied.Seq + 1
		if log.frozen() && seq >= log.Fork {
			log.Awaits = rules.ForkUnsettled
			break
		}
		e, err := b.entryAt(log, seq)
		if err != nil {
			return err
		}
		if log.Awaits = awaits(c, e, governs); log.Awaits != rules.Valid {
			if log.Awaits == rules.AwaitsCharter {
				b.put(waitKey(c.no, e.Charter, log.no), []byte{})
			}
			break
		}
		if err := b.give(c, log, e); err != nil {
			return err
		}
	}
	if governs {
		return b.wake(c)
	}
	return nil
}

func waitKey(no commonsNo, charterSeq int64, log logNo) []byte {
	return key(keyWait, no.bytes(), u64(uint64(charterSeq)), log.bytes())
}

// awaits returns what an entry waits for, or rules.Valid.
func awaits(c *openCommons, e protocol.Entry, governs bool) Reason {
	if !e.Known() {
		return rules.AwaitsSoftware
	}
	if b, is := e.Body.(*protocol.Charter); is && b.Rules > rules.Version {
		return rules.AwaitsSoftware
	}
	if !governs && e.Charter > c.row.Charter {
		return rules.AwaitsCharter
	}
	return rules.Valid
}

// wake lets the logs go on that waited for a charter seq now applied.
func (b *batch) wake(c *openCommons) error {
	prefix := key(keyWait, c.no.bytes())
	var ready []logNo
	err := b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		if seqFrom(k[len(prefix):len(prefix)+8]) > c.row.Charter {
			return false, nil
		}
		no, err := logNoFrom(k[len(prefix)+8:])
		ready = append(ready, no)
		b.put(k, nil)
		return true, err
	})
	for _, no := range ready {
		if err != nil {
			return err
		}
		var log *openLog
		if log, err = b.openLogNo(no); err == nil {
			err = b.advance(log)
		}
	}
	return err
}

// give judges one entry and gives it its effect.
func (b *batch) give(c *openCommons, log *openLog, e protocol.Entry) error {
	reason, err := b.judge(c, log, e)
	if err != nil {
		return err
	}
	if reason != rules.Valid {
		b.context(c).Put(rules.Voids, idKey(e), []byte(reason))
		c.row.Void++
	} else if err := b.effect(c, e, rules.Apply); err != nil {
		return err
	}
	log.Applied = head{Seq: e.Seq, CID: e.ID()}
	log.Pin = e.Charter
	if e.Kind != protocol.KindEndorse {
		log.Vote = log.Applied
		b.putUnvoted(c, log)
	}
	c.row.Waiting--
	if e.Log == c.id().Charter() {
		c.row.Charter = e.Seq
		if e.Kind == protocol.KindWitnesses && reason == rules.Valid {
			return b.recountAll(c)
		}
	}
	return nil
}

func idKey(e protocol.Entry) []byte {
	id := e.ID()
	return id[:]
}

// judge returns why an entry has no effect, or rules.Valid.
func (b *batch) judge(c *openCommons, log *openLog, e protocol.Entry) (Reason, error) {
	if e.Seq > 0 && e.Charter < log.Pin {
		return rules.CharterWentBack, nil
	}
	if reason := charter.Judge(c.id(), e); reason != rules.Valid {
		return reason, nil
	}
	switch body := e.Body.(type) {
	case *protocol.Event:
		return flow.JudgeEvent(body), nil
	case *protocol.Confirm:
		return flow.JudgeConfirm(b.context(c), e, body)
	case *protocol.Agent:
		if !c.termsAt(e.Charter).Steward(e.Log) {
			return rules.NotSteward, nil
		}
	case *protocol.Invite:
		return charter.MayInvite(c.termsAt(e.Charter), e.Log), nil
	case *protocol.Charter:
		_, reason := charter.Read(body)
		return reason, nil
	case *protocol.Witnesses:
		return settle.JudgeWitnesses(b.context(c), body)
	}
	return rules.Valid, nil
}

// effect gives a valid entry its effect, or takes it back.
func (b *batch) effect(c *openCommons, e protocol.Entry, sign rules.Sign) error {
	x := b.context(c)
	switch body := e.Body.(type) {
	case *protocol.Inception:
		b.introduce(c, e.Log.Agent(), body.Agent, sign)
	case *protocol.Agent:
		b.introduce(c, protocol.AgentID{EntryID: e.ID()}, body.Card, sign)
	case *protocol.Event:
		return flow.ApplyEvent(x, e, body, sign)
	case *protocol.Confirm:
		return flow.ApplyConfirm(x, e, body, sign)
	case *protocol.Charter:
		b.govern(c, e, body, sign)
	case *protocol.Witnesses:
		if sign == rules.Undo {
			x.Put(rules.Seats, nil, nil)
			c.seats = settle.Seats{}
			return nil
		}
		settle.Appoint(x, body)
		var err error
		c.seats, err = settle.SeatsOf(x)
		return err
	}
	return nil
}

// introduce records an agent: what the digest covers, and the index of names.
func (b *batch) introduce(c *openCommons, id protocol.AgentID, card protocol.AgentCard, sign rules.Sign) {
	x := b.context(c)
	name := append(append([]byte(foldName(card.Name.Plain)), 0), id.EntryID[:]...)
	if sign == rules.Undo {
		x.Put(rules.Agents, id.EntryID[:], nil)
		x.Put(rules.Names, name, nil)
		return
	}
	x.Put(rules.Agents, id.EntryID[:], append(append([]byte(card.Type), 0), card.Name.Plain...))
	x.Put(rules.Names, name, []byte{})
}

// govern puts a charter in force from its seq on, or takes it back.
func (b *batch) govern(c *openCommons, e protocol.Entry, body *protocol.Charter, sign rules.Sign) {
	x := b.context(c)
	if sign == rules.Undo {
		x.Put(rules.Charters, u64(uint64(e.Seq)), nil)
		for i, t := range c.terms {
			if t.seq == e.Seq {
				c.terms = c.terms[:i:i]
				break
			}
		}
		return
	}
	terms, _ := charter.Read(body)
	x.Put(rules.Charters, u64(uint64(e.Seq)), idKey(e))
	c.terms = append(c.terms, termsFrom{seq: e.Seq, terms: terms})
}

// recountAll counts the votes for every log of a commons again.
func (b *batch) recountAll(c *openCommons) error {
	return b.eachLog(c.no, func(log *openLog) error {
		b.putUnvoted(c, log)
		return b.recount(c, log)
	})
}

// eachLog opens every log of a commons, in order of admission.
func (b *batch) eachLog(no commonsNo, fn func(log *openLog) error) error {
	prefix := key(keyMember, no.bytes())
	return b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		n, err := logNoFrom(k[len(prefix):])
		if err != nil {
			return false, err
		}
		log, err := b.openLogNo(n)
		if err != nil {
			return false, err
		}
		return true, fn(log)
	})
}

// rewind takes back the effect of the entries of a log above a seq.
func (b *batch) rewind(log *openLog, to int64) error {
	c := b.commons[log.Commons]
	for log.Applied.Seq > to {
		e, err := b.entryAt(log, log.Applied.Seq)
		if err != nil {
			return err
		}
		if err := b.takeBack(c, log, e); err != nil {
			return err
		}
	}
	if log.log() != c.id().Charter() {
		return nil
	}
	c.row.Charter = log.Applied.Seq
	return b.eachLog(c.no, func(other *openLog) error { return b.unpin(c, other) })
}

func (b *batch) takeBack(c *openCommons, log *openLog, e protocol.Entry) error {
	x := b.context(c)
	void, err := x.Get(rules.Voids, idKey(e))
	if err != nil {
		return err
	}
	if void != nil {
		x.Put(rules.Voids, idKey(e), nil)
		c.row.Void--
	} else if err := b.effect(c, e, rules.Undo); err != nil {
		return err
	}
	c.row.Waiting++
	log.Applied, log.Pin = nowhere, 0
	if e.Seq == 0 {
		log.Vote = nowhere
		return nil
	}
	before, err := b.entryAt(log, e.Seq-1)
	if err != nil {
		return err
	}
	log.Applied, log.Pin = head{Seq: before.Seq, CID: before.ID()}, before.Charter
	if before.Kind != protocol.KindEndorse {
		log.Vote = log.Applied
	}
	return nil
}

// unpin takes back the entries of a log that stand on a charter seq which is no
// longer applied.
func (b *batch) unpin(c *openCommons, log *openLog) error {
	if log.log() == c.id().Charter() {
		return nil
	}
	to := log.Applied.Seq
	for ; to > 0; to-- {
		e, err := b.entryAt(log, to)
		if err != nil {
			return err
		}
		if e.Charter <= c.row.Charter {
			break
		}
	}
	if err := b.rewind(log, to); err != nil {
		return err
	}
	return b.advance(log)
}
