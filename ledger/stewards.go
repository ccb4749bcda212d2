package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// ProposeCharter proposes a new version of the charter document: its names are
// resolved, and a change of the stewards brings the changes of keys that it
// needs: each names the keys that may follow it, so there are two.
func (l *Ledger) ProposeCharter(ctx context.Context, id protocol.CommonsID, doc map[string]protocol.Value) (Proposed, error) {
	if err := l.whenAsked(ctx, id); err != nil {
		return Proposed{}, err
	}
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
		if _, err = b.mayApprove(c, own, first); err == nil {
			err = b.holdOwn(log, first)
		}
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
