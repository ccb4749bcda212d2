package ledger

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"github.com/minga-commons/minga/ledger/places"
	"github.com/minga-commons/minga/ledger/rules"
)

func (b *batch) logsInOrder() []*openLog {
	var all []*openLog
	for _, no := range slices.Sorted(maps.Keys(b.logs)) {
		all = append(all, b.logs[no])
	}
	return all
}

func (b *batch) commonsInOrder() []*openCommons {
	var all []*openCommons
	for _, no := range slices.Sorted(maps.Keys(b.commons)) {
		all = append(all, b.commons[no])
	}
	return all
}

// commit writes the batch and publishes it.
func (b *batch) commit() error {
	if b.places.Len()+len(b.rows)+len(b.logs) == 0 && b.meta == b.l.meta {
		return nil
	}
	b.putResources()
	for _, log := range b.logs {
		b.keepPayments(log)
	}
	b.sumRows()
	if err := cmp.Or(b.writeFolios(), b.dropAbsent()); err != nil {
		return err
	}
	if err := b.l.catchUpIndex(); err != nil {
		return err
	}
	plan, err := b.l.index.Plan(b.places)
	if err != nil {
		return storeError(err)
	}
	if err := b.l.storage.Commit(b.writes(plan.Writes), b.own); err != nil {
		b.l.rowCache.purge()
		return storeError(err)
	}
	plan.Adopt()
	b.publish()
	return nil
}

// catchUpIndex makes commits of the index alone while it is far behind.
func (l *Ledger) catchUpIndex() error {
	for l.index.Behind() {
		plan, err := l.index.Plan(places.List{})
		if err == nil {
			err = l.storage.Commit(plan.Writes, false)
		}
		if err != nil {
			return storeError(err)
		}
		plan.Adopt()
	}
	return nil
}

// sumRows brings the state digest of each commons up to what the batch changed:
// every digested row and every log that it touched, once.
func (b *batch) sumRows() {
	for _, c := range b.commons {
		for full, t := range c.touched {
			r := b.rows[full]
			if r.same() {
				continue
			}
			k := []byte(full)[4:]
			if r.was != nil {
				c.sum.RemoveRow(t, k, r.was)
			}
			if r.value != nil {
				c.sum.AddRow(t, k, r.value)
			}
		}
	}
	for _, log := range b.logs {
		if log.Of > 0 {
			continue
		}
		c := b.commons[log.Commons]
		before, after := log.before.element(), log.element()
		was, is := log.existed && !before.Empty(), !after.Empty()
		if was && is && before == after {
			continue
		}
		if was {
			c.sum.RemoveLog(before)
		}
		if is {
			c.sum.AddLog(after)
		}
	}
}

// element is what the state digest covers of a log.
func (r *logRow) element() rules.LogElement {
	e := rules.LogElement{Log: r.log(), Applied: r.Applied.in(r.log()), Frozen: r.frozen()}
	e.Settled = r.Settled.in(r.log())
	if e.Settled.CID.IsZero() {
		e.Settled.Seq = -1
	}
	return e
}

// dropAbsent forgets the rows that came and went within the batch: there is
// nothing to remove of them. It looks at what is stored, and so waits for the
// commit before, only if there are some of which that is not known.
func (b *batch) dropAbsent() error {
	var unknown []string
	for k, r := range b.rows {
		switch {
		case r.value != nil || r.was != nil:
		case r.loaded:
			delete(b.rows, k)
		default:
			unknown = append(unknown, k)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	return b.l.storage.View(func(s Snapshot) error {
		for _, k := range unknown {
			stored, err := s.Get([]byte(k))
			if err != nil {
				return err
			}
			if stored == nil {
				delete(b.rows, k)
			}
		}
		return nil
	})
}

// writes returns the writes of the batch together with those of the index.
func (b *batch) writes(writes []Write) []Write {
	for _, log := range b.logs {
		writes = appendBlocks(writes, log.tail(), log.pending)
	}
	for k, r := range b.rows {
		writes = append(writes, Write{Key: []byte(k), Value: r.value})
	}
	for no, log := range b.logs {
		writes = append(writes, Write{Key: key(keyLog, no.bytes()), Value: encode(&log.logRow)})
	}
	for no, c := range b.commons {
		writes = append(writes, Write{Key: key(keyCommons, no.bytes()), Value: encode(&c.row)},
			Write{Key: key(keySum, no.bytes()), Value: c.sum.Bytes()})
	}
	for i, run := range b.runs {
		writes = append(writes, Write{Key: key(keyRun, u64(b.position(i))), Value: encode(run)})
	}
	for p, list := range b.postings {
		writes = append(writes, Write{Key: postingKey(p.commons, p.id, b.position(p.run)), Value: list.seqs})
	}
	b.meta.Position += uint64(len(b.runs))
	writes = append(writes, Write{Key: key(keyMeta), Value: encode(&b.meta)})
	slices.SortFunc(writes, func(x, y Write) int { return bytes.Compare(x.Key, y.Key) })
	return writes
}

// position returns the journal position of the batch's i-th run.
func (b *batch) position(i int) uint64 { return b.l.meta.Position + uint64(i) + 1 }

// publish lets readers see what was committed.
func (b *batch) publish() {
	l := b.l
	l.rowCache.publish(b.rows)
	b.publishFolios()
	l.stateMu.Lock()
	defer l.stateMu.Unlock()
	for no, log := range b.logs {
		l.rowCache.hold(log.pending)
		r := log.logRow
		r.no = no
		l.logCache.Add(no, &r)
	}
	for no, c := range b.commons {
		l.commons[no], l.byID[c.id()] = c.commonsState, no
	}
	l.meta = b.meta
	if b.own {
		l.durable = l.meta.Position
	}
	close(l.changed)
	l.changed = make(chan struct{})
}
