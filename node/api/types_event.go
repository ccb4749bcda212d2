package api

// Measure is a quantity of ValueFlows: a decimal number in text, and a unit.
type Measure struct {
	HasNumericalValue string `json:"hasNumericalValue" doc:"Decimal number, at most 15 digits and 9 places" example:"3"`
	HasUnit           string `json:"hasUnit,omitempty" doc:"OM2 identifier such as hour, kilogram, one; h, kg, horas and the like are understood" example:"hour"`
}

// EventDraft is an economic event to record. Agents are named by name or
// identifier, entries by CID or a unique prefix of one.
type EventDraft struct {
	Action   string `json:"action" doc:"One of the 19 actions of ValueFlows" example:"work" maxLength:"256"`
	Provider string `json:"provider,omitempty" doc:"Who gave; default: you"`
	Receiver string `json:"receiver,omitempty" doc:"Who received; default: the commons"`
	InputOf  string `json:"inputOf,omitempty" doc:"Process: name or identifier, as for everything that is named here"`
	OutputOf string `json:"outputOf,omitempty" doc:"Process"`

	ResourceInventoriedAs   string            `json:"resourceInventoriedAs,omitempty" doc:"Resource: its name, the event that brought it into being, or its identifier in an imported file"`
	ToResourceInventoriedAs string            `json:"toResourceInventoriedAs,omitempty" doc:"Resource that takes it up: name or identifier"`
	NewInventoriedResource  *NewResourceDraft `json:"newInventoriedResource,omitempty" doc:"A resource that this event brings into being"`
	ResourceConformsTo      string            `json:"resourceConformsTo,omitempty" doc:"Resource specification: its name or IRI" maxLength:"2048"`
	ResourceClassifiedAs    []string          `json:"resourceClassifiedAs,omitempty" maxItems:"64"`
	ResourceQuantity        *Measure          `json:"resourceQuantity,omitempty"`
	EffortQuantity          *Measure          `json:"effortQuantity,omitempty"`

	HasPointInTime string `json:"hasPointInTime,omitempty" doc:"RFC 3339 with offset, or a date: midnight UTC" example:"2026-03-01"`
	HasBeginning   string `json:"hasBeginning,omitempty" doc:"RFC 3339 with offset, or a date"`
	HasEnd         string `json:"hasEnd,omitempty" doc:"RFC 3339 with offset, or a date"`
	AtLocation     string `json:"atLocation,omitempty"`
	ToLocation     string `json:"toLocation,omitempty"`
	Note           string `json:"note,omitempty" doc:"Permanent: it cannot be erased" maxLength:"8192"`
	Stage          string `json:"stage,omitempty" maxLength:"2048"`
	State          string `json:"state,omitempty" doc:"State of the resource after the event" maxLength:"256"`

	InScopeOf               []string `json:"inScopeOf,omitempty" doc:"Agents" maxItems:"64"`
	AgreedIn                string   `json:"agreedIn,omitempty" doc:"IRI of an agreement outside" maxLength:"2048"`
	RealizationOf           string   `json:"realizationOf,omitempty" doc:"Agreement"`
	ReciprocalRealizationOf string   `json:"reciprocalRealizationOf,omitempty" doc:"Agreement in which it is given in return"`
	Fulfills                []string `json:"fulfills,omitempty" doc:"Commitments" maxItems:"64"`
	Satisfies               []string `json:"satisfies,omitempty" doc:"Intents" maxItems:"64"`
	Settles                 []string `json:"settles,omitempty" doc:"Claims" maxItems:"64"`
	Corrects                string   `json:"corrects,omitempty" doc:"The event that this one corrects; only then may a quantity be negative"`
	TriggeredBy             string   `json:"triggeredBy,omitempty" doc:"Event"`
	PreviousEvent           []string `json:"previousEvent,omitempty" doc:"Last event known on each resource" maxItems:"2"`

	Source string            `json:"source,omitempty" doc:"The importer's key" maxLength:"256"`
	Ext    map[string]string `json:"ext,omitempty" doc:"Your own additions, text only, without any effect"`
}

// NewResourceDraft describes a resource that an event brings into being.
type NewResourceDraft struct {
	Name               string   `json:"name,omitempty" maxLength:"256"`
	ConformsTo         string   `json:"conformsTo,omitempty" maxLength:"2048"`
	ClassifiedAs       []string `json:"classifiedAs,omitempty" maxItems:"64"`
	TrackingIdentifier string   `json:"trackingIdentifier,omitempty" maxLength:"256"`
	Lot                string   `json:"lot,omitempty"`
	Image              string   `json:"image,omitempty" maxLength:"2048"`
	Note               string   `json:"note,omitempty" maxLength:"8192"`
	Stage              string   `json:"stage,omitempty" maxLength:"2048"`
	State              string   `json:"state,omitempty" maxLength:"256"`
	UnitOfEffort       string   `json:"unitOfEffort,omitempty" maxLength:"256"`
	CurrentLocation    string   `json:"currentLocation,omitempty"`
	ContainedIn        string   `json:"containedIn,omitempty"`
	PrimaryAccountable string   `json:"primaryAccountable,omitempty" doc:"Agent"`
}

// Event is an economic event as recorded: minga.event/1. What became of the
// entry is in Entry, since State is a field of the event itself.
type Event struct {
	Schema    string     `json:"schema"`
	ID        string     `json:"id"`
	Entry     EventEntry `json:"entry" doc:"The entry that records it, and what became of it"`
	Confirmed bool       `json:"confirmed" doc:"The charter's rule of confirmation is met"`
	// Confirmation is left out of an event that has no effect.
	Confirmation *EventStanding `json:"confirmation,omitempty" doc:"What the event needs in order to count, and how far it has come"`
	Author       AgentRef       `json:"author" doc:"Who recorded it"`

	Action   string    `json:"action"`
	Provider *AgentRef `json:"provider,omitempty"`
	Receiver *AgentRef `json:"receiver,omitempty"`
	InputOf  string    `json:"inputOf,omitempty"`
	OutputOf string    `json:"outputOf,omitempty"`

	ResourceInventoriedAs   string            `json:"resourceInventoriedAs,omitempty"`
	ToResourceInventoriedAs string            `json:"toResourceInventoriedAs,omitempty"`
	NewInventoriedResource  *NewResourceDraft `json:"newInventoriedResource,omitempty"`
	ResourceConformsTo      string            `json:"resourceConformsTo,omitempty"`
	ResourceClassifiedAs    []string          `json:"resourceClassifiedAs,omitempty"`
	ResourceQuantity        *Measure          `json:"resourceQuantity,omitempty"`
	EffortQuantity          *Measure          `json:"effortQuantity,omitempty"`

	HasPointInTime string `json:"hasPointInTime,omitempty"`
	HasBeginning   string `json:"hasBeginning,omitempty"`
	HasEnd         string `json:"hasEnd,omitempty"`
	AtLocation     string `json:"atLocation,omitempty"`
	ToLocation     string `json:"toLocation,omitempty"`
	Note           string `json:"note,omitempty"`
	Stage          string `json:"stage,omitempty"`
	State          string `json:"state,omitempty" doc:"State of the resource after the event; that of the entry is entry.state"`

	InScopeOf               []AgentRef `json:"inScopeOf,omitempty"`
	AgreedIn                string     `json:"agreedIn,omitempty"`
	RealizationOf           string     `json:"realizationOf,omitempty"`
	ReciprocalRealizationOf string     `json:"reciprocalRealizationOf,omitempty"`
	Fulfills                []string   `json:"fulfills,omitempty"`
	Satisfies               []string   `json:"satisfies,omitempty"`
	Settles                 []string   `json:"settles,omitempty"`
	Corrects                string     `json:"corrects,omitempty"`
	TriggeredBy             string     `json:"triggeredBy,omitempty"`
	PreviousEvent           []string   `json:"previousEvent,omitempty"`

	Currency string         `json:"currency,omitempty" doc:"The currency moved, if any"`
	Source   string         `json:"source,omitempty"`
	Ext      map[string]any `json:"ext,omitempty"`
}

// EventEntry is the place of an event's entry and what became of it.
type EventEntry struct {
	State  string `json:"state" enum:"waiting,pending,settled,void,frozen,cut"`
	Reason string `json:"reason,omitempty" doc:"Why it is void or waits"`
	Log    string `json:"log"`
	Seq    int64  `json:"seq"`
	Time   string `json:"time" doc:"When the author claims to have recorded it"`
}

// EventList is a page of events: minga.events/1.
type EventList struct {
	Schema string  `json:"schema"`
	Events []Event `json:"events"`
	Next   string  `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}
