package graph

import "strings"

// Namespaces of the terms.
const (
	vfSpace   = "https://w3id.org/valueflows/ont/vf#"
	om2Space  = "http://www.ontology-of-units-of-measure.org/resource/om-2/"
	xsdSpace  = "http://www.w3.org/2001/XMLSchema#"
	timeSpace = "http://www.w3.org/2006/time#"
	geoSpace  = "http://www.w3.org/2003/01/geo/wgs84_pos#"
	termSpace = "urn:minga:term:"
	cardSpace = "http://www.w3.org/2006/vcard/ns#"
)

// spaces are the namespaces in which a term of ours may stand in a file: those
// of ValueFlows, as it was written over the years, and those that it borrows
// from.
var spaces = []string{
	vfSpace, "http://w3id.org/valueflows/ont/vf#", "https://w3id.org/valueflows#", "http://w3id.org/valueflows#",
	"https://w3id.org/valueflows/", "http://w3id.org/valueflows/",
	"https://www.valueflo.ws/ont/vf#", "https://vocab.valueflo.ws/vf#",
	om2Space, "https://www.ontology-of-units-of-measure.org/resource/om-2/",
	timeSpace, geoSpace, cardSpace,
	"http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/2004/02/skos/core#",
	"http://xmlns.com/foaf/0.1/", "http://purl.org/dc/terms/", "http://schema.org/", "https://schema.org/",
}

// prefixes are those that are taken for what everybody means by them when a
// file uses them undeclared.
var prefixes = map[string]string{
	"vf": vfSpace, "om2": om2Space, "om": om2Space, "time": timeSpace, "xsd": xsdSpace,
	"rdfs": "http://www.w3.org/2000/01/rdf-schema#", "skos": "http://www.w3.org/2004/02/skos/core#",
	"foaf": "http://xmlns.com/foaf/0.1/", "dcterms": "http://purl.org/dc/terms/", "schema": "https://schema.org/",
	"wgs84": geoSpace, "vcard": cardSpace,
}

// kind is what the values of a property are.
type kind byte

const (
	text     kind = iota // text for people
	word                 // one short text: a code, a state, an action
	spec                 // what a resource conforms to: an IRI or a name
	iri                  // an IRI that leads out of the ledger
	iris                 // several
	agent                // an agent
	agents               // several
	link                 // another node
	links                // several
	inverse              // other nodes, which name this one by another property
	measure              // a quantity
	duration             // a length of time
	instant              // a point in time or a day
	boolean              // true or false
	decimal              // a number
	unit                 // a unit
)

// property is a property of ValueFlows 1.0.
type property struct {
	kind kind
	of   string // an inverse: the property by which the others name this node
	iri  string // outside the namespace of ValueFlows
	text bool   // of a link: what the file does not state may stand there as text
}

// properties are those of ValueFlows 1.0 by name. It is never changed.
var properties = map[string]property{
	"name": {kind: text, iri: "http://www.w3.org/2000/01/rdf-schema#label"},
	"note": {kind: text, iri: "http://www.w3.org/2004/02/skos/core#note"},

	"image": {kind: iri}, "imageList": {kind: iri},
	"trackingIdentifier": {kind: word}, "batchLotCode": {kind: word}, "state": {kind: word}, "purpose": {kind: word},
	"unitBased": {kind: boolean}, "finished": {kind: boolean}, "substitutable": {kind: boolean}, "mediumOfExchange": {kind: boolean},
	"created": {kind: instant}, "due": {kind: instant}, "expirationDate": {kind: instant},
	"hasPointInTime": {kind: instant}, "hasBeginning": {kind: instant}, "hasEnd": {kind: instant},
	"hasDuration": {kind: duration, iri: timeSpace + "hasDuration"},

	"action": {kind: word}, "provider": {kind: agent}, "receiver": {kind: agent}, "inScopeOf": {kind: agents, text: true},
	"primaryAccountable": {kind: agent}, "subject": {kind: agent}, "object": {kind: agent}, "relationship": {kind: link, text: true},
	"proposedTo": {kind: agents, text: true}, "primaryLocation": {kind: link},

	"conformsTo": {kind: spec}, "resourceConformsTo": {kind: spec}, "classifiedAs": {kind: iris}, "resourceClassifiedAs": {kind: iris},
	"processClassifiedAs": {kind: iris}, "processConformsTo": {kind: link, text: true}, "basedOn": {kind: link, text: true}, "stage": {kind: link, text: true},
	"resourceQuantity": {kind: measure}, "effortQuantity": {kind: measure}, "accountingQuantity": {kind: measure},
	"onhandQuantity": {kind: measure}, "availableQuantity": {kind: measure}, "minimumQuantity": {kind: measure},
	"defaultUnitOfResource": {kind: unit}, "defaultUnitOfEffort": {kind: unit}, "unitOfEffort": {kind: unit},

	"resourceInventoriedAs": {kind: link}, "toResourceInventoriedAs": {kind: link}, "lot": {kind: link},
	"currentLocation": {kind: link}, "containedIn": {kind: link}, "atLocation": {kind: link, text: true}, "toLocation": {kind: link},
	"currentVirtualLocation": {kind: iri}, "currentCurrencyLocation": {kind: link}, "eligibleLocation": {kind: link, text: true},
	"inputOf": {kind: link}, "outputOf": {kind: link}, "nestedIn": {kind: link}, "plannedWithin": {kind: link},
	"independentDemandOf": {kind: link}, "refinementOf": {kind: link},
	"agreedIn": {kind: iri}, "clauseOf": {kind: link}, "reciprocalClauseOf": {kind: link},
	"realizationOf": {kind: link}, "reciprocalRealizationOf": {kind: link}, "bundledIn": {kind: link},
	"fulfills": {kind: links}, "satisfies": {kind: links}, "settles": {kind: links},
	"corrects": {kind: link}, "triggeredBy": {kind: link}, "previousEvent": {kind: links},
	"publishes": {kind: links}, "reciprocal": {kind: links}, "listedIn": {kind: links}, "recipeIncludes": {kind: links},
	"providerRole": {kind: link, text: true}, "receiverRole": {kind: link, text: true},
	"recipeInputOf": {kind: link}, "recipeOutputOf": {kind: link}, "recipeClauseOf": {kind: link},
	"recipeReciprocalClauseOf": {kind: link}, "primaryOutput": {kind: spec},

	"hasInput": {kind: inverse, of: "inputOf"}, "hasOutput": {kind: inverse, of: "outputOf"},
	"hasRecipeInput": {kind: inverse, of: "recipeInputOf"}, "hasRecipeOutput": {kind: inverse, of: "recipeOutputOf"},
	"recipeStipulates": {kind: inverse, of: "recipeClauseOf"}, "recipeStipulatesReciprocal": {kind: inverse, of: "recipeReciprocalClauseOf"},
	"stipulates": {kind: inverse, of: "clauseOf"}, "stipulatesReciprocal": {kind: inverse, of: "reciprocalClauseOf"},
	"realizes": {kind: inverse, of: "realizationOf"}, "realizesReciprocal": {kind: inverse, of: "reciprocalRealizationOf"},
	"fulfilledBy": {kind: inverse, of: "fulfills"}, "satisfiedBy": {kind: inverse, of: "satisfies"}, "settledBy": {kind: inverse, of: "settles"},
	"hasIndependentDemand": {kind: inverse, of: "independentDemandOf"}, "planIncludes": {kind: inverse, of: "plannedWithin"},
	"bundles": {kind: inverse, of: "bundledIn"}, "publishedIn": {kind: inverse, of: "publishes"}, "lists": {kind: inverse, of: "listedIn"},
	"correctedBy": {kind: inverse, of: "corrects"}, "triggers": {kind: inverse, of: "triggeredBy"}, "contains": {kind: inverse, of: "containedIn"},

	// Terms of this project, so that a graph that is exported says all.
	"bringsForth": {kind: link, iri: termSpace + "bringsForth"}, "initialStage": {kind: link, iri: termSpace + "initialStage", text: true},
	"initialState": {kind: word, iri: termSpace + "initialState"}, "initialLocation": {kind: link, iri: termSpace + "initialLocation"},
	"initialContainer": {kind: link, iri: termSpace + "initialContainer"}, "initialAccountable": {kind: agent, iri: termSpace + "initialAccountable"},
	"currency": {kind: word, iri: termSpace + "currency"},

	"hasNumericalValue": {kind: decimal, iri: om2Space + "hasNumericalValue"}, "hasUnit": {kind: unit, iri: om2Space + "hasUnit"},
	"numericDuration": {kind: decimal, iri: timeSpace + "numericDuration"}, "unitType": {kind: unit, iri: timeSpace + "unitType"},
	"label": {kind: text, iri: om2Space + "label"}, "symbol": {kind: word, iri: om2Space + "symbol"},
	"inverseLabel": {kind: text}, "roleLabel": {kind: text}, "inverseRoleLabel": {kind: text}, "roleBehavior": {kind: word},
	"omUnitIdentifier": {kind: word}, "hasDetailedGeometry": {kind: text}, "lat": {kind: decimal, iri: geoSpace + "lat"}, "long": {kind: decimal, iri: geoSpace + "long"},
	"alt": {kind: decimal, iri: geoSpace + "alt"}, "mappableAddress": {kind: text},
}

// formerly leads from names of earlier versions, and from what files say by
// mistake, to those of 1.0.
var formerly = map[string]string{
	"label": "name", "prefLabel": "name", "description": "note", "comment": "note", "title": "name",
	"locatedAt": "currentLocation", "has_numerical_value": "hasNumericalValue", "has_unit": "hasUnit",
	"location": "currentLocation", "hasRecipeClause": "recipeStipulates", "hasRecipeReciprocalClause": "recipeStipulatesReciprocal",
	"realizedBy": "realizes", "reciprocalRealizedBy": "realizesReciprocal", "inverseName": "inverseLabel", "plans": "planIncludes",
	"unit": "hasUnit", "numericalValue": "hasNumericalValue",
}

// renamed has what a property of flows is called on another class.
var renamed = map[string]map[string]string{
	"EconomicResource":      {"resourceConformsTo": "conformsTo", "resourceClassifiedAs": "classifiedAs", "atLocation": "currentLocation"},
	"ResourceSpecification": {"classifiedAs": "resourceClassifiedAs"},
	"Process": {
		"processConformsTo": "basedOn", "processClassifiedAs": "classifiedAs", "conformsTo": "basedOn",
		// as vf-graphql has them, by what stands in them
		"observedInputs": "hasInput", "committedInputs": "hasInput", "intendedInputs": "hasInput",
		"observedOutputs": "hasOutput", "committedOutputs": "hasOutput", "intendedOutputs": "hasOutput",
	},
	"Plan":          {"processes": "planIncludes", "independentDemands": "hasIndependentDemand"},
	"Agreement":     {"commitments": "stipulates", "reciprocalCommitments": "stipulatesReciprocal", "economicEvents": "realizes", "reciprocalEconomicEvents": "realizesReciprocal"},
	"RecipeProcess": {"recipeInputs": "hasRecipeInput", "recipeOutputs": "hasRecipeOutput"},
	"EconomicEvent": flowNames, "Commitment": flowNames, "Intent": flowNames, "Claim": flowNames, "RecipeFlow": flowNames,
}

var flowNames = map[string]string{"conformsTo": "resourceConformsTo", "classifiedAs": "resourceClassifiedAs", "currentLocation": "atLocation"}

// classes leads from the class of a node to what becomes of it.
var classes = map[string]becomes{
	"Agent": agentNode, "Person": agentNode, "Organization": agentNode, "Organisation": agentNode, "EcologicalAgent": agentNode,
	"EconomicEvent": eventNode, "EconomicResource": resourceNode, "Measure": measureNode, "Duration": measureNode,
	"ResourceSpecification": recordNode, "ProcessSpecification": recordNode, "Process": recordNode, "Plan": recordNode,
	"Intent": recordNode, "Proposal": recordNode, "ProposalList": recordNode, "Commitment": recordNode, "Agreement": recordNode,
	"AgreementBundle": recordNode, "Claim": recordNode, "Recipe": recordNode, "RecipeProcess": recordNode, "RecipeFlow": recordNode,
	"RecipeExchange": recordNode, "BatchLotRecord": recordNode, "SpatialThing": recordNode, "AgentRelationship": recordNode,
	"AgentRelationshipRole": recordNode, "Unit": recordNode, "Scenario": recordNode, "ScenarioDefinition": recordNode,
}

type becomes byte

const (
	recordNode becomes = iota // also of a class that is not known
	agentNode
	eventNode
	resourceNode
	measureNode
)

// folded leads from a name in lower case to the name.
var folded = func() map[string]string {
	m := make(map[string]string, len(properties))
	for name := range properties {
		m[strings.ToLower(name)] = name
	}
	return m
}()

// local takes a namespace that is known off a term.
func local(iri string) string {
	for _, space := range spaces {
		if name, cut := strings.CutPrefix(iri, space); cut && name != "" && !strings.ContainsAny(name, "/#:") {
			return name
		}
	}
	return iri
}
