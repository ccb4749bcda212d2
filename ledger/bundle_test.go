package ledger_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// raised is an event that brings so much of a resource into being.
func raised(c ledger.Commons, n int64) *protocol.Event {
	return &protocol.Event{
		Action: "raise", Provider: c.Me.Agent(), Receiver: c.Me.Agent(), ResourceConformsTo: "Tabla",
		ResourceQuantity: &protocol.Quantity{N: n, Unit: "one"}, NewInventoriedResource: &protocol.NewResource{},
	}
}

func founded(t *testing.T, n *node) ledger.Commons {
	c, err := n.CreateCommons(t.Context(), "Taller", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func entriesOf(t *testing.T, n *node, id protocol.CommonsID) int64 {
	all, err := n.Commons(t.Context())
	if err != nil || len(all) != 1 || all[0].ID != id {
		t.Fatalf("%v, %v", all, err)
	}
	return all[0].Entries
}

func used(c ledger.Commons, of protocol.EntryID, n int64) *protocol.Event {
	return &protocol.Event{
		Action: "consume", Provider: c.Me.Agent(), Receiver: c.Me.Agent(),
		ResourceQuantity: &protocol.Quantity{N: n, Unit: "one"}, ResourceInventoriedAs: of,
	}
}

// bundleOf raises a resource, takes from it, and hands in what more is given.
func bundleOf(c ledger.Commons, last *protocol.Event, seen *[]string) ledger.Bundle {
	return ledger.Bundle{
		Commons: c.ID, Size: 3,
		Draft: func(i int, ids []protocol.EntryID) (protocol.Body, error) {
			switch i {
			case 0:
				return raised(c, 10), nil
			case 1:
				return used(c, ids[0], 3), nil
			}
			return last, nil
		},
		Written: func(i int, id protocol.EntryID, resource func(protocol.EntryID) (ledger.Resource, error)) error {
			if i == 0 {
				*seen = append(*seen, "raised")
				return nil
			}
			r, err := resource(id)
			if !errors.Is(err, ledger.ErrNotFound) {
				return fmt.Errorf("event %d is a resource: %v, %v", i, r, err)
			}
			return nil
		},
	}
}

func TestBundleIsWrittenWholeOrNot(t *testing.T) {
	w := newWorld(t)
	n := w.node()
	c := founded(t, n)
	ctx := t.Context()
	state := func() string {
		return fmt.Sprint(n.digest(c.ID), entriesOf(t, n, c.ID))
	}
	before := state()

	var seen []string
	bad := used(c, protocol.EntryID{9}, 1) // no such resource
	_, err := n.SubmitBundle(ctx, bundleOf(c, bad, &seen))
	var refused *ledger.BundleError
	if !errors.As(err, &refused) || refused.Draft != 2 || !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("a bundle whose last draft names nothing: %v", err)
	}
	if now := state(); now != before {
		t.Errorf("a refused bundle left something: %s, before %s", now, before)
	}

	try := bundleOf(c, used(c, protocol.EntryID{}, 1), &seen)
	try.DryRun = true
	if done, err := n.SubmitBundle(ctx, try); err != nil || len(done) != 3 {
		t.Errorf("trying a bundle: %d drafts, %v", len(done), err)
	}
	if now := state(); now != before {
		t.Errorf("trying a bundle left something: %s, before %s", now, before)
	}

	done, err := n.SubmitBundle(ctx, bundleOf(c, used(c, protocol.EntryID{}, 1), &seen))
	if err != nil || len(done) != 3 || done[2].State == "" {
		t.Fatalf("a good bundle: %v, %v", done, err)
	}
	r, err := n.Resource(ctx, done[0].Entry.ID())
	if err != nil || r.AccountingQuantity.Value.String() != "7" {
		t.Errorf("the resource: %v, %v", r.AccountingQuantity, err)
	}
	if len(seen) != 3 {
		t.Errorf("looked %d times", len(seen))
	}
}

// A bundle that does not fit into one commit is judged as a whole before the
// first part of it is written.
func TestLargeBundleIsJudgedFirst(t *testing.T) {
	w := newWorld(t)
	n := w.node()
	c := founded(t, n)
	const size = 9000
	build := func(last protocol.Body) ledger.Bundle {
		return ledger.Bundle{Commons: c.ID, Size: size, Draft: func(i int, ids []protocol.EntryID) (protocol.Body, error) {
			switch i {
			case 0:
				return raised(c, size), nil
			case size - 1:
				return last, nil
			}
			e := used(c, ids[0], 1)
			e.Note = protocol.PlainText(fmt.Sprintf("%0500d", i))
			return e, nil
		}}
	}
	before := entriesOf(t, n, c.ID)
	if _, err := n.SubmitBundle(t.Context(), build(used(c, protocol.EntryID{9}, 1))); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if now := entriesOf(t, n, c.ID); now != before {
		t.Errorf("%d entries were written", now-before)
	}
	done, err := n.SubmitBundle(t.Context(), build(used(c, protocol.EntryID{}, 1)))
	if err != nil || len(done) != size {
		t.Fatalf("%d written, %v", len(done), err)
	}
	r, err := n.Resource(t.Context(), done[0].Entry.ID())
	if err != nil || r.AccountingQuantity.Value.String() != "2" {
		t.Errorf("the resource: %v, %v", r.AccountingQuantity, err)
	}
}
