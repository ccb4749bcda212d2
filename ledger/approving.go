package ledger

import (
	"context"
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// ApproveDistribution signs all parts of a proposed distribution, given by part 0
// or any other. It returns ErrNotSigner for one who holds no key, a *LockedError
// when the member signed a rival, and what checkDistribution says.
func (l *Ledger) ApproveDistribution(ctx context.Context, id protocol.CommonsID, distribution protocol.EntryID) (Written, error) {
	if err := l.whenAsked(ctx, id); err != nil {
		return Written{}, err
	}
	parts, err := l.openParts(ctx, id, distribution)
	if err != nil {
		return Written{}, err
	}
	if body := partOf(parts[0]); int64(len(parts)) != body.Parts {
		return Written{}, fmt.Errorf("%w: only %d of the %d parts of the distribution are here; try again in a moment", ErrUnsettled, len(parts), body.Parts)
	}
	if l.checkDistribution != nil {
		if err := l.checkDistribution(ctx, id, parts); err != nil {
			return Written{}, err
		}
	}
	return l.opineOnParts(ctx, id, parts, func(b *batch, c *openCommons, own *openLog, part protocol.Entry) (bool, error) {
		signed, err := b.said(c, rules.Approvals, part.ID(), own)
		if err == nil && !signed {
			_, err = b.mayApprove(c, own, part)
		}
		return !signed, err
	}, func(b *batch, c *openCommons, own *openLog, part protocol.Entry) (protocol.Entry, error) {
		return b.approve(c, own, part)
	})
}

// RejectDistribution refuses all parts of a proposed distribution for good. It
// returns an error that wraps ErrExists if the member has signed it.
func (l *Ledger) RejectDistribution(ctx context.Context, id protocol.CommonsID, distribution protocol.EntryID) (Written, error) {
	if err := l.whenAsked(ctx, id); err != nil {
		return Written{}, err
	}
	parts, err := l.openParts(ctx, id, distribution)
	if err != nil {
		return Written{}, err
	}
	return l.opineOnParts(ctx, id, parts, func(b *batch, c *openCommons, own *openLog, part protocol.Entry) (bool, error) {
		signed, err := b.said(c, rules.Approvals, part.ID(), own)
		if err != nil {
			return false, err
		}
		if signed {
			return false, fmt.Errorf("%w: you have signed this proposal", ErrExists)
		}
		refused, err := b.said(c, rules.Refusals, part.ID(), own)
		return !refused, err
	}, func(b *batch, c *openCommons, own *openLog, part protocol.Entry) (protocol.Entry, error) {
		return b.write(c, own, &protocol.Reject{CID: part.ID()})
	})
}

func partOf(e protocol.Entry) *protocol.Distribution {
	body, _ := e.Body.(*protocol.Distribution)
	return body
}

// opineOnParts has the member say something of all parts of a distribution, or of
// none: where may finds that it was not said before. The answer is the first entry
// that says it.
func (l *Ledger) opineOnParts(ctx context.Context, id protocol.CommonsID, parts []protocol.Entry,
	may func(b *batch, c *openCommons, own *openLog, part protocol.Entry) (bool, error),
	say func(b *batch, c *openCommons, own *openLog, part protocol.Entry) (protocol.Entry, error),
) (Written, error) {
	var first protocol.Entry
	err := l.write(ctx, len(parts)*draftGuess, func(b *batch) error {
		c, own, err := b.ownLog(id)
		if err != nil {
			return err
		}
		var open []protocol.Entry
		for _, part := range parts {
			unsaid, err := may(b, c, own, part)
			if err != nil {
				return err
			}
			if unsaid {
				open = append(open, part)
			}
		}
		if len(open) == 0 {
			return fmt.Errorf("%w: you have said this of the proposal", ErrExists)
		}
		if first, err = say(b, c, own, open[0]); err != nil {
			return err
		}
		for _, part := range open[1:] {
			if _, err := say(b, c, own, part); err != nil {
				b.broken = err // of some it is said
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Written{}, err
	}
	if _, err := l.FinishProposals(ctx); err != nil {
		return Written{}, err
	}
	return l.written(ctx, first)
}

// openParts returns the parts of a proposed distribution of which something can
// still be said, as far as they are here, given by any of them.
func (l *Ledger) openParts(ctx context.Context, id protocol.CommonsID, of protocol.EntryID) ([]protocol.Entry, error) {
	p, err := l.Proposal(ctx, id, of)
	if err != nil {
		return nil, err
	}
	body := partOf(p.Entry)
	if body == nil {
		return nil, fmt.Errorf("%w: %v proposes no distribution", ErrInvalid, of)
	}
	if body.Part > 0 {
		if p, err = l.Proposal(ctx, id, body.First); err != nil {
			return nil, err
		}
		if first := partOf(p.Entry); first == nil || first.Part != 0 {
			return nil, fmt.Errorf("%w: %v is a part of what is no distribution", ErrInvalid, of)
		}
	}
	no, c, err := l.state(id)
	if err != nil {
		return nil, err
	}
	parts, err := l.proposedParts(no, p.Entry)
	if err != nil {
		return nil, err
	}
	state, err := l.stateOfParts(no, c, parts)
	if err == nil && (state == ProposalDone || state == ProposalSuperseded) {
		err = fmt.Errorf("%w: the proposal is %s", ErrExists, state)
	}
	return parts, err
}

// proposedParts returns the parts of a distribution that are proposed, from one
// of them on.
func (l *Ledger) proposedParts(no commonsNo, from protocol.Entry) ([]protocol.Entry, error) {
	parts := []protocol.Entry{from}
	for body := partOf(from); body != nil && body.Part < body.Parts-1; {
		next, found, err := l.proposedNext(no, parts[len(parts)-1])
		if err != nil {
			return nil, err
		}
		if !found {
			break
		}
		parts, body = append(parts, next), partOf(next)
	}
	return parts, nil
}

// proposedNext returns the part of a distribution that is proposed to follow
// another.
func (l *Ledger) proposedNext(no commonsNo, e protocol.Entry) (next protocol.Entry, found bool, err error) {
	prefix := stateKey(no, rules.Proposals, proposalPlace(e.Log, e.Seq+1))
	var places [][]byte
	err = l.scan(prefix, nil, func(_, v []byte) bool {
		places = append(places, append([]byte{}, v...))
		return true
	})
	for _, row := range places {
		if err != nil || found {
			break
		}
		if next, err = l.wantedAt(row); err == nil {
			found = next.Prev == e.ID() && partOf(next) != nil && partOf(next).Part > 0
		}
	}
	return next, found, err
}

// wantedAt returns the entry that is proposed, by the row of table Proposals.
func (l *Ledger) wantedAt(row []byte) (protocol.Entry, error) {
	at, _, err := l.find(idFrom(row))
	if err != nil {
		return protocol.Entry{}, err
	}
	body, is := at.Body.(*protocol.Propose)
	if !is {
		return protocol.Entry{}, ErrDamaged
	}
	return protocol.Parse(body.Block)
}

// stateOfParts says how the proposals of a distribution stand together: done when
// the last is, else superseded or refused as soon as one is.
func (l *Ledger) stateOfParts(no commonsNo, c *commonsState, parts []protocol.Entry) (ProposalState, error) {
	state := ProposalOpen
	for _, part := range parts {
		p := Proposal{ID: part.ID(), Entry: part, State: ProposalOpen}
		if err := l.fillProposal(no, c, &p); err != nil {
			return state, err
		}
		if state = p.State; state == ProposalSuperseded || state == ProposalRefused {
			break
		}
	}
	return state, nil
}
