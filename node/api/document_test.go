package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/node/api"
	"github.com/minga-commons/minga/node/api/client"
	"github.com/minga-commons/minga/node/api/graphql"
)

var (
	_ api.Ledger     = (*ledger.Ledger)(nil)
	_ graphql.Ledger = (*ledger.Ledger)(nil)
)

// real puts a ledger on disk behind the node, with a clock that goes on by a
// second each time.
func (n *node) real() {
	n.t.Helper()
	now := testTime.Add(-time.Second)
	l, err := ledger.Open(n.t.TempDir(), ledger.Options{
		Seed: [16]byte{1}, Rand: rand.NewChaCha8([32]byte{1}),
		Now: func() time.Time { return now },
	})
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() {
		if err := l.Close(); err != nil {
			n.t.Error(err)
		}
	})
	n.again(l)
}

// block finds the fenced blocks of a document that are commands and answers.
var block = regexp.MustCompile("(?s)```(sh|json)\n(.*?)```")

// word splits a command line: words in single or double quotes, or bare.
var word = regexp.MustCompile(`'([^']*)'|"([^"]*)"|(\S+)`)

// TestTheDocumentIsTrue sends every command of API.md and compares the answer
// with the one that stands there: the same fields of the same types.
func TestTheDocumentIsTrue(t *testing.T) {
	text, err := os.ReadFile("API.md")
	if err != nil {
		t.Fatal(err)
	}
	n := start(t, nil)
	n.network.heldBy = 0
	n.real()
	n.imports.lines = []api.ImportLine{
		{Line: 2, Source: "k1", Outcome: api.ImportWritten, Agents: 1},
		{Line: 3, Source: "k2", Outcome: api.ImportRefused, Code: api.CodeInvalid, Column: "quantity", Reason: "no number"},
	}
	var answer string
	count := 0
	for _, found := range block.FindAllStringSubmatch(string(text), -1) {
		if found[1] == "sh" {
			answer = n.curl(strings.TrimSpace(found[2]))
			continue
		}
		want, got := values(t, found[2]), values(t, answer)
		if d := cmp.Diff(shapes(want), shapes(got)); d != "" {
			t.Errorf("the answer differs from the document:\n%s\n%s", answer, d)
		}
		count++
	}
	if count < 10 {
		t.Errorf("only %d examples were found", count)
	}
}

// curl sends what a command line of curl would send.
func (n *node) curl(command string) string {
	n.t.Helper()
	command = strings.NewReplacer("$NODE", "", "$TOKEN", n.tokens[api.RoleOwner]).Replace(command)
	c := call{header: map[string]string{}}
	var flag string
	for i, match := range word.FindAllStringSubmatch(command, -1) {
		text := match[1] + match[2] + match[3]
		switch {
		case i == 0 && text != "curl":
			n.t.Fatalf("not a command of curl: %s", command)
		case i == 0:
		case flag == "-H":
			name, value, _ := strings.Cut(text, ": ")
			c.header[name] = value
			flag = ""
		case flag == "-d":
			c.method, c.body, flag = "POST", text, ""
		case flag == "-T":
			c.body, flag = "the lines of a file\n", ""
		case flag == "-X":
			c.method, flag = text, ""
		case strings.HasPrefix(text, "-"):
			flag = text
		default:
			c.path = text
		}
	}
	return n.do(c).body
}

func values(t *testing.T, text string) []any {
	t.Helper()
	var out []any
	for d := json.NewDecoder(strings.NewReader(text)); ; {
		var v any
		switch err := d.Decode(&v); err {
		case nil:
			out = append(out, v)
		case io.EOF:
			return out
		default:
			t.Fatalf("%v in %s", err, text)
		}
	}
}

// shapes says of what fields and types values are made, one line for each. The
// texts that programs decide on are kept.
func shapes(list []any) []string {
	var out []string
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				walk(at+"/"+name, v[name])
			}
		case []any:
			for i, item := range v {
				walk(fmt.Sprint(at, "/", i), item)
			}
		case string:
			if strings.HasPrefix(v, "bafyrei") {
				v = "a text"
			}
			switch at[strings.LastIndexByte(at, '/')+1:] {
			case "id", "link", "next", "prev", "commons", "log", "provider", "receiver", "reason", "time", "expires":
				out = append(out, at+": a text")
			default:
				out = append(out, at+": "+v)
			}
		default:
			out = append(out, fmt.Sprint(at, ": ", v))
		}
	}
	for i, v := range list {
		walk(fmt.Sprint(i), v)
	}
	return out
}

// Sums of a real ledger come out as exact decimals.
func TestBalanceOfARealLedger(t *testing.T) {
	n := start(t, nil)
	n.real()
	c, ctx := n.client(api.RoleOwner), t.Context()
	if _, err := c.CreateCommons(ctx, api.CommonsDraft{Name: "Huerta", As: "Ana"}, client.Write{}); err != nil {
		t.Fatal(err)
	}
	for _, hours := range []string{"0.1", "0.2", "12.50"} {
		d := api.EventDraft{Action: "work", EffortQuantity: &api.Measure{HasNumericalValue: hours, HasUnit: "h"}}
		if _, err := c.AddEvent(ctx, d, client.Write{}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := c.Balance(ctx, "Huerta", "Ana")
	if err != nil {
		t.Fatal(err)
	}
	want := []api.Contribution{{Action: "work", Unit: "hour", Quantity: "12.8", Confirmed: "0", Pending: "12.8", Events: 3}}
	if d := cmp.Diff(want, got.Contributions); d != "" {
		t.Error(d)
	}
	block, err := c.Block(ctx, "", got.Agent.ID)
	if err != nil || !bytes.Contains(block, []byte("Ana")) {
		t.Errorf("block: %v", err)
	}
	if _, err := c.AddEvent(ctx, api.EventDraft{Action: "fly"}, client.Write{}); err == nil || !strings.Contains(err.Error(), "no effect") {
		t.Error(err)
	}
}
