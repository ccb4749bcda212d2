package ledger_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// What is behind a balance sums to it, however little of it is listed.
func TestWhatIsBehindABalanceSumsToIt(t *testing.T) {
	w := newWorld(t)
	ana, ctx := w.node(), context.Background()
	c, err := ana.CreateCommons(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	me := c.Me.Agent()
	var first protocol.EntryID
	for i, q := range []protocol.Quantity{{N: 3, Unit: "hour"}, {N: 15, Scale: 1, Unit: "hour"}, {N: 90, Unit: "minute"}, {N: 7, Unit: "hour"}, {N: -1, Unit: "hour"}} {
		body := &protocol.Event{Action: "work", Provider: me, Receiver: protocol.AgentID(c.ID), ResourceConformsTo: "Huerta", EffortQuantity: &q}
		if q.N < 0 {
			body.Corrects = first
		}
		written, err := ana.Submit(ctx, ledger.Draft{Commons: c.ID, Body: body})
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = written.Entry.ID()
		}
	}
	sheet, err := ana.Balance(ctx, c.ID, me)
	if err != nil {
		t.Fatal(err)
	}
	for _, most := range []int{0, 1, 2, 100} {
		behind, err := ana.BehindBalance(ctx, c.ID, me, most)
		if err != nil {
			t.Fatal(err)
		}
		var lines []ledger.Contribution
		for _, line := range behind {
			lines = append(lines, line.Contribution)
			var sum ledger.Total
			for _, e := range line.Listed {
				sum = sum.Add(e.Quantity)
			}
			if len(line.Listed) != min(most, int(line.Events)) || len(line.Listed) == int(line.Events) && sum != line.Quantity {
				t.Errorf("%d of %d listed, together %v of %v", len(line.Listed), line.Events, sum, line.Quantity)
			}
			if most > 0 && line.Unit == "hour" && line.Listed[0].Quantity.String() != "7" {
				t.Errorf("the largest is %v", line.Listed[0].Quantity)
			}
		}
		if d := cmp.Diff(sheet.Contributions, lines, cmp.AllowUnexported(ledger.Total{})); d != "" {
			t.Error(d)
		}
	}
}
