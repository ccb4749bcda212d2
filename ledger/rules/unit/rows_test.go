package unit_test

import (
	"encoding/csv"
	"errors"
	"math/big"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules/unit"
)

type om2 struct{ kind, id, label, symbol, definition string }

// om2Rows reads the rows of OM2, which the tests hold against the table.
func om2Rows(t testing.TB) []om2 {
	t.Helper()
	file, err := os.Open("om2.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r := csv.NewReader(file)
	r.Comment = '#'
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []om2
	for _, f := range records {
		rows = append(rows, om2{f[0], f[1], strings.TrimSpace(f[2]), f[3], f[4]})
	}
	return rows
}

// slips are symbols of OM2 that belong to another row or are garbled.
var slips = map[string]bool{
	"degreeCelsiusDay": true, "microbar": true, "abohm": true, "colonyFormingUnitPer25Millilitre": true,
	"zettagram": true, "yottagram": true, "micromolar": true, "reciprocalPartsPerMillionPerYear": true,
	"candelaPerSquareMetre": true, "candelaPerSquareCentimetre": true,
	"microgramPerSquareMetreSecond-Time": true, "microgramPerJoule": true,
}

// shared are the symbols that lead elsewhere than to each unit that has them: to
// one, or to none where a guess would not show.
var shared = map[string]string{
	"h": "hour", "m": "metre", "s": "second-Time", "u": "one", "gr": "gram", "lb": "poundAvoirdupois",
	"ac": "acre-International", "ft": "foot-International", "gal": "gal", "rad": "rad",
	"B": "byte", "G": "gauss", "PS": "horsepower-Metric", "a": "", "pt": "", "fl oz": "", "gi": "", "Btu": "", "Fr": "",
}

func TestEveryRowIsFound(t *testing.T) {
	rows := om2Rows(t)
	if len(rows) != 1417 {
		t.Fatalf("%d rows, want 1417", len(rows))
	}
	for _, r := range rows {
		for _, text := range []string{
			r.id, r.label, " " + r.label + "\t", strings.ToUpper(r.label), "om2:" + r.id, "om:" + r.id,
			"http://www.ontology-of-units-of-measure.org/resource/om-2/" + r.id,
		} {
			if id, err := unit.Find(text); id != r.id || err != nil {
				t.Errorf("%s: %q is found as %q: %v", r.id, text, id, err)
			}
		}
		want, decided := shared[r.symbol]
		if !decided {
			want = r.id
		}
		if r.symbol != "" && !slips[r.id] {
			if id, err := unit.Find(r.symbol); id != want || err == nil == (want == "") {
				t.Errorf("%s: symbol %q is found as %q: %v", r.id, r.symbol, id, err)
			}
		}
		u, ok := unit.Lookup(r.id)
		if !ok || u.ID != r.id || u.Label != r.label || u.Dimension == "" {
			t.Errorf("%s: %+v %v", r.id, u, ok)
		}
		if u.Symbol != r.symbol && !slips[r.id] && r.symbol != "M/h" && r.symbol != "nmi/h" {
			t.Errorf("%s: symbol %q, want %q", r.id, u.Symbol, r.symbol)
		}
	}
}

func TestAllIsSorted(t *testing.T) {
	var ids []string
	for u := range unit.All() {
		ids = append(ids, u.ID)
	}
	if len(ids) != 1416 || !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("%d units, sorted %v", len(ids), slices.IsSorted(ids))
	}
	for range unit.All() {
		break
	}
}

// simple is a definition by a number and one unit, alone in its sentence.
var simple = regexp.MustCompile(`defined as (\d[\d ]*(?:\.\d+)?(?:e-?\d+)?) ([^.=]+)\.(?: |$)`)

// labels leads from a unit as definitions write it to its identifier.
func labels(rows []om2) map[string]string {
	out := map[string]string{"inch": "inch-International", "teaspoon": "teaspoon-US"}
	for _, r := range rows {
		out[r.label] = r.id
	}
	return out
}

// Every definition that is a number and a unit says by which factor to convert,
// unless it is ruled rounded or measured.
func TestConversionFollowsTheDefinition(t *testing.T) {
	rows := om2Rows(t)
	byLabel := labels(rows)
	checked, refused := 0, 0
	for _, r := range rows {
		at := simple.FindStringSubmatch(r.definition)
		if at == nil {
			continue
		}
		other, known := byLabel[strings.TrimSpace(strings.ReplaceAll(at[2], " (IAU 2012 Resolution)", ""))]
		want, number := new(big.Rat).SetString(strings.ReplaceAll(at[1], " ", ""))
		if !known || !number {
			continue
		}
		got, err := unit.Convert(big.NewRat(1, 1), r.id, other)
		var fault *unit.FactorError
		switch {
		case errors.As(err, &fault):
			refused++
			if !unit.Comparable(r.id, other) || unit.Convertible(r.id, other) {
				t.Errorf("%s: %v, comparable %v", r.id, err, unit.Comparable(r.id, other))
			}
		case err != nil:
			t.Errorf("%s into %s: %v", r.id, other, err)
		case got.Cmp(want) != 0:
			t.Errorf("%s: %v %s, want %v", r.id, got, other, want)
		default:
			checked++
		}
	}
	if checked < 350 || refused < 60 {
		t.Errorf("%d definitions checked and %d refused: the test does not read them any more", checked, refused)
	}
}

var prefixed = map[string]string{
	"yocto": "1e-24", "zepto": "1e-21", "atto": "1e-18", "femto": "1e-15", "pico": "1e-12", "nano": "1e-9",
	"micro": "1e-6", "milli": "1e-3", "centi": "1e-2", "deci": "1e-1", "deca": "1e1", "hecto": "1e2", "kilo": "1e3",
	"mega": "1e6", "giga": "1e9", "tera": "1e12", "peta": "1e15", "exa": "1e18", "zetta": "1e21", "yotta": "1e24",
	"kibi": "1024", "mebi": "1048576",
}

// Every prefix means the same before every unit, rounded ones too.
func TestPrefixesMultiply(t *testing.T) {
	checked := 0
	for _, r := range om2Rows(t) {
		for prefix, text := range prefixed {
			base, has := strings.CutPrefix(r.id, prefix)
			if _, known := unit.Lookup(base); !has || !known || r.kind != "PrefixedUnit" {
				continue
			}
			checked++
			want, _ := new(big.Rat).SetString(text)
			if got, err := unit.Factor(r.id, base); err != nil || got.Cmp(want) != 0 {
				t.Errorf("%s is %v %s (%v), want %v", r.id, got, base, err, want)
			}
		}
	}
	if checked < 600 {
		t.Errorf("only %d prefixed units", checked)
	}
}

func TestEveryUnitIsItself(t *testing.T) {
	q := big.NewRat(22, 7)
	for u := range unit.All() {
		got, err := unit.Convert(q, u.ID, u.ID)
		if err != nil || got.Cmp(q) != 0 || got == q || !unit.Comparable(u.ID, u.ID) || !unit.Convertible(u.ID, u.ID) {
			t.Errorf("%s: %v %v", u.ID, got, err)
		}
	}
	if diff := cmp.Diff("22/7", q.String()); diff != "" {
		t.Errorf("the quantity was changed: %s", diff)
	}
}
