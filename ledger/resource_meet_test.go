package ledger_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// TestAContestedResource has two nodes record against one resource while apart:
// quantities add up, what they contradict each other in is contested on both, and
// one correction ends that.
func TestAContestedResource(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	ana := w.node()
	commons, err := ana.CreateCommons(ctx, "Minga", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	id := commons.ID
	link, err := ana.Invite(ctx, id, 1, w.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	beto := w.node()
	beto.pull(ana, id)
	joined, err := beto.Join(ctx, link, "Beto")
	if err != nil {
		t.Fatal(err)
	}
	ana.pull(beto, id)
	record := func(n *node, body *protocol.Event) protocol.EntryID {
		t.Helper()
		written, err := n.Submit(ctx, ledger.Draft{Commons: id, Body: body})
		if err != nil {
			t.Fatal(err)
		}
		return written.Entry.ID()
	}
	a, b := commons.Me.Agent(), joined.Entry.Log.Agent()
	raise := &protocol.Event{
		Action: "raise", Provider: a, Receiver: a, ResourceQuantity: &protocol.Quantity{N: 10, Unit: "kilogram"},
		NewInventoriedResource: &protocol.NewResource{ConformsTo: "flour"},
	}
	flour := record(ana, raise)
	beto.pull(ana, id)
	use := func(who protocol.AgentID, n int64, unit, state string) *protocol.Event {
		return &protocol.Event{
			Action: "consume", Provider: who, Receiver: who, ResourceInventoriedAs: flour,
			ResourceQuantity: &protocol.Quantity{N: n, Unit: unit}, State: state,
		}
	}
	hers, his := record(ana, use(a, 1, "kilogram", "dry")), record(beto, use(b, 250, "gram", "damp"))
	meet := func() {
		ana.pull(beto, id)
		beto.pull(ana, id)
		if ana.digest(id) != beto.digest(id) {
			t.Fatal("the two nodes have come to different states")
		}
	}
	meet()
	winner, state := hers, "dry"
	if his.Compare(hers) < 0 {
		winner, state = his, "damp"
	}
	for _, n := range []*node{ana, beto} {
		r, err := n.Resource(ctx, flour)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.AccountingQuantity.Value.String(); got != "8.75" || r.AccountingQuantity.Unit != "kilogram" {
			t.Errorf("%s %s are left", got, r.AccountingQuantity.Unit)
		}
		if len(r.Contested) != 1 || r.Contested[0].Field != "state" || r.Contested[0].Winner != winner || len(r.Contested[0].Claims) != 2 {
			t.Errorf("contested are %+v", r.Contested)
		}
		if r.StateText != state || len(r.Leaves) != 2 {
			t.Errorf("the flour is %s, after %v", r.StateText, r.Leaves)
		}
		found, _, err := n.Resources(ctx, id, ledger.ResourceFilter{Contested: true}, ledger.Page{})
		if err != nil || len(found) != 1 {
			t.Errorf("%d contested resources, %v", len(found), err)
		}
	}
	fix, err := beto.Correction(ctx, his, ledger.Corrected{ResourceQuantity: &protocol.Quantity{N: 250, Unit: "gram"}, State: "dry"})
	if err != nil {
		t.Fatal(err)
	}
	if fix.ResourceQuantity.N != 0 {
		t.Errorf("a correction of the state alone moves %d", fix.ResourceQuantity.N)
	}
	record(beto, fix)
	meet()
	for _, n := range []*node{ana, beto} {
		r, err := n.Resource(ctx, flour)
		if err != nil || len(r.Contested) != 0 || r.StateText != "dry" || r.AccountingQuantity.Value.String() != "8.75" {
			t.Errorf("after the correction: %s, %v, contested %v, %v", r.StateText, r.AccountingQuantity.Value, r.Contested, err)
		}
	}
}

// TestAnEventBeforeItsResource has events arrive before the log that created what
// they are about: they are valid, wait for it, and are judged again when it comes.
func TestAnEventBeforeItsResource(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	ana := w.node()
	commons, err := ana.CreateCommons(ctx, "Minga", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	id := commons.ID
	link, err := ana.Invite(ctx, id, 1, w.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	beto := w.node()
	beto.pull(ana, id)
	joined, err := beto.Join(ctx, link, "Beto")
	if err != nil {
		t.Fatal(err)
	}
	b := joined.Entry.Log.Agent()
	raise, err := beto.Submit(ctx, ledger.Draft{Commons: id, Body: &protocol.Event{
		Action: "raise", Provider: b, Receiver: b, ResourceQuantity: &protocol.Quantity{N: 5, Unit: "one"},
		NewInventoriedResource: &protocol.NewResource{ConformsTo: "chair"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	ana.pull(beto, id)
	chairs := raise.Entry.ID()
	_, err = ana.Submit(ctx, ledger.Draft{Commons: id, Body: &protocol.Event{
		Action: "consume", Provider: commons.Me.Agent(), Receiver: commons.Me.Agent(), ResourceInventoriedAs: chairs,
		ResourceQuantity: &protocol.Quantity{N: 1, Unit: "one"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	late := w.node()
	if err := late.Follow(ctx, id); err != nil {
		t.Fatal(err)
	}
	take := func(log protocol.LogID) {
		t.Helper()
		s, err := ana.SegmentFrom(ctx, log, 0, protocol.MaxSegmentBytes)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := late.Ingest(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	take(id.Charter())
	take(commons.Me)
	if _, err := late.Resource(ctx, chairs); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("a resource that is not held: %v", err)
	}
	take(joined.Entry.Log)
	r, err := late.Resource(ctx, chairs)
	if err != nil || r.AccountingQuantity.Value.String() != "4" || r.Events != 2 {
		t.Errorf("%v chairs after %d events, %v", r.AccountingQuantity.Value, r.Events, err)
	}
	if late.digest(id) != ana.digest(id) {
		t.Error("another order of arrival gives another state")
	}
}
