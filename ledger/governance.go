package ledger

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/protocol"
)

// SubmitTo writes an entry into a log with several keys, the charter log or a
// shared account, or proposes it where more than one signature is needed. A
// payment gets its watermarks filled in, as in Submit. It returns ErrNotSigner
// when the node's member holds no key of the log.
func (l *Ledger) SubmitTo(ctx context.Context, log protocol.LogID, d Draft) (Proposed, error) {
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
		err := b.holdOwn(log, wanted)
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
	refused, err := b.mayApprove(c, own, wanted, s)
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
// it directly. It returns ErrNotSigner for one who holds none, a *LockedError
// when the member signed a rival.
func (l *Ledger) Approve(ctx context.Context, id protocol.CommonsID, entry protocol.EntryID) (Written, error) {
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

// Reject refuses a proposal for good.
func (l *Ledger) Reject(ctx context.Context, id protocol.CommonsID, entry protocol.EntryID) (Written, error) {
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

// ProposeCharter proposes a new version of the charter document: its names are
// resolved, and a change of the stewards brings the changes of keys that it
// needs: each names the keys that may follow it, so there are two.
func (l *Ledger) ProposeCharter(ctx context.Context, id protocol.CommonsID, doc map[string]protocol.Value) (Proposed, error) {
	body, members, err := l.charterBody(ctx, id, doc)
	if err != nil {
		return Proposed{}, err
	}
	var entry protocol.Entry
	var direct bool
	err = l.write(ctx, 8*draftGuess, func(b *batch) (err error) {
		entry, direct, err = b.proposeCharter(id, body, members)
		return err
	})
	if err != nil {
		return Proposed{}, err
	}
	if direct {
		if _, err := l.FinishProposals(ctx); err != nil {
			return Proposed{}, err
		}
	}
	return l.proposedAs(ctx, id, entry, direct)
}

// charterBody resolves the names of a document.
func (l *Ledger) charterBody(ctx context.Context, id protocol.CommonsID, doc map[string]protocol.Value) (*protocol.Charter, []protocol.LogID, error) {
	body := &protocol.Charter{Rules: rules.Version, Doc: doc}
	d, _ := charter.Parse(doc)
	for _, name := range charter.Names(doc) {
		if body.IDs == nil {
			body.IDs = map[string]protocol.Value{}
		}
		if name == d.Name {
			body.IDs[name] = id.EntryID
			continue
		}
		a, err := l.FindAgent(ctx, id, name)
		if errors.Is(err, ErrNotFound) {
			continue // said below, with its place
		}
		if err != nil {
			return nil, nil, err
		}
		body.IDs[name] = a.ID.EntryID
	}
	var members []protocol.LogID
	for _, name := range d.Stewards.Members {
		if a, is := body.IDs[name].(protocol.EntryID); is {
			members = append(members, protocol.LogID{EntryID: a})
		}
	}
	return body, members, nil
}

func (b *batch) proposeCharter(id protocol.CommonsID, body *protocol.Charter, members []protocol.LogID) (protocol.Entry, bool, error) {
	c, own, err := b.ownLog(id)
	if err != nil {
		return protocol.Entry{}, false, err
	}
	log, err := b.openLog(id.Charter())
	if err != nil {
		return protocol.Entry{}, false, err
	}
	if log.frozen() {
		return protocol.Entry{}, false, fmt.Errorf("%w: from entry %d on", ErrFrozen, log.Fork)
	}
	if _, _, err := b.l.keyIn(c.commonsState, log.keySet()); err != nil {
		return protocol.Entry{}, false, err
	}
	change, err := b.stewards(c, log, body, members)
	if err != nil {
		return protocol.Entry{}, false, err
	}
	if _, faults := charter.Check(body); len(faults) > 0 {
		return protocol.Entry{}, false, &CharterError{Faults: faults}
	}
	first, err := b.compose(c, log, body)
	if err != nil {
		return protocol.Entry{}, false, err
	}
	direct := b.l.alone(c, log)
	answer := first
	if direct {
		err = b.holdOwn(log, first)
	} else {
		answer, err = b.proposeOwn(c, own, first)
	}
	last := first
	for _, set := range change {
		if err != nil {
			break
		}
		last, err = protocol.New(protocol.Placement{
			Log: last.Log, Seq: last.Seq + 1, Prev: last.ID(), Time: protocol.TimeOf(b.l.now()), Charter: last.Seq,
		}, &protocol.Keys{KeySet: set})
		if err == nil {
			_, err = b.proposeChained(c, own, last)
		}
	}
	return answer, direct, err
}

// proposeChained proposes an entry that follows another proposal. The keys that
// sign it may be those that the other brings.
func (b *batch) proposeChained(c *openCommons, own *openLog, wanted protocol.Entry) (protocol.Entry, error) {
	at, err := b.write(c, own, &protocol.Propose{Block: wanted.Block()})
	if err != nil {
		return at, err
	}
	keys, err := b.l.keys(c.commonsState)
	if err != nil {
		return at, err
	}
	for i, k := range keys {
		if i > 2 {
			break // the member's own, and the charter log's present and next
		}
		signature := protocol.SignEntry(k, 0, wanted.ID())
		if _, err := b.write(c, own, &protocol.Approve{CID: wanted.ID(), Signature: signature.Bytes}); err != nil {
			return at, err
		}
	}
	return at, nil
}

// stewards fills in whose key is whose, and returns the changes of keys that the
// members named make necessary: first the set that was promised, naming the
// wanted one, then that.
func (b *batch) stewards(c *openCommons, log *openLog, body *protocol.Charter, members []protocol.LogID) ([]protocol.KeySet, error) {
	present := c.currentTerms().Stewards
	if members == nil {
		body.Stewards = present
		return nil, nil
	}
	promised, err := b.promised(c, log)
	if err != nil {
		return nil, err
	}
	same := len(members) == len(present)
	for _, m := range members {
		same = same && slices.ContainsFunc(present, func(s protocol.Steward) bool { return s.Log == m })
	}
	d, _ := charter.Parse(body.Doc)
	threshold := d.Stewards.Threshold
	if same && threshold == log.Threshold {
		body.Stewards = present
		return nil, nil
	}
	wanted := protocol.KeySet{Threshold: threshold}
	for _, m := range members {
		key, err := b.stewardKey(m, present, log.keySet(), promised)
		if err != nil {
			return nil, err
		}
		body.Stewards = append(body.Stewards, protocol.Steward{Log: m, Key: key})
	}
	slices.SortFunc(body.Stewards, func(x, y protocol.Steward) int { return x.Log.Compare(y.Log.EntryID) })
	for _, s := range body.Stewards {
		wanted.Keys = append(wanted.Keys, s.Key)
	}
	wanted.Next = protocol.NextDigest(wanted.Keys, wanted.Threshold)
	if wanted.Next == log.Next {
		return []protocol.KeySet{wanted}, nil
	}
	promised.Next = protocol.NextDigest(wanted.Keys, wanted.Threshold)
	return []protocol.KeySet{promised, wanted}, nil
}

// promised returns the set of keys that may replace the present one: the same
// keys, or for a founder's charter log the next of its own.
func (b *batch) promised(c *openCommons, log *openLog) (protocol.KeySet, error) {
	same := log.keySet()
	if protocol.NextDigest(same.Keys, same.Threshold) == log.Next {
		return same, nil
	}
	all, err := b.l.keys(c.commonsState)
	for _, k := range all {
		one := []protocol.PublicKey{k.Public()}
		if protocol.NextDigest(one, 1) == log.Next {
			return protocol.KeySet{Keys: one, Threshold: 1}, err
		}
	}
	return same, errors.Join(err, fmt.Errorf("%w: the keys that the charter log has promised are not this node's", ErrInvalid))
}

// stewardKey returns the key with which a member signs the charter log: the one
// it has there, the one that replaces it, or that of its own log.
func (b *batch) stewardKey(m protocol.LogID, present []protocol.Steward, now, next protocol.KeySet) (protocol.PublicKey, error) {
	for _, s := range present {
		if s.Log != m {
			continue
		}
		if i := placeOf(now, s.Key); i >= 0 && len(now.Keys) == len(next.Keys) {
			return next.Keys[i], nil
		}
		return s.Key, nil
	}
	log, err := b.openLog(m)
	if err != nil {
		return protocol.PublicKey{}, err
	}
	if log == nil || len(log.Keys) != 1 {
		return protocol.PublicKey{}, fmt.Errorf("%w: %v has no log of one key, and cannot be a steward", ErrInvalid, m)
	}
	return log.Keys[0], nil
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

// CreateAccount founds a shared account: a log with a key of each member, of
// which so many must sign. It comes with an invitation of its creator's, where
// that may invite; otherwise the charter log has to admit it.
func (l *Ledger) CreateAccount(ctx context.Context, id protocol.CommonsID, name string, members []protocol.LogID, threshold int) (Proposed, error) {
	name, err := cleanName(name)
	if err != nil {
		return Proposed{}, fmt.Errorf("the name of the account: %w", err)
	}
	if threshold*2 <= len(members) || threshold > len(members) || len(members) < 2 {
		return Proposed{}, fmt.Errorf("%w: of %d members more than half and at most all must sign, not %d", ErrInvalid, len(members), threshold)
	}
	var entry protocol.Entry
	err = l.write(ctx, 4*draftGuess, func(b *batch) (err error) {
		entry, err = b.createAccount(id, name, members, threshold)
		return err
	})
	if err != nil {
		return Proposed{}, err
	}
	return l.proposedAs(ctx, id, entry, false)
}

func (b *batch) createAccount(id protocol.CommonsID, name string, members []protocol.LogID, threshold int) (protocol.Entry, error) {
	c, own, err := b.ownLog(id)
	if err != nil {
		return protocol.Entry{}, err
	}
	body := &protocol.Inception{
		Commons: id, Agent: protocol.AgentCard{Name: protocol.PlainText(name), Type: protocol.Organization},
		KeySet: protocol.KeySet{Threshold: int64(threshold)},
	}
	for _, m := range members {
		log, err := b.openLog(m)
		if err != nil {
			return protocol.Entry{}, err
		}
		if log == nil || len(log.Keys) != 1 {
			return protocol.Entry{}, fmt.Errorf("%w: %v has no log of one key, and cannot share an account", ErrInvalid, m)
		}
		body.KeySet.Keys = append(body.KeySet.Keys, log.Keys[0])
	}
	if _, _, err := b.l.keyIn(c.commonsState, body.KeySet); err != nil {
		return protocol.Entry{}, err
	}
	body.KeySet.Next = protocol.NextDigest(body.KeySet.Keys, body.KeySet.Threshold)
	if _, err := io.ReadFull(b.l.rand, body.Nonce[:]); err != nil {
		return protocol.Entry{}, err
	}
	now := b.l.now()
	if charter.MayInvite(c.currentTerms(), own.log()) == rules.Valid {
		var secret [32]byte
		if _, err := io.ReadFull(b.l.rand, secret[:]); err != nil {
			return protocol.Entry{}, err
		}
		k := protocol.NewPrivateKey(secret)
		invite, err := b.write(c, own, &protocol.Invite{Key: k.Public(), Role: "member", Uses: 1, Expiry: now.Add(accountInvite).UnixMilli()})
		if err != nil {
			return protocol.Entry{}, err
		}
		body.Grant = protocol.SignGrant(k, invite.ID(), invite.Charter, body)
	}
	wanted, err := protocol.NewInception(protocol.TimeOf(now), body)
	if err != nil {
		return wanted, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return b.proposeOwn(c, own, wanted)
}
