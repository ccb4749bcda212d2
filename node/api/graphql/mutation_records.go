package graphql

import "context"

func (mutation) CreateProcessSpecification(ctx context.Context, processSpecification map[string]any) (*ProcessSpecificationResponse, error) {
	made, err := create(ctx, asProcessSpecification, processSpecification)
	return &ProcessSpecificationResponse{made}, err
}

func (mutation) UpdateProcessSpecification(ctx context.Context, processSpecification map[string]any) (*ProcessSpecificationResponse, error) {
	made, err := amend(ctx, asProcessSpecification, processSpecification)
	return &ProcessSpecificationResponse{made}, err
}

func (mutation) CreateRecipe(ctx context.Context, recipe map[string]any) (*RecipeResponse, error) {
	made, err := create(ctx, asRecipe, recipe)
	return &RecipeResponse{made}, err
}

func (mutation) UpdateRecipe(ctx context.Context, recipe map[string]any) (*RecipeResponse, error) {
	made, err := amend(ctx, asRecipe, recipe)
	return &RecipeResponse{made}, err
}

func (mutation) CreateRecipeProcess(ctx context.Context, recipeProcess map[string]any) (*RecipeProcessResponse, error) {
	made, err := create(ctx, asRecipeProcess, recipeProcess)
	return &RecipeProcessResponse{made}, err
}

func (mutation) UpdateRecipeProcess(ctx context.Context, recipeProcess map[string]any) (*RecipeProcessResponse, error) {
	made, err := amend(ctx, asRecipeProcess, recipeProcess)
	return &RecipeProcessResponse{made}, err
}

func (mutation) CreateRecipeExchange(ctx context.Context, recipeExchange map[string]any) (*RecipeExchangeResponse, error) {
	made, err := create(ctx, asRecipeExchange, recipeExchange)
	return &RecipeExchangeResponse{made}, err
}

func (mutation) UpdateRecipeExchange(ctx context.Context, recipeExchange map[string]any) (*RecipeExchangeResponse, error) {
	made, err := amend(ctx, asRecipeExchange, recipeExchange)
	return &RecipeExchangeResponse{made}, err
}

func (mutation) CreateRecipeFlow(ctx context.Context, recipeFlow map[string]any) (*RecipeFlowResponse, error) {
	made, err := create(ctx, asRecipeFlow, recipeFlow)
	return &RecipeFlowResponse{made}, err
}

func (mutation) UpdateRecipeFlow(ctx context.Context, recipeFlow map[string]any) (*RecipeFlowResponse, error) {
	made, err := amend(ctx, asRecipeFlow, recipeFlow)
	return &RecipeFlowResponse{made}, err
}

func (mutation) CreateSpatialThing(ctx context.Context, spatialThing map[string]any) (*SpatialThingResponse, error) {
	made, err := create(ctx, asPlace, spatialThing)
	return &SpatialThingResponse{made}, err
}

func (mutation) UpdateSpatialThing(ctx context.Context, spatialThing map[string]any) (*SpatialThingResponse, error) {
	made, err := amend(ctx, asPlace, spatialThing)
	return &SpatialThingResponse{made}, err
}

func (mutation) CreateProductBatch(ctx context.Context, productBatch map[string]any) (*ProductBatchResponse, error) {
	made, err := create(ctx, asBatch, productBatch)
	return &ProductBatchResponse{made}, err
}

func (mutation) UpdateProductBatch(ctx context.Context, productBatch map[string]any) (*ProductBatchResponse, error) {
	made, err := amend(ctx, asBatch, productBatch)
	return &ProductBatchResponse{made}, err
}

func (mutation) CreateAgentRelationship(ctx context.Context, relationship map[string]any) (*AgentRelationshipResponse, error) {
	made, err := create(ctx, asRelationship, relationship)
	return &AgentRelationshipResponse{made}, err
}

func (mutation) UpdateAgentRelationship(ctx context.Context, relationship map[string]any) (*AgentRelationshipResponse, error) {
	made, err := amend(ctx, asRelationship, relationship)
	return &AgentRelationshipResponse{made}, err
}

func (mutation) CreateAgentRelationshipRole(ctx context.Context, agentRelationshipRole map[string]any) (*AgentRelationshipRoleResponse, error) {
	made, err := create(ctx, asRole, agentRelationshipRole)
	return &AgentRelationshipRoleResponse{made}, err
}

func (mutation) UpdateAgentRelationshipRole(ctx context.Context, agentRelationshipRole map[string]any) (*AgentRelationshipRoleResponse, error) {
	made, err := amend(ctx, asRole, agentRelationshipRole)
	return &AgentRelationshipRoleResponse{made}, err
}

func (mutation) CreatePlan(ctx context.Context, plan map[string]any) (*PlanResponse, error) {
	made, err := create(ctx, asPlan, plan)
	return &PlanResponse{made}, err
}

func (mutation) UpdatePlan(ctx context.Context, plan map[string]any) (*PlanResponse, error) {
	made, err := amend(ctx, asPlan, plan)
	return &PlanResponse{made}, err
}

func (mutation) CreateProcess(ctx context.Context, process map[string]any) (*ProcessResponse, error) {
	made, err := create(ctx, asProcess, process)
	return &ProcessResponse{made}, err
}

func (mutation) UpdateProcess(ctx context.Context, process map[string]any) (*ProcessResponse, error) {
	made, err := amend(ctx, asProcess, process)
	return &ProcessResponse{made}, err
}

func (mutation) CreateCommitment(ctx context.Context, commitment map[string]any) (*CommitmentResponse, error) {
	made, err := create(ctx, asCommitment, commitment)
	return &CommitmentResponse{made}, err
}

func (mutation) UpdateCommitment(ctx context.Context, commitment map[string]any) (*CommitmentResponse, error) {
	made, err := amend(ctx, asCommitment, commitment)
	return &CommitmentResponse{made}, err
}

func (mutation) CreateIntent(ctx context.Context, intent map[string]any) (*IntentResponse, error) {
	made, err := create(ctx, asIntent, intent)
	return &IntentResponse{made}, err
}

func (mutation) UpdateIntent(ctx context.Context, intent map[string]any) (*IntentResponse, error) {
	made, err := amend(ctx, asIntent, intent)
	return &IntentResponse{made}, err
}

func (mutation) CreateClaim(ctx context.Context, claim map[string]any) (*ClaimResponse, error) {
	made, err := create(ctx, asClaim, claim)
	return &ClaimResponse{made}, err
}

func (mutation) UpdateClaim(ctx context.Context, claim map[string]any) (*ClaimResponse, error) {
	made, err := amend(ctx, asClaim, claim)
	return &ClaimResponse{made}, err
}

func (mutation) CreateAgreement(ctx context.Context, agreement map[string]any) (*AgreementResponse, error) {
	made, err := create(ctx, asAgreement, agreement)
	return &AgreementResponse{made}, err
}

func (mutation) UpdateAgreement(ctx context.Context, agreement map[string]any) (*AgreementResponse, error) {
	made, err := amend(ctx, asAgreement, agreement)
	return &AgreementResponse{made}, err
}

func (mutation) CreateAgreementBundle(ctx context.Context, agreementBundle map[string]any) (*AgreementBundleResponse, error) {
	made, err := create(ctx, asBundle, agreementBundle)
	return &AgreementBundleResponse{made}, err
}

func (mutation) UpdateAgreementBundle(ctx context.Context, agreementBundle map[string]any) (*AgreementBundleResponse, error) {
	made, err := amend(ctx, asBundle, agreementBundle)
	return &AgreementBundleResponse{made}, err
}

func (mutation) CreateProposal(ctx context.Context, proposal map[string]any) (*ProposalResponse, error) {
	made, err := create(ctx, asProposal, proposal)
	return &ProposalResponse{made}, err
}

func (mutation) UpdateProposal(ctx context.Context, proposal map[string]any) (*ProposalResponse, error) {
	made, err := amend(ctx, asProposal, proposal)
	return &ProposalResponse{made}, err
}

func (mutation) CreateProposalList(ctx context.Context, proposalList map[string]any) (*ProposalListResponse, error) {
	made, err := create(ctx, asProposalList, proposalList)
	return &ProposalListResponse{made}, err
}

func (mutation) UpdateProposalList(ctx context.Context, proposalList map[string]any) (*ProposalListResponse, error) {
	made, err := amend(ctx, asProposalList, proposalList)
	return &ProposalListResponse{made}, err
}
