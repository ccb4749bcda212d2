package graph

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// dump writes a graph with the place of everything, for people to compare.
func dump(g *Graph) string {
	var b strings.Builder
	for _, s := range g.Slips {
		mark := "slip"
		if s.Fault {
			mark = "fault"
		}
		fmt.Fprintf(&b, "%s %d:%d %s <%s> %s: %s\n", mark, s.Line, s.Column, s.Code(), s.Node, s.Property, s.Text())
	}
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "%d:%d %s <%s>\n", n.Line, n.Column, n.Class, n.ID)
		b.WriteString(dumpProperties(n, true))
	}
	return b.String()
}

func dumpProperties(n *Node, places bool) string {
	var b strings.Builder
	for _, p := range n.Properties {
		if places {
			fmt.Fprintf(&b, "\t%d:%d", p.Line, p.Column)
		}
		fmt.Fprintf(&b, "\t%s", p.Name)
		for _, v := range p.Values {
			switch {
			case v.Quantity != nil:
				fmt.Fprintf(&b, " %d/%d %s", v.Quantity.N, v.Quantity.Scale, v.Quantity.Unit)
			case v.Node != nil:
				fmt.Fprintf(&b, " {%s}", strings.ReplaceAll(dumpProperties(v.Node, places), "\n", ";"))
			case v.Ref:
				fmt.Fprintf(&b, " <%s>", v.Text)
			default:
				fmt.Fprintf(&b, " %q", v.Text)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestReadExamples(t *testing.T) {
	files, err := filepath.Glob("testdata/examples/*.yaml")
	if err != nil || len(files) != 23 {
		t.Fatalf("%d examples: %v", len(files), err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			g, err := Read(strings.NewReader(string(data)), Auto)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range g.Slips {
				if s.Fault || s.Code() == "" || s.Line == 0 {
					t.Errorf("%v", s)
				}
			}
			golden := filepath.Join("testdata/read", strings.TrimSuffix(filepath.Base(name), ".yaml")+".txt")
			got := dump(g)
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Error(d)
			}
		})
	}
}

// The same statement in the forms that JSON-LD and its users have for it.
func TestReadForms(t *testing.T) {
	const context = `"@context":{"@vocab":"https://w3id.org/valueflows/ont/vf#","a":"https://a.example/"}`
	want := "EconomicEvent <https://a.example/1>\n" +
		"\taction \"consume\"\n\tprovider <https://a.example/>\n\tresourceQuantity 350/2 kilogram\n\tnote \"ñandú 😀\"\n"
	for name, file := range map[string]string{
		"yaml": `
'@context': [{'@vocab': https://w3id.org/valueflows/ont/vf#}, {a: https://a.example/}]
'@graph':
  - {'@id': 'a:1', '@type': EconomicEvent, action: consume, provider: https://a.example/, resourceQuantity: {hasUnit: kilogram, hasNumericalValue: 3.50}, note: ñandú 😀}`,
		"json": `{` + context + `,"@graph":[{"@id":"a:1","@type":"EconomicEvent","action":"consume","provider":"https://a.example/",
			"resourceQuantity":{"hasUnit":"kilogram","hasNumericalValue":3.50},"note":"\u00f1and\u00fa \ud83d\ude00"}]}`,
		"quoted number": `{"@context":{"@vocab":"https://w3id.org/valueflows/ont/vf#","a":"https://a.example/","om2":"http://www.ontology-of-units-of-measure.org/resource/om-2/"},"@id":"a:1","@type":"EconomicEvent","action":"consume","provider":{"@id":"a:"},
			"resourceQuantity":{"hasUnit":"om2:kilogram","hasNumericalValue":"3.50"},"note":"ñandú 😀"}`,
		"address of a context": `{"@context":["https://w3id.org/valueflows/ont/vf",{"a":"https://a.example/"}],"@graph":{"@id":"a:1","@type":"vf:EconomicEvent","action":"vf:consume",
			"provider":"a:","resourceQuantity":{"hasUnit":"kilogram","hasNumericalValue":3.50},"note":{"@value":"ñandú 😀"}}}`,
		"expanded": `[{"@id":"https://a.example/1","@type":["https://w3id.org/valueflows/ont/vf#EconomicEvent"],
			"https://w3id.org/valueflows/ont/vf#action":[{"@id":"https://w3id.org/valueflows/ont/vf#consume"}],
			"https://w3id.org/valueflows/ont/vf#provider":[{"@id":"https://a.example/"}],
			"https://w3id.org/valueflows/ont/vf#resourceQuantity":[{"http://www.ontology-of-units-of-measure.org/resource/om-2/hasUnit":[{"@id":"http://www.ontology-of-units-of-measure.org/resource/om-2/kilogram"}],
				"http://www.ontology-of-units-of-measure.org/resource/om-2/hasNumericalValue":[{"@value":3.50}]}],
			"http://www.w3.org/2004/02/skos/core#note":[{"@value":"ñandú 😀"}]}]`,
		"flattened": `{` + context + `,"@graph":[{"@id":"a:1","@type":"EconomicEvent","action":"consume","provider":"https://a.example/","resourceQuantity":{"@id":"_:b0"},"note":"ñandú 😀"},
			{"@id":"_:b0","hasUnit":"kilogram","hasNumericalValue":{"@value":"3.50","@type":"http://www.w3.org/2001/XMLSchema#decimal"}}]}`,
		"own context": `{"@context":{"id":"@id","kind":"@type","v":"http://w3id.org/valueflows/ont/vf#","evento":"v:EconomicEvent","acción":{"@id":"v:action"},"da":{"@id":"v:provider","@type":"@id"},
			"cantidad":"v:resourceQuantity","unidad":"v:hasUnit","valor":"v:hasNumericalValue","nota":{"@id":"v:note","@container":"@language"}},
			"id":"https://a.example/1","kind":"evento","acción":"consume","da":"https://a.example/","cantidad":{"unidad":"kg","valor":3.50},"nota":{"es":"ñandú 😀"}}`,
		"lists and sets": `{` + context + `,"@id":"a:1","@type":["EconomicEvent"],"action":["consume"],"provider":{"@set":["https://a.example/"]},
			"resourceQuantity":[{"hasUnit":["kilogram"],"hasNumericalValue":{"@list":[3.50]}}],"note":["ñandú 😀"]}`,
		"without a context": `{"id":"https://a.example/1","type":"EconomicEvent","action":"consume","provider":"https://a.example/",
			"resourceQuantity":{"hasUnit":"kg","hasNumericalValue":"3.50"},"note":"ñandú 😀"}`,
	} {
		t.Run(name, func(t *testing.T) {
			g, err := Read(strings.NewReader(file), Auto)
			if err != nil {
				t.Fatal(err)
			}
			if len(g.Nodes) != 1 || len(g.Slips) > 0 {
				t.Fatalf("%d nodes\n%s", len(g.Nodes), dump(g))
			}
			n := g.Nodes[0]
			if d := cmp.Diff(want, fmt.Sprintf("%s <%s>\n%s", n.Class, n.ID, dumpProperties(n, false))); d != "" {
				t.Error(d)
			}
		})
	}
}

func event(property string) string {
	return "- '@id': https://a.example/1\n  '@type': EconomicEvent\n  " + property + "\n"
}

// Slips are put right and reported with their line; faults are reported.
func TestReadSlips(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"unknown property":  {event("colour: red"), "slip 3:3 unknown-property"},
		"unknown class":     {"- {'@id': https://a.example/1, '@type': Spaceship, note: a}", "slip 1:3 unknown-class"},
		"no class":          {"- {'@id': https://a.example/1, accountingQuantity: {hasUnit: one, hasNumericalValue: 1}}", "slip 1:3 missing-class"},
		"no id":             {"- {'@type': EconomicEvent, note: a}", "slip 1:3 missing-id"},
		"label":             {event("label: red"), "slip 3:3 property-renamed"},
		"case":              {event("ResourceQuantity: {hasUnit: one, hasNumericalValue: 1}"), "slip 3:3 property-case"},
		"two values":        {event("action: [use, work]"), "slip 3:3 several-values"},
		"digits":            {event("hasPointInTime: 2026-3-1T8:30:00-5:00"), "slip 3:3 time-form"},
		"exponent":          {event("resourceQuantity: {hasUnit: one, hasNumericalValue: 1e3}"), "slip 3:36 number-form <https://a.example/1>"},
		"no unit":           {event("resourceQuantity: {hasNumericalValue: 1}"), "slip 3:21 missing-unit"},
		"quantity in words": {event("resourceQuantity: 3.5 kg"), "slip 3:3 quantity-form"},
		"spaces":            {event("action: 'work '"), "slip 3:3 spaces"},
		"prefix":            {event("provider: bob:1"), "slip 3:13 undeclared-prefix"},

		"no such day":    {event("hasPointInTime: 2026-02-30"), "fault 3:3 bad-time"},
		"no such offset": {event("hasPointInTime: 2026-02-03T10:00:00+25:00"), "fault 3:3 bad-time"},
		"no offset":      {event("hasPointInTime: 2026-02-03T10:00:00"), "fault 3:3 bad-time"},
		"unit":           {event("resourceQuantity: {hasUnit: blurp, hasNumericalValue: 1}"), "fault 3:22 unknown-unit"},
		"not a number":   {event("resourceQuantity: {hasUnit: one, hasNumericalValue: NaN}"), "fault 3:36 bad-number"},
		"huge exponent":  {event("resourceQuantity: {hasUnit: one, hasNumericalValue: 1e300}"), "fault 3:36 bad-number"},
		"no number":      {event("resourceQuantity: {hasUnit: one}"), "fault 3:21 bad-quantity"},
		"key twice":      {event("note: a\n  note: b"), "fault 4:3 key-twice"},
		"10 MB":          {event("note: " + strings.Repeat("x", 10<<20)), "fault 3:9 text-too-long"},
		"control":        {event(`note: "a\x01b"`), "fault 3:3 control-character"},
		"bool":           {event("finished: maybe"), "fault 3:3 bad-boolean"},
	} {
		t.Run(name, func(t *testing.T) {
			g, err := Read(strings.NewReader(c.file), Auto)
			if err != nil {
				t.Fatal(err)
			}
			if got := dump(g); !strings.Contains(got, c.want) {
				t.Errorf("want %s, got\n%s", c.want, got)
			}
			if s := strings.HasPrefix(c.want, "fault"); s != g.Nodes[0].faulty {
				t.Errorf("the node is faulty: %v", g.Nodes[0].faulty)
			}
		})
	}
}

func TestReadRefusesFiles(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	for name, c := range map[string]struct{ file, want string }{
		"empty":          {" \n", "empty"},
		"comment":        {"# nothing\n", "empty"},
		"binary":         {"a: \x00", "no text"},
		"latin-1":        {"a: b\nb: a\xf1o", "line 2: the file is no text"},
		"bomb":           {bomb, "line 2: the alias a is not followed"},
		"self reference": {"a: &a\n  b: *a\n", "line 2: the alias a"},
		"merge":          {"a: &a {b: c}\nd:\n  <<: *a\n", "the alias"},
		"tag":            {"a: !!binary aGk=\n", "the tag !!binary"},
		"list as key":    {"? [a, b]\n: c\n", "a key is one word"},
		"deep yaml":      {"a: " + strings.Repeat("[", 50_000), "cannot be read"},
		"deep flow":      {strings.Repeat("[", 60) + strings.Repeat("]", 60), "more than 48 deep"},
		"deep json":      {"[" + strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60) + "]", "more than 48 deep"},
		"many":           {"[" + strings.Repeat("1,", 1<<19) + "1]", "more than 524288 values"},
		"large":          {strings.Repeat("# comment\n", 2<<20), "longer than 16 MiB"},
		"open json":      {`{"a": 1`, "line 1: this cannot be read"},
		"more json":      {"{}\n{}", "line 2: something follows"},
		"bad yaml":       {"a: b\n\tc: d", "cannot be read"},
		"no nodes":       {"a", "no node"},
		"context":        {`{"@context":"https://evil.example/c.jsonld","@id":"a:1"}`, "line 1: the context https://evil.example/c.jsonld is not known"},
		"import":         {`{"@context":{"@import":"https://evil.example/c.jsonld"},"@id":"a:1"}`, "is not fetched"},
		"cyclic context": {`{"@context":{"a":"b:c","b":"a:d"},"@id":"a:1","note":"x"}`, "no JSON-LD"},
		"large context":  {`{"@context":{"a":{"@id":"https://a/","@context":{` + strings.TrimSuffix(manyTerms(300), ",") + `}}}}`, "declare too much"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.file), Auto)
			if !errors.Is(err, ErrBadFile) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func manyTerms(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"t%d":"https://a/%d",`, i, i)
	}
	return b.String()
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/examples/*.yaml")
	for _, name := range files[:4] {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(`{"@context":{"a":"https://a/"},"@graph":[{"@id":"a:1","@type":"Process","hasInput":[{"action":"use","note":{"@language":"es","@value":"x"}}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<16 {
			return
		}
		g, err := Read(strings.NewReader(string(data)), Auto)
		if err != nil {
			if !errors.Is(err, ErrBadFile) {
				t.Fatalf("an error that is not the file's: %v", err)
			}
			return
		}
		again, err := Read(strings.NewReader(string(data)), Auto)
		if err != nil || dump(g) != dump(again) {
			t.Fatalf("read twice, it says something else: %v\n%s\n%s", err, dump(g), dump(again))
		}
		lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + strings.Count(string(data), "\u2028") + strings.Count(string(data), "\u2029") + strings.Count(string(data), "\u0085") + 1
		for _, s := range g.Slips {
			if s.Line > lines || s.Code() == "" {
				t.Fatalf("%d lines, and %v", lines, s)
			}
		}
		for _, n := range g.Nodes {
			if n.ID == "" || strings.HasPrefix(n.ID, "_:") {
				t.Fatalf("a node without a lasting identifier: %q", n.ID)
			}
		}
	})
}

func TestEveryReasonHasACode(t *testing.T) {
	source, err := os.ReadFile("why.go")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`(?m)^\t(\w+)\s+Why = `).FindAllStringSubmatch(string(source), -1)
	if len(names) != len(codes) {
		t.Errorf("%d reasons and %d codes", len(names), len(codes))
	}
}
