package ledger_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// copyOf returns a node whose folder is a copy of another's, which is stopped.
func (w *world) copyOf(n *node) *node {
	w.t.Helper()
	c := &node{w: w, dir: n.dir + "-copy", seed: n.seed}
	if err := os.CopyFS(c.dir, os.DirFS(n.dir)); err != nil {
		w.t.Fatal(err)
	}
	c.open()
	w.t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestSubmitRefusesWhatWouldBeVoid(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	ana := w.node()
	commons, err := ana.CreateCommons(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	id, me := commons.ID, commons.Me.Agent()
	own := ana.submit(id, work(me, id, 1)).Entry.ID()
	with := func(change func(e *protocol.Event)) *protocol.Event {
		e := work(me, id, 1)
		change(e)
		return e
	}
	for name, c := range map[string]struct {
		body protocol.Body
		want rules.Reason
	}{
		"unknown action":   {with(func(e *protocol.Event) { e.Action = "steal" }), rules.UnknownAction},
		"no provider":      {with(func(e *protocol.Event) { e.Provider = protocol.AgentID{} }), rules.ProviderMissing},
		"no receiver":      {with(func(e *protocol.Event) { e.Receiver = protocol.AgentID{} }), rules.ReceiverMissing},
		"no quantity":      {with(func(e *protocol.Event) { e.EffortQuantity = nil }), rules.QuantityMissing},
		"zero":             {with(func(e *protocol.Event) { e.EffortQuantity.N = 0 }), rules.QuantityNotPositive},
		"negative":         {with(func(e *protocol.Event) { e.EffortQuantity.N = -1 }), rules.QuantityNotPositive},
		"no date":          {with(func(e *protocol.Event) { e.HasPointInTime = "yesterday" }), rules.BadTime},
		"end before start": {with(func(e *protocol.Event) { e.HasBeginning, e.HasEnd = "2026-02-02", "2026-02-01" }), rules.EndBeforeBeginning},
		"oneself":          {&protocol.Confirm{Target: own, Verdict: protocol.VerdictConfirm}, rules.SelfConfirmation},
		"no event":         {&protocol.Confirm{Target: commons.Me.EntryID, Verdict: protocol.VerdictConfirm}, rules.NotConfirmable},
		"charter log only": {&protocol.Admit{Log: commons.Me}, rules.CharterLogOnly},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ana.Submit(ctx, ledger.Draft{Commons: id, Body: c.body})
			if checked := ana.Check(ctx, ledger.Draft{Commons: id, Body: c.body}); checked == nil || checked.Error() != err.Error() {
				t.Errorf("Check says %v, Submit %v", checked, err)
			}
			var void *ledger.VoidError
			if !errors.As(err, &void) || void.Reason != c.want || !errors.Is(err, ledger.ErrInvalid) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	if _, err := ana.Submit(ctx, ledger.Draft{Commons: id, Body: &protocol.Confirm{
		Target: protocol.EntryID{1}, Verdict: protocol.VerdictConfirm,
	}}); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("a verdict on nothing: %v, want ErrNotFound", err)
	}
	if _, err := ana.Submit(ctx, ledger.Draft{Commons: id, Body: work(protocol.AgentID{EntryID: own}, id, 1)}); !errors.Is(err, ledger.ErrNotFound) {
		t.Errorf("an event of an unknown agent: %v, want ErrNotFound", err)
	}
	held, err := ana.CommonsByID(ctx, id)
	if err != nil || held.Void != 0 {
		t.Errorf("%d void entries, %v; want none written", held.Void, err)
	}
}

func TestOnceGivesTheFirstAnswer(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	ana := w.node()
	commons, err := ana.CreateCommons(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	d := ledger.Draft{
		Commons: commons.ID, Body: work(commons.Me.Agent(), commons.ID, 1),
		Once: &ledger.Once{Token: "owner", Key: "k", Request: [32]byte{1}},
	}
	first, err := ana.Submit(ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	ana.reopen()
	again, err := ana.Submit(ctx, d)
	if err != nil || again.Entry.ID() != first.Entry.ID() || !again.Repeated || again.State != ledger.Settled {
		t.Errorf("again: %v %v, %v; want the first answer", again.Entry.ID(), again.State, err)
	}
	other := *d.Once
	other.Request = [32]byte{2}
	d.Once = &other
	if _, err := ana.Submit(ctx, d); !errors.Is(err, ledger.ErrReused) {
		t.Errorf("another request under the key: %v, want ErrReused", err)
	}
	w.now = w.now.Add(8 * 24 * time.Hour)
	later, err := ana.Submit(ctx, d)
	if err != nil || later.Repeated {
		t.Errorf("after seven days: %v, %v; want a new entry", later.Repeated, err)
	}
}

func TestInvitationsEnd(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	ana := w.node()
	commons, err := ana.CreateCommons(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	id := commons.ID
	if _, err := ana.Invite(ctx, id, 1, w.now.Add(-time.Hour)); !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("an invitation into the past: %v, want ErrInvalid", err)
	}
	link, err := ana.Invite(ctx, id, 1, w.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	var logs []protocol.LogID
	both := []*node{w.node(), w.node()} // they come at the same time
	both[0].pull(ana, id)
	both[1].pull(ana, id)
	for i, n := range both {
		joined, err := n.Join(ctx, link, []string{"Beto", "Carla"}[i])
		if err != nil {
			t.Fatal(err)
		}
		logs = append(logs, joined.Entry.Log)
		ana.pull(n, id)
		if _, err := ana.Endorse(ctx); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range []int64{0, -1} {
		status, err := ana.Log(ctx, logs[i])
		if err != nil || status.Settled != want {
			t.Errorf("newcomer %d is settled up to %d, %v; want %d: the link has one use", i, status.Settled, err, want)
		}
	}
	late := w.node()
	late.pull(ana, id)
	before := late.digest(id)
	if _, err := late.Join(ctx, link, "Dora"); !errors.Is(err, ledger.ErrUsedUp) {
		t.Errorf("joining with a link that was used: %v, want ErrUsedUp", err)
	}
	if after := late.digest(id); after != before {
		t.Errorf("the digest went from %s to %s: something was written", before, after)
	}
	if _, err := both[0].Join(ctx, link, "Beto"); !errors.Is(err, ledger.ErrExists) {
		t.Errorf("joining again: %v, want ErrExists", err)
	}
	second, err := ana.Invite(ctx, id, 2, w.now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	ana.submit(id, &protocol.Confirm{Target: second.Invite, Verdict: protocol.VerdictWithdraw})
	late.pull(ana, id)
	if _, err := late.Join(ctx, second, "Dora"); !errors.Is(err, ledger.ErrWithdrawn) {
		t.Errorf("joining with a link that was withdrawn: %v, want ErrWithdrawn", err)
	}
	w.now = w.now.Add(2 * time.Hour)
	if _, err := late.Join(ctx, link, "Dora"); !errors.Is(err, ledger.ErrExpired) {
		t.Errorf("joining late: %v, want ErrExpired", err)
	}
	forged := link
	forged.Key = protocol.NewPrivateKey([32]byte{9})
	w.now = w.now.Add(-2 * time.Hour)
	if _, err := late.Join(ctx, forged, "Dora"); !errors.Is(err, ledger.ErrInvalid) {
		t.Errorf("joining with another key: %v, want ErrInvalid", err)
	}
}

func TestLessOnDiskThanWasWrittenIsRefused(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	ana := w.node()
	commons, err := ana.CreateCommons(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	if err := ana.Close(); err != nil {
		t.Fatal(err)
	}
	old := w.t.TempDir()
	if err := os.CopyFS(old, os.DirFS(ana.dir)); err != nil {
		t.Fatal(err)
	}
	ana.open()
	ana.submit(commons.ID, work(commons.Me.Agent(), commons.ID, 1))
	if err := ana.Close(); err != nil {
		t.Fatal(err)
	}
	high, err := os.ReadFile(filepath.Join(ana.dir, "high-water"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(old, "high-water"), high, 0o600); err != nil {
		t.Fatal(err)
	}
	restored := &node{w: w, dir: old, seed: ana.seed}
	if l, err := restored.tryOpen(); !errors.Is(err, ledger.ErrDamaged) {
		t.Errorf("an older database under the newer mark: %v, want ErrDamaged", err)
		if err == nil {
			_ = l.Close()
		}
	}
	ana.open()
}
