package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"github.com/minga-commons/minga/node/api"
)

// Page selects part of a list. The zero value is the first page of the only
// commons.
type Page struct {
	Commons string // name or id; empty: the only one
	Limit   int    // 1..1,000; 0: 100
	Cursor  string // Next of the page before
}

func (p Page) query() url.Values {
	q := url.Values{}
	set(q, "commons", p.Commons)
	set(q, "cursor", p.Cursor)
	if p.Limit > 0 {
		q.Set("limit", strconv.Itoa(p.Limit))
	}
	return q
}

func set(q url.Values, name, value string) {
	if value != "" {
		q.Set(name, value)
	}
}

func of(commons string) url.Values { return Page{Commons: commons}.query() }

// Status returns what the node is and holds.
func (c *Client) Status(ctx context.Context) (api.Status, error) {
	return get[api.Status](ctx, c, "/v1/status", nil)
}

// Commons returns every commons that the node holds.
func (c *Client) Commons(ctx context.Context) ([]api.CommonsStatus, error) {
	list, err := get[api.CommonsList](ctx, c, "/v1/commons", nil)
	return list.Commons, err
}

// Agents returns a page of the agents of a commons.
func (c *Client) Agents(ctx context.Context, p Page) (api.AgentList, error) {
	return get[api.AgentList](ctx, c, "/v1/agents", p.query())
}

// Agent returns the agent of a name, identifier or unique prefix of one.
func (c *Client) Agent(ctx context.Context, commons, nameOrID string) (api.Agent, error) {
	return get[api.Agent](ctx, c, "/v1/agents/"+url.PathEscape(nameOrID), of(commons))
}

// Logs returns a page of the logs of a commons.
func (c *Client) Logs(ctx context.Context, p Page) (api.LogList, error) {
	return get[api.LogList](ctx, c, "/v1/logs", p.query())
}

// Log returns what the node holds of one log, named by its identifier or by its
// agent. commons is needed only for an agent's name.
func (c *Client) Log(ctx context.Context, commons, idOrAgent string) (api.Log, error) {
	return get[api.Log](ctx, c, "/v1/logs/"+url.PathEscape(idOrAgent), of(commons))
}

// EntryQuery selects entries of one log: From..To inclusive, To nil up to the
// newest.
type EntryQuery struct {
	Page
	Log  string // its identifier, or its agent's name
	From int64
	To   *int64
}

// Entries returns a page of the entries of one log.
func (c *Client) Entries(ctx context.Context, e EntryQuery) (api.EntryList, error) {
	q := e.Page.query()
	q.Set("log", e.Log)
	if e.From > 0 {
		q.Set("from", strconv.FormatInt(e.From, 10))
	}
	if e.To != nil {
		q.Set("to", strconv.FormatInt(*e.To, 10))
	}
	return get[api.EntryList](ctx, c, "/v1/entries", q)
}

// Entry returns one entry, decoded. commons is needed only where id is a prefix
// and the node holds several.
func (c *Client) Entry(ctx context.Context, commons, id string) (api.Entry, error) {
	return get[api.Entry](ctx, c, "/v1/entries/"+url.PathEscape(id), of(commons))
}

// Block returns the exact bytes of an entry; their hash is its identifier.
func (c *Client) Block(ctx context.Context, commons, id string) ([]byte, error) {
	return c.bytes(ctx, commons, id, api.MediaRaw)
}

// DagJSON returns an entry in the DAG-JSON form of IPLD.
func (c *Client) DagJSON(ctx context.Context, commons, id string) ([]byte, error) {
	return c.bytes(ctx, commons, id, api.MediaDagJSON)
}

func (c *Client) bytes(ctx context.Context, commons, id, media string) ([]byte, error) {
	answer, err := c.send(ctx, request{
		method: http.MethodGet, path: "/v1/entries/" + url.PathEscape(id), query: of(commons), accept: media,
	})
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	return readAll(ctx, answer.Body)
}

// EventQuery selects events. Empty fields match everything.
type EventQuery struct {
	Page
	Agent    string // name or id: provider or receiver
	Action   string
	Resource string // resource specification
	Source   string
	// Confirmation is waiting, maturing, confirmed or disputed.
	Confirmation string
	// Relation is a property of an event, such as inputOf or fulfills, and Target
	// what it leads to: name or id.
	Relation, Target string
}

// Events returns a page of the events of a commons, newest last.
func (c *Client) Events(ctx context.Context, e EventQuery) (api.EventList, error) {
	q := e.Page.query()
	set(q, "agent", e.Agent)
	set(q, "action", e.Action)
	set(q, "resource", e.Resource)
	set(q, "source", e.Source)
	set(q, "confirmation", e.Confirmation)
	if e.Relation != "" {
		q.Set(e.Relation, e.Target)
	}
	return get[api.EventList](ctx, c, "/v1/events", q)
}

// Event returns one event by identifier or unique prefix.
func (c *Client) Event(ctx context.Context, commons, id string) (api.Event, error) {
	return get[api.Event](ctx, c, "/v1/events/"+url.PathEscape(id), of(commons))
}

// Confirmations returns a page of the verdicts on target, or on everything when
// it is empty.
func (c *Client) Confirmations(ctx context.Context, target string, p Page) (api.ConfirmationList, error) {
	q := p.query()
	set(q, "target", target)
	return get[api.ConfirmationList](ctx, c, "/v1/confirmations", q)
}

// Balance returns what an agent has contributed. Without an agent it is the
// node's own member.
func (c *Client) Balance(ctx context.Context, commons, agent string) (api.Balance, error) {
	q := of(commons)
	set(q, "agent", agent)
	return get[api.Balance](ctx, c, "/v1/balances", q)
}

// Peers returns the peers known to the node.
func (c *Client) Peers(ctx context.Context) ([]api.Peer, error) {
	list, err := get[api.PeerList](ctx, c, "/v1/peers", nil)
	return list.Peers, err
}

// Healthy returns nil when the node's process answers.
func (c *Client) Healthy(ctx context.Context) error {
	return c.ask(ctx, request{method: http.MethodGet, path: "/healthz"}, nil)
}

// Ready returns nil when the node can answer questions about its ledger.
func (c *Client) Ready(ctx context.Context) error {
	return c.ask(ctx, request{method: http.MethodGet, path: "/readyz"}, nil)
}

// Every returns all items of a list, page by page. fetch gets the cursor of a
// page and returns its items and the cursor of the next, empty after the last.
func Every[T any](fetch func(cursor string) (items []T, next string, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for cursor := ""; ; {
			items, next, err := fetch(cursor)
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			cursor = next
		}
	}
}
