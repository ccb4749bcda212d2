package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

const firstReads = 1000 // agents, each asked for once

// BenchmarkFirstBalance opens a ledger of 100,000 events and payments of 1,000
// agents, four lines and a currency each, and asks once for the balance of each,
// in random order: nothing of it is in memory yet. It stands beside the first
// Gets of as many values out of 100,000 of a database that was just opened too.
// The figures are medians over the reads; mean-of-get has the means, and
// very-first-ns is the first read of all, which warms up the process too.
func BenchmarkFirstBalance(b *testing.B) {
	dir := b.TempDir()
	l := openForNow(b, dir, 1)
	c, agents := manyAgents(b, l)
	all := blocks(b, l, c.Me)
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	raw := b.TempDir()
	fillRaw(b, raw, all)
	rng := rand.New(rand.NewPCG(1, 1))
	for range b.N {
		rng.Shuffle(len(agents), func(i, j int) { agents[i], agents[j] = agents[j], agents[i] })
		balance, get := firstBalances(b, dir, c, agents), firstGets(b, raw, len(all), rng)
		b.ReportMetric(float64(balance[0].Nanoseconds()), "very-first-ns")
		b.ReportMetric(float64(median(balance...).Nanoseconds()), "first-ns")
		b.ReportMetric(float64(median(get...).Nanoseconds()), "get-ns")
		b.ReportMetric(median(balance...).Seconds()/median(get...).Seconds(), "first-of-get")
		b.ReportMetric(sum(balance).Seconds()/sum(get).Seconds(), "mean-of-get")
	}
}

// sum adds up what reads took.
func sum(all []time.Duration) (sum time.Duration) {
	for _, d := range all {
		sum += d
	}
	return sum
}

func manyAgents(b *testing.B, l *ledger.Ledger) (ledger.Commons, []protocol.AgentID) {
	b.Helper()
	c, _ := payers(b, l, "10000000.00")
	write := func(n int, body func(i int) protocol.Body) (written []ledger.Written) {
		for from := 0; from < n; from += 1000 {
			var drafts []ledger.Draft
			for i := from; i < min(n, from+1000); i++ {
				drafts = append(drafts, ledger.Draft{Commons: c.ID, Body: body(i)})
			}
			done, err := l.SubmitBatch(b.Context(), drafts)
			if err != nil {
				b.Fatal(err)
			}
			written = append(written, done...)
		}
		return written
	}
	var agents []protocol.AgentID
	for _, w := range write(firstReads, func(i int) protocol.Body {
		return &protocol.Agent{Card: protocol.AgentCard{Name: protocol.PlainText(fmt.Sprint("member-", i)), Type: protocol.Person}}
	}) {
		agents = append(agents, protocol.AgentID{EntryID: w.Entry.ID()})
	}
	kinds := []string{"code", "documentation", "maintenance", "test"}
	write(historySize, func(i int) protocol.Body {
		who := agents[i/5%len(agents)]
		if i%5 == 4 {
			return payment(c, who, 1).Body
		}
		return &protocol.Event{
			Action: "produce", Provider: who, Receiver: protocol.AgentID(c.ID), ResourceConformsTo: kinds[i%5],
			ResourceQuantity: &protocol.Quantity{N: 1, Unit: "one"},
		}
	})
	return c, agents
}

func fillRaw(b *testing.B, dir string, all [][]byte) {
	b.Helper()
	db := openRawIn(b, dir)
	wb := db.NewWriteBatch()
	for i, block := range all {
		if err := wb.Set(rawKey(i), block); err != nil {
			b.Fatal(err)
		}
	}
	if err := wb.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}

func firstBalances(b *testing.B, dir string, c ledger.Commons, agents []protocol.AgentID) []time.Duration {
	b.Helper()
	l := openForNow(b, dir, 1)
	took := make([]time.Duration, 0, len(agents))
	for _, a := range agents {
		start := time.Now()
		sheet, err := l.Balance(context.Background(), c.ID, a)
		took = append(took, time.Since(start))
		if err != nil || len(sheet.Contributions) != 4 || len(sheet.Accounts) != 1 || sheet.Accounts[0].Settled.IsZero() {
			b.Fatalf("%+v, %v", sheet, err)
		}
	}
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	return took
}

func firstGets(b *testing.B, dir string, n int, rng *rand.Rand) []time.Duration {
	b.Helper()
	db := openRawIn(b, dir)
	defer db.Close()
	took := make([]time.Duration, 0, firstReads)
	for _, i := range rng.Perm(n)[:firstReads] {
		start := time.Now()
		err := db.View(func(txn *badger.Txn) error {
			item, err := txn.Get(rawKey(i))
			if err != nil {
				return err
			}
			_, err = item.ValueCopy(nil)
			return err
		})
		took = append(took, time.Since(start))
		if err != nil {
			b.Fatal(err)
		}
	}
	return took
}
