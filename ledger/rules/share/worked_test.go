package share_test

import (
	"testing"

	"github.com/minga-commons/minga/ledger/rules/charter"
)

func check(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestClaims is 100 and 50 claimed, incomes of 90.00 and 120.00.
func TestClaims(t *testing.T) {
	for claim, want := range map[charter.Claim][2]string{
		charter.Once:   {"work Ana 60.00 Bea 30.00; pool 0.00", "work; pool 120.00"},
		charter.Debt:   {"work Ana 60.00 Bea 30.00; pool 0.00", "work Ana 40.00 Bea 20.00; pool 60.00"},
		charter.Equity: {"work Ana 60.00 Bea 30.00; pool 0.00", "work Ana 80.00 Bea 40.00; pool 0.00"},
	} {
		v := newVillage("Ana", "Bea")
		v.event(0, "a Ana work garden 10 hour", -1)
		v.event(0, "b Bea work garden 5 hour", -1)
		r := &rounds{t: t, v: v}
		b := pot("work", charter.Proportional, rate("work garden 10 hour", claim))
		check(t, r.share("90.00", b), want[0])
		check(t, r.share("120.00", b), want[1])
	}
}
