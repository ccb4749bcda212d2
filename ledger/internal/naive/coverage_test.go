package naive

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/minga-commons/minga/protocol"
)

// TestHistoriesHaveItAll counts what happens in the histories, so that the other
// tests do not come to be about nothing.
func TestHistoriesHaveItAll(t *testing.T) {
	count := map[string]int{}
	look := func(s *State) {
		count[fmt.Sprint(len(s.epochs), " epochs")]++
		for x, e := range s.entries {
			count[fmt.Sprint(e.Kind, " ", s.states[x])]++
			for _, what := range s.happenings(x) {
				count[what]++
			}
		}
		for _, l := range s.Logs {
			if l.Frozen {
				count["frozen log"]++
			}
		}
	}
	for seed := range uint64(200) {
		h := Generate(seed)
		look(Eval(h.Commons, h.Rules, h.Entries))
		look(Eval(h.Commons, h.Rules, h.Part(rand.New(rand.NewPCG(seed, 1)), 40)))
	}
	for _, what := range slices.Sorted(maps.Keys(count)) {
		t.Logf("%6d %s", count[what], what)
	}
	for _, what := range []string{
		"1 epochs", "2 epochs", "3 epochs", "4 epochs", "frozen log",
		"event settled", "event pending", "event void", "event waiting", "event frozen", "event cut",
		"witnesses settled", "witnesses void", "witnesses frozen", "remove settled", "remove void", "bind settled", "bind void",
		"declare settled", "declare pending", "declare void", "declare waiting", "declare of a record bound", "declare by a steward", "declare of somebody else",
		"close settled", "close frozen", "charter settled", "charter frozen", "confirm settled",
		"void is settled", "credit claimed", "credit of a bound record claimed", "credit from the pool claimed",
		"credit claimed by the pool", "issued currency paid", "income settled", "income void", "one branch settled",
		"settled beyond a cut", "settled and waiting",
		"last part settled", "last part pending", "last part void", "last part frozen", "last part waiting", "earlier part void",
		"row never finished", "row forked", "distribution of what members paid in", "credit claimed by a distribution",
		"credit of a distribution claimed", "credit of a distribution to a bound record claimed",
		"resource", "contested resource", "resource with two leaves", "resource with an event adrift", "resource made by a branch",
		"confirmed", "not confirmed", "window", "confirmed by a steward", "confirmed correction", "confirmed by the rule of a plan",
		"confirmed by the rule of a process", "confirmed by the rule of a quantity", "recorded for oneself by a record bound",
		"verdict on oneself by a record bound", "disputed",
		"record settled", "record void", "amendment", "amendment of no right", "promise met", "passed on", "event belied", "correction", "correction belied", "names what is not there", "rounded",
	} {
		if count[what] == 0 {
			t.Errorf("none of the histories has: %s", what)
		}
	}
}

// happenings names what is worth to be counted about an entry.
func (s *State) happenings(x int) (all []string) {
	e := s.entries[x]
	note := func(is bool, what string) {
		if is {
			all = append(all, what)
		}
	}
	cut, removed := s.cutOf(e.Log)
	note(s.cert.has(x) && removed && e.Seq > cut, "settled beyond a cut")
	note(s.cert.has(x) && s.states[x] == Waiting, "settled and waiting")
	note(s.cert.has(x) && s.forked(x), "one branch settled")
	s.thingsHappen(x, note)
	s.verdictsHappen(x, note)
	if b, is := e.Body.(*protocol.Record); is {
		_, counts := s.counts(e.ID())
		to, held := s.at[b.Of]
		note(counts && held && s.distance(x, b.Of) == 1 && s.amends(x, to), "amendment")
		note(counts && held && s.distance(x, b.Of) == 1 && !s.amends(x, to), "amendment of no right")
		note(s.Given(e.ID()) != "0", "promise met")
	}
	s.sharingHappens(x, note)
	s.usesHappen(x, note)
	if !payment(e) {
		return all
	}
	note(s.cert.has(x) && s.states[x] == Void, "void is settled")
	note(s.income(x), "income "+s.states[x])
	if s.states[x] != Settled {
		return all
	}
	note(!s.governs(x) && s.currency(x) == "USD", "issued currency paid")
	for _, c := range s.judge(x).claimed {
		note(true, "credit claimed")
		note(s.governs(x), "credit claimed by the pool")
		note(s.governs(c.by), "credit from the pool claimed")
		note(s.part(c.by) != nil, "credit of a distribution claimed")
		note(s.part(c.by) != nil && c.account != e.Log.Agent(), "credit of a distribution to a bound record claimed")
		note(c.account != e.Log.Agent(), "credit of a bound record claimed")
	}
	return all
}

// usesHappen notes what is worth to be counted about a declaration of use.
func (s *State) usesHappen(x int, note func(is bool, what string)) {
	e := s.entries[x]
	b, is := e.Body.(*protocol.Declare)
	if !is || b.Agent == e.Log.Agent() {
		return
	}
	stands := s.states[x] == Settled || s.states[x] == Pending
	to := s.boundTo(b.Agent.EntryID, s.pinned(x))
	note(stands && to == e.Log, "declare of a record bound")
	note(stands && to.IsZero(), "declare by a steward")
	note(s.states[x] == Void && plausible(b, e.Time), "declare of somebody else")
}

// sharingHappens notes what is worth to be counted about a part of a distribution.
func (s *State) sharingHappens(x int, note func(is bool, what string)) {
	b := s.part(x)
	if b == nil {
		return
	}
	last := b.Part == b.Parts-1
	note(last && b.Parts > 1, "last part "+s.states[x])
	note(!last && s.states[x] == Void, "earlier part void")
	finishes := func(y int) bool { return s.part(y) != nil && s.effective(y) }
	note(!last && len(s.next[x]) > 0 && !slices.ContainsFunc(s.next[x], finishes) && s.states[x] == Settled, "row never finished")
	note(s.forked(x) && b.Part > 0, "row forked")
	if last && s.states[x] == Settled {
		note(len(s.part(s.row(x)[0]).Claims) > 0, "distribution of what members paid in")
		note(len(s.judge(x).claimed) > 0, "credit claimed by a distribution")
	}
}

// verdictsHappen notes what is worth to be counted about what members say of an
// event.
func (s *State) verdictsHappen(x int, note func(is bool, what string)) {
	a, is := s.actOf(x)
	if _, counts := s.counts(s.entries[x].ID()); !is || !counts {
		return
	}
	subject := x
	if y, counts := s.counts(a.Corrects); counts {
		subject = y
	}
	until, confirmed := s.confirmedFrom(x)
	ask := s.asked(x, subject)
	log := s.entries[x].Log
	bound := a.Provider != log.Agent() && s.own(a.Provider, log)
	note(confirmed, "confirmed")
	note(!confirmed, "not confirmed")
	note(confirmed && until > 0, "window")
	note(confirmed && ask.Stewards && ask.Required > 0, "confirmed by a steward")
	note(confirmed && subject != x, "confirmed correction")
	note(confirmed && ask.Plan != "", "confirmed by the rule of a plan")
	note(confirmed && ask.Process != "", "confirmed by the rule of a process")
	note(confirmed && ask.Per != "", "confirmed by the rule of a quantity")
	note(bound, "recorded for oneself by a record bound")
	for _, other := range s.logs {
		said := s.said(other, a.id)
		note(len(said) > 0 && other != log && other.Agent() != a.Provider && s.own(a.Provider, other), "verdict on oneself by a record bound")
		note(len(said) > 0 && verdictOf(said[len(said)-1]) == protocol.VerdictDispute, "disputed")
	}
}

// thingsHappen notes what is worth to be counted about an event on resources.
func (s *State) thingsHappen(x int, note func(is bool, what string)) {
	a, is := s.actOf(x)
	if !is {
		return
	}
	note(s.belied(x), "event belied")
	note(s.belied(x) && !a.Corrects.IsZero(), "correction belied")
	_, counts := s.counts(a.id)
	if !counts {
		return
	}
	note(!a.Corrects.IsZero(), "correction")
	_, there := s.counts(a.from)
	note(!a.from.IsZero() && !there, "names what is not there")
	r, made := s.Resource(a.id)
	if !made {
		return
	}
	note(true, "resource")
	note(len(r.Contested) > 0, "contested resource")
	note(len(r.Leaves) > 1, "resource with two leaves")
	note(s.forked(x), "resource made by a branch")
	note(len(r.Accounting) > 11 && strings.Contains(r.Accounting, "."), "rounded")
	deeds := map[protocol.EntryID]*deed{}
	for y, e := range s.entries {
		if d, is := s.actOf(y); is && (d.from == a.id || d.to == a.id) {
			if _, counts := s.counts(e.ID()); counts {
				deeds[e.ID()] = d.deed(a.id)
			}
		}
	}
	s.order(deeds, a.id)
	for _, d := range deeds {
		note(!d.placed, "resource with an event adrift")
		note(d.accGone || d.handGone, "passed on")
	}
}
