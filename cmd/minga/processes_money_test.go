package main

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

// cooperative is a commons with a currency, of members with a node each: Ana, who
// founded it, Beto, Rosa and Eva.
type cooperative struct {
	t       *testing.T
	members []*member
}

func newCooperative(t *testing.T) *cooperative {
	t.Helper()
	c := &cooperative{t: t}
	for _, name := range []string{"Ana", "Beto", "Rosa", "Eva"} {
		c.members = append(c.members, newMember(t, name))
	}
	ana := c.members[0]
	ask(ana, func(ctx context.Context, c *client.Client) (api.CommonsWritten, error) {
		return c.CreateCommons(ctx, api.CommonsDraft{As: "Ana", Charter: api.CharterDocument{
			"name": "Huerta Norte", "currency": []any{map[string]any{"name": "hora", "kind": "mutual", "scale": 2, "limit": "50.00"}},
		}}, client.Write{})
	})
	link := ask(ana, func(ctx context.Context, c *client.Client) (api.Invitation, error) {
		return c.Invite(ctx, api.InviteDraft{Uses: 3}, client.Write{})
	}).Link
	for _, m := range c.members[1:] {
		ask(m, func(ctx context.Context, c *client.Client) (api.CommonsWritten, error) {
			return c.Join(ctx, api.JoinDraft{Link: link, As: m.name})
		})
	}
	agree(t, c.members...)
	return c
}

// pays returns the answer to a payment in hours.
func (m *member) pays(amount, to string) (api.Written, error) {
	c, err := m.client()
	if err != nil {
		return api.Written{}, err
	}
	defer c.Close()
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	return c.Transfer(ctx, api.TransferDraft{Amount: amount, Currency: "hora", To: to}, client.Write{})
}

// pay has a member pay another, and returns the payment's identifier.
func (c *cooperative) pay(from *member, amount, to string) string {
	c.t.Helper()
	w, err := from.pays(amount, to)
	if err != nil {
		c.t.Fatalf("%s pays %s: %v", from.name, to, err)
	}
	return w.ID
}

// hora is the account of an agent as a member's node sees it.
func (m *member) hora(agent string) api.AccountLine {
	m.t.Helper()
	b := ask(m, func(ctx context.Context, c *client.Client) (api.Balance, error) { return c.Balance(ctx, "", agent) })
	if len(b.Accounts) != 1 {
		m.t.Fatalf("%s sees accounts %+v of %s", m.name, b.Accounts, agent)
	}
	return b.Accounts[0]
}

// statement returns the states of the payments on an agent's account.
func (m *member) statement(agent string) map[string]string {
	m.t.Helper()
	states := map[string]string{}
	s := ask(m, func(ctx context.Context, c *client.Client) (api.Statement, error) {
		return c.Statement(ctx, client.StatementQuery{Agent: agent, Page: client.Page{Limit: 1000}})
	})
	for _, line := range s.Lines {
		states[line.ID] = line.State
	}
	return states
}

// await waits until a payment to somebody has a state on the nodes of members.
func (c *cooperative) await(state, id, payee string, members ...*member) {
	c.t.Helper()
	for _, m := range members {
		last := ""
		if !until(patience, func() bool { last = m.statement(payee)[id]; return last == state }) {
			c.t.Fatalf("%s sees the payment to %s as %q, want %s", m.name, payee, last, state)
		}
	}
}

// balanced checks that every member sees the same accounts, that they sum to
// zero, and that nothing is wrong.
func (c *cooperative) balanced(members ...*member) map[string]string {
	c.t.Helper()
	agree(c.t, members...)
	settled := map[string]string{}
	for i, m := range members {
		for _, agent := range []string{"Ana", "Beto", "Rosa", "Eva"} {
			line := m.hora(agent)
			if i == 0 {
				settled[agent] = line.Settled
			}
			if line.Settled != settled[agent] {
				c.t.Errorf("%s sees %s of %s, another node %s", m.name, line.Settled, agent, settled[agent])
			}
		}
		audit := ask(m, func(ctx context.Context, c *client.Client) (api.Audit, error) { return c.Audit(ctx, "") })
		if want := []api.AuditSum{{Currency: "hora", Sum: "0.00", Settled: "0.00"}}; !audit.OK || !cmp.Equal(want, audit.Sums) {
			c.t.Errorf("%s: %+v", m.name, audit)
		}
	}
	return settled
}

// ring has all members pay the next one at the same time, and waits until
// everybody sees that settled.
func (c *cooperative) ring() {
	c.t.Helper()
	type answer struct {
		id, to string
		err    error
	}
	answers := make(chan answer, len(c.members))
	for i, m := range c.members {
		amount := []string{"12.50", "13.50", "14.50", "15.50"}[i]
		to := c.members[(i+1)%len(c.members)].name
		go func() {
			w, err := m.pays(amount, to)
			answers <- answer{w.ID, to, err}
		}()
	}
	for range c.members {
		a := <-answers
		if a.err != nil {
			c.t.Fatal(a.err)
		}
		c.await("settled", a.id, a.to, c.members...)
	}
}

// grow makes all members witnesses, of whom one may lie, while payments go on.
func (c *cooperative) grow() {
	c.t.Helper()
	ana, beto := c.members[0], c.members[1]
	ask(ana, func(ctx context.Context, c *client.Client) (api.Written, error) {
		return c.ChangeWitnesses(ctx, "", api.WitnessesDraft{Members: []string{"Ana", "Beto", "Rosa", "Eva"}})
	})
	paid := []string{c.pay(ana, "1", "Beto")}
	for _, m := range c.members[1:] {
		var set *api.WitnessSet
		until(patience, func() bool {
			set = ask(m, func(ctx context.Context, c *client.Client) (api.Inbox, error) { return c.Inbox(ctx, "") }).ToServe
			return set != nil
		})
		if set == nil {
			c.t.Fatalf("%s is never asked to serve", m.name)
		}
		ask(m, func(ctx context.Context, c *client.Client) (api.Written, error) {
			return c.Confirm(ctx, api.ConfirmationDraft{Target: set.ID, Verdict: "confirm"}, client.Write{})
		})
		paid = append(paid, c.pay(ana, "1", "Beto"))
	}
	for _, m := range c.members {
		var w api.Witnesses
		until(patience, func() bool {
			w = ask(m, func(ctx context.Context, c *client.Client) (api.Witnesses, error) { return c.Witnesses(ctx, "") })
			return w.Current.F == 1 && !w.Closing && w.Next == nil
		})
		if len(w.Current.Members) != 4 || w.Current.Quorum != 3 || w.Closing {
			c.t.Fatalf("%s: %+v", m.name, w)
		}
	}
	for _, id := range paid {
		c.await("settled", id, "Beto", ana, beto)
	}
}

// TestFourMembersPayEachOther is the story of a cooperative: its members pay each
// other, all at once; its witness grows to four, and it bears the loss of one of
// them; in the end somebody's home is copied, and the copy spends the same money.
func TestFourMembersPayEachOther(t *testing.T) {
	c := newCooperative(t)
	ana, beto, rosa, eva := c.members[0], c.members[1], c.members[2], c.members[3]

	c.ring()
	want := map[string]string{"Ana": "3.00", "Beto": "-1.00", "Rosa": "-1.00", "Eva": "-1.00"}
	if diff := cmp.Diff(want, c.balanced(c.members...)); diff != "" {
		t.Fatal(diff)
	}

	// What goes beyond the limit is refused with its figures, and leaves no debit.
	before := beto.statement("")
	_, err := beto.pays("49.01", "Rosa")
	var problem *api.Problem
	if !errors.As(err, &problem) || problem.Code != api.CodeOverdraft || problem.Available != "49.00" || problem.Limit != "50.00" {
		t.Errorf("an overdraft: %v, want it refused with its figures", err)
	}
	if diff := cmp.Diff(before, beto.statement("")); diff != "" {
		t.Errorf("the overdraft left something: %s", diff)
	}

	c.grow()

	// With one witness down payments settle, with two they wait until one returns.
	eva.signal(syscall.SIGTERM)
	c.await("settled", c.pay(ana, "2", "Beto"), "Beto", ana, beto, rosa)
	rosa.signal(syscall.SIGTERM)
	first, second := c.pay(ana, "3", "Beto"), c.pay(beto, "4", "Ana")
	c.await("pending", first, "Beto", ana, beto)
	c.await("pending", second, "Ana", ana, beto)
	rosa.start()
	c.await("settled", first, "Beto", ana, beto, rosa)
	c.await("settled", second, "Ana", ana, beto, rosa)
	eva.start()
	c.balanced(c.members...)

	forkAndMeet(t, c)
}

// forkAndMeet copies Eva's home while all nodes are down. Eva and the copy spend
// all that they can, apart, and meet the others then.
func forkAndMeet(t *testing.T, c *cooperative) {
	t.Helper()
	ana, eva := c.members[0], c.members[3]
	for _, m := range c.members {
		m.signal(syscall.SIGTERM)
	}
	twin := newMember(t, "twin")
	twin.signal(syscall.SIGTERM)
	if err := os.RemoveAll(twin.home); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(twin.home, os.DirFS(eva.home)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		os.Remove(filepath.Join(twin.home, "peer.key")), os.Chmod(filepath.Join(twin.home, "identity"), 0o600),
		os.Chmod(filepath.Join(twin.home, "token"), 0o600),
	); err != nil {
		t.Fatal(err)
	}
	eva.start()
	twin.start("--write-without-peers") // it would ask first, being a copy
	all := eva.hora("").Available
	spent := map[string]string{c.pay(eva, all, "Ana"): "Ana", c.pay(twin, all, "Beto"): "Beto"}

	everybody := append(slices.Clone(c.members), twin)
	for _, m := range c.members[:3] {
		m.start()
	}
	seen := map[*member]map[string]bool{} // payments that a node has shown as settled
	watch := func(m *member) (count int) {
		if seen[m] == nil {
			seen[m] = map[string]bool{}
		}
		now := map[string]string{}
		for _, payee := range []string{"Ana", "Beto"} {
			maps.Copy(now, m.statement(payee))
		}
		for id := range seen[m] {
			if now[id] != "settled" {
				t.Fatalf("%s has shown %s as settled, and now as %q", m.name, id, now[id])
			}
		}
		for id, state := range now {
			if state == "settled" {
				seen[m][id] = true
			}
		}
		for id := range spent {
			if seen[m][id] {
				count++
			}
		}
		return count
	}
	var states []api.CommonsStatus
	var counts []int
	met := until(patience, func() bool {
		states, counts = nil, nil
		for _, m := range everybody {
			counts = append(counts, watch(m))
			states = append(states, m.commons())
		}
		for i, s := range states {
			decided := counts[i] > 0 || s.Frozen > 0
			if len(s.Forks) != 1 || s.Digest != states[0].Digest || !decided {
				return false
			}
		}
		return true
	})
	for i, s := range states {
		t.Logf("%s: %d of both payments settled, %d logs frozen, forks %+v", everybody[i].name, counts[i], s.Frozen, s.Forks)
		switch {
		case !met:
		case counts[i] != counts[0] || counts[i] > 1:
			t.Errorf("%s has settled %d of the two payments, %s %d", everybody[i].name, counts[i], ana.name, counts[0])
		case s.Forks[0].Agent.Name != "Eva" || s.Forks[0].Means == "":
			t.Errorf("%s does not say who forked and what it means: %+v", everybody[i].name, s.Forks)
		case !slices.Equal(s.Forks[0].Entries, states[0].Forks[0].Entries):
			t.Errorf("%s has another proof: %v", everybody[i].name, s.Forks[0].Entries)
		}
	}
	if !met {
		t.Fatal("they do not agree")
	}
	for _, m := range everybody {
		audit := ask(m, func(ctx context.Context, c *client.Client) (api.Audit, error) { return c.Audit(ctx, "") })
		if !audit.OK || !cmp.Equal([]api.AuditSum{{Currency: "hora", Sum: "0.00", Settled: "0.00"}}, audit.Sums) {
			t.Errorf("%s: %+v", m.name, audit)
		}
	}
}
