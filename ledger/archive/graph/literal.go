package graph

import (
	"errors"
	"math/big"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	om2unit "github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// literal checks a text by the kind of its property and puts it right.
func (r *reader) literal(n *Node, p *Property, v *Value) {
	if !p.known {
		return
	}
	trimmed := strings.TrimSpace(v.Text)
	if trimmed != v.Text && p.def.kind != text {
		r.slip(n, p, valueTrimmed)
	}
	if strings.ContainsFunc(v.Text, isControl) {
		r.fault(n, p, controlCharacter)
		v.Text = ""
		return
	}
	v.Text = norm.NFC.String(trimmed)
	if v.Text == "" {
		r.slip(n, p, valueEmpty)
		return
	}
	switch p.def.kind {
	case link, links, agent, agents:
		v.Text, v.Ref = r.expandIRI(v.Text), true
	case spec, iris, iri:
		v.Text = r.expandIRI(v.Text)
	case word:
		v.Text = local(v.Text)
	case instant:
		v.Text = r.instant(n, p, v.Text)
	case boolean:
		r.boolean(n, p, v)
	case decimal:
		v.Text = r.decimal(n, p, v.Text)
	case unit:
		v.Text = r.unit(n, p, v.Text)
	case measure, duration:
		r.writtenOut(n, p, v)
	}
}

func isControl(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' && c != '\r' }

func (r *reader) boolean(n *Node, p *Property, v *Value) {
	switch strings.ToLower(v.Text) {
	case "true", "1":
		v.Text = "true"
	case "false", "0":
		v.Text = "false"
	default:
		r.fault(n, p, boolBad, shown(v.Text))
		v.Text = ""
	}
}

var looseTime = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ](\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?\s*(?:([Zz])|([+-])(\d{1,2})(?::?(\d{2}))?))?$`)

// instant puts a time into the form of RFC 3339: hours, months and offsets of
// one digit, and seconds left out, are slips.
func (r *reader) instant(n *Node, p *Property, text string) string {
	m := looseTime.FindStringSubmatch(text)
	if m == nil {
		r.fault(n, p, timeBad, shown(text))
		return ""
	}
	full := m[1] + "-" + two(m[2]) + "-" + two(m[3])
	day := full
	if m[4] != "" {
		full += "T" + two(m[4]) + ":" + m[5] + ":" + two(m[6]) + m[7]
		if m[8] != "" {
			full += "Z"
		} else {
			full += m[9] + two(m[10]) + ":" + two(m[11])
		}
	}
	_, err := time.Parse(time.DateOnly, day)
	if err == nil && full != day {
		var t time.Time
		err = t.UnmarshalText([]byte(full)) // stricter than time.Parse
	}
	if err != nil {
		r.fault(n, p, timeBad, shown(text))
		return ""
	}
	if full != text {
		r.slip(n, p, timeForm, shown(text), full)
	}
	return full
}

func two(digits string) string {
	for len(digits) < 2 {
		digits = "0" + digits
	}
	return digits
}

var looseNumber = regexp.MustCompile(`^([+-]?)(\d{0,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,3}))?$`)

// decimal puts a number into plain form, exactly: an exponent moves the point.
func (r *reader) decimal(n *Node, p *Property, text string) string {
	if _, err := protocol.ParseAmount(text); err == nil {
		return text
	}
	m := looseNumber.FindStringSubmatch(text)
	if m == nil || m[2]+m[3] == "" {
		r.fault(n, p, numberBad, shown(text))
		return ""
	}
	exponent, _ := strconv.Atoi(m[4])
	whole, _ := new(big.Int).SetString(m[2]+m[3], 10)
	scale := len(m[3]) - exponent
	ten := big.NewInt(10)
	for ; scale < 0 && scale > -64; scale++ {
		whole.Mul(whole, ten)
	}
	rest := new(big.Int)
	for ; scale > protocol.MaxScale && whole.Sign() != 0; scale-- {
		if q, _ := new(big.Int).QuoRem(whole, ten, rest); rest.Sign() == 0 {
			whole = q
			continue
		}
		break
	}
	if whole.Sign() == 0 {
		scale = 0
	}
	if scale < 0 || scale > protocol.MaxScale || !whole.IsInt64() || whole.Int64() > protocol.MaxMantissa {
		r.fault(n, p, numberBad, shown(text))
		return ""
	}
	amount := protocol.Amount{N: whole.Int64(), Scale: int64(scale)}
	if m[1] == "-" {
		amount.N = -amount.N
	}
	r.slip(n, p, numberForm, shown(text), amount.String())
	return amount.String()
}

func (r *reader) unit(n *Node, p *Property, text string) string {
	name := local(r.expandIRI(text))
	om2, err := om2unit.Find(name)
	if plain, bad := url.PathUnescape(name); err != nil && bad == nil {
		if described, is := r.units[name]; is {
			plain = described
		}
		if described, is := r.units[plain]; is {
			if om2, err = om2unit.Find(described); err != nil {
				return described
			}
		}
	}
	var several *om2unit.AmbiguousError
	switch {
	case errors.As(err, &several):
		r.fault(n, p, unitSeveral, shown(text), strings.Join(several.Units, ", "))
	case err != nil:
		r.fault(n, p, unitBad, shown(text))
	}
	return om2
}

// measure makes a quantity of a nested node.
func (r *reader) measure(n *Node, p *Property, v *Value, inner *Node) {
	value, unit := inner.text("hasNumericalValue"), inner.text("hasUnit")
	if value == "" {
		value = inner.text("numericDuration")
	}
	if unit == "" {
		unit = inner.text("unitType")
	}
	place := &Property{Name: p.Name, Line: inner.Line, Column: inner.Column}
	if inner.faulty {
		n.faulty = true
		return
	}
	if value == "" {
		r.fault(n, place, quantityBad)
		return
	}
	if unit == "" {
		unit = "one"
		r.slip(n, place, unitMissing)
	}
	v.Quantity = quantityOf(value, unit)
}

func quantityOf(value, unit string) *Number {
	amount, err := protocol.ParseAmount(value)
	if err != nil {
		return nil
	}
	return &Number{N: amount.N, Scale: amount.Scale, Unit: unit}
}

var (
	numberAndUnit = regexp.MustCompile(`^([+-]?[\d.]+(?:[eE][+-]?\d+)?)\s*(\S.*)?$`)
	brokenMeasure = regexp.MustCompile(`(?:unitType|hasUnit)\s+(\S+)\s+(?:\S*:)?(?:numericDuration|hasNumericalValue)\s+([\d.]+)$`)
)

// writtenOut makes a quantity of a text: "3.5 hour", or the keys of one whose
// colons were forgotten.
func (r *reader) writtenOut(n *Node, p *Property, v *Value) {
	var value, unit string
	if m := brokenMeasure.FindStringSubmatch(v.Text); m != nil {
		value, unit = m[2], strings.ToLower(m[1][strings.LastIndexByte(m[1], ':')+1:])
	} else if m := numberAndUnit.FindStringSubmatch(v.Text); m != nil {
		value, unit = m[1], m[2]
	} else {
		r.fault(n, p, quantityBad)
		return
	}
	if unit == "" {
		unit = "one"
	}
	value, unit = r.decimal(n, p, value), r.unit(n, p, unit)
	if value == "" || unit == "" {
		return
	}
	v.Quantity = quantityOf(value, unit)
	r.slip(n, p, quantityForm, value+" "+unit)
}
