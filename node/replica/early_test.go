package replica

import (
	"testing"

	"github.com/minga-commons/minga/protocol"
)

// TestEarlySegmentsAreGivenInOrder keeps segments that came in any order, gives
// those that join, and drops those that say nothing new.
func TestEarlySegmentsAreGivenInOrder(t *testing.T) {
	var log protocol.LogID
	var e early
	run := func(first, last int64) protocol.Segment {
		var s protocol.Segment
		for seq := first; seq <= last; seq++ {
			s.Entries = append(s.Entries, protocol.Entry{Seq: seq})
		}
		return s
	}
	for _, s := range []protocol.Segment{run(9, 9), run(5, 6), run(3, 4), run(7, 8)} {
		e.keep(s)
	}
	held := int64(4)
	for _, want := range []int64{6, 8, 9} {
		s, found := e.next(log, held)
		if !found || s.Tip().Seq != want {
			t.Fatalf("after %d: %v, want a segment up to %d", held, s.Entries, want)
		}
		held = want
	}
	if _, found := e.next(log, held); found || e.count != 0 || e.bytes != 0 || len(e.held) != 0 {
		t.Errorf("%d segments of %d bytes are left, want none", e.count, e.bytes)
	}
	for i := range maxEarlyOfLog + 10 {
		e.keep(run(int64(20+i), int64(20+i)))
	}
	if e.count != maxEarlyOfLog {
		t.Errorf("%d segments of one log are kept, want %d", e.count, maxEarlyOfLog)
	}
	if _, found := e.next(log, 10); found {
		t.Error("a segment was given that does not join")
	}
}
