package api

import (
	"regexp"
	"strings"
)

// unitAliases leads from what people write, folded to lower case, to OM2
// identifiers. An hour is the hour of time, not the hour angle. It is never
// changed.
var unitAliases = map[string]string{
	"": "one", "one": "one", "1": "one", "uno": "one", "una": "one", "unit": "one", "units": "one",
	"unidad": "one", "unidades": "one", "u": "one", "pcs": "one", "each": "one",

	"h": "hour", "hr": "hour", "hrs": "hour", "hour": "hour", "hours": "hour", "hora": "hour", "horas": "hour",
	"min": "minute-Time", "minute": "minute-Time", "minutes": "minute-Time", "minuto": "minute-Time", "minutos": "minute-Time",
	"s": "second-Time", "sec": "second-Time", "second": "second-Time", "seconds": "second-Time", "segundo": "second-Time", "segundos": "second-Time",
	"d": "day", "day": "day", "days": "day", "dia": "day", "dias": "day", "día": "day", "días": "day",
	"week": "week", "weeks": "week", "semana": "week", "semanas": "week",
	"month": "month", "months": "month", "mes": "month", "meses": "month",
	"year": "year", "years": "year", "año": "year", "años": "year",

	"kg": "kilogram", "kilo": "kilogram", "kilos": "kilogram", "kilogram": "kilogram", "kilograms": "kilogram",
	"kilogramo": "kilogram", "kilogramos": "kilogram",
	"g": "gram", "gr": "gram", "gram": "gram", "grams": "gram", "gramo": "gram", "gramos": "gram",
	"t": "tonne", "tonne": "tonne", "tonnes": "tonne", "tonelada": "tonne", "toneladas": "tonne",
	"lb": "poundAvoirdupois", "libra": "poundAvoirdupois", "libras": "poundAvoirdupois",

	"l": "litre", "liter": "litre", "liters": "litre", "litre": "litre", "litres": "litre", "litro": "litre", "litros": "litre",
	"ml": "millilitre", "milliliter": "millilitre", "millilitre": "millilitre", "mililitro": "millilitre", "mililitros": "millilitre",
	"m3": "cubicMetre", "m³": "cubicMetre",

	"m": "metre", "meter": "metre", "meters": "metre", "metre": "metre", "metres": "metre", "metro": "metre", "metros": "metre",
	"cm": "centimetre", "centimetro": "centimetre", "centímetro": "centimetre", "centímetros": "centimetre",
	"km": "kilometre", "kilometer": "kilometre", "kilometers": "kilometre", "kilometre": "kilometre", "kilómetro": "kilometre", "kilómetros": "kilometre",
	"m2": "squareMetre", "m²": "squareMetre", "ha": "hectare", "hectare": "hectare", "hectares": "hectare",
	"hectárea": "hectare", "hectáreas": "hectare",

	"kwh": "kilowattHour", "%": "percent", "percent": "percent",
}

// omPrefixes begin the same identifier in its longer forms.
var omPrefixes = []string{
	"http://www.ontology-of-units-of-measure.org/resource/om-2/",
	"https://www.ontology-of-units-of-measure.org/resource/om-2/",
	"om2:", "om:",
}

// omForm is what an OM2 identifier looks like.
var omForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,127}$`)

// Unit returns the OM2 identifier of a unit as people write it; no text is
// "one". What is no alias and looks like an identifier is taken as one, since
// the ledger knows which there are; ok is false for anything else.
func Unit(written string) (id string, ok bool) {
	trimmed := strings.TrimSpace(written)
	if id, found := unitAliases[strings.ToLower(trimmed)]; found {
		return id, true
	}
	for _, prefix := range omPrefixes {
		if rest, found := strings.CutPrefix(trimmed, prefix); found {
			trimmed = rest
			break
		}
	}
	return trimmed, omForm.MatchString(trimmed)
}
