package ledger

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

const (
	onceKept     = 7 * 24 * time.Hour // how long an idempotency key is remembered
	submitChunk  = 1000               // drafts in one request
	draftGuess   = 512                // bytes that one draft is taken to write
	maxUnsigned  = 1000               // own entries between two signatures
	unsignedSize = protocol.MaxGossipBytes / 2
)

// Submit writes one entry of the node's own member. It returns once the entry
// survives a power cut. What would be void is not written: the error wraps
// ErrInvalid and says why. While the node asks its peers how far its own log had
// come, Submit waits.
func (l *Ledger) Submit(ctx context.Context, d Draft) (Written, error) {
	all, err := l.SubmitBatch(ctx, []Draft{d})
	if err != nil {
		return Written{}, err
	}
	return all[0], nil
}

// SubmitBatch writes entries in order, in as few commits as they fit into. It
// stops at the first that cannot be written, and returns those that were
// together with the error.
func (l *Ledger) SubmitBatch(ctx context.Context, drafts []Draft) ([]Written, error) {
	var all []Written
	for i, d := range drafts {
		if i > 0 && d.Commons == drafts[i-1].Commons {
			continue
		}
		if err := l.whenAsked(ctx, d.Commons); err != nil {
			return nil, err
		}
	}
	for len(drafts) > 0 {
		n := min(len(drafts), submitChunk)
		var done []Written
		var refusal error
		err := l.write(ctx, n*draftGuess, func(b *batch) error {
			if done, refusal = b.submitAll(drafts[:n]); len(done) == 0 {
				return refusal
			}
			return nil
		})
		if err != nil {
			return all, err
		}
		for i := range done {
			if done[i], err = l.answer(ctx, done[i]); err != nil {
				return all, err
			}
		}
		all = append(all, done...)
		if refusal != nil {
			return all, refusal
		}
		drafts = drafts[n:]
	}
	return all, nil
}

// answer says what became of an entry that was just written. Such a one is never
// void, so that a look at its log is enough.
func (l *Ledger) answer(ctx context.Context, w Written) (Written, error) {
	if w.Repeated {
		status, err := l.Entry(ctx, w.Entry.ID())
		w.State, w.Reason = status.State, status.Reason
		return w, err
	}
	row, err := l.logByID(w.Entry.Log)
	if err != nil {
		return w, err
	}
	switch seq := w.Entry.Seq; {
	case seq > row.Applied.Seq:
		w.State, w.Reason = Waiting, row.Awaits
	case seq > row.Settled.Seq:
		w.State = Pending
	default:
		w.State = Settled
	}
	return w, nil
}

func (b *batch) submitAll(drafts []Draft) ([]Written, error) {
	var done []Written
	for _, d := range drafts {
		w, err := b.submit(d)
		if err != nil {
			return done, err
		}
		done = append(done, w)
		if err := b.flushIfFull(); err != nil {
			return nil, err
		}
	}
	return done, nil
}

func (b *batch) submit(d Draft) (Written, error) {
	c, log, err := b.ownLog(d.Commons)
	if err != nil {
		return Written{}, err
	}
	if w, repeated, err := b.repeat(d.Once); repeated || err != nil {
		return w, err
	}
	if err := b.refuse(c, log, d.Body); err != nil {
		return Written{}, err
	}
	if w, said, err := b.saidAlready(c, log, d.Body); said || err != nil {
		return w, err
	}
	body, err := b.claiming(c, log, d.Body)
	if err == nil {
		body, err = b.linking(c, log, body)
	}
	if err != nil {
		return Written{}, err
	}
	e, err := b.write(c, log, body)
	if err != nil {
		return Written{}, err
	}
	if d.Once != nil {
		row := onceRow{Entry: e.ID(), Request: d.Once.Request, Time: int64(e.Time)}
		b.put(d.Once.key(), encode(&row))
	}
	return Written{Entry: e}, nil
}

// ownLog opens the log that the node's member writes in a commons.
func (b *batch) ownLog(id protocol.CommonsID) (*openCommons, *openLog, error) {
	no, held := b.l.byID[id]
	if !held {
		return nil, nil, fmt.Errorf("%w: %v", protocol.ErrUnknownCommons, id)
	}
	c, err := b.openCommonsNo(no)
	if err != nil {
		return nil, nil, err
	}
	if c.me().IsZero() {
		return nil, nil, fmt.Errorf("%w: %s", ErrNotMember, c.name())
	}
	if err := b.l.mayWrite(no); err != nil {
		return nil, nil, err
	}
	log, err := b.openLog(c.me())
	if err != nil {
		return nil, nil, err
	}
	if log.frozen() {
		return nil, nil, fmt.Errorf("%w: from entry %d on; the same key has written on two nodes", ErrFrozen, log.Fork)
	}
	if log.IsCut && log.Held.Seq >= log.Cut {
		return nil, nil, fmt.Errorf("%w: with entry %d", ErrEnded, log.Cut)
	}
	return c, log, nil
}

// write appends an entry to an own log: it is composed, held and applied; its
// signature follows with the last of the batch.
func (b *batch) write(c *openCommons, log *openLog, body protocol.Body) (protocol.Entry, error) {
	e, err := b.compose(c, log, body)
	if err != nil {
		return e, err
	}
	return e, b.holdOwn(log, e)
}

// compose encodes and judges the next entry of an own log. What would be void is
// refused.
func (b *batch) compose(c *openCommons, log *openLog, body protocol.Body) (protocol.Entry, error) {
	charterSeq := log.Held.Seq // in the charter log: the entry before
	if log.log() != c.id().Charter() {
		charter, err := b.openLog(c.id().Charter())
		if err != nil {
			return protocol.Entry{}, err
		}
		// What is not settled may yet be another charter: an entry under it would
		// wait with it.
		charterSeq = max(log.Pin, charter.decided(), 0)
		if vote, is := body.(*protocol.Endorse); is && vote != nil {
			charterSeq = max(log.Pin, c.votesUpTo)
		}
	}
	e, err := protocol.New(protocol.Placement{
		Log: log.log(), Seq: log.Held.Seq + 1, Prev: log.Held.CID,
		Time: protocol.TimeOf(b.l.now()), Charter: charterSeq,
	}, body)
	if err != nil {
		return e, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return e, b.wouldBeVoid(c, log, e)
}

// wouldBeVoid returns why an entry that is about to be written would have no
// effect.
func (b *batch) wouldBeVoid(c *openCommons, log *openLog, e protocol.Entry) error {
	if body, is := account.Is(e); is {
		if log.Applied.Seq < log.Held.Seq {
			return fmt.Errorf("%w: entry %d of the payer's log waits (%s)", ErrUnsettled, log.Applied.Seq+1, log.Awaits)
		}
		waits, err := b.awaitsPayment(c, log, e, body)
		if err != nil {
			return err
		}
		if waits != rules.Valid {
			return fmt.Errorf("%w: the payer's log or the charter", ErrUnsettled)
		}
	}
	v, err := b.judge(c, log, e)
	switch {
	case err != nil:
		return err
	case v.Reason == rules.Overdraft:
		return &OverdraftError{Currency: v.Payment.Currency, Amount: v.Payment.Amount, Available: v.Left, Limit: v.Limit}
	case v.Reason != rules.Valid:
		return &VoidError{Reason: v.Reason}
	}
	return nil
}

// Check returns the error that Submit would return for a draft now, and writes
// nothing.
func (l *Ledger) Check(ctx context.Context, d Draft) error {
	if err := l.whenAsked(ctx, d.Commons); err != nil {
		return err
	}
	l.writeMu.Lock()
	defer l.writeMu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	b := l.newBatch()
	c, log, err := b.ownLog(d.Commons)
	if err == nil {
		err = b.refuse(c, log, d.Body)
	}
	body := d.Body
	if err == nil {
		body, err = b.claiming(c, log, body)
	}
	if err == nil {
		body, err = b.linking(c, log, body)
	}
	if err == nil {
		_, err = b.compose(c, log, body)
	}
	return err
}

// holdOwn holds and applies an entry that this node wrote. An error stops the
// ledger.
func (b *batch) holdOwn(log *openLog, e protocol.Entry) error {
	b.own, log.unsigned = true, true
	err := b.hold(log, e)
	if err == nil {
		err = b.settleAll(log)
	}
	if err == nil && (log.Held.Seq-log.Tip >= maxUnsigned || log.SinceTip >= unsignedSize) {
		err = b.sign(log)
	}
	if err != nil {
		b.broken = err
	}
	return err
}

func (b *batch) sign(log *openLog) error {
	k, i, err := b.l.signer(b.commons[log.Commons], log)
	if err != nil {
		return err
	}
	log.unsigned = false
	b.mark(log, []protocol.Signature{protocol.SignEntry(k, i, log.Held.CID)}, nil)
	return nil
}

// refuse stops what its author would not want to have written: a verdict on
// nothing or on oneself, an event of agents that are not there.
func (b *batch) refuse(c *openCommons, log *openLog, body protocol.Body) error {
	switch body := body.(type) {
	case *protocol.Confirm:
		target, _, err := b.find(body.Target)
		if err != nil {
			return err
		}
		if reason := flow.RefuseConfirm(log.log(), target, body.Verdict); reason != rules.Valid {
			return &VoidError{Reason: reason}
		}
		if err := b.refuseStranger(c, log, target); err != nil {
			return err
		}
		return b.refuseOwn(c, log, target, body)
	case *protocol.Declare:
		return b.refuseDeclare(c, log, body)
	case *protocol.Event:
		for _, agent := range []protocol.AgentID{body.Provider, body.Receiver} {
			if agent.IsZero() || agent.EntryID == c.row.ID {
				continue
			}
			row, err := b.context(c).Get(rules.Agents, agent.EntryID[:])
			if err != nil {
				return err
			}
			if row == nil {
				return fmt.Errorf("%w: agent %v", ErrNotFound, agent)
			}
		}
		if body.Currency == "" {
			break
		}
		payee, err := b.openLog(protocol.LogID(body.Receiver))
		if err != nil {
			return err
		}
		if payee != nil && payee.IsCut {
			return ErrRemoved
		}
	}
	return nil
}

func (o *Once) key() []byte {
	sum := sha256.Sum256([]byte(o.Token + "\x00" + o.Key))
	return key(keyOnce, sum[:16])
}

// repeat returns the entry that a repeated submission wrote before.
func (b *batch) repeat(o *Once) (Written, bool, error) {
	if o == nil {
		return Written{}, false, nil
	}
	v, err := b.get(o.key())
	if err != nil || v == nil {
		return Written{}, false, err
	}
	var r onceRow
	if err := decode("answer", v, &r); err != nil {
		return Written{}, false, err
	}
	if b.l.now().Sub(protocol.Time(r.Time).UTC()) > onceKept {
		return Written{}, false, nil
	}
	if r.Request != o.Request {
		return Written{}, false, ErrReused
	}
	e, _, err := b.find(r.Entry)
	return Written{Entry: e, Repeated: true}, true, err
}
