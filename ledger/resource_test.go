package ledger_test

import (
	"context"
	"errors"
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// workshop is a commons of one member in which the events of an example are
// recorded.
type workshop struct {
	*node
	t      *testing.T
	id     protocol.CommonsID
	agents map[string]protocol.AgentID
}

func newWorkshop(t *testing.T, names ...string) *workshop {
	w := newWorld(t)
	n := w.node()
	ctx := context.Background()
	commons, err := n.CreateCommons(ctx, "Minga", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	s := &workshop{node: n, t: t, id: commons.ID, agents: map[string]protocol.AgentID{
		"Ana": commons.Me.Agent(), "Minga": protocol.AgentID(commons.ID),
	}}
	for _, name := range names {
		w, err := n.Submit(ctx, ledger.Draft{Commons: s.id, Body: &protocol.Agent{
			Card: protocol.AgentCard{Name: protocol.PlainText(name), Type: protocol.Person},
		}})
		if err != nil {
			t.Fatal(err)
		}
		s.agents[name] = protocol.AgentID{EntryID: w.Entry.ID()}
	}
	return s
}

func (s *workshop) record(body *protocol.Event) protocol.EntryID {
	s.t.Helper()
	w, err := s.Submit(context.Background(), ledger.Draft{Commons: s.id, Body: body})
	if err != nil {
		s.t.Fatal(err)
	}
	return w.Entry.ID()
}

// event is an event of one agent, or of one with another.
func (s *workshop) event(action, provider, receiver string, n int64, unit string) *protocol.Event {
	body := &protocol.Event{Action: action, Provider: s.agents[provider], Receiver: s.agents[receiver]}
	q := &protocol.Quantity{N: n, Unit: unit}
	if unit == "hour" {
		body.EffortQuantity = q
	} else {
		body.ResourceQuantity = q
	}
	return body
}

// raise opens a resource.
func (s *workshop) raise(who, what string, n int64, unit string) protocol.EntryID {
	body := s.event("raise", who, who, n, unit)
	body.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText(what), ConformsTo: what}
	return s.record(body)
}

func (s *workshop) process(name string, basedOn protocol.EntryID) protocol.EntryID {
	s.t.Helper()
	fields := map[string]protocol.Value{}
	if !basedOn.IsZero() {
		fields["basedOn"] = basedOn
	} else {
		fields = nil
	}
	w, err := s.Submit(context.Background(), ledger.Draft{Commons: s.id, Body: &protocol.Record{
		Type: "Process", Name: protocol.PlainText(name), Fields: fields,
	}})
	if err != nil {
		s.t.Fatal(err)
	}
	return w.Entry.ID()
}

func (s *workshop) resource(id protocol.EntryID) ledger.Resource {
	s.t.Helper()
	r, err := s.Resource(context.Background(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// has compares the quantities of a resource.
func (s *workshop) has(what string, id protocol.EntryID, accounting, onhand string) {
	s.t.Helper()
	r := s.resource(id)
	if got := r.AccountingQuantity.Value.String(); got != accounting {
		s.t.Errorf("the accounting quantity of %s is %s, want %s", what, got, accounting)
	}
	if got := r.OnhandQuantity.Value.String(); got != onhand {
		s.t.Errorf("the onhand quantity of %s is %s, want %s", what, got, onhand)
	}
}

func (s *workshop) on(body *protocol.Event, from, to protocol.EntryID) *protocol.Event {
	body.ResourceInventoriedAs, body.ToResourceInventoriedAs = from, to
	return body
}

var nothing protocol.EntryID

// The numbers of this test are those of valueflows/valueflows, production-01 and
// production-13.
func TestPlywoodBecomesADesk(t *testing.T) {
	s := newWorkshop(t, "Alice", "Makezine")
	desk, plywood := s.raise("Ana", "desk", 8, "one"), s.raise("Ana", "plywood", 130, "one")
	design, machine := s.raise("Ana", "design", 1, "one"), s.raise("Ana", "CNC machine", 1, "one")
	making := s.process("Make the lean desk", nothing)
	into := func(body *protocol.Event) *protocol.Event { body.InputOf = making; return body }

	consume := s.record(into(s.on(s.event("consume", "Ana", "Ana", 3, "one"), plywood, nothing)))
	s.record(into(s.on(s.event("use", "Ana", "Ana", 3, "hour"), machine, nothing)))
	s.record(into(s.on(s.event("cite", "Makezine", "Ana", 1, "one"), design, nothing)))
	s.record(into(s.event("work", "Alice", "Ana", 7, "hour")))
	out := s.on(s.event("produce", "Ana", "Ana", 1, "one"), desk, nothing)
	out.OutputOf = making
	s.record(out)
	s.has("desk", desk, "9", "9")
	s.has("plywood", plywood, "127", "127")
	s.has("design", design, "1", "1")
	s.has("machine", machine, "1", "1")

	// The consume event is backed out and a new one takes its place.
	back, err := s.Correction(context.Background(), consume, ledger.Corrected{})
	if err != nil {
		t.Fatal(err)
	}
	if back.ResourceQuantity.N != -3 || back.InputOf != making || back.ResourceInventoriedAs != plywood {
		t.Errorf("the correction is %+v", back)
	}
	s.record(back)
	s.has("plywood", plywood, "130", "130")
	s.record(into(s.on(s.event("consume", "Ana", "Ana", 5, "one"), plywood, nothing)))
	s.has("plywood", plywood, "125", "125")

	// A second correction starts from what the first left.
	again, err := s.Correction(context.Background(), consume, ledger.Corrected{ResourceQuantity: &protocol.Quantity{N: 4, Unit: "one"}})
	if err != nil {
		t.Fatal(err)
	}
	if again.ResourceQuantity.N != 4 {
		t.Errorf("a second correction moves %d, want 4", again.ResourceQuantity.N)
	}
}

// exchange-05: the book goes out and comes back.
func TestTheLibraryLendsABook(t *testing.T) {
	s := newWorkshop(t, "Library", "Bob", "Carol")
	book := s.raise("Library", "Valueflows cookbook", 1, "one")
	s.has("book", book, "1", "1")
	s.record(s.on(s.event("transferCustody", "Library", "Bob", 1, "one"), book, nothing))
	s.has("lent book", book, "1", "0")
	if r := s.resource(book); r.Custodian != s.agents["Bob"] || r.PrimaryAccountable != s.agents["Library"] {
		t.Errorf("the book is with %v, for %v", r.Custodian, r.PrimaryAccountable)
	}
	s.record(s.on(s.event("transferCustody", "Bob", "Carol", 1, "one"), book, nothing))
	s.has("book passed on", book, "1", "0")
	s.record(s.on(s.event("transferCustody", "Carol", "Library", 1, "one"), book, nothing))
	s.has("returned book", book, "1", "1")
	if r := s.resource(book); r.Custodian != s.agents["Library"] || r.Events != 4 || len(r.Contested) > 0 {
		t.Errorf("the book came back to %v after %d events, contested %v", r.Custodian, r.Events, r.Contested)
	}
}

// exchange-05 with a file that does not say whose the book is.
func TestABookOfNobodyKnownIsLent(t *testing.T) {
	s := newWorkshop(t, "Library", "Bob")
	book := s.raise("Minga", "cookbook", 1, "one")
	s.record(s.on(s.event("transferCustody", "Library", "Bob", 1, "one"), book, nothing))
	s.has("lent book", book, "1", "0")
	s.record(s.on(s.event("transferCustody", "Bob", "Library", 1, "one"), book, nothing))
	s.has("returned book", book, "1", "1")
}

// exchange-03, -04, -08 and -10.
func TestGoodsGoFromOneStockToAnother(t *testing.T) {
	s := newWorkshop(t, "Alice", "Bob", "Claudia")
	hers, his := s.raise("Alice", "apples", 230, "kilogram"), s.raise("Bob", "apples", 1, "kilogram")
	truck := s.event("pickup", "Alice", "Claudia", 30, "kilogram")
	truck.ResourceInventoriedAs = hers
	truck.NewInventoriedResource = &protocol.NewResource{ConformsTo: "apples"}
	lading := s.record(truck)
	s.has("Alice's apples on the way", hers, "230", "200")
	s.has("what is on the truck", lading, "0", "0")
	s.record(s.on(s.event("dropoff", "Claudia", "Claudia", 30, "kilogram"), lading, nothing))
	s.has("what the truck has brought", lading, "0", "30")
	s.record(s.on(s.event("pickup", "Claudia", "Claudia", 30, "kilogram"), lading, nothing))
	s.record(s.on(s.event("dropoff", "Claudia", "Bob", 30, "kilogram"), lading, his))
	s.has("the empty truck", lading, "0", "0")
	s.has("Bob's apples", his, "1", "31")
	s.record(s.on(s.event("transferAllRights", "Alice", "Bob", 30, "kilogram"), hers, his))
	s.has("Alice's apples", hers, "200", "200")
	s.has("Bob's apples in the end", his, "31", "31")
	if r := s.resource(lading); r.Custodian != s.agents["Claudia"] || r.PrimaryAccountable != s.agents["Alice"] {
		t.Errorf("the lading is with %v, for %v", r.Custodian, r.PrimaryAccountable)
	}
	s.record(s.on(s.event("transfer", "Alice", "Bob", 20, "kilogram"), hers, nothing))
	s.has("Alice's apples after a sale", hers, "180", "180")
	s.record(s.on(s.event("transfer", "Bob", "Alice", 5, "kilogram"), hers, nothing))
	s.has("Alice's apples after some came back", hers, "185", "185")
}

// production-05 and -07: a car that is repaired, stage and state.
func TestARepairedCar(t *testing.T) {
	s := newWorkshop(t, "Alice", "Garage")
	car := s.raise("Alice", "car", 1, "one")
	tested := s.process("Test", nothing) // stands for a specification
	repair := s.process("Oil change", tested)
	in := s.on(s.event("accept", "Alice", "Garage", 1, "one"), car, nothing)
	in.InputOf = repair
	s.record(in)
	s.has("car in the garage", car, "1", "0")
	if r := s.resource(car); r.Custodian != s.agents["Garage"] {
		t.Errorf("the car is with %v", r.Custodian)
	}
	out := s.on(s.event("modify", "Garage", "Alice", 1, "one"), car, nothing)
	out.OutputOf, out.State = repair, "pass"
	s.record(out)
	s.has("car", car, "1", "1")
	if r := s.resource(car); r.Custodian != s.agents["Alice"] || r.Stage != tested || r.StateText != "pass" {
		t.Errorf("the car is with %v, stage %v, state %q", r.Custodian, r.Stage, r.StateText)
	}
}

// The stage follows what its process is based on, as amended: by the last
// amendment that says so and counts, through any number of them.
func TestAStageFollowsTheAmendedProcess(t *testing.T) {
	s := newWorkshop(t, "Alice", "Garage")
	car := s.raise("Alice", "car", 1, "one")
	washed, tested := s.process("Wash", nothing), s.process("Test", nothing)
	work := s.process("Work", washed)
	out := s.on(s.event("modify", "Garage", "Alice", 1, "one"), car, nothing)
	out.OutputOf = work
	s.record(out)
	amend := func(of protocol.EntryID, fields map[string]protocol.Value) protocol.EntryID {
		t.Helper()
		w, err := s.Submit(context.Background(), ledger.Draft{Commons: s.id, Body: &protocol.Record{Type: "Process", Of: of, Fields: fields}})
		if err != nil {
			t.Fatal(err)
		}
		return w.Entry.ID()
	}
	is := func(when string, stage protocol.EntryID, text string) {
		t.Helper()
		for range 2 { // what was read is kept
			if r := s.resource(car); r.Stage != stage || r.StageText != text {
				t.Errorf("%s: stage %v %q, want %v %q", when, r.Stage, r.StageText, stage, text)
			}
		}
	}
	is("as it was written", washed, "")
	done := amend(work, map[string]protocol.Value{"finished": true})
	is("amended otherwise", washed, "")
	then := amend(done, map[string]protocol.Value{"basedOn": tested})
	is("amended", tested, "")
	text := amend(then, map[string]protocol.Value{"basedOn": "https://a.example/sale"})
	is("amended to a text", nothing, "https://a.example/sale")
	amend(text, map[string]protocol.Value{"basedOn": nil})
	is("taken away", nothing, "")
}

// production-10: gowns go into a package.
func TestGownsArePacked(t *testing.T) {
	s := newWorkshop(t)
	gown := s.raise("Ana", "gown", 1, "one")
	packing := s.process("Pack", nothing)
	in := s.on(s.event("combine", "Ana", "Ana", 1, "one"), gown, nothing)
	in.InputOf = packing
	s.record(in)
	out := s.event("produce", "Ana", "Ana", 1, "one")
	out.OutputOf, out.NewInventoriedResource = packing, &protocol.NewResource{ConformsTo: "package"}
	parcel := s.record(out)
	s.has("packed gown", gown, "1", "0")
	if r := s.resource(gown); r.ContainedIn != parcel {
		t.Errorf("the gown is in %v, want %v", r.ContainedIn, parcel)
	}
	unpacking := s.process("Unpack", nothing)
	away := s.on(s.event("consume", "Ana", "Ana", 1, "one"), parcel, nothing)
	away.InputOf = unpacking
	s.record(away)
	again := s.on(s.event("separate", "Ana", "Ana", 1, "one"), gown, nothing)
	again.OutputOf = unpacking
	s.record(again)
	s.has("gown", gown, "1", "1")
	if r := s.resource(gown); !r.ContainedIn.IsZero() {
		t.Errorf("the gown is still in %v", r.ContainedIn)
	}
}

// production-09, as the table of actions has it: testing changes what is on hand
// and not what is accounted for.
func TestBuckets(t *testing.T) {
	s := newWorkshop(t)
	buckets, polymer := s.raise("Ana", "bucket", 320, "one"), s.raise("Ana", "polymer", 2455, "kilogram")
	s.record(s.on(s.event("consume", "Ana", "Ana", 925, "kilogram"), polymer, nothing))
	s.record(s.on(s.event("produce", "Ana", "Ana", 1000, "one"), buckets, nothing))
	s.record(s.on(s.event("accept", "Ana", "Ana", 1000, "one"), buckets, nothing))
	s.record(s.on(s.event("modify", "Ana", "Ana", 998, "one"), buckets, nothing))
	back := s.on(s.event("produce", "Ana", "Ana", 18, "kilogram"), polymer, nothing)
	back.ResourceQuantity.Scale = 1
	s.record(back)
	s.has("buckets", buckets, "1320", "1318")
	s.has("polymer", polymer, "1531.8", "1531.8")
}

func TestEventsOnResourcesThatAreRefused(t *testing.T) {
	s := newWorkshop(t, "Bob")
	apples := s.raise("Ana", "apples", 10, "kilogram")
	work := s.record(s.event("work", "Bob", "Ana", 1, "hour"))
	payment := func(change func(*protocol.Event)) *protocol.Event {
		body := s.on(s.event("consume", "Ana", "Ana", 1, "kilogram"), apples, nothing)
		change(body)
		return body
	}
	for want, body := range map[ledger.Reason]*protocol.Event{
		"not-an-input":        payment(func(b *protocol.Event) { b.Action, b.InputOf = "produce", work }),
		"not-an-output":       payment(func(b *protocol.Event) { b.OutputOf = work }),
		"no-second-resource":  payment(func(b *protocol.Event) { b.ToResourceInventoriedAs = apples }),
		"creates-no-resource": payment(func(b *protocol.Event) { b.NewInventoriedResource = &protocol.NewResource{ConformsTo: "x"} }),
		"quantity-missing": payment(func(b *protocol.Event) {
			b.ResourceQuantity, b.EffortQuantity = nil, &protocol.Quantity{N: 1, Unit: "hour"}
		}),
		"not-a-resource":          payment(func(b *protocol.Event) { b.ResourceInventoriedAs = work }),
		"other-specification":     payment(func(b *protocol.Event) { b.ResourceConformsTo = "pears" }),
		"units-not-comparable":    payment(func(b *protocol.Event) { b.ResourceQuantity.Unit = "litre" }),
		"corrects-something-else": payment(func(b *protocol.Event) { b.Corrects = apples }),
		"resource-twice": payment(func(b *protocol.Event) {
			b.Action, b.NewInventoriedResource = "raise", &protocol.NewResource{ConformsTo: "x"}
		}),
		"correction-creates": payment(func(b *protocol.Event) {
			b.Action, b.Corrects, b.NewInventoriedResource = "raise", apples, &protocol.NewResource{ConformsTo: "x"}
		}),
	} {
		_, err := s.Submit(context.Background(), ledger.Draft{Commons: s.id, Body: body})
		var void *ledger.VoidError
		if !errors.As(err, &void) || void.Reason != want {
			t.Errorf("want %s, got %v", want, err)
		}
	}
	unknown := payment(func(b *protocol.Event) { b.ResourceInventoriedAs[3] ^= 1 })
	if _, err := s.Submit(context.Background(), ledger.Draft{Commons: s.id, Body: unknown}); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("an unknown resource gives %v", err)
	}
	s.has("apples", apples, "10", "10")
}

func TestResourcesAreFound(t *testing.T) {
	s := newWorkshop(t, "Bob")
	ctx := context.Background()
	apples, pears := s.raise("Ana", "Äpfel", 10, "kilogram"), s.raise("Bob", "pears", 5, "kilogram")
	imported := s.event("raise", "Ana", "Ana", 1, "one")
	imported.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText("pears"), ConformsTo: "pears"}
	imported.Ext = map[string]protocol.Value{"resourceSource": "mfg:31"}
	theirs := s.record(imported)
	for text, want := range map[string]protocol.EntryID{
		"äpfel": apples, apples.String(): apples, apples.String()[:30]: apples, "mfg:31": theirs,
	} {
		r, err := s.FindResource(ctx, s.id, text)
		if err != nil || r.ID != want {
			t.Errorf("%q finds %v, %v", text, r.ID, err)
		}
	}
	var several *ledger.SeveralError
	if _, err := s.FindResource(ctx, s.id, "pears"); !errors.As(err, &several) || len(several.Candidates) != 2 {
		t.Errorf("two resources of one name: %v", err)
	}
	if _, err := s.FindResource(ctx, s.id, "plums"); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("no such resource: %v", err)
	}
	for _, c := range []struct {
		filter ledger.ResourceFilter
		want   int
	}{
		{ledger.ResourceFilter{}, 3},
		{ledger.ResourceFilter{ConformsTo: "pears"}, 2},
		{ledger.ResourceFilter{PrimaryAccountable: s.agents["Bob"]}, 1},
		{ledger.ResourceFilter{Custodian: s.agents["Ana"], ConformsTo: "pears"}, 1},
		{ledger.ResourceFilter{Contested: true}, 0},
		{ledger.ResourceFilter{Source: "mfg:31"}, 1},
	} {
		var all []ledger.Resource
		after := ""
		for {
			page, next, err := s.Resources(ctx, s.id, c.filter, ledger.Page{After: after, Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, page...)
			if after = next; next == "" {
				break
			}
		}
		if len(all) != c.want {
			t.Errorf("%+v selects %d resources, want %d", c.filter, len(all), c.want)
		}
	}
	if r := s.resource(pears); r.State != ledger.Settled && r.State != ledger.Pending {
		t.Errorf("pears are %s", r.State)
	}
}
