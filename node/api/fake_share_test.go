package api_test

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// fakeShares is the part of the fake ledger that knows distributions. Nothing in it
// is computed: a test says what there is.
type fakeShares struct {
	request       ledger.DistributionRequest // of the last question
	previewed     ledger.Distribution        // what a preview gives
	shareErr      error                      // instead of it, unless nil
	distributions []ledger.Distribution
	check         ledger.DistributionCheck
	reasons       []ledger.DistributionReason
	behind        []ledger.ContributionReason
	reported      ledger.ReportRequest
	report        ledger.ValueReport
	judged        []protocol.EntryID
}

func (l *fakeLedger) PreviewDistribution(_ context.Context, _ protocol.CommonsID, q ledger.DistributionRequest) (ledger.Distribution, error) {
	l.request = q
	return l.previewed, l.shareErr
}

func (l *fakeLedger) ProposeDistribution(_ context.Context, _ protocol.CommonsID, q ledger.DistributionRequest) (ledger.Distribution, error) {
	l.request = q
	if l.shareErr != nil {
		return ledger.Distribution{}, l.shareErr
	}
	return l.distributions[0], nil
}

func (l *fakeLedger) Distribution(_ context.Context, _ protocol.CommonsID, of protocol.EntryID) (ledger.Distribution, error) {
	for _, d := range l.distributions {
		if d.ID == of {
			return d, nil
		}
	}
	return ledger.Distribution{}, ledger.ErrNotFound
}

func (l *fakeLedger) Distributions(_ context.Context, _ protocol.CommonsID, p ledger.Page) ([]ledger.Distribution, string, error) {
	if p.Limit < len(l.distributions) && p.After == "" {
		return l.distributions[:p.Limit], "more", nil
	}
	return l.distributions, "", nil
}

func (l *fakeLedger) VerifyDistribution(context.Context, protocol.CommonsID, protocol.EntryID) (ledger.DistributionCheck, error) {
	return l.check, l.shareErr
}

func (l *fakeLedger) WhyDistribution(context.Context, protocol.CommonsID, protocol.EntryID, protocol.AgentID) ([]ledger.DistributionReason, error) {
	return l.reasons, l.shareErr
}

func (l *fakeLedger) WhyPreview(context.Context, protocol.CommonsID, ledger.DistributionRequest, protocol.AgentID) ([]ledger.DistributionReason, error) {
	return l.reasons, l.shareErr
}

func (l *fakeLedger) ApproveDistribution(_ context.Context, _ protocol.CommonsID, of protocol.EntryID) (ledger.Written, error) {
	l.judged = append(l.judged, of)
	if l.shareErr == nil {
		l.distributions[0].State = ledger.DistributionSettled
	}
	return ledger.Written{}, l.shareErr
}

func (l *fakeLedger) RejectDistribution(_ context.Context, _ protocol.CommonsID, of protocol.EntryID) (ledger.Written, error) {
	l.judged = append(l.judged, of)
	if l.shareErr == nil {
		l.distributions[0].State = ledger.DistributionRefused
	}
	return ledger.Written{}, l.shareErr
}

func (l *fakeLedger) BehindBalance(context.Context, protocol.CommonsID, protocol.AgentID, int) ([]ledger.ContributionReason, error) {
	return l.behind, nil
}

func (l *fakeLedger) ValueReport(_ context.Context, _ protocol.CommonsID, q ledger.ReportRequest) (ledger.ValueReport, error) {
	l.reported = q
	return l.report, l.err
}
