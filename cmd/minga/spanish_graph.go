package main

// spanishOfGraphs holds the Spanish of the texts about graphs of ValueFlows, by the
// English. It is never changed.
var spanishOfGraphs = map[string]string{
	"Write what a commons holds in a form that others read":                 "Escribir lo que tiene una comunidad en una forma que otros leen",
	"Write a graph of ValueFlows as JSON-LD, to standard output or a file":  "Escribir un grafo de ValueFlows en JSON-LD, en la salida estándar o en un archivo",
	"Write a graph of ValueFlows as JSON-LD, to standard output or a file.": "Escribir un grafo de ValueFlows en JSON-LD, en la salida estándar o en un archivo.",
	"The graph holds agents, specifications, resources, processes, plans, promises and\nevents. minga event import reads it elsewhere, and comes to the same stock. Payments\nare told there and not made again; confirmations are not part of it.": "El grafo tiene agentes, especificaciones, recursos, procesos, planes, promesas y\neventos. minga event import lo lee en otra parte y llega a las mismas existencias. Los\npagos se cuentan allí sin volver a hacerse; las confirmaciones no van.",
	"Record what a file says: contributions in CSV, or a graph of ValueFlows":                                                                                                                                                                    "Registrar lo que dice un archivo: aportes en CSV o un grafo de ValueFlows",
	"Record what a file says (- for standard input): contributions in CSV, or a graph of\nValueFlows in YAML, JSON or JSON-LD.":                                                                                                                  "Registrar lo que dice un archivo (- para la entrada estándar): aportes en CSV o un\ngrafo de ValueFlows en YAML, JSON o JSON-LD.",
	"CSV columns: source_key,time,agent,action,quantity,unit,resource,note and if wanted\nprocess,receiver,confirmed_by. A row that is there already changes nothing.\nA bad row is reported with its line, and the good ones go in (exit 8).":   "Columnas del CSV: source_key,time,agent,action,quantity,unit,resource,note y si se\nquiere process,receiver,confirmed_by. Una fila que ya está no cambia nada.\nUna fila mala se dice con su línea, y las buenas entran (salida 8).",
	"A graph goes in whole or not at all (exit 4), or in part with --partial (exit 8).\nWhat it says in another way than ValueFlows is reported with its line. A resource\nthat states other quantities than its events come to ends in exit 9.": "Un grafo entra entero o no entra (salida 4), o en parte con --partial (salida 8).\nLo que dice de otro modo que ValueFlows se avisa con su línea. Un recurso que da\notras cantidades que las de sus eventos acaba en salida 9.",
	"write what is good of a graph, also where something else is not":                                                                                                                                                                            "registrar lo que está bien de un grafo, aunque otra cosa no lo esté",
	"is there with other content, and stays": "está con otro contenido, y se queda",
	"could be recorded":                      "se podría registrar",
	"cannot be recorded":                     "no se puede registrar",
	"some agents do not exist, and only a steward may create them":                     "hay agentes que no existen, y solo una persona administradora puede crearlos",
	"%d of %d things cannot be recorded, so nothing is; with --partial the others are": "%d de %d cosas no se pueden registrar, así que no se registra nada; con --partial entran las demás",
	"%d of %d things were not recorded":                                                "%d de %d cosas no se registraron",
	"%d quantities of the file are not what its events come to":                        "%d cantidades del archivo no son las que dan sus eventos",
	"nothing new: all %d things were there already":                                    "nada nuevo: las %d cosas ya estaban",
	"%d of %d things recorded":                                                         "%d de %d cosas registradas",
	"dry run: %d of %d things would be recorded":                                       "prueba: se registrarían %d de %d cosas",
	"%d slips": "%d deslices",
}
