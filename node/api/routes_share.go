package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// addShare registers how value returns to those who made it.
func (s *Server) addShare(api huma.API) {
	const tag = "distributions"
	preview := posting("previewDistribution", "/v1/distributions/preview", tag, "Compute how an amount of the pool would be shared", PreviewDraft{})
	preview.about = "Nothing is written. Other factors of streams and whole charters can be tried out."
	preview.status, preview.need = http.StatusOK, needAll
	add(s, api, preview, s.previewDistribution)
	propose := posting("proposeDistribution", "/v1/distributions", tag, "Propose a distribution; stewards only", DistributionDraft{})
	propose.about = "It waits until what this node wrote is settled, fixes the cut and the charter, and counts as the proposer's approval. Where one signature is enough it is done at once."
	add(s, api, propose, s.proposeDistribution)
	add(s, api, reading("listDistributions", "/v1/distributions", tag, "The distributions of a commons, newest first"), s.listDistributions)
	add(s, api, reading("getDistribution", "/v1/distributions/{distribution}", tag, "One distribution, as it is stated"), s.getDistribution)
	approve := posting("approveDistribution", "/v1/distributions/{distribution}/approvals", tag, "Sign a proposed distribution", VerdictDraft{})
	approve.about = "This node computes it first, and refuses to sign on a difference."
	add(s, api, approve, s.approveDistribution)
	reject := posting("rejectDistribution", "/v1/distributions/{distribution}/rejections", tag, "Refuse a proposed distribution", VerdictDraft{})
	reject.about = "A refusal stands for good."
	add(s, api, reject, s.rejectDistribution)
	verify := reading("verifyDistribution", "/v1/distributions/{distribution}/verification", tag, "Compute a distribution again from the log, and compare")
	verify.need = needAll
	add(s, api, verify, s.verifyDistribution)
	why := reading("whyDistribution", "/v1/distributions/{distribution}/why", tag, "Why an agent gets what it gets")
	why.need = needAll
	add(s, api, why, s.whyDistribution)
	add(s, api, reading("whyBalance", "/v1/balances/{agent}/why", "balances", "What is behind each figure of a balance"), s.whyBalance)
	report := reading("reportValue", "/v1/reports/value", "reports", "Who creates the value of a period, and who keeps it")
	report.need = needAll
	add(s, api, report, s.reportValue)
}
