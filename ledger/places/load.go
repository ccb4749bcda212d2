package places

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/store"
)

// loader makes a version from the rows of an index, in order of their keys.
type loader struct {
	ix      *Index
	now     *version
	run     *run      // the one whose pages come, or nil
	stretch int       // number of the stretch whose pages come
	pages   []posting // of that stretch
}

func (l *loader) take(key, value []byte) error {
	if len(key) != 14 {
		return fmt.Errorf("%w: a key of %d bytes", store.ErrDamaged, len(key))
	}
	level, no, at := int(key[1]), binary.BigEndian.Uint64(key[2:]), binary.BigEndian.Uint32(key[10:])
	page, err := parsePage(value)
	if err != nil || len(page) == 0 {
		return fmt.Errorf("%w: page %x: %w", store.ErrDamaged, key, errPage)
	}
	l.ix.writer.next = max(l.ix.writer.next, no+1)
	if level == 0 {
		l.now = l.now.add(page)
		l.ix.writer.recent = append(l.ix.writer.recent, slices.Clone(key))
		return nil
	}
	r := l.run
	if r == nil || r.level != level || r.no != no {
		l.endStretch()
		l.endRun()
		r = &run{level: level, no: no, first: at, filters: make([]*filter, at/stretchSize)}
		l.run, l.stretch = r, int(at)/stretchSize
	}
	if at != r.first+uint32(len(r.begins)) {
		return fmt.Errorf("%w: page %x does not follow the one before", store.ErrDamaged, key)
	}
	if int(at)/stretchSize != l.stretch {
		l.endStretch()
		l.stretch = int(at) / stretchSize
	}
	r.begins = append(r.begins, page[0])
	r.size += len(page)
	l.pages = append(l.pages, page...)
	return nil
}

// endStretch makes the filter of a stretch, when its last page has come.
func (l *loader) endStretch() {
	if l.run == nil {
		return
	}
	f := newFilter(len(l.pages))
	for _, p := range l.pages {
		f.add(p.digest)
	}
	l.run.filters = append(l.run.filters, f)
	l.pages = l.pages[:0]
}

func (l *loader) endRun() {
	if l.run != nil {
		l.now = l.now.with(l.run)
	}
	l.run = nil
}
