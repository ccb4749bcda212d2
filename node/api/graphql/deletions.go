package graphql

import "context"

// mutation is the root of writing.
type mutation struct{ nothingIsDeleted }

// nothingIsDeleted refuses every deletion.
type nothingIsDeleted struct{}

// refuseDeletion takes the identifier as any version of vf-graphql names it.
func refuseDeletion(ctx context.Context, revisionID, id *string) (bool, error) {
	return false, sessionOf(ctx).host.Refuse(CodeNoDelete, orElse(revisionID, orEmpty(id)))
}

func (nothingIsDeleted) DeleteUnit(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeletePerson(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteOrganization(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteResourceSpecification(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteProposedIntent(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteProposedTo(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteProcessSpecification(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteRecipe(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteRecipeProcess(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteRecipeExchange(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteRecipeFlow(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteSpatialThing(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteProductBatch(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteAgentRelationship(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteAgentRelationshipRole(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeletePlan(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteProcess(ctx context.Context, id, revisionID *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteCommitment(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteIntent(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteClaim(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteAgreement(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteAgreementBundle(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteProposal(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}

func (nothingIsDeleted) DeleteProposalList(ctx context.Context, revisionID, id *string) (bool, error) {
	return refuseDeletion(ctx, revisionID, id)
}
