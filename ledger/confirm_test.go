package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// TestBindingMakesOneOfTwo follows what a member says of the contributions of a
// record until the record is bound to that member.
func TestBindingMakesOneOfTwo(t *testing.T) {
	h := newHouse(t, 3)
	ctx := context.Background()
	ana, carla := h.nodes[0], h.nodes[2]
	record := ana.submit(h.id, &protocol.Agent{Card: protocol.AgentCard{Name: protocol.PlainText("Doña Rosa"), Type: protocol.Person}})
	rosa := protocol.AgentID{EntryID: record.Entry.ID()}
	imported := work(rosa, h.id, 4)
	imported.Source = "row"
	row := ana.submit(h.id, imported).Entry.ID()
	h.meet()
	carla.submit(h.id, &protocol.Confirm{Target: row, Verdict: protocol.VerdictConfirm})
	carla.submit(h.id, work(rosa, h.id, 2)) // her word, too
	h.meet()
	if got := ana.balance(h.id, rosa); !strings.Contains(got, "6 hour (6 confirmed)") {
		t.Fatal(got)
	}
	bind := &protocol.Bind{Agent: rosa.EntryID, Log: protocol.LogID(h.agents[2])}
	if _, err := ana.SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: bind}); err != nil {
		t.Fatal(err)
	}
	h.meet()
	for _, n := range h.nodes {
		if got := n.balance(h.id, rosa); !strings.Contains(got, "6 hour (0 confirmed)") {
			t.Error("what Carla said of herself still counts:", got)
		}
	}
	h.alike()
	var void *ledger.VoidError
	_, err := carla.Submit(ctx, ledger.Draft{Commons: h.id, Body: &protocol.Confirm{Target: row, Verdict: protocol.VerdictConfirm}})
	if !errors.As(err, &void) || void.Reason != rules.SelfConfirmation {
		t.Errorf("%v, want a refusal: it is hers now", err)
	}
	if in, err := carla.Inbox(ctx, h.id, protocol.AgentID{}, 10); err != nil || len(in.ToConfirm) != 0 {
		t.Errorf("her inbox has %+v, %v", in.ToConfirm, err)
	}
	carla.submit(h.id, &protocol.Confirm{Target: row, Verdict: protocol.VerdictWithdraw})
}

// TestWindowByTheClock lets a contribution ripen, with what corrects it.
func TestWindowByTheClock(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	n := w.node()
	doc := money("Huerta Norte")
	doc["confirmation"] = map[string]protocol.Value{"required": int64(1), "window": "P7D"}
	c, err := n.CreateCommonsFrom(ctx, doc, "Ana")
	if err != nil {
		t.Fatal(err)
	}
	rosa := protocol.AgentID{EntryID: n.submit(c.ID, &protocol.Agent{Card: protocol.AgentCard{Name: protocol.PlainText("Rosa"), Type: protocol.Person}}).Entry.ID()}
	id := n.submit(c.ID, work(rosa, c.ID, 5)).Entry.ID()
	less := work(rosa, c.ID, -2)
	less.Corrects = id
	n.submit(c.ID, less)
	want := func(when, confirmed, state string) {
		t.Helper()
		if got := n.balance(c.ID, rosa); !strings.Contains(got, "3 hour ("+confirmed+" confirmed)") {
			t.Errorf("%s: %s, want %s confirmed", when, got, confirmed)
		}
		ev, err := n.Event(ctx, id)
		if err != nil || ev.Standing.State != state || ev.Confirmed != (state == ledger.Confirmed) {
			t.Errorf("%s: %+v, %v; want %s", when, ev.Standing, err, state)
		}
	}
	want("at once", "0", ledger.Maturing)
	w.now = w.now.Add(6 * 24 * time.Hour)
	want("after six days", "0", ledger.Maturing)
	n.submit(c.ID, &protocol.Confirm{Target: id, Verdict: protocol.VerdictDispute, Reason: protocol.PlainText("no")})
	want("disputed", "0", ledger.Disputed)
	n.submit(c.ID, &protocol.Confirm{Target: id, Verdict: protocol.VerdictConfirm})
	want("no longer", "0", ledger.Maturing)
	w.now = w.now.Add(6 * 24 * time.Hour)
	want("from the end of the dispute", "0", ledger.Maturing)
	w.now = w.now.Add(12 * time.Hour)
	want("a week after that day", "3", ledger.Confirmed)
}

// TestSayingItOfMany confirms a few entries at once, some of them in vain.
func TestSayingItOfMany(t *testing.T) {
	h := newHouse(t, 2)
	ctx := context.Background()
	first := h.nodes[1].submit(h.id, work(h.agents[1], h.id, 1)).Entry.ID()
	second := h.nodes[1].submit(h.id, work(h.agents[1], h.id, 2)).Entry.ID()
	mine := h.nodes[0].submit(h.id, work(h.agents[0], h.id, 4)).Entry.ID()
	h.meet()
	targets := []protocol.EntryID{first, mine, {9}, second, first}
	for _, again := range []bool{false, true} {
		all, err := h.nodes[0].Say(ctx, h.id, targets, protocol.VerdictConfirm, "")
		if err != nil || len(all) != len(targets) {
			t.Fatal(all, err)
		}
		var got []string
		for _, s := range all {
			switch {
			case s.Err != nil:
				got = append(got, "refused")
			case s.Repeated:
				got = append(got, "again")
			default:
				got = append(got, "written")
			}
		}
		want := []string{"written", "refused", "refused", "written", "again"}
		if again {
			want = []string{"again", "refused", "refused", "again", "again"}
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
}
