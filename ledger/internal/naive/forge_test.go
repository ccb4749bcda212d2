package naive

import (
	"slices"
	"testing"

	"github.com/minga-commons/minga/protocol"
)

// TestFormerWitnessesForgeEverything lets every witness of an epoch that is over
// vote, on a branch of its own log, for every branch of every log, once a quorum
// of closes is settled. What a later epoch settled stays, alone in its place.
func TestFormerWitnessesForgeEverything(t *testing.T) {
	forged := 0
	for seed := range *seeds / 3 {
		s := begin(seed)
		s.unfold()
		s.settleDown()
		before := Eval(s.Commons, s.Rules, s.Entries)
		for i, e := range before.epochs {
			if e.next < 0 || len(e.Closed) < e.Quorum {
				continue
			}
			forged++
			after := Eval(s.Commons, s.Rules, slices.Concat(s.Entries, s.forgeries(e)))
			for _, later := range before.epochs[i+1:] {
				later.cert.all(func(x int) {
					y := after.at[before.entries[x].ID()]
					if !after.cert.has(y) {
						t.Fatalf("seed %d: %s was settled later, and is not any more", seed, s.name(before.entries[x]))
					}
					for _, z := range after.inLog[after.entries[y].Log] {
						if z != y && after.cert.has(z) && after.entries[z].Seq == after.entries[y].Seq {
							t.Fatalf("seed %d: %s was settled later, and so is a forged sibling", seed, s.name(before.entries[x]))
						}
					}
				})
			}
		}
	}
	if forged == 0 {
		t.Error("no epoch was over in any history")
	}
}

// forgeries are votes of all members of an epoch for all branches of all logs
// but the charter's.
func (s *story) forgeries(e *Epoch) (votes []protocol.Entry) {
	pin := s.byID[e.Witnesses].Seq
	for _, a := range s.witnesses {
		if !e.holds(a.log) {
			continue
		}
		for _, tip := range s.tips() {
			if tip.Log != s.charter.log {
				votes = append(votes, s.draft(a, a.first, pin, &protocol.Endorse{Heads: []protocol.Head{tip.Head()}}))
			}
		}
	}
	return votes
}
