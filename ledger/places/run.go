package places

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/store"
)

const (
	pageSize    = 256 // postings in a page of a run
	stretchSize = 256 // pages that share a filter
)

// run is postings in order, in pages. It is not changed; a merge makes another
// one that shares the memory.
type run struct {
	level   int
	no      uint64
	first   uint32    // number of the first page that is left
	begins  []posting // the first posting of each page from there on
	filters []*filter // one for each stretch of pages, from number 0 on
	size    int       // postings, about
}

func pageKey(prefix byte, level int, no uint64, page uint32) []byte {
	k := append(make([]byte, 0, 14), prefix, byte(level))
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(k, no), page)
}

func (r *run) key(prefix byte, i int) []byte {
	return pageKey(prefix, r.level, r.no, r.first+uint32(i))
}

// grown returns the run with one more page. end is how many postings the whole
// run may come to hold, at most.
func (r *run) grown(page []posting, end int) *run {
	longer := *r
	at := int(r.first) + len(r.begins)
	if at/stretchSize == len(r.filters) {
		longer.filters = append(r.filters, newFilter(min(end-at*pageSize, stretchSize*pageSize)))
	}
	for _, p := range page {
		longer.filters[at/stretchSize].add(p.digest)
	}
	longer.begins = append(r.begins, page[0])
	longer.size += len(page)
	return &longer
}

// without returns the run after its first n pages.
func (r *run) without(n int) *run {
	shorter := *r
	shorter.first += uint32(n)
	shorter.begins = r.begins[n:]
	return &shorter
}

// span is the digests that are looked for.
type span struct{ least, most digest }

func (s span) holds(d digest) bool { return s.least.compare(d) <= 0 && s.most.compare(d) >= 0 }

// pages calls fn for each page that may hold a digest of a span.
func (r *run) pages(s span, fn func(i int) (bool, error)) error {
	i, _ := slices.BinarySearchFunc(r.begins, s.least, func(p posting, d digest) int { return p.digest.compare(d) })
	for i = max(i-1, 0); i < len(r.begins) && r.begins[i].digest.compare(s.most) <= 0; i++ {
		if s.least == s.most && !r.filters[(int(r.first)+i)/stretchSize].may(s.least) {
			continue
		}
		if more, err := fn(i); err != nil || !more {
			return err
		}
	}
	return nil
}

// version is the index as one commit left it. It is not changed.
type version struct {
	recent [][]posting // what is not in a run yet: lists in order, each more than twice the next
	runs   []*run
}

func (v *version) recentSize() (n int) {
	for _, list := range v.recent {
		n += len(list)
	}
	return n
}

// with returns the version with a run instead of the one that has its number;
// without it if it has no pages.
func (v *version) with(r *run) *version {
	next := &version{recent: v.recent}
	found := false
	for _, old := range v.runs {
		if old.no == r.no {
			old, found = r, true
		}
		if len(old.begins) > 0 {
			next.runs = append(next.runs, old)
		}
	}
	if !found && len(r.begins) > 0 {
		next.runs = append(next.runs, r)
	}
	return next
}

// add returns the version with a list of new postings, in order.
func (v *version) add(list []posting) *version {
	next := &version{recent: append(slices.Clip(v.recent), list), runs: v.runs}
	for n := len(next.recent); n > 1 && len(next.recent[n-2]) <= 2*len(next.recent[n-1]); n-- {
		next.recent = append(next.recent[:n-2:n-2], merged(next.recent[n-2], next.recent[n-1]))
	}
	return next
}

// collect returns the postings of a span in order, at least the first limit of
// each part if there are more. A page that is not there is errStale.
func (v *version) collect(snap store.Snapshot, prefix byte, s span, limit int) ([]posting, error) {
	var found []posting
	for _, list := range v.recent {
		i, _ := slices.BinarySearchFunc(list, s.least, func(p posting, d digest) int { return p.digest.compare(d) })
		for n := 0; i < len(list) && n < limit && s.holds(list[i].digest); i, n = i+1, n+1 {
			found = append(found, list[i])
		}
	}
	for _, r := range v.runs {
		n := 0
		err := r.pages(s, func(i int) (bool, error) {
			page, err := snap.Get(r.key(prefix, i))
			if err != nil {
				return false, err
			}
			if page == nil {
				return false, errStale
			}
			for more := true; more && n < limit; more = len(page) > 0 {
				var p posting
				if p, page, err = nextPosting(page); err != nil {
					return false, fmt.Errorf("%w: %w", store.ErrDamaged, err)
				}
				if s.holds(p.digest) {
					found, n = append(found, p), n+1
				}
			}
			return n < limit, nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(found, posting.compare)
	return slices.Compact(found), nil
}
