package charter

import (
	"strconv"
	"strings"

	"github.com/minga-commons/minga/ledger/rules"
)

// Period is a span of the calendar, counted in UTC days.
type Period = rules.Period

// parsePeriod reads a period of ISO 8601 in whole years, months, weeks and days,
// each of at most four digits.
func parsePeriod(written string) (p Period, ok bool) {
	rest, found := strings.CutPrefix(written, "P")
	for units := "YMWD"; found && rest != ""; {
		digits := 0
		for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
			digits++
		}
		if digits == 0 || digits > 4 || digits == len(rest) {
			return Period{}, false
		}
		n, _ := strconv.Atoi(rest[:digits])
		at := strings.IndexByte(units, rest[digits])
		if at < 0 {
			return Period{}, false
		}
		switch units[at] {
		case 'Y':
			p.Months += 12 * n
		case 'M':
			p.Months += n
		case 'W':
			p.Days += 7 * n
		case 'D':
			p.Days += n
		}
		ok, units, rest = true, units[at+1:], rest[digits+1:]
	}
	return p, ok
}
