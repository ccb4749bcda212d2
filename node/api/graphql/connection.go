package graphql

// Connection is a part of a list.
type Connection[T any] struct {
	Edges    []*Edge[T]
	PageInfo *PageInfo
}

// Edge is an item of a list, with the cursor after it.
type Edge[T any] struct {
	Node   T
	Cursor string
}

// connect returns the part of a list that the window shows.
func connect[T interface{ ID() string }](s *session, w window, list lister[T], keep func(T) (bool, error)) (*Connection[T], error) {
	p, err := pick(s, w, list, keep)
	if err != nil {
		return nil, err
	}
	out := &Connection[T]{Edges: make([]*Edge[T], len(p.items)), PageInfo: p.info}
	for i, item := range p.items {
		out.Edges[i] = &Edge[T]{item.item, item.at.cursor()}
	}
	return out, nil
}

// The connections of the schema.
type (
	UnitConnection                  = Connection[*Unit]
	UnitEdge                        = Edge[*Unit]
	AgentConnection                 = Connection[Agent]
	AgentEdge                       = Edge[Agent]
	PersonConnection                = Connection[*Person]
	PersonEdge                      = Edge[*Person]
	OrganizationConnection          = Connection[*Organization]
	OrganizationEdge                = Edge[*Organization]
	AgentRelationshipConnection     = Connection[*AgentRelationship]
	AgentRelationshipEdge           = Edge[*AgentRelationship]
	AgentRelationshipRoleConnection = Connection[*AgentRelationshipRole]
	AgentRelationshipRoleEdge       = Edge[*AgentRelationshipRole]
	ResourceSpecificationConnection = Connection[*ResourceSpecification]
	ResourceSpecificationEdge       = Edge[*ResourceSpecification]
	ProcessSpecificationConnection  = Connection[*ProcessSpecification]
	ProcessSpecificationEdge        = Edge[*ProcessSpecification]
	RecipeConnection                = Connection[*Recipe]
	RecipeEdge                      = Edge[*Recipe]
	RecipeProcessConnection         = Connection[*RecipeProcess]
	RecipeProcessEdge               = Edge[*RecipeProcess]
	RecipeExchangeConnection        = Connection[*RecipeExchange]
	RecipeExchangeEdge              = Edge[*RecipeExchange]
	RecipeFlowConnection            = Connection[*RecipeFlow]
	RecipeFlowEdge                  = Edge[*RecipeFlow]
	SpatialThingConnection          = Connection[*SpatialThing]
	SpatialThingEdge                = Edge[*SpatialThing]
	ProductBatchConnection          = Connection[*ProductBatch]
	ProductBatchEdge                = Edge[*ProductBatch]
	PlanConnection                  = Connection[*Plan]
	PlanEdge                        = Edge[*Plan]
	ProcessConnection               = Connection[*Process]
	ProcessEdge                     = Edge[*Process]
	CommitmentConnection            = Connection[*Commitment]
	CommitmentEdge                  = Edge[*Commitment]
	IntentConnection                = Connection[*Intent]
	IntentEdge                      = Edge[*Intent]
	ClaimConnection                 = Connection[*Claim]
	ClaimEdge                       = Edge[*Claim]
	AgreementConnection             = Connection[*Agreement]
	AgreementEdge                   = Edge[*Agreement]
	AgreementBundleConnection       = Connection[*AgreementBundle]
	AgreementBundleEdge             = Edge[*AgreementBundle]
	ProposalConnection              = Connection[*Proposal]
	ProposalEdge                    = Edge[*Proposal]
	ProposalListConnection          = Connection[*ProposalList]
	ProposalListEdge                = Edge[*ProposalList]
	EconomicEventConnection         = Connection[*EconomicEvent]
	EconomicEventEdge               = Edge[*EconomicEvent]
	EconomicResourceConnection      = Connection[*EconomicResource]
	EconomicResourceEdge            = Edge[*EconomicResource]
)
