package ledger

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// awaitsPayment returns what a payment waits for: that the inception of its log,
// the charter version that it pins, and every log that a watermark names, up to
// the place that it names, are settled and decided. Then its verdict follows from
// what it names, and never changes.
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
	return b.awaitsClaims(c, log, body.Claims)
}

// awaitsClaims returns whether an entry of a log waits for what its watermarks
// name.
func (b *batch) awaitsClaims(c *openCommons, log *openLog, claims []protocol.Watermark) (Reason, error) {
	for _, w := range claims {
		if w.Log == log.log() {
			continue // void, when it is judged
		}
		source, err := b.openLog(w.Log)
		if err != nil {
			return rules.Valid, err
		}
		if source == nil || source.Commons != c.no || source.decided() < w.Seq {
			return rules.AwaitsSettlement, b.waitSettled(c, log, w.Log, w.Seq)
		}
	}
	return rules.Valid, nil
}

// payer says what decides how far a log may go below zero when it writes e: in an
// open commons only a log that the charter log has admitted may at all.
func (b *batch) payer(c *openCommons, log *openLog, e protocol.Entry) (account.Payer, error) {
	if log.log() == c.id().Charter() {
		return account.Payer{Terms: c.termsAt(e.Seq - 1), Admitted: true}, nil
	}
	p := account.Payer{Terms: c.termsAt(e.Charter), Admitted: true}
	if !p.Terms.Open {
		return p, nil
	}
	row, err := b.context(c).Get(rules.Admitted, e.Log.EntryID[:])
	p.Admitted = row != nil && seqFrom(row) <= e.Charter
	return p, err
}

// judgePayment judges a payment that waits for nothing.
func (b *batch) judgePayment(c *openCommons, log *openLog, e protocol.Entry, body *protocol.Event) (account.Verdict, error) {
	if fit, err := b.claimsFit(log, body.Claims); err != nil || !fit {
		return account.Verdict{Reason: rules.BadWatermark}, err
	}
	payer, err := b.payer(c, log, e)
	if err != nil {
		return account.Verdict{}, err
	}
	return account.Judge(b.context(c), c.id(), payer, e, body)
}

// claimsFit reports whether watermarks in a log name what stands in the logs of
// others.
func (b *batch) claimsFit(log *openLog, claims []protocol.Watermark) (bool, error) {
	for _, w := range claims {
		if w.Log == log.log() {
			return false, nil
		}
		source, err := b.openLog(w.Log)
		if err != nil {
			return false, err
		}
		if fits, err := b.holds(source, w.Seq, w.CID); err != nil || !fits {
			return false, err
		}
	}
	return true, nil
}

// movement returns what an entry with its effect moves; the currency is empty if
// that is nothing.
func (b *batch) movement(c *openCommons, log *openLog, e protocol.Entry) (account.Payment, error) {
	if body, is := account.Is(e); is {
		return account.Of(c.id(), e, body), nil
	}
	if body, is := account.Last(e); is {
		parts, err := b.parts(log, e)
		return account.OfDistribution(c.id(), body.Currency, account.Lines(parts)), err
	}
	return account.Payment{}, nil
}

// paid is a payment that this batch gave its effect. Most are settled before the
// batch ends; only the others get rows that say what is to be settled or undone.
type paid struct {
	entry   protocol.Entry
	verdict account.Verdict
}

// claimSize is about what a watermark takes in the row of a payment.
const claimSize = 4 * 32

// pay gives a valid payment its effect.
func (b *batch) pay(c *openCommons, log *openLog, e protocol.Entry, v account.Verdict) error {
	log.Pays++
	log.fresh = append(log.fresh, paid{e, v})
	b.size += claimSize * len(v.Marks)
	if err := account.Apply(b.context(c), e, v); err != nil {
		return err
	}
	if err := b.deal(c, e, dealingOf(c.id(), e), false, rules.Apply); err != nil {
		return err
	}
	return b.show(c, log, e, v.Payment, rules.Apply)
}

// keepPayments writes down the payments of a log that are not settled.
func (b *batch) keepPayments(log *openLog) {
	if len(log.fresh) == 0 {
		return
	}
	x := b.context(b.commons[log.Commons])
	for _, p := range log.fresh {
		x.Put(rules.Unsettled, append(log.no.bytes(), u64(uint64(p.entry.Seq))...), []byte{})
		account.Keep(x, p.entry, p.verdict)
	}
	log.fresh = nil
}

// unpay takes a payment back that is not settled.
func (b *batch) unpay(c *openCommons, log *openLog, e protocol.Entry, p account.Payment) error {
	b.keepPayments(log)
	log.Pays--
	b.context(c).Put(rules.Unsettled, append(log.no.bytes(), u64(uint64(e.Seq))...), nil)
	if err := account.Undo(b.context(c), e, p); err != nil {
		return err
	}
	if err := b.deal(c, e, dealingOf(c.id(), e), false, rules.Undo); err != nil {
		return err
	}
	return b.show(c, log, e, p, rules.Undo)
}

// settlePayments settles the payments of a log that are settled now, in order.
func (b *batch) settlePayments(c *openCommons, log *openLog) error {
	if log.Pays > int64(len(log.fresh)) {
		if err := b.settleKept(c, log); err != nil {
			return err
		}
	}
	for len(log.fresh) > 0 && log.fresh[0].entry.Seq <= log.decided() {
		p := log.fresh[0]
		log.fresh = log.fresh[1:]
		log.Pays--
		if err := account.Settle(b.context(c), p.entry, p.verdict.Payment); err != nil {
			return err
		}
	}
	return nil
}

// settleKept settles those of earlier batches.
func (b *batch) settleKept(c *openCommons, log *openLog) error {
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
		p, err := b.movement(c, log, e)
		if err != nil {
			return false, err
		}
		if p.Currency == "" {
			return false, ErrDamaged
		}
		x.Put(rules.Unsettled, k[len(prefix)-4:], nil)
		account.Forget(x, e)
		log.Pays--
		return true, account.Settle(x, e, p)
	})
}
