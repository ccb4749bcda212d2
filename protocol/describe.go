package protocol

import (
	"math"
	"strconv"
	"strings"
)

// FieldRow is one row of a layout table in SPEC.md.
type FieldRow struct {
	Name     string // the map key
	Required bool   // false: the field is left out when it has no value
	Shape    string // type and bounds, as SPEC.md writes them
	Item     string // the name of the layout of a nested map, if any
}

// Layout is the table of one map of the format, fields in canonical order.
type Layout struct {
	Name string
	Rows []FieldRow
}

// Layouts returns the tables of every map of the format: the entry, the
// inception, each body, and the maps inside them. SPEC.md carries the same
// tables, and a test compares the two.
func Layouts() []Layout {
	var all []Layout
	seen := map[string]bool{}
	var visit func(name string, rec record)
	visit = func(name string, rec record) {
		if seen[name] {
			return
		}
		seen[name] = true
		at := len(all)
		all = append(all, Layout{Name: name})
		var nested []record
		f := fields{mode: describing}
		f.describe = func(row FieldRow, item record) {
			if item != nil {
				row.Item = layoutName(item)
				nested = append(nested, item)
			}
			all[at].Rows = append(all[at].Rows, row)
		}
		rec.fields(&f)
		for _, item := range nested {
			visit(layoutName(item), item)
		}
	}
	visit("entry", &entryHead{})
	visit("inception", &inceptionShape{})
	for _, kind := range kinds {
		if kind != KindInception {
			visit(string(kind), newBody(kind))
		}
	}
	return all
}

func layoutName(rec record) string {
	switch rec.(type) {
	case *AgentCard:
		return "agent card"
	case *Grant:
		return "grant"
	case *Quantity:
		return "quantity"
	case *Amount:
		return "amount"
	case *Head:
		return "head"
	case *Watermark:
		return "watermark"
	case *NewResource:
		return "new resource"
	case *Steward:
		return "steward"
	case *Line:
		return "line"
	case *hashedText:
		return "hashed text"
	}
	return ""
}

func number(n int) string { return strconv.Itoa(n) }

func bounds(min, max int64) string {
	limit := func(n int64) string {
		switch n {
		case math.MaxInt64:
			return "2^63-1"
		case MaxMantissa:
			return "10^15"
		case -MaxMantissa:
			return "-10^15"
		}
		return strconv.FormatInt(n, 10)
	}
	if min == max {
		return limit(min)
	}
	return limit(min) + ".." + limit(max)
}

func listShape(of string, max int) string { return "list of " + of + ", 1.." + number(max) }

func alternatives[T ~string](choices []T) string {
	var b strings.Builder
	for i, choice := range choices {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("`" + string(choice) + "`")
	}
	return b.String()
}
