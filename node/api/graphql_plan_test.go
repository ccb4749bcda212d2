package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

type vars = map[string]any

// make1 creates a record with the mutation that its class has, and returns what
// is asked back.
func (g graph) make1(class, fields string, said vars) object {
	g.n.t.Helper()
	name := strings.ToLower(class[:1]) + class[1:]
	data := g.ask(fmt.Sprintf(`mutation($rs: %[1]sCreateParams!) { res: create%[1]s(%[2]s: $rs) { %[2]s { id revisionId %[3]s } } }`, class, name, fields), vars{"rs": said})
	return object(data.at(g.n.t, "res."+name).(map[string]any))
}

// change updates a record and returns what is asked back.
func (g graph) change(class, fields string, said vars) object {
	g.n.t.Helper()
	name := strings.ToLower(class[:1]) + class[1:]
	data := g.ask(fmt.Sprintf(`mutation($rs: %[1]sUpdateParams!) { res: update%[1]s(%[2]s: $rs) { %[2]s { id revisionId %[3]s } } }`, class, name, fields), vars{"rs": said})
	return object(data.at(g.n.t, "res."+name).(map[string]any))
}

func (g graph) event(said vars) string {
	g.n.t.Helper()
	return g.ask(createEvent, vars{"e": said}).text(g.n.t, "res.economicEvent.id")
}

// ids returns the identifiers in a list of an answer, sorted.
func (o object) ids(t testing.TB, path string) []string {
	t.Helper()
	out := []string{}
	list, is := o.at(t, path).([]any)
	if !is {
		t.Fatalf("%s is no list in %v", path, o)
	}
	for _, item := range list {
		one := item.(map[string]any)
		if node, edge := one["node"].(map[string]any); edge {
			one = node
		}
		out = append(out, one["id"].(string))
	}
	slices.Sort(out)
	return out
}

func (o object) wantIDs(t testing.TB, path string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := o.ids(t, path); !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", path, got, want)
	}
}

func (o object) want(t testing.TB, path string, want any) {
	t.Helper()
	if got := o.at(t, path); got != want {
		t.Errorf("%s: %v, want %v", path, got, want)
	}
}

func pieces(n any) vars { return vars{"hasNumericalValue": n} }

func TestGraphQLPlansPromisesAndKeeps(t *testing.T) {
	n := gathered(t)
	g := n.graph()
	alice, bob := g.person("Alice"), g.person("Bob")
	spec := g.make1("ResourceSpecification", "name substitutable mediumOfExchange", vars{"name": "Sourdough loaf", "substitutable": true, "mediumOfExchange": false})
	spec.want(t, "substitutable", true)
	spec.want(t, "mediumOfExchange", false)
	loaf := spec.text(t, "id")
	plan := g.make1("Plan", "name note", vars{"name": "Autumn", "note": "a draft", "due": "2026-10-01"}).text(t, "id")
	baking := g.make1("ProcessSpecification", "name", vars{"name": "Baking"}).text(t, "id")
	process := g.make1("Process", "name finished basedOn { id name } plannedWithin { id }", vars{
		"name": "Bake bread", "plannedWithin": plan, "basedOn": baking, "finished": false,
		"hasBeginning": "2026-08-01T09:00:00.000Z", "hasEnd": "2026-08-31T17:00:00.000Z",
	})
	process.want(t, "basedOn.name", "Baking")
	process.want(t, "finished", false)
	p := process.text(t, "id")
	agreement := g.make1("Agreement", "name created", vars{"name": "Bread subscription"}).text(t, "id")
	intent := g.make1("Intent", "name receiver { id name } resourceConformsTo { id }", vars{
		"action": "transfer", "name": "Bob wants bread", "receiver": bob, "resourceConformsTo": loaf, "resourceQuantity": pieces(2),
	})
	intent.want(t, "resourceConformsTo.id", loaf)
	want := intent.text(t, "id")
	harvest := g.make1("Intent", "outputOf { id }", vars{"action": "produce", "outputOf": p}).text(t, "id")
	commitment := g.make1("Commitment", "clauseOf { id } satisfies { id } resourceQuantity { hasNumericalValue hasUnit { id label } } meta { retrievedRevision { id time } }", vars{
		"action": "transfer", "provider": alice, "receiver": bob, "resourceConformsTo": loaf, "resourceQuantity": pieces(2),
		"clauseOf": agreement, "satisfies": want, "plannedWithin": plan, "due": "2026-07-10T12:00:00.000Z",
	})
	commitment.want(t, "satisfies.id", want)
	commitment.want(t, "resourceQuantity.hasUnit.id", "one")
	promise := commitment.text(t, "id")
	in := g.make1("Commitment", "", vars{"action": "consume", "provider": alice, "receiver": alice, "inputOf": p}).text(t, "id")
	out := g.make1("Commitment", "", vars{"action": "produce", "provider": alice, "receiver": alice, "outputOf": p}).text(t, "id")
	demand := g.make1("Commitment", "", vars{"action": "transfer", "provider": alice, "receiver": bob, "independentDemandOf": plan}).text(t, "id")

	made := g.ask(createEvent, vars{"e": vars{
		"action": "produce", "provider": alice, "receiver": alice, "resourceConformsTo": loaf, "resourceQuantity": pieces(10), "outputOf": p, "fulfills": out,
	}, "r": vars{"name": "Batch #1"}})
	made.want(t, "res.economicResource.conformsTo.id", loaf)
	batch, baked := made.text(t, "res.economicResource.id"), made.text(t, "res.economicEvent.id")
	other := g.make1("ResourceSpecification", "name", vars{"name": "Rye loaf"}).text(t, "id")
	rye := g.ask(createEvent, vars{"e": vars{
		"action": "produce", "provider": alice, "receiver": alice, "resourceConformsTo": loaf, "resourceQuantity": pieces(1),
	}, "r": vars{"name": "Rye batch", "conformsTo": other}})
	rye.want(t, "res.economicResource.conformsTo.id", other)
	eaten := g.event(vars{"action": "consume", "provider": alice, "receiver": alice, "resourceInventoriedAs": batch, "resourceQuantity": pieces(1), "inputOf": p})
	given := g.event(vars{
		"action": "transfer", "provider": alice, "receiver": bob, "resourceInventoriedAs": batch, "resourceQuantity": pieces(2),
		"fulfills": []string{promise}, "satisfies": []string{want}, "realizationOf": agreement,
	})

	got := g.ask(`query($plan: ID!, $process: ID!, $commitment: ID!, $intent: ID!, $agreement: ID!, $spec: ID!, $event: ID!) {
		plan(id: $plan) { name independentDemands { id } nonProcessCommitments { id stage { id } fulfilledBy { id } clauseOf { id commitments { id } } }
			processes { id basedOn { id name } committedInputs { id action { id label } } committedOutputs { id } } }
		process(id: $process) { observedInputs { id } observedOutputs { id } unplannedInputs { id } unplannedOutputs { id } intendedOutputs { id } intendedInputs { id }
			inputs { id } outputs { id } hasBeginning workingAgents { edges { node { id } } } involvedAgents { edges { node { id } } } }
		commitment(id: $commitment) { fulfilledBy { id } clauseOf { id name } provider { id name } involvedAgents { id } }
		intent(id: $intent) { satisfiedBy { id } observedBy { id } }
		agreement(id: $agreement) { commitments { id } economicEvents { id } involvedAgents { edges { node { name } } } }
		resourceSpecification(id: $spec) { conformingResources { edges { node { id } } } economicEvents { edges { node { id } } } commitments { edges { node { id } } } intents { edges { node { id } } } }
		economicEvent(id: $event) { fulfills { id } satisfies { id } realizationOf { id } resourceConformsTo { id } inputOf { id } }
		commitments(filter: {finished: false, action: ["transfer"]}) { edges { node { id } } }
	}`, vars{"plan": plan, "process": p, "commitment": promise, "intent": want, "agreement": agreement, "spec": loaf, "event": given})
	got.wantIDs(t, "plan.independentDemands", demand)
	got.wantIDs(t, "plan.nonProcessCommitments", promise)
	got.wantIDs(t, "plan.nonProcessCommitments.0.fulfilledBy", given)
	got.wantIDs(t, "plan.processes", p)
	got.wantIDs(t, "plan.processes.0.committedInputs", in)
	got.wantIDs(t, "plan.processes.0.committedOutputs", out)
	got.wantIDs(t, "process.observedInputs", eaten)
	got.wantIDs(t, "process.observedOutputs", baked)
	got.wantIDs(t, "process.unplannedInputs", eaten)
	got.wantIDs(t, "process.unplannedOutputs")
	got.wantIDs(t, "process.intendedOutputs", harvest)
	got.wantIDs(t, "process.intendedInputs")
	got.wantIDs(t, "process.involvedAgents.edges", alice)
	got.wantIDs(t, "commitment.fulfilledBy", given)
	got.wantIDs(t, "commitment.involvedAgents", alice, bob)
	got.want(t, "commitment.clauseOf.name", "Bread subscription")
	got.wantIDs(t, "intent.satisfiedBy", promise)
	got.wantIDs(t, "intent.observedBy", given)
	got.wantIDs(t, "agreement.commitments", promise)
	got.wantIDs(t, "agreement.economicEvents", given)
	got.wantIDs(t, "resourceSpecification.conformingResources.edges", batch)
	got.wantIDs(t, "resourceSpecification.commitments.edges", promise)
	got.wantIDs(t, "resourceSpecification.intents.edges", want)
	got.wantIDs(t, "economicEvent.fulfills", promise)
	got.wantIDs(t, "economicEvent.satisfies", want)
	got.wantIDs(t, "commitments.edges", promise, demand)
	g.ask(`query($id: ID!) { process(id: $id) { trace { __typename } track { __typename } nextProcesses { id } previousProcesses { id } } }`, vars{"id": p})
}

func TestGraphQLAmendsRecords(t *testing.T) {
	n := gathered(t)
	g := n.graph()
	alice := g.person("Alice")
	for class, said := range map[string]vars{
		"Process": {"name": "Sparse"}, "ProcessSpecification": {"name": "Sparse"}, "ResourceSpecification": {"name": "Sparse"},
		"SpatialThing": {"name": "Sparse", "lat": 45.5, "long": -73.6, "alt": "36.0"}, "Plan": {"name": "Sparse"}, "Agreement": {"name": "Sparse"},
		"AgreementBundle": {"name": "Sparse"}, "RecipeProcess": {"name": "Sparse"}, "RecipeExchange": {"name": "Sparse"}, "Recipe": {"name": "Sparse"},
		"Intent": {"name": "Sparse", "action": "raise"}, "Proposal": {"name": "Sparse"}, "ProposalList": {"name": "Sparse"},
		"Commitment": {"name": "Sparse", "action": "transfer", "provider": alice, "receiver": alice},
	} {
		made := g.make1(class, "name note meta { retrievedRevision { id time } previousRevisionsCount }", said)
		id, first := made.text(t, "id"), made.text(t, "revisionId")
		changed := g.change(class, "name note", vars{"revisionId": first, "note": "a note"})
		if changed.text(t, "id") != id || changed.text(t, "revisionId") == first {
			t.Errorf("%s: %v", class, changed)
		}
		changed.want(t, "name", "Sparse")
		changed.want(t, "note", "a note")
		again := g.change(class, "name note meta { previousRevisionsCount retrievedRevision { id } }", vars{"revisionId": id, "name": "Other"}) // by its first identifier
		again.want(t, "id", id)
		again.want(t, "name", "Other")
		again.want(t, "note", "a note")
		again.want(t, "meta.previousRevisionsCount", json.Number("2"))
		again.want(t, "meta.retrievedRevision.id", again.text(t, "revisionId"))
		name := strings.ToLower(class[:1]) + class[1:]
		read := g.ask(fmt.Sprintf(`query($id: ID!) { res: %s(id: $id) { id revisionId name note } }`, name), vars{"id": id})
		read.want(t, "res.name", "Other")
		read.want(t, "res.revisionId", again.text(t, "revisionId"))
	}
	place := g.make1("SpatialThing", "lat long alt mappableAddress", vars{"name": "Lab", "lat": 45.5019, "long": -73.5674, "alt": 36.0, "mappableAddress": "Montreal, QC"})
	place.want(t, "lat", json.Number("45.5019"))
	place.want(t, "long", json.Number("-73.5674"))
	// A link that comes with an amendment is found from the other end, and one that goes is not.
	agreement := g.make1("Agreement", "", vars{"name": "A"}).text(t, "id")
	promise := g.make1("Commitment", "", vars{"action": "transfer", "provider": alice, "receiver": alice})
	back := `query($id: ID!) { agreement(id: $id) { commitments { id } } }`
	g.change("Commitment", "", vars{"revisionId": promise.text(t, "revisionId"), "clauseOf": agreement})
	g.ask(back, vars{"id": agreement}).wantIDs(t, "agreement.commitments", promise.text(t, "id"))
	g.change("Commitment", "clauseOf { id }", vars{"revisionId": promise.text(t, "id"), "clauseOf": nil}).want(t, "clauseOf", nil)
	g.ask(back, vars{"id": agreement}).wantIDs(t, "agreement.commitments")
	_, e := g.refused(`mutation($id: ID!) { updatePlan(plan: {revisionId: $id, name: "x"}) { plan { id } } }`, vars{"id": agreement})
	e.want(t, "extensions.code", "other-kind")
}

func TestGraphQLProposesClaimsAndRecipes(t *testing.T) {
	n := gathered(t)
	g := n.graph()
	alice, bob := g.person("Alice"), g.person("Bob")
	basket := g.make1("ResourceSpecification", "", vars{"name": "Vegetables"}).text(t, "id")
	give := g.make1("Intent", "", vars{"action": "transfer", "name": "Give", "provider": alice, "resourceConformsTo": basket, "resourceQuantity": pieces(5)}).text(t, "id")
	get := g.make1("Intent", "", vars{"action": "transfer", "name": "Get", "receiver": alice, "resourceQuantity": pieces(10)}).text(t, "id")
	offer := g.make1("Proposal", "name purpose publishes { id action { id } } reciprocal { id } unitBased", vars{
		"name": "Basket", "purpose": "offer", "publishes": []string{give}, "reciprocal": []string{get}, "unitBased": true,
	})
	offer.wantIDs(t, "publishes", give)
	offer.wantIDs(t, "reciprocal", get)
	offer.want(t, "purpose", "offer")
	request := g.make1("Proposal", "", vars{"name": "Need", "purpose": "request"}).text(t, "id")
	more := g.ask(`mutation($p: ID!, $i: ID!, $a: ID!) { proposeIntent(publishedIn: $p, publishes: $i) { proposedIntent { id publishes { id } publishedIn { publishes { id } } } }
		proposeTo(proposed: $p, proposedTo: $a) { proposedTo { proposedTo { name } proposed { proposedTo { id } publishedTo { proposedTo { name } } } } } }`, vars{"p": request, "i": give, "a": bob})
	more.wantIDs(t, "proposeIntent.proposedIntent.publishedIn.publishes", give)
	more.wantIDs(t, "proposeTo.proposedTo.proposed.proposedTo", bob)
	more.want(t, "proposeTo.proposedTo.proposed.publishedTo.0.proposedTo.name", "Bob")
	lists := g.ask(`query($i: ID!) { offers { edges { node { id } } } requests { edges { node { id purpose } } } intent(id: $i) { publishedIn { id } } }`, vars{"i": give})
	lists.wantIDs(t, "offers.edges", offer.text(t, "id"))
	lists.wantIDs(t, "requests.edges", request)
	lists.wantIDs(t, "intent.publishedIn", offer.text(t, "id"), request)
	_, e := g.refused(`mutation($r: ID!) { updateProposal(proposal: {revisionId: $r, purpose: request}) { proposal { id } } }`, vars{"r": offer.text(t, "id")})
	e.want(t, "extensions.code", "fixed")
	g.refused(`mutation { createProposal(proposal: {name: "x", purpose: banana}) { proposal { id } } }`, nil)

	moved := g.event(vars{"action": "transfer", "provider": alice, "receiver": bob, "resourceConformsTo": basket, "resourceQuantity": pieces(5)})
	claim := g.make1("Claim", "action { id } triggeredBy { id } finished note", vars{"action": "transfer", "triggeredBy": moved, "resourceQuantity": pieces(10), "note": "for the basket"})
	claim.want(t, "triggeredBy.id", moved)
	paid := g.event(vars{"action": "transfer", "provider": bob, "receiver": alice, "resourceConformsTo": "Local currency", "resourceQuantity": pieces(7), "settles": claim.text(t, "id")})
	settled := g.ask(`query($c: ID!, $e: ID!) { claim(id: $c) { settledBy { id } } claims { edges { node { id } } } economicEvent(id: $e) { settles { id } resourceConformsTo { id name } } }`,
		vars{"c": claim.text(t, "id"), "e": paid})
	settled.wantIDs(t, "claim.settledBy", paid)
	settled.wantIDs(t, "claims.edges", claim.text(t, "id"))
	settled.want(t, "economicEvent.settles.id", claim.text(t, "id"))
	settled.want(t, "economicEvent.resourceConformsTo.name", "Local currency")

	a1, a2 := g.make1("Agreement", "", vars{"name": "1"}).text(t, "id"), g.make1("Agreement", "", vars{"name": "2"}).text(t, "id")
	g.make1("AgreementBundle", "agreements { id }", vars{"name": "Order", "agreements": []string{a1, a2}}).wantIDs(t, "agreements", a1, a2)
	g.make1("ProductBatch", "batchNumber expiryDate", vars{"batchNumber": "LOT-1", "expiryDate": "2027-01-01"}).want(t, "batchNumber", "LOT-1")

	exchange := g.make1("RecipeExchange", "name", vars{"name": "Bread for labour"}).text(t, "id")
	mix := g.make1("RecipeProcess", "name hasDuration { numericDuration unitType }", vars{"name": "Mix", "hasDuration": vars{"numericDuration": 1.5, "unitType": "hour"}})
	mix.want(t, "hasDuration.numericDuration", json.Number("1.5"))
	mix.want(t, "hasDuration.unitType", "hour")
	unit := g.make1("Unit", "label symbol omUnitIdentifier", vars{"label": "loaf", "symbol": "lf", "omUnitIdentifier": "one"}).text(t, "id")
	flow := g.make1("RecipeFlow", "providerRole receiverRole instructions resourceQuantity { hasNumericalValue hasUnit { id label } } recipeInputOf { id } recipeClauseOf { id }", vars{
		"action": "raise", "resourceConformsTo": basket, "recipeInputOf": mix.text(t, "id"), "recipeClauseOf": exchange, "instructions": "slowly",
		"providerRole": "baker", "receiverRole": "eater", "resourceQuantity": vars{"hasUnit": unit, "hasNumericalValue": 10},
	})
	flow.want(t, "resourceQuantity.hasUnit.id", unit)
	flow.want(t, "providerRole", "baker")
	recipes := g.ask(`query($p: ID!) { recipeProcess(id: $p) { recipeInputs { id } recipeOutputs { id } }
		recipeExchanges { edges { node { id recipeClauses { id } recipeReciprocalClauses { id } } } } }`, vars{"p": mix.text(t, "id")})
	recipes.wantIDs(t, "recipeProcess.recipeInputs", flow.text(t, "id"))
	recipes.wantIDs(t, "recipeExchanges.edges.0.node.recipeClauses", flow.text(t, "id"))
	recipes.wantIDs(t, "recipeExchanges.edges.0.node.recipeReciprocalClauses")
	role := g.ask(`mutation { createAgentRelationshipRole(agentRelationshipRole: {roleLabel: "is member of", inverseRoleLabel: "has member"}) { agentRelationshipRole { id roleLabel inverseRoleLabel } } }`, nil)
	related := g.ask(`mutation($r: AgentRelationshipCreateParams!) { createAgentRelationship(relationship: $r) { agentRelationship { id subject { name } relationship { roleLabel } } } }`,
		vars{"r": vars{"subject": alice, "object": bob, "relationship": role.text(t, "createAgentRelationshipRole.agentRelationshipRole.id")}})
	related.want(t, "createAgentRelationship.agentRelationship.relationship.roleLabel", "is member of")
	agents := g.ask(`query($a: ID!) { person(id: $a) { roles { roleLabel } relationships { edges { node { id } } } relationshipsAsObject { edges { node { id } } } commitments { edges { node { id } } }
		economicEvents { edges { node { id } } } economicEventsAsProvider { edges { node { id } } } intents { edges { node { id } } } inventoriedEconomicResources { edges { node { id } } } } }`, vars{"a": alice})
	agents.wantIDs(t, "person.intents.edges", give, get)
	agents.wantIDs(t, "person.economicEvents.edges", moved, paid)
	agents.wantIDs(t, "person.economicEventsAsProvider.edges", moved)
	agents.want(t, "person.roles.0.roleLabel", "is member of")
	agents.wantIDs(t, "person.relationshipsAsObject.edges")
	g.make1("Unit", "", vars{"label": "kilogramme", "symbol": "kg"}).want(t, "id", "kilogram")
	own := g.make1("Unit", "label symbol omUnitIdentifier classifiedAs", vars{"label": "bushel basket", "symbol": "bb", "omUnitIdentifier": "no_such_unit", "classifiedAs": []string{"a", "b"}})
	own.want(t, "label", "bushel basket")
	g.change("Unit", "label symbol", vars{"revisionId": own.text(t, "revisionId"), "label": "basket"}).want(t, "label", "basket")
	units := g.ask(`{ unit(id: "kg") { id label symbol omUnitIdentifier } units(first: 3) { edges { node { id } } } actions { id label resourceEffect onhandEffect inputOutput pairsWith } action(id: "transfer-custody") { id } }`, nil)
	units.want(t, "unit.id", "kilogram")
	units.want(t, "action.id", "transferCustody")
	if got := units.count(t, "actions"); got != 19 {
		t.Errorf("%d actions", got)
	}
}

// A specification is its name: whoever makes it again adds to it, and events
// find it after it was given another name.
func TestGraphQLKnowsASpecificationByItsName(t *testing.T) {
	n := gathered(t)
	g := n.graph()
	alice := g.person("Alice")
	first := g.make1("ResourceSpecification", "", vars{"name": "Widget", "note": "one"}).text(t, "id")
	again := g.make1("ResourceSpecification", "note image", vars{"name": "Widget", "image": "https://example.org/w.png"})
	again.want(t, "id", first)
	again.want(t, "note", "one")
	again.want(t, "image", "https://example.org/w.png")
	made := g.event(vars{"action": "raise", "provider": alice, "receiver": alice, "resourceConformsTo": first, "resourceQuantity": pieces(1)})
	g.change("ResourceSpecification", "name", vars{"revisionId": first, "name": "Widget v2"}).want(t, "name", "Widget v2")
	got := g.ask(`query($id: ID!) { economicEvent(id: $id) { resourceConformsTo { id name } } resourceSpecifications { edges { node { id } } } }`, vars{"id": made})
	got.want(t, "economicEvent.resourceConformsTo.id", first)
	got.want(t, "economicEvent.resourceConformsTo.name", "Widget v2")
	got.wantIDs(t, "resourceSpecifications.edges", first)
	plain := g.event(vars{"action": "raise", "provider": alice, "receiver": alice, "resourceConformsTo": "Gadget", "resourceQuantity": pieces(1)})
	text := g.ask(`query($id: ID!) { economicEvent(id: $id) { resourceConformsTo { id revisionId name note meta { retrievedRevision { id } } } } resourceSpecification(id: "Gadget") { name economicEvents { edges { node { id } } } }
		none: resourceSpecification(id: "Nothing") { id } }`, vars{"id": plain})
	text.want(t, "economicEvent.resourceConformsTo.id", "Gadget")
	text.wantIDs(t, "resourceSpecification.economicEvents.edges", plain)
	text.want(t, "none", nil)
	// A name that was amended away is still known by its record.
	g.make1("ResourceSpecification", "", vars{"name": "Widget"}).want(t, "id", first)
}

// What clients send for pages by identifiers, as they do elsewhere.
func TestGraphQLPagesByIdentifiers(t *testing.T) {
	n := gathered(t)
	g := n.graph()
	for i := range 7 {
		g.person(fmt.Sprint("Agent ", i))
	}
	all := g.ask(`{ agents { edges { cursor node { id name } } pageInfo { startCursor endCursor hasNextPage hasPreviousPage pageLimit totalCount } } people { edges { node { id } } } organizations { edges { node { id name } } } }`, nil)
	if all.count(t, "agents.edges") < 8 || all.count(t, "people.edges") != 8 || all.count(t, "organizations.edges") != 1 {
		t.Fatalf("%v", all)
	}
	id := func(i int) string { return all.text(t, fmt.Sprintf("agents.edges.%d.node.id", i)) }
	part := g.ask(`query($after: String!, $before: String!) { agents(after: $after, before: $before) { edges { node { id } } } }`, vars{"after": id(1), "before": id(4)})
	part.wantIDs(t, "agents.edges", id(2), id(3))
	seen, after := 0, ""
	for {
		page := g.ask(`query($first: Int, $after: String) { agents(first: $first, after: $after) { pageInfo { hasNextPage endCursor } edges { node { id } } } }`, vars{"first": 4, "after": after})
		seen += page.count(t, "agents.edges")
		if page.at(t, "agents.pageInfo.hasNextPage") != true {
			break
		}
		after = page.text(t, "agents.pageInfo.endCursor")
	}
	if seen != all.count(t, "agents.edges") {
		t.Errorf("%d of %d", seen, all.count(t, "agents.edges"))
	}
}
