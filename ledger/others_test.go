package ledger

import (
	"slices"
	"testing"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/settle"
	"github.com/minga-commons/minga/protocol"
)

func TestHowManyWitnessesMakeSure(t *testing.T) {
	for _, c := range []struct {
		n, f                int
		asMember, asWitness int
	}{
		{0, 0, 0, 0}, {1, 0, 1, 0}, {2, 0, 2, 1}, {3, 0, 3, 2}, {4, 1, 3, 3}, {5, 1, 4, 4}, {7, 2, 5, 5},
	} {
		epoch := settle.Epoch{F: c.f}
		for i := range c.n {
			epoch.Members = append(epoch.Members, testLog(byte(i+1)))
		}
		if all, enough := others(epoch, testLog(99)); len(all) != c.n || enough != c.asMember {
			t.Errorf("%d witnesses, %d may lie: a member asks %d of %d, want %d", c.n, c.f, enough, len(all), c.asMember)
		}
		if c.n == 0 {
			continue
		}
		if all, enough := others(epoch, testLog(1)); slices.Contains(all, testLog(1)) || len(all) != c.n-1 || enough != c.asWitness {
			t.Errorf("%d witnesses, %d may lie: one of them asks %d of %d, want %d", c.n, c.f, enough, len(all), c.asWitness)
		}
	}
}

func testLog(n byte) protocol.LogID { return protocol.LogID{EntryID: protocol.EntryID{n}} }

// testEpochs is a commons in which log 1 writes here, under the number 7.
func testEpochs(sets ...[]byte) *commonsState {
	c := &commonsState{row: commonsRow{Me: testLog(1).EntryID}}
	for i, set := range sets {
		e := settle.Epoch{Seq: int64(i), ID: protocol.EntryID{100 + byte(i)}, F: (len(set) - 1) / 3}
		for _, w := range set {
			e.Members = append(e.Members, testLog(w))
		}
		c.epochs = append(c.epochs, e)
	}
	return c
}

func TestWhoKnowsWhatAWitnessVotedFor(t *testing.T) {
	for name, c := range map[string]struct {
		sets   [][]byte
		closed []byte // epochs that log 1 has closed
		want   []byte
		enough int
	}{
		"no witnesses known":         {},
		"in office from the start":   {sets: [][]byte{{1, 2, 3, 4}}, want: []byte{2, 3, 4}, enough: 3},
		"no witness":                 {sets: [][]byte{{2, 3, 4, 5}}, want: []byte{2, 3, 4, 5}, enough: 3},
		"alone, then others":         {sets: [][]byte{{1}, {2, 3, 4, 5}}, want: []byte{2, 3, 4, 5}, enough: 3},
		"not closed":                 {sets: [][]byte{{1, 2, 3}, {4, 5, 6, 7}}, want: []byte{2, 3, 4, 5, 6, 7}, enough: 6},
		"closed":                     {sets: [][]byte{{1, 2, 3}, {4, 5, 6, 7}}, closed: []byte{0}, want: []byte{4, 5, 6, 7}, enough: 3},
		"somebody else's epoch":      {sets: [][]byte{{2, 3}, {1, 4, 5, 6}}, want: []byte{4, 5, 6}, enough: 3},
		"the same people once again": {sets: [][]byte{{1, 2, 3, 4}, {1, 2, 3, 4}}, want: []byte{2, 3, 4}, enough: 3},
		"two who may lie":            {sets: [][]byte{{1, 2, 3, 4, 5, 6, 7}}, want: []byte{2, 3, 4, 5, 6, 7}, enough: 5},
	} {
		t.Run(name, func(t *testing.T) {
			state := testEpochs(c.sets...)
			for _, e := range c.closed {
				state.closes = append(state.closes, closing{set: state.epochs[e+1].ID, witness: 7})
			}
			witnesses, enough := state.whoKnows(7)
			var got []byte
			for _, w := range witnesses {
				got = append(got, w.EntryID[0])
			}
			if !slices.Equal(got, c.want) || enough != c.enough {
				t.Errorf("%d of %v, want %d of %v", enough, got, c.enough, c.want)
			}
		})
	}
}

// voices is a state with nothing but verdicts.
type voices map[string][]byte

func (v voices) Get(_ rules.Table, k []byte) ([]byte, error) { return v[string(k)], nil }
func (v voices) Put(_ rules.Table, k, value []byte)          { v[string(k)] = value }

// TestNoVoteIsMissingFromBeforeTheOffice: whoever became a witness after a copy
// cannot have lost a vote with it.
func TestNoVoteIsMissingFromBeforeTheOffice(t *testing.T) {
	says := func(seqs ...int64) (row []byte) {
		for _, seq := range seqs {
			row = append(append(append(row, u64(uint64(seq))...), u64(0)...), 1)
		}
		return row
	}
	for name, c := range map[string]struct {
		sets [][]byte
		said []byte // on the second set
		want bool
	}{
		"never in office":            {sets: [][]byte{{2}, {2, 3}}, want: true},
		"in office from the start":   {sets: [][]byte{{1}, {1, 2}}, said: says(20)},
		"agreed before":              {sets: [][]byte{{2}, {1, 2}}, said: says(10)},
		"agreed after":               {sets: [][]byte{{2}, {1, 2}}, said: says(11), want: true},
		"agreed before and after":    {sets: [][]byte{{2}, {1, 2}}, said: says(9, 11)},
		"did not say a word":         {sets: [][]byte{{2}, {1, 2}}},
		"agreed after, twice chosen": {sets: [][]byte{{2}, {1, 2}, {1, 3}}, said: says(11), want: true},
	} {
		t.Run(name, func(t *testing.T) {
			x := voices{}
			x.Put(rules.Voices, flow.VoiceKey(protocol.EntryID{101}, testLog(1)), c.said)
			if got, err := testEpochs(c.sets...).agreedAfter(x, 10); err != nil || got != c.want {
				t.Errorf("%v, %v; want %v", got, err, c.want)
			}
		})
	}
}

func TestDoubtIsStored(t *testing.T) {
	for _, c := range []caution{{}, {doubt: doubtAll}, {doubt: doubtVotes, regained: 1 << 33}} {
		c.writing = WritingAsking
		if got, err := cautionFrom(c.row()); err != nil || got != c {
			t.Errorf("%+v comes back as %+v, %v", c, got, err)
		}
	}
	for _, row := range [][]byte{{0}, {1}, {3}, {2, 0}, {2, 0, 0, 0, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 0, 0, 0, 0, 0, 0}} {
		if got, err := cautionFrom(row); err == nil {
			t.Errorf("%x is taken for %+v", row, got)
		}
	}
}
