package unit

import (
	"fmt"
	"strings"
)

// Why says why no exact factor leads from a unit to others of its dimension.
type Why uint8

// The reasons. Values are those of the table and mean nothing outside a program.
const (
	Exact    Why = iota // one does
	Rounded             // OM2 gives its factor rounded
	Measured            // its factor is measured, not defined
	Scale               // its zero is another, and a quantity may be a reading or a difference
	Unsaid              // OM2 gives no factor
	Apart               // it measures nothing that another unit does
)

var whys = [...]string{
	Exact:    "has an exact factor",
	Rounded:  "has only a rounded factor in OM2",
	Measured: "has a factor that is measured, not defined",
	Scale:    "counts from another zero, and a quantity does not say whether it is a reading or a difference",
	Unsaid:   "has no fixed size in OM2",
	Apart:    "measures what no other unit does",
}

// String returns the reason as it follows the name of a unit.
func (w Why) String() string {
	if int(w) >= len(whys) {
		return fmt.Sprintf("Why(%d)", uint8(w))
	}
	return whys[w]
}

// UnknownError says that a text is no unit.
type UnknownError struct{ Text string }

// Error names the text, and units that are known.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("%q is no unit of OM2; write for instance hour, kilogram, litre or one", e.Text)
}

// AmbiguousError says that a text may mean several units.
type AmbiguousError struct {
	Text  string
	Units []string // identifiers
}

// Error names the text and the units that it may mean.
func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("%q may mean %s; write which", e.Text, strings.Join(e.Units, ", "))
}

// DimensionError says that two units do not measure the same.
type DimensionError struct{ From, To string }

// Error names the two units.
func (e *DimensionError) Error() string {
	return fmt.Sprintf("%s and %s cannot be compared: they measure different things", e.From, e.To)
}

// FactorError says that two units measure the same, and that no exact factor leads
// from one to the other. Of is the unit where it fails, for the reason Why.
type FactorError struct {
	From, To string
	Of       string
	Why      Why
}

// Error names the two units and where it fails.
func (e *FactorError) Error() string {
	return fmt.Sprintf("%s cannot be converted into %s exactly: %s %v", e.From, e.To, e.Of, e.Why)
}
