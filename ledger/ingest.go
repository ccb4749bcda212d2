package ledger

import (
	"context"
	"fmt"

	"github.com/minga-commons/minga/protocol"
)

// Ingest takes a segment of somebody else's log. What is new in it is stored
// and applied, but not synced: see Sync. A segment that is held already is
// accepted with nothing added. The errors are *protocol.GapError when entries
// before it are missing, an error that wraps protocol.ErrNotAdmitted or
// protocol.ErrUnknownCommons when nobody admitted the log, a *ForkError, with
// what was added, when the log holds another history too, and a
// *protocol.FormatError when the segment itself is bad.
func (l *Ledger) Ingest(ctx context.Context, s protocol.Segment) (Receipt, error) {
	var receipt Receipt
	err := l.write(ctx, s.Size()*5/4+1024, func(b *batch) (err error) {
		receipt, err = b.ingest(s)
		return err
	})
	if err == nil && receipt.fork != nil {
		err = receipt.fork
	}
	return receipt, err
}

// IngestSegment is Ingest for callers who only want to know how much was new.
func (l *Ledger) IngestSegment(ctx context.Context, s protocol.Segment) (int, error) {
	r, err := l.Ingest(ctx, s)
	return r.Added, err
}

func (b *batch) ingest(s protocol.Segment) (Receipt, error) {
	first := s.First()
	if err := checkSeq(s.Tip()); err != nil {
		return Receipt{}, err
	}
	log, err := b.openLog(s.Log())
	if err != nil {
		return Receipt{}, err
	}
	if log == nil {
		return b.ingestNew(s)
	}
	if first.Seq == log.Held.Seq+1 && first.Prev == log.Held.CID {
		if err := s.Verify(log.Held.CID, log.keySet()); err != nil {
			return Receipt{}, err
		}
		return b.take(log, s)
	}
	agree, err := b.agreement(log, s)
	if err != nil {
		return Receipt{}, err
	}
	switch {
	case agree == len(s.Entries):
		return Receipt{}, b.remark(log, s)
	case agree > 0 && s.Entries[agree].Seq == log.Held.Seq+1:
		rest := protocol.Segment{Entries: s.Entries[agree:], Signatures: s.Signatures, Successor: s.Successor}
		if err := rest.Verify(log.Held.CID, log.keySet()); err != nil {
			return Receipt{}, err
		}
		return b.take(log, rest)
	}
	return b.ingestBranch(log, s)
}

// ingestBranch takes a segment of another history than the one that counts. It
// returns a *forkFound with whatever it added that is new.
func (b *batch) ingestBranch(log *openLog, s protocol.Segment) (Receipt, error) {
	first := s.First()
	j, held, err := b.attach(log, s)
	switch {
	case err != nil:
		return Receipt{}, err
	case !held && first.Seq > log.Held.Seq+1:
		return Receipt{}, &protocol.GapError{Log: s.Log(), Next: log.Held.Seq + 1}
	case !held && first.Seq == 0:
		return Receipt{}, fmt.Errorf("%w: log %v", ErrDamaged, s.Log())
	case !held:
		return Receipt{}, &protocol.GapError{Log: s.Log(), Next: max(0, min(first.Seq-1, log.Held.Seq)-protocol.MaxSegmentEntries/2)}
	case j.held == len(s.Entries):
		return Receipt{}, nil
	}
	keys, err := b.keysAt(j.line, j.seq)
	if err != nil {
		return Receipt{}, err
	}
	rest := protocol.Segment{Entries: s.Entries[j.held:], Signatures: s.Signatures, Successor: s.Successor}
	before, err := b.entryAt(j.line, j.seq)
	if err == nil {
		err = rest.Verify(before.ID(), keys)
	}
	if err != nil {
		return Receipt{}, err
	}
	if j.line == log && j.seq == log.Held.Seq {
		return b.take(log, rest)
	}
	return b.takeBranch(log, j, keys, rest)
}

// agreement returns how many of the first entries of a segment are held: one
// entry that is the same vouches for all before it.
func (b *batch) agreement(log *openLog, s protocol.Segment) (int, error) {
	overlap := min(len(s.Entries), int(log.Held.Seq-s.First().Seq+1))
	if overlap <= 0 {
		return 0, nil
	}
	if same, err := b.holds(log, s.Entries[overlap-1].Seq, s.Entries[overlap-1].ID()); err != nil || same {
		return overlap, err
	}
	for i, e := range s.Entries[:overlap] {
		if same, err := b.holds(log, e.Seq, e.ID()); err != nil || !same {
			return i, err
		}
	}
	return overlap, nil
}

// holds reports whether the chain of a log that counts has an entry at a place.
func (b *batch) holds(log *openLog, seq int64, id protocol.EntryID) (bool, error) {
	if seq >= log.Held.Seq || seq < 0 {
		return log.Held.Seq == seq && log.Held.CID == id, nil
	}
	if f, held := b.fresh[id]; held {
		return f.seq == seq && f.no == log.at(seq), nil
	}
	held, err := b.entryAt(log, seq)
	return err == nil && held.ID() == id, err
}

// remark takes over the signatures of a segment that is held, if the tip that
// they vouch for had none.
func (b *batch) remark(log *openLog, s protocol.Segment) error {
	if s.Tip().Seq != log.Held.Seq || log.Tip >= log.Held.Seq {
		return nil
	}
	if err := s.Verify(s.First().Prev, log.keySet()); err != nil {
		return err
	}
	b.mark(log, s.Signatures, s.Successor)
	return nil
}

func (b *batch) ingestNew(s protocol.Segment) (Receipt, error) {
	first := s.First()
	if first.Seq != 0 {
		return Receipt{}, fmt.Errorf("%w: log %v is not held: %w", protocol.ErrNotAdmitted, first.Log,
			&protocol.GapError{Log: first.Log, Next: 0})
	}
	no, err := b.admitting(first)
	if err != nil {
		return Receipt{}, err
	}
	if err := s.Verify(protocol.EntryID{}, protocol.KeySet{}); err != nil {
		return Receipt{}, err
	}
	log, err := b.create(no, first)
	if err != nil {
		return Receipt{}, err
	}
	return b.take(log, s)
}

// admitting asks whether a log is to be admitted. What admits it may stand in
// the same batch, which is then committed first.
func (b *batch) admitting(first protocol.Entry) (commonsNo, error) {
	no, err := b.l.admitting(first)
	if err == nil || len(b.fresh) == 0 {
		return no, err
	}
	if err := b.finish(); err != nil {
		return 0, err
	}
	return b.l.admitting(first)
}

// take holds a verified run of new entries and applies what it can. It returns
// an error only when the storage failed in the middle, which stops the ledger.
func (b *batch) take(log *openLog, s protocol.Segment) (r Receipt, err error) {
	no := log.no
	defer func() {
		if err != nil {
			b.broken = err
		}
	}()
	b.expect(log, len(s.Entries))
	b.regain(log, s.Tip().Seq)
	for _, e := range s.Entries {
		if err := b.hold(log, e); err != nil {
			return Receipt{}, err
		}
		if b.full() {
			if err := b.settleAll(log); err != nil {
				return Receipt{}, err
			}
			if err := b.finish(); err != nil {
				return Receipt{}, err
			}
			if log, err = b.openLogNo(no); err != nil {
				return Receipt{}, err
			}
		}
	}
	b.mark(log, s.Signatures, s.Successor)
	return Receipt{Added: len(s.Entries)}, b.settleAll(log)
}

// settleAll gives a log its effect, and everything its due that waited for it.
func (b *batch) settleAll(log *openLog) error {
	if err := b.advance(log); err != nil {
		return err
	}
	return b.work()
}

// Sync makes everything that was ingested survive a power cut.
func (l *Ledger) Sync(ctx context.Context) error {
	if l.readOnly || ctx.Err() != nil {
		return ctx.Err()
	}
	l.stateMu.RLock()
	position, durable := l.meta.Position, l.durable
	l.stateMu.RUnlock()
	if position == durable {
		return nil
	}
	if err := l.storage.Sync(); err != nil {
		return storeError(err)
	}
	l.stateMu.Lock()
	l.durable = max(l.durable, position)
	l.stateMu.Unlock()
	return nil
}
