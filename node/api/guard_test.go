package api_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/protocol"
)

// A page whose name was made to point at this machine must get nothing, on any
// path, errors and streams included.
func TestHostIsComparedExactly(t *testing.T) {
	n := start(t, func(o *api.Options) { o.Hosts = []string{"Huerta.example:8747"} })
	_, port, _ := net.SplitHostPort(n.host)
	for _, path := range []string{"/v1/status", "/v1/changes", "/healthz", "/v1/openapi.json", "/nothing", "/v1/entries/x"} {
		for _, host := range []string{
			"evil.example", "evil.example:" + port, "127.evil.example:" + port, "127.0.0.1.evil.example:" + port,
			"127.0.0.1", "localhost", "127.0.0.1:1", "localhost:" + port + ".evil.example", "0.0.0.0:" + port,
			"127.0.0.2:" + port, "[::2]:" + port, "huerta.example", "minga", "localhost.:" + port,
		} {
			r := n.do(call{path: path, host: host, role: api.RoleOwner})
			if r.status != http.StatusMisdirectedRequest {
				t.Errorf("%s as %q: %d %s", path, host, r.status, r.body)
				continue
			}
			r.want(t, http.StatusMisdirectedRequest, api.CodeHost)
		}
	}
	for _, host := range []string{"localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port, "LOCALHOST:" + port, "huerta.example:8747"} {
		n.do(call{path: "/v1/status", host: host, role: api.RoleOwner}).ok(t, 200)
	}
}

func TestOtherOriginsMayNotWrite(t *testing.T) {
	n := start(t, func(o *api.Options) { o.Origins = []string{"https://trusted.example"} })
	body := `{"action":"work","effortQuantity":{"hasNumericalValue":"1","hasUnit":"h"}}`
	send := func(header map[string]string) reply {
		return n.do(call{method: "POST", path: "/v1/events", body: body, role: api.RoleOwner, header: header})
	}
	send(map[string]string{"Sec-Fetch-Site": "cross-site"}).want(t, 403, api.CodeCrossOrigin)
	send(map[string]string{"Sec-Fetch-Site": "same-site"}).want(t, 403, api.CodeCrossOrigin)
	send(map[string]string{"Origin": "https://evil.example"}).want(t, 403, api.CodeCrossOrigin)
	send(map[string]string{"Origin": "null"}).want(t, 403, api.CodeCrossOrigin)
	send(map[string]string{"Origin": "https://trusted.example", "Sec-Fetch-Site": "cross-site"}).ok(t, 201)
	send(map[string]string{"Origin": n.url, "Sec-Fetch-Site": "same-origin"}).ok(t, 201)
	send(nil).ok(t, 201)
	if got := n.do(call{path: "/v1/status", role: api.RoleOwner}).header.Get("Cross-Origin-Resource-Policy"); got != "same-origin" {
		t.Errorf("others may embed answers: %q", got)
	}
}

// What each role may do, in a commons that is closed and in one that anybody
// may read. "" is a request without a token.
func TestRoles(t *testing.T) {
	event := `{"action":"work","effortQuantity":{"hasNumericalValue":"1"}}`
	everyone := []api.Role{"", api.RolePublicRead, api.RoleMember, api.RoleResearcher, api.RoleOperator, api.RoleOwner}
	table := []struct {
		method, path, body string
		good               int
		closed, public     string // who may: one letter each, in the order of everyone
	}{
		{"GET", "/v1/status", "", 200, "--mroO", "-pmroO"},
		{"GET", "/v1/commons", "", 200, "--mroO", "-pmroO"},
		{"GET", "/v1/agents", "", 200, "--mroO", "-pmroO"},
		{"GET", "/v1/agents/Ana", "", 200, "--mroO", "-pmroO"},
		{"GET", "/v1/logs", "", 200, "--mroO", "-pmroO"},
		{"GET", "/v1/logs/Ana", "", 200, "--mroO", "-pmroO"},
		{"GET", "/v1/entries?log=Ana", "", 200, "--mroO", "-pmroO"},
		{"GET", "/v1/entries/{charter}", "", 200, "--mroO", "-pmroO"},
		{"GET", "/v1/events", "", 200, "--mroO", "-pmroO"},
		{"GET", "/v1/confirmations", "", 200, "--mroO", "-pmroO"},
		{"GET", "/v1/balances", "", 200, "--mroO", "-pmroO"},
		{"GET", "/v1/balances/Ana", "", 200, "--mroO", "-pmroO"},
		{"GET", "/v1/peers", "", 200, "----oO", "----oO"},
		{"POST", "/v1/peers", `{"addr":"/ip4/192.0.2.7/tcp/1/p2p/12D3"}`, 201, "----oO", "----oO"},
		{"POST", "/v1/events", event, 201, "--m--O", "--m--O"},
		{"POST", "/v1/agents", `{"name":"Eva"}`, 201, "--m--O", "--m--O"},
		{"POST", "/v1/invites", `{}`, 201, "--m--O", "--m--O"},
		{"POST", "/v1/commons", `{"name":"Otra","as":"Ana"}`, 201, "--m--O", "--m--O"},
		{"GET", "/healthz", "", 200, "*pmroO", "*pmroO"},
		{"GET", "/readyz", "", 200, "*pmroO", "*pmroO"},
		{"GET", "/v1/openapi.json", "", 200, "*pmroO", "*pmroO"},
	}
	for _, public := range []bool{false, true} {
		n := start(t, nil)
		n.ledger.commons[0].PublicRead = public
		for _, row := range table {
			allowed := row.closed
			if public {
				allowed = row.public
				if row.method == "GET" && !strings.HasPrefix(row.path, "/v1/peers") {
					allowed = "*" + allowed[1:]
				}
			}
			path := strings.Replace(row.path, "{charter}", n.ledger.id().String(), 1)
			for i, role := range everyone {
				r := n.do(call{method: row.method, path: path, body: row.body, role: role})
				switch {
				case allowed[i] != '-':
					if r.status != row.good {
						t.Errorf("public %v: %s %s as %q: %d %s", public, row.method, path, role, r.status, r.body)
					}
				case role == "":
					if r.status != 401 || r.header.Get("WWW-Authenticate") == "" {
						t.Errorf("public %v: %s %s without token: %d %s", public, row.method, path, r.status, r.body)
					}
				case r.status != 403:
					t.Errorf("public %v: %s %s as %q: %d %s", public, row.method, path, role, r.status, r.body)
				}
			}
		}
	}
}

func TestUnknownTokensAreRefused(t *testing.T) {
	n := start(t, nil)
	n.ledger.commons[0].PublicRead = true
	good := n.tokens[api.RoleOwner]
	for _, header := range []string{
		"Bearer", "Bearer ", "Bearer x", "Basic " + good, "Bearer " + good[:len(good)-1], "Bearer " + good + "A",
		"Bearer " + strings.ToUpper(good), good,
	} {
		r := n.do(call{path: "/v1/status", header: map[string]string{"Authorization": header}})
		r.want(t, 401, api.CodeUnauthorized)
	}
	n.do(call{path: "/v1/status", header: map[string]string{"Authorization": "bearer " + good}}).ok(t, 200)
	for _, bad := range []string{"", "minga_", "minga_abc", strings.Repeat("a", 49), good + "A"} {
		if _, err := api.NewToken("x", api.RoleOwner, bad); !errors.Is(err, api.ErrBadToken) {
			t.Errorf("token %q: %v", bad, err)
		}
	}
	if _, err := api.NewToken("x", "king", good); err == nil {
		t.Error("a role that there is not was taken")
	}
}

// The node's socket is for its owner alone, and needs no token.
func TestSocketIsTheOwners(t *testing.T) {
	n := start(t, nil)
	home := t.TempDir()
	if err := os.Chmod(home, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(home, "api.sock")
	l, err := api.ListenUnix(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("socket: %v %v", info, err)
	}
	n.serve(l)
	if err := client.WriteAddress(home, client.Address{Socket: path, URL: n.url}); err != nil {
		t.Fatal(err)
	}
	c, err := client.New(client.Options{Home: home})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx := context.Background()
	if peers, err := c.Peers(ctx); err != nil || len(peers) != 1 {
		t.Errorf("peers: %v %v", peers, err)
	}
	if _, err := c.AddEvent(ctx, api.EventDraft{Action: "work"}, client.Write{Key: "k"}); err != nil {
		t.Error(err)
	}
	if once := n.ledger.drafts[0].Once; once == nil || once.Token != "owner" {
		t.Errorf("once: %+v", once)
	}
	// The name of a socket must not be reachable by a web page either.
	r, _ := http.NewRequest("GET", "http://evil.example/v1/status", nil)
	dial := func(context.Context, string, string) (net.Conn, error) { return net.Dial("unix", path) }
	answer, err := (&http.Transport{DialContext: dial, DisableKeepAlives: true}).RoundTrip(r)
	if err != nil || answer.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("foreign host on the socket: %v %v", answer, err)
	}
	answer.Body.Close()
}

func TestSocketInAnOpenDirectoryIsRefused(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := api.ListenUnix(filepath.Join(dir, "api.sock")); !errors.Is(err, api.ErrSocketDir) {
		t.Error(err)
	}
	if _, err := api.ListenUnix("/" + strings.Repeat("d/", 60) + "api.sock"); err == nil {
		t.Error("a path that is too long was taken")
	}
}

func TestOpenBindNeedsTokens(t *testing.T) {
	server, err := api.NewServer(api.Options{}, newFake(t), &fakeNetwork{}, &fakeImporter{})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := server.Serve(l); !errors.Is(err, api.ErrOpenBind) {
		t.Error(err)
	}
}

func TestOptionsNameAllFaults(t *testing.T) {
	_, err := api.NewServer(api.Options{Language: "fr", Hosts: []string{"*"}}, newFake(t), &fakeNetwork{}, &fakeImporter{})
	if err == nil || !strings.Contains(err.Error(), "fr") || !strings.Contains(err.Error(), "*") {
		t.Error(err)
	}
}

type panicking struct{ *fakeLedger }

func (panicking) Agents(context.Context, protocol.CommonsID, ledger.Page) ([]ledger.Agent, string, error) {
	panic("secret of the house")
}

func TestPanicsStayInside(t *testing.T) {
	n := start(t, nil)
	n.again(panicking{n.ledger})
	r := n.do(call{path: "/v1/agents", role: api.RoleOwner})
	r.want(t, 500, api.CodeInternal)
	if strings.Contains(r.body, "secret") {
		t.Error(r.body)
	}
}

func TestReadOnlyWritesNothing(t *testing.T) {
	n := start(t, func(o *api.Options) { o.ReadOnly = true })
	n.do(call{method: "POST", path: "/v1/events", body: `{"action":"work"}`, role: api.RoleOwner}).want(t, 503, api.CodeReadOnly)
	n.do(call{path: "/v1/status", role: api.RoleOwner}).ok(t, 200)
}
