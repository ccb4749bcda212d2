package places

import (
	"math/bits"
	"sync/atomic"
)

// filter tells of most digests that are not in a stretch of a run that they are
// not: a Bloom filter with one byte a posting, of which five bits are set in one
// line of 64 bytes. One may add while others look: a posting is found once the
// run that holds it was published.
type filter struct{ words []uint64 }

const lineWords = 8

func newFilter(postings int) *filter {
	lines := (postings + 8*lineWords - 1) / (8 * lineWords)
	return &filter{make([]uint64, max(lines, 1)*lineWords)}
}

// spread returns the line of a digest and the bits that choose within it. The
// digests of one stretch agree in their first bits, so the last ones choose.
func (f *filter) spread(d digest) (line []uint64, choice uint64) {
	h := (d.head<<16 | uint64(d.tail)) * 0x9e3779b97f4a7c15
	at, _ := bits.Mul64(h, uint64(len(f.words)/lineWords))
	return f.words[at*lineWords : (at+1)*lineWords], h * 0xd6e8feb86659fd93 >> 10
}

func (f *filter) add(d digest) {
	line, choice := f.spread(d)
	for range 5 {
		atomic.OrUint64(&line[choice>>6&7], 1<<(choice&63))
		choice >>= 9
	}
}

func (f *filter) may(d digest) bool {
	line, choice := f.spread(d)
	for range 5 {
		if atomic.LoadUint64(&line[choice>>6&7])&(1<<(choice&63)) == 0 {
			return false
		}
		choice >>= 9
	}
	return true
}
