package graph

import (
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// shop is a ledger with one commons, into which graphs go.
type shop struct {
	*ledger.Ledger
	t  *testing.T
	id protocol.CommonsID
}

func newShop(t *testing.T) *shop {
	t.Helper()
	return shopOf(t, 1)
}

func shopOf(t *testing.T, seed byte) *shop {
	t.Helper()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	l, err := ledger.Open(t.TempDir(), ledger.Options{
		Seed: [protocol.SeedSize]byte{seed}, Rand: rand.NewChaCha8([32]byte{seed}), Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { now = now.Add(time.Millisecond); return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	c, err := l.CreateCommons(t.Context(), "Taller", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	return &shop{l, t, c.ID}
}

func (s *shop) put(file string, change func(*ImportOptions)) *Report {
	s.t.Helper()
	o := ImportOptions{Commons: s.id}
	if change != nil {
		change(&o)
	}
	r, err := Import(s.t.Context(), s.Ledger, strings.NewReader(file), o)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *shop) entries() int64 {
	s.t.Helper()
	all, err := s.Commons(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return all[0].Entries
}

// quantities are accounting and onhand of a resource, by the file's identifier.
func (s *shop) quantities(id string) string {
	s.t.Helper()
	r, err := s.FindResource(s.t.Context(), s.id, id)
	if err != nil {
		s.t.Fatalf("%s: %v", id, err)
	}
	return r.AccountingQuantity.Value.String() + " " + r.OnhandQuantity.Value.String() + " " + r.OnhandQuantity.Unit
}

func example(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/examples/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// after has the quantities to which the examples come that show some.
var after = map[string]map[string]string{
	"exchange-03.yaml": {
		"https://faircoin.example/b75d8f6a-e2df-4e52-b36d-1a22a66f4ead": "440 440 one",
		"https://faircoin.example/3be5259d-10f0-431c-9fec-9c0c15a461d3": "580 580 one",
	},
	"exchange-05.yaml": {"https://library.example/2402b57c-1c45-423a-acb2-f50961c97d65": "1 1 one"},
	"exchange-07.yaml": {"https://car-rental.example/2402b57c-1c45-423a-acb2-f50961c9df89": "1 1 one"},
	"exchange-08.yaml": {
		"https://alice.example/21f361a6-2375-46bb-b192-c21b5ba833bf":   "200 200 kilogram",
		"https://bob.example/9bd19194-a36d-4a1f-896b-8082887962cb":     "30 30 kilogram",
		"https://claudia.example/27be5cab-d740-4194-9298-1661a69d9d95": "0 0 kilogram",
	},
	"exchange-10.yaml": {
		"https://alice.example/21f361a6-2375-46bb-b192-c21b5ba833bf": "200 200 kilogram",
		"https://bob.example/9bd19194-a36d-4a1f-896b-8082887962cb":   "30 30 kilogram",
	},
	"production-01.yaml": {
		"https://manufacturing.example/3129ca8b-fcda-45be-bbda-294dc924d3b9": "127 127 one",
		"https://manufacturing.example/e1721a61-cd47-4556-84b9-8b1b81da15bf": "9 9 one",
	},
	"production-09.yaml": {"https://manufacturing.example/6b5bc786-b9ed-4189-b34f-5ef7d10f1f86": "1531.8 1531.8 kilogram"},
	"production-13.yaml": {"https://manufacturing.example/e1721a61-cd47-4556-84b9-8b1b81da15bf": "1 1 one"},
}

// Modifying 998 of 1,000 buckets takes none off the account, whatever the example
// says: by the table of actions, that is a matter of what is at hand.
var differences = map[string][]Difference{
	"production-09.yaml": {{
		Line: 311, Resource: "https://manufacturing.example/3129ca8b-fcda-45be-bbda-294dc924d3b9", Property: "accountingQuantity",
		Stated: "1318 one", Found: "1320 one",
	}},
}

func TestImportExamples(t *testing.T) {
	files, err := filepath.Glob("testdata/examples/*.yaml")
	if err != nil || len(files) != 23 {
		t.Fatalf("%d examples: %v", len(files), err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			before := s.entries()
			if try := s.put(example(t, name), func(o *ImportOptions) { o.DryRun = true }); try.Count[Added] != len(try.Results) {
				t.Errorf("trying it: %v", try.Count)
			}
			if now := s.entries(); now != before {
				t.Errorf("trying it wrote %d entries", now-before)
			}
			r := s.put(example(t, name), nil)
			if r.Count[Added] != len(r.Results) || s.entries() != before+int64(len(r.Results))+1 { // and one vote for all of it: one commit
				t.Errorf("%d things and %d entries: %v", len(r.Results), s.entries()-before, r.Count)
			}
			for _, slip := range r.Slips {
				if slip.Fault || slip.Code() == "" || slip.Line == 0 {
					t.Errorf("%v", slip)
				}
			}
			if d := cmp.Diff(differences[name], r.Differences); d != "" {
				t.Error(d)
			}
			for id, want := range after[name] {
				if got := s.quantities(id); got != want {
					t.Errorf("%s: %s, want %s", id, got, want)
				}
			}
			again := s.put(example(t, name), nil)
			if again.Count[Unchanged] != len(again.Results) {
				t.Errorf("imported twice: %v", again.Count)
			}
			if d := cmp.Diff(differences[name], again.Differences); d != "" {
				t.Errorf("imported twice: %s", d)
			}
		})
	}
}

// In the middle of the file the library's book is out: the check is made there.
func TestImportChecksWhereTheFileStates(t *testing.T) {
	file := strings.Replace(example(t, "exchange-05.yaml"), "hasNumericalValue: 0", "hasNumericalValue: 2", 1)
	r := newShop(t).put(file, nil)
	want := []Difference{{
		Line: 60, Resource: "https://library.example/2402b57c-1c45-423a-acb2-f50961c97d65", Property: "onhandQuantity",
		Stated: "2 one", Found: "0 one",
	}}
	if d := cmp.Diff(want, r.Differences); d != "" {
		t.Error(d)
	}
}

// What the file says of a resource is compared again when nothing of it is new, as
// long as nothing else happened to the resource.
func TestImportChecksAgain(t *testing.T) {
	const opened, made = "{'@id': 'x:flour', '@type': EconomicResource, conformsTo: Flour, accountingQuantity: {hasUnit: kg, hasNumericalValue: 10}}",
		"{'@id': 'x:loaf', '@type': EconomicResource, conformsTo: Loaf}"
	event := func(id, action, resource, n string) string {
		return "{'@id': '" + id + "', '@type': EconomicEvent, action: " + action + ", provider: 'https://ana.example/', receiver: 'https://ana.example/', resourceInventoriedAs: '" +
			resource + "', resourceQuantity: {hasUnit: kg, hasNumericalValue: " + n + "}}"
	}
	const flour, loaf = "{'@id': 'x:flour', '@type': EconomicResource, accountingQuantity: {hasUnit: kg, hasNumericalValue: 6}}",
		"{'@id': 'x:loaf', '@type': EconomicResource, onhandQuantity: {hasUnit: kg, hasNumericalValue: 5}}"
	file := "- " + strings.Join([]string{opened, made, event("x:1", "consume", "x:flour", "3"), event("x:2", "produce", "x:loaf", "4"), flour, loaf}, "\n- ") + "\n"
	s := newShop(t)
	first := s.put(file, nil)
	if len(first.Differences) != 2 {
		t.Fatalf("%v %v", first.Differences, first.Slips)
	}
	for _, dry := range []bool{false, true} {
		again := s.put(file, func(o *ImportOptions) { o.DryRun = dry })
		if d := cmp.Diff(first.Differences, again.Differences); d != "" || again.Count[Unchanged] != len(again.Results) {
			t.Errorf("again: %v\n%s", again.Count, d)
		}
	}
	// One more event of the same file: what stands before it was so at another time,
	// what stands after it is now.
	more := file + "- " + event("x:3", "consume", "x:flour", "1") + "\n- " + flour + "\n"
	if r := s.put(more, nil); r.Count[Added] != 1 || len(r.Differences) != 2 || r.Differences[0].Resource == r.Differences[1].Resource {
		t.Errorf("with one more: %v %v", r.Count, r.Differences)
	}
	if r := s.put(more, nil); len(r.Differences) != 1 || r.Differences[0].Resource != "x:loaf" {
		t.Errorf("and again: %v", r.Differences)
	}
	// Another file takes of it.
	s.put("- "+event("x:4", "consume", "x:flour", "1")+"\n- "+event("x:5", "lower", "x:loaf", "1")+"\n", nil)
	if r := s.put(more, nil); len(r.Differences) != 0 {
		t.Errorf("after something else: %v", r.Differences)
	}
}

func TestImportLeavesNothingHalfDone(t *testing.T) {
	good := `
- {'@id': 'https://a.example/p', '@type': Process, name: Serrar}
- {'@id': 'https://a.example/e', '@type': EconomicEvent, action: work, provider: 'https://ana.example/', receiver: 'https://beto.example/', inputOf: 'https://a.example/p', effortQuantity: {hasUnit: hour, hasNumericalValue: 2}}
`
	flow := "action: work, provider: 'https://ana.example/', receiver: 'https://beto.example/'"
	for name, c := range map[string]struct {
		bad  string
		code string
	}{
		"negative":        {"{'@id': 'x:1', '@type': EconomicEvent, " + flow + ", effortQuantity: {hasUnit: hour, hasNumericalValue: -2}}", "negative-quantity"},
		"no quantity":     {"{'@id': 'x:1', '@type': EconomicEvent, " + flow + "}", "no-effect"},
		"no receiver":     {"{'@id': 'x:1', '@type': EconomicEvent, action: work, provider: 'https://ana.example/', effortQuantity: {hasUnit: hour, hasNumericalValue: 2}}", "no-effect"},
		"unknown action":  {"{'@id': 'x:1', '@type': EconomicEvent, action: think, provider: 'https://ana.example/', receiver: 'https://ana.example/', effortQuantity: {hasUnit: hour, hasNumericalValue: 2}}", "no-effect"},
		"end before":      {"{'@id': 'x:1', '@type': EconomicEvent, " + flow + ", hasBeginning: 2026-02-02, hasEnd: 2026-02-01, effortQuantity: {hasUnit: hour, hasNumericalValue: 2}}", "no-effect"},
		"no action":       {"{'@id': 'x:1', '@type': EconomicEvent, provider: 'https://ana.example/', receiver: 'https://ana.example/', effortQuantity: {hasUnit: hour, hasNumericalValue: 2}}", "missing-action"},
		"unit":            {"{'@id': 'x:1', '@type': EconomicEvent, " + flow + ", effortQuantity: {hasUnit: blurp, hasNumericalValue: 2}}", "unknown-unit"},
		"units differ":    {"{'@id': 'x:r', '@type': EconomicResource, accountingQuantity: {hasUnit: one, hasNumericalValue: 1}}\n- {'@id': 'x:1', '@type': EconomicEvent, action: consume, provider: 'https://ana.example/', receiver: 'https://ana.example/', resourceInventoriedAs: 'x:r', resourceQuantity: {hasUnit: kg, hasNumericalValue: 2}}", "no-effect"},
		"containers":      {"{'@id': 'x:1', '@type': EconomicResource, accountingQuantity: {hasUnit: one, hasNumericalValue: 1}, containedIn: 'x:2'}\n- {'@id': 'x:2', '@type': EconomicResource, accountingQuantity: {hasUnit: one, hasNumericalValue: 1}, containedIn: 'x:1'}", "cyclic-reference"},
		"cycle":           {"{'@id': 'x:1', '@type': Commitment, action: use, satisfies: 'x:2'}\n- {'@id': 'x:2', '@type': Intent, action: use, satisfies: 'x:1'}", "cyclic-reference"},
		"negative stock":  {"{'@id': 'x:1', '@type': EconomicResource, accountingQuantity: {hasUnit: one, hasNumericalValue: -1}}", "negative-opening"},
		"names a refused": {"{'@id': 'x:1', '@type': Process, name: a, hasBeginning: never}\n- {'@id': 'x:2', '@type': EconomicEvent, " + flow + ", inputOf: 'x:1', effortQuantity: {hasUnit: hour, hasNumericalValue: 2}}", "names-refused"},
		"long text":       {"{'@id': 'x:1', '@type': Process, name: a, note: '" + strings.Repeat("x", 10<<20) + "'}", "text-too-long"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t)
			before := s.entries()
			r := s.put(good+"- "+c.bad, nil)
			found := false
			for _, slip := range r.Slips {
				found = found || slip.Fault && slip.Code() == c.code && slip.Line >= 4
			}
			if !found {
				t.Errorf("no fault %s: %v", c.code, r.Slips)
			}
			if r.Count[Refused] == 0 || r.Count[Added] > 0 || s.entries() != before {
				t.Errorf("%v, and %d entries written", r.Count, s.entries()-before)
			}
			r = s.put(good+"- "+c.bad, func(o *ImportOptions) { o.Partial = true })
			if r.Count[Added] < 4 || r.Count[Refused] == 0 || s.entries() != before+int64(r.Count[Added])+1 {
				t.Errorf("in part: %v, and %d entries written", r.Count, s.entries()-before)
			}
			if r = s.put(good, nil); r.Count[Unchanged] != len(r.Results) {
				t.Errorf("again: %v", r.Count)
			}
		})
	}
}

func TestImportCorrections(t *testing.T) {
	s := newShop(t)
	s.put(example(t, "production-13.yaml"), nil)
	ids, err := s.BySource(t.Context(), s.id, "https://manufacturing.example/b52a5815-fae9-43bf-be95-833b95dc0sdf")
	if err != nil || len(ids) != 1 {
		t.Fatalf("%v, %v", ids, err)
	}
	e, err := s.Event(t.Context(), ids[0])
	if err != nil || e.Body.Corrects.IsZero() || e.Body.ResourceQuantity.N != -3 || e.State == ledger.Void {
		t.Errorf("%+v, %v", e, err)
	}
	// Nothing is said of the plywood before: as much is assumed as goes into the desk.
	if got := s.quantities("https://manufacturing.example/3129ca8b-fcda-45be-bbda-294dc924d3b9"); got != "0 0 one" {
		t.Errorf("plywood: %s", got)
	}
}

// A second file goes on where the first one ended.
func TestImportGoesOn(t *testing.T) {
	s := newShop(t)
	s.put(example(t, "production-01.yaml"), nil)
	r := s.put(`
- '@id': https://manufacturing.example/next
  '@type': EconomicEvent
  action: consume
  provider: https://manufacturing.example/
  receiver: https://manufacturing.example/
  inputOf: https://manufacturing.example/02b39a30-3e04-4305-9656-7f261aa63c84
  resourceInventoriedAs: https://manufacturing.example/3129ca8b-fcda-45be-bbda-294dc924d3b9
  resourceQuantity: {hasUnit: one, hasNumericalValue: 7}
- '@id': https://manufacturing.example/3129ca8b-fcda-45be-bbda-294dc924d3b9
  '@type': EconomicResource
  accountingQuantity: {hasUnit: one, hasNumericalValue: 120}
`, nil)
	if r.Count[Added] != 1 || r.Count[Unchanged] != len(r.Results)-1 || len(r.Differences) > 0 {
		t.Errorf("%v, %v", r.Results, r.Differences)
	}
	if got := s.quantities("https://manufacturing.example/3129ca8b-fcda-45be-bbda-294dc924d3b9"); got != "120 120 one" {
		t.Errorf("plywood: %s", got)
	}
	changedFile := strings.Replace(example(t, "production-02.yaml"), "hasNumericalValue: 7", "hasNumericalValue: 8", 1)
	r = s.put(changedFile, nil)
	if r.Count[Changed] != 1 || r.Count[Added] != 0 {
		t.Errorf("a changed event: %v", r.Count)
	}
}

// What ValueFlows does not have is kept and told of.
func TestImportKeepsWhatIsUnknown(t *testing.T) {
	s := newShop(t)
	r := s.put(`
- {'@id': 'https://a.example/ship', '@type': Spaceship, name: Azul, crew: [Ana, Beto]}
- {'@id': 'https://a.example/p', '@type': Process, name: Vuelo, colour: red, 'https://b.example/x': {y: 1}, nestedIn: 'https://a.example/nowhere'}
- {'@id': 'https://a.example/e', '@type': EconomicEvent, action: work, provider: 'https://ana.example/', receiver: 'https://ana.example/', fulfills: 'https://a.example/nothing',
   effortQuantity: {hasUnit: hour, hasNumericalValue: 2}, colour: [red, blue], hasPointInTime: 2026-01-01}
- {'@id': 'https://a.example/t', '@type': 'https://schema.org/Trip', name: Paseo}
`, nil)
	if r.Count[Added] != 5 {
		t.Fatalf("%v\n%v", r.Count, r.Slips)
	}
	var codes []string
	for _, slip := range r.Slips {
		codes = append(codes, slip.Code())
	}
	want := []string{"unknown-class", "unknown-property", "unknown-property", "unknown-property", "unknown-property", "dangling-reference", "dangling-reference", "unknown-property", "unknown-class"}
	if d := cmp.Diff(want, codes); d != "" {
		t.Error(d)
	}
	body := func(source string) protocol.Body {
		ids, err := s.BySource(t.Context(), s.id, source)
		if err != nil || len(ids) != 1 {
			t.Fatalf("%s: %v, %v", source, ids, err)
		}
		e, err := s.Entry(t.Context(), ids[0])
		if err != nil || e.State == ledger.Void {
			t.Fatalf("%s: %v, %v", source, e.Reason, err)
		}
		return e.Entry.Body
	}
	ship := body("https://a.example/ship").(*protocol.Record)
	if ship.Type != vfSpace+"Spaceship" || ship.Fields["crew@json"] != `["Ana","Beto"]` {
		t.Errorf("%+v", ship)
	}
	if trip := body("https://a.example/t").(*protocol.Record); trip.Type != "https://schema.org/Trip" {
		t.Errorf("%+v", trip)
	}
	process := body("https://a.example/p").(*protocol.Record)
	if process.Fields["colour"] != "red" || process.Fields["nestedIn*"] != "https://a.example/nowhere" {
		t.Errorf("%+v", process.Fields)
	}
	event := body("https://a.example/e").(*protocol.Event)
	if event.Ext["fulfills"] != "https://a.example/nothing" || event.Ext["colour@json"] != `["red","blue"]` || event.HasPointInTime != "2026-01-01" {
		t.Errorf("%+v", event.Ext)
	}
}

// The inverse fields of GraphQL lead to what the ontology has for them.
func TestImportTakesTheFieldsOfGraphQL(t *testing.T) {
	s := newShop(t)
	r := s.put(`
- '@id': https://a.example/plan
  '@type': Plan
  name: Spring
  processes:
  - '@id': https://a.example/dig
    '@type': Process
    name: Dig
    committedInputs:
    - {'@id': 'https://a.example/promise', '@type': Commitment, action: work, provider: 'https://ana.example/', receiver: 'https://a.example/', effortQuantity: {hasUnit: hour, hasNumericalValue: 4}}
`, nil)
	if r.Count[Added] != len(r.Results) || len(r.Slips) != 2 || r.Slips[0].Code() != "property-renamed" {
		t.Fatalf("%v\n%v", r.Count, r.Slips)
	}
	fields := func(source string) map[string]protocol.Value {
		ids, err := s.BySource(t.Context(), s.id, source)
		if err != nil || len(ids) != 1 {
			t.Fatalf("%s: %v, %v", source, ids, err)
		}
		e, err := s.Entry(t.Context(), ids[0])
		if err != nil {
			t.Fatal(err)
		}
		return e.Entry.Body.(*protocol.Record).Fields
	}
	if _, is := fields("https://a.example/promise")["inputOf"].(protocol.EntryID); !is {
		t.Errorf("the promise: %v", fields("https://a.example/promise"))
	}
	if _, is := fields("https://a.example/dig")["plannedWithin"].(protocol.EntryID); !is {
		t.Errorf("the process: %v", fields("https://a.example/dig"))
	}
}
