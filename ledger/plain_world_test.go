package ledger_test

import (
	"cmp"
	"context"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// plain is a whole distribution a second time, from what RULES.md says and in the
// slowest way: it keeps nothing, and looks at every entry again for each question.
// The histories that it is given have one signer for each log, no loops of
// processes, and one currency.
type plain struct {
	commons protocol.CommonsID
	logs    map[protocol.LogID][]protocol.Entry
	seen    map[string]int // what was met: a comparison over nothing would say nothing
}

// plainOf reads everything that a node holds.
func plainOf(t *testing.T, n *node, id protocol.CommonsID) plain {
	t.Helper()
	p := plain{id, map[protocol.LogID][]protocol.Entry{}, map[string]int{}}
	for h, err := range n.Heads(context.Background(), id) {
		if err != nil {
			t.Fatal(err)
		}
		for e, err := range n.Entries(context.Background(), protocol.Range{Log: h.Log, Last: -1}) {
			if err != nil {
				t.Fatal(err)
			}
			p.logs[h.Log] = append(p.logs[h.Log], e)
		}
	}
	return p
}

// plainRound is one distribution. Amounts are in units of the currency.
type plainRound struct {
	cut      []protocol.Head
	asOf     protocol.Time
	version  int64
	doc      *charter.Document // instead of that of the version
	currency string
	amount   protocol.Amount
	incomes  []protocol.EntryID
	lines    []protocol.Line
}

// past returns the distributions of the charter log.
func (p plain) past() (all []plainRound) {
	for _, e := range p.logs[p.commons.Charter()] {
		b, is := e.Body.(*protocol.Distribution)
		if !is {
			continue
		}
		if b.Part == 0 {
			all = append(all, plainRound{b.Cut, e.Time, b.Version, nil, b.Currency, *b.Amount, b.Incomes, nil})
		}
		all[len(all)-1].lines = append(all[len(all)-1].lines, b.Lines...)
	}
	return all
}

// charterAt returns the charter under which an entry stands, and the time from
// which each bucket is known.
func (p plain) charterAt(seq int64) (charter.Document, map[string]protocol.Time) {
	var doc charter.Document
	since := map[string]protocol.Time{}
	for _, e := range p.logs[p.commons.Charter()] {
		if b, is := e.Body.(*protocol.Charter); is && e.Seq <= seq {
			doc, _ = charter.Check(b)
			for _, bucket := range doc.Buckets {
				if _, known := since[bucket.Name]; !known {
					since[bucket.Name] = e.Time - e.Time%1000 // its second
				}
			}
		}
	}
	for _, bucket := range doc.Buckets {
		if bucket.Since != "" {
			since[bucket.Name] = moment(bucket.Since)
		}
	}
	return doc, since
}

// moment reads a date or a time.
func moment(text string) protocol.Time {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return protocol.TimeOf(t)
		}
	}
	panic("no time: " + text)
}

// cutWorld is what is held up to a cut.
type cutWorld struct {
	plain
	held map[protocol.EntryID]protocol.Entry
	asOf protocol.Time
	doc  charter.Document // whose weights count
	list []protocol.Entry // events that have their effect, ascending by time
	sure map[protocol.EntryID]bool
}

func (p plain) at(r plainRound) cutWorld {
	w := cutWorld{plain: p, held: map[protocol.EntryID]protocol.Entry{}, asOf: r.asOf}
	for _, h := range r.cut {
		for _, e := range p.logs[h.Log][:h.Seq+1] {
			w.held[e.ID()] = e
		}
	}
	w.doc, _ = p.charterAt(r.version)
	if r.doc != nil {
		w.doc = *r.doc
	}
	w.list, w.sure = w.effective(), map[protocol.EntryID]bool{}
	return w
}

func (w cutWorld) events() []protocol.Entry { return w.list }

func (w cutWorld) effective() (all []protocol.Entry) {
	for _, e := range w.held {
		if w.works(e) {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b protocol.Entry) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), a.ID().Compare(b.ID()))
	})
	return all
}

func (w cutWorld) event(id protocol.EntryID) *protocol.Event {
	b, _ := w.held[id].Body.(*protocol.Event)
	return b
}

// works says whether an entry is an event that has its effect.
func (w cutWorld) works(e protocol.Entry) bool {
	b, is := e.Body.(*protocol.Event)
	if !is {
		return false
	}
	if b.Currency != "" {
		return true
	}
	names := append([]protocol.EntryID{b.InputOf, b.OutputOf, b.ResourceInventoriedAs, b.ToResourceInventoriedAs, b.Corrects, b.RealizationOf}, b.Fulfills...)
	for _, id := range names {
		if _, held := w.held[id]; !held && !id.IsZero() {
			return false
		}
	}
	for _, id := range []protocol.EntryID{b.ResourceInventoriedAs, b.ToResourceInventoriedAs} {
		if id.IsZero() || !w.works(w.held[id]) {
			continue
		}
		at := w.event(id).NewInventoriedResource
		if at == nil || b.Corrects.IsZero() && b.ResourceConformsTo != "" && at.ConformsTo != b.ResourceConformsTo {
			return false
		}
	}
	return true
}

// member says whether an agent has a log.
func (w cutWorld) member(a protocol.AgentID) bool {
	_, has := w.logs[protocol.LogID(a)]
	return has && a != protocol.AgentID(w.commons)
}

// owner follows the first binding.
func (w cutWorld) owner(a protocol.AgentID) protocol.AgentID {
	for _, e := range w.logs[w.commons.Charter()] {
		_, held := w.held[e.ID()]
		if b, is := e.Body.(*protocol.Bind); is && held && b.Agent == a.EntryID {
			return b.Log.Agent()
		}
	}
	return a
}

// ratOf is a quantity in a unit, nil if it cannot be converted.
func ratOf(q *protocol.Quantity, per string) *big.Rat {
	if q == nil {
		return nil
	}
	x, err := unit.Convert(ratAmount(q.Amount()), q.Unit, per)
	if err != nil {
		return nil
	}
	return x
}

func ratAmount(a protocol.Amount) *big.Rat {
	x, ok := new(big.Rat).SetString(a.String())
	if !ok {
		panic(a)
	}
	return x
}

// counts says whether an event counts, with all that it corrects.
func (w cutWorld) counts(e protocol.Entry) bool {
	is, known := w.sure[e.ID()]
	if !known {
		is = w.confirmed(e)
		w.sure[e.ID()] = is
	}
	return is
}

func (w cutWorld) confirmed(e protocol.Entry) bool {
	if !w.works(e) {
		return false
	}
	b := e.Body.(*protocol.Event)
	if b.Currency != "" {
		return true
	}
	if !b.Corrects.IsZero() && !w.counts(w.held[b.Corrects]) {
		return false
	}
	mine := w.owner(b.Provider)
	asked := w.asked(e)
	if !b.Corrects.IsZero() && lowers(b) && w.owner(e.Log.Agent()) == mine {
		asked = charter.ConfirmationRule{}
	}
	type voice struct {
		says    protocol.Verdict
		since   protocol.Time
		steward bool
	}
	last := map[protocol.LogID]voice{}
	begin := e.Time
	for log, entries := range w.logs {
		for _, v := range entries {
			c, is := v.Body.(*protocol.Confirm)
			if _, held := w.held[v.ID()]; !is || !held || c.Target != e.ID() || w.owner(log.Agent()) == mine {
				continue
			}
			before := last[log]
			if before.says == protocol.VerdictDispute && c.Verdict != before.says {
				begin = max(begin, v.Time)
			}
			if before.says != c.Verdict {
				before.since = v.Time
			}
			before.says = c.Verdict
			before.steward = w.steward(log.Agent(), v.Charter)
			last[log] = before
		}
	}
	if _, spoke := last[e.Log]; !spoke && b.Source == "" && w.owner(e.Log.Agent()) != mine {
		last[e.Log] = voice{protocol.VerdictConfirm, e.Time, w.steward(e.Log.Agent(), e.Charter)}
	}
	var times []protocol.Time
	for _, v := range last {
		if v.says == protocol.VerdictDispute {
			return false
		}
		if v.says == protocol.VerdictConfirm && (asked.By != charter.ByStewards || v.steward) {
			times = append(times, v.since)
		}
	}
	if int64(len(times)) < asked.Required {
		return false
	}
	slices.Sort(times)
	if asked.Required > 0 {
		begin = max(begin, times[asked.Required-1])
	}
	return asked.Window.IsZero() || w.asOf >= protocol.TimeOf(asked.Window.After(begin.UTC()))
}

func lowers(b *protocol.Event) bool {
	for _, q := range []*protocol.Quantity{b.EffortQuantity, b.ResourceQuantity} {
		if q != nil && q.N > 0 {
			return false
		}
	}
	return true
}

func (w cutWorld) steward(a protocol.AgentID, seq int64) bool {
	doc, _ := w.charterAt(seq)
	if doc.Stewards.Members == nil {
		for _, s := range w.logs[w.commons.Charter()] {
			if b, is := s.Body.(*protocol.Charter); is {
				return b.Stewards[0].Log.Agent() == a
			}
		}
	}
	return slices.ContainsFunc(doc.Stewards.Members, func(name string) bool { return doc.IDs[name] == a })
}

// asked returns what the charter asks of an event.
func (w cutWorld) asked(e protocol.Entry) charter.ConfirmationRule {
	doc, _ := w.charterAt(e.Charter)
	b := e.Body.(*protocol.Event)
	root := w.root(e)
	for _, r := range doc.Confirmation.Rules {
		if !w.fits(root, r.Filter) {
			continue
		}
		if r.Above != nil {
			q := ratOf(b.EffortQuantity, r.Per)
			if b.EffortQuantity == nil {
				q = ratOf(b.ResourceQuantity, r.Per)
			}
			if q == nil || q.Cmp(ratAmount(*r.Above)) <= 0 {
				continue
			}
		}
		return r
	}
	c := doc.Confirmation
	return charter.ConfirmationRule{Required: c.Required, By: c.By, Window: c.Window}
}

// root follows corrections to what they correct.
func (w cutWorld) root(e protocol.Entry) protocol.Entry {
	for b := e.Body.(*protocol.Event); !b.Corrects.IsZero(); b = e.Body.(*protocol.Event) {
		e = w.held[b.Corrects]
	}
	return e
}

// corrections returns the corrections of an event, of corrections too.
func (w cutWorld) corrections(of protocol.EntryID) (all []protocol.Entry) {
	for _, e := range w.events() {
		if e.Body.(*protocol.Event).Corrects == of {
			all = append(append(all, e), w.corrections(e.ID())...)
		}
	}
	return all
}
