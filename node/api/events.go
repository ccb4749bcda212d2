package api

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

type inEvents struct {
	InCommons
	InPage
	Agent    string `query:"agent" doc:"Provider or receiver: name, identifier or unique prefix of one" maxLength:"256"`
	Action   string `query:"action" doc:"Action of ValueFlows" maxLength:"256"`
	Resource string `query:"resource" doc:"Resource specification" maxLength:"2048"`
	Source   string `query:"source" doc:"The importer's key" maxLength:"256"`
}

func (s *Server) listEvents(ctx context.Context, in *inEvents) (*page[EventList], error) {
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	filter := ledger.EventFilter{Action: in.Action, Resource: in.Resource, Source: in.Source}
	if in.Agent != "" {
		a, err := s.ledger.FindAgent(ctx, c.ID, in.Agent)
		if err != nil {
			return nil, s.fail(ctx, err, in.Agent)
		}
		filter.Agent = a.ID
	}
	list, next, err := s.ledger.Events(ctx, c.ID, filter, in.page())
	if err != nil {
		return nil, err
	}
	out := EventList{Schema: "minga.events/1", Events: make([]Event, 0, len(list)), Next: next}
	names := s.namesIn(c.ID)
	for _, e := range list {
		event, err := eventOf(ctx, names, e)
		if err != nil {
			return nil, err
		}
		out.Events = append(out.Events, event)
	}
	return &page[EventList]{Link: nextLink(ctx, next), Body: out}, nil
}

type inEvent struct {
	InCommons
	Event string `path:"event" doc:"CID of the event, or a unique prefix of at least 8 characters" maxLength:"256"`
}

func (s *Server) getEvent(ctx context.Context, in *inEvent) (*answer[Event], error) {
	id, err := s.entryID(ctx, in.Commons, in.Event)
	if err != nil {
		return nil, err
	}
	status, err := s.ledger.Entry(ctx, id)
	if err != nil {
		return nil, s.fail(ctx, err, in.Event)
	}
	if _, err := s.readableID(ctx, status.Commons); err != nil {
		return nil, err
	}
	e, err := s.ledger.Event(ctx, id)
	if err != nil {
		return nil, s.fail(ctx, err, in.Event)
	}
	out, err := eventOf(ctx, s.namesIn(status.Commons), e)
	return &answer[Event]{out}, err
}

func (s *Server) addEvent(ctx context.Context, in *inWrite) (*created[Written], error) {
	var d EventDraft
	if err := s.readJSON(ctx, &d); err != nil {
		return nil, err
	}
	c, err := s.commons(ctx, in.Commons)
	if err != nil {
		return nil, err
	}
	if c.Me.IsZero() {
		return nil, problem(CodeNotMember)
	}
	r := s.referrer(ctx, c)
	body := r.event(d)
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
		InputOf:  r.entry("/inputOf", d.InputOf),
		OutputOf: r.entry("/outputOf", d.OutputOf),

		ResourceInventoriedAs:   r.entry("/resourceInventoriedAs", d.ResourceInventoriedAs),
		ToResourceInventoriedAs: r.entry("/toResourceInventoriedAs", d.ToResourceInventoriedAs),
		NewInventoriedResource:  r.resource("/newInventoriedResource", d.NewInventoriedResource),
		ResourceConformsTo:      d.ResourceConformsTo,
		ResourceClassifiedAs:    d.ResourceClassifiedAs,
		ResourceQuantity:        r.measure("/resourceQuantity", d.ResourceQuantity),
		EffortQuantity:          r.measure("/effortQuantity", d.EffortQuantity),

		HasPointInTime: r.time("/hasPointInTime", d.HasPointInTime),
		HasBeginning:   r.time("/hasBeginning", d.HasBeginning),
		HasEnd:         r.time("/hasEnd", d.HasEnd),
		AtLocation:     r.entry("/atLocation", d.AtLocation),
		ToLocation:     r.entry("/toLocation", d.ToLocation),
		Note:           protocol.PlainText(d.Note),
		Stage:          d.Stage,
		State:          d.State,

		InScopeOf:     r.agents("/inScopeOf", d.InScopeOf),
		AgreedIn:      d.AgreedIn,
		RealizationOf: r.entry("/realizationOf", d.RealizationOf),
		Fulfills:      r.entries("/fulfills", d.Fulfills),
		Satisfies:     r.entries("/satisfies", d.Satisfies),
		Settles:       r.entries("/settles", d.Settles),
		Corrects:      r.entry("/corrects", d.Corrects),
		TriggeredBy:   r.entry("/triggeredBy", d.TriggeredBy),
		PreviousEvent: r.entries("/previousEvent", d.PreviousEvent),

		Source: d.Source,
		Ext:    extOf(d.Ext),
	}
}

func (r *referrer) resource(pointer string, d *NewResourceDraft) *protocol.NewResource {
	if d == nil {
		return nil
	}
	out := &protocol.NewResource{
		Name: protocol.PlainText(d.Name), ConformsTo: d.ConformsTo, ClassifiedAs: d.ClassifiedAs,
		TrackingIdentifier: d.TrackingIdentifier, Lot: r.entry(pointer+"/lot", d.Lot), Image: d.Image,
		Note: protocol.PlainText(d.Note), Stage: d.Stage, State: d.State,
		CurrentLocation:    r.entry(pointer+"/currentLocation", d.CurrentLocation),
		ContainedIn:        r.entry(pointer+"/containedIn", d.ContainedIn),
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
		Fulfills: idTexts(b.Fulfills), Satisfies: idTexts(b.Satisfies), Settles: idTexts(b.Settles),
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
