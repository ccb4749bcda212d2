package api

import (
	"slices"
	"strings"
)

// PropertyKind says what a property of a record holds.
type PropertyKind string

// The kinds of properties.
const (
	PropertyText   PropertyKind = "text"
	PropertyTime   PropertyKind = "time"   // RFC 3339 with offset, or a date
	PropertyNumber PropertyKind = "number" // a decimal number in text
	PropertyBool   PropertyKind = "bool"
	PropertyUnit   PropertyKind = "unit"
	PropertyAmount PropertyKind = "measure" // a number and a unit
	PropertyAgent  PropertyKind = "agent"   // named by name or identifier
	PropertySpec   PropertyKind = "spec"    // resource specification: its name or IRI
	PropertyLink   PropertyKind = "link"    // a record, event or resource
)

// The classes of ValueFlows that are no records and that properties lead to.
const (
	EconomicEvent    = "EconomicEvent"
	EconomicResource = "EconomicResource"
)

// Property is a property of a record, under its name in the ontology.
type Property struct {
	Name string
	Kind PropertyKind
	Of   string // class that a link leads to; empty: any
	Many bool   // a list
	Doc  string
	// Choices are the values that a text may have; none: any.
	Choices []string
}

// Inverse is a relation to a record, read from its end. Of says which classes
// count, none meaning all. Stated are properties of the record itself that say the
// same.
type Inverse struct {
	Name      string
	Relations []string
	Of        []string
	Stated    []string
}

// Class is a class of ValueFlows whose instances are records.
type Class struct {
	Type       string // its name in the ontology
	Path       string // below /v1
	About      string // what it is, in a few words
	Named      bool   // it needs a name
	Needs      []string
	Properties []Property
	Inverses   []Inverse
}

// Noun is the name of the class in schemas, and Plural that of lists of it.
func (c Class) Noun() string {
	if noun, cut := strings.CutSuffix(c.Path, "sses"); cut {
		return noun + "ss"
	}
	return strings.TrimSuffix(c.Path, "s")
}

// Plural is the name of a list of the class, in lowerCamelCase.
func (c Class) Plural() string { return camel(c.Path) }

func camel(kebab string) string {
	words := strings.Split(kebab, "-")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}

// Property returns the property of a name.
func (c Class) Property(name string) (Property, bool) {
	i := slices.IndexFunc(c.Properties, func(p Property) bool { return p.Name == name })
	if i < 0 {
		return Property{}, false
	}
	return c.Properties[i], true
}

// states reports whether a property says what an inverse field says.
func (c Class) states(name string) bool {
	return slices.ContainsFunc(c.Inverses, func(i Inverse) bool { return slices.Contains(i.Stated, name) })
}

// ClassOf returns the class of a type of the ontology.
func ClassOf(typ string) (Class, bool) {
	i := slices.IndexFunc(Classes, func(c Class) bool { return c.Type == typ })
	if i < 0 {
		return Class{}, false
	}
	return Classes[i], true
}

// Properties of several classes.
var (
	textOf = func(name, doc string) Property { return Property{Name: name, Kind: PropertyText, Doc: doc} }
	timeOf = func(name, doc string) Property { return Property{Name: name, Kind: PropertyTime, Doc: doc} }
	linkTo = func(name, class, doc string) Property {
		return Property{Name: name, Kind: PropertyLink, Of: class, Doc: doc}
	}
	linksTo = func(name, class, doc string) Property {
		return Property{Name: name, Kind: PropertyLink, Of: class, Many: true, Doc: doc}
	}

	propImage      = textOf("image", "Address of a picture")
	propClasses    = Property{Name: "classifiedAs", Kind: PropertyText, Many: true, Doc: "IRIs of classes"}
	propScope      = Property{Name: "inScopeOf", Kind: PropertyAgent, Many: true, Doc: "Agents in whose scope it is"}
	propCreated    = timeOf("created", "When it was made")
	propDue        = timeOf("due", "When it is due")
	propBeginning  = timeOf("hasBeginning", "From when")
	propEnd        = timeOf("hasEnd", "Until when")
	propPoint      = timeOf("hasPointInTime", "When")
	propFinished   = Property{Name: "finished", Kind: PropertyBool, Doc: "Nothing more is expected"}
	propPlanned    = linkTo("plannedWithin", "Plan", "Plan that it belongs to")
	propProvider   = Property{Name: "provider", Kind: PropertyAgent, Doc: "Who gives"}
	propReceiver   = Property{Name: "receiver", Kind: PropertyAgent, Doc: "Who receives"}
	propInput      = linkTo("inputOf", "Process", "Process that it goes into")
	propOutput     = linkTo("outputOf", "Process", "Process that it comes out of")
	propResource   = linkTo("resourceInventoriedAs", EconomicResource, "Resource that it is about")
	propConforms   = Property{Name: "resourceConformsTo", Kind: PropertySpec, Doc: "Resource specification: its name or IRI"}
	propClassified = Property{Name: "resourceClassifiedAs", Kind: PropertyText, Many: true, Doc: "IRIs of classes"}
	propQuantity   = Property{Name: "resourceQuantity", Kind: PropertyAmount, Doc: "How much of the resource"}
	propEffort     = Property{Name: "effortQuantity", Kind: PropertyAmount, Doc: "How much effort"}
	propAction     = Property{Name: "action", Kind: PropertyText, Doc: "One of the 19 actions of ValueFlows"}
	propStage      = linkTo("stage", "ProcessSpecification", "Process specification that the resource has been through")
	propState      = textOf("state", "State of the resource, such as pass or fail")
	propAgreedIn   = textOf("agreedIn", "IRI of an agreement elsewhere")
	propAt         = linkTo("atLocation", "SpatialThing", "Where")
)

// Classes has every class of records, in the order of the ontology's layers. It
// is never changed.
var Classes = []Class{
	{
		Type: "ResourceSpecification", Path: "resource-specifications", Named: true, About: "a kind of resource",
		Properties: []Property{
			propImage, propClassified,
			{Name: "defaultUnitOfResource", Kind: PropertyUnit, Doc: "Unit in which it is counted"},
			{Name: "defaultUnitOfEffort", Kind: PropertyUnit, Doc: "Unit in which its use or the work is counted"},
			{Name: "substitutable", Kind: PropertyBool, Doc: "Any resource of the kind may stand for another"},
			{Name: "mediumOfExchange", Kind: PropertyBool, Doc: "It is a currency"},
		},
	},
	{
		Type: "ProcessSpecification", Path: "process-specifications", Named: true, About: "a kind of process",
		Properties: []Property{propImage},
		Inverses:   []Inverse{{"processes", []string{"basedOn"}, []string{"Process"}, nil}},
	},
	{
		Type: "Process", Path: "processes", About: "what turns inputs into outputs",
		Properties: []Property{
			linkTo("basedOn", "ProcessSpecification", "What kind of process it is"), propClasses,
			propBeginning, propEnd, propFinished, propScope, propPlanned,
		},
		Inverses: []Inverse{{"inputs", []string{"inputOf"}, nil, []string{"hasInput"}}, {"outputs", []string{"outputOf"}, nil, []string{"hasOutput"}}},
	},
	{
		Type: "Plan", Path: "plans", About: "processes, commitments and intents that belong together",
		Properties: []Property{propDue, propCreated, propScope},
		Inverses: []Inverse{
			{"processes", []string{"plannedWithin"}, []string{"Process"}, []string{"planIncludes"}},
			{"independentDemands", []string{"independentDemandOf"}, nil, []string{"hasIndependentDemand"}},
			{"flows", []string{"plannedWithin"}, []string{"Intent", "Commitment", "Claim"}, []string{"planIncludes"}},
		},
	},
	{
		Type: "Intent", Path: "intents", About: "something wanted or offered, that nobody has promised yet", Needs: []string{"action"},
		Properties: []Property{
			propAction, propProvider, propReceiver, propInput, propOutput, propResource, propConforms, propClassified,
			propQuantity, propEffort, {Name: "availableQuantity", Kind: PropertyAmount, Doc: "How much there is"},
			{Name: "minimumQuantity", Kind: PropertyAmount, Doc: "The least that can be had at once"},
			propPoint, propBeginning, propEnd, propDue, propCreated, propFinished, propAt, propAgreedIn, propStage, propState, propImage,
			propScope, propPlanned,
		},
		Inverses: []Inverse{{"satisfiedBy", []string{"satisfies"}, nil, nil}, {"publishedIn", []string{"publishes", "reciprocal"}, nil, nil}},
	},
	{
		Type: "Commitment", Path: "commitments", About: "what somebody has promised somebody", Needs: []string{"action"},
		Properties: []Property{
			propAction, propProvider, propReceiver, propInput, propOutput, propResource, propConforms, propClassified,
			propQuantity, propEffort, propPoint, propBeginning, propEnd, propDue, propCreated, propFinished, propAt, propAgreedIn,
			linkTo("clauseOf", "Agreement", "Agreement that it is part of"),
			linkTo("reciprocalClauseOf", "Agreement", "Agreement in which it is given in return"),
			linksTo("satisfies", "Intent", "Intents that it satisfies"),
			linkTo("independentDemandOf", "Plan", "Plan that it asks for"), propPlanned, propStage, propState, propScope,
		},
		Inverses: []Inverse{{"fulfilledBy", []string{"fulfills"}, nil, nil}},
	},
	{
		Type: "Claim", Path: "claims", About: "what is owed after something happened", Needs: []string{"action", "provider", "receiver"},
		Properties: []Property{
			propAction, propProvider, propReceiver, propConforms, propClassified, propQuantity, propEffort,
			linkTo("triggeredBy", EconomicEvent, "Event because of which it is owed"),
			propDue, propCreated, propFinished, propAgreedIn, propScope,
		},
		Inverses: []Inverse{{"settledBy", []string{"settles"}, nil, nil}},
	},
	{
		Type: "Agreement", Path: "agreements", About: "what was agreed on",
		Properties: []Property{propCreated, linkTo("bundledIn", "AgreementBundle", "Bundle that it belongs to"), propScope},
		Inverses: []Inverse{
			{"commitments", []string{"clauseOf"}, nil, []string{"stipulates"}}, {"reciprocalCommitments", []string{"reciprocalClauseOf"}, nil, []string{"stipulatesReciprocal"}},
			{"events", []string{"realizationOf"}, nil, []string{"realizes"}}, {"reciprocalEvents", []string{"reciprocalRealizationOf"}, nil, []string{"realizesReciprocal"}},
		},
	},
	{
		Type: "AgreementBundle", Path: "agreement-bundles", About: "agreements that belong together",
		Properties: []Property{propCreated, propScope},
		Inverses:   []Inverse{{"agreements", []string{"bundledIn"}, nil, []string{"bundles"}}},
	},
	{
		Type: "Proposal", Path: "economic-proposals", About: "intents published for others to take up",
		Properties: []Property{
			{Name: "purpose", Kind: PropertyText, Choices: []string{"offer", "request"}, Doc: "offer or request"},
			propBeginning, propEnd, propCreated, {Name: "unitBased", Kind: PropertyBool, Doc: "Its quantities are for one unit"},
			linksTo("publishes", "Intent", "Intents that it publishes"), linksTo("reciprocal", "Intent", "Intents wanted in return"),
			{Name: "proposedTo", Kind: PropertyAgent, Many: true, Doc: "Agents to whom it is addressed"},
			linkTo("eligibleLocation", "SpatialThing", "Where it holds"), propScope,
		},
		Inverses: []Inverse{{"listedIn", []string{"lists"}, nil, []string{"listedIn"}}},
	},
	{
		Type: "ProposalList", Path: "proposal-lists", About: "proposals shown together",
		Properties: []Property{linksTo("lists", "Proposal", "Proposals on it"), propCreated, propScope},
	},
	{
		Type: "Recipe", Path: "recipes", About: "how something is made, to plan from",
		Properties: []Property{
			{Name: "primaryOutput", Kind: PropertySpec, Doc: "What it makes: a resource specification"},
			linksTo("recipeIncludes", "", "Its processes and exchanges"),
		},
	},
	{
		Type: "RecipeProcess", Path: "recipe-processes", About: "a process of a recipe",
		Properties: []Property{
			linkTo("processConformsTo", "ProcessSpecification", "What kind of process it is"), propImage,
			{Name: "processClassifiedAs", Kind: PropertyText, Many: true, Doc: "IRIs of classes"},
			{Name: "hasDuration", Kind: PropertyAmount, Doc: "How long it takes"},
		},
		Inverses: []Inverse{{"inputs", []string{"recipeInputOf"}, nil, []string{"hasRecipeInput"}}, {"outputs", []string{"recipeOutputOf"}, nil, []string{"hasRecipeOutput"}}},
	},
	{
		Type: "RecipeFlow", Path: "recipe-flows", About: "what goes into or comes out of a process of a recipe", Needs: []string{"action"},
		Properties: []Property{
			propAction, propConforms, propClassified, propQuantity, propEffort,
			linkTo("recipeInputOf", "RecipeProcess", "Process that it goes into"),
			linkTo("recipeOutputOf", "RecipeProcess", "Process that it comes out of"),
			linkTo("recipeClauseOf", "RecipeExchange", "Exchange that it is part of"),
			linkTo("recipeReciprocalClauseOf", "RecipeExchange", "Exchange in which it is given in return"),
			propStage, propState,
		},
	},
	{
		Type: "RecipeExchange", Path: "recipe-exchanges", About: "an exchange of a recipe",
		Inverses: []Inverse{{"clauses", []string{"recipeClauseOf"}, nil, []string{"recipeStipulates"}}, {"reciprocalClauses", []string{"recipeReciprocalClauseOf"}, nil, []string{"recipeStipulatesReciprocal"}}},
	},
	{
		Type: "BatchLotRecord", Path: "batch-lot-records", About: "what resources of one batch have in common",
		Properties: []Property{textOf("batchLotCode", "Code of the batch or lot"), timeOf("expirationDate", "Until when it keeps")},
	},
	{
		Type: "SpatialThing", Path: "spatial-things", About: "a place",
		Properties: []Property{
			textOf("mappableAddress", "Address"), {Name: "lat", Kind: PropertyNumber, Doc: "Latitude in degrees"},
			{Name: "long", Kind: PropertyNumber, Doc: "Longitude in degrees"}, {Name: "alt", Kind: PropertyNumber, Doc: "Altitude in metres"},
		},
	},
	{
		Type: "AgentRelationship", Path: "agent-relationships", About: "what an agent is to another", Needs: []string{"subject", "object", "relationship"},
		Properties: []Property{
			{Name: "subject", Kind: PropertyAgent, Doc: "Who stands in the relationship"}, {Name: "object", Kind: PropertyAgent, Doc: "To whom"},
			linkTo("relationship", "AgentRelationshipRole", "What the relationship is"), propScope,
		},
	},
	{
		Type: "AgentRelationshipRole", Path: "agent-relationship-roles", About: "a kind of relationship between agents",
		Properties: []Property{
			textOf("roleLabel", "Its name"), textOf("inverseRoleLabel", "Its name from the other side"),
			textOf("roleBehavior", "What follows from it"), propClasses,
		},
		Inverses: []Inverse{{"relationships", []string{"relationship"}, nil, nil}},
	},
}

func upper(name string) string { return strings.ToUpper(name[:1]) + name[1:] }
