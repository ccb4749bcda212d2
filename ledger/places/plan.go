package places

import (
	"slices"

	"github.com/minga-commons/minga/ledger/store"
)

const (
	recentSize = 8192 // postings of which a run is made
	recentRows = 256  // or the rows that they stand in
	recentPage = 2048 // most postings in such a row
	fan        = 16   // runs that are merged to one
)

// Plan is what the index needs of a commit. If the commit is made the plan is to
// be adopted, else it leaves no trace.
type Plan struct {
	Writes []store.Write // to be in the commit

	ix     *Index
	room   int // bytes that are left
	next   *version
	writer writer
}

// Plan says what a commit has to write that adds a list, which the index keeps:
// the list, and a part of the work of merging what was added before.
func (ix *Index) Plan(fresh List) (*Plan, error) {
	p := &Plan{ix: ix, room: ix.room, next: ix.now.Load(), writer: ix.writer}
	for _, key := range ix.writer.gone {
		p.Writes = append(p.Writes, store.Write{Key: key})
	}
	p.writer.gone = nil
	p.addRecent(sorted(fresh.all))
	p.room = ix.room
	if p.next.recentSize() >= min(recentSize, ix.room/2/MaxPosting) || len(p.writer.recent) >= recentRows {
		p.fold()
	}
	return p, p.merge(len(fresh.all))
}

// Behind reports whether so much is left to be merged that the writer had better
// make a commit for that alone.
func (ix *Index) Behind() bool {
	for _, m := range ix.writer.merges {
		if m.credit >= 8*pageSize {
			return true
		}
	}
	return false
}

// Adopt lets those who look find what was committed by the plan.
func (p *Plan) Adopt() {
	p.ix.now.Store(p.next)
	p.ix.writer = p.writer
}

// number returns the next number of a run.
func (p *Plan) number() uint64 {
	p.writer.next++
	return p.writer.next - 1
}

func (p *Plan) put(key []byte, page []posting) {
	value := appendPage(make([]byte, 0, len(page)*MaxPosting), page)
	p.Writes = append(p.Writes, store.Write{Key: key, Value: value})
	p.room -= len(key) + len(value)
}

// addRecent writes new postings, in order, as they come.
func (p *Plan) addRecent(list []posting) {
	if len(list) == 0 {
		return
	}
	no := p.number()
	at := uint32(0)
	for page := range slices.Chunk(list, recentPage) {
		key := pageKey(p.ix.prefix, 0, no, at)
		p.put(key, page)
		p.writer.recent = append(slices.Clip(p.writer.recent), key)
		at++
	}
	p.next = p.next.add(list)
}

// fold writes what came lately as a run: as much as there is room for. The rest
// waits for the next one, and so do all the rows that it came in.
func (p *Plan) fold() {
	var all []posting
	for _, list := range slices.Backward(p.next.recent) {
		all = merged(list, all)
	}
	n := min(len(all), p.room/MaxPosting)
	r := &run{level: 1, no: p.number()}
	for page := range slices.Chunk(all[:n], pageSize) {
		p.put(r.key(p.ix.prefix, len(r.begins)), page)
		r = r.grown(page, n)
	}
	rest := &version{runs: p.next.runs}
	if n < len(all) {
		rest.recent = [][]posting{all[n:]}
	} else {
		p.writer.gone = append(p.writer.gone, p.writer.recent...)
		p.writer.recent = nil
	}
	p.next = rest.with(r)
}
