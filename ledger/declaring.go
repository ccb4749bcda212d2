package ledger

import (
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/reciprocity"
	"github.com/minga-commons/minga/protocol"
)

// judgeDeclare returns why a declaration of use has no effect, or rules.Valid: it
// is the author's own use, or a steward's word on somebody who has no log. That
// the latter really has none is looked at when the use is counted.
func (b *batch) judgeDeclare(c *openCommons, e protocol.Entry, body *protocol.Declare) (Reason, error) {
	if body.Agent != e.Log.Agent() {
		log, since, err := account.BoundTo(b.context(c), body.Agent)
		if err != nil {
			return rules.Valid, err
		}
		bound := !log.IsZero() && since <= e.Charter
		if bound && log != e.Log || !bound && !c.termsAt(e.Charter).Steward(e.Log) {
			return rules.NotOwnUse, nil
		}
	}
	return reciprocity.Judge(body, e.Time), nil
}

// refuseDeclare returns why a declaration that is about to be written would be in
// vain: the licence is not for the resource, somebody with a log declares for
// itself, or the agent has declared other days that overlap.
func (b *batch) refuseDeclare(c *openCommons, log *openLog, body *protocol.Declare) error {
	row, err := b.context(c).Get(rules.Agents, body.Agent.EntryID[:])
	if err != nil {
		return err
	}
	if row == nil && body.Agent.EntryID != c.row.ID {
		return fmt.Errorf("%w: agent %v", ErrNotFound, body.Agent)
	}
	other, err := b.openLog(protocol.LogID(body.Agent))
	if err != nil {
		return err
	}
	if other != nil && other.log() != log.log() {
		return &VoidError{Reason: rules.NotOwnUse}
	}
	if reason := reciprocity.Judge(body, protocol.TimeOf(b.l.now())); reason != rules.Valid {
		return &VoidError{Reason: reason}
	}
	doc, err := b.l.charterOf(c.no, c.commonsState, c.inForce)
	switch {
	case err != nil:
		return err
	case doc.Licence == nil:
		return ErrNoLicence
	case !reciprocity.Covers(doc.Licence, body.Resource):
		return &VoidError{Reason: rules.NotLicensed}
	}
	return b.refuseOverlap(c, body)
}

func (b *batch) refuseOverlap(c *openCommons, body *protocol.Declare) error {
	var places []dealt
	from, _ := reciprocity.ParseDay(body.Beginning)
	_, all, err := b.l.resolve(b.context(c), body.Agent)
	for _, agent := range all {
		if err != nil {
			return err
		}
		err = dealings(b.scanRows, c.no, dealsDeclare, agent, from, func(d dealt) bool {
			places = append(places, d)
			return true
		})
	}
	for _, at := range places {
		if err != nil {
			return err
		}
		var e protocol.Entry
		if e, err = b.stored(at.no, at.seq); err != nil {
			return err
		}
		known, is := e.Body.(*protocol.Declare)
		if !is {
			return ErrDamaged
		}
		if reciprocity.Declared(e, known).Overlaps(reciprocity.Declared(protocol.Entry{}, body)) {
			return &VoidError{Reason: rules.PeriodsOverlap}
		}
	}
	return err
}

// scanRows is scan for who wants nothing to fail in between.
func (b *batch) scanRows(prefix, from []byte, fn func(k, v []byte) bool) error {
	return b.scan(prefix, from, func(k, v []byte) (bool, error) { return fn(k, v), nil })
}

// versionAt returns the seq of the charter in force at a seq of the charter log,
// -1 before the first.
func (c *commonsState) versionAt(seq int64) int64 {
	at := int64(-1)
	for _, t := range c.terms {
		if t.seq <= seq {
			at = t.seq
		}
	}
	return at
}

// charterOf returns the document of the charter in force at a seq of the charter
// log, the zero value before the first.
func (l *Ledger) charterOf(no commonsNo, c *commonsState, seq int64) (charter.Document, error) {
	at := c.versionAt(seq)
	if at < 0 {
		return charter.Document{}, nil
	}
	row, err := l.logByID(c.id().Charter())
	if err != nil {
		return charter.Document{}, err
	}
	e, err := l.entryAt(row.at(at), at)
	if err != nil {
		return charter.Document{}, err
	}
	body, is := e.Body.(*protocol.Charter)
	if !is {
		return charter.Document{}, fmt.Errorf("%w: entry %d of the charter log is no charter", ErrDamaged, at)
	}
	doc, _ := charter.Parse(body.Doc)
	return doc, nil
}
