package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// linked is a commons of one member whose events and records name one another.
type linked struct {
	*node
	id protocol.CommonsID
	me protocol.AgentID
}

func newLinked(t *testing.T) linked {
	t.Helper()
	n := newWorld(t).node()
	c, err := n.CreateCommons(context.Background(), "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	return linked{node: n, id: c.ID, me: c.Me.Agent()}
}

func (l linked) record(class string, fields map[string]protocol.Value) protocol.EntryID {
	l.w.t.Helper()
	return l.submit(l.id, &protocol.Record{Type: class, Name: protocol.PlainText(class), Fields: fields}).Entry.ID()
}

func (l linked) links(target protocol.EntryID, relation string) (found []string) {
	l.w.t.Helper()
	all, next, err := l.Links(context.Background(), l.id, target, relation, ledger.Page{})
	if err != nil || next != "" {
		l.w.t.Fatal(next, err)
	}
	for _, link := range all {
		found = append(found, fmt.Sprintf("%s %s %s", link.Kind, link.Type, link.Relation))
	}
	return found
}

func TestEverythingThatNamesAnIdentifierIsFound(t *testing.T) {
	l := newLinked(t)
	plan := l.record("Plan", nil)
	process := l.record("Process", map[string]protocol.Value{
		"plannedWithin": plan, "inScopeOf": []protocol.Value{l.id.EntryID, l.me.EntryID},
	})
	l.submit(l.id, &protocol.Record{Type: "Process", Of: process, Fields: map[string]protocol.Value{"finished": true}})
	intent := l.record("Intent", map[string]protocol.Value{
		"action": "work", "outputOf": process, "provider": l.me.EntryID,
		"effortQuantity": map[string]protocol.Value{"n": int64(3), "s": int64(0), "unit": "hour"},
	})
	event := work(l.me, l.id, 1)
	event.InputOf, event.Satisfies = process, []protocol.EntryID{intent, intent}
	first := l.submit(l.id, event).Entry.ID()
	event = work(l.me, l.id, 2)
	event.InputOf, event.TriggeredBy = process, first
	l.submit(l.id, event)
	for name, c := range map[string]struct {
		target   protocol.EntryID
		relation string
		want     []string
	}{
		"a plan":            {plan, "", []string{"record Process plannedWithin"}},
		"a process":         {process, "", []string{"record Process of", "record Intent outputOf", "event  inputOf", "event  inputOf"}},
		"by one relation":   {process, "of", []string{"record Process of"}},
		"a list, each once": {intent, "satisfies", []string{"event  satisfies"}},
		"an event":          {first, "", []string{"event  triggeredBy"}},
		"nothing":           {first, "corrects", nil},
		"an agent":          {l.me.EntryID, "", []string{"record Process inScopeOf", "record Intent provider", "event  provider", "event  provider"}},
		"the commons":       {l.id.EntryID, "", []string{"record Process inScopeOf", "event  receiver", "event  receiver"}},
		"the commons, gave": {l.id.EntryID, "provider", nil},
	} {
		if diff := cmp.Diff(c.want, l.links(c.target, c.relation)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	for filter, want := range map[ledger.EventFilter]int{
		{Names: process}: 2, {Names: process, Relation: "outputOf"}: 0, {Names: process, Agent: l.me}: 2,
		{Names: l.id.EntryID}: 2, {Agent: protocol.AgentID(l.id)}: 2, {Names: first, Action: "work"}: 1,
	} {
		events, _, err := l.Events(context.Background(), l.id, filter, ledger.Page{})
		if err != nil || len(events) != want {
			t.Errorf("%+v: %d events, %v; want %d", filter, len(events), err, want)
		}
	}
	if _, _, err := l.Events(context.Background(), l.id, ledger.EventFilter{Relation: "inputOf"}, ledger.Page{}); !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("a relation to nothing: %v", err)
	}
}

func TestLinksComeInPages(t *testing.T) {
	l := newLinked(t)
	plan := l.record("Plan", nil)
	var want []string
	for i := range 150 { // more than one scan of postings
		process := l.submit(l.id, &protocol.Record{
			Type: "Process", Name: protocol.PlainText(fmt.Sprint(i)), Fields: map[string]protocol.Value{"plannedWithin": plan},
		})
		want = append(want, process.Entry.ID().String())
	}
	for _, limit := range []int{1, 64, 149, 150, 151} {
		var got []string
		for _, link := range pages(t, limit, func(p ledger.Page) ([]ledger.Link, string, error) {
			return l.Links(context.Background(), l.id, plan, "plannedWithin", p)
		}) {
			got = append(got, link.From.String())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pages of %d (-want +got):\n%s", limit, diff)
		}
	}
}

func TestWhatCameFromAnotherSystemIsFoundByItsNameThere(t *testing.T) {
	l := newLinked(t)
	source := "urn:uuid:1"
	spec := l.submit(l.id, &protocol.Record{Type: "ResourceSpecification", Name: protocol.PlainText("Papa"), Source: source})
	agent := l.submit(l.id, &protocol.Agent{Card: protocol.AgentCard{Name: protocol.PlainText("Luz"), Type: protocol.Person}, Source: source})
	event := work(l.me, l.id, 1)
	event.Source = "row 7"
	event.Ext = map[string]protocol.Value{"resourceSource": source}
	made := l.submit(l.id, event)
	event = work(l.me, l.id, 1)
	event.Ext = map[string]protocol.Value{"resourceSource": int64(1)}
	l.submit(l.id, event)
	for text, want := range map[string][]protocol.EntryID{
		source: {made.Entry.ID(), agent.Entry.ID(), spec.Entry.ID()}, "row 7": {made.Entry.ID()}, "": {}, "1": {},
	} {
		got, err := l.BySource(context.Background(), l.id, text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}
