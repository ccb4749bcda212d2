package ledger_test

import (
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// copyNode returns a node on a copy of another one's folder, opened with
// AskFirst. The other goes on as it was.
func (h *house) copyNode(n *node) *node {
	h.w.t.Helper()
	n.does(n.Close())
	twin := h.w.copyOf(n)
	n.open()
	twin.ask = true
	twin.reopen()
	return twin
}

func (h *house) votes(n *node, some bool) {
	h.w.t.Helper()
	votes, err := n.Endorse(h.w.t.Context())
	if err != nil || (votes > 0) != some {
		h.w.t.Errorf("it votes for %d, %v; want some: %v", votes, err, some)
	}
}

// TestABackupFromBeforeTheOfficeIsSilent: its member became a witness after it
// was made, and has votes to miss.
func TestABackupFromBeforeTheOfficeIsSilent(t *testing.T) {
	h := newHouse(t, 5)
	ctx := t.Context()
	beto, dani, eva := h.nodes[1], h.nodes[3], h.nodes[4]
	twin := h.copyNode(beto)
	h.grow()
	head, err := beto.Log(ctx, protocol.LogID(h.agents[1]))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // votes come before their entries, and wait
		twin.pull(dani, h.id)
	}
	if q := twin.question(h.id); len(q.Witnesses) != 3 || q.Enough != 3 || !q.Copied {
		t.Errorf("it asks %+v, want three of three", q)
	}
	twin.does(twin.Resume(ctx, h.id, false))
	twin.wants(h.id, ledger.WritingOpen, true)
	if status, err := twin.Log(ctx, head.ID); err != nil || status.Held != head.Held {
		t.Errorf("its log ends with %v, %v; want %v", status.Held, err, head.Held)
	}
	eva.submit(h.id, work(h.agents[4], h.id, 1))
	twin.pull(eva, h.id)
	h.votes(twin, false)
	twin.does(twin.Resume(ctx, h.id, true))
	twin.wants(h.id, ledger.WritingOpen, false)
	h.votes(twin, true)
	h.nodes[1] = twin
	h.meet()
	h.alike()
}

// TestAWitnessChosenAfterABackupIsNotSilent: it had no office, and no votes, when
// the backup was put back.
func TestAWitnessChosenAfterABackupIsNotSilent(t *testing.T) {
	h := newHouse(t, 5)
	beto := h.nodes[1]
	twin := h.copyNode(beto)
	beto.submit(h.id, work(h.agents[1], h.id, 1))
	h.meet()
	twin.pull(h.nodes[0], h.id)
	twin.does(twin.Resume(t.Context(), h.id, false))
	h.nodes[1] = twin
	h.grow()
	twin.wants(h.id, ledger.WritingOpen, false)
	h.nodes[4].submit(h.id, work(h.agents[4], h.id, 1))
	twin.pull(h.nodes[4], h.id)
	h.votes(twin, true)
	twin.reopen()
	twin.does(twin.Resume(t.Context(), h.id, false))
	twin.wants(h.id, ledger.WritingOpen, false)
	h.meet()
	h.alike()
}

// TestACopiedWitnessDoesNotCloseItsEpoch: a close says that no vote is missing.
func TestACopiedWitnessDoesNotCloseItsEpoch(t *testing.T) {
	h := newHouse(t, 5)
	ctx := t.Context()
	h.grow()
	members := []protocol.LogID{protocol.LogID(h.agents[0]), protocol.LogID(h.agents[1]), protocol.LogID(h.agents[2])}
	beto := h.nodes[1]
	twin := h.copyNode(beto)
	if _, err := h.nodes[0].ChangeWitnesses(ctx, h.id, members, 0); err != nil {
		t.Fatal(err)
	}
	others := []*node{h.nodes[0], h.nodes[2], h.nodes[3], h.nodes[4]}
	h.meet(others...)
	status, err := h.nodes[0].Witnesses(ctx, h.id)
	if err != nil || len(status.Current.Members) != 3 {
		t.Fatalf("%+v, %v; want three in office", status, err)
	}
	for range 3 {
		twin.pull(h.nodes[0], h.id)
	}
	held := func() int64 {
		t.Helper()
		log, err := twin.Log(ctx, protocol.LogID(h.agents[1]))
		if err != nil {
			t.Fatal(err)
		}
		return log.Held.Seq
	}
	before := held()
	if q := twin.question(h.id); len(q.Witnesses) != 3 || q.Enough != 3 {
		t.Errorf("it asks %+v, want the other three of the epoch that it has yet to close", q)
	}
	twin.does(twin.Resume(ctx, h.id, false))
	h.votes(twin, false)
	if after := held(); after != before {
		t.Errorf("it wrote %d entries where it was to be silent", after-before)
	}
	twin.does(twin.Resume(ctx, h.id, true))
	if _, err := twin.Endorse(ctx); err != nil || held() == before {
		t.Errorf("it does not close its epoch: %v", err)
	}
	h.nodes[1] = twin
	h.meet()
	h.alike()
}
