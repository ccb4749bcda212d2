package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

type fields = map[string]protocol.Value

func hours(n int64) protocol.Value {
	return fields{"n": n, "s": int64(0), "unit": "hour"}
}

// two are a founder and a member, who hold the same in the end.
type two struct {
	ana, beto *node
	id        protocol.CommonsID
	her, him  protocol.AgentID
}

func newTwo(t *testing.T) two {
	t.Helper()
	w := newWorld(t)
	ctx := context.Background()
	ana, beto := w.node(), w.node()
	c, err := ana.CreateCommons(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	link, err := ana.Invite(ctx, c.ID, 1, w.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	beto.pull(ana, c.ID)
	joined, err := beto.Join(ctx, link, "Beto")
	if err != nil {
		t.Fatal(err)
	}
	ana.pull(beto, c.ID)
	beto.pull(ana, c.ID)
	return two{ana: ana, beto: beto, id: c.ID, her: c.Me.Agent(), him: joined.Entry.Log.Agent()}
}

// meet exchanges everything and checks that both are in the same state.
func (x two) meet() {
	x.ana.w.t.Helper()
	x.ana.pull(x.beto, x.id)
	x.beto.pull(x.ana, x.id)
	if a, b := x.ana.digest(x.id), x.beto.digest(x.id); a != b {
		x.ana.w.t.Fatalf("digests %s and %s", a, b)
	}
}

func (x two) add(n *node, body *protocol.Record) protocol.EntryID {
	n.w.t.Helper()
	if body.Name.IsZero() && body.Of.IsZero() {
		body.Name = protocol.PlainText(body.Type)
	}
	return n.submit(x.id, body).Entry.ID()
}

func (x two) fulfilment(n *node, id protocol.EntryID) (lines []string) {
	n.w.t.Helper()
	f, err := n.Fulfilment(context.Background(), id)
	if err != nil {
		n.w.t.Fatal(err)
	}
	for _, l := range f.Lines {
		lines = append(lines, fmt.Sprintf("%s: %v of %v %s, %v open, %d", l.Quantity, l.Done.Value, l.Promised.Value, l.Open.Unit, l.Open.Value, l.Events))
	}
	return lines
}

func TestARecordIsAsItsAmendmentsLeaveItOnEveryNode(t *testing.T) {
	x := newTwo(t)
	ctx := context.Background()
	process := x.add(x.ana, &protocol.Record{Type: "Process", Name: protocol.PlainText("Siembra"), Fields: fields{"hasBeginning": "2026-03-01"}})
	theirs := x.add(x.ana, &protocol.Record{Type: "Commitment", Fields: fields{"action": "work", "effortQuantity": hours(5), "receiver": x.her.EntryID}})
	his := x.add(x.ana, &protocol.Record{Type: "Commitment", Fields: fields{"action": "work", "effortQuantity": hours(5), "provider": x.him.EntryID}})
	x.meet()
	// While apart, both amend.
	x.add(x.ana, &protocol.Record{Type: "Process", Of: process, Fields: fields{"finished": true, "hasEnd": "2026-03-02"}})
	x.add(x.beto, &protocol.Record{Type: "Process", Of: process, Fields: fields{"hasEnd": "2026-03-03"}})
	x.add(x.beto, &protocol.Record{Type: "Process", Of: process, Name: protocol.PlainText("Siembra de papa")})
	x.add(x.beto, &protocol.Record{Type: "Commitment", Of: his, Fields: fields{"effortQuantity": hours(6)}})
	x.meet()
	last := x.add(x.ana, &protocol.Record{Type: "Process", Of: process, Fields: fields{"hasBeginning": nil, "hasEnd": "2026-03-05"}})
	x.meet()
	for _, n := range []*node{x.ana, x.beto} {
		r, err := n.Record(ctx, process)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(fields{"finished": true, "hasEnd": "2026-03-05"}, r.Fields); diff != "" || r.Name != "Siembra de papa" || len(r.Amendments) != 4 {
			t.Errorf("%q, %d amendments (-want +got):\n%s", r.Name, len(r.Amendments), diff)
		}
		same, err := n.Record(ctx, last)
		if err != nil || same.ID != process {
			t.Errorf("an amendment is shown as %v, %v", same.ID, err)
		}
		if lines := x.fulfilment(n, his); !slices.Equal(lines, []string{"effortQuantity: 0 of 6 hour, 6 open, 0"}) {
			t.Errorf("his: %v", lines)
		}
		found, err := n.FindRecord(ctx, x.id, "", "siembra DE papa")
		if err != nil || found.ID != process {
			t.Errorf("by its new name: %v, %v", found.ID, err)
		}
		if _, err := n.FindRecord(ctx, x.id, "", "Siembra"); !errors.Is(err, ledger.ErrNotFound) {
			t.Errorf("by its old name: %v", err)
		}
	}
	// He is neither author nor party nor steward.
	_, err := x.beto.Submit(ctx, ledger.Draft{Commons: x.id, Body: &protocol.Record{Type: "Commitment", Of: theirs, Fields: fields{"finished": true}}})
	if !errors.Is(err, ledger.ErrNotSteward) {
		t.Errorf("a stranger amends: %v", err)
	}
	for name, body := range map[string]*protocol.Record{
		"another class": {Type: "Plan", Of: process}, "of nothing": {Type: "Process", Of: protocol.EntryID{1}},
		"of an event": {Type: "Process", Of: x.ana.submit(x.id, work(x.her, x.id, 1)).Entry.ID()},
	} {
		if _, err := x.ana.Submit(ctx, ledger.Draft{Commons: x.id, Body: body}); err == nil {
			t.Errorf("%s is amended", name)
		}
	}
	var void *ledger.VoidError
	_, err = x.ana.Submit(ctx, ledger.Draft{Commons: x.id, Body: &protocol.Record{Type: "Plan", Fields: fields{"due": "soon"}}})
	if !errors.As(err, &void) || void.Reason != rules.BadTime || void.Property != "due" {
		t.Errorf("a bad time: %v", err)
	}
}

func TestPromisesAreFulfilledInParts(t *testing.T) {
	x := newTwo(t)
	intent := x.add(x.ana, &protocol.Record{Type: "Intent", Fields: fields{"action": "work", "effortQuantity": hours(20)}})
	one := x.add(x.ana, &protocol.Record{Type: "Commitment", Fields: fields{"action": "work", "effortQuantity": hours(8), "satisfies": intent}})
	other := x.add(x.ana, &protocol.Record{Type: "Commitment", Fields: fields{"action": "work", "effortQuantity": hours(3)}})
	claim := x.add(x.ana, &protocol.Record{Type: "Claim", Fields: fields{"action": "transfer", "resourceQuantity": fields{"n": int64(140), "s": int64(0), "unit": "one"}}})
	x.meet()
	give := func(n *node, body *protocol.Event) protocol.EntryID { return n.submit(x.id, body).Entry.ID() }
	first := work(x.her, x.id, 2)
	first.Fulfills = []protocol.EntryID{one, other, one}
	done := give(x.ana, first)
	minutes := work(x.him, x.id, 90)
	minutes.EffortQuantity.Unit = "minute-Time"
	minutes.Fulfills, minutes.Satisfies = []protocol.EntryID{one}, []protocol.EntryID{intent}
	give(x.beto, minutes)
	direct := work(x.him, x.id, 4)
	direct.Satisfies = []protocol.EntryID{intent}
	give(x.beto, direct)
	half := &protocol.Event{
		Action: "transfer", Provider: x.her, Receiver: x.him, ResourceConformsTo: "dólar",
		ResourceQuantity: &protocol.Quantity{N: 70, Unit: "one"}, Settles: []protocol.EntryID{claim},
	}
	give(x.ana, half)
	x.meet()
	correction := work(x.her, x.id, -1)
	correction.Corrects, correction.Fulfills = done, []protocol.EntryID{one, other}
	give(x.ana, correction)
	x.meet()
	for id, want := range map[protocol.EntryID]string{
		one:    "effortQuantity: 2.5 of 8 hour, 5.5 open, 3",
		other:  "effortQuantity: 1 of 3 hour, 2 open, 2",
		intent: "effortQuantity: 12 of 20 hour, 8 open, 2",
		claim:  "resourceQuantity: 70 of 140 one, 70 open, 1",
	} {
		for _, n := range []*node{x.ana, x.beto} {
			if got := x.fulfilment(n, id); !slices.Equal(got, []string{want}) {
				t.Errorf("%v, want %s", got, want)
			}
		}
	}
	// Whoever promised says that nothing more comes: what is not done is free again.
	x.add(x.ana, &protocol.Record{Type: "Commitment", Of: one, Fields: fields{"finished": true}})
	if got := x.fulfilment(x.ana, intent); got[0] != "effortQuantity: 6.5 of 20 hour, 13.5 open, 2" {
		t.Errorf("the intent after the commitment was finished: %v", got)
	}
}

func TestRecordsAreListed(t *testing.T) {
	x := newTwo(t)
	ctx := context.Background()
	plan := x.add(x.ana, &protocol.Record{Type: "Plan", Fields: fields{"due": "2026-06-01"}})
	var processes, open, works []protocol.EntryID
	for i := range 25 {
		id := x.add(x.ana, &protocol.Record{Type: "Process", Name: protocol.PlainText(fmt.Sprint("Paso ", i%3)), Source: fmt.Sprint("urn:", i), Fields: fields{"plannedWithin": plan}})
		processes = append(processes, id)
		if i%2 == 0 {
			x.add(x.ana, &protocol.Record{Type: "Process", Of: id, Fields: fields{"finished": true}})
		} else {
			open = append(open, id)
		}
		action := []string{"work", "use"}[i%2]
		promise := x.add(x.ana, &protocol.Record{Type: "Commitment", Fields: fields{
			"action": action, "inputOf": id, "provider": x.him.EntryID, "effortQuantity": hours(1), "due": "2026-05-01",
		}})
		if action == "work" {
			works = append(works, promise)
		}
	}
	x.meet()
	done := work(x.him, x.id, 1)
	done.Fulfills = works[:3]
	x.beto.submit(x.id, done)
	x.meet()
	yes, no := true, false
	for name, c := range map[string]struct {
		filter ledger.RecordFilter
		want   int
	}{
		"all":              {ledger.RecordFilter{}, 51},
		"processes":        {ledger.RecordFilter{Type: "Process"}, 25},
		"finished":         {ledger.RecordFilter{Type: "Process", Finished: &yes}, 13},
		"open of all":      {ledger.RecordFilter{Finished: &no}, 38},
		"of the plan":      {ledger.RecordFilter{Target: plan}, 25},
		"open of the plan": {ledger.RecordFilter{Target: plan, Relation: "plannedWithin", Finished: &no}, 12},
		"by name":          {ledger.RecordFilter{Name: "PASO 1", Type: "Process"}, 8},
		"by name, others":  {ledger.RecordFilter{Name: "PASO 1", Type: "Plan"}, 0},
		"by source":        {ledger.RecordFilter{Source: "urn:7"}, 1},
		"by action":        {ledger.RecordFilter{Type: "Commitment", Action: "work"}, 13},
		"his":              {ledger.RecordFilter{Agent: x.him}, 25},
		"his, work":        {ledger.RecordFilter{Agent: x.him, Action: "work"}, 13},
		"hers":             {ledger.RecordFilter{Agent: x.her, Type: "Plan"}, 1},
		"none":             {ledger.RecordFilter{Type: "Claim"}, 0},
	} {
		for _, n := range []*node{x.ana, x.beto} {
			for _, limit := range []int{3, 100} {
				seen := map[protocol.EntryID]bool{}
				for _, r := range pages(t, limit, func(p ledger.Page) ([]ledger.Record, string, error) { return n.Records(ctx, x.id, c.filter, p) }) {
					seen[r.ID] = true
				}
				if len(seen) != c.want {
					t.Errorf("%s in pages of %d: %d, want %d", name, limit, len(seen), c.want)
				}
			}
		}
	}
	for name, f := range map[string]ledger.RecordFilter{
		"an action of any class": {Action: "work"}, "a relation to nothing": {Relation: "inputOf"}, "another class": {Type: "Event"},
	} {
		if _, _, err := x.ana.Records(ctx, x.id, f, ledger.Page{}); !errors.Is(err, ledger.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var several *ledger.SeveralError
	if _, err := x.ana.FindRecord(ctx, x.id, "Process", "Paso 2"); !errors.As(err, &several) || len(several.Candidates) != 8 {
		t.Errorf("a name of several: %v", err)
	}
	if r, err := x.ana.FindRecord(ctx, x.id, "Process", "urn:4"); err != nil || r.ID != processes[4] {
		t.Errorf("by source: %v, %v", r.ID, err)
	}
	if r, err := x.ana.FindRecord(ctx, x.id, "", open[0].String()); err != nil || r.ID != open[0] {
		t.Errorf("by identifier: %v, %v", r.ID, err)
	}
	p, err := x.beto.Progress(ctx, plan, "2026-05-02")
	got := fmt.Sprint(p.Processes, p.Finished, p.Commitments, p.Fulfilled, p.Intents, len(p.Overdue), p.Due)
	if err != nil || got != fmt.Sprint(25, 13, 25, 3, 0, 22, "2026-06-01") {
		t.Errorf("the plan: %s, %v", got, err)
	}
}
