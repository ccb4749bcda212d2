package ledger

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/minga-commons/minga/protocol"
)

// contradict checks a segment that disagrees with what is held, from its entry
// at index agree on. Only a vouched segment is evidence.
func (b *batch) contradict(log *openLog, s protocol.Segment, agree int) error {
	if err := s.Verify(s.First().Prev, log.keySet()); err != nil {
		return err
	}
	parted := s.Entries[agree]
	if parted.Seq == 0 {
		return fmt.Errorf("%w: log %v", ErrDamaged, s.Log())
	}
	before, err := b.entryAt(log, parted.Seq-1)
	if err != nil {
		return err
	}
	if before.ID() != parted.Prev {
		return &protocol.GapError{Log: s.Log(), Next: max(0, parted.Seq-protocol.MaxSegmentEntries/2)}
	}
	if len(b.fresh) > 0 {
		if err := b.finish(); err != nil {
			return err
		}
	}
	held, err := b.l.segmentFrom(log.no, parted.Seq, protocol.MaxSegmentBytes)
	if err != nil {
		return err
	}
	other := protocol.Segment{Entries: s.Entries[agree:], Signatures: s.Signatures, Successor: s.Successor}
	return &forkFound{
		proof: protocol.NewForkProof(held, other),
		fork:  &ForkError{Log: s.Log(), Seq: parted.Seq},
	}
}

// IngestFork takes the proof of a fork from somebody else. A proof that is
// held, or a lesser one, is accepted and changes nothing.
func (l *Ledger) IngestFork(ctx context.Context, p protocol.ForkProof) error {
	if len(p.First.Entries) == 0 {
		return fmt.Errorf("%w: an empty proof", ErrInvalid)
	}
	log, err := l.logByID(p.First.Log())
	if errors.Is(err, ErrNotFound) {
		return fmt.Errorf("%w: log %v", protocol.ErrNotAdmitted, p.First.Log())
	}
	if err != nil {
		return err
	}
	if err := p.Verify(log.keySet()); err != nil {
		return err
	}
	_, seq := p.Place()
	if seq > log.Held.Seq+1 {
		return &protocol.GapError{Log: log.log(), Next: log.Held.Seq + 1}
	}
	before, err := l.entryAt(log.no, seq-1)
	if err != nil {
		return err
	}
	if before.ID() != p.First.First().Prev {
		return &protocol.GapError{Log: log.log(), Next: max(0, seq-protocol.MaxSegmentEntries/2)}
	}
	err = l.keepFork(ctx, &forkFound{proof: p, fork: &ForkError{Log: log.log(), Seq: seq}})
	var known *ForkError
	if errors.As(err, &known) {
		return nil
	}
	return err
}

// keepFork stores a proof if it is the least that is known of its log, takes
// back what lies above it, and returns the *ForkError.
func (l *Ledger) keepFork(ctx context.Context, found *forkFound) error {
	data, err := found.proof.Encode()
	if err != nil {
		return err
	}
	err = l.write(ctx, len(data), func(b *batch) error {
		log, err := b.openLog(found.fork.Log)
		if err != nil || log == nil {
			return errors.Join(err, protocol.ErrNotAdmitted)
		}
		known, err := b.get(key(keyFork, log.no.bytes()))
		if err != nil {
			return err
		}
		if known != nil {
			kept, err := protocol.ParseForkProof(known)
			if err == nil && !found.proof.Less(kept) {
				return nil
			}
		}
		b.put(key(keyFork, log.no.bytes()), data)
		return b.part(log, found.fork.Seq)
	})
	if err != nil {
		return err
	}
	l.logger.Warn("a log has two histories", "log", found.fork.Log.String(), "seq", found.fork.Seq)
	return found.fork
}

// part notes that a log has two histories from seq on.
func (b *batch) part(log *openLog, seq int64) (err error) {
	defer func() {
		if err != nil {
			b.broken = err
		}
	}()
	was := log.frozen()
	log.Fork = seq
	if !log.frozen() {
		return nil
	}
	if !was {
		b.commons[log.Commons].row.Frozen++
	}
	if err := b.rewind(log, seq-1); err != nil {
		return err
	}
	return b.advance(log)
}

// thaw lets a log go on whose held history was settled after all.
func (b *batch) thaw(log *openLog, wasFrozen bool) error {
	if !wasFrozen || log.frozen() {
		return nil
	}
	b.commons[log.Commons].row.Frozen--
	return b.advance(log)
}

// Forks returns the proofs of all forks known in a commons.
func (l *Ledger) Forks(ctx context.Context, id protocol.CommonsID) iter.Seq2[protocol.ForkProof, error] {
	return func(yield func(protocol.ForkProof, error) bool) {
		for row, err := range l.logRows(ctx, id) {
			if err != nil {
				yield(protocol.ForkProof{}, err)
				return
			}
			if row.Fork < 0 {
				continue
			}
			data, err := l.read(key(keyFork, row.no.bytes()))
			var p protocol.ForkProof
			if err == nil {
				p, err = protocol.ParseForkProof(data)
			}
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}
