package node

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

// settler is a running node, and what its member is.
type settler struct {
	*node
	log protocol.LogID
}

// witnesses starts the nodes, and has their members join, and become witnesses.
func witnesses(t testing.TB, count, f int, limit string) ([]*settler, protocol.CommonsID) {
	t.Helper()
	ctx := t.Context()
	var nodes []*settler
	for range count {
		nodes = append(nodes, &settler{node: running(t)})
	}
	founder := nodes[0]
	c, err := founder.ledger.CreateCommonsFrom(ctx, map[string]protocol.Value{
		"name": "Huerta Norte",
		"currency": []protocol.Value{
			map[string]protocol.Value{"name": "hora", "kind": "mutual", "scale": int64(2), "limit": limit},
		},
	}, "member-0")
	if err != nil {
		t.Fatal(err)
	}
	founder.log = c.Me
	founder.drive.poke()
	members := []protocol.LogID{c.Me}
	for i, n := range nodes[1:] {
		asks := ready(t, founder.config.Home)
		invitation, err := asks.Invite(ctx, api.InviteDraft{}, client.Write{})
		asks.Close()
		if err != nil {
			t.Fatal(err)
		}
		joins := ready(t, n.config.Home)
		_, err = joins.Join(ctx, api.JoinDraft{Link: invitation.Link, As: fmt.Sprint("member-", i+1)})
		joins.Close()
		if err != nil {
			t.Fatal(err)
		}
		for other := range nodes[:i+1] {
			for _, addr := range nodes[other].host.Addrs() {
				if _, err := n.network.Connect(ctx, addr); err != nil {
					t.Fatal(err)
				}
			}
		}
		own, err := n.ledger.CommonsByID(ctx, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		n.log = own.Me
		members = append(members, own.Me)
	}
	for _, n := range nodes {
		until(t, n, func() bool {
			return !slices.ContainsFunc(members, func(m protocol.LogID) bool { return settledUpTo(t, n, m) < 0 })
		})
	}
	change, err := founder.ledger.ChangeWitnesses(ctx, c.ID, members, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes[1:] {
		until(t, n, func() bool {
			_, err := n.ledger.Entry(ctx, change.Written.Entry.ID())
			return err == nil
		})
		_, err := n.ledger.Submit(ctx, ledger.Draft{Commons: c.ID, Body: &protocol.Confirm{
			Target: change.Written.Entry.ID(), Verdict: protocol.VerdictConfirm,
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range nodes {
		until(t, n, func() bool {
			now, err := n.ledger.CommonsByID(ctx, c.ID)
			return err == nil && len(now.Witnesses) == count
		})
	}
	// The first payments settle only when the closes do.
	for i := range nodes {
		w, err := nodes[i].ledger.Submit(ctx, payment(nodes, c.ID, i, 1))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range nodes {
			until(t, n, func() bool { return settledUpTo(t, n, nodes[i].log) >= w.Entry.Seq })
		}
	}
	return nodes, c.ID
}

// running starts a node, and ends it with the benchmark.
func running(t testing.TB) *node {
	t.Helper()
	config := localConfig(t.TempDir())
	home, err := openHome(config.Home)
	if err != nil {
		t.Fatal(err)
	}
	n := &node{config: config, log: slog.New(slog.DiscardHandler), home: home, drive: newDriver()}
	if err := n.open(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(n.serve(ctx), n.close(), home.close()) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return n
}

// until waits for something that the ledger of a node comes to hold.
func until(t testing.TB, n *settler, holds func() bool) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), patience)
	defer stop()
	from := n.ledger.Position()
	if holds() {
		return
	}
	for _, err := range n.ledger.Watch(ctx, from) {
		if err != nil {
			t.Fatal("what should happen does not: ", err)
		}
		if holds() {
			return
		}
	}
	t.Fatal("what should happen does not")
}

// settledUpTo returns up to where a node holds a log as settled.
func settledUpTo(t testing.TB, n *settler, log protocol.LogID) int64 {
	status, err := n.ledger.Log(t.Context(), log)
	if errors.Is(err, ledger.ErrNotFound) {
		return -1
	}
	if err != nil {
		t.Error(err)
	}
	return status.Settled
}

// payment is one by the member of a node to the next.
func payment(nodes []*settler, id protocol.CommonsID, from int, cents int64) ledger.Draft {
	return ledger.Draft{Commons: id, Body: &protocol.Event{
		Action: "transfer", Provider: nodes[from].log.Agent(), Receiver: nodes[(from+1)%len(nodes)].log.Agent(),
		Currency: "hora", ResourceQuantity: &protocol.Quantity{N: cents, Scale: 2, Unit: "one"},
	}}
}
