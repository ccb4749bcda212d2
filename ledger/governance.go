package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/protocol"
)

// SubmitTo writes an entry into a log with several keys, the charter log or a
// shared account, or proposes it where more than one signature is needed. A
// payment gets its watermarks filled in, as in Submit. It returns ErrNotSigner
// when the node's member holds no key of the log.
func (l *Ledger) SubmitTo(ctx context.Context, log protocol.LogID, d Draft) (Proposed, error) {
	if d.Body != nil && d.Body.Kind() == protocol.KindDistribution {
		return Proposed{}, fmt.Errorf("%w: a distribution is submitted whole, see SubmitDistribution", ErrInvalid)
	}
	if err := l.whenAsked(ctx, d.Commons); err != nil {
		return Proposed{}, err
	}
	var entry protocol.Entry
	var direct bool
	err := l.write(ctx, 2*draftGuess, func(b *batch) (err error) {
		if w, repeated, err := b.repeat(d.Once); repeated || err != nil {
			entry, direct = w.Entry, w.Entry.Kind != protocol.KindPropose
			return err
		}
		entry, direct, err = b.submitTo(log, d)
		return err
	})
	if err != nil {
		return Proposed{}, err
	}
	return l.proposedAs(ctx, d.Commons, entry, direct)
}

// proposedAs answers a write into a log with several keys.
func (l *Ledger) proposedAs(ctx context.Context, id protocol.CommonsID, entry protocol.Entry, direct bool) (Proposed, error) {
	if direct {
		w, err := l.written(ctx, entry)
		return Proposed{Written: &w}, err
	}
	if _, err := l.FinishProposals(ctx); err != nil {
		return Proposed{}, err
	}
	p, err := l.Proposal(ctx, id, entry.ID())
	return Proposed{Proposal: &p}, err
}

func (b *batch) submitTo(id protocol.LogID, d Draft) (protocol.Entry, bool, error) {
	c, own, err := b.ownLog(d.Commons)
	if err != nil {
		return protocol.Entry{}, false, err
	}
	log, err := b.openLog(id)
	if err != nil {
		return protocol.Entry{}, false, err
	}
	if log == nil || log.Commons != c.no {
		return protocol.Entry{}, false, fmt.Errorf("%w: log %v", ErrNotFound, id)
	}
	if log.frozen() {
		return protocol.Entry{}, false, fmt.Errorf("%w: from entry %d on", ErrFrozen, log.Fork)
	}
	if _, _, err := b.l.keyIn(c.commonsState, log.keySet()); err != nil {
		return protocol.Entry{}, false, err
	}
	if err := b.refuse(c, log, d.Body); err != nil {
		return protocol.Entry{}, false, err
	}
	body, err := b.claiming(c, log, d.Body)
	if err != nil {
		return protocol.Entry{}, false, err
	}
	wanted, err := b.compose(c, log, body)
	if err != nil {
		return protocol.Entry{}, false, err
	}
	_, changesKeys := body.(*protocol.Keys)
	if b.l.alone(c, log) && !changesKeys {
		_, err := b.mayApprove(c, own, wanted)
		if err == nil {
			err = b.holdOwn(log, wanted)
		}
		if err == nil {
			b.answerOnce(d.Once, wanted)
		}
		return wanted, true, err
	}
	at, err := b.proposeOwn(c, own, wanted)
	if err == nil {
		b.answerOnce(d.Once, at)
	}
	return at, false, err
}

// proposeOwn writes a proposal into the member's own log, with its approval.
func (b *batch) proposeOwn(c *openCommons, own *openLog, wanted protocol.Entry) (protocol.Entry, error) {
	at, err := b.write(c, own, &protocol.Propose{Block: wanted.Block()})
	if err != nil {
		return at, err
	}
	_, err = b.approve(c, own, wanted)
	return at, err
}

// approve signs a proposed entry with the member's key, and refuses its rivals.
func (b *batch) approve(c *openCommons, own *openLog, wanted protocol.Entry) (protocol.Entry, error) {
	s, err := b.signersOf(wanted)
	if err != nil {
		return protocol.Entry{}, err
	}
	keys, err := b.l.keys(c.commonsState)
	if err != nil {
		return protocol.Entry{}, err
	}
	var public []protocol.PublicKey
	for _, k := range keys {
		public = append(public, k.Public())
	}
	if _, may := s.has(public); !may {
		return protocol.Entry{}, ErrNotSigner
	}
	refused, err := b.mayApprove(c, own, wanted)
	if err != nil {
		return protocol.Entry{}, err
	}
	for _, r := range refused {
		if _, err := b.write(c, own, &protocol.Reject{CID: r}); err != nil {
			return protocol.Entry{}, err
		}
	}
	var last protocol.Entry
	for _, k := range keys {
		if _, may := s.has([]protocol.PublicKey{k.Public()}); !may {
			continue
		}
		signature := protocol.SignEntry(k, 0, wanted.ID())
		if last, err = b.write(c, own, &protocol.Approve{CID: wanted.ID(), Signature: signature.Bytes}); err != nil {
			return last, err
		}
	}
	return last, nil
}

func (b *batch) answerOnce(o *Once, e protocol.Entry) {
	if o == nil {
		return
	}
	row := onceRow{Entry: e.ID(), Request: o.Request, Time: int64(e.Time)}
	b.put(o.key(), encode(&row))
}

// Approve signs a proposal with the key that this node's member holds in the
// proposed entry's log, and every later proposal of the same author that follows
// it directly, up to a distribution. It returns ErrNotSigner for one who holds
// none, a *LockedError when the member signed a rival. Of a distribution it signs
// all parts, as ApproveDistribution does.
func (l *Ledger) Approve(ctx context.Context, id protocol.CommonsID, entry protocol.EntryID) (Written, error) {
	if p, err := l.Proposal(ctx, id, entry); err == nil && partOf(p.Entry) != nil {
		return l.ApproveDistribution(ctx, id, p.ID)
	}
	var signed protocol.Entry
	err := l.opine(ctx, id, entry, func(b *batch, c *openCommons, own *openLog, wanted protocol.Entry) (err error) {
		for more := true; more && err == nil; {
			var at protocol.Entry
			if at, err = b.approve(c, own, wanted); err != nil {
				break
			}
			if signed.Kind == "" {
				signed = at
			}
			wanted, more, err = b.following(c, wanted)
			more = more && partOf(wanted) == nil // that is looked at on its own
		}
		if signed.Kind != "" && (errors.Is(err, ErrNotSigner) || errors.Is(err, ErrExists)) {
			err = nil
		}
		return err
	})
	if err != nil {
		return Written{}, err
	}
	if _, err := l.FinishProposals(ctx); err != nil {
		return Written{}, err
	}
	return l.written(ctx, signed)
}

// following returns the open proposal that directly follows an entry.
func (b *batch) following(c *openCommons, e protocol.Entry) (protocol.Entry, bool, error) {
	prefix := stateKey(c.no, rules.Open, append(e.Log.EntryID[:len(e.Log.EntryID):len(e.Log.EntryID)], u64(uint64(e.Seq+1))...))
	var next protocol.Entry
	found := false
	err := b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		wanted, err := b.proposed(c, k[4:])
		if err == nil && wanted.Prev == e.ID() {
			next, found = wanted, true
		}
		return !found, err
	})
	return next, found, err
}

// Reject refuses a proposal for good, and of a distribution all parts.
func (l *Ledger) Reject(ctx context.Context, id protocol.CommonsID, entry protocol.EntryID) (Written, error) {
	if p, err := l.Proposal(ctx, id, entry); err == nil && partOf(p.Entry) != nil {
		return l.RejectDistribution(ctx, id, p.ID)
	}
	var refused protocol.Entry
	err := l.opine(ctx, id, entry, func(b *batch, c *openCommons, own *openLog, wanted protocol.Entry) error {
		signed, err := b.said(c, rules.Approvals, wanted.ID(), own)
		if err != nil {
			return err
		}
		if signed {
			return fmt.Errorf("%w: you have signed this proposal", ErrExists)
		}
		refused, err = b.write(c, own, &protocol.Reject{CID: wanted.ID()})
		return err
	})
	if err != nil {
		return Written{}, err
	}
	return l.written(ctx, refused)
}

func (l *Ledger) opine(ctx context.Context, id protocol.CommonsID, entry protocol.EntryID,
	say func(b *batch, c *openCommons, own *openLog, wanted protocol.Entry) error,
) error {
	if err := l.whenAsked(ctx, id); err != nil {
		return err
	}
	p, err := l.Proposal(ctx, id, entry)
	if err != nil {
		return err
	}
	if p.State == ProposalDone || p.State == ProposalSuperseded {
		return fmt.Errorf("%w: the proposal is %s", ErrExists, p.State)
	}
	return l.write(ctx, 4*draftGuess, func(b *batch) error {
		c, own, err := b.ownLog(id)
		if err != nil {
			return err
		}
		return say(b, c, own, p.Entry)
	})
}

// FinishProposals publishes the proposals that have all their signatures, in
// every commons held, and returns how many. Whoever holds the signatures can.
func (l *Ledger) FinishProposals(ctx context.Context) (int, error) {
	done := 0
	for {
		var ready []protocol.Segment
		err := l.write(ctx, draftGuess, func(b *batch) error {
			for no := range commonsNo(b.meta.Commons) {
				c, err := b.openCommonsNo(no)
				if err != nil {
					return err
				}
				found, err := b.publishable(c)
				if err != nil {
					return err
				}
				ready = append(ready, found...)
			}
			return nil
		})
		if err != nil || len(ready) == 0 {
			return done, err
		}
		added := 0
		for _, s := range ready {
			r, err := l.Ingest(ctx, s)
			if err != nil {
				l.logger.Warn("a signed proposal cannot be published", "log", s.Log().String(), "seq", s.First().Seq, "error", err)
				continue
			}
			added += r.Added
		}
		if added == 0 {
			return done, nil
		}
		if done += added; l.Sync(ctx) != nil {
			return done, l.Sync(ctx)
		}
	}
}

// ChangeWitnesses proposes another set of witnesses. The members confirm it in
// their own logs (a Confirm of its entry), and the witnesses in office settle it.
func (l *Ledger) ChangeWitnesses(ctx context.Context, id protocol.CommonsID, members []protocol.LogID, f int) (Proposed, error) {
	members = slices.Clone(members)
	slices.SortFunc(members, func(x, y protocol.LogID) int { return x.Compare(y.EntryID) })
	members = slices.Compact(members)
	body := &protocol.Witnesses{Members: members, F: int64(f)}
	if reason := settle.JudgeWitnesses(body); reason != rules.Valid {
		return Proposed{}, &VoidError{Reason: reason}
	}
	for _, m := range members {
		if row, err := l.logByID(m); err != nil || row.Settled.Seq < 0 || row.frozen() || row.IsCut {
			return Proposed{}, errors.Join(err, fmt.Errorf("%w: the log of %v is not settled, or frozen or removed, and cannot be a witness's", ErrInvalid, m))
		}
	}
	return l.SubmitTo(ctx, id.Charter(), Draft{Commons: id, Body: body})
}
