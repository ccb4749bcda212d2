package ledger_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// TestStatementsAreInTheOrderOfTheirTimes compares the pages of statements with
// what the entries of all logs say, over payments of several members whose
// clocks go forth and back, and that come in any order.
func TestStatementsAreInTheOrderOfTheirTimes(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	h := newHouse(t, 3)
	start := h.w.now
	for range 60 {
		from, to := rng.IntN(3), rng.IntN(2)
		if to >= from {
			to++
		}
		switch rng.IntN(4) {
		case 0:
			h.w.now = start.Add(time.Duration(rng.IntN(300)) * time.Second)
		case 1:
			h.w.now = start
		}
		var drafts []ledger.Draft
		for range 1 + rng.IntN(20) {
			drafts = append(drafts, ledger.Draft{Commons: h.id, Body: transfer(h.agents[from], h.agents[to], 1+rng.Int64N(9))})
		}
		if _, err := h.nodes[from].SubmitBatch(t.Context(), drafts); err != nil {
			t.Fatal(err)
		}
		if rng.IntN(3) == 0 {
			h.meet()
		}
	}
	h.meet()
	h.nodes[1].reopen()
	for i, n := range h.nodes {
		for j, agent := range h.agents {
			want := n.plainStatement(h.id, agent)
			got := n.statement(h.id, agent, 1+rng.IntN(40))
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("node %d, the statement of %s (-want +got):\n%s", i, names[j], diff)
			}
		}
	}
}

// statement reads a statement page by page.
func (n *node) statement(id protocol.CommonsID, agent protocol.AgentID, limit int) (lines []string) {
	n.w.t.Helper()
	for p := (ledger.Page{Limit: limit}); ; {
		page, next, err := n.Statement(context.Background(), id, agent, "hora", p)
		if err != nil {
			n.w.t.Fatal(err)
		}
		for _, m := range page {
			lines = append(lines, fmt.Sprintf("%d %v %s %s %s", m.Event.Entry.Time, m.Event.ID, m.Amount, m.Balance, m.Event.State))
		}
		if p.After = next; next == "" {
			return lines
		}
	}
}

// plainStatement goes through all logs.
func (n *node) plainStatement(id protocol.CommonsID, agent protocol.AgentID) (lines []string) {
	n.w.t.Helper()
	var all []protocol.Entry
	for head, err := range n.Heads(context.Background(), id) {
		if err != nil {
			n.w.t.Fatal(err)
		}
		for e, err := range n.Entries(context.Background(), protocol.Range{Log: head.Log, Last: -1}) {
			if err != nil {
				n.w.t.Fatal(err)
			}
			if b, is := e.Body.(*protocol.Event); is && (b.Provider == agent || b.Receiver == agent) {
				all = append(all, e)
			}
		}
	}
	slices.SortFunc(all, func(x, y protocol.Entry) int {
		a, b := x.ID(), y.ID()
		return cmp.Or(cmp.Compare(x.Time, y.Time), bytes.Compare(a[:], b[:]))
	})
	var balance ledger.Total
	for _, e := range all {
		b := e.Body.(*protocol.Event)
		amount := rules.TotalOf(b.ResourceQuantity.Amount())
		if b.Provider == agent {
			amount = amount.Neg()
		}
		balance = balance.Add(amount)
		status, err := n.Entry(context.Background(), e.ID())
		if err != nil {
			n.w.t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%d %v %s %s %s", e.Time, e.ID(), amount, balance, status.State))
	}
	return lines
}
