package graphql

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// errNumber says that a text is no decimal number that the ledger takes.
var errNumber = errors.New("not a decimal number")

// maxExponent bounds the zeros that an exponent may stand for.
const maxExponent = 30

// MarshalDecimal writes a decimal text as a JSON number, digit by digit.
func MarshalDecimal(text string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { _, _ = io.WriteString(w, text) })
}

// UnmarshalDecimal reads a number or a decimal text without losing a digit.
func UnmarshalDecimal(v any) (string, error) {
	switch v := v.(type) {
	case json.Number:
		return plainDecimal(v.String())
	case string:
		return plainDecimal(strings.TrimSpace(v))
	case int64:
		return strconv.FormatInt(v, 10), nil
	case int:
		return strconv.Itoa(v), nil
	}
	return "", fmt.Errorf("%w: %v", errNumber, v)
}

// plainDecimal returns the number without exponent, plus sign and needless
// zeros.
func plainDecimal(text string) (string, error) {
	fault := fmt.Errorf("%w: %q", errNumber, text)
	if len(text) > 64 {
		return "", fmt.Errorf("%w: a text of %d characters", errNumber, len(text))
	}
	digits, negative := strings.CutPrefix(strings.TrimPrefix(text, "+"), "-")
	mantissa, power := digits, 0
	if i := strings.IndexAny(digits, "eE"); i >= 0 {
		n, err := strconv.Atoi(digits[i+1:])
		if err != nil || n > maxExponent || n < -maxExponent {
			return "", fault
		}
		mantissa, power = digits[:i], n
	}
	whole, places, dotted := strings.Cut(mantissa, ".")
	if whole+places == "" || dotted && places == "" || strings.Trim(whole+places, "0123456789") != "" {
		return "", fault
	}
	for ; power > 0; power-- {
		if places == "" {
			places = "0"
		}
		whole, places = whole+places[:1], places[1:]
	}
	for ; power < 0; power++ {
		if whole == "" {
			whole = "0"
		}
		whole, places = whole[:len(whole)-1], whole[len(whole)-1:]+places
	}
	whole, places = strings.TrimLeft(whole, "0"), strings.TrimRight(places, "0")
	if whole == "" {
		whole = "0"
	}
	out := whole
	if places != "" {
		out += "." + places
	}
	if negative && out != "0" {
		out = "-" + out
	}
	return out, nil
}

// MarshalDateTime writes a time as it stands on the log.
func MarshalDateTime(text string) graphql.Marshaler { return graphql.MarshalString(text) }

// UnmarshalDateTime reads RFC 3339, a date, or a date as JavaScript's
// toDateString writes it.
func UnmarshalDateTime(v any) (string, error) {
	text, ok := v.(string)
	if !ok {
		return "", fmt.Errorf("%v is no time: want RFC 3339 with an offset, or a date", v)
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if _, err := time.Parse(layout, text); err == nil {
			return text, nil
		}
	}
	if t, err := time.Parse("Mon Jan 02 2006", text); err == nil {
		return t.Format(time.DateOnly), nil
	}
	return "", fmt.Errorf("%q is no time: want RFC 3339 with an offset, or a date", text)
}
