package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// The benchmarks of flows: 10,000 processes of a hundred events, each of which
// makes ten resources that the next two use up. Their yardstick is as many plain
// contributions, taken in the same run.

const (
	processes       = 10_000
	eventsProcess   = 100
	outputsProcess  = 10
	flowEvents      = processes * eventsProcess
	flowSegmentSize = 1024
)

// scribe writes the log of a founder without a ledger, segment by segment.
type scribe struct {
	b      *testing.B
	source *ledger.Ledger
	c      ledger.Commons
	key    protocol.PrivateKey
	head   protocol.Head
	run    []protocol.Entry
	take   func(wire []byte, events int)
}

// newScribe founds a commons and continues its founder's log.
func newScribe(b *testing.B) *scribe {
	b.Helper()
	source := openLedger(b, b.TempDir(), 1)
	c, err := source.CreateCommons(context.Background(), "Huerta Norte", "Ana")
	if err != nil {
		b.Fatal(err)
	}
	log, err := source.Log(context.Background(), c.Me)
	if err != nil {
		b.Fatal(err)
	}
	key, err := protocol.DeriveKey([protocol.SeedSize]byte{1}, protocol.RoleAuthor, 0, 0)
	if err != nil {
		b.Fatal(err)
	}
	return &scribe{b: b, source: source, c: c, key: key, head: log.Held}
}

// reader opens a ledger that holds what was written before the scribe began.
func (s *scribe) reader() *ledger.Ledger {
	s.b.Helper()
	ctx := context.Background()
	l := openLedger(s.b, s.b.TempDir(), 2)
	if err := l.Follow(ctx, s.c.ID); err != nil {
		s.b.Fatal(err)
	}
	for _, log := range []protocol.LogID{s.c.ID.Charter(), s.c.Me} {
		segment, err := s.source.SegmentFrom(ctx, log, 0, protocol.MaxSegmentBytes)
		if err == nil {
			_, err = l.Ingest(ctx, segment)
		}
		if err != nil {
			s.b.Fatal(err)
		}
	}
	return l
}

// write appends an entry and hands on a segment once there are enough.
func (s *scribe) write(body protocol.Body) protocol.EntryID {
	e, err := protocol.New(protocol.Placement{
		Log: s.head.Log, Seq: s.head.Seq + 1, Prev: s.head.CID, Charter: 2,
		Time: protocol.Time(1_770_000_000_000 + s.head.Seq),
	}, body)
	if err != nil {
		s.b.Fatal(err)
	}
	s.head = e.Head()
	if s.run = append(s.run, e); len(s.run) == flowSegmentSize {
		s.flush()
	}
	return e.ID()
}

func (s *scribe) flush() {
	if len(s.run) == 0 {
		return
	}
	segment := protocol.Segment{Entries: s.run}
	segment.Signatures = []protocol.Signature{protocol.SignEntry(s.key, 0, segment.Tip().ID())}
	wire, err := segment.Encode()
	if err != nil {
		s.b.Fatal(err)
	}
	s.take(wire, len(s.run))
	s.run = s.run[:0]
}

// contribute writes plain contributions, as a history that was imported has them.
func (s *scribe) contribute(n int) {
	kinds := []string{"code", "documentation", "maintenance", "test"}
	for i := range n {
		s.write(&protocol.Event{
			Action: "produce", Provider: s.c.Me.Agent(), Receiver: protocol.AgentID(s.c.ID),
			ResourceConformsTo: kinds[i%len(kinds)], ResourceQuantity: &protocol.Quantity{N: 1, Unit: "one"},
			HasPointInTime: "2019-02-04T11:12:53Z",
			Note:           protocol.PlainText(fmt.Sprintf("%d files, %d lines added, %d lines removed", i%7, i%193, i%31)),
		})
	}
	s.flush()
}

// good is a resource as the scribe knows it.
type good struct{ id, last protocol.EntryID }

// produce writes processes: each consumes what the two before it made, uses it,
// has work done, and makes resources of its own.
func (s *scribe) produce(n int) (all []good, steps []protocol.EntryID) {
	me, one := s.c.Me.Agent(), func(n int64) *protocol.Quantity { return &protocol.Quantity{N: n, Unit: "one"} }
	for i := range n {
		process := s.write(&protocol.Record{Type: "Process", Name: protocol.PlainText(fmt.Sprintf("batch %d", i))})
		steps = append(steps, process)
		inputs := all[max(0, len(all)-2*outputsProcess):]
		for j := range eventsProcess - outputsProcess - 1 {
			at := protocol.Event{
				Action: "work", Provider: me, Receiver: me, InputOf: process, ResourceConformsTo: "baking",
				EffortQuantity: &protocol.Quantity{N: 1, Unit: "hour"}, HasPointInTime: "2026-02-04T11:12:53Z",
			}
			if len(inputs) > 0 && j >= 10 {
				from := &inputs[j%len(inputs)]
				at.Action, at.ResourceConformsTo, at.EffortQuantity = "consume", "", nil
				at.ResourceInventoriedAs, at.PreviousEvent = from.id, []protocol.EntryID{from.last}
				at.ResourceQuantity = one(1)
				from.last = s.write(&at)
				continue
			}
			s.write(&at)
		}
		for j := range outputsProcess {
			made := s.write(&protocol.Event{
				Action: "produce", Provider: me, Receiver: me, OutputOf: process, ResourceQuantity: one(100),
				ResourceConformsTo: "bread", HasPointInTime: "2026-02-04T11:12:53Z",
				NewInventoriedResource: &protocol.NewResource{Name: protocol.PlainText(fmt.Sprintf("loaf %d of %d", j, i))},
			})
			all = append(all, good{made, made})
		}
	}
	s.flush()
	return all, steps
}

// ingestInto has a ledger take what the scribe writes, and returns the time that
// the ledger took.
func (s *scribe) ingestInto(l *ledger.Ledger, write func()) (took time.Duration) {
	ctx := context.Background()
	s.take = func(wire []byte, events int) {
		start := time.Now()
		segment, err := protocol.ParseSegment(wire)
		if err == nil {
			_, err = l.Ingest(ctx, segment)
		}
		if err != nil {
			s.b.Fatal(err)
		}
		took += time.Since(start)
	}
	write()
	start := time.Now()
	if err := l.Sync(ctx); err != nil {
		s.b.Fatal(err)
	}
	return took + time.Since(start)
}

// BenchmarkFlow takes a million events over 100,000 resources and 10,000
// processes, and as many plain contributions; then it reads from that ledger,
// beside Gets of one value of a database with as many.
func BenchmarkFlow(b *testing.B) {
	var contributions time.Duration
	b.Run("plain", func(b *testing.B) {
		for range b.N {
			plain := newScribe(b)
			contributions = plain.ingestInto(plain.reader(), func() { plain.contribute(flowEvents) })
		}
		b.ReportMetric(flowEvents/contributions.Seconds(), "events/s")
	})
	flows := newScribe(b)
	l := flows.reader()
	var made []good
	b.Run("ingest", func(b *testing.B) {
		if contributions == 0 || made != nil {
			return // once is enough, and what follows reads from it
		}
		took := flows.ingestInto(l, func() { made, _ = flows.produce(processes) })
		b.ReportMetric(flowEvents/took.Seconds(), "events/s")
		b.ReportMetric(contributions.Seconds()/took.Seconds(), "of-plain")
	})
	if made == nil {
		return // another part was asked for, which would need the million
	}
	db := openRaw(b)
	wb := db.NewWriteBatch()
	for i := range flowEvents {
		if err := wb.Set(rawKey(i), make([]byte, 320)); err != nil {
			b.Fatal(err)
		}
	}
	if err := wb.Flush(); err != nil {
		b.Fatal(err)
	}
	ctx, id := context.Background(), flows.c.ID
	read := func(name string, each int, what string, fn func(i int) (int, error)) {
		b.Run(name, func(b *testing.B) {
			const rounds = 10_000
			get := getRaw(b, db, flowEvents, rounds).Seconds() / rounds
			items, begin := 0, time.Now()
			for i := range b.N * each {
				n, err := fn(i)
				if err != nil {
					b.Fatal(err)
				}
				items += n
			}
			b.ReportMetric(get*1e9, "get-ns")
			b.ReportMetric(time.Since(begin).Seconds()/float64(items)/get, what)
		})
	}
	read("resource", 10_000, "gets/resource", func(i int) (int, error) {
		_, err := l.Resource(ctx, made[i*7919%len(made)].id)
		return 1, err
	})
	trace := func(walk func(context.Context, protocol.CommonsID, protocol.EntryID, ledger.Page) ([]ledger.Step, string, error)) func(int) (int, error) {
		return func(i int) (int, error) {
			steps, _, err := walk(ctx, id, made[i*7919%len(made)].id, ledger.Page{Limit: 1000})
			return len(steps), err
		}
	}
	read("trace", 20, "gets/step", trace(l.Trace))
	read("track", 20, "gets/step", trace(l.Track))
	read("page=resources", 50, "gets/page", func(int) (int, error) {
		_, _, err := l.Resources(ctx, id, ledger.ResourceFilter{}, ledger.Page{Limit: 100})
		return 1, err
	})
	read("page=events-of-resource", 50, "gets/page", func(i int) (int, error) {
		_, _, err := l.Events(ctx, id, ledger.EventFilter{Names: made[i*7919%len(made)].id}, ledger.Page{Limit: 100})
		return 1, err
	})
	read("page=events", 50, "gets/page", func(int) (int, error) {
		_, _, err := l.Events(ctx, id, ledger.EventFilter{}, ledger.Page{Limit: 100})
		return 1, err
	})
}
