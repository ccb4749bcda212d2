package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// DistributionBody is a distribution that is about to be written, whole: the
// ledger cuts it into parts, links them and fills in what the pool claims.
type DistributionBody struct {
	Version   int64         // charter seq of the version under which it was computed
	AsOf      protocol.Time // the time of part 0, exactly: see NextCharterTime
	Currency  string
	Amount    protocol.Amount
	Remainder protocol.Amount    // what goes to nobody; zero for nothing
	Incomes   []protocol.EntryID // the incomes that are shared, each once
	Cut       []protocol.Head    // ascending by log
	Lines     []protocol.Line    // any number, in the order in which they are to stand
	Once      *Once              // nil: written whenever it is submitted
}

// DistributionStatus says how far a distribution has come.
type DistributionStatus struct {
	ID       protocol.EntryID // of part 0
	Complete bool             // all its parts are held, in the charter log or as proposals
	State    State            // of its last part in the charter log; empty as long as that is not there
	Reason   Reason           // why it has no effect or waits
	Proposal *Proposal        // of part 0, if it was proposed; nil if one key was enough
}

// Committed is a distribution that has its effect.
type Committed struct {
	ID    protocol.EntryID // of part 0
	First int64            // seq of part 0 in the charter log
	Last  int64            // seq of its last part, at which it takes effect
}

// NextCharterTime returns the earliest time that the next entry of the charter
// log can have: what the clock says, or the time of the newest entry there if
// that is later.
func (l *Ledger) NextCharterTime(_ context.Context, id protocol.CommonsID) (protocol.Time, error) {
	if _, _, err := l.state(id); err != nil {
		return 0, err
	}
	row, err := l.logByID(id.Charter())
	if err != nil {
		return 0, err
	}
	newest, err := l.entryAt(row.at(row.Held.Seq), row.Held.Seq)
	return max(protocol.TimeOf(l.now()), newest.Time), err
}

// SubmitDistribution writes a distribution into the charter log, all its parts in
// one commit, or proposes them, one on the other, with this member's approval,
// where more than one signature is needed; the answer is about part 0, whose
// identifier is the distribution's. Nothing is written if the pool has too little
// (an *OverdraftError), if it would have no effect (a *VoidError), or if AsOf lies
// before the newest entry of the charter log (it wraps ErrInvalid).
func (l *Ledger) SubmitDistribution(ctx context.Context, id protocol.CommonsID, d DistributionBody) (Proposed, error) {
	if err := l.whenAsked(ctx, id); err != nil {
		return Proposed{}, err
	}
	checked, err := l.composeChecked(ctx, id, d)
	if err != nil {
		return Proposed{}, err
	}
	var entry protocol.Entry
	var direct bool
	err = l.write(ctx, d.size(), func(b *batch) (err error) {
		if w, repeated, err := b.repeat(d.Once); repeated || err != nil {
			entry, direct = w.Entry, w.Entry.Kind != protocol.KindPropose
			return err
		}
		entry, direct, err = b.submitDistribution(id, d, checked)
		return err
	})
	if err != nil {
		return Proposed{}, err
	}
	return l.proposedAs(ctx, id, entry, direct)
}

// composeChecked returns part 0 as it would be written now, after the whole was
// looked at by checkDistribution; zero if nobody looks.
func (l *Ledger) composeChecked(ctx context.Context, id protocol.CommonsID, d DistributionBody) (protocol.EntryID, error) {
	if l.checkDistribution == nil {
		return protocol.EntryID{}, nil
	}
	parts, err := func() ([]protocol.Entry, error) {
		l.writeMu.Lock()
		defer l.writeMu.Unlock()
		b := l.newBatch()
		if _, repeated, err := b.repeat(d.Once); repeated || err != nil {
			return nil, err
		}
		c, log, err := b.charterToWrite(id)
		if err != nil {
			return nil, err
		}
		return b.composeParts(c, log, d)
	}()
	if err != nil || parts == nil {
		return protocol.EntryID{}, err
	}
	return parts[0].ID(), l.checkDistribution(ctx, id, parts)
}

// charterToWrite opens the charter log, in which this node's member must hold a
// key.
func (b *batch) charterToWrite(id protocol.CommonsID) (*openCommons, *openLog, error) {
	c, _, err := b.ownLog(id)
	if err != nil {
		return nil, nil, err
	}
	log, err := b.openLog(id.Charter())
	if err != nil {
		return nil, nil, err
	}
	if log.frozen() {
		return nil, nil, fmt.Errorf("%w: from entry %d on", ErrFrozen, log.Fork)
	}
	_, _, err = b.l.keyIn(c.commonsState, log.keySet())
	return c, log, err
}

func (b *batch) submitDistribution(id protocol.CommonsID, d DistributionBody, checked protocol.EntryID) (protocol.Entry, bool, error) {
	c, log, err := b.charterToWrite(id)
	if err != nil {
		return protocol.Entry{}, false, err
	}
	parts, err := b.composeParts(c, log, d)
	if err != nil {
		return protocol.Entry{}, false, err
	}
	if !checked.IsZero() && parts[0].ID() != checked {
		return protocol.Entry{}, false, fmt.Errorf("%w: the log of the commons went on while the distribution was checked", ErrUnsettled)
	}
	own, err := b.openLog(c.me())
	if err != nil {
		return protocol.Entry{}, false, err
	}
	for _, part := range parts {
		if _, err := b.mayApprove(c, own, part); err != nil {
			return protocol.Entry{}, false, err
		}
	}
	direct := b.l.alone(c, log)
	answer := parts[0]
	for i, part := range parts {
		if direct {
			err = b.holdOwn(log, part)
		} else if at, proposed := b.proposeOwn(c, own, part); i == 0 {
			answer, err = at, proposed
		} else {
			err = proposed
		}
		if err != nil {
			b.broken = err // some parts are there
			return answer, direct, err
		}
	}
	b.answerOnce(d.Once, answer)
	return answer, direct, nil
}

// composeParts makes the parts of a distribution that would follow the newest
// entry of the charter log, and judges the whole.
func (b *batch) composeParts(c *openCommons, log *openLog, d DistributionBody) ([]protocol.Entry, error) {
	if log.Applied.Seq < log.Held.Seq {
		return nil, fmt.Errorf("%w: entry %d of the log of the commons waits (%s)", ErrUnsettled, log.Applied.Seq+1, log.Awaits)
	}
	newest, err := b.entryAt(log, log.Held.Seq)
	if err != nil {
		return nil, err
	}
	if d.AsOf < newest.Time {
		return nil, fmt.Errorf("%w: the log of the commons has an entry of %s, later than the distribution", ErrInvalid, newest.Time.UTC().Format(time.RFC3339Nano))
	}
	if err := b.refuseLines(c, d.Lines); err != nil {
		return nil, err
	}
	pays := account.OfDistribution(c.id(), d.Currency, d.Lines)
	claims, err := b.claimsFor(c, log, d.Currency, pays.Amount)
	if err != nil {
		return nil, err
	}
	parts, err := d.parts(newest, claims)
	if err != nil {
		return nil, err
	}
	if waits, err := b.awaitsClaims(c, log, claims); err != nil || waits != rules.Valid {
		return nil, orUnsettled(err)
	}
	v, err := b.judgeWhole(c, log, parts)
	switch {
	case err != nil:
		return nil, err
	case v.Reason == rules.Overdraft:
		return nil, &OverdraftError{Currency: d.Currency, Amount: v.Payment.Amount, Available: v.Left, Limit: v.Limit}
	case v.Reason != rules.Valid:
		return nil, &VoidError{Reason: v.Reason}
	}
	return parts, nil
}

func orUnsettled(err error) error {
	if err == nil {
		err = ErrUnsettled
	}
	return err
}

// refuseLines stops money from going to agents that are not there.
func (b *batch) refuseLines(c *openCommons, lines []protocol.Line) error {
	known := map[protocol.AgentID]bool{c.id().Charter().Agent(): true}
	for _, line := range lines {
		if known[line.Agent] {
			continue
		}
		row, err := b.context(c).Get(rules.Agents, line.Agent.EntryID[:])
		if err != nil {
			return err
		}
		if row == nil {
			return fmt.Errorf("%w: agent %v", ErrNotFound, line.Agent)
		}
		known[line.Agent] = true
	}
	return nil
}
