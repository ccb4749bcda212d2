package graph

import (
	"strings"

	"github.com/minga-commons/minga/protocol"
)

// fields writes the properties of a record.
func (x *exporter) fields(o object, fields map[string]protocol.Value) {
	for name, value := range fields {
		if strings.HasSuffix(name, "@json") || strings.HasPrefix(name, "@") {
			x.addition(o, name, value)
			continue
		}
		if out := x.value(name, value); out != nil {
			o[name] = out
		}
	}
}

// value is a value of a record's property, nil for what JSON-LD has no form for.
func (x *exporter) value(name string, value protocol.Value) any {
	def := properties[name]
	switch v := value.(type) {
	case string:
		switch def.kind {
		case instant:
			return instantValue(v)
		case unit:
			return unitIRI(v)
		case spec, iris, link, links, agent, agents:
			return iriOrText(v)
		}
		return v
	case bool:
		return v
	case int64:
		return protocol.Amount{N: v}.String()
	case protocol.EntryID:
		if name == "resourceInventoriedAs" || name == "toResourceInventoriedAs" || name == "containedIn" {
			return object{"@id": x.resourceName(v)}
		}
		return object{"@id": x.name(v)}
	case []protocol.Value:
		var all []any
		for _, one := range v {
			if out := x.value(name, one); out != nil {
				all = append(all, out)
			}
		}
		return all
	case map[string]protocol.Value:
		n, is := v["n"].(int64)
		s, also := v["s"].(int64)
		u, too := v["unit"].(string)
		if is && also && too {
			return quantityObject(&protocol.Quantity{N: n, Scale: s, Unit: u})
		}
		o := object{}
		for key, inner := range v {
			if out := x.value(key, inner); out != nil {
				o[key] = out
			}
		}
		return o
	}
	return nil
}
