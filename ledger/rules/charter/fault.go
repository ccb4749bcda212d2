package charter

import (
	"fmt"
	"strconv"
	"strings"
)

// Path leads to a place in a document. A step is a string, the name of a field,
// or an int, a place in a list counted from 0.
type Path []any

// String returns the path as people read it: currency[1].limit. A name that is
// no plain word stands in quotes.
func (p Path) String() string {
	var b strings.Builder
	for i, step := range p {
		switch step := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", step)
		case string:
			if i > 0 {
				b.WriteByte('.')
			}
			if !bareWord(step) {
				step = strconv.Quote(step)
			}
			b.WriteString(step)
		}
	}
	return b.String()
}

// Pointer returns the path as a JSON pointer (RFC 6901).
func (p Path) Pointer() string {
	var b strings.Builder
	for _, step := range p {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(fmt.Sprint(step)))
	}
	return b.String()
}

// With returns the path one step further. The path itself stays as it is.
func (p Path) With(step any) Path {
	return append(p[:len(p):len(p)], step)
}

func bareWord(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' || r == '-')
	}) < 0
}

// Fault is one thing that is wrong with a charter.
type Fault struct {
	Path Path
	Code Code
	Args []any // what the sentence of the code speaks of
}

// Text returns what is wrong in one sentence of a language: "es", or English
// for any other.
func (f Fault) Text(lang string) string {
	sentence := faultTexts[f.Code].in(lang)
	args := make([]any, len(f.Args))
	for i, arg := range f.Args {
		if p, is := arg.(phrase); is {
			arg = phrase(p).in(lang)
		}
		args[i] = arg
	}
	return fmt.Sprintf(sentence, args...)
}

// Error returns the place and the English sentence.
func (f Fault) Error() string {
	if len(f.Path) == 0 {
		return f.Text("en")
	}
	return f.Path.String() + ": " + f.Text("en")
}

// text is one text in the languages that there are.
type text struct{ en, es string }

func (t text) in(lang string) string {
	if lang == "es" {
		return t.es
	}
	return t.en
}

// phrase is an argument that is put into the language of the sentence.
type phrase text

func (p phrase) in(lang string) string { return text(p).in(lang) }

// Code names what is wrong, for programs. Codes are never re-used for something
// else; sentences may change.
type Code string

// What can be wrong with a charter.
const (
	UnknownField    Code = "unknown-field"
	Missing         Code = "missing"
	WrongType       Code = "wrong-type"
	BadText         Code = "bad-text"
	TooLong         Code = "too-long"
	UnknownChoice   Code = "unknown-choice"
	OutOfRange      Code = "out-of-range"
	BadDecimal      Code = "bad-decimal"
	TooManyPlaces   Code = "too-many-places"
	Negative        Code = "negative"
	NotPositive     Code = "not-positive"
	BadPercent      Code = "bad-percent"
	MoreThanAll     Code = "more-than-all"
	UnknownUnit     Code = "unknown-unit"
	UnknownAction   Code = "unknown-action"
	BadPeriod       Code = "bad-period"
	BadTime         Code = "bad-time"
	Duplicate       Code = "duplicate"
	UnknownAgent    Code = "unknown-agent"
	CreateFirst     Code = "create-first"
	SameName        Code = "same-name"
	UnknownCurrency Code = "unknown-currency"
	UnknownBucket   Code = "unknown-bucket"
	IssuedCredit    Code = "issued-credit"
	RateOrPercent   Code = "rate-or-percent"
	PercentOfCite   Code = "percent-of-cite"
	RateOnly        Code = "rate-only"
	ToOrRules       Code = "to-or-rules"
	CurrencyNeeded  Code = "currency-needed"
	MinAboveMax     Code = "min-above-max"
	ValueNeeded     Code = "value-needed"
	NoStewards      Code = "no-stewards"
	BadThreshold    Code = "bad-threshold"
	TooManyLiars    Code = "too-many-liars"
	OtherStewards   Code = "other-stewards"
	LaterRules      Code = "later-rules"
)

// faultTexts has the sentence of every code. It is never changed.
var faultTexts = map[Code]text{
	UnknownField:    {"there is no field %q here; there are: %s", "aquí no existe el campo %q; los hay: %s"},
	Missing:         {"this is needed and missing", "hace falta y no está"},
	WrongType:       {"wanted is %s", "se espera %s"},
	BadText:         {"%q is no name: it stands on one line, without space at its ends", "%q no es un nombre: va en una línea, sin espacios en los extremos"},
	TooLong:         {"the text is longer than %d bytes", "el texto tiene más de %d bytes"},
	UnknownChoice:   {"%q is none of: %s", "%q no es ninguno de: %s"},
	OutOfRange:      {"wanted is a whole number from %d to %d", "se espera un número entero de %d a %d"},
	BadDecimal:      {"%q is no decimal number; write it like \"12.50\", with at most 15 digits and 9 places", "%q no es un número decimal; escríbelo como \"12.50\", con un máximo de 15 cifras y 9 decimales"},
	TooManyPlaces:   {"%q has more than the %d decimal places of the currency", "%q tiene más que los %d decimales de la moneda"},
	Negative:        {"%q is below zero", "%q es menor que cero"},
	NotPositive:     {"%q is not above zero", "%q no es mayor que cero"},
	BadPercent:      {"%q is no percentage from \"0\" to \"100\"", "%q no es un porcentaje de \"0\" a \"100\""},
	MoreThanAll:     {"with this one the shares of the total pass 100 per cent", "con esta, las partes del total pasan del 100 por ciento"},
	UnknownUnit:     {"%q is no unit of OM2; write for instance hour, kilogram, litre or one", "%q no es una unidad de OM2; escribe por ejemplo hour, kilogram, litre u one"},
	UnknownAction:   {"%q is no action of ValueFlows", "%q no es una acción de ValueFlows"},
	BadPeriod:       {"%q is no period; write for instance P1Y, P3M or P7D", "%q no es un periodo; escribe por ejemplo P1Y, P3M o P7D"},
	BadTime:         {"%q is no time; write 2026-03-01 or 2026-03-01T09:30:00-05:00", "%q no es un momento; escribe 2026-03-01 o 2026-03-01T09:30:00-05:00"},
	Duplicate:       {"%q stands here a second time", "%q aparece por segunda vez"},
	UnknownAgent:    {"there is no agent of the name %q", "no hay ningún agente con el nombre %q"},
	CreateFirst:     {"%q is no member of a commons that does not exist yet: create it without this, invite, and propose the charter then", "%q todavía no es parte de un común que no existe: créalo sin esto, invita, y propón entonces el estatuto"},
	SameName:        {"%q is your name and that of the commons: name one of them otherwise", "%q es tu nombre y el del común: ponle otro a uno de los dos"},
	UnknownCurrency: {"the charter declares no currency %q", "el estatuto no declara la moneda %q"},
	UnknownBucket:   {"the charter has no bucket %q with rules", "el estatuto no tiene un fondo %q con reglas"},
	IssuedCredit:    {"an issued currency gives no credit; leave this out, or make the currency mutual", "una moneda emitida no da crédito; quita esto, o haz mutual la moneda"},
	RateOrPercent:   {"a rule has a rate or a percent, one of the two", "una regla tiene rate o percent, uno de los dos"},
	PercentOfCite:   {"a percent is of what else went into a process, and for action = \"cite\" only", "percent se refiere a lo demás que entró en un proceso, y solo vale con action = \"cite\""},
	RateOnly:        {"this belongs to a rate, and the rule has a percent", "esto es de rate, y la regla tiene percent"},
	ToOrRules:       {"a bucket goes to an agent (to) or has rules that pick the contributors, one of the two", "un fondo va a un agente (to) o tiene reglas que eligen a quienes aportaron, uno de los dos"},
	CurrencyNeeded:  {"debt, max and min are amounts of one currency: name it in the bucket's currency", "debt, max y min son montos de una moneda: nómbrala en currency del fondo"},
	MinAboveMax:     {"min is more than max", "min es más que max"},
	ValueNeeded:     {"a contribution is valued by the rules of buckets: name them here", "un aporte se valora con las reglas de los fondos: nómbralos aquí"},
	NoStewards:      {"no steward is left", "no queda ninguna persona responsable"},
	BadThreshold:    {"of %d stewards, %d of whom may lie, at least %d and at most all sign", "de %d responsables, de quienes %d pueden mentir, firman al menos %d y como mucho todas"},
	TooManyLiars:    {"%d of %d stewards may not lie: no number of signatures would be enough", "no pueden mentir %d de %d responsables: ningún número de firmas bastaría"},
	OtherStewards:   {"the keys of the charter log are those of other stewards than the document names", "las llaves del registro del estatuto son de otras personas que las que nombra el documento"},
	LaterRules:      {"it needs version %d of the rules; this software has version %d", "necesita la versión %d de las reglas; este programa tiene la %d"},
}

// Names of what a field holds, for WrongType.
var (
	aText      = phrase{"a text in quotes", "un texto entre comillas"}
	aWhole     = phrase{"a whole number", "un número entero"}
	aFlag      = phrase{"true or false", "true o false"}
	aTable     = phrase{"a table", "una tabla"}
	aList      = phrase{"a list of texts", "una lista de textos"}
	someTables = phrase{"a list of tables", "una lista de tablas"}
	aDecimal   = phrase{"a decimal number as a text, like \"12.50\"", "un número decimal como texto, como \"12.50\""}
)
