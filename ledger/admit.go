package ledger

import (
	"errors"
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// Admissible reports whether a segment that begins with first would be looked
// at: its log is held, or first is the inception of a log that is to be
// admitted. It is cheap enough to stand before any check of a segment's
// signature. The error is nil, or wraps protocol.ErrUnknownCommons or
// protocol.ErrNotAdmitted.
func (l *Ledger) Admissible(first protocol.Entry) error {
	_, err := l.logByID(first.Log)
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	_, err = l.admitting(first)
	return err
}

// admitting returns the commons into which an inception is let in.
func (l *Ledger) admitting(first protocol.Entry) (commonsNo, error) {
	body, is := first.Body.(*protocol.Inception)
	if !is {
		return 0, fmt.Errorf("%w: log %v", protocol.ErrNotAdmitted, first.Log)
	}
	id := body.Commons
	if id.IsZero() {
		id = protocol.CommonsID{EntryID: first.ID()}
	}
	l.stateMu.RLock()
	no, held := l.byID[id]
	c := l.commons[no]
	l.stateMu.RUnlock()
	if !held {
		return 0, fmt.Errorf("%w: %v", protocol.ErrUnknownCommons, id)
	}
	if body.Commons.IsZero() {
		return no, nil
	}
	return no, l.admits(c, first, body)
}

func (l *Ledger) admits(c *commonsState, first protocol.Entry, body *protocol.Inception) error {
	terms := c.currentTerms()
	if terms.Steward(first.Log) || terms.Open {
		return nil
	}
	named, err := l.read(stateKey(l.noOf(c.id()), rules.Admitted, first.Log.EntryID[:]))
	if err != nil || named != nil {
		return err
	}
	if body.Grant == nil {
		return fmt.Errorf("%w: log %v has no grant", protocol.ErrNotAdmitted, first.Log)
	}
	if body.Grant.Charter > c.inForce {
		return fmt.Errorf("%w: its grant stands on charter entry %d, %w", protocol.ErrNotAdmitted,
			body.Grant.Charter, &protocol.GapError{Log: c.id().Charter(), Next: c.inForce + 1})
	}
	invite, no, err := l.find(body.Grant.Invite)
	if errors.Is(err, ErrNotFound) {
		return fmt.Errorf("%w: its invitation %v is not held", protocol.ErrNotAdmitted, body.Grant.Invite)
	}
	if err != nil {
		return err
	}
	giver, err := l.logRow(no)
	if err != nil {
		return err
	}
	if giver.Commons != l.noOf(c.id()) || !charter.Admits(c.termsAt(body.Grant.Charter), invite, first) {
		return fmt.Errorf("%w: its invitation %v does not let it in", protocol.ErrNotAdmitted, body.Grant.Invite)
	}
	return nil
}

func (l *Ledger) noOf(id protocol.CommonsID) commonsNo {
	l.stateMu.RLock()
	defer l.stateMu.RUnlock()
	return l.byID[id]
}
