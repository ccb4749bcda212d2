package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/minga-commons/minga/protocol"
)

// Ingest takes a segment of somebody else's log. What is new in it is stored
// and applied, but not synced: see Sync. A segment that is held already is
// accepted with nothing added. The errors are *protocol.GapError when entries
// before it are missing, an error that wraps protocol.ErrNotAdmitted or
// protocol.ErrUnknownCommons when nobody admitted the log, a *ForkError when
// the log holds another history, whose proof is then kept, and a
// *protocol.FormatError when the segment itself is bad.
func (l *Ledger) Ingest(ctx context.Context, s protocol.Segment) (Receipt, error) {
	var receipt Receipt
	err := l.write(ctx, s.Size()*5/4+1024, func(b *batch) (err error) {
		receipt, err = b.ingest(s)
		return err
	})
	var fork *forkFound
	if errors.As(err, &fork) {
		return Receipt{}, l.keepFork(ctx, fork)
	}
	return receipt, err
}

// IngestSegment is Ingest for callers who only want to know how much was new.
func (l *Ledger) IngestSegment(ctx context.Context, s protocol.Segment) (int, error) {
	r, err := l.Ingest(ctx, s)
	return r.Added, err
}

// forkFound says that a vouched segment contradicts what is held.
type forkFound struct {
	proof protocol.ForkProof
	fork  *ForkError
}

// Error says where the histories part.
func (f *forkFound) Error() string { return f.fork.Error() }

// Unwrap returns the *ForkError.
func (f *forkFound) Unwrap() error { return f.fork }

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
	switch {
	case first.Seq > log.Held.Seq+1:
		return Receipt{}, &protocol.GapError{Log: s.Log(), Next: log.Held.Seq + 1}
	case first.Seq == log.Held.Seq+1 && first.Prev != log.Held.CID:
		return Receipt{}, &protocol.GapError{Log: s.Log(), Next: max(0, log.Held.Seq-protocol.MaxSegmentEntries/2)}
	}
	agree, err := b.agreement(log, s)
	if err != nil {
		return Receipt{}, err
	}
	if agree < len(s.Entries) && first.Seq+int64(agree) <= log.Held.Seq {
		return Receipt{}, b.contradict(log, s, agree)
	}
	rest := protocol.Segment{Entries: s.Entries[agree:], Signatures: s.Signatures, Successor: s.Successor}
	if len(rest.Entries) == 0 {
		return Receipt{}, b.remark(log, s)
	}
	if err := rest.Verify(log.Held.CID, log.keySet()); err != nil {
		return Receipt{}, err
	}
	return b.take(log, rest)
}

// agreement returns how many of the first entries of a segment are held: one
// entry that is the same vouches for all before it.
func (b *batch) agreement(log *openLog, s protocol.Segment) (int, error) {
	overlap := min(len(s.Entries), int(log.Held.Seq-s.First().Seq+1))
	if overlap <= 0 {
		return 0, nil
	}
	if same, err := b.holds(log, s.Entries[overlap-1]); err != nil || same {
		return overlap, err
	}
	for i, e := range s.Entries[:overlap] {
		if same, err := b.holds(log, e); err != nil || !same {
			return i, err
		}
	}
	return overlap, nil
}

func (b *batch) holds(log *openLog, e protocol.Entry) (bool, error) {
	if log.Held.Seq == e.Seq {
		return log.Held.CID == e.ID(), nil
	}
	if _, held := b.fresh[e.ID()]; held {
		return true, nil
	}
	v, err := b.l.read(indexKey(e.ID(), log.no, e.Seq))
	if err != nil || v == nil {
		return false, err
	}
	held, err := b.entryAt(log, e.Seq)
	return err == nil && held.ID() == e.ID(), err
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
	for _, e := range s.Entries {
		if err := b.hold(log, e); err != nil {
			return Receipt{}, err
		}
		if b.full() {
			if err := b.advance(log); err != nil {
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
	return Receipt{Added: len(s.Entries)}, b.advance(log)
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
