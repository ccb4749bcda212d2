package ledger_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// twins are two nodes with one member's key, apart since the same place.
func twins(t *testing.T, w *world) (ana, beto, twin *node, id protocol.CommonsID, agent protocol.AgentID) {
	ctx := context.Background()
	ana, beto = w.node(), w.node()
	commons, err := ana.CreateCommons(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	id = commons.ID
	link, err := ana.Invite(ctx, id, 1, w.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	beto.pull(ana, id)
	joined, err := beto.Join(ctx, link, "Beto")
	if err != nil {
		t.Fatal(err)
	}
	agent = joined.Entry.Log.Agent()
	ana.pull(beto, id)
	if _, err := ana.Endorse(ctx); err != nil {
		t.Fatal(err)
	}
	beto.pull(ana, id)
	// The twin is the folder of Beto's node, copied while that is stopped.
	if err := beto.Close(); err != nil {
		t.Fatal(err)
	}
	twin = w.copyOf(beto)
	beto.open()
	return ana, beto, twin, id, agent
}

// TestAForkIsProvenAndFrozenAlikeUntilAWitnessVotes follows one key on two nodes
// until the witness has voted for the history that it held first.
func TestAForkIsProvenAndFrozenAlikeUntilAWitnessVotes(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	ana, beto, twin, id, agent := twins(t, w)
	before := ana.balance(id, agent)
	beto.submit(id, work(agent, id, 2))
	beto.submit(id, work(agent, id, 3))
	twin.submit(id, work(agent, id, 7))
	log := protocol.LogID(agent)

	mirror := w.node()
	mirror.pull(ana, id)
	mirror.pull(beto, id)
	other, err := twin.SegmentFrom(ctx, log, 1, protocol.MaxSegmentBytes)
	if err != nil {
		t.Fatal(err)
	}
	_, err = mirror.Ingest(ctx, other)
	var fork *ledger.ForkError
	if !errors.As(err, &fork) || fork.Seq != 1 || !errors.Is(err, protocol.ErrFork) {
		t.Fatalf("Ingest of another history: %v, want a fork at entry 1", err)
	}
	if r, err := mirror.Ingest(ctx, other); err != nil || r.Added != 0 {
		t.Errorf("the same again: %+v, %v; want nothing new", r, err)
	}
	proof := mirror.proof(id)
	for _, n := range []*node{beto, twin} {
		if err := n.IngestFork(ctx, proof); err != nil {
			t.Fatal(err)
		}
	}
	for name, n := range map[string]*node{"mirror": mirror, "beto": beto, "twin": twin} {
		if got, want := n.digest(id), mirror.digest(id); got != want {
			t.Errorf("%s has digest %s, the mirror %s", name, got, want)
		}
		if got := n.balance(id, agent); got != before {
			t.Errorf("%s shows %q above the fork, want %q", name, got, before)
		}
		status, err := n.Log(ctx, log)
		if err != nil || !status.Frozen || status.ForkSeq != 1 {
			t.Errorf("%s shows log %+v, %v; want it frozen from 1 on", name, status, err)
		}
		if got := n.proof(id); got.First.First().ID() != proof.First.First().ID() || got.Second.First().ID() != proof.Second.First().ID() {
			t.Errorf("%s has another proof", name)
		}
	}
	_, err = twin.Submit(ctx, ledger.Draft{Commons: id, Body: work(agent, id, 1)})
	if !errors.Is(err, ledger.ErrFrozen) {
		t.Errorf("writing on: %v, want ErrFrozen", err)
	}
	digest := mirror.digest(id)
	mirror.reopen()
	if got := mirror.digest(id); got != digest {
		t.Errorf("digest %s after opening again, %s before", got, digest)
	}

	ana.pull(beto, id)
	if _, err := ana.Ingest(ctx, other); !errors.As(err, &fork) {
		t.Fatalf("Ingest by the witness: %v, want a fork", err)
	}
	for name, n := range map[string]*node{"mirror": mirror, "beto": beto, "twin": twin} {
		n.pull(ana, id)
		if got, want := n.digest(id), ana.digest(id); got != want {
			t.Errorf("after the vote %s has digest %s, ana %s", name, got, want)
		}
		if got, want := n.balance(id, agent), "Beto: work Garden 5 hour (0 confirmed)"; got != want {
			t.Errorf("%s shows %q, want %q", name, got, want)
		}
		n.reopen()
		if got, want := n.digest(id), ana.digest(id); got != want {
			t.Errorf("opened again %s has digest %s, ana %s", name, got, want)
		}
	}
	written := twin.submit(id, work(agent, id, 1))
	if written.Entry.Seq != 3 {
		t.Errorf("the twin writes entry %d, want 3: after what is settled", written.Entry.Seq)
	}
}

// proof returns the proof of the one fork that a node knows of.
func (n *node) proof(id protocol.CommonsID) (proof protocol.ForkProof) {
	n.w.t.Helper()
	for p, err := range n.Forks(context.Background(), id) {
		if err != nil {
			n.w.t.Fatal(err)
		}
		proof = p
	}
	if len(proof.First.Entries) == 0 {
		n.w.t.Fatal("no fork is known")
	}
	return proof
}

func TestSettledHistorySurvivesALaterFork(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	ana, beto, twin, id, agent := twins(t, w)
	beto.submit(id, work(agent, id, 2))
	twin.submit(id, work(agent, id, 7))
	ana.pull(beto, id)
	if n, err := ana.Endorse(ctx); err != nil || n == 0 {
		t.Fatalf("Endorse: %d, %v", n, err)
	}
	other, err := twin.SegmentFrom(ctx, protocol.LogID(agent), 1, protocol.MaxSegmentBytes)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ana.Ingest(ctx, other); !errors.Is(err, protocol.ErrFork) {
		t.Fatalf("Ingest: %v, want a fork", err)
	}
	status, err := ana.Log(ctx, protocol.LogID(agent))
	if err != nil || !status.Forked || status.Frozen {
		t.Errorf("log %+v, %v; want it forked and not frozen", status, err)
	}
	if got, want := ana.balance(id, agent), "Beto: work Garden 2 hour (0 confirmed)"; got != want {
		t.Errorf("balance %q, want %q", got, want)
	}
}

func TestACopiedHomeTakesANewJournal(t *testing.T) {
	w := newWorld(t)
	_, beto, twin, _, _ := twins(t, w)
	if beto.Journal() == twin.Journal() {
		t.Error("the copy has the journal of the original: a cursor into one would be taken for one into the other")
	}
}
