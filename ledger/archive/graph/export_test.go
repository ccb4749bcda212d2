package graph

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/piprate/json-gold/ld"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

func (s *shop) export() string {
	s.t.Helper()
	var b bytes.Buffer
	if err := Export(s.t.Context(), s.Ledger, s.id, &b); err != nil {
		s.t.Fatal(err)
	}
	return b.String()
}

// nodesOf returns the nodes of an exported graph by their own text, but for the
// agents that every commons has of itself.
func nodesOf(t *testing.T, text string) []string {
	t.Helper()
	var doc struct {
		Graph []json.RawMessage `json:"@graph"`
	}
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var all []string
	for _, n := range doc.Graph {
		if line := string(n); !strings.Contains(line, `"name":"Ana"`) && !strings.Contains(line, `"name":"Taller"`) {
			all = append(all, line)
		}
	}
	slices.Sort(all)
	return all
}

// What is exported imports elsewhere to the same, and says so when it is exported
// from there.
func TestExportImportsElsewhere(t *testing.T) {
	files, err := filepath.Glob("testdata/examples/*.yaml")
	if err != nil || len(files) != 23 {
		t.Fatalf("%d examples: %v", len(files), err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			here, there := newShop(t), shopOf(t, 2)
			here.put(example(t, name), nil)
			text := here.export()
			if again := here.put(text, nil); again.Count[Unchanged] != len(again.Results) || len(again.Differences) > 0 {
				t.Errorf("imported where it is from: %v, %v\n%v", again.Count, again.Differences, again.Slips)
			}
			r := there.put(text, nil)
			if r.Count[Added] != len(r.Results) || len(r.Differences) > 0 {
				t.Errorf("%v, %v, %v", r.Count, r.Differences, r.Slips)
			}
			if d := cmp.Diff(nodesOf(t, text), nodesOf(t, there.export())); d != "" {
				t.Error(d)
			}
			for id, want := range after[name] {
				if got := there.quantities(id); got != want {
					t.Errorf("%s: %s, want %s", id, got, want)
				}
			}
		})
	}
}

// A unit that OM2 does not have is described by a node of the file, before or
// after what is counted in it.
func TestUnitsThatTheFileDescribes(t *testing.T) {
	here, there := newShop(t), shopOf(t, 2)
	text := `
- {'@id': 'https://a.example/eggs', '@type': EconomicResource, name: Huevos, conformsTo: Huevo}
- '@id': https://a.example/laid
  '@type': EconomicEvent
  action: raise
  provider: https://ana.example/
  receiver: https://ana.example/
  resourceInventoriedAs: https://a.example/eggs
  resourceQuantity: {hasUnit: 'https://a.example/cubeta', hasNumericalValue: 3}
- '@id': https://a.example/more
  '@type': EconomicEvent
  action: raise
  provider: https://ana.example/
  receiver: https://ana.example/
  resourceInventoriedAs: https://a.example/eggs
  resourceQuantity: {hasUnit: Cubeta de 30, hasNumericalValue: 2}
- {'@id': 'https://a.example/cubeta', '@type': Unit, label: Cubeta de 30, symbol: cb}
`
	here.put(text, nil)
	const want = "5 5 Cubeta de 30"
	if got := here.quantities("https://a.example/eggs"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	exported := here.export()
	if again := here.put(exported, nil); again.Count[Unchanged] != len(again.Results) {
		t.Errorf("imported where it is from: %v\n%v", again.Count, again.Slips)
	}
	there.put(exported, nil)
	if got := there.quantities("https://a.example/eggs"); got != want {
		t.Errorf("elsewhere: %s, want %s", got, want)
	}
	r := newShop(t).put(strings.Replace(text, "hasUnit: Cubeta de 30", "hasUnit: Cubeta de 40", 1), nil)
	if r.Count[Added] != 0 {
		t.Errorf("a unit that nothing describes: %v\n%v", r.Count, r.Slips)
	}
}

// A JSON-LD processor loses nothing of an exported graph: each property of each
// node becomes triples, none of them with a relative or made-up name.
func TestExportIsJSONLD(t *testing.T) {
	s := newShop(t)
	for _, name := range []string{"production-09.yaml", "exchange-08.yaml", "production-13.yaml"} {
		s.put(example(t, name), nil)
	}
	var doc map[string]any
	text := s.export()
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = loader{}
	processor := ld.NewJsonLdProcessor()
	expanded, err := processor.Expand(doc, options)
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, node := range expanded {
		want += values(t, node.(map[string]any))
	}
	dataset, err := processor.ToRDF(doc, options)
	if err != nil {
		t.Fatal(err)
	}
	triples := dataset.(*ld.RDFDataset).GetQuads("@default")
	if len(triples) != want {
		t.Errorf("%d triples of %d values", len(triples), want)
	}
	back, err := ld.NewJsonLdApi().FromRDF(dataset.(*ld.RDFDataset), options)
	if err != nil || len(back) == 0 {
		t.Errorf("%d nodes, %v", len(back), err)
	}
	for _, q := range triples {
		if p := q.Predicate.GetValue(); !strings.HasPrefix(p, vfSpace) && !strings.HasPrefix(p, om2Space) && !strings.HasPrefix(p, termSpace) &&
			iriNames[p] == "" && !strings.HasSuffix(p, "#type") {
			t.Errorf("the predicate %s", p)
		}
	}
}

// values counts what a node in expanded form says.
func values(t *testing.T, node map[string]any) (n int) {
	for key, list := range node {
		if key == "@id" {
			continue
		}
		for _, v := range list.([]any) {
			n++
			if m, is := v.(map[string]any); is && m["@value"] == nil {
				if id, _ := m["@id"].(string); id != "" && !strings.Contains(id, ":") {
					t.Errorf("a relative identifier: %s", id)
				}
				if _, reference := m["@id"]; !reference {
					n += values(t, m)
				}
			}
		}
	}
	return n
}

// Entries that were never in a file get identifiers that lead back to them.
func TestExportOfWhatIsNoFiles(t *testing.T) {
	s := newShop(t)
	all, err := s.Commons(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	me := all[0].Me.Agent()
	submit := func(body protocol.Body) protocol.EntryID {
		t.Helper()
		w, err := s.Submit(t.Context(), ledger.Draft{Commons: s.id, Body: body})
		if err != nil {
			t.Fatal(err)
		}
		return w.Entry.ID()
	}
	kilos := func(n int64) *protocol.Quantity { return &protocol.Quantity{N: n, Scale: 1, Unit: "kilogram"} }
	stock := submit(&protocol.Event{
		Action: "raise", Provider: me, Receiver: me, ResourceQuantity: kilos(125),
		NewInventoriedResource: &protocol.NewResource{Name: protocol.PlainText("Papas"), ConformsTo: "Papa <nativa>", State: "fresca"},
	})
	submit(&protocol.Event{
		Action: "consume", Provider: me, Receiver: me, ResourceQuantity: kilos(5), ResourceInventoriedAs: stock, HasPointInTime: "2026-02-01",
		Note: protocol.PlainText("¡qué rico! <&>"),
	})
	submit(&protocol.Event{
		Action: "work", Provider: me, Receiver: protocol.AgentID(s.id), EffortQuantity: &protocol.Quantity{N: 3, Unit: "hour"},
		ResourceConformsTo: "Huerta", Source: "fila 7",
	})
	text := s.export()
	if again := s.put(text, nil); again.Count[Unchanged] != len(again.Results) || len(again.Slips) > 0 {
		t.Errorf("imported where it is from: %v %v", again.Count, again.Slips)
	}
	there := shopOf(t, 2)
	r := there.put(text, nil)
	if r.Count[Added] != len(r.Results) || len(r.Differences) > 0 {
		t.Errorf("%v %v %v", r.Count, r.Differences, r.Slips)
	}
	found, err := there.FindResource(t.Context(), there.id, resourcePrefix+stock.String())
	if err != nil || found.OnhandQuantity.Value.String() != "12" || found.ConformsTo != "Papa <nativa>" || found.StateText != "fresca" || found.Name != "Papas" {
		t.Errorf("%+v, %v", found, err)
	}
	if ids, err := there.BySource(t.Context(), there.id, "fila 7"); err != nil || len(ids) != 1 {
		t.Errorf("%v, %v", ids, err)
	}
	third := shopOf(t, 3)
	third.put(there.export(), nil)
	if d := cmp.Diff(nodesOf(t, there.export()), nodesOf(t, third.export())); d != "" {
		t.Error(d)
	}
}
