package charter

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// om2Text holds the identifiers of the units of measure of OM 2, the Ontology of
// units of Measure, one a line, ascending.
//
//go:embed om2.txt
var om2Text string

var om2Units = sync.OnceValue(func() []string { return strings.Fields(om2Text) })

// KnownUnit reports whether a text is the identifier of a unit of OM2. A charter
// names no other.
func KnownUnit(id string) bool {
	_, found := slices.BinarySearch(om2Units(), id)
	return found
}
