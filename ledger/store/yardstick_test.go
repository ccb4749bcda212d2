package store_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/store"
	"github.com/minga-commons/minga/protocol"
)

// The benchmarks of the ledger stand beside their yardstick: the same blocks
// written to Badger by its own WriteBatch, measured in the same run.

const historySize = 100_000

func openLedger(b *testing.B, dir string, seed byte) *ledger.Ledger {
	b.Helper()
	l := openForNow(b, dir, seed)
	b.Cleanup(func() {
		if err := l.Close(); err != nil {
			b.Error(err)
		}
	})
	return l
}

// openForNow is openLedger for who closes the ledger itself.
func openForNow(b *testing.B, dir string, seed byte) *ledger.Ledger {
	b.Helper()
	disk := store.Default()
	disk.BallastBytes, disk.MinFreeBytes, disk.MinFreeFraction = 0, 0, 0
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l, err := ledger.Open(dir, ledger.Options{
		Store: &disk, Seed: [protocol.SeedSize]byte{seed}, Rand: rand.NewChaCha8([32]byte{seed}),
		Logger: slog.New(slog.DiscardHandler),
		Now:    func() time.Time { now = now.Add(time.Millisecond); return now },
	})
	if err != nil {
		b.Fatal(err)
	}
	return l
}

// history founds a commons and records events by thirteen agents, four kinds of
// resource, notes of fifty bytes.
func history(b *testing.B, l *ledger.Ledger, n int) ledger.Commons {
	b.Helper()
	ctx := context.Background()
	c, err := l.CreateCommons(ctx, "Huerta Norte", "Ana")
	if err != nil {
		b.Fatal(err)
	}
	var agents []protocol.AgentID
	for i := range 13 {
		w, err := l.Submit(ctx, ledger.Draft{Commons: c.ID, Body: &protocol.Agent{Card: protocol.AgentCard{
			Name: protocol.PlainText(fmt.Sprintf("contributor-%03d", i+1)), Type: protocol.Person,
		}}})
		if err != nil {
			b.Fatal(err)
		}
		agents = append(agents, protocol.AgentID{EntryID: w.Entry.ID()})
	}
	b.ResetTimer()
	kinds := []string{"code", "documentation", "maintenance", "test"}
	for from := 0; from < n; from += 1000 {
		var drafts []ledger.Draft
		for i := from; i < min(n, from+1000); i++ {
			drafts = append(drafts, ledger.Draft{Commons: c.ID, Body: &protocol.Event{
				Action: "produce", Provider: agents[i%len(agents)], Receiver: protocol.AgentID(c.ID),
				ResourceConformsTo: kinds[i%len(kinds)], ResourceQuantity: &protocol.Quantity{N: 1, Unit: "one"},
				HasPointInTime: "2019-02-04T11:12:53Z", Source: fmt.Sprintf("%040x", i),
				Note: protocol.PlainText(fmt.Sprintf("%d files, %d lines added, %d lines removed", i%7, i%193, i%31)),
			}})
		}
		if _, err := l.SubmitBatch(ctx, drafts); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	return c
}

func blocks(b *testing.B, l *ledger.Ledger, log protocol.LogID) [][]byte {
	b.Helper()
	var all [][]byte
	for e, err := range l.Entries(context.Background(), protocol.Range{Log: log, Last: -1}) {
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, e.Block())
	}
	return all
}

func openRaw(b *testing.B) *badger.DB {
	b.Helper()
	db := openRawIn(b, b.TempDir())
	b.Cleanup(func() { db.Close() })
	return db
}

// openRawIn is openRaw in a folder that is opened again later.
func openRawIn(b *testing.B, dir string) *badger.DB {
	b.Helper()
	o := badger.DefaultOptions(dir).WithLogger(nil).WithMemTableSize(16 << 20).WithNumMemtables(1).
		WithBlockCacheSize(8 << 20).WithDetectConflicts(false)
	db, err := badger.Open(o)
	if err != nil {
		b.Fatal(err)
	}
	return db
}

func rawKey(i int) []byte { return fmt.Appendf(nil, "e%04d%08d", 1, i) }

// writeRaw is the yardstick: blocks by WriteBatch, unsynced.
func writeRaw(b *testing.B, all [][]byte) time.Duration {
	b.Helper()
	db := openRaw(b)
	start := time.Now()
	wb := db.NewWriteBatch()
	for i, block := range all {
		if err := wb.Set(rawKey(i), block); err != nil {
			b.Fatal(err)
		}
	}
	if err := wb.Flush(); err != nil {
		b.Fatal(err)
	}
	return time.Since(start)
}

// writeSynced is the yardstick: blocks by transactions of 1,000, each synced.
func writeSynced(b *testing.B, all [][]byte) time.Duration {
	b.Helper()
	db := openRaw(b)
	start := time.Now()
	for from := 0; from < len(all); from += 1000 {
		txn := db.NewTransaction(true)
		for i := from; i < min(len(all), from+1000); i++ {
			if err := txn.Set(rawKey(i), all[i]); err != nil {
				b.Fatal(err)
			}
		}
		if err := txn.Commit(); err != nil {
			b.Fatal(err)
		}
		if err := db.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}

// BenchmarkImport records 100,000 events through SubmitBatch, durably.
func BenchmarkImport(b *testing.B) {
	for range b.N {
		l := openLedger(b, b.TempDir(), 1)
		start := time.Now()
		c := history(b, l, historySize)
		took := time.Since(start)
		yard := writeSynced(b, blocks(b, l, c.Me))
		b.ReportMetric(float64(historySize)/took.Seconds(), "events/s")
		b.ReportMetric(float64(historySize)/yard.Seconds(), "synced-entries/s")
		b.ReportMetric(yard.Seconds()/took.Seconds(), "of-synced")
	}
}

// BenchmarkIngest takes the same history as segments of several sizes.
func BenchmarkIngest(b *testing.B) {
	source := openLedger(b, filepath.Join(b.TempDir(), "source"), 1)
	c := history(b, source, historySize)
	all := blocks(b, source, c.Me)
	for _, size := range []int{1, 32, 1024} {
		b.Run(fmt.Sprintf("segment=%d", size), func(b *testing.B) { benchmarkIngest(b, source, c, all, size) })
	}
}

func benchmarkIngest(b *testing.B, source *ledger.Ledger, c ledger.Commons, all [][]byte, size int) {
	n := len(all)
	if size == 1 {
		n = min(n, 10_000)
	}
	// The test signs each segment itself: the source has signatures at its own
	// places only.
	key, err := protocol.DeriveKey([protocol.SeedSize]byte{1}, protocol.RoleAuthor, 0, 0)
	if err != nil {
		b.Fatal(err)
	}
	var segments []protocol.Segment
	for from := 0; from < n; from += size {
		var s protocol.Segment
		for _, block := range all[from:min(n, from+size)] {
			e, err := protocol.Parse(block)
			if err != nil {
				b.Fatal(err)
			}
			s.Entries = append(s.Entries, e)
		}
		s.Signatures = []protocol.Signature{protocol.SignEntry(key, 0, s.Tip().ID())}
		segments = append(segments, s)
	}
	var wire [][]byte
	for _, s := range segments {
		data, err := s.Encode()
		if err != nil {
			b.Fatal(err)
		}
		wire = append(wire, data)
	}
	ctx := context.Background()
	governing, err := source.SegmentFrom(ctx, c.ID.Charter(), 0, protocol.MaxSegmentBytes)
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for range b.N {
		l := openLedger(b, b.TempDir(), 2)
		if err := l.Follow(ctx, c.ID); err != nil {
			b.Fatal(err)
		}
		if _, err := l.Ingest(ctx, governing); err != nil {
			b.Fatal(err)
		}
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
		yard := writeRaw(b, all[:n])
		b.ReportMetric(float64(n)/took.Seconds(), "entries/s")
		b.ReportMetric(float64(n)/yard.Seconds(), "raw-entries/s")
		b.ReportMetric(yard.Seconds()/took.Seconds(), "of-raw")
	}
}

// BenchmarkFootprint records 100,000 events and reports what they take: bytes
// on disk an entry, without the ballast file, and the most memory that the
// process has held so far. Run alone, that is the memory of an import.
func BenchmarkFootprint(b *testing.B) {
	for range b.N {
		dir := b.TempDir()
		l := openLedger(b, dir, 1)
		history(b, l, historySize)
		var size int64
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			var held syscall.Stat_t
			if err == nil && !d.IsDir() {
				err = syscall.Stat(path, &held)
				size += held.Blocks * 512
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
		var usage syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(size)/historySize, "disk-B/entry")
		b.ReportMetric(float64(usage.Maxrss)/1024, "peak-MiB")
	}
}

// BenchmarkBalance reads a balance of four lines from a ledger of 100,000
// events, beside a Badger Get of one value of the same database size.
func BenchmarkBalance(b *testing.B) {
	l := openLedger(b, b.TempDir(), 1)
	c := history(b, l, historySize)
	ctx := context.Background()
	agent, err := l.FindAgent(ctx, c.ID, "contributor-003")
	if err != nil {
		b.Fatal(err)
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
	benchmarkBalance(b, l, c, agent.ID, db, len(all))
}

// benchmarkBalance reads a balance often, beside Gets of one of n values: medians
// of three rounds but for ns/op. BenchmarkFirstBalance has the first reads.
func benchmarkBalance(b *testing.B, l *ledger.Ledger, c ledger.Commons, agent protocol.AgentID, db *badger.DB, n int) {
	read := func() {
		if _, err := l.Balance(context.Background(), c.ID, agent); err != nil {
			b.Fatal(err)
		}
	}
	const rounds = 10_000
	var warm, get [3]time.Duration
	for i := range warm {
		get[i] = getRaw(b, db, n, rounds)
		start := time.Now()
		for range rounds {
			read()
		}
		warm[i] = time.Since(start)
	}
	one := median(get[:]...).Seconds() / rounds
	b.ResetTimer()
	b.StartTimer()
	for range b.N {
		read()
	}
	b.StopTimer()
	b.ReportMetric(one*1e9, "get-ns")
	b.ReportMetric(median(warm[:]...).Seconds()/rounds/one, "of-get")
}

// getRaw is the yardstick: so many reads of one value by its key, all over the
// database.
func getRaw(b *testing.B, db *badger.DB, n, rounds int) time.Duration {
	b.Helper()
	start := time.Now()
	for i := range rounds {
		err := db.View(func(txn *badger.Txn) error {
			item, err := txn.Get(rawKey(i * 7919 % n))
			if err != nil {
				return err
			}
			_, err = item.ValueCopy(nil)
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start)
}

// BenchmarkFind reads entries by their identifiers, and asks for such as are not
// held, in a ledger of 100,000 events.
func BenchmarkFind(b *testing.B) {
	l := openLedger(b, b.TempDir(), 1)
	c := history(b, l, historySize)
	ctx := context.Background()
	var ids []protocol.EntryID
	for _, block := range blocks(b, l, c.Me) {
		ids = append(ids, protocol.Identify(block))
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for name, change := range map[string]byte{"held": 0, "absent": 1} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				id := ids[rng.IntN(len(ids))]
				id[5] ^= change
				if _, err := l.FindEntry(ctx, c.ID, id.String()); (err == nil) != (change == 0) {
					b.Fatal(err)
				}
			}
		})
	}
}
