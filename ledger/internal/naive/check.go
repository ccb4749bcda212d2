package naive

import (
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Broken returns the first property of one state that does not hold, empty if
// all do: at most one history is settled, no credit is claimed twice, the sum
// over all accounts of a currency is zero however it is counted, and no debit
// went below its limit.
func (s *State) Broken() string {
	if s.conflict != "" {
		return s.conflict
	}
	if what := s.brokenSums(); what != "" {
		return what
	}
	if what := s.brokenClaims(func(x int) bool { return s.states[x] == Settled }, "settled"); what != "" {
		return what
	}
	return s.brokenClaims(func(x int) bool { return s.states[x] == Settled || s.states[x] == Pending }, "pending")
}

// brokenSums checks the accounts that are shown.
func (s *State) brokenSums() string {
	sums := map[string]Balance{}
	for a, b := range s.Accounts {
		sum := sums[a.Currency]
		sums[a.Currency] = Balance{Settled: sum.Settled.Add(b.Settled), Pending: sum.Pending.Add(b.Pending)}
	}
	for currency, sum := range sums {
		if !sum.Settled.IsZero() || !sum.Pending.IsZero() {
			return fmt.Sprintf("the accounts of %s sum to %v settled, %v pending", currency, sum.Settled, sum.Pending)
		}
	}
	return ""
}

// brokenClaims counts the money of the payments that count once more, by what
// their logs claim: what the logs have available and what nobody claimed yet is
// what came from outside.
func (s *State) brokenClaims(counts func(x int) bool, which string) string {
	claimedBy := map[credit]int{}
	sums := map[string]rules.Total{}
	for _, log := range s.logs {
		last := -1
		for _, x := range s.inLog[log] {
			if !counts(x) {
				continue
			}
			moves := s.moves(x)
			if len(moves) == 0 {
				continue
			}
			last = x
			v := s.judge(x)
			currency := moves[0].currency
			if !moves[0].payer.IsZero() && negative(v.available[currency].Add(v.limit)) {
				return fmt.Sprintf("%s payment %v leaves %v, its limit is %v", which, s.entries[x].ID(), v.available[currency], v.limit)
			}
			for _, c := range v.claimed {
				if other, twice := claimedBy[c]; twice {
					return fmt.Sprintf("%s credit %v is claimed by %v and %v", which, s.entries[c.by].ID(), s.entries[other].ID(), s.entries[x].ID())
				}
				claimedBy[c] = x
			}
		}
		if last >= 0 {
			for currency, available := range s.judge(last).available {
				sums[currency] = sums[currency].Add(available)
			}
		}
	}
	for x := range s.entries {
		if !counts(x) {
			continue
		}
		for _, m := range s.moves(x) {
			if _, claimed := claimedBy[credit{x, m.payee}]; m.payer.IsZero() {
				sums[m.currency] = sums[m.currency].Sub(m.amount)
			} else if !claimed {
				sums[m.currency] = sums[m.currency].Add(m.amount)
			}
		}
	}
	for currency, sum := range sums {
		if !sum.IsZero() {
			return fmt.Sprintf("%s credits claimed and unclaimed of %s sum to %v", which, currency, sum)
		}
	}
	return ""
}

// Undone compares a state with that of a larger set. It returns what was taken
// back, empty if nothing was: what is settled stays settled, and a verdict is
// for good.
func Undone(before, after *State) string {
	for x, e := range before.entries {
		y, held := after.at[e.ID()]
		if !held {
			return fmt.Sprintf("%v is not held any more", e.ID())
		}
		if before.cert.has(x) && !after.cert.has(y) {
			return fmt.Sprintf("%s was settled and is %s", name(e), after.states[y])
		}
		was, is := before.judge(x), after.judge(y)
		if !was.waits && (is.waits || is.standing != was.standing) {
			return fmt.Sprintf("%s was %s and is %s, with another verdict", name(e), before.states[x], after.states[y])
		}
	}
	return ""
}

// name shows an entry in a message.
func name(e protocol.Entry) string {
	return fmt.Sprintf("%s %v, entry %d of log %v,", e.Kind, e.ID(), e.Seq, e.Log)
}
