package ledger

import (
	"context"
	"errors"
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// CommittedDistributions returns the distributions that have their effect, in the
// order of the charter log.
func (l *Ledger) CommittedDistributions(_ context.Context, id protocol.CommonsID) ([]Committed, error) {
	no, _, err := l.state(id)
	if err != nil {
		return nil, err
	}
	all := []Committed{}
	damaged := false
	prefix := stateKey(no, rules.Distributions, nil)
	err = l.scan(prefix, nil, func(k, v []byte) bool {
		if damaged = len(k) != len(prefix)+8 || len(v) != 32+8; damaged {
			return false
		}
		all = append(all, Committed{ID: idFrom(v), First: seqFrom(v[32:]), Last: seqFrom(k[len(prefix):])})
		return true
	})
	if err == nil && damaged {
		err = fmt.Errorf("%w: the list of distributions", ErrDamaged)
	}
	return all, err
}

// DistributionParts returns the parts of a distribution that is committed or
// proposed, in order, given by the identifier of part 0 or a unique prefix of it.
// Any other part does as well, and the entry that proposes one.
func (l *Ledger) DistributionParts(ctx context.Context, id protocol.CommonsID, text string) ([]protocol.Entry, DistributionStatus, error) {
	none := DistributionStatus{}
	no, c, err := l.state(id)
	if err != nil {
		return nil, none, err
	}
	first, err := l.findDistribution(ctx, id, text)
	if err != nil {
		return nil, none, err
	}
	parts, last, err := l.heldParts(first)
	if err != nil {
		return nil, none, err
	}
	status := DistributionStatus{ID: first.ID()}
	if p, err := l.Proposal(ctx, id, first.ID()); err == nil {
		status.Proposal = &p
		var proposed []protocol.Entry
		if proposed, err = l.proposedParts(no, first); err != nil {
			return nil, none, err
		}
		if len(proposed) > len(parts) {
			parts, last = proposed, nil
		}
		if p.State, err = l.stateOfParts(no, c, proposed); err != nil {
			return nil, none, err
		}
	} else if !errors.Is(err, ErrNotFound) {
		return nil, none, err
	}
	status.Complete = int64(len(parts)) == partOf(first).Parts
	if status.Complete && last != nil {
		status.State, status.Reason = last.State, last.Reason
	}
	return parts, status, nil
}

// findDistribution returns part 0 of a distribution, held or proposed.
func (l *Ledger) findDistribution(ctx context.Context, id protocol.CommonsID, text string) (protocol.Entry, error) {
	e, err := l.distributionEntry(ctx, id, text)
	if err != nil {
		return e, err
	}
	body := partOf(e)
	if body == nil {
		return e, fmt.Errorf("%w: distribution %q", ErrNotFound, text)
	}
	if body.Part == 0 {
		return e, nil
	}
	first, err := l.distributionEntry(ctx, id, body.First.String())
	if err == nil && (partOf(first) == nil || partOf(first).Part != 0) {
		err = fmt.Errorf("%w: distribution %q", ErrNotFound, text)
	}
	return first, err
}

// distributionEntry returns an entry that is held, else one that is proposed.
func (l *Ledger) distributionEntry(ctx context.Context, id protocol.CommonsID, text string) (protocol.Entry, error) {
	found, err := l.FindEntry(ctx, id, text)
	if err == nil {
		status, err := l.Entry(ctx, found)
		if err != nil {
			return protocol.Entry{}, err
		}
		if status.Commons != id {
			return protocol.Entry{}, fmt.Errorf("%w: distribution %q", ErrNotFound, text)
		}
		if body, is := status.Entry.Body.(*protocol.Propose); is {
			return protocol.Parse(body.Block)
		}
		return status.Entry, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return protocol.Entry{}, err
	}
	p, err := l.FindProposal(ctx, id, text)
	return p.Entry, err
}

// heldParts returns the parts of a distribution that stand in the charter log, on
// the history of its first part, and what became of the last of them. There are
// none, and first alone comes back, if that is not held.
func (l *Ledger) heldParts(first protocol.Entry) ([]protocol.Entry, *EntryStatus, error) {
	_, no, err := l.find(first.ID())
	if errors.Is(err, ErrNotFound) {
		return []protocol.Entry{first}, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	row, err := l.primaryRow(no)
	if err == nil && !row.has(no, first.Seq) {
		row, err = l.logRow(no)
	}
	if err != nil {
		return nil, nil, err
	}
	parts := []protocol.Entry{first}
	for n := int64(1); n < min(partOf(first).Parts, account.MaxParts) && first.Seq+n <= row.Held.Seq; n++ {
		next, err := l.entryAt(row.at(first.Seq+n), first.Seq+n)
		if err != nil {
			return nil, nil, err
		}
		body := partOf(next)
		if body == nil || body.Part != n || !account.Follows(parts[n-1], body) {
			break
		}
		parts = append(parts, next)
	}
	last := parts[len(parts)-1]
	status, err := l.status(last, row.at(last.Seq))
	return parts, &status, err
}
