package reciprocity

import (
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

func day(t testing.TB, text string) Day {
	t.Helper()
	d, ok := ParseDay(text)
	if !ok {
		t.Fatalf("%q is no date", text)
	}
	return d
}

// manual is the licence of the worked examples: a tenth of the profit, or 500.00
// contributed within a year.
func manual() *charter.Licence {
	return &charter.Licence{
		Resources: []string{"manual"}, Free: []string{"worker-owned", "public", "non-profit"},
		Contribution: &protocol.Amount{N: 50000, Scale: 2}, Window: charter.Period{Months: 12}, ValueBy: []string{"trabajo"},
		Counts: charter.CountUnpaid, Share: protocol.Amount{N: 10}, Attribution: charter.AttributeWhole, Currency: "USD",
		Declare: charter.Period{Months: 1}, Grace: charter.Period{Months: 3}, CarryOver: true,
	}
}

// known is a fact with the day from which it is known and the day from which it
// is confirmed.
type known[T any] struct {
	fact      T
	on        Day
	confirmed Day
}

// story is what one user did, and when others came to know of it.
type story struct {
	t             *testing.T
	declarations  []known[Declaration]
	contributions []known[Contribution]
	payments      []known[Payment]
	next          byte
}

func (s *story) id() protocol.EntryID {
	s.next++
	return protocol.EntryID{s.next}
}

// month is one month of 2025, declared on its last day unless another is given.
func (s *story) month(m int, use Use, form string, profit int64, declared, confirmed string) {
	from := day(s.t, "2025-01-01").months(m - 1)
	d := Declaration{
		ID: s.id(), Resource: "manual", Beginning: from, End: from.months(1) - 1, Use: use, Form: form, Currency: "USD",
		Profit: big.NewRat(profit, 1), Seq: int64(s.next), State: Waiting,
	}
	k := known[Declaration]{fact: d, on: d.End, confirmed: d.End}
	if declared != "" {
		k.on, k.confirmed = day(s.t, declared), day(s.t, declared)
	}
	if confirmed != "" {
		k.confirmed = max(k.on, day(s.t, confirmed))
	}
	s.declarations = append(s.declarations, k)
}

func (s *story) gave(on string, value int64, confirmed string) {
	c := Contribution{ID: s.id(), On: day(s.t, on), Recorded: day(s.t, on), Value: big.NewRat(value, 1)}
	k := known[Contribution]{fact: c, on: c.On, confirmed: c.On}
	if confirmed != "" {
		k.confirmed = day(s.t, confirmed)
	}
	s.contributions = append(s.contributions, k)
}

func (s *story) paid(on string, amount int64) {
	p := Payment{ID: s.id(), On: day(s.t, on), Amount: big.NewRat(amount, 1)}
	s.payments = append(s.payments, known[Payment]{fact: p, on: p.On, confirmed: p.On})
}

// at returns what is known on a day.
func (s *story) at(on Day) Facts {
	f := Facts{Licence: manual(), AsOf: on}
	for _, k := range s.declarations {
		if k.on <= on {
			if k.confirmed <= on {
				k.fact.State = Confirmed
			}
			f.Declarations = append(f.Declarations, k.fact)
		}
	}
	for _, k := range s.contributions {
		if k.confirmed <= on {
			f.Contributions = append(f.Contributions, k.fact)
		}
	}
	for _, k := range s.payments {
		if k.on <= on {
			f.Payments = append(f.Payments, k.fact)
		}
	}
	return f
}

// words shows a figure as the table has it: - for unknown, >= for the least.
func words(f Figure) string {
	switch {
	case f.Amount == nil:
		return "-"
	case f.AtLeast:
		return ">=" + Text(f.Amount)
	}
	return Text(f.Amount)
}

// row is a line of the table: class, charged, offset, paid, owed, due.
type row struct{ Class, Charged, Offset, Paid, Owed, Due string }

func rowOf(s Standing) row {
	return row{string(s.Class), words(s.Charged), words(s.Offset), words(s.Paid), words(s.Owed), words(s.Due)}
}

func usersOf2025(t *testing.T) map[string]*story {
	a, b, c, d := &story{t: t}, &story{t: t}, &story{t: t}, &story{t: t}
	for m := 1; m <= 12; m++ {
		a.month(m, NonCommercial, "", 0, "", "")
		b.month(m, Commercial, "worker-owned", 5000, "", "2025-03-10")
		c.month(m, Commercial, "company", 1000, "", "")
		profit, declared := int64(1200), ""
		switch m {
		case 6:
			profit = -500
		case 9:
			declared = "2025-11-12"
		}
		d.month(m, Commercial, "company", profit, declared, "")
	}
	c.gave("2024-09-10", 400, "")
	c.gave("2025-02-10", 150, "")
	c.gave("2025-11-20", 400, "2025-11-25")
	d.paid("2025-06-10", 360)
	d.paid("2025-07-20", 240)
	d.paid("2025-10-31", 120)
	d.paid("2025-11-20", 240)
	return map[string]*story{"A": a, "B": b, "C": c, "D": d}
}

// TestTwelveMonthsOfFourUsers is the worked example: what is known at the end of
// each month of 2025.
func TestTwelveMonthsOfFourUsers(t *testing.T) {
	users := usersOf2025(t)
	none, free := row{"undetermined", "-", "-", "-", "-", "-"}, row{"exempt", "0", "0", "0", "0", "0"}
	want := map[string][12]row{
		"A": {},
		"B": {none, none, free, free, free, free, free, free, free, free, free, free},
		"C": {
			{"owing", "100", "100", "0", "0", "0"},
			{"reciprocating", "100", "100", "0", "0", "0"},
			{"reciprocating", "100", "100", "0", "0", "0"},
			{"reciprocating", "100", "100", "0", "0", "0"},
			{"reciprocating", "100", "100", "0", "0", "0"},
			{"reciprocating", "100", "100", "0", "0", "0"},
			{"reciprocating", "100", "100", "0", "0", "0"},
			{"reciprocating", "100", "100", "0", "0", "0"},
			{"owing", "200", "200", "0", "0", "0"},
			{"owing", "300", "250", "0", "50", "0"},
			{"reciprocating", "300", "300", "0", "0", "0"},
			{"reciprocating", "300", "300", "0", "0", "0"},
		},
		"D": {
			{"owing", "120", "0", "0", "120", "0"},
			{"owing", "240", "0", "0", "240", "0"},
			{"owing", "360", "0", "0", "360", "0"},
			{"owing", "480", "0", "0", "480", "120"},
			{"lapsed", "600", "0", "0", "600", "240"},
			{"owing", "600", "0", "360", "240", "0"},
			{"owing", "720", "0", "600", "120", "0"},
			{"owing", "840", "0", "600", "240", "0"},
			{"owing", "840", "0", "600", "240", "0"},
			{"undetermined", ">=960", ">=0", "720", ">=240", "0"},
			{"owing", "1200", "0", "960", "240", "0"},
			{"owing", "1320", "0", "960", "360", "0"},
		},
	}
	a := want["A"]
	for i := range a {
		a[i] = row{"non-commercial", "0", "0", "0", "0", "0"}
	}
	want["A"] = a
	for name, rows := range want {
		for i, w := range rows {
			end := day(t, "2025-01-01").months(i+1) - 1
			if diff := cmp.Diff(w, rowOf(Of(users[name].at(end)))); diff != "" {
				t.Errorf("%s on %v:\n%s", name, end, diff)
			}
		}
	}
}

// TestTheDaysOnWhichAClassChanges follows the users of the worked example day by
// day.
func TestTheDaysOnWhichAClassChanges(t *testing.T) {
	type turn struct{ On, Class string }
	want := map[string][]turn{
		"A": {{"2025-01-31", "non-commercial"}},
		"B": {{"2025-01-31", "undetermined"}, {"2025-03-10", "exempt"}},
		"C": {{"2025-01-31", "owing"}, {"2025-02-10", "reciprocating"}, {"2025-09-10", "owing"}, {"2025-11-25", "reciprocating"}},
		"D": {{"2025-01-31", "owing"}, {"2025-05-01", "lapsed"}, {"2025-06-10", "owing"}, {"2025-10-31", "undetermined"}, {"2025-11-12", "owing"}},
	}
	for name, story := range usersOf2025(t) {
		var got []turn
		for on := day(t, "2025-01-31"); on <= day(t, "2025-12-31"); on++ {
			class := string(Of(story.at(on)).Class)
			if len(got) == 0 || got[len(got)-1].Class != class {
				got = append(got, turn{on.String(), class})
			}
		}
		if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}
