package cut

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// voice is a verdict on an event.
type voice struct {
	event   int32
	log     int32
	seq     int64
	time    protocol.Time
	verdict protocol.Verdict
	steward bool

	stranger bool // it does not count
}

// early is a verdict that was read before what it is on.
type early struct {
	target protocol.EntryID
	voice
}

// hearing gathers verdicts.
type hearing struct {
	early []early
	known []voice
}

func (h *hearing) verdict(r *reader, e protocol.Entry, b *protocol.Confirm) {
	terms := r.termsAt(int32(e.Charter))
	v := voice{
		event: r.ids.find(r.events, &b.Target), log: r.log, seq: e.Seq, time: e.Time,
		verdict: verdictOf(b.Verdict), steward: terms.Steward(e.Log), stranger: !r.speaks(r.log, e.Charter),
	}
	if v.event >= 0 {
		h.known = append(h.known, v)
	} else {
		h.early = append(h.early, early{b.Target, v})
	}
}

// speaks reports whether what a log says counts where it pins a charter seq.
func (f *Facts) speaks(log int32, pin int64) bool {
	terms := f.termsAt(int32(pin))
	if !terms.Open || f.logs[log].id == f.commons.Charter() {
		return true
	}
	a := flow.Admission{Terms: *terms, Admitted: f.logs[log].admitted}
	return a.Speaks(f.logs[log].id, pin)
}

// letIn reports whether an event is by somebody whom the commons has let in by the
// cut: what others write in an open commons enters no distribution.
func (f *Facts) letIn(r *round, row *row) bool {
	if !f.termsAt(row.charter).Open || f.speaks(row.log, int64(row.charter)) {
		return true
	}
	charter, held := f.logOf[f.commons.Charter()]
	at := f.logs[row.log].admitted
	return held && at >= 0 && at <= r.upTo[charter]
}

// verdictOf returns the constant, so that the text that was read need not be kept.
func verdictOf(v protocol.Verdict) protocol.Verdict {
	switch v {
	case protocol.VerdictConfirm:
		return protocol.VerdictConfirm
	case protocol.VerdictDispute:
		return protocol.VerdictDispute
	}
	return protocol.VerdictWithdraw
}

// voices has the verdicts of each event, ascending by log and seq.
type voices struct {
	all  []voice
	from []int32 // by event, and one more
}

func (v *voices) of(event int) []voice { return v.all[v.from[event]:v.from[event+1]] }

// sorted puts verdicts together by event. Those that were read before their event
// stand in logs before those that were read after it, so that each list is in
// order as it is.
func (h *hearing) sorted(f *Facts) voices {
	v := voices{from: make([]int32, len(f.events)+1)}
	for i := range h.early {
		if at := f.ids.find(f.events, &h.early[i].target); at >= 0 {
			h.early[i].event = at
			v.from[at+1]++
		}
	}
	for i := range h.known {
		v.from[h.known[i].event+1]++
	}
	for i := 1; i < len(v.from); i++ {
		v.from[i] += v.from[i-1]
	}
	v.all = make([]voice, v.from[len(v.from)-1])
	next := make([]int32, len(f.events))
	put := func(x voice) {
		v.all[v.from[x.event]+next[x.event]] = x
		next[x.event]++
	}
	for i := range h.early {
		if h.early[i].event >= 0 {
			put(h.early[i].voice)
		}
	}
	for _, x := range h.known {
		put(x)
	}
	return v
}

func (f *Facts) termsAt(seq int32) *rules.Terms {
	t, known := f.terms[seq]
	if !known {
		read := f.source.Terms(int64(seq))
		t = &read
		f.terms[seq] = t
	}
	return t
}

// count finds which events count in a round.
func (f *Facts) count(i int) error {
	r := &f.rounds[i]
	var err error
	if r.void, err = f.judge(r); err != nil {
		return err
	}
	r.counts = newBits(len(f.events))
	w := weighing{Facts: f, round: r}
	var corrections []int32
	for e := range f.events {
		event := int32(e)
		if !f.stands(r, event) || r.waits[f.rows[e].key] || !f.letIn(r, &f.rows[e]) {
			continue
		}
		if f.rows[e].is&isMoney != 0 || w.confirmed(event) {
			r.counts.add(e)
			if f.events[e].Corrects >= 0 {
				corrections = append(corrections, event)
			}
		}
	}
	f.dropCorrections(r, corrections)
	return nil
}

// dropCorrections takes corrections out of what counts in a round if what they
// correct does not count. Each is looked at once, however long the chains are.
func (f *Facts) dropCorrections(r *round, all []int32) {
	done := newBits(len(f.events))
	var chain []int32
	for _, event := range all {
		chain = chain[:0]
		for event >= 0 && f.events[event].Corrects >= 0 && r.counts.has(int(event)) && !done.has(int(event)) {
			chain = append(chain, event)
			event = f.named[f.linkOf(event).corrects]
		}
		counts := event >= 0 && r.counts.has(int(event))
		for _, c := range chain {
			done.add(int(c))
			if !counts {
				r.counts.remove(int(c))
			}
		}
	}
}

// weighing asks whether events are confirmed at the cut of a round.
type weighing struct {
	*Facts
	*round
	history []flow.Voice
}

func (w *weighing) confirmed(event int32) bool {
	row := &w.rows[event]
	s, _ := w.standing(event, w.logs[row.log].id)
	return s.State == flow.StandsConfirmed
}

// standing returns how far an event has come, and what it needs.
func (w *weighing) standing(event int32, log protocol.LogID) (flow.Standing, flow.Need) {
	row, ev := &w.rows[event], &w.events[event]
	provider := w.owner[ev.Provider]
	w.history = w.history[:0]
	for _, v := range w.voices.of(int(event)) {
		if v.seq <= w.upTo[v.log] {
			w.history = append(w.history, flow.Voice{
				Log: w.logs[v.log].id, Seq: v.seq, Verdict: v.verdict, Time: v.time, Steward: v.steward, Stranger: v.stranger,
			})
		}
	}
	c := &w.termsAt(row.charter).Confirmation
	b := protocol.Event{}
	if row.is&isImported != 0 {
		b.Source = "x"
	}
	subject := event
	if ev.Corrects >= 0 {
		subject = int32(ev.Corrects)
		b.Corrects = w.events[subject].ID
	}
	if ev.Corrects >= 0 || len(c.Rules) > 0 {
		kind := &w.kinds[ev.Kind]
		b.EffortQuantity, b.ResourceQuantity = quantity(ev.Effort, kind.EffortUnit), quantity(ev.Resource, kind.ResourceUnit)
	}
	need := flow.NeedOf(*c, w.keys[w.rows[subject].key].subject, &b)
	need.Silent = !w.speaks(row.log, int64(row.charter))
	own := func(id protocol.LogID) bool { return w.owner[w.logs[w.logOf[id]].agent] == provider }
	return flow.Weigh(need, protocol.Entry{Log: log, Seq: row.seq, Time: row.recorded}, &b, own, w.history, w.AsOf), need
}

// quantity returns the quantity of an event again, nil if it has none.
func quantity(t rules.Total, unit string) *protocol.Quantity {
	if unit == "" {
		return nil
	}
	a, err := protocol.ParseAmount(t.String())
	if err != nil {
		return nil // none is so large: it was read from a quantity
	}
	return &protocol.Quantity{N: a.N, Scale: a.Scale, Unit: unit}
}
