package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/store"
	"github.com/minga-commons/minga/protocol"
)

// counted is a store that counts what is read of it.
type counted struct {
	*store.Store
	gets, rows *atomic.Int64
}

func (c counted) View(fn func(ledger.Snapshot) error) error {
	return c.Store.View(func(s ledger.Snapshot) error { return fn(countedSnapshot{s, c}) })
}

type countedSnapshot struct {
	ledger.Snapshot
	c counted
}

func (s countedSnapshot) Get(k []byte) ([]byte, error) {
	s.c.gets.Add(1)
	return s.Snapshot.Get(k)
}

// Scan counts as one get, and the rows that it reads apart.
func (s countedSnapshot) Scan(prefix, from []byte, keysOnly bool, fn func(k, v []byte) bool) error {
	s.c.gets.Add(1)
	return s.Snapshot.Scan(prefix, from, keysOnly, func(k, v []byte) bool {
		s.c.rows.Add(1)
		return fn(k, v)
	})
}

// userMonths is how many months the user of the benchmark declared and worked in.
const userMonths = 12

// BenchmarkStanding asks how one user stands who declared twelve months and
// contributed twelve times, each confirmed by a verdict, beside 1,000 and 100,000
// contributions of others; with more, the user also paid twelve times, and four
// contributions were corrected: forty facts. The ledger was just opened, so that nothing is in memory: first-gets
// counts Gets and scans, first-rows the rows of those scans, and again-gets what
// the same question reads afterwards.
func BenchmarkStanding(b *testing.B) {
	for _, size := range []struct {
		others int
		more   bool
	}{{1_000, false}, {100_000, false}, {1_000, true}, {100_000, true}} {
		facts := 2 * userMonths
		if size.more {
			facts += userMonths + userMonths/3
		}
		b.Run(fmt.Sprintf("others=%d/facts=%d", size.others, facts), func(b *testing.B) {
			dir := b.TempDir()
			l, _ := openCounted(b, dir)
			c, user := oneUser(b, l, size.others, size.more)
			if err := l.Close(); err != nil {
				b.Fatal(err)
			}
			l, disk := openCounted(b, dir)
			defer l.Close()
			read := func() (gets, rows int64) {
				disk.gets.Store(0)
				disk.rows.Store(0)
				s, err := l.Standing(context.Background(), c.ID, user, l.Today())
				if err != nil || len(s.Periods) < userMonths || s.Contributed.Amount.Sign() == 0 {
					b.Fatalf("%+v, %v", s, err)
				}
				return disk.gets.Load(), disk.rows.Load()
			}
			gets, rows := read()
			again, _ := read()
			for b.Loop() {
				read()
			}
			b.ReportMetric(float64(gets), "first-gets")
			b.ReportMetric(float64(rows), "first-rows")
			b.ReportMetric(float64(again), "again-gets")
		})
	}
}

func openCounted(b *testing.B, dir string) (*ledger.Ledger, counted) {
	b.Helper()
	o := store.Default()
	o.BallastBytes, o.MinFreeBytes, o.MinFreeFraction = 0, 0, 0
	o.Logger = slog.New(slog.DiscardHandler)
	s, err := store.Open(dir, o)
	if err != nil {
		b.Fatal(err)
	}
	disk := counted{s, new(atomic.Int64), new(atomic.Int64)}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l, err := ledger.Open(dir, ledger.Options{
		Storage: disk, Seed: [protocol.SeedSize]byte{1}, Rand: rand.NewChaCha8([32]byte{1}), Logger: o.Logger,
		Now: func() time.Time { now = now.Add(time.Millisecond); return now },
	})
	if err != nil {
		b.Fatal(err)
	}
	return l, disk
}

// oneUser founds a commons with a licence. The user has no log, and the steward
// who writes everything is the voice that confirms.
func oneUser(b *testing.B, l *ledger.Ledger, others int, more bool) (ledger.Commons, protocol.AgentID) {
	b.Helper()
	ctx := context.Background()
	c, err := l.CreateCommonsFrom(ctx, map[string]protocol.Value{
		"name":     "Huerta Norte",
		"currency": []protocol.Value{map[string]protocol.Value{"name": "USD", "kind": "issued", "scale": int64(2)}},
		"bucket": []protocol.Value{map[string]protocol.Value{"name": "work", "percent": "100", "rule": []protocol.Value{
			map[string]protocol.Value{"action": "work", "rate": "10", "per": "hour"}}}},
		"licence": map[string]protocol.Value{
			"resources": []protocol.Value{"manual"}, "share": "10", "currency": "USD", "contribution": "500.00",
			"value_by": []protocol.Value{"work"},
		},
	}, "Ana")
	if err != nil {
		b.Fatal(err)
	}
	agent := func(name string) protocol.AgentID {
		w, err := l.Submit(ctx, ledger.Draft{Commons: c.ID, Body: &protocol.Agent{
			Card: protocol.AgentCard{Name: protocol.PlainText(name), Type: protocol.Person}}})
		if err != nil {
			b.Fatal(err)
		}
		return protocol.AgentID{EntryID: w.Entry.ID()}
	}
	user, other := agent("Beto"), agent("Carla")
	worked := func(who protocol.AgentID, month int) ledger.Draft {
		return ledger.Draft{Commons: c.ID, Body: &protocol.Event{
			Action: "work", Provider: who, Receiver: protocol.AgentID(c.ID), ResourceConformsTo: "garden",
			EffortQuantity: &protocol.Quantity{N: 2, Unit: "hour"}, HasPointInTime: fmt.Sprintf("2025-%02d-15", month),
		}}
	}
	first := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	var drafts []ledger.Draft
	confirm := func(body protocol.Body) protocol.EntryID {
		w, err := l.Submit(ctx, ledger.Draft{Commons: c.ID, Body: body})
		if err != nil {
			b.Fatal(err)
		}
		drafts = append(drafts, ledger.Draft{Commons: c.ID, Body: &protocol.Confirm{Target: w.Entry.ID(), Verdict: protocol.VerdictConfirm}})
		return w.Entry.ID()
	}
	for i := range others {
		drafts = append(drafts, worked(other, i%12+1))
		if i%(others/userMonths) == 0 && i/(others/userMonths) < userMonths {
			month := i/(others/userMonths) + 1
			from := first.AddDate(0, month-1, 0)
			event := confirm(worked(user, month).Body)
			use := confirm(&protocol.Declare{
				Agent: user, Resource: "manual", Use: "commercial", Currency: "USD", Profit: &protocol.Amount{N: 1000},
				Beginning: from.Format(time.DateOnly), End: from.AddDate(0, 1, -1).Format(time.DateOnly),
			})
			if !more {
				continue
			}
			_, err := l.SubmitTo(ctx, c.ID.Charter(), ledger.Draft{Commons: c.ID, Body: &protocol.Event{
				Action: "transfer", Provider: user, Receiver: protocol.AgentID(c.ID), Currency: "USD",
				ResourceQuantity: &protocol.Quantity{N: 1, Unit: "one"}, Settles: []protocol.EntryID{use},
				HasPointInTime: fmt.Sprintf("2025-%02d-20", month),
			}})
			if err != nil {
				b.Fatal(err)
			}
			if month%3 == 0 {
				less := protocol.Quantity{N: 1, Unit: "hour"}
				body, err := l.Correction(ctx, event, ledger.Corrected{EffortQuantity: &less})
				if err != nil {
					b.Fatal(err)
				}
				confirm(body)
			}
		}
		if len(drafts) >= 1000 || i == others-1 {
			if _, err := l.SubmitBatch(ctx, drafts); err != nil {
				b.Fatal(err)
			}
			drafts = drafts[:0]
		}
	}
	return c, user
}
