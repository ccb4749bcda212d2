package graphql

import (
	"github.com/minga-commons/minga/protocol"
)

// eventBody makes the body of an event of what a client said.
func (s *session) eventBody(said map[string]any) (*protocol.Event, error) {
	g := gathering{s: s, said: said}
	b := &protocol.Event{
		Action:   actionName(askedOne(said, "action")),
		Provider: protocol.AgentID{EntryID: g.link("provider")},
		Receiver: protocol.AgentID{EntryID: g.link("receiver")},
		InputOf:  g.link("inputOf"),
		OutputOf: g.link("outputOf"),

		ResourceInventoriedAs:   g.link("resourceInventoriedAs"),
		ToResourceInventoriedAs: g.link("toResourceInventoriedAs"),
		ResourceConformsTo:      g.spec("resourceConformsTo"),
		ResourceClassifiedAs:    asked(said, "resourceClassifiedAs"),
		ResourceQuantity:        g.amount("resourceQuantity"),
		EffortQuantity:          g.amount("effortQuantity"),

		HasPointInTime: askedOne(said, "hasPointInTime"),
		HasBeginning:   askedOne(said, "hasBeginning"),
		HasEnd:         askedOne(said, "hasEnd"),
		AtLocation:     g.link("atLocation"),
		ToLocation:     g.link("toLocation"),
		Note:           protocol.PlainText(askedOne(said, "note")),
		Stage:          askedOne(said, "stage"),
		State:          askedOne(said, "state"),

		InScopeOf:               g.links("inScopeOf"),
		AgreedIn:                askedOne(said, "agreedIn"),
		RealizationOf:           g.link("realizationOf"),
		ReciprocalRealizationOf: g.link("reciprocalRealizationOf"),
		Fulfills:                g.links("fulfills"),
		Satisfies:               g.links("satisfies"),
		Settles:                 g.links("settles"),
		Corrects:                g.link("corrects"),
		TriggeredBy:             g.link("triggeredBy"),
	}
	return b, g.err
}

// newResource makes the description of a new resource of what a client said.
func (s *session) newResource(said map[string]any) (*protocol.NewResource, error) {
	g := gathering{s: s, said: said}
	r := &protocol.NewResource{
		Name:               protocol.PlainText(askedOne(said, "name")),
		Note:               protocol.PlainText(askedOne(said, "note")),
		Image:              askedOne(said, "image"),
		TrackingIdentifier: askedOne(said, "trackingIdentifier"),
		ConformsTo:         g.spec("conformsTo"),
		ClassifiedAs:       asked(said, "classifiedAs"),
		ContainedIn:        g.link("containedIn"),
		CurrentLocation:    g.link("currentLocation"),
		Lot:                g.link("lot"),
		Stage:              askedOne(said, "stage"),
		State:              askedOne(said, "state"),
	}
	if images := asked(said, "imageList"); r.Image == "" && len(images) > 0 {
		r.Image = images[0]
	}
	if unit := askedOne(said, "unitOfEffort"); unit != "" && g.err == nil {
		r.UnitOfEffort, g.err = s.unitID(unit)
	}
	return r, g.err
}

// inherit makes a resource that is taken from another one of the same kind,
// unless the event says of what kind it is.
func (s *session) inherit(e *protocol.Event) error {
	if e.NewInventoriedResource.ConformsTo != "" || e.ResourceConformsTo != "" {
		return nil
	}
	from, err := s.resource(e.ResourceInventoriedAs)
	if err == nil && from != nil {
		e.NewInventoriedResource.ConformsTo = from.r.ConformsTo
	}
	return err
}

// gathering reads properties until the first that is wrong.
type gathering struct {
	s    *session
	said map[string]any
	err  error
}

func (g *gathering) link(property string) protocol.EntryID {
	text := askedOne(g.said, property)
	if text == "" || g.err != nil {
		return protocol.EntryID{}
	}
	var id protocol.EntryID
	id, g.err = g.s.linkTo(text)
	return id
}

func (g *gathering) links(property string) []protocol.EntryID {
	var out []protocol.EntryID
	for _, text := range asked(g.said, property) {
		if g.err != nil {
			return nil
		}
		var id protocol.EntryID
		id, g.err = g.s.linkTo(text)
		out = append(out, id)
	}
	return out
}

func (g *gathering) spec(property string) string {
	if g.err != nil {
		return ""
	}
	var text string
	text, g.err = g.s.specID(askedOne(g.said, property))
	return text
}

func (g *gathering) amount(property string) *protocol.Quantity {
	if g.err != nil {
		return nil
	}
	var q *protocol.Quantity
	q, g.err = g.s.amount(g.said[property])
	return q
}
