package protocol

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Bounds of a number on the log.
const (
	MaxMantissa = 1_000_000_000_000_000 // |n| of a quantity or amount
	MaxScale    = 9                     // decimal places of a quantity or amount
	maxDecimal  = 32                    // bytes of a decimal number as text
)

// ErrBadDecimal is wrapped by every error about a text that is no decimal
// number within the bounds of the format.
var ErrBadDecimal = errors.New("not a decimal number of at most 15 digits and 9 places")

// Amount is a decimal number: N divided by ten to the power of Scale. 12.50 is
// {1250, 2}; {125, 1} is the same number and another encoding.
type Amount struct {
	N     int64 // -MaxMantissa..MaxMantissa
	Scale int64 // 0..MaxScale
}

// Quantity is a decimal number of a unit. Unit is an OM2 identifier, "one" for
// things that are counted.
type Quantity struct {
	N     int64
	Scale int64
	Unit  string
}

func (a *Amount) fields(f *fields) {
	f.integer("n", required, &a.N, -MaxMantissa, MaxMantissa)
	f.integer("s", required, &a.Scale, 0, MaxScale)
}

func (q *Quantity) fields(f *fields) {
	f.integer("n", required, &q.N, -MaxMantissa, MaxMantissa)
	f.integer("s", required, &q.Scale, 0, MaxScale)
	f.text("unit", required, &q.Unit, MaxName)
}

// Amount returns the number without its unit.
func (q Quantity) Amount() Amount { return Amount{N: q.N, Scale: q.Scale} }

// String returns the decimal number, with exactly Scale decimal places.
func (a Amount) String() string {
	if a.Scale <= 0 {
		return strconv.FormatInt(a.N, 10)
	}
	sign, n := "", uint64(a.N)
	if a.N < 0 {
		sign, n = "-", -n
	}
	digits := strconv.FormatUint(n, 10)
	scale := int(a.Scale)
	if pad := scale + 1 - len(digits); pad > 0 {
		digits = strings.Repeat("0", pad) + digits
	}
	cut := len(digits) - scale
	return sign + digits[:cut] + "." + digits[cut:]
}

// ParseAmount reads a decimal number such as "12.50" or "-3". Exponents, signs
// other than a leading minus, and digits beyond the bounds are refused; places
// written are places kept.
func ParseAmount(text string) (Amount, error) {
	if len(text) > maxDecimal {
		return Amount{}, fmt.Errorf("%w: a text of %d bytes", ErrBadDecimal, len(text))
	}
	digits, negative := strings.CutPrefix(text, "-")
	whole, places, dotted := strings.Cut(digits, ".")
	if whole == "" || dotted && places == "" || !allDigits(whole) || !allDigits(places) {
		return Amount{}, fmt.Errorf("%w: %q", ErrBadDecimal, text)
	}
	if len(places) > MaxScale {
		return Amount{}, fmt.Errorf("%w: %q has more than %d decimal places", ErrBadDecimal, text, MaxScale)
	}
	n, err := strconv.ParseInt(whole+places, 10, 64)
	if err != nil || n > MaxMantissa {
		return Amount{}, fmt.Errorf("%w: %q is too large", ErrBadDecimal, text)
	}
	if negative {
		n = -n
	}
	return Amount{N: n, Scale: int64(len(places))}, nil
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
