package ledger

import (
	"errors"
	"fmt"
	"strings"

	"github.com/minga-commons/minga/protocol"
)

// ErrDiffers says that a distribution states something else than its cut gives.
var ErrDiffers = errors.New("the distribution differs from what its cut gives")

// ErrNobody says that nobody would get anything of a distribution. It wraps
// ErrInvalid.
var ErrNobody = fmt.Errorf("%w: nobody would get anything of it", ErrInvalid)

// toldInErrors is how many of the things that are wrong an error names.
const toldInErrors = 3

// DiffersError says in which lines a distribution states something else than its
// cut gives. It wraps ErrDiffers.
type DiffersError struct {
	Differences []DistributionDifference // one at least
	Scale       int64                    // decimal places of the currency
}

// Error names the first of the lines.
func (e *DiffersError) Error() string {
	var texts []string
	for _, d := range e.Differences[:min(toldInErrors, len(e.Differences))] {
		who := d.Agent.Name
		if d.Bucket == "" {
			who = "remainder"
		}
		texts = append(texts, strings.TrimSpace(fmt.Sprintf("%s %s: %s stated, %s computed", d.Bucket, who, d.Stated, d.Computed)))
	}
	return fmt.Sprintf("%v in %d lines: %s", ErrDiffers, len(e.Differences), strings.Join(texts, "; "))
}

// Unwrap returns ErrDiffers.
func (e *DiffersError) Unwrap() error { return ErrDiffers }

// MissingError says which entries this node would need to compute a distribution,
// and does not hold, or not settled. It wraps ErrUnsettled.
type MissingError struct {
	Missing []MissingLog // one at least
}

// MissingLog is a log that is wanted up to an entry.
type MissingLog struct {
	Agent Agent // whose log it is; its name is empty if this node does not know it
	Head  protocol.Head
}

// Error names the first of the logs.
func (e *MissingError) Error() string {
	var texts []string
	for _, m := range e.Missing[:min(toldInErrors, len(e.Missing))] {
		name := m.Head.Log.String()
		if m.Agent.Name != "" {
			name = m.Agent.Name + " (" + name + ")"
		}
		texts = append(texts, fmt.Sprintf("log %s up to entry %d", name, m.Head.Seq))
	}
	if more := len(e.Missing) - len(texts); more > 0 {
		texts = append(texts, fmt.Sprintf("%d more", more))
	}
	return fmt.Sprintf("%v: this node has not yet what the distribution was computed from: %s", ErrUnsettled, strings.Join(texts, ", "))
}

// Unwrap returns ErrUnsettled.
func (e *MissingError) Unwrap() error { return ErrUnsettled }

// IncomeError says that what a request for a distribution names as an income is
// none that it can share. It wraps ErrInvalid.
type IncomeError struct {
	Income   protocol.EntryID
	Currency string // that it is in, where the request is in another; else empty
}

// Error names the income.
func (e *IncomeError) Error() string {
	if e.Currency != "" {
		return fmt.Sprintf("income %v is in %s", e.Income, e.Currency)
	}
	return fmt.Sprintf("%v is no income of this commons", e.Income)
}

// Unwrap returns ErrInvalid.
func (e *IncomeError) Unwrap() error { return ErrInvalid }
