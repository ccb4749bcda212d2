package share

import "github.com/minga-commons/minga/ledger/rules/charter"

func english() *words {
	return &words{
		percent: "%v %%", ofTotal: "of the whole income", ofRemaining: "of what is left", allRemaining: "all that is left",
		to: "goes to %s",
		policy: map[charter.Policy]string{
			charter.Proportional: "is shared in proportion to what each may claim",
			charter.Equal:        "is shared in equal parts among all who may claim something",
			charter.Balanced:     "is shared so that each has ever received from it, as nearly as possible, the part that it ever contributed",
		},
		firstRule: "the first rule that fits counts",
		min:       "each gets at least %s", max: "nobody gets more than %s",
		currency: "only of incomes in %s",
		restNext: "what nobody gets goes to the next bucket", restPool: "what nobody gets stays in the pool", restTo: "what nobody gets goes to %s",

		anything: "any contribution", resource: "of “%s”", process: "in the process “%s”", plan: "for the plan “%s”",
		share: "%s is worth %v %% of all else that went into the same process",
		worth: "%s is worth %s for each %s", factor: "as %s, times %v", as: "as %s",
		stream:  map[charter.Stream]string{charter.Livelihood: "livelihood", charter.Love: "love", charter.Care: "care"},
		members: "from members only", inTrace: "only the part that went into what was paid for", toSource: "for those who are behind what was used or cited",
		claim: map[charter.Claim]string{
			charter.Once:   "claimed once, whatever that pays",
			charter.Debt:   "owed until it is paid",
			charter.Equity: "counts whole every time",
		},
		since: "from %s on", sinceApproval: "from the approval of the bucket on",
		actions: map[string]string{
			"accept":            "taking in for repair",
			"cite":              "citation",
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
		units: map[string]string{"one": "unit", "minute-Time": "minute", "day": "day"},
	}
}

func spanish() *words {
	return &words{
		percent: "el %v %%", ofTotal: "de todo el ingreso", ofRemaining: "de lo que queda", allRemaining: "todo lo que queda",
		to: "va a %s",
		policy: map[charter.Policy]string{
			charter.Proportional: "se reparte en proporción a lo que cada quien puede reclamar",
			charter.Equal:        "se reparte en partes iguales entre quienes pueden reclamar algo",
			charter.Balanced:     "se reparte de modo que cada quien haya recibido de aquí, lo más cerca posible, la parte que ha aportado desde el principio",
		},
		firstRule: "vale la primera regla que coincide",
		min:       "cada quien recibe al menos %s", max: "nadie recibe más de %s",
		currency: "solo de ingresos en %s",
		restNext: "lo que nadie recibe pasa al fondo siguiente", restPool: "lo que nadie recibe se queda en la caja común", restTo: "lo que nadie recibe va a %s",

		anything: "cualquier aporte", resource: "de «%s»", process: "en el proceso «%s»", plan: "para el plan «%s»",
		share: "%s vale el %v %% de todo lo demás que entró en el mismo proceso",
		worth: "%s vale %s por cada %s", factor: "como %s, multiplicado por %v", as: "como %s",
		stream:  map[charter.Stream]string{charter.Livelihood: "sustento", charter.Love: "amor", charter.Care: "cuidados"},
		members: "solo de miembros", inTrace: "solo la parte que entró en lo que se pagó", toSource: "para quienes están detrás de lo usado o citado",
		claim: map[charter.Claim]string{
			charter.Once:   "se reclama una vez, pague lo que pague",
			charter.Debt:   "se debe hasta que se pague",
			charter.Equity: "cuenta entero cada vez",
		},
		since: "desde el %s", sinceApproval: "desde que se aprobó el fondo",
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
