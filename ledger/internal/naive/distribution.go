package naive

import (
	"fmt"
	"maps"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// mostParts is how many parts a distribution has at most.
const mostParts = 4096

// moved is money that an entry moves, if it is valid: the zero payer is the
// outside.
type moved struct {
	payer, payee protocol.AgentID
	currency     string
	amount       rules.Total
}

// part returns the body of a part of a distribution, nil for any other entry.
func (p *past) part(x int) *protocol.Distribution {
	b, _ := p.entries[x].Body.(*protocol.Distribution)
	return b
}

// row returns the entries from part 0 to x, if x and those below it look like
// that: it is void otherwise.
func (p *past) row(x int) (parts []int) {
	for n := p.part(x).Part; n >= 0; n-- {
		parts = append([]int{x}, parts...)
		x = p.prev[x]
	}
	return parts
}

// moves returns what an entry moves, if it is valid. A distribution moves at its
// last part what all its lines give to others.
func (s *State) moves(x int) (all []moved) {
	if payment(s.entries[x]) {
		m := moved{
			payer: s.entries[x].Log.Agent(), payee: s.entries[x].Body.(*protocol.Event).Receiver,
			currency: s.currency(x), amount: s.amount(x),
		}
		if s.income(x) {
			m.payer = protocol.AgentID{}
		}
		return []moved{m}
	}
	b := s.part(x)
	if b == nil || b.Part != b.Parts-1 {
		return nil
	}
	pool := protocol.AgentID(s.commons)
	for _, y := range s.row(x) {
		for _, l := range s.part(y).Lines {
			if l.Agent == pool {
				continue
			}
			at := slices.IndexFunc(all, func(m moved) bool { return m.payee == l.Agent })
			if at < 0 {
				at = len(all)
				all = append(all, moved{payer: pool, payee: l.Agent, currency: b.Currency})
			}
			all[at].amount = all[at].amount.Add(rules.TotalOf(l.Amount))
		}
	}
	return all
}

// pays returns what a valid entry moves to an account.
func (s *State) pays(x int, account protocol.AgentID) (moved, bool) {
	if !s.effective(x) {
		return moved{}, false
	}
	for _, m := range s.moves(x) {
		if m.payee == account {
			return m, true
		}
	}
	return moved{}, false
}

// judgePart judges a part of a distribution after the verdict on the entry below
// it.
func (s *State) judgePart(x int, before verdict) verdict {
	no, yes := before, before
	no.standing, yes.pin = void, s.entries[x].Charter
	b := s.part(x)
	if b.Parts > mostParts {
		return no
	}
	if b.Part > 0 {
		y := s.prev[x]
		a := s.part(y)
		if a == nil || s.judge(y).standing != valid || a.Part+1 != b.Part || a.Parts != b.Parts ||
			a.Version != b.Version || a.Currency != b.Currency || a.Digest != b.Digest {
			return no
		}
		if first := s.entries[s.row(x)[0]].ID(); b.First != first {
			return no
		}
	}
	if b.Part < b.Parts-1 {
		return yes
	}
	return s.judgeWhole(s.row(x), no, yes)
}

// judgeWhole judges a distribution at its last part.
func (s *State) judgeWhole(parts []int, no, yes verdict) verdict {
	first := parts[0]
	head := s.part(first)
	version := s.prev[first]
	terms := s.termsAt(version)
	currency, known := terms.Currencies[head.Currency]
	if !known || head.Version >= s.entries[first].Seq || !s.addsUp(parts, currency) || !s.sharesIncome(parts) {
		return no
	}
	if _, known := s.termsAt(s.chainAt(first, head.Version)).Currencies[head.Currency]; !known {
		return no
	}
	v := yes
	v.available, v.marks = maps.Clone(yes.available), maps.Clone(yes.marks)
	if v.available == nil {
		v.available, v.marks = map[string]rules.Total{}, map[mark]int{}
	}
	named := map[mark]bool{}
	for _, w := range head.Claims {
		pair := mark{account: w.Account, source: w.Log}
		if named[pair] || !s.claim(first, version, w, &v) {
			return no
		}
		named[pair] = true
	}
	var sum rules.Total
	for _, m := range s.moves(parts[len(parts)-1]) {
		sum = sum.Add(m.amount)
	}
	v.limit = s.limitOf(currency, terms, s.commons.Charter(), version)
	v.available[head.Currency] = v.available[head.Currency].Sub(sum)
	if !sum.IsZero() && negative(v.available[head.Currency].Add(v.limit)) {
		return no
	}
	return v
}

// addsUp reports whether all amounts are such, the lines and the remainder are the
// amount, and the cut ascends.
func (s *State) addsUp(parts []int, c Currency) bool {
	fits := func(a *protocol.Amount, least int64) bool { return a.N >= least && a.Scale <= c.Scale }
	head := s.part(parts[0])
	var lines []protocol.Line
	var cut []protocol.Head
	for _, x := range parts {
		lines, cut = append(lines, s.part(x).Lines...), append(cut, s.part(x).Cut...)
	}
	left := rules.TotalOf(*head.Amount)
	for _, l := range lines {
		if !fits(&l.Amount, 1) {
			return false
		}
		left = left.Sub(rules.TotalOf(l.Amount))
	}
	if head.Remainder != nil {
		if !fits(head.Remainder, 0) {
			return false
		}
		left = left.Sub(rules.TotalOf(*head.Remainder))
	}
	for i := range cut {
		if i > 0 && cut[i-1].Log.Compare(cut[i].Log.EntryID) >= 0 {
			return false
		}
	}
	digest, err := protocol.LinesDigest(lines)
	return err == nil && digest == head.Digest && fits(head.Amount, 1) && left.IsZero()
}

// sharesIncome reports whether what the parts share is income below them, each
// once.
func (s *State) sharesIncome(parts []int) bool {
	seen := map[protocol.EntryID]bool{}
	for _, x := range parts {
		for _, id := range s.part(x).Incomes {
			y, held := s.at[id]
			if !held || seen[id] || y == parts[0] || !s.reaches(y, parts[0]) || !payment(s.entries[y]) ||
				!s.income(y) || s.currency(y) != s.part(x).Currency || !s.effective(y) {
				return false
			}
			seen[id] = true
		}
	}
	return true
}

// Distributions returns the distributions that have their effect, in the order of
// the charter log: the identifier of part 0, its place, and that of the last part.
func (s *State) Distributions() (all []string) {
	for _, x := range s.inLog[s.commons.Charter()] {
		b := s.part(x)
		if b == nil || b.Part != b.Parts-1 || s.states[x] != Settled && s.states[x] != Pending {
			continue
		}
		first := s.entries[s.row(x)[0]]
		all = append(all, fmt.Sprint(first.ID(), " ", first.Seq, " ", s.entries[x].Seq))
	}
	return all
}
