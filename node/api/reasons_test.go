package api

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/minga-commons/minga/ledger"
)

// constants reads the constants of a type from a source file.
func constants(t *testing.T, file, typeName string) map[string]bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, is := n.(*ast.ValueSpec)
		if !is || len(spec.Values) == 0 {
			return true
		}
		if name, is := spec.Type.(*ast.Ident); !is || name.Name != typeName {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		found[value] = true
		return true
	})
	return found
}

func TestEveryReasonOfTheRulesSpeaksBothLanguages(t *testing.T) {
	reasons := constants(t, "../../ledger/rules/rules.go", "Reason")
	delete(reasons, "") // valid
	if len(reasons) < 20 {
		t.Fatalf("%d reasons found", len(reasons))
	}
	for reason := range reasons {
		if err := reasonTexts[ledger.Reason(reason)].check(reason, false); err != nil {
			t.Error(err)
		}
	}
	for reason, text := range reasonTexts {
		if !reasons[string(reason)] {
			t.Errorf("%s is no reason of the rules", reason)
		}
		if verbs(text.en) != "" {
			t.Errorf("%s: nothing fills %q", reason, text.en)
		}
	}
	if got := ReasonText("es", "of-tomorrow"); got != "of-tomorrow" {
		t.Errorf("a reason without text is %q", got)
	}
}

func TestEveryReasonOfARowSpeaksBothLanguages(t *testing.T) {
	reasons := constants(t, "../../ledger/archive/why.go", "Why")
	if len(reasons) < 30 {
		t.Fatalf("%d reasons found", len(reasons))
	}
	for reason := range reasons {
		if err := (text{reason, rowReasons[reason]}).check(reason, false); err != nil {
			t.Error(err)
		}
	}
	for reason := range rowReasons {
		if !reasons[reason] {
			t.Errorf("%q is no reason of a row", reason)
		}
	}
}

func TestEveryReasonOfAGraphSpeaksBothLanguages(t *testing.T) {
	reasons := constants(t, "../../ledger/archive/graph/why.go", "Why")
	if len(reasons) < 50 {
		t.Fatalf("%d reasons found", len(reasons))
	}
	for reason := range reasons {
		if err := (text{reason, slipReasons[reason]}).check(reason, false); err != nil {
			t.Error(err)
		}
	}
	for reason := range slipReasons {
		if !reasons[reason] {
			t.Errorf("%q is no reason of a graph", reason)
		}
	}
}

func TestReasonsAreTold(t *testing.T) {
	void := ImportLine{Reason: "it would have no effect: %v", Args: []any{ledger.Reason("bad-time")}}
	for _, c := range []struct {
		lang string
		line ImportLine
		want string
	}{
		{english, void, "it would have no effect: a time is neither RFC 3339 with an offset nor a date"},
		{spanish, void, "no tendría efecto: una fecha no es ni RFC 3339 con zona horaria ni un día"},
		{spanish, ImportLine{Column: "unit", Reason: "there is nothing here"}, "unit: aquí no hay nada"},
		{spanish, ImportLine{Reason: "something new, 100 %"}, "something new, 100 %"},
	} {
		if got := rowReason(c.lang, c.line); got != c.want {
			t.Errorf("%s: %q, want %q", c.lang, got, c.want)
		}
	}
	p := problem(CodeInvalid, phraseNoEffect.with(ledger.Reason("bad-time"))).in(spanish)
	if !strings.Contains(p.Detail, "no tendría efecto (una fecha no es") {
		t.Errorf("the problem says %q", p.Detail)
	}
}
