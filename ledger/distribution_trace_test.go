package ledger_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// fund pays members out of an income, so that they have something to give.
func (s *shop) fund(names ...string) {
	s.t.Helper()
	s.treasury(s.usd("Cliente", "Taller", 100000*int64(len(names))))
	for _, name := range names {
		s.treasury(s.usd("Taller", name, 100000))
	}
	s.meet()
}

// give has a member pay into the pool.
func (s *shop) give(name string, cents int64) {
	s.t.Helper()
	from := s.node
	if n := s.who[name]; n != nil {
		from = n
	}
	from.submit(s.id, s.usd(name, "Taller", cents))
	s.meet()
}

// buy buys something for the commons with its money.
func (s *shop) buy(what string, n int64, unit string, cents int64) protocol.EntryID {
	s.t.Helper()
	agreement := s.record2("Agreement", "Compra de "+what, nil)
	bought := s.event("transfer", "Tienda", "Taller", n, unit)
	bought.RealizationOf = agreement
	bought.NewInventoriedResource = &protocol.NewResource{Name: protocol.PlainText(what), ConformsTo: what}
	resource := s.record(bought)
	paid := s.usd("Taller", "Tienda", cents)
	paid.RealizationOf = agreement
	s.treasury(paid)
	return resource
}

// TestAToolIsCreditedToItsSource has a tool that the commons bought for 1,000.00,
// of which two members had given 600.00 and 400.00: an hour of use, worth 50.00,
// is theirs in that proportion, whoever used it.
func TestAToolIsCreditedToItsSource(t *testing.T) {
	for _, scope := range []string{"period", "trace"} {
		rules := []protocol.Value{
			rule("use", "Sierra", "50", "hour", table{"scope": scope, "credit": "source", "claim": "debt"}),
			rule("transfer", "USD", "1", "one", table{"scope": "trace", "claim": "debt"}),
		}
		s := newShop(t, sharing(table{"name": "tools", "percent": "100", "rest": "pool", "rule": rules}), "Cliente", "Tienda", "Luis")
		s.join("Mara")
		s.fund("Ana", "Mara")
		s.give("Ana", 60000)
		s.give("Mara", 40000)
		saw := s.buy("Sierra", 1, "one", 100000)
		process := s.process("Muebles", nothing)
		use := s.event("use", "Luis", "Taller", 1, "hour")
		use.InputOf, use.ResourceInventoriedAs = process, saw
		s.record(use)
		made := s.event("produce", "Taller", "Taller", 1, "one")
		made.OutputOf, made.NewInventoriedResource = process, &protocol.NewResource{ConformsTo: "Mesa"}
		table := s.record(made)
		income := s.income(8000, table)
		s.meet()
		want := map[string]string{"tools Ana": "30.00", "tools Mara": "20.00", "rest": "30.00"}
		if diff := cmp.Diff(want, s.given(s.preview(request(8000, income)))); diff != "" {
			t.Errorf("scope %s (-want +got):\n%s", scope, diff)
		}
	}
}

// TestABoxAndAStockAreMixed has a box of money that is filled, half spent, and
// filled again, and a stock of wood that was given and bought; a part of the stock
// goes into what is sold.
//
// Ana gives 60.00 and Mara 30.00; paint is bought for 45.00, so that 30.00 and
// 15.00 of theirs are left. Beto gives 45.00. Wood is bought for 60.00: two thirds
// of what is in the box, 20.00 of Ana's, 10.00 of Mara's and 30.00 of Beto's. To
// these 6 kg of wood Luis adds 2 kg of his own, worth 5.00 each; 4 kg are used:
// half of all. So 10.00 are Ana's, 5.00 Mara's, 15.00 Beto's and 5.00 Luis's.
func TestABoxAndAStockAreMixed(t *testing.T) {
	rules := []protocol.Value{
		rule("transfer", "USD", "1", "one", table{"scope": "trace", "claim": "debt"}),
		rule("raise", "Madera", "5", "kilogram", table{"scope": "trace", "claim": "debt"}),
	}
	s := newShop(t, sharing(table{"name": "costs", "percent": "100", "rest": "pool", "rule": rules}), "Cliente", "Tienda", "Luis")
	s.join("Mara")
	s.join("Beto")
	s.fund("Ana", "Mara", "Beto")
	s.give("Ana", 6000)
	s.give("Mara", 3000)
	s.buy("Pintura", 1, "one", 4500)
	s.give("Beto", 4500)
	wood := s.buy("Madera", 6, "kilogram", 6000)
	more := s.event("raise", "Luis", "Taller", 2, "kilogram")
	more.ResourceInventoriedAs = wood
	s.record(more)
	process := s.process("Muebles", nothing)
	used := s.event("consume", "Taller", "Taller", 4, "kilogram")
	used.InputOf, used.ResourceInventoriedAs = process, wood
	s.record(used)
	made := s.event("produce", "Taller", "Taller", 1, "one")
	made.OutputOf, made.NewInventoriedResource = process, &protocol.NewResource{ConformsTo: "Mesa"}
	desk := s.record(made)
	sold := s.event("transfer", "Taller", "Cliente", 1, "one")
	sold.ResourceInventoriedAs = desk
	sale := s.record(sold)
	s.meet()
	want := map[string]string{"costs Ana": "10.00", "costs Mara": "5.00", "costs Beto": "15.00", "costs Luis": "5.00", "rest": "65.00"}
	byText := s.usd("Cliente", "Taller", 10000)
	byText.ResourceConformsTo = "Mesa"
	for what, income := range map[string]protocol.EntryID{
		"the resource": s.income(10000, desk), "the delivery": s.income(10000, sale), "the specification": s.treasury(byText),
	} {
		s.meet()
		if diff := cmp.Diff(want, s.given(s.preview(request(10000, income)))); diff != "" {
			t.Errorf("paid for %s (-want +got):\n%s", what, diff)
		}
	}
	// Two incomes for the same thing: it counts once.
	both := s.preview(request(10000, s.income(5000, desk), s.income(5000, sale)))
	if diff := cmp.Diff(want, s.given(both)); diff != "" {
		t.Errorf("paid for twice (-want +got):\n%s", diff)
	}
}

// TestAnAccountOfSeveralPassesItsMoneyOn has a tool that an account of two members
// bought for 1,000.00, to which they had paid 600.00 and 400.00. It is theirs, and
// not the account's as well.
func TestAnAccountOfSeveralPassesItsMoneyOn(t *testing.T) {
	rules := []protocol.Value{
		rule("use", "Sierra", "50", "hour", table{"scope": "trace", "credit": "source", "claim": "debt"}),
		rule("transfer", "USD", "1", "one", table{"scope": "trace", "claim": "debt"}),
	}
	s := newShop(t, sharing(table{"name": "tools", "percent": "100", "rest": "pool", "rule": rules}), "Cliente", "Tienda", "Luis")
	mara := s.join("Mara")
	s.fund("Ana", "Mara")
	ctx := context.Background()
	founded, err := s.CreateAccount(ctx, s.id, "Caja", []protocol.LogID{protocol.LogID(s.agents["Ana"]), protocol.LogID(s.agents["Mara"])}, 2)
	if err != nil || founded.Proposal == nil {
		t.Fatalf("%+v, %v", founded, err)
	}
	signed := func(id protocol.EntryID) {
		t.Helper()
		s.meet()
		if _, err := mara.Approve(ctx, s.id, id); err != nil {
			t.Fatal(err)
		}
		s.meet()
	}
	signed(founded.Proposal.ID)
	s.agents["Caja"] = protocol.AgentID{EntryID: founded.Proposal.Entry.ID()}
	s.submit(s.id, s.usd("Ana", "Caja", 60000))
	mara.submit(s.id, s.usd("Mara", "Caja", 40000))
	s.meet()
	agreement := s.record2("Agreement", "Compra", nil)
	paid := s.usd("Caja", "Tienda", 100000)
	paid.RealizationOf = agreement
	p, err := s.SubmitTo(ctx, protocol.LogID(s.agents["Caja"]), ledger.Draft{Commons: s.id, Body: paid})
	if err != nil || p.Proposal == nil {
		t.Fatalf("%+v, %v", p, err)
	}
	signed(p.Proposal.ID)
	bought := s.event("transfer", "Tienda", "Taller", 1, "one")
	bought.RealizationOf, bought.NewInventoriedResource = agreement, &protocol.NewResource{Name: protocol.PlainText("Sierra"), ConformsTo: "Sierra"}
	saw := s.record(bought)
	process := s.process("Aserrar", nothing)
	used := s.event("use", "Luis", "Taller", 1, "hour")
	used.InputOf, used.ResourceInventoriedAs = process, saw
	s.record(used)
	made := s.event("produce", "Taller", "Taller", 1, "one")
	made.OutputOf, made.NewInventoriedResource = process, &protocol.NewResource{ConformsTo: "Mesa"}
	income := s.income(5000, s.record(made))
	s.meet()
	want := map[string]string{"tools Ana": "30.00", "tools Mara": "20.00", "rest": "0.00"}
	if diff := cmp.Diff(want, s.given(s.preview(request(5000, income)))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestASignerComputesAgain has a steward who proposes lines that the cut does not
// give, and one who lacks what the cut has.
func TestASignerComputesAgain(t *testing.T) {
	s := newOpenHardware(t)
	ctx := context.Background()
	d := s.preview(request(40000, s.income))
	at, err := s.NextCharterTime(ctx, s.id)
	if err != nil {
		t.Fatal(err)
	}
	body := ledger.DistributionBody{
		Version: d.Version, AsOf: at, Currency: "USD", Amount: d.Amount, Incomes: d.Incomes, Cut: d.Cut,
	}
	for _, line := range d.Lines {
		body.Lines = append(body.Lines, protocol.Line{Agent: line.Agent.ID, Bucket: line.Bucket, Amount: line.Amount})
	}
	for i := range body.Lines {
		if body.Lines[i].Bucket == "costs" && body.Lines[i].Agent == s.agents["Ana"] {
			body.Lines[i].Amount.N += 100
		}
		if body.Lines[i].Bucket == "surplus" && body.Lines[i].Agent == s.agents["Ana"] {
			body.Lines[i].Amount.N -= 100
		}
	}
	_, err = s.SubmitDistribution(ctx, s.id, body)
	differs(t, err, ledger.ErrDiffers, "57.75 stated, 56.75 computed")
	far := body
	far.Cut = append([]protocol.Head(nil), body.Cut...)
	far.Cut[0].Seq += 1000
	_, err = s.SubmitDistribution(ctx, s.id, far)
	differs(t, err, ledger.ErrUnsettled, "up to entry 10")
}

func differs(t *testing.T, err, want error, text string) {
	t.Helper()
	if !errors.Is(err, want) || !strings.Contains(err.Error(), text) {
		t.Errorf("%v, want %v with %q", err, want, text)
	}
}
