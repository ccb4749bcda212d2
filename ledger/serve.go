package ledger

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// SegmentFrom returns the longest signed run of a log that begins at a seq and
// stays within maxBytes of blocks; if no signature lies within them, the
// shortest that does, up to the bounds of a segment. It returns ErrNotFound
// when nothing is held from there on.
func (l *Ledger) SegmentFrom(ctx context.Context, log protocol.LogID, first int64, maxBytes int) (protocol.Segment, error) {
	row, err := l.logByID(log)
	if err != nil {
		return protocol.Segment{}, err
	}
	if err := ctx.Err(); err != nil {
		return protocol.Segment{}, err
	}
	return l.segmentAlong(row, first, maxBytes)
}

// SegmentOf is SegmentFrom for a part of a journal record: it follows the
// history to which the record belongs, whether or not it is the one that counts.
func (l *Ledger) SegmentOf(ctx context.Context, run protocol.Run, first int64, maxBytes int) (protocol.Segment, error) {
	row, err := l.logByID(run.Log)
	if err != nil {
		return protocol.Segment{}, err
	}
	chains, err := l.chains(row)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return protocol.Segment{}, err
	}
	no := row.no
	if run.Branch != 0 {
		no = logNo(run.Branch)
	}
	for _, chain := range chains {
		if chain.has(no, first) {
			return l.segmentAlong(chain, first, maxBytes)
		}
	}
	return protocol.Segment{}, fmt.Errorf("%w: entry %d of branch %d of log %v", ErrNotFound, first, run.Branch, run.Log)
}

// segmentAlong follows one chain of a log.
func (l *Ledger) segmentAlong(row *logRow, first int64, maxBytes int) (protocol.Segment, error) {
	var s protocol.Segment
	end, size, best := row.Held.Seq, 0, -1
	marks := signatures{}
	err := l.storage.View(func(snap Snapshot) error {
		blocks := newBlockReader(snap, row.at(first))
		for seq := first; seq <= end && len(s.Entries) < protocol.MaxSegmentEntries; seq++ {
			if no := row.at(seq); no != blocks.no {
				blocks = newBlockReader(snap, no)
			}
			e, err := blocks.entry(seq)
			if errors.Is(err, ErrNotFound) {
				err = fmt.Errorf("%w: entry %d of log %v is missing", ErrDamaged, seq, row.log())
			}
			if err != nil {
				return err
			}
			size += len(e.Block())
			if size > protocol.MaxSegmentBytes || size > maxBytes && best >= 0 {
				return nil
			}
			s.Entries = append(s.Entries, e)
			found, at, err := signedAt(snap, row, seq)
			if err != nil {
				return err
			}
			if found {
				best, marks = len(s.Entries), at
			}
			if found && e.Kind == protocol.KindKeys {
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return protocol.Segment{}, storeError(err)
	}
	if best < 0 {
		return protocol.Segment{}, fmt.Errorf("%w: signed entries of log %v from %d on", ErrNotFound, row.log(), first)
	}
	s.Entries = s.Entries[:best]
	s.Signatures, s.Successor = unpack(marks.Present), unpack(marks.Successor)
	return s, checkChain(row, s)
}

func signedAt(snap Snapshot, row *logRow, seq int64) (bool, signatures, error) {
	if seq == row.Tip {
		return true, row.Marks, nil
	}
	if seq > row.Stored {
		return false, signatures{}, nil
	}
	v, err := snap.Get(sigKey(row.at(seq), seq))
	if err != nil || v == nil {
		return false, signatures{}, err
	}
	var marks signatures
	return true, marks, decode("signatures", v, &marks)
}

// checkChain makes sure that what was read belongs together: the hashes follow
// one another.
func checkChain(row *logRow, s protocol.Segment) error {
	for i, e := range s.Entries[1:] {
		if e.Prev != s.Entries[i].ID() {
			return fmt.Errorf("%w: entry %d of log %v does not follow the one before", ErrDamaged, e.Seq, e.Log)
		}
	}
	return nil
}

// logRows returns the rows of all logs of a commons, in order of admission.
func (l *Ledger) logRows(ctx context.Context, id protocol.CommonsID) iter.Seq2[*logRow, error] {
	return func(yield func(*logRow, error) bool) {
		no, _, err := l.state(id)
		after := ""
		for err == nil {
			var rows [][2][]byte
			rows, after, err = l.pageRows(key(keyMember, no.bytes()), Page{After: after, Limit: maxPage})
			for _, r := range rows {
				var n logNo
				var row *logRow
				if n, err = logNoFrom(r[0]); err == nil {
					row, err = l.logRow(n)
				}
				if err == nil {
					err = ctx.Err()
				}
				if err != nil {
					break
				}
				if !yield(row, nil) {
					return
				}
			}
			if after == "" && err == nil {
				return
			}
		}
		yield(nil, err)
	}
}

// Heads returns the newest entry held of every log of a commons, in the order
// in which the logs were admitted here, so that what admits a log comes before
// it.
func (l *Ledger) Heads(ctx context.Context, id protocol.CommonsID) iter.Seq2[protocol.Head, error] {
	return func(yield func(protocol.Head, error) bool) {
		for row, err := range l.logRows(ctx, id) {
			if err != nil {
				yield(protocol.Head{}, err)
				return
			}
			if !yield(row.heldHead(), nil) {
				return
			}
		}
	}
}

// Held returns the newest entry held of a log.
func (l *Ledger) Held(log protocol.LogID) (protocol.Head, bool) {
	row, err := l.logByID(log)
	if err != nil {
		return protocol.Head{}, false
	}
	return row.heldHead(), true
}

// CommonsOf returns the commons to which a log that is held belongs.
func (l *Ledger) CommonsOf(log protocol.LogID) (protocol.CommonsID, bool) {
	row, err := l.logByID(log)
	if err != nil {
		return protocol.CommonsID{}, false
	}
	l.stateMu.RLock()
	defer l.stateMu.RUnlock()
	return l.commons[row.Commons].id(), true
}

// KeysOf returns the key set in force at the newest entry held of a log.
func (l *Ledger) KeysOf(log protocol.LogID) (protocol.KeySet, bool) {
	row, err := l.logByID(log)
	if err != nil {
		return protocol.KeySet{}, false
	}
	return row.keySet(), true
}

// Own reports whether entries of a log are written by this node: its member's log,
// and every log with several keys of which its member holds one.
func (l *Ledger) Own(log protocol.LogID) bool {
	row, err := l.logByID(log)
	if err != nil {
		return false
	}
	l.stateMu.RLock()
	c := l.commons[row.Commons]
	l.stateMu.RUnlock()
	if c.owns(log) || len(row.Keys) < 2 || c.row.Me.IsZero() {
		return c.owns(log)
	}
	own, err := l.logByID(c.me())
	return err == nil && slices.Contains(row.Keys, own.Keys[0])
}

// SignPeer vouches for a network peer with the key of this node's member in a
// commons: local is this node's peer identifier, remote the one that it speaks
// to. ok is false for a mirror, which has nobody to vouch.
func (l *Ledger) SignPeer(id protocol.CommonsID, local, remote []byte) (log protocol.LogID, index int, signature [protocol.SigSize]byte, ok bool) {
	_, c, err := l.state(id)
	if err != nil || c.row.Me.IsZero() {
		return log, 0, signature, false
	}
	k, err := protocol.DeriveKey(l.seed, protocol.RoleAuthor, c.row.KeyIndex, 0)
	if err != nil {
		return log, 0, signature, false
	}
	return c.me(), 0, protocol.SignPeer(k, id, local, remote), true
}

// MayRead reports whether a peer may have the entries of a commons: everybody
// if the charter says so, else members. A zero member is nobody in particular.
func (l *Ledger) MayRead(id protocol.CommonsID, member protocol.LogID) bool {
	no, c, err := l.state(id)
	if err != nil {
		return false
	}
	if c.currentTerms().PublicRead {
		return true
	}
	row, err := l.logByID(member)
	return err == nil && row.Commons == no
}
