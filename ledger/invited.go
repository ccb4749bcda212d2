package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// usable returns why an invitation lets nobody else in, as far as this node can
// see: it has expired, was withdrawn, or as many as it is for have come with it.
// It returns a *protocol.GapError as long as the charter or the log that gave
// the invitation is not held. It reads the inceptions of the logs that came
// after the giver's, and so stays outside of the writer: of several who come at
// the same time, or to different nodes, witnesses let in the first.
func (l *Ledger) usable(ctx context.Context, link protocol.Link) error {
	no, c, err := l.state(link.Commons)
	if err != nil || !c.row.Me.IsZero() || c.inForce < 1 {
		return err
	}
	invite, given, err := l.invitation(link)
	if err != nil {
		return err
	}
	if l.now().UnixMilli() > given.Expiry {
		return fmt.Errorf("%w: on %s", ErrExpired, protocol.Time(given.Expiry).UTC().Format(time.RFC3339))
	}
	withdrawn, err := flow.Withdrawn(stored{l, no}, invite.ID(), invite.Log)
	if err != nil {
		return err
	}
	if withdrawn {
		return ErrWithdrawn
	}
	giver, err := l.logByID(invite.Log)
	if err != nil {
		return err
	}
	came, err := l.cameWith(ctx, no, giver.no, invite.ID(), given.Uses)
	if err == nil && came >= given.Uses {
		err = fmt.Errorf("%w: it was for %d", ErrUsedUp, given.Uses)
	}
	return err
}

// invitation returns the invite of a link.
func (l *Ledger) invitation(link protocol.Link) (protocol.Entry, *protocol.Invite, error) {
	e, _, err := l.find(link.Invite)
	if errors.Is(err, ErrNotFound) {
		return e, nil, &protocol.GapError{Log: link.Giver}
	}
	if err != nil {
		return e, nil, err
	}
	given, is := e.Body.(*protocol.Invite)
	if !is || given.Key != link.Key.Public() {
		return e, nil, fmt.Errorf("%w: the link does not fit its invitation", ErrInvalid)
	}
	return e, given, nil
}

// cameWith counts the logs held whose inception names an invitation, up to
// enough. Such logs are admitted after the giver's.
func (l *Ledger) cameWith(ctx context.Context, no commonsNo, giver logNo, invite protocol.EntryID, enough int64) (int64, error) {
	prefix := key(keyMember, no.bytes())
	var logs []logNo
	err := l.scan(prefix, key(keyMember, no.bytes(), giver.bytes()), func(k, _ []byte) bool {
		if n, err := logNoFrom(k[len(prefix):]); err == nil && n != giver {
			logs = append(logs, n)
		}
		return true
	})
	came := int64(0)
	for _, n := range logs {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil || came >= enough {
			return came, err
		}
		var first protocol.Entry
		first, err = l.entryAt(n, 0)
		body, _ := first.Body.(*protocol.Inception)
		if body != nil && body.Grant != nil && body.Grant.Invite == invite {
			came++
		}
	}
	return came, err
}
