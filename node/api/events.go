package api

import (
	"context"
	"errors"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

type inEvents struct {
	InCommons
	InPage
	Agent        string `query:"agent" doc:"Provider or receiver: name, identifier or unique prefix of one" maxLength:"256"`
	Action       string `query:"action" doc:"Action of ValueFlows" maxLength:"256"`
	Resource     string `query:"resource" doc:"Resource specification" maxLength:"2048"`
	Source       string `query:"source" doc:"The importer's key" maxLength:"256"`
	Confirmation string `query:"confirmation" enum:"waiting,maturing,confirmed,disputed" doc:"How far it is on its way to count; leaves out payments and what is void"`

	InputOf                 string `query:"inputOf" maxLength:"2048" doc:"Process: name or identifier"`
	OutputOf                string `query:"outputOf" maxLength:"2048" doc:"Process: name or identifier"`
	ResourceInventoriedAs   string `query:"resourceInventoriedAs" maxLength:"2048" doc:"Resource: name or identifier"`
	ToResourceInventoriedAs string `query:"toResourceInventoriedAs" maxLength:"2048" doc:"Resource: name or identifier"`
	RealizationOf           string `query:"realizationOf" maxLength:"2048" doc:"Agreement: name or identifier"`
	ReciprocalRealizationOf string `query:"reciprocalRealizationOf" maxLength:"2048" doc:"Agreement: name or identifier"`
	Fulfills                string `query:"fulfills" maxLength:"2048" doc:"Commitment"`
	Satisfies               string `query:"satisfies" maxLength:"2048" doc:"Intent"`
	Settles                 string `query:"settles" maxLength:"2048" doc:"Claim"`
	AtLocation              string `query:"atLocation" maxLength:"2048" doc:"Place: name or identifier"`
	ToLocation              string `query:"toLocation" maxLength:"2048" doc:"Place: name or identifier"`
	Corrects                string `query:"corrects" maxLength:"256" doc:"Event"`
	TriggeredBy             string `query:"triggeredBy" maxLength:"256" doc:"Event"`
	PreviousEvent           string `query:"previousEvent" maxLength:"256" doc:"Event"`
}

// eventRelations are the properties by which events can be listed. They are never
// changed.
var eventRelations = []Property{
	propInput, propOutput, propResource, linkTo("toResourceInventoriedAs", EconomicResource, ""),
	linkTo("realizationOf", "Agreement", ""), linkTo("reciprocalRealizationOf", "Agreement", ""),
	linksTo("fulfills", "Commitment", ""), linksTo("satisfies", "Intent", ""), linksTo("settles", "Claim", ""),
	propAt, linkTo("toLocation", "SpatialThing", ""), linkTo("corrects", EconomicEvent, ""),
	linkTo("triggeredBy", EconomicEvent, ""), linksTo("previousEvent", EconomicEvent, ""),
}

func (s *Server) listEvents(ctx context.Context, in *inEvents) (*page[EventList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	filter := ledger.EventFilter{Action: in.Action, Resource: in.Resource, Source: in.Source, Standing: in.Confirmation}
	if filter.Agent, err = s.agentNamed(ctx, c, in.Agent); err != nil {
		return nil, err
	}
	asked := askedFor(ctx)
	for _, property := range eventRelations {
		text := asked.Get(property.Name)
		switch {
		case text == "":
			continue
		case filter.Relation != "":
			return nil, badParameter(property.Name, CodeExclusive, filter.Relation)
		}
		if filter.Names, err = s.target(ctx, c, property, text); err != nil {
			return nil, err
		}
		filter.Relation = property.Name
	}
	return s.eventPage(ctx, c.ID, filter, in.InPage)
}

// eventPage answers a page of events.
func (s *Server) eventPage(ctx context.Context, commons protocol.CommonsID, filter ledger.EventFilter, p InPage) (*page[EventList], error) {
	events, next, err := eventsAs(ctx, s, commons, filter, p, eventOf)
	return &page[EventList]{Link: nextLink(ctx, next), Body: EventList{Schema: "minga.events/1", Events: events, Next: next}}, err
}

// eventsAs returns a page of events, each in the form that show gives it, and the
// cursor of the next page.
func eventsAs[T any](ctx context.Context, s *Server, commons protocol.CommonsID, filter ledger.EventFilter, p InPage,
	show func(context.Context, *names, ledger.Event) (T, error),
) ([]T, string, error) {
	list, next, err := s.ledger.Events(ctx, commons, filter, p.page())
	if err != nil {
		return nil, "", err
	}
	out, names := make([]T, 0, len(list)), s.namesIn(commons)
	for _, e := range list {
		shown, err := show(ctx, names, e)
		if err != nil {
			return nil, "", err
		}
		out = append(out, shown)
	}
	return out, next, nil
}

// agentNamed returns the agent that a parameter names, zero for no text.
func (s *Server) agentNamed(ctx context.Context, c ledger.Commons, text string) (protocol.AgentID, error) {
	if text == "" {
		return protocol.AgentID{}, nil
	}
	a, err := s.ledger.FindAgent(ctx, c.ID, text)
	if err != nil {
		return protocol.AgentID{}, s.fail(ctx, err, text)
	}
	return a.ID, nil
}

// InEvent are the parameters of what is about one event.
type InEvent struct {
	InCommons
	Event string `path:"event" doc:"CID of the event, or a unique prefix of at least 8 characters" maxLength:"256"`
}

func (s *Server) getEvent(ctx context.Context, in *InEvent) (*answer[Event], error) {
	e, commons, err := s.event(ctx, in.Commons, in.Event)
	if err != nil {
		return nil, err
	}
	names := s.namesIn(commons)
	out, err := eventOf(ctx, names, e)
	if err == nil && out.Confirmation != nil {
		out.Confirmation.Verdicts, err = s.verdicts(ctx, names, commons, e.ID)
	}
	return &answer[Event]{out}, err
}

// event returns the event of an identifier or prefix of one, and its commons,
// which the asker may read.
func (s *Server) event(ctx context.Context, named, text string) (ledger.Event, protocol.CommonsID, error) {
	id, err := s.entryID(ctx, named, text)
	if err != nil {
		return ledger.Event{}, protocol.CommonsID{}, err
	}
	status, err := s.ledger.Entry(ctx, id)
	if err != nil {
		return ledger.Event{}, status.Commons, s.fail(ctx, err, text)
	}
	if _, err := s.readableID(ctx, status.Commons); err != nil {
		return ledger.Event{}, status.Commons, err
	}
	e, err := s.ledger.Event(ctx, id)
	if err != nil {
		return e, status.Commons, s.fail(ctx, err, text)
	}
	return e, status.Commons, nil
}

func (s *Server) addEvent(ctx context.Context, in *InWrite) (*created[Written], error) {
	d, c, r, err := asked[EventDraft](ctx, s, in.Commons)
	if err != nil {
		return nil, err
	}
	body := r.event(d)
	r.inherit(body)
	if err := r.problem(); err != nil {
		return nil, err
	}
	return s.write(ctx, writing{in: in, commons: c, draft: d, body: body, at: "/v1/events/"})
}

// event makes the body of an event of what was asked for.
func (r *referrer) event(d EventDraft) *protocol.Event {
	me, all := r.commons.Me.Agent(), protocol.AgentID(r.commons.ID)
	return &protocol.Event{
		Action:   d.Action,
		Provider: r.agent("/provider", d.Provider, me),
		Receiver: r.agent("/receiver", d.Receiver, all),
		InputOf:  r.recordNamed("/inputOf", "Process", d.InputOf),
		OutputOf: r.recordNamed("/outputOf", "Process", d.OutputOf),

		ResourceInventoriedAs:   r.inventoried("/resourceInventoriedAs", d.ResourceInventoriedAs),
		ToResourceInventoriedAs: r.inventoried("/toResourceInventoriedAs", d.ToResourceInventoriedAs),
		NewInventoriedResource:  r.resource("/newInventoriedResource", d.NewInventoriedResource),
		ResourceConformsTo:      r.specification("/resourceConformsTo", d.ResourceConformsTo),
		ResourceClassifiedAs:    d.ResourceClassifiedAs,
		ResourceQuantity:        r.measure("/resourceQuantity", d.ResourceQuantity),
		EffortQuantity:          r.measure("/effortQuantity", d.EffortQuantity),

		HasPointInTime: r.time("/hasPointInTime", d.HasPointInTime),
		HasBeginning:   r.time("/hasBeginning", d.HasBeginning),
		HasEnd:         r.time("/hasEnd", d.HasEnd),
		AtLocation:     r.recordNamed("/atLocation", "SpatialThing", d.AtLocation),
		ToLocation:     r.recordNamed("/toLocation", "SpatialThing", d.ToLocation),
		Note:           protocol.PlainText(d.Note),
		Stage:          r.stageText(d.Stage),
		State:          d.State,

		InScopeOf:               r.agents("/inScopeOf", d.InScopeOf),
		AgreedIn:                d.AgreedIn,
		RealizationOf:           r.recordNamed("/realizationOf", "Agreement", d.RealizationOf),
		ReciprocalRealizationOf: r.recordNamed("/reciprocalRealizationOf", "Agreement", d.ReciprocalRealizationOf),
		Fulfills:                r.recordsNamed("/fulfills", "Commitment", d.Fulfills),
		Satisfies:               r.recordsNamed("/satisfies", "Intent", d.Satisfies),
		Settles:                 r.recordsNamed("/settles", "Claim", d.Settles),
		Corrects:                r.entry("/corrects", d.Corrects),
		TriggeredBy:             r.entry("/triggeredBy", d.TriggeredBy),
		PreviousEvent:           r.entries("/previousEvent", d.PreviousEvent),

		Source: d.Source,
		Ext:    extOf(d.Ext),
	}
}

// inherit makes a resource that is taken from another one of the same kind,
// unless the event says of what kind it is.
func (r *referrer) inherit(e *protocol.Event) {
	made := e.NewInventoriedResource
	if made == nil || made.ConformsTo != "" || e.ResourceConformsTo != "" || e.ResourceInventoriedAs.IsZero() {
		return
	}
	switch from, err := r.s.ledger.Resource(r.ctx, e.ResourceInventoriedAs); {
	case err == nil:
		made.ConformsTo = from.ConformsTo
	case !errors.Is(err, ledger.ErrNotFound):
		r.fail(err)
	}
}

func (r *referrer) resource(pointer string, d *NewResourceDraft) *protocol.NewResource {
	if d == nil {
		return nil
	}
	out := &protocol.NewResource{
		Name: protocol.PlainText(d.Name), ConformsTo: r.specification(pointer+"/conformsTo", d.ConformsTo), ClassifiedAs: d.ClassifiedAs,
		TrackingIdentifier: d.TrackingIdentifier, Lot: r.recordNamed(pointer+"/lot", "BatchLotRecord", d.Lot), Image: d.Image,
		Note: protocol.PlainText(d.Note), Stage: r.stageText(d.Stage), State: d.State,
		CurrentLocation:    r.recordNamed(pointer+"/currentLocation", "SpatialThing", d.CurrentLocation),
		ContainedIn:        r.inventoried(pointer+"/containedIn", d.ContainedIn),
		PrimaryAccountable: r.agent(pointer+"/primaryAccountable", d.PrimaryAccountable, protocol.AgentID{}),
	}
	if d.UnitOfEffort != "" {
		out.UnitOfEffort = r.unit(pointer+"/unitOfEffort", d.UnitOfEffort)
	}
	return out
}

func extOf(m map[string]string) map[string]protocol.Value {
	if len(m) == 0 {
		return nil
	}
	out := make(map[string]protocol.Value, len(m))
	for key, value := range m {
		out[key] = value
	}
	return out
}

// eventOf gives an event of the ledger its form in answers.
func eventOf(ctx context.Context, n *names, e ledger.Event) (Event, error) {
	b := e.Body
	author, err := n.ref(ctx, e.Author)
	if err != nil {
		return Event{}, err
	}
	provider, err := n.optional(ctx, b.Provider)
	if err != nil {
		return Event{}, err
	}
	receiver, err := n.optional(ctx, b.Receiver)
	if err != nil {
		return Event{}, err
	}
	var scope []AgentRef
	for _, id := range b.InScopeOf {
		ref, err := n.ref(ctx, protocol.AgentID{EntryID: id})
		if err != nil {
			return Event{}, err
		}
		scope = append(scope, ref)
	}
	return Event{
		Schema: "minga.event/1", ID: e.ID.String(), Confirmed: e.Confirmed, Author: author,
		Confirmation: eventStandingOf(e.Standing),
		Entry: EventEntry{
			State: string(e.State), Reason: string(e.Reason),
			Log: e.Entry.Log.String(), Seq: e.Entry.Seq, Time: rfc3339(e.Entry.Time),
		},
		Action: b.Action, Provider: provider, Receiver: receiver,
		InputOf: b.InputOf.String(), OutputOf: b.OutputOf.String(),
		ResourceInventoriedAs:   b.ResourceInventoriedAs.String(),
		ToResourceInventoriedAs: b.ToResourceInventoriedAs.String(),
		NewInventoriedResource:  resourceOf(b.NewInventoriedResource),
		ResourceConformsTo:      b.ResourceConformsTo, ResourceClassifiedAs: b.ResourceClassifiedAs,
		ResourceQuantity: measureOf(b.ResourceQuantity), EffortQuantity: measureOf(b.EffortQuantity),
		HasPointInTime: b.HasPointInTime, HasBeginning: b.HasBeginning, HasEnd: b.HasEnd,
		AtLocation: b.AtLocation.String(), ToLocation: b.ToLocation.String(),
		Note: b.Note.String(), Stage: b.Stage, State: b.State,
		InScopeOf: scope, AgreedIn: b.AgreedIn, RealizationOf: b.RealizationOf.String(),
		ReciprocalRealizationOf: b.ReciprocalRealizationOf.String(),
		Fulfills:                idTexts(b.Fulfills), Satisfies: idTexts(b.Satisfies), Settles: idTexts(b.Settles),
		Corrects: b.Corrects.String(), TriggeredBy: b.TriggeredBy.String(),
		PreviousEvent: idTexts(b.PreviousEvent),
		Currency:      b.Currency, Source: b.Source, Ext: readableExt(b.Ext),
	}, nil
}

func readableExt(m map[string]protocol.Value) map[string]any {
	if len(m) == 0 {
		return nil
	}
	return readableMap(m)
}

func idTexts(ids []protocol.EntryID) []string {
	var out []string
	for _, id := range ids {
		out = append(out, id.String())
	}
	return out
}

func measureOf(q *protocol.Quantity) *Measure {
	if q == nil {
		return nil
	}
	return &Measure{HasNumericalValue: q.Amount().String(), HasUnit: q.Unit}
}

func resourceOf(r *protocol.NewResource) *NewResourceDraft {
	if r == nil {
		return nil
	}
	return &NewResourceDraft{
		Name: r.Name.String(), ConformsTo: r.ConformsTo, ClassifiedAs: r.ClassifiedAs,
		TrackingIdentifier: r.TrackingIdentifier, Lot: r.Lot.String(), Image: r.Image,
		Note: r.Note.String(), Stage: r.Stage, State: r.State, UnitOfEffort: r.UnitOfEffort,
		CurrentLocation: r.CurrentLocation.String(), ContainedIn: r.ContainedIn.String(),
		PrimaryAccountable: r.PrimaryAccountable.String(),
	}
}
