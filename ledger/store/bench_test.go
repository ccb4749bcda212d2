package store

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/dgraph-io/badger/v4"
)

// benchWrites returns n writes with keys of 16 bytes and values of 300, half of
// which can be packed. Their keys follow on those of the round before.
func benchWrites(round, n int) []Write {
	rng := rand.New(rand.NewPCG(uint64(round), 1))
	writes := make([]Write, n)
	for i := range writes {
		key := binary.BigEndian.AppendUint64([]byte("entry---"), uint64(round*n+i))
		value := make([]byte, 300)
		for j := 0; j < 150; j += 8 {
			binary.BigEndian.PutUint64(value[j:], rng.Uint64())
		}
		writes[i] = Write{key, value}
	}
	return writes
}

func benchOptions(b *testing.B) Options {
	o := Default()
	o.MinFreeBytes, o.MinFreeFraction, o.BallastBytes = 0, 0, 0
	return o
}

// BenchmarkCommit writes a thousand rows a commit, and the same to Badger by its
// own WriteBatch, which is neither atomic nor synced, as a yardstick.
func BenchmarkCommit(b *testing.B) {
	const rows = 1000
	for _, sync := range []bool{false, true} {
		b.Run(fmt.Sprintf("sync=%v", sync), func(b *testing.B) {
			s := mustOpen(b, b.TempDir(), benchOptions(b))
			b.SetBytes(rows * 316)
			for i := 0; b.Loop(); i++ {
				mustCommit(b, s, sync, benchWrites(i, rows)...)
			}
			b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
		})
	}
	b.Run("WriteBatch", func(b *testing.B) {
		db, err := badger.Open(benchOptions(b).badger(b.TempDir()))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() {
			if err := db.Close(); err != nil {
				b.Error(err)
			}
		})
		b.SetBytes(rows * 316)
		batch := db.NewWriteBatch()
		for i := 0; b.Loop(); i++ {
			for _, w := range benchWrites(i, rows) {
				if err := batch.Set(w.Key, w.Value); err != nil {
					b.Fatal(err)
				}
			}
		}
		if err := batch.Flush(); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkSync is the smallest durable commit.
func BenchmarkSync(b *testing.B) {
	s := mustOpen(b, b.TempDir(), benchOptions(b))
	for b.Loop() {
		mustCommit(b, s, true, put("key", "value"))
	}
}

// BenchmarkRead reads rows one by one and in order.
func BenchmarkRead(b *testing.B) {
	const rows = 100_000
	s := mustOpen(b, b.TempDir(), benchOptions(b))
	for i := range rows / 1000 {
		mustCommit(b, s, false, benchWrites(i, 1000)...)
	}
	b.Run("Get", func(b *testing.B) {
		rng := rand.New(rand.NewPCG(1, 2))
		for b.Loop() {
			key := binary.BigEndian.AppendUint64([]byte("entry---"), rng.Uint64N(rows))
			err := s.View(func(snap Snapshot) error {
				_, err := snap.Get(key)
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Scan", func(b *testing.B) {
		b.SetBytes(rows * 316)
		for b.Loop() {
			if err := s.View(func(snap Snapshot) error {
				return snap.Scan(nil, nil, false, func(key, value []byte) bool { return true })
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
