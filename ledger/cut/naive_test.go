package cut

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// story is a random history of several logs, kept in memory as it was written.
type story struct {
	rng      *rand.Rand
	commons  protocol.CommonsID
	logs     []protocol.LogID
	entries  map[protocol.LogID][]protocol.Entry
	now      protocol.Time
	required int64
	window   rules.Period
	pin      int64
	open     bool // log 1 is the steward's; the others are strangers until they are admitted
}

func newStory(t *testing.T, seed uint64) *story {
	s := &story{rng: rand.New(rand.NewPCG(seed, 5)), entries: map[protocol.LogID][]protocol.Entry{}, now: 1_770_000_000_000}
	s.required = int64(s.rng.IntN(3))
	if s.rng.IntN(2) == 0 {
		s.window = rules.Period{Days: 1 + s.rng.IntN(3)}
	}
	s.open = s.rng.IntN(3) == 0
	for i := range 5 {
		body := &protocol.Inception{KeySet: protocol.KeySet{Keys: []protocol.PublicKey{publicKey(byte(i))}, Threshold: 1}, Commons: s.commons}
		body.Agent = protocol.AgentCard{Name: protocol.PlainText(fmt.Sprint("agent ", i)), Type: protocol.Person}
		body.Nonce[0] = byte(i + 1)
		if i == 0 {
			body.Rules, body.Agent.Type = rules.Version, protocol.Organization
		}
		body.KeySet.Next[0] = 1
		e, err := protocol.NewInception(s.now, body)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			s.commons = protocol.CommonsID(e.Log)
		}
		s.logs = append(s.logs, e.Log)
		s.entries[e.Log] = []protocol.Entry{e}
	}
	var events []protocol.Entry
	for range 60 + s.rng.IntN(100) {
		s.now += protocol.Time(s.rng.IntN(40_000_000))
		log := s.logs[1+s.rng.IntN(4)]
		switch n := s.rng.IntN(20); {
		case n < 9 || len(events) == 0:
			e := s.write(t, log, s.event(events))
			events = append(events, e)
		case n == 18 && s.open:
			e := s.write(t, s.logs[0], &protocol.Admit{Log: s.logs[2+s.rng.IntN(3)]})
			if s.pin = e.Seq; s.rng.IntN(2) == 0 {
				s.pin = 0
			}
		case n == 19:
			s.write(t, s.logs[0], &protocol.Bind{Agent: s.logs[3].EntryID, Log: s.logs[1+s.rng.IntN(2)]})
		default:
			verdict := []protocol.Verdict{"confirm", "confirm", "confirm", "dispute", "withdraw"}[s.rng.IntN(5)]
			s.write(t, log, &protocol.Confirm{Target: events[s.rng.IntN(len(events))].ID(), Verdict: verdict})
		}
	}
	return s
}

func publicKey(i byte) protocol.PublicKey {
	private, err := protocol.DeriveKey([protocol.SeedSize]byte{i + 1}, protocol.RoleAuthor, 0, 0)
	if err != nil {
		panic(err)
	}
	return private.Public()
}

func (s *story) event(events []protocol.Entry) *protocol.Event {
	agent := func() protocol.AgentID { return s.logs[1+s.rng.IntN(4)].Agent() }
	b := &protocol.Event{
		Action: "raise", Provider: agent(), Receiver: protocol.AgentID(s.commons),
		ResourceConformsTo: []string{"pan", "sal"}[s.rng.IntN(2)], ResourceQuantity: &protocol.Quantity{N: 1 + s.rng.Int64N(5), Unit: "one"},
	}
	if s.rng.IntN(6) == 0 {
		b.Source = fmt.Sprint("row ", s.now)
	}
	if s.rng.IntN(4) == 0 {
		b.NewInventoriedResource = &protocol.NewResource{ConformsTo: b.ResourceConformsTo}
		return b
	}
	if len(events) == 0 {
		return b
	}
	at := events[s.rng.IntN(len(events))]
	of := at.Body.(*protocol.Event)
	switch s.rng.IntN(4) {
	case 0: // on a resource, or on what is none, or of another specification
		b.ResourceInventoriedAs = at.ID()
	case 1: // a correction, or of something else than it names
		b.Corrects, b.ResourceInventoriedAs, b.Provider, b.Source = at.ID(), of.ResourceInventoriedAs, of.Provider, ""
		b.ResourceConformsTo = of.ResourceConformsTo
		if of.NewInventoriedResource != nil && s.rng.IntN(3) > 0 {
			b.ResourceInventoriedAs = at.ID()
		}
		b.ResourceQuantity.N = s.rng.Int64N(5) - 3
	}
	return b
}

func (s *story) write(t *testing.T, log protocol.LogID, body protocol.Body) protocol.Entry {
	all := s.entries[log]
	last := all[len(all)-1]
	e, err := protocol.New(protocol.Placement{Log: log, Seq: last.Seq + 1, Prev: last.ID(), Time: s.now, Charter: s.pin}, body)
	if err != nil {
		t.Fatal(err)
	}
	s.entries[log] = append(all, e)
	return e
}

// The story is a Source whose verdicts are those of the whole of it.

func (s *story) Entries(_ context.Context, log protocol.LogID, upTo int64, fn func(protocol.Entry) error) error {
	for _, e := range s.entries[log][:upTo+1] {
		if err := fn(e); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) Void(fn func(protocol.EntryID, rules.Reason)) error {
	w := s.world(s.whole())
	for _, list := range s.entries {
		for _, e := range list {
			if reason := w.why(e); reason != rules.Valid {
				fn(e.ID(), reason)
			}
		}
	}
	return nil
}

func (s *story) Find(id protocol.EntryID) (protocol.Entry, bool, error) {
	e, held := s.world(s.whole()).held[id]
	return e, held, nil
}

func (s *story) Terms(int64) rules.Terms {
	t := rules.Terms{Confirmation: rules.Confirmation{Base: rules.Asked{Required: s.required, Window: s.window}}}
	if t.Open = s.open; s.open {
		t.Stewards = []protocol.Steward{{Log: s.logs[1]}}
	}
	return t
}

func (s *story) Admitted(log protocol.LogID) (int64, error) {
	for _, e := range s.entries[s.commons.Charter()] {
		if b, is := e.Body.(*protocol.Admit); is && b.Log == log {
			return e.Seq, nil
		}
	}
	return -1, nil
}

// speaks says whether the author of an entry is a steward or admitted by then.
func (s *story) speaks(e protocol.Entry) bool {
	return !s.open || e.Log == s.logs[1] || slices.ContainsFunc(s.entries[s.commons.Charter()], func(a protocol.Entry) bool {
		b, is := a.Body.(*protocol.Admit)
		return is && b.Log == e.Log && a.Seq <= e.Charter
	})
}

// letIn says whether the author of an entry is let in by what is held.
func (w world) letIn(e protocol.Entry) bool {
	return w.speaks(e) || slices.ContainsFunc(w.entries[w.commons.Charter()], func(a protocol.Entry) bool {
		b, is := a.Body.(*protocol.Admit)
		_, held := w.held[a.ID()]
		return is && held && b.Log == e.Log
	})
}

func (s *story) whole() []protocol.Head {
	var all []protocol.Head
	for _, log := range s.logs {
		list := s.entries[log]
		all = append(all, list[len(list)-1].Head())
	}
	return all
}

// cuts returns some cuts, each above the one before.
func (s *story) cuts(n int) [][]protocol.Head {
	var all [][]protocol.Head
	from := map[protocol.LogID]int64{}
	for range n {
		var at []protocol.Head
		for _, log := range s.logs {
			last := int64(len(s.entries[log]) - 1)
			from[log] += s.rng.Int64N(last - from[log] + 1)
			at = append(at, s.entries[log][from[log]].Head())
		}
		slices.SortFunc(at, func(a, b protocol.Head) int { return a.Log.Compare(b.Log.EntryID) })
		all = append(all, at)
	}
	return all
}

// world is what is held up to a cut: the plain way of looking at it, from the
// entries themselves.
type world struct {
	*story
	held map[protocol.EntryID]protocol.Entry
}

func (s *story) world(cut []protocol.Head) world {
	w := world{s, map[protocol.EntryID]protocol.Entry{}}
	for _, h := range cut {
		for _, e := range s.entries[h.Log][:h.Seq+1] {
			w.held[e.ID()] = e
		}
	}
	return w
}

// why says why an entry has no effect, as RULES.md has it.
func (w world) why(e protocol.Entry) rules.Reason {
	b, is := e.Body.(*protocol.Event)
	if !is {
		return rules.Valid
	}
	if b.ResourceQuantity.N <= 0 && b.Corrects.IsZero() {
		return rules.QuantityNotPositive
	}
	there := func(id protocol.EntryID) (protocol.Entry, bool) {
		at, held := w.held[id]
		return at, held && w.why(at) == rules.Valid
	}
	if at, stands := there(b.ResourceInventoriedAs); stands {
		of, is := at.Body.(*protocol.Event)
		if !is || of.NewInventoriedResource == nil {
			return rules.NotAResource
		}
		if b.Corrects.IsZero() && of.NewInventoriedResource.ConformsTo != b.ResourceConformsTo {
			return rules.OtherSpecification
		}
	}
	if at, stands := there(b.Corrects); stands {
		of, from := at.Body.(*protocol.Event), protocol.EntryID{}
		if from = of.ResourceInventoriedAs; of.NewInventoriedResource != nil {
			from = at.ID()
		}
		if from != b.ResourceInventoriedAs {
			return rules.CorrectsOther
		}
	}
	return rules.Valid
}

// owner follows the first binding.
func (w world) owner(agent protocol.AgentID) protocol.AgentID {
	for _, e := range w.entries[w.commons.Charter()] {
		b, is := e.Body.(*protocol.Bind)
		if _, held := w.held[e.ID()]; is && held && b.Agent == agent.EntryID {
			return b.Log.Agent()
		}
	}
	return agent
}

// counts says whether an event counts, from the words of RULES.md: enough members
// besides the provider confirm it last, none disputes, and that for long enough.
func (w world) counts(e protocol.Entry, asOf protocol.Time) bool {
	b := e.Body.(*protocol.Event)
	if w.why(e) != rules.Valid || !w.letIn(e) {
		return false
	}
	if _, held := w.held[b.ResourceInventoriedAs]; !held && !b.ResourceInventoriedAs.IsZero() {
		return false // it waits for what it names
	}
	if !b.Corrects.IsZero() {
		if of, held := w.held[b.Corrects]; !held || !w.counts(of, asOf) {
			return false // it waits for what it corrects
		}
	}
	mine := w.owner(b.Provider)
	required, window := w.required, w.window
	if !b.Corrects.IsZero() && b.ResourceQuantity.N <= 0 && w.owner(e.Log.Agent()) == mine {
		required, window = 0, rules.Period{} // an admission, unless somebody disputes it
	}
	type said struct {
		verdict protocol.Verdict
		since   protocol.Time
	}
	last := map[protocol.LogID]said{}
	begin, mute := e.Time, !w.speaks(e)
	for _, log := range w.logs {
		for _, v := range w.entries[log] {
			c, is := v.Body.(*protocol.Confirm)
			if _, held := w.held[v.ID()]; !held || !is || c.Target != e.ID() || w.owner(log.Agent()) == mine {
				continue
			}
			if !w.speaks(v) {
				mute = mute || log == e.Log
				continue
			}
			before := last[log]
			if before.verdict == protocol.VerdictDispute && c.Verdict != protocol.VerdictDispute {
				begin = max(begin, v.Time)
			}
			if before.verdict != c.Verdict {
				before = said{c.Verdict, v.Time}
			}
			last[log] = before
		}
	}
	if _, spoke := last[e.Log]; !spoke && !mute && b.Source == "" && w.owner(e.Log.Agent()) != mine {
		last[e.Log] = said{protocol.VerdictConfirm, e.Time}
	}
	var times []protocol.Time
	for _, s := range last {
		switch s.verdict {
		case protocol.VerdictDispute:
			return false
		case protocol.VerdictConfirm:
			times = append(times, s.since)
		}
	}
	if int64(len(times)) < required {
		return false
	}
	slices.Sort(times)
	if required > 0 {
		begin = max(begin, times[required-1])
	}
	return window.IsZero() || asOf >= protocol.TimeOf(window.After(begin.UTC()))
}

// TestFactsAreThoseOfTheEntries compares what was read in one pass with what the
// entries up to each cut say by themselves.
func TestFactsAreThoseOfTheEntries(t *testing.T) {
	counted, void, bound := 0, 0, 0
	for seed := range uint64(100) {
		s := newStory(t, seed)
		var rounds []Round
		for _, at := range s.cuts(3) {
			rounds = append(rounds, Round{Cut: at, AsOf: s.now})
		}
		f, err := Read(context.Background(), s, s.commons, rounds)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for i, r := range rounds {
			w := s.world(r.Cut)
			want, got := map[string]bool{}, map[string]bool{}
			for _, e := range w.held {
				if b, is := e.Body.(*protocol.Event); is {
					name := fmt.Sprint(slices.Index(s.logs, e.Log), " ", e.Seq, " ", b.Action)
					want[name] = w.counts(e, r.AsOf)
					if want[name] {
						counted++
					}
					if w.why(e).Soft() {
						void++
					}
					at, known := f.Find(e.ID())
					got[name] = known && f.Counts(i, at)
					if known {
						owner := f.Agents()[f.Owner(i, f.Events()[at].Provider)].ID
						if owner != w.owner(b.Provider) {
							t.Errorf("seed %d, round %d: owner %v, want %v", seed, i, owner, w.owner(b.Provider))
						}
						if owner != b.Provider {
							bound++
						}
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("seed %d, round %d (-plain +facts):\n%s", seed, i, diff)
			}
		}
	}
	if counted == 0 || void == 0 || bound == 0 {
		t.Errorf("%d count, %d are void by what they name, %d of somebody bound: the stories tell too little", counted, void, bound)
	}
}
