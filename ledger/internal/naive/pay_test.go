package naive

import (
	"testing"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// village is a scene with one witness, in which everything was settled. Ana may
// go 10.00 below zero, and Mara paid her 5.00 and then the record Rosa 1.00.
type village struct {
	*scene
	ana, beto, mara *actor
	toAna, toRosa   protocol.Entry
	rosa            protocol.AgentID
}

func newVillage(t *testing.T) *village {
	s := newScene(t, 1)
	v := &village{scene: s, ana: s.authors[0], beto: s.authors[1], mara: s.authors[2]}
	v.rosa = protocol.AgentID{EntryID: s.records[0]}
	v.newCharterOf(1000)
	v.meet(9)
	v.toAna = v.send(v.mara, transfer(v.mara.log.Agent(), v.ana.log.Agent(), "hora", 500))
	v.toRosa = v.send(v.mara, transfer(v.mara.log.Agent(), v.rosa, "hora", 100))
	v.meet(9)
	return v
}

// newCharterOf is a charter without exceptions.
func (v *village) newCharterOf(limit int64) {
	v.newCharter(v.charter.tip, limit)
	terms := v.terms[v.charter.tip.ID()]
	c := terms.Currencies["hora"]
	c.Exceptions = nil
	terms.Currencies["hora"] = c
}

// send writes an event under the charter in force.
func (v *village) send(a *actor, b *protocol.Event) protocol.Entry { return v.write(a, b) }

// upTo names an entry as a watermark for an account.
func upTo(account protocol.AgentID, e protocol.Entry) protocol.Watermark {
	return protocol.Watermark{Account: account, Log: e.Log, Seq: e.Seq, CID: e.ID()}
}

func (v *village) is(e protocol.Entry, want string) {
	v.t.Helper()
	if got, _ := v.eval().State(e.ID()); got != want {
		v.t.Errorf("the entry is %s, want %s", got, want)
	}
}

func TestPayments(t *testing.T) {
	for _, c := range []struct {
		name string
		pay  func(v *village, b *protocol.Event) // b pays 10.00 from Ana to Beto
		want string
	}{
		{"to the limit", func(v *village, b *protocol.Event) {}, Pending},
		{"one hundredth beyond", func(v *village, b *protocol.Event) { b.ResourceQuantity.N++ }, Void},
		{"nothing", func(v *village, b *protocol.Event) { b.ResourceQuantity.N = 0 }, Void},
		{"less than nothing", func(v *village, b *protocol.Event) { b.ResourceQuantity.N = -5 }, Void},
		{"the largest amount", func(v *village, b *protocol.Event) { b.ResourceQuantity.N = protocol.MaxMantissa }, Void},
		{"fewer places", func(v *village, b *protocol.Event) { b.ResourceQuantity.N, b.ResourceQuantity.Scale = 10, 0 }, Pending},
		{"more places than the currency has", func(v *village, b *protocol.Event) { b.ResourceQuantity.Scale = 3 }, Void},
		{"another unit", func(v *village, b *protocol.Event) { b.ResourceQuantity.Unit = "hour" }, Void},
		{"no quantity", func(v *village, b *protocol.Event) { b.ResourceQuantity = nil }, Void},
		{"an unknown currency", func(v *village, b *protocol.Event) { b.Currency = "peso" }, Void},
		{"an issued currency that Ana has none of", func(v *village, b *protocol.Event) { b.Currency = "USD" }, Void},
		{"as a correction", func(v *village, b *protocol.Event) { b.Corrects = v.toAna.ID() }, Void},
		{"by another action", func(v *village, b *protocol.Event) { b.Action = "transferCustody" }, Void},
		{"to herself", func(v *village, b *protocol.Event) { b.Receiver = b.Provider }, Void},
		{"to nobody", func(v *village, b *protocol.Event) { b.Receiver = protocol.AgentID{} }, Void},
		{"from another's account", func(v *village, b *protocol.Event) { b.Provider = v.mara.log.Agent() }, Void},
		{"from the commons", func(v *village, b *protocol.Event) { b.Provider = protocol.AgentID(v.Commons) }, Void},
		{"with a credit", func(v *village, b *protocol.Event) {
			b.ResourceQuantity.N = 1500
			b.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), v.toAna)}
		}, Pending},
		{"with a credit, up to a later entry", func(v *village, b *protocol.Event) {
			b.ResourceQuantity.N = 1500
			b.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), v.toRosa)}
		}, Pending},
		{"beyond a credit", func(v *village, b *protocol.Event) {
			b.ResourceQuantity.N = 1501
			b.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), v.toAna)}
		}, Void},
		{"with the same credit twice", func(v *village, b *protocol.Event) {
			b.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), v.toAna), upTo(v.ana.log.Agent(), v.toAna)}
		}, Void},
		{"with a credit claimed before", func(v *village, b *protocol.Event) {
			first := transfer(v.ana.log.Agent(), v.mara.log.Agent(), "hora", 1)
			first.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), v.toAna)}
			v.send(v.ana, first)
			b.Claims = first.Claims
		}, Void},
		{"with a credit that only a void payment claimed", func(v *village, b *protocol.Event) {
			first := transfer(v.ana.log.Agent(), v.mara.log.Agent(), "hora", 99999)
			first.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), v.toAna)}
			v.send(v.ana, first)
			b.Claims = first.Claims
			b.ResourceQuantity.N = 1500
		}, Pending},
		{"with a credit to somebody else", func(v *village, b *protocol.Event) {
			b.Claims = []protocol.Watermark{upTo(v.beto.log.Agent(), v.toAna)}
		}, Void},
		{"with a credit to a record that is not bound to her", func(v *village, b *protocol.Event) {
			b.Claims = []protocol.Watermark{upTo(v.rosa, v.toRosa)}
		}, Void},
		{"with a credit to a record that is bound to her", func(v *village, b *protocol.Event) {
			v.write(v.charter, &protocol.Bind{Agent: v.rosa.EntryID, Log: v.ana.log})
			v.meet(9)
			b.ResourceQuantity.N = 1100
			b.Claims = []protocol.Watermark{upTo(v.rosa, v.toRosa)}
		}, Pending},
		{"with a credit to a record that was bound to another first", func(v *village, b *protocol.Event) {
			v.write(v.charter, &protocol.Bind{Agent: v.rosa.EntryID, Log: v.beto.log})
			v.write(v.charter, &protocol.Bind{Agent: v.rosa.EntryID, Log: v.ana.log})
			v.meet(9)
			b.Claims = []protocol.Watermark{upTo(v.rosa, v.toRosa)}
		}, Void},
		{"with a watermark of another seq", func(v *village, b *protocol.Event) {
			b.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), v.toAna)}
			b.Claims[0].Seq++
		}, Void},
		{"with a watermark of another log", func(v *village, b *protocol.Event) {
			b.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), v.toAna)}
			b.Claims[0].Log = v.beto.log // not settled so far
		}, Waiting},
		{"with a watermark in her own log", func(v *village, b *protocol.Event) {
			b.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), v.ana.first)}
		}, Void},
		{"with a watermark that nobody holds", func(v *village, b *protocol.Event) {
			b.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), v.toAna)}
			b.Claims[0].CID[0] ^= 1 // another entry is settled there
		}, Void},
		{"with a credit that is not settled", func(v *village, b *protocol.Event) {
			credit := v.send(v.mara, transfer(v.mara.log.Agent(), v.ana.log.Agent(), "hora", 100))
			b.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), credit)}
		}, Waiting},
		{"with a credit on a branch of a fork", func(v *village, b *protocol.Event) {
			v.mara.tip = v.mara.first
			credit := v.send(v.mara, transfer(v.mara.log.Agent(), v.ana.log.Agent(), "hora", 300))
			b.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), credit)}
		}, Void},
		{"wrong in itself while a watermark waits", func(v *village, b *protocol.Event) {
			credit := v.send(v.mara, transfer(v.mara.log.Agent(), v.ana.log.Agent(), "hora", 100))
			b.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), credit)}
			b.Receiver = b.Provider
		}, Waiting},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := newVillage(t)
			b := transfer(v.ana.log.Agent(), v.beto.log.Agent(), "hora", 1000)
			c.pay(v, b)
			v.is(v.send(v.ana, b), c.want)
		})
	}
}

func TestPins(t *testing.T) {
	v := newVillage(t)
	pay := func(pin int64, hundredths int64) protocol.Entry {
		b := transfer(v.ana.log.Agent(), v.beto.log.Agent(), "hora", hundredths)
		return v.put(v.ana, v.draft(v.ana, v.ana.tip, pin, b))
	}
	before := v.charter.tip.Seq
	v.is(pay(before, 200), Pending)
	v.newCharterOf(100)
	waits := pay(before+1, 1)
	v.is(waits, Waiting) // the version is not settled yet
	v.meet(9)
	v.is(waits, Void)               // already below the new limit
	v.is(pay(before, 100), Pending) // the pin of a void payment does not count
	v.newCharterOf(5000)
	v.meet(9)
	v.is(pay(before+2, 100), Pending)
	v.is(pay(before, 100), Void) // older than the pin before
	v.is(pay(before+2, 100), Pending)
	v.is(pay(before+9, 1), Waiting)
	v.is(v.write(v.ana, &protocol.Confirm{Target: v.toAna.ID(), Verdict: protocol.VerdictConfirm}), Waiting)
}

func TestPoolAndOutside(t *testing.T) {
	v := newVillage(t)
	pool := protocol.AgentID(v.Commons)
	v.is(v.send(v.charter, transfer(pool, v.ana.log.Agent(), "USD", 1)), Void)
	v.is(v.send(v.charter, transfer(v.rosa, pool, "hora", 1000)), Void) // members create that one
	v.is(v.send(v.charter, transfer(pool, pool, "USD", 1000)), Void)
	v.is(v.send(v.charter, transfer(v.rosa, pool, "USD", 1000)), Pending)
	paid := v.send(v.charter, transfer(pool, v.ana.log.Agent(), "USD", 600))
	v.is(paid, Pending)
	v.is(v.send(v.charter, transfer(pool, v.ana.log.Agent(), "USD", 401)), Void)
	v.is(v.send(v.charter, transfer(pool, v.ana.log.Agent(), "hora", 1)), Void) // the pool has no limit of its own
	v.meet(9)
	b := transfer(v.ana.log.Agent(), pool, "USD", 250)
	b.Claims = []protocol.Watermark{upTo(v.ana.log.Agent(), paid)}
	back := v.send(v.ana, b)
	v.meet(9)
	b = transfer(pool, v.beto.log.Agent(), "USD", 650)
	b.Claims = []protocol.Watermark{upTo(pool, back)}
	v.is(v.send(v.charter, b), Pending)
	s := v.eval()
	for agent, want := range map[protocol.AgentID][2]int64{
		{}: {-1000, -1000}, pool: {650, 0}, v.ana.log.Agent(): {350, 350}, v.beto.log.Agent(): {0, 650},
	} {
		got := s.Accounts[Account{Currency: "USD", Agent: agent}]
		if got.Settled != total(want[0]) || got.Pending != total(want[1]) {
			t.Errorf("account %v has %v settled and %v pending, want %v and %v", agent, got.Settled, got.Pending, total(want[0]), total(want[1]))
		}
	}
	if broken := s.Broken(); broken != "" {
		t.Error(broken)
	}
}

func total(hundredths int64) rules.Total {
	return rules.TotalOf(protocol.Amount{N: hundredths, Scale: 2})
}
