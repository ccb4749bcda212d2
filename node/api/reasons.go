package api

import (
	"fmt"

	"github.com/minga-commons/minga/ledger"
)

// ReasonText returns the sentence for a reason of the rules, "en" or "es". It
// stands in the middle of other sentences: no capital, no full stop. A reason
// that has none is returned as it is.
func ReasonText(lang, reason string) string {
	t, known := reasonTexts[ledger.Reason(reason)]
	if !known {
		return reason
	}
	return t.in(lang)
}

// reasonTexts has a sentence for every reason of ledger/rules. It is never
// changed.
var reasonTexts = map[ledger.Reason]text{
	"unknown-action":        {"the action is none of ValueFlows", "la acción no es de ValueFlows"},
	"provider-missing":      {"it does not say who gave", "no dice quién dio"},
	"receiver-missing":      {"it does not say who received", "no dice quién recibió"},
	"quantity-missing":      {"it has no quantity of the kind that its action wants", "no tiene cantidad de la clase que pide su acción"},
	"quantity-not-positive": {"the quantity is zero, or negative without correcting anything", "la cantidad es cero, o negativa sin corregir nada"},
	"bad-time":              {"a time is neither RFC 3339 with an offset nor a date", "una fecha no es ni RFC 3339 con zona horaria ni un día"},
	"end-before-beginning":  {"it ends before it begins", "termina antes de empezar"},
	"too-many-verdicts":     {"one author gives at most 16 verdicts on one entry", "una misma persona da como máximo 16 veredictos sobre un asiento"},
	"self-confirmation":     {"nobody confirms what they did themselves", "nadie confirma lo que hizo por su cuenta"},
	"not-admitted":          {"in an open commons only those speak whom its stewards have admitted", "en un común abierto solo tienen voz quienes las personas administradoras han admitido"},
	"not-confirmable":       {"only events, declarations of use, and a set of witnesses that names you, can be confirmed", "solo se confirman eventos, declaraciones de uso, y un conjunto de testigos que te nombre"},
	"not-a-steward":         {"only a steward may write it", "solo puede escribirlo una persona administradora"},
	"not-an-inviter":        {"its author may not invite", "quien lo escribió no puede invitar"},
	"charter-log-only":      {"it belongs into the log of the commons", "va en el registro de la comunidad"},
	"charter-went-back":     {"it names an older charter than the entry before it", "nombra un estatuto más antiguo que el asiento anterior"},
	"charter-not-before":    {"it names itself or a later entry as its charter", "se nombra a sí mismo o a un asiento posterior como estatuto"},
	"bad-charter":           {"the charter cannot be read", "el estatuto no se puede leer"},
	"bad-witnesses":         {"the commons has its witnesses already, or too few bear that many liars", "la comunidad ya tiene testigos, o son pocos para tantos mentirosos"},
	"bad-proposal":          {"what it proposes cannot be read", "lo que propone no se puede leer"},

	"not-an-input":            {"what has this action is no input of a process", "lo que tiene esta acción no entra en un proceso"},
	"not-an-output":           {"what has this action is no output of a process", "lo que tiene esta acción no sale de un proceso"},
	"no-second-resource":      {"with this action nothing goes to another resource", "con esta acción nada pasa a otro recurso"},
	"creates-no-resource":     {"with this action no resource comes into being", "con esta acción no nace ningún recurso"},
	"resource-twice":          {"it names a resource that is there and a new one in its place", "nombra un recurso que ya existe y uno nuevo en su lugar"},
	"correction-creates":      {"a correction brings no resource into being", "una corrección no crea recursos"},
	"not-a-resource":          {"what it names as a resource is none", "lo que nombra como recurso no lo es"},
	"other-specification":     {"the resource is of another kind than the event says", "el recurso es de otra clase que la que dice el evento"},
	"units-not-comparable":    {"its unit cannot be converted into that of the resource", "su unidad no se puede convertir en la del recurso"},
	"corrects-something-else": {"what it corrects has another action, process or resource, or is no event", "lo que corrige tiene otra acción, otro proceso u otro recurso, o no es un evento"},

	"unknown-class":    {"ValueFlows has no records of that type", "ValueFlows no tiene registros de ese tipo"},
	"property-missing": {"it lacks something that every record of its type has: a name, an action, or who is related to whom", "le falta algo que tiene todo registro de su tipo: un nombre, una acción, o quién se relaciona con quién"},
	"bad-property":     {"one of its properties holds something of another kind", "una de sus propiedades contiene algo de otro tipo"},
	"bad-quantity":     {"a quantity is not a number with a unit", "una cantidad no es un número con su unidad"},
	"too-many-links":   {"it names more than 256 other things", "nombra más de 256 cosas"},

	"not-your-own-use":      {"everybody declares their own use; stewards may do it for somebody without a log", "cada quien declara su propio uso; quien administra puede hacerlo por alguien sin registro"},
	"bad-day":               {"the first or the last day of the period is no date such as 2026-03-31", "el primer o el último día del período no es una fecha como 2026-03-31"},
	"period-in-the-future":  {"the period has not ended: use is declared afterwards", "el período no ha terminado: el uso se declara después"},
	"negative-income":       {"the income is below zero; a loss is a profit below zero", "el ingreso es menor que cero; una pérdida es una ganancia menor que cero"},
	"profit-above-income":   {"the profit is above the income", "la ganancia es mayor que el ingreso"},
	"fraction-out-of-range": {"the part of the profit is not between 0 and 1", "la parte de la ganancia no está entre 0 y 1"},
	"periods-overlap":       {"you have declared other days of this resource that overlap these; the same days again correct them", "se declararon otros días de este recurso que se cruzan con estos; los mismos días otra vez los corrigen"},
	"not-licensed":          {"the licence of the charter is not for this resource", "la licencia del estatuto no es para este recurso"},

	"not-the-payer":          {"only the log of whoever pays may spend their money", "solo el registro de quien paga puede gastar su dinero"},
	"self-payment":           {"payer and payee are the same", "quien paga y quien cobra son la misma persona"},
	"not-a-transfer":         {"money moves by a transfer only", "el dinero solo se mueve con una transferencia"},
	"amount-missing":         {"it has no amount, or one with a unit of its own", "no tiene importe, o lo tiene con otra unidad"},
	"over-scale":             {"the amount has more decimals than the currency", "el importe tiene más decimales que la moneda"},
	"unknown-currency":       {"the charter has no such currency", "el estatuto no tiene esa moneda"},
	"not-an-issued-currency": {"only an issued currency comes into being by being given out", "solo una moneda emitida nace al entregarla"},
	"money-is-not-corrected": {"a payment is not corrected, it is paid back", "un pago no se corrige, se devuelve"},
	"overdraft":              {"the payer has less than that, with the limit", "quien paga tiene menos que eso, contando su límite"},
	"bad-watermark":          {"it claims what stands differently in the log that it names, or in its own", "cobra algo que en el registro que nombra está de otro modo, o está en el suyo"},
	"claims-without-payment": {"only a payment claims what was received before", "solo un pago cobra lo recibido antes"},
	"bad-distribution":       {"its parts do not follow one another, or its lines do not fit its amount, incomes or currency", "sus partes no se siguen, o sus líneas no cuadran con su importe, sus ingresos o su moneda"},
	"already-bound":          {"the agent has its account in another log already", "el agente ya tiene su cuenta en otro registro"},
	"sitting-witness":        {"a witness in office, or of the set before, is not removed", "no se retira a una persona testigo en funciones, ni a una del grupo anterior"},
	"the-charter-log-stays":  {"the log of the commons cannot be removed", "el registro de la comunidad no se puede retirar"},
	"awaits-settlement":      {"what it needs is not settled yet", "lo que necesita aún no está asentado"},
	"awaits-witnesses":       {"the new witnesses are not in office yet", "los testigos nuevos aún no están en funciones"},
	"fork-lost":              {"its log has two histories, and the other one is settled", "su registro tiene dos historias, y la otra está asentada"},
	"removed":                {"its log was removed from the commons", "su registro fue retirado de la comunidad"},

	"awaits-charter":  {"the charter that it names is not here yet", "el estatuto que nombra aún no está aquí"},
	"awaits-software": {"it needs a later version of this software", "necesita una versión posterior de este programa"},
	"fork-unsettled":  {"its log has two histories, and no quorum for either", "su registro tiene dos historias y ninguna con mayoría"},
}

// rowReason says in a language why a line of an import was not written, with
// its column.
func rowReason(lang string, l ImportLine) string {
	text := l.Reason
	if translated, known := rowReasons[text]; known && lang == spanish {
		text = translated
	}
	if len(l.Args) > 0 {
		text = fmt.Sprintf(text, speak(lang, l.Args)...)
	}
	if l.Column != "" {
		text = l.Column + ": " + text
	}
	return text
}

// rowReasons has the Spanish of every reason of ledger/archive, by the English.
// It is never changed.
var rowReasons = map[string]string{
	"the line is longer than 32 KiB":                                                                               "la línea pasa de 32 KiB",
	"a quote is never closed":                                                                                      "una comilla no se cierra nunca",
	"a quote is not closed on this line, nor properly later":                                                       "una comilla no se cierra en esta línea, ni bien más abajo",
	"text follows a closing quote; write a quote inside a field twice":                                             "hay texto después de la comilla que cierra; una comilla dentro de un campo se escribe dos veces",
	"a quote inside a field that does not begin with one":                                                          "una comilla dentro de un campo que no empieza con una",
	"%d fields where line 1 names %d columns; put text with commas in quotes":                                      "%d campos donde la línea 1 nombra %d columnas; pon entre comillas los textos con comas",
	"the text is not valid UTF-8; save the file as UTF-8":                                                          "el texto no es UTF-8 válido; guarda el archivo como UTF-8",
	"the text holds a control character":                                                                           "el texto tiene un carácter de control",
	"the text is longer than %d bytes":                                                                             "el texto pasa de %d bytes",
	"the text is longer than %d bytes, with who confirmed it":                                                      "el texto pasa de %d bytes, con quien lo confirmó",
	"a name stands on one line":                                                                                    "un nombre va en una sola línea",
	"there is nothing here":                                                                                        "aquí no hay nada",
	"%s is no time; write 2026-03-01T09:30:00-05:00, or a date, 2026-03-01":                                        "%s no es una fecha; escribe 2026-03-01T09:30:00-05:00, o un día, 2026-03-01",
	"%s is no decimal number of at most 15 digits and 9 places":                                                    "%s no es un número decimal de hasta 15 cifras y 9 decimales",
	"%s is negative; only a correction takes something back":                                                       "%s es negativo; solo una corrección quita algo",
	"nothing was given: the quantity is zero":                                                                      "no se dio nada: la cantidad es cero",
	"%s is no unit that is known here; use h, kg, l, one, or an OM2 identifier":                                    "%s no es una unidad conocida aquí; usa h, kg, l, uno, o un identificador OM2",
	"%s may be one of several units: %s; write which":                                                              "%s puede ser una de varias unidades: %s; escribe cuál",
	"%s is no action of ValueFlows; contributions are work, produce, deliverService, use, transfer and others":     "%s no es una acción de ValueFlows; los aportes son work, produce, deliverService, use, transfer y otros",
	"%s is neither the identifier of a process nor the first 8 or more characters of one; names are not looked up": "%s no es el identificador de un proceso ni sus primeros 8 o más caracteres; los nombres no se buscan",
	"no entry is held whose identifier begins with %s; wait until the node has caught up, or write all of it":      "aquí no hay ningún asiento cuyo identificador empiece por %s; espera a que el nodo se ponga al día, o escríbelo entero",
	"%s fits several entries; write more of the identifier":                                                        "%s puede ser varios asientos; escribe más del identificador",
	"%s is neither input nor output of a process":                                                                  "%s no es ni entrada ni salida de un proceso",
	"the key stands on line %d with other content":                                                                 "la clave está en la línea %d con otro contenido",
	"recorded before with other content, as %s":                                                                    "registrado antes con otro contenido, como %s",
	"there is no agent %s":                                                                                         "no hay ningún agente %s",
	"there is no agent %s, and only a steward may create one":                                                      "no hay ningún agente %s, y solo una persona administradora puede crearlo",
	"%s fits several agents; use an identifier: %s":                                                                "%s puede ser varios agentes; usa un identificador: %s",
	"it would have no effect: %v":                                                                                  "no tendría efecto: %v",
	"it cannot be recorded: %v":                                                                                    "no se puede registrar: %v",
	"recorded anew, but what stood there could not be corrected: %v":                                               "registrado de nuevo, pero no se pudo corregir lo que había: %v",
	"recorded anew, but a correction of what stood there would have no effect: %v":                                 "registrado de nuevo, pero una corrección de lo que había no tendría efecto: %v",
}
