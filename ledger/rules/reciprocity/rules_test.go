package reciprocity

import (
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

func TestDaysAndPeriods(t *testing.T) {
	for _, c := range []struct {
		from          string
		p             charter.Period
		later, before string
	}{
		{"2025-01-31", charter.Period{Months: 1}, "2025-02-28", "2024-12-31"},
		{"2024-01-31", charter.Period{Months: 1}, "2024-02-29", "2023-12-31"},
		{"2024-02-29", charter.Period{Months: 12}, "2025-02-28", "2023-02-28"},
		{"2025-03-31", charter.Period{Months: 1}, "2025-04-30", "2025-02-28"},
		{"2025-08-31", charter.Period{Months: 3}, "2025-11-30", "2025-05-31"},
		{"2025-12-31", charter.Period{Days: 1}, "2026-01-01", "2025-12-30"},
		{"2025-01-30", charter.Period{Months: 1, Days: 2}, "2025-03-02", "2024-12-28"},
		{"1969-12-31", charter.Period{Months: 1}, "1970-01-31", "1969-11-30"},
		{"2025-06-15", charter.Period{}, "2025-06-15", "2025-06-15"},
	} {
		d := day(t, c.from)
		if got := d.Plus(c.p).String(); got != c.later {
			t.Errorf("%s plus %v is %s, not %s", c.from, c.p, got, c.later)
		}
		if got := d.Minus(c.p).String(); got != c.before {
			t.Errorf("%s minus %v is %s, not %s", c.from, c.p, got, c.before)
		}
	}
	if d := DayOf(time.Unix(-1, 0)); d.String() != "1969-12-31" {
		t.Errorf("the second before 1970 is in %v", d)
	}
	for _, text := range []string{"", "2025-02-29", "2025-1-1", "2025-01-01T00:00:00Z", "yesterday"} {
		if d, ok := ParseDay(text); ok {
			t.Errorf("%q is %v", text, d)
		}
	}
	for _, c := range []struct{ from, to, want string }{
		{"2025-01-01", "2025-01-31", "P1M"}, {"2025-01-01", "2025-12-31", "P1Y"}, {"2024-02-01", "2024-02-29", "P1M"},
		{"2025-01-15", "2025-02-14", "P1M"}, {"2025-01-01", "2025-01-07", "P7D"}, {"2025-03-31", "2025-03-31", "P1D"},
	} {
		if got := lengthOf(day(t, c.from), day(t, c.to)).String(); got != c.want {
			t.Errorf("%s to %s is %s long, not %s", c.from, c.to, got, c.want)
		}
	}
}

// use is a confirmed commercial use with a profit in USD.
func use(t *testing.T, n byte, from, to string, profit int64, change ...func(*Declaration)) Declaration {
	d := Declaration{
		ID: protocol.EntryID{n}, Resource: "manual", Beginning: day(t, from), End: day(t, to), Use: Commercial,
		Form: "company", Currency: "USD", Profit: big.NewRat(profit, 1), Time: protocol.Time(n), State: Confirmed,
	}
	for _, c := range change {
		c(&d)
	}
	return d
}

func gave(t *testing.T, n byte, on string, value int64) Contribution {
	return Contribution{ID: protocol.EntryID{n}, On: day(t, on), Recorded: day(t, on), Value: big.NewRat(value, 1)}
}

func pays(t *testing.T, n byte, on string, amount int64) Payment {
	return Payment{ID: protocol.EntryID{n}, On: day(t, on), Amount: big.NewRat(amount, 1)}
}

// TestOneRuleEach has a case for each rule of the licence, as far as the worked
// example has none.
func TestOneRuleEach(t *testing.T) {
	year := func(profit int64, change ...func(*Declaration)) Declaration {
		return use(t, 1, "2025-01-01", "2025-12-31", profit, change...)
	}
	for name, c := range map[string]struct {
		licence func(*charter.Licence)
		facts   Facts
		asOf    string
		want    row
		code    Code // one of the reasons
		credit  string
	}{
		"nothing declared": {asOf: "2025-12-31", want: row{"undetermined", "-", "-", "-", "-", "-"}, code: NothingDeclared},
		"nothing declared, much given": {asOf: "2025-12-31",
			facts: Facts{Contributions: []Contribution{gave(t, 2, "2025-06-01", 500)}},
			want:  row{"reciprocating", "0", "0", "0", "0", "0"}, code: IsContributing},
		"one day before it has ended": {asOf: "2025-12-30", facts: Facts{Declarations: []Declaration{year(1000)}},
			want: row{"owing", "0", "0", "0", "0", "0"}},
		"not begun": {asOf: "2024-12-31", facts: Facts{Declarations: []Declaration{year(1000)}},
			want: row{"undetermined", "-", "-", "-", "-", "-"}},
		"the due day is inclusive": {asOf: "2026-03-31", licence: never, facts: Facts{Declarations: []Declaration{year(1000)}},
			want: row{"owing", "100", "0", "0", "100", "100"}, code: IsOwing},
		"the day after": {asOf: "2026-04-01", licence: never, facts: Facts{Declarations: []Declaration{year(1000)}},
			want: row{"lapsed", "100", "0", "0", "100", "100"}, code: IsOverdue},
		"paid late is cured": {asOf: "2026-04-02", licence: never,
			facts: Facts{Declarations: []Declaration{year(1000)}, Payments: []Payment{pays(t, 3, "2026-04-02", 100)}},
			want:  row{"owing", "100", "0", "100", "0", "0"}, code: HasPaid, credit: "0"},
		"paid too much": {asOf: "2026-01-31",
			facts: Facts{Declarations: []Declaration{year(1000)}, Payments: []Payment{pays(t, 3, "2026-01-02", 130)}},
			want:  row{"owing", "100", "0", "130", "0", "0"}, code: HasCredit, credit: "30"},
		"credit serves the next period": {asOf: "2026-02-10",
			facts: Facts{
				Declarations: []Declaration{year(1000), use(t, 2, "2026-01-01", "2026-01-31", 500)},
				Payments:     []Payment{pays(t, 3, "2026-01-02", 130)},
			}, want: row{"owing", "150", "0", "130", "20", "0"}, credit: "0"},
		"losses do not carry": {asOf: "2026-02-10",
			facts: Facts{Declarations: []Declaration{year(-1000), use(t, 2, "2026-01-01", "2026-01-31", 500)}},
			want:  row{"owing", "50", "0", "0", "50", "0"}},
		"a loss in another currency": {asOf: "2026-01-10", facts: Facts{Declarations: []Declaration{year(-1, other)}},
			want: row{"owing", "0", "0", "0", "0", "0"}},
		"another currency": {asOf: "2026-01-10", facts: Facts{Declarations: []Declaration{year(1, other)}},
			want: row{"undetermined", "-", "-", "-", "-", "-"}, code: OtherCurrency},
		"no profit said": {asOf: "2026-01-10", facts: Facts{Declarations: []Declaration{year(0, func(d *Declaration) { d.Profit = nil })}},
			want: row{"undetermined", "-", "-", "-", "-", "-"}, code: ProfitMissing},
		"a fraction": {asOf: "2026-01-10", licence: declared,
			facts: Facts{Declarations: []Declaration{year(1000, func(d *Declaration) { d.Fraction = big.NewRat(1, 4) })}},
			want:  row{"owing", "25", "0", "0", "25", "0"}},
		"no fraction": {asOf: "2026-01-10", licence: declared, facts: Facts{Declarations: []Declaration{year(1000)}},
			want: row{"undetermined", "-", "-", "-", "-", "-"}, code: FractionMissing},
		"a fraction where all is due": {asOf: "2026-01-10",
			facts: Facts{Declarations: []Declaration{year(1000, func(d *Declaration) { d.Fraction = big.NewRat(1, 4) })}},
			want:  row{"owing", "100", "0", "0", "100", "0"}},
		"disputed": {asOf: "2026-01-10", facts: Facts{Declarations: []Declaration{year(1000, func(d *Declaration) { d.State = Disputed })}},
			want: row{"undetermined", "-", "-", "-", "-", "-"}, code: IsDisputed},
		"overlapping": {asOf: "2026-01-10",
			facts: Facts{Declarations: []Declaration{year(1000), use(t, 2, "2025-12-01", "2025-12-31", 50)}},
			want:  row{"undetermined", "-", "-", "-", "-", "-"}, code: IsOverlapping},
		"overlapping, of two resources": {asOf: "2026-01-10",
			facts: Facts{Declarations: []Declaration{year(1000), use(t, 2, "2025-12-01", "2025-12-31", 50, func(d *Declaration) { d.Resource = "seeds" })}},
			want:  row{"owing", "105", "0", "0", "105", "0"}},
		"a resource that is not licensed": {asOf: "2026-01-10",
			facts: Facts{Declarations: []Declaration{year(1000), use(t, 2, "2025-12-01", "2025-12-31", 50, func(d *Declaration) { d.Resource = "film" })}},
			want:  row{"owing", "100", "0", "0", "100", "0"}},
		"declared again": {asOf: "2026-01-10",
			facts: Facts{Declarations: []Declaration{use(t, 9, "2025-01-01", "2025-12-31", 70), year(1000)}},
			want:  row{"owing", "7", "0", "0", "7", "0"}},
		"declared again, unconfirmed": {asOf: "2026-01-10",
			facts: Facts{Declarations: []Declaration{year(1000), use(t, 9, "2025-01-01", "2025-12-31", 70, func(d *Declaration) { d.State = Waiting })}},
			want:  row{"owing", "100", "0", "0", "100", "0"}},
		"declared again, disputed": {asOf: "2026-09-10", licence: never,
			facts: Facts{Declarations: []Declaration{year(1000), use(t, 9, "2025-01-01", "2025-12-31", 70, func(d *Declaration) { d.State = Disputed })}},
			want:  row{"lapsed", "100", "0", "0", "100", "100"}, code: IsOverdue},
		"declared again, the first one disputed": {asOf: "2026-01-10",
			facts: Facts{Declarations: []Declaration{
				use(t, 8, "2025-01-01", "2025-12-31", 1000, func(d *Declaration) { d.State = Disputed }),
				use(t, 9, "2025-01-01", "2025-12-31", 70, func(d *Declaration) { d.State = Waiting })}},
			want: row{"undetermined", "-", "-", "-", "-", "-"}, code: IsUnconfirmed},
		"days that overlap, unconfirmed, end no lapse": {asOf: "2026-09-10", licence: never,
			facts: Facts{Declarations: []Declaration{year(1000), use(t, 9, "2025-06-01", "2025-12-31", 70, func(d *Declaration) { d.State = Waiting })}},
			want:  row{"lapsed", ">=100", ">=0", "0", ">=100", ">=100"}, code: IsOverdue},
		"lapsed goes before a missing fact": {asOf: "2026-09-10", licence: never,
			facts: Facts{Declarations: []Declaration{year(1000), use(t, 2, "2026-01-01", "2026-06-30", 70, func(d *Declaration) { d.State = Waiting })}},
			want:  row{"lapsed", ">=100", ">=0", "0", ">=100", "100"}, code: IsOverdue},
		"a gap that may still be told": {asOf: "2026-03-31",
			facts: Facts{Declarations: []Declaration{year(0), use(t, 2, "2026-03-01", "2026-03-31", 0)}},
			want:  row{"undetermined", ">=0", ">=0", "0", ">=0", "0"}, code: IsUndeclared},
		"a year may be told in January": {asOf: "2027-01-31", facts: Facts{Declarations: []Declaration{year(0)}},
			want: row{"owing", "0", "0", "0", "0", "0"}},
		"and not later": {asOf: "2027-02-01", facts: Facts{Declarations: []Declaration{year(0)}},
			want: row{"undetermined", ">=0", ">=0", "0", ">=0", "0"}, code: IsUndeclared},
		"a contribution in time": {asOf: "2026-01-10",
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{gave(t, 2, "2025-12-31", 499)}},
			want:  row{"owing", "100", "100", "0", "0", "0"}, code: IsBelow},
		"enough on the last day": {asOf: "2026-01-10",
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{gave(t, 2, "2025-01-01", 500)}},
			want:  row{"owing", "0", "0", "0", "0", "0"}},
		"too old for the window": {asOf: "2026-01-10",
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{gave(t, 2, "2024-12-31", 500)}},
			want:  row{"owing", "100", "0", "0", "100", "0"}},
		"late in the books": {asOf: "2026-02-10",
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{recorded(t, gave(t, 2, "2025-10-31", 60), "2026-02-01")}},
			want:  row{"owing", "100", "60", "0", "40", "0"}},
		"not late in the books": {asOf: "2026-01-31",
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{recorded(t, gave(t, 2, "2025-10-31", 60), "2026-01-31")}},
			want:  row{"owing", "100", "60", "0", "40", "0"}},
		"much too late in the books": {asOf: "2026-01-31",
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{recorded(t, gave(t, 2, "2025-10-31", 600), "2026-02-01")}},
			want:  row{"owing", "100", "0", "0", "100", "0"}},
		"a unit serves once": {asOf: "2026-02-10",
			facts: Facts{
				Declarations:  []Declaration{year(1000), use(t, 3, "2026-01-01", "2026-01-31", 1000)},
				Contributions: []Contribution{gave(t, 2, "2025-12-01", 130)},
			}, want: row{"owing", "200", "130", "0", "70", "0"}},
		"no carrying over": {asOf: "2026-02-10", licence: func(l *charter.Licence) { l.CarryOver = false },
			facts: Facts{
				Declarations:  []Declaration{year(1000), use(t, 3, "2026-01-01", "2026-01-31", 1000)},
				Contributions: []Contribution{gave(t, 2, "2025-12-01", 130), gave(t, 4, "2026-01-02", 10)},
			}, want: row{"owing", "200", "110", "0", "90", "0"}},
		"paid by a distribution": {asOf: "2026-02-10",
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{distributed(t, gave(t, 2, "2025-12-01", 600), "2025-12-31", 530)}},
			want:  row{"owing", "100", "70", "0", "30", "0"}},
		"paid by a distribution that does not matter": {asOf: "2026-02-10", licence: func(l *charter.Licence) { l.Counts = charter.CountAll },
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{distributed(t, gave(t, 2, "2025-12-01", 600), "2025-12-31", 530)}},
			want:  row{"reciprocating", "0", "0", "0", "0", "0"}},
		"paid by a distribution afterwards": {asOf: "2026-01-10",
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{distributed(t, gave(t, 2, "2025-12-01", 600), "2026-01-01", 530)}},
			want:  row{"owing", "0", "0", "0", "0", "0"}},
		"without value, and it matters": {asOf: "2025-12-31",
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{valueless(t, 2, "2025-06-01")}},
			want:  row{"undetermined", "-", "-", "0", "-", "0"}, code: IsUnvalued},
		"without value, overdue": {asOf: "2026-05-01", licence: never,
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{valueless(t, 2, "2025-06-01")}},
			want:  row{"undetermined", "-", "-", "0", "-", "-"}, code: IsUnvalued},
		"without value, overdue, too old": {asOf: "2026-05-01", licence: never,
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{valueless(t, 2, "2024-06-01")}},
			want:  row{"lapsed", "100", "0", "0", "100", "100"}, code: IsOverdue},
		"without value, not for gain": {asOf: "2025-12-31",
			facts: Facts{Declarations: []Declaration{year(0, func(d *Declaration) { d.Use = NonCommercial })}, Contributions: []Contribution{valueless(t, 2, "2025-06-01")}},
			want:  row{"non-commercial", "0", "0", "0", "0", "0"}, code: UsesFreely},
		"without value, and enough anyway": {asOf: "2025-12-31",
			facts: Facts{Declarations: []Declaration{year(1000)}, Contributions: []Contribution{valueless(t, 2, "2025-06-01"), gave(t, 3, "2025-06-01", 500)}},
			want:  row{"reciprocating", "0", "0", "0", "0", "0"}, code: IsContributing},
		"no contribution is ever enough": {asOf: "2025-12-31", licence: func(l *charter.Licence) { l.Contribution = nil },
			facts: Facts{Declarations: []Declaration{year(10000)}, Contributions: []Contribution{gave(t, 3, "2025-06-01", 900)}},
			want:  row{"owing", "1000", "900", "0", "100", "0"}, code: NoThreshold},
		"a form in other letters": {asOf: "2025-12-31",
			facts: Facts{Declarations: []Declaration{year(1000, func(d *Declaration) { d.Form = " public " })}},
			want:  row{"exempt", "0", "0", "0", "0", "0"}, code: IsExempt},
	} {
		t.Run(name, func(t *testing.T) {
			f := c.facts
			f.Licence, f.AsOf = manual(), day(t, c.asOf)
			f.Licence.Resources = []string{"manual", "seeds"}
			if c.licence != nil {
				c.licence(f.Licence)
			}
			got := Of(f)
			if diff := cmp.Diff(c.want, rowOf(got)); diff != "" {
				t.Error(diff)
			}
			found := c.code == ""
			for _, r := range got.Reasons {
				found = found || r.Code == c.code
			}
			if !found {
				t.Errorf("no reason %s among %+v", c.code, got.Reasons)
			}
			if c.credit != "" && words(got.Credit) != c.credit {
				t.Errorf("the credit is %s, not %s", words(got.Credit), c.credit)
			}
		})
	}
}

// never lets a long time pass before use has to be declared.
func never(l *charter.Licence) { l.Declare = charter.Period{Months: 1200} }

func declared(l *charter.Licence) { l.Attribution = charter.AttributeDeclared }

func other(d *Declaration) { d.Currency = "EUR" }

func recorded(t *testing.T, c Contribution, on string) Contribution {
	c.Recorded = day(t, on)
	return c
}

func distributed(t *testing.T, c Contribution, on string, amount int64) Contribution {
	c.Paid = append(c.Paid, Part{day(t, on), big.NewRat(amount, 1)})
	return c
}

func valueless(t *testing.T, n byte, on string) Contribution {
	c := gave(t, n, on, 0)
	c.Value = nil
	return c
}

func TestAmountsAreWrittenExactly(t *testing.T) {
	for _, c := range []struct {
		amount *big.Rat
		want   string
	}{
		{big.NewRat(100, 1), "100"}, {big.NewRat(1, 8), "0.125"}, {big.NewRat(-5, 2), "-2.5"}, {big.NewRat(1, 3), "1/3"},
		{new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(30), nil)), fmt.Sprintf("0.%030d", 1)},
	} {
		if got := Text(c.amount); got != c.want {
			t.Errorf("%v is written %s, not %s", c.amount, got, c.want)
		}
	}
}
