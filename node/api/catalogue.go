package api

import "fmt"

// text is one sentence in every language, with the verbs of fmt.
type text struct{ en, es string }

func (t text) in(lang string) string {
	if lang == spanish {
		return t.es
	}
	return t.en
}

func (t text) fill(lang string, args []any) string {
	if len(args) == 0 {
		return t.in(lang)
	}
	return fmt.Sprintf(t.in(lang), speak(lang, args)...)
}

// message is what a problem says: what kind of problem, what was wrong this
// time, and the next step.
type message struct{ title, detail, hint text }

// catalogue has the texts of every problem code. It is never changed.
var catalogue = map[Code]message{
	CodeNotFound: {
		title:  text{"Not found", "No encontrado"},
		detail: text{"This node holds nothing named %q.", "Este nodo no tiene nada con el nombre %q."},
		hint:   text{"Check the spelling, or wait until the node has caught up with its peers.", "Revisa cómo está escrito o espera a que el nodo se ponga al día con los demás."},
	},
	CodeNoRoute: {
		title:  text{"No such path", "La ruta no existe"},
		detail: text{"There is nothing at %s.", "No hay nada en %s."},
		hint:   text{"/v1/openapi.json lists all paths.", "/v1/openapi.json muestra todas las rutas."},
	},
	CodeMethod: {
		title:  text{"Method not allowed", "Método no permitido"},
		detail: text{"%s is not possible on %s; possible: %s.", "%s no es posible en %s; es posible: %s."},
		hint:   text{"/v1/openapi.json says what each path can do.", "/v1/openapi.json dice qué permite cada ruta."},
	},
	CodeInvalid: {
		title:  text{"It cannot be recorded", "No se puede registrar"},
		detail: text{"It cannot be recorded: %v.", "No se puede registrar: %v."},
		hint:   text{"Correct what is named here and send it again; nothing was written.", "Corrige lo indicado y envíalo de nuevo; no se escribió nada."},
	},
	CodeBadBody: {
		title:  text{"The body is not understood", "El contenido no se entiende"},
		detail: text{"The body of the request does not have the form wanted.", "El contenido de la petición no tiene la forma esperada."},
		hint:   text{"Correct the fields named under errors; /v1/openapi.json describes the form.", "Corrige los campos indicados en errors; /v1/openapi.json describe la forma."},
	},
	CodeBadParameter: {
		title:  text{"A parameter is not understood", "Un parámetro no se entiende"},
		detail: text{"The request has parameters that are unknown, wrong, or do not go together.", "La petición tiene parámetros desconocidos, erróneos o que no van juntos."},
		hint:   text{"Correct the parameters named under errors; /v1/openapi.json lists those there are.", "Corrige los parámetros indicados en errors; /v1/openapi.json muestra los que hay."},
	},
	CodeBodyTooLarge: {
		title:  text{"The body is too large", "El contenido es demasiado grande"},
		detail: text{"The body may have at most %d bytes.", "El contenido puede tener como máximo %d bytes."},
		hint:   text{"Many events go in as CSV through /v1/imports, which has no such bound.", "Muchos eventos entran como CSV por /v1/imports, que no tiene ese límite."},
	},
	CodeMediaType: {
		title:  text{"Unsupported media type", "Tipo de contenido no admitido"},
		detail: text{"The body is %q; wanted is %s.", "El contenido es %q; se espera %s."},
		hint:   text{"Set the header Content-Type.", "Indica la cabecera Content-Type."},
	},
	CodeAmbiguous: {
		title:  text{"The name is ambiguous", "El nombre es ambiguo"},
		detail: text{"%q may mean more than one.", "%q puede ser más de uno."},
		hint:   text{"Use one of the identifiers under candidates.", "Usa uno de los identificadores en candidates."},
	},
	CodeNoCommons: {
		title:  text{"No commons", "Ninguna comunidad"},
		detail: text{"This node holds no commons yet.", "Este nodo aún no tiene ninguna comunidad."},
		hint:   text{"Create one, or join one with an invitation.", "Crea una o únete a una con una invitación."},
	},
	CodeWhichCommons: {
		title:  text{"Which commons?", "¿Qué comunidad?"},
		detail: text{"This node holds several commons and none was named.", "Este nodo tiene varias comunidades y no se indicó ninguna."},
		hint:   text{"Name one of the candidates as ?commons=.", "Indica una de las candidatas con ?commons=."},
	},
	CodeUnknownCommons: {
		title:  text{"Unknown commons", "Comunidad desconocida"},
		detail: text{"This node does not hold the commons %q.", "Este nodo no tiene la comunidad %q."},
		hint:   text{"GET /v1/commons lists those that it holds.", "GET /v1/commons muestra las que tiene."},
	},
	CodeNotMember: {
		title:  text{"Not a member", "No es miembro"},
		detail: text{"This node is not a member of the commons and cannot write in it.", "Este nodo no es miembro de la comunidad y no puede escribir en ella."},
		hint:   text{"Join with an invitation.", "Únete con una invitación."},
	},
	CodeNotSteward: {
		title:  text{"Only stewards may", "Solo quienes administran"},
		detail: text{"Only a steward of the commons may do this.", "Solo una persona administradora de la comunidad puede hacerlo."},
		hint:   text{"Ask a steward to do it.", "Pídeselo a quien administra."},
	},
	CodeReused: {
		title:  text{"Idempotency key used before", "Clave de idempotencia ya usada"},
		detail: text{"The idempotency key was used for another request.", "La clave de idempotencia se usó para otra petición."},
		hint:   text{"Use a new key for a new request.", "Usa una clave nueva para una petición nueva."},
	},
	CodeRunning: {
		title:  text{"Still running", "Aún en curso"},
		detail: text{"A request with this idempotency key is still running.", "Una petición con esta clave de idempotencia aún está en curso."},
		hint:   text{"Send it again in a moment.", "Envíala de nuevo en un momento."},
	},
	CodeNoIdempotency: {
		title:  text{"No idempotency key here", "Aquí no hay clave de idempotencia"},
		detail: text{"This request cannot keep the promise of an idempotency key.", "Esta petición no puede cumplir lo que promete una clave de idempotencia."},
		hint:   text{"Leave the header Idempotency-Key out.", "Quita la cabecera Idempotency-Key."},
	},
	CodeExists: {
		title:  text{"Exists already", "Ya existe"},
		detail: text{"It exists already: %v.", "Ya existe: %v."},
		hint:   text{"Look at what is there before you go on.", "Mira lo que hay antes de seguir."},
	},
	CodeFrozen: {
		title:  text{"The log is frozen", "El registro está congelado"},
		detail: text{"Your log has two histories, so nothing can be written to it.", "Tu registro tiene dos historias, por eso no se puede escribir en él."},
		hint:   text{"`minga doctor` shows where they part and what can be done.", "`minga doctor` muestra dónde se separan y qué se puede hacer."},
	},
	CodeCopied: {
		title:  text{"This node may lack entries that it wrote", "A este nodo le pueden faltar entradas que escribió"},
		detail: text{"The files of this node are a copy, such as a backup that was put back, and no peer has said yet how far your log had come. Writing on could give it two histories, so nothing was written.", "Los archivos de este nodo son una copia, como un respaldo que se repuso, y ningún otro nodo ha dicho todavía hasta dónde había llegado su registro. Seguir escribiendo podría darle dos historias, por eso no se escribió nada."},
		hint:   text{"Connect to a node of the commons and send it again: the node goes on by itself once it has caught up. If there is nobody left to ask, start it with `minga daemon --write-without-peers`.", "Conéctate a un nodo del común y envíalo de nuevo: el nodo sigue por sí solo en cuanto se pone al día. Si ya no queda a quién preguntar, inícialo con `minga daemon --write-without-peers`."},
	},
	CodeFork: {
		title:  text{"Two histories", "Dos historias"},
		detail: text{"The log has another entry at this place: %v.", "El registro tiene otra entrada en este lugar: %v."},
		hint:   text{"`minga doctor` shows where they part and what can be done.", "`minga doctor` muestra dónde se separan y qué se puede hacer."},
	},
	CodeOverdraft: {
		title:  text{"Not enough is available", "No alcanza lo disponible"},
		detail: text{"%s %s were to be paid and %s are available, with a limit of %s.", "Se iban a pagar %s %s y hay %s disponibles, con un límite de %s."},
		hint:   text{"Pay less, or wait until what you are owed is settled; nothing was written.", "Paga menos, o espera a que se asiente lo que te deben; no se escribió nada."},
	},
	CodeUnsettled: {
		title:  text{"Not settled yet", "Aún no está asentado"},
		detail: text{"What this needs is not settled yet; nothing was written.", "Lo que esto necesita aún no está asentado; no se escribió nada."},
		hint:   text{"Try again in a moment; `minga witness list` shows who settles entries.", "Inténtalo de nuevo en un momento; `minga witness list` muestra quiénes asientan."},
	},
	CodeNoLicence: {
		title:  text{"No licence", "Sin licencia"},
		detail: text{"The charter of %s has no licence, so that use is free and nobody owes for it.", "El estatuto de %s no tiene licencia, así que el uso es libre y nadie debe por él."},
		hint:   text{"Propose a charter with a section [licence], if there is to be one.", "Propón un estatuto con una sección [licence], si debe haberla."},
	},
	CodeDiffers: {
		title:  text{"The distribution is not right", "El reparto no es correcto"},
		detail: text{"The distribution states something else than this node computes: %v. Nothing was signed.", "El reparto dice otra cosa que lo que calcula este nodo: %v. No se firmó nada."},
		hint:   text{"`minga distribution verify ID` lists every difference; talk with who proposed it, or refuse it.", "`minga distribution verify ID` muestra cada diferencia; hable con quien lo propuso, o rechácelo."},
	},
	CodeLocked: {
		title:  text{"Your word stands", "Tu palabra queda"},
		detail: text{"You have signed or refused %s for the same place, and that stands; you cannot sign %s.", "Firmaste o rechazaste %s para el mismo lugar, y eso queda; no puedes firmar %s."},
		hint:   text{"Once enough others refuse what you signed, you can sign another.", "Cuando la rechacen bastantes personas, podrás firmar otra."},
	},
	CodeRemoved: {
		title:  text{"Removed", "Retirado"},
		detail: text{"Whoever is to be paid was removed from the commons; nothing was written.", "A quien se iba a pagar se le retiró de la comunidad; no se escribió nada."},
		hint:   text{"Pay another account of theirs, or ask a steward.", "Paga a otra cuenta suya, o pregunta a quien administra."},
	},
	CodeEnded: {
		title:  text{"Your log was ended", "Se terminó tu registro"},
		detail: text{"The commons has ended your log: nothing that you write counts any more, and nothing was written.", "La comunidad terminó tu registro: lo que escribas ya no cuenta, y no se escribió nada."},
		hint:   text{"Ask a steward why, and for a new invitation.", "Pregunta por qué a quien administra, y pide otra invitación."},
	},
	CodeExpired: {
		title:  text{"The invitation has expired", "La invitación ha caducado"},
		detail: text{"The invitation is no longer valid.", "La invitación ya no es válida."},
		hint:   text{"Ask for a new one.", "Pide una nueva."},
	},
	CodeWithdrawn: {
		title:  text{"The invitation was withdrawn", "La invitación fue retirada"},
		detail: text{"Whoever gave this invitation has taken it back; nothing was written.", "Quien dio esta invitación la retiró; no se escribió nada."},
		hint:   text{"Ask for a new one.", "Pide una nueva."},
	},
	CodeUsedUp: {
		title:  text{"The invitation is used up", "La invitación ya se usó"},
		detail: text{"As many as this invitation is for have joined with it; nothing was written.", "Ya entraron con esta invitación tantas personas como permite; no se escribió nada."},
		hint:   text{"Ask for a new one.", "Pide una nueva."},
	},
	CodeBadLink: {
		title:  text{"Not an invitation", "No es una invitación"},
		detail: text{"The link is no invitation: %v.", "El enlace no es una invitación: %v."},
		hint:   text{"Copy the whole link, in one piece.", "Copia el enlace entero, de una vez."},
	},
	CodeNotAdmitted: {
		title:  text{"Not admitted", "Sin admisión"},
		detail: text{"The commons does not admit this log: %v.", "La comunidad no admite este registro: %v."},
		hint:   text{"Ask for a new invitation.", "Pide una invitación nueva."},
	},
	CodeDiskFull: {
		title:  text{"The disk is full", "El disco está lleno"},
		detail: text{"Too little disk space is left to write safely; nothing was written.", "Queda muy poco espacio en el disco para escribir con seguridad; no se escribió nada."},
		hint:   text{"Free some space on the node's disk and send it again.", "Libera espacio en el disco del nodo y envíalo de nuevo."},
	},
	CodeDamaged: {
		title:  text{"The stored data is damaged", "Los datos guardados están dañados"},
		detail: text{"What is on the node's disk is not what was written.", "Lo que hay en el disco del nodo no es lo que se escribió."},
		hint:   text{"Stop the node and start it again: it checks its files and says what to do.", "Detenga el nodo y arránquelo de nuevo: revisa sus archivos y dice qué hacer."},
	},
	CodeReadOnly: {
		title:  text{"Read only", "Solo lectura"},
		detail: text{"This node writes nothing.", "Este nodo no escribe nada."},
		hint:   text{"Start it without --read-only.", "Inícielo sin --read-only."},
	},
	CodePeersUnreachable: {
		title:  text{"No peer answers", "Ningún nodo responde"},
		detail: text{"No node of the commons was reached within %v.", "No se alcanzó ningún nodo de la comunidad en %v."},
		hint:   text{"Check the connection and that the inviter's node runs, then join again: it goes on from there.", "Comprueba la conexión y que el nodo de quien invita funciona, y únete de nuevo: continúa desde ahí."},
	},
	CodeBadAddress: {
		title:  text{"Not an address", "No es una dirección"},
		detail: text{"%q is no address of a node.", "%q no es la dirección de un nodo."},
		hint:   text{"Give a multiaddr that ends in /p2p/ID, such as /ip4/192.0.2.1/tcp/8746/p2p/12D3...", "Indica una multiaddr que termine en /p2p/ID, como /ip4/192.0.2.1/tcp/8746/p2p/12D3..."},
	},
	CodeUnauthorized: {
		title:  text{"A token is needed", "Hace falta un token"},
		detail: text{"The request has no token that this node knows.", "La petición no lleva un token que este nodo conozca."},
		hint:   text{"Send Authorization: Bearer TOKEN; the owner's is in the file token in the node's home.", "Envía Authorization: Bearer TOKEN; el del propietario está en el archivo token de la carpeta del nodo."},
	},
	CodeForbidden: {
		title:  text{"Not allowed", "No permitido"},
		detail: text{"The role of this token does not allow that.", "El rol de este token no lo permite."},
		hint:   text{"Use a token of another role.", "Usa un token con otro rol."},
	},
	CodeHost: {
		title:  text{"Unknown host name", "Nombre de host desconocido"},
		detail: text{"This node is not to be called %q.", "Este nodo no se llama %q."},
		hint:   text{"Use 127.0.0.1 or localhost with the port, or add the name to the node's configuration.", "Usa 127.0.0.1 o localhost con el puerto, o añade el nombre a la configuración del nodo."},
	},
	CodeCrossOrigin: {
		title:  text{"Another web page asked", "Lo pidió otra página web"},
		detail: text{"A web page from elsewhere may not write through this node.", "Una página web de otro sitio no puede escribir por este nodo."},
		hint:   text{"Add its origin to the node's configuration if you trust it.", "Añade su origen a la configuración del nodo si confías en ella."},
	},
	CodeTimeout: {
		title:  text{"Timed out", "Tiempo agotado"},
		detail: text{"The request was not complete in time.", "La petición no se completó a tiempo."},
		hint:   text{"Send it again; with the same idempotency key nothing is written twice.", "Envíala de nuevo; con la misma clave de idempotencia nada se escribe dos veces."},
	},
	CodeTooMany: {
		title:  text{"Too many streams", "Demasiadas conexiones abiertas"},
		detail: text{"This node serves at most %d streams at once.", "Este nodo atiende como máximo %d conexiones continuas a la vez."},
		hint:   text{"Close one and try again.", "Cierra una e inténtalo de nuevo."},
	},
	CodeClosing: {
		title:  text{"The node is stopping", "El nodo se está deteniendo"},
		detail: text{"The node is stopping and ends what it was doing.", "El nodo se está deteniendo y termina lo que hacía."},
		hint:   text{"Try again when it runs.", "Inténtalo de nuevo cuando funcione."},
	},
	CodeNotReady: {
		title:  text{"Not ready", "No está listo"},
		detail: text{"The node cannot answer questions about its ledger.", "El nodo no puede responder sobre su registro."},
		hint:   text{"Its log says why.", "Su bitácora dice por qué."},
	},
	CodeInternal: {
		title:  text{"Unexpected failure", "Fallo inesperado"},
		detail: text{"The node met something unexpected.", "El nodo encontró algo inesperado."},
		hint:   text{"The node's log has the details; please report it.", "La bitácora del nodo tiene los detalles; por favor, comuníquelo."},
	},
	CodeNoDeletion: {
		title:  text{"Nothing is deleted", "Nada se borra"},
		detail: text{"%q stays: the record only grows, and others may hold it already.", "%q se queda: el registro solo crece, y otros pueden tenerlo ya."},
		hint:   text{"Amend it, mark it as finished, or record an event that corrects it.", "Enmiéndelo, márquelo como terminado o registre un evento que lo corrija."},
	},
	CodeNoUpdate: {
		title:  text{"This is not changed", "Esto no se cambia"},
		detail: text{"%q is an event, a resource or an agent, and those are never edited.", "%q es un evento, un recurso o un agente, y esos nunca se editan."},
		hint:   text{"Events are corrected by events (corrects), and resources change by events alone.", "Los eventos se corrigen con eventos (corrects), y los recursos solo cambian por eventos."},
	},
	CodeQueryTooDeep: {
		title:  text{"The query is too deep", "La consulta es demasiado profunda"},
		detail: text{"The query nests %d levels; at most %d are allowed.", "La consulta anida %d niveles; se permiten como máximo %d."},
		hint:   text{"Ask in several queries.", "Pregunta en varias consultas."},
	},
	CodeQueryTooLarge: {
		title:  text{"The query is too large", "La consulta es demasiado grande"},
		detail: text{"The query has %d %s; at most %d are allowed.", "La consulta tiene %d %s; se permiten como máximo %d."},
		hint:   text{"Ask in several queries.", "Pregunta en varias consultas."},
	},
	CodeQueryTooCostly: {
		title:  text{"The query costs too much", "La consulta cuesta demasiado"},
		detail: text{"The query needs more than %d reads, which is all that a query of its size gets.", "La consulta necesita más de %d lecturas, que es todo lo que recibe una consulta de su tamaño."},
		hint:   text{"Ask for fewer fields, or for smaller pages (first).", "Pide menos campos o páginas más pequeñas (first)."},
	},
	CodeBadQuery: {
		title:  text{"The query is not understood", "La consulta no se entiende"},
		detail: text{"The query is not understood: %v.", "La consulta no se entiende: %v."},
		hint:   text{"The schema says what can be asked; it is read by an introspection query.", "El esquema dice qué se puede preguntar; se lee con una consulta de introspección."},
	},
	CodeBadValue: {
		title:  text{"A value is not understood", "Un valor no se entiende"},
		detail: text{"%q is not what is wanted here.", "%q no es lo que se espera aquí."},
		hint:   text{"Identifiers come from earlier answers; numbers have at most 15 digits and 9 places.", "Los identificadores vienen de respuestas anteriores; los números tienen como máximo 15 cifras y 9 decimales."},
	},
	CodeUnknownUnit: {
		title:  text{"The unit is not known", "La unidad no se conoce"},
		detail: text{"The unit is not known: %v.", "La unidad no se conoce: %v."},
		hint:   text{"Use an identifier of OM2, such as hour, kilogram or one.", "Usa un identificador de OM2, como hour, kilogram u one."},
	},
	CodeOtherKind: {
		title:  text{"It is something else", "Es otra cosa"},
		detail: text{"%q is %s.", "%q %s."},
		hint:   text{"Ask for it by what it is.", "Pregunta por ello según lo que es."},
	},
	CodeFixed: {
		title:  text{"It cannot be changed", "No se puede cambiar"},
		detail: text{"%q is fixed once it is said.", "%q queda fijo una vez dicho."},
		hint:   text{"Record another one.", "Registre otro."},
	},
	CodeBatch: {
		title:  text{"One query at a time", "Una consulta a la vez"},
		detail: text{"The body is a list of queries.", "El contenido es una lista de consultas."},
		hint:   text{"Send one object with query, operationName and variables.", "Envía un objeto con query, operationName y variables."},
	},
	CodeMutationByGet: {
		title:  text{"GET does not write", "GET no escribe"},
		detail: text{"A mutation has to be sent by POST.", "Una mutación debe enviarse con POST."},
		hint:   text{"Send it by POST.", "Envíala con POST."},
	},
}
