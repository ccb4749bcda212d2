// Package plan holds the rules of the planning layer of ValueFlows 1.0: which
// records of specifications, processes, plans, promises, agreements and recipes
// are legal, how later records amend them, how much of a promise has come about,
// and what a recipe makes necessary. What a resource is and what an event does to
// it is the business of package flow.
package plan

// The classes of ValueFlows 1.0 that are records.
const (
	ResourceSpecification = "ResourceSpecification"
	ProcessSpecification  = "ProcessSpecification"
	Process               = "Process"
	Plan                  = "Plan"
	Intent                = "Intent"
	Proposal              = "Proposal"
	ProposalList          = "ProposalList"
	Commitment            = "Commitment"
	Agreement             = "Agreement"
	AgreementBundle       = "AgreementBundle"
	Claim                 = "Claim"
	Recipe                = "Recipe"
	RecipeProcess         = "RecipeProcess"
	RecipeFlow            = "RecipeFlow"
	RecipeExchange        = "RecipeExchange"
	BatchLotRecord        = "BatchLotRecord"
	SpatialThing          = "SpatialThing"
	AgentRelationship     = "AgentRelationship"
	RelationshipRole      = "AgentRelationshipRole"
	Unit                  = "Unit"
)

// kind is what may stand in a property.
type kind byte

const (
	text     kind = iota // text
	texts                // text, or a list of it
	link                 // the identifier of an entry
	links                // one or a list of them
	ref                  // an identifier, or the text by which the thing is known: a name or an IRI
	refs                 // one or a list of them
	verb                 // one of the nineteen actions
	quantity             // number and unit, not below zero
	when                 // RFC 3339 with an offset, or a date
	yes                  // true or false
	number               // a decimal number as text, or an integer
)

// class is what is known of a class: its properties, and which it must have. The
// name and the note of a record are fields of their own in the entry.
type class struct {
	properties map[string]kind
	needs      []string // "name" is the record's own
	guarded    bool     // amended by those concerned and by stewards only
}

// classes are the classes of ValueFlows 1.0.0 and their properties, as the
// ontology has them. Inverse properties (inverse.go) may be stated too. It is
// never changed.
var classes = map[string]class{
	ResourceSpecification: {needs: []string{"name"}, properties: map[string]kind{
		"image": text, "imageList": texts, "mediumOfExchange": yes, "substitutable": yes,
		"defaultUnitOfEffort": text, "defaultUnitOfResource": text, "resourceClassifiedAs": texts,
	}},
	ProcessSpecification: {needs: []string{"name"}, properties: map[string]kind{"image": text}},
	Process: {properties: map[string]kind{
		"hasInput": links, "hasOutput": links, "plannedWithin": link, "inScopeOf": refs, "hasBeginning": when, "hasEnd": when,
		"finished": yes, "basedOn": ref, "classifiedAs": texts,
	}},
	Plan: {properties: map[string]kind{
		"planIncludes": links, "hasIndependentDemand": links, "due": when, "created": when, "inScopeOf": refs,
	}},
	Intent: {guarded: true, needs: []string{"action"}, properties: flowing(map[string]kind{
		"availableQuantity": quantity, "minimumQuantity": quantity, "image": text, "imageList": texts,
	})},
	Commitment: {guarded: true, needs: []string{"action"}, properties: flowing(map[string]kind{
		"independentDemandOf": link, "satisfies": links, "clauseOf": link, "reciprocalClauseOf": link,
	})},
	Claim: {guarded: true, needs: []string{"action"}, properties: map[string]kind{
		"action": verb, "provider": link, "receiver": link, "triggeredBy": link, "due": when, "resourceQuantity": quantity,
		"effortQuantity": quantity, "created": when, "finished": yes, "resourceClassifiedAs": texts, "resourceConformsTo": ref,
		"inScopeOf": refs, "agreedIn": text,
	}},
	Proposal: {guarded: true, properties: map[string]kind{
		"hasBeginning": when, "hasEnd": when, "unitBased": yes, "purpose": text, "created": when, "eligibleLocation": ref,
		"publishes": links, "reciprocal": links, "proposedTo": refs, "listedIn": links, "inScopeOf": refs,
	}},
	ProposalList: {properties: map[string]kind{"created": when, "proposedTo": refs, "lists": links, "inScopeOf": refs}},
	Agreement: {guarded: true, properties: map[string]kind{
		"created": when, "stipulates": links, "stipulatesReciprocal": links, "realizes": links, "realizesReciprocal": links,
		"bundledIn": link, "inScopeOf": refs,
	}},
	AgreementBundle: {properties: map[string]kind{"created": when, "bundles": links, "inScopeOf": refs}},
	Recipe:          {properties: map[string]kind{"primaryOutput": ref, "recipeIncludes": links}},
	RecipeProcess: {properties: map[string]kind{
		"hasRecipeInput": links, "hasRecipeOutput": links, "hasDuration": quantity, "image": text, "processClassifiedAs": texts,
		"processConformsTo": ref,
	}},
	RecipeFlow: {needs: []string{"action"}, properties: map[string]kind{
		"action": verb, "recipeInputOf": link, "recipeOutputOf": link, "recipeClauseOf": link, "recipeReciprocalClauseOf": link,
		"resourceQuantity": quantity, "effortQuantity": quantity, "resourceClassifiedAs": texts, "resourceConformsTo": ref,
		"stage": ref, "state": text, "providerRole": ref, "receiverRole": ref,
	}},
	RecipeExchange: {properties: map[string]kind{"recipeStipulates": links, "recipeStipulatesReciprocal": links}},
	BatchLotRecord: {properties: map[string]kind{"batchLotCode": text, "expirationDate": when}},
	SpatialThing: {properties: map[string]kind{
		"long": number, "lat": number, "alt": number, "mappableAddress": text, "hasDetailedGeometry": text,
	}},
	AgentRelationship: {needs: []string{"subject", "object", "relationship"}, properties: map[string]kind{
		"subject": link, "object": link, "relationship": ref, "inScopeOf": refs,
	}},
	RelationshipRole: {properties: map[string]kind{
		"label": text, "inverseLabel": text, "roleLabel": text, "inverseRoleLabel": text, "roleBehavior": text, "classifiedAs": texts,
	}},
	Unit: {properties: map[string]kind{"omUnitIdentifier": text, "label": text, "symbol": text, "classifiedAs": texts}},
}

// flowing adds what intents and commitments have in common.
func flowing(own map[string]kind) map[string]kind {
	for property, k := range map[string]kind{
		"action": verb, "inputOf": link, "outputOf": link, "plannedWithin": link, "resourceInventoriedAs": link, "provider": link,
		"receiver": link, "hasBeginning": when, "hasEnd": when, "hasPointInTime": when, "due": when, "resourceQuantity": quantity,
		"effortQuantity": quantity, "created": when, "finished": yes, "resourceClassifiedAs": texts, "resourceConformsTo": ref,
		"stage": ref, "state": text, "inScopeOf": refs, "atLocation": ref, "agreedIn": text,
	} {
		own[property] = k
	}
	return own
}

// Known reports whether records may have a class.
func Known(name string) bool {
	_, known := classes[name]
	return known
}

// Promises reports whether records of a class say what is to come: they can be
// fulfilled, satisfied or settled.
func Promises(name string) bool { return name == Commitment || name == Intent || name == Claim }

// MayHave reports whether the ontology has a property for a class, and Leads
// whether it leads to other things.
func MayHave(name, property string) (may, leads bool) {
	k, may := classes[name].properties[property]
	return may, may && (k == link || k == links || k == ref || k == refs)
}

// inverse has the other side of each property that has one: what is stated on
// either side holds. It is never changed.
var inverse = map[string][]string{
	"hasInput":                   {"inputOf"},
	"hasOutput":                  {"outputOf"},
	"planIncludes":               {"plannedWithin"},
	"hasIndependentDemand":       {"independentDemandOf"},
	"stipulates":                 {"clauseOf"},
	"stipulatesReciprocal":       {"reciprocalClauseOf"},
	"realizes":                   {"realizationOf"},
	"realizesReciprocal":         {"reciprocalRealizationOf"},
	"bundles":                    {"bundledIn"},
	"lists":                      {"listedIn"},
	"hasRecipeInput":             {"recipeInputOf"},
	"hasRecipeOutput":            {"recipeOutputOf"},
	"recipeStipulates":           {"recipeClauseOf"},
	"recipeStipulatesReciprocal": {"recipeReciprocalClauseOf"},
	"fulfilledBy":                {"fulfills"},
	"satisfiedBy":                {"satisfies"},
	"settledBy":                  {"settles"},
	"publishedIn":                {"publishes", "reciprocal"},
	"correctedBy":                {"corrects"},
	"triggers":                   {"triggeredBy"},
	"contains":                   {"containedIn"},
	"amendedBy":                  {"of"},
}

// Inverse returns the properties of other entries that say the same as a
// property from the other side, such as clauseOf for stipulates; none if it has
// no other side.
func Inverse(property string) []string {
	if direct, is := inverse[property]; is {
		return direct
	}
	for inverted, direct := range inverse {
		if direct[0] == property {
			return []string{inverted}
		}
	}
	return nil
}
