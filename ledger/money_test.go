package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// house is a commons of several members, each on a node of its own, with mutual
// credit `hora` (limit 50.00) and the issued currency `USD`.
type house struct {
	w      *world
	id     protocol.CommonsID
	nodes  []*node
	agents []protocol.AgentID
}

var names = []string{"Ana", "Beto", "Carla", "Dani", "Eva"}

func money(name string) map[string]protocol.Value {
	return map[string]protocol.Value{
		"name": name,
		"currency": []protocol.Value{
			map[string]protocol.Value{"name": "hora", "kind": "mutual", "scale": int64(2), "limit": "50.00"},
			map[string]protocol.Value{"name": "USD", "kind": "issued", "scale": int64(2)},
		},
	}
}

func newHouse(t *testing.T, members int) *house {
	t.Helper()
	w := newWorld(t)
	ctx := context.Background()
	h := &house{w: w, nodes: []*node{w.node()}}
	c, err := h.nodes[0].CreateCommonsFrom(ctx, money("Huerta Norte"), "Ana")
	if err != nil {
		t.Fatal(err)
	}
	h.id, h.agents = c.ID, []protocol.AgentID{c.Me.Agent()}
	for i := 1; i < members; i++ {
		n := w.node()
		n.pull(h.nodes[0], h.id)
		link, err := h.nodes[0].Invite(ctx, h.id, 1, w.now.Add(time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		n.pull(h.nodes[0], h.id)
		joined, err := n.Join(ctx, link, names[i])
		if err != nil {
			t.Fatal(err)
		}
		h.nodes, h.agents = append(h.nodes, n), append(h.agents, joined.Entry.Log.Agent())
		h.meet()
	}
	return h
}

// meet lets all nodes exchange everything, and witnesses vote, until nothing
// changes any more.
func (h *house) meet(nodes ...*node) {
	h.w.t.Helper()
	if nodes == nil {
		nodes = h.nodes
	}
	for round := 0; ; round++ {
		if round > 100 {
			h.w.t.Fatal("the nodes do not come to rest")
		}
		before := ""
		for _, n := range nodes {
			before += n.digest(h.id)
		}
		for _, n := range nodes {
			for _, from := range nodes {
				if n != from {
					n.pull(from, h.id)
					n.branches(from, h.id)
				}
			}
			if _, err := n.Endorse(context.Background()); err != nil {
				h.w.t.Fatal(err)
			}
			if _, err := n.FinishProposals(context.Background()); err != nil {
				h.w.t.Fatal(err)
			}
		}
		after := ""
		for _, n := range nodes {
			after += n.digest(h.id)
		}
		if before == after {
			return
		}
	}
}

// branches fetches the histories that do not count elsewhere, and the whole of
// logs that count there up to another entry.
func (n *node) branches(from *node, id protocol.CommonsID) {
	n.w.t.Helper()
	for head, err := range from.Heads(context.Background(), id) {
		held, is := n.Held(head.Log)
		if err != nil || !is || held.CID == head.CID {
			continue
		}
		for next := int64(0); next <= head.Seq; {
			s, err := from.SegmentFrom(context.Background(), head.Log, next, protocol.MaxSegmentBytes)
			if err != nil {
				n.w.t.Fatal(err)
			}
			if _, err := n.Ingest(context.Background(), s); err != nil && !errors.Is(err, protocol.ErrFork) && !errors.Is(err, protocol.ErrGap) {
				n.w.t.Fatal(err)
			}
			next = s.Tip().Seq + 1
		}
	}
	for s, err := range from.Branches(context.Background(), id) {
		if err != nil {
			n.w.t.Fatal(err)
		}
		if _, err := n.Ingest(context.Background(), s); err != nil && !errors.Is(err, protocol.ErrFork) && !errors.Is(err, protocol.ErrGap) {
			n.w.t.Fatal(err)
		}
	}
	for p, err := range from.Forks(context.Background(), id) {
		if err != nil {
			n.w.t.Fatal(err)
		}
		if err := n.IngestFork(context.Background(), p); err != nil && !errors.Is(err, protocol.ErrGap) {
			n.w.t.Fatal(err)
		}
	}
}

func transfer(from, to protocol.AgentID, cents int64) *protocol.Event {
	return &protocol.Event{
		Action: "transfer", Provider: from, Receiver: to, Currency: "hora",
		ResourceQuantity: &protocol.Quantity{N: cents, Scale: 2, Unit: "one"},
	}
}

// pay has a member pay another.
func (h *house) pay(from, to int, cents int64) (ledger.Written, error) {
	return h.nodes[from].Submit(context.Background(), ledger.Draft{Commons: h.id, Body: transfer(h.agents[from], h.agents[to], cents)})
}

// account returns settled, pending and available of an agent as one node sees it.
func (n *node) account(id protocol.CommonsID, agent protocol.AgentID, currency string) string {
	n.w.t.Helper()
	sheet, err := n.Balance(context.Background(), id, agent)
	if err != nil {
		n.w.t.Fatal(err)
	}
	for _, a := range sheet.Accounts {
		if a.Currency == currency {
			return fmt.Sprintf("%s %s %s", a.Settled, a.Pending, a.Available)
		}
	}
	return "none"
}

// sound checks every node: the sums over all accounts are zero, and nobody is
// below the limit.
func (h *house) sound() {
	h.w.t.Helper()
	for i, n := range h.nodes {
		audit, err := n.Audit(context.Background(), h.id)
		if err != nil || len(audit.Faults) > 0 {
			h.w.t.Errorf("node %d: %v, %v", i, audit.Faults, err)
		}
	}
}

// alike checks that all nodes show the same accounts and digests.
func (h *house) alike() {
	h.w.t.Helper()
	for i, n := range h.nodes {
		if got, want := n.digest(h.id), h.nodes[0].digest(h.id); got != want {
			h.w.t.Errorf("node %d has digest %s, node 0 %s", i, got, want)
		}
		for _, a := range h.agents {
			if got, want := n.account(h.id, a, "hora"), h.nodes[0].account(h.id, a, "hora"); got != want {
				h.w.t.Errorf("node %d shows %s, node 0 %s", i, got, want)
			}
		}
	}
	h.sound()
}

func TestMembersPayInARing(t *testing.T) {
	h := newHouse(t, 4)
	for round := range 3 {
		for i := range h.nodes {
			w, err := h.pay(i, (i+1)%4, 1250+int64(100*i))
			if err != nil {
				t.Fatalf("round %d, %s: %v", round, names[i], err)
			}
			if i > 0 && w.State != ledger.Pending {
				t.Errorf("a payment is %s before the witness has seen it", w.State)
			}
		}
		h.sound()
		h.meet()
		h.alike()
	}
	// Each round Ana is paid 15.50 and pays 12.50, the others lose 1.00.
	want := []string{"9 0 59", "-3 0 47", "-3 0 47", "-3 0 47"}
	for i, a := range h.agents {
		if got := h.nodes[2].account(h.id, a, "hora"); got != want[i] {
			t.Errorf("%s has %q, want %q", names[i], got, want[i])
		}
	}
	lines, next, err := h.nodes[1].Statement(context.Background(), h.id, h.agents[0], "hora", ledger.Page{Limit: 4})
	if err != nil || len(lines) != 4 || next == "" {
		t.Fatalf("%d lines, cursor %q, %v", len(lines), next, err)
	}
	more, next, err := h.nodes[1].Statement(context.Background(), h.id, h.agents[0], "hora", ledger.Page{After: next})
	if err != nil || len(more) != 2 || next != "" {
		t.Fatalf("%d more lines, cursor %q, %v", len(more), next, err)
	}
	if last := more[1]; last.Balance.String() != "9" || last.Settled.String() != "9" {
		t.Errorf("the last line has balance %s, settled %s; want 9 and 9", last.Balance, last.Settled)
	}
}

func TestAnOverdraftIsRefusedWithItsFigures(t *testing.T) {
	h := newHouse(t, 3)
	if _, err := h.pay(1, 2, 4000); err != nil {
		t.Fatal(err)
	}
	_, err := h.pay(1, 2, 1001)
	var over *ledger.OverdraftError
	if !errors.As(err, &over) || over.Available.String() != "10" || over.Limit.String() != "50" || over.Amount.String() != "10.01" {
		t.Fatalf("paying too much: %v, want an overdraft with 10 available", err)
	}
	h.meet()
	if got := h.nodes[0].account(h.id, h.agents[1], "hora"); got != "-40 0 10" {
		t.Errorf("Beto has %q, want -40 0 10", got)
	}
	// What Carla was given, and is settled now, she can spend beyond her limit.
	if got := h.nodes[2].account(h.id, h.agents[2], "hora"); got != "40 0 90" {
		t.Errorf("Carla has %q, want 40 0 90", got)
	}
	w, err := h.pay(2, 0, 9000)
	if err != nil {
		t.Fatal(err)
	}
	if claims := w.Entry.Body.(*protocol.Event).Claims; len(claims) != 1 {
		t.Errorf("%d watermarks, want one", len(claims))
	}
	if _, err := h.pay(2, 0, 1); !errors.As(err, &over) {
		t.Errorf("a cent more: %v, want an overdraft", err)
	}
	h.meet()
	h.alike()
}

func TestPaymentsThatAreNone(t *testing.T) {
	h := newHouse(t, 2)
	me, you := h.agents[0], h.agents[1]
	with := func(change func(*protocol.Event)) *protocol.Event {
		e := transfer(me, you, 100)
		change(e)
		return e
	}
	for _, c := range []struct {
		body *protocol.Event
		want string
	}{
		{with(func(e *protocol.Event) { e.Receiver = me }), "self-payment"},
		{with(func(e *protocol.Event) { e.ResourceQuantity.N = -100 }), "quantity-not-positive"},
		{with(func(e *protocol.Event) { e.ResourceQuantity.N = 0 }), "quantity-not-positive"},
		{with(func(e *protocol.Event) { e.ResourceQuantity.Scale = 3; e.ResourceQuantity.N = 1 }), "over-scale"},
		{with(func(e *protocol.Event) { e.ResourceQuantity = nil }), "amount-missing"},
		{with(func(e *protocol.Event) { e.Currency = "euro" }), "unknown-currency"},
		{with(func(e *protocol.Event) { e.Provider = you; e.Receiver = me }), "not-the-payer"},
		{with(func(e *protocol.Event) { e.Action = "work" }), "not-a-transfer"},
		{with(func(e *protocol.Event) { e.Corrects = you.EntryID }), "money-is-not-corrected"},
	} {
		_, err := h.nodes[0].Submit(context.Background(), ledger.Draft{Commons: h.id, Body: c.body})
		var void *ledger.VoidError
		if !errors.As(err, &void) || string(void.Reason) != c.want {
			t.Errorf("%v, want it to be void: %s", err, c.want)
		}
	}
	if got := h.nodes[0].account(h.id, me, "hora"); got != "0 0 50" {
		t.Errorf("Ana has %q after refused payments, want 0 0 50", got)
	}
}

func TestIncomeGoesIntoThePoolAndOut(t *testing.T) {
	h := newHouse(t, 2)
	ctx := context.Background()
	pool := protocol.AgentID(h.id)
	income := &protocol.Event{
		Action: "transfer", Provider: h.agents[1], Receiver: pool, Currency: "USD",
		ResourceQuantity: &protocol.Quantity{N: 40000, Scale: 2, Unit: "one"},
	}
	p, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: income})
	if err != nil || p.Written == nil {
		t.Fatalf("%+v, %v", p, err)
	}
	out := &protocol.Event{
		Action: "transfer", Provider: pool, Receiver: h.agents[1], Currency: "USD",
		ResourceQuantity: &protocol.Quantity{N: 15000, Scale: 2, Unit: "one"},
	}
	if _, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: out}); err != nil {
		t.Fatal(err)
	}
	over := *out
	over.ResourceQuantity = &protocol.Quantity{N: 25001, Scale: 2, Unit: "one"}
	var refused *ledger.OverdraftError
	if _, err := h.nodes[0].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: &over}); !errors.As(err, &refused) {
		t.Errorf("more than is in the pool: %v, want an overdraft", err)
	}
	if _, err := h.nodes[1].SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: out}); !errors.Is(err, ledger.ErrNotSteward) {
		t.Errorf("a member pays from the pool: %v, want ErrNotSteward", err)
	}
	h.meet()
	h.alike()
	if got := h.nodes[1].account(h.id, pool, "USD"); got != "250 0 250" {
		t.Errorf("the pool has %q, want 250 0 250", got)
	}
	if got := h.nodes[1].account(h.id, h.agents[1], "USD"); got != "150 0 150" {
		t.Errorf("Beto has %q, want 150 0 150", got)
	}
	back := transfer(h.agents[1], h.agents[0], 15000)
	back.Currency = "USD"
	if _, err := h.nodes[1].Submit(ctx, ledger.Draft{Commons: h.id, Body: back}); err != nil {
		t.Fatal(err)
	}
	h.meet()
	h.alike()
}
