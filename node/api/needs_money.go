package api

import (
	"context"
	"iter"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// MoneyLedger is what the API needs of the ledger about accounts.
// *ledger.Ledger is one.
type MoneyLedger interface {
	Currencies(ctx context.Context, id protocol.CommonsID) ([]ledger.Payable, error)
	Statement(ctx context.Context, id protocol.CommonsID, agent protocol.AgentID, currency string, p ledger.Page) ([]ledger.Movement, string, error)
	SubmitTo(ctx context.Context, log protocol.LogID, d ledger.Draft) (ledger.Proposed, error)
	CreateAccount(ctx context.Context, id protocol.CommonsID, name string, members []protocol.LogID, threshold int) (ledger.Proposed, error)
	SharedAccounts(ctx context.Context, id protocol.CommonsID, p ledger.Page) ([]ledger.SharedAccount, string, error)
	Audit(ctx context.Context, id protocol.CommonsID) (ledger.Audit, error)
	Forks(ctx context.Context, id protocol.CommonsID) iter.Seq2[protocol.ForkProof, error]
}

// GovernanceLedger is what the API needs of the ledger about decisions that
// several people take together. *ledger.Ledger is one.
type GovernanceLedger interface {
	ProposeCharter(ctx context.Context, id protocol.CommonsID, doc map[string]protocol.Value) (ledger.Proposed, error)
	CharterHistory(ctx context.Context, id protocol.CommonsID) ([]ledger.CharterVersion, error)
	Proposals(ctx context.Context, id protocol.CommonsID, p ledger.Page) ([]ledger.Proposal, string, error)
	FindProposal(ctx context.Context, id protocol.CommonsID, text string) (ledger.Proposal, error)
	Approve(ctx context.Context, id protocol.CommonsID, entry protocol.EntryID) (ledger.Written, error)
	Reject(ctx context.Context, id protocol.CommonsID, entry protocol.EntryID) (ledger.Written, error)
	Witnesses(ctx context.Context, id protocol.CommonsID) (ledger.WitnessStatus, error)
	ChangeWitnesses(ctx context.Context, id protocol.CommonsID, members []protocol.LogID, f int) (ledger.Proposed, error)
	Inbox(ctx context.Context, id protocol.CommonsID, from protocol.AgentID, limit int) (ledger.Inbox, error)
}
