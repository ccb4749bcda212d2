package graphql

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestQueriesAreWeighedBeforeTheyRun(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("{ a ", n) + strings.Repeat("} ", n) }
	aliased := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "a%d: a ", i)
		}
		return "{ " + b.String() + "}"
	}
	for name, c := range map[string]struct {
		query  string
		fields int
		code   Code
		line   int
	}{
		"one":                {"{ a }", 1, "", 0},
		"as deep as may be":  {deep(maxDepth), maxDepth, "", 0},
		"too deep":           {"\n" + deep(maxDepth+1), 0, CodeTooDeep, 2},
		"deep in a fragment": {"{ a { b { ...f } } } fragment f on A " + deep(maxDepth-1), 0, CodeTooDeep, 1},
		"a fragment twice":   {"{ a { ...f ...f } } fragment f on A { b c }", 5, "", 0},
		"inline":             {"{ ... on A { b c } }", 2, "", 0},
		"aliases":            {aliased(maxAliases), maxAliases, "", 0},
		"one alias more":     {aliased(maxAliases + 1), 0, CodeTooMany, 1},
		"a name as its own":  {"{ " + strings.Repeat("a: a ", maxAliases+1) + "}", maxAliases + 1, "", 0},
		"a circle":           {"{ ...f } fragment f on A { b ...f }", 1, "", 0},
		"no such fragment":   {"{ ...g }", 1, "", 0},
		"two operations":     {"query a { a } query b { a b c }", 3, "", 0},
		"nested lists":       {"{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", 0, CodeTooDeep, 1},
		"no GraphQL":         {"{ a ", 1, "", 0},
		"nothing":            {"", 1, "", 0},
	} {
		fields, err := weigh(host{}, c.query)
		if c.code == "" {
			if fields != c.fields || err != nil {
				t.Errorf("%s: %d fields, %v, want %d", name, fields, err, c.fields)
			}
			continue
		}
		var placed placedError
		if !errors.Is(err, refusedCode(c.code)) || !errors.As(err, &placed) || len(placed.locations()) != 1 || placed.locations()[0].Line != c.line {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzWeigh(f *testing.F) {
	for _, seed := range []string{"{ a }", "{ a: b(c: {d: [1.5, \"x\"]}) { ...f } } fragment f on A { ...f }", "query($a: A = 1) { a @include(if: $a) }", "{{{", `"""`, "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		fields, err := weigh(host{}, query)
		if err == nil && (fields < 0 || fields > maxAsked) {
			t.Fatalf("%d fields", fields)
		}
	})
}

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "MDo", place{"abc", 7}.cursor(), place{"", 99}.cursor(), "!"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := placeOf(text)
		if ok && (at.n < 0 || at.n >= someItems) {
			t.Fatalf("%q is %+v", text, at)
		}
		if again, same := placeOf(at.cursor()); ok && (!same || again != at) {
			t.Fatalf("%+v became %+v", at, again)
		}
	})
}
