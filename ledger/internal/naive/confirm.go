package naive

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Asking is what a charter asks of the events that it fits. Empty fields fit every
// event.
type Asking struct {
	Action, Resource, Process, Plan string
	Above                           int64 // of Per; below zero: any quantity
	Per                             string
	Required                        int
	Stewards                        bool // their confirmations alone count
	Days                            int64
}

// Totals returns what an agent contributed, by action, specification and unit, as
// text: how much, how much of it is confirmed, and how much of that is so at a
// time, when windows that are not over then hold it back.
func (s *State) Totals(agent protocol.AgentID, at protocol.Time) string {
	type sums struct{ all, confirmed, ripe rules.Total }
	lines := map[string]sums{}
	events := map[string]int{}
	for x := range s.entries {
		a, is := s.actOf(x)
		if _, counts := s.counts(s.entries[x].ID()); !is || !counts || a.Provider != agent {
			continue
		}
		q := a.ResourceQuantity
		if a.is("effort") && a.EffortQuantity != nil {
			q = a.EffortQuantity
		}
		line := fmt.Sprint(a.Action, " ", a.ResourceConformsTo, " ", q.Unit)
		n := rules.TotalOf(q.Amount())
		sum := lines[line]
		sum.all = sum.all.Add(n)
		if until, confirmed := s.confirmedFrom(x); confirmed {
			sum.confirmed = sum.confirmed.Add(n)
			if until <= at {
				sum.ripe = sum.ripe.Add(n)
			}
		}
		lines[line] = sum
		events[line]++
	}
	var text []string
	for _, line := range slices.Sorted(maps.Keys(lines)) {
		sum := lines[line]
		text = append(text, fmt.Sprintf("%s: %d events, %v, confirmed %v, at the time %v", line, events[line], sum.all, sum.confirmed, sum.ripe))
	}
	return strings.Join(text, "\n")
}

// confirmedFrom reports whether what members say of an event that counts is what
// its charter asks for, and from when on it has stood for long enough.
func (s *State) confirmedFrom(x int) (protocol.Time, bool) {
	e := s.entries[x]
	b := e.Body.(*protocol.Event)
	subject, from := x, protocol.Time(0)
	if !b.Corrects.IsZero() {
		y, counts := s.counts(b.Corrects)
		if !counts {
			return 0, false
		}
		until, confirmed := s.confirmedFrom(y)
		if !confirmed {
			return 0, false
		}
		subject, from = y, until
	}
	ask := s.asked(x, subject)
	if b.Corrects != (protocol.EntryID{}) && s.own(b.Provider, e.Log) && lowers(b) {
		ask = Asking{}
	}
	since, n, disputed := e.Time, 0, false
	var when []protocol.Time
	spoke := false
	for _, log := range s.logs {
		said := s.said(log, e.ID())
		if log == e.Log {
			spoke = len(said) > 0
		}
		said = slices.DeleteFunc(said, func(v protocol.Entry) bool { return !s.speaks(v) })
		if s.own(b.Provider, log) || len(said) == 0 {
			continue
		}
		last := len(said) - 1
		if verdictOf(said[last]) == protocol.VerdictDispute {
			disputed = true
		}
		for i := 0; i < last; i++ {
			if verdictOf(said[i]) == protocol.VerdictDispute && verdictOf(said[i+1]) != protocol.VerdictDispute {
				since = max(since, said[i+1].Time)
			}
		}
		first := len(said)
		for first > 0 && verdictOf(said[first-1]) == protocol.VerdictConfirm && (!ask.Stewards || s.stewards(said[first-1])) {
			first--
		}
		if first <= last {
			n++
			when = append(when, said[first].Time)
		}
	}
	if !spoke && b.Source == "" && !s.own(b.Provider, e.Log) && s.speaks(e) && (!ask.Stewards || s.stewards(e)) {
		n++
		when = append(when, e.Time)
	}
	if disputed || n < ask.Required {
		return 0, false
	}
	slices.Sort(when)
	if ask.Required > 0 {
		since = max(since, when[ask.Required-1])
	}
	if ask.Days > 0 {
		const day = 24 * 60 * 60 * 1000
		from = max(from, since-since%day+protocol.Time(ask.Days)*day)
	}
	return from, true
}

// speaks reports whether what the author of an entry says of others counts: in an
// open commons once the charter log has admitted it, and for a steward.
func (s *State) speaks(e protocol.Entry) bool {
	x := s.chainAt(s.chartered(), e.Charter)
	return !s.termsAt(x).Open || e.Log == s.commons.Charter() || s.stewards(e) || s.admittedAt(e.Log, x)
}

func verdictOf(e protocol.Entry) protocol.Verdict { return e.Body.(*protocol.Confirm).Verdict }

func lowers(b *protocol.Event) bool {
	return (b.ResourceQuantity == nil || b.ResourceQuantity.N <= 0) && (b.EffortQuantity == nil || b.EffortQuantity.N <= 0)
}

// said returns what a log says of an entry, in order.
func (s *State) said(log protocol.LogID, target protocol.EntryID) (all []protocol.Entry) {
	for _, x := range s.inLog[log] {
		b, is := s.entries[x].Body.(*protocol.Confirm)
		if _, counts := s.counts(s.entries[x].ID()); is && counts && b.Target == target {
			all = append(all, s.entries[x])
		}
	}
	return all
}

// own reports whether a log speaks for an agent.
func (s *State) own(agent protocol.AgentID, log protocol.LogID) bool {
	speaker := func(a protocol.AgentID) protocol.AgentID {
		if to := s.boundTo(a.EntryID, s.chartered()); !to.IsZero() {
			return to.Agent()
		}
		return a
	}
	return log.Agent() == agent || log.Agent() == speaker(agent) || speaker(log.Agent()) == speaker(agent)
}

// asked returns what the charter that an event pins asks of it; subject is the
// event itself, or what it corrects.
func (s *State) asked(x, subject int) Asking {
	b := s.entries[x].Body.(*protocol.Event)
	for _, ask := range s.termsAt(s.chainAt(s.chartered(), s.entries[x].Charter)).Asking {
		if s.fits(ask, subject) && exceeds(b, ask) {
			return ask
		}
	}
	return Asking{Required: 1}
}

func exceeds(b *protocol.Event, ask Asking) bool {
	if ask.Above < 0 {
		return true
	}
	q := b.EffortQuantity
	if q == nil || kinds[q.Unit] != kinds[ask.Per] {
		q = b.ResourceQuantity
	}
	if q == nil || kinds[q.Unit] != kinds[ask.Per] {
		return false
	}
	n, size := q.N, sizes[q.Unit]
	limit := ask.Above * sizes[ask.Per]
	for range q.Scale {
		limit *= 10
	}
	return n*size > limit
}

// fits reports whether an event is one of those of which something is asked.
func (s *State) fits(ask Asking, x int) bool {
	a, _ := s.actOf(x)
	if ask.Action != "" && ask.Action != a.Action {
		return false
	}
	if ask.Resource != "" && !slices.Contains(s.callsThing(a), ask.Resource) {
		return false
	}
	processes := []protocol.EntryID{a.InputOf, a.OutputOf}
	if ask.Process != "" && !slices.ContainsFunc(processes, func(p protocol.EntryID) bool { return slices.Contains(s.callsProcess(p), ask.Process) }) {
		return false
	}
	if ask.Plan == "" {
		return true
	}
	for _, f := range a.Fulfills {
		if b := s.recordOf(f, "Commitment", "Intent"); b != nil {
			for _, property := range []string{"inputOf", "outputOf"} {
				if p, is := b.Fields[property].(protocol.EntryID); is {
					processes = append(processes, p)
				}
			}
			if slices.Contains(s.callsPlan(b.Fields["plannedWithin"]), ask.Plan) || slices.Contains(s.callsPlan(b.Fields["independentDemandOf"]), ask.Plan) {
				return true
			}
		}
	}
	return slices.ContainsFunc(processes, func(p protocol.EntryID) bool {
		b := s.recordOf(p, "Process")
		return b != nil && slices.Contains(s.callsPlan(b.Fields["plannedWithin"]), ask.Plan)
	})
}

// recordOf returns a record that counts, as it was first written.
func (s *State) recordOf(id protocol.EntryID, classes ...string) *protocol.Record {
	x, counts := s.counts(id)
	if !counts {
		return nil
	}
	b, is := s.entries[x].Body.(*protocol.Record)
	if !is || !b.Of.IsZero() || !slices.Contains(classes, b.Type) {
		return nil
	}
	return b
}

func (s *State) callsThing(a act) []string {
	named := a.ResourceInventoriedAs
	if named.IsZero() {
		named = a.ToResourceInventoriedAs
	}
	spec, made := a.ResourceConformsTo, a
	if !named.IsZero() {
		x, counts := s.counts(named)
		if made = (act{}); counts {
			made, _ = s.actOf(x)
		}
	}
	calls := []string{named.String()}
	if made.Event != nil && made.NewInventoriedResource != nil {
		calls = append(calls, made.id.String(), made.NewInventoriedResource.Name.Plain)
		if spec == "" {
			spec = made.spec()
		}
	}
	return append(calls, spec)
}

func (s *State) callsProcess(id protocol.EntryID) []string {
	calls := []string{id.String()}
	b := s.recordOf(id, "Process")
	if b == nil {
		return calls
	}
	calls = append(calls, b.Name.Plain)
	switch based := b.Fields["basedOn"].(type) {
	case string:
		calls = append(calls, based)
	case protocol.EntryID:
		calls = append(calls, based.String())
		if kind := s.recordOf(based, "ProcessSpecification"); kind != nil {
			calls = append(calls, kind.Name.Plain)
		}
	}
	return calls
}

func (s *State) callsPlan(v protocol.Value) []string {
	id, is := v.(protocol.EntryID)
	if !is {
		return nil
	}
	calls := []string{id.String()}
	if b := s.recordOf(id, "Plan"); b != nil {
		calls = append(calls, b.Name.Plain)
	}
	return calls
}
