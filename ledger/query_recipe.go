package ledger

import (
	"context"

	"github.com/minga-commons/minga/protocol"
)

// PlanRecipe works out what has to be planned so that a recipe gives what is
// wanted. It writes nothing. A recipe that needs what it makes itself is
// ErrInvalid, with the cycle.
func (l *Ledger) PlanRecipe(ctx context.Context, commons protocol.CommonsID, r PlanRequest) (Planned, error) {
	return Planned{}, ErrNotFound
}
