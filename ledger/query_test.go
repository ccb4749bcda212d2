package ledger_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// pages follows a list from cursor to cursor, with pages of the given length.
func pages[T any](t *testing.T, limit int, list func(p ledger.Page) ([]T, string, error)) []T {
	t.Helper()
	var all []T
	for after := ""; ; {
		page, next, err := list(ledger.Page{After: after, Limit: limit})
		if err != nil || len(page) > limit {
			t.Fatalf("a page of %d items, limit %d: %v", len(page), limit, err)
		}
		if all = append(all, page...); next == "" {
			return all
		}
		after = next
	}
}

func TestListsHaveEachItemOnceOverAnyPages(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	ana, beto := w.node(), w.node()
	commons, err := ana.CreateCommons(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	id := commons.ID
	link, err := ana.Invite(ctx, id, 1, w.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	beto.pull(ana, id)
	joined, err := beto.Join(ctx, link, "Beto")
	if err != nil {
		t.Fatal(err)
	}
	him := joined.Entry.Log.Agent()
	var events, verdicts []string
	for i := range int64(7) {
		event := beto.submit(id, work(him, id, i+1)).Entry.ID()
		events = append(events, event.String())
	}
	ana.pull(beto, id) // runs of several entries in Ana's journal
	for _, event := range events {
		target, err := protocol.ParseID(event)
		if err != nil {
			t.Fatal(err)
		}
		confirm := &protocol.Confirm{Target: target, Verdict: protocol.VerdictConfirm}
		verdicts = append(verdicts, ana.submit(id, confirm).Entry.ID().String())
	}
	for limit := 1; limit <= 8; limit++ {
		for _, filter := range []ledger.EventFilter{{}, {Agent: him}} {
			var got []string
			for _, e := range pages(t, limit, func(p ledger.Page) ([]ledger.Event, string, error) { return ana.Events(ctx, id, filter, p) }) {
				got = append(got, e.ID.String())
			}
			if !slices.Equal(got, events) {
				t.Errorf("events of %v in pages of %d: %v, want %v", filter.Agent, limit, got, events)
			}
		}
		var got []string
		for _, c := range pages(t, limit, func(p ledger.Page) ([]ledger.Confirmation, string, error) {
			return ana.Confirmations(ctx, id, protocol.EntryID{}, p)
		}) {
			got = append(got, c.ID.String())
		}
		if !slices.Equal(got, verdicts) {
			t.Errorf("verdicts in pages of %d: %v, want %v", limit, got, verdicts)
		}
	}
}
