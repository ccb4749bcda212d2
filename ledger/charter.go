package ledger

import (
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// CharterFault is one thing that is wrong with a charter document.
type CharterFault = charter.Fault

// CharterPath leads to a place in a charter document.
type CharterPath = charter.Path

// CharterChange is one difference between two versions of a charter.
type CharterChange = charter.Change

// CharterError says that a charter document cannot be recorded, with everything
// that is wrong with it. It wraps ErrInvalid.
type CharterError struct{ Faults []CharterFault }

// Error returns one line with all faults.
func (e *CharterError) Error() string {
	texts := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		texts[i] = f.Error()
	}
	return "this charter cannot be recorded: " + strings.Join(texts, "; ")
}

// Unwrap returns ErrInvalid.
func (e *CharterError) Unwrap() error { return ErrInvalid }

// CheckCharter returns what is wrong with a charter document by itself. Whether
// its names mean anybody depends on the commons.
func CheckCharter(doc map[string]protocol.Value) []CharterFault {
	_, faults := charter.Parse(doc)
	return faults
}

// CheckFirstCharter returns what is wrong with a document as the first charter of
// a commons, of which the founder is the only member.
func CheckFirstCharter(doc map[string]protocol.Value, founder string) []CharterFault {
	if name, err := cleanName(founder); err == nil {
		founder = name
	}
	return charter.CheckFirst(doc, founder)
}

// CharterNames returns the names of agents in a charter document, each once, in
// ascending order, as far as it can be read.
func CharterNames(doc map[string]protocol.Value) []string { return charter.Names(doc) }

// CompareCharters returns what changed from one charter document to another, in
// an order that depends on the two alone.
func CompareCharters(before, after map[string]protocol.Value) []CharterChange {
	return charter.Compare(before, after)
}

// CleanCharter returns a document in the form in which it is written: every text
// in normal form C. It fails for a table with two fields that are one then, and
// for nesting beyond what the format allows.
func CleanCharter(doc map[string]protocol.Value) (map[string]protocol.Value, error) {
	v, err := cleanValue(doc, 0)
	m, _ := v.(map[string]protocol.Value)
	return m, err
}

func cleanValue(v protocol.Value, depth int) (protocol.Value, error) {
	if depth > protocol.MaxDepth {
		return nil, fmt.Errorf("%w: the charter is nested deeper than %d levels", ErrInvalid, protocol.MaxDepth)
	}
	switch v := v.(type) {
	case string:
		return norm.NFC.String(v), nil
	case []protocol.Value:
		list := make([]protocol.Value, len(v))
		for i := range v {
			var err error
			if list[i], err = cleanValue(v[i], depth+1); err != nil {
				return nil, err
			}
		}
		return list, nil
	case map[string]protocol.Value:
		m := make(map[string]protocol.Value, len(v))
		for key, value := range v {
			key = norm.NFC.String(key)
			if _, twice := m[key]; twice {
				return nil, fmt.Errorf("%w: the field %q stands in the charter twice", ErrInvalid, key)
			}
			value, err := cleanValue(value, depth+1)
			if err != nil {
				return nil, err
			}
			m[key] = value
		}
		return m, nil
	}
	return v, nil
}
