package graphql

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// valueError is a value in the request that is not what its type wants.
type valueError struct{ value string }

// Error returns one line.
func (e valueError) Error() string { return fmt.Sprintf("%q is not what is wanted here", e.value) }

const (
	maxNumber   = 64 // bytes of a number
	maxExponent = 30 // zeros that an exponent may stand for
)

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
	return "", valueError{fmt.Sprint(v)}
}

// plainDecimal returns the number without exponent, plus sign and needless
// zeros.
func plainDecimal(text string) (string, error) {
	if len(text) > maxNumber {
		return "", valueError{text[:maxNumber] + "..."}
	}
	fault := valueError{text}
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

// UnmarshalDateTime reads RFC 3339, with or without seconds, a date, a date as
// JavaScript's toDateString writes it, or a whole number of milliseconds since
// 1970. An empty text is no time.
func UnmarshalDateTime(v any) (string, error) {
	var millis int64
	switch v := v.(type) {
	case string:
		return readTime(strings.TrimSpace(v))
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		if err != nil {
			return "", valueError{v.String()[:min(len(v), maxNumber)]}
		}
		millis = n
	case int64:
		millis = v
	case int:
		millis = int64(v)
	default:
		return "", valueError{fmt.Sprint(v)}
	}
	t := time.UnixMilli(millis).UTC()
	if y := t.Year(); y < 1 || y > 9999 {
		return "", valueError{strconv.FormatInt(millis, 10)}
	}
	return t.Format("2006-01-02T15:04:05.999Z07:00"), nil
}

// readTime gives a time that is written in one of several ways the form that
// stands on the log.
func readTime(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if _, err := time.Parse(layout, text); err == nil {
			return text, nil
		}
	}
	if t, err := time.Parse("2006-01-02T15:04Z07:00", text); err == nil {
		return t.Format(time.RFC3339), nil
	}
	if t, err := time.Parse("Mon Jan 02 2006", text); err == nil {
		return t.Format(time.DateOnly), nil
	}
	return "", valueError{text[:min(len(text), maxNumber)]}
}
