package reciprocity

import (
	"time"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// Day is a day of UTC, counted from 1 January 1970.
type Day int32

const secondsOfDay = 24 * 60 * 60

// DayOf returns the day in which an instant lies.
func DayOf(t time.Time) Day {
	seconds := t.Unix()
	day := seconds / secondsOfDay
	if seconds%secondsOfDay < 0 {
		day--
	}
	return Day(day)
}

// ParseDay reads a date such as 2025-03-31; ok is false for anything else.
func ParseDay(text string) (d Day, ok bool) {
	t, err := time.Parse(time.DateOnly, text)
	return DayOf(t), err == nil
}

// String returns the day as a date, 2025-03-31.
func (d Day) String() string { return d.time().Format(time.DateOnly) }

// Begins returns the first instant of the day.
func (d Day) Begins() protocol.Time { return protocol.TimeOf(d.time()) }

func (d Day) time() time.Time { return time.Unix(int64(d)*secondsOfDay, 0).UTC() }

// Plus returns the day that lies a period later: first the months, clamped to
// the end of the month, then the days. A month after 31 January is 28 February.
func (d Day) Plus(p charter.Period) Day { return d.months(p.Months) + Day(p.Days) }

// Minus returns the day that lies a period earlier, in the same way.
func (d Day) Minus(p charter.Period) Day { return d.months(-p.Months) - Day(p.Days) }

func (d Day) months(n int) Day {
	year, month, day := d.time().Date()
	first := time.Date(year, month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return DayOf(first) + Day(min(day, last)-1)
}

// lengthOf returns how long a period of use is: in whole months if it is made of
// such, else in days.
func lengthOf(from, to Day) charter.Period {
	after := to + 1
	a, b := from.time(), after.time()
	months := 12*(b.Year()-a.Year()) + int(b.Month()) - int(a.Month())
	if months > 0 && from.months(months) == after {
		return charter.Period{Months: months}
	}
	return charter.Period{Days: int(after - from)}
}
