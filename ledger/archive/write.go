package archive

import (
	"context"
	"errors"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// write submits all tasks at once. When the ledger finds a draft invalid, the
// row that it belongs to is refused, and what follows is submitted again.
func (i *importer) write(ctx context.Context, open []*task) error {
	for len(open) > 0 {
		var drafts []ledger.Draft
		for _, t := range open {
			drafts = append(drafts, t.drafts...)
		}
		var written []ledger.Written
		var err error
		if !i.options.DryRun {
			written, err = i.ledger.SubmitBatch(ctx, drafts)
		}
		if err != nil && !invalid(err) {
			return err
		}
		for len(open) > 0 && (err == nil || len(written) >= len(open[0].drafts)) {
			written = open[0].finish(written)
			open = open[1:]
		}
		if err == nil {
			return nil
		}
		why, arg := refusal(err, len(written) > 0)
		open[0].refuse(Refused, "", why, arg)
		if len(written) > 0 {
			open[0].result.Event = written[0].Entry.ID()
		}
		open = open[1:]
	}
	return nil
}

// refusal says why the ledger did not take a draft: that of a row, or the
// correction that goes with it.
func refusal(err error, correction bool) (Why, any) {
	var void *ledger.VoidError
	switch is := errors.As(err, &void); {
	case is && correction:
		return correctionVoid, void.Reason
	case is:
		return noEffect, void.Reason
	case correction:
		return notCorrected, err
	}
	return notRecorded, err
}

func invalid(err error) bool {
	var format *protocol.FormatError
	return errors.Is(err, ledger.ErrInvalid) || errors.As(err, &format)
}

// finish gives the task its outcome, and the entry that was written for it. It
// returns the entries of the tasks that follow.
func (t *task) finish(written []ledger.Written) []ledger.Written {
	t.result.Outcome = Added
	if len(t.drafts) > 1 {
		t.result.Outcome = Corrected
	}
	if len(written) == 0 { // a dry run
		return nil
	}
	t.result.Event = written[0].Entry.ID()
	return written[len(t.drafts):]
}
