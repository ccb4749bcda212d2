package ledger

import (
	"context"
	"fmt"
	"io"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

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
	if err := l.whenAsked(ctx, id); err != nil {
		return Proposed{}, err
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
