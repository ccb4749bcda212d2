package api

import (
	"bytes"
	"encoding/json"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// CharterDocument is a charter document as JSON: the tables, lists, texts and
// whole numbers of the charter file. Amounts are decimal texts.
type CharterDocument map[string]any

// UnmarshalJSON keeps whole numbers whole.
func (d *CharterDocument) UnmarshalJSON(b []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(b))
	decoder.UseNumber()
	var m map[string]any
	if err := decoder.Decode(&m); err != nil {
		return err
	}
	*d = m
	return nil
}

// maxCharterFaults bounds how many faults of one charter are told.
const maxCharterFaults = 100

// plain returns a document in the types of the data model. A number that is not
// whole keeps a type that no document has, so that the ledger says where it is.
func plain(v any) protocol.Value {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
	case []any:
		list := make([]protocol.Value, len(v))
		for i, item := range v {
			list[i] = plain(item)
		}
		return list
	case map[string]any:
		m := make(map[string]protocol.Value, len(v))
		for key, value := range v {
			m[key] = plain(value)
		}
		return m
	}
	return v
}

// document returns the charter document of a draft, nil if it has none, and
// gives the draft the name that stands there.
func (d *CommonsDraft) document(lang string) (map[string]protocol.Value, error) {
	if d.Charter == nil {
		if d.Name == "" {
			return nil, badField("/name", CodeMissing)
		}
		return nil, nil
	}
	name := norm.NFC.String(strings.TrimSpace(d.Name))
	doc, err := ledger.CleanCharter(plain(map[string]any(d.Charter)).(map[string]protocol.Value))
	if err != nil {
		return nil, badField("/charter", CodeBadCharter, err)
	}
	if _, given := doc["name"]; !given && name != "" {
		doc["name"] = name
	}
	if faults := ledger.CheckFirstCharter(doc, d.As); len(faults) > 0 {
		return nil, charterFaults("/charter", faults, lang)
	}
	if name != "" && name != doc["name"] {
		return nil, badField("/name", CodeExclusive, "/charter/name")
	}
	d.Name = doc["name"].(string)
	return doc, nil
}

// charterFaults is the problem of a charter document that stands in the body at
// a pointer.
func charterFaults(pointer string, faults []ledger.CharterFault, lang string) *Problem {
	p := problem(CodeBadBody)
	for _, f := range faults[:min(len(faults), maxCharterFaults)] {
		p.Errors = append(p.Errors, ProblemItem{
			Pointer: pointer + f.Path.Pointer(), Code: CodeBadCharter, Detail: f.Text(lang),
		})
	}
	return p
}
