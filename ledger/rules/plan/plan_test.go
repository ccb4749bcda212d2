package plan

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

type fields = map[string]protocol.Value

func hours(n int64) protocol.Value {
	return QuantityValue(protocol.Quantity{N: n, Unit: "hour"})
}

func id(n byte) protocol.EntryID { return protocol.EntryID{n} }

func TestWhatARecordMayHold(t *testing.T) {
	many := make([]protocol.Value, rules.MaxLinks+1)
	for i := range many {
		many[i] = protocol.EntryID{byte(i), byte(i >> 8), 1}
	}
	for name, c := range map[string]struct {
		class  string
		fields fields
		of     protocol.EntryID
		want   Fault
	}{
		"a commitment": {class: Commitment, fields: fields{
			"action": "work", "effortQuantity": hours(3), "due": "2026-03-01", "satisfies": []protocol.Value{id(1), id(2)},
			"clauseOf": id(3), "resourceConformsTo": "Huerta", "finished": false, "mine": []byte{1},
		}},
		"one link for a list":     {class: Commitment, fields: fields{"action": "work", "satisfies": id(1)}},
		"a zero quantity":         {class: RecipeFlow, fields: fields{"action": "produce", "resourceQuantity": hours(0)}},
		"a place":                 {class: SpatialThing, fields: fields{"lat": "-0.22985", "long": "-78.52495", "alt": int64(2850)}},
		"a class of another kind": {class: "EconomicResource", want: Fault{Reason: rules.UnknownClass}},
		"no action":               {class: Intent, want: Fault{rules.PropertyMissing, "action"}},
		"an amendment without":    {class: Intent, of: id(9), fields: fields{"finished": true}},
		"an amendment that takes": {class: Intent, of: id(9), fields: fields{"action": nil}, want: Fault{rules.PropertyMissing, "action"}},
		"an amendment, null":      {class: Intent, of: id(9), fields: fields{"due": nil}},
		"null in the first":       {class: Plan, fields: fields{"due": nil}, want: Fault{rules.BadProperty, "due"}},
		"another action":          {class: Intent, fields: fields{"action": "give"}, want: Fault{rules.UnknownAction, "action"}},
		"no name":                 {class: ResourceSpecification, want: Fault{rules.PropertyMissing, "name"}},
		"text for a link":         {class: Process, fields: fields{"plannedWithin": "Plan"}, want: Fault{rules.BadProperty, "plannedWithin"}},
		"a link in text":          {class: Process, fields: fields{"classifiedAs": id(1)}, want: Fault{rules.BadProperty, "classifiedAs"}},
		"text for yes":            {class: Process, fields: fields{"finished": "true"}, want: Fault{rules.BadProperty, "finished"}},
		"no time":                 {class: Plan, fields: fields{"due": "tomorrow"}, want: Fault{rules.BadTime, "due"}},
		"no offset":               {class: Plan, fields: fields{"due": "2026-03-01T10:00:00-5:00"}, want: Fault{rules.BadTime, "due"}},
		"no number":               {class: Intent, fields: fields{"action": "work", "effortQuantity": "3 h"}, want: Fault{rules.BadQuantity, "effortQuantity"}},
		"below zero": {class: Intent, fields: fields{"action": "work", "effortQuantity": hours(-3)},
			want: Fault{rules.QuantityNotPositive, "effortQuantity"}},
		"the end first": {class: Process, fields: fields{"hasBeginning": "2026-03-02", "hasEnd": "2026-03-01"},
			want: Fault{rules.EndBeforeBeginning, "hasEnd"}},
		"too many": {class: ProposalList, fields: fields{"lists": many}, want: Fault{Reason: rules.TooManyLinks}},
		"half a relation": {class: AgentRelationship, fields: fields{"subject": id(1), "relationship": "member"},
			want: Fault{rules.PropertyMissing, "object"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Judge(&protocol.Record{Type: c.class, Of: c.of, Fields: c.fields}); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestEveryPropertyHasItsOtherSideOnce(t *testing.T) {
	for inverted, direct := range inverse {
		for _, property := range direct {
			if back := Inverse(property); !slices.Equal(back, []string{inverted}) && property != "reciprocal" {
				t.Errorf("%s from the other side is %v, want %s", property, back, inverted)
			}
		}
	}
	for name, c := range classes {
		for _, needed := range c.needs {
			if _, is := c.properties[needed]; !is && needed != "name" {
				t.Errorf("%s needs %s, which it does not have", name, needed)
			}
		}
	}
}

func TestAmendmentsHaveNoOrder(t *testing.T) {
	first := &protocol.Record{Type: Process, Name: protocol.PlainText("Bake"), Fields: fields{"finished": false, "note2": "x", "hasEnd": "2026-01-01"}}
	all := []Amendment{
		{ID: id(7), Depth: 1, Body: &protocol.Record{Fields: fields{"hasEnd": "2026-02-01", "finished": true, "note2": nil}}},
		{ID: id(3), Depth: 1, Body: &protocol.Record{Fields: fields{"hasEnd": "2026-03-01"}, Name: protocol.PlainText("Bake bread")}},
		{ID: id(9), Depth: 2, Body: &protocol.Record{Fields: fields{"finished": nil}, Note: protocol.PlainText("again")}},
	}
	want := fields{"hasEnd": "2026-03-01"}
	for seed := range uint64(6) {
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		name, note, got := Amended(first, all)
		if diff := cmp.Diff(want, got); diff != "" || name.Plain != "Bake bread" || note.Plain != "again" {
			t.Errorf("seed %d: %q, %q, (-want +got):\n%s", seed, name.Plain, note.Plain, diff)
		}
	}
}

// table is a state with one table.
type table map[string][]byte

func (x table) Get(_ rules.Table, k []byte) ([]byte, error) { return x[string(k)], nil }
func (x table) Put(_ rules.Table, k, v []byte) {
	if x[string(k)] = v; v == nil {
		delete(x, string(k))
	}
}

// TestSumsAreThoseOfTheSet adds and takes back random events in random order:
// what is left is the sum of those that are there.
func TestSumsAreThoseOfTheSet(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 2))
		units := []string{"hour", "minute-Time", "kilogram", "one", "no-such-unit"}
		var events []*protocol.Event
		for range 8 {
			e := &protocol.Event{}
			for range rng.IntN(3) {
				e.Fulfills = append(e.Fulfills, id(byte(1+rng.IntN(2))))
			}
			for range rng.IntN(2) {
				e.Satisfies = append(e.Satisfies, id(byte(1+rng.IntN(3))))
			}
			if rng.IntN(2) == 0 {
				e.EffortQuantity = &protocol.Quantity{N: rng.Int64N(9) - 2, Scale: rng.Int64N(3), Unit: units[rng.IntN(2)]}
			}
			if rng.IntN(2) == 0 {
				e.ResourceQuantity = &protocol.Quantity{N: rng.Int64N(9), Unit: units[rng.IntN(len(units))]}
			}
			events = append(events, e)
		}
		x, y := table{}, table{}
		kept := events[:rng.IntN(len(events)+1)]
		for _, e := range events {
			must(t, Count(x, e, rules.Apply))
		}
		for _, e := range events[len(kept):] {
			must(t, Count(x, e, rules.Undo))
		}
		for _, i := range rng.Perm(len(kept)) {
			must(t, Count(y, kept[i], rules.Apply))
		}
		if diff := cmp.Diff(y, x); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func FuzzGiven(f *testing.F) {
	f.Add(Given{Events: 1, Sums: []Sum{{Of: OfEffort, Unit: "hour", Events: 1}}}.bytes())
	f.Fuzz(func(t *testing.T, row []byte) {
		if g, err := GivenFrom(row); err == nil && len(row) > 0 && g.Events != 0 && string(g.bytes()) != string(row) {
			t.Errorf("%x is read as %+v and written as %x", row, g, g.bytes())
		}
	})
}

func TestWhatIsOpen(t *testing.T) {
	both := fields{"effortQuantity": hours(11), "resourceQuantity": QuantityValue(protocol.Quantity{N: 1, Unit: "one"})}
	for name, c := range map[string]struct {
		fields fields
		given  []*protocol.Event
		want   []string // property, done, open, events, others
	}{
		"nothing yet": {fields: fields{"effortQuantity": hours(3)}, want: []string{"effortQuantity 0 3 0 0"}},
		"in minutes": {fields: fields{"effortQuantity": hours(3)}, given: []*protocol.Event{effort(50, "minute-Time"), effort(1, "hour")},
			want: []string{"effortQuantity 11/6 7/6 2 0"}},
		"a correction": {fields: fields{"effortQuantity": hours(3)}, given: []*protocol.Event{effort(5, "hour"), effort(-3, "hour")},
			want: []string{"effortQuantity 2 1 2 0"}},
		"more than that": {fields: fields{"effortQuantity": hours(3)}, given: []*protocol.Event{effort(5, "hour")}, want: []string{"effortQuantity 5 0 1 0"}},
		"finished":       {fields: fields{"effortQuantity": hours(3), "finished": true}, given: []*protocol.Event{effort(1, "hour")}, want: []string{"effortQuantity 1 0 1 0"}},
		"something else": {fields: fields{"effortQuantity": hours(3)}, given: []*protocol.Event{effort(1, "kilogram"), effort(1, "turns")},
			want: []string{"effortQuantity 0 3 2 2"}},
		"hours of a resource": {fields: fields{"effortQuantity": hours(3)}, given: []*protocol.Event{{ResourceQuantity: &protocol.Quantity{N: 2, Unit: "hour"}}},
			want: []string{"effortQuantity 2 1 1 0"}},
		"both": {fields: both, given: []*protocol.Event{{
			EffortQuantity: &protocol.Quantity{N: 107, Scale: 1, Unit: "hour"}, ResourceQuantity: &protocol.Quantity{N: 1, Unit: "one"},
		}}, want: []string{"resourceQuantity 1 0 1 0", "effortQuantity 107/10 3/10 1 0"}},
		"no quantity": {fields: fields{}},
	} {
		t.Run(name, func(t *testing.T) {
			x := table{}
			for _, e := range c.given {
				e.Fulfills = []protocol.EntryID{id(1)}
				must(t, Count(x, e, rules.Apply))
			}
			one := id(1)
			g, err := GivenFrom(x[string(one[:])])
			must(t, err)
			var got []string
			for _, r := range Reaches(c.fields, g.Parts()) {
				got = append(got, r.text())
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func effort(n int64, unit string) *protocol.Event {
	return &protocol.Event{EffortQuantity: &protocol.Quantity{N: n, Unit: unit}}
}

func (r Reach) text() string {
	return fmt.Sprint(r.Property, " ", r.Done.RatString(), " ", r.Open.RatString(), " ", r.Events, " ", len(r.Other))
}
