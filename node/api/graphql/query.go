package graphql

import (
	"context"

	"github.com/minga-commons/minga/ledger"
)

func (query) Action(_ context.Context, id string) (*Action, error) {
	a := actionOf(actionName(id))
	if a.InputOutput == nil {
		return nil, nil
	}
	return a, nil
}

func (query) Actions(context.Context) ([]*Action, error) { return actions(), nil }

func (query) Unit(ctx context.Context, id string) (*Unit, error) { return sessionOf(ctx).findUnit(id) }

func (query) Units(ctx context.Context, first *int, after *string, last *int, before *string) (*UnitConnection, error) {
	s := sessionOf(ctx)
	return connect(s, window{first, after, last, before}, s.unitList(), anything)
}

func (query) MyAgent(ctx context.Context) (Agent, error) {
	s := sessionOf(ctx)
	c, err := s.in()
	if err != nil {
		return nil, err
	}
	return s.agent(c.Me.Agent())
}

func (query) Agent(ctx context.Context, id string) (Agent, error) {
	return sessionOf(ctx).findAgent(id)
}

func (query) Agents(ctx context.Context, filter map[string]any, first *int, after *string, last *int, before *string) (*AgentConnection, error) {
	s := sessionOf(ctx)
	return connect(s, window{first, after, last, before}, s.agentList, agentFilter[Agent](filter))
}

func (query) Person(ctx context.Context, id string) (*Person, error) {
	return findAs[*Person](ctx, id, WordNotPerson)
}

func (query) People(ctx context.Context, filter map[string]any, first *int, after *string, last *int, before *string) (*PersonConnection, error) {
	s := sessionOf(ctx)
	return connect(s, window{first, after, last, before}, only[*Person](s.agentList), agentFilter[*Person](filter))
}

func (query) Organization(ctx context.Context, id string) (*Organization, error) {
	return findAs[*Organization](ctx, id, WordNotOrganization)
}

func (query) Organizations(ctx context.Context, filter map[string]any, first *int, after *string, last *int, before *string) (*OrganizationConnection, error) {
	s := sessionOf(ctx)
	return connect(s, window{first, after, last, before}, only[*Organization](s.agentList), agentFilter[*Organization](filter))
}

// findAs returns an agent of one type. One of the other is an error: somebody
// took it for what it is not.
func findAs[T Agent](ctx context.Context, id string, otherwise Word) (T, error) {
	var none T
	s := sessionOf(ctx)
	a, err := s.findAgent(id)
	if a == nil || err != nil {
		return none, err
	}
	t, is := a.(T)
	if !is {
		return none, s.host.Refuse(CodeOtherKind, id, otherwise)
	}
	return t, nil
}

func (query) ResourceSpecification(ctx context.Context, id string) (*ResourceSpecification, error) {
	s := sessionOf(ctx)
	spec, err := s.spec(id)
	if spec == nil || err != nil || spec.isRecorded() {
		return spec, err
	}
	c, err := s.in()
	if err != nil {
		return nil, err
	}
	named, _, err := s.ledger.Events(s.ctx, c.ID, ledger.EventFilter{Resource: id}, ledger.Page{Limit: 1})
	if len(named) == 0 || err != nil {
		return nil, err
	}
	return spec, nil
}

func (query) ResourceSpecifications(ctx context.Context, first *int, after *string, last *int, before *string) (*ResourceSpecificationConnection, error) {
	return listed(ctx, asSpec, nil, window{first, after, last, before})
}

func (query) EconomicEvent(ctx context.Context, id string) (*EconomicEvent, error) {
	entry, ok := idOf(id)
	if !ok {
		return nil, nil
	}
	return sessionOf(ctx).event(entry)
}

func (query) EconomicEvents(ctx context.Context, filter map[string]any, first *int, after *string, last *int, before *string) (*EconomicEventConnection, error) {
	s := sessionOf(ctx)
	f, err := s.eventIndex(filter)
	if err != nil {
		return nil, err
	}
	return connect(s, window{first, after, last, before}, s.allEvents(f), s.eventFilter(filter))
}

// EconomicEventsFiltered returns the events that fit, as earlier versions of
// vf-graphql ask for them.
func (query) EconomicEventsFiltered(ctx context.Context, providerID, receiverID *string, resourceClassifiedAs []string, action, startDate, endDate *string) ([]*EconomicEvent, error) {
	filter := map[string]any{"resourceClassifiedAs": resourceClassifiedAs, "startDate": startDate, "endDate": endDate}
	for name, said := range map[string]*string{"provider": providerID, "receiver": receiverID, "action": action} {
		if orEmpty(said) != "" {
			filter[name] = []string{*said}
		}
	}
	s := sessionOf(ctx)
	f, err := s.eventIndex(filter)
	if err != nil {
		return nil, err
	}
	found, err := pick(s, window{}, s.allEvents(f), s.eventFilter(filter))
	if err != nil {
		return nil, err
	}
	out := make([]*EconomicEvent, len(found.items))
	for i, item := range found.items {
		out[i] = item.item
	}
	return out, nil
}

func (query) EconomicResource(ctx context.Context, id string) (*EconomicResource, error) {
	entry, ok := idOf(id)
	if !ok {
		return nil, nil
	}
	return sessionOf(ctx).resource(entry)
}

func (query) EconomicResources(ctx context.Context, filter map[string]any, first *int, after *string, last *int, before *string) (*EconomicResourceConnection, error) {
	s := sessionOf(ctx)
	f, keep, err := s.resourceFilter(filter)
	if err != nil {
		return nil, err
	}
	return connect(s, window{first, after, last, before}, s.resources(f), keep)
}

func (query) Offers(ctx context.Context, first *int, after *string, last *int, before *string) (*ProposalConnection, error) {
	return proposed(ctx, "isOffer", window{first, after, last, before})
}

func (query) Requests(ctx context.Context, first *int, after *string, last *int, before *string) (*ProposalConnection, error) {
	return proposed(ctx, "isRequest", window{first, after, last, before})
}

func proposed(ctx context.Context, purpose string, w window) (*ProposalConnection, error) {
	s := sessionOf(ctx)
	return connect(s, w, asProposal.list(s, ledger.RecordFilter{}), s.proposalFilter(map[string]any{purpose: true}))
}
