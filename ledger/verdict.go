package ledger

import (
	"context"
	"errors"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// refuseOwn stops a verdict on a contribution of an agent for whom the log speaks,
// by a record that is bound to it too. An earlier one may be withdrawn.
func (b *batch) refuseOwn(c *openCommons, log *openLog, target protocol.Entry, body *protocol.Confirm) error {
	event, is := target.Body.(*protocol.Event)
	if !is || body.Verdict == protocol.VerdictWithdraw {
		return nil
	}
	own, err := flow.OwnLogs(b.context(c), event.Provider)
	if err == nil && slices.Contains(own, log.log()) {
		return &VoidError{Reason: rules.SelfConfirmation}
	}
	return err
}

// refuseStranger stops a verdict on others' contributions and uses that would not
// count, since an open commons has not admitted its author.
func (b *batch) refuseStranger(c *openCommons, log *openLog, target protocol.Entry) error {
	switch target.Body.(type) {
	case *protocol.Event, *protocol.Declare:
	default:
		return nil
	}
	speaks, err := flow.Speaks(b.context(c), protocol.Entry{Log: log.log(), Charter: c.inForce})
	if err == nil && !speaks {
		err = &VoidError{Reason: rules.NotAdmitted}
	}
	return err
}

// saidAlready returns the entry in which a log said the same of a target before,
// if that is its last word on it: nothing new needs to be written. A dispute with
// a reason of its own is something new.
func (b *batch) saidAlready(c *openCommons, log *openLog, body protocol.Body) (Written, bool, error) {
	verdict, is := body.(*protocol.Confirm)
	if !is {
		return Written{}, false, nil
	}
	row, err := b.context(c).Get(rules.Voices, flow.VoiceKey(verdict.Target, log.log()))
	said := flow.VoicesFrom(log.log(), row)
	if err != nil || len(said) == 0 || said[len(said)-1].Verdict != verdict.Verdict || said[len(said)-1].Stranger {
		return Written{}, false, err
	}
	e, err := b.entryAt(log, said[len(said)-1].Seq)
	if err != nil {
		return Written{}, false, err
	}
	before, is := e.Body.(*protocol.Confirm)
	same := is && (verdict.Verdict != protocol.VerdictDispute || before.Reason == verdict.Reason)
	return Written{Entry: e, Repeated: true}, same, nil
}

// Said is what became of one of several verdicts.
type Said struct {
	Written
	Err error // why it was not written
}

// Say gives the same verdict on several entries, in as few commits as they fit
// into. What is refused does not keep the others back. The error is that of the
// machine, with what was done until then.
func (l *Ledger) Say(ctx context.Context, id protocol.CommonsID, targets []protocol.EntryID, verdict protocol.Verdict, reason string) ([]Said, error) {
	drafts := make([]Draft, len(targets))
	for i, target := range targets {
		drafts[i] = Draft{Commons: id, Body: &protocol.Confirm{Target: target, Verdict: verdict, Reason: protocol.PlainText(reason)}}
	}
	var all []Said
	for len(all) < len(drafts) {
		done, err := l.SubmitBatch(ctx, drafts[len(all):])
		for _, w := range done {
			all = append(all, Said{Written: w})
		}
		switch {
		case err == nil:
		case refusesTarget(err):
			all = append(all, Said{Err: err})
		default:
			return all, err
		}
	}
	return all, nil
}

// refusesTarget reports whether an error is about the target of a verdict alone.
func refusesTarget(err error) bool {
	var void *VoidError
	return errors.As(err, &void) || errors.Is(err, ErrNotFound)
}
