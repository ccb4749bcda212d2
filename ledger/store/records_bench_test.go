package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/dgraph-io/badger/v4"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// BenchmarkRecords reads pages of a hundred records of a ledger with 50,000 of
// them, half of them amended, by class, by what they name, and by agent; beside a
// Badger get of a block of the same size, measured in the same run.
func BenchmarkRecords(b *testing.B) {
	const plans, each = 50, 1000
	ctx := context.Background()
	l := openLedger(b, b.TempDir(), 1)
	c, err := l.CreateCommons(ctx, "Huerta Norte", "Ana")
	if err != nil {
		b.Fatal(err)
	}
	var ids []protocol.EntryID
	for p := range plans {
		w, err := l.Submit(ctx, ledger.Draft{Commons: c.ID, Body: &protocol.Record{Type: "Plan", Name: protocol.PlainText(fmt.Sprint("plan ", p))}})
		if err != nil {
			b.Fatal(err)
		}
		ids = append(ids, w.Entry.ID())
		var drafts []ledger.Draft
		for i := range each {
			drafts = append(drafts, ledger.Draft{Commons: c.ID, Body: &protocol.Record{
				Type: "Commitment", Name: protocol.PlainText(fmt.Sprint("promise ", i)), Fields: map[string]protocol.Value{
					"action": "work", "plannedWithin": w.Entry.ID(), "provider": c.Me.EntryID, "receiver": c.ID.EntryID, "due": "2026-05-01",
					"effortQuantity": map[string]protocol.Value{"n": int64(i + 1), "s": int64(0), "unit": "hour"},
				},
			}})
		}
		written, err := l.SubmitBatch(ctx, drafts)
		if err != nil {
			b.Fatal(err)
		}
		drafts = nil
		for i := 0; i < each; i += 2 {
			drafts = append(drafts, ledger.Draft{Commons: c.ID, Body: &protocol.Record{
				Type: "Commitment", Of: written[i].Entry.ID(), Fields: map[string]protocol.Value{"finished": true},
			}})
		}
		if _, err := l.SubmitBatch(ctx, drafts); err != nil {
			b.Fatal(err)
		}
	}
	get := rawGet(b, blocks(b, l, c.Me))
	for name, f := range map[string]ledger.RecordFilter{
		"class": {Type: "Commitment"}, "target": {Target: ids[plans/2], Relation: "plannedWithin"}, "agent": {Agent: c.Me.Agent(), Type: "Commitment"},
	} {
		b.Run(name, func(b *testing.B) {
			after, start := "", time.Now()
			for b.Loop() {
				page, next, err := l.Records(ctx, c.ID, f, ledger.Page{After: after, Limit: 100})
				if err != nil || len(page) == 0 {
					b.Fatal(len(page), err)
				}
				after = next
			}
			took := time.Since(start) / time.Duration(b.N)
			b.ReportMetric(float64(took)/float64(get), "gets/page")
		})
	}
}

// rawGet is the yardstick: what a get of one of many blocks takes, in a
// transaction of its own.
func rawGet(b *testing.B, all [][]byte) time.Duration {
	b.Helper()
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
	start := time.Now()
	const rounds = 50_000
	for i := range rounds {
		err := db.View(func(txn *badger.Txn) error {
			item, err := txn.Get(rawKey(i * 7919 % len(all)))
			if err == nil {
				_, err = item.ValueCopy(nil)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start) / rounds
}
