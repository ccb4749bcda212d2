package naive

import (
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

type standing byte

const (
	waiting standing = iota
	valid
	void
)

// mark is what a watermark is kept for.
type mark struct {
	account protocol.AgentID
	source  protocol.LogID
}

// credit is what an entry pays to an account.
type credit struct {
	by      int
	account protocol.AgentID
}

// verdict is what became of an entry, and what its log comes to with it.
type verdict struct {
	standing standing
	waits    bool // an entry of the chain waits, so that what follows waits
	pin      int64
	// available is, for each currency, the claimed credits less the debits along
	// the log. Not to be changed: verdicts share it.
	available map[string]rules.Total
	marks     map[mark]int // the newest entry claimed up to; shared too

	claimed []credit    // that this payment claims, if valid
	limit   rules.Total // of this payment's account in its currency, if valid
}

// judge returns the verdict on an entry. It depends on the entries below it, on
// those that it names, and on which of these are settled.
func (s *State) judge(x int) verdict {
	if v, known := s.verdicts[x]; known {
		return v
	}
	if s.judging[x] {
		return verdict{waits: true} // it waits for itself: for ever
	}
	s.judging[x] = true
	v := s.judgeAfter(x)
	delete(s.judging, x)
	s.verdicts[x] = v
	return v
}

func (s *State) judgeAfter(x int) verdict {
	v := verdict{}
	if s.prev[x] >= 0 {
		v = s.judge(s.prev[x])
	}
	v.standing, v.claimed, v.limit = valid, nil, rules.Total{}
	e := s.entries[x]
	if e.Kind == protocol.KindEndorse && e.Known() {
		return v
	}
	v.waits = v.waits || s.awaits(x)
	if v.waits {
		v.standing = waiting
		return v
	}
	if s.static(x) || !s.governs(x) && e.Seq > 0 && e.Charter < v.pin {
		v.standing = void
		return v
	}
	if payment(e) {
		return s.judgePayment(x, v)
	}
	if s.part(x) != nil && s.governs(x) {
		return s.judgePart(x, v)
	}
	if !s.lawful(x) {
		v.standing = void
		return v
	}
	v.pin = e.Charter
	return v
}

// awaits reports whether an entry waits for something besides what is below it
// in its log.
func (s *State) awaits(x int) bool {
	e := s.entries[x]
	if b, is := e.Body.(*protocol.Charter); !e.Known() || is && b.Rules > rules.Version {
		return true
	}
	if s.governs(x) {
		k := s.appointedBefore(x)
		if k >= 0 && s.appointedBefore(k) >= 0 && !s.cert.has(k) {
			return true
		}
	} else if e.Seq > 0 && !s.inForce(e.Charter) {
		return true
	}
	if b := s.part(x); b != nil && s.governs(x) {
		return s.claimsAwait(x, b.Claims)
	}
	return payment(e) && s.paymentAwaits(x)
}

// charterHeld returns the highest seq of the charter log that is held, on
// whatever branch.
func (s *State) charterHeld() int64 {
	all := s.inLog[s.commons.Charter()]
	if len(all) == 0 {
		return -1
	}
	return s.entries[all[len(all)-1]].Seq
}

// inForce reports whether it is certain what the charter says up to a seq: that is
// settled and decided, or not above the first witnesses, in office from the start.
func (s *State) inForce(seq int64) bool {
	if first := s.firstWitnesses(); first >= 0 && seq <= s.entries[first].Seq && s.decided(first) {
		return true
	}
	y := s.settledPlace(s.commons.Charter(), seq)
	return y >= 0 && s.decided(y)
}

// decided reports whether an entry and all below it wait no longer.
func (s *State) decided(x int) bool { return !s.judge(x).waits }

// effective reports whether an entry is decided and not void.
func (s *State) effective(x int) bool {
	v := s.judge(x)
	return !v.waits && v.standing == valid
}
