package api

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// ShareLedger is what the API needs of the ledger about how value returns to those
// who made it. *ledger.Ledger is one.
type ShareLedger interface {
	PreviewDistribution(ctx context.Context, id protocol.CommonsID, q ledger.DistributionRequest) (ledger.Distribution, error)
	ProposeDistribution(ctx context.Context, id protocol.CommonsID, q ledger.DistributionRequest) (ledger.Distribution, error)
	Distribution(ctx context.Context, id protocol.CommonsID, of protocol.EntryID) (ledger.Distribution, error)
	Distributions(ctx context.Context, id protocol.CommonsID, p ledger.Page) ([]ledger.Distribution, string, error)
	VerifyDistribution(ctx context.Context, id protocol.CommonsID, of protocol.EntryID) (ledger.DistributionCheck, error)
	WhyDistribution(ctx context.Context, id protocol.CommonsID, of protocol.EntryID, agent protocol.AgentID) ([]ledger.DistributionReason, error)
	ApproveDistribution(ctx context.Context, id protocol.CommonsID, of protocol.EntryID) (ledger.Written, error)
	RejectDistribution(ctx context.Context, id protocol.CommonsID, of protocol.EntryID) (ledger.Written, error)
	WhyPreview(ctx context.Context, id protocol.CommonsID, q ledger.DistributionRequest, agent protocol.AgentID) ([]ledger.DistributionReason, error)
	BehindBalance(ctx context.Context, id protocol.CommonsID, agent protocol.AgentID, most int) ([]ledger.ContributionReason, error)
	ValueReport(ctx context.Context, id protocol.CommonsID, q ledger.ReportRequest) (ledger.ValueReport, error)
}
