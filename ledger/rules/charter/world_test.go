package charter_test

import (
	"testing"

	"github.com/minga-commons/minga/protocol"
)

type (
	table = map[string]protocol.Value
	list  = []protocol.Value
)

// whole returns a document in which every field of the charter file stands.
func whole() table {
	return table{
		"name": "Huerta Norte", "purpose": "Cultivar y compartir alimentos del barrio", "language": "es",
		"membership": "invite", "inviters": "members", "public_read": false,
		"stewards": table{"members": list{"Ana", "Beto", "Eva"}, "threshold": int64(2), "liars": int64(0)},
		"currency": list{
			table{
				"name": "hora", "kind": "mutual", "scale": int64(2), "limit": "50.00",
				"exceptions": table{"Cooperativa Sur": "200.00", "Eva": "0"},
			},
			table{"name": "USD", "kind": "issued", "scale": int64(2)},
		},
		"confirmation": table{
			"required": int64(1), "by": "members", "window": "P3D",
			"rule": list{table{"action": "work", "above": "8", "per": "hour", "required": int64(2), "by": "stewards", "window": "P1W"}},
		},
		"streams": table{"livelihood": "1", "love": "1", "care": "1.5"},
		"weight":  list{table{"resource": "carcasa", "per": "one", "value": "45"}, table{"resource": "scrap", "per": "kilogram", "value": "20"}},
		"bucket": list{
			table{"name": "reserva", "percent": "20", "of": "total", "to": "Huerta Norte"},
			table{
				"name": "trabajo", "percent": "100", "of": "remaining", "policy": "balanced", "currency": "USD",
				"max": "1500.00", "min": "250", "rest": "Cooperativa Sur", "since": "2026-01-01",
				"rule": list{
					table{
						"action": "work", "resource": "huerta", "process": "siembra", "plan": "2026", "who": "members", "scope": "trace",
						"stream": "care", "rate": "10.00", "per": "hour", "credit": "source", "claim": "debt",
					},
					table{"action": "cite", "scope": "trace", "percent": "10", "claim": "debt"},
				},
			},
		},
		"licence": table{
			"resources": list{"manual de riego"}, "free": list{"worker-owned"}, "contribution": "500.00", "window": "P1Y",
			"value_by": list{"trabajo"}, "counts": "all", "share": "10", "attribution": "declared", "currency": "USD",
			"declare": "P1M", "grace": "P3M", "carry_over": false,
		},
	}
}

// at returns the table at a path of fields and places in lists.
func at(t *testing.T, doc table, path ...any) table {
	t.Helper()
	var v protocol.Value = doc
	for _, step := range path {
		switch step := step.(type) {
		case string:
			v = v.(table)[step]
		case int:
			v = v.(list)[step]
		}
	}
	return v.(table)
}

func id(n byte) protocol.EntryID { return protocol.EntryID{n} }

// charterOf returns a charter of the whole document, whose three stewards sign.
func charterOf(doc table) *protocol.Charter {
	b := &protocol.Charter{
		Rules: 1, Doc: doc,
		IDs: table{"Ana": id(1), "Beto": id(2), "Eva": id(3), "Cooperativa Sur": id(4), "Huerta Norte": id(5)},
	}
	for n := byte(1); n <= 3; n++ {
		b.Stewards = append(b.Stewards, protocol.Steward{Log: protocol.LogID{EntryID: id(n)}})
	}
	return b
}
