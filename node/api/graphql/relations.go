package graphql

import (
	"github.com/minga-commons/minga/protocol"
)

// Things that records name.

// Provider returns who is to give.
func (x record) Provider() (Agent, error) { return x.agent("provider") }

// Receiver returns who is to get.
func (x record) Receiver() (Agent, error) { return x.agent("receiver") }

// Subject returns the agent of whom a relationship tells.
func (x record) Subject() (Agent, error) { return x.agent("subject") }

// Object returns the agent to whom the subject is related.
func (x record) Object() (Agent, error) { return x.agent("object") }

func (x record) agent(property string) (Agent, error) {
	return x.s.agent(protocol.AgentID{EntryID: x.link(property)})
}

// InScopeOf returns the agents in whose scope it is.
func (x record) InScopeOf() ([]AccountingScope, error) { return x.s.scope(x.links("inScopeOf")) }

func (s *session) scope(ids []protocol.EntryID) ([]AccountingScope, error) {
	agents, err := s.agentsOf(ids)
	out := make([]AccountingScope, len(agents))
	for i, a := range agents {
		out[i] = a.(AccountingScope)
	}
	return out, err
}

// ProposedTo returns the agents to whom a proposal is made.
func (x record) ProposedTo() ([]Agent, error) { return x.s.agentsOf(x.links("proposedTo")) }

// PublishedTo returns that a proposal is made to agents, each.
func (p *Proposal) PublishedTo() ([]*ProposedTo, error) {
	agents, err := p.ProposedTo()
	out := make([]*ProposedTo, len(agents))
	for i, a := range agents {
		out[i] = &ProposedTo{ID: p.ID() + "/" + a.ID(), RevisionID: p.RevisionID(), Proposed: p, ProposedTo: a, Meta: p.Meta()}
	}
	return out, err
}

// InvolvedAgents returns provider and receiver.
func (x record) InvolvedAgents() ([]Agent, error) {
	return x.s.agentsOf(append(x.links("provider"), x.links("receiver")...))
}

// InputOf returns the process that it goes into.
func (x record) InputOf() (*Process, error) { return load(x, "inputOf", asProcess) }

// OutputOf returns the process that it comes out of.
func (x record) OutputOf() (*Process, error) { return load(x, "outputOf", asProcess) }

// ResourceInventoriedAs returns the resource that is meant.
func (x record) ResourceInventoriedAs() (*EconomicResource, error) {
	return x.s.resource(x.link("resourceInventoriedAs"))
}

// TriggeredBy returns the event on account of which it is.
func (x record) TriggeredBy() (*EconomicEvent, error) { return x.s.event(x.link("triggeredBy")) }

// ResourceConformsTo returns the kind of resource.
func (x record) ResourceConformsTo() (*ResourceSpecification, error) {
	return x.spec("resourceConformsTo")
}

// PrimaryOutput returns the kind of resource that a recipe makes.
func (x record) PrimaryOutput() (*ResourceSpecification, error) { return x.spec("primaryOutput") }

// spec returns a resource specification that is named by its text or by a link.
func (x record) spec(property string) (*ResourceSpecification, error) {
	if id := x.link(property); !id.IsZero() {
		return x.s.spec(id.String())
	}
	if text := x.text(property); text != nil {
		return x.s.spec(*text)
	}
	return nil, nil
}

// AtLocation returns where.
func (x record) AtLocation() (*SpatialThing, error) { return load(x, "atLocation", asPlace) }

// EligibleLocation returns where a proposal holds.
func (x record) EligibleLocation() (*SpatialThing, error) {
	return load(x, "eligibleLocation", asPlace)
}

// ClauseOf returns the agreement of which it is a clause.
func (x record) ClauseOf() (*Agreement, error) { return load(x, "clauseOf", asAgreement) }

// ReciprocalClauseOf returns the agreement of which it is the return.
func (x record) ReciprocalClauseOf() (*Agreement, error) {
	return load(x, "reciprocalClauseOf", asAgreement)
}

// BundledIn returns the bundle of which an agreement is part.
func (x record) BundledIn() (*AgreementBundle, error) { return load(x, "bundledIn", asBundle) }

// PlannedWithin returns the plan.
func (x record) PlannedWithin() (*Plan, error) { return load(x, "plannedWithin", asPlan) }

// IndependentDemandOf returns the plan whose purpose it is.
func (x record) IndependentDemandOf() (*Plan, error) { return load(x, "independentDemandOf", asPlan) }

// Satisfies returns the intent that it satisfies.
func (x record) Satisfies() (*Intent, error) { return load(x, "satisfies", asIntent) }

// BasedOn returns the kind of process.
func (x record) BasedOn() (*ProcessSpecification, error) {
	return load(x, "basedOn", asProcessSpecification)
}

// Stage returns the kind of process that the resource is to have gone through.
func (x record) Stage() (*ProcessSpecification, error) {
	return load(x, "stage", asProcessSpecification)
}

// ProcessConformsTo returns the kind of process of a recipe's process.
func (x record) ProcessConformsTo() (*ProcessSpecification, error) {
	return load(x, "processConformsTo", asProcessSpecification)
}

// RecipeInputOf returns the process of the recipe that it goes into.
func (x record) RecipeInputOf() (*RecipeProcess, error) {
	return load(x, "recipeInputOf", asRecipeProcess)
}

// RecipeOutputOf returns the process of the recipe that it comes out of.
func (x record) RecipeOutputOf() (*RecipeProcess, error) {
	return load(x, "recipeOutputOf", asRecipeProcess)
}

// RecipeClauseOf returns the exchange of the recipe of which it is a clause.
func (x record) RecipeClauseOf() (*RecipeExchange, error) {
	return load(x, "recipeClauseOf", asRecipeExchange)
}

// RecipeReciprocalClauseOf returns the exchange of which it is the return.
func (x record) RecipeReciprocalClauseOf() (*RecipeExchange, error) {
	return load(x, "recipeReciprocalClauseOf", asRecipeExchange)
}

// Relationship returns the kind of a relationship.
func (x record) Relationship() (*AgentRelationshipRole, error) {
	return load(x, "relationship", asRole)
}

// Publishes returns the intents that a proposal publishes.
func (x record) Publishes() ([]*Intent, error) { return loadAll(x, "publishes", asIntent) }

// Reciprocal returns the intents that a proposal asks for in return.
func (x record) Reciprocal() ([]*Intent, error) { return loadAll(x, "reciprocal", asIntent) }

// PrimaryIntents returns the intents that a proposal publishes.
func (x record) PrimaryIntents() ([]*Intent, error) { return x.Publishes() }

// ReciprocalIntents returns the intents that a proposal asks for in return.
func (x record) ReciprocalIntents() ([]*Intent, error) { return x.Reciprocal() }

// Lists returns the proposals of a list.
func (x record) Lists() ([]*Proposal, error) { return loadAll(x, "lists", asProposal) }

// load returns the record that a property names, nil if there is none of that
// kind.
func load[T any](x record, property string, as kind[T]) (*T, error) {
	return as.load(x.s, x.link(property))
}

func loadAll[T any](x record, property string, as kind[T]) ([]*T, error) {
	out := []*T{}
	for _, id := range x.links(property) {
		item, err := as.load(x.s, id)
		if err != nil {
			return nil, err
		}
		if item != nil {
			out = append(out, item)
		}
	}
	return out, nil
}
