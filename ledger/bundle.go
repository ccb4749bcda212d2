package ledger

import (
	"context"
	"fmt"

	"github.com/minga-commons/minga/protocol"
)

// SubmitBundle writes a bundle of entries of the node's own member in one commit:
// they survive a power cut together, or none of them does. What cannot be
// written is said by a *BundleError, and then nothing is.
//
// A bundle that does not fit into one commit is judged as a whole first and then
// written in as few as it fits into, in order. A crash between two of them leaves
// the first part; a bundle whose entries are known by their sources is made whole
// by submitting what is missing.
func (l *Ledger) SubmitBundle(ctx context.Context, all Bundle) ([]Written, error) {
	if err := l.whenAsked(ctx, all.Commons); err != nil {
		return nil, err
	}
	var done []Written
	err := l.write(ctx, l.maxBytes, func(b *batch) (err error) {
		if err := b.finish(); err != nil { // what others asked for does not hang on this
			return err
		}
		done, err = b.bundle(ctx, all)
		return err
	})
	if err != nil || all.DryRun {
		return done, err
	}
	for i := range done {
		if done[i], err = l.answer(ctx, done[i]); err != nil {
			return done, err
		}
	}
	return done, nil
}

// bundle writes a bundle into an empty batch. When it cannot, or is only to try,
// the batch is as empty as before.
func (b *batch) bundle(ctx context.Context, all Bundle) ([]Written, error) {
	done, fits, err := b.tryBundle(ctx, all, false)
	if err != nil || all.DryRun || !fits {
		b.forget()
	}
	if err != nil || all.DryRun || fits {
		return done, err
	}
	all.Written = nil
	done, _, err = b.tryBundle(ctx, all, true)
	return done, err
}

// forget drops what the batch holds. An error that broke it stays.
func (b *batch) forget() {
	broken := b.broken
	*b = *b.l.newBatch()
	b.broken = broken
}

// tryBundle composes, holds and applies the drafts one after another. It reports
// whether all of them fit into one commit; with flush it commits whenever the
// batch is full.
func (b *batch) tryBundle(ctx context.Context, all Bundle, flush bool) (done []Written, fits bool, err error) {
	ids, fits := make([]protocol.EntryID, 0, all.Size), true
	for i := range all.Size {
		if err := ctx.Err(); err != nil {
			return done, fits, err
		}
		body, err := all.Draft(i, ids)
		if err != nil {
			return done, fits, &BundleError{i, err}
		}
		w, err := b.submit(Draft{Commons: all.Commons, Body: body})
		if err != nil {
			return done, fits, &BundleError{i, err}
		}
		done, ids = append(done, w), append(ids, w.Entry.ID())
		if all.Written != nil {
			if err := all.Written(i, w.Entry.ID(), b.looking(all.Commons)); err != nil {
				return done, fits, &BundleError{i, err}
			}
		}
		if !b.full() {
			continue
		}
		fits = false
		if flush {
			if err := b.finish(); err != nil {
				return done, fits, err
			}
		}
	}
	return done, fits, nil
}

// looking returns a way to look at resources as the batch would leave them.
func (b *batch) looking(commons protocol.CommonsID) func(protocol.EntryID) (Resource, error) {
	return func(id protocol.EntryID) (Resource, error) {
		c, _, err := b.ownLog(commons)
		if err != nil {
			return Resource{}, err
		}
		open, err := b.resource(c, id)
		if err != nil {
			return Resource{}, err
		}
		if open.row == nil {
			return Resource{}, fmt.Errorf("%w: resource %v", ErrNotFound, id)
		}
		r := Resource{ID: id, Commons: commons}
		return r, b.l.condition(c.no, open.row, &r)
	}
}
