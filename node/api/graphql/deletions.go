package graphql

import "context"

// mutation is the root of writing.
type mutation struct{ nothingIsDeleted }

// nothingIsDeleted refuses every deletion.
type nothingIsDeleted struct{}

func refuseDeletion(ctx context.Context, id string) (bool, error) {
	return false, sessionOf(ctx).host.Refuse(CodeNoDelete, id)
}

func (nothingIsDeleted) DeleteUnit(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeletePerson(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteOrganization(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteResourceSpecification(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteProposedIntent(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteProposedTo(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteProcessSpecification(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteRecipe(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteRecipeProcess(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteRecipeExchange(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteRecipeFlow(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteSpatialThing(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteProductBatch(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteAgentRelationship(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteAgentRelationshipRole(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeletePlan(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

// DeleteProcess is the one deletion that names the process by either identifier.
func (nothingIsDeleted) DeleteProcess(ctx context.Context, id, revisionID *string) (bool, error) {
	return refuseDeletion(ctx, orElse(id, orEmpty(revisionID)))
}

func (nothingIsDeleted) DeleteCommitment(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteIntent(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteClaim(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteAgreement(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteAgreementBundle(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteProposal(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}

func (nothingIsDeleted) DeleteProposalList(ctx context.Context, revisionID string) (bool, error) {
	return refuseDeletion(ctx, revisionID)
}
