package api

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// ValueFlowsLedger is what the API needs of the ledger about resources, plans and
// where things come from. *ledger.Ledger is one.
type ValueFlowsLedger interface {
	Resource(ctx context.Context, id protocol.EntryID) (ledger.Resource, error)
	Resources(ctx context.Context, commons protocol.CommonsID, f ledger.ResourceFilter, p ledger.Page) ([]ledger.Resource, string, error)
	FindResource(ctx context.Context, commons protocol.CommonsID, text string) (ledger.Resource, error)
	Correction(ctx context.Context, id protocol.EntryID, c ledger.Corrected) (*protocol.Event, error)

	Record(ctx context.Context, id protocol.EntryID) (ledger.Record, error)
	Records(ctx context.Context, commons protocol.CommonsID, f ledger.RecordFilter, p ledger.Page) ([]ledger.Record, string, error)
	FindRecord(ctx context.Context, commons protocol.CommonsID, typ, text string) (ledger.Record, error)
	Links(ctx context.Context, commons protocol.CommonsID, target protocol.EntryID, relation string, p ledger.Page) ([]ledger.Link, string, error)
	Fulfilment(ctx context.Context, id protocol.EntryID) (ledger.Fulfilment, error)
	Progress(ctx context.Context, plan protocol.EntryID, day string) (ledger.Progress, error)

	PlanRecipe(ctx context.Context, commons protocol.CommonsID, r ledger.PlanRequest) (ledger.Planned, error)
	SubmitBundle(ctx context.Context, all ledger.Bundle) ([]ledger.Written, error)

	Trace(ctx context.Context, commons protocol.CommonsID, from protocol.EntryID, p ledger.Page) ([]ledger.Step, string, error)
	Track(ctx context.Context, commons protocol.CommonsID, from protocol.EntryID, p ledger.Page) ([]ledger.Step, string, error)
	Provenance(ctx context.Context, commons protocol.CommonsID, from protocol.EntryID, p ledger.Page) ([]ledger.Step, string, error)
	RollUp(ctx context.Context, commons protocol.CommonsID, resource protocol.EntryID, amount ledger.Total) (ledger.RollUp, error)
	NetworkFlows(ctx context.Context, commons protocol.CommonsID, of protocol.EntryID) ([]ledger.NetworkFlow, error)
}
