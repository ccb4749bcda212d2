package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/cut"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// PreviewDistribution computes how an amount of the pool would be shared as of now:
// over what is settled here, by the charter in force or another one. Nothing is
// written. It returns ErrInvalid for an amount that is not above zero or has more
// places than the currency, an *OverdraftError with the figures for one that the
// pool does not have, ErrNotFound for an income or version that is not there, and a
// *CharterError for a document that is no charter. It costs what reading all
// settled entries of the commons costs, several times.
func (l *Ledger) PreviewDistribution(ctx context.Context, id protocol.CommonsID, q DistributionRequest) (Distribution, error) {
	d, r, err := l.planned(ctx, id, q, protocol.TimeOf(l.now()))
	if err != nil {
		return d, err
	}
	result, untraced, err := l.compute(ctx, id, r)
	if err != nil {
		return d, err
	}
	d.Untraced = untraced
	return d, l.fill(id, &d, &result)
}

// planned returns what a request comes to before it is computed.
func (l *Ledger) planned(ctx context.Context, id protocol.CommonsID, q DistributionRequest, asOf protocol.Time) (Distribution, rounds, error) {
	d := Distribution{State: DistributionPreview, Time: asOf, Currency: q.Currency, Version: q.Version}
	_, c, err := l.state(id)
	if err != nil {
		return d, rounds{}, err
	}
	if d.Version < 0 {
		d.Version = c.chartered()
	}
	if d.Version > c.inForce {
		return d, rounds{}, fmt.Errorf("%w: version %d of the charter is not in force", ErrNotFound, d.Version)
	}
	version, err := l.charterVersion(id, d.Version)
	if err == nil && q.Document != nil {
		version, err = l.tried(ctx, id, d.Version, q.Document, asOf)
	}
	if err != nil {
		return d, rounds{}, err
	}
	d.Document = version.plain
	if q.Amount.N <= 0 {
		return d, rounds{}, fmt.Errorf("%w: %s is no amount that can be shared", ErrInvalid, q.Amount)
	}
	now, err := version.round(id, q.Currency, q.Amount)
	if err != nil {
		return d, rounds{}, err
	}
	d.Amount = now.Amount
	if err := l.poolHas(ctx, id, q.Currency, d.Amount); err != nil {
		return d, rounds{}, err
	}
	all, err := l.past(ctx, id, maxSeq)
	if err != nil {
		return d, all, err
	}
	if d.Incomes, err = l.incomes(ctx, id, q, all); err != nil {
		return d, all, err
	}
	if d.Cut, d.Held, err = l.settledNow(ctx, id); err != nil {
		return d, all, err
	}
	all.add(cut.Round{Cut: d.Cut, AsOf: asOf, Incomes: d.Incomes}, now)
	return d, all, nil
}

// maxSeq is above every seq.
const maxSeq = int64(1)<<62 - 1

// chartered returns the seq of the charter in force.
func (c *commonsState) chartered() int64 {
	at := int64(-1)
	for _, t := range c.terms {
		if t.seq <= c.inForce {
			at = t.seq
		}
	}
	return at
}

// poolHas makes sure that the pool has an amount to give out.
func (l *Ledger) poolHas(ctx context.Context, id protocol.CommonsID, currency string, amount protocol.Amount) error {
	sheet, err := l.Balance(ctx, id, protocol.AgentID(id))
	if err != nil {
		return err
	}
	for _, line := range sheet.Accounts {
		if line.Currency == currency {
			if rules.TotalOf(amount).Above(line.Available) {
				return &OverdraftError{Currency: currency, Amount: rules.TotalOf(amount), Available: line.Available, Limit: line.Limit}
			}
			return nil
		}
	}
	return fmt.Errorf("%w: the charter has no currency %q", ErrInvalid, currency)
}

// fill writes a result into a distribution, whose lines are those computed.
func (l *Ledger) fill(id protocol.CommonsID, d *Distribution, r *share.Result) error {
	d.Computed, d.Remainder = r, r.Remainder
	return l.fillLines(id, d, r.Lines)
}

func (l *Ledger) fillLines(id protocol.CommonsID, d *Distribution, lines []protocol.Line) error {
	no, c, err := l.state(id)
	if err != nil {
		return err
	}
	known := map[protocol.AgentID]Agent{}
	d.Lines, d.Gone = make([]DistributionLine, 0, len(lines)), nil
	for _, line := range lines {
		a, met := known[line.Agent]
		if !met {
			if a, err = l.knownAgent(no, c, line.Agent); err != nil {
				return err
			}
			known[line.Agent] = a
			row, err := l.logByID(protocol.LogID(line.Agent))
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
			if err == nil && row.IsCut {
				d.Gone = append(d.Gone, a)
			}
		}
		d.Lines = append(d.Lines, DistributionLine{Agent: a, Bucket: line.Bucket, Amount: line.Amount})
	}
	slices.SortFunc(d.Gone, func(a, b Agent) int { return a.ID.Compare(b.ID.EntryID) })
	return nil
}

// ProposeDistribution computes a distribution as PreviewDistribution does, and
// writes it: into the charter log where one signature is enough, else as a proposal
// that counts as this member's approval. It waits until what this node wrote is
// settled, so that nothing of it is left out, as long as the context lives; then it
// returns ErrUnsettled. A request with a Document cannot be proposed.
func (l *Ledger) ProposeDistribution(ctx context.Context, id protocol.CommonsID, q DistributionRequest) (Distribution, error) {
	if q.Document != nil {
		return Distribution{}, fmt.Errorf("%w: rules that are tried out cannot be proposed: change the charter first", ErrInvalid)
	}
	if err := l.awaitOwn(ctx, id); err != nil {
		return Distribution{}, err
	}
	asOf, err := l.NextCharterTime(ctx, id)
	if err != nil {
		return Distribution{}, err
	}
	d, r, err := l.planned(ctx, id, q, asOf)
	if err != nil {
		return d, err
	}
	result, untraced, err := l.compute(ctx, id, r)
	if err != nil {
		return d, err
	}
	if len(result.Lines) == 0 {
		return d, ErrNobody
	}
	p, err := l.SubmitDistribution(ctx, id, DistributionBody{
		Version: d.Version, AsOf: asOf, Currency: d.Currency, Amount: d.Amount, Remainder: result.Remainder,
		Incomes: d.Incomes, Cut: d.Cut, Lines: result.Lines,
	})
	if err != nil {
		return d, err
	}
	written := protocol.EntryID{}
	switch {
	case p.Proposal != nil:
		written = p.Proposal.ID
	case p.Written != nil:
		written = p.Written.Entry.ID()
	}
	full, err := l.Distribution(ctx, id, written)
	full.Computed, full.Held, full.Untraced = &result, d.Held, untraced
	return full, err
}

// awaitOwn waits until this node's own log and the charter log are settled.
func (l *Ledger) awaitOwn(ctx context.Context, id protocol.CommonsID) error {
	for {
		l.stateMu.RLock()
		changed := l.changed
		l.stateMu.RUnlock()
		settled, err := l.ownSettled(id)
		if err != nil || settled {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w: what this node wrote waits for the witnesses", ErrUnsettled)
		case <-changed:
		}
	}
}

func (l *Ledger) ownSettled(id protocol.CommonsID) (bool, error) {
	_, c, err := l.state(id)
	if err != nil {
		return false, err
	}
	for _, log := range []protocol.LogID{c.me(), id.Charter()} {
		if log.IsZero() {
			return false, ErrNotMember
		}
		row, err := l.logByID(log)
		if err != nil {
			return false, err
		}
		last, err := l.newestOfWeight(row)
		if err != nil || row.decided() < last {
			return false, err
		}
	}
	return true, nil
}

// newestOfWeight returns the newest entry of a log that is no endorsement: those
// are not endorsed themselves.
func (l *Ledger) newestOfWeight(row *logRow) (int64, error) {
	for seq := row.Held.Seq; seq > row.decided(); seq-- {
		e, err := l.entryAt(row.at(seq), seq)
		if err != nil {
			return seq, err
		}
		if e.Kind != protocol.KindEndorse {
			return seq, nil
		}
	}
	return row.decided(), nil
}

// Distribution returns a distribution that is committed or proposed. Of one that can
// still be signed it looks for cautions.
func (l *Ledger) Distribution(ctx context.Context, id protocol.CommonsID, distribution protocol.EntryID) (Distribution, error) {
	w, parts, err := l.writtenAs(ctx, id, distribution)
	if err == nil && w.State == DistributionProposed {
		w.Cautions, err = l.lookOver(ctx, id, w.Distribution, parts)
	}
	return w.Distribution, err
}

// writtenAs returns a distribution as it is written, with its parts.
func (l *Ledger) writtenAs(ctx context.Context, id protocol.CommonsID, distribution protocol.EntryID) (written, []protocol.Entry, error) {
	parts, status, err := l.DistributionParts(ctx, id, distribution.String())
	if err != nil {
		return written{}, nil, err
	}
	w := distributionOf(parts)
	w.Proposal, w.Reason, w.State = status.Proposal, status.Reason, stateOfDistribution(status)
	version, err := l.charterVersion(id, w.Version)
	if err == nil {
		w.Document = version.plain
	}
	return w, parts, l.fillLines(id, &w.Distribution, w.lines)
}

// stateOfDistribution says how far a distribution has come.
func stateOfDistribution(s DistributionStatus) DistributionState {
	switch s.State {
	case Settled:
		return DistributionSettled
	case Pending, Waiting:
		return DistributionPending
	case Void:
		return DistributionVoid
	case Frozen, Cut:
		return DistributionPast
	}
	if s.Proposal != nil {
		switch s.Proposal.State {
		case ProposalRefused:
			return DistributionRefused
		case ProposalSuperseded:
			return DistributionPast
		}
	}
	return DistributionProposed
}

// Distributions returns the distributions that are committed or proposed, newest
// first, without what is computed of them.
func (l *Ledger) Distributions(ctx context.Context, id protocol.CommonsID, p Page) ([]Distribution, string, error) {
	ids, err := l.distributionIDs(ctx, id)
	if err != nil {
		return nil, "", err
	}
	after, err := cursorBytes(p.After)
	if err != nil || len(after) != 0 && len(after) != 32 {
		return nil, "", &CursorError{p.After}
	}
	if len(after) > 0 {
		at := slices.Index(ids, idFrom(after))
		if at < 0 {
			return nil, "", &CursorError{p.After}
		}
		ids = ids[at+1:]
	}
	all := []Distribution{}
	for i, one := range ids {
		if i == p.limit() {
			return all, cursorText(ids[i-1][:]), nil
		}
		d, _, err := l.writtenAs(ctx, id, one)
		if err != nil {
			return nil, "", err
		}
		all = append(all, d.Distribution)
	}
	return all, "", nil
}

// distributionIDs returns all distributions, newest first: by their place in the
// charter log, then by time and identifier.
func (l *Ledger) distributionIDs(ctx context.Context, id protocol.CommonsID) ([]protocol.EntryID, error) {
	var firsts []protocol.Entry
	seen := map[protocol.EntryID]bool{}
	add := func(e protocol.Entry) {
		if b, is := e.Body.(*protocol.Distribution); is && b.Part == 0 && !seen[e.ID()] {
			seen[e.ID()] = true
			firsts = append(firsts, e)
		}
	}
	for e, err := range l.Entries(ctx, protocol.Range{Log: id.Charter(), Last: -1}) {
		if err != nil {
			return nil, err
		}
		add(e)
	}
	for after := ""; ; {
		page, next, err := l.Proposals(ctx, id, Page{After: after, Limit: maxPage})
		if err != nil {
			return nil, err
		}
		for _, p := range page {
			add(p.Entry)
		}
		if after = next; next == "" {
			break
		}
	}
	slices.SortFunc(firsts, func(a, b protocol.Entry) int {
		return cmp.Or(cmp.Compare(b.Seq, a.Seq), cmp.Compare(b.Time, a.Time), a.ID().Compare(b.ID()))
	})
	ids := make([]protocol.EntryID, len(firsts))
	for i, e := range firsts {
		ids[i] = e.ID()
	}
	return ids, nil
}
