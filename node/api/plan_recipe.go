package api

import (
	"context"
	"maps"

	"github.com/danielgtaylor/huma/v2"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// RecipePlanDraft says what is wanted of a recipe.
type RecipePlanDraft struct {
	Output   string   `json:"output,omitempty" doc:"Resource specification that is wanted; default: what the recipe makes" maxLength:"2048"`
	Quantity *Measure `json:"quantity" doc:"How much of it"`
	Name     string   `json:"name,omitempty" doc:"Name of the plan; default: the recipe's" maxLength:"2048"`
	Due      string   `json:"due,omitempty" doc:"When it is wanted: RFC 3339 with offset, or a date; due dates count backwards from it"`
	Provider string   `json:"provider,omitempty" doc:"Who gives what goes in and comes out; default: nobody yet"`
	Receiver string   `json:"receiver,omitempty" doc:"Who receives it; default: nobody yet"`
	Intents  bool     `json:"intents,omitempty" doc:"Make intents even where provider and receiver are known"`
}

// Planned is what planning from a recipe came to: minga.planned/1.
type Planned struct {
	Schema    string             `json:"schema"`
	ID        string             `json:"id,omitempty" doc:"CID of the plan; absent on a dry run"`
	DryRun    bool               `json:"dryRun,omitempty" doc:"Nothing was written"`
	Items     []PlannedItem      `json:"items" doc:"The records of the plan, in the order in which they are written"`
	Remainder []PlannedRemainder `json:"remainder,omitempty" doc:"Quantities that were rounded up"`
}

// PlannedItem is one record of a plan.
type PlannedItem struct {
	ID    string         `json:"id,omitempty" doc:"CID; absent on a dry run"`
	State string         `json:"state,omitempty" enum:"waiting,pending,settled,void,frozen,cut"`
	Type  string         `json:"type"`
	Name  string         `json:"name,omitempty"`
	From  string         `json:"from,omitempty" doc:"Part of the recipe that it follows"`
	Body  map[string]any `json:"body" doc:"Its properties. On a dry run #1, #2, ... stand for items of this list, from 1"`
}

// PlannedRemainder is a quantity that was rounded up, by less than one of its last
// place.
type PlannedRemainder struct {
	Item     int    `json:"item" doc:"Number in the list of items, from 1"`
	Quantity string `json:"quantity" enum:"resourceQuantity,effortQuantity"`
	Exact    string `json:"exact" doc:"The exact fraction" example:"10/3"`
}

func (s *Server) addPlanning(api huma.API) {
	plan := posting("planRecipe", "/v1/recipes/{record}/plan", "recipes", "Plan from a recipe", RecipePlanDraft{})
	plan.about = "Writes a plan with the processes and what goes into and comes out of them, in the quantities that are needed. With dryRun nothing is written."
	add(s, api, plan, s.planRecipe)
}

type inPlan struct {
	InCommons
	Record string `path:"record" doc:"Recipe: name, CID or unique prefix of one of at least 8 characters" maxLength:"2048"`
	DryRun bool   `query:"dryRun" doc:"Work the plan out and write nothing"`
}

func (s *Server) planRecipe(ctx context.Context, in *inPlan) (*created[Planned], error) {
	d, c, r, err := asked[RecipePlanDraft](ctx, s, in.Commons)
	if err != nil {
		return nil, err
	}
	class, _ := ClassOf("Recipe")
	recipe, err := s.record(ctx, in.Commons, class, in.Record)
	if err != nil {
		return nil, err
	}
	request := ledger.PlanRequest{
		Recipe: recipe.ID, Output: r.specification("/output", d.Output), Name: d.Name, Due: r.time("/due", d.Due), Intents: d.Intents,
		Provider: r.agent("/provider", d.Provider, protocol.AgentID{}), Receiver: r.agent("/receiver", d.Receiver, protocol.AgentID{}),
	}
	if q := r.measure("/quantity", d.Quantity); q != nil {
		request.Quantity = *q
		if q.N <= 0 {
			r.add("/quantity/hasNumericalValue", CodeNotAbove, d.Quantity.HasNumericalValue)
		}
	}
	if err := r.problem(); err != nil {
		return nil, err
	}
	planned, err := s.ledger.PlanRecipe(ctx, c.ID, request)
	if err != nil {
		return nil, s.fail(ctx, err, in.Record)
	}
	return s.writePlan(ctx, in, c, planned)
}

// writePlan writes the records of a plan, all or none of them: later ones name
// earlier ones.
func (s *Server) writePlan(ctx context.Context, in *inPlan, c ledger.Commons, planned ledger.Planned) (*created[Planned], error) {
	out := &created[Planned]{Status: 200, Body: Planned{Schema: "minga.planned/1", DryRun: in.DryRun, Items: []PlannedItem{}}}
	place := map[protocol.EntryID]int{}
	for i, item := range planned.Items {
		if !item.Placeholder.IsZero() {
			place[item.Placeholder] = i
		}
		out.Body.Items = append(out.Body.Items, PlannedItem{Type: item.Body.Type, Name: item.Body.Name.String(), From: item.From.String()})
	}
	for _, r := range planned.Remainder {
		out.Body.Remainder = append(out.Body.Remainder, PlannedRemainder{Item: r.Item + 1, Quantity: r.Quantity, Exact: r.Exact})
	}
	if in.DryRun {
		for i, item := range planned.Items {
			out.Body.Items[i].Body = readableMap(replaced(item.Body.Fields, func(id protocol.EntryID) protocol.Value {
				if n, is := place[id]; is {
					return "#" + sprint(n+1)
				}
				return id
			}))
		}
		return out, nil
	}
	body := func(i int, ids []protocol.EntryID) *protocol.Record {
		b := *planned.Items[i].Body
		b.Fields = replaced(b.Fields, func(id protocol.EntryID) protocol.Value {
			if n, is := place[id]; is && n < len(ids) {
				return ids[n]
			}
			return id
		})
		return &b
	}
	written, err := s.ledger.SubmitBundle(ctx, ledger.Bundle{
		Commons: c.ID, Size: len(planned.Items),
		Draft: func(i int, ids []protocol.EntryID) (protocol.Body, error) { return body(i, ids), nil },
	})
	if err != nil {
		return nil, s.fail(ctx, err, c.Name)
	}
	ids := make([]protocol.EntryID, len(written))
	for i, w := range written {
		ids[i] = w.Entry.ID()
		line := &out.Body.Items[i]
		line.ID, line.State, line.Body = ids[i].String(), string(w.State), readableMap(body(i, ids[:i]).Fields)
	}
	out.Status = 201
	if len(ids) > 0 {
		out.Body.ID, out.Location = ids[0].String(), "/v1/plans/"+ids[0].String()
	}
	return out, nil
}

// replaced returns fields with other values in place of their identifiers.
func replaced(fields map[string]protocol.Value, by func(protocol.EntryID) protocol.Value) map[string]protocol.Value {
	out := maps.Clone(fields)
	for name, v := range out {
		out[name] = replace(v, by)
	}
	return out
}

func replace(v protocol.Value, by func(protocol.EntryID) protocol.Value) protocol.Value {
	switch v := v.(type) {
	case protocol.EntryID:
		return by(v)
	case []protocol.Value:
		out := make([]protocol.Value, len(v))
		for i, item := range v {
			out[i] = replace(item, by)
		}
		return out
	case map[string]protocol.Value:
		return replaced(v, by)
	}
	return v
}
