// Package client asks a running node over its HTTP API. It is what the command
// line is made of, and a typed client for any other program in Go.
//
// Errors that the node answered are *api.Problem, with a code to decide on; an
// error that wraps ErrUnreachable says that there is no node to ask.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/minga-commons/minga/node/api"
)

// ErrUnreachable says that no node answers: it is not running, or not there.
var ErrUnreachable = errors.New("no node answers")

// unixHost is the Host of requests through the node's socket.
const unixHost = "minga"

// maxAnswer bounds an answer that is read as a whole, in bytes.
const maxAnswer = 64 << 20

// Options says which node to ask, and how.
type Options struct {
	// Home is the directory of a node on this machine. Its file api.addr says
	// where the node listens. Unused when URL is given.
	Home string
	// URL is the address of a node, such as http://127.0.0.1:8747.
	URL string
	// Token is the bearer token for URL. With Home, the file token is read when
	// the socket cannot be used.
	Token string
	// Language of texts: "es", "en", or empty for the node's choice.
	Language string
}

// Client asks one node. Its methods may be called from several goroutines.
type Client struct {
	base     string
	token    string
	language string
	where    string
	http     *http.Client
}

// New returns a client of the node that o names. It returns ErrUnreachable when
// the home has no running node; a node that is gone shows at the first request.
func New(o Options) (*Client, error) {
	if o.URL != "" {
		u, err := url.Parse(o.URL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("%q is not the address of a node: want http://HOST:PORT", o.URL)
		}
		return newClient(o, strings.TrimSuffix(o.URL, "/"), o.Token, nil), nil
	}
	a, err := ReadAddress(o.Home)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(a.Socket); a.Socket != "" && err == nil && info.Mode()&os.ModeSocket != 0 {
		dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", a.Socket)
		}
		return newClient(o, "http://"+unixHost, "", dial), nil
	}
	if a.URL == "" {
		return nil, fmt.Errorf("%w: the socket %s is gone", ErrUnreachable, a.Socket)
	}
	token := o.Token
	if token == "" {
		text, err := os.ReadFile(filepath.Join(o.Home, "token"))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
		token = strings.TrimSpace(string(text))
	}
	return newClient(o, a.URL, token, nil), nil
}

func newClient(o Options, base, token string, dial func(context.Context, string, string) (net.Conn, error)) *Client {
	transport := &http.Transport{DialContext: dial, DisableCompression: true}
	where := base
	if dial != nil {
		where = o.Home
	}
	noRedirect := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{
		base: base, token: token, language: o.Language, where: where,
		http: &http.Client{Transport: transport, CheckRedirect: noRedirect},
	}
}

// Close gives up idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// request is one question to the node.
type request struct {
	method string
	path   string // escaped, below /v1 or whole when it begins with "/"
	query  url.Values
	key    string // Idempotency-Key
	accept string
	after  string // Last-Event-ID
	media  string // of body, if there is one
	body   io.Reader
}

func (c *Client) send(ctx context.Context, q request) (*http.Response, error) {
	target := c.base + q.path
	if len(q.query) > 0 {
		target += "?" + q.query.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, q.method, target, q.body)
	if err != nil {
		return nil, err
	}
	header := func(name, value string) {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	header("Accept-Language", c.language)
	header("Idempotency-Key", q.key)
	header("Accept", q.accept)
	header("Last-Event-ID", q.after)
	header("Content-Type", q.media)
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("%w at %s: %w", ErrUnreachable, c.where, err)
	}
	if answer.StatusCode >= 300 {
		defer answer.Body.Close()
		return nil, problemOf(answer)
	}
	return answer, nil
}

// problemOf reads the problem of an answer, or makes one of what is there.
func problemOf(answer *http.Response) error {
	var p api.Problem
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if json.Unmarshal(text, &p) == nil && p.Code != "" {
		return &p
	}
	return &api.Problem{Code: api.CodeInternal, Status: answer.StatusCode, Title: answer.Status,
		Detail: "the answer is not one of a Minga node: " + answer.Status}
}

// ask sends a question and decodes the JSON of the answer into out.
func (c *Client) ask(ctx context.Context, q request, out any) error {
	answer, err := c.send(ctx, q)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := readAll(ctx, answer.Body)
	if err != nil {
		return err
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(text, out); err != nil {
		return fmt.Errorf("the node's answer is not understood: %w", err)
	}
	return nil
}

func readAll(ctx context.Context, r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxAnswer))
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: the answer broke off: %w", ErrUnreachable, err)
	}
	return text, nil
}

func get[T any](ctx context.Context, c *Client, path string, query url.Values) (T, error) {
	var out T
	err := c.ask(ctx, request{method: http.MethodGet, path: path, query: query}, &out)
	return out, err
}

func post[T any](ctx context.Context, c *Client, path string, w Write, draft any) (T, error) {
	var out T
	body, err := json.Marshal(draft)
	if err != nil {
		return out, err
	}
	err = c.ask(ctx, request{
		method: http.MethodPost, path: path, query: w.query(), key: w.Key,
		media: "application/json", body: bytes.NewReader(body),
	}, &out)
	return out, err
}
