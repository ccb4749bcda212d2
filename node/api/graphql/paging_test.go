package graphql

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// letter is an item of a list, and its own identifier.
type letter string

func (l letter) ID() string { return string(l) }

// refusal is a code that was refused.
type refusedCode Code

func (r refusedCode) Error() string { return string(r) }

// host refuses and does nothing else.
type host struct{ Host }

func (host) Refuse(code Code, _ ...any) error { return refusedCode(code) }

func alone() *session { return newSession(context.Background(), nil, host{}) }

func lettersOf(n int) []letter {
	out := make([]letter, n)
	for i := range out {
		out[i] = letter(protocol.EntryID{1, byte(i >> 8), byte(i)}.String())
	}
	return out
}

// show names the items of a part by their position.
func show(all []letter, c *Connection[letter]) string {
	var out []string
	for _, e := range c.Edges {
		for i, l := range all {
			if l == e.Node {
				out = append(out, fmt.Sprint(i))
			}
		}
	}
	return strings.Join(out, " ")
}

func TestWindowsOfAList(t *testing.T) {
	s, all := alone(), lettersOf(8)
	whole, err := connect(s, window{}, fixed(all), anything)
	if err != nil {
		t.Fatal(err)
	}
	cursor := func(i int) *string { return &whole.Edges[i].Cursor }
	id := func(i int) *string { text := string(all[i]); return &text }
	n := func(i int) *int { return &i }
	for name, c := range map[string]struct {
		w          window
		want       string
		next, back bool
	}{
		"all":                {window{}, "0 1 2 3 4 5 6 7", false, false},
		"first":              {window{first: n(3)}, "0 1 2", true, false},
		"exactly":            {window{first: n(8)}, "0 1 2 3 4 5 6 7", false, false},
		"none":               {window{first: n(0)}, "", true, false},
		"after":              {window{first: n(3), after: cursor(2)}, "3 4 5", true, true},
		"after an item":      {window{after: id(5)}, "6 7", false, true},
		"after the last":     {window{after: cursor(7)}, "", false, true},
		"before":             {window{before: cursor(3)}, "0 1 2", true, false},
		"before an item":     {window{before: id(3)}, "0 1 2", true, false},
		"the last before":    {window{last: n(2), before: cursor(6)}, "4 5", true, false},
		"between":            {window{after: id(1), before: id(5)}, "2 3 4", true, true},
		"last from the head": {window{last: n(3)}, "0 1 2", true, false},
		"last of the first":  {window{first: n(3), last: n(5)}, "2 3 4", true, false},
	} {
		got, err := connect(s, c.w, fixed(all), anything)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d := cmp.Diff(c.want, show(all, got)); d != "" || got.PageInfo.HasNextPage != c.next || got.PageInfo.HasPreviousPage != c.back {
			t.Errorf("%s: %s, %+v", name, show(all, got), got.PageInfo)
		}
	}
	bad := "x"
	for name, w := range map[string]window{"less than none": {first: n(-1)}, "no cursor": {after: &bad}} {
		if _, err := connect(s, w, fixed(all), anything); !errors.Is(err, refusedCode(CodeBadValue)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whoever walks a list by its cursors sees everything once, in order, whatever
// the sizes of the pages and whatever is left out.
func TestAWalkSeesEverythingOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, all := alone(), lettersOf(rapid.IntRange(0, 350).Draw(t, "items"))
		every := rapid.IntRange(1, 4).Draw(t, "every")
		position := map[letter]int{}
		var want []letter
		for i, l := range all {
			position[l] = i
			if i%every == 0 {
				want = append(want, l)
			}
		}
		keep := func(l letter) (bool, error) { return position[l]%every == 0, nil }
		var got []letter
		for w := (window{}); ; {
			first := rapid.IntRange(1, 120).Draw(t, "first")
			w.first = &first
			page, err := connect(s, w, fixed(all), keep)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page.Edges {
				got = append(got, e.Node)
			}
			if !page.PageInfo.HasNextPage {
				break
			}
			w.after = page.PageInfo.EndCursor
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
}

func TestChainedListsAreOne(t *testing.T) {
	s, all := alone(), lettersOf(250)
	for _, cut := range []int{0, 1, 100, 150, 250} {
		got, err := connect(s, window{}, chain(fixed(all[:cut]), fixed(all[cut:])), anything)
		if err != nil || len(got.Edges) != 250 {
			t.Errorf("cut at %d: %d, %v", cut, len(got.Edges), err)
		}
	}
}

// manyEvents is a ledger with a list that never ends.
type manyEvents struct{ Ledger }

func (manyEvents) Events(_ context.Context, _ protocol.CommonsID, _ ledger.EventFilter, p ledger.Page) ([]ledger.Event, string, error) {
	out := make([]ledger.Event, p.Limit)
	for i := range out {
		out[i] = ledger.Event{Body: &protocol.Event{Note: protocol.PlainText("x")}}
	}
	return out, "more", nil
}

// open is a host that lets in everybody.
type open struct{ host }

func (open) Commons(context.Context) (ledger.Commons, error) { return ledger.Commons{}, nil }

func TestReadsHaveAnEnd(t *testing.T) {
	for asked, most := range map[int]int64{1: maxReads, 10: maxReads, 1000: maxFields / 1000} {
		s := newSession(context.Background(), manyEvents{}, open{})
		s.asked = asked
		_, err := all(s.allEvents(ledger.EventFilter{}))
		if !errors.Is(err, refusedCode(CodeTooCostly)) || s.reads.Load() < most || s.reads.Load() > most+200 {
			t.Errorf("%d fields: %d reads, %v", asked, s.reads.Load(), err)
		}
		if err := s.read(1); !errors.Is(err, errSpent) {
			t.Errorf("afterwards: %v", err)
		}
	}
}
