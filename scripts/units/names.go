package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// entry is what a name leads to: one unit, or several of which none can be meant
// without saying so.
type entry struct {
	ids  []string
	word bool // found in any case of its letters
	by   string
}

// index is every name that leads to a unit.
type index struct {
	names map[string]entry
	slips map[string]string // identifier to the symbol that is not used
}

func newIndex(s *system, rulings []ruling) (*index, error) {
	x := &index{names: map[string]entry{}, slips: map[string]string{}}
	for id := range s.byID {
		x.names[id] = entry{ids: []string{id}, word: strings.ToLower(id) == id, by: "identifier"}
	}
	for _, r := range rulings {
		if err := x.rule(s, r); err != nil {
			return nil, fmt.Errorf("names.txt:%d: %w", r.line, err)
		}
	}
	for _, r := range s.rows {
		for _, text := range []string{strings.ToLower(r.label), strings.ToLower(r.id)} {
			x.spare(text, r.id, true, "label")
		}
	}
	for _, r := range s.rows {
		if r.symbol == "" || x.slips[r.id] == r.symbol {
			continue
		}
		x.spare(r.symbol, r.id, false, "symbol")
		if e := x.names[r.symbol]; e.by == "label" || e.by == "symbol" && e.ids[0] != r.id {
			return nil, fmt.Errorf("%q is the symbol of %s, and %v has it by its %s: names.txt has to say which", r.symbol, r.id, e.ids, e.by)
		}
	}
	return x, nil
}

// rule takes in one line of names.txt.
func (x *index) rule(s *system, r ruling) error {
	if r.verb == "which" {
		return x.add(r.about, entry{ids: r.list, word: strings.ToLower(r.about) == r.about, by: "ruling"}, s)
	}
	for _, name := range r.list {
		e := entry{ids: []string{r.about}, by: "ruling"}
		switch r.verb {
		case "slip":
			if s.byID[r.about].symbol != name {
				return fmt.Errorf("%s has the symbol %q", r.about, s.byID[r.about].symbol)
			}
			x.slips[r.about] = name
			continue
		case "word":
			if e.word = true; strings.ToLower(name) != name {
				return fmt.Errorf("the word %q has capitals", name)
			}
		case "sign":
		default:
			return fmt.Errorf("%q is nothing to say of a name", r.verb)
		}
		if err := x.add(name, e, s); err != nil {
			return err
		}
	}
	return nil
}

func (x *index) add(name string, e entry, s *system) error {
	for _, id := range e.ids {
		if _, known := s.byID[id]; !known {
			return fmt.Errorf("%q is no unit", id)
		}
	}
	if before, taken := x.names[name]; taken {
		return fmt.Errorf("%q is %v by its %s", name, before.ids, before.by)
	}
	x.names[name] = e
	return nil
}

// spare gives a name to a unit, if no other has it.
func (x *index) spare(name, id string, word bool, by string) {
	e, taken := x.names[name]
	if !taken {
		e = entry{ids: []string{id}, by: by}
	}
	if slices.Equal(e.ids, []string{id}) {
		e.word = e.word || word
		x.names[name] = e
	}
}

func (x *index) sorted() []string { return slices.Sorted(maps.Keys(x.names)) }
