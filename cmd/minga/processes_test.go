package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

const history = "../../scripts/demo/contributions-hrea.csv"

// member is somebody with a node in a process of its own.
type member struct {
	t      *testing.T
	name   string
	listen string // the same after each start, as in real life
	*daemon
}

func newMember(t *testing.T, name string) *member {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen := fmt.Sprintf("/ip4/127.0.0.1/tcp/%d", free.Addr().(*net.TCPAddr).Port)
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	m := &member{t: t, name: name, listen: listen, daemon: &daemon{home: t.TempDir() + "/" + name}}
	m.start()
	t.Cleanup(func() {
		m.signal(syscall.SIGKILL)
		if text, err := os.ReadFile(m.log); err == nil && t.Failed() {
			t.Logf("%s said:\n%s", name, text)
		}
	})
	return m
}

func (m *member) start(args ...string) {
	m.t.Helper()
	d, err := startDaemon(m.home, os.Environ(), append([]string{"--listen", m.listen}, args...)...)
	if err != nil {
		m.t.Fatalf("%s: %v", m.name, err)
	}
	m.daemon = d
}

// ask runs a question against the member's node.
func ask[T any](m *member, question func(context.Context, *client.Client) (T, error)) T {
	m.t.Helper()
	c, err := m.client()
	if err != nil {
		m.t.Fatalf("%s: %v", m.name, err)
	}
	defer c.Close()
	ctx, stop := context.WithTimeout(m.t.Context(), patience)
	defer stop()
	answer, err := question(ctx, c)
	if err != nil {
		m.t.Fatalf("%s: %v", m.name, err)
	}
	return answer
}

func (m *member) imports(file string) api.ImportSummary {
	m.t.Helper()
	return ask(m, func(ctx context.Context, c *client.Client) (sum api.ImportSummary, err error) {
		f, err := os.Open(file)
		if err != nil {
			return sum, err
		}
		defer f.Close()
		for message, err := range c.Import(ctx, f, client.ImportQuery{}) {
			if err != nil {
				return sum, err
			}
			if message.Summary != nil {
				sum = *message.Summary
			}
		}
		return sum, nil
	})
}

func (m *member) works(n int) {
	m.t.Helper()
	for i := range n {
		ask(m, func(ctx context.Context, c *client.Client) (api.Written, error) {
			return c.AddEvent(ctx, api.EventDraft{
				Action: "work", ResourceConformsTo: "Garden", Note: fmt.Sprintf("row %d of %s", i, m.name),
				EffortQuantity: &api.Measure{HasNumericalValue: "1", HasUnit: "h"},
			}, client.Write{})
		})
	}
}

func (m *member) commons() api.CommonsStatus {
	m.t.Helper()
	all := ask(m, func(ctx context.Context, c *client.Client) ([]api.CommonsStatus, error) { return c.Commons(ctx) })
	if len(all) != 1 {
		m.t.Fatalf("%s holds %d commons", m.name, len(all))
	}
	return all[0]
}

// hours returns the hours in the garden of the member's balance for an agent.
func (m *member) hours(agent string) string {
	m.t.Helper()
	b := ask(m, func(ctx context.Context, c *client.Client) (api.Balance, error) { return c.Balance(ctx, "", agent) })
	for _, line := range b.Contributions {
		if line.Action == "work" && line.Resource == "Garden" {
			return line.Quantity
		}
	}
	return "0"
}

// agree waits until the members' nodes hold the same, and checks that no log
// has two histories and nothing waits.
func agree(t *testing.T, members ...*member) {
	t.Helper()
	var states []api.CommonsStatus
	same := until(patience, func() bool {
		states = nil
		for _, m := range members {
			states = append(states, m.commons())
		}
		for _, s := range states {
			if s.Digest != states[0].Digest || s.Entries != states[0].Entries || s.Waiting != 0 {
				return false
			}
		}
		return true
	})
	for i, s := range states {
		t.Logf("%s: %d entries in %d logs, digest %.16s", members[i].name, s.Entries, s.Logs, s.Digest)
		if s.Frozen != 0 || s.Void != 0 || s.Waiting != 0 {
			t.Errorf("%s: %d logs frozen, %d entries void, %d waiting", members[i].name, s.Frozen, s.Void, s.Waiting)
		}
	}
	if !same {
		t.Fatal("they do not agree")
	}
}

// found makes a commons of Ana's with Beto in it.
func found(t *testing.T) (ana, beto *member) {
	t.Helper()
	ana, beto = newMember(t, "Ana"), newMember(t, "Beto")
	ask(ana, func(ctx context.Context, c *client.Client) (api.CommonsWritten, error) {
		return c.CreateCommons(ctx, api.CommonsDraft{Name: "Huerta Norte", As: "Ana"}, client.Write{})
	})
	return ana, beto
}

func join(ana, beto *member) {
	ana.t.Helper()
	link := ask(ana, func(ctx context.Context, c *client.Client) (api.Invitation, error) {
		return c.Invite(ctx, api.InviteDraft{}, client.Write{})
	}).Link
	w := ask(beto, func(ctx context.Context, c *client.Client) (api.CommonsWritten, error) {
		return c.Join(ctx, api.JoinDraft{Link: link, As: "Beto"})
	})
	if w.HeldBy == 0 {
		ana.t.Error("Beto joined, and nobody holds it")
	}
}

// rows counts the rows of a history by agent, and by resource within.
func rows(t *testing.T, file string) map[string]map[string]int {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := map[string]int{}
	for i, name := range all[0] {
		column[name] = i
	}
	counts := map[string]map[string]int{}
	for _, row := range all[1:] {
		agent := row[column["agent"]]
		if counts[agent] == nil {
			counts[agent] = map[string]int{}
		}
		counts[agent][row[column["resource"]]]++
	}
	return counts
}

func TestTwoNodesHoldOneHistory(t *testing.T) {
	ana, beto := found(t)
	sum := ana.imports(history)
	if want := (api.ImportSummary{Schema: "minga.import/1", Lines: 2808, Written: 2808, Agents: 13}); sum != want {
		t.Errorf("the first import: %+v", sum)
	}
	join(ana, beto)
	agree(t, ana, beto)

	// Every contributor's total on Beto's node is that of the file.
	for agent, want := range rows(t, history) {
		balance := ask(beto, func(ctx context.Context, c *client.Client) (api.Balance, error) { return c.Balance(ctx, "", agent) })
		got := map[string]int{}
		for _, line := range balance.Contributions {
			n, err := strconv.Atoi(line.Quantity)
			if err != nil || line.Action != "produce" || line.Unit != "one" {
				t.Errorf("%s: %+v", agent, line)
			}
			got[line.Resource] = n
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", agent, diff)
		}
	}

	// The same file again changes nothing, on either node.
	before := ana.commons()
	for _, m := range []*member{ana, beto} {
		if sum := m.imports(history); sum.Repeated+sum.Elsewhere != 2808 || sum.Written != 0 || !sum.Complete() {
			t.Errorf("%s imports again: %+v", m.name, sum)
		}
	}
	agree(t, ana, beto)
	if after := ana.commons(); after.Digest != before.Digest || after.Entries != before.Entries {
		t.Error("importing again changed something")
	}
}

func TestNodesThatAreKilledCatchUp(t *testing.T) {
	ana, beto := found(t)
	join(ana, beto)
	written := map[*member]int{}
	write := func(m *member, n int) {
		m.works(n)
		written[m] += n
	}
	for range 3 {
		ana.signal(syscall.SIGKILL)
		write(beto, 20)
		ana.start()
		agree(t, ana, beto)
		write(ana, 20)
		beto.signal(syscall.SIGKILL)
		write(ana, 20)
		beto.start()
		agree(t, ana, beto)
	}
	for _, reader := range []*member{ana, beto} {
		for writer := range maps.Keys(written) {
			if got := reader.hours(writer.name); got != strconv.Itoa(written[writer]) {
				t.Errorf("%s knows of %s hours of %s's %d", reader.name, got, writer.name, written[writer])
			}
		}
	}
}

// TestNothingAcknowledgedIsLost kills a node in the middle of its writing and
// of its import, and looks for whatever it had answered.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	ana, beto := found(t)
	join(ana, beto)
	for range 3 {
		acknowledged := killWhileWriting(t, ana)
		ana.start()
		for _, id := range acknowledged {
			ask(ana, func(ctx context.Context, c *client.Client) (api.Event, error) { return c.Event(ctx, "", id) })
		}
		agree(t, ana, beto)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if c, err := ana.client(); err == nil {
			defer c.Close()
			if f, err := os.Open(history); err == nil {
				defer f.Close()
				for _, err := range c.Import(context.Background(), f, client.ImportQuery{}) {
					if err != nil {
						return
					}
				}
			}
		}
	}()
	until(patience, func() bool { return beto.commons().Entries > 1000 })
	ana.signal(syscall.SIGKILL)
	<-ended
	ana.start()
	if sum := ana.imports(history); !sum.Complete() || sum.Lines != 2808 || sum.Elsewhere != 0 {
		t.Errorf("the second import: %+v", sum)
	}
	agree(t, ana, beto)
	total := 0
	for agent := range rows(t, history) {
		list := ask(beto, func(ctx context.Context, c *client.Client) (int, error) {
			n := 0
			for _, err := range client.Every(func(cursor string) ([]api.Event, string, error) {
				page, err := c.Events(ctx, client.EventQuery{Page: client.Page{Limit: 1000, Cursor: cursor}, Agent: agent})
				return page.Events, page.Next, err
			}) {
				if err != nil {
					return n, err
				}
				n++
			}
			return n, nil
		})
		total += list
	}
	if total != 2808 {
		t.Errorf("Beto holds %d events of 2808", total)
	}
}

// killWhileWriting kills a member's node while four clients write, and returns
// what was acknowledged.
func killWhileWriting(t *testing.T, m *member) []string {
	t.Helper()
	ids := make(chan string, 4096)
	done := make(chan struct{})
	for range 4 {
		go func() {
			defer func() { done <- struct{}{} }()
			c, err := m.client()
			if err != nil {
				return
			}
			defer c.Close()
			for {
				w, err := c.AddEvent(context.Background(), api.EventDraft{
					Action: "work", ResourceConformsTo: "Garden", Note: strings.Repeat("n", 500),
					EffortQuantity: &api.Measure{HasNumericalValue: "1", HasUnit: "h"},
				}, client.Write{})
				if err != nil {
					return
				}
				ids <- w.ID
			}
		}()
	}
	until(patience, func() bool { return len(ids) >= 100 })
	m.signal(syscall.SIGKILL)
	for range 4 {
		<-done
	}
	close(ids)
	var all []string
	for id := range ids {
		all = append(all, id)
	}
	if len(all) < 100 {
		t.Fatalf("only %d writes were acknowledged", len(all))
	}
	return all
}
