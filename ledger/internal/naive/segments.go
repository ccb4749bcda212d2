package naive

import (
	"math/rand/v2"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// cut makes segments of the history: for each branch, runs of random length from
// about where it parts, signed on their last entry.
func (s *story) cut() {
	covered, inner := map[protocol.EntryID]bool{}, map[protocol.EntryID]bool{}
	for _, e := range s.Entries {
		inner[e.Prev] = true
	}
	for _, leaf := range s.Entries {
		if inner[leaf.ID()] {
			continue
		}
		var chain []protocol.Entry
		overlap := s.rng.IntN(3)
		for e := leaf; ; e = s.byID[e.Prev] {
			if covered[e.ID()] {
				if overlap--; overlap < 0 {
					break
				}
			}
			chain = append(chain, e)
			covered[e.ID()] = true
			if e.Seq == 0 {
				break
			}
		}
		slices.Reverse(chain)
		for len(chain) > 0 {
			n := 1 + s.rng.IntN(min(8, len(chain)))
			s.Segments = append(s.Segments, s.sign(chain[:n:n]))
			chain = chain[n:]
		}
	}
}

// sign vouches for a run of one log.
func (s *story) sign(run []protocol.Entry) protocol.Segment {
	segment := protocol.Segment{Entries: run}
	for _, a := range s.everybody() {
		if a.log != segment.Log() {
			continue
		}
		for i, key := range a.keys {
			segment.Signatures = append(segment.Signatures, protocol.SignEntry(key, i, segment.Tip().ID()))
		}
	}
	return segment
}

// Deliveries returns the segments as a bad network brings them: in random order,
// some twice, some not at all.
func (h *History) Deliveries(rng *rand.Rand) []protocol.Segment {
	var all []protocol.Segment
	for _, s := range h.Segments {
		switch rng.IntN(8) {
		case 0:
		case 1:
			all = append(all, s, s)
		default:
			all = append(all, s)
		}
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// Part returns a random part of the entries that one node may hold: with each
// entry, those before it in its log. Parts grow with n, 0 to 100 in a hundred.
func (h *History) Part(rng *rand.Rand, n int) []protocol.Entry {
	byID := map[protocol.EntryID]protocol.Entry{}
	for _, e := range h.Entries {
		byID[e.ID()] = e
	}
	var part []protocol.Entry
	held := map[protocol.EntryID]bool{}
	for _, e := range h.Entries {
		if rng.IntN(100) >= n {
			continue
		}
		for ; !held[e.ID()]; e = byID[e.Prev] {
			held[e.ID()] = true
			part = append(part, e)
			if e.Seq == 0 {
				break
			}
		}
	}
	return part
}
