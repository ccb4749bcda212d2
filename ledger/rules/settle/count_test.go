package settle

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestQuorum(t *testing.T) {
	for _, c := range []struct{ n, f, want int }{{1, 0, 1}, {3, 0, 2}, {4, 1, 3}, {7, 2, 5}} {
		if got := Quorum(c.n, c.f); got != c.want {
			t.Errorf("Quorum(%d, %d) is %d, want %d", c.n, c.f, got, c.want)
		}
	}
}

// office is a term without bounds.
func office(quorum, lines int) Term {
	t := Term{Quorum: quorum, Exempt: -1}
	for range lines {
		t.Top = append(t.Top, math.MaxInt64)
	}
	return t
}

func one(last int64) Histories { return Histories{Last: []int64{last}, Part: [][]int64{nil}} }

// two are two lines that part at a seq.
func two(last0, last1, at int64) Histories {
	return Histories{Last: []int64{last0, last1}, Part: [][]int64{{0, at}, {at, 0}}}
}

func TestCount(t *testing.T) {
	closed := office(3, 1)
	closed.Dead, closed.Closed = 3, []uint32{1, 2, 3, 4}
	exempt := closed
	exempt.Exempt = 6
	bounded := office(1, 1)
	bounded.Top = []int64{4}
	for _, c := range []struct {
		name    string
		h       Histories
		terms   []Term
		ballots []Ballot
		want    Result
	}{
		{"nobody votes", one(9), []Term{office(1, 1)}, nil, Result{Seq: -1}},
		{"one of one", one(9), []Term{office(1, 1)}, []Ballot{{Witness: 1, Seq: 5}}, Result{Seq: 5}},
		{"two of three are enough", one(9), []Term{office(2, 1)},
			[]Ballot{{Witness: 1, Seq: 5}, {Witness: 2, Seq: 3}}, Result{Seq: 3}},
		{"one witness twice is one", one(9), []Term{office(2, 1)},
			[]Ballot{{Witness: 1, Seq: 5}, {Witness: 1, Seq: 3}}, Result{Seq: -1}},
		{"votes of different epochs do not add up", one(9), []Term{office(2, 1), office(2, 1)},
			[]Ballot{{Witness: 1, Seq: 5}, {Epoch: 1, Witness: 2, Seq: 5}}, Result{Seq: -1}},
		{"votes on two branches meet below the fork", two(9, 9, 4), []Term{office(2, 2)},
			[]Ballot{{Witness: 1, Seq: 6}, {Witness: 2, Line: 1, Seq: 8}}, Result{Seq: 3}},
		{"a branch settles", two(9, 9, 4), []Term{office(2, 2)},
			[]Ballot{{Witness: 1, Line: 1, Seq: 6}, {Witness: 2, Line: 1, Seq: 8}}, Result{Line: 1, Seq: 6}},
		{"a liar votes for both", two(9, 9, 4), []Term{office(3, 2)},
			[]Ballot{{Witness: 1, Seq: 6}, {Witness: 2, Seq: 6}, {Witness: 3, Seq: 6}, {Witness: 3, Line: 1, Seq: 6}, {Witness: 4, Line: 1, Seq: 6}},
			Result{Seq: 6}},
		{"too many liars", two(9, 9, 4), []Term{office(1, 2)},
			[]Ballot{{Witness: 1, Seq: 6}, {Witness: 2, Line: 1, Seq: 5}}, Result{Seq: 6, Conflict: true}},
		{"a later epoch outranks an older one", two(9, 9, 4), []Term{office(1, 2), office(1, 2)},
			[]Ballot{{Witness: 1, Seq: 8}, {Epoch: 1, Witness: 2, Line: 1, Seq: 5}}, Result{Line: 1, Seq: 5}},
		{"the charter log's bound", one(9), []Term{bounded}, []Ballot{{Witness: 1, Seq: 8}}, Result{Seq: 4}},
		{"a late old vote is dead", one(9), []Term{closed, office(3, 1)},
			[]Ballot{{Witness: 1, Seq: 8}, {Witness: 2, Seq: 8}, {Witness: 3, Seq: 8},
				{Witness: 1, Seq: 5, Shown: true}, {Witness: 2, Seq: 5, Shown: true}, {Witness: 3, Seq: 4, Shown: true}},
			Result{Seq: 5}},
		{"but not up to the set that follows", one(9), []Term{exempt, office(3, 1)},
			[]Ballot{{Witness: 1, Seq: 8}, {Witness: 2, Seq: 8}, {Witness: 3, Seq: 8},
				{Witness: 1, Seq: 5, Shown: true}, {Witness: 2, Seq: 5, Shown: true}, {Witness: 3, Seq: 4, Shown: true}},
			Result{Seq: 6}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Count(c.h, c.terms, c.ballots); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

// TestCountDoesNotDependOnOrder shuffles the votes.
func TestCountDoesNotDependOnOrder(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		h := two(rng.Int64N(20), rng.Int64N(20), 1+rng.Int64N(10))
		terms := []Term{office(1+rng.IntN(3), 2), office(1+rng.IntN(3), 2)}
		var ballots []Ballot
		for range rng.IntN(12) {
			ballots = append(ballots, Ballot{
				Epoch: rng.IntN(2), Witness: uint32(rng.IntN(4)), Line: rng.IntN(2), Seq: rng.Int64N(20), Shown: rng.IntN(2) == 0,
			})
		}
		want := fmt.Sprintf("%+v", Count(h, terms, ballots))
		for range 5 {
			shuffled := slices.Clone(ballots)
			rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
			if got := fmt.Sprintf("%+v", Count(h, terms, shuffled)); got != want {
				t.Fatalf("seed %d: %s and %s", seed, got, want)
			}
		}
	}
}
