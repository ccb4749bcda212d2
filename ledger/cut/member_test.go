package cut

import (
	"context"
	"testing"

	"github.com/minga-commons/minga/protocol"
)

// TestWhoIsBoundLaterWasNoMemberBefore binds a record to a log between two rounds:
// in the first its provider was no member, and a rule for members took nothing.
func TestWhoIsBoundLaterWasNoMemberBefore(t *testing.T) {
	s := newStory(t, 0)
	record := protocol.AgentID{EntryID: protocol.EntryID{9}}
	e := s.write(t, s.logs[1], &protocol.Event{
		Action: "raise", Provider: record, Receiver: protocol.AgentID(s.commons),
		ResourceConformsTo: "pan", ResourceQuantity: &protocol.Quantity{N: 5, Unit: "one"},
	})
	before := s.whole()
	s.write(t, s.logs[0], &protocol.Bind{Agent: record.EntryID, Log: s.logs[2]})
	f, err := Read(context.Background(), quiet{s}, s.commons, []Round{{Cut: before, AsOf: s.now}, {Cut: s.whole(), AsOf: s.now}})
	if err != nil {
		t.Fatal(err)
	}
	at, _ := f.Find(e.ID())
	for round, want := range []bool{false, true} {
		if a := f.Agents()[f.Owner(round, f.Events()[at].Provider)]; (a.Member && round >= a.From) != want {
			t.Errorf("round %d: %+v, want member %v", round, a, want)
		}
	}
}
