package graphql

import (
	"encoding/base64"

	"strconv"
	"strings"

	"github.com/minga-commons/minga/ledger"
)

// Bounds of one page.
const (
	mostItems = 1_000
	someItems = 100 // asked of the ledger at a time
)

// lister returns a page of things and the cursor of the next.
type lister[T any] func(ledger.Page) ([]T, string, error)

// all returns everything in a list; the bound of the request bounds it.
func all[T any](list lister[T]) ([]T, error) {
	out := []T{}
	for after := ""; ; {
		items, next, err := list(ledger.Page{After: after, Limit: someItems})
		if err != nil {
			return nil, err
		}
		out = append(out, items...)
		if next == "" {
			return out, nil
		}
		after = next
	}
}

// window says which part of a list is wanted. before and after are cursors, or
// identifiers of items. With both first and last and neither of them, and with
// last alone, the clients of this dialect count from the beginning of the list.
type window struct {
	first  *int
	after  *string
	last   *int
	before *string
}

// place is where an item stands: the cursor of the ledger's page and how far
// into it.
type place struct {
	page string
	n    int
}

func (p place) cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(p.n) + ":" + p.page))
}

func placeOf(cursor string) (place, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	n, page, found := strings.Cut(string(raw), ":")
	count, err2 := strconv.Atoi(n)
	return place{page, count}, err == nil && err2 == nil && found && count >= 0 && count < someItems
}

type placed[T any] struct {
	item T
	at   place
}

// part is a part of a list.
type part[T any] struct {
	items []placed[T]
	info  *PageInfo
}

// pick returns the part of a list that the window shows, of the items that keep
// keeps.
func pick[T interface{ ID() string }](s *session, w window, list lister[T], keep func(T) (bool, error)) (part[T], error) {
	out := part[T]{items: []placed[T]{}}
	for _, n := range []*int{w.first, w.last} {
		if n != nil && *n < 0 {
			return out, s.host.Refuse(CodeBadValue, strconv.Itoa(*n))
		}
	}
	limit, backward := mostItems, w.last != nil && w.before != nil
	switch {
	case w.last != nil:
		limit = min(limit, *w.last)
	case w.first != nil:
		limit = min(limit, *w.first)
	}
	start, seek := place{}, ""
	if w.after != nil && *w.after != "" {
		var ok bool
		if start, ok = placeOf(*w.after); !ok {
			if _, isID := idOf(*w.after); !isID {
				return out, s.host.Refuse(CodeBadValue, *w.after)
			}
			start, seek = place{}, *w.after
		} else {
			start.n++
		}
	}
	more := false
	page, skip := start.page, start.n
read:
	for {
		items, next, err := list(ledger.Page{After: page, Limit: someItems})
		if err != nil {
			return out, err
		}
		for i, item := range items {
			at := place{page, i}
			if i < skip {
				continue
			}
			if seek != "" {
				if item.ID() == seek {
					seek = ""
				}
				continue
			}
			if w.before != nil && (at.cursor() == *w.before || item.ID() == *w.before) {
				more = true
				break read
			}
			if fits, err := keep(item); err != nil {
				return out, err
			} else if !fits {
				continue
			}
			if len(out.items) == limit && !backward {
				more = true
				break read
			}
			out.items = append(out.items, placed[T]{item, at})
			if backward && len(out.items) > min(*w.last, mostItems) {
				out.items = out.items[1:]
			}
		}
		if next == "" {
			break
		}
		page, skip = next, 0
	}
	if w.last != nil && w.first != nil {
		out.items = out.items[max(0, len(out.items)-*w.first):]
	}
	out.info = out.pageInfo(w, more)
	return out, nil
}

func (p *part[T]) pageInfo(w window, more bool) *PageInfo {
	limit := mostItems
	if w.first != nil {
		limit = min(limit, *w.first)
	}
	info := &PageInfo{HasNextPage: more, HasPreviousPage: w.after != nil && *w.after != "", PageLimit: &limit}
	if n := len(p.items); n > 0 {
		first, last := p.items[0].at.cursor(), p.items[n-1].at.cursor()
		info.StartCursor, info.EndCursor = &first, &last
	}
	return info
}

// anything keeps everything.
func anything[T any](T) (bool, error) { return true, nil }
