package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// income records that money came in from outside.
func (h *house) income(cents int64) protocol.EntryID {
	h.w.t.Helper()
	event := transfer(h.agents[0], protocol.AgentID(h.id), cents)
	event.Currency = "USD"
	p, err := h.nodes[0].SubmitTo(context.Background(), h.id.Charter(), ledger.Draft{Commons: h.id, Body: event})
	if err != nil || p.Written == nil {
		h.w.t.Fatal(p, err)
	}
	return p.Written.Entry.ID()
}

func cents(n int64) protocol.Amount { return protocol.Amount{N: n, Scale: 2} }

// trust has the nodes sign what they are given to sign, whatever the rules of the
// charter give.
func (h *house) trust() {
	for _, n := range h.nodes {
		n.CheckDistributions(nil)
	}
}

// sharing is a distribution of an income at the time that the charter log wants.
func (h *house) sharing(n *node, income protocol.EntryID, remainder int64, lines ...protocol.Line) ledger.DistributionBody {
	h.w.t.Helper()
	asOf, err := n.NextCharterTime(context.Background(), h.id)
	if err != nil {
		h.w.t.Fatal(err)
	}
	sum := remainder
	for _, l := range lines {
		sum += l.Amount.N
	}
	return ledger.DistributionBody{
		Version: 1, AsOf: asOf, Currency: "USD", Amount: cents(sum), Remainder: cents(remainder),
		Incomes: []protocol.EntryID{income}, Lines: lines,
	}
}

func TestADistributionPaysItsPayees(t *testing.T) {
	h := newHouse(t, 3)
	h.trust()
	ctx := context.Background()
	pool, ana, carla := protocol.AgentID(h.id), h.agents[0], h.agents[2]
	rosa, err := h.nodes[0].Submit(ctx, ledger.Draft{Commons: h.id, Body: &protocol.Agent{
		Card: protocol.AgentCard{Name: protocol.PlainText("Rosa"), Type: protocol.Person},
	}})
	if err != nil {
		t.Fatal(err)
	}
	record := protocol.AgentID{EntryID: rosa.Entry.ID()}
	d := h.sharing(h.nodes[0], h.income(10_000), 1,
		protocol.Line{Agent: ana, Amount: cents(3000), Bucket: "trabajo"},
		protocol.Line{Agent: carla, Amount: cents(2500), Bucket: "trabajo"},
		protocol.Line{Agent: carla, Amount: cents(500), Bucket: "cuidado"},
		protocol.Line{Agent: record, Amount: cents(999), Bucket: "cuidado"},
		protocol.Line{Agent: pool, Amount: cents(2000), Bucket: "fondo"})
	p, err := h.nodes[0].SubmitDistribution(ctx, h.id, d)
	if err != nil || p.Written == nil || p.Written.Entry.Time != d.AsOf || p.Written.State != ledger.Settled {
		t.Fatalf("%+v, %v; want an entry of %d, settled", p, err, d.AsOf)
	}
	h.meet()
	h.alike()
	for i, n := range h.nodes {
		for agent, want := range map[protocol.AgentID]string{
			pool: "30.01 0 30.01", ana: "30 0 30", carla: "30 0 30", record: "9.99 0 0",
		} {
			if got := n.account(h.id, agent, "USD"); got != want {
				t.Errorf("node %d: %v has %s, want %s", i, agent, got, want)
			}
		}
		list, err := n.CommittedDistributions(ctx, h.id)
		if err != nil || len(list) != 1 || list[0].ID != p.Written.Entry.ID() || list[0].First != list[0].Last {
			t.Errorf("node %d: %+v, %v", i, list, err)
		}
		for agent, want := range map[protocol.AgentID]string{
			carla: "true [{trabajo 25} {cuidado 5}] 30 Huerta Norte", pool: "true [{trabajo 55} {cuidado 14.99}] -69.99 ",
		} {
			page, _, err := n.Statement(ctx, h.id, agent, "USD", ledger.Page{})
			m := page[len(page)-1]
			if got := fmt.Sprint(m.Distribution, " ", m.Buckets, " ", m.Amount, " ", m.Other.Name); err != nil || got != want || m.Event.ID != list[0].ID {
				t.Errorf("node %d: the statement ends in %s of %v, want %s, %v", i, got, m.Event.ID, want, err)
			}
		}
	}
	// Carla spends what she was given, and whoever Rosa turns out to be spends hers.
	if _, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: &protocol.Bind{
		Agent: record.EntryID, Log: protocol.LogID(h.agents[1]),
	}}); err != nil {
		t.Fatal(err)
	}
	h.meet()
	for from, amount := range map[int]int64{2: 3000, 1: 999} {
		pays := transfer(h.agents[from], ana, amount)
		pays.Currency = "USD"
		if _, err := h.nodes[from].Submit(ctx, ledger.Draft{Commons: h.id, Body: pays}); err != nil {
			t.Errorf("%s spends what was given out: %v", names[from], err)
		}
	}
	h.meet()
	h.alike()
	if got := h.nodes[0].account(h.id, ana, "USD"); got != "69.99 0 69.99" {
		t.Errorf("Ana has %s", got)
	}
}

func TestADistributionOfManyPartsIsOneThing(t *testing.T) {
	h := newHouse(t, 2)
	h.trust()
	ctx := context.Background()
	var lines []protocol.Line
	for i := range 1000 {
		lines = append(lines, protocol.Line{Agent: h.agents[i%2], Amount: cents(1 + int64(i%2)), Bucket: fmt.Sprint("cubo ", i%7)})
	}
	d := h.sharing(h.nodes[0], h.income(2000), 0, lines...)
	p, err := h.nodes[0].SubmitDistribution(ctx, h.id, d)
	if err != nil {
		t.Fatal(err)
	}
	h.meet()
	h.nodes[1].reopen()
	h.alike()
	id := p.Written.Entry.ID()
	for _, text := range []string{id.String(), id.String()[:20]} {
		parts, status, err := h.nodes[1].DistributionParts(ctx, h.id, text)
		if err != nil || len(parts) != 4 || !status.Complete || status.State != ledger.Settled || status.Proposal != nil || status.ID != id {
			t.Fatalf("%d parts, %+v, %v", len(parts), status, err)
		}
		var got []protocol.Line
		for _, e := range parts {
			got = append(got, e.Body.(*protocol.Distribution).Lines...)
		}
		if fmt.Sprint(got) != fmt.Sprint(lines) {
			t.Error("the lines are not those that were submitted")
		}
	}
	for i, want := range []string{"5 0 5", "10 0 10"} {
		if got := h.nodes[1].account(h.id, h.agents[i], "USD"); got != want {
			t.Errorf("%s has %s, want %s", names[i], got, want)
		}
	}
}

func TestADistributionThatCannotBe(t *testing.T) {
	h := newHouse(t, 2)
	ctx := context.Background()
	ana := h.agents[0]
	line := func(n int64) protocol.Line { return protocol.Line{Agent: ana, Amount: cents(n), Bucket: "trabajo"} }
	income := h.income(1000)
	before := h.nodes[0].digest(h.id)
	var over *ledger.OverdraftError
	if _, err := h.nodes[0].SubmitDistribution(ctx, h.id, h.sharing(h.nodes[0], income, 0, line(1001))); !errors.As(err, &over) || over.Available.String() != "10" {
		t.Errorf("more than there is: %v", err)
	}
	for name, change := range map[string]func(d *ledger.DistributionBody){
		"sum":      func(d *ledger.DistributionBody) { d.Amount.N++ },
		"places":   func(d *ledger.DistributionBody) { d.Amount = protocol.Amount{N: 5000, Scale: 3} },
		"zero":     func(d *ledger.DistributionBody) { d.Lines[0].Amount.N, d.Amount.N = 0, 0 },
		"version":  func(d *ledger.DistributionBody) { d.Version = 1000 },
		"none":     func(d *ledger.DistributionBody) { d.Version = 0 },
		"currency": func(d *ledger.DistributionBody) { d.Currency = "hora" },
		"unknown":  func(d *ledger.DistributionBody) { d.Currency = "peso" },
		"twice":    func(d *ledger.DistributionBody) { d.Incomes = append(d.Incomes, income) },
		"other":    func(d *ledger.DistributionBody) { d.Incomes = []protocol.EntryID{h.id.EntryID} },
	} {
		d := h.sharing(h.nodes[0], income, 0, line(500))
		change(&d)
		var void *ledger.VoidError
		if _, err := h.nodes[0].SubmitDistribution(ctx, h.id, d); !errors.As(err, &void) || void.Reason != rules.BadDistribution {
			t.Errorf("%s: %v, want %s", name, err, rules.BadDistribution)
		}
	}
	d := h.sharing(h.nodes[0], income, 0, line(500))
	d.AsOf = 1
	if _, err := h.nodes[0].SubmitDistribution(ctx, h.id, d); !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("before the newest entry: %v", err)
	}
	d = h.sharing(h.nodes[0], income, 0, protocol.Line{Agent: protocol.AgentID{EntryID: protocol.EntryID{9}}, Amount: cents(1), Bucket: "trabajo"})
	if _, err := h.nodes[0].SubmitDistribution(ctx, h.id, d); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("to nobody: %v", err)
	}
	if _, err := h.nodes[1].SubmitDistribution(ctx, h.id, h.sharing(h.nodes[1], income, 0, line(500))); !errors.Is(err, ledger.ErrNotSigner) {
		t.Errorf("by one who is no steward: %v", err)
	}
	wrong := errors.New("the recomputation says otherwise")
	h.nodes[0].CheckDistributions(func(_ context.Context, _ protocol.CommonsID, parts []protocol.Entry) error {
		if len(parts) != 1 {
			t.Errorf("%d parts are looked at", len(parts))
		}
		return wrong
	})
	if _, err := h.nodes[0].SubmitDistribution(ctx, h.id, h.sharing(h.nodes[0], income, 0, line(500))); !errors.Is(err, wrong) {
		t.Errorf("one that is not as computed: %v", err)
	}
	if after := h.nodes[0].digest(h.id); after != before {
		t.Error("something was written")
	}
}

// council makes all members of a house stewards, two of whom sign.
func (h *house) council() {
	h.w.t.Helper()
	ctx := context.Background()
	history, err := h.nodes[0].CharterHistory(ctx, h.id)
	if err != nil {
		h.w.t.Fatal(err)
	}
	doc := history[len(history)-1].Doc
	var members []protocol.Value
	for i := range h.nodes {
		members = append(members, names[i])
	}
	doc["stewards"] = map[string]protocol.Value{"members": members, "threshold": int64(2)}
	if _, err := h.nodes[0].ProposeCharter(ctx, h.id, doc); err != nil {
		h.w.t.Fatal(err)
	}
	h.meet()
	inbox, err := h.nodes[1].Inbox(ctx, h.id, protocol.AgentID{}, 10)
	if err != nil || len(inbox.ToApprove) != 1 {
		h.w.t.Fatalf("%+v, %v", inbox, err)
	}
	if _, err := h.nodes[1].Approve(ctx, h.id, inbox.ToApprove[0].ID); err != nil {
		h.w.t.Fatal(err)
	}
	h.meet()
}

func (h *house) manyLines(n int) (lines []protocol.Line) {
	for i := range n {
		lines = append(lines, protocol.Line{Agent: h.agents[i%3], Amount: cents(1), Bucket: "trabajo"})
	}
	return lines
}

func TestStewardsSignADistributionAsOneThing(t *testing.T) {
	h := newHouse(t, 3)
	h.trust()
	ctx := context.Background()
	income := h.income(5000)
	h.council()
	d := h.sharing(h.nodes[2], income, 0, h.manyLines(900)...)
	p, err := h.nodes[2].SubmitDistribution(ctx, h.id, d)
	if err != nil || p.Proposal == nil || p.Proposal.Entry.Time != d.AsOf || p.Proposal.Needs != 2 {
		t.Fatalf("%+v, %v; want a proposal", p, err)
	}
	h.meet()
	id := p.Proposal.ID
	inbox, err := h.nodes[0].Inbox(ctx, h.id, protocol.AgentID{}, 10)
	if err != nil || len(inbox.ToApprove) != 1 || inbox.ToApprove[0].ID != id {
		t.Fatalf("%+v, %v; want one proposal", inbox.ToApprove, err)
	}
	parts, status, err := h.nodes[0].DistributionParts(ctx, h.id, id.String()[:20])
	if err != nil || len(parts) != 4 || !status.Complete || status.State != "" || status.Proposal == nil || status.Proposal.State != ledger.ProposalOpen {
		t.Fatalf("%d parts, %+v, %v", len(parts), status, err)
	}
	wrong := errors.New("the recomputation says otherwise")
	says := wrong
	h.nodes[0].CheckDistributions(func(_ context.Context, _ protocol.CommonsID, looked []protocol.Entry) error {
		if len(looked) != len(parts) || looked[0].ID() != id {
			t.Errorf("%d parts are looked at", len(looked))
		}
		return says
	})
	if _, err := h.nodes[0].Approve(ctx, h.id, id); !errors.Is(err, wrong) {
		t.Fatalf("a steward signs what the node does not find: %v", err)
	}
	says = nil
	// Any of its parts stands for the whole.
	if _, err := h.nodes[0].Approve(ctx, h.id, parts[2].ID()); err != nil {
		t.Fatal(err)
	}
	h.meet()
	h.alike()
	for i, n := range h.nodes {
		if got := n.account(h.id, h.agents[i], "USD"); got != "3 0 3" {
			t.Errorf("%s has %s, want 3", names[i], got)
		}
		_, status, err := n.DistributionParts(ctx, h.id, id.String())
		if err != nil || status.State != ledger.Settled || status.Proposal.State != ledger.ProposalDone {
			t.Errorf("node %d: %+v, %v", i, status, err)
		}
	}
	if _, err := h.nodes[1].Approve(ctx, h.id, id); !errors.Is(err, ledger.ErrExists) {
		t.Errorf("signed when it is done: %v", err)
	}
}

func TestADistributionThatIsRefusedLeavesTheWayFree(t *testing.T) {
	h := newHouse(t, 3)
	h.trust()
	ctx := context.Background()
	income := h.income(5000)
	h.council()
	first, err := h.nodes[0].SubmitDistribution(ctx, h.id, h.sharing(h.nodes[0], income, 0, h.manyLines(900)...))
	if err != nil {
		t.Fatal(err)
	}
	h.meet()
	for _, n := range h.nodes[1:] {
		if _, err := n.Reject(ctx, h.id, first.Proposal.ID); err != nil {
			t.Fatal(err)
		}
	}
	h.meet()
	_, status, err := h.nodes[0].DistributionParts(ctx, h.id, first.Proposal.ID.String())
	if err != nil || status.Proposal.State != ledger.ProposalRefused {
		t.Fatalf("%+v, %v; want it refused", status.Proposal, err)
	}
	second, err := h.nodes[0].SubmitDistribution(ctx, h.id, h.sharing(h.nodes[0], income, 0, h.manyLines(600)...))
	if err != nil {
		t.Fatalf("whose proposal was refused cannot propose another: %v", err)
	}
	h.meet()
	if _, err := h.nodes[1].ApproveDistribution(ctx, h.id, second.Proposal.ID); err != nil {
		t.Fatal(err)
	}
	h.meet()
	h.alike()
	if got := h.nodes[2].account(h.id, h.agents[2], "USD"); got != "2 0 2" {
		t.Errorf("Carla has %s, want 2", got)
	}
}

// TestLaterPartsOfALostProposalBindNobody has a steward propose a distribution
// whose first place another entry takes that nobody else refused it for.
func TestLaterPartsOfALostProposalBindNobody(t *testing.T) {
	h := newHouse(t, 3)
	h.trust()
	ctx := context.Background()
	income := h.income(5000)
	h.council()
	alone, others := h.nodes[0], h.nodes[1:]
	if _, err := alone.SubmitDistribution(ctx, h.id, h.sharing(alone, income, 0, h.manyLines(900)...)); err != nil {
		t.Fatal(err)
	}
	p, err := others[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: &protocol.Admit{Log: protocol.LogID(h.agents[1])}})
	if err != nil {
		t.Fatal(err)
	}
	h.meet(others...)
	if _, err := others[1].Approve(ctx, h.id, p.Proposal.ID); err != nil {
		t.Fatal(err)
	}
	h.meet()
	again, err := alone.SubmitDistribution(ctx, h.id, h.sharing(alone, income, 0, h.manyLines(600)...))
	if err != nil {
		t.Fatalf("bound by the later parts of what lost its place: %v", err)
	}
	h.meet()
	if _, err := others[0].Approve(ctx, h.id, again.Proposal.ID); err != nil {
		t.Fatal(err)
	}
	h.meet()
	h.alike()
}

func TestThePoolGivesOutWhatMembersPaidIn(t *testing.T) {
	h := newHouse(t, 3)
	h.trust()
	ctx := context.Background()
	if _, err := h.nodes[1].Submit(ctx, ledger.Draft{Commons: h.id, Body: transfer(h.agents[1], protocol.AgentID(h.id), 700)}); err != nil {
		t.Fatal(err)
	}
	h.meet()
	d := h.sharing(h.nodes[0], protocol.EntryID{}, 0, protocol.Line{Agent: h.agents[2], Amount: cents(700), Bucket: "solidaridad"})
	d.Currency, d.Incomes = "hora", nil
	p, err := h.nodes[0].SubmitDistribution(ctx, h.id, d)
	if err != nil || len(p.Written.Entry.Body.(*protocol.Distribution).Claims) != 1 {
		t.Fatalf("%+v, %v; want one claim", p, err)
	}
	h.meet()
	h.alike()
	if got := h.nodes[2].account(h.id, h.agents[2], "hora"); got != "7 0 57" {
		t.Errorf("Carla has %s, want 7 and the limit", got)
	}
	if got := h.nodes[2].account(h.id, protocol.AgentID(h.id), "hora"); got != "0 0 0" {
		t.Errorf("the pool has %s, want nothing", got)
	}
}
