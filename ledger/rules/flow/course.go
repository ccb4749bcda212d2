package flow

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Course says which way things go by an event, on the resources that it names:
// whence it draws them, and what it feeds. A resource can be both.
type Course struct {
	Draws []protocol.EntryID
	Feeds []protocol.EntryID
}

// CourseOf returns the course of a legal event. Uses and citations draw on a
// resource, although they take nothing from it.
func CourseOf(id protocol.EntryID, b *protocol.Event) (c Course) {
	from, to := Named(id, b)
	in, out := TakesProcess(b.Action)
	if in && out {
		in, out = !b.InputOf.IsZero(), b.InputOf.IsZero()
	}
	draws, feeds := true, false
	switch {
	case out:
		draws, feeds = !to.IsZero(), true
	case in:
	case b.Action == "raise":
		draws, feeds = false, true
	case actions[b.Action].transfers() && to.IsZero():
		feeds = true // it goes, or comes back
	}
	if !from.IsZero() {
		if draws {
			c.Draws = append(c.Draws, from)
		}
		if feeds {
			c.Feeds = append(c.Feeds, from)
		}
	}
	if !to.IsZero() {
		c.Feeds = append(c.Feeds, to)
		if in {
			c.Draws = append(c.Draws, to)
		}
	}
	return c
}

// AmountOf returns what an event moves, and in which unit: its resource quantity,
// zero without a unit if it has none.
func AmountOf(b *protocol.Event) (rules.Total, string) { return amountOf(b) }
