package ledger_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// valuing is a charter with all three streams: an hour in the garden, an hour of
// love and an hour of care at ten, care counted one and a half times, and a film,
// of which hours say nothing.
func valuing(name string) map[string]protocol.Value {
	rule := func(resource, rate, per, stream string) protocol.Value {
		return map[string]protocol.Value{"action": "work", "resource": resource, "rate": rate, "per": per, "stream": stream}
	}
	doc := licensed(name)
	doc["streams"] = map[string]protocol.Value{"care": "1.5"}
	doc["bucket"] = []protocol.Value{
		map[string]protocol.Value{"name": "trabajo", "percent": "50", "rule": []protocol.Value{
			rule("Garden", "10.00", "hour", "livelihood"), rule("film", "1.00", "one", "livelihood"),
		}},
		map[string]protocol.Value{"name": "cuidado", "percent": "50", "rule": []protocol.Value{
			rule("love", "10.00", "hour", "love"), rule("care", "10.00", "hour", "care"),
		}},
	}
	return doc
}

// did records work of a member on a day, which another one confirms if asked.
func (h *house) did(who int, resource string, hours int64, day string, confirmed bool) protocol.EntryID {
	h.w.t.Helper()
	body := work(h.agents[who], h.id, hours)
	body.ResourceConformsTo, body.HasPointInTime = resource, day
	id := h.nodes[who].submit(h.id, body).Entry.ID()
	h.meet()
	if confirmed {
		h.says((who+1)%len(h.nodes), id, protocol.VerdictConfirm)
	}
	return id
}

// reported returns a report of value in a few lines.
func (n *node) reported(id protocol.CommonsID, from, to protocol.Time) string {
	n.w.t.Helper()
	r, err := n.ValueReport(context.Background(), id, ledger.ReportRequest{From: from, To: to})
	if err != nil {
		n.w.t.Fatal(err)
	}
	streams := func(s ledger.ByStream) string {
		return fmt.Sprintf("%s/%s/%s", s.Livelihood.RatString(), s.Love.RatString(), s.Care.RatString())
	}
	some := func(t *ledger.Total) string {
		if t == nil {
			return "?"
		}
		return t.String()
	}
	spread := func(name string, c ledger.Concentration) string {
		if c.Gini == nil {
			return fmt.Sprintf("%s: %d people, nothing", name, c.People)
		}
		return fmt.Sprintf("%s: %d people, gini %s, top %s, tenth %s", name, c.People, c.Gini.RatString(), c.Top.RatString(), c.Tenth.RatString())
	}
	out := []string{fmt.Sprintf("value %s, %d events, %d unvalued, %d unmatched", streams(r.Streams), r.Events, r.Unvalued, r.Unmatched)}
	for _, a := range r.Agents {
		line := fmt.Sprintf("%s %s, %d events, %d unvalued", a.Agent.Name, streams(a.Streams), a.Events, a.Unvalued)
		for _, m := range a.Money {
			line += fmt.Sprintf("; %s returned %s declared %s profit %s paid %s outside %s", m.Currency, m.Returned, some(m.Declared), some(m.Profit), m.Paid, some(m.Outside))
		}
		out = append(out, line)
	}
	for _, m := range r.Money {
		out = append(out, fmt.Sprintf("%s income %s declared %s profit %s outside %s unknown %d returned %s %v kept %s",
			m.Currency, m.Income, some(m.Declared), some(m.Profit), some(m.Outside), m.Unknown, m.Returned, m.Streams, m.Kept),
			spread("payouts", m.Payouts))
	}
	out = append(out, spread("contributions", r.Contributions), spread("witnesses", r.Witnesses), spread("stewards", r.Stewards))
	return strings.Join(out, "\n")
}

// TestWhoCreatesAndWhoKeeps compares a report with figures worked out by hand.
func TestWhoCreatesAndWhoKeeps(t *testing.T) {
	h := newHouse(t, 3)
	h.trust()
	ctx := context.Background()
	ana, beto, carla := h.agents[0], h.agents[1], h.agents[2]
	begin, end := timeOn(t, "2025-01-01"), protocol.TimeOf(h.w.now.AddDate(1, 0, 0))
	all := func(want ...string) {
		t.Helper()
		for i, n := range h.nodes {
			if d := cmp.Diff(strings.Join(want, "\n"), n.reported(h.id, begin, end)); d != "" {
				t.Errorf("on the node of %s:\n%s", names[i], d)
			}
		}
	}
	nobody := []string{"witnesses: 3 people, gini 2/3, top 1, tenth 1", "stewards: 3 people, gini 2/3, top 1, tenth 1"}
	all(append([]string{"value 0/0/0, 0 events, 0 unvalued, 0 unmatched", "contributions: 3 people, nothing"}, nobody...)...)

	if _, err := h.nodes[0].ProposeCharter(ctx, h.id, valuing("Huerta Norte")); err != nil {
		t.Fatal(err)
	}
	h.meet()
	garden := h.did(0, "Garden", 3, "2025-01-10", true)
	h.did(0, "love", 1, "2025-02-10", true)
	h.did(1, "care", 4, "2025-01-20", true)
	h.did(1, "film", 1, "2025-01-21", true)    // an hour is no film
	h.did(2, "Kitchen", 2, "2025-01-22", true) // no rule is for it
	h.did(2, "Garden", 9, "2025-01-23", false) // nobody has confirmed it
	h.did(0, "Garden", 5, "2024-12-31", true)  // the day before the period
	two, hour := protocol.Quantity{N: 2, Unit: "hour"}, protocol.Quantity{N: 15, Scale: 1, Unit: "hour"}
	for _, said := range []*protocol.Quantity{&two, &hour} { // three hours were two, and then one and a half
		correction, err := h.nodes[0].Correction(ctx, garden, ledger.Corrected{EffortQuantity: said})
		if err != nil {
			t.Fatal(err)
		}
		correction.HasPointInTime = "2024-01-01" // it counts by the day of what it corrects
		h.nodes[0].submit(h.id, correction)
		h.meet()
	}
	// 1.5 h of garden are 15, one of love 10, four of care 4 × 10 × 1.5 = 60. Of
	// 0, 25 and 60 the Gini coefficient is (-2×0 + 0×25 + 2×60) / (3×85) = 8/17.
	contributions := "contributions: 3 people, gini 8/17, top 12/17, tenth 12/17"
	all(append([]string{
		"value 15/10/60, 3 events, 1 unvalued, 1 unmatched",
		"Beto 0/0/60, 1 events, 1 unvalued",
		"Ana 15/10/0, 2 events, 0 unvalued",
		contributions,
	}, nobody...)...)

	// A use without a profit: what is kept outside is not known, and not zero.
	blind := uses(carla, "2025-02-01", "2025-02-28", 0)
	blind.Profit, blind.Income = nil, nil
	unknown := h.nodes[2].submit(h.id, blind).Entry.ID()
	h.meet()
	h.says(0, unknown, protocol.VerdictConfirm)
	all(append([]string{
		"value 15/10/60, 3 events, 1 unvalued, 1 unmatched",
		"Beto 0/0/60, 1 events, 1 unvalued",
		"Ana 15/10/0, 2 events, 0 unvalued",
		"Carla 0/0/0, 0 events, 0 unvalued; USD returned 0 declared ? profit ? paid 0 outside ?",
		"USD income 0 declared ? profit ? outside ? unknown 1 returned 0 map[] kept 0",
		"payouts: 3 people, nothing", contributions,
	}, nobody...)...)

	// Beto declares a profit of 1200, is given 45 and pays 20 of them back.
	use := h.nodes[1].submit(h.id, uses(beto, "2025-01-01", "2025-01-31", 1200)).Entry.ID()
	h.meet()
	h.says(0, use, protocol.VerdictConfirm)
	h.nodes[1].submit(h.id, uses(beto, "2025-03-01", "2025-03-31", 500)) // nobody has confirmed it
	h.meet()
	history, err := h.nodes[0].CharterHistory(ctx, h.id)
	if err != nil {
		t.Fatal(err)
	}
	d := h.sharing(h.nodes[0], h.income(10_000), 500,
		protocol.Line{Agent: ana, Amount: cents(3000), Bucket: "trabajo"},
		protocol.Line{Agent: beto, Amount: cents(4500), Bucket: "cuidado"},
		protocol.Line{Agent: protocol.AgentID(h.id), Amount: cents(2000), Bucket: "fondo"})
	d.Version = max(history[0].Seq, history[len(history)-1].Seq)
	if _, err := h.nodes[0].SubmitDistribution(ctx, h.id, d); err != nil {
		t.Fatal(err)
	}
	h.meet()
	pays := transfer(beto, protocol.AgentID(h.id), 2000)
	pays.Currency, pays.Settles = "USD", []protocol.EntryID{use}
	h.nodes[1].submit(h.id, pays)
	h.meet()
	h.alike()
	// 100 came in and 75 of it were returned. Of 0, 30 and 45 the Gini coefficient
	// is 2×45 / (3×75) = 2/5. Of 1200 Beto kept 1180; Ana booked the income.
	all(append([]string{
		"value 15/10/60, 3 events, 1 unvalued, 1 unmatched",
		"Beto 0/0/60, 1 events, 1 unvalued; USD returned 45 declared 100000 profit 1200 paid 20 outside 1180",
		"Ana 15/10/0, 2 events, 0 unvalued; USD returned 30 declared ? profit ? paid 100 outside ?",
		"Carla 0/0/0, 0 events, 0 unvalued; USD returned 0 declared ? profit ? paid 0 outside ?",
		"USD income 100 declared 100000 profit 1200 outside 1180 unknown 1 returned 75 map[livelihood:30 several:45] kept 25",
		"payouts: 3 people, gini 2/5, top 3/5, tenth 3/5", contributions,
	}, nobody...)...)
}

func timeOn(t *testing.T, day string) protocol.Time {
	t.Helper()
	when, ok := ledger.ParseDay(day)
	if !ok {
		t.Fatal(day)
	}
	return protocol.Time(int64(when) * 24 * 60 * 60 * 1000)
}
