package graphql

import (
	"context"

	"github.com/minga-commons/minga/ledger"
)

// query is the root of reading.
type query struct{}

// listed returns a part of the records of a kind.
func listed[T any, P interface {
	*T
	recorded
}](ctx context.Context, as kind[T], filter map[string]any, w window) (*Connection[P], error) {
	s := sessionOf(ctx)
	keep := s.recordFilter(filter)
	f := ledger.RecordFilter{Finished: askedFlag(filter, "finished")}
	return connect(s, w, pointers[T, P](as.list(s, f)), func(item P) (bool, error) { return keep(item.about()) })
}

func (query) ProcessSpecification(ctx context.Context, id string) (*ProcessSpecification, error) {
	return asProcessSpecification.find(sessionOf(ctx), id)
}

func (query) ProcessSpecifications(ctx context.Context, first *int, after *string, last *int, before *string) (*ProcessSpecificationConnection, error) {
	return listed(ctx, asProcessSpecification, nil, window{first, after, last, before})
}

func (query) Recipe(ctx context.Context, id string) (*Recipe, error) {
	return asRecipe.find(sessionOf(ctx), id)
}

func (query) Recipes(ctx context.Context, first *int, after *string, last *int, before *string) (*RecipeConnection, error) {
	return listed(ctx, asRecipe, nil, window{first, after, last, before})
}

func (query) RecipeProcess(ctx context.Context, id string) (*RecipeProcess, error) {
	return asRecipeProcess.find(sessionOf(ctx), id)
}

func (query) RecipeProcesses(ctx context.Context, first *int, after *string, last *int, before *string) (*RecipeProcessConnection, error) {
	return listed(ctx, asRecipeProcess, nil, window{first, after, last, before})
}

func (query) RecipeExchange(ctx context.Context, id string) (*RecipeExchange, error) {
	return asRecipeExchange.find(sessionOf(ctx), id)
}

func (query) RecipeExchanges(ctx context.Context, first *int, after *string, last *int, before *string) (*RecipeExchangeConnection, error) {
	return listed(ctx, asRecipeExchange, nil, window{first, after, last, before})
}

func (query) RecipeFlow(ctx context.Context, id string) (*RecipeFlow, error) {
	return asRecipeFlow.find(sessionOf(ctx), id)
}

func (query) RecipeFlows(ctx context.Context, first *int, after *string, last *int, before *string) (*RecipeFlowConnection, error) {
	return listed(ctx, asRecipeFlow, nil, window{first, after, last, before})
}

func (query) SpatialThing(ctx context.Context, id string) (*SpatialThing, error) {
	return asPlace.find(sessionOf(ctx), id)
}

func (query) SpatialThings(ctx context.Context, first *int, after *string, last *int, before *string) (*SpatialThingConnection, error) {
	return listed(ctx, asPlace, nil, window{first, after, last, before})
}

func (query) ProductBatch(ctx context.Context, id string) (*ProductBatch, error) {
	return asBatch.find(sessionOf(ctx), id)
}

func (query) ProductBatches(ctx context.Context, first *int, after *string, last *int, before *string) (*ProductBatchConnection, error) {
	return listed(ctx, asBatch, nil, window{first, after, last, before})
}

func (query) AgentRelationship(ctx context.Context, id string) (*AgentRelationship, error) {
	return asRelationship.find(sessionOf(ctx), id)
}

func (query) AgentRelationships(ctx context.Context, first *int, after *string, last *int, before *string) (*AgentRelationshipConnection, error) {
	return listed(ctx, asRelationship, nil, window{first, after, last, before})
}

func (query) AgentRelationshipRole(ctx context.Context, id string) (*AgentRelationshipRole, error) {
	return asRole.find(sessionOf(ctx), id)
}

func (query) AgentRelationshipRoles(ctx context.Context, first *int, after *string, last *int, before *string) (*AgentRelationshipRoleConnection, error) {
	return listed(ctx, asRole, nil, window{first, after, last, before})
}

func (query) Plan(ctx context.Context, id string) (*Plan, error) {
	return asPlan.find(sessionOf(ctx), id)
}

func (query) Plans(ctx context.Context, first *int, after *string, last *int, before *string) (*PlanConnection, error) {
	return listed(ctx, asPlan, nil, window{first, after, last, before})
}

func (query) Process(ctx context.Context, id string) (*Process, error) {
	return asProcess.find(sessionOf(ctx), id)
}

func (query) Processes(ctx context.Context, filter map[string]any, first *int, after *string, last *int, before *string) (*ProcessConnection, error) {
	return listed(ctx, asProcess, filter, window{first, after, last, before})
}

func (query) Commitment(ctx context.Context, id string) (*Commitment, error) {
	return asCommitment.find(sessionOf(ctx), id)
}

func (query) Commitments(ctx context.Context, filter map[string]any, first *int, after *string, last *int, before *string) (*CommitmentConnection, error) {
	return listed(ctx, asCommitment, filter, window{first, after, last, before})
}

func (query) Intent(ctx context.Context, id string) (*Intent, error) {
	return asIntent.find(sessionOf(ctx), id)
}

func (query) Intents(ctx context.Context, filter map[string]any, first *int, after *string, last *int, before *string) (*IntentConnection, error) {
	return listed(ctx, asIntent, filter, window{first, after, last, before})
}

func (query) Claim(ctx context.Context, id string) (*Claim, error) {
	return asClaim.find(sessionOf(ctx), id)
}

func (query) Claims(ctx context.Context, filter map[string]any, first *int, after *string, last *int, before *string) (*ClaimConnection, error) {
	return listed(ctx, asClaim, filter, window{first, after, last, before})
}

func (query) Agreement(ctx context.Context, id string) (*Agreement, error) {
	return asAgreement.find(sessionOf(ctx), id)
}

func (query) Agreements(ctx context.Context, first *int, after *string, last *int, before *string) (*AgreementConnection, error) {
	return listed(ctx, asAgreement, nil, window{first, after, last, before})
}

func (query) AgreementBundle(ctx context.Context, id string) (*AgreementBundle, error) {
	return asBundle.find(sessionOf(ctx), id)
}

func (query) AgreementBundles(ctx context.Context, first *int, after *string, last *int, before *string) (*AgreementBundleConnection, error) {
	return listed(ctx, asBundle, nil, window{first, after, last, before})
}

func (query) Proposal(ctx context.Context, id string) (*Proposal, error) {
	return asProposal.find(sessionOf(ctx), id)
}

func (query) Proposals(ctx context.Context, filter map[string]any, first *int, after *string, last *int, before *string) (*ProposalConnection, error) {
	s := sessionOf(ctx)
	return connect(s, window{first, after, last, before}, asProposal.list(s, ledger.RecordFilter{}), s.proposalFilter(filter))
}

func (query) ProposalList(ctx context.Context, id string) (*ProposalList, error) {
	return asProposalList.find(sessionOf(ctx), id)
}

func (query) ProposalLists(ctx context.Context, first *int, after *string, last *int, before *string) (*ProposalListConnection, error) {
	return listed(ctx, asProposalList, nil, window{first, after, last, before})
}
