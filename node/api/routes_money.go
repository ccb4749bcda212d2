package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// reading describes an operation that answers a question.
func reading(id, path, tag, summary string) operation {
	return operation{id: id, method: http.MethodGet, path: path, tag: tag, summary: summary, need: needRead}
}

// posting describes an operation that writes.
func posting(id, path, tag, summary string, body any) operation {
	return operation{
		id: id, method: http.MethodPost, path: path, tag: tag, summary: summary,
		need: needWrite, status: http.StatusCreated, body: body,
	}
}

// repeatable lets an operation take an Idempotency-Key.
func repeatable(o operation) operation {
	o.once = true
	return o
}

func (s *Server) addMoney(api huma.API) {
	add(s, api, reading("getStatement", "/v1/statements", "money", "The movements of an account, with running balance"), s.getStatement)
	add(s, api, reading("listTransfers", "/v1/transfers", "money", "The payments of a commons"), s.listTransfers)
	transfer := repeatable(posting("addTransfer", "/v1/transfers", "money", "Pay somebody, or send a payment back", TransferDraft{}))
	transfer.about = "A payment from a shared account or from the commons is proposed where one signature is not enough. An overdraft is refused with its figures."
	add(s, api, transfer, s.addTransfer)
	add(s, api, repeatable(posting("addIncome", "/v1/incomes", "money", "Record money that came into the commons' pool; stewards only", IncomeDraft{})), s.addIncome)
	add(s, api, reading("listAccounts", "/v1/accounts", "money", "The shared accounts of a commons"), s.listAccounts)
	add(s, api, posting("createAccount", "/v1/accounts", "money", "Found a shared account", AccountDraft{}), s.createAccount)
}

func (s *Server) addGovernance(api huma.API) {
	const tag = "governance"
	add(s, api, reading("listProposals", "/v1/proposals", tag, "What wants signatures, or wanted them"), s.listProposals)
	add(s, api, reading("getProposal", "/v1/proposals/{proposal}", tag, "One proposal: what it would do, who signed, who refused"), s.getProposal)
	add(s, api, posting("approve", "/v1/proposals/{proposal}/approvals", tag, "Sign a proposal", VerdictDraft{}), s.approve)
	reject := posting("reject", "/v1/proposals/{proposal}/rejections", tag, "Refuse a proposal", VerdictDraft{})
	reject.about = "A refusal stands for good."
	add(s, api, reject, s.reject)
	add(s, api, reading("getWitnesses", "/v1/witnesses", tag, "Who settles entries, and how a change of them stands"), s.getWitnesses)
	witnesses := posting("changeWitnesses", "/v1/witnesses", tag, "Propose another set of witnesses, whole; stewards only", WitnessesDraft{})
	witnesses.about = "Each new witness confirms the entry before it is settled. After that only the new witnesses can settle."
	add(s, api, witnesses, s.changeWitnesses)
	add(s, api, reading("listCharters", "/v1/charters", tag, "The versions of the charter, oldest first"), s.listCharters)
	add(s, api, posting("proposeCharter", "/v1/charters", tag, "Propose a whole new version of the charter; stewards only", CharterDraft{}), s.proposeCharter)
	inbox := reading("getInbox", "/v1/inbox", tag, "What waits for you: to confirm, to sign, to serve as a witness")
	inbox.need = needAll
	add(s, api, inbox, s.getInbox)
	add(s, api, repeatable(posting("admit", "/v1/admissions", tag, "Admit a log; stewards only", AdmissionDraft{})), s.admitLog)
	add(s, api, repeatable(posting("remove", "/v1/removals", tag, "End a member's log, or take an invitation back; stewards only", RemovalDraft{})), s.remove)
	add(s, api, repeatable(posting("bind", "/v1/bindings", tag, "Say that a record is a member; stewards only", BindingDraft{})), s.bind)
	audit := reading("audit", "/v1/audit", tag, "Check a whole commons: hashes, sums, forks")
	audit.need = needAll
	add(s, api, audit, s.audit)
}
