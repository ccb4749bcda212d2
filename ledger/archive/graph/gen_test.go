package graph

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write context.jsonld anew from the table of properties")

// wantContext is the context that belongs to the table of properties.
func wantContext() []byte {
	terms := map[string]any{"@version": 1.1, "@vocab": vfSpace, "id": "@id", "type": "@type"}
	for prefix, space := range prefixes {
		terms[prefix] = space
	}
	for name, p := range properties {
		term := map[string]any{"@id": "vf:" + name}
		if p.iri != "" {
			term["@id"] = p.iri
		}
		switch p.kind {
		case link, links, agent, agents, inverse:
			term["@type"] = "@id"
		case instant:
			term["@type"] = "xsd:dateTime"
		case decimal:
			term["@type"] = "xsd:decimal"
		case boolean:
			term["@type"] = "xsd:boolean"
		case unit:
			term["@type"] = "@vocab"
			term["@context"] = map[string]any{"@vocab": om2Space}
		case word:
			if name == "action" {
				term["@type"] = "@vocab"
			}
		}
		terms[name] = term
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "\t")
	_ = e.Encode(map[string]any{"@context": terms})
	return b.Bytes()
}

func TestContextHasTheTermsThatAreUsed(t *testing.T) {
	want := wantContext()
	if *update {
		if err := os.WriteFile("context.jsonld", want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(want, contextText) {
		t.Error("context.jsonld differs from the table of properties; go test -run Context -update")
	}
}
