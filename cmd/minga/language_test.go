package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// texts returns every literal text that the program translates.
func texts(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, is := n.(*ast.CallExpr)
			if !is || len(call.Args) == 0 {
				return true
			}
			method, is := call.Fun.(*ast.SelectorExpr)
			if !is || !slices.Contains([]string{"t", "hint", "usage"}, method.Sel.Name) {
				return true
			}
			if literal, is := call.Args[0].(*ast.BasicLit); is {
				text, err := strconv.Unquote(literal.Value)
				if err != nil {
					t.Fatal(err)
				}
				found[text] = true
			}
			return true
		})
	}
	return found
}

func TestEveryTextIsInSpanish(t *testing.T) {
	verbs := regexp.MustCompile(`%[a-z]`)
	for english := range texts(t) {
		translated, found := inSpanish(english)
		if !found && english != "%v" {
			t.Errorf("%q has no Spanish", english)
		}
		if found && !slices.Equal(verbs.FindAllString(english, -1), verbs.FindAllString(translated, -1)) {
			t.Errorf("%q and %q want other values", english, translated)
		}
	}
}

func TestLanguageIsChosen(t *testing.T) {
	for _, c := range []struct {
		args string
		env  map[string]string
		want string
	}{
		{"status", nil, "en"},
		{"status", map[string]string{"LANG": "es_EC.UTF-8"}, "es"},
		{"status", map[string]string{"LANG": "es_EC.UTF-8", "LC_ALL": "C"}, "en"},
		{"status", map[string]string{"LANG": "en_US.UTF-8", "MINGA_LANG": "es"}, "es"},
		{"status --lang es", nil, "es"},
		{"--lang=es status", nil, "es"},
		{"work -- --lang es", nil, "en"},
	} {
		got := chooseLanguage(strings.Fields(c.args), func(name string) string { return c.env[name] })
		if got != c.want {
			t.Errorf("%s with %v: %s", c.args, c.env, got)
		}
	}
}

func TestWorkIsUnderstood(t *testing.T) {
	for text, want := range map[string][3]string{
		"3 h Garden":           {"3", "h", "Garden"},
		"  1.50h  Casa  común": {"1.50", "h", "Casa  común"},
		"2 m² Wall":            {"2", "m²", "Wall"},
	} {
		effort, resource, ok := parseWork(text)
		if got := [3]string{effort.HasNumericalValue, effort.HasUnit, resource}; !ok || got != want {
			t.Errorf("%q is %q", text, got)
		}
	}
	for _, text := range []string{"", "3", "3 h", "Garden", "h 3 Garden", "1,5 h Garden", "NaN h Garden", "-"} {
		if effort, resource, ok := parseWork(text); ok {
			t.Errorf("%q is %v %q", text, effort, resource)
		}
	}
}
