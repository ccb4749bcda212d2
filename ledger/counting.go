package ledger

import (
	"encoding/binary"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// Whether an event counts as confirmed depends on what members say of it, on
// whom its provider is, on what its charter's rules find through what it names,
// and, of a correction, on the event that it corrects. Whatever of that changes
// ends here.

// recountEvent looks again whether an event that has its effect counts, and so at
// what corrects it, which needs what the event needs.
func (b *batch) recountEvent(c *openCommons, e protocol.Entry, body *protocol.Event) error {
	if _, err := flow.Recount(b.context(c), e, body); err != nil {
		return err
	}
	return b.recounted(c, e, body, true, rules.Apply)
}

// recounted sees to what follows from whether an event counts.
func (b *batch) recounted(c *openCommons, e protocol.Entry, body *protocol.Event, changed bool, sign rules.Sign) error {
	ripens, err := b.ripen(c, e, body, sign)
	if err != nil || !changed && !ripens {
		return err
	}
	mended, err := b.context(c).Get(rules.Mended, idKey(e))
	if err == nil && mended != nil {
		b.later(task{do: doMended, commons: c.no, entry: e.ID()})
	}
	return err
}

// recountCorrections looks again at the corrections of an event.
func (b *batch) recountCorrections(c *openCommons, id protocol.EntryID) error {
	return b.context(c).Naming(id, "corrects", func(e protocol.Entry, effective bool) (bool, error) {
		body, is := e.Body.(*protocol.Event)
		if !is || !effective {
			return true, nil
		}
		return true, b.recountEvent(c, e, body)
	})
}

// weighVerdict sees to what a verdict that was given or taken back changes.
func (b *batch) weighVerdict(c *openCommons, e protocol.Entry, body *protocol.Confirm, sign rules.Sign) error {
	x := b.context(c)
	changed, err := flow.ApplyConfirm(x, e, body, sign)
	if err == nil {
		err = b.hear(c, e, body)
	}
	if err != nil || !changed && !c.hasWindows() {
		return err
	}
	target, effective, err := x.Lookup(body.Target)
	event, is := target.Body.(*protocol.Event)
	if err != nil || !is || !effective || event.Currency != "" {
		return err
	}
	return b.recounted(c, target, event, changed, rules.Apply)
}

// bind makes an agent record and the agent of a log the same, or takes that back.
// What the one says of the other's contributions counts no longer, or again: these
// are events in the logs concerned, and events on which they spoke.
func (b *batch) bind(c *openCommons, e protocol.Entry, body *protocol.Bind, sign rules.Sign) error {
	x := b.context(c)
	if err := account.Bind(x, e, body, sign); err != nil {
		return err
	}
	all, err := flow.OwnLogs(x, body.Log.Agent())
	if err != nil {
		return err
	}
	if record := (protocol.LogID{EntryID: body.Agent}); !slices.Contains(all, record) {
		all = append(all, record)
	}
	for _, id := range all {
		log, err := b.openLog(id)
		if err != nil {
			return err
		}
		for seq := int64(0); log != nil && log.Commons == c.no && seq <= log.Applied.Seq; seq++ {
			e, err := b.entryAt(log, seq)
			if err == nil {
				err = b.recountFor(c, e, all)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// recountFor looks again at an event, or at that of which a verdict is, if its
// provider is one of some agents.
func (b *batch) recountFor(c *openCommons, e protocol.Entry, providers []protocol.LogID) error {
	id := e.ID()
	if verdict, is := e.Body.(*protocol.Confirm); is {
		id = verdict.Target
	}
	e, effective, err := b.context(c).Lookup(id)
	body, is := e.Body.(*protocol.Event)
	if err != nil || !is || !effective || body.Currency != "" || !slices.Contains(providers, protocol.LogID(body.Provider)) {
		return err
	}
	return b.recountEvent(c, e, body)
}

// Miss notes that something depends on an entry which has no effect now.
func (x view) Miss(id protocol.EntryID) error { return x.b.miss(x.c, id) }

// hasWindows reports whether a charter has events wait for a time.
func (c *commonsState) hasWindows() bool {
	for i := range c.terms {
		if c.terms[i].terms.Confirmation.HasWindow() {
			return true
		}
	}
	return false
}

// looksAround reports whether a charter looks at the processes or plans of events.
func (c *commonsState) looksAround() bool {
	for i := range c.terms {
		if c.terms[i].terms.Confirmation.LooksAround() {
			return true
		}
	}
	return false
}

// A row of table Ripening says when the window of an event in the totals of what
// is confirmed ends: under 'e' and the event, and under 'a', the provider, the
// time and the event, so that what is not ripe yet is found for a balance.
const (
	ripensEvent = 'e'
	ripensAgent = 'a'
)

func ripeningOf(id protocol.EntryID) []byte { return append([]byte{ripensEvent}, id[:]...) }

func ripeningBy(agent protocol.AgentID, until protocol.Time) []byte {
	key := append(make([]byte, 0, 80), ripensAgent)
	key = append(key, agent.EntryID[:]...)
	return binary.BigEndian.AppendUint64(key, uint64(until)^1<<63)
}

// ripen keeps table Ripening for one event, and returns whether its row changed.
// The state does not depend on the table.
func (b *batch) ripen(c *openCommons, e protocol.Entry, body *protocol.Event, sign rules.Sign) (bool, error) {
	if !c.hasWindows() {
		return false, nil
	}
	x := b.context(c)
	id := e.ID()
	row, err := x.Get(rules.Ripening, ripeningOf(id))
	if err != nil {
		return false, err
	}
	was, now := timeFrom(row), protocol.Time(0)
	if sign == rules.Apply {
		if now, err = b.ripeAt(c, e, body); err != nil {
			return false, err
		}
	}
	if was == now {
		return false, nil
	}
	if was != 0 {
		x.Put(rules.Ripening, append(ripeningBy(body.Provider, was), id[:]...), nil)
		x.Put(rules.Ripening, ripeningOf(id), nil)
	}
	if now != 0 {
		x.Put(rules.Ripening, append(ripeningBy(body.Provider, now), id[:]...), []byte{})
		x.Put(rules.Ripening, ripeningOf(id), u64(uint64(now)))
	}
	return true, nil
}

func timeFrom(row []byte) protocol.Time {
	if len(row) != 8 {
		return 0
	}
	return protocol.Time(binary.BigEndian.Uint64(row))
}

// ripeAt returns when the window of an event ends, zero if it has none or the
// event does not count. A correction is ripe no sooner than what it corrects.
func (b *batch) ripeAt(c *openCommons, e protocol.Entry, body *protocol.Event) (until protocol.Time, err error) {
	x := b.context(c)
	if counts, err := flow.Counts(x, e, body); err != nil || !counts {
		return 0, err
	}
	if !body.Corrects.IsZero() {
		row, err := x.Get(rules.Ripening, ripeningOf(body.Corrects))
		if err != nil {
			return 0, err
		}
		until = timeFrom(row)
	}
	n, own, err := flow.NeedFor(x, e, body, true)
	if err != nil || n.Window.IsZero() {
		return until, err
	}
	prefix := stateKey(c.no, rules.Voices, idKey(e))
	var history []flow.Voice
	err = b.scan(prefix, nil, func(k, v []byte) (bool, error) {
		history = append(history, flow.VoicesFrom(protocol.LogID{EntryID: idFrom(k[len(prefix):])}, v)...)
		return true, nil
	})
	s := flow.Weigh(n, e, body, func(log protocol.LogID) bool { return slices.Contains(own, log) }, history, 0)
	return max(until, s.Until), err
}
