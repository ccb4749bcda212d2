package ledger

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/plan"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/protocol"
)

// advance gives their effect to the entries of a log that wait no longer.
func (b *batch) advance(log *openLog) error {
	c := b.commons[log.Commons]
	governs := log.log() == c.id().Charter()
	before := log.Applied
	log.Awaits = rules.Valid
	for log.Applied.Seq < log.Held.Seq {
		seq := log.Applied.Seq + 1
		e, err := b.entryAt(log, seq)
		if err != nil {
			return err
		}
		if log.Awaits, err = b.awaits(c, log, e, governs); err != nil {
			return err
		}
		if log.Awaits != rules.Valid {
			break
		}
		if err := b.give(c, log, e); err != nil {
			return err
		}
	}
	if log.Applied == before {
		return nil
	}
	return b.moved(c, log)
}

func waitKey(no commonsNo, charterSeq int64, log logNo) []byte {
	return key(keyWait, no.bytes(), u64(uint64(charterSeq)), log.bytes())
}

// awaits returns what the next entry of a log waits for, or rules.Valid, and
// sees to it that the log is looked at again when that is there.
func (b *batch) awaits(c *openCommons, log *openLog, e protocol.Entry, governs bool) (Reason, error) {
	switch {
	case log.frozen() && e.Seq >= log.Fork:
		return rules.ForkUnsettled, nil
	case log.IsCut && e.Seq > max(log.Cut, log.Settled.Seq):
		return rules.Removed, nil
	case !e.Known():
		return rules.AwaitsSoftware, nil
	case e.Kind == protocol.KindEndorse:
		return rules.Valid, nil // votes wait for nothing
	}
	if body, is := e.Body.(*protocol.Charter); is && body.Rules > rules.Version {
		return rules.AwaitsSoftware, nil
	}
	if governs {
		if set, pending := pendingSet(log, e.Seq); pending {
			return rules.AwaitsWitnesses, b.waitSettled(c, log, log.log(), set)
		}
	} else if e.Charter > c.inForce {
		b.put(waitKey(c.no, e.Charter, log.no), []byte{})
		return rules.AwaitsCharter, nil
	}
	if body, is := account.Is(e); is {
		return b.awaitsPayment(c, log, e, body)
	}
	if body, is := e.Body.(*protocol.Distribution); is && governs {
		return b.awaitsClaims(c, log, body.Claims)
	}
	return rules.Valid, nil
}

// pendingSet returns the last set of witnesses before an entry of the charter
// log, and whether it has yet to be settled. The first set is in office from the
// beginning.
func pendingSet(charter *openLog, seq int64) (int64, bool) {
	last := int64(-1)
	for _, at := range charter.Sets {
		if at < seq {
			last = at
		}
	}
	return last, last >= 0 && last != charter.Sets[0] && last > charter.decided()
}

// wake lets the logs go on that waited for a charter seq which is settled now.
func (b *batch) wake(c *openCommons) error {
	prefix := key(keyWait, c.no.bytes())
	return b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		if seqFrom(k[len(prefix):len(prefix)+8]) > c.inForce {
			return false, nil
		}
		no, err := logNoFrom(k[len(prefix)+8:])
		b.put(k, nil)
		b.later(task{do: doAdvance, log: no})
		return true, err
	})
}

// give judges one entry and gives it its effect.
func (b *batch) give(c *openCommons, log *openLog, e protocol.Entry) error {
	v, err := b.judge(c, log, e)
	if err != nil {
		return err
	}
	if v.Reason != rules.Valid {
		b.context(c).Put(rules.Voids, idKey(e), []byte(v.Reason))
		c.row.Void++
	} else if v.Payment.Currency != "" {
		err = b.pay(c, log, e, v)
	} else {
		err = b.effect(c, e, rules.Apply)
	}
	if err != nil {
		return err
	}
	log.Applied = head{Seq: e.Seq, CID: e.ID()}
	if v.Reason == rules.Valid {
		if err := b.appeared(c, e.ID()); err != nil {
			return err
		}
	}
	if (v.Reason == rules.Valid || v.Reason.Soft()) && pins(e) {
		log.Pin = e.Charter
	}
	if e.Kind != protocol.KindEndorse {
		log.Vote = log.Applied
		b.putUnvoted(c, log)
	}
	c.row.Waiting--
	if e.Log == c.id().Charter() {
		c.row.Charter = e.Seq
	}
	return nil
}

// pins reports whether the charter seq of a valid entry bounds those after it.
func pins(e protocol.Entry) bool {
	return e.Kind != protocol.KindEndorse && e.Kind != protocol.KindInception
}

func idKey(e protocol.Entry) []byte {
	id := e.ID()
	return id[:]
}

// judge returns why an entry has no effect, or rules.Valid; of a payment also
// what it changes.
func (b *batch) judge(c *openCommons, log *openLog, e protocol.Entry) (v account.Verdict, err error) {
	if e.Kind == protocol.KindEndorse {
		return v, nil
	}
	if e.Seq > 0 && e.Charter < log.Pin && e.Log != c.id().Charter() {
		return account.Verdict{Reason: rules.CharterWentBack}, nil
	}
	if v.Reason = charter.Judge(c.id(), e); v.Reason != rules.Valid {
		return v, nil
	}
	if body, is := account.Is(e); is {
		return b.judgePayment(c, log, e, body)
	}
	if body, is := e.Body.(*protocol.Distribution); is {
		return b.judgePart(c, log, e, body)
	}
	v.Reason, err = b.judgeBody(c, log, e)
	return v, err
}

func (b *batch) judgeBody(c *openCommons, log *openLog, e protocol.Entry) (Reason, error) {
	switch body := e.Body.(type) {
	case *protocol.Event:
		if len(body.Claims) > 0 {
			return rules.ClaimsWithout, nil
		}
		if reason := flow.JudgeEvent(body); reason != rules.Valid {
			return reason, nil
		}
		reason, missing, err := b.judgeNamed(c, body)
		for _, id := range missing {
			if err == nil {
				err = b.miss(c, id)
			}
		}
		return reason, err
	case *protocol.Record:
		return plan.Judge(body).Reason, nil
	case *protocol.Confirm:
		return flow.JudgeConfirm(b.context(c), e, body)
	case *protocol.Agent:
		if !c.termsAt(e.Charter).Steward(e.Log) {
			return rules.NotSteward, nil
		}
	case *protocol.Declare:
		return b.judgeDeclare(c, e, body)
	case *protocol.Invite:
		return charter.MayInvite(c.termsAt(e.Charter), e.Log), nil
	case *protocol.Charter:
		_, reason := charter.Read(body)
		return reason, nil
	case *protocol.Witnesses:
		return b.judgeSet(log, e.Seq, body)
	case *protocol.Bind:
		to, _, err := account.BoundTo(b.context(c), protocol.AgentID{EntryID: body.Agent})
		if err != nil || !to.IsZero() {
			return rules.AlreadyBound, err
		}
	case *protocol.Remove:
		return b.judgeRemove(c, log, e, body)
	case *protocol.Propose:
		if _, err := protocol.Parse(body.Block); err != nil {
			return rules.BadProposal, nil
		}
	}
	return rules.Valid, nil
}

// judgeRemove refuses to remove who is needed to settle: a witness of the set in
// office at that place of the charter log, or of the one before it, whose closes
// may still be needed.
func (b *batch) judgeRemove(c *openCommons, log *openLog, e protocol.Entry, body *protocol.Remove) (Reason, error) {
	if body.Log.IsZero() {
		return rules.Valid, nil
	}
	if body.Log == c.id().Charter() {
		return rules.RemovesGoverning, nil
	}
	sets, err := epochsOf(log.Sets, e.Seq-1, func(seq int64) (protocol.Entry, error) { return b.entryAt(log, seq) })
	if err != nil {
		return rules.Valid, err
	}
	for _, set := range sets[max(0, len(sets)-2):] {
		if set.Holds(body.Log) {
			return rules.SittingWitness, nil
		}
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
		heard, err := b.heardBefore(c, e)
		if err != nil {
			return err
		}
		changed, err := flow.ApplyEvent(c.rules, e, body, sign)
		if err == nil {
			err = b.recounted(c, e, body, changed, sign)
		}
		if err != nil {
			return err
		}
		if err := plan.Count(c.rules, body, sign); err != nil {
			return err
		}
		if err := b.deal(c, e, dealingOf(c.id(), e), heard, sign); err != nil {
			return err
		}
		return b.touch(c, e, body, sign)
	case *protocol.Confirm:
		if err := b.confirmSet(c); err != nil {
			return err
		}
		return b.weighVerdict(c, e, body, sign)
	case *protocol.Declare:
		heard, err := b.heardBefore(c, e)
		if err != nil {
			return err
		}
		return b.deal(c, e, dealingOf(c.id(), e), heard, sign)
	case *protocol.Charter:
		b.govern(c, e, body, sign)
	case *protocol.Witnesses:
		settle.Appoint(x, e.Seq, e.ID(), body, sign)
	case *protocol.Bind:
		return b.bind(c, e, body, sign)
	case *protocol.Admit:
		return b.admit(c, e, body, sign)
	case *protocol.Propose:
		return b.propose(c, e, body, sign)
	case *protocol.Approve:
		return b.opinion(c, rules.Approvals, body.CID, e, body.Signature, sign)
	case *protocol.Reject:
		return b.opinion(c, rules.Refusals, body.CID, e, [protocol.SigSize]byte{}, sign)
	}
	return nil
}

// admit records that the charter log admits a log, or takes that back: the first
// time counts.
func (b *batch) admit(c *openCommons, e protocol.Entry, body *protocol.Admit, sign rules.Sign) error {
	x := b.context(c)
	known, err := x.Get(rules.Admitted, body.Log.EntryID[:])
	switch {
	case err != nil:
		return err
	case sign == rules.Apply && known == nil:
		x.Put(rules.Admitted, body.Log.EntryID[:], u64(uint64(e.Seq)))
	case sign == rules.Undo && seqFrom(known) == e.Seq:
		x.Put(rules.Admitted, body.Log.EntryID[:], nil)
	}
	return nil
}

// confirmSet has the witnesses look again at a set of them that is not settled
// yet, when somebody confirms an entry: it may be that set.
func (b *batch) confirmSet(c *openCommons) error {
	charter, err := b.openLog(c.id().Charter())
	if err != nil || charter == nil {
		return err
	}
	if n := len(charter.Sets); n > 0 && charter.Sets[n-1] > c.votesUpTo {
		b.putUnvoted(c, charter)
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
	log.paid = min(log.paid, to)
	for log.Applied.Seq > to {
		e, err := b.entryAt(log, log.Applied.Seq)
		if err != nil {
			return err
		}
		if err := b.takeBack(c, log, e); err != nil {
			return err
		}
	}
	if log.log() == c.id().Charter() {
		c.row.Charter = log.Applied.Seq
	}
	return b.repin(log)
}

// repin finds what stands at the new end of what has its effect: the newest
// entry that is no endorsement, and the charter seq that bounds what follows,
// that of the newest valid entry that has one.
func (b *batch) repin(log *openLog) error {
	x := b.context(b.commons[log.Commons])
	log.Pin, log.Vote = 0, nowhere
	for seq := log.Applied.Seq; seq >= 0; seq-- {
		e, err := b.entryAt(log, seq)
		if err != nil {
			return err
		}
		if log.Vote.Seq < 0 && e.Kind != protocol.KindEndorse {
			log.Vote = head{Seq: seq, CID: e.ID()}
		}
		void, err := x.Get(rules.Voids, idKey(e))
		if err != nil {
			return err
		}
		if (void == nil || Reason(void).Soft()) && pins(e) {
			log.Pin = e.Charter
			return nil
		}
	}
	return nil
}

func (b *batch) takeBack(c *openCommons, log *openLog, e protocol.Entry) error {
	x := b.context(c)
	void, err := x.Get(rules.Voids, idKey(e))
	if err != nil {
		return err
	}
	var moved account.Payment
	if void == nil {
		if moved, err = b.movement(c, log, e); err != nil {
			return err
		}
	}
	switch {
	case void != nil:
		x.Put(rules.Voids, idKey(e), nil)
		c.row.Void--
	case moved.Currency != "":
		err = b.unpay(c, log, e, moved)
	default:
		err = b.effect(c, e, rules.Undo)
	}
	if err != nil {
		return err
	}
	if void == nil {
		b.vanished(c, e.ID())
	}
	c.row.Waiting++
	log.Applied = nowhere
	if e.Seq > 0 {
		log.Applied = head{Seq: e.Seq - 1, CID: e.Prev}
	}
	return nil
}
