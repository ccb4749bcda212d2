package settle

import "math"

// Histories are the histories of one log: lines from the inception to a newest
// entry. A log without a fork has one.
type Histories struct {
	Last []int64   // newest seq held of each line
	Part [][]int64 // Part[i][j]: the first seq at which lines i and j differ; not read for i = j
}

// along returns how far an entry at seq of line j vouches for line i.
func (h Histories) along(i, j int, seq int64) int64 {
	if i == j {
		return seq
	}
	return min(seq, h.Part[i][j]-1)
}

// Ballot is a vote as it counts for one log.
type Ballot struct {
	Epoch   int    // index into the terms
	Witness uint32 // who votes
	Line    int    // a line that holds the entry voted for
	Seq     int64  // its place
	Shown   bool   // it stands in the record of its witness's first settled close of the epoch
}

// Term is an epoch as it counts for one log.
type Term struct {
	Quorum int      // 0: this epoch and those before it do not count
	Dead   int      // settled closes without a vote that take a certificate away; 0: the epoch is in office
	Closed []uint32 // witnesses with a settled close, ascending
	Top    []int64  // for each line, the newest seq that the epoch can settle on it
	Exempt int64    // entries up to here are exempt from Dead, -1 for none
}

// Result is what a count has found.
type Result struct {
	Line     int   // the line that is settled furthest
	Seq      int64 // up to there, -1 for nothing
	Conflict bool  // two lines are settled beyond where they part: more witnesses lied than may
}

// Count returns up to where a log is settled: by a quorum of any one epoch,
// counted from any history of the witnesses' logs. An older certificate does not
// count (a) once Dead of its epoch's settled closes lack a vote for the entry, or
// (b) against an entry that is settled under a later epoch.
func Count(h Histories, terms []Term, ballots []Ballot) Result {
	settled := make([]int64, len(h.Last)) // by the epochs counted so far, later ones first
	for i := range settled {
		settled[i] = -1
	}
	for e := len(terms) - 1; e >= 0 && terms[e].Quorum > 0; e-- {
		now := make([]int64, len(h.Last))
		for line := range h.Last {
			now[line] = certified(h, terms[e], e, line, ballots)
			for other, upTo := range settled {
				if other != line && upTo >= h.Part[line][other] {
					now[line] = min(now[line], h.Part[line][other]-1)
				}
			}
		}
		for line := range settled {
			settled[line] = max(settled[line], now[line])
		}
	}
	r := Result{Seq: -1}
	for line, upTo := range settled {
		if upTo > r.Seq {
			r.Line, r.Seq = line, upTo
		}
	}
	for line, upTo := range settled {
		r.Conflict = r.Conflict || line != r.Line && upTo >= h.Part[line][r.Line]
	}
	return r
}

// certified returns up to where one epoch certifies a line.
func certified(h Histories, t Term, epoch, line int, ballots []Ballot) int64 {
	reach := make([]span, 0, 8) // by witness: how far its votes go, and its record
	for _, b := range ballots {
		if b.Epoch != epoch {
			continue
		}
		at := h.along(line, b.Line, b.Seq)
		i := 0
		for i < len(reach) && reach[i].witness != b.Witness {
			i++
		}
		if i == len(reach) {
			reach = append(reach, span{witness: b.Witness, votes: -1, shown: -1})
		}
		reach[i].votes = max(reach[i].votes, at)
		if b.Shown {
			reach[i].shown = max(reach[i].shown, at)
		}
	}
	seq := nth(reach, t.Quorum, func(s span) int64 { return s.votes })
	seq = min(seq, t.Top[line])
	if t.Dead > 0 && len(t.Closed) >= t.Dead {
		seq = min(seq, max(cutOff(reach, t), min(t.Exempt, seq)))
	}
	return min(seq, h.Last[line])
}

type span struct {
	witness      uint32
	votes, shown int64
}

// cutOff returns the newest seq for which fewer than Dead of the settled closes
// lack a vote: the Dead-th smallest of what their records show.
func cutOff(reach []span, t Term) int64 {
	shown := make([]span, 0, len(t.Closed))
	for _, witness := range t.Closed {
		s := span{witness: witness, shown: -1}
		for _, r := range reach {
			if r.witness == witness {
				s.shown = r.shown
			}
		}
		shown = append(shown, s)
	}
	// The Dead-th smallest of m is the (m-Dead+1)-th largest.
	return nth(shown, len(shown)-t.Dead+1, func(s span) int64 { return s.shown })
}

// nth returns the n-th largest value, counted from 1; -1 if there are fewer.
func nth(all []span, n int, value func(span) int64) int64 {
	if n < 1 || n > len(all) {
		return -1
	}
	best := int64(math.MinInt64)
	for _, s := range all {
		v, above, same := value(s), 0, 0
		for _, o := range all {
			switch w := value(o); {
			case w > v:
				above++
			case w == v:
				same++
			}
		}
		if above < n && n <= above+same {
			best = v
		}
	}
	return best
}
