package graphql

import (
	"github.com/minga-commons/minga/ledger"
)

// eventsOf returns a part of the events of the agent that fit.
func (a agent) eventsOf(w window, keep func(*EconomicEvent) (bool, error)) (*EconomicEventConnection, error) {
	return connect(a.s, w, a.s.allEvents(ledger.EventFilter{Agent: a.a.ID}), keep)
}

// EconomicEvents returns the events with the agent as provider or receiver.
func (a agent) EconomicEvents(filter map[string]any, first *int, after *string, last *int, before *string) (*EconomicEventConnection, error) {
	return a.eventsOf(window{first, after, last, before}, a.s.eventFilter(filter))
}

// EconomicEventsAsProvider returns the events in which the agent gives.
func (a agent) EconomicEventsAsProvider(first *int, after *string, last *int, before *string) (*EconomicEventConnection, error) {
	return a.eventsOf(window{first, after, last, before}, func(e *EconomicEvent) (bool, error) {
		return e.e.Body.Provider == a.a.ID, nil
	})
}

// EconomicEventsAsReceiver returns the events in which the agent gets.
func (a agent) EconomicEventsAsReceiver(first *int, after *string, last *int, before *string) (*EconomicEventConnection, error) {
	return a.eventsOf(window{first, after, last, before}, func(e *EconomicEvent) (bool, error) {
		return e.e.Body.Receiver == a.a.ID, nil
	})
}

// EconomicEventsInScope returns the events in scope of the agent.
func (a agent) EconomicEventsInScope(first *int, after *string, last *int, before *string) (*EconomicEventConnection, error) {
	return connect(a.s, window{first, after, last, before}, a.s.eventsNaming("inScopeOf", a.a.ID.EntryID), anything)
}

// InventoriedEconomicResources returns the resources for which the agent is
// accountable.
func (a agent) InventoriedEconomicResources(first *int, after *string, last *int, before *string) (*EconomicResourceConnection, error) {
	return a.s.resourcePage(ledger.ResourceFilter{PrimaryAccountable: a.a.ID}, window{first, after, last, before})
}

// Commitments returns what the agent promises or is promised.
func (a agent) Commitments(filter map[string]any, first *int, after *string, last *int, before *string) (*CommitmentConnection, error) {
	keep := a.s.recordFilter(filter)
	return connect(a.s, window{first, after, last, before}, namingAgent[Commitment](a, asCommitment, []string{"provider", "receiver"}),
		func(c *Commitment) (bool, error) { return keep(c.r) })
}

// CommitmentsAsProvider returns what the agent promises.
func (a agent) CommitmentsAsProvider(first *int, after *string, last *int, before *string) (*CommitmentConnection, error) {
	return agentPage(a, asCommitment, window{first, after, last, before}, "provider")
}

// CommitmentsAsReceiver returns what the agent is promised.
func (a agent) CommitmentsAsReceiver(first *int, after *string, last *int, before *string) (*CommitmentConnection, error) {
	return agentPage(a, asCommitment, window{first, after, last, before}, "receiver")
}

// CommitmentsInScope returns the commitments in scope of the agent.
func (a agent) CommitmentsInScope(first *int, after *string, last *int, before *string) (*CommitmentConnection, error) {
	return agentPage(a, asCommitment, window{first, after, last, before}, "inScopeOf")
}

// Intents returns what the agent offers or asks for.
func (a agent) Intents(filter map[string]any, first *int, after *string, last *int, before *string) (*IntentConnection, error) {
	keep := a.s.recordFilter(filter)
	return connect(a.s, window{first, after, last, before}, namingAgent[Intent](a, asIntent, []string{"provider", "receiver"}),
		func(i *Intent) (bool, error) { return keep(i.r) })
}

// IntentsAsProvider returns what the agent offers.
func (a agent) IntentsAsProvider(first *int, after *string, last *int, before *string) (*IntentConnection, error) {
	return agentPage(a, asIntent, window{first, after, last, before}, "provider")
}

// IntentsAsReceiver returns what the agent asks for.
func (a agent) IntentsAsReceiver(first *int, after *string, last *int, before *string) (*IntentConnection, error) {
	return agentPage(a, asIntent, window{first, after, last, before}, "receiver")
}

// IntentsInScope returns the intents in scope of the agent.
func (a agent) IntentsInScope(first *int, after *string, last *int, before *string) (*IntentConnection, error) {
	return agentPage(a, asIntent, window{first, after, last, before}, "inScopeOf")
}

// Claims returns what the agent owes or is owed.
func (a agent) Claims(first *int, after *string, last *int, before *string) (*ClaimConnection, error) {
	return agentPage(a, asClaim, window{first, after, last, before}, "provider", "receiver")
}

// ClaimsAsProvider returns what the agent owes.
func (a agent) ClaimsAsProvider(first *int, after *string, last *int, before *string) (*ClaimConnection, error) {
	return agentPage(a, asClaim, window{first, after, last, before}, "provider")
}

// ClaimsAsReceiver returns what the agent is owed.
func (a agent) ClaimsAsReceiver(first *int, after *string, last *int, before *string) (*ClaimConnection, error) {
	return agentPage(a, asClaim, window{first, after, last, before}, "receiver")
}

// ClaimsInScope returns the claims in scope of the agent.
func (a agent) ClaimsInScope(first *int, after *string, last *int, before *string) (*ClaimConnection, error) {
	return agentPage(a, asClaim, window{first, after, last, before}, "inScopeOf")
}

// Processes returns the processes in scope of the agent.
func (a agent) Processes(filter map[string]any, first *int, after *string, last *int, before *string) (*ProcessConnection, error) {
	keep := a.s.recordFilter(filter)
	return connect(a.s, window{first, after, last, before}, namingAgent[Process](a, asProcess, []string{"inScopeOf"}),
		func(p *Process) (bool, error) { return keep(p.r) })
}

// Plans returns the plans in scope of the agent.
func (a agent) Plans(first *int, after *string, last *int, before *string) (*PlanConnection, error) {
	return agentPage(a, asPlan, window{first, after, last, before}, "inScopeOf")
}

// Proposals returns the proposals in scope of the agent or made to it.
func (a agent) Proposals(first *int, after *string, last *int, before *string) (*ProposalConnection, error) {
	return agentPage(a, asProposal, window{first, after, last, before}, "inScopeOf", "proposedTo")
}

// ProposalsInScope returns the proposals in scope of the agent.
func (a agent) ProposalsInScope(first *int, after *string, last *int, before *string) (*ProposalConnection, error) {
	return agentPage(a, asProposal, window{first, after, last, before}, "inScopeOf")
}

// ProposalsTo returns the proposals made to the agent.
func (a agent) ProposalsTo(first *int, after *string, last *int, before *string) (*ProposalConnection, error) {
	return agentPage(a, asProposal, window{first, after, last, before}, "proposedTo")
}
