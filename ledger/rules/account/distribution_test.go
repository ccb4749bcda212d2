package account

import (
	"math/rand/v2"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

func agent(n byte) protocol.AgentID { return protocol.AgentID{EntryID: protocol.EntryID{n}} }

func partEntry(t *testing.T, seq int64, b *protocol.Distribution) protocol.Entry {
	t.Helper()
	e, err := protocol.New(protocol.Placement{
		Log: protocol.LogID{EntryID: protocol.EntryID{1}}, Seq: seq, Prev: protocol.EntryID{byte(seq)}, Charter: seq - 1,
	}, b)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestWhatFollowsAPart(t *testing.T) {
	first := func() *protocol.Distribution {
		return &protocol.Distribution{Parts: 3, Version: 1, Currency: "USD", Amount: &protocol.Amount{N: 1}, Digest: [32]byte{1}}
	}
	zero := partEntry(t, 5, first())
	part := func(n int64) *protocol.Distribution {
		b := first()
		b.Part, b.First, b.Amount = n, zero.ID(), nil
		return b
	}
	one := partEntry(t, 6, part(1))
	for name, c := range map[string]struct {
		before protocol.Entry
		change func(b *protocol.Distribution)
		part   int64
		want   bool
	}{
		"the second":         {before: zero, part: 1, want: true},
		"the third":          {before: one, part: 2, want: true},
		"the third too soon": {before: zero, part: 2},
		"the second again":   {before: one, part: 1},
		"another first":      {before: one, part: 2, change: func(b *protocol.Distribution) { b.First = one.ID() }},
		"another number":     {before: one, part: 2, change: func(b *protocol.Distribution) { b.Parts = 4 }},
		"another version":    {before: one, part: 2, change: func(b *protocol.Distribution) { b.Version = 2 }},
		"another currency":   {before: one, part: 2, change: func(b *protocol.Distribution) { b.Currency = "hora" }},
		"other lines":        {before: one, part: 2, change: func(b *protocol.Distribution) { b.Digest[0] = 2 }},
	} {
		b := part(c.part)
		if c.change != nil {
			c.change(b)
		}
		if got := Follows(c.before, b); got != c.want {
			t.Errorf("%s: follows %v, want %v", name, got, c.want)
		}
	}
	many := part(1)
	many.Parts = MaxParts + 1
	start := first()
	start.Parts = MaxParts + 1
	if Follows(partEntry(t, 5, start), many) {
		t.Error("a distribution of too many parts goes on")
	}
}

// TestSharesAreTheSumOfTheirLines draws lines, and checks that each is in the
// share of its agent, that those of the pool are in none, and that the order of
// the lines changes no sum.
func TestSharesAreTheSumOfTheirLines(t *testing.T) {
	seed := rand.Uint64()
	rng := rand.New(rand.NewPCG(seed, 1))
	pool := protocol.CommonsID{EntryID: protocol.EntryID{9}}
	for range 300 {
		var lines []protocol.Line
		want := map[protocol.AgentID]rules.Total{}
		var sum rules.Total
		for range rng.IntN(30) {
			l := protocol.Line{Agent: agent(1 + byte(rng.IntN(9))), Amount: protocol.Amount{N: 1 + rng.Int64N(1e15), Scale: rng.Int64N(10)}, Bucket: []string{"a", "b", "c"}[rng.IntN(3)]}
			lines = append(lines, l)
			if l.Agent != protocol.AgentID(pool) {
				want[l.Agent] = want[l.Agent].Add(rules.TotalOf(l.Amount))
				sum = sum.Add(rules.TotalOf(l.Amount))
			}
		}
		p := OfDistribution(pool, "USD", lines)
		got := map[protocol.AgentID]rules.Total{}
		for i, s := range p.Shares {
			var buckets rules.Total
			for _, x := range s.Buckets {
				buckets = buckets.Add(x.Amount)
			}
			if buckets != s.Amount || i > 0 && p.Shares[i-1].Agent.Compare(s.Agent.EntryID) >= 0 {
				t.Fatalf("seed %d: share %+v after %d", seed, s, i)
			}
			got[s.Agent] = s.Amount
		}
		if diff := gocmp.Diff(want, got, gocmp.AllowUnexported(rules.Total{})); diff != "" || p.Amount != sum {
			t.Fatalf("seed %d: %v, want %v (-want +got):\n%s", seed, p.Amount, sum, diff)
		}
		rng.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		for i, s := range OfDistribution(pool, "USD", lines).Shares {
			if s.Agent != p.Shares[i].Agent || s.Amount != p.Shares[i].Amount {
				t.Fatalf("seed %d: in another order %v has %v", seed, s.Agent, s.Amount)
			}
		}
	}
}

// rows is state in memory.
type rows map[string][]byte

func (r rows) Get(t rules.Table, key []byte) ([]byte, error) { return r[string(t)+string(key)], nil }

func (r rows) Put(t rules.Table, key, value []byte) {
	if value == nil {
		delete(r, string(t)+string(key))
		return
	}
	r[string(t)+string(key)] = value
}

func TestSharesAreReadBack(t *testing.T) {
	pool := protocol.CommonsID{EntryID: protocol.EntryID{9}}
	lines := []protocol.Line{
		{Agent: agent(2), Amount: protocol.Amount{N: 250, Scale: 2}, Bucket: "trabajo"},
		{Agent: agent(3), Amount: protocol.Amount{N: 3}, Bucket: "cuidado"},
		{Agent: agent(2), Amount: protocol.Amount{N: 1}, Bucket: "cuidado"},
	}
	part := partEntry(t, 7, &protocol.Distribution{Parts: 1, Version: 1, Currency: "USD", Amount: &protocol.Amount{N: 1}, Digest: [32]byte{1}})
	p := OfDistribution(pool, "USD", lines)
	r := rows{}
	Publish(r, []protocol.Entry{part}, p, rules.Apply)
	for _, want := range append(p.Shares, Share{Agent: p.Payer, Amount: p.Amount, Buckets: []Portion{
		{"trabajo", rules.TotalOf(protocol.Amount{N: 250, Scale: 2})}, {"cuidado", rules.TotalOf(protocol.Amount{N: 4})},
	}}) {
		got, err := ReadShare(r, 7, want.Agent)
		if diff := gocmp.Diff(want, got, gocmp.AllowUnexported(rules.Total{})); diff != "" || err != nil {
			t.Errorf("%v: %s, %v", want.Agent, diff, err)
		}
		row := r[string(rules.Shared)+string(sharedKey(7, want.Agent))]
		for n := 1; n < len(row); n++ {
			if _, err := ReadShare(rows{string(rules.Shared) + string(sharedKey(7, want.Agent)): row[:n]}, 7, want.Agent); err == nil && n != 2+len("trabajo")+rules.TotalSize {
				t.Errorf("%d of %d bytes of a row are read", n, len(row))
			}
		}
	}
	Publish(r, []protocol.Entry{part}, p, rules.Undo)
	if len(r) != 0 {
		t.Errorf("%d rows are left", len(r))
	}
}
