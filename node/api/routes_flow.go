package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// addFlows registers resources and where they come from.
func (s *Server) addFlows(api huma.API) {
	const tag = "resources"
	add(s, api, reading("listResources", "/v1/resources", tag, "The economic resources of a commons"), s.listResources)
	add(s, api, reading("getResource", "/v1/resources/{resource}", tag, "One resource: how much there is, who has it, what is contested"), s.getResource)
	add(s, api, reading("listResourceEvents", "/v1/resources/{resource}/events", tag, "The events that name a resource"), s.listResourceEvents)
	add(s, api, reading("traceResource", "/v1/resources/{resource}/trace", tag, "Where a resource came from"), s.traceResource)
	add(s, api, reading("trackResource", "/v1/resources/{resource}/track", tag, "Where a resource went"), s.trackResource)
	add(s, api, reading("traceEvent", "/v1/events/{event}/trace", "events", "Where what an event moved came from"), s.traceEvent)
	add(s, api, reading("trackEvent", "/v1/events/{event}/track", "events", "Where what an event moved went"), s.trackEvent)
	add(s, api, reading("traceProcess", "/v1/processes/{record}/trace", "processes", "Where what went into a process came from"), s.traceProcess)
	add(s, api, reading("trackProcess", "/v1/processes/{record}/track", "processes", "Where what came out of a process went"), s.trackProcess)
	add(s, api, reading("getResourceProvenance", "/v1/resources/{resource}/provenance", tag, "Where a resource came from, in the order of cause and effect"), s.provenanceOfResource)
	add(s, api, reading("rollUpResource", "/v1/resources/{resource}/roll-up", tag, "What has gone into one unit of a resource"), s.rollUp)
	add(s, api, reading("listNetworkFlows", "/v1/resources/{resource}/network-flows", tag, "What passed between agents on the way to a resource"), s.networkFlows)
	correct := repeatable(posting("correctEvent", "/v1/events/{event}/corrections", "events", "Say what an event should have said", CorrectionDraft{}))
	correct.about = "An event is never changed: another one is recorded that corrects it. The node works out the difference to what stands, with the corrections that there are."
	add(s, api, correct, s.addCorrection)
	for _, class := range Classes {
		s.addClass(api, class)
	}
	s.addPlanning(api)
}

// addClass registers the records of a class.
func (s *Server) addClass(api huma.API, class Class) {
	path, noun := "/v1/"+class.Path, upper(camel(class.Noun()))
	list := reading("list"+upper(class.Plural()), path, class.Path, "List records of "+class.Type+": "+class.About)
	list.edit = documentAnswer(listSchema(api, class))
	add(s, api, list, s.listRecords(class))
	documentList(api, class)
	get := reading("get"+noun, path+"/{record}", class.Path, "One record of "+class.Type)
	get.edit = documentAnswer(recordSchema(api, class))
	add(s, api, get, s.getRecord(class))
	add(s, api, repeatable(posting("add"+noun, path, class.Path, "Record "+class.About, RecordDraft{})), s.addRecord(class))
	amend := repeatable(posting("amend"+noun, path+"/{record}/amendments", class.Path, "Change a record of "+class.Type, RecordDraft{}))
	amend.about = "Gives the properties that change; null takes one away. Promises are changed by their author, by those whom they name, and by stewards; whatever else by any member."
	add(s, api, amend, s.amendRecord(class))
	api.OpenAPI().Paths[path].Post.RequestBody.Content["application/json"].Schema = draftSchema(api, class, false)
	api.OpenAPI().Paths[amend.path].Post.RequestBody.Content["application/json"].Schema = draftSchema(api, class, true)
}

func documentAnswer(schema *huma.Schema) func(*huma.Operation) {
	return func(op *huma.Operation) {
		op.Responses["200"] = &huma.Response{
			Description: "OK", Content: map[string]*huma.MediaType{"application/json": {Schema: schema}},
		}
	}
}

func referTo[T any](api huma.API) *huma.Schema {
	return api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, "")
}

// named puts a schema into the document and returns a reference to it.
func named(api huma.API, name string, schema *huma.Schema) *huma.Schema {
	api.OpenAPI().Components.Schemas.Map()[name] = schema
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

func listSchema(api huma.API, class Class) *huma.Schema {
	text := &huma.Schema{Type: huma.TypeString}
	return named(api, class.Type+"RecordList", &huma.Schema{
		Type: huma.TypeObject, Required: []string{"schema", class.Plural()},
		Properties: map[string]*huma.Schema{
			"schema":       text,
			class.Plural(): {Type: huma.TypeArray, Items: recordSchema(api, class)},
			"next":         {Type: huma.TypeString, Description: "Cursor of the next page, absent on the last"},
		},
	})
}

// recordSchema describes the answer about a record of a class.
func recordSchema(api huma.API, class Class) *huma.Schema {
	head := api.OpenAPI().Components.Schemas
	_ = head.Schema(reflect.TypeFor[RecordHead](), true, "")
	fixed := head.Map()["RecordHead"]
	out := &huma.Schema{Type: huma.TypeObject, Required: fixed.Required, Properties: map[string]*huma.Schema{}}
	for name, p := range fixed.Properties {
		out.Properties[name] = p
	}
	for _, p := range class.Properties {
		out.Properties[p.Name] = p.schema(api, referTo[AgentRef](api))
	}
	for _, inverse := range class.Inverses {
		out.Properties[inverse.Name] = &huma.Schema{Type: huma.TypeArray, Items: referTo[FlowRef](api)}
	}
	return named(api, class.Type+"Record", out)
}

// draftSchema describes the body that makes a record of a class, or changes one.
func draftSchema(api huma.API, class Class, amends bool) *huma.Schema {
	text := func(doc string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: doc} }
	out := &huma.Schema{
		Type: huma.TypeObject, AdditionalProperties: false,
		Properties: map[string]*huma.Schema{"name": text("Name"), "note": text("Permanent: it cannot be erased")},
	}
	for _, p := range class.Properties {
		out.Properties[p.Name] = p.schema(api, text(""))
	}
	if amends {
		return named(api, class.Type+"RecordAmendment", out)
	}
	out.Properties["source"] = text("The importer's key")
	out.Required = class.Needs
	if class.Named {
		out.Required = append([]string{"name"}, class.Needs...)
	}
	return named(api, class.Type+"RecordDraft", out)
}

func (p Property) schema(api huma.API, agent *huma.Schema) *huma.Schema {
	out := &huma.Schema{Type: huma.TypeString}
	switch p.Kind {
	case PropertyBool:
		out.Type = huma.TypeBoolean
	case PropertyAmount:
		out = referTo[Measure](api)
	case PropertyAgent:
		out = agent
	}
	for _, choice := range p.Choices {
		out.Enum = append(out.Enum, choice)
	}
	if p.Many {
		return &huma.Schema{Type: huma.TypeArray, Items: out, Description: p.Doc}
	}
	if out.Ref != "" {
		return out
	}
	described := *out
	described.Description = p.Doc
	return &described
}
