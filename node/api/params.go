package api

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// InLanguage is a parameter of every operation. It is exported, like those
// below, because parameters of embedded types are found only then.
type InLanguage struct {
	Lang string `query:"lang" enum:"en,es" doc:"Language of texts; default: Accept-Language"`
}

// InCommons are the parameters of every operation within one commons.
type InCommons struct {
	InLanguage
	Commons string `query:"commons" doc:"Name, identifier or unique prefix of one; default: the only commons, or the only one of which this node is a member" maxLength:"256"`
}

// InPage are the parameters of every list.
type InPage struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"Items of a page"`
	Cursor string `query:"cursor" maxLength:"4096" doc:"next of the page before"`
}

func (p InPage) page() ledger.Page { return ledger.Page{After: p.Cursor, Limit: p.Limit} }

// answer is a JSON body.
type answer[T any] struct{ Body T }

// page is a JSON body with a link to the next one.
type page[T any] struct {
	Link string `header:"Link" doc:"The next page, rel=next; absent on the last"`
	Body T
}

// created is a JSON body whose status says whether something was written.
type created[T any] struct {
	Status   int
	Location string `header:"Location" doc:"Where to read what was written"`
	Body     T
}

// nextLink is the Link header for a list: the same request with the next
// cursor.
func nextLink(ctx context.Context, next string) string {
	r := exchangeOf(ctx).r
	if next == "" || r == nil {
		return ""
	}
	q := r.URL.Query()
	q.Set("cursor", next)
	u := url.URL{Path: r.URL.Path, RawQuery: q.Encode()}
	return fmt.Sprintf("<%s>; rel=\"next\"", u.String())
}

func sprint(v any) string { return fmt.Sprint(v) }

// rfc3339 shows a time of the log.
func rfc3339(t protocol.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

// endOf reads when something is to end: an ISO 8601 duration from now, a date
// or a time.
func endOf(text string, now time.Time) (time.Time, bool) {
	if t, ok := parseTime(text); ok {
		return t, true
	}
	return addDuration(now, text)
}

// parseTime reads RFC 3339 with offset, or a date, which means midnight UTC.
func parseTime(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// addDuration adds an ISO 8601 duration such as P1Y2M3W4DT5H6M7S, in whole
// numbers, by the UTC calendar.
func addDuration(from time.Time, text string) (time.Time, bool) {
	if len(text) < 3 || text[0] != 'P' {
		return time.Time{}, false
	}
	units, inTime, any := "YMWD", false, false
	t := from.UTC()
	for rest := text[1:]; rest != ""; {
		if rest[0] == 'T' && !inTime {
			units, inTime, any, rest = "HMS", true, false, rest[1:]
			continue
		}
		digits := 0
		for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
			digits++
		}
		if digits == 0 || digits > 5 || digits == len(rest) {
			return time.Time{}, false
		}
		n, err := strconv.Atoi(rest[:digits])
		if err != nil {
			return time.Time{}, false
		}
		at := strings.IndexByte(units, rest[digits])
		if at < 0 {
			return time.Time{}, false
		}
		t = addUnit(t, units[at], inTime, n)
		units, any, rest = units[at+1:], true, rest[digits+1:]
	}
	return t, any
}

func addUnit(t time.Time, unit byte, inTime bool, n int) time.Time {
	switch unit {
	case 'Y':
		return t.AddDate(n, 0, 0)
	case 'W':
		return t.AddDate(0, 0, 7*n)
	case 'D':
		return t.AddDate(0, 0, n)
	case 'H':
		return t.Add(time.Duration(n) * time.Hour)
	case 'S':
		return t.Add(time.Duration(n) * time.Second)
	}
	if inTime {
		return t.Add(time.Duration(n) * time.Minute)
	}
	return t.AddDate(0, n, 0)
}
