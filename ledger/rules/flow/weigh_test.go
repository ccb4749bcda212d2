package flow_test

import (
	"testing"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

const day = 24 * 60 * 60 * 1000

func logOf(n byte) protocol.LogID { return protocol.LogID{EntryID: protocol.EntryID{n}} }

func said(log byte, seq int64, verdict protocol.Verdict, at int64, steward bool) flow.Voice {
	return flow.Voice{Log: logOf(log), Seq: seq, Verdict: verdict, Time: protocol.Time(at), Steward: steward}
}

func TestWeigh(t *testing.T) {
	const yes, no, back = protocol.VerdictConfirm, protocol.VerdictDispute, protocol.VerdictWithdraw
	ana := logOf(1) // the provider
	hours := &protocol.Quantity{N: 3, Unit: "hour"}
	work := protocol.Event{Action: "work", Provider: ana.Agent(), EffortQuantity: hours}
	imported := work
	imported.Source = "row"
	lowers := work
	lowers.Corrects, lowers.EffortQuantity = protocol.EntryID{9}, &protocol.Quantity{N: -1, Unit: "hour"}
	raises := lowers
	raises.EffortQuantity = hours
	one, two := flow.Need{Required: 1}, flow.Need{Required: 2}
	stewards := flow.Need{Required: 1, ByStewards: true, Stewards: []protocol.Steward{{Log: logOf(5)}}}
	week := flow.Need{Required: 1, Window: rules.Period{Days: 7}}
	for name, c := range map[string]struct {
		need    flow.Need
		author  byte
		body    protocol.Event
		own     []byte // other logs that speak for the provider
		history []flow.Voice
		asOf    int64
		state   string
		count   int64
		until   int64
	}{
		"nobody spoke":                       {need: one, author: 1, body: work, state: flow.StandsWaiting},
		"nobody has to":                      {author: 1, body: work, state: flow.StandsConfirmed},
		"nobody has to, disputed":            {author: 1, body: work, history: []flow.Voice{said(2, 1, no, 0, false)}, state: flow.StandsDisputed},
		"a member":                           {need: one, author: 1, body: work, history: []flow.Voice{said(2, 1, yes, 0, false)}, state: flow.StandsConfirmed, count: 1},
		"the same member twice":              {need: two, author: 1, body: work, history: []flow.Voice{said(2, 1, yes, 0, false), said(2, 2, yes, 0, false)}, state: flow.StandsWaiting, count: 1},
		"the provider":                       {need: one, author: 1, body: work, history: []flow.Voice{said(1, 1, yes, 0, false)}, state: flow.StandsWaiting},
		"the provider by a binding":          {need: one, author: 1, body: work, own: []byte{2}, history: []flow.Voice{said(2, 1, yes, 0, false)}, state: flow.StandsWaiting},
		"withdrawn":                          {need: one, author: 1, body: work, history: []flow.Voice{said(2, 1, yes, 0, false), said(2, 2, back, 0, false)}, state: flow.StandsWaiting},
		"enough, and disputed":               {need: one, author: 1, body: work, history: []flow.Voice{said(2, 1, yes, 0, false), said(3, 1, no, 0, false)}, state: flow.StandsDisputed, count: 1},
		"disputed no longer":                 {need: one, author: 1, body: work, history: []flow.Voice{said(2, 1, yes, 0, false), said(3, 1, no, 0, false), said(3, 2, back, 0, false)}, state: flow.StandsConfirmed, count: 1},
		"the author for somebody else":       {need: one, author: 2, body: work, state: flow.StandsConfirmed, count: 1},
		"the author, who took it back":       {need: one, author: 2, body: work, history: []flow.Voice{said(2, 1, back, 0, false)}, state: flow.StandsWaiting},
		"the author, bound to the provider":  {need: one, author: 2, body: work, own: []byte{2}, state: flow.StandsWaiting},
		"an importer":                        {need: one, author: 2, body: imported, state: flow.StandsWaiting},
		"an importer who confirms":           {need: one, author: 2, body: imported, history: []flow.Voice{said(2, 1, yes, 0, false)}, state: flow.StandsConfirmed, count: 1},
		"a member where stewards count":      {need: stewards, author: 1, body: work, history: []flow.Voice{said(2, 1, yes, 0, false)}, state: flow.StandsWaiting},
		"a steward":                          {need: stewards, author: 1, body: work, history: []flow.Voice{said(2, 1, yes, 0, true)}, state: flow.StandsConfirmed, count: 1},
		"a member disputes before stewards":  {need: stewards, author: 5, body: work, history: []flow.Voice{said(2, 1, no, 0, false)}, state: flow.StandsDisputed, count: 1},
		"a steward for somebody else":        {need: stewards, author: 5, body: work, state: flow.StandsConfirmed, count: 1},
		"an admission":                       {need: two, author: 1, body: lowers, state: flow.StandsConfirmed},
		"an admission by a binding":          {need: two, author: 2, own: []byte{2}, body: lowers, state: flow.StandsConfirmed},
		"lowered by somebody else":           {need: two, author: 2, body: lowers, state: flow.StandsWaiting, count: 1},
		"a correction that raises":           {need: one, author: 1, body: raises, state: flow.StandsWaiting},
		"a window from the entry":            {need: week, author: 2, body: work, asOf: 9 * day, state: flow.StandsMaturing, count: 1, until: 10 * day},
		"a window that is over":              {need: week, author: 2, body: work, asOf: 10 * day, state: flow.StandsConfirmed, count: 1, until: 10 * day},
		"a window from the confirmation":     {need: week, author: 1, body: work, history: []flow.Voice{said(2, 1, yes, 4*day+5, false), said(2, 2, yes, 6*day, false)}, asOf: 9 * day, state: flow.StandsMaturing, count: 1, until: 11 * day},
		"a window from the second":           {need: flow.Need{Required: 2, Window: rules.Period{Days: 7}}, author: 1, body: work, history: []flow.Voice{said(2, 1, yes, 4*day, false), said(3, 1, yes, 5*day, false), said(4, 1, yes, 8*day, false)}, state: flow.StandsMaturing, count: 3, until: 12 * day},
		"a window from the end of a dispute": {need: week, author: 2, body: work, history: []flow.Voice{said(3, 1, no, 4*day, false), said(3, 2, back, 6*day, false)}, asOf: 12 * day, state: flow.StandsMaturing, count: 1, until: 13 * day},
		"a window after a second thought":    {need: week, author: 1, body: work, history: []flow.Voice{said(2, 1, yes, 4*day, false), said(2, 2, back, 5*day, false), said(2, 3, yes, 6*day, false)}, state: flow.StandsMaturing, count: 1, until: 13 * day},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := protocol.New(protocol.Placement{Log: logOf(c.author), Seq: 7, Prev: protocol.EntryID{1}, Time: 3*day + 1000}, &c.body)
			if err != nil {
				t.Fatal(err)
			}
			own := func(log protocol.LogID) bool {
				for _, n := range append(c.own, 1) {
					if log == logOf(n) {
						return true
					}
				}
				return false
			}
			s := flow.Weigh(c.need, e, &c.body, own, c.history, protocol.Time(c.asOf))
			if s.State != c.state || s.Count != c.count || c.until != 0 && int64(s.Until) != c.until {
				t.Errorf("%s, %d, until %d; want %s, %d, %d", s.State, s.Count, s.Until, c.state, c.count, c.until)
			}
		})
	}
}

func TestNeedOf(t *testing.T) {
	above := func(n, scale int64) *protocol.Amount { return &protocol.Amount{N: n, Scale: scale} }
	c := rules.Confirmation{Base: rules.Asked{Required: 1}, Rules: []rules.ConfirmationRule{
		{Filter: rules.Filter{Process: "siembra"}, Asked: rules.Asked{Required: 5}},
		{Filter: rules.Filter{Action: "work"}, Above: above(8, 0), Per: "hour", Asked: rules.Asked{Required: 2}},
		{Filter: rules.Filter{Resource: "Pan"}, Above: above(5, 1), Per: "kilogram", Asked: rules.Asked{Required: 3}},
	}}
	quantity := func(n int64, unit string) *protocol.Quantity { return &protocol.Quantity{N: n, Unit: unit} }
	for name, x := range map[string]struct {
		subject          flow.Subject
		effort, resource *protocol.Quantity
		want             int
	}{
		"the base":                  {flow.Subject{Action: "work"}, quantity(8, "hour"), nil, -1},
		"above":                     {flow.Subject{Action: "work"}, quantity(9, "hour"), nil, 1},
		"above, in other units":     {flow.Subject{Action: "work"}, quantity(481, "minute-Time"), nil, 1},
		"exactly, in other units":   {flow.Subject{Action: "work"}, quantity(480, "minute-Time"), nil, -1},
		"not comparable":            {flow.Subject{Action: "work"}, nil, quantity(900, "kilogram"), -1},
		"the first wins":            {flow.Subject{Action: "work", Processes: []string{"x", "siembra"}}, quantity(9, "hour"), nil, 0},
		"effort first":              {flow.Subject{Action: "work"}, quantity(1, "hour"), quantity(9, "hour"), -1},
		"a half":                    {flow.Subject{Action: "produce", Resources: []string{" Pan "}}, nil, quantity(501, "gram"), 2},
		"another case is another":   {flow.Subject{Action: "produce", Resources: []string{"pan"}}, nil, quantity(501, "gram"), -1},
		"a correction that lowers":  {flow.Subject{Action: "work"}, quantity(-9, "hour"), nil, -1},
		"another text, another one": {flow.Subject{Action: "use", Processes: []string{"siembras"}}, quantity(9, "hour"), nil, -1},
	} {
		if got := flow.NeedOf(c, x.subject, &protocol.Event{EffortQuantity: x.effort, ResourceQuantity: x.resource}); got.Rule != x.want {
			t.Errorf("%s: rule %d, want %d", name, got.Rule, x.want)
		}
	}
}

func TestFitsComposed(t *testing.T) {
	s := flow.Subject{Plans: []string{"man\u0303ana"}}
	if !s.Fits(flow.Filter{Plan: "ma\u00f1ana"}) {
		t.Error("two spellings of one text are different")
	}
}
