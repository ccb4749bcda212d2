package naive

import (
	"strings"
	"testing"

	"github.com/minga-commons/minga/protocol"
)

// scene is a past written by hand. Witnesses go by number, from 1 to 6.
type scene struct {
	*story
	t *testing.T
}

func newScene(t *testing.T, first ...int) *scene {
	s := &scene{story: blank(1), t: t}
	s.quiet = true
	s.found(indices(first))
	return s
}

func indices(who []int) (all []int) {
	for _, w := range who {
		all = append(all, w-1)
	}
	return all
}

// pay lets Mara pay Ana, at her tip or as her first entry.
func (s *scene) pay(fork bool) protocol.Entry {
	mara := s.authors[2]
	if fork {
		mara.tip = mara.first
	}
	return s.put(mara, s.draft(mara, mara.tip, 2, transfer(mara.log.Agent(), s.authors[0].log.Agent(), "hora", 500+int64(len(s.Entries)))))
}

// endorse lets witnesses vote in the epoch that begins at a charter seq.
func (s *scene) endorse(pin int64, e protocol.Entry, who ...int) {
	s.endorseHead(pin, e.Head(), who...)
}

func (s *scene) endorseHead(pin int64, h protocol.Head, who ...int) {
	for _, w := range indices(who) {
		a := s.witnesses[w]
		s.put(a, s.draft(a, a.tip, pin, &protocol.Endorse{Heads: []protocol.Head{h}}))
	}
}

// forge is a vote on another branch of a witness's log, written when it suits.
func (s *scene) forge(pin int64, e protocol.Entry, who int) {
	a := s.witnesses[who-1]
	s.keep(s.draft(a, a.first, pin, &protocol.Endorse{Heads: []protocol.Head{e.Head()}}))
}

// change appoints new witnesses.
func (s *scene) change(f int, who ...int) protocol.Entry {
	return s.put(s.charter, s.draft(s.charter, s.charter.tip, 2, s.seats(indices(who), f)))
}

// closed lets witnesses close an epoch, and others settle that under the next.
func (s *scene) closed(k protocol.Entry, by, via []int) {
	for _, w := range indices(by) {
		a := s.witnesses[w]
		s.put(a, s.draft(a, a.tip, a.tip.Charter, &protocol.Close{Witnesses: k.ID()}))
	}
	for _, w := range indices(by) {
		s.endorse(k.Seq, s.witnesses[w].tip, via...)
	}
}

func (s *scene) eval() *State { return Eval(s.Commons, s.Rules, s.Entries) }

// allowed checks what the closes let a witness endorse.
func (s *scene) allowed(e protocol.Entry, want bool, what string) {
	s.t.Helper()
	state := s.eval()
	if got := state.closesAllow(state.at[e.ID()]); got != want {
		s.t.Errorf("%s: may be endorsed %v, want %v", what, got, want)
	}
}

func (s *scene) settled(e protocol.Entry, want bool, what string) {
	s.t.Helper()
	state := s.eval()
	if broken := state.Broken(); broken != "" {
		s.t.Errorf("%s: %s", what, broken)
	}
	if got := state.cert.has(state.at[e.ID()]); got != want {
		s.t.Errorf("%s: settled %v, want %v", what, got, want)
	}
}

// The scenes are those for which the rules of "Changing witnesses" were found.

func TestHiddenVoteOfALiar(t *testing.T) {
	s := newScene(t, 1, 2, 3, 4)
	a, b := s.pay(false), s.pay(true)
	k := s.change(1, 1, 2, 3, 5)
	s.endorse(2, a, 1, 2) // and the fourth, who hides it
	s.endorse(2, k, 1, 2, 3)
	s.closed(k, []int{1, 3, 4}, []int{1, 3, 5})
	s.allowed(b, false, "a branch against which a close has a vote")
	s.allowed(a, true, "the branch that was endorsed")
}

func TestFormerWitnessForgesLater(t *testing.T) {
	s := newScene(t, 1)
	k := s.change(1, 1, 2, 3, 5)
	s.endorse(2, k, 1)
	s.closed(k, []int{1}, []int{1, 2, 3})
	a, b := s.pay(false), s.pay(true)
	s.endorse(k.Seq, a, 2, 3, 5)
	s.forge(2, b, 1)
	s.settled(a, true, "what the new witnesses settled")
	s.settled(b, false, "what the founder forged")

	// A node that does not hold the founder's close has nothing that the forged
	// vote lacks in it, and still prefers the later epoch.
	var part []protocol.Entry
	for _, e := range s.Entries {
		if e.Log != s.witnesses[0].log || e.Kind != protocol.KindClose {
			part = append(part, e)
		}
	}
	state := Eval(s.Commons, s.Rules, part)
	if broken := state.Broken(); broken != "" || !state.cert.has(state.at[a.ID()]) {
		t.Errorf("without the close: a is %s, %s", state.states[state.at[a.ID()]], broken)
	}
}

func TestVoteForWhatNobodySigned(t *testing.T) {
	s := newScene(t, 1, 2, 3, 4)
	a := s.pay(false)
	k := s.change(1, 1, 2, 3, 5)
	s.endorse(2, a, 1)
	s.endorse(2, k, 1, 2, 3)
	s.endorseHead(2, protocol.Head{Log: a.Log, Seq: 1, CID: protocol.EntryID{7}}, 4)
	s.closed(k, []int{1, 2, 3, 4}, []int{1, 2, 5})
	s.allowed(a, true, "an honest entry beside which a liar's close names another")
}

func TestTwoChanges(t *testing.T) {
	s := newScene(t, 1, 2, 3, 4)
	a, b := s.pay(false), s.pay(true)
	k := s.change(1, 1, 2, 3, 5)
	s.endorse(2, a, 1, 2)
	s.endorse(2, k, 1, 2, 3)
	s.closed(k, []int{1, 3, 4}, []int{2, 3, 5})
	second := s.change(1, 1, 3, 5, 6)
	s.endorse(k.Seq, second, 2, 3, 5)
	s.closed(second, []int{3, 5, 2}, []int{1, 3, 5})
	s.allowed(b, false, "a branch against which a close of the first epoch has a vote")
}

func TestSplitVotes(t *testing.T) {
	split := func(forB ...int) (s *scene, a, b protocol.Entry) {
		s = newScene(t, 1, 2, 3, 4)
		a, b = s.pay(false), s.pay(true)
		k := s.change(1, 1, 2, 3, 5)
		s.endorse(2, a, 1, 2)
		s.endorse(2, b, forB...)
		s.endorse(2, k, 1, 2, 3)
		s.closed(k, []int{1, 2, 3, 4}, []int{1, 2, 5})
		return s, a, b
	}
	s, a, b := split(3)
	s.allowed(a, true, "two of three votes")
	s.allowed(b, false, "one of three votes")
	s, a, b = split(3, 4)
	s.allowed(a, false, "two of four votes")
	s.allowed(b, false, "the other two of four votes")
	s.forge(2, a, 4)
	s.settled(a, true, "the branch for which the liar's other vote turns up")
}

// TestVoteOfAnEpochNotKnownYet shows why a vote counts only once the charter log
// is settled up to the seq that it names: a node that lacks the end of the
// charter log takes the founder's vote as one among four for one that decides.
func TestVoteOfAnEpochNotKnownYet(t *testing.T) {
	s := newScene(t, 1)
	a := s.pay(false)
	k := s.change(1, 1, 2, 3, 5)
	s.endorse(2, k, 1)
	s.closed(k, []int{1}, []int{2, 3, 5})
	s.endorse(k.Seq, a, 1)
	var part []protocol.Entry
	for _, e := range s.Entries {
		if e.ID() != k.ID() {
			part = append(part, e)
		}
	}
	for _, loose := range []bool{false, true} {
		r := s.Rules
		r.LooseEpochs = loose
		undone := Undone(Eval(s.Commons, r, part), Eval(s.Commons, r, s.Entries))
		if loose != strings.Contains(undone, "was settled") {
			t.Errorf("loose epochs %v: undone is %q", loose, undone)
		}
	}
}
