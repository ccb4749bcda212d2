package cut

import (
	"context"
	"testing"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// TestALongChainOfCorrectionsIsReadOnce has one member correct corrections, each
// the one before, and dispute the first: none of them counts, and each is looked
// at once.
func TestALongChainOfCorrectionsIsReadOnce(t *testing.T) {
	const length = 60_000
	s := newStory(t, 0)
	s.required = 0
	log := s.logs[1]
	at := s.write(t, log, &protocol.Event{
		Action: "raise", Provider: log.Agent(), Receiver: protocol.AgentID(s.commons),
		ResourceConformsTo: "pan", ResourceQuantity: &protocol.Quantity{N: 5, Unit: "one"},
	})
	var chain []protocol.Entry
	for range length {
		body := *at.Body.(*protocol.Event)
		body.Corrects, body.ResourceQuantity = at.ID(), &protocol.Quantity{N: -1, Unit: "one"}
		at = s.write(t, log, &body)
		chain = append(chain, at)
	}
	s.write(t, s.logs[2], &protocol.Confirm{Target: chain[0].ID(), Verdict: protocol.VerdictDispute})
	f, err := Read(context.Background(), quiet{s}, s.commons, []Round{{Cut: s.whole(), AsOf: s.now + 1e12}})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []int{0, 1, length / 2, length - 1} {
		if e, known := f.Find(chain[i].ID()); !known || f.Counts(0, e) {
			t.Errorf("correction %d counts, though it goes back to one that is disputed", i)
		}
	}
}

// quiet is a story of which nothing is void.
type quiet struct{ *story }

func (quiet) Void(func(protocol.EntryID, rules.Reason)) error { return nil }
