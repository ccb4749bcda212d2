package api

import (
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/sse"
)

// Powers that an operation may need together.
const (
	needRead    = readPublic
	needAll     = readPublic | readAll
	needWrite   = readPublic | readAll | write
	needOperate = readPublic | readAll | operate
)

// routes returns the routes of the API and its OpenAPI document.
func (s *Server) routes() (*http.ServeMux, []byte, error) {
	mux := http.NewServeMux()
	config := huma.DefaultConfig("Minga", "1")
	config.Info.Description = "The API of one node of Minga, a commons ledger that no platform owns. " +
		"Every object carries a schema, numbers are decimal strings, identifiers are CIDs."
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil // no $schema in answers: it would echo the Host header
	config.RejectUnknownQueryParameters = true
	config.Transformers = []huma.Transformer{s.translate}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "Not needed through the node's Unix socket, nor to read a commons that anybody may read"},
	}
	api := humago.New(mux, config)
	s.addReads(api)
	s.addWrites(api)
	s.addMoney(api)
	s.addUse(api)
	s.addShare(api)
	s.addFlows(api)
	s.addGovernance(api)
	s.addStreams(api)
	for _, unused := range []string{"ErrorModel", "ErrorDetail"} {
		delete(config.Components.Schemas.Map(), unused) // problems take their place
	}
	s.addGraphQL(mux)
	document, err := json.Marshal(api.OpenAPI())
	if err != nil {
		return nil, nil, err
	}
	mux.HandleFunc("GET /v1/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(document)
	})
	return mux, document, nil
}

func (s *Server) addReads(api huma.API) {
	read := reading
	add(s, api, read("getStatus", "/v1/status", "status", "What the node is and holds"), s.status)
	add(s, api, read("listCommons", "/v1/commons", "commons", "Every commons that the node holds"), s.listCommons)
	add(s, api, read("listAgents", "/v1/agents", "agents", "The agents of a commons"), s.listAgents)
	add(s, api, read("getAgent", "/v1/agents/{agent}", "agents", "One agent"), s.getAgent)
	add(s, api, read("listLogs", "/v1/logs", "logs", "The logs of a commons"), s.listLogs)
	add(s, api, read("getLog", "/v1/logs/{log}", "logs", "One log"), s.getLog)
	add(s, api, read("listEntries", "/v1/entries", "entries", "The entries of one log, decoded"), s.listEntries)
	entry := read("getEntry", "/v1/entries/{entry}", "entries", "One entry, decoded or as its exact block")
	entry.edit = documentEntry(api)
	add(s, api, entry, s.getEntry)
	add(s, api, read("listEvents", "/v1/events", "events", "The economic events of a commons"), s.listEvents)
	add(s, api, read("getEvent", "/v1/events/{event}", "events", "One economic event"), s.getEvent)
	add(s, api, read("listConfirmations", "/v1/confirmations", "confirmations", "Verdicts on entries"), s.listConfirmations)
	add(s, api, read("findBalance", "/v1/balances", "balances", "What an agent, or you, has contributed"), s.findBalance)
	add(s, api, read("getBalance", "/v1/balances/{agent}", "balances", "What an agent has contributed"), s.getBalance)
	peers := read("listPeers", "/v1/peers", "peers", "The nodes known to this one")
	peers.need = needOperate
	add(s, api, peers, s.listPeers)
	health := read("healthz", "/healthz", "health", "The process answers")
	health.need = 0
	add(s, api, health, s.healthz)
	ready := read("readyz", "/readyz", "health", "The node can answer questions about its ledger")
	ready.need = 0
	add(s, api, ready, s.readyz)
}

func (s *Server) addWrites(api huma.API) {
	post, once := posting, repeatable
	add(s, api, post("createCommons", "/v1/commons", "commons", "Found a commons", CommonsDraft{}), s.createCommons)
	join := post("joinCommons", "/v1/commons/join", "commons", "Join a commons by an invitation", JoinDraft{})
	join.about = "Returns once a peer holds your inception. peers-unreachable says that none was reached in time; the same request again goes on from there."
	add(s, api, join, s.joinCommons)
	add(s, api, post("invite", "/v1/invites", "commons", "Make an invitation link", InviteDraft{}), s.invite)
	add(s, api, once(post("addAgent", "/v1/agents", "agents", "Record an agent that has no log; stewards only", AgentDraft{})), s.addAgent)
	add(s, api, once(post("addEvent", "/v1/events", "events", "Record an economic event", EventDraft{})), s.addEvent)
	add(s, api, once(post("addConfirmation", "/v1/confirmations", "confirmations", "Give a verdict on somebody else's entry", ConfirmationDraft{})), s.addConfirmation)
	several := post("addConfirmations", "/v1/confirmations/batch", "confirmations", "Give one verdict on up to 1,000 entries", ConfirmationsDraft{})
	several.about = "What is refused does not keep the others back. What was said before is not written again, so that the request can be repeated."
	add(s, api, several, s.addConfirmations)
	peer := post("addPeer", "/v1/peers", "peers", "Keep a connection to another node", PeerDraft{})
	peer.need = needOperate
	add(s, api, peer, s.addPeer)
}

func (s *Server) addStreams(api huma.API) {
	imports := operation{
		id: "import", method: http.MethodPost, path: "/v1/imports", tag: "events", need: needWrite,
		summary: "Import contributions from CSV, or a graph of ValueFlows from YAML or JSON-LD",
		about:   "CSV has the columns source_key,time,agent,action,quantity,unit,resource,note and optional process,receiver,confirmed_by. A graph goes in whole or, with partial, as far as it is good. Repeating an import does no harm: source_key and @id tell what is there.",
		edit:    documentImport(api),
	}
	add(s, api, imports, s.importLines)
	api.OpenAPI().Paths[imports.path].Post.RequestBody = &huma.RequestBody{
		Required: true,
		Content:  importContent(),
	}
	export := operation{
		id: "export", method: http.MethodGet, path: "/v1/export", tag: "commons", need: needAll,
		summary: "Everything of a commons that ValueFlows has words for, as one graph",
		about:   "Imported elsewhere it comes to the same resources, quantities and relations. Payments are told and not made again; confirmations are not part of it.",
		edit:    documentExport,
	}
	add(s, api, export, s.export)
	changes := operation{
		id: "changes", method: http.MethodGet, path: "/v1/changes", tag: "changes", need: needAll,
		summary: "What the node comes to hold, as it comes",
		about:   "Server-sent events. Their id is a position of the arrival journal; with Last-Event-ID the stream goes on from there.",
	}
	op := changes.describe(s, api)
	op.Middlewares = append(op.Middlewares, s.planChanges)
	sse.Register(api, op, map[string]any{
		"change": Change{}, "resync": Resync{}, "heartbeat": Heartbeat{},
	}, s.changes)
	for _, t := range []reflect.Type{reflect.TypeFor[Change](), reflect.TypeFor[Resync](), reflect.TypeFor[Heartbeat]()} {
		api.OpenAPI().Components.Schemas.Schema(t, true, "")
	}
}
