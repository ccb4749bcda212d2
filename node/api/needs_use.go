package api

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// UseLedger is what the API needs of the ledger about who uses what the commons
// made. *ledger.Ledger is one.
type UseLedger interface {
	Today() ledger.Day
	Licence(ctx context.Context, id protocol.CommonsID) (ledger.Licence, error)
	Declaration(ctx context.Context, id protocol.EntryID) (ledger.Declaration, error)
	Declarations(ctx context.Context, id protocol.CommonsID, agent protocol.AgentID, p ledger.Page) ([]ledger.Declaration, string, error)
	Standing(ctx context.Context, id protocol.CommonsID, agent protocol.AgentID, on ledger.Day) (ledger.Standing, error)
	Standings(ctx context.Context, id protocol.CommonsID, class string, on ledger.Day, p ledger.Page) ([]ledger.Standing, string, error)
}
