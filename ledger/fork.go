package ledger

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/minga-commons/minga/protocol"
)

// takeBranch holds a verified run of new entries that joins a log elsewhere than
// at the end of the chain that counts: another history. It is kept, so that
// votes for it and in it count, together with the proof that the log was forked.
func (b *batch) takeBranch(log *openLog, j joint, keys protocol.KeySet, s protocol.Segment) (r Receipt, err error) {
	c := b.commons[log.Commons]
	fork := &ForkError{Log: log.log(), Seq: j.seq + 1}
	branch := j.line
	if branch.Held.Seq != j.seq || branch == log {
		if b.splits(c, log, j.seq) {
			return Receipt{}, fork
		}
		room, err := b.roomFor(c, log, s)
		if err != nil || !room {
			return Receipt{}, errors.Join(err, fork)
		}
	}
	defer func() {
		if err != nil {
			b.broken = err
		}
	}()
	// Of two siblings a witness votes for the first that it held: now is the
	// last moment to say so.
	if _, err := b.endorse(c); err != nil {
		return Receipt{}, err
	}
	if branch.Held.Seq != j.seq || branch == log {
		if branch, err = b.grow(log, j.line, j.seq, keys); err != nil {
			return Receipt{}, err
		}
		b.l.logger.Warn("a log has two histories", "log", log.log().String(), "seq", fork.Seq)
	}
	for _, e := range s.Entries {
		if err := b.holdBranch(log, branch, e); err != nil {
			return Receipt{}, err
		}
	}
	b.mark(branch, s.Signatures, s.Successor)
	if err := b.refork(log); err != nil {
		return Receipt{}, err
	}
	return Receipt{Added: len(s.Entries), fork: fork}, b.work()
}

// IngestFork takes the proof of a fork from somebody else: two segments, which
// are held like any others. A proof that is held already changes nothing.
func (l *Ledger) IngestFork(ctx context.Context, p protocol.ForkProof) error {
	if len(p.First.Entries) == 0 || len(p.Second.Entries) == 0 {
		return fmt.Errorf("%w: an empty proof", ErrInvalid)
	}
	for _, s := range []protocol.Segment{p.First, p.Second} {
		_, err := l.Ingest(ctx, s)
		var fork *ForkError
		if err != nil && !errors.As(err, &fork) {
			return err
		}
	}
	return nil
}

// Forks returns a proof of every fork known in a commons: of each log the one at
// the lowest place, of its histories the two with the least identifiers there.
func (l *Ledger) Forks(ctx context.Context, id protocol.CommonsID) iter.Seq2[protocol.ForkProof, error] {
	return func(yield func(protocol.ForkProof, error) bool) {
		for row, err := range l.logRows(ctx, id) {
			if err != nil {
				yield(protocol.ForkProof{}, err)
				return
			}
			if !row.forked() {
				continue
			}
			p, err := l.proof(row)
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// chains returns the rows of all chains of a log, the one that counts first.
func (l *Ledger) chains(row *logRow) ([]*logRow, error) {
	all := []*logRow{row}
	for _, no := range row.Branches {
		branch, err := l.logRow(no)
		if err != nil {
			return nil, err
		}
		all = append(all, branch)
	}
	return all, nil
}

// firstFork returns where the histories of a log part first, -1 if it has one.
func (l *Ledger) firstFork(row *logRow) (int64, error) {
	chains, err := l.chains(row)
	at := int64(-1)
	for i, x := range chains {
		for _, y := range chains[:i] {
			if p := parts(x, y); at < 0 || p < at {
				at = p
			}
		}
	}
	return at, err
}

func (l *Ledger) proof(row *logRow) (protocol.ForkProof, error) {
	chains, err := l.chains(row)
	if err != nil {
		return protocol.ForkProof{}, err
	}
	at, err := l.firstFork(row)
	if err != nil {
		return protocol.ForkProof{}, err
	}
	var least []protocol.Segment // one of each history at that place, ascending
	for _, chain := range chains {
		if chain.Held.Seq < at {
			continue
		}
		s, err := l.segmentAlong(chain, at, protocol.MaxSegmentBytes)
		if err != nil {
			return protocol.ForkProof{}, err
		}
		least = insertSegment(least, s)
	}
	if len(least) < 2 {
		return protocol.ForkProof{}, fmt.Errorf("%w: the fork of log %v", ErrDamaged, row.log())
	}
	return protocol.NewForkProof(least[0], least[1]), nil
}

// insertSegment adds a segment to a list that ascends by first entries, unless
// one with the same first entry is there.
func insertSegment(all []protocol.Segment, s protocol.Segment) []protocol.Segment {
	for i, o := range all {
		switch c := s.First().ID().Compare(o.First().ID()); {
		case c == 0:
			return all
		case c < 0:
			return append(all[:i:i], append([]protocol.Segment{s}, all[i:]...)...)
		}
	}
	return append(all, s)
}

// Branches returns, as segments, the histories of forked logs of a commons that
// do not count, each from where it parts on.
func (l *Ledger) Branches(ctx context.Context, id protocol.CommonsID) iter.Seq2[protocol.Segment, error] {
	return func(yield func(protocol.Segment, error) bool) {
		for row, err := range l.logRows(ctx, id) {
			if err != nil {
				yield(protocol.Segment{}, err)
				return
			}
			chains, err := l.chains(row)
			if err != nil {
				yield(protocol.Segment{}, err)
				return
			}
			for _, branch := range chains[1:] {
				for next := parts(row, branch); next <= branch.Held.Seq; {
					s, err := l.segmentAlong(branch, next, protocol.MaxSegmentBytes)
					if !yield(s, err) || err != nil {
						return
					}
					next = s.Tip().Seq + 1
				}
			}
		}
	}
}
