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

// thousands is far more events than fit into one transaction of the small store.
const thousands = 4000

// crowd is two members of a commons, and the charter of Ana.
type crowd struct {
	w         *world
	ana, beto *node
	id        protocol.CommonsID
	a, b      protocol.LogID
}

func newCrowd(t *testing.T) crowd {
	w := newWorld(t)
	ctx := context.Background()
	c := crowd{w: w, ana: w.node(), beto: w.node()}
	commons, err := c.ana.CreateCommons(ctx, "Minga", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	c.id, c.a = commons.ID, commons.Me
	link, err := c.ana.Invite(ctx, c.id, 1, w.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	c.beto.pull(c.ana, c.id)
	joined, err := c.beto.Join(ctx, link, "Beto")
	if err != nil {
		t.Fatal(err)
	}
	c.b = joined.Entry.Log
	c.ana.pull(c.beto, c.id)
	return c
}

// raising creates a resource that is called by a number.
func raising(by protocol.LogID, i int) *protocol.Event {
	return &protocol.Event{
		Action: "raise", Provider: by.Agent(), Receiver: by.Agent(), ResourceQuantity: &protocol.Quantity{N: 5, Unit: "one"},
		NewInventoriedResource: &protocol.NewResource{Name: protocol.PlainText(fmt.Sprint("thing ", i)), ConformsTo: fmt.Sprint("kind ", i)},
	}
}

// using takes one from a resource.
func using(by protocol.LogID, resource protocol.EntryID) *protocol.Event {
	return &protocol.Event{
		Action: "consume", Provider: by.Agent(), Receiver: by.Agent(), ResourceInventoriedAs: resource,
		ResourceQuantity: &protocol.Quantity{N: 1, Unit: "one"},
	}
}

// record writes events, and returns the entries that they are.
func (c crowd) record(n *node, count int, body func(i int) *protocol.Event) []ledger.Written {
	c.w.t.Helper()
	return c.write(n, count, func(i int) protocol.Body { return body(i) })
}

func (c crowd) write(n *node, count int, body func(i int) protocol.Body) []ledger.Written {
	c.w.t.Helper()
	var drafts []ledger.Draft
	for i := range count {
		drafts = append(drafts, ledger.Draft{Commons: c.id, Body: body(i)})
	}
	all, err := n.SubmitBatch(context.Background(), drafts)
	if err != nil {
		c.w.t.Fatal(err)
	}
	return all
}

// take ingests what a node holds of a log, up to a place.
func (n *node) take(from *node, log protocol.LogID, first, last int64) error {
	n.w.t.Helper()
	ctx := context.Background()
	for next := first; next <= last; {
		s, err := from.SegmentFrom(ctx, log, next, protocol.MaxSegmentBytes)
		if err != nil {
			n.w.t.Fatal(err)
		}
		var fork *ledger.ForkError
		if _, err := n.Ingest(ctx, s); err != nil && !errors.As(err, &fork) {
			return err
		}
		next = s.Tip().Seq + 1
	}
	return nil
}

func (n *node) mustTake(from *node, log protocol.LogID, first, last int64) {
	n.w.t.Helper()
	if err := n.take(from, log, first, last); err != nil {
		n.w.t.Fatal(err)
	}
}

func (n *node) tip(log protocol.LogID) int64 {
	h, _ := n.Held(log)
	return h.Seq
}

// same compares the state of a node with that of another, also after it was
// opened again.
func (c crowd) same(n, like *node) {
	c.w.t.Helper()
	for range 2 {
		if got, want := n.digest(c.id), like.digest(c.id); got != want {
			c.w.t.Errorf("the state is %s, where nothing was late %s", got, want)
		}
		n.reopen()
	}
}

// TestALongLogIsWoken has thousands of events, each on a resource of its own,
// wait for a version of the charter: one entry gives all of them their effect.
func TestALongLogIsWoken(t *testing.T) {
	c := newCrowd(t)
	ctx := context.Background()
	late := c.w.node()
	late.pull(c.ana, c.id)
	behind := late.tip(c.id.Charter())
	if _, err := c.ana.SubmitTo(ctx, c.id.Charter(), ledger.Draft{Commons: c.id, Body: &protocol.Admit{Log: c.b}}); err != nil {
		t.Fatal(err)
	}
	c.beto.pull(c.ana, c.id)
	c.record(c.beto, thousands, func(i int) *protocol.Event { return raising(c.b, i) })
	late.mustTake(c.beto, c.b, late.tip(c.b)+1, c.beto.tip(c.b))
	status, err := late.CommonsByID(ctx, c.id)
	if err != nil || status.Waiting < thousands {
		t.Fatalf("%d entries wait, %v; want all %d", status.Waiting, err, thousands)
	}
	late.mustTake(c.beto, c.id.Charter(), behind+1, c.beto.tip(c.id.Charter()))
	late.pull(c.beto, c.id)
	c.same(late, c.beto)
}

// TestAResourceThatManyEventsNameArrives has thousands of events come before the
// one that creates what they are about.
func TestAResourceThatManyEventsNameArrives(t *testing.T) {
	c := newCrowd(t)
	late := c.w.node()
	late.pull(c.ana, c.id)
	behind := late.tip(c.b)
	thing := c.record(c.beto, 1, func(i int) *protocol.Event { return raising(c.b, i) })[0].Entry.ID()
	c.ana.pull(c.beto, c.id)
	shelves := c.record(c.ana, thousands, func(i int) *protocol.Event { return raising(c.a, i) })
	c.record(c.ana, thousands, func(i int) *protocol.Event {
		to := using(c.a, thing)
		to.Action, to.ToResourceInventoriedAs = "transfer", shelves[i].Entry.ID()
		return to
	})
	c.beto.pull(c.ana, c.id)
	late.mustTake(c.ana, c.a, late.tip(c.a)+1, c.ana.tip(c.a))
	late.mustTake(c.beto, c.b, behind+1, c.beto.tip(c.b))
	late.pull(c.ana, c.id)
	c.same(late, c.beto)
}

// TestALongForkedLogIsTakenBack has the key of a log on two nodes: the other
// history takes back thousands of events, each on a resource of its own.
func TestALongForkedLogIsTakenBack(t *testing.T) {
	c := newCrowd(t)
	if err := c.beto.Close(); err != nil {
		t.Fatal(err)
	}
	twin := c.w.copyOf(c.beto)
	c.beto.open()
	first := c.beto.tip(c.b) + 1
	c.record(c.beto, thousands, func(i int) *protocol.Event { return raising(c.b, i) })
	c.record(twin, 1, func(int) *protocol.Event { return raising(c.b, thousands) })
	early, late := c.w.node(), c.w.node()
	for _, n := range []*node{early, late} {
		n.pull(c.ana, c.id)
	}
	late.mustTake(c.beto, c.b, first, c.beto.tip(c.b))
	late.mustTake(twin, c.b, first, twin.tip(c.b))
	early.mustTake(twin, c.b, first, twin.tip(c.b))
	early.mustTake(c.beto, c.b, first, c.beto.tip(c.b))
	status, err := late.CommonsByID(context.Background(), c.id)
	if err != nil || status.Waiting < 1 {
		t.Fatalf("%d entries wait, %v; want those from the fork on", status.Waiting, err)
	}
	c.same(late, early)
}

// TestAResourceThatThousandsHold passes a part of one resource to each of
// thousands of agents: its row outgrows any row of the store.
func TestAResourceThatThousandsHold(t *testing.T) {
	c := newCrowd(t)
	agents := c.write(c.ana, thousands, func(i int) protocol.Body {
		return &protocol.Agent{Card: protocol.AgentCard{Name: protocol.PlainText(fmt.Sprint("member ", i)), Type: protocol.Person}}
	})
	flour := c.record(c.ana, 1, func(i int) *protocol.Event {
		flour := raising(c.a, i)
		flour.ResourceQuantity.N = 2 * thousands
		return flour
	})[0].Entry.ID()
	c.record(c.ana, thousands, func(i int) *protocol.Event {
		to := using(c.a, flour)
		to.Action, to.Receiver = "transfer", protocol.AgentID{EntryID: agents[i].Entry.ID()}
		return to
	})
	c.beto.pull(c.ana, c.id)
	c.same(c.beto, c.ana)
	r, err := c.beto.Resource(context.Background(), flour)
	if err != nil || r.Events != thousands+1 {
		t.Errorf("%d events, %v; want %d", r.Events, err, thousands+1)
	}
}
