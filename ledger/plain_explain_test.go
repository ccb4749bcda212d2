package ledger_test

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// explain logs the claims of both versions.
func (x *tale) explain(n *node, p plain, d ledger.Distribution, past []plainRound) {
	if *sharings != 1 {
		return
	}
	r := plainRound{cut: d.Cut, asOf: d.Time, version: d.Version, currency: d.Currency, amount: d.Amount, incomes: d.Incomes}
	w := p.at(r)
	short := func(id protocol.EntryID) string { return (id.String() + "              ")[:14] }
	for _, e := range w.list {
		b := e.Body.(*protocol.Event)
		q := b.EffortQuantity
		if q == nil {
			q = b.ResourceQuantity
		}
		text := fmt.Sprintf("%s %s %s->%s %s %s %s counts=%v", short(e.ID()), b.Action, b.Provider.String()[:12], b.Receiver.String()[:12], q.Amount(), q.Unit, w.specification(e.ID()), w.counts(e))
		for name, id := range map[string]protocol.EntryID{"in": b.InputOf, "out": b.OutputOf, "of": b.ResourceInventoriedAs, "to": b.ToResourceInventoriedAs, "corrects": b.Corrects, "agreement": b.RealizationOf} {
			if !id.IsZero() {
				text += " " + name + " " + short(id)
			}
		}
		if b.NewInventoriedResource != nil {
			text += " new"
		}
		x.t.Log(text, b.Currency, b.HasPointInTime, e.Time)
	}
	var incomes []protocol.EntryID
	for _, before := range past {
		incomes = append(incomes, before.incomes...)
	}
	incomes = append(incomes, r.incomes...)
	delivered := w.parts(w.delivered(incomes))
	for id, part := range delivered {
		x.t.Log("delivered", short(id), part.RatString())
	}
	doc, since := p.charterAt(r.version)
	for _, b := range doc.Buckets {
		for i, rule := range b.Rules {
			text := fmt.Sprintf("%s rule %d: %+v %s %s %s %s %s per %s", b.Name, i, rule.Filter, rule.Who, rule.Scope, rule.Stream, rule.Claim, rule.Credit, rule.Per)
			if rule.Rate != nil {
				text += " rate " + rule.Rate.String()
			} else {
				text += " percent " + rule.Percent.String()
			}
			x.t.Log(text)
		}
		x.t.Log(b.Name, b.Percent, b.Remaining, b.Policy, b.Min, b.Max, b.Rest)
		book := p.bookOf(b.Name, r.currency, past)
		book.bound(w)
		claims := valuer{w, b}.claims(book, since[b.Name], delivered)
		for _, c := range claims {
			x.t.Log("plain ", b.Name, short(c.event), c.payee.String()[:12], c.claim, "full", c.full.RatString(), "life", c.life.RatString(), "claim", c.wants.RatString())
		}
		for a, c := range book.carry {
			x.t.Log("plain ", b.Name, "carried", a.String()[:12], c.RatString())
		}
	}
	for i, before := range past {
		w := p.at(before)
		doc, since := p.charterAt(before.version)
		for _, b := range doc.Buckets {
			var all []protocol.EntryID
			for _, r := range past[:i+1] {
				all = append(all, r.incomes...)
			}
			for _, c := range (valuer{w, b}).claims(p.bookOf(b.Name, before.currency, past[:i]), since[b.Name], w.parts(w.delivered(all))) {
				x.t.Log("past", i, "version", before.version, b.Name, short(c.event), c.payee.String()[:12], c.claim, "life", c.life.RatString(), "claim", c.wants.RatString())
			}
		}
	}
	for name, id := range x.agents {
		var why []ledger.DistributionReason
		var err error
		if d.ID.IsZero() {
			q := ledger.DistributionRequest{Amount: d.Amount, Currency: d.Currency, Version: d.Version, Incomes: d.Incomes}
			why, err = n.WhyPreview(context.Background(), x.id, q, id)
		} else {
			why, err = n.WhyDistribution(context.Background(), x.id, d.ID, id)
		}
		x.t.Log(name, err)
		for _, reason := range why {
			for _, c := range reason.Events {
				x.t.Log("ledger", reason.Bucket, c.Basis, short(c.Event), name, "value", c.Value, "before", c.Before, "fraction", c.Fraction, "part", c.Part, "claim", c.Claim.Claim)
			}
		}
	}
}

func (x *tale) tellAgents() (text string) {
	for _, name := range slices.Sorted(maps.Keys(x.agents)) {
		text += fmt.Sprintf("%s %s\n", x.agents[name].String()[:12], name)
	}
	return text
}
