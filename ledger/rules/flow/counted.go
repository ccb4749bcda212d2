package flow

import (
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// Counts reports whether an event that has its effect is among what is confirmed
// in the totals. It is what the last Recount came to.
func Counts(c rules.Context, e protocol.Entry, b *protocol.Event) (bool, error) {
	counts, err := alone(c, e, b)
	if err != nil {
		return false, err
	}
	id := e.ID()
	swayed, err := c.Get(rules.Swayed, id[:])
	return counts != (swayed != nil), err
}

// Recount looks again whether an event that has its effect is confirmed, makes the
// totals follow, and returns whether that changed. What corrects the event then
// has to be looked at as well.
func Recount(c rules.Context, e protocol.Entry, b *protocol.Event) (bool, error) {
	id := e.ID()
	said, err := tallyOf(c, id)
	if err != nil {
		return false, err
	}
	now, err := meets(c, e, b, said, true)
	if err != nil {
		return false, err
	}
	alone, err := alone(c, e, b)
	if err != nil {
		return false, err
	}
	row, err := c.Get(rules.Swayed, id[:])
	if was := alone != (row != nil); err != nil || now == was {
		return false, err
	}
	sway(c, id, now != alone)
	return true, change(c, b, func(s *Sums, q rules.Total) {
		if now {
			s.Confirmed = s.Confirmed.Add(q)
		} else {
			s.Confirmed = s.Confirmed.Sub(q)
		}
	})
}

func sway(c rules.Context, id protocol.EntryID, swayed bool) {
	var row []byte
	if swayed {
		row = []byte{}
	}
	c.Put(rules.Swayed, id[:], row)
}

// alone reports whether an event would be confirmed if nothing else were known:
// no verdict, no rule for some events only, nothing that it names. Most events
// stand as that says, so that table Swayed has few rows.
func alone(c rules.Context, e protocol.Entry, b *protocol.Event) (bool, error) {
	if !b.Corrects.IsZero() {
		return false, nil
	}
	terms, err := c.Terms(e.Charter)
	if err != nil {
		return false, err
	}
	n, t := NeedOf(rules.Confirmation{Base: terms.Confirmation.Base}, Subject{}, b), tally{}
	if b.Source == "" && e.Log.Agent() != b.Provider {
		speaks, err := Speaks(c, e)
		if err != nil {
			return false, err
		}
		t.hear(e, terms.Confirmation, speaks)
	}
	return t.counting(n) >= n.Required, nil
}

// hear counts the recording of an event as its author's confirmation, if the author
// speaks.
func (t *tally) hear(e protocol.Entry, c rules.Confirmation, speaks bool) {
	said := byte(saysConfirm)
	if steward(c.Stewards, e.Log) {
		said |= asSteward
	}
	if speaks {
		t.count(said, 1)
	}
}

// meets reports whether a tally of verdicts is what an event needs, by the charter
// under which it was written. A correction also needs that the event counts which
// it corrects. Windows are not looked at. Unless somebody spoke, there are no
// verdicts.
func meets(c rules.Context, e protocol.Entry, b *protocol.Event, t tally, spoke bool) (bool, error) {
	if !b.Corrects.IsZero() {
		corrected, stands, err := c.Lookup(b.Corrects)
		if err != nil {
			return false, err
		}
		c.Put(rules.Mended, b.Corrects[:], []byte{})
		body, is := corrected.Body.(*protocol.Event)
		if !stands || !is {
			return false, nil // the verdict on what it names has missed it
		}
		if counts, err := Counts(c, corrected, body); err != nil || !counts {
			return false, err
		}
	}
	n, own, err := NeedFor(c, e, b, spoke)
	if err != nil {
		return false, err
	}
	if t, err = t.others(c, e, b, own, spoke); err != nil {
		return false, err
	}
	return t.disputes == 0 && t.counting(n) >= n.Required, nil
}

// NeedFor returns what an event needs as far as is known now, and the logs that
// are its provider's own: all of them if they are asked for, else as far as they
// were looked for.
func NeedFor(c rules.Context, e protocol.Entry, b *protocol.Event, all bool) (n Need, own []protocol.LogID, err error) {
	terms, err := c.Terms(e.Charter)
	if err != nil {
		return n, nil, err
	}
	var s Subject
	if len(terms.Confirmation.Rules) > 0 {
		if s, err = subjectNow(c, terms.Confirmation, e.ID(), b); err != nil {
			return n, nil, err
		}
	}
	own = []protocol.LogID{protocol.LogID(b.Provider)}
	if all || e.Log.Agent() != b.Provider && (b.Source == "" || admits(b)) {
		if own, err = OwnLogs(c, b.Provider); err != nil {
			return n, nil, err
		}
	}
	n = NeedOf(terms.Confirmation, s, b).of(e, b, func(log protocol.LogID) bool { return slices.Contains(own, log) })
	speaks, err := Speaks(c, e)
	n.Silent = !speaks
	return n, own, err
}

// subjectNow returns what the rules of a charter look at in an event: of a
// correction, in what it corrects.
func subjectNow(c rules.Context, terms rules.Confirmation, id protocol.EntryID, b *protocol.Event) (Subject, error) {
	if !b.Corrects.IsZero() {
		corrected, stands, err := c.Lookup(b.Corrects)
		body, is := corrected.Body.(*protocol.Event)
		if err != nil || !stands || !is {
			return Subject{Action: b.Action}, err
		}
		id, b = b.Corrects, body
	}
	s, missing, err := SubjectOf(id, b, PartsOf(terms), c.Lookup)
	for _, m := range missing {
		if err == nil {
			err = c.Miss(m)
		}
	}
	return s, err
}

// OwnLogs returns the logs that speak for an agent: that of the agent to which it
// resolves, and those of all that resolve to the same.
func OwnLogs(c rules.Rows, agent protocol.AgentID) ([]protocol.LogID, error) {
	log, _, err := account.BoundTo(c, agent)
	if err != nil {
		return nil, err
	}
	if log.IsZero() {
		log = protocol.LogID(agent)
	}
	own := []protocol.LogID{log}
	records, err := account.Records(c, log)
	for _, r := range records {
		own = append(own, protocol.LogID(r))
	}
	return own, err
}

// others returns a tally without the provider's own verdicts, and with the
// author's voice where recording the event is one.
func (t tally) others(c rules.Context, e protocol.Entry, b *protocol.Event, own []protocol.LogID, spoke bool) (tally, error) {
	if t != (tally{}) {
		for _, log := range own {
			said, err := voices(c, e.ID(), log)
			if err != nil {
				return t, err
			}
			t.count(latest(said), -1)
		}
	}
	if b.Source != "" || slices.Contains(own, e.Log) {
		return t, nil
	}
	if spoke {
		said, err := voices(c, e.ID(), e.Log)
		if err != nil || len(said) > 0 {
			return t, err
		}
	}
	terms, err := c.Terms(e.Charter)
	if err != nil {
		return t, err
	}
	speaks, err := Speaks(c, e)
	t.hear(e, terms.Confirmation, speaks)
	return t, err
}

// StandingOf returns what an event that has its effect needs, and how far it has
// come as far as is known now. Windows are not looked at, and single voices not
// told; Weigh does both.
func StandingOf(c rules.Context, e protocol.Entry, b *protocol.Event) (Need, Standing, error) {
	t, err := tallyOf(c, e.ID())
	if err != nil {
		return Need{}, Standing{}, err
	}
	n, own, err := NeedFor(c, e, b, t != (tally{}))
	if err != nil {
		return n, Standing{}, err
	}
	if t, err = t.others(c, e, b, own, true); err != nil {
		return n, Standing{}, err
	}
	s := Standing{State: StandsConfirmed, Count: t.counting(n)}
	switch {
	case t.disputes > 0:
		s.State = StandsDisputed
	case s.Count < n.Required:
		s.State = StandsWaiting
	case !b.Corrects.IsZero():
		corrected, stands, err := c.Lookup(b.Corrects)
		body, is := corrected.Body.(*protocol.Event)
		counts := false
		if err == nil && stands && is {
			counts, err = Counts(c, corrected, body)
		}
		if err != nil {
			return n, s, err
		}
		if !counts {
			s.State = StandsWaiting
		}
	}
	return n, s, nil
}
