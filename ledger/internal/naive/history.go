package naive

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// past is the set of entries that a node holds, each with the one before it and
// those after it. Entries go by their number here, parents before children.
type past struct {
	commons protocol.CommonsID
	rules   Rules

	entries []protocol.Entry
	prev    []int   // -1 for an inception
	next    [][]int // children, more than one at a fork
	at      map[protocol.EntryID]int
	logs    []protocol.LogID // in the order of their identifiers
	inLog   map[protocol.LogID][]int
}

// gather keeps the entries whose chain is complete down to an inception of this
// commons.
func gather(commons protocol.CommonsID, r Rules, entries []protocol.Entry) *past {
	p := &past{
		commons: commons, rules: r,
		at: map[protocol.EntryID]int{}, inLog: map[protocol.LogID][]int{},
	}
	sorted := slices.Clone(entries)
	slices.SortFunc(sorted, func(a, b protocol.Entry) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), a.Log.Compare(b.Log.EntryID), a.ID().Compare(b.ID()))
	})
	for _, e := range sorted {
		if _, twice := p.at[e.ID()]; twice {
			continue
		}
		before := -1
		if e.Seq > 0 {
			i, held := p.at[e.Prev]
			if !held || p.entries[i].Log != e.Log || p.entries[i].Seq != e.Seq-1 {
				continue
			}
			before = i
		} else if b, is := e.Body.(*protocol.Inception); !is || b.Commons != commons && e.ID() != commons.EntryID {
			continue
		}
		i := len(p.entries)
		p.at[e.ID()] = i
		p.entries = append(p.entries, e)
		p.prev, p.next = append(p.prev, before), append(p.next, nil)
		p.inLog[e.Log] = append(p.inLog[e.Log], i)
		if before >= 0 {
			p.next[before] = append(p.next[before], i)
		} else {
			p.logs = append(p.logs, e.Log)
		}
	}
	slices.SortFunc(p.logs, func(a, b protocol.LogID) int { return a.Compare(b.EntryID) })
	return p
}

// reaches reports whether x is y or lies below it in its log.
func (p *past) reaches(x, y int) bool {
	if p.entries[x].Log != p.entries[y].Log {
		return false
	}
	for y >= 0 && p.entries[y].Seq > p.entries[x].Seq {
		y = p.prev[y]
	}
	return x == y
}

// forked reports whether an entry has a sibling.
func (p *past) forked(x int) bool { return p.prev[x] >= 0 && len(p.next[p.prev[x]]) > 1 }

// governs reports whether an entry stands in the charter log.
func (p *past) governs(x int) bool { return p.entries[x].Log == p.commons.Charter() }

// named returns the entry that a vote or watermark names, -1 if it is not held,
// and whether it stands where the naming says.
func (p *past) named(log protocol.LogID, seq int64, id protocol.EntryID) (x int, fits bool) {
	x, held := p.at[id]
	if !held {
		return -1, false
	}
	return x, p.entries[x].Log == log && p.entries[x].Seq == seq
}

// set is a set of entries, by number.
type set []uint64

func (p *past) none() set { return make(set, (len(p.entries)+63)/64) }

func (s set) has(i int) bool { return i >= 0 && s[i>>6]>>(uint(i)&63)&1 == 1 }
func (s set) add(i int)      { s[i>>6] |= 1 << (uint(i) & 63) }
func (s set) drop(i int)     { s[i>>6] &^= 1 << (uint(i) & 63) }

func (s set) join(other set) {
	for w := range s {
		s[w] |= other[w]
	}
}

// all calls f for each member, ascending.
func (s set) all(f func(i int)) {
	for w, word := range s {
		for ; word != 0; word &= word - 1 {
			f(w<<6 + bits.TrailingZeros64(word))
		}
	}
}

// addChain adds an entry and all before it in its log.
func (p *past) addChain(s set, x int) {
	for ; x >= 0 && !s.has(x); x = p.prev[x] {
		s.add(x)
	}
}
