package ledger_test

import (
	"context"
	"errors"
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// withStewards makes Ana, Beto and Carla stewards, two of whom must sign.
func (h *house) withStewards() {
	h.w.t.Helper()
	ctx := context.Background()
	doc := money("Huerta Norte")
	doc["stewards"] = map[string]protocol.Value{
		"members": []protocol.Value{"Ana", "Beto", "Carla"}, "threshold": int64(2),
	}
	if _, err := h.nodes[0].ProposeCharter(ctx, h.id, doc); err != nil {
		h.w.t.Fatal(err)
	}
	h.meet()
	for _, p := range h.open(1) {
		if p.Mine {
			if _, err := h.nodes[1].Approve(ctx, h.id, p.ID); err != nil {
				h.w.t.Fatal(err)
			}
		}
	}
	h.meet()
	keys, _ := h.nodes[2].KeysOf(h.id.Charter())
	if len(keys.Keys) != 3 || keys.Threshold != 2 {
		h.w.t.Fatalf("the charter log has %d keys, threshold %d; want 3 and 2", len(keys.Keys), keys.Threshold)
	}
}

// open returns the proposals that a node holds as open.
func (h *house) open(node int) (open []ledger.Proposal) {
	h.w.t.Helper()
	all, _, err := h.nodes[node].Proposals(context.Background(), h.id, ledger.Page{})
	if err != nil {
		h.w.t.Fatal(err)
	}
	for _, p := range all {
		if p.State == ledger.ProposalOpen {
			open = append(open, p)
		}
	}
	return open
}

func (h *house) withLimit(limit string) map[string]protocol.Value {
	doc := money("Huerta Norte")
	doc["stewards"] = map[string]protocol.Value{
		"members": []protocol.Value{"Ana", "Beto", "Carla"}, "threshold": int64(2),
	}
	doc["currency"].([]protocol.Value)[0].(map[string]protocol.Value)["limit"] = limit
	return doc
}

func (h *house) limit(node int) string {
	h.w.t.Helper()
	sheet, err := h.nodes[node].Balance(context.Background(), h.id, h.agents[0])
	if err != nil {
		h.w.t.Fatal(err)
	}
	return sheet.Accounts[1].Limit.String()
}

func TestTwoOfThreeStewardsChangeTheCharter(t *testing.T) {
	h := newHouse(t, 4)
	ctx := context.Background()
	h.withStewards()
	p, err := h.nodes[2].ProposeCharter(ctx, h.id, h.withLimit("80.00"))
	if err != nil || p.Proposal == nil || p.Proposal.Needs != 2 || len(p.Proposal.Approvals) != 1 {
		t.Fatalf("%+v, %v; want a proposal with one signature of two", p, err)
	}
	h.meet()
	if got := h.limit(3); got != "50" {
		t.Errorf("with one signature the limit is %s, want 50", got)
	}
	if _, err := h.nodes[3].Approve(ctx, h.id, p.Proposal.ID); !errors.Is(err, ledger.ErrNotSigner) {
		t.Errorf("approval by a member: %v, want ErrNotSigner", err)
	}
	if _, err := h.nodes[1].Approve(ctx, h.id, p.Proposal.ID); err != nil {
		t.Fatal(err)
	}
	h.meet()
	for i := range h.nodes {
		if got := h.limit(i); got != "80" {
			t.Errorf("node %d has limit %s, want 80", i, got)
		}
	}
	if _, err := h.nodes[0].Approve(ctx, h.id, p.Proposal.ID); !errors.Is(err, ledger.ErrExists) {
		t.Errorf("approval of what is done: %v, want ErrExists", err)
	}
	history, err := h.nodes[3].CharterHistory(ctx, h.id)
	if err != nil || len(history) != 3 || history[2].State != ledger.Settled || len(history[2].Signers) != 2 {
		t.Errorf("history %+v, %v; want three versions, the last by two stewards", history, err)
	}
	h.alike()
}

func TestOfTwoRivalProposalsAtMostOneTakesEffect(t *testing.T) {
	h := newHouse(t, 3)
	ctx := context.Background()
	h.withStewards()
	first, err := h.nodes[0].ProposeCharter(ctx, h.id, h.withLimit("60.00"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.nodes[1].ProposeCharter(ctx, h.id, h.withLimit("70.00"))
	if err != nil {
		t.Fatal(err)
	}
	h.meet()
	var locked *ledger.LockedError
	if _, err := h.nodes[0].Approve(ctx, h.id, second.Proposal.ID); !errors.As(err, &locked) {
		t.Errorf("signing a rival of one's own: %v, want a *LockedError", err)
	}
	if _, err := h.nodes[2].Approve(ctx, h.id, first.Proposal.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := h.nodes[2].Approve(ctx, h.id, second.Proposal.ID); err == nil {
		t.Error("a steward signed both of two rivals")
	}
	h.meet()
	for i := range h.nodes {
		if got := h.limit(i); got != "60" {
			t.Errorf("node %d has limit %s, want 60", i, got)
		}
	}
	p, err := h.nodes[1].Proposal(ctx, h.id, second.Proposal.ID)
	if err != nil || p.State != ledger.ProposalSuperseded {
		t.Errorf("the rival is %s, %v; want superseded", p.State, err)
	}
	h.alike()
}

func TestASplitVoteResolves(t *testing.T) {
	h := newHouse(t, 3)
	ctx := context.Background()
	h.withStewards()
	var all []ledger.Proposed
	for i, limit := range []string{"60.00", "70.00", "80.00"} {
		p, err := h.nodes[i].ProposeCharter(ctx, h.id, h.withLimit(limit))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	h.meet()
	// Everybody has signed an own one. Two refusals kill a proposal: Beto and
	// Carla refuse Ana's, so that Ana is free to sign Beto's.
	for _, i := range []int{1, 2} {
		if _, err := h.nodes[i].Reject(ctx, h.id, all[0].Proposal.ID); err != nil {
			t.Fatal(err)
		}
	}
	h.meet()
	if _, err := h.nodes[0].Approve(ctx, h.id, all[1].Proposal.ID); err != nil {
		t.Fatal(err)
	}
	h.meet()
	for i := range h.nodes {
		if got := h.limit(i); got != "70" {
			t.Errorf("node %d has limit %s, want 70", i, got)
		}
	}
	h.alike()
}

func TestASharedAccountPaysWithTwoOfThree(t *testing.T) {
	h := newHouse(t, 4)
	ctx := context.Background()
	var members []protocol.LogID
	for _, a := range h.agents[:3] {
		members = append(members, protocol.LogID(a))
	}
	p, err := h.nodes[0].CreateAccount(ctx, h.id, "Cooperativa Sur", members, 2)
	if err != nil || p.Proposal == nil {
		t.Fatalf("%+v, %v", p, err)
	}
	h.meet()
	if _, err := h.nodes[1].Approve(ctx, h.id, p.Proposal.ID); err != nil {
		t.Fatal(err)
	}
	h.meet()
	accounts, _, err := h.nodes[3].SharedAccounts(ctx, h.id, ledger.Page{})
	if err != nil || len(accounts) != 1 || len(accounts[0].Members) != 3 || accounts[0].Threshold != 2 {
		t.Fatalf("%+v, %v; want one account of three members", accounts, err)
	}
	shared := accounts[0].Agent.ID
	if _, err := h.pay(3, 0, 100); err != nil {
		t.Fatal(err)
	}
	pay := transfer(shared, h.agents[3], 4200)
	paid, err := h.nodes[2].SubmitTo(ctx, protocol.LogID(shared), ledger.Draft{Commons: h.id, Body: pay})
	if err != nil || paid.Proposal == nil {
		t.Fatalf("%+v, %v", paid, err)
	}
	h.meet()
	if got := h.nodes[3].account(h.id, shared, "hora"); got != "0 0 50" {
		t.Errorf("with one signature the account has %q, want 0 0 50", got)
	}
	if _, err := h.nodes[0].Approve(ctx, h.id, paid.Proposal.ID); err != nil {
		t.Fatal(err)
	}
	h.meet()
	if got := h.nodes[3].account(h.id, shared, "hora"); got != "-42 0 8" {
		t.Errorf("with two signatures the account has %q, want -42 0 8", got)
	}
	if _, err := h.nodes[3].SubmitTo(ctx, protocol.LogID(shared), ledger.Draft{Commons: h.id, Body: pay}); !errors.Is(err, ledger.ErrNotSigner) {
		t.Errorf("a stranger pays from it: %v, want ErrNotSigner", err)
	}
	h.alike()
}

func TestRemovalBindingAndRevocation(t *testing.T) {
	h := newHouse(t, 3)
	ctx := context.Background()
	record := h.nodes[0].submit(h.id, &protocol.Agent{Card: protocol.AgentCard{Name: protocol.PlainText("Doña Rosa"), Type: protocol.Person}})
	rosa := protocol.AgentID{EntryID: record.Entry.ID()}
	h.meet()
	if _, err := h.nodes[1].Submit(ctx, ledger.Draft{Commons: h.id, Body: transfer(h.agents[1], rosa, 700)}); err != nil {
		t.Fatal(err)
	}
	h.meet()
	bind := &protocol.Bind{Agent: rosa.EntryID, Log: protocol.LogID(h.agents[2])}
	if _, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: bind}); err != nil {
		t.Fatal(err)
	}
	var void *ledger.VoidError
	if _, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: bind}); !errors.As(err, &void) {
		t.Errorf("binding twice: %v, want it void", err)
	}
	h.meet()
	if got := h.nodes[1].account(h.id, rosa, "hora"); got != "7 0 57" {
		t.Errorf("the record resolves to %q, want 7 0 57", got)
	}
	if _, err := h.pay(2, 0, 5700); err != nil {
		t.Errorf("paying with what the record was given: %v", err)
	}
	h.meet()
	h.alike()

	// Beto is removed at what is settled; he does not know it yet and pays on.
	head, _ := h.nodes[0].Held(protocol.LogID(h.agents[1]))
	out := &protocol.Remove{Log: protocol.LogID(h.agents[1]), Seq: head.Seq}
	if _, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: out}); err != nil {
		t.Fatal(err)
	}
	late, err := h.pay(1, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	h.meet()
	for i, n := range h.nodes {
		status, err := n.Entry(ctx, late.Entry.ID())
		if err != nil || status.State != ledger.Cut {
			t.Errorf("node %d: beyond the removal an entry is %s, %v; want cut", i, status.State, err)
		}
		if got := n.account(h.id, h.agents[1], "hora"); got != "-7 0 43" {
			t.Errorf("node %d: Beto has %q, want -7 0 43", i, got)
		}
	}
	sit := &protocol.Remove{Log: protocol.LogID(h.agents[0]), Seq: 1}
	if _, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: sit}); !errors.As(err, &void) {
		t.Errorf("removing the only witness: %v, want it void", err)
	}
	h.alike()
}

// grow makes the first four members witnesses, one of whom may lie.
func (h *house) grow() {
	h.w.t.Helper()
	ctx := context.Background()
	var members []protocol.LogID
	for _, a := range h.agents[:4] {
		members = append(members, protocol.LogID(a))
	}
	p, err := h.nodes[0].ChangeWitnesses(ctx, h.id, members, 1)
	if err != nil || p.Written == nil {
		h.w.t.Fatalf("%+v, %v", p, err)
	}
	h.meet()
	status, err := h.nodes[3].Witnesses(ctx, h.id)
	if err != nil || status.Next == nil || len(status.Missing) != 3 || len(status.Current.Members) != 1 {
		h.w.t.Fatalf("before anybody confirms: %+v, %v; want three missing", status, err)
	}
	for _, n := range h.nodes[1:4] {
		inbox, err := n.Inbox(ctx, h.id, protocol.AgentID{}, 10)
		if err != nil || inbox.ToServe == nil {
			h.w.t.Fatalf("%+v, %v; want a set to serve in", inbox, err)
		}
		n.submit(h.id, &protocol.Confirm{Target: inbox.ToServe.ID, Verdict: protocol.VerdictConfirm})
	}
	h.meet()
	for i, n := range h.nodes {
		status, err := n.Witnesses(ctx, h.id)
		if err != nil || status.Next != nil || len(status.Current.Members) != 4 || status.Current.Quorum != 3 || status.Closing {
			h.w.t.Fatalf("node %d: %+v, %v; want four witnesses in office, nothing closing", i, status, err)
		}
	}
}

func (h *house) state(node int, w ledger.Written) ledger.State {
	h.w.t.Helper()
	status, err := h.nodes[node].Entry(context.Background(), w.Entry.ID())
	if err != nil {
		h.w.t.Fatal(err)
	}
	return status.State
}

func TestFourWitnessesGrownFromOne(t *testing.T) {
	h := newHouse(t, 5)
	before, err := h.pay(1, 2, 300)
	if err != nil {
		t.Fatal(err)
	}
	h.grow()
	if got := h.state(4, before); got != ledger.Settled {
		t.Errorf("a payment from before is %s, want settled", got)
	}
	// One witness is down: three are a quorum.
	one, err := h.pay(4, 1, 500)
	if err != nil {
		t.Fatal(err)
	}
	h.meet(h.nodes[0], h.nodes[1], h.nodes[2], h.nodes[4])
	if got := h.state(4, one); got != ledger.Settled {
		t.Errorf("with one witness down a payment is %s, want settled", got)
	}
	// Two are down: two are none.
	two, err := h.pay(4, 1, 500)
	if err != nil {
		t.Fatal(err)
	}
	h.meet(h.nodes[0], h.nodes[1], h.nodes[4])
	if got := h.state(4, two); got != ledger.Pending {
		t.Errorf("with two witnesses down a payment is %s, want pending", got)
	}
	h.meet(h.nodes[0], h.nodes[1], h.nodes[4], h.nodes[3])
	if got := h.state(4, two); got != ledger.Settled {
		t.Errorf("after one has returned the payment is %s, want settled", got)
	}
	h.meet()
	h.alike()
	for _, n := range h.nodes {
		n.reopen()
	}
	h.alike()
}

func TestMoreThanMayLieAreRefused(t *testing.T) {
	h := newHouse(t, 3)
	ctx := context.Background()
	members := []protocol.LogID{protocol.LogID(h.agents[0]), protocol.LogID(h.agents[1]), protocol.LogID(h.agents[2])}
	var void *ledger.VoidError
	if _, err := h.nodes[0].ChangeWitnesses(ctx, h.id, members, 1); !errors.As(err, &void) {
		t.Errorf("three witnesses, one of whom may lie: %v, want it void", err)
	}
	if _, err := h.nodes[0].ChangeWitnesses(ctx, h.id, nil, 0); !errors.As(err, &void) {
		t.Errorf("no witnesses: %v, want it void", err)
	}
	doc := money("Huerta Norte")
	doc["stewards"] = map[string]protocol.Value{"members": []protocol.Value{"Ana", "Beto"}, "threshold": int64(1)}
	var charter *ledger.CharterError
	if _, err := h.nodes[0].ProposeCharter(ctx, h.id, doc); !errors.As(err, &charter) {
		t.Errorf("one of two stewards: %v, want a *CharterError", err)
	}
	doc["stewards"] = map[string]protocol.Value{"members": []protocol.Value{}}
	if _, err := h.nodes[0].ProposeCharter(ctx, h.id, doc); !errors.As(err, &charter) {
		t.Errorf("no stewards: %v, want a *CharterError", err)
	}
}

// TestOneKeyOnTwoNodesSpendsOnce copies a member's home; each copy spends the
// whole limit, to different payees, while four witnesses are in office.
func TestOneKeyOnTwoNodesSpendsOnce(t *testing.T) {
	h := newHouse(t, 5)
	h.grow()
	eva := h.nodes[4]
	if err := eva.Close(); err != nil {
		t.Fatal(err)
	}
	twin := h.w.copyOf(eva)
	eva.open()
	first, err := h.pay(4, 0, 5000)
	if err != nil {
		t.Fatal(err)
	}
	second, err := twin.Submit(context.Background(), ledger.Draft{Commons: h.id, Body: transfer(h.agents[4], h.agents[1], 5000)})
	if err != nil {
		t.Fatal(err)
	}
	// Ana and Carla hear of the first, Beto and Dani of the second.
	h.meet(h.nodes[0], h.nodes[2], eva)
	h.meet(h.nodes[1], h.nodes[3], twin)
	h.nodes = append(h.nodes, twin)
	h.meet()
	h.alike()
	for i, n := range h.nodes {
		settled := 0
		for _, w := range []ledger.Written{first, second} {
			status, err := n.Entry(context.Background(), w.Entry.ID())
			if err != nil {
				t.Fatal(err)
			}
			if status.State == ledger.Settled {
				settled++
			}
		}
		log, err := n.Log(context.Background(), protocol.LogID(h.agents[4]))
		if err != nil || settled > 1 || !log.Forked || log.Frozen != (settled == 0) {
			t.Errorf("node %d: %d histories settled, log %+v, %v", i, settled, log, err)
		}
		if got := n.proof(h.id); got.First.First().ID() != h.nodes[0].proof(h.id).First.First().ID() {
			t.Errorf("node %d has another proof", i)
		}
	}
}

func TestTheCharterLogAdmitsAnAccountOfMembersWhoMayNotInvite(t *testing.T) {
	h := newHouse(t, 3)
	ctx := context.Background()
	members := []protocol.LogID{protocol.LogID(h.agents[1]), protocol.LogID(h.agents[2])}
	p, err := h.nodes[1].CreateAccount(ctx, h.id, "Los dos", members, 2)
	if err != nil {
		t.Fatal(err)
	}
	h.meet()
	if _, err := h.nodes[2].Approve(ctx, h.id, p.Proposal.ID); err != nil {
		t.Fatal(err)
	}
	h.meet()
	if _, held := h.nodes[0].Held(p.Proposal.Entry.Log); held {
		t.Fatal("an account is held that nobody admitted")
	}
	admit := &protocol.Admit{Log: p.Proposal.Entry.Log}
	if _, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: admit}); err != nil {
		t.Fatal(err)
	}
	h.meet()
	for i, n := range h.nodes {
		if got := n.account(h.id, p.Proposal.Entry.Log.Agent(), "hora"); got != "0 0 50" {
			t.Errorf("node %d shows %q, want 0 0 50", i, got)
		}
	}
	h.alike()
}

// A founder who names other stewards has signed the change of the keys. Until
// that is decided, it must write nothing else at its place, although it still
// could alone.
func TestAFounderWhoNamedStewardsWritesNoRivalOfThat(t *testing.T) {
	h := newHouse(t, 2)
	ctx := context.Background()
	doc := money("Huerta Norte")
	doc["stewards"] = map[string]protocol.Value{"members": []protocol.Value{"Ana", "Beto"}, "threshold": int64(2)}
	if _, err := h.nodes[0].ProposeCharter(ctx, h.id, doc); err != nil {
		t.Fatal(err)
	}
	h.meet()
	open := h.open(1)
	if len(open) != 1 {
		t.Fatalf("%d proposals are open, want the change of the keys", len(open))
	}
	out := &protocol.Remove{Log: protocol.LogID(h.agents[1])}
	var locked *ledger.LockedError
	if _, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: out}); !errors.As(err, &locked) || locked.Signed != open[0].ID {
		t.Errorf("a removal beside the change: %v, want a *LockedError that names it", err)
	}
	// One whose key is to be brought in may refuse, and the place is free again.
	if _, err := h.nodes[1].Reject(ctx, h.id, open[0].ID); err != nil {
		t.Fatal(err)
	}
	h.meet()
	if p, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: out}); err != nil || p.Written == nil {
		t.Errorf("a removal after the change was refused: %+v, %v", p, err)
	}
	h.meet()
	h.alike()
}
