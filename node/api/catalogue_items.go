package api

import "github.com/minga-commons/minga/ledger"

// itemTexts has the texts of every code that a single field or parameter can
// have. It is never changed.
var itemTexts = map[Code]text{
	CodeSyntax:          {"This is not JSON: %v.", "Esto no es JSON: %v."},
	CodeUnknownField:    {"There is no field %q.", "No existe el campo %q."},
	CodeDuplicate:       {"The field %q stands here twice.", "El campo %q aparece dos veces."},
	CodeMissing:         {"This is needed and missing.", "Hace falta y no está."},
	CodeWrongType:       {"Wanted is %s.", "Se espera %s."},
	CodeTooLong:         {"At most %d are allowed.", "Se permiten como máximo %d."},
	CodeTooDeep:         {"It is nested deeper than %d levels.", "Tiene más de %d niveles."},
	CodeChoice:          {"%q is none of: %s.", "%q no es ninguno de: %s."},
	CodeRange:           {"Wanted is %s.", "Se espera %s."},
	CodeBadNumber:       {"%q is no decimal number of at most 15 digits and 9 places, such as \"2.5\".", "%q no es un número decimal de hasta 15 cifras y 9 decimales, como \"2.5\"."},
	CodeBadDay:          {"%q is no day: wanted is a date such as 2026-03-31.", "%q no es un día: se espera una fecha como 2026-03-31."},
	CodeBadTime:         {"%q is no time: wanted is 2026-03-01, 2026-03-01T10:00:00-05:00 or, for an end, P7D.", "%q no es una fecha: se espera 2026-03-01, 2026-03-01T10:00:00-05:00 o, para un final, P7D."},
	CodeBadUnit:         {"%q is no unit: wanted is an OM2 identifier such as hour, kilogram or one.", "%q no es una unidad: se espera un identificador OM2 como hour, kilogram u one."},
	CodeBadCursor:       {"%q is no cursor of this list: take it from next or Link of an answer, with the same filters.", "%q no es un cursor de esta lista: se toma de next o Link de una respuesta, con los mismos filtros."},
	CodeBadID:           {"%q is no identifier: wanted is a CID or at least its first 8 characters.", "%q no es un identificador: se espera un CID o al menos sus 8 primeros caracteres."},
	CodeUnknownAgent:    {"This commons has no agent %q.", "Esta comunidad no tiene el agente %q."},
	CodeUnknownEntry:    {"This node holds no entry that begins with %q.", "Este nodo no tiene ninguna entrada que empiece por %q."},
	CodeUnknownRecord:   {"This node holds nothing that is called %q here.", "Este nodo no tiene aquí nada que se llame %q."},
	CodeUnknownResource: {"This node holds no resource %q.", "Este nodo no tiene el recurso %q."},
	CodeUnknownParam:    {"There is no parameter %q here.", "Aquí no existe el parámetro %q."},
	CodeFuture:          {"%s lies in the future; today is %s.", "%s está en el futuro; hoy es %s."},
	CodeExclusive:       {"This does not go together with %s.", "Esto no va junto con %s."},
	CodeEmpty:           {"This must not be empty.", "Esto no debe estar vacío."},
	CodeNotCanonical:    {"This does not fit the format: %v.", "Esto no cabe en el formato: %v."},
	CodeAmbiguousName:   {"%q may mean more than one.", "%q puede ser más de uno."},
	CodeBadCharter:      {"This cannot stand in a charter: %s.", "Esto no puede estar en un estatuto: %s."},
	CodeNotPositive:     {"A payment is more than zero; %q is not.", "Un pago es mayor que cero; %q no lo es."},
	CodeNotAbove:        {"Wanted is more than zero; %q is not.", "Se espera más que cero; %q no lo es."},
	CodeNegative:        {"%q is less than nothing.", "%q es menos que nada."},
	CodePlaces:          {"%q has more decimal places than %s has, which are %d.", "%q tiene más decimales que %s, que tiene %d."},
	CodeNoCurrency:      {"This commons has no currency %q; it has: %s.", "Esta comunidad no tiene la moneda %q; tiene: %s."},
	CodeOtherUse:        {"That is a use by %q, and a payment counts for uses of who pays.", "Ese es un uso de %q, y un pago cuenta para los usos de quien paga."},
	CodeSelfPayment:     {"A payment goes from one account to another.", "Un pago va de una cuenta a otra."},
	CodeNotPayment:      {"%q is no payment.", "%q no es un pago."},
	CodeNoLog:           {"%q keeps no log of its own: it is a record that somebody else keeps.", "%q no lleva un registro propio: es una ficha que lleva otra persona."},
	CodeNoRecord:        {"%q is no record: it keeps a log of its own.", "%q no es una ficha: lleva un registro propio."},
	CodeTwice:           {"%q is named twice.", "%q aparece dos veces."},
	CodeWitnessCount:    {"Where %d may lie, at least %d witnesses are needed; there are %d.", "Donde pueden mentir %d, hacen falta al menos %d testigos; hay %d."},
	CodeBadParameter:    {"%q is not possible here; wanted is %s.", "%q no es posible aquí; se espera %s."},
	CodeAmbiguousUnit:   {"%q may be one of several units: %s. Write which.", "%q puede ser una de varias unidades: %s. Escribe cuál."},
}

// Names of JSON types and other short phrases, for the texts above.
var (
	phraseText     = text{"a text", "un texto"}
	phraseObject   = text{"an object", "un objeto"}
	phraseList     = text{"a list", "una lista"}
	phraseInteger  = text{"a whole number", "un número entero"}
	phraseBool     = text{"true or false", "true o false"}
	phraseBetween  = text{"a whole number from %d to %d", "un número entero de %d a %d"}
	phraseFuture   = text{"a time still to come", "un momento aún por venir"}
	phraseDecimal  = text{"a decimal number in quotes, such as \"2.5\"", "un número decimal entre comillas, como \"2.5\""}
	phraseOneOf    = text{"one of %s", "uno de %s"}
	phraseAnything = text{"another value", "otro valor"}
	phraseNoEffect = text{"it would have no effect (%s)", "no tendría efecto (%s)"}

	phraseNone = text{"none", "ninguna"}

	phraseNothingBack = text{"the payment has no effect (%s), so there is nothing to send back", "el pago no tiene efecto (%s), por eso no hay nada que devolver"}

	settledByOne   = text{"settled by one operator", "asentado por un solo operador"}
	settledByMany  = text{"settled by a quorum of %d witnesses", "asentado por una mayoría de %d testigos"}
	writingAsking  = text{"asking peers for its own log", "preguntando a otros nodos por su propio registro"}
	writingRefused = text{"writes nothing: its files are a copy, and no peer has said how far its own log had come", "no escribe nada: sus archivos son una copia y ningún otro nodo ha dicho hasta dónde había llegado su propio registro"}
	silentWitness  = text{"silent witness: its files are a copy, and too few other witnesses have answered to be sure that it has all of its votes", "testigo en silencio: sus archivos son una copia y han contestado muy pocos testigos para estar seguro de que tiene todos sus votos"}
	settledByNone  = text{"no witness is known yet", "aún no se conoce ningún testigo"}
)

// phrase is a text with its arguments, put into the language together with the
// text around it.
type phrase struct {
	text
	args []any
}

func (t text) with(args ...any) phrase { return phrase{t, args} }

// speak puts the phrases among args into a language.
func speak(lang string, args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case text:
			out[i] = arg.in(lang)
		case phrase:
			out[i] = arg.fill(lang, arg.args)
		case ledger.Reason:
			out[i] = ReasonText(lang, string(arg))
		default:
			out[i] = arg
		}
	}
	return out
}
