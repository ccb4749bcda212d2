package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// DistributionCaution is something about what a distribution was computed from that
// one should know before signing: by the rules it may be so.
type DistributionCaution struct {
	Code    CautionCode
	Agent   Agent // of CautionLeftOut: whose log it is
	Entries int64 // of CautionLeftOut: how many
	Version int64 // of CautionOlderCharter: the charter seq of the newest
	Income  protocol.EntryID
}

// CautionCode says what a DistributionCaution is about.
type CautionCode string

// The cautions.
const (
	// CautionLeftOut: a log has settled entries above the cut that claim a time not
	// after the distribution's, so that somebody's work or verdicts may be missing.
	CautionLeftOut CautionCode = "log-left-out"
	// CautionOlderCharter: the rules are not those of the newest charter before it.
	CautionOlderCharter CautionCode = "older-charter"
	// CautionIncomeAgain: an earlier distribution names an income of it.
	CautionIncomeAgain CautionCode = "income-again"
	// CautionDatedAhead: its time lies ahead of this node's clock, so that windows
	// count as over that are not.
	CautionDatedAhead CautionCode = "dated-ahead"
)

// clockSlack is how far clocks may be apart.
const clockSlack = protocol.Time(time.Hour / time.Millisecond)

// lookOver says what one should know of a distribution that is written or proposed.
func (l *Ledger) lookOver(ctx context.Context, id protocol.CommonsID, d Distribution, parts []protocol.Entry) ([]DistributionCaution, error) {
	_, c, err := l.state(id)
	if err != nil {
		return nil, err
	}
	var all []DistributionCaution
	if d.Time > protocol.TimeOf(l.now())+clockSlack {
		all = append(all, DistributionCaution{Code: CautionDatedAhead})
	}
	newest := int64(-1)
	for _, t := range c.terms {
		if t.seq < parts[0].Seq && t.seq <= c.inForce {
			newest = t.seq
		}
	}
	if d.Version < newest {
		all = append(all, DistributionCaution{Code: CautionOlderCharter, Version: newest})
	}
	past, err := l.past(ctx, id, parts[0].Seq)
	if err != nil {
		return all, err
	}
	named := map[protocol.EntryID]bool{}
	for _, r := range past.cut {
		for _, income := range r.Incomes {
			named[income] = true
		}
	}
	for _, income := range d.Incomes {
		if named[income] {
			all = append(all, DistributionCaution{Code: CautionIncomeAgain, Income: income})
		}
	}
	left, err := l.leftOut(ctx, id, d, parts[0].Seq)
	return append(all, left...), err
}

var errEnough = errors.New("enough was read")

// leftOut returns the logs with settled entries above a cut that claim to be no
// later than the distribution at a seq of the charter log.
func (l *Ledger) leftOut(ctx context.Context, id protocol.CommonsID, d Distribution, at int64) ([]DistributionCaution, error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, err
	}
	upTo := map[protocol.LogID]int64{}
	for _, h := range d.Cut {
		upTo[h.Log] = h.Seq
	}
	var all []DistributionCaution
	for row, err := range l.logRows(ctx, id) {
		if err != nil {
			return nil, err
		}
		from, last, n := int64(0), row.decided(), int64(0)
		if seq, named := upTo[row.log()]; named {
			from = seq + 1
		}
		if row.log() == id.Charter() {
			last = min(last, at-1)
		}
		err := cutSource{l, no, c}.run(ctx, row, from, last, func(e protocol.Entry) error {
			if e.Time > d.Time {
				return errEnough
			}
			switch e.Body.(type) {
			case *protocol.Event, *protocol.Confirm, *protocol.Record, *protocol.Bind:
				n++
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			return nil, err
		}
		if n == 0 {
			continue
		}
		x := DistributionCaution{Code: CautionLeftOut, Entries: n}
		if x.Agent, err = l.knownAgent(no, c, row.log().Agent()); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	slices.SortFunc(all, func(a, b DistributionCaution) int { return a.Agent.ID.Compare(b.Agent.ID.EntryID) })
	return all, nil
}

// refuseTimes refuses a distribution whose time no honest node gives it: before the
// entry that it follows, or ahead of the clock where that entry is not.
func (l *Ledger) refuseTimes(id protocol.CommonsID, parts []protocol.Entry) error {
	row, err := l.logByID(id.Charter())
	if err != nil {
		return err
	}
	first := parts[0]
	if first.Seq-1 > row.Held.Seq {
		return fmt.Errorf("%w: the entries before the distribution are not here; try again in a moment", ErrUnsettled)
	}
	before, err := l.entryAt(row.at(first.Seq-1), first.Seq-1)
	if err != nil {
		return err
	}
	said := first.Time.UTC().Format(time.RFC3339)
	if first.Time < before.Time {
		return fmt.Errorf("%w: it is dated %s, earlier than the entry of the charter log that it follows", ErrInvalid, said)
	}
	if now := protocol.TimeOf(l.now()) + clockSlack; first.Time > now && first.Time > before.Time {
		return fmt.Errorf("%w: it is dated %s, ahead of the clock of this node: windows would count as over that are not", ErrInvalid, said)
	}
	return nil
}

// refuseParts refuses parts that would never make a distribution: such a row is
// never finished, or void.
func refuseParts(parts []protocol.Entry) error {
	for i, e := range parts {
		b := partOf(e)
		if b == nil || b.Part != int64(i) || i > 0 && (e.Prev != parts[i-1].ID() || !account.Follows(parts[i-1], b)) {
			return fmt.Errorf("%w: what is proposed as part %d of the distribution does not fit the one before it", ErrInvalid, i)
		}
	}
	return nil
}
