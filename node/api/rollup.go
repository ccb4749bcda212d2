package api

import (
	"context"

	"github.com/minga-commons/minga/ledger"
)

// RollUp is what has gone into one unit of a resource: minga.roll-up/1.
type RollUp struct {
	Schema     string       `json:"schema"`
	Resource   string       `json:"resource"`
	Amount     Measure      `json:"amount" doc:"Of the resource"`
	Lines      []RollUpLine `json:"lines"`
	Events     int64        `json:"events" doc:"Events behind the lines"`
	Unweighted []string     `json:"unweighted,omitempty" doc:"Processes whose outputs cannot be compared and share equally"`
}

// RollUpLine is effort or a resource of one kind, given by one agent.
type RollUpLine struct {
	Action             string    `json:"action"`
	ResourceConformsTo string    `json:"resourceConformsTo,omitempty"`
	Provider           *AgentRef `json:"provider,omitempty"`
	Quantity           Measure   `json:"quantity"`
	Events             int64     `json:"events"`
}

// NetworkFlows is what passed between agents: minga.network-flows/1.
type NetworkFlows struct {
	Schema string        `json:"schema"`
	Flows  []NetworkFlow `json:"flows"`
}

// NetworkFlow is what passed from one agent to another by one action.
type NetworkFlow struct {
	Provider           *AgentRef `json:"provider,omitempty"`
	Receiver           *AgentRef `json:"receiver,omitempty"`
	Action             string    `json:"action"`
	ResourceConformsTo string    `json:"resourceConformsTo,omitempty"`
	Quantity           Measure   `json:"quantity"`
	Events             int64     `json:"events"`
}

func (s *Server) provenanceOfResource(ctx context.Context, in *inResourceSteps) (*page[Trace], error) {
	return s.resourceSteps(ctx, in, "provenance", s.ledger.Provenance)
}

func (s *Server) rollUp(ctx context.Context, in *InResource) (*answer[RollUp], error) {
	r, err := s.resource(ctx, in.Commons, in.Resource)
	if err != nil {
		return nil, err
	}
	sum, err := s.ledger.RollUp(ctx, r.Commons, r.ID, ledger.Total{})
	if err != nil {
		return nil, s.fail(ctx, err, in.Resource)
	}
	out := RollUp{
		Schema: "minga.roll-up/1", Resource: r.ID.String(), Amount: sumOf(sum.Amount), Lines: []RollUpLine{},
		Events: sum.Events, Unweighted: idTexts(sum.Unweighted),
	}
	names := s.namesIn(r.Commons)
	for _, l := range sum.Lines {
		provider, err := names.optional(ctx, l.Provider)
		if err != nil {
			return nil, err
		}
		out.Lines = append(out.Lines, RollUpLine{
			Action: l.Action, ResourceConformsTo: l.ConformsTo, Provider: provider, Quantity: sumOf(l.Quantity), Events: l.Events,
		})
	}
	return &answer[RollUp]{out}, nil
}

func (s *Server) networkFlows(ctx context.Context, in *InResource) (*answer[NetworkFlows], error) {
	r, err := s.resource(ctx, in.Commons, in.Resource)
	if err != nil {
		return nil, err
	}
	flows, err := s.ledger.NetworkFlows(ctx, r.Commons, r.ID)
	if err != nil {
		return nil, s.fail(ctx, err, in.Resource)
	}
	out := NetworkFlows{Schema: "minga.network-flows/1", Flows: []NetworkFlow{}}
	names := s.namesIn(r.Commons)
	for _, f := range flows {
		provider, err := names.optional(ctx, f.Provider)
		if err != nil {
			return nil, err
		}
		receiver, err := names.optional(ctx, f.Receiver)
		if err != nil {
			return nil, err
		}
		out.Flows = append(out.Flows, NetworkFlow{
			Provider: provider, Receiver: receiver, Action: f.Action, ResourceConformsTo: f.ConformsTo,
			Quantity: sumOf(f.Quantity), Events: f.Events,
		})
	}
	return &answer[NetworkFlows]{out}, nil
}
