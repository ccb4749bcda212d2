package ledger

import (
	"errors"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// awaitsPayment returns what a payment waits for: that the inception of its log,
// the charter version that it pins and every watermark's chain are settled and
// decided. Then its verdict follows from what it names, and never changes.
func (b *batch) awaitsPayment(c *openCommons, log *openLog, e protocol.Entry, body *protocol.Event) (Reason, error) {
	governs := log.log() == c.id().Charter()
	if !governs && log.decided() < 0 {
		return rules.AwaitsSettlement, b.waitSettled(c, log, log.log(), 0)
	}
	if !governs {
		charter, err := b.openLog(c.id().Charter())
		if err != nil {
			return rules.Valid, err
		}
		if charter.decided() < e.Charter {
			return rules.AwaitsSettlement, b.waitSettled(c, log, charter.log(), e.Charter)
		}
	}
	for _, w := range body.Claims {
		if w.Log == e.Log {
			continue // void, when it is judged
		}
		settled, err := b.settledAt(c, w)
		if err != nil {
			return rules.Valid, err
		}
		if !settled {
			return rules.AwaitsSettlement, b.waitForMark(c, log, w)
		}
	}
	return rules.Valid, nil
}

// waitForMark waits for the chain of a watermark, unless another has been settled
// there: then it never will be.
func (b *batch) waitForMark(c *openCommons, log *openLog, w protocol.Watermark) error {
	source, err := b.openLog(w.Log)
	if err != nil || source != nil && source.decided() >= w.Seq {
		return err
	}
	return b.waitSettled(c, log, w.Log, w.Seq)
}

// settledAt reports whether the chain of a watermark is settled and decided, or
// the watermark names a place at which its entry does not stand: then there is
// nothing to wait for.
func (b *batch) settledAt(c *openCommons, w protocol.Watermark) (bool, error) {
	e, no, err := b.find(w.CID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if misplaced(e, w) {
		return true, nil
	}
	source, err := b.primaryOf(no)
	if err != nil {
		return false, err
	}
	return source.Commons == c.no && e.Seq <= source.decided() && source.at(e.Seq) == no, nil
}

func misplaced(e protocol.Entry, w protocol.Watermark) bool {
	return e.Log != w.Log || e.Seq != w.Seq
}

// payer says what decides how far a log may go below zero when it writes e.
func (b *batch) payer(c *openCommons, log *openLog, e protocol.Entry) (account.Payer, error) {
	if log.log() == c.id().Charter() {
		return account.Payer{Terms: c.termsAt(e.Seq - 1)}, nil
	}
	p := account.Payer{Terms: c.termsAt(e.Charter), Admitted: true}
	if !p.Terms.Open || p.Terms.Steward(e.Log) {
		return p, nil
	}
	inception, err := b.entryAt(log, 0)
	if err != nil {
		return p, err
	}
	if body, is := inception.Body.(*protocol.Inception); is && body.Grant != nil {
		return p, nil
	}
	row, err := b.context(c).Get(rules.Admitted, e.Log.EntryID[:])
	p.Admitted = row != nil && seqFrom(row) <= e.Charter
	return p, err
}

// judgePayment judges a payment that waits for nothing.
func (b *batch) judgePayment(c *openCommons, log *openLog, e protocol.Entry, body *protocol.Event) (account.Verdict, error) {
	for _, w := range body.Claims {
		if w.Log == e.Log {
			return account.Verdict{Reason: rules.BadWatermark}, nil
		}
		named, _, err := b.find(w.CID)
		if err != nil {
			return account.Verdict{}, err
		}
		if misplaced(named, w) {
			return account.Verdict{Reason: rules.BadWatermark}, nil
		}
	}
	payer, err := b.payer(c, log, e)
	if err != nil {
		return account.Verdict{}, err
	}
	return account.Judge(b.context(c), c.id(), payer, e, body)
}

// pay gives a valid payment its effect.
func (b *batch) pay(c *openCommons, log *openLog, e protocol.Entry, body *protocol.Event, v account.Verdict) error {
	if err := account.Apply(b.context(c), e, body, v); err != nil {
		return err
	}
	log.Pays++
	b.context(c).Put(rules.Unsettled, append(log.no.bytes(), u64(uint64(e.Seq))...), []byte{})
	return nil
}

// unpay takes a payment back that is not settled.
func (b *batch) unpay(c *openCommons, log *openLog, e protocol.Entry, body *protocol.Event) error {
	log.Pays--
	b.context(c).Put(rules.Unsettled, append(log.no.bytes(), u64(uint64(e.Seq))...), nil)
	return account.Undo(b.context(c), c.id(), e, body)
}

// settlePayments settles the payments of a log that are settled now.
func (b *batch) settlePayments(c *openCommons, log *openLog) error {
	x := b.context(c)
	prefix := stateKey(c.no, rules.Unsettled, log.no.bytes())
	return b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		seq := seqFrom(k[len(prefix):])
		if seq > log.decided() {
			return false, nil
		}
		e, err := b.entryAt(log, seq)
		if err != nil {
			return false, err
		}
		body, is := account.Is(e)
		if !is {
			return false, ErrDamaged
		}
		x.Put(rules.Unsettled, k[len(prefix)-4:], nil)
		log.Pays--
		return true, account.Settle(x, c.id(), e, body)
	})
}
