package api

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/minga-commons/minga/ledger"
)

// declaredCodes reads the problem codes from the source, so that none is
// forgotten: those of problems first, then those of items.
func declaredCodes(t *testing.T) (problems, items []Code) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "problem.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	groups := [][]Code{}
	for _, decl := range file.Decls {
		consts, ok := decl.(*ast.GenDecl)
		if !ok || consts.Tok != token.CONST {
			continue
		}
		var group []Code
		for _, spec := range consts.Specs {
			text, err := strconv.Unquote(spec.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			group = append(group, Code(text))
		}
		groups = append(groups, group)
	}
	if len(groups) != 2 {
		t.Fatalf("%d groups of codes", len(groups))
	}
	return groups[0], groups[1]
}

func (t text) check(name string, mayBeEmpty bool) error {
	switch {
	case t.en == "" || t.es == "":
		return fmt.Errorf("%s: a language is missing", name)
	case t.en == t.es && !mayBeEmpty:
		return fmt.Errorf("%s: both languages are %q", name, t.en)
	case verbs(t.en) != verbs(t.es):
		return fmt.Errorf("%s: verbs differ: %q, %q", name, t.en, t.es)
	}
	return nil
}

func verbs(s string) string {
	var out []string
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '%' {
			out = append(out, s[i:i+2])
			i++
		}
	}
	return strings.Join(out, " ")
}

func TestEveryCodeSpeaksBothLanguages(t *testing.T) {
	problems, items := declaredCodes(t)
	seen := map[Code]bool{}
	for _, code := range problems {
		m, ok := catalogue[code]
		if !ok || seen[code] {
			t.Errorf("%s: no text, or declared twice", code)
		}
		seen[code] = true
		for name, text := range map[string]text{"title": m.title, "detail": m.detail, "hint": m.hint} {
			if err := text.check(string(code)+" "+name, false); err != nil {
				t.Error(err)
			}
		}
		if verbs(m.title.en)+verbs(m.hint.en) != "" {
			t.Errorf("%s: only details have arguments", code)
		}
		if status := statusOf(code); status < 400 || status > 599 {
			t.Errorf("%s: status %d", code, status)
		}
	}
	for _, code := range items {
		if err := itemTexts[code].check(string(code), false); err != nil || seen[code] {
			t.Error(err, code)
		}
		seen[code] = true
	}
	if len(catalogue) != len(problems) || len(itemTexts) != len(items)+1 {
		t.Errorf("texts without a code: %d of %d, %d of %d", len(catalogue), len(problems), len(itemTexts), len(items)+1)
	}
	for class, text := range classTexts {
		if err := text.check(class, false); err != nil || !slices.Contains(ledger.StandingClasses(), class) {
			t.Error(class, err)
		}
	}
	for code, text := range standingTexts {
		if err := text.check(code, false); err != nil || !slices.Contains(ledger.StandingCodes(), code) {
			t.Error(code, err)
		}
	}
	if len(classTexts) != len(ledger.StandingClasses()) || len(standingTexts) != len(ledger.StandingCodes()) {
		t.Error("a class or a reason of a standing has no text")
	}
	for i, text := range []text{
		standingEvidence,
		phraseText, phraseNoEffect, phraseObject, phraseList, phraseInteger, phraseBetween, phraseFuture, phraseDecimal,
		phraseOneOf, phraseAnything, settledByOne, settledByMany, settledByNone, writingAsking, writingRefused, silentWitness, phraseBool,
		phraseNone, phraseNothingBack, forkFrozen, forkDecided,
		sayResolve, sayPay, sayCharter, sayWitnesses, sayAdmit, sayRemove, sayRevoke, sayBind, sayKeys, sayAccount, sayShare, saySharing, sayOther,
		sayVerified, sayDiffers, sayIncomplete, warnHeld, warnFrozen, warnGone, warnUntraced, warnLeftOut, warnOlder, warnAgain, warnAhead,
		differsLine, differsRest, differsMore, sayMissing, sayNobody, sayNoIncome, sayElsewhere, warnUnvalued, warnOther,
		whyRest, whyPaidBy, whyPaidTo, whyMoney, whyDivided, whyAccount, whyPasses, whyOutside, whyCorrects,
		reportValue, reportRounded, reportUncounted, reportUnknown, phraseAfter,
		witnessOne, witnessCrash, witnessLiars, witnessNext, witnessMissing, witnessClosing, witnessSilent, witnessFounder, witnessFewLeft,
	} {
		if err := text.check(fmt.Sprint("phrase ", i), false); err != nil {
			t.Error(err)
		}
	}
}
