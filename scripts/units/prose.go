package main

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

var (
	definedAs  = regexp.MustCompile(`^.*\bdefined as `)
	sentence   = regexp.MustCompile(`\.(\s.*)?$`)
	uncertain  = regexp.MustCompile(`\(\d+\)`)
	numeral    = regexp.MustCompile(`^(\d[\d ]*(?:\.\d+)?(?:\(\d+\))?(?:e-?\d+)?(?:/\d[\d ]*)?)(?:\s+|$)`)
	resolution = regexp.MustCompile(` \(IAU[^)]*\)`)
	glued      = regexp.MustCompile(`\btimes(metre)\b`)
)

// definition returns what stands after "defined as", up to the end of its
// sentence; nothing if a row does not define.
func definition(text string) string {
	if !definedAs.MatchString(text) {
		return ""
	}
	text = definedAs.ReplaceAllString(text, "")
	for { // a point between digits ends no sentence
		at := sentence.FindStringIndex(text)
		if at == nil {
			break
		}
		text = text[:at[0]]
	}
	text = resolution.ReplaceAllString(text, "")
	text = strings.ReplaceAll(text, "(time)", "")
	return strings.Join(strings.Fields(glued.ReplaceAllString(text, "times $1")), " ")
}

// defined reads the definition of a unit, the first of the ways in which it is
// said.
func (s *system) defined(r row) (value, error) {
	text := definition(r.definition)
	if text == "" {
		if r.kind == "Unit" && strings.Contains(r.label, " per ") {
			return s.compound(r)
		}
		return value{}, fmt.Errorf("no definition, and factors.txt does not say what to do")
	}
	way, _, _ := strings.Cut(text, " = ")
	v, digits, err := s.sized(r.id, way)
	if err == nil && digits >= 4 && s.ruled[r.id] == "" {
		err = fmt.Errorf("a number of %d digits in %q, and factors.txt does not say whether it is exact", digits, way)
	}
	return v, err
}

// checkWays compares the other ways in which definitions say the same. Those with
// parentheses are left out.
func (s *system) checkWays() error {
	for _, r := range s.rows {
		ways := strings.Split(definition(r.definition), " = ")
		for _, way := range ways[1:] {
			if strings.Contains(way, "(") {
				continue
			}
			v, _, err := s.sized(r.id, way)
			if err != nil {
				return err
			}
			if first := s.values[r.id]; !v.equal(first) {
				return fmt.Errorf("%s: %q says another thing: %v, %v", r.id, way, v, first)
			}
		}
	}
	return nil
}

// sized reads a number with a unit, one of the two or both.
func (s *system) sized(self, text string) (v value, digits int, err error) {
	v = number(big.NewRat(1, 1))
	if at := numeral.FindStringSubmatch(text); at != nil {
		digits = significant(at[1])
		plain := strings.ReplaceAll(uncertain.ReplaceAllString(at[1], ""), " ", "")
		n, ok := new(big.Rat).SetString(plain)
		if !ok {
			return v, 0, fmt.Errorf("%q is no number", at[1])
		}
		v, text = number(n), text[len(at[0]):]
		if divisor, is := strings.CutPrefix(text, "divided by "); is {
			w, err := s.expression(self, divisor)
			return v.times(w, -1), digits, err
		}
	}
	if text == "" {
		return v, digits, nil
	}
	w, err := s.expression(self, text)
	if err != nil {
		return v, digits, err
	}
	return v.times(w, 1), digits, nil
}

var wordPowers = map[string]int{"square": 2, "cubic": 3, "reciprocal": -1}

// expression reads units multiplied and divided, in words: all that follows the
// first "per" or "divided by" divides. A unit is the longest label that fits, but
// not the one that is being defined.
func (s *system) expression(self, text string) (value, error) {
	v := number(big.NewRat(1, 1))
	words := strings.Fields(strings.ReplaceAll(text, "divided by", "per"))
	sign := 1
	for len(words) > 0 {
		switch words[0] {
		case "per":
			sign, words = -1, words[1:]
			continue
		case "times":
			words = words[1:]
			continue
		}
		w, n, err := s.factor(self, words)
		if err != nil {
			return v, fmt.Errorf("in %q: %w", text, err)
		}
		v, words = v.times(w, sign), words[n:]
	}
	return v, nil
}

// factor reads one unit with its power, and says of how many words it was.
func (s *system) factor(self string, words []string) (v value, used int, err error) {
	for n := min(len(words), 12); n > 0; n-- {
		id, known := s.byLabel[strings.Join(words[:n], " ")]
		if !known || id == self {
			continue
		}
		if v, err = s.resolve(id); err != nil {
			return v, 0, err
		}
		rest := words[n:]
		switch {
		case len(rest) > 0 && rest[0] == "squared":
			return number(big.NewRat(1, 1)).times(v, 2), n + 1, nil
		case len(rest) > 3 && strings.Join(rest[:3], " ") == "to the power":
			p, err := strconv.Atoi(rest[3])
			return number(big.NewRat(1, 1)).times(v, p), n + 4, err
		}
		return v, n, nil
	}
	if p := wordPowers[words[0]]; p != 0 && len(words) > 1 {
		v, n, err := s.factor(self, words[1:])
		if err != nil {
			return v, 0, err
		}
		return number(big.NewRat(1, 1)).times(v, p), n + 1, nil
	}
	if n, err := strconv.ParseInt(words[0], 10, 64); err == nil && n > 0 {
		return number(big.NewRat(n, 1)), 1, nil
	}
	return v, 0, fmt.Errorf("%q is no unit", words[0])
}
