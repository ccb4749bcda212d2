package ledger

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// parts returns the parts of a distribution up to one that is valid.
func (b *batch) parts(log *openLog, e protocol.Entry) ([]protocol.Entry, error) {
	body, is := e.Body.(*protocol.Distribution)
	if !is || body.Part >= min(account.MaxParts, e.Seq) {
		return nil, ErrDamaged
	}
	parts := make([]protocol.Entry, body.Part+1)
	parts[body.Part] = e
	for i := range body.Part {
		var err error
		if parts[i], err = b.entryAt(log, e.Seq-body.Part+i); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// judgePart judges a part of a distribution: that it fits the one before it, and
// if it is the last, the whole.
func (b *batch) judgePart(c *openCommons, log *openLog, e protocol.Entry, body *protocol.Distribution) (account.Verdict, error) {
	void := account.Verdict{Reason: rules.BadDistribution}
	if body.Parts > account.MaxParts {
		return void, nil
	}
	if body.Part > 0 {
		before, err := b.entryAt(log, e.Seq-1)
		if err != nil || !account.Follows(before, body) {
			return void, err
		}
		if row, err := b.context(c).Get(rules.Voids, idKey(before)); err != nil || row != nil {
			return void, err
		}
	}
	if _, last := account.Last(e); !last {
		return account.Verdict{}, nil
	}
	parts, err := b.parts(log, e)
	if err != nil {
		return void, err
	}
	return b.judgeWhole(c, log, parts)
}

// judgeWhole judges a distribution whose parts follow one another and wait for
// nothing, and says what it moves.
func (b *batch) judgeWhole(c *openCommons, log *openLog, parts []protocol.Entry) (account.Verdict, error) {
	first, is := parts[0].Body.(*protocol.Distribution)
	if !is {
		return account.Verdict{Reason: rules.BadDistribution}, nil
	}
	if fit, err := b.claimsFit(log, first.Claims); err != nil || !fit {
		return account.Verdict{Reason: rules.BadWatermark}, err
	}
	payer, err := b.payer(c, log, parts[0])
	if err != nil {
		return account.Verdict{}, err
	}
	return account.JudgeDistribution(b.context(c), payer, parts)
}
