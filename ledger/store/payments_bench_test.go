package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/store"
	"github.com/minga-commons/minga/protocol"
)

// The benchmarks of money stand beside what Badger does with the same blocks in
// transactions of 1,000, each synced, in the same run.

const (
	paymentsMade = 100_000
	payees       = 13
	callers      = 1000
)

// payers founds a commons with the mutual credit `hora`, whose only witness is
// its founder, and records the agents that are paid.
func payers(b *testing.B, l *ledger.Ledger, limit string) (ledger.Commons, []protocol.AgentID) {
	b.Helper()
	ctx := context.Background()
	c, err := l.CreateCommonsFrom(ctx, map[string]protocol.Value{
		"name": "Huerta Norte",
		"currency": []protocol.Value{
			map[string]protocol.Value{"name": "hora", "kind": "mutual", "scale": int64(2), "limit": limit},
		},
	}, "Ana")
	if err != nil {
		b.Fatal(err)
	}
	var agents []protocol.AgentID
	for i := range payees {
		w, err := l.Submit(ctx, ledger.Draft{Commons: c.ID, Body: &protocol.Agent{Card: protocol.AgentCard{
			Name: protocol.PlainText(fmt.Sprintf("member-%03d", i+1)), Type: protocol.Person,
		}}})
		if err != nil {
			b.Fatal(err)
		}
		agents = append(agents, protocol.AgentID{EntryID: w.Entry.ID()})
	}
	return c, agents
}

func payment(c ledger.Commons, to protocol.AgentID, cents int64) ledger.Draft {
	return ledger.Draft{Commons: c.ID, Body: &protocol.Event{
		Action: "transfer", Provider: c.Me.Agent(), Receiver: to, Currency: "hora",
		ResourceQuantity: &protocol.Quantity{N: cents, Scale: 2, Unit: "one"},
	}}
}

// BenchmarkTransfer writes 100,000 payments of one member durably: by batches of
// 1,000, and by 1,000 callers that each wait for their own. Each is settled by the
// node itself, the only witness, within the same commit or the next.
func BenchmarkTransfer(b *testing.B) {
	b.Run("batch=1000", func(b *testing.B) {
		benchmarkTransfer(b, func(l *ledger.Ledger, c ledger.Commons, to []protocol.AgentID) error {
			for from := 0; from < paymentsMade; from += 1000 {
				var drafts []ledger.Draft
				for i := from; i < from+1000; i++ {
					drafts = append(drafts, payment(c, to[i%len(to)], 1))
				}
				if _, err := l.SubmitBatch(b.Context(), drafts); err != nil {
					return err
				}
			}
			return nil
		})
	})
	b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
		benchmarkTransfer(b, func(l *ledger.Ledger, c ledger.Commons, to []protocol.AgentID) error {
			var running sync.WaitGroup
			failed := make(chan error, callers)
			for caller := range callers {
				running.Go(func() {
					for i := caller; i < paymentsMade; i += callers {
						if _, err := l.Submit(b.Context(), payment(c, to[i%len(to)], 1)); err != nil {
							failed <- err
							return
						}
					}
				})
			}
			running.Wait()
			select {
			case err := <-failed:
				return err
			default:
				return nil
			}
		})
	})
}

func median(all ...time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}

func benchmarkTransfer(b *testing.B, pay func(*ledger.Ledger, ledger.Commons, []protocol.AgentID) error) {
	for range b.N {
		l := openLedger(b, b.TempDir(), 1)
		c, to := payers(b, l, "10000000.00")
		start := time.Now()
		if err := pay(l, c, to); err != nil {
			b.Fatal(err)
		}
		took := time.Since(start)
		all := blocks(b, l, c.Me)
		yard := median(writeSynced(b, all), writeSynced(b, all), writeSynced(b, all))
		b.ReportMetric(paymentsMade/took.Seconds(), "transfers/s")
		b.ReportMetric(float64(len(all))/yard.Seconds(), "synced-entries/s")
		b.ReportMetric(yard.Seconds()/float64(len(all))*paymentsMade/took.Seconds(), "of-synced")
	}
}

const (
	sources       = 50 // members who pay the payer
	creditsAtOnce = 20 // payments of each that come together
)

// BenchmarkAvailable asks whether a payment costs more the longer the payer's
// log is: after 1,000, 10,000 and 100,000 payments to 13 payees, with 50 sources
// of incoming credits. It reports a plain payment in batches of 1,000, and one
// that has to claim the newest credits of all sources to be covered.
func BenchmarkAvailable(b *testing.B) {
	for range b.N {
		l := openLedger(b, b.TempDir(), 1)
		c, to := payers(b, l, "2000000.00")
		stages := []int{1_000, 10_000, 100_000}
		incoming := creditsOf(b, l, c, len(stages))
		left, made := int64(200_000_000), 0
		var plain, claims []time.Duration
		for stage, upTo := range stages {
			for ; made < upTo; made += 1000 {
				pay(b, l, c, to, 1000)
			}
			for _, s := range incoming[stage] {
				if _, err := l.Ingest(b.Context(), s); err != nil {
					b.Fatal(err)
				}
			}
			if _, err := l.Endorse(b.Context()); err != nil {
				b.Fatal(err)
			}
			left -= int64(upTo)
			if stage > 0 {
				left += int64(stages[stage-1])
			}
			start := time.Now()
			if _, err := l.Submit(b.Context(), payment(c, to[0], left+1)); err != nil {
				b.Fatal(err)
			}
			claims = append(claims, time.Since(start))
			left = sources*creditsAtOnce*100_00 - 1
			var took []time.Duration
			for range 5 {
				took = append(took, pay(b, l, c, to, 1000)/1000)
				left -= 1000
			}
			plain = append(plain, median(took...))
			b.ReportMetric(float64(plain[stage].Nanoseconds())/1e3, fmt.Sprintf("us/payment@%d", upTo))
			b.ReportMetric(float64(claims[stage].Nanoseconds())/1e3, fmt.Sprintf("us/claiming@%d", upTo))
		}
		b.ReportMetric(plain[2].Seconds()/plain[0].Seconds(), "100k/1k")
		b.ReportMetric(claims[2].Seconds()/claims[0].Seconds(), "claiming-100k/1k")
	}
}

// pay writes n payments of a cent in one batch, and returns how long that took.
func pay(b *testing.B, l *ledger.Ledger, c ledger.Commons, to []protocol.AgentID, n int) time.Duration {
	b.Helper()
	drafts := make([]ledger.Draft, n)
	for i := range drafts {
		drafts[i] = payment(c, to[i%len(to)], 1)
	}
	start := time.Now()
	if _, err := l.SubmitBatch(b.Context(), drafts); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// creditsOf has fifty members join who pay the founder, and returns their
// payments, by the stage at which they are to come.
func creditsOf(b *testing.B, l *ledger.Ledger, c ledger.Commons, stages int) [][]protocol.Segment {
	b.Helper()
	ctx := b.Context()
	link, err := l.Invite(ctx, c.ID, sources, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		b.Fatal(err)
	}
	all := make([][]protocol.Segment, stages)
	for i := range sources {
		func() {
			member, closed := memberLedger(b, byte(i+2))
			defer closed()
			fetch(b, member, l, c.ID)
			joined, err := member.Join(ctx, link, fmt.Sprint("source-", i))
			if err != nil {
				b.Fatal(err)
			}
			own := joined.Entry.Log
			fetch(b, l, member, c.ID)
			if _, err := l.Endorse(ctx); err != nil {
				b.Fatal(err)
			}
			fetch(b, member, l, c.ID)
			next := int64(1)
			for stage := range stages {
				var drafts []ledger.Draft
				for range creditsAtOnce {
					d := payment(c, c.Me.Agent(), 100_00)
					d.Body.(*protocol.Event).Provider = own.Agent()
					drafts = append(drafts, d)
				}
				if _, err := member.SubmitBatch(ctx, drafts); err != nil {
					b.Fatal(err)
				}
				s, err := member.SegmentFrom(ctx, own, next, protocol.MaxSegmentBytes)
				if err != nil {
					b.Fatal(err)
				}
				next = s.Tip().Seq + 1
				all[stage] = append(all[stage], s)
			}
		}()
	}
	return all
}

func memberLedger(b *testing.B, seed byte) (*ledger.Ledger, func()) {
	b.Helper()
	disk := store.Small()
	disk.BallastBytes, disk.MinFreeBytes, disk.MinFreeFraction = 0, 0, 0
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l, err := ledger.Open(b.TempDir(), ledger.Options{
		Store: &disk, Seed: [protocol.SeedSize]byte{seed}, Rand: rand.NewChaCha8([32]byte{seed}),
		Logger: slog.New(slog.DiscardHandler),
		Now:    func() time.Time { now = now.Add(time.Millisecond); return now },
	})
	if err != nil {
		b.Fatal(err)
	}
	return l, func() {
		if err := l.Close(); err != nil {
			b.Error(err)
		}
	}
}

// fetch takes everything of a commons that another ledger holds.
func fetch(b *testing.B, l, from *ledger.Ledger, id protocol.CommonsID) {
	b.Helper()
	ctx := b.Context()
	if err := l.Follow(ctx, id); err != nil {
		b.Fatal(err)
	}
	for added := true; added; {
		added = false
		for head, err := range from.Heads(ctx, id) {
			if err != nil {
				b.Fatal(err)
			}
			next := int64(0)
			if held, is := l.Held(head.Log); is {
				next = held.Seq + 1
			}
			if next > head.Seq {
				continue
			}
			s, err := from.SegmentFrom(ctx, head.Log, next, protocol.MaxSegmentBytes)
			if err != nil {
				b.Fatal(err)
			}
			if r, err := l.Ingest(ctx, s); err == nil {
				added = added || r.Added > 0
			}
		}
	}
}

// BenchmarkAccount reads the balance of a member with money in a currency, who
// was paid 7,692 times: what was contributed, and its account.
func BenchmarkAccount(b *testing.B) {
	l := openLedger(b, b.TempDir(), 1)
	c, to := payers(b, l, "10000000.00")
	for range 100 {
		pay(b, l, c, to, 1000)
	}
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
	for _, who := range []struct {
		name  string
		agent protocol.AgentID
	}{{"payer", c.Me.Agent()}, {"payee", to[2]}} {
		b.Run(who.name, func(b *testing.B) {
			benchmarkBalance(b, l, c, who.agent, db, len(all))
		})
	}
}
