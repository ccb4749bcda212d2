package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const room = "../../ledger/rules/unit"

func TestTableIsUpToDate(t *testing.T) {
	want, err := generate(room)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(room, "table_gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("ledger/rules/unit/table_gen.go is not what its data says: go generate ./ledger/rules/unit")
	}
}

// What the rows or the rulings say wrongly is found, not written.
func TestGenerateRefuses(t *testing.T) {
	for _, c := range []struct{ file, old, new, want string }{
		{"om2.csv", "defined as 3.048e-1 metre", "defined as 3.048e-1 metres of it", `"metres" is no unit`},
		{"om2.csv", "The carat (mass) is a unit of mass defined as 2.0e-4 kilogram.", "Defined as 2.0e-4.", "no definition"},
		{"om2.csv", "defined as 2.0e-4 kilogram", "defined as 2.0521e-4 kilogram", "does not say whether it is exact"},
		{"om2.csv", "The hectometre is a unit of length defined as 1.0e2 metre.", "The hectometre is a unit of length defined as 1.0e3 metre.", "prefix and definition differ"},
		{"om2.csv", "Metre per second is a unit of speed defined as metre divided by second.", "Metre per second is a unit of speed defined as metre divided by hour.", "label and definition differ"},
		{"om2.csv", "UnitExponentiation,squareInch-International,square inch (international),in2", "UnitExponentiation,squareInch-International,square inch (international),in3", "symbols that say another thing"},
		{"om2.csv", "unit of volume defined as 100 cubic foot = 2.8316846592", "unit of volume defined as 100 cubic foot = 2.9", "says another thing"},
		{"om2.csv", "The are is a unit of area defined as 100 square metre.", "The are is a unit of area defined as 0.01 hectare.", "defined by itself"},
		{"om2.csv", "PrefixedUnit,hectare,", "PrefixedUnit,hexare,", "no prefix before a unit"},
		{"factors.txt", "exact: year, week", "exact: week", "year: a number of 8 digits"},
		{"factors.txt", "exact: grain", "exact: grain, grian", `"grian" is no unit`},
		{"factors.txt", "apart: magnitude", "apart: magnitude, grain", `"grain" is no unit, or stands there twice`},
		{"factors.txt", "like second-Time: month, ", "like second-Time: ", "month: no definition"},
		{"names.txt", "sign hour: h", "sign hour: hours hour", `"h" is the symbol`},
		{"names.txt", "sign hour: h", "sign hour: kilogram", "by its identifier"},
		{"names.txt", "word hour: hr,", "word hour: HR,", "has capitals"},
		{"names.txt", "word hour: hr,", "word hours: hr,", `"hours" is no unit`},
		{"names.txt", "word hour: hr,", "world hour: hr,", `"world" is nothing to say`},
		{"names.txt", "slip microbar: μsr", "slip microbar: sr", `has the symbol "μsr"`},
		{"names.txt", "slip microbar: μsr", "# none", `"μsr"`},
		{"names.txt", "word hour: hr,", "word hour hr,", "no colon"},
	} {
		dir := t.TempDir()
		found := false
		for _, name := range []string{"om2.csv", "factors.txt", "names.txt"} {
			text, err := os.ReadFile(filepath.Join(room, name))
			if err != nil {
				t.Fatal(err)
			}
			if name == c.file && bytes.Contains(text, []byte(c.old)) {
				found = true
				text = bytes.Replace(text, []byte(c.old), []byte(c.new), 1)
			}
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, err := generate(dir)
		if !found {
			t.Errorf("%s has no %q: the test does not change it any more", c.file, c.old)
		} else if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q: %v, want %s", c.file, c.new, err, c.want)
		}
	}
}
