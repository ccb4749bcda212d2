package main

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
)

// inSymbols are units as compound symbols write them, where they have another
// symbol alone, or one that several have.
var inSymbols = map[string]string{
	"a": "year", "yr": "year", "Gyr": "gigayear", "arcsec": "second-Angle", "yd": "yard-International",
	"Zg": "zettagram", "Yg": "yottagram", "in": "inch-International", "ft": "foot-International", "M": "nauticalMile-International",
	"G": "gauss", "rad": "radian", "h": "hour", "m": "metre", "s": "second-Time", "mag": "magnitude",
}

// ownSymbols are prefixed units whose symbol is not their prefix's and their unit's.
var ownSymbols = map[string]string{"millisecond-Angle": "mas", "microsecond-Angle": "μas", "gigayear": "Gyr"}

// checkSymbols compares the symbol of every prefixed or compound unit with what the
// unit is made of. A symbol that says another thing has to be a slip in names.txt.
func (s *system) checkSymbols(x *index) error {
	bySymbol := map[string]string{}
	for _, r := range s.rows {
		if r.symbol != "" && (r.kind == "Unit" || r.kind == "PrefixedUnit") && x.slips[r.id] == "" {
			bySymbol[r.symbol] = r.id
		}
	}
	for symbol, id := range inSymbols {
		bySymbol[symbol] = id
	}
	var wrong []string
	for _, r := range s.rows {
		if r.symbol == "" || r.kind == "Unit" || r.id == "kilogram" || x.slips[r.id] == r.symbol {
			continue
		}
		if r.kind == "PrefixedUnit" {
			name, unit, err := s.prefixOf(r.id)
			if err != nil {
				return err
			}
			if want := prefixes[name].symbol + s.byID[unit].symbol; want != r.symbol && ownSymbols[r.id] != r.symbol {
				wrong = append(wrong, fmt.Sprintf("%s: %q, not %q", r.id, r.symbol, want))
			}
			continue
		}
		v, err := s.symbol(bySymbol, r.symbol)
		if err != nil {
			wrong = append(wrong, fmt.Sprintf("%s: %v", r.id, err))
		} else if !v.equal(s.values[r.id]) {
			wrong = append(wrong, fmt.Sprintf("%s: %q says %v, not %v", r.id, r.symbol, v, s.values[r.id]))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("symbols that say another thing:\n%s", strings.Join(wrong, "\n"))
	}
	return nil
}

var powered = regexp.MustCompile(`^(.*?[^-0-9])(-?\d+)?$`)

// symbol reads a compound symbol: what follows a slash divides.
func (s *system) symbol(bySymbol map[string]string, text string) (value, error) {
	v := number(big.NewRat(1, 1))
	if inner, whole := strings.CutSuffix(text, ")-1"); whole && inner[0] == '(' {
		w, err := s.symbol(bySymbol, inner[1:])
		return v.times(w, -1), err
	}
	sign := 1
	for i, part := range strings.Split(text, "/") {
		if i > 0 {
			sign = -1
		}
		for _, token := range strings.Fields(strings.Trim(part, "()")) {
			if n, err := strconv.ParseInt(token, 10, 64); err == nil {
				v = v.times(number(big.NewRat(n, 1)), sign)
				continue
			}
			name, power := token, 1
			if at := powered.FindStringSubmatch(token); at != nil && at[2] != "" {
				name = at[1]
				power, _ = strconv.Atoi(at[2])
			}
			id, known := bySymbol[name]
			if !known {
				return v, fmt.Errorf("%q in %q is no symbol", name, text)
			}
			v = v.times(s.values[id], sign*power)
		}
	}
	return differences(v), nil
}
