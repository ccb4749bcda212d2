package naive

import (
	"maps"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// payment reports whether an entry moves a currency.
func payment(e protocol.Entry) bool {
	b, is := e.Body.(*protocol.Event)
	return is && b.Currency != ""
}

// income reports whether an entry brings money in from outside: it stands in
// the charter log and the commons receives it.
func (s *State) income(x int) bool {
	b := s.entries[x].Body.(*protocol.Event)
	return s.governs(x) && b.Receiver.EntryID == s.commons.EntryID
}

// currency and amount are what a payment moves.
func (s *State) currency(x int) string { return s.entries[x].Body.(*protocol.Event).Currency }

func (s *State) amount(x int) rules.Total {
	return rules.TotalOf(s.entries[x].Body.(*protocol.Event).ResourceQuantity.Amount())
}

// paymentAwaits reports whether a payment waits for what only payments wait for.
func (s *State) paymentAwaits(x int) bool {
	first := s.at[s.entries[x].Log.EntryID]
	if !s.governs(x) && !s.cert.has(first) || s.version(x) < 0 {
		return true
	}
	return s.claimsAwait(x, s.entries[x].Body.(*protocol.Event).Claims)
}

// claimsAwait reports whether an entry waits for what its watermarks name.
func (s *State) claimsAwait(x int, claims []protocol.Watermark) bool {
	for _, w := range claims {
		if w.Log == s.entries[x].Log {
			continue // void, when it is judged
		}
		if y := s.settledPlace(w.Log, w.Seq); y < 0 || !s.decided(y) {
			return true
		}
	}
	return false
}

// settledPlace returns the entry of a log that is settled at a seq, -1 if none is.
func (s *State) settledPlace(log protocol.LogID, seq int64) int {
	y, settled := s.heads[log]
	if !settled || s.entries[y].Seq < seq {
		return -1
	}
	for s.entries[y].Seq > seq {
		y = s.prev[y]
	}
	return y
}

// judgePayment judges a payment that waits for nothing, after the verdict on
// the entry below it.
func (s *State) judgePayment(x int, before verdict) verdict {
	e := s.entries[x]
	b := e.Body.(*protocol.Event)
	no := before
	no.standing = void
	version := s.version(x)
	terms := s.termsAt(version)
	currency, known := terms.Currencies[b.Currency]
	if !known || !s.wellFormed(x, currency) {
		return no
	}
	v := before
	v.pin = e.Charter
	v.available, v.marks = maps.Clone(before.available), maps.Clone(before.marks)
	if v.available == nil {
		v.available, v.marks = map[string]rules.Total{}, map[mark]int{}
	}
	named := map[mark]bool{}
	for _, w := range b.Claims {
		pair := mark{account: w.Account, source: w.Log}
		if named[pair] || !s.claim(x, version, w, &v) {
			return no
		}
		named[pair] = true
	}
	amount := s.amount(x)
	if s.income(x) {
		v.available[b.Currency] = v.available[b.Currency].Add(amount)
		return v
	}
	v.limit = s.limitOf(currency, terms, e.Log, version)
	v.available[b.Currency] = v.available[b.Currency].Sub(amount)
	if negative(v.available[b.Currency].Add(v.limit)) {
		return no
	}
	return v
}

// wellFormed judges a payment by what it says itself and by its currency.
func (s *State) wellFormed(x int, c Currency) bool {
	e := s.entries[x]
	b := e.Body.(*protocol.Event)
	q := b.ResourceQuantity
	if b.Action != "transfer" || !b.Corrects.IsZero() || q == nil || q.Unit != "one" || q.N <= 0 || q.Scale > c.Scale {
		return false
	}
	if b.Provider.IsZero() || b.Receiver.IsZero() || b.Provider == b.Receiver {
		return false
	}
	if s.income(x) {
		return c.Kind == Issued
	}
	return b.Provider == e.Log.Agent()
}

// claim adds what one watermark claims, and reports whether it may.
func (s *State) claim(x, version int, w protocol.Watermark, v *verdict) bool {
	own := s.entries[x].Log
	if w.Log == own {
		return false
	}
	y := s.settledPlace(w.Log, w.Seq)
	if s.entries[y].ID() != w.CID {
		return false
	}
	if w.Account != own.Agent() && s.boundTo(w.Account.EntryID, version) != own {
		return false
	}
	key := mark{account: w.Account, source: w.Log}
	old, marked := v.marks[key]
	if !marked {
		old = -1
	} else if old == y || !s.reaches(old, y) {
		return false
	}
	for z := y; z != old; z = s.prev[z] {
		if m, is := s.pays(z, w.Account); is {
			v.available[m.currency] = v.available[m.currency].Add(m.amount)
			v.claimed = append(v.claimed, credit{by: z, account: w.Account})
		}
	}
	v.marks[key] = y
	return true
}
