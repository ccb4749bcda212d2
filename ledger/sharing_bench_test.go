package ledger_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/store"
	"github.com/minga-commons/minga/protocol"
)

// ledgerOf is a commons whose founder's log a benchmark writes by itself.
type ledgerOf struct {
	*ledger.Ledger
	b    *testing.B
	open func() *ledger.Ledger
	id   protocol.CommonsID
	key  protocol.PrivateKey
	head protocol.Head
	run  []protocol.Entry
}

func newLedgerOf(b *testing.B, doc table) *ledgerOf {
	b.Helper()
	ctx := context.Background()
	disk := store.Default()
	disk.BallastBytes, disk.MinFreeBytes, disk.MinFreeFraction = 0, 0, 0
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	dir := b.TempDir()
	open := func() *ledger.Ledger {
		l, err := ledger.Open(dir, ledger.Options{
			Store: &disk, Seed: [protocol.SeedSize]byte{1}, Rand: rand.NewChaCha8([32]byte{1}), Logger: slog.New(slog.DiscardHandler),
			Now: func() time.Time { return now },
		})
		if err != nil {
			b.Fatal(err)
		}
		return l
	}
	source := open()
	c, err := source.CreateCommonsFrom(ctx, doc, "Ana")
	if err != nil {
		b.Fatal(err)
	}
	income := &protocol.Event{
		Action: "transfer", Provider: c.Me.Agent(), Receiver: protocol.AgentID(c.ID), Currency: "USD",
		ResourceQuantity: &protocol.Quantity{N: 100000000, Scale: 2, Unit: "one"}, ResourceConformsTo: "bread",
	}
	if _, err := source.SubmitTo(ctx, c.ID.Charter(), ledger.Draft{Commons: c.ID, Body: income}); err != nil {
		b.Fatal(err)
	}
	s := &ledgerOf{Ledger: source, b: b, open: open, id: c.ID}
	b.Cleanup(func() { s.Close() })
	log, err := source.Log(ctx, c.Me)
	if err != nil {
		b.Fatal(err)
	}
	if s.key, err = protocol.DeriveKey([protocol.SeedSize]byte{1}, protocol.RoleAuthor, 0, 0); err != nil {
		b.Fatal(err)
	}
	s.head = log.Held
	return s
}

func (s *ledgerOf) write(body protocol.Body) protocol.EntryID {
	e, err := protocol.New(protocol.Placement{
		Log: s.head.Log, Seq: s.head.Seq + 1, Prev: s.head.CID, Charter: 2, Time: protocol.Time(1_770_000_000_000 + s.head.Seq),
	}, body)
	if err != nil {
		s.b.Fatal(err)
	}
	s.head = e.Head()
	if s.run = append(s.run, e); len(s.run) == 1024 {
		s.flush()
	}
	return e.ID()
}

func (s *ledgerOf) flush() {
	if len(s.run) == 0 {
		return
	}
	segment := protocol.Segment{Entries: s.run}
	segment.Signatures = []protocol.Signature{protocol.SignEntry(s.key, 0, segment.Tip().ID())}
	if _, err := s.Ingest(context.Background(), segment); err != nil {
		s.b.Fatal(err)
	}
	s.run = nil
}

func (s *ledgerOf) settle() {
	s.flush()
	if _, err := s.Endorse(context.Background()); err != nil {
		s.b.Fatal(err)
	}
	debug.FreeOSMemory()
}

// again opens the ledger again, without what it had in memory from writing.
func (s *ledgerOf) again() {
	if err := s.Close(); err != nil {
		s.b.Fatal(err)
	}
	s.Ledger = s.open()
	debug.FreeOSMemory()
}

// preview computes once, and returns how long that took and how much memory it had
// at most, in MB.
func (s *ledgerOf) preview() (ledger.Distribution, time.Duration, float64) {
	done, peak := make(chan struct{}), make(chan float64)
	go func() {
		most := uint64(0)
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
			metrics.Read(sample)
			most = max(most, sample[0].Value.Uint64()-sample[1].Value.Uint64())
			select {
			case <-done:
				tick.Stop()
				peak <- float64(most) / (1 << 20)
				return
			case <-tick.C:
			}
		}
	}()
	start := time.Now()
	d, err := s.PreviewDistribution(context.Background(), s.id, request(100000000))
	took := time.Since(start)
	close(done)
	if err != nil {
		s.b.Fatal(err)
	}
	return d, took, <-peak
}

// BenchmarkPreview shares an income over a million confirmed events of 10,000
// contributors, beside reading the same entries and doing nothing with them.
func BenchmarkPreview(b *testing.B) {
	const events, contributors = 1_000_000, 10_000
	s := newLedgerOf(b, sharing(table{"name": "work", "percent": "100", "rule": []protocol.Value{
		rule("work", "Huerta", "10", "hour", nil), rule("work", "Cocina", "12.5", "hour", table{"stream": "care"}),
	}}))
	var people []protocol.AgentID
	for i := range contributors {
		people = append(people, protocol.AgentID{EntryID: s.write(&protocol.Agent{Card: protocol.AgentCard{
			Name: protocol.PlainText(fmt.Sprint("Agente ", i)), Type: protocol.Person,
		}})})
	}
	for i := range events {
		s.write(&protocol.Event{
			Action: "work", Provider: people[i%contributors], Receiver: protocol.AgentID(s.id),
			ResourceConformsTo: []string{"Huerta", "Cocina"}[i%2], HasPointInTime: "2026-02-04T11:12:53Z",
			EffortQuantity: &protocol.Quantity{N: int64(1 + i%8), Unit: "hour"},
		})
	}
	s.settle()
	people = nil
	s.again()
	for range b.N {
		start := time.Now()
		n, err := s.Iterate(context.Background(), s.id)
		plain := time.Since(start)
		if err != nil || n < events {
			b.Fatal(n, err)
		}
		limit := debug.SetMemoryLimit(450 << 20)
		debug.FreeOSMemory()
		d, took, peak := s.preview()
		debug.SetMemoryLimit(limit)
		if d.Computed.Buckets[0].Events != events {
			b.Fatalf("%d events share", d.Computed.Buckets[0].Events)
		}
		b.ReportMetric(took.Seconds(), "preview-s")
		b.ReportMetric(plain.Seconds(), "iteration-s")
		b.ReportMetric(took.Seconds()/plain.Seconds(), "of-iteration")
		b.ReportMetric(peak, "peak-MB")
	}
}

// BenchmarkBackwardTrace shares an income for bread by what went into it: a
// thousand processes of a hundred events, each of which uses up what the one before
// made. It is beside reading single values of the same database.
func BenchmarkBackwardTrace(b *testing.B) {
	const processes, each = 1_000, 100
	s := newLedgerOf(b, sharing(table{"name": "work", "percent": "100", "rule": []protocol.Value{
		rule("work", "baking", "10", "hour", table{"scope": "trace"}),
	}}))
	person := protocol.AgentID{EntryID: s.write(&protocol.Agent{Card: protocol.AgentCard{Name: protocol.PlainText("Luis"), Type: protocol.Person}})}
	one := func(n int64) *protocol.Quantity { return &protocol.Quantity{N: n, Unit: "one"} }
	var stock []protocol.EntryID
	for i := range processes {
		process := s.write(&protocol.Record{Type: "Process", Name: protocol.PlainText(fmt.Sprint("batch ", i))})
		for j := range each - 10 {
			e := &protocol.Event{
				Action: "work", Provider: person, Receiver: protocol.AgentID(s.id), InputOf: process,
				ResourceConformsTo: "baking", EffortQuantity: &protocol.Quantity{N: 1, Unit: "hour"},
			}
			if j < len(stock) {
				e.Action, e.ResourceConformsTo, e.EffortQuantity = "consume", "", nil
				e.ResourceInventoriedAs, e.ResourceQuantity = stock[j], one(int64(1+(i+j)%2))
			}
			s.write(e)
		}
		stock = stock[:0]
		for range 10 {
			stock = append(stock, s.write(&protocol.Event{
				Action: "produce", Provider: person, Receiver: protocol.AgentID(s.id), OutputOf: process, ResourceQuantity: one(2),
				NewInventoriedResource: &protocol.NewResource{ConformsTo: "bread"},
			}))
		}
	}
	s.settle()
	rng := rand.New(rand.NewPCG(1, 2))
	for range b.N {
		start := time.Now()
		const gets = 10_000
		for range gets {
			if err := s.RawGet(s.head.Log, rng.Int64N(s.head.Seq)); err != nil {
				b.Fatal(err)
			}
		}
		get := time.Since(start) / gets
		d, took, _ := s.preview()
		if d.Computed.Buckets[0].Events < processes*each/2 {
			b.Fatalf("%d events share", d.Computed.Buckets[0].Events)
		}
		per := took / (processes * each)
		b.ReportMetric(float64(per.Nanoseconds()), "trace-ns/event")
		b.ReportMetric(float64(get.Nanoseconds()), "get-ns")
		b.ReportMetric(float64(per)/float64(get), "gets/event")
	}
}
