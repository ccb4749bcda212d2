package graph

import (
	"strings"
	"time"
)

// utc is a time as text that sorts like time does; "" stays "".
func utc(text string) string {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t.UTC().Format("2006-01-02T15:04:05.000000000")
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC().Format("2006-01-02T15:04:05.000000000")
	}
	return ""
}

// sayProperty is what a property says, for comparing two statements.
func sayProperty(p Property) string {
	r := &reader{}
	return strings.TrimPrefix(r.says(&Node{Properties: []Property{{Name: p.Name, Values: p.Values}}}), `""`)
}
