package ledger_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

func TestOnlyWhoIsNamedConfirmsASetOfWitnesses(t *testing.T) {
	h := newHouse(t, 3)
	ctx := context.Background()
	set, err := h.nodes[0].ChangeWitnesses(ctx, h.id, []protocol.LogID{protocol.LogID(h.agents[0]), protocol.LogID(h.agents[1])}, 0)
	if err != nil || set.Written == nil {
		t.Fatalf("%+v, %v; want an entry", set, err)
	}
	h.meet()
	yes := ledger.Draft{Commons: h.id, Body: &protocol.Confirm{Target: set.Written.Entry.ID(), Verdict: protocol.VerdictConfirm}}
	var void *ledger.VoidError
	if _, err := h.nodes[2].Submit(ctx, yes); !errors.As(err, &void) || void.Reason != rules.NotConfirmable {
		t.Errorf("one who is not named: %v, want %s", err, rules.NotConfirmable)
	}
	if _, err := h.nodes[1].Submit(ctx, yes); err != nil {
		t.Fatal(err)
	}
	if inbox, err := h.nodes[1].Inbox(ctx, h.id, protocol.AgentID{}, 10); err != nil || inbox.ToServe != nil {
		t.Errorf("still asked to serve: %+v, %v", inbox.ToServe, err)
	}
}

func TestNobodyPaysWhoWasRemoved(t *testing.T) {
	h := newHouse(t, 3)
	ctx := context.Background()
	if _, err := h.pay(1, 2, 100); err != nil {
		t.Fatal(err)
	}
	h.meet()
	_, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: &protocol.Remove{
		Log: protocol.LogID(h.agents[1]), Seq: 1,
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.pay(0, 1, 100); !errors.Is(err, ledger.ErrRemoved) || !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("a payment to somebody removed: %v, want ErrRemoved", err)
	}
	if _, err := h.pay(0, 2, 100); err != nil {
		t.Error(err)
	}
	h.meet()
	h.alike()
	if _, err := h.pay(1, 2, 100); !errors.Is(err, ledger.ErrEnded) || !errors.Is(err, ledger.ErrNotMember) {
		t.Errorf("somebody removed pays: %v, want ErrEnded", err)
	}
}

func TestNewStewardsSignForTheirKeys(t *testing.T) {
	h := newHouse(t, 3)
	ctx := context.Background()
	history, err := h.nodes[0].CharterHistory(ctx, h.id)
	if err != nil {
		t.Fatal(err)
	}
	doc := history[len(history)-1].Doc
	doc["stewards"] = map[string]protocol.Value{
		"members": []protocol.Value{names[0], names[1], names[2]}, "threshold": int64(2),
	}
	if p, err := h.nodes[0].ProposeCharter(ctx, h.id, doc); err != nil || p.Written == nil {
		t.Fatalf("%+v, %v; want an entry", p, err)
	}
	h.meet()
	inbox, err := h.nodes[1].Inbox(ctx, h.id, protocol.AgentID{}, 10)
	if err != nil || len(inbox.ToApprove) != 1 {
		t.Fatalf("%+v, %v; want one proposal", inbox, err)
	}
	keys := inbox.ToApprove[0]
	if keys.Needs != 2 || len(keys.Approvals) != 1 || keys.Entry.Kind != protocol.KindKeys {
		t.Errorf("%s has %d of %d signatures, want 1 of 2 on keys", keys.Entry.Kind, len(keys.Approvals), keys.Needs)
	}
	if _, err := h.nodes[1].Approve(ctx, h.id, keys.ID); err != nil {
		t.Fatal(err)
	}
	h.meet()
	h.alike()
	for i, n := range h.nodes {
		a, err := n.FindAgent(ctx, h.id, names[2])
		if err != nil || !a.Steward {
			t.Errorf("node %d: %s is no steward, %v", i, names[2], err)
		}
	}
	if p, err := h.nodes[2].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: &protocol.Admit{Log: protocol.LogID(h.agents[1])}}); err != nil ||
		p.Proposal == nil || !slices.ContainsFunc(p.Proposal.Approvals, func(a ledger.Agent) bool { return a.ID == h.agents[2] }) {
		t.Errorf("the new steward proposes: %+v, %v", p, err)
	}
}
