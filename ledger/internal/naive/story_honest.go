package naive

import (
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// serve does what an honest witness owes: close an epoch, confirm a seat, vote.
// It reports whether there was anything to do.
func (s *story) serve(a *actor) bool {
	state := s.see(a)
	if k, due := state.DueClose(a.log); due {
		s.write(a, &protocol.Close{Witnesses: k})
		return true
	}
	if k, due := state.DueConfirm(a.log); due {
		s.write(a, &protocol.Confirm{Target: k, Verdict: protocol.VerdictConfirm})
		return true
	}
	votes := s.votes(a)
	if len(votes) == 0 {
		return false
	}
	if s.chance(3) {
		votes = []protocol.Head{pick(s, votes)}
	}
	s.write(a, &protocol.Endorse{Heads: votes})
	return true
}

// votes returns, for each log, the newest head that a witness may endorse and
// that its epoch has not settled, ascending by log.
func (s *story) votes(a *actor) []protocol.Head {
	state := s.see(a)
	if len(state.Epochs) == 0 || !state.epochs[len(state.epochs)-1].holds(a.log) {
		return nil
	}
	now := state.epochs[len(state.epochs)-1]
	var votes []protocol.Head
	for _, log := range state.logs {
		all := state.inLog[log]
		for i := len(all) - 1; i >= 0 && !now.cert.has(all[i]); i-- {
			if state.Endorsable(a.log, state.entries[all[i]].ID()) {
				votes = append(votes, state.entries[all[i]].Head())
				break
			}
		}
	}
	return votes
}

// live does what a member does: pay, record, confirm, make and move things,
// promise and keep promises, or just listen.
func (s *story) live(a *actor) {
	if s.chance(3) {
		s.flow(a)
		return
	}
	if s.chance(5) {
		s.plan(a)
		return
	}
	if s.chance(4) {
		s.say(a)
		return
	}
	if s.chance(8) {
		s.declare(a)
		return
	}
	switch k := s.rng.IntN(8); {
	case k == 0:
		s.say(a)
	case k == 1:
		s.write(a, s.effort(a))
	case k < 7 && !slices.Contains(s.witnesses, a), k == 2:
		s.pay(a)
	default:
		s.deliver(a)
	}
}

// payee picks somebody to pay, more often an author than anybody else.
func (s *story) payee(a *actor) protocol.AgentID {
	for {
		if to := pick(s, s.authors); to != a && s.chance(2) {
			return to.log.Agent()
		}
		p := pick(s, s.Agents)
		if p == a.log.Agent() || slices.ContainsFunc(s.witnesses, func(w *actor) bool { return w.log.Agent() == p }) && !s.chance(4) {
			continue
		}
		return p
	}
}

func transfer(from, to protocol.AgentID, currency string, hundredths int64) *protocol.Event {
	return &protocol.Event{
		Action: "transfer", Provider: from, Receiver: to, Currency: currency,
		ResourceQuantity: &protocol.Quantity{N: hundredths, Scale: 2, Unit: "one"},
	}
}

// pay writes a payment with the claims that the software fills in, if its author
// has the money. Nothing is written that would be void or would wait.
func (s *story) pay(a *actor) {
	currency := "hora"
	if s.chance(3) {
		currency = "USD"
	}
	body := transfer(a.log.Agent(), s.payee(a), currency, 100+s.rng.Int64N(1100))
	pin := s.pin(a)
	body.Claims = s.claims(a, pin)
	e := s.draft(a, a.tip, pin, body)
	state := Eval(s.Commons, s.Rules, append(slices.Clone(a.knows), e))
	if state.states[state.at[e.ID()]] == Pending || state.states[state.at[e.ID()]] == Settled {
		s.put(a, e)
	}
}

// claims names, for most logs with settled credits that were not claimed yet,
// the newest entry settled there.
func (s *story) claims(a *actor, pin int64) (claims []protocol.Watermark) {
	state := s.see(a)
	version := state.chainAt(s.commonsHead(state), pin)
	if a == s.charter {
		version = state.at[a.tip.ID()]
	}
	marks := state.judge(state.at[a.tip.ID()]).marks
	for _, source := range state.logs {
		head, settled := state.heads[source]
		if source == a.log || !settled || !state.decided(head) || s.chance(6) {
			continue
		}
		for _, account := range s.Agents {
			if account != a.log.Agent() && state.boundTo(account.EntryID, version) != a.log {
				continue
			}
			old, marked := marks[mark{account: account, source: source}]
			if !marked {
				old = -1
			}
			if last := state.lastCredit(account, head, old); last >= 0 {
				if s.chance(2) {
					last = head
				}
				e := state.entries[last]
				claims = append(claims, protocol.Watermark{Account: account, Log: source, Seq: e.Seq, CID: e.ID()})
			}
		}
	}
	return claims
}

// commonsHead returns the settled head of the charter log, -1 if there is none.
func (s *story) commonsHead(state *State) int {
	if head, settled := state.heads[s.Commons.Charter()]; settled {
		return head
	}
	return -1
}

// chainAt returns the entry with a seq in the chain of x, -1 if there is none.
func (p *past) chainAt(x int, seq int64) int {
	for x >= 0 && p.entries[x].Seq > seq {
		x = p.prev[x]
	}
	return x
}

// lastCredit returns the newest valid credit to an account in the chain of head
// above old, -1 if there is none or the chain does not extend old.
func (s *State) lastCredit(account protocol.AgentID, head, old int) int {
	last := -1
	for x := head; x != old; x = s.prev[x] {
		if x < 0 {
			return -1
		}
		if _, is := s.pays(x, account); is && last < 0 {
			last = x
		}
	}
	return last
}
