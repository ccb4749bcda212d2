package ledger

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// ContributionReason is a line of a balance with the events that it sums. Listed
// has the largest of them; the quantities of those that are not listed sum to what
// is missing.
type ContributionReason struct {
	Contribution
	Listed []ContributionEvent
}

// ContributionEvent is an event behind a line of a balance, and what it adds there.
type ContributionEvent struct {
	Event    Event
	Quantity Total
}

// BehindBalance returns the contributions of an agent, as Balance does, each with
// the events that it sums: at most so many of each line, those of the largest
// quantity, ties by identifier. It reads every event that names the agent or one
// of its records.
func (l *Ledger) BehindBalance(ctx context.Context, id protocol.CommonsID, agent protocol.AgentID, most int) ([]ContributionReason, error) {
	no, _, err := l.state(id)
	if err != nil {
		return nil, err
	}
	_, accounts, err := l.resolve(stored{l, no}, agent)
	if err != nil {
		return nil, err
	}
	behind := gathered{most: max(most, 0), lines: map[flow.Line]*ContributionReason{}}
	for _, account := range accounts {
		for p := (Page{Limit: maxPage}); ; {
			events, next, err := l.Events(ctx, id, EventFilter{Agent: account}, p)
			if err != nil {
				return nil, err
			}
			for _, e := range events {
				if e.Body.Provider == account {
					behind.add(e)
				}
			}
			if p.After = next; next == "" {
				break
			}
		}
	}
	return behind.sorted(), nil
}

// gathered sums events by lines and keeps the largest of each.
type gathered struct {
	most  int
	lines map[flow.Line]*ContributionReason
}

func (g gathered) add(e Event) {
	if e.Body.Currency != "" || e.State != Pending && e.State != Settled {
		return
	}
	line, quantity := flow.LineOf(e.Body)
	line.Agent = protocol.AgentID{} // records are one with their member
	r := g.lines[line]
	if r == nil {
		r = &ContributionReason{Contribution: Contribution{Action: line.Action, Resource: line.Resource, Unit: line.Unit}}
		g.lines[line] = r
	}
	n := rules.TotalOf(quantity.Amount())
	r.Quantity, r.Events = r.Quantity.Add(n), r.Events+1
	if e.Confirmed {
		r.Confirmed = r.Confirmed.Add(n)
	}
	item := ContributionEvent{Event: e, Quantity: n}
	at, _ := slices.BinarySearchFunc(r.Listed, item, byQuantity)
	if at >= g.most {
		return
	}
	r.Listed = slices.Insert(r.Listed, at, item)
	r.Listed = r.Listed[:min(len(r.Listed), g.most)]
}

func byQuantity(a, b ContributionEvent) int {
	x, y := magnitude(a.Quantity), magnitude(b.Quantity)
	switch {
	case x.Above(y):
		return -1
	case y.Above(x):
		return 1
	}
	return bytes.Compare(a.Event.ID[:], b.Event.ID[:])
}

func magnitude(t Total) Total {
	if t.IsNegative() {
		return t.Neg()
	}
	return t
}

func (g gathered) sorted() []ContributionReason {
	all := make([]ContributionReason, 0, len(g.lines))
	for _, r := range g.lines {
		all = append(all, *r)
	}
	slices.SortFunc(all, func(a, b ContributionReason) int {
		return cmp.Or(cmp.Compare(a.Action, b.Action), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Unit, b.Unit))
	})
	return all
}
