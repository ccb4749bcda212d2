package archive

import (
	"context"
	"errors"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// write submits all tasks at once. If the ledger finds one of them invalid, it
// submits them one by one, so that only the row at fault is refused.
func (i *importer) write(ctx context.Context, open []*task) error {
	if i.options.DryRun || len(open) == 0 {
		finish(open, nil)
		return nil
	}
	var all []ledger.Draft
	for _, t := range open {
		all = append(all, t.drafts...)
	}
	written, err := i.ledger.SubmitBatch(ctx, all)
	if err == nil {
		finish(open, written)
		return nil
	}
	if !invalid(err) {
		return err
	}
	for _, t := range open {
		if err := i.writeOne(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func (i *importer) writeOne(ctx context.Context, t *task) error {
	id, held, err := i.recorded(ctx, t)
	if err != nil {
		return err
	}
	if held { // by the batch that failed later
		finish([]*task{t}, nil)
		t.result.Event = id
		return nil
	}
	written, err := i.ledger.SubmitBatch(ctx, t.drafts)
	if invalid(err) {
		t.refuse(Refused, "", err.Error())
		return nil
	}
	if err == nil {
		finish([]*task{t}, written)
	}
	return err
}

// recorded reports whether what a task asks for is there.
func (i *importer) recorded(ctx context.Context, t *task) (protocol.EntryID, bool, error) {
	id, held, err := i.ledger.Source(ctx, i.options.Commons, i.me, t.row.SourceKey)
	if err != nil || !held {
		return id, false, err
	}
	event, err := i.ledger.Event(ctx, id)
	if err != nil {
		return id, false, err
	}
	last := t.drafts[len(t.drafts)-1].Body.(*protocol.Event)
	return id, same(event.Body, last), nil
}

func invalid(err error) bool {
	var format *protocol.FormatError
	return errors.Is(err, ledger.ErrInvalid) || errors.As(err, &format)
}

// finish gives tasks their outcome, and the entries that were written for them
// in order, if any were.
func finish(open []*task, written []ledger.Written) {
	for _, t := range open {
		t.result.Outcome = Added
		if len(t.drafts) > 1 {
			t.result.Outcome = Corrected
		}
		if len(written) >= len(t.drafts) {
			t.result.Event = written[len(t.drafts)-1].Entry.ID()
			written = written[len(t.drafts):]
		}
	}
}
