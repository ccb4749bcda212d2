package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// What the events of the benchmarks of resources are about: ten events a
// resource, a hundred a process.
const eventsOnThings = 1_000_000

// stock founds a commons and records n events on a tenth as many resources, in a
// hundredth as many processes: those are raised, used, consumed in processes,
// produced by them, and moved from one to another. It returns the resources.
func stock(b *testing.B, l *ledger.Ledger, n int) (ledger.Commons, []protocol.EntryID) {
	b.Helper()
	ctx := context.Background()
	c, err := l.CreateCommons(ctx, "Huerta Norte", "Ana")
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	var work, made []protocol.EntryID
	submit := func(bodies []protocol.Body) (ids []protocol.EntryID) {
		drafts := make([]ledger.Draft, len(bodies))
		for i, body := range bodies {
			drafts[i] = ledger.Draft{Commons: c.ID, Body: body}
		}
		all, err := l.SubmitBatch(ctx, drafts)
		if err != nil {
			b.Fatal(err)
		}
		for _, w := range all {
			ids = append(ids, w.Entry.ID())
		}
		return ids
	}
	batch := func(n int, body func(i int) protocol.Body) (ids []protocol.EntryID) {
		for from := 0; from < n; from += 1000 {
			var bodies []protocol.Body
			for i := from; i < min(n, from+1000); i++ {
				bodies = append(bodies, body(i))
			}
			ids = append(ids, submit(bodies)...)
		}
		return ids
	}
	kinds := []string{"tomate", "lechuga", "semilla", "herramienta"}
	work = batch(n/100, func(i int) protocol.Body {
		return &protocol.Record{Type: "Process", Name: protocol.PlainText(fmt.Sprint("process ", i))}
	})
	made = batch(n/10, func(i int) protocol.Body {
		return &protocol.Event{
			Action: "raise", Provider: c.Me.Agent(), Receiver: c.Me.Agent(),
			ResourceQuantity:       &protocol.Quantity{N: 1000, Unit: "one"},
			NewInventoriedResource: &protocol.NewResource{Name: protocol.PlainText(fmt.Sprint("resource ", i)), ConformsTo: kinds[i%len(kinds)]},
			HasPointInTime:         "2019-02-04T11:12:53Z",
		}
	})
	batch(n-n/10, func(i int) protocol.Body {
		body := &protocol.Event{
			Provider: c.Me.Agent(), Receiver: c.Me.Agent(),
			ResourceQuantity: &protocol.Quantity{N: 1, Unit: "one"}, ResourceInventoriedAs: made[rng.IntN(len(made))],
			HasPointInTime: "2019-02-04T11:12:53Z",
		}
		process := work[rng.IntN(len(work))]
		switch i % 10 {
		case 0, 1, 2, 3:
			body.Action, body.InputOf = "consume", process
		case 4, 5:
			body.Action, body.InputOf = "use", process
		case 6, 7, 8:
			body.Action, body.OutputOf = "produce", process
		default:
			body.Action, body.ToResourceInventoriedAs = "move", made[rng.IntN(len(made))]
		}
		return body
	})
	return c, made
}

// BenchmarkIngestResources takes events on resources as segments of 1,024, beside
// as many plain contributions that are taken in the same way.
func BenchmarkIngestResources(b *testing.B) {
	plain := openLedger(b, filepath.Join(b.TempDir(), "plain"), 1)
	of := history(b, plain, eventsOnThings)
	source := openLedger(b, filepath.Join(b.TempDir(), "source"), 1)
	c, _ := stock(b, source, eventsOnThings)
	b.ResetTimer()
	for range b.N {
		yard := ingestAll(b, plain, of)
		took := ingestAll(b, source, c)
		b.ReportMetric(1/took, "events/s")
		b.ReportMetric(1/yard, "plain-events/s")
		b.ReportMetric(yard/took, "of-plain")
	}
}

// ingestAll returns how many seconds a new ledger takes for an entry of a log.
func ingestAll(b *testing.B, source *ledger.Ledger, c ledger.Commons) float64 {
	b.Helper()
	ctx := context.Background()
	key, err := protocol.DeriveKey([protocol.SeedSize]byte{1}, protocol.RoleAuthor, 0, 0)
	if err != nil {
		b.Fatal(err)
	}
	all := blocks(b, source, c.Me)
	var wire [][]byte
	const size = 1024
	for from := 0; from < len(all); from += size {
		var s protocol.Segment
		for _, block := range all[from:min(len(all), from+size)] {
			e, err := protocol.Parse(block)
			if err != nil {
				b.Fatal(err)
			}
			s.Entries = append(s.Entries, e)
		}
		s.Signatures = []protocol.Signature{protocol.SignEntry(key, 0, s.Tip().ID())}
		data, err := s.Encode()
		if err != nil {
			b.Fatal(err)
		}
		wire = append(wire, data)
	}
	governing, err := source.SegmentFrom(ctx, c.ID.Charter(), 0, protocol.MaxSegmentBytes)
	if err != nil {
		b.Fatal(err)
	}
	l := openLedger(b, b.TempDir(), 2)
	if err := l.Follow(ctx, c.ID); err != nil {
		b.Fatal(err)
	}
	if _, err := l.Ingest(ctx, governing); err != nil {
		b.Fatal(err)
	}
	b.StartTimer()
	start := time.Now()
	for _, data := range wire {
		s, err := protocol.ParseSegment(data)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := l.Ingest(ctx, s); err != nil {
			b.Fatal(err)
		}
	}
	if err := l.Sync(ctx); err != nil {
		b.Fatal(err)
	}
	took := time.Since(start)
	b.StopTimer()
	return took.Seconds() / float64(len(all))
}

// BenchmarkResource reads resources at random from a ledger of 1,000,000 events,
// beside a Badger Get of one of as many values.
func BenchmarkResource(b *testing.B) {
	l := openLedger(b, b.TempDir(), 1)
	c, made := stock(b, l, eventsOnThings)
	all := blocks(b, l, c.Me)
	db := openRaw(b)
	wb := db.NewWriteBatch()
	for i, block := range all {
		if err := wb.Set(rawKey(i), block); err != nil {
			b.Fatal(err)
		}
	}
	if err := wb.Flush(); err != nil {
		b.Fatal(err)
	}
	const rounds = 20_000
	var read, get [3]time.Duration
	for i := range read {
		get[i] = getRaw(b, db, len(all), rounds)
		start := time.Now()
		for j := range rounds {
			if _, err := l.Resource(b.Context(), made[j*7919%len(made)]); err != nil {
				b.Fatal(err)
			}
		}
		read[i] = time.Since(start)
	}
	b.ResetTimer()
	for i := range b.N {
		if _, err := l.Resource(b.Context(), made[i*7919%len(made)]); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(median(get[:]...).Seconds()/rounds*1e9, "get-ns")
	b.ReportMetric(median(read[:]...).Seconds()/median(get[:]...).Seconds(), "of-get")
}
