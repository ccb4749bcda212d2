package api_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// said is an operation as clients of hREA send it, what it answers, and what
// later operations know it by. In variables and answers a text that begins with
// @ stands for what an operation before kept under that name.
type said struct {
	query string
	vars  map[string]any
	want  map[string]any    // by path in the data; a number is how many there are in the list
	keep  map[string]string // name by path
}

// create is a mutation that makes one thing, as the forms of hREA write it.
func create(field, input, variable, answer, fields string) string {
	return "mutation($rs: " + input + "!) { res: " + field + "(" + variable + ": $rs) { " + answer + " { id revisionId " + fields + " } } }"
}

func rs(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	return map[string]any{"rs": m}
}

func three() map[string]any { return map[string]any{"hasNumericalValue": 3} }

// dialect is a tour through what hREA's own client asks for, in its order.
var dialect = []said{
	{query: create("createOrganization", "OrganizationCreateParams", "organization", "agent", "name note image classifiedAs meta { retrievedRevision { id time author { id } } }"),
		vars: rs("name", "Bakery", "note", "", "image", "", "classifiedAs", []string{"https://a.example/coop"}),
		want: map[string]any{"res.agent.name": "Bakery", "res.agent.note": nil, "res.agent.classifiedAs": 1}, keep: map[string]string{"org": "res.agent.id"}},
	{query: create("createPerson", "AgentCreateParams", "person", "agent", "name note"),
		vars: rs("name", "Alice", "note", "bakes"), want: map[string]any{"res.agent.note": "bakes"}, keep: map[string]string{"alice": "res.agent.id"}},
	{query: create("createPerson", "AgentCreateParams", "person", "agent", "name"), vars: rs("name", "Bob"), keep: map[string]string{"bob": "res.agent.id"}},
	{query: `{ agents { edges { cursor node { __typename id revisionId name note image classifiedAs meta { retrievedRevision { id time } } } } pageInfo { startCursor endCursor hasNextPage hasPreviousPage totalCount pageLimit } }
		people { edges { node { id } } } organizations { edges { node { id } } } myAgent { __typename id name note } }`,
		want: map[string]any{"agents.edges": 5, "people.edges": 3, "organizations.edges": 2}},
	{query: `query($id: ID!) { agent(id: $id) { id name ... on Person { revision(revisionId: $id) { id } } } person(id: $id) { id claimsInScope { edges { node { id } } } roles { id } } }`,
		vars: map[string]any{"id": "@alice"}, want: map[string]any{"agent.name": "Alice", "agent.revision.id": "@alice", "person.id": "@alice", "person.claimsInScope.edges": 0}},
	{query: `{ actions { id label resourceEffect onhandEffect inputOutput pairsWith } action(id: "transfer-custody") { id resourceEffect } }`,
		want: map[string]any{"actions": 19, "action.id": "transferCustody"}},

	{query: create("createUnit", "UnitCreateParams", "unit", "unit", "label symbol omUnitIdentifier classifiedAs meta { retrievedRevision { id } }"),
		vars: rs("label", "Test unit", "symbol", "tu", "omUnitIdentifier", "test_unit", "classifiedAs", []string{"a"}), keep: map[string]string{"unit": "res.unit.id"}},
	{query: create("createResourceSpecification", "ResourceSpecificationCreateParams", "resourceSpecification", "resourceSpecification", "name note substitutable mediumOfExchange defaultUnitOfResource { id label } defaultUnitOfEffort { id }"),
		vars: rs("name", "Loaf", "note", "n", "substitutable", true, "mediumOfExchange", false, "defaultUnitOfResource", "@unit", "defaultUnitOfEffort", ""),
		want: map[string]any{"res.resourceSpecification.substitutable": true, "res.resourceSpecification.mediumOfExchange": false,
			"res.resourceSpecification.defaultUnitOfResource.id": "@unit", "res.resourceSpecification.defaultUnitOfEffort": nil},
		keep: map[string]string{"spec": "res.resourceSpecification.id"}},
	{query: create("createProcessSpecification", "ProcessSpecificationCreateParams", "processSpecification", "processSpecification", "name note image"),
		vars: rs("name", "Baking", "image", ""), keep: map[string]string{"baking": "res.processSpecification.id"}},
	{query: create("createSpatialThing", "SpatialThingCreateParams", "spatialThing", "spatialThing", "name mappableAddress lat long alt note"),
		vars: rs("name", "Oven", "lat", 45.5, "long", -73.6, "alt", 36, "mappableAddress", "1 Street"),
		want: map[string]any{"res.spatialThing.lat": json.Number("45.5"), "res.spatialThing.long": json.Number("-73.6")}, keep: map[string]string{"place": "res.spatialThing.id"}},
	{query: create("createProductBatch", "ProductBatchCreateParams", "productBatch", "productBatch", "batchNumber expiryDate productionDate"),
		vars: rs("batchNumber", "LOT-1", "expiryDate", ""), want: map[string]any{"res.productBatch.batchNumber": "LOT-1"}, keep: map[string]string{"lot": "res.productBatch.id"}},

	{query: create("createPlan", "PlanCreateParams", "plan", "plan", "name note created due"), vars: rs("name", "Spring", "note", "draft", "due", ""),
		want: map[string]any{"res.plan.due": nil}, keep: map[string]string{"plan": "res.plan.id", "plan0": "res.plan.revisionId"}},
	{query: create("updatePlan", "PlanUpdateParams", "plan", "plan", "name note"), vars: rs("revisionId", "@plan0", "name", "Spring A"),
		want: map[string]any{"res.plan.id": "@plan", "res.plan.name": "Spring A", "res.plan.note": "draft"}, keep: map[string]string{"plan1": "res.plan.revisionId"}},
	{query: create("updatePlan", "PlanUpdateParams", "plan", "plan", "name"), vars: rs("revisionId", "@plan", "name", "Spring B"), want: map[string]any{"res.plan.name": "Spring B"}},
	{query: `query($id: ID!, $r: ID!) { plan(id: $id) { name meta { previousRevisionsCount futureRevisionsCount }
		first: revision(revisionId: $id) { name } second: revision(revisionId: $r) { name note revisionId meta { futureRevisionsCount previousRevisionsCount } } none: revision(revisionId: "x") { name } } }`,
		vars: map[string]any{"id": "@plan", "r": "@plan1"}, want: map[string]any{
			"plan.name": "Spring B", "plan.first.name": "Spring", "plan.second.name": "Spring A", "plan.second.note": "draft", "plan.second.revisionId": "@plan1", "plan.none": nil,
			"plan.second.meta.futureRevisionsCount": json.Number("1"), "plan.meta.previousRevisionsCount": json.Number("2"), "plan.meta.futureRevisionsCount": json.Number("0")}},
	{query: create("createProcess", "ProcessCreateParams", "process", "process", "name finished basedOn { id name } plannedWithin { id } inScopeOf { ... on Person { id } ... on Organization { name } }"),
		vars: rs("name", "Bake", "finished", false, "plannedWithin", "@plan", "basedOn", "@baking", "hasBeginning", "2026-08-01T09:00:00.000Z", "inScopeOf", []string{"@org"}),
		want: map[string]any{"res.process.basedOn.id": "@baking", "res.process.finished": false, "res.process.inScopeOf.0.name": "Bakery"}, keep: map[string]string{"process": "res.process.id"}},

	{query: create("createAgreement", "AgreementCreateParams", "agreement", "agreement", "name note created"), vars: rs("name", "Supply", "note", "six"), keep: map[string]string{"agreement": "res.agreement.id"}},
	{query: create("createAgreementBundle", "AgreementBundleCreateParams", "agreementBundle", "agreementBundle", "name agreements { id }"),
		vars: rs("name", "Orders", "agreements", []string{"@agreement"}), want: map[string]any{"res.agreementBundle.agreements.0.id": "@agreement"}},
	{query: create("createIntent", "IntentCreateParams", "intent", "intent", "name action { id } receiver { id name } outputOf { id } resourceConformsTo { id } availableQuantity { hasNumericalValue } image imageList due finished"),
		vars: rs("action", "produce", "name", "Bread wanted", "receiver", "@bob", "outputOf", "@process", "resourceConformsTo", "@spec", "resourceQuantity", three(), "imageList", []string{"https://a.example/i.png"}),
		want: map[string]any{"res.intent.outputOf.id": "@process", "res.intent.receiver.name": "Bob", "res.intent.imageList": 1, "res.intent.finished": false}, keep: map[string]string{"intent": "res.intent.id"}},
	{query: create("createCommitment", "CommitmentCreateParams", "commitment", "commitment", "satisfies { id } clauseOf { id commitments { id } } outputOf { id } provider { id revisionId name } resourceQuantity { hasNumericalValue hasUnit { id label } } stage { id } deletable"),
		vars: rs("action", "produce", "provider", "@alice", "receiver", "@bob", "satisfies", "@intent", "clauseOf", "@agreement", "outputOf", "@process", "stage", "@baking",
			"resourceConformsTo", "@spec", "resourceQuantity", map[string]any{"hasNumericalValue": 3, "hasUnit": "@unit"}, "hasBeginning", "", "due", "2026-07-10T12:00:00.000Z"),
		want: map[string]any{"res.commitment.satisfies.id": "@intent", "res.commitment.clauseOf.id": "@agreement", "res.commitment.resourceQuantity.hasUnit.id": "@unit", "res.commitment.stage.id": "@baking"},
		keep: map[string]string{"promise": "res.commitment.id"}},
	{query: create("createCommitment", "CommitmentCreateParams", "commitment", "commitment", "independentDemandOf { id }"),
		vars: rs("action", "transfer", "provider", "@alice", "receiver", "@bob", "independentDemandOf", "@plan", "plannedWithin", "@plan"), keep: map[string]string{"demand": "res.commitment.id"}},

	{query: createEvent, vars: map[string]any{
		"e": rs("action", "produce", "provider", "@alice", "receiver", "@alice", "outputOf", "@process", "resourceConformsTo", "@spec", "note", "baked",
			"resourceQuantity", map[string]any{"hasNumericalValue": 10, "hasUnit": "@unit"}, "fulfills", []string{"@promise"}, "satisfies", []string{"@intent"}, "realizationOf", "@agreement", "hasPointInTime", "2026-07-03T08:00Z")["rs"],
		"r": rs("name", "Batch 1", "note", "", "image", "", "trackingIdentifier", "T1", "lot", "@lot", "currentLocation", "@place")["rs"],
	}, want: map[string]any{"res.economicResource.name": "Batch 1", "res.economicResource.conformsTo.id": "@spec", "res.economicResource.accountingQuantity.hasUnit.id": "@unit"},
		keep: map[string]string{"event": "res.economicEvent.id", "batch": "res.economicResource.id"}},
	{query: createEvent, vars: map[string]any{"e": rs("action", "lower", "provider", "@alice", "receiver", "@alice", "resourceInventoriedAs", "@batch", "resourceQuantity", map[string]any{"hasNumericalValue": 2, "hasUnit": "@unit"})["rs"]}},
	{query: createEvent, vars: map[string]any{"e": rs("action", "work", "provider", "@alice", "receiver", "@org", "inputOf", "@process", "effortQuantity", map[string]any{"hasNumericalValue": "1.5", "hasUnit": "h"}, "hasBeginning", "Fri Jul 03 2026")["rs"]}},
	{query: `query($id: ID!) { economicResource(id: $id) { id revisionId name trackingIdentifier conformsTo { id revisionId name } accountingQuantity { hasNumericalValue hasUnit { id symbol label } } onhandQuantity { hasNumericalValue }
		primaryAccountable { id name } custodian { id } currentLocation { id name } lot { batchNumber } stage { id name } state { id } containedIn { id } contains { id } unitOfEffort { id } imageList
		economicEventsInOutFrom { edges { node { id } } } economicEventsTo { edges { node { id } } } previous { id } next { id } trace { __typename } track { __typename } } }`,
		vars: map[string]any{"id": "@batch"}, want: map[string]any{"economicResource.accountingQuantity.hasNumericalValue": json.Number("8"), "economicResource.onhandQuantity.hasNumericalValue": json.Number("8"),
			"economicResource.stage.id": "@baking", "economicResource.lot.batchNumber": "LOT-1", "economicResource.primaryAccountable.id": "@alice", "economicResource.economicEventsInOutFrom.edges": 2}},
	{query: `query($id: ID!) { economicEvent(id: $id) { id revisionId note hasPointInTime outputOf { id name } inputOf { id } fulfills { id } satisfies { id } realizationOf { id } reciprocalRealizationOf { id } settles { id } corrects { id } triggeredBy { id } triggers { id }
		resourceConformsTo { id name } previous { __typename } next { __typename } revision(revisionId: $id) { id } deletable agreedIn inScopeOf { __typename } } }`,
		vars: map[string]any{"id": "@event"}, want: map[string]any{"economicEvent.outputOf.id": "@process", "economicEvent.fulfills.0.id": "@promise", "economicEvent.satisfies.0.id": "@intent", "economicEvent.revision.id": "@event", "economicEvent.note": "baked"}},
	{query: `query($a: ID!) { economicEventsFiltered(providerId: $a, action: "lower") { id } all: economicEventsFiltered(providerId: $a, startDate: "2026-07-01", endDate: "") { id } economicEvents(last: 100000) { edges { cursor node { id revisionId note } } } }`,
		vars: map[string]any{"a": "@alice"}, want: map[string]any{"economicEventsFiltered": 1, "all": 2, "economicEvents.edges": 3}},

	{query: `query($id: ID!) { process(id: $id) { observedInputs { id } observedOutputs { id } inputs(action: "work") { id } none: inputs(action: "use") { id } outputs { id } unplannedEconomicEvents { action { id } } noProduce: unplannedEconomicEvents(action: "produce") { id }
		unplannedInputs { id } unplannedOutputs { id } committedInputs { id } committedOutputs { id fulfilledBy { id } } intendedInputs { id } intendedOutputs { id } nextProcesses { id } previousProcesses { id } workingAgents { edges { node { id } } } involvedAgents { edges { node { name } } } } }`,
		vars: map[string]any{"id": "@process"}, want: map[string]any{"process.observedInputs": 1, "process.observedOutputs.0.id": "@event", "process.inputs": 1, "process.none": 0, "process.outputs": 1,
			"process.unplannedEconomicEvents.0.action.id": "work", "process.unplannedEconomicEvents": 1, "process.noProduce": 0, "process.committedOutputs.0.fulfilledBy.0.id": "@event", "process.intendedOutputs.0.id": "@intent"}},
	{query: `query($id: ID!) { plan(id: $id) { processes { id basedOn { name } } independentDemands { id } nonProcessCommitments { id stage { id } finished fulfilledBy { id } } involvedAgents { edges { node { id } } } } }`,
		vars: map[string]any{"id": "@plan"}, want: map[string]any{"plan.processes.0.id": "@process", "plan.independentDemands.0.id": "@demand", "plan.nonProcessCommitments.0.id": "@demand"}},
	{query: `query($i: ID!, $a: ID!) { intent(id: $i) { satisfiedBy { id } observedBy { id } publishedIn { id } } agreement(id: $a) { commitments { id } economicEvents { id } unplannedEconomicEvents { id } involvedAgents { edges { node { id } } } } }`,
		vars: map[string]any{"i": "@intent", "a": "@agreement"}, want: map[string]any{"intent.satisfiedBy.0.id": "@promise", "intent.observedBy.0.id": "@event", "agreement.commitments.0.id": "@promise", "agreement.economicEvents.0.id": "@event"}},
	{query: create("createClaim", "ClaimCreateParams", "claim", "claim", "action { id } triggeredBy { id } note finished due settledBy { id }"),
		vars: rs("action", "transfer", "triggeredBy", "@event", "note", "owed", "finished", false, "due", "", "resourceConformsTo", "@spec", "resourceQuantity", three()),
		want: map[string]any{"res.claim.triggeredBy.id": "@event", "res.claim.finished": false, "res.claim.due": nil}, keep: map[string]string{"claim": "res.claim.id"}},
	{query: createEvent, vars: map[string]any{"e": rs("action", "transfer", "provider", "@bob", "receiver", "@alice", "resourceConformsTo", "Coin", "resourceQuantity", three(), "settles", "@claim")["rs"]}},
	{query: `query($s: ID!) { claims(filter: {action: ["transfer"]}) { edges { node { id settledBy { id } } } } none: claims(filter: {finished: true}) { edges { node { id } } } resourceSpecification(id: $s) { name claims { edges { node { id } } } conformingResources { edges { node { id } } } } }`,
		vars: map[string]any{"s": "@spec"}, want: map[string]any{"claims.edges.0.node.id": "@claim", "claims.edges.0.node.settledBy": 1, "none.edges": 0, "resourceSpecification.claims.edges": 1, "resourceSpecification.conformingResources.edges.0.node.id": "@batch"}},

	{query: create("createProposal", "ProposalCreateParams", "proposal", "proposal", "name purpose unitBased created hasBeginning publishes { id action { id } } reciprocal { id } proposedTo { id }"),
		vars: rs("name", "Bread", "purpose", "request", "publishes", []string{"@intent"}, "reciprocal", []string{}, "proposedTo", []string{"@alice"}, "hasBeginning", "", "unitBased", false),
		want: map[string]any{"res.proposal.publishes.0.id": "@intent", "res.proposal.reciprocal": 0, "res.proposal.proposedTo.0.id": "@alice"}, keep: map[string]string{"proposal": "res.proposal.id"}},
	{query: create("updateProposal", "ProposalUpdateParams", "proposal", "proposal", "name purpose"), vars: rs("revisionId", "@proposal", "name", "Bread!", "publishes", []string{"@intent"}, "purpose", "request"),
		want: map[string]any{"res.proposal.name": "Bread!", "res.proposal.purpose": "request"}},
	{query: `{ offers { edges { node { id } } } requests { edges { node { id name } } } proposals { edges { node { id } } } }`, want: map[string]any{"offers.edges": 0, "requests.edges.0.node.id": "@proposal"}},
	{query: `mutation($p: ID!, $i: ID!) { proposeIntent(publishedIn: $p, publishes: $i, reciprocal: true) { proposedIntent { id reciprocal publishedIn { id } publishes { id } meta { retrievedRevision { id } } } } }`,
		vars: map[string]any{"p": "@proposal", "i": "@intent"}, want: map[string]any{"proposeIntent.proposedIntent.publishes.id": "@intent"}},

	{query: create("createRecipeExchange", "RecipeExchangeCreateParams", "recipeExchange", "recipeExchange", "name note"), vars: rs("name", "Sale"), keep: map[string]string{"sale": "res.recipeExchange.id"}},
	{query: create("createRecipeProcess", "RecipeProcessCreateParams", "recipeProcess", "recipeProcess", "name note image hasDuration { numericDuration unitType } processConformsTo { id }"),
		vars: rs("name", "Bake", "processConformsTo", "@baking", "hasDuration", map[string]any{"numericDuration": 2, "unitType": "hour"}),
		want: map[string]any{"res.recipeProcess.hasDuration.unitType": "hour", "res.recipeProcess.processConformsTo.id": "@baking"}, keep: map[string]string{"bake": "res.recipeProcess.id"}},
	{query: create("createRecipeFlow", "RecipeFlowCreateParams", "recipeFlow", "recipeFlow", "action { id } instructions providerRole receiverRole note resourceQuantity { hasNumericalValue hasUnit { id label } } recipeOutputOf { id } recipeClauseOf { id }"),
		vars: rs("action", "produce", "resourceConformsTo", "@spec", "stage", "@baking", "recipeOutputOf", "@bake", "recipeClauseOf", "@sale", "instructions", "hot", "providerRole", "baker", "receiverRole", "eater",
			"resourceQuantity", map[string]any{"hasUnit": "@unit", "hasNumericalValue": 10}),
		want: map[string]any{"res.recipeFlow.resourceQuantity.hasUnit.id": "@unit", "res.recipeFlow.recipeOutputOf.id": "@bake", "res.recipeFlow.instructions": "hot"}, keep: map[string]string{"flow": "res.recipeFlow.id"}},
	{query: `query($b: ID!) { recipeProcess(id: $b) { recipeInputs { id } recipeOutputs { id } } recipeExchanges { edges { node { id recipeClauses { id } recipeReciprocalClauses { id } } } } recipeFlows { edges { node { id } } } }`,
		vars: map[string]any{"b": "@bake"}, want: map[string]any{"recipeProcess.recipeOutputs.0.id": "@flow", "recipeExchanges.edges.0.node.recipeClauses.0.id": "@flow"}},
	{query: create("createAgentRelationshipRole", "AgentRelationshipRoleCreateParams", "agentRelationshipRole", "agentRelationshipRole", "roleLabel inverseRoleLabel"), vars: rs("roleLabel", "member of", "inverseRoleLabel", "has member"), keep: map[string]string{"role": "res.agentRelationshipRole.id"}},
	{query: create("createAgentRelationship", "AgentRelationshipCreateParams", "relationship", "agentRelationship", "subject { id } object { id } relationship { roleLabel }"), vars: rs("subject", "@alice", "object", "@org", "relationship", "@role"),
		want: map[string]any{"res.agentRelationship.relationship.roleLabel": "member of"}},
}

// TestGraphQLIsTalkedToAsHREA runs the tour, and each thing made is listed.
func TestGraphQLIsTalkedToAsHREA(t *testing.T) {
	g := gathered(t).graph()
	kept := map[string]string{}
	for _, step := range dialect {
		vars, _ := filled(t, kept, step.vars).(map[string]any)
		out := g.ask(step.query, vars)
		for path, want := range step.want {
			got := out.at(t, path)
			if list, is := got.([]any); is {
				got = len(list)
			}
			if want = filled(t, kept, want); got != want {
				t.Errorf("%s\n%s: %v, want %v\n%v", step.query, path, got, want, out)
			}
		}
		for name, path := range step.keep {
			kept[name] = out.text(t, path)
		}
	}
	for list, least := range map[string]int{
		"agreements": 1, "agreementBundles": 1, "commitments": 2, "economicEvents": 4, "economicResources": 1, "intents": 1, "plans": 1, "processes": 1, "processSpecifications": 1,
		"proposals": 1, "recipeExchanges": 1, "recipeFlows": 1, "recipeProcesses": 1, "resourceSpecifications": 1, "units": 100, "claims": 1, "spatialThings": 1, "productBatches": 1,
		"agentRelationships": 1, "agentRelationshipRoles": 1, "agents": 5, "people": 3, "organizations": 2,
	} {
		out := g.ask(`query($n: Int) { `+list+`(first: $n) { edges { cursor node { id revisionId } } pageInfo { hasNextPage endCursor } } }`, map[string]any{"n": 1000})
		if got := out.count(t, list+".edges"); got < least {
			t.Errorf("%s: %d, want %d", list, got, least)
		}
	}

	// What this ledger does not do is told, with what to do instead.
	for query, code := range map[string]string{
		`mutation { createEconomicEvent(event: {action: "produce", provider: "@alice", receiver: "@alice", note: "nothing"}) { economicEvent { id } } }`: "quantity-missing",
		`mutation { updateEconomicEvent(event: {revisionId: "@event", note: "again"}) { economicEvent { id } } }`:                                        "no-update",
		`mutation { updateEconomicResource(resource: {revisionId: "@batch", note: "again"}) { economicResource { id } } }`:                               "no-update",
		`mutation { updateOrganization(organization: {revisionId: "@org", name: "Other"}) { agent { id } } }`:                                            "no-update",
		`mutation { deleteAgreement(revisionId: "@agreement") }`:                                                                                         "no-deletion",
		`mutation { deleteProductBatch(id: "@lot") }`:                                                                                                    "no-deletion",
		`mutation { deletePlan(id: "@plan") }`:                                                                                                           "no-deletion",
		`mutation { createClaim(claim: {action: "banana"}) { claim { id } } }`:                                                                           "unknown-action",
	} {
		for name, id := range kept {
			query = strings.ReplaceAll(query, `"@`+name+`"`, `"`+id+`"`)
		}
		_, e := g.refused(query, nil)
		if e.at(t, "extensions.code") != code && e.at(t, "extensions.reason") != code {
			t.Errorf("%s: %v, want %s", query, e, code)
		}
		e.text(t, "extensions.hint")
	}
}

// filled puts what was kept in the place of its names.
func filled(t *testing.T, kept map[string]string, v any) any {
	switch v := v.(type) {
	case string:
		name, is := strings.CutPrefix(v, "@")
		if !is {
			return v
		}
		id, known := kept[name]
		if !known {
			t.Fatalf("nothing was kept as %s", name)
		}
		return id
	case []string:
		out := make([]any, len(v))
		for i, text := range v {
			out[i] = filled(t, kept, text)
		}
		return out
	case map[string]any:
		out := map[string]any{}
		for name, inner := range v {
			out[name] = filled(t, kept, inner)
		}
		return out
	}
	return v
}
