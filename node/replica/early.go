package replica

import (
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// Bounds of what is kept of gossip that came before what it follows.
const (
	maxEarlyBytes    = 4 << 20
	maxEarlySegments = 4096
	maxEarlyOfLog    = 256
)

// early keeps segments of gossip that came before the entries that they follow:
// the network passes messages on in any order, and the one before is most often
// on its way. What finds no room is left to sessions.
type early struct {
	held  map[protocol.LogID][]protocol.Segment // by first seq, ascending
	bytes int
	count int
}

func (e *early) keep(s protocol.Segment) {
	size := s.Size()
	all := e.held[s.Log()]
	if e.bytes+size > maxEarlyBytes || e.count >= maxEarlySegments || len(all) >= maxEarlyOfLog {
		return
	}
	at, _ := slices.BinarySearchFunc(all, s.First().Seq, func(o protocol.Segment, seq int64) int { return int(o.First().Seq - seq) })
	if e.held == nil {
		e.held = map[protocol.LogID][]protocol.Segment{}
	}
	e.held[s.Log()] = slices.Insert(all, at, s)
	e.bytes, e.count = e.bytes+size, e.count+1
}

// next returns the first segment of a log that joins its entries up to a seq,
// and keeps it no more. Segments that say nothing new are dropped.
func (e *early) next(log protocol.LogID, held int64) (protocol.Segment, bool) {
	for all := e.held[log]; len(all) > 0 && all[0].First().Seq <= held+1; all = e.held[log] {
		s := all[0]
		e.bytes, e.count = e.bytes-s.Size(), e.count-1
		if e.held[log] = all[1:]; len(all) == 1 {
			delete(e.held, log)
		}
		if s.Tip().Seq > held {
			return s, true
		}
	}
	return protocol.Segment{}, false
}

// takeEarly offers the ledger what came before the newest entries of a log.
func (r *Replica) takeEarly(log protocol.LogID) {
	for r.early.count > 0 {
		head, held := r.ledger.Held(log)
		if !held {
			return
		}
		s, found := r.early.next(log, head.Seq)
		if !found {
			return
		}
		added, err := r.ledger.IngestSegment(ctx(), s)
		if err != nil {
			r.log.Debug("gossip that came early does not fit", "log", log, "error", err)
		}
		r.unsynced = r.unsynced || added > 0
	}
}
