package api

// Resource is an economic resource as the events on it have left it:
// minga.resource/1.
type Resource struct {
	Schema string     `json:"schema"`
	ID     string     `json:"id" doc:"CID of the event that brought it into being"`
	Entry  EventEntry `json:"entry" doc:"That event's entry, and what became of it"`

	Name               string   `json:"name,omitempty"`
	ConformsTo         string   `json:"conformsTo,omitempty" doc:"Resource specification: its name or IRI"`
	ClassifiedAs       []string `json:"classifiedAs,omitempty"`
	TrackingIdentifier string   `json:"trackingIdentifier,omitempty"`
	Lot                string   `json:"lot,omitempty" doc:"Batch or lot record"`
	Image              string   `json:"image,omitempty"`
	Note               string   `json:"note,omitempty"`
	UnitOfEffort       string   `json:"unitOfEffort,omitempty"`
	Source             string   `json:"source,omitempty" doc:"Its identifier in the file that it was imported from"`

	AccountingQuantity Measure   `json:"accountingQuantity" doc:"How much there is, for the books"`
	OnhandQuantity     Measure   `json:"onhandQuantity" doc:"How much is at hand"`
	Rounded            bool      `json:"rounded,omitempty" doc:"A quantity does not end within nine places and is rounded"`
	PrimaryAccountable *AgentRef `json:"primaryAccountable,omitempty" doc:"Who decides about it"`
	Custodian          *AgentRef `json:"custodian,omitempty" doc:"Who has it at hand"`
	CurrentLocation    string    `json:"currentLocation,omitempty" doc:"Place"`
	ContainedIn        string    `json:"containedIn,omitempty" doc:"Resource"`
	Stage              string    `json:"stage,omitempty" doc:"Process specification that it has been through, or a text"`
	State              string    `json:"state,omitempty" doc:"Such as pass or fail; that of the entry is entry.state"`

	Contested       bool             `json:"contested" doc:"Events that did not know of one another disagree"`
	ContestedFields []ContestedField `json:"contestedFields,omitempty"`
	Leaves          []string         `json:"leaves,omitempty" doc:"Events on it after which no other is known"`
	Events          int64            `json:"events" doc:"Events on it that have their effect"`
}

// ContestedField is a field of a resource on which events disagree. All nodes
// show the same one of the claims until an event that knows all of them decides.
type ContestedField struct {
	Field   string       `json:"field"`
	Shown   string       `json:"shown" doc:"Event whose value the resource shows"`
	Claims  []FieldClaim `json:"claims"`
	Resolve string       `json:"resolve" doc:"How to end it, in a sentence"`
}

// FieldClaim is what one event says of a contested field.
type FieldClaim struct {
	Event  string   `json:"event"`
	Value  string   `json:"value" doc:"Text, or identifier of what the field leads to"`
	Name   string   `json:"name,omitempty" doc:"Name of the agent, where the value is one"`
	Author AgentRef `json:"author" doc:"Who recorded the event"`
	Time   string   `json:"time" doc:"When the author claims to have recorded it"`
}

// ResourceList is a page of resources: minga.resources/1.
type ResourceList struct {
	Schema    string     `json:"schema"`
	Resources []Resource `json:"resources"`
	Next      string     `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}

// CorrectionDraft says what an event should have said. What is left out stays as
// it is.
type CorrectionDraft struct {
	ResourceQuantity *Measure `json:"resourceQuantity,omitempty" doc:"How much it was; zero takes it back"`
	EffortQuantity   *Measure `json:"effortQuantity,omitempty" doc:"How much effort it was; zero takes it back"`
	Cancel           bool     `json:"cancel,omitempty" doc:"Take all of its quantities back"`
	Stage            string   `json:"stage,omitempty" doc:"Stage of the resource after it" maxLength:"2048"`
	State            string   `json:"state,omitempty" doc:"State of the resource after it" maxLength:"256"`
	ToLocation       string   `json:"toLocation,omitempty" doc:"Where the resource came"`
	Receiver         string   `json:"receiver,omitempty" doc:"Who received"`
	Note             string   `json:"note,omitempty" doc:"Permanent: it cannot be erased" maxLength:"8192"`
}

// Trace is a page of steps from where something came, or to where it went:
// minga.trace/1, minga.track/1.
type Trace struct {
	Schema string      `json:"schema"`
	From   string      `json:"from" doc:"Event, resource or process that was asked about"`
	Steps  []TraceStep `json:"steps" doc:"In the order in which they are found: nearest first"`
	Next   string      `json:"next,omitempty" doc:"Cursor of the next page, absent on the last"`
}

// TraceStep is one step: an event, a process or a resource.
type TraceStep struct {
	Kind  string   `json:"kind" enum:"event,process,resource"`
	ID    string   `json:"id"`
	Name  string   `json:"name,omitempty" doc:"Of a process or resource"`
	Depth int      `json:"depth" doc:"How many links lie between it and what was asked about"`
	Via   string   `json:"via,omitempty" doc:"The step from which it was reached first"`
	Event *FlowRef `json:"event,omitempty" doc:"Of an event"`
}
