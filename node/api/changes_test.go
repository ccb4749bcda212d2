package api_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
)

// stream reads server-sent events by hand: one line each, "event id position".
type stream struct {
	t     *testing.T
	lines *bufio.Scanner
	body  func() error
}

func (n *node) follow(query, lastID string) *stream {
	n.t.Helper()
	r, err := http.NewRequestWithContext(n.t.Context(), "GET", n.url+"/v1/changes"+query, nil)
	if err != nil {
		n.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+n.tokens[api.RoleResearcher])
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		n.t.Fatal(err)
	}
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/event-stream" {
		n.t.Fatalf("%d %s", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	n.t.Cleanup(func() { answer.Body.Close() })
	return &stream{n.t, bufio.NewScanner(answer.Body), answer.Body.Close}
}

// next returns the next message, without heartbeats unless they are first.
func (s *stream) next() string {
	s.t.Helper()
	var event, id, data string
	for s.lines.Scan() {
		switch name, value, _ := strings.Cut(s.lines.Text(), ": "); name {
		case "event":
			event = value
		case "id":
			id = value
		case "data":
			data = value
		case "":
			if !strings.Contains(data, `"schema":"minga.`+event+`/1"`) {
				s.t.Errorf("%s: %s", event, data)
			}
			return event + " " + id
		}
	}
	return "end"
}

func (s *stream) want(messages ...string) {
	s.t.Helper()
	for _, want := range messages {
		if got := s.next(); got != want {
			s.t.Fatalf("got %q, want %q", got, want)
		}
	}
}

func TestChangesAreReplayed(t *testing.T) {
	n := start(t, nil)
	n.ledger.arrive(3, true)
	n.follow("?after=0", "").want("heartbeat ", "change 1", "change 2", "change 3")
	s := n.follow("", "1")
	s.want("heartbeat 1", "change 2", "change 3")
	now := n.follow("", "")
	now.want("heartbeat 3")
	n.ledger.arrive(4, true)
	now.want("change 4")
	s.want("change 4")
	// The place where the browser ended goes before the one in the address.
	n.follow("?after=0", "3").want("heartbeat 3", "change 4")
}

// A position that was told must stay what it was: what a power cut may take
// back is not told.
func TestChangesWaitUntilTheyAreDurable(t *testing.T) {
	n := start(t, nil)
	n.ledger.arrive(1, true)
	s := n.follow("?after=0", "")
	s.want("heartbeat ", "change 1")
	n.ledger.arrive(3, false)
	n.follow("", "3").want("resync 1") // 3 was never told
	n.ledger.mu.Lock()
	n.ledger.durable = 2
	n.ledger.mu.Unlock()
	s.want("change 2")
	n.ledger.arrive(4, true)
	s.want("change 3", "change 4")
}

func TestChangesResync(t *testing.T) {
	n := start(t, nil)
	n.ledger.arrive(2, true)
	s := n.follow("", "99")
	s.want("resync 2")
	n.ledger.arrive(3, true)
	s.want("change 3")
	other := strings.Repeat("00", 16)
	n.follow("?after=1&journal="+other, "").want("resync 3")
	same := "cd" + strings.Repeat("00", 15)
	n.follow("?after=2&journal="+same, "").want("heartbeat 2", "change 3")
}

func TestChangesOfOneCommons(t *testing.T) {
	n := start(t, nil)
	n.ledger.arrive(2, true)
	n.ledger.mu.Lock()
	n.ledger.changes[0].Commons.EntryID[0]++
	n.ledger.mu.Unlock()
	n.follow("?after=0&commons=Huerta%20Norte", "").want("heartbeat ", "change 2")
}

func TestChangesBeat(t *testing.T) {
	n := start(t, func(o *api.Options) { o.Heartbeat = time.Millisecond })
	n.ledger.arrive(2, true)
	n.follow("", "").want("heartbeat 2", "heartbeat 2", "heartbeat 2")
}

func TestChangesAreBounded(t *testing.T) {
	n := start(t, func(o *api.Options) { o.MaxStreams = 1 })
	s := n.follow("", "")
	s.want("heartbeat ")
	n.do(call{path: "/v1/changes", role: api.RoleOwner}).want(t, 503, api.CodeTooMany)
	if err := s.body(); err != nil {
		t.Fatal(err)
	}
	for n.do(call{path: "/v1/changes?x=1", role: api.RoleOwner}).status == 503 {
		// The place is free as soon as the server sees that the reader has gone.
	}
	n.follow("", "").want("heartbeat ")
}

func TestShutdownEndsStreams(t *testing.T) {
	n := start(t, nil)
	s := n.follow("", "")
	s.want("heartbeat ")
	ctx, stop := context.WithTimeout(t.Context(), 5*time.Second)
	defer stop()
	if err := n.server.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	s.want("end")
	if err := n.client(api.RoleOwner).Healthy(t.Context()); !errors.Is(err, client.ErrUnreachable) {
		t.Errorf("after the end: %v", err)
	}
}

// A connection that was opened in advance does not hold up the end.
func TestShutdownDoesNotWaitForTheSilent(t *testing.T) {
	n := start(t, nil)
	silent, err := net.Dial("tcp", n.host)
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	n.do(call{path: "/healthz"}).ok(t, 200)
	began := time.Now()
	if err := n.server.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestClientFollowsChanges(t *testing.T) {
	n := start(t, nil)
	n.ledger.arrive(2, true)
	after := uint64(0)
	var got []string
	for m, err := range n.client(api.RoleMember).Changes(t.Context(), client.ChangesQuery{After: &after}) {
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case m.Change != nil:
			got = append(got, fmt.Sprint(m.Change.Position, m.Change.Last))
		case m.Heartbeat != nil:
			got = append(got, "beat")
		}
		if len(got) == 3 {
			break
		}
	}
	if want := "beat,1 1,2 2"; strings.Join(got, ",") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	for _, err := range n.client(api.RolePublicRead).Changes(t.Context(), client.ChangesQuery{}) {
		if !errors.Is(err, &api.Problem{Code: api.CodeForbidden}) {
			t.Error(err)
		}
	}
	after = 9
	for m, err := range n.client(api.RoleMember).Changes(t.Context(), client.ChangesQuery{After: &after}) {
		if err != nil || m.Resync == nil || m.Resync.Position != 2 {
			t.Errorf("%+v %v", m, err)
		}
		break
	}
}
