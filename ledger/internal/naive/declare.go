package naive

import (
	"math/big"
	"slices"
	"time"

	"github.com/minga-commons/minga/protocol"
)

// declarable reports whether a declaration of use has its effect: its author may
// speak for who used the resource, and it says what can be.
func (s *State) declarable(x int) bool {
	e := s.entries[x]
	b := e.Body.(*protocol.Declare)
	if b.Agent != e.Log.Agent() {
		version := s.pinned(x)
		to := s.boundTo(b.Agent.EntryID, version)
		if !to.IsZero() && to != e.Log || to.IsZero() && !s.governors(version, e.Log) {
			return false
		}
	}
	return plausible(b, e.Time)
}

// pinned is the entry of the charter log that an entry names as its charter, which
// is in force: settled, or not above the first witnesses.
func (s *State) pinned(x int) int {
	e := s.entries[x]
	if s.governs(x) {
		return s.chainAt(x, e.Charter)
	}
	if y := s.version(x); y >= 0 {
		return y
	}
	return s.chainAt(s.firstWitnesses(), e.Charter)
}

// governors reports whether a log is a steward's by the charter at or below x.
func (s *State) governors(x int, log protocol.LogID) bool {
	for ; x >= 0; x = s.prev[x] {
		if b, is := s.entries[x].Body.(*protocol.Charter); is && s.effective(x) {
			return slices.ContainsFunc(b.Stewards, func(w protocol.Steward) bool { return w.Log == log })
		}
	}
	return false
}

// plausible judges a declaration by what it says itself: whole days that are over
// when it is written, in order, and figures that can be.
func plausible(b *protocol.Declare, at protocol.Time) bool {
	from, failed := time.Parse("2006-01-02", b.Beginning)
	to, wrong := time.Parse("2006-01-02", b.End)
	if failed != nil || wrong != nil || to.Before(from) || at.UTC().Before(to) {
		return false
	}
	figure := func(a *protocol.Amount) *big.Rat {
		if a == nil {
			return nil
		}
		return new(big.Rat).Mul(big.NewRat(a.N, 1), new(big.Rat).Inv(new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(a.Scale), nil))))
	}
	income, profit, fraction := figure(b.Income), figure(b.Profit), figure(b.Fraction)
	switch {
	case income != nil && income.Sign() < 0:
		return false
	case income != nil && profit != nil && profit.Cmp(income) > 0:
		return false
	case fraction != nil && (fraction.Sign() < 0 || fraction.Cmp(big.NewRat(1, 1)) > 0):
		return false
	}
	return true
}
