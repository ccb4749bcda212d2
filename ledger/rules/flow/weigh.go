package flow

import (
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Voice is one verdict of one member on an entry.
type Voice struct {
	Log     protocol.LogID
	Seq     int64 // of the verdict in that log
	Verdict protocol.Verdict
	Time    protocol.Time
	Steward bool // its author is a steward by the charter that the verdict pins

	Stranger bool // it does not count: its author does not speak, see Speaks
}

// The states of an event on its way to counting.
const (
	StandsConfirmed = "confirmed" // it counts
	StandsWaiting   = "waiting"   // too few confirm it
	StandsDisputed  = "disputed"  // somebody's last verdict disputes it
	StandsMaturing  = "maturing"  // enough confirm it, and its window is not over
)

// Standing is how far an event has come, as of some cut.
type Standing struct {
	State        string
	Count        int64         // confirmations that count towards what is required
	Since, Until protocol.Time // when the window began, and its end; zero while waiting or disputed
	Voices       []Voice       // the last one of each member but the provider, sorted by log
}

// Weigh judges an event at a cut. The history has every verdict on it up to the
// cut, ascending by log, then seq; own says which logs are the provider's own.
// Where recording the event is its author's voice, the event itself is that voice
// among those returned.
func Weigh(n Need, e protocol.Entry, b *protocol.Event, own func(protocol.LogID) bool, history []Voice, asOf protocol.Time) Standing {
	n = n.of(e, b, own)
	var s Standing
	var counting []protocol.Time // when the present run of each confirmation began
	since, disputed, spoke := e.Time, false, false
	for member := range members(history) {
		log := member[0].Log
		spoke = spoke || log == e.Log
		if own(log) {
			continue
		}
		last := member[len(member)-1]
		s.Voices = append(s.Voices, last)
		if member = heard(member); len(member) == 0 {
			continue
		}
		last = member[len(member)-1]
		disputed = disputed || last.Verdict == protocol.VerdictDispute
		since = max(since, peace(member))
		if at, counts := confirmedSince(n, member); counts {
			counting = append(counting, at)
		}
	}
	if b.Source == "" && !own(e.Log) && !spoke && !n.Silent {
		v := Voice{Log: e.Log, Seq: e.Seq, Verdict: protocol.VerdictConfirm, Time: e.Time, Steward: steward(n.Stewards, e.Log)}
		s.Voices = append(s.Voices, v)
		slices.SortFunc(s.Voices, func(a, b Voice) int { return a.Log.Compare(b.Log.EntryID) })
		if n.counts(v) {
			counting = append(counting, v.Time)
		}
	}
	s.Count = int64(len(counting))
	switch {
	case disputed:
		s.State = StandsDisputed
		return s
	case s.Count < n.Required:
		s.State = StandsWaiting
		return s
	}
	slices.Sort(counting)
	if n.Required > 0 {
		since = max(since, counting[n.Required-1])
	}
	s.State, s.Since, s.Until = StandsConfirmed, since, since
	if !n.Window.IsZero() {
		s.Until = protocol.TimeOf(n.Window.After(since.UTC()))
		if asOf < s.Until {
			s.State = StandsMaturing
		}
	}
	return s
}

// of returns the need of one event: what only lowers, in a log of the provider's
// own, needs nobody.
func (n Need) of(e protocol.Entry, b *protocol.Event, own func(protocol.LogID) bool) Need {
	if admits(b) && own(e.Log) {
		n.Required, n.Window, n.Rule, n.Admission = 0, rules.Period{}, -1, true
	}
	return n
}

// admits reports whether an event only lowers what was said before.
func admits(b *protocol.Event) bool {
	if b.Corrects.IsZero() {
		return false
	}
	for _, q := range []*protocol.Quantity{b.ResourceQuantity, b.EffortQuantity} {
		if q != nil && q.N > 0 {
			return false
		}
	}
	return true
}

func (n Need) counts(v Voice) bool {
	return v.Verdict == protocol.VerdictConfirm && (v.Steward || !n.ByStewards)
}

// members yields the verdicts of each member.
func members(history []Voice) func(yield func([]Voice) bool) {
	return func(yield func([]Voice) bool) {
		for len(history) > 0 {
			n := 1
			for n < len(history) && history[n].Log == history[0].Log {
				n++
			}
			if !yield(history[:n:n]) {
				return
			}
			history = history[n:]
		}
	}
}

// heard returns the verdicts of a member that count.
func heard(all []Voice) []Voice {
	if !slices.ContainsFunc(all, func(v Voice) bool { return v.Stranger }) {
		return all
	}
	return slices.DeleteFunc(slices.Clone(all), func(v Voice) bool { return v.Stranger })
}

// peace returns when the last dispute of a member ended, zero if there was none.
func peace(all []Voice) (ended protocol.Time) {
	for i := 1; i < len(all); i++ {
		if all[i-1].Verdict == protocol.VerdictDispute && all[i].Verdict != protocol.VerdictDispute {
			ended = max(ended, all[i].Time)
		}
	}
	return ended
}

// confirmedSince returns when the confirmation began with which a member's
// verdicts end, false if they end with something else.
func confirmedSince(n Need, all []Voice) (at protocol.Time, counts bool) {
	for _, v := range slices.Backward(all) {
		if !n.counts(v) {
			break
		}
		at, counts = v.Time, true
	}
	return at, counts
}

func steward(all []protocol.Steward, log protocol.LogID) bool {
	return slices.ContainsFunc(all, func(s protocol.Steward) bool { return s.Log == log })
}
