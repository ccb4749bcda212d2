package api

// classTexts has a sentence for every class of a standing. It is never changed.
var classTexts = map[string]text{
	"lapsed":         {"Something is overdue: it may not use the resources until that is paid.", "Hay un pago vencido: no puede usar los recursos hasta que se pague."},
	"undetermined":   {"A fact is missing, so that nobody can say.", "Falta un dato, así que no se puede decir."},
	"non-commercial": {"It uses the resources without commerce, which is free.", "Usa los recursos sin comerciar, y eso es libre."},
	"exempt":         {"Its form of organisation uses them freely.", "Su forma de organización los usa libremente."},
	"reciprocating":  {"It contributes enough to use them without sharing its profit.", "Aporta lo bastante para usarlos sin compartir su ganancia."},
	"owing":          {"It uses them for profit, and shares that.", "Los usa con ganancia, y la comparte."},
}

// standingEvidence says what a standing is not.
var standingEvidence = text{
	"This is what the ledger holds as evidence, and no judgement of law.",
	"Esto es lo que el registro tiene como evidencia, y no un juicio de derecho.",
}

// standingTexts has a sentence for every reason of a standing. It is never
// changed.
var standingTexts = map[string]text{
	"overdue":               {"%[1]s %[3]s are overdue, the oldest since %[2]s.", "%[1]s %[3]s están vencidos, lo más antiguo desde el %[2]s."},
	"undeclared":            {"Nobody has declared the use of %s from %s to %s, and the time for it is over.", "Nadie ha declarado el uso de %s del %s al %s, y el plazo pasó."},
	"declaration-waiting":   {"The declared use of %s from %s to %s is not confirmed yet.", "El uso declarado de %s del %s al %s aún no está confirmado."},
	"declaration-disputed":  {"The declared use of %s from %s to %s is disputed.", "El uso declarado de %s del %s al %s está objetado."},
	"periods-overlap":       {"The declared use of %s from %s to %s overlaps another one.", "El uso declarado de %s del %s al %s se cruza con otro."},
	"profit-missing":        {"The declared use of %s from %s to %s does not say the profit.", "El uso declarado de %s del %s al %s no dice la ganancia."},
	"other-currency":        {"The profit from %s from %s to %s is in %s, and the licence counts in %s.", "La ganancia de %s del %s al %s está en %s, y la licencia cuenta en %s."},
	"fraction-missing":      {"The declared use of %s from %s to %s does not say which part of the profit is due to it.", "El uso declarado de %s del %s al %s no dice qué parte de la ganancia se le debe."},
	"unvalued-contribution": {"Contributions that the rules cannot value could change this: %s.", "Hay aportes que las reglas no pueden valorar y que podrían cambiar esto: %s."},
	"nothing-declared":      {"No use has been declared.", "No se ha declarado ningún uso."},
	"use-non-commercial":    {"It used %s from %s to %s without commerce.", "Usó %s del %s al %s sin comerciar."},
	"form-free":             {"Its form, %s, is on the free list of the licence.", "Su forma, %s, está en la lista libre de la licencia."},
	"contributes":           {"It contributed %[1]s %[3]s from %[4]s to %[5]s; %[2]s are enough.", "Aportó %[1]s %[3]s del %[4]s al %[5]s; bastan %[2]s."},
	"contributes-less":      {"It contributed %[1]s %[3]s from %[4]s to %[5]s; enough would be %[2]s.", "Aportó %[1]s %[3]s del %[4]s al %[5]s; bastarían %[2]s."},
	"no-threshold":          {"The licence has no contribution that frees from sharing.", "La licencia no tiene un aporte que libre de compartir."},
	"charged":               {"Charged in all: %s %s, which is %s %% of the profit of each period.", "Cargado en total: %s %s, que es el %s %% de la ganancia de cada período."},
	"offset":                {"Contributions set off %s %s of it.", "Los aportes compensan %s %s de ello."},
	"paid":                  {"Paid: %s %s.", "Pagado: %s %s."},
	"owes":                  {"Still owed: %s %s, the oldest until %s.", "Aún se debe: %s %s, lo más antiguo hasta el %s."},
	"credit":                {"Paid beyond that: %s %s.", "Pagado de más: %s %s."},
}
