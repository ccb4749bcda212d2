package plan

import (
	"cmp"
	"maps"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// MaxAmendments bounds the amendments of one record that are looked at: those
// nearest to it come first, of equally near ones those with the lowest
// identifier. More are kept, and have no effect.
const MaxAmendments = 1_000

// Amendment is a record that amends another one, and counts.
type Amendment struct {
	ID    protocol.EntryID
	Depth int // 1: it names the record itself; 2: an amendment of that; ...
	Body  *protocol.Record
}

// Amended returns a record as its amendments leave it. Of each field the last
// word is that of the amendment furthest from the record, and of equally far ones
// that with the lowest identifier. A field set to null is removed. A name or note
// that is left out stays.
func Amended(b *protocol.Record, all []Amendment) (name, note protocol.Text, fields map[string]protocol.Value) {
	name, note, fields = b.Name, b.Note, map[string]protocol.Value{}
	maps.Copy(fields, b.Fields)
	inOrder := slices.SortedFunc(slices.Values(all), func(x, y Amendment) int {
		return cmp.Or(cmp.Compare(x.Depth, y.Depth), y.ID.Compare(x.ID))
	})
	for _, a := range inOrder {
		if !a.Body.Name.IsZero() {
			name = a.Body.Name
		}
		if !a.Body.Note.IsZero() {
			note = a.Body.Note
		}
		for field, value := range a.Body.Fields {
			if value == nil {
				delete(fields, field)
			} else {
				fields[field] = value
			}
		}
	}
	return name, note, fields
}

// Guarded reports whether records of a class are amended only by their author,
// by those whom they name as provider or receiver, and by stewards.
func Guarded(name string) bool { return classes[name].guarded }
