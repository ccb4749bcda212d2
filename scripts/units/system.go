package main

import (
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

// base are the units in which all others are said.
var base = []string{
	"metre", "kilogram", "second-Time", "ampere", "kelvin", "mole", "candela",
	"radian", "steradian", "bit",
}

// value is a unit in terms of others: an exact number times powers of atoms. An
// atom is a base unit, or one from which no exact factor leads to them.
type value struct {
	factor *big.Rat
	powers map[string]int // by identifier of an atom
}

func number(r *big.Rat) value { return value{factor: r, powers: map[string]int{}} }

func atom(id string) value {
	return value{factor: big.NewRat(1, 1), powers: map[string]int{id: 1}}
}

func (v value) times(w value, power int) value {
	out := value{factor: new(big.Rat).Set(v.factor), powers: maps.Clone(v.powers)}
	for range max(power, -power) {
		if power > 0 {
			out.factor.Mul(out.factor, w.factor)
		} else {
			out.factor.Quo(out.factor, w.factor)
		}
	}
	for id, n := range w.powers {
		if out.powers[id] += n * power; out.powers[id] == 0 {
			delete(out.powers, id)
		}
	}
	return out
}

func (v value) equal(w value) bool {
	return v.factor.Cmp(w.factor) == 0 && maps.Equal(v.powers, w.powers)
}

// opaque is an atom that is no base unit: why no exact factor leads on, and of
// which dimension it is, nil if of its own.
type opaque struct {
	why  string // rounded, measured, scale, like, apart
	like *value
}

// system is all units and what is known of them.
type system struct {
	rows    []row
	byID    map[string]row
	byLabel map[string]string // label to identifier
	ruled   map[string]string // identifier to verb of factors.txt
	about   map[string]string // identifier to what the verb says
	values  map[string]value
	opaque  map[string]opaque
	open    map[string]bool // being resolved
}

func newSystem(rows []row, rulings []ruling) (*system, error) {
	s := &system{rows: rows, byID: map[string]row{}, byLabel: map[string]string{}, ruled: map[string]string{},
		about: map[string]string{}, values: map[string]value{}, opaque: map[string]opaque{}, open: map[string]bool{}}
	for _, r := range rows {
		s.byID[r.id] = r
		if r.kind == "Unit" || !strings.Contains(r.label, " per ") { // or "metre per second squared" were (m/s)2
			s.byLabel[r.label] = r.id
		}
	}
	// As the definitions shorten them.
	for short, label := range map[string]string{
		"inch": "inch (international)", "foot": "foot (international)", "teaspoon": "teaspoon (US)",
		"nautical mile": "nautical mile (international)",
	} {
		s.byLabel[short] = s.byLabel[label]
	}
	s.byLabel["euro"] = "euro" // has no row of its own
	s.values["euro"] = atom("euro")
	s.opaque["euro"] = opaque{why: "apart"}
	for _, id := range base {
		s.values[id] = atom(id)
	}
	s.values["one"] = number(big.NewRat(1, 1))
	for _, r := range rulings {
		for _, id := range r.list {
			if _, known := s.byID[id]; !known || s.ruled[id] != "" {
				return nil, fmt.Errorf("factors.txt:%d: %q is no unit, or stands there twice", r.line, id)
			}
			s.ruled[id], s.about[id] = r.verb, r.about
		}
	}
	return s, nil
}

func (s *system) resolveAll() error {
	for _, r := range s.rows {
		if _, err := s.resolve(r.id); err != nil {
			return err
		}
	}
	for id := range s.ruled {
		if o, is := s.opaque[id]; s.ruled[id] != "exact" && s.ruled[id] != "is" && (!is || o.why != s.ruled[id]) {
			return fmt.Errorf("%s: ruled %s, and its definition does not need that", id, s.ruled[id])
		}
	}
	return nil
}

// resolve returns what a unit is made of.
func (s *system) resolve(id string) (v value, err error) {
	if v, done := s.values[id]; done {
		return v, nil
	}
	if s.open[id] {
		return v, fmt.Errorf("%s is defined by itself", id)
	}
	s.open[id] = true
	defer func() {
		if err == nil {
			s.values[id] = v
		} else {
			err = fmt.Errorf("%s: %w", id, err)
		}
	}()
	r := s.byID[id]
	switch s.ruled[id] {
	case "apart":
		s.opaque[id] = opaque{why: "apart"}
		return atom(id), nil
	case "like":
		like, err := s.resolve(s.about[id])
		s.opaque[id] = opaque{why: "like", like: &like}
		return atom(id), err
	case "is":
		return s.expression(id, s.about[id])
	}
	if r.kind == "PrefixedUnit" {
		return s.prefixed(r)
	}
	if r.kind != "Unit" {
		return s.compound(r)
	}
	if v, err = s.defined(r); err != nil {
		return v, err
	}
	switch why := s.ruled[id]; why {
	case "rounded", "measured", "scale":
		like := v
		s.opaque[id] = opaque{why: why, like: &like}
		return atom(id), nil
	}
	return v, nil
}

// compound reads the label of a unit that is made of others, and compares it with
// the definition where there is one.
func (s *system) compound(r row) (value, error) {
	label := r.label
	power := 1
	if rest, reciprocal := strings.CutPrefix(label, "reciprocal "); reciprocal && r.kind == "UnitExponentiation" {
		label, power = rest, -1 // of all that follows
	}
	v, err := s.expression(r.id, label)
	if err != nil {
		return v, err
	}
	v = differences(number(big.NewRat(1, 1)).times(v, power))
	text := definition(r.definition)
	if text == "" || strings.HasPrefix(text, "the ") { // the area of a square, and the like
		return v, nil
	}
	w, err := s.expression(r.id, text)
	if err == nil && !v.equal(differences(w)) {
		err = fmt.Errorf("label and definition differ: %v, %v", v, w)
	}
	return v, err
}

// differences takes the degrees Celsius of a compound unit for differences of
// temperature, which are kelvins.
func differences(v value) value {
	if n := v.powers["degreeCelsius"]; n != 0 {
		v = v.times(atom("degreeCelsius"), -n).times(atom("kelvin"), n)
	}
	return v
}

// prefixes of the SI and of binary multiples.
var prefixes = map[string]struct {
	symbol string
	base   int64
	power  int64
}{
	"yocto": {"y", 10, -24}, "zepto": {"z", 10, -21}, "atto": {"a", 10, -18}, "femto": {"f", 10, -15},
	"pico": {"p", 10, -12}, "nano": {"n", 10, -9}, "micro": {"μ", 10, -6}, "milli": {"m", 10, -3},
	"centi": {"c", 10, -2}, "deci": {"d", 10, -1}, "deca": {"da", 10, 1}, "hecto": {"h", 10, 2},
	"kilo": {"k", 10, 3}, "mega": {"M", 10, 6}, "giga": {"G", 10, 9}, "tera": {"T", 10, 12},
	"peta": {"P", 10, 15}, "exa": {"E", 10, 18}, "zetta": {"Z", 10, 21}, "yotta": {"Y", 10, 24},
	"kibi": {"Ki", 2, 10}, "mebi": {"Mi", 2, 20}, "gibi": {"Gi", 2, 30}, "tebi": {"Ti", 2, 40},
	"pebi": {"Pi", 2, 50}, "exbi": {"Ei", 2, 60}, "zebi": {"Zi", 2, 70}, "yobi": {"Yi", 2, 80},
	"hect": {"h", 10, 2}, "meg": {"M", 10, 6}, "kil": {"k", 10, 3}, "micr": {"μ", 10, -6}, // before a vowel
}

// prefixOf splits the identifier of a prefixed unit.
func (s *system) prefixOf(id string) (prefix, unit string, err error) {
	for _, p := range slices.Sorted(maps.Keys(prefixes)) {
		rest, has := strings.CutPrefix(id, p)
		if _, known := s.byID[rest]; has && (known || rest == "euro") {
			if unit != "" {
				return "", "", fmt.Errorf("%s and %s before a unit", prefix, p)
			}
			prefix, unit = p, rest
		}
	}
	if unit == "" {
		return "", "", fmt.Errorf("no prefix before a unit")
	}
	return prefix, unit, nil
}

func power(base, n int64) *big.Rat {
	r := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(base), big.NewInt(max(n, -n)), nil))
	if n < 0 {
		r.Inv(r)
	}
	return r
}

// prefixed takes the factor from the prefix, and compares it with the definition
// where there is one.
func (s *system) prefixed(r row) (value, error) {
	name, unit, err := s.prefixOf(r.id)
	if err != nil {
		return value{}, err
	}
	v, err := s.resolve(unit)
	if err != nil {
		return v, err
	}
	p := prefixes[name]
	v = v.times(number(power(p.base, p.power)), 1)
	if r.definition == "" {
		return v, nil
	}
	w, err := s.defined(r)
	if err == nil && !v.equal(w) {
		err = fmt.Errorf("prefix and definition differ: %v, %v", v, w)
	}
	return v, err
}

// significant counts the digits of a number that say something.
func significant(text string) int {
	mantissa, _, _ := strings.Cut(text, "e")
	mantissa, _, _ = strings.Cut(mantissa, "(")
	digits := regexp.MustCompile(`\D`).ReplaceAllString(mantissa, "")
	return len(strings.Trim(digits, "0"))
}
