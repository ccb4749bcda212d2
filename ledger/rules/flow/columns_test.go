package flow

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClientsAreShownTheColumnsOfTheOntology(t *testing.T) {
	_, rows := ontology(t)
	if names := ActionNames(); len(names) != len(rows) {
		t.Errorf("%d actions, want %d", len(names), len(rows))
	}
	shown := func(value, nothing string) string {
		if value == "" {
			return nothing
		}
		return value
	}
	for name, row := range rows {
		got, known := ColumnsOf(name)
		want := Columns{
			InputOutput: shown(row["inputOutput"], "notApplicable"), PairsWith: shown(row["pairsWith"], "notApplicable"),
			AccountingEffect: shown(row["accountingEffect"], "noEffect"), OnhandEffect: shown(row["onhandEffect"], "noEffect"),
		}
		if diff := cmp.Diff(want, got); diff != "" || !known {
			t.Errorf("%s (-ontology +shown), known %v:\n%s", name, known, diff)
		}
		if got, want := GoesTo(name), row["createResource"] == "optionalTo"; got != want {
			t.Errorf("%s: goes to a new resource: %v, want %v", name, got, want)
		}
	}
	if _, known := ColumnsOf("banana"); known || GoesTo("banana") {
		t.Error("banana is an action")
	}
}
