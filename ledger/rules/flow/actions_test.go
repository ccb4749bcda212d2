package flow

import (
	"encoding/csv"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/protocol"
)

// ontology reads testdata/actions.csv: the actions of the ontology of ValueFlows
// 1.0.0 with their eleven effects.
func ontology(t *testing.T) (columns []string, rows map[string]map[string]string) {
	t.Helper()
	file, err := os.Open("testdata/actions.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows = map[string]map[string]string{}
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, value := range line[1:] {
			if value == "notApplicable" {
				value = ""
			}
			row[lines[0][i+1]] = value
		}
		rows[line[0]] = row
	}
	return lines[0][1:], rows
}

func TestTheTableIsThatOfTheOntology(t *testing.T) {
	columns, want := ontology(t)
	if len(columns) != 11 || len(want) != 19 {
		t.Fatalf("the ontology has %d actions with %d effects", len(want), len(columns))
	}
	got := map[string]map[string]string{}
	for name, a := range actions {
		got[name] = map[string]string{
			"inputOutput": a.inputOutput, "pairsWith": a.pairsWith, "createResource": a.createResource,
			"eventQuantity": a.eventQuantity, "accountingEffect": a.accountingEffect, "onhandEffect": a.onhandEffect,
			"locationEffect": a.locationEffect, "containedEffect": a.containedEffect,
			"accountableEffect": a.accountableEffect, "stageEffect": a.stageEffect, "stateEffect": a.stateEffect,
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-ontology +table):\n%s", diff)
	}
}

var (
	ana, beto         = protocol.AgentID{EntryID: protocol.EntryID{1}}, protocol.AgentID{EntryID: protocol.EntryID{2}}
	stock, other      = protocol.EntryID{3}, protocol.EntryID{4}
	kitchen, kneading = protocol.EntryID{5}, protocol.EntryID{6}
	itself            = protocol.EntryID{7}
)

// full is an event of one agent that says whatever an event can say.
func full(action string, row map[string]string) *protocol.Event {
	b := &protocol.Event{
		Action: action, Provider: ana, Receiver: ana, ResourceInventoriedAs: stock, State: "pass", ToLocation: kitchen,
		ResourceQuantity: &protocol.Quantity{N: 2, Unit: "one"}, EffortQuantity: &protocol.Quantity{N: 3, Unit: "hour"},
	}
	if in := row["inputOutput"]; in == "input" || in == "outputInput" {
		b.InputOf = kneading
	}
	if out := row["inputOutput"]; out == "output" || out == "outputInput" {
		b.OutputOf = kneading
	}
	if row["createResource"] == "optionalTo" {
		b.ToResourceInventoriedAs = other
	}
	return b
}

// TestEffects compares what each action does with each column of the ontology.
func TestEffects(t *testing.T) {
	_, rows := ontology(t)
	for action, row := range rows {
		t.Run(action, func(t *testing.T) {
			b := full(action, row)
			if reason := JudgeEvent(b); reason != "" {
				t.Fatalf("void: %s", reason)
			}
			from, to := touched(b, stock), touched(b, other)
			for _, c := range []struct {
				column   string
				from, to int8
			}{{"accountingEffect", from.Accounting, to.Accounting}, {"onhandEffect", from.Onhand, to.Onhand}} {
				want := map[string][2]int8{
					"": {}, "increment": {1, 0}, "decrement": {-1, 0}, "incrementTo": {0, 1}, "decrementIncrement": {-1, 1},
				}[row[c.column]]
				if got := [2]int8{c.from, c.to}; got != want {
					t.Errorf("%s is %q and does %v", c.column, row[c.column], got)
				}
			}
			for _, c := range []struct {
				column string
				field  Field
				value  string
			}{
				{"locationEffect", CurrentLocation, link(kitchen)}, {"containedEffect", ContainedIn, process(kneading)},
				{"accountableEffect", PrimaryAccountable, link(ana.EntryID)}, {"stageEffect", Stage, process(kneading)},
				{"stateEffect", State, textValue("pass")},
			} {
				var want [2]string
				switch row[c.column] {
				case "update":
					want[0] = c.value
				case "updateTo":
					want[1] = c.value
				case "remove":
					want[0] = "none"
				}
				if got := [2]string{said(from, c.field), said(to, c.field)}; got != want {
					t.Errorf("%s is %q and sets %q", c.column, row[c.column], got)
				}
			}
			testCreation(t, action, row)
			testProcess(t, action, row)
			testQuantity(t, action, row)
		})
	}
}

// testCreation tries which resource an action may bring into being, and what is
// new of it.
func testCreation(t *testing.T, action string, row map[string]string) {
	b := full(action, row)
	b.NewInventoriedResource = &protocol.NewResource{ConformsTo: "bread"}
	switch row["createResource"] {
	case "":
		if JudgeEvent(b) == "" {
			t.Errorf("brings a resource into being")
		}
		return
	case "optional":
		b.ResourceInventoriedAs = protocol.EntryID{}
	case "optionalTo":
		b.ToResourceInventoriedAs = protocol.EntryID{}
	}
	if reason := JudgeEvent(b); reason != "" {
		t.Errorf("a new resource is void: %s", reason)
	}
	born := touched(b, itself)
	if !born.Creates {
		t.Fatalf("%+v brings nothing into being", born)
	}
	if row["locationEffect"] == "new" && said(born, CurrentLocation) != link(kitchen) {
		t.Errorf("a new resource is at %q", said(born, CurrentLocation))
	}
	if row["accountableEffect"] != "" && said(born, PrimaryAccountable) != link(ana.EntryID) {
		t.Errorf("for a new resource %q is accountable", said(born, PrimaryAccountable))
	}
}

func testProcess(t *testing.T, action string, row map[string]string) {
	for side, is := range map[string]bool{
		"input":  row["inputOutput"] == "input" || row["inputOutput"] == "outputInput",
		"output": row["inputOutput"] == "output" || row["inputOutput"] == "outputInput",
	} {
		b := full(action, row)
		if b.InputOf = (protocol.EntryID{}); side == "input" {
			b.InputOf = kneading
		}
		if b.OutputOf = (protocol.EntryID{}); side == "output" {
			b.OutputOf = kneading
		}
		if got := JudgeEvent(b) == ""; got != is {
			t.Errorf("may be an %s: %v", side, got)
		}
	}
}

func testQuantity(t *testing.T, action string, row map[string]string) {
	for what, quantities := range map[string][2]bool{"effort alone": {false, true}, "a resource quantity alone": {true, false}, "none": {}} {
		b := full(action, row)
		if !quantities[0] {
			b.ResourceQuantity = nil
		}
		if !quantities[1] {
			b.EffortQuantity = nil
		}
		want := quantities[0] || quantities[1] && row["eventQuantity"] != "resource"
		if got := JudgeEvent(b) == ""; got != want {
			t.Errorf("%s is enough: %v", what, got)
		}
	}
}

func touched(b *protocol.Event, resource protocol.EntryID) Touch {
	for _, t := range Touches(itself, b) {
		if t.Resource == resource {
			return t
		}
	}
	return Touch{}
}

// said returns what a touch sets, "none" if it takes a value away.
func said(t Touch, f Field) string {
	switch v := t.Always[f]; {
	case v == nil:
		return ""
	case *v == "":
		return "none"
	default:
		return *v
	}
}

// TestPairs has the two halves of a pair take out and put back the same.
func TestPairs(t *testing.T) {
	_, rows := ontology(t)
	for action, row := range rows {
		pair := row["pairsWith"]
		if pair == "" {
			continue
		}
		a, b := touched(full(action, row), stock), touched(full(pair, rows[pair]), stock)
		if a.Onhand+b.Onhand != 0 || a.Accounting != 0 || b.Accounting != 0 {
			t.Errorf("%s and %s come to %d", action, pair, a.Onhand+b.Onhand)
		}
	}
}

func TestImpliedTransfers(t *testing.T) {
	for action, want := range map[string][4]int8{ // from: accounting, onhand; to: likewise
		"consume": {-1, -1, 0, 0}, "produce": {0, 0, 1, 1}, "deliverService": {-1, -1, 1, 1},
		"pickup": {0, -1, 0, 0}, "dropoff": {0, 0, 0, 1}, "accept": {0, -1, 0, 0}, "modify": {0, 0, 0, 1},
	} {
		b := full(action, map[string]string{})
		b.Receiver, b.ToResourceInventoriedAs = beto, other
		if reason := JudgeEvent(b); reason != "" {
			t.Fatalf("%s: %s", action, reason)
		}
		from, to := touched(b, stock), touched(b, other)
		if got := [4]int8{from.Accounting, from.Onhand, to.Accounting, to.Onhand}; got != want {
			t.Errorf("%s to somebody else does %v, want %v", action, got, want)
		}
		if said(to, Custodian) != link(beto.EntryID) {
			t.Errorf("%s leaves it with %q", action, said(to, Custodian))
		}
		b.Receiver = ana
		if JudgeEvent(b) != "no-second-resource" {
			t.Errorf("%s by one agent goes to a second resource", action)
		}
	}
}
