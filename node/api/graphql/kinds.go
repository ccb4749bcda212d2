package graphql

import (
	"slices"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// The objects of the planning layer.
type (
	// ResourceSpecification is a kind of resource. Text is what it is: the name or
	// IRI that events carry; there need not be a record of it.
	ResourceSpecification struct {
		named
		text string
	}
	// ProcessSpecification is a kind of process.
	ProcessSpecification struct{ named }
	// Recipe is what it takes to make something.
	Recipe struct{ named }
	// RecipeProcess is a process of a recipe.
	RecipeProcess struct{ named }
	// RecipeExchange is an exchange of a recipe.
	RecipeExchange struct{ named }
	// RecipeFlow is what goes into or comes out of a part of a recipe.
	RecipeFlow struct{ record }
	// SpatialThing is a place.
	SpatialThing struct{ named }
	// ProductBatch is a lot of resources.
	ProductBatch struct{ record }
	// AgentRelationship says how two agents are related.
	AgentRelationship struct{ record }
	// AgentRelationshipRole is a kind of relationship.
	AgentRelationshipRole struct{ record }
	// Plan is a body of work.
	Plan struct{ named }
	// Process turns inputs into outputs.
	Process struct{ named }
	// Commitment is a promise.
	Commitment struct{ record }
	// Intent is an offer or a request.
	Intent struct{ record }
	// Claim is what is owed in return for something.
	Claim struct{ record }
	// Agreement binds commitments together.
	Agreement struct{ record }
	// AgreementBundle holds agreements that belong together.
	AgreementBundle struct{ record }
	// Proposal publishes intents.
	Proposal struct{ record }
	// ProposalList holds proposals.
	ProposalList struct{ record }
)

// kind leads from a class of the ontology to a type of the schema.
type kind[T any] struct {
	class string
	make  func(record) *T
}

// The kinds. They are never changed.
var (
	asProcessSpecification = kind[ProcessSpecification]{"ProcessSpecification", func(r record) *ProcessSpecification { return &ProcessSpecification{named{r}} }}
	asRecipe               = kind[Recipe]{"Recipe", func(r record) *Recipe { return &Recipe{named{r}} }}
	asRecipeProcess        = kind[RecipeProcess]{"RecipeProcess", func(r record) *RecipeProcess { return &RecipeProcess{named{r}} }}
	asRecipeExchange       = kind[RecipeExchange]{"RecipeExchange", func(r record) *RecipeExchange { return &RecipeExchange{named{r}} }}
	asRecipeFlow           = kind[RecipeFlow]{"RecipeFlow", func(r record) *RecipeFlow { return &RecipeFlow{r} }}
	asPlace                = kind[SpatialThing]{"SpatialThing", func(r record) *SpatialThing { return &SpatialThing{named{r}} }}
	asBatch                = kind[ProductBatch]{"BatchLotRecord", func(r record) *ProductBatch { return &ProductBatch{r} }}
	asRelationship         = kind[AgentRelationship]{"AgentRelationship", func(r record) *AgentRelationship { return &AgentRelationship{r} }}
	asRole                 = kind[AgentRelationshipRole]{"AgentRelationshipRole", func(r record) *AgentRelationshipRole { return &AgentRelationshipRole{r} }}
	asPlan                 = kind[Plan]{"Plan", func(r record) *Plan { return &Plan{named{r}} }}
	asProcess              = kind[Process]{"Process", func(r record) *Process { return &Process{named{r}} }}
	asCommitment           = kind[Commitment]{"Commitment", func(r record) *Commitment { return &Commitment{r} }}
	asIntent               = kind[Intent]{"Intent", func(r record) *Intent { return &Intent{r} }}
	asClaim                = kind[Claim]{"Claim", func(r record) *Claim { return &Claim{r} }}
	asAgreement            = kind[Agreement]{"Agreement", func(r record) *Agreement { return &Agreement{r} }}
	asBundle               = kind[AgreementBundle]{"AgreementBundle", func(r record) *AgreementBundle { return &AgreementBundle{r} }}
	asProposal             = kind[Proposal]{"Proposal", func(r record) *Proposal { return &Proposal{r} }}
	asProposalList         = kind[ProposalList]{"ProposalList", func(r record) *ProposalList { return &ProposalList{r} }}
	asSpec                 = kind[ResourceSpecification]{"ResourceSpecification", func(r record) *ResourceSpecification {
		return &ResourceSpecification{named{r}, specText(r.r)}
	}}
)

// load returns the record of this kind with an identifier, nil if there is none.
func (k kind[T]) load(s *session, id protocol.EntryID) (*T, error) {
	r, err := s.record(id)
	if r == nil || err != nil || r.Type != k.class {
		return nil, err
	}
	return k.make(record{s, r}), nil
}

// find is load for the text of an identifier.
func (k kind[T]) find(s *session, text string) (*T, error) {
	id, ok := idOf(text)
	if !ok {
		return nil, nil
	}
	return k.load(s, id)
}

// list returns the lister of the records of this kind that fit.
func (k kind[T]) list(s *session, f ledger.RecordFilter) lister[*T] {
	f.Type = k.class
	return func(p ledger.Page) ([]*T, string, error) {
		c, err := s.in()
		if err != nil {
			return nil, "", err
		}
		rows, next, err := s.ledger.Records(s.ctx, c.ID, f, p)
		if err != nil {
			return nil, "", err
		}
		out := make([]*T, 0, len(rows))
		for i := range rows {
			if rows[i].State != ledger.Void {
				out = append(out, k.make(record{s, s.keep(rows[i].ID, &rows[i])}))
			}
		}
		return out, next, s.read(len(rows) + 1)
	}
}

// naming returns the lister of the records of this kind that name target by a
// property, as amended.
func (k kind[T]) naming(s *session, property string, target protocol.EntryID) lister[*T] {
	seen := map[protocol.EntryID]bool{}
	return func(p ledger.Page) ([]*T, string, error) {
		c, err := s.in()
		if err != nil {
			return nil, "", err
		}
		links, next, err := s.ledger.Links(s.ctx, c.ID, target, property, p)
		if err != nil {
			return nil, "", err
		}
		out := []*T{}
		for _, link := range links {
			if link.Kind != protocol.KindRecord || link.Type != k.class {
				continue
			}
			r, err := s.record(link.From)
			if err != nil {
				return nil, "", err
			}
			if r == nil || r.Type != k.class || r.State == ledger.Void || seen[r.ID] || !slices.Contains(linksIn(r.Fields[property]), target) {
				continue
			}
			seen[r.ID] = true
			out = append(out, k.make(record{s, r}))
		}
		return out, next, s.read(1)
	}
}

// about returns the record of a type of the schema.
func (x record) about() *ledger.Record { return x.r }

// recorded is a type of the schema that is a record.
type recorded interface {
	about() *ledger.Record
	ID() string
}
