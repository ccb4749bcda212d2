package api

// Sentences about how value returns, in every language.
var (
	sayVerified   = text{"It is right: %s %s in %d lines, computed again from the log, come out the same.", "Es correcto: %s %s en %d líneas, calculados de nuevo desde el registro, dan lo mismo."}
	sayDiffers    = text{"It is not right: %d lines are stated otherwise than the log gives.", "No es correcto: %d líneas dicen otra cosa que lo que da el registro."}
	sayIncomplete = text{"It cannot be computed here: of the cut, %d entries are not held or not settled on this node.", "Aquí no se puede calcular: del corte, %d entradas no están en este nodo o no están asentadas."}

	differsLine  = text{"%s in %s gets %s, and %s comes out", "a %s en %s le da %s, y sale %s"}
	differsRest  = text{"%s stay in the pool, and %s come out", "en la caja quedan %s, y salen %s"}
	differsBoth  = text{"%v; %v", "%v; %v"}
	differsMore  = text{"%v; and %d more", "%v; y %d más"}
	sayMissing   = text{"This node does not hold yet what the distribution was computed from, or it is not settled here: %s up to entry %d, of %d logs. Nothing was signed.", "Este nodo aún no tiene aquello de lo que se calculó el reparto, o no está asentado aquí: %s hasta la entrada %d, de %d registros. No se firmó nada."}
	sayNobody    = text{"nobody would get anything of it by the rules of the charter: minga distribution preview shows what each bucket finds", "con las reglas del estatuto nadie recibiría nada: minga distribution preview muestra qué encuentra cada fondo"}
	sayNoIncome  = text{"%s is no income of this commons", "%s no es un ingreso de este común"}
	sayElsewhere = text{"the income %s is in %s, another currency", "el ingreso %s está en %s, otra moneda"}

	warnHeld     = text{"%s has %d newer entries that are not settled yet: they do not count here.", "%s tiene %d entradas más nuevas que todavía no están asentadas: aquí no cuentan."}
	warnFrozen   = text{"The log of %s is frozen by two histories: %d entries do not count here.", "El registro de %s está congelado por dos historias: %d entradas no cuentan aquí."}
	warnGone     = text{"%s was removed from the commons and gets a line all the same: what was contributed before counts.", "%s ya no está en el común y recibe una línea de todos modos: cuenta lo que aportó antes."}
	warnUntraced = text{"Nothing is known of what the income %s was paid for: rules that look at what went into it find nothing there.", "No se sabe nada de aquello por lo que se pagó el ingreso %s: las reglas que miran lo que entró ahí no encuentran nada."}
	warnLeftOut  = text{"%s has %d settled entries from before that are above the cut: they do not count here.", "%s tiene %d entradas asentadas de antes que quedan por encima del corte: aquí no cuentan."}
	warnOlder    = text{"It is shared by version %d of the charter; the newest is version %d.", "Se reparte por la versión %d del estatuto; la más nueva es la versión %d."}
	warnAgain    = text{"The income %s was named by an earlier distribution.", "El ingreso %s ya lo nombró un reparto anterior."}
	warnAhead    = text{"It is dated ahead of the clock of this node: windows count as over that are not.", "Tiene una fecha por delante del reloj de este nodo: cuentan como vencidos plazos que no lo están."}
	warnUnvalued = text{"%d events match a rule and have no quantity in its unit: they count for nothing. See unvalued.", "%d eventos caen en una regla y no tienen cantidad en su unidad: no cuentan nada. Mira los no valorados."}
	warnOther    = text{"%s: %s", "Aviso %s: %s"}

	whyRest         = text{"and %d more", "y %d más"}
	whyPaidBy       = text{"%s from %s", "%s de %s"}
	whyPaidTo       = text{"%s to %s", "%s a %s"}
	whyMoney        = text{"payment", "pago"}
	whyDivided      = text{"distribution of %s %s", "reparto de %s %s"}
	whyAccount      = text{"account in %s", "cuenta en %s"}
	whyPasses       = text{"What this bucket gives %s comes from no event: the charter names who gets it.", "Lo que este fondo da a %s no viene de ningún evento: el estatuto dice a quién va."}
	whyNamed        = text{"the charter names who gets this bucket", "el estatuto dice a quién va este fondo"}
	whyLeft         = text{"the charter names who gets what the bucket leaves", "el estatuto dice a quién va lo que el fondo deja"}
	whyCarried      = text{"corrections took back more than there was to claim", "las correcciones quitaron más de lo que había que reclamar"}
	whyOutside      = text{"outside", "afuera"}
	reportValue     = text{"Contributions are valued by the rules of charter version %d: the first rule that matches, over all buckets in their order.", "Los aportes se valoran con las reglas de la versión %d del estatuto: la primera regla que coincide, por todos los fondos en su orden."}
	reportRounded   = text{"Shares and the Gini coefficient are computed exactly and shown with four decimal places.", "Las partes y el coeficiente de Gini se calculan con exactitud y se muestran con cuatro decimales."}
	reportUncounted = text{"Not in the value: %d confirmed contributions without a quantity in the unit of their rule, and %d for which there is no rule.", "No están en el valor: %d aportes confirmados sin cantidad en la unidad de su regla, y %d para los que no hay regla."}
	reportUnknown   = text{"What was kept outside is not known for %d declarations of commercial use that state no profit.", "Lo que quedó afuera no se conoce para %d declaraciones de uso comercial que no dicen ganancia."}
	phraseAfter     = text{"a day after %s", "un día posterior a %s"}

	whyCorrects = text{"correction: %s", "corrección: %s"}
)

// shareWarnings has a sentence for each warning of the value equation. It is never
// changed.
var shareWarnings = map[string]text{
	"unknown-resource": {"Bucket %s, rule %s: no event is of the resource %s.", "Fondo %s, regla %s: ningún evento es del recurso %s."},
	"unknown-process":  {"Bucket %s, rule %s: no event is of the process %s.", "Fondo %s, regla %s: ningún evento es del proceso %s."},
	"unknown-plan":     {"Bucket %s, rule %s: no event is of the plan %s.", "Fondo %s, regla %s: ningún evento es del plan %s."},
	"other-currency":   {"Bucket %s takes no part, since it is of the currency %s.", "El fondo %s no participa, porque es de la moneda %s."},
	"minima-shared":    {"Bucket %s is too small for the least that each gets, which would be %s: it is shared by that.", "El fondo %s es muy pequeño para el mínimo de cada quien, que sería %s: se reparte según eso."},
	"counted-alike":    {"Nothing compares the outputs of %s: they counted alike. A [[weight]] in the charter would say what each weighs.", "Nada compara las salidas de %s: contaron por igual. Un [[weight]] en el estatuto diría cuánto pesa cada una."},
}
