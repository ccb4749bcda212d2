package places

import (
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/store"
)

// merge makes one run of several of the level below, a few pages with each
// commit. What was read is forgotten with the process: then what is left of the
// runs, and what has come of them, are runs like any other.
type merge struct {
	from   int // level of the sources
	source []cursor
	target *run
	size   int // postings of the sources, about
	credit int // postings that may be merged
}

// cursor is where a merge stands in a source: in its first page.
type cursor struct {
	*run
	page []posting // the rest of that page, empty if it is to be read
}

// merge begins the merges that are due and does a part of those that are under
// way: a little more than came in, so that each ends before the next is due.
func (p *Plan) merge(added int) error {
	p.writer.merges = slices.Clone(p.writer.merges)
	p.begin()
	for i, m := range p.writer.merges {
		next := *m
		next.source = slices.Clone(m.source)
		next.credit += added + added/4 + pageSize/4
		p.writer.merges[i] = &next
		for next.credit >= pageSize && p.room >= pageSize*MaxPosting && len(next.source) > 0 {
			if err := p.step(&next); err != nil {
				return fmt.Errorf("merge the index of places: %w", err)
			}
			next.credit -= pageSize
		}
	}
	p.writer.merges = slices.DeleteFunc(p.writer.merges, func(m *merge) bool { return len(m.source) == 0 })
	return nil
}

// begin starts a merge at each level that has enough runs and none under way.
func (p *Plan) begin() {
	ready, growing := map[int][]*run{}, map[uint64]bool{}
	for _, m := range p.writer.merges {
		growing[m.target.no] = true
	}
	for _, r := range p.ix.now.Load().runs { // those that are committed
		if !growing[r.no] {
			ready[r.level] = append(ready[r.level], r)
		}
	}
	for _, m := range p.writer.merges {
		delete(ready, m.from)
	}
	for level := 1; level < 255; level++ {
		runs := ready[level]
		if len(runs) < fan {
			continue
		}
		m := &merge{from: level, target: &run{level: level + 1, no: p.number()}}
		for _, r := range runs {
			m.source = append(m.source, cursor{run: r})
			m.size += r.size
		}
		p.writer.merges = append(p.writer.merges, m)
	}
}

// step writes one more page of the target, and takes leave of the pages of the
// sources that are in the target by then. They are removed by the next commit,
// so that who looks meanwhile still finds them.
func (p *Plan) step(m *merge) error {
	page := make([]posting, 0, pageSize)
	err := p.ix.view(func(snap store.Snapshot) error {
		for len(page) < pageSize && len(m.source) > 0 {
			for i := range m.source {
				if err := p.read(snap, &m.source[i]); err != nil {
					return err
				}
			}
			page = m.take(page)
			for i := len(m.source) - 1; i >= 0; i-- {
				if len(m.source[i].page) == 0 {
					p.leave(m, i)
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.put(m.target.key(p.ix.prefix, len(m.target.begins)), page)
	m.target = m.target.grown(page, m.size)
	p.next = p.next.with(m.target)
	return nil
}

// take adds the least postings of the sources to a page, until it is full or one
// of the sources is to be read.
func (m *merge) take(page []posting) []posting {
	for {
		least := &m.source[0]
		for i := range m.source[1:] {
			c := &m.source[i+1]
			if a, b := c.page[0].head, least.page[0].head; a < b || a == b && c.page[0].compare(least.page[0]) < 0 {
				least = c
			}
		}
		if n := len(page); n == 0 || page[n-1] != least.page[0] {
			page = append(page, least.page[0])
		}
		least.page = least.page[1:]
		if len(least.page) == 0 || len(page) == pageSize {
			return page
		}
	}
}

func (p *Plan) read(snap store.Snapshot, c *cursor) error {
	if len(c.page) > 0 {
		return nil
	}
	key := c.key(p.ix.prefix, 0)
	value, err := snap.Get(key)
	if err != nil {
		return err
	}
	if c.page, err = parsePage(value); err != nil || len(c.page) == 0 {
		return fmt.Errorf("%w: page %x: %w", store.ErrDamaged, key, errPage)
	}
	return nil
}

// leave goes on to the next page of a source.
func (p *Plan) leave(m *merge, i int) {
	c := &m.source[i]
	p.writer.gone = append(p.writer.gone, c.key(p.ix.prefix, 0))
	c.run = c.without(1)
	p.next = p.next.with(c.run)
	if len(c.begins) == 0 {
		m.source = slices.Delete(m.source, i, i+1)
	}
}
