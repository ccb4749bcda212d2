package rules

import (
	"strconv"
	"time"
)

// Period is a span of the calendar, counted in UTC days. A month is clamped to
// its end.
type Period struct {
	Months int
	Days   int
}

// IsZero reports whether the period is no time at all.
func (p Period) IsZero() bool { return p == Period{} }

// After returns the beginning of the UTC day that lies a period after the day of
// a time: first the months, clamped to the end of the month, then the days.
func (p Period) After(t time.Time) time.Time {
	year, month, day := t.UTC().Date()
	first := time.Date(year, month+time.Month(p.Months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(day, last)-1+p.Days)
}

// String returns the period in ISO 8601, shortened: P1Y2M3D.
func (p Period) String() string {
	text := "P"
	if years := p.Months / 12; years > 0 {
		text += strconv.Itoa(years) + "Y"
	}
	if months := p.Months % 12; months > 0 {
		text += strconv.Itoa(months) + "M"
	}
	if p.Days > 0 || text == "P" {
		text += strconv.Itoa(p.Days) + "D"
	}
	return text
}
