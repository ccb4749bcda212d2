package graphql

import (
	"strconv"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// AgentRelationships returns the relationships of the kind.
func (r AgentRelationshipRole) AgentRelationships(first *int, after *string, last *int, before *string) (*AgentRelationshipConnection, error) {
	return pageOf(r.record, asRelationship, "relationship", window{first, after, last, before})
}

// ConformingProcesses returns the processes of the kind.
func (p ProcessSpecification) ConformingProcesses(first *int, after *string, last *int, before *string) (*ProcessConnection, error) {
	return pageOf(p.record, asProcess, "basedOn", window{first, after, last, before})
}

// ConformingRecipeProcesses returns the processes of recipes of the kind.
func (p ProcessSpecification) ConformingRecipeProcesses(first *int, after *string, last *int, before *string) (*RecipeProcessConnection, error) {
	return pageOf(p.record, asRecipeProcess, "processConformsTo", window{first, after, last, before})
}

// CommitmentsRequiringStage returns the commitments for what went through it.
func (p ProcessSpecification) CommitmentsRequiringStage(first *int, after *string, last *int, before *string) (*CommitmentConnection, error) {
	return pageOf(p.record, asCommitment, "stage", window{first, after, last, before})
}

// RecipeFlowsRequiringStage returns the flows of recipes for what went through it.
func (p ProcessSpecification) RecipeFlowsRequiringStage(first *int, after *string, last *int, before *string) (*RecipeFlowConnection, error) {
	return pageOf(p.record, asRecipeFlow, "stage", window{first, after, last, before})
}

// ResourcesCurrentlyAtStage returns the resources that went through it last.
func (p ProcessSpecification) ResourcesCurrentlyAtStage(first *int, after *string, last *int, before *string) (*EconomicResourceConnection, error) {
	return p.s.resourcePage(ledger.ResourceFilter{Stage: p.ID()}, window{first, after, last, before})
}

func (s *session) resourcePage(f ledger.ResourceFilter, w window) (*EconomicResourceConnection, error) {
	return connect(s, w, s.resources(f), anything)
}

// resources returns the lister of the resources that fit.
func (s *session) resources(f ledger.ResourceFilter) lister[*EconomicResource] {
	return func(p ledger.Page) ([]*EconomicResource, string, error) {
		c, err := s.in()
		if err != nil {
			return nil, "", err
		}
		rows, next, err := s.ledger.Resources(s.ctx, c.ID, f, p)
		if err != nil {
			return nil, "", err
		}
		out := make([]*EconomicResource, len(rows))
		for i, r := range rows {
			out[i] = &EconomicResource{s, r}
		}
		return out, next, s.read(len(rows) + 1)
	}
}

// allEvents returns the lister of the events that fit.
func (s *session) allEvents(f ledger.EventFilter) lister[*EconomicEvent] {
	return func(p ledger.Page) ([]*EconomicEvent, string, error) {
		c, err := s.in()
		if err != nil {
			return nil, "", err
		}
		rows, next, err := s.ledger.Events(s.ctx, c.ID, f, p)
		if err != nil {
			return nil, "", err
		}
		out := make([]*EconomicEvent, len(rows))
		for i, e := range rows {
			out[i] = &EconomicEvent{s, e}
		}
		return out, next, s.read(len(rows) + 1)
	}
}

// ConformingResources returns the resources of the kind.
func (r ResourceSpecification) ConformingResources(first *int, after *string, last *int, before *string) (*EconomicResourceConnection, error) {
	return r.s.resourcePage(ledger.ResourceFilter{ConformsTo: r.text}, window{first, after, last, before})
}

// EconomicEvents returns the events about resources of the kind.
func (r ResourceSpecification) EconomicEvents(first *int, after *string, last *int, before *string) (*EconomicEventConnection, error) {
	return connect(r.s, window{first, after, last, before}, r.s.allEvents(ledger.EventFilter{Resource: r.text}), anything)
}

// Commitments returns the commitments about resources of the kind.
func (r ResourceSpecification) Commitments(first *int, after *string, last *int, before *string) (*CommitmentConnection, error) {
	return aboutSpec(r, asCommitment, window{first, after, last, before})
}

// Intents returns the intents about resources of the kind.
func (r ResourceSpecification) Intents(first *int, after *string, last *int, before *string) (*IntentConnection, error) {
	return aboutSpec(r, asIntent, window{first, after, last, before})
}

// RecipeFlows returns the flows of recipes with resources of the kind.
func (r ResourceSpecification) RecipeFlows(first *int, after *string, last *int, before *string) (*RecipeFlowConnection, error) {
	return aboutSpec(r, asRecipeFlow, window{first, after, last, before})
}

// Claims returns the claims to resources of the kind.
func (r ResourceSpecification) Claims(first *int, after *string, last *int, before *string) (*ClaimConnection, error) {
	return aboutSpec(r, asClaim, window{first, after, last, before})
}

// aboutSpec returns a part of the records of a kind whose resources conform to a
// specification, which they name by its text or by its record.
func aboutSpec[T any, P interface {
	*T
	recorded
}](r ResourceSpecification, as kind[T], w window) (*Connection[P], error) {
	list := pointers[T, P](as.list(r.s, ledger.RecordFilter{}))
	return connect(r.s, w, list, func(item P) (bool, error) {
		x := record{r.s, item.about()}
		text := x.text("resourceConformsTo")
		return text != nil && *text == r.text || r.isRecorded() && x.link("resourceConformsTo") == r.r.ID, nil
	})
}

// EconomicResources returns the resources at the place.
func (t SpatialThing) EconomicResources(first *int, after *string, last *int, before *string) (*EconomicResourceConnection, error) {
	return t.s.resourcePage(ledger.ResourceFilter{CurrentLocation: t.r.ID}, window{first, after, last, before})
}

// EconomicEvents returns the events at the place.
func (t SpatialThing) EconomicEvents(first *int, after *string, last *int, before *string) (*EconomicEventConnection, error) {
	return connect(t.s, window{first, after, last, before}, t.s.eventsNaming("atLocation", t.r.ID), anything)
}

// Commitments returns the commitments at the place.
func (t SpatialThing) Commitments() ([]*Commitment, error) {
	return inverse(t.record, asCommitment, "atLocation")
}

// Intents returns the intents at the place.
func (t SpatialThing) Intents() ([]*Intent, error) { return inverse(t.record, asIntent, "atLocation") }

// InvolvedAgents returns who gives or gets something in the process.
func (p Process) InvolvedAgents(first *int, after *string, last *int, before *string) (*AgentConnection, error) {
	ids, err := p.parties(func(*EconomicEvent) bool { return true })
	return p.s.agentPage(ids, err, window{first, after, last, before})
}

// WorkingAgents returns who works in the process.
func (p Process) WorkingAgents(first *int, after *string, last *int, before *string) (*AgentConnection, error) {
	ids, err := p.parties(func(e *EconomicEvent) bool { return e.e.Body.Action == "work" })
	return p.s.agentPage(ids, err, window{first, after, last, before})
}

// parties returns the agents of the events of the process that fit.
func (p Process) parties(fits func(*EconomicEvent) bool) ([]protocol.EntryID, error) {
	in, err := p.ins()
	if err != nil {
		return nil, err
	}
	out, err := p.outs()
	var ids []protocol.EntryID
	for _, e := range append(in, out...) {
		if fits(e) {
			ids = append(ids, e.e.Body.Provider.EntryID, e.e.Body.Receiver.EntryID)
		}
	}
	return ids, err
}

// InvolvedAgents returns who promises or is promised something in the plan.
func (p Plan) InvolvedAgents(first *int, after *string, last *int, before *string) (*AgentConnection, error) {
	all, err := inverse(p.record, asCommitment, "plannedWithin")
	return p.s.agentPage(partiesOf(all), err, window{first, after, last, before})
}

// InvolvedAgents returns who promises or is promised something in the agreement.
func (a Agreement) InvolvedAgents(first *int, after *string, last *int, before *string) (*AgentConnection, error) {
	all, err := a.Commitments()
	return a.s.agentPage(partiesOf(all), err, window{first, after, last, before})
}

func partiesOf(all []*Commitment) []protocol.EntryID {
	var ids []protocol.EntryID
	for _, c := range all {
		ids = append(ids, c.link("provider"), c.link("receiver"))
	}
	return ids
}

// agentPage returns a part of the agents, each once.
func (s *session) agentPage(ids []protocol.EntryID, err error, w window) (*AgentConnection, error) {
	if err != nil {
		return nil, err
	}
	seen := map[protocol.EntryID]bool{}
	var once []protocol.EntryID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			once = append(once, id)
		}
	}
	agents, err := s.agentsOf(once)
	if err != nil {
		return nil, err
	}
	return connect(s, w, fixed(agents), anything)
}

// fixed is the lister of what is known already.
func fixed[T any](items []T) lister[T] {
	return func(p ledger.Page) ([]T, string, error) {
		at, _ := strconv.Atoi(p.After) // "" is the beginning
		at = min(max(at, 0), len(items))
		end := min(at+p.Limit, len(items))
		if end == len(items) {
			return items[at:end], "", nil
		}
		return items[at:end], strconv.Itoa(end), nil
	}
}
