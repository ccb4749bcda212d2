package share_test

import (
	"fmt"
	"testing"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// BenchmarkCompute shares an income by 1,000,000 events of 10,000 agents that two
// earlier rounds shared in part.
func BenchmarkCompute(b *testing.B) {
	v := newVillage()
	for i := range 10_000 {
		v.agents = append(v.agents, share.Agent{ID: agent(fmt.Sprint(i)), Member: true})
	}
	v.kinds = []share.Kind{
		{Action: "work", Resources: []string{"garden"}, EffortUnit: "hour"},
		{Action: "work", Resources: []string{"kitchen"}, EffortUnit: "minute-Time"},
		{Action: "produce", Resources: []string{"maize"}, ResourceUnit: "kilogram"},
	}
	quantity := total("2.5")
	for i := range 1_000_000 {
		e := share.Event{ID: protocol.EntryID{byte(i), byte(i >> 8), byte(i >> 16)}, Kind: i % 3, Provider: i * 7919 % 10_000, Corrects: -1}
		if e.Kind == 2 {
			e.Resource = quantity
		} else {
			e.Effort = quantity
		}
		v.events, v.from = append(v.events, e), append(v.from, i*3/1_000_000)
	}
	buckets := []charter.Bucket{
		pot("work", charter.Proportional, rate("work garden 10 hour", charter.Debt), rate("work kitchen 9 hour", charter.Once)),
		pot("food", charter.Equal, rate("produce maize 1.20 kilogram", charter.Once)),
	}
	buckets[0].Percent = amount("60")
	var past []share.Round
	for i := range 3 {
		now := share.Round{Charter: charter.Document{Streams: plainStreams(), Buckets: buckets}, Currency: "USD", Scale: 2, Amount: amount("10000.00")}
		if i < 2 {
			result, err := share.Compute(v, past, now)
			if err != nil {
				b.Fatal(err)
			}
			now.Lines = result.Lines
			past = append(past, now)
			continue
		}
		b.ReportAllocs()
		b.ResetTimer()
		for b.Loop() {
			if _, err := share.Compute(v, past, now); err != nil {
				b.Fatal(err)
			}
		}
	}
}
