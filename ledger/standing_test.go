package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// licensed is a charter with a licence: a tenth of the profit, or 500.00 within a
// year, an hour being worth 10.00.
func licensed(name string) map[string]protocol.Value {
	doc := money(name)
	doc["bucket"] = []protocol.Value{map[string]protocol.Value{
		"name": "trabajo", "percent": "100",
		"rule": []protocol.Value{
			map[string]protocol.Value{"action": "work", "resource": "film", "rate": "1.00", "per": "one"},
			map[string]protocol.Value{"action": "work", "rate": "10.00", "per": "hour"},
		},
	}}
	doc["licence"] = map[string]protocol.Value{
		"resources": []protocol.Value{"manual"}, "free": []protocol.Value{"public"}, "contribution": "500.00",
		"value_by": []protocol.Value{"trabajo"}, "share": "10", "currency": "USD",
	}
	return doc
}

// uses declares a commercial use with a profit, by an agent.
func uses(who protocol.AgentID, from, to string, profit int64) *protocol.Declare {
	return &protocol.Declare{
		Agent: who, Resource: "manual", Beginning: from, End: to, Use: "commercial", Currency: "USD",
		Income: &protocol.Amount{N: 100_000}, Profit: &protocol.Amount{N: profit},
	}
}

// stands returns a standing in one line.
func (n *node) stands(id protocol.CommonsID, who protocol.AgentID, on string) string {
	n.w.t.Helper()
	day, ok := ledger.ParseDay(on)
	if !ok {
		n.w.t.Fatalf("%q is no date", on)
	}
	s, err := n.Standing(context.Background(), id, who, day)
	if err != nil {
		n.w.t.Fatal(err)
	}
	return fmt.Sprintf("%s charged %s offset %s paid %s owed %s", s.Class, s.Charged.Text(s.Scale), s.Offset.Text(s.Scale), s.Paid.Text(s.Scale), s.Owed.Text(s.Scale))
}

func (h *house) stand(who protocol.AgentID, on, want string) {
	h.w.t.Helper()
	for i, n := range h.nodes {
		if got := n.stands(h.id, who, on); got != want {
			h.w.t.Errorf("on the node of %s: %s, want %s", names[i], got, want)
		}
	}
}

func (h *house) says(by int, target protocol.EntryID, verdict protocol.Verdict) {
	h.w.t.Helper()
	h.nodes[by].submit(h.id, &protocol.Confirm{Target: target, Verdict: verdict})
	h.meet()
}

// TestWhoUsesGivesBack follows one user through declaration, verdicts, work that
// sets off a charge, a correction, a payment and its return.
func TestWhoUsesGivesBack(t *testing.T) {
	h := newHouse(t, 2)
	ctx := context.Background()
	ana, beto, his := h.nodes[0], h.nodes[1], h.agents[1]
	today := ana.Today()
	if _, err := ana.Standing(ctx, h.id, his, today); !errors.Is(err, ledger.ErrNoLicence) {
		t.Errorf("without a licence: %v", err)
	}
	if _, err := ana.ProposeCharter(ctx, h.id, licensed("Huerta Norte")); err != nil {
		t.Fatal(err)
	}
	h.meet()
	h.stand(his, today.String(), "undetermined charged  offset  paid  owed ")

	use := beto.submit(h.id, uses(his, "2025-01-01", "2025-01-31", 1200)).Entry.ID()
	h.meet()
	h.stand(his, "2025-02-28", "undetermined charged  offset  paid  owed ")
	h.says(0, use, protocol.VerdictConfirm)
	h.stand(his, "2025-02-28", "owing charged 120.00 offset 0.00 paid 0.00 owed 120.00")
	h.stand(his, "2025-05-01", "lapsed charged 120.00 offset 0.00 paid 0.00 owed 120.00")
	h.says(0, use, protocol.VerdictDispute)
	h.stand(his, "2025-02-28", "undetermined charged  offset  paid  owed ")
	h.says(0, use, protocol.VerdictConfirm)

	done := work(his, h.id, 3)
	done.HasPointInTime = "2025-01-15T23:30:00-05:00"
	event := beto.submit(h.id, done).Entry.ID()
	h.meet()
	h.stand(his, "2025-02-28", "owing charged 120.00 offset 0.00 paid 0.00 owed 120.00")
	h.says(0, event, protocol.VerdictConfirm)
	// It was recorded long after its day, and counts from then on.
	h.stand(his, "2025-02-28", "owing charged 120.00 offset 0.00 paid 0.00 owed 120.00")
	h.stand(his, today.String(), "lapsed charged 120.00 offset 30.00 paid 0.00 owed 90.00")
	one := protocol.Quantity{N: 1, Unit: "hour"}
	correction, err := beto.Correction(ctx, event, ledger.Corrected{EffortQuantity: &one})
	if err != nil {
		t.Fatal(err)
	}
	beto.submit(h.id, correction)
	h.meet()
	h.stand(his, today.String(), "lapsed charged 120.00 offset 10.00 paid 0.00 owed 110.00")

	income := &protocol.Event{
		Action: "transfer", Provider: his, Receiver: protocol.AgentID(h.id), Currency: "USD", HasPointInTime: "2025-04-30",
		ResourceQuantity: &protocol.Quantity{N: 50, Unit: "one"}, Settles: []protocol.EntryID{use},
	}
	paid, err := ana.SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: income})
	if err != nil {
		t.Fatal(err)
	}
	h.meet()
	h.stand(his, "2025-04-30", "undetermined charged 120.00 offset 0.00 paid 50.00 owed 70.00")
	back := &protocol.Event{
		Action: "transfer", Provider: protocol.AgentID(h.id), Receiver: his, Currency: "USD",
		ResourceQuantity: &protocol.Quantity{N: 20, Unit: "one"}, TriggeredBy: paid.Written.Entry.ID(),
	}
	if _, err := ana.SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: back}); err != nil {
		t.Fatal(err)
	}
	h.meet()
	h.stand(his, "2025-04-30", "undetermined charged 120.00 offset 0.00 paid 30.00 owed 90.00")

	// Work of which the rule wants pieces has no value that anybody knows.
	odd := work(his, h.id, 3)
	odd.ResourceConformsTo = "film"
	film := beto.submit(h.id, odd).Entry.ID()
	h.meet()
	h.says(0, film, protocol.VerdictConfirm)
	h.stand(his, today.String(), "undetermined charged 120.00 offset  paid 30.00 owed ")

	ana.reopen()
	h.stand(his, "2025-04-30", "undetermined charged 120.00 offset 0.00 paid 30.00 owed 90.00")
}

// TestANeighbourWithoutAKey: a steward declares for a record; once that is a
// member's, the member declares.
func TestANeighbourWithoutAKey(t *testing.T) {
	h := newHouse(t, 2)
	ctx := context.Background()
	ana, beto := h.nodes[0], h.nodes[1]
	if _, err := ana.ProposeCharter(ctx, h.id, licensed("Huerta Norte")); err != nil {
		t.Fatal(err)
	}
	h.meet()
	record := ana.submit(h.id, &protocol.Agent{Card: protocol.AgentCard{Name: protocol.PlainText("Vecino"), Type: protocol.Person}}).Entry.ID()
	vecino := protocol.AgentID{EntryID: record}
	h.meet()
	ana.submit(h.id, uses(vecino, "2025-01-01", "2025-01-31", 500))
	h.meet()
	h.stand(vecino, "2025-02-01", "owing charged 50.00 offset 0.00 paid 0.00 owed 50.00")
	if _, err := ana.SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: &protocol.Bind{Agent: record, Log: protocol.LogID(h.agents[1])}}); err != nil {
		t.Fatal(err)
	}
	h.meet()
	h.stand(h.agents[1], "2025-02-01", "owing charged 50.00 offset 0.00 paid 0.00 owed 50.00")
	h.stand(vecino, "2025-02-01", "owing charged 50.00 offset 0.00 paid 0.00 owed 50.00")
	beto.submit(h.id, uses(vecino, "2025-02-01", "2025-02-28", 500))
	h.meet()
	var got []string
	list, next, err := beto.Declarations(ctx, h.id, h.agents[1], ledger.Page{Limit: 1})
	for ; err == nil && len(list) > 0; list, next, err = beto.Declarations(ctx, h.id, h.agents[1], ledger.Page{Limit: 1, After: next}) {
		if got = append(got, list[0].Body.Beginning+" "+string(list[0].Opinion)); next == "" {
			break
		}
	}
	if diff := cmp.Diff([]string{"2025-01-01 confirmed", "2025-02-01 waiting"}, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	all, _, err := ana.Standings(ctx, h.id, "", ana.Today(), ledger.Page{})
	if err != nil || len(all) != 1 || all[0].Agent.ID != h.agents[1] {
		t.Errorf("%d standings, %v", len(all), err)
	}
	if in, err := ana.Inbox(ctx, h.id, protocol.AgentID{}, 10); err != nil || len(in.ToAccept) != 1 {
		t.Errorf("%+v, %v", in.ToAccept, err)
	}
}

func TestDeclarationsThatAreNone(t *testing.T) {
	h := newHouse(t, 3)
	ctx := context.Background()
	if _, err := h.nodes[0].ProposeCharter(ctx, h.id, licensed("Huerta Norte")); err != nil {
		t.Fatal(err)
	}
	h.meet()
	his := h.agents[1]
	h.nodes[1].submit(h.id, uses(his, "2025-03-01", "2025-03-31", 1))
	with := func(change func(d *protocol.Declare)) *protocol.Declare {
		d := uses(his, "2025-01-01", "2025-01-31", 1200)
		change(d)
		return d
	}
	for name, c := range map[string]struct {
		by   int
		body *protocol.Declare
		want rules.Reason
	}{
		"somebody else":   {2, with(func(*protocol.Declare) {}), rules.NotOwnUse},
		"by a steward":    {0, with(func(*protocol.Declare) {}), rules.NotOwnUse},
		"no day":          {1, with(func(d *protocol.Declare) { d.End = "2025-01-31T10:00:00Z" }), rules.BadDay},
		"no such day":     {1, with(func(d *protocol.Declare) { d.Beginning = "2025-02-30" }), rules.BadDay},
		"backwards":       {1, with(func(d *protocol.Declare) { d.End = "2024-12-31" }), rules.EndBeforeBeginning},
		"tomorrow":        {1, with(func(d *protocol.Declare) { d.End = (h.nodes[1].Today() + 1).String() }), rules.PeriodInFuture},
		"negative income": {1, with(func(d *protocol.Declare) { d.Income.N = -1; d.Profit = nil }), rules.NegativeIncome},
		"too much profit": {1, with(func(d *protocol.Declare) { d.Income = &protocol.Amount{N: 119999, Scale: 2} }), rules.ProfitAboveIncome},
		"fraction":        {1, with(func(d *protocol.Declare) { d.Fraction = &protocol.Amount{N: 11, Scale: 1} }), rules.FractionOutside},
		"below zero":      {1, with(func(d *protocol.Declare) { d.Fraction = &protocol.Amount{N: -1} }), rules.FractionOutside},
		"another thing":   {1, with(func(d *protocol.Declare) { d.Resource = "film" }), rules.NotLicensed},
		"overlapping":     {1, with(func(d *protocol.Declare) { d.End = "2025-03-01" }), rules.PeriodsOverlap},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.nodes[c.by].Submit(ctx, ledger.Draft{Commons: h.id, Body: c.body})
			var void *ledger.VoidError
			if !errors.As(err, &void) || void.Reason != c.want {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
	if w := h.nodes[1].submit(h.id, uses(his, "2025-03-01", "2025-03-31", 2)); w.Entry.ID().IsZero() {
		t.Error("the same days are not declared again")
	}
	today := h.nodes[1].Today().String()
	h.nodes[1].submit(h.id, uses(his, today, today, 2))
}

// TestAnotherDeclarationChangesNothingUntilItIsConfirmed: what is confirmed stands
// until what replaces it is confirmed.
func TestAnotherDeclarationChangesNothingUntilItIsConfirmed(t *testing.T) {
	h := newHouse(t, 2)
	ctx := context.Background()
	if _, err := h.nodes[0].ProposeCharter(ctx, h.id, licensed("Huerta Norte")); err != nil {
		t.Fatal(err)
	}
	h.meet()
	beto, his := h.nodes[1], h.agents[1]
	first := beto.submit(h.id, uses(his, "2025-01-01", "2025-01-31", 1200)).Entry.ID()
	h.meet()
	h.says(0, first, protocol.VerdictConfirm)
	lapsed := "lapsed charged 120.00 offset 0.00 paid 0.00 owed 120.00"
	h.stand(his, "2025-05-01", lapsed)
	second := beto.submit(h.id, uses(his, "2025-01-01", "2025-01-31", 10)).Entry.ID()
	h.meet()
	h.stand(his, "2025-05-01", lapsed)
	replaced := func() map[protocol.EntryID]protocol.EntryID {
		all := map[protocol.EntryID]protocol.EntryID{}
		list, _, err := beto.Declarations(ctx, h.id, his, ledger.Page{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			all[d.ID] = d.ReplacedBy
		}
		return all
	}
	if diff := cmp.Diff(map[protocol.EntryID]protocol.EntryID{first: {}, second: {}}, replaced()); diff != "" {
		t.Errorf("not confirmed yet:\n%s", diff)
	}
	in, err := h.nodes[0].Inbox(ctx, h.id, protocol.AgentID{}, 10)
	if err != nil || len(in.ToAccept) != 1 || in.ToAccept[0].ID != second {
		t.Errorf("the second one is not asked for: %+v, %v", in.ToAccept, err)
	}
	h.says(0, second, protocol.VerdictDispute)
	h.stand(his, "2025-05-01", lapsed)
	h.says(0, second, protocol.VerdictConfirm)
	h.stand(his, "2025-05-01", "lapsed charged 1.00 offset 0.00 paid 0.00 owed 1.00")
	if diff := cmp.Diff(map[protocol.EntryID]protocol.EntryID{first: second, second: {}}, replaced()); diff != "" {
		t.Errorf("confirmed:\n%s", diff)
	}
}
