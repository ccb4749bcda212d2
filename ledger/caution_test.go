package ledger_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// question returns what a node asks about a commons, with an empty one for
// nothing.
func (n *node) question(id protocol.CommonsID) ledger.Question {
	n.w.t.Helper()
	q, asked := n.Question(id)
	if asked != (len(q.Own) > 0) {
		n.w.t.Errorf("asked %v: %+v", asked, q)
	}
	return q
}

func (n *node) wants(id protocol.CommonsID, writing ledger.Writing, silent bool) {
	n.w.t.Helper()
	c, err := n.CommonsByID(context.Background(), id)
	if err != nil || c.Writing != writing || c.Silent != silent {
		n.w.t.Errorf("writing %s, silent %v, %v; want %s, %v", c.Writing, c.Silent, err, writing, silent)
	}
}

func (n *node) does(what error) {
	n.w.t.Helper()
	if what != nil {
		n.w.t.Fatal(what)
	}
}

func TestWhatIsAsked(t *testing.T) {
	w := newWorld(t)
	ana, beto, twin, id, agent := twins(t, w)
	charter, log := id.Charter(), protocol.LogID(agent)
	held, err := ana.CommonsByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []*node{ana, beto, twin} {
		if q := n.question(id); len(q.Own) > 0 {
			t.Errorf("without AskFirst it asks %+v", q)
		}
		n.ask = true
		n.reopen()
		n.wants(id, ledger.WritingAsking, n == ana)
	}
	want := ledger.Question{Own: []protocol.LogID{held.Me, charter}}
	if diff := cmp.Diff(want, ana.question(id)); diff != "" {
		t.Errorf("the founder: %s", diff)
	}
	want = ledger.Question{Own: []protocol.LogID{log}, Witnesses: []protocol.LogID{held.Me}, Enough: 1}
	if diff := cmp.Diff(want, beto.question(id)); diff != "" {
		t.Errorf("a member: %s", diff)
	}
	// It was opened once without AskFirst, and it remembers that it is a copy.
	want.Copied = true
	if diff := cmp.Diff(want, twin.question(id)); diff != "" {
		t.Errorf("a copy: %s", diff)
	}

	// What was begun since the start needs no question, and one is alone there.
	commons, err := ana.CreateCommons(t.Context(), "Otra", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	ana.submit(commons.ID, work(commons.Me.Agent(), commons.ID, 1))
	ana.reopen()
	if q := ana.question(commons.ID); !q.Alone || q.Copied {
		t.Errorf("a commons on one node: %+v", q)
	}
}

func TestWritersWaitForTheAnswer(t *testing.T) {
	w := newWorld(t)
	_, beto, _, id, agent := twins(t, w)
	beto.ask = true
	beto.reopen()
	d := ledger.Draft{Commons: id, Body: work(agent, id, 1)}

	short, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := beto.Submit(short, d); !errors.Is(err, context.Canceled) {
		t.Errorf("a writer whose time is over: %v", err)
	}
	type answer struct {
		w   ledger.Written
		err error
	}
	done := make(chan answer)
	go func() {
		w, err := beto.Submit(t.Context(), d)
		done <- answer{w, err}
	}()
	changed := beto.Reconsidered()
	select {
	case a := <-done:
		t.Fatalf("it did not wait: %+v", a)
	case <-changed:
		t.Fatal("something changed by itself")
	default:
	}
	beto.does(beto.Resume(t.Context(), id, false))
	<-changed
	if a := <-done; a.err != nil || a.w.Entry.Seq != 1 {
		t.Errorf("after Resume: entry %d, %v", a.w.Entry.Seq, a.err)
	}
	if q := beto.question(id); len(q.Own) > 0 {
		t.Errorf("it still asks %+v", q)
	}
}

func TestACopyWritesNothingWithoutAnAnswer(t *testing.T) {
	w := newWorld(t)
	_, _, twin, id, agent := twins(t, w)
	ctx := t.Context()
	twin.ask = true
	d := ledger.Draft{Commons: id, Body: work(agent, id, 1)}
	for range 2 { // and does not forget why
		twin.reopen()
		if !twin.question(id).Copied {
			t.Error("it is not taken for a copy")
		}
		twin.does(twin.Refuse(ctx, id))
		twin.wants(id, ledger.WritingRefused, false)
		if _, err := twin.Submit(ctx, d); !errors.Is(err, ledger.ErrCopied) {
			t.Errorf("Submit: %v, want ErrCopied", err)
		}
		if err := twin.Check(ctx, d); !errors.Is(err, ledger.ErrCopied) {
			t.Errorf("Check: %v, want ErrCopied", err)
		}
	}
	twin.does(twin.WriteUnasked(ctx))
	twin.submit(id, work(agent, id, 1))
	twin.reopen()
	if twin.question(id).Copied {
		t.Error("it forgets what its operator has said")
	}
	twin.does(twin.Refuse(ctx, id))
	twin.does(twin.Resume(ctx, id, false))
	twin.submit(id, work(agent, id, 1))
}

// TestEveryWayToWriteIsClosed to a copy, and open again after an answer. What
// peers wrote and signed is taken all the same.
func TestEveryWayToWriteIsClosed(t *testing.T) {
	h := newHouse(t, 3)
	ctx := t.Context()
	ana, beto := h.nodes[0], h.nodes[1]
	a, b, c := protocol.LogID(h.agents[0]), protocol.LogID(h.agents[1]), protocol.LogID(h.agents[2])
	proposed, err := beto.CreateAccount(ctx, h.id, "Caja", []protocol.LogID{a, b, c}, 2)
	if err != nil {
		t.Fatal(err)
	}
	h.meet()
	wanted := proposed.Proposal.Entry.ID()
	ana.does(ana.Close())
	twin := h.w.copyOf(ana)
	ana.open()
	twin.ask = true
	twin.reopen()
	ways := map[string]func() error{
		"Approve": func() error { _, err := twin.Approve(ctx, h.id, wanted); return err },
		"Reject":  func() error { _, err := twin.Reject(ctx, h.id, wanted); return err },
		"Invite":  func() error { _, err := twin.Invite(ctx, h.id, 1, h.w.now.Add(time.Hour)); return err },
		"SubmitTo": func() error {
			_, err := twin.SubmitTo(ctx, h.id.Charter(), ledger.Draft{Commons: h.id, Body: &protocol.Remove{Log: c, Seq: 3}})
			return err
		},
		"ProposeCharter":  func() error { _, err := twin.ProposeCharter(ctx, h.id, money("Otra")); return err },
		"CreateAccount":   func() error { _, err := twin.CreateAccount(ctx, h.id, "Otra", []protocol.LogID{a, b}, 2); return err },
		"ChangeWitnesses": func() error { _, err := twin.ChangeWitnesses(ctx, h.id, []protocol.LogID{a, b}, 0); return err },
	}
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := twin.Approve(done, h.id, wanted); !errors.Is(err, context.Canceled) {
		t.Errorf("while it asks: %v, want it to wait until its time is over", err)
	}
	twin.does(twin.Refuse(ctx, h.id))
	before := twin.digest(h.id)
	for name, write := range ways {
		if err := write(); !errors.Is(err, ledger.ErrCopied) {
			t.Errorf("%s: %v, want ErrCopied", name, err)
		}
	}
	if n, err := twin.FinishProposals(ctx); err != nil || n != 0 || twin.digest(h.id) != before {
		t.Errorf("FinishProposals: %d, %v, digest changed %v", n, err, twin.digest(h.id) != before)
	}
	h.meet(twin, beto)
	twin.does(twin.Resume(ctx, h.id, true))
	if err := ways["Approve"](); err != nil {
		t.Errorf("after an answer: %v", err)
	}
}

// TestOneWhoWasNoWitnessHasNoVotesToLose: but what comes back later may hold
// some.
func TestOneWhoWasNoWitnessHasNoVotesToLose(t *testing.T) {
	w := newWorld(t)
	ana, beto, twin, id, agent := twins(t, w)
	ctx := t.Context()
	beto.submit(id, work(agent, id, 2))
	ana.pull(beto, id)
	twin.ask = true
	twin.reopen()
	twin.does(twin.Resume(ctx, id, false))
	twin.wants(id, ledger.WritingOpen, false)
	twin.pull(ana, id)
	if got, want := twin.Regained(id), int64(1); got != want {
		t.Errorf("entries up to %d may hold votes of before, want %d", got, want)
	}
	twin.submit(id, work(agent, id, 1))
	twin.reopen()
	if got, want := twin.Regained(id), int64(1); got != want {
		t.Errorf("after a start entries up to %d may, want %d", got, want)
	}
}

// TestACopyTakesItsOwnLogBack puts a backup in the place of a member's folder.
func TestACopyTakesItsOwnLogBack(t *testing.T) {
	w := newWorld(t)
	ana, beto, twin, id, agent := twins(t, w)
	ctx := t.Context()
	once := &ledger.Once{Token: "owner", Key: "k", Request: [32]byte{1}}
	for range 3 {
		if _, err := beto.Submit(ctx, ledger.Draft{Commons: id, Body: work(agent, id, 2), Once: once}); err != nil {
			t.Fatal(err)
		}
		once = nil
	}
	ana.pull(beto, id)
	if _, err := ana.Endorse(ctx); err != nil {
		t.Fatal(err)
	}

	twin.ask = true
	twin.reopen()
	twin.pull(ana, id)
	twin.does(twin.Resume(ctx, id, true))
	if got, want := twin.submit(id, work(agent, id, 1)).Entry.Seq, int64(4); got != want {
		t.Errorf("it goes on with entry %d, want %d", got, want)
	}
	ana.pull(twin, id)
	beto.pull(twin, id)
	for name, n := range map[string]*node{"ana": ana, "beto": beto, "twin": twin} {
		if got, want := n.digest(id), ana.digest(id); got != want {
			t.Errorf("%s has digest %s, ana %s", name, got, want)
		}
		if got, want := n.balance(id, agent), "Beto: work Garden 7 hour (0 confirmed)"; got != want {
			t.Errorf("%s shows %q, want %q", name, got, want)
		}
		for range n.Forks(ctx, id) {
			t.Errorf("%s knows of a fork", name)
		}
	}
	if status, err := twin.Log(ctx, protocol.LogID(agent)); err != nil || status.Settled != 3 {
		t.Errorf("the log is settled up to %d, %v; want 3", status.Settled, err)
	}
}

// TestACopiedWitnessIsSilentUntilItIsSure: it writes once a peer has answered,
// and votes once enough witnesses have.
func TestACopiedWitnessIsSilentUntilItIsSure(t *testing.T) {
	w := newWorld(t)
	ana, beto, _, id, agent := twins(t, w)
	ctx := t.Context()
	held, err := ana.CommonsByID(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	ana.does(ana.Close())
	twin := w.copyOf(ana)
	ana.open()
	twin.ask = true
	twin.reopen()
	beto.submit(id, work(agent, id, 2))
	twin.pull(beto, id)
	votes := func(want int) {
		t.Helper()
		if n, err := twin.Endorse(ctx); err != nil || n != want {
			t.Errorf("it votes for %d, %v; want %d", n, err, want)
		}
	}
	twin.wants(id, ledger.WritingAsking, true)
	votes(0)
	twin.does(twin.Resume(ctx, id, false))
	twin.wants(id, ledger.WritingOpen, true)
	if got := twin.submit(id, work(held.Me.Agent(), id, 1)); got.State != ledger.Pending {
		t.Errorf("an entry of a silent witness is %s", got.State)
	}
	votes(0)
	for range 2 {
		twin.reopen()
		if q := twin.question(id); q.Copied {
			t.Errorf("it has gone on writing, and asks %+v", q)
		}
		twin.does(twin.Resume(ctx, id, false))
		twin.wants(id, ledger.WritingOpen, true)
		votes(0)
	}
	twin.does(twin.Resume(ctx, id, true))
	twin.wants(id, ledger.WritingOpen, false)
	votes(2)
	twin.reopen()
	if q := twin.question(id); q.Copied {
		t.Errorf("it asks %+v", q)
	}
	twin.does(twin.Resume(ctx, id, false))
	twin.wants(id, ledger.WritingOpen, false)
}

// TestACopiedWitnessRemembersWhomItLetIn counts the uses of a link before and
// after a backup was put back.
func TestACopiedWitnessRemembersWhomItLetIn(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	ana, beto, carla := w.node(), w.node(), w.node()
	commons, err := ana.CreateCommons(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	id := commons.ID
	link, err := ana.Invite(ctx, id, 1, w.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	ana.does(ana.Close())
	twin := w.copyOf(ana)
	ana.open()
	joins := func(n, witness *node, name string) protocol.LogID {
		t.Helper()
		joined, err := n.Join(ctx, link, name)
		if err != nil {
			t.Fatal(err)
		}
		witness.pull(n, id)
		if _, err := witness.Endorse(ctx); err != nil {
			t.Fatal(err)
		}
		return joined.Entry.Log
	}
	beto.pull(ana, id)
	carla.pull(ana, id) // before she could see that the link is used up
	joins(beto, ana, "Beto")
	twin.ask = true
	twin.reopen()
	beto.pull(ana, id)
	twin.pull(beto, id)
	twin.does(twin.Resume(ctx, id, true))
	log := joins(carla, twin, "Carla")
	if status, err := twin.Log(ctx, log); err != nil || status.Held.Seq != 0 || status.Settled != -1 {
		t.Errorf("the second who comes with a link for one: %+v, %v; want it pending", status, err)
	}
}

// TestACopyOfAnEmptyHome has no log of its own to be careful about.
func TestACopyOfAnEmptyHome(t *testing.T) {
	w := newWorld(t)
	ana, beto := w.node(), w.node()
	commons, err := ana.CreateCommons(t.Context(), "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	id := commons.ID
	beto.pull(ana, id)
	beto.does(beto.Close())
	twin := w.copyOf(beto)
	beto.open()
	twin.ask = true
	twin.reopen()
	link, err := ana.Invite(t.Context(), id, 1, w.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	twin.pull(ana, id)
	if _, err := twin.Join(t.Context(), link, "Beto"); err != nil {
		t.Fatal(err)
	}
	twin.wants(id, ledger.WritingOpen, false)
	twin.reopen()
	if q := twin.question(id); q.Copied {
		t.Errorf("it asks %+v", q)
	}
	twin.does(twin.Resume(t.Context(), id, false))
}
