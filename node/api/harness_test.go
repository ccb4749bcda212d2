package api_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

// node is a running server with fakes behind it.
type node struct {
	t       *testing.T
	ledger  *fakeLedger
	network *fakeNetwork
	imports *fakeImporter
	server  *api.Server
	url     string
	host    string
	tokens  map[api.Role]string
}

type testLog struct{ t *testing.T }

func (l testLog) Write(b []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

// start runs a server on loopback with one token for each role. edit may change
// the options.
func start(t *testing.T, edit func(*api.Options)) *node {
	t.Helper()
	n := &node{t: t, ledger: newFake(t), network: &fakeNetwork{heldBy: 1}, imports: &fakeImporter{}, tokens: map[api.Role]string{}}
	o := api.Options{
		Version: "test", Now: func() time.Time { return testTime }, Poll: time.Millisecond,
		Logger: slog.New(slog.NewTextHandler(testLog{t}, nil)),
	}
	for i, role := range []api.Role{api.RolePublicRead, api.RoleMember, api.RoleResearcher, api.RoleOperator, api.RoleOwner} {
		text, err := api.GenerateToken(strings.NewReader(strings.Repeat(string(rune('a'+i)), 32)))
		if err != nil {
			t.Fatal(err)
		}
		token, err := api.NewToken(string(role), role, text)
		if err != nil {
			t.Fatal(err)
		}
		n.tokens[role] = text
		o.Tokens = append(o.Tokens, token)
	}
	if edit != nil {
		edit(&o)
	}
	server, err := api.NewServer(o, n.ledger, n.network, n.imports)
	if err != nil {
		t.Fatal(err)
	}
	n.server = server
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n.host = l.Addr().String()
	n.url = "http://" + n.host
	n.serve(l)
	return n
}

// again puts another ledger behind the node; only the owner's token is known.
func (n *node) again(l api.Ledger) {
	n.t.Helper()
	token, err := api.NewToken("owner", api.RoleOwner, n.tokens[api.RoleOwner])
	if err != nil {
		n.t.Fatal(err)
	}
	o := api.Options{Tokens: []api.Token{token}, Poll: time.Millisecond}
	if n.server, err = api.NewServer(o, l, n.network, n.imports); err != nil {
		n.t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		n.t.Fatal(err)
	}
	n.host = listener.Addr().String()
	n.url = "http://" + n.host
	n.serve(listener)
}

func (n *node) serve(l net.Listener) {
	served, server := make(chan error, 1), n.server
	go func() { served <- server.Serve(l) }()
	n.t.Cleanup(func() {
		ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
		defer stop()
		if err := server.Shutdown(ctx); err != nil {
			n.t.Errorf("shutdown: %v", err)
		}
		if err := <-served; err != nil {
			n.t.Errorf("serve: %v", err)
		}
	})
}

// client returns a client with the token of a role, none for "".
func (n *node) client(role api.Role) *client.Client {
	n.t.Helper()
	c, err := client.New(client.Options{URL: n.url, Token: n.tokens[role], Language: "en"})
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(c.Close)
	return c
}

// call is one request by hand.
type call struct {
	method, path, body string
	role               api.Role
	host               string
	header             map[string]string
}

type reply struct {
	status int
	header http.Header
	body   string
}

func (n *node) do(c call) reply {
	n.t.Helper()
	if c.method == "" {
		c.method = http.MethodGet
	}
	var body io.Reader
	if c.body != "" {
		body = strings.NewReader(c.body)
	}
	r, err := http.NewRequest(c.method, n.url+c.path, body)
	if err != nil {
		n.t.Fatal(err)
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.role != "" {
		r.Header.Set("Authorization", "Bearer "+n.tokens[c.role])
	}
	if c.host != "" {
		r.Host = c.host
	}
	for name, value := range c.header {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		n.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return reply{answer.StatusCode, answer.Header, string(text)}
}

// problem reads the answer as a problem and checks its form.
func (r reply) problem(t *testing.T) api.Problem {
	t.Helper()
	var p api.Problem
	if err := json.Unmarshal([]byte(r.body), &p); err != nil {
		t.Fatalf("not a problem: %d %s", r.status, r.body)
	}
	if got := r.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q", got)
	}
	if p.Status != r.status || p.Title == "" || p.Hint == "" || p.Detail == "" || p.Schema != "minga.problem/1" {
		t.Errorf("incomplete problem: %d %s", r.status, r.body)
	}
	if strings.Contains(r.body, "%!") || strings.Contains(r.body, "goroutine") {
		t.Errorf("unformatted text: %s", r.body)
	}
	return p
}

func (r reply) want(t *testing.T, status int, code api.Code) api.Problem {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	p := r.problem(t)
	if p.Code != code {
		t.Errorf("code %q, want %q: %s", p.Code, code, r.body)
	}
	return p
}

func (r reply) ok(t *testing.T, status int) reply {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	return r
}

func link(n *node) string {
	return protocol.Link{
		Commons: n.ledger.id(), Invite: protocol.EntryID{1}, Giver: protocol.LogID{EntryID: protocol.EntryID{2}},
		Key: protocol.NewPrivateKey([32]byte{1}), Expiry: testTime.Add(time.Hour).UnixMilli(),
		Peers: []string{"/ip4/192.0.2.9/tcp/8746/p2p/12D3KooWpeer"},
	}.String()
}
