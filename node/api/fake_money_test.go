package api_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// fakeMoney is the part of the fake ledger that knows accounts and decisions.
// Nothing in it is computed: a test says what there is.
type fakeMoney struct {
	currencies []ledger.Payable
	movements  []ledger.Movement
	asked      string // currency of the last statement
	signatures int    // that logs with several keys need
	proposals  []ledger.Proposal
	into       []protocol.LogID // logs of SubmitTo, one for each draft
	documents  []map[string]protocol.Value
	history    []ledger.CharterVersion
	witnesses  ledger.WitnessStatus
	members    []protocol.LogID // asked for as witnesses or signers
	liars      int
	threshold  int
	shared     []ledger.SharedAccount
	inbox      ledger.Inbox
	found      ledger.Audit
	events     ledger.EventFilter // of the last question
}

func total(t *testing.T, text string) ledger.Total {
	t.Helper()
	a, err := protocol.ParseAmount(text)
	if err != nil {
		t.Fatal(err)
	}
	return rules.TotalOf(a)
}

func (l *fakeLedger) Currencies(context.Context, protocol.CommonsID) ([]ledger.Payable, error) {
	return l.currencies, nil
}

func (l *fakeLedger) Statement(_ context.Context, _ protocol.CommonsID, _ protocol.AgentID, currency string, p ledger.Page) ([]ledger.Movement, string, error) {
	l.asked = currency
	if p.Limit < len(l.movements) {
		return l.movements[:p.Limit], "more", nil
	}
	return l.movements, "", nil
}

func (l *fakeLedger) SubmitTo(ctx context.Context, log protocol.LogID, d ledger.Draft) (ledger.Proposed, error) {
	if l.signatures < 2 {
		w, err := l.Submit(ctx, d)
		if err == nil {
			l.into = append(l.into, log)
		}
		return ledger.Proposed{Written: &w}, err
	}
	defer l.lock()()
	if l.err != nil {
		return ledger.Proposed{}, l.err
	}
	l.drafts, l.into = append(l.drafts, d), append(l.into, log)
	return l.propose(log, d.Body)
}

// propose makes a proposal of a body that one of the signers has approved.
func (l *fakeLedger) propose(log protocol.LogID, body protocol.Body) (ledger.Proposed, error) {
	e, err := protocol.New(protocol.Placement{
		Log: log, Seq: 5, Prev: log.EntryID, Time: protocol.TimeOf(testTime), Charter: 1,
	}, body)
	p := ledger.Proposal{
		ID: e.ID(), Entry: e, By: l.agents[1], Time: e.Time, State: ledger.ProposalOpen,
		Needs: l.signatures, Approvals: []ledger.Agent{l.agents[1]},
	}
	l.proposals = append(l.proposals, p)
	return ledger.Proposed{Proposal: &p}, err
}

func (l *fakeLedger) ProposeCharter(ctx context.Context, id protocol.CommonsID, doc map[string]protocol.Value) (ledger.Proposed, error) {
	if faults := ledger.CheckCharter(doc); len(faults) > 0 {
		return ledger.Proposed{}, &ledger.CharterError{Faults: faults}
	}
	l.documents = append(l.documents, doc)
	key, err := signerKey(0)
	if err != nil {
		return ledger.Proposed{}, err
	}
	return l.SubmitTo(ctx, id.Charter(), ledger.Draft{Commons: id, Body: &protocol.Charter{
		Rules: 1, Doc: doc, Stewards: []protocol.Steward{{Log: l.commons[0].Me, Key: key}},
	}})
}

func (l *fakeLedger) CharterHistory(context.Context, protocol.CommonsID) ([]ledger.CharterVersion, error) {
	return l.history, nil
}

func (l *fakeLedger) Proposals(_ context.Context, _ protocol.CommonsID, p ledger.Page) ([]ledger.Proposal, string, error) {
	return slices.Clone(l.proposals), "", nil
}

func (l *fakeLedger) Proposal(ctx context.Context, id protocol.CommonsID, entry protocol.EntryID) (ledger.Proposal, error) {
	return l.FindProposal(ctx, id, entry.String())
}

func (l *fakeLedger) FindProposal(_ context.Context, _ protocol.CommonsID, text string) (ledger.Proposal, error) {
	for _, p := range l.proposals {
		if strings.HasPrefix(p.ID.String(), text) {
			return p, nil
		}
	}
	return ledger.Proposal{}, fmt.Errorf("%w: proposal", ledger.ErrNotFound)
}

func (l *fakeLedger) Approve(ctx context.Context, id protocol.CommonsID, entry protocol.EntryID) (ledger.Written, error) {
	w, err := l.Submit(ctx, ledger.Draft{Commons: id, Body: &protocol.Approve{CID: entry}})
	if err == nil {
		p := &l.proposals[0]
		p.Approvals, p.State = append(p.Approvals, l.agents[4]), ledger.ProposalDone
	}
	return w, err
}

func (l *fakeLedger) Reject(ctx context.Context, id protocol.CommonsID, entry protocol.EntryID) (ledger.Written, error) {
	w, err := l.Submit(ctx, ledger.Draft{Commons: id, Body: &protocol.Reject{CID: entry}})
	if err == nil {
		p := &l.proposals[0]
		p.Rejections, p.State = append(p.Rejections, l.agents[4]), ledger.ProposalRefused
	}
	return w, err
}

func (l *fakeLedger) Witnesses(context.Context, protocol.CommonsID) (ledger.WitnessStatus, error) {
	return l.witnesses, nil
}

func (l *fakeLedger) ChangeWitnesses(ctx context.Context, id protocol.CommonsID, members []protocol.LogID, f int) (ledger.Proposed, error) {
	l.members, l.liars = members, f
	slices.SortFunc(members, func(a, b protocol.LogID) int { return a.Compare(b.EntryID) })
	return l.SubmitTo(ctx, id.Charter(), ledger.Draft{Commons: id, Body: &protocol.Witnesses{Members: members, F: int64(f)}})
}

func (l *fakeLedger) CreateAccount(_ context.Context, id protocol.CommonsID, name string, members []protocol.LogID, threshold int) (ledger.Proposed, error) {
	defer l.lock()()
	l.members, l.threshold = members, threshold
	if l.err != nil {
		return ledger.Proposed{}, l.err
	}
	e, err := accountInception(id, name, len(members), threshold)
	p := ledger.Proposal{ID: e.ID(), Entry: e, By: l.agents[1], Time: e.Time, State: ledger.ProposalOpen, Needs: len(members)}
	l.proposals = append(l.proposals, p)
	return ledger.Proposed{Proposal: &p}, err
}

// signerKey is the key of one of several signers.
func signerKey(i int) (protocol.PublicKey, error) {
	key, err := protocol.DeriveKey([16]byte{byte(100 + i)}, protocol.RoleAuthor, 0, 0)
	return key.Public(), err
}

func accountInception(id protocol.CommonsID, name string, members, threshold int) (protocol.Entry, error) {
	body := &protocol.Inception{
		Commons: id, Agent: protocol.AgentCard{Name: protocol.PlainText(name), Type: protocol.Organization},
		KeySet: protocol.KeySet{Threshold: int64(threshold), Next: [32]byte{1}},
	}
	for i := range members {
		key, err := signerKey(i)
		if err != nil {
			return protocol.Entry{}, err
		}
		body.KeySet.Keys = append(body.KeySet.Keys, key)
	}
	return protocol.NewInception(protocol.TimeOf(testTime), body)
}

func (l *fakeLedger) SharedAccounts(context.Context, protocol.CommonsID, ledger.Page) ([]ledger.SharedAccount, string, error) {
	return l.shared, "", nil
}

func (l *fakeLedger) Inbox(context.Context, protocol.CommonsID, protocol.AgentID, int) (ledger.Inbox, error) {
	return l.inbox, nil
}

func (l *fakeLedger) Forks(context.Context, protocol.CommonsID) iter.Seq2[protocol.ForkProof, error] {
	return func(yield func(protocol.ForkProof, error) bool) {
		if l.frozen == nil {
			return
		}
		var histories []protocol.Segment
		for _, text := range []string{"one", "two"} {
			e, err := protocol.New(protocol.Placement{
				Log: l.frozen.ID, Seq: l.frozen.ForkSeq, Prev: l.frozen.ID.EntryID, Time: protocol.TimeOf(testTime), Charter: 1,
			}, &protocol.Event{Action: "work", Note: protocol.PlainText(text)})
			if err != nil {
				yield(protocol.ForkProof{}, err)
				return
			}
			histories = append(histories, protocol.Segment{Entries: []protocol.Entry{e}})
		}
		yield(protocol.NewForkProof(histories[0], histories[1]), nil)
	}
}

func (l *fakeLedger) Audit(context.Context, protocol.CommonsID) (ledger.Audit, error) {
	return l.found, nil
}
