package rules_test

import (
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger/rules"
)

func TestPeriodAfter(t *testing.T) {
	for _, c := range []struct {
		from string
		p    rules.Period
		want string
	}{
		{"2026-03-01T23:59:00Z", rules.Period{}, "2026-03-01"},
		{"2026-03-01T23:59:00Z", rules.Period{Days: 1}, "2026-03-02"},
		{"2026-03-01T23:30:00-05:00", rules.Period{Days: 1}, "2026-03-03"}, // a UTC day later
		{"2026-01-31T00:00:00Z", rules.Period{Months: 1}, "2026-02-28"},
		{"2028-01-31T00:00:00Z", rules.Period{Months: 1}, "2028-02-29"},
		{"2028-02-29T00:00:00Z", rules.Period{Months: 12}, "2029-02-28"},
		{"2026-01-31T00:00:00Z", rules.Period{Months: 1, Days: 1}, "2026-03-01"},
		{"2026-12-15T00:00:00Z", rules.Period{Months: 2}, "2027-02-15"},
		{"2026-03-01T00:00:00Z", rules.Period{Days: 365}, "2027-03-01"},
	} {
		from, err := time.Parse(time.RFC3339, c.from)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.p.After(from).Format(time.RFC3339); got != c.want+"T00:00:00Z" {
			t.Errorf("%v after %s is %s, want %s", c.p, c.from, got, c.want)
		}
	}
}
