package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// table is a table of a charter file.
type table = map[string]protocol.Value

// sharing is a charter by which income in USD is shared in some buckets.
func sharing(buckets ...protocol.Value) table {
	doc := money("Taller")
	doc["bucket"] = buckets
	return doc
}

func rule(action, resource, rate, per string, more table) table {
	r := table{"action": action, "rate": rate, "per": per}
	if resource != "" {
		r["resource"] = resource
	}
	maps.Copy(r, more)
	return r
}

// shop is a commons whose members and others record an example.
type shop struct {
	*workshop
	who map[string]*node // members besides Ana, who have nodes of their own
}

func newShop(t *testing.T, doc table, agents ...string) *shop {
	t.Helper()
	w := newWorld(t)
	n := w.node()
	ctx := context.Background()
	c, err := n.CreateCommonsFrom(ctx, doc, "Ana")
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{workshop: &workshop{node: n, t: t, id: c.ID, agents: map[string]protocol.AgentID{
		"Ana": c.Me.Agent(), "Taller": protocol.AgentID(c.ID),
	}}, who: map[string]*node{}}
	for _, name := range agents {
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

// join lets somebody in with a node of its own.
func (s *shop) join(name string) *node {
	s.t.Helper()
	ctx := context.Background()
	n := s.w.node()
	n.pull(s.node, s.id)
	link, err := s.Invite(ctx, s.id, 1, s.w.now.Add(1e12))
	if err != nil {
		s.t.Fatal(err)
	}
	n.pull(s.node, s.id)
	joined, err := n.Join(ctx, link, name)
	if err != nil {
		s.t.Fatal(err)
	}
	s.agents[name], s.who[name] = joined.Entry.Log.Agent(), n
	s.meet()
	return n
}

// meet lets all nodes exchange everything, and the witness vote.
func (s *shop) meet() {
	s.t.Helper()
	all := []*node{s.node}
	for _, name := range slices.Sorted(maps.Keys(s.who)) {
		all = append(all, s.who[name])
	}
	(&house{w: s.w, id: s.id, nodes: all}).meet()
}

// treasury writes in the log of the commons.
func (s *shop) treasury(body protocol.Body) protocol.EntryID {
	s.t.Helper()
	p, err := s.SubmitTo(context.Background(), s.id.Charter(), ledger.Draft{Commons: s.id, Body: body})
	if err != nil || p.Written == nil {
		s.t.Fatalf("%+v, %v", p, err)
	}
	return p.Written.Entry.ID()
}

// usd is a payment.
func (s *shop) usd(from, to string, cents int64) *protocol.Event {
	return &protocol.Event{
		Action: "transfer", Provider: s.agents[from], Receiver: s.agents[to], Currency: "USD",
		ResourceQuantity: &protocol.Quantity{N: cents, Scale: 2, Unit: "one"},
	}
}

// income records income for something.
func (s *shop) income(cents int64, what protocol.EntryID) protocol.EntryID {
	body := s.usd("Cliente", "Taller", cents)
	body.ResourceInventoriedAs = what
	return s.treasury(body)
}

// given shows who gets what of a distribution.
func (s *shop) given(d ledger.Distribution) map[string]string {
	sums := map[string]string{}
	for _, line := range d.Lines {
		sums[line.Bucket+" "+line.Agent.Name] = line.Amount.String()
	}
	sums["rest"] = d.Remainder.String()
	return sums
}

func request(cents int64, incomes ...protocol.EntryID) ledger.DistributionRequest {
	return ledger.DistributionRequest{Amount: protocol.Amount{N: cents, Scale: 2}, Currency: "USD", Version: -1, Incomes: incomes}
}

func (s *shop) preview(q ledger.DistributionRequest) ledger.Distribution {
	s.t.Helper()
	d, err := s.PreviewDistribution(context.Background(), s.id, q)
	if err != nil {
		s.t.Fatal(err)
	}
	return d
}

// hours is work of somebody, recorded by Ana, which confirms it.
func (s *shop) hours(who string, n int64, what string, process protocol.EntryID) protocol.EntryID {
	body := s.event("work", who, "Taller", n, "hour")
	body.ResourceConformsTo, body.InputOf = what, process
	return s.record(body)
}

// openHardware is the example of a device that is sold for 400.00: a design that is
// cited, a print on a printer of one's own, with filament that was bought out of a
// box, of which half is built in.
type openHardware struct {
	*shop
	income, device, printing protocol.EntryID
	sale                     protocol.EntryID
}

func openHardwareCharter() table {
	rules := func(claim string) []protocol.Value {
		trace := table{"scope": "trace", "claim": claim}
		with := func(more table) table { m := maps.Clone(trace); maps.Copy(m, more); return m }
		return []protocol.Value{
			rule("work", "Diseño", "30", "hour", trace),
			rule("work", "Impresión", "20", "hour", trace),
			rule("work", "Montaje", "25", "hour", trace),
			rule("use", "Impresora", "5", "hour", trace),
			rule("transfer", "USD", "1", "one", trace),
			with(table{"action": "cite", "percent": "10", "credit": "source"}),
		}
	}
	doc := sharing(
		table{"name": "reserve", "percent": "20", "to": "Taller"},
		table{"name": "costs", "percent": "100", "of": "remaining", "rule": rules("debt")},
		table{"name": "surplus", "percent": "100", "of": "remaining", "rule": rules("once")},
	)
	doc["weight"] = []protocol.Value{
		table{"resource": "Carcasa", "value": "45"},
		table{"resource": "Retal", "per": "kilogram", "value": "20"},
	}
	return doc
}

func newOpenHardware(t *testing.T) *openHardware {
	s := &openHardware{shop: newShop(t, openHardwareCharter(), "Cliente", "Tienda", "Eva", "Iván", "Luis", "Tomás")}
	mara := s.join("Mara")
	ctx := context.Background()
	// The box of the commons is filled by two members: Ana gives her part of an
	// income, and so does Mara.
	s.treasury(s.usd("Cliente", "Taller", 6000))
	for _, name := range []string{"Ana", "Mara"} {
		s.treasury(s.usd("Taller", name, 3000))
	}
	s.meet()
	for _, n := range []struct {
		name string
		*node
	}{{"Ana", s.node}, {"Mara", mara}} {
		if _, err := n.Submit(ctx, ledger.Draft{Commons: s.id, Body: s.usd(n.name, "Taller", 3000)}); err != nil {
			t.Fatal(err)
		}
	}
	s.meet()
	agreement := s.record2("Agreement", "Compra de filamento", nil)
	bought := s.event("transfer", "Tienda", "Taller", 2, "kilogram")
	bought.RealizationOf = agreement
	bought.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText("Bobina"), ConformsTo: "Filamento"}
	filament := s.record(bought)
	paid := s.usd("Taller", "Tienda", 4000)
	paid.RealizationOf = agreement
	s.treasury(paid)

	output := func(process protocol.EntryID, what string, n, scale int64, unit string) protocol.EntryID {
		b := s.event("produce", "Taller", "Taller", n, unit)
		b.ResourceQuantity.Scale = scale
		b.OutputOf, b.NewInventoriedResource = process, &protocol.NewResource{Name: protocol.PlainText(what), ConformsTo: what}
		return s.record(b)
	}
	input := func(action, provider string, process, resource protocol.EntryID, n, scale int64, unit string) protocol.EntryID {
		b := s.event(action, provider, "Taller", n, unit)
		if b.ResourceQuantity != nil {
			b.ResourceQuantity.Scale = scale
		}
		b.InputOf, b.ResourceInventoriedAs = process, resource
		return s.record(b)
	}
	design := s.process("Diseño", nothing)
	s.hours("Eva", 8, "Diseño", design)
	s.hours("Iván", 2, "Diseño", design)
	plans := output(design, "Planos", 1, 0, "one")

	s.printing = s.process("Impresión", nothing)
	minutes := s.event("work", "Luis", "Taller", 3, "hour")
	minutes.EffortQuantity, minutes.InputOf, minutes.ResourceConformsTo = &protocol.Quantity{N: 180, Unit: "minute-Time"}, s.printing, "Impresión"
	s.record(minutes)
	printer := s.event("raise", "Tomás", "Tomás", 1, "one")
	printer.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText("Prusa"), ConformsTo: "Impresora"}
	machine := s.record(printer)
	input("use", "Tomás", s.printing, machine, 4, 0, "hour")
	input("consume", "Taller", s.printing, filament, 15, 1, "kilogram")
	input("cite", "Luis", s.printing, plans, 1, 0, "one")
	casings := output(s.printing, "Carcasa", 2, 0, "one")
	output(s.printing, "Retal", 5, 1, "kilogram")

	assembling := s.process("Montaje", nothing)
	input("consume", "Taller", assembling, casings, 1, 0, "one")
	own := s.hours("Ana", 2, "Montaje", assembling)
	s.device = output(assembling, "Aparato", 1, 0, "one")
	sale := s.event("transfer", "Taller", "Cliente", 1, "one")
	sale.ResourceInventoriedAs = s.device
	s.sale = s.record(sale)
	s.meet()
	mara.submit(s.id, &protocol.Confirm{Target: own, Verdict: protocol.VerdictConfirm})
	s.meet()
	s.income = s.shop.income(40000, s.device)
	s.meet()
	return s
}

// record2 records a record of a class.
func (s *shop) record2(class, name string, fields table) protocol.EntryID {
	s.t.Helper()
	w, err := s.Submit(context.Background(), ledger.Draft{Commons: s.id, Body: &protocol.Record{
		Type: class, Name: protocol.PlainText(name), Fields: fields,
	}})
	if err != nil {
		s.t.Fatal(err)
	}
	return w.Entry.ID()
}

var openHardwareLines = map[string]string{
	"reserve Taller": "80.00",
	"costs Ana":      "56.75", "costs Mara": "6.75", "costs Luis": "27.00", "costs Tomás": "9.00", "costs Eva": "3.96", "costs Iván": "0.99",
	"surplus Ana": "117.12", "surplus Mara": "13.93", "surplus Luis": "55.72", "surplus Tomás": "18.57",
	"surplus Eva": "8.17", "surplus Iván": "2.04",
	"rest": "0.00",
}

// TestOpenHardwareIsShared has the figures of a device that is sold for 400.00, with
// the entries as the tools of those who made it write them.
func TestOpenHardwareIsShared(t *testing.T) {
	s := newOpenHardware(t)
	d := s.preview(request(40000, s.income))
	if diff := cmp.Diff(openHardwareLines, s.given(d)); diff != "" {
		t.Errorf("(-want +got):\n%s\n%+v", diff, d.Computed)
	}
}

// TestADistributionStaysAsItIs commits a distribution, and lets things happen that
// would change it if it were computed over what there is now.
func TestADistributionStaysAsItIs(t *testing.T) {
	s := newOpenHardware(t)
	ctx := context.Background()
	d, err := s.ProposeDistribution(ctx, s.id, request(40000, s.income))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(openHardwareLines, s.given(d)); diff != "" || d.State != ledger.DistributionSettled {
		t.Errorf("%s (-want +got):\n%s", d.State, diff)
	}
	s.meet()
	mara := s.who["Mara"]
	verified := func(when string, n *node) {
		t.Helper()
		check, err := n.VerifyDistribution(ctx, s.id, d.ID)
		if err != nil || len(check.Differences) > 0 || len(check.Missing) > 0 || check.Distribution.Computed == nil {
			t.Fatalf("%s: %+v, missing %d, %v", when, check.Differences, len(check.Missing), err)
		}
		got, err := n.Distribution(ctx, s.id, d.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d.Lines, got.Lines); diff != "" {
			t.Errorf("%s, lines (-before +now):\n%s", when, diff)
		}
		var computed []string
		for _, line := range check.Distribution.Computed.Lines {
			computed = append(computed, fmt.Sprint(line.Agent, line.Bucket, line.Amount))
		}
		var stated []string
		for _, line := range d.Lines {
			stated = append(stated, fmt.Sprint(line.Agent.ID, line.Bucket, line.Amount))
		}
		if diff := cmp.Diff(stated, computed); diff != "" {
			t.Errorf("%s, computed (-stated +computed):\n%s", when, diff)
		}
	}
	verified("at once", s.node)
	verified("on another node", mara)

	// Work of Luis is withdrawn by a correction, that of Eva disputed, and more
	// recorded; the charter changes, and another distribution follows.
	var luis, eva ledger.Event
	events, _, err := s.Events(ctx, s.id, ledger.EventFilter{Action: "work"}, ledger.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		switch e.Body.Provider {
		case s.agents["Luis"]:
			luis = e
		case s.agents["Eva"]:
			eva = e
		}
	}
	less := *luis.Body
	less.EffortQuantity = &protocol.Quantity{N: -90, Unit: "minute-Time"}
	less.Corrects, less.PreviousEvent = luis.ID, nil
	s.record(&less)
	mara.submit(s.id, &protocol.Confirm{Target: eva.ID, Verdict: protocol.VerdictDispute})
	s.hours("Iván", 100, "Impresión", s.printing)
	s.meet()
	verified("after a correction, a dispute and late work", s.node)
	history, err := s.CharterHistory(ctx, s.id)
	if err != nil {
		t.Fatal(err)
	}
	doc := maps.Clone(history[len(history)-1].Doc)
	doc["bucket"] = []protocol.Value{table{"name": "all", "percent": "100", "rule": []protocol.Value{rule("work", "", "1", "hour", nil)}}}
	if _, err := s.ProposeCharter(ctx, s.id, doc); err != nil {
		t.Fatal(err)
	}
	s.shop.income(1000, nothing)
	s.meet()
	verified("after a change of the charter", mara)
	second, err := s.ProposeDistribution(ctx, s.id, request(1000))
	if err != nil {
		t.Fatal(err)
	}
	s.meet()
	verified("after another distribution", s.node)
	check, err := mara.VerifyDistribution(ctx, s.id, second.ID)
	if err != nil || len(check.Differences) > 0 || len(check.Missing) > 0 {
		t.Errorf("the second: %+v, missing %v, %v", check.Differences, check.Missing, err)
	}

	fresh := s.w.node()
	fresh.pull(s.node, s.id)
	(&house{w: s.w, id: s.id, nodes: []*node{s.node, fresh}}).meet()
	verified("on a new node", fresh)
	fresh.reopen()
	verified("opened again", fresh)

	list, _, err := fresh.Distributions(ctx, s.id, ledger.Page{})
	if err != nil || len(list) != 2 || list[0].ID != second.ID || list[1].ID != d.ID {
		t.Errorf("%d distributions, %v; want the second, then the first", len(list), err)
	}
}

// TestWhy compares the sums of what an agent is told with its lines.
func TestWhy(t *testing.T) {
	s := newOpenHardware(t)
	ctx := context.Background()
	q := request(40000, s.income)
	d := s.preview(q)
	for _, name := range []string{"Ana", "Mara", "Luis", "Tomás", "Eva", "Iván"} {
		why, err := s.WhyPreview(ctx, s.id, q, s.agents[name])
		if err != nil {
			t.Fatal(err)
		}
		if len(why) != 2 {
			t.Errorf("%s: %d reasons, want costs and surplus", name, len(why))
		}
		for _, reason := range why {
			var sum int64
			for _, e := range reason.Events {
				sum += e.Amount.N
				if e.Body.ID != e.Event || e.Provider.Name == "" {
					t.Errorf("%s: event %v has body %v of %q", name, e.Event, e.Body.ID, e.Provider.Name)
				}
			}
			if sum != reason.Amount.N || reason.Amount.N == 0 {
				t.Errorf("%s is told of %d in %s, and gets %d", name, sum, reason.Bucket, reason.Amount.N)
			}
			if want := s.given(d)[reason.Bucket+" "+name]; reason.Amount.String() != want {
				t.Errorf("%s: %s of %s, want %s", name, reason.Amount, reason.Bucket, want)
			}
		}
	}
}

func TestWhatCannotBePreviewed(t *testing.T) {
	s := newOpenHardware(t)
	ctx := context.Background()
	other := request(100)
	other.Currency = "EUR"
	mutual := request(100, s.income)
	mutual.Currency = "hora"
	over := request(100)
	over.Amount = protocol.Amount{N: 1005, Scale: 3}
	tried := request(100)
	tried.Document = table{"name": "Taller", "bucket": []protocol.Value{table{"name": "x", "percent": "101"}}}
	late := request(100)
	late.Version = 1000
	for _, c := range []struct {
		what string
		q    ledger.DistributionRequest
		want error
		text string
	}{
		{"nothing", request(0), ledger.ErrInvalid, "no amount"},
		{"less than nothing", request(-5), ledger.ErrInvalid, "no amount"},
		{"more than there is", request(4200000), ledger.ErrInvalid, "420"},
		{"a fraction of a cent", over, ledger.ErrInvalid, "1.005"},
		{"a currency that is not there", other, ledger.ErrInvalid, "EUR"},
		{"an income in another currency", mutual, ledger.ErrInvalid, ""},
		{"an income that is not there", request(100, protocol.EntryID{1}), ledger.ErrNotFound, "income"},
		{"an income that is none", request(100, s.sale), ledger.ErrInvalid, "no income"},
		{"an income twice", request(100, s.income, s.income), ledger.ErrInvalid, "twice"},
		{"a charter that is none", tried, ledger.ErrInvalid, "percent"},
		{"a version to come", late, ledger.ErrNotFound, "1000"},
	} {
		_, err := s.PreviewDistribution(ctx, s.id, c.q)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %v with %q", c.what, err, c.want, c.text)
		}
	}
	tried.Document = openHardwareCharter()
	if _, err := s.ProposeDistribution(ctx, s.id, tried); !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("rules that are tried out are proposed: %v", err)
	}
	if d := s.preview(tried); len(d.Lines) == 0 {
		t.Error("rules that are tried out give nothing")
	}
}
