package ledger

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// maxVotes bounds the heads of one endorsement.
const maxVotes = 512

// Endorse writes this node's votes for what is new since its last ones, in
// every commons of which its member is a witness. The votes are on disk before
// it returns. It returns how many heads were endorsed; what is left over goes
// with the next call. Submit endorses own entries by itself.
func (l *Ledger) Endorse(ctx context.Context) (int, error) {
	votes := 0
	for _, no := range l.witnessing() {
		err := l.write(ctx, maxVotes*100, func(b *batch) error {
			c, err := b.openCommonsNo(no)
			if err != nil {
				return err
			}
			n, err := b.endorse(c)
			votes += n
			return err
		})
		if err != nil {
			return votes, err
		}
	}
	return votes, nil
}

func (l *Ledger) witnessing() []commonsNo {
	l.stateMu.RLock()
	defer l.stateMu.RUnlock()
	var all []commonsNo
	for no, c := range l.commons {
		if !c.row.Me.IsZero() && c.seats.Holds(c.me()) {
			all = append(all, no)
		}
	}
	slices.Sort(all)
	return all
}

// putUnvoted notes that a witness has something new to endorse.
func (b *batch) putUnvoted(c *openCommons, log *openLog) {
	if !c.row.Me.IsZero() && c.seats.Holds(c.me()) {
		b.put(unvotedKey(c.no, log.no), []byte{})
	}
}

func unvotedKey(no commonsNo, log logNo) []byte { return key(keyUnvoted, no.bytes(), log.bytes()) }

// endorse appends the votes for the logs of a commons that have something new.
func (b *batch) endorse(c *openCommons) (int, error) {
	if c.row.Me.IsZero() || !c.seats.Holds(c.me()) {
		return 0, nil
	}
	own, err := b.openLog(c.me())
	if err != nil || own == nil || own.Fork >= 0 {
		return 0, err
	}
	heads, err := b.unvoted(c)
	if err != nil || len(heads) == 0 {
		return 0, err
	}
	slices.SortFunc(heads, func(x, y protocol.Head) int { return x.Log.Compare(y.Log.EntryID) })
	_, err = b.write(c, own, &protocol.Endorse{Heads: heads})
	return len(heads), err
}

func (b *batch) unvoted(c *openCommons) ([]protocol.Head, error) {
	prefix := key(keyUnvoted, c.no.bytes())
	var waiting []logNo
	err := b.scan(prefix, nil, func(k, _ []byte) (bool, error) {
		no, err := logNoFrom(k[len(prefix):])
		waiting = append(waiting, no)
		return len(waiting) < maxVotes, err
	})
	var heads []protocol.Head
	for _, no := range waiting {
		if err != nil {
			break
		}
		var log *openLog
		if log, err = b.openLogNo(no); err != nil {
			break
		}
		b.put(unvotedKey(c.no, no), nil)
		if log.frozen() || log.Vote.Seq <= log.Settled.Seq {
			continue
		}
		var vouch bool
		if vouch, err = b.mayVouch(c, log); vouch && err == nil {
			heads = append(heads, log.Vote.in(log.log()))
		}
	}
	return heads, err
}

// mayVouch applies a witness's own checks of a newcomer, once, at its first
// endorsement: the invitation is not used up, not withdrawn, and not expired by
// the witness's clock.
func (b *batch) mayVouch(c *openCommons, log *openLog) (bool, error) {
	if log.Settled.Seq >= 0 {
		return true, nil
	}
	inception, err := b.entryAt(log, 0)
	if err != nil {
		return false, err
	}
	body, _ := inception.Body.(*protocol.Inception)
	if body == nil || body.Grant == nil {
		return body != nil, nil
	}
	entry, _, err := b.find(body.Grant.Invite)
	if err != nil {
		return false, err
	}
	invite, _ := entry.Body.(*protocol.Invite)
	if invite == nil || b.l.now().UnixMilli() > invite.Expiry {
		return false, nil
	}
	x := b.context(c)
	withdrawn, err := flow.Withdrawn(x, entry.ID(), entry.Log)
	if err != nil || withdrawn {
		return false, err
	}
	return b.spend(x, body.Grant.Invite, log.ID, invite.Uses)
}

// spend counts an inception against the uses of its invitation. The row holds
// the logs that this witness let in.
func (b *batch) spend(x rules.Rows, invite, log protocol.EntryID, uses int64) (bool, error) {
	row, err := x.Get(rules.Granted, invite[:])
	if err != nil {
		return false, err
	}
	const size = len(protocol.EntryID{})
	for rest := row; len(rest) >= size; rest = rest[size:] {
		if protocol.EntryID(rest[:size]) == log {
			return true, nil
		}
	}
	if int64(len(row)/size) >= uses {
		return false, nil
	}
	x.Put(rules.Granted, invite[:], append(bytes.Clone(row), log[:]...))
	return true, nil
}

// postings reads a posting list: sequence numbers in the log of its run.
func postings(b []byte) []int64 {
	var all []int64
	for len(b) > 0 {
		seq, n := binary.Uvarint(b)
		if n <= 0 {
			return all
		}
		all, b = append(all, int64(seq)), b[n:]
	}
	return all
}
