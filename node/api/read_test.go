package api_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

func TestStatus(t *testing.T) {
	n := start(t, nil)
	got, err := n.client(api.RoleMember).Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := n.ledger.commons[0]
	want := api.Status{
		Schema: "minga.status/1",
		Node:   api.NodeStatus{Version: "test", Peer: "12D3KooWself", Journal: "cd" + strings.Repeat("00", 15), Peers: 1},
		Commons: []api.CommonsStatus{{
			ID: c.ID.String(), Name: "Huerta Norte", Digest: "ab" + strings.Repeat("00", 31), Entries: 2, Logs: 2, Charter: 1,
			Membership: "settled", Me: &api.AgentRef{ID: c.Me.String(), Name: "Ana"}, Witnesses: 1, SettledBy: "settled by one operator",
		}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	r := n.do(call{path: "/v1/status?lang=es", role: api.RoleMember})
	if !strings.Contains(r.body, "asentado por un solo operador") {
		t.Error(r.body)
	}
	for _, c := range []struct {
		writing ledger.Writing
		silent  bool
		notice  string
	}{
		{ledger.WritingOpen, false, ""},
		{ledger.WritingAsking, true, "asking peers for its own log"},
		{ledger.WritingRefused, true, "its files are a copy, and no peer"},
		{ledger.WritingOpen, true, "silent witness"},
	} {
		n.ledger.commons[0].Writing, n.ledger.commons[0].Silent = c.writing, c.silent
		got, err := n.client(api.RoleMember).Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if s := got.Commons[0]; s.Writing != string(c.writing) || s.Silent != c.silent ||
			!strings.Contains(s.Notice, c.notice) || (s.Notice == "") != (c.notice == "") {
			t.Errorf("%+v: %+v", c, s)
		}
	}
	n.ledger.commons = nil
	if got, err := n.client(api.RoleMember).Status(t.Context()); err != nil || got.Commons == nil || len(got.Commons) != 0 {
		t.Errorf("without a commons: %+v %v", got, err)
	}
}

func TestBalance(t *testing.T) {
	n := start(t, nil)
	n.ledger.sheet = ledger.Sheet{Contributions: []ledger.Contribution{{Action: "work", Resource: "Huerta", Unit: "hour", Events: 3}}}
	want := []api.Contribution{{Action: "work", Resource: "Huerta", Unit: "hour", Quantity: "0", Confirmed: "0", Pending: "0", Events: 3}}
	for _, agent := range []string{"Ana", n.ledger.agents[1].ID.String(), ""} {
		got, err := n.client(api.RoleMember).Balance(t.Context(), "", agent)
		if err != nil || got.Agent.Name != "Ana" {
			t.Fatalf("%+v %v", got, err)
		}
		if d := cmp.Diff(want, got.Contributions); d != "" {
			t.Error(d)
		}
	}
	r := n.do(call{path: "/v1/balances/Jos%C3%A9", role: api.RoleMember}).ok(t, 200)
	if !strings.Contains(r.body, `"José"`) {
		t.Error(r.body)
	}
	n.ledger.commons[0].Me = protocol.LogID{}
	n.do(call{path: "/v1/balances", role: api.RoleMember}).want(t, 422, api.CodeBadParameter)
}

// Every page links to the next, and all of them together are the list.
func TestPages(t *testing.T) {
	n := start(t, nil)
	var names []string
	path := "/v1/agents?limit=2&lang=en"
	for path != "" {
		r := n.do(call{path: path, role: api.RoleMember}).ok(t, 200)
		for _, part := range strings.Split(r.body, `"name":"`)[1:] {
			names = append(names, part[:strings.IndexByte(part, '"')])
		}
		link := r.header.Get("Link")
		if path = ""; link != "" {
			path = link[strings.IndexByte(link, '<')+1 : strings.IndexByte(link, '>')]
		}
	}
	want := []string{"Huerta Norte", "Ana", "Rosa", "Rosa", "José"}
	if d := cmp.Diff(want, names); d != "" {
		t.Error(d)
	}
	c, count := n.client(api.RoleMember), 0
	all := client.Every(func(cursor string) ([]api.Agent, string, error) {
		list, err := c.Agents(t.Context(), client.Page{Limit: 2, Cursor: cursor})
		return list.Agents, list.Next, err
	})
	for a, err := range all {
		if err != nil || a.ID == "" {
			t.Error(a, err)
		}
		count++
	}
	if count != len(want) {
		t.Errorf("%d agents", count)
	}
	n.do(call{path: "/v1/agents?cursor=zzz", role: api.RoleMember}).want(t, 422, api.CodeBadParameter)
}

func TestEntriesInThreeForms(t *testing.T) {
	n := start(t, nil)
	c, ctx := n.client(api.RoleMember), t.Context()
	written, err := c.AddEvent(ctx, api.EventDraft{
		Action: "work", EffortQuantity: &api.Measure{HasNumericalValue: "2.50", HasUnit: "horas"}, Ext: map[string]string{"a": "<b>"},
	}, client.Write{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := c.Entry(ctx, "", written.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"action": "work", "provider": n.ledger.agents[1].ID.String(), "receiver": n.ledger.id().String(),
		"effortQuantity": map[string]any{"hasNumericalValue": "2.50", "hasUnit": "hour"},
		"ext":            map[string]any{"a": "<b>"},
	}
	if d := cmp.Diff(want, e.Body); d != "" {
		t.Error(d)
	}
	if e.Kind != "event" || e.Log != n.ledger.commons[0].Me.String() || e.Time != "2026-03-01T10:00:00.000Z" || e.State != "settled" {
		t.Errorf("%+v", e)
	}
	block, err := c.Block(ctx, "", written.ID)
	if err != nil || protocol.Identify(block).String() != written.ID {
		t.Errorf("block: %v", err)
	}
	text, err := c.DagJSON(ctx, "", written.ID[:30])
	if err != nil || !strings.Contains(string(text), `"log":{"/":"`+e.Log+`"}`) || strings.HasSuffix(string(text), "\n") {
		t.Errorf("dag-json: %s %v", text, err)
	}
	inception, err := c.Entry(ctx, "", n.ledger.commons[0].Me.String())
	if err != nil || inception.Kind != "inception" || inception.Body["threshold"] != float64(1) || inception.Body["kind"] != nil {
		t.Errorf("%+v %v", inception, err)
	}
	dag, err := c.DagJSON(ctx, "", n.ledger.commons[0].Me.String())
	if err != nil || !strings.Contains(string(dag), `{"/":{"bytes":"`) {
		t.Errorf("dag-json: %s %v", dag, err)
	}
	for accept, want := range map[string]string{
		"": "application/json", "*/*": "application/json", "text/html": "application/json",
		"application/vnd.ipld.raw": "application/vnd.ipld.raw", "text/html, application/vnd.ipld.raw;q=0.5": "application/vnd.ipld.raw",
	} {
		r := n.do(call{path: "/v1/entries/" + written.ID, role: api.RoleMember, header: map[string]string{"Accept": accept}}).ok(t, 200)
		if got := r.header.Get("Content-Type"); got != want {
			t.Errorf("Accept %q: %s", accept, got)
		}
	}
	r := n.do(call{path: "/v1/entries/bafyreinothing", role: api.RoleMember, header: map[string]string{"Accept": api.MediaRaw}})
	r.want(t, 404, api.CodeNotFound)
}

func TestEntriesOfALog(t *testing.T) {
	n := start(t, nil)
	c, ctx := n.client(api.RoleMember), t.Context()
	for range 4 {
		if _, err := c.AddEvent(ctx, api.EventDraft{Action: "work"}, client.Write{}); err != nil {
			t.Fatal(err)
		}
	}
	read := func(q client.EntryQuery) (seqs []int64) {
		q.Log = "Ana"
		for e, err := range client.Every(func(cursor string) ([]api.Entry, string, error) {
			q.Cursor = cursor
			list, err := c.Entries(ctx, q)
			return list.Entries, list.Next, err
		}) {
			if err != nil {
				t.Fatal(err)
			}
			seqs = append(seqs, e.Seq)
		}
		return seqs
	}
	to := int64(3)
	if d := cmp.Diff([]int64{0, 1, 2, 3, 4}, read(client.EntryQuery{Page: client.Page{Limit: 2}})); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int64{2, 3}, read(client.EntryQuery{From: 2, To: &to, Page: client.Page{Limit: 1}})); d != "" {
		t.Error(d)
	}
}

// Everything that an event may say comes back as it was said.
func TestEventsComeBack(t *testing.T) {
	n := start(t, nil)
	c, ctx := n.client(api.RoleMember), t.Context()
	ref := protocol.EntryID{5}.String()
	one := &api.Measure{HasNumericalValue: "1", HasUnit: "one"}
	resource := &api.NewResourceDraft{
		Name: "Pala", ConformsTo: "herramienta", ClassifiedAs: []string{"a"}, TrackingIdentifier: "7", Lot: ref, Image: "https://x.example/i",
		Note: "n", Stage: "s", State: "ok", UnitOfEffort: "hour", CurrentLocation: ref, ContainedIn: ref,
		PrimaryAccountable: n.ledger.agents[4].ID.String(),
	}
	d := api.EventDraft{
		Action: "produce", Provider: "José", Receiver: "Huerta Norte", InputOf: ref, OutputOf: ref,
		ResourceInventoriedAs: ref, ToResourceInventoriedAs: ref, NewInventoriedResource: resource,
		ResourceConformsTo: "tomate", ResourceClassifiedAs: []string{"b"}, ResourceQuantity: one, EffortQuantity: one,
		HasPointInTime: "2026-02-01", HasBeginning: "2026-02-01T00:00:00Z", HasEnd: "2026-02-01T01:00:00-05:00",
		AtLocation: ref, ToLocation: ref, Note: "¡hola!", Stage: "st", State: "su", InScopeOf: []string{"Ana"},
		AgreedIn: "https://x.example/a", RealizationOf: ref, Fulfills: []string{ref}, Satisfies: []string{ref},
		Settles: []string{ref}, Corrects: ref, TriggeredBy: ref, PreviousEvent: []string{ref}, Source: "k", Ext: map[string]string{"x": "y"},
	}
	w, err := c.AddEvent(ctx, d, client.Write{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Event(ctx, "", w.ID[:20])
	if err != nil {
		t.Fatal(err)
	}
	jose, ana := n.ledger.agents[4].ID.String(), n.ledger.agents[1].ID.String()
	want := api.Event{
		Schema: "minga.event/1", ID: w.ID, Author: api.AgentRef{ID: ana, Name: "Ana"},
		Entry:  api.EventEntry{State: "settled", Log: ana, Seq: 1, Time: "2026-03-01T10:00:00.000Z"},
		Action: "produce", Provider: &api.AgentRef{ID: jose, Name: "José"},
		Receiver: &api.AgentRef{ID: n.ledger.id().String(), Name: "Huerta Norte"}, InputOf: ref, OutputOf: ref,
		ResourceInventoriedAs: ref, ToResourceInventoriedAs: ref, NewInventoriedResource: resource,
		ResourceConformsTo: "tomate", ResourceClassifiedAs: []string{"b"}, ResourceQuantity: one, EffortQuantity: one,
		HasPointInTime: d.HasPointInTime, HasBeginning: d.HasBeginning, HasEnd: d.HasEnd, AtLocation: ref, ToLocation: ref,
		Note: d.Note, Stage: "st", State: "su", InScopeOf: []api.AgentRef{{ID: ana, Name: "Ana"}}, AgreedIn: d.AgreedIn,
		RealizationOf: ref, Fulfills: []string{ref}, Satisfies: []string{ref}, Settles: []string{ref}, Corrects: ref,
		TriggeredBy: ref, PreviousEvent: []string{ref}, Source: "k", Ext: map[string]any{"x": "y"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	list, err := c.Events(ctx, client.EventQuery{Agent: "José", Action: "produce"})
	if err != nil || len(list.Events) != 1 {
		t.Errorf("%+v %v", list, err)
	}
}

func TestWhichCommons(t *testing.T) {
	n := start(t, nil)
	second := n.ledger.commons[0]
	second.ID.EntryID[0]++
	second.Name, second.Me = "huerta norte", protocol.LogID{}
	n.ledger.commons = append(n.ledger.commons, second)
	get := func(named string) reply {
		return n.do(call{path: "/v1/agents?commons=" + strings.ReplaceAll(named, " ", "%20"), role: api.RoleMember})
	}
	get("Huerta Norte").ok(t, 200)
	get("huerta norte").ok(t, 200)
	get(second.ID.String()).ok(t, 200)
	get(second.ID.String()[:40]).ok(t, 200)
	get("").ok(t, 200) // the only one of which this node is a member
	if p := get("HUERTA NORTE").want(t, 409, api.CodeAmbiguous); len(p.Candidates) != 2 || p.Candidates[0].Kind != "commons" {
		t.Errorf("%+v", p.Candidates)
	}
	get("bafy").want(t, 404, api.CodeUnknownCommons)
	n.ledger.commons[0].Me = protocol.LogID{}
	if p := get("").want(t, 422, api.CodeWhichCommons); len(p.Candidates) != 2 {
		t.Errorf("%+v", p.Candidates)
	}
}

func TestClientWithoutANode(t *testing.T) {
	home := t.TempDir()
	if _, err := client.New(client.Options{Home: home}); !errors.Is(err, client.ErrUnreachable) {
		t.Errorf("an empty home: %v", err)
	}
	a := client.Address{Socket: filepath.Join(home, "api.sock"), URL: "http://127.0.0.1:1"}
	if err := client.WriteAddress(home, a); err != nil {
		t.Fatal(err)
	}
	if got, err := client.ReadAddress(home); err != nil || got != a {
		t.Errorf("%+v %v", got, err)
	}
	c, err := client.New(client.Options{Home: home})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Status(t.Context()); !errors.Is(err, client.ErrUnreachable) {
		t.Errorf("a node that is gone: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := c.Status(ctx); !errors.Is(err, context.Canceled) || errors.Is(err, client.ErrUnreachable) {
		t.Errorf("interrupted: %v", err)
	}
	for range 2 {
		if err := client.RemoveAddress(home); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"127.0.0.1:8747", "ftp://x", "http://", ":"} {
		if _, err := client.New(client.Options{URL: bad}); err == nil {
			t.Errorf("%q was taken for an address", bad)
		}
	}
}

// Where the socket is gone, the client takes the address with the owner's token.
func TestClientFallsBackToTheToken(t *testing.T) {
	n := start(t, nil)
	home := t.TempDir()
	if err := client.WriteAddress(home, client.Address{Socket: filepath.Join(home, "gone.sock"), URL: n.url}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "token"), []byte(n.tokens[api.RoleOwner]+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := client.New(client.Options{Home: home, Language: "es"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := errors.Join(c.Healthy(t.Context()), c.Ready(t.Context())); err != nil {
		t.Error(err)
	}
	_, err = c.Agent(t.Context(), "", "Nadie")
	var p *api.Problem
	if !errors.As(err, &p) || p.Code != api.CodeNotFound || !strings.Contains(err.Error(), "Este nodo no tiene nada") {
		t.Error(err)
	}
}
