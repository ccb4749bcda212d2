package ledger

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// judgeNamed judges a legal event by what it names, as far as that has its effect
// now, and returns what has none.
func (b *batch) judgeNamed(c *openCommons, body *protocol.Event) (reason Reason, missing []protocol.EntryID, err error) {
	if body.ResourceInventoriedAs.IsZero() && body.ToResourceInventoriedAs.IsZero() && body.Corrects.IsZero() {
		return rules.Valid, nil, nil
	}
	var things [3]flow.Thing
	for i, id := range []protocol.EntryID{body.ResourceInventoriedAs, body.ToResourceInventoriedAs, body.Corrects} {
		if id.IsZero() {
			continue
		}
		if things[i], err = b.thing(c, id, i == 2); err != nil {
			return rules.Valid, nil, err
		}
		if !things[i].There {
			missing = append(missing, id)
		}
	}
	return flow.JudgeNamed(body, things[0], things[1], things[2]), missing, nil
}

// thing returns what an event names: the resource or, if corrected, the event.
func (b *batch) thing(c *openCommons, id protocol.EntryID, corrected bool) (flow.Thing, error) {
	t := flow.Thing{ID: id}
	if !corrected {
		open, err := b.resource(c, id)
		if err != nil {
			return t, err
		}
		if open.row != nil {
			t.There, t.Resource = true, &open.row.Made
			return t, nil
		}
	}
	e, effective, err := b.context(c).Lookup(id)
	t.There = effective
	t.Event, _ = e.Body.(*protocol.Event)
	return t, err
}

// miss notes that an entry is named that has no effect now: when it has, those
// that name it are looked at again.
func (b *batch) miss(c *openCommons, id protocol.EntryID) error {
	x := b.context(c)
	noted, err := x.Get(rules.Missing, id[:])
	if err != nil || noted != nil {
		return err
	}
	x.Put(rules.Missing, id[:], []byte{})
	c.row.Missing++
	return nil
}

// appeared sees to what named an entry before it had its effect.
func (b *batch) appeared(c *openCommons, id protocol.EntryID) error {
	if c.row.Missing == 0 {
		return nil
	}
	x := b.context(c)
	noted, err := x.Get(rules.Missing, id[:])
	if err != nil || noted == nil {
		return err
	}
	x.Put(rules.Missing, id[:], nil)
	c.row.Missing--
	b.later(task{do: doRejudge, commons: c.no, entry: id})
	return nil
}

// vanished sees to what names an entry that has lost its effect.
func (b *batch) vanished(c *openCommons, id protocol.EntryID) {
	b.later(task{do: doRejudge, commons: c.no, entry: id})
}

// rejudgeNaming looks again at the events that name an entry which has got or
// lost its effect.
func (b *batch) rejudgeNaming(c *openCommons, id protocol.EntryID) error {
	x := b.context(c)
	watched := stateKey(c.no, rules.Watched, id[:])
	err := b.scan(watched, nil, func(k, _ []byte) (bool, error) {
		b.later(task{do: doRebuild, commons: c.no, entry: idFrom(k[len(watched):])})
		return true, nil
	})
	if err != nil {
		return err
	}
	return x.naming(id, "", func(e protocol.Entry, no logNo) (bool, error) {
		if record, is := e.Body.(*protocol.Record); is && c.looksAround() && flow.Leads(record, id) {
			b.later(task{do: doRejudge, commons: c.no, entry: e.ID()})
		}
		body, is := e.Body.(*protocol.Event)
		if !is || body.Currency != "" {
			return true, nil
		}
		judged, err := x.judged(e, no)
		if err != nil || !judged {
			return true, err
		}
		has, err := b.rejudge(c, e, body)
		if err != nil || !has {
			return true, err
		}
		if err := b.recountEvent(c, e, body); err != nil {
			return false, err
		}
		// Its place among the events on its resources may have changed.
		for _, t := range flow.Touches(e.ID(), body) {
			b.later(task{do: doRebuild, commons: c.no, entry: t.Resource})
		}
		return true, nil
	})
}

// rejudge gives an event that waits for nothing the verdict that follows from what
// it names, and reports whether it has its effect.
func (b *batch) rejudge(c *openCommons, e protocol.Entry, body *protocol.Event) (has bool, err error) {
	x := b.context(c)
	void, err := x.Get(rules.Voids, idKey(e))
	was := Reason(void)
	if err != nil || void != nil && !was.Soft() {
		return false, err
	}
	now, missing, err := b.judgeNamed(c, body)
	for _, id := range missing {
		if err == nil {
			err = b.miss(c, id)
		}
	}
	if err != nil || now == was {
		return now == rules.Valid, err
	}
	switch rules.Valid {
	case was:
		if err := b.effect(c, e, rules.Undo); err != nil {
			return false, err
		}
		c.row.Void++
		x.Put(rules.Voids, idKey(e), []byte(now))
		b.vanished(c, e.ID())
	case now:
		c.row.Void--
		x.Put(rules.Voids, idKey(e), nil)
		if err := b.effect(c, e, rules.Apply); err != nil {
			return false, err
		}
		return true, b.appeared(c, e.ID())
	default:
		x.Put(rules.Voids, idKey(e), []byte(now))
	}
	return false, nil
}
