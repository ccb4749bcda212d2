package share

import "github.com/minga-commons/minga/ledger/rules/charter"

func english() *words {
	return &words{
		percent: "%v %%", ofTotal: "of the whole income", ofRemaining: "of what is left of the income when its turn comes",
		to: "goes to %s",
		policy: map[charter.Policy]string{
			charter.Proportional: "is shared among those who contributed, in proportion to what each may claim",
			charter.Equal:        "is shared in equal parts among all who may claim something",
			charter.Balanced:     "is shared so that what each has ever received from it comes as near as possible to the share of what each has ever contributed",
		},
		firstRule: "of its %d rules the first that fits a contribution counts",
		min:       "each of them gets at least %s in each distribution", max: "nobody gets more than %s in one distribution",
		currency: "it takes part only in distributions of %s",
		restNext: "what nobody gets goes to the next bucket", restPool: "what nobody gets stays in the pool", restTo: "what nobody gets goes to %s",

		anything: "any contribution", resource: "of “%s”", process: "in the process “%s”", plan: "for the plan “%s”",
		share: "%s is worth %v %% of the value of everything else that went into the same process",
		worth: "%s is worth %s for each %s", factor: "as %s, times %v", as: "as %s",
		stream: map[charter.Stream]string{charter.Livelihood: "livelihood", charter.Love: "love", charter.Care: "care"},
		who:    map[charter.Who]string{charter.Anyone: "whoever contributed it, member or not", charter.Members: "only if a member contributed it"},
		scope: map[charter.Scope]string{
			charter.InPeriod: "all that is confirmed counts",
			charter.InTrace:  "only the part that went into what the income was paid for counts",
		},
		credit: map[charter.Credit]string{
			charter.ToProvider: "it belongs to whoever contributed it",
			charter.ToSource:   "it belongs to those whose contributions are behind what was used or cited, and if there are none, to whoever contributed it",
		},
		claim: map[charter.Claim]string{
			charter.Once:   "it can be claimed in one distribution only, whatever that pays",
			charter.Debt:   "it stays due until it is paid, and is paid no more than once",
			charter.Equity: "it counts whole in every distribution",
		},
		since: "if it is of %s or later", sinceApproval: "if it is not older than the approval of this bucket",
		actions: map[string]string{
			"accept":            "taking in for repair",
			"cite":              "citing",
			"combine":           "combining",
			"consume":           "consumption",
			"copy":              "copying",
			"deliverService":    "a service",
			"dropoff":           "delivery",
			"lower":             "writing down",
			"modify":            "modification",
			"move":              "moving",
			"pickup":            "collection",
			"produce":           "production",
			"raise":             "writing up",
			"separate":          "separation",
			"transfer":          "transfer",
			"transferAllRights": "transfer of all rights",
			"transferCustody":   "transfer of custody",
			"use":               "use",
			"work":              "work",
		},
		units: map[string]string{"one": "one", "minute-Time": "minute", "day": "day"},
	}
}

func spanish() *words {
	return &words{
		percent: "el %v %%", ofTotal: "de todo el ingreso", ofRemaining: "de lo que queda del ingreso cuando llega su turno",
		to: "va a %s",
		policy: map[charter.Policy]string{
			charter.Proportional: "se reparte entre quienes aportaron, en proporción a lo que cada quien puede reclamar",
			charter.Equal:        "se reparte en partes iguales entre quienes pueden reclamar algo",
			charter.Balanced:     "se reparte de modo que lo que cada quien ha recibido de aquí desde el principio se acerque lo más posible a su parte de lo que se ha aportado desde el principio",
		},
		firstRule: "de sus %d reglas vale la primera que corresponda a un aporte",
		min:       "cada quien recibe al menos %s en cada reparto", max: "nadie recibe más de %s en un reparto",
		currency: "solo participa en repartos de %s",
		restNext: "lo que nadie recibe pasa al fondo siguiente", restPool: "lo que nadie recibe se queda en la caja común", restTo: "lo que nadie recibe va a %s",

		anything: "cualquier aporte", resource: "de «%s»", process: "en el proceso «%s»", plan: "para el plan «%s»",
		share: "%s vale el %v %% del valor de todo lo demás que entró en el mismo proceso",
		worth: "%s vale %s por cada %s", factor: "como %s, multiplicado por %v", as: "como %s",
		stream: map[charter.Stream]string{charter.Livelihood: "sustento", charter.Love: "amor", charter.Care: "cuidados"},
		who:    map[charter.Who]string{charter.Anyone: "de quien sea, miembro o no", charter.Members: "solo si lo aportó un miembro"},
		scope: map[charter.Scope]string{
			charter.InPeriod: "cuenta todo lo confirmado",
			charter.InTrace:  "cuenta solo la parte que entró en aquello por lo que se pagó el ingreso",
		},
		credit: map[charter.Credit]string{
			charter.ToProvider: "es de quien lo aportó",
			charter.ToSource:   "es de quienes hicieron los aportes que están detrás de lo usado o citado, y si no hay, de quien lo aportó",
		},
		claim: map[charter.Claim]string{
			charter.Once:   "se reclama en un solo reparto, pague lo que pague",
			charter.Debt:   "se debe hasta que se pague, y no se paga más de una vez",
			charter.Equity: "cuenta entero en cada reparto",
		},
		since: "si es del %s o posterior", sinceApproval: "si no es anterior a la aprobación de este fondo",
		actions: map[string]string{
			"accept":            "la recepción para reparar",
			"cite":              "la cita",
			"combine":           "la unión",
			"consume":           "el consumo",
			"copy":              "la copia",
			"deliverService":    "el servicio",
			"dropoff":           "la entrega",
			"lower":             "la baja",
			"modify":            "la modificación",
			"move":              "el traslado",
			"pickup":            "la recogida",
			"produce":           "la producción",
			"raise":             "el alta",
			"separate":          "la separación",
			"transfer":          "la transferencia",
			"transferAllRights": "la cesión de todos los derechos",
			"transferCustody":   "la cesión de la custodia",
			"use":               "el uso",
			"work":              "el trabajo",
		},
		units: map[string]string{
			"one": "unidad", "hour": "hora", "minute-Time": "minuto", "second-Time": "segundo", "day": "día", "week": "semana",
			"kilogram": "kilogramo", "gram": "gramo", "tonne": "tonelada", "litre": "litro", "millilitre": "mililitro",
			"metre": "metro", "kilometre": "kilómetro", "squareMetre": "metro cuadrado", "cubicMetre": "metro cúbico",
			"hectare": "hectárea", "kilowattHour": "kilovatio hora", "dozen": "docena", "gigabyte": "gigabyte",
		},
	}
}
