package api

// Sentences about money and decisions, in every language.
var (
	sayPay       = text{"pay %s %s from %s to %s", "pagar %s %s de %s a %s"}
	sayCharter   = text{"a new version of the charter, signed by the keys of %s", "una nueva versión del estatuto, con las llaves de %s"}
	sayWitnesses = text{"witnesses: %s; up to %d of them may lie", "testigos: %s; pueden mentir hasta %d de ellos"}
	sayAdmit     = text{"admit the log of %s", "admitir el registro de %s"}
	sayRemove    = text{"remove %s; what it wrote up to entry %d counts", "retirar a %s; cuenta lo que escribió hasta la entrada %d"}
	sayRevoke    = text{"take back the invitation %s", "anular la invitación %s"}
	sayBind      = text{"the record %s is the member %s", "la ficha %s es el miembro %s"}
	sayKeys      = text{"new keys: %d of %d sign", "llaves nuevas: firman %d de %d"}
	sayAccount   = text{"the shared account %s: %d of %d sign", "la cuenta compartida %s: firman %d de %d"}
	sayShare     = text{"distribute %s %s", "repartir %s %s"}
	saySharing   = text{"distribution: %s", "reparto: %s"}
	sayTargets   = text{"give between 1 and 1,000 targets", "den entre 1 y 1.000 destinos"}
	sayOther     = text{"an entry of the kind %s", "una entrada del tipo %s"}

	sayResolve = text{"Record which of them holds: correct the event %s with the value that is right (minga event correct, or POST /v1/events/{event}/corrections). The node names all of them as what it knew.", "Registra cuál vale: corrige el evento %s con el valor que es cierto (minga event correct, o POST /v1/events/{event}/corrections). El nodo los nombra a todos como lo que conocía."}

	forkFrozen  = text{"Frozen: the same key signed two histories from entry %d on; most often a home was copied. Payments above the fork do not count until the witnesses settle one.", "Congelado: la misma llave firmó dos historias desde la entrada %d; lo más frecuente es que se haya copiado un directorio. Los pagos por encima de la bifurcación no cuentan hasta que los testigos asienten una."}
	forkDecided = text{"The same key signed two histories from entry %d on; most often a home was copied. One of them is settled, and the other has no effect.", "La misma llave firmó dos historias desde la entrada %d; lo más frecuente es que se haya copiado un directorio. Una de ellas está asentada y la otra no tiene efecto."}

	witnessOne     = text{"Settled by one operator.", "Lo asienta un solo operador."}
	witnessCrash   = text{"It survives crashes, and no liar.", "Resiste caídas, y a nadie que mienta."}
	witnessLiars   = text{"It survives up to %d of the %d lying.", "Resiste que hasta %d de los %d mientan."}
	witnessNext    = text{"Another set of witnesses waits to be settled: after this only the new witnesses can settle.", "Otro grupo de testigos espera ser asentado: después de esto solo los nuevos testigos pueden asentar."}
	witnessMissing = text{"They have not confirmed that they serve: %s.", "No han confirmado que sirven: %s."}
	witnessClosing = text{"Witnesses are changing: payments continue, settlement pauses; closed %d of %d needed.", "Los testigos están cambiando: los pagos siguen, el asentamiento espera; han cerrado %d de los %d que hacen falta."}
	witnessSilent  = text{"Still missing: %s.", "Aún faltan: %s."}
	witnessFounder = text{"Until the founder's close is settled you trust the founder alone.", "Hasta que se asiente el cierre de quien fundó, se confía solo en esa persona."}
	witnessFewLeft = text{"With fewer than %d of the present witnesses able to act, no change is possible.", "Con menos de %d de los testigos actuales en condiciones de actuar, ningún cambio es posible."}
)
