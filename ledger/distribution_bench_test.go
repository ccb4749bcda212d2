package ledger_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// BenchmarkDistribution gives out money of the pool to 10,000 payees, and beside
// it has a member pay each of them once, in batches. Both settle at once: the
// commons is on one node. It reports how long a payee takes either way.
func BenchmarkDistribution(b *testing.B) {
	const payees = 10_000
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	l, err := ledger.Open(b.TempDir(), ledger.Options{
		TrustDistributions: true,

		Seed: [protocol.SeedSize]byte{1}, Rand: rand.NewChaCha8([32]byte{1}), Logger: slog.New(slog.DiscardHandler),
		Now: func() time.Time { now = now.Add(time.Millisecond); return now },
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := l.Close(); err != nil {
			b.Error(err)
		}
	})
	doc := money("Huerta Norte")
	doc["currency"] = []protocol.Value{map[string]protocol.Value{
		"name": "hora", "kind": "mutual", "scale": int64(2), "limit": "1000000.00",
		"exceptions": map[string]protocol.Value{"Huerta Norte": "1000000.00"},
	}}
	c, err := l.CreateCommonsFrom(b.Context(), doc, "Ana")
	if err != nil {
		b.Fatal(err)
	}
	var drafts []ledger.Draft
	for i := range payees {
		drafts = append(drafts, ledger.Draft{Commons: c.ID, Body: &protocol.Agent{
			Card: protocol.AgentCard{Name: protocol.PlainText(fmt.Sprint("Persona ", i)), Type: protocol.Person},
		}})
	}
	records, err := l.SubmitBatch(b.Context(), drafts)
	if err != nil {
		b.Fatal(err)
	}
	d := ledger.DistributionBody{Version: 1, Currency: "hora", Amount: protocol.Amount{N: 100 * payees, Scale: 2}}
	for i, w := range records {
		to := protocol.AgentID{EntryID: w.Entry.ID()}
		d.Lines = append(d.Lines, protocol.Line{Agent: to, Amount: protocol.Amount{N: 100, Scale: 2}, Bucket: "trabajo"})
		drafts[i].Body = transfer(c.Me.Agent(), to, 100)
	}
	var given, paid time.Duration
	for b.Loop() {
		if d.AsOf, err = l.NextCharterTime(b.Context(), c.ID); err != nil {
			b.Fatal(err)
		}
		from := time.Now()
		p, err := l.SubmitDistribution(b.Context(), c.ID, d)
		if err != nil || p.Written.State == ledger.Void {
			b.Fatal(p.Written, err)
		}
		given += time.Since(from)
		from = time.Now()
		if _, err := l.SubmitBatch(b.Context(), drafts); err != nil {
			b.Fatal(err)
		}
		paid += time.Since(from)
	}
	each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(b.N) / payees }
	b.ReportMetric(each(given), "µs/payee")
	b.ReportMetric(each(paid), "µs/transfer")
	b.ReportMetric(given.Seconds()/paid.Seconds(), "of-transfers")
}
