package protocol

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func readSpec(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("SPEC.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// specTable is the table of a layout as SPEC.md has it.
func specTable(l Layout) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Layout **%s**:\n\n| field | | value |\n|---|---|---|\n", l.Name)
	for _, row := range l.Rows {
		need, value := "optional", row.Shape
		if row.Required {
			need = "required"
		}
		if row.Item != "" {
			value = strings.Replace(value, "map", "map *"+row.Item+"*", 1)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", row.Name, need, value)
	}
	return b.String()
}

// TestSpecTables compares the field tables of SPEC.md with the code.
func TestSpecTables(t *testing.T) {
	spec := readSpec(t)
	layouts := Layouts()
	for _, l := range layouts {
		table := specTable(l) + "\n"
		if !strings.Contains(spec, table) {
			t.Errorf("SPEC.md lacks this table:\n%s", table)
		}
	}
	if got := strings.Count(spec, "Layout **"); got != len(layouts) {
		t.Errorf("SPEC.md has %d layouts, the code %d", got, len(layouts))
	}
}

// TestSpecFaults compares the table of faults with the code.
func TestSpecFaults(t *testing.T) {
	spec := readSpec(t)
	_, section, _ := strings.Cut(spec, "\n## Faults\n")
	section, _, _ = strings.Cut(section, "\n## ")
	rest := section
	for _, fault := range faults(t) {
		_, after, found := strings.Cut(rest, fmt.Sprintf("\n| `%s` | ", fault))
		if !found {
			t.Fatalf("the table of faults lacks %s, or not in this place", fault)
		}
		rest = after
	}
	if got, want := strings.Count(section, "\n| `"), len(faults(t)); got != want {
		t.Errorf("the table has %d faults, the code %d", got, want)
	}
}

// TestLayoutsAreCanonical holds every record to the order of DAG-CBOR, and to
// keys that the reader can match in place.
func TestLayoutsAreCanonical(t *testing.T) {
	for _, l := range Layouts() {
		if l.Name == "" || len(l.Rows) == 0 {
			t.Errorf("a layout without name or fields: %+v", l)
		}
		for i, row := range l.Rows {
			if row.Name == "" || len(row.Name) > 23 || row.Shape == "" {
				t.Errorf("%s: field %+v", l.Name, row)
			}
			if i > 0 && !keyLess(l.Rows[i-1].Name, row.Name) {
				t.Errorf("%s: %s stands after %s", l.Name, row.Name, l.Rows[i-1].Name)
			}
			if strings.Contains(row.Shape, "map") && !strings.Contains(row.Shape, "map of") &&
				!strings.Contains(row.Shape, "map, the layout") && row.Item == "" {
				t.Errorf("%s: %s names no layout", l.Name, row.Name)
			}
		}
	}
	for _, kind := range Kinds() {
		if len(kind) > 23 {
			t.Errorf("kind %s is too long to match in place", kind)
		}
	}
}
