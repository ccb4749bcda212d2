package protocol

// Event is a ValueFlows 1.0 economic event: what was observed, who gave and who
// received. Field names are the ontology's. Whether the event is legal is not a
// matter of format: package ledger decides it.
type Event struct {
	Action   string
	Provider AgentID
	Receiver AgentID
	InputOf  EntryID // process record
	OutputOf EntryID // process record

	ResourceInventoriedAs   EntryID // the event that brought the resource into being
	ToResourceInventoriedAs EntryID
	NewInventoriedResource  *NewResource
	ResourceConformsTo      string // a resource specification: its name or IRI
	ResourceClassifiedAs    []string
	ResourceQuantity        *Quantity
	EffortQuantity          *Quantity

	HasPointInTime string // RFC 3339 with offset, or a date: midnight UTC
	HasBeginning   string
	HasEnd         string
	AtLocation     EntryID
	ToLocation     EntryID
	Note           Text
	Stage          string
	State          string

	InScopeOf               []EntryID // agents
	AgreedIn                string    // IRI of an agreement outside
	RealizationOf           EntryID   // agreement
	ReciprocalRealizationOf EntryID   // agreement
	Fulfills                []EntryID // commitments
	Satisfies               []EntryID // intents
	Settles                 []EntryID // claims
	Corrects                EntryID   // event
	TriggeredBy             EntryID   // event
	PreviousEvent           []EntryID // last event known on each resource, at most two

	Currency string      // the currency moved, if any
	Claims   []Watermark // credits that a payment relies on
	Source   string      // the importer's key of this row
	Ext      map[string]Value
}

// NewResource describes the resource that an event brings into being. Its
// identifier is that of the event.
type NewResource struct {
	Name               Text
	ConformsTo         string
	ClassifiedAs       []string
	TrackingIdentifier string
	Lot                EntryID
	Image              string
	Note               Text
	Stage              string
	State              string
	UnitOfEffort       string
	CurrentLocation    EntryID
	ContainedIn        EntryID
	PrimaryAccountable AgentID
}

// Watermark names incoming credits by the last entry of a source log up to
// which they are claimed.
type Watermark struct {
	Account AgentID
	Log     LogID
	Seq     int64
	CID     EntryID
}

// Kind returns KindEvent.
func (b *Event) Kind() Kind { return KindEvent }

func (b *Event) fields(f *fields) {
	f.extension(&b.Ext)
	f.personal("note", optional, &b.Note, MaxNote)
	f.text("stage", optional, &b.Stage, MaxReference)
	f.text("state", optional, &b.State, MaxName)
	f.text("action", required, &b.Action, MaxName)
	records(f, "claims", optional, &b.Claims, maxWatermarks, "map")
	f.text("hasEnd", optional, &b.HasEnd, maxEventTime)
	f.text("source", optional, &b.Source, MaxName)
	f.link("inputOf", optional, &b.InputOf)
	f.links("settles", optional, &b.Settles, maxReferences)
	f.text("agreedIn", optional, &b.AgreedIn, MaxReference)
	f.link("corrects", optional, &b.Corrects)
	f.text("currency", optional, &b.Currency, MaxName)
	f.links("fulfills", optional, &b.Fulfills, maxReferences)
	f.link("outputOf", optional, &b.OutputOf)
	f.link("provider", optional, &b.Provider.EntryID)
	f.link("receiver", optional, &b.Receiver.EntryID)
	f.links("inScopeOf", optional, &b.InScopeOf, maxReferences)
	f.links("satisfies", optional, &b.Satisfies, maxReferences)
	f.link("atLocation", optional, &b.AtLocation)
	f.link("toLocation", optional, &b.ToLocation)
	f.link("triggeredBy", optional, &b.TriggeredBy)
	f.text("hasBeginning", optional, &b.HasBeginning, maxEventTime)
	f.links("previousEvent", optional, &b.PreviousEvent, maxPrevious)
	f.link("realizationOf", optional, &b.RealizationOf)
	maybe(f, "effortQuantity", &b.EffortQuantity)
	f.text("hasPointInTime", optional, &b.HasPointInTime, maxEventTime)
	maybe(f, "resourceQuantity", &b.ResourceQuantity)
	f.text("resourceConformsTo", optional, &b.ResourceConformsTo, MaxReference)
	f.texts("resourceClassifiedAs", optional, &b.ResourceClassifiedAs, maxReferences, MaxReference)
	f.link("resourceInventoriedAs", optional, &b.ResourceInventoriedAs)
	maybe(f, "newInventoriedResource", &b.NewInventoriedResource)
	f.link("reciprocalRealizationOf", optional, &b.ReciprocalRealizationOf)
	f.link("toResourceInventoriedAs", optional, &b.ToResourceInventoriedAs)
}

func (r *NewResource) fields(f *fields) {
	f.link("lot", optional, &r.Lot)
	f.personal("name", optional, &r.Name, MaxName)
	f.personal("note", optional, &r.Note, MaxNote)
	f.text("image", optional, &r.Image, MaxReference)
	f.text("stage", optional, &r.Stage, MaxReference)
	f.text("state", optional, &r.State, MaxName)
	f.text("conformsTo", optional, &r.ConformsTo, MaxReference)
	f.link("containedIn", optional, &r.ContainedIn)
	f.texts("classifiedAs", optional, &r.ClassifiedAs, maxReferences, MaxReference)
	f.text("unitOfEffort", optional, &r.UnitOfEffort, MaxName)
	f.link("currentLocation", optional, &r.CurrentLocation)
	f.link("primaryAccountable", optional, &r.PrimaryAccountable.EntryID)
	f.text("trackingIdentifier", optional, &r.TrackingIdentifier, MaxName)
}

func (w *Watermark) fields(f *fields) {
	f.link("cid", required, &w.CID)
	f.link("log", required, &w.Log.EntryID)
	f.integer("seq", required, &w.Seq, 0, maxSeq)
	f.link("account", required, &w.Account.EntryID)
}
