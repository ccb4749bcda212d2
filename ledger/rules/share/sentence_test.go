package share_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/share"
)

var update = flag.Bool("update", false, "write the sentences anew")

// TestSentences compares the sentences of a charter in which every choice stands
// with testdata/sentences.txt; -update writes that.
func TestSentences(t *testing.T) {
	whole := rate("work huerta 10.00 hour", charter.Once)
	whole.Process, whole.Plan, whole.Who, whole.Scope, whole.Stream = "siembra", "2026", charter.Members, charter.InTrace, charter.Care
	cite := rate("cite manual 0 one", charter.Debt)
	cite.Rate, cite.Percent, cite.Credit = nil, optional("10"), charter.ToSource
	equity := rate("transfer USD 1 one", charter.Equity)
	weight := rate("produce tomate 1.20 kilogram", charter.Once)
	weight.Stream = charter.Love
	any := charter.Rule{Who: charter.Anyone, Scope: charter.InPeriod, Stream: charter.Livelihood, Rate: optional("3"), Per: "megabyte", Credit: charter.ToProvider, Claim: charter.Once}
	streams := plainStreams()
	streams.Care = amount("1.5")
	d := charter.Document{Streams: streams, Buckets: []charter.Bucket{
		{Name: "reserva", Percent: amount("20"), To: "Huerta Norte", Rest: charter.RestNext},
		pot("trabajo", charter.Proportional, whole, cite, equity, weight, any),
		pot("igual", charter.Equal, any), pot("memoria", charter.Balanced, equity),
	}}
	d.Buckets[1].Min, d.Buckets[1].Max, d.Buckets[1].Currency = optional("250"), optional("1500.00"), "USD"
	d.Buckets[2].Rest, d.Buckets[3].Rest, d.Buckets[3].Since = charter.RestPool, "Cooperativa Sur", "2026-01-01"
	var all []string
	for _, lang := range []string{"es", "en"} {
		for i, b := range d.Buckets {
			all = append(all, share.Sentence(d, i, lang))
			for j := range b.Rules {
				all = append(all, "  "+share.RuleSentence(d, i, j, lang))
			}
		}
	}
	got := strings.Join(all, "\n") + "\n"
	const file = "testdata/sentences.txt"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(got, "%!") {
		t.Error("a sentence lacks a value")
	}
	if share.Sentence(d, 9, "es") != "" || share.RuleSentence(d, 0, 0, "es") != "" {
		t.Error("what is not there has a sentence")
	}
}
