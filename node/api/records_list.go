package api

import (
	"context"
	"net/url"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// inRecords are the parameters of every list of records. The properties that a
// class does not have are no parameters of its list.
type inRecords struct {
	InCommons
	InPage
	Name     string `query:"name" maxLength:"2048" doc:"Exact name"`
	Source   string `query:"source" maxLength:"256" doc:"Its identifier in an imported file"`
	Agent    string `query:"agent" maxLength:"256" doc:"Provider, receiver or author: name, identifier or unique prefix of one"`
	Action   string `query:"action" maxLength:"256" doc:"Action of ValueFlows"`
	Finished string `query:"finished" enum:"true,false" doc:"Only what is finished, or only what is not"`

	BasedOn               string `query:"basedOn" maxLength:"2048" doc:"Process specification"`
	InputOf               string `query:"inputOf" maxLength:"2048" doc:"Process"`
	OutputOf              string `query:"outputOf" maxLength:"2048" doc:"Process"`
	PlannedWithin         string `query:"plannedWithin" maxLength:"2048" doc:"Plan"`
	IndependentDemandOf   string `query:"independentDemandOf" maxLength:"2048" doc:"Plan"`
	ClauseOf              string `query:"clauseOf" maxLength:"2048" doc:"Agreement"`
	ReciprocalClauseOf    string `query:"reciprocalClauseOf" maxLength:"2048" doc:"Agreement"`
	BundledIn             string `query:"bundledIn" maxLength:"2048" doc:"Agreement bundle"`
	Satisfies             string `query:"satisfies" maxLength:"2048" doc:"Intent"`
	TriggeredBy           string `query:"triggeredBy" maxLength:"2048" doc:"Event"`
	ResourceInventoriedAs string `query:"resourceInventoriedAs" maxLength:"2048" doc:"Resource"`
	Publishes             string `query:"publishes" maxLength:"2048" doc:"Intent"`
	Lists                 string `query:"lists" maxLength:"2048" doc:"Proposal"`
	RecipeIncludes        string `query:"recipeIncludes" maxLength:"2048" doc:"Recipe process or exchange"`
	ProcessConformsTo     string `query:"processConformsTo" maxLength:"2048" doc:"Process specification"`
	RecipeInputOf         string `query:"recipeInputOf" maxLength:"2048" doc:"Recipe process"`
	RecipeOutputOf        string `query:"recipeOutputOf" maxLength:"2048" doc:"Recipe process"`
	RecipeClauseOf        string `query:"recipeClauseOf" maxLength:"2048" doc:"Recipe exchange"`
	Subject               string `query:"subject" maxLength:"256" doc:"Agent"`
	Object                string `query:"object" maxLength:"256" doc:"Agent"`
	Relationship          string `query:"relationship" maxLength:"2048" doc:"Agent relationship role"`
}

// relationParameters are the parameters of inRecords that name a relation.
func relationParameters() []string {
	var out []string
	t := reflect.TypeFor[inRecords]()
	for i := range t.NumField() {
		switch f := t.Field(i); f.Name {
		case "InCommons", "InPage", "Name", "Source", "Agent", "Action", "Finished":
		default:
			out = append(out, f.Tag.Get("query"))
		}
	}
	return out
}

// Relations are the properties by which the records of a class can be listed, in
// the order of the class.
func (c Class) Relations() []string {
	var out []string
	all := relationParameters()
	for _, p := range c.Properties {
		if slices.Contains(all, p.Name) {
			out = append(out, p.Name)
		}
	}
	return out
}

// takes reports whether the list of a class has a parameter.
func (c Class) takes(parameter string) bool {
	switch parameter {
	case "agent":
		return true
	case "action", "finished":
	default:
		if !slices.Contains(relationParameters(), parameter) {
			return true
		}
	}
	_, has := c.Property(parameter)
	return has
}

func (s *Server) listRecords(class Class) func(context.Context, *inRecords) (*page[RecordList], error) {
	return func(ctx context.Context, in *inRecords) (*page[RecordList], error) {
		c, err := s.commons(ctx, in.Commons)
		if err != nil {
			return nil, err
		}
		filter, err := s.recordFilter(ctx, c, class, in)
		if err != nil {
			return nil, err
		}
		list, next, err := s.ledger.Records(ctx, c.ID, filter, in.page())
		if err != nil {
			return nil, err
		}
		out := RecordList{
			Schema: "minga." + class.Path + "/1", Plural: class.Plural(), Records: make([]Record, 0, len(list)), Next: next,
		}
		names := s.namesIn(c.ID)
		for _, r := range list {
			record, err := recordOf(ctx, names, class, r)
			if err != nil {
				return nil, err
			}
			out.Records = append(out.Records, record)
		}
		return &page[RecordList]{Link: nextLink(ctx, next), Body: out}, nil
	}
}

func (s *Server) recordFilter(ctx context.Context, c ledger.Commons, class Class, in *inRecords) (ledger.RecordFilter, error) {
	f := ledger.RecordFilter{Type: class.Type, Name: in.Name, Source: in.Source, Action: in.Action}
	if in.Finished != "" {
		finished := in.Finished == "true"
		f.Finished = &finished
	}
	asked := askedFor(ctx)
	for name := range asked {
		if !class.takes(name) {
			return f, badParameter(name, CodeUnknownParam, name)
		}
	}
	var err error
	if f.Agent, err = s.agentNamed(ctx, c, in.Agent); err != nil {
		return f, err
	}
	for _, name := range relationParameters() {
		text := asked.Get(name)
		switch {
		case text == "":
			continue
		case f.Relation != "":
			return f, badParameter(name, CodeExclusive, f.Relation)
		}
		property, _ := class.Property(name)
		target, err := s.target(ctx, c, property, text)
		if err != nil {
			return f, err
		}
		f.Relation, f.Target = name, target
	}
	return f, nil
}

// askedFor are the parameters of the query of a request.
func askedFor(ctx context.Context) url.Values {
	if r := exchangeOf(ctx).r; r != nil {
		return r.URL.Query()
	}
	return nil
}

// target returns what a parameter of a list names.
func (s *Server) target(ctx context.Context, c ledger.Commons, p Property, text string) (protocol.EntryID, error) {
	r := s.referrer(ctx, c)
	id := r.linked("", p, text)
	if err := r.problem(); err != nil {
		return id, s.asParameter(err, p.Name)
	}
	return id, nil
}

// asParameter says of a fault that it is one of a parameter.
func (s *Server) asParameter(err error, name string) error {
	p, ok := err.(*Problem)
	if !ok {
		return err
	}
	for i := range p.Errors {
		p.Errors[i].Pointer, p.Errors[i].Parameter = "", name
	}
	if p.Code == CodeBadBody {
		faults := p.Errors
		p = problem(CodeBadParameter)
		p.Errors = faults
	}
	return p
}

// documentList leaves the parameters that the list of a class does not have out
// of the document.
func documentList(api huma.API, class Class) {
	op := api.OpenAPI().Paths["/v1/"+class.Path].Get
	op.Parameters = slices.DeleteFunc(op.Parameters, func(p *huma.Param) bool { return !class.takes(p.Name) })
}
