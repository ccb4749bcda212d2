package ledger

import (
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// The states of an event on its way to being confirmed.
const (
	Unconfirmed = flow.StandsWaiting   // too few have confirmed it
	Disputed    = flow.StandsDisputed  // somebody's last verdict disputes it
	Maturing    = flow.StandsMaturing  // enough confirm it, and its window is not over
	Confirmed   = flow.StandsConfirmed // it counts
)

// EventStanding says what an event needs in order to count, and how far it has come.
// It is the zero value of an event without effect.
type EventStanding struct {
	State      string // Unconfirmed, Disputed, Maturing or Confirmed
	Count      int64  // confirmations that count
	Required   int64  // how many of them are needed
	ByStewards bool   // only stewards' confirmations count
	Window     string // for how long it must stand undisputed: a period of ISO 8601
	Since      protocol.Time
	Until      protocol.Time // when the window ends; both are zero without a window
	Charter    int64         // seq of the charter that asks for this
	Rule       *Rule         // nil: the charter has no rule of its own for such events
	Admission  bool          // it lowers what its own author gave, which needs nobody
}

// Rule is a rule of confirmation for some events.
type Rule = rules.ConfirmationRule

// standing returns how far an event that has its effect has come by now.
func (l *Ledger) standing(x readContext, e protocol.Entry, body *protocol.Event) (EventStanding, error) {
	n, s, err := flow.StandingOf(x, e, body)
	if err != nil {
		return EventStanding{}, err
	}
	out := EventStanding{
		State: s.State, Count: s.Count, Required: n.Required, ByStewards: n.ByStewards, Window: n.Window.String(),
		Charter: x.c.charterAt(e.Charter), Admission: n.Admission,
	}
	if n.Rule >= 0 {
		out.Rule = &x.c.termsAt(e.Charter).Confirmation.Rules[n.Rule]
	}
	if s.State != Confirmed || !x.c.hasWindows() {
		return out, nil
	}
	if !n.Window.IsZero() {
		history, err := l.voicesOn(x.no, e.ID())
		if err != nil {
			return out, err
		}
		own, err := flow.OwnLogs(x, body.Provider)
		if err != nil {
			return out, err
		}
		s = flow.Weigh(n, e, body, func(log protocol.LogID) bool { return slices.Contains(own, log) }, history, protocol.TimeOf(l.now()))
		out.State, out.Since, out.Until = s.State, s.Since, s.Until
	}
	row, err := x.Get(rules.Ripening, ripeningOf(e.ID()))
	if until := timeFrom(row); until > protocol.TimeOf(l.now()) { // its own window, or that of what it corrects
		out.State, out.Until = Maturing, until
	}
	return out, err
}

// voicesOn returns every verdict on an entry, by log and seq.
func (l *Ledger) voicesOn(no commonsNo, target protocol.EntryID) ([]flow.Voice, error) {
	prefix := stateKey(no, rules.Voices, target[:])
	var all []flow.Voice
	err := l.scan(prefix, nil, func(k, v []byte) bool {
		all = append(all, flow.VoicesFrom(protocol.LogID{EntryID: idFrom(k[len(prefix):])}, v)...)
		return true
	})
	return all, err
}

// charterAt returns the seq of the charter in force at a charter seq.
func (c *commonsState) charterAt(seq int64) int64 {
	at := int64(0)
	for _, t := range c.terms {
		if t.seq <= seq {
			at = t.seq
		}
	}
	return at
}

// unripe takes from the lines of a sheet what is confirmed and whose window is not
// over by then.
func (l *Ledger) unripe(no commonsNo, agents []protocol.AgentID, lines []Contribution, now protocol.Time) error {
	for _, agent := range agents {
		prefix := stateKey(no, rules.Ripening, ripeningBy(agent, 0)[:1+len(agent.EntryID)])
		from := stateKey(no, rules.Ripening, ripeningBy(agent, now+1))
		var events []protocol.EntryID
		err := l.scan(prefix, from, func(k, _ []byte) bool {
			events = append(events, idFrom(k[len(k)-len(agent.EntryID):]))
			return true
		})
		if err != nil {
			return err
		}
		for _, id := range events {
			e, _, err := l.find(id)
			if err != nil {
				return err
			}
			body, is := e.Body.(*protocol.Event)
			if !is {
				return ErrDamaged
			}
			line, q := flow.LineOf(body)
			for i := range lines {
				if at := &lines[i]; at.Action == line.Action && at.Resource == line.Resource && at.Unit == line.Unit {
					at.Confirmed = at.Confirmed.Sub(rules.TotalOf(q.Amount()))
				}
			}
		}
	}
	return nil
}
