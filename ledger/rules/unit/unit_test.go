package unit_test

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/minga-commons/minga/ledger/rules/unit"
)

func TestFind(t *testing.T) {
	for text, want := range map[string]string{
		"": "one", "  ": "one", "1": "one", "ONE": "one", "unit": "one", "Units": "one", "each": "one", "pcs": "one",
		"pieces": "one", "unidades": "one", "u": "one", "piece": "piece", "%": "percent", "por ciento": "percent",

		"h": "hour", "hr": "hour", "Hours": "hour", "HORAS": "hour", " horas ": "hour", "hour-HourAngle": "hour-HourAngle",
		"min": "minute-Time", "minutos": "minute-Time", "s": "second-Time", "d": "day", "Días": "day",
		"di\u0301as": "day", "DÍA": "day", "semanas": "week", "mes": "month", "años": "year",

		"kg": "kilogram", "KG": "kilogram", "Kg": "kilogram", "kilos": "kilogram", "Kilograms": "kilogram", "kilogramos": "kilogram",
		"g": "gram", "gr": "gram", "mg": "milligram", "Mg": "megagram", "µg": "microgram", "μg": "microgram", "t": "tonne",

		"l": "litre", "L": "litre", "liter": "litre", "liters": "litre", "litros": "litre", "mL": "millilitre", "milliliters": "millilitre",
		"m³": "cubicMetre", "m3": "cubicMetre", "cm³": "cubicCentimetre", "cubic meter": "cubicMetre", "CUBIC  METRES": "cubicMetre",
		"m": "metre", "meters": "metre", "km": "kilometre", "kilómetros": "kilometre", "Kilometers": "kilometre", "m²": "squareMetre",
		"ha": "hectare", "hectáreas": "hectare", "ft": "foot-International", "feet": "foot-International", "miles": "mile-Statute",

		"kWh": "kilowattHour", "kwh": "kilowattHour", "kW h": "kilowattHour", "kilowatt hours": "kilowattHour", "Wh": "wattHour",
		"mW": "milliwatt", "MW": "megawatt", "H": "henry", "°C": "degreeCelsius", "ºC": "degreeCelsius", "Ω": "ohm", "\u2126": "ohm",
		"Å": "angstrom", "\u212b": "angstrom", "s⁻¹": "reciprocalSecond-Time", "m/s²": "metrePerSecond-TimeSquared",
		"gal": "gal", "rad": "rad", "radians": "radian", "lb": "poundAvoirdupois", "libras": "poundAvoirdupois",
		"om2:kilogram": "kilogram", "om:one": "one",
		"https://www.ontology-of-units-of-measure.org/resource/om-2/kilowattHour": "kilowattHour",
	} {
		if id, err := unit.Find(text); id != want || err != nil {
			t.Errorf("%q: %q %v, want %q", text, id, err, want)
		}
	}
}

func TestFindRefuses(t *testing.T) {
	for _, text := range []string{
		"a b", "1h", "-", "h/d", "om2:", "om2:h", "om2:horas", "<hour>", "hour\n2", "hours and a half", "Garden", "\xff",
		strings.Repeat("a", 1<<20), "https://x.example/h", "MG", "hour-hourangle s",
	} {
		id, err := unit.Find(text)
		var unknown *unit.UnknownError
		if id != "" || !errors.As(err, &unknown) || unknown.Text != text {
			t.Errorf("%.40q was taken for %q: %.99v", text, id, err)
		}
	}
	for text, want := range map[string]string{
		"a": "[are year]", "ton": "[tonne ton-Short ton-Long]", "Tons": "[tonne ton-Short ton-Long]", "ML": "[millilitre megalitre]",
		"gallons": "[gallon-US gallon-Imperial dryGallon-US]", "Galón": "[gallon-US gallon-Imperial dryGallon-US]",
		"fl oz": "[fluidOunce-US fluidOunce-Imperial]", "Fr": "[FrenchGauge franklin]",
	} {
		id, err := unit.Find(text)
		var several *unit.AmbiguousError
		if id != "" || !errors.As(err, &several) || fmt.Sprint(several.Units) != want {
			t.Errorf("%q: %q %v, want one of %s to be written", text, id, err, want)
		}
	}
}

func TestConvert(t *testing.T) {
	for _, c := range []struct{ from, quantity, to, want string }{
		{"hour", "1.5", "minute-Time", "90"},
		{"minute-Time", "1", "hour", "1/60"},
		{"day", "1", "hour", "24"},
		{"week", "1", "day", "7"},
		{"year", "1", "day", "365.2425"}, // the mean year: no year is that long
		{"kilogram", "1", "gram", "1000"},
		{"tonne", "2", "kilogram", "2000"},
		{"megagram", "1", "tonne", "1"},
		{"grain", "1", "milligram", "64.79891"},
		{"fermi", "1", "metre", "1e-15"},
		{"fermi", "1", "femtometre", "1"},
		{"mile-Statute", "1", "yard-International", "1760"},
		{"yard-International", "1", "foot-International", "3"},
		{"foot-International", "1", "inch-International", "12"},
		{"chain", "1", "foot-International", "66"},
		{"pica-ATA", "1", "point-ATA", "12"},
		{"pica-Postscript", "1", "point-Postscript", "12"}, // both rounded, one by the other
		{"cicero", "1", "point-Didot", "12"},
		{"astronomicalUnit", "1", "kilometre", "149597870.7"},
		{"megaparsec", "1", "kiloparsec", "1000"},
		{"cubicParsec", "1", "cubicKiloparsec", "1e-9"},
		{"hectare", "1", "squareMetre", "10000"},
		{"hectare", "1", "are", "100"},
		{"squareKilometre", "1", "hectare", "100"},
		{"squareYard-International", "1", "squareFoot-International", "9"},
		{"acre-International", "1", "squareYard-International", "4840"},
		{"cubicMetre", "1", "litre", "1000"},
		{"cubicDecimetre", "1", "litre", "1"},
		{"cubicYottametre", "1", "cubicYoctometre", "1e144"},
		{"stere", "1", "cubicMetre", "1"},
		{"pint-Imperial", "8", "gallon-Imperial", "1"},
		{"ton-Register", "1", "cubicMetre", "2.8316846592"},
		{"kilowattHour", "1", "joule", "3600000"},
		{"wattHour", "1000", "kilowattHour", "1"},
		{"newtonMetre", "1", "joule", "1"},
		{"quad", "1", "BritishThermalUnit-InternationalTable", "1e15"},
		{"kiloelectronvolt", "1", "electronvolt", "1000"},
		{"metrePerSecond-Time", "1", "kilometrePerHour", "3.6"},
		{"knot-International", "1", "kilometrePerHour", "1.852"},
		{"mile-StatutePerHour", "1", "metrePerSecond-Time", "0.44704"},
		{"gal", "1", "metrePerSecond-TimeSquared", "0.01"},
		{"kilometrePerSecond-TimeSquared", "1", "metrePerSecond-TimeSquared", "1000"},
		{"metrePerMillisecond-TimeSquared", "1", "metrePerSecond-TimeSquared", "1e6"}, // not 1000
		{"second-TimeSquared", "1e6", "microsecond-TimeSquared", "1e18"},
		{"litrePer100Kilometre", "1", "litrePerKilogram", ""},
		{"litrePer100Kilometre", "5", "squareMillimetre", "0.05"},
		{"_25Millilitre", "4", "litre", "0.1"},
		{"_100Kilometre", "1", "kilometre", "100"},
		{"colonyFormingUnitPer25Millilitre", "25", "colonyFormingUnitPerMillilitre", "1"},
		{"reciprocalPascalSecond-Time", "10", "rhe", "1"}, // 1 / (Pa s), not s / Pa
		{"reciprocalDegreeCelsius", "1", "reciprocalKelvin", "1"},
		{"degreeCelsiusPerMinute-Time", "60", "degreeCelsiusPerSecond-Time", "1"}, // differences
		{"degreeCelsius", "1", "millidegreeCelsius", "1000"},
		{"kilogramPerHectareDay", "1", "gramPerSquareMetreDay", "0.1"},
		{"kilogramSecond-TimeToThePower-2ReciprocalMetre", "1", "pascal", "1"},
		{"wattPerSquareMetreKelvin", "1", "wattPerSquareMetreKelvin", "1"},
		{"metrePerSecond-TimePerMetre", "1", "hertz", "1"},
		{"microgramPerJoule", "1000000", "gramPerJoule", "1"}, // OM2 gives it the symbol mg/J
		{"molar", "1", "molePerCubicmetre", "1000"},
		{"byte", "1", "bit", "8"},
		{"kibibyte", "1", "byte", "1024"},
		{"kilobyte", "1", "byte", "1000"},
		{"yobibyte", "1", "yobibit", "8"},
		{"percent", "50", "one", "0.5"},
		{"partsPerMillion", "1", "percent", "0.0001"},
		{"dozen", "1", "one", "12"},
		{"gross", "1", "dozen", "12"},
		{"halfDozen", "2", "dozen", "1"},
		{"thousandPiece", "1", "hundredCount", "10"},
		{"piece", "3", "one", "3"},
		{"megaeuroPerPetajoule", "1", "megaeuroPerPetajoule", "1"},
		{"euroPerTonne", "1", "megaeuroPerMegatonne", "1"},
		{"metre-of-my-own", "2", "metre-of-my-own", "2"},
	} {
		q, ok := new(big.Rat).SetString(c.quantity)
		if !ok {
			t.Fatalf("%q", c.quantity)
		}
		got, err := unit.Convert(q, c.from, c.to)
		if c.want == "" {
			var fault *unit.DimensionError
			if !errors.As(err, &fault) {
				t.Errorf("%s into %s: %v %v", c.from, c.to, got, err)
			}
			continue
		}
		want, _ := new(big.Rat).SetString(c.want)
		if err != nil || got.Cmp(want) != 0 {
			t.Errorf("%s %s: %v %s (%v), want %v", c.quantity, c.from, got, c.to, err, want)
		}
	}
}

func TestConvertRefuses(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"hour", "kilogram", "hour and kilogram cannot be compared: they measure different things"},
		{"hour", "hour-HourAngle", "hour and hour-HourAngle cannot be compared: they measure different things"},
		{"litre", "kilogram", "litre and kilogram cannot be compared: they measure different things"},
		{"bottle", "litre", "bottle and litre cannot be compared: they measure different things"},
		{"bottle", "one", "bottle and one cannot be compared: they measure different things"},
		{"radian", "one", "radian and one cannot be compared: they measure different things"},
		{"lumen", "candela", "lumen and candela cannot be compared: they measure different things"},
		{"pixel", "bit", "pixel and bit cannot be compared: they measure different things"},
		{"_1-5", "_1-10", "_1-5 and _1-10 cannot be compared: they measure different things"},
		{"parsec", "metre", "parsec cannot be converted into metre exactly: parsec has only a rounded factor in OM2"},
		{"metre", "lightYear", "metre cannot be converted into lightYear exactly: lightYear has only a rounded factor in OM2"},
		{"poundAvoirdupois", "kilogram", "poundAvoirdupois cannot be converted into kilogram exactly: poundAvoirdupois has only a rounded factor in OM2"},
		{"dessertspoon", "litre", "dessertspoon cannot be converted into litre exactly: teaspoon-US has only a rounded factor in OM2"},
		{"point-Postscript", "inch-International", "point-Postscript cannot be converted into inch-International exactly: point-Postscript has only a rounded factor in OM2"},
		{"minute-Angle", "degree", "minute-Angle cannot be converted into degree exactly: minute-Angle has only a rounded factor in OM2"},
		{"month", "day", "month cannot be converted into day exactly: month has no fixed size in OM2"},
		{"month", "year", "month cannot be converted into year exactly: month has no fixed size in OM2"},
		{"year-Tropical", "year", "year-Tropical cannot be converted into year exactly: year-Tropical has a factor that is measured, not defined"},
		{"unifiedAtomicMassUnit", "gram", "unifiedAtomicMassUnit cannot be converted into gram exactly: unifiedAtomicMassUnit has a factor that is measured, not defined"},
		{"solarMass", "kilogram", "solarMass cannot be converted into kilogram exactly: solarMass has no fixed size in OM2"},
		{"degreeCelsius", "kelvin", "degreeCelsius cannot be converted into kelvin exactly: degreeCelsius counts from another zero, and a quantity does not say whether it is a reading or a difference"},
		{"kelvin", "millidegreeCelsius", "kelvin cannot be converted into millidegreeCelsius exactly: degreeCelsius counts from another zero, and a quantity does not say whether it is a reading or a difference"},
		{"horas", "hour", `"horas" is no unit of OM2; write for instance hour, kilogram, litre or one`},
		{"hour", "", `"" is no unit of OM2; write for instance hour, kilogram, litre or one`},
	} {
		got, err := unit.Convert(big.NewRat(1, 1), c.from, c.to)
		if err == nil || got != nil || err.Error() != c.want {
			t.Errorf("%s into %s: %v %v", c.from, c.to, got, err)
		}
		var fault *unit.FactorError
		if is := errors.As(err, &fault); is != unit.Comparable(c.from, c.to) {
			t.Errorf("%s and %s: comparable %v, and %v", c.from, c.to, !is, err)
		}
	}
}

// The ways between units agree with each other: there and back, over a third unit,
// and what Comparable and Convertible promise.
func TestConversionsAgree(t *testing.T) {
	var ids []string
	byDimension := map[string][]string{}
	for u := range unit.All() {
		ids = append(ids, u.ID)
		byDimension[u.Dimension] = append(byDimension[u.Dimension], u.ID)
	}
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.SampledFrom(ids).Draw(t, "a")
		u, _ := unit.Lookup(a)
		near := byDimension[u.Dimension]
		b := rapid.SampledFrom(near).Draw(t, "b")
		c := rapid.SampledFrom(near).Draw(t, "c")
		far := rapid.SampledFrom(ids).Draw(t, "far")
		q := big.NewRat(rapid.Int64().Draw(t, "n"), rapid.Int64Min(1).Draw(t, "d"))

		if !unit.Comparable(a, b) || unit.Comparable(a, far) != unit.Comparable(far, a) {
			t.Fatal("comparable is not mutual")
		}
		for _, other := range []string{b, far} {
			_, err := unit.Convert(q, a, other)
			if (err == nil) != unit.Convertible(a, other) || err == nil && !unit.Comparable(a, other) {
				t.Fatalf("%s: %v, convertible %v", other, err, unit.Convertible(a, other))
			}
		}
		if !unit.Convertible(a, b) {
			return
		}
		there := convert(t, q, a, b)
		if back := convert(t, there, b, a); back.Cmp(q) != 0 {
			t.Fatalf("%v comes back as %v", q, back)
		}
		if unit.Convertible(b, c) {
			if over, straight := convert(t, there, b, c), convert(t, q, a, c); over.Cmp(straight) != 0 {
				t.Fatalf("%v over %s, %v straight", over, b, straight)
			}
		}
	})
}

func convert(t *rapid.T, q *big.Rat, from, to string) *big.Rat {
	out, err := unit.Convert(q, from, to)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCommonUnitsCostNoMemory(t *testing.T) {
	for name, f := range map[string]func(){
		"find":        func() { _, _ = unit.Find("hour") },
		"find alias":  func() { _, _ = unit.Find(" horas ") },
		"find symbol": func() { _, _ = unit.Find("kg") },
		"comparable":  func() { unit.Comparable("minute-Time", "hour") },
		"convertible": func() { unit.Convertible("kilogram", "hour") },
	} {
		if n := testing.AllocsPerRun(100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, text := range []string{"", "h", " Horas", "om2:kilogram", "m²", "µg", "gallons", "di\u0301a", "ºC", "\xff", "CUBIC  METERS", "ſ", "K"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, err := unit.Find(text)
		if err != nil {
			var unknown *unit.UnknownError
			var several *unit.AmbiguousError
			if id != "" || !errors.As(err, &unknown) && !errors.As(err, &several) {
				t.Fatalf("%q: %q with the error %v", text, id, err)
			}
			return
		}
		if _, known := unit.Lookup(id); !known {
			t.Fatalf("%q is found as %q, which is no unit", text, id)
		}
		for _, again := range []string{id, " " + text + " ", "om2:" + id} {
			if other, err := unit.Find(again); other != id || err != nil {
				t.Fatalf("%q is %q, and %q is %q (%v)", text, id, again, other, err)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	for _, text := range []string{"hour", "h", "kilogram", "horas", "Kilometers"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := unit.Find(text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkComparable(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if !unit.Comparable("minute-Time", "hour") {
			b.Fatal("a minute is no hour")
		}
	}
}

func BenchmarkConvert(b *testing.B) {
	q := big.NewRat(90, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := unit.Convert(q, "minute-Time", "hour"); err != nil {
			b.Fatal(err)
		}
	}
}
