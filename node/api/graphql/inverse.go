package graphql

import (
	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// eventsNaming returns the lister of the events that name target by a property,
// those without effect left out. With no property it is any, and one that names
// target by several is listed once.
func (s *session) eventsNaming(property string, target protocol.EntryID) lister[*EconomicEvent] {
	var last protocol.EntryID
	return func(p ledger.Page) ([]*EconomicEvent, string, error) {
		c, err := s.in()
		if err != nil {
			return nil, "", err
		}
		links, next, err := s.ledger.Links(s.ctx, c.ID, target, property, p)
		if err != nil {
			return nil, "", err
		}
		out := []*EconomicEvent{}
		for _, link := range links {
			if link.Kind != protocol.KindEvent || link.From == last {
				continue
			}
			last = link.From
			e, err := s.event(link.From)
			if err != nil {
				return nil, "", err
			}
			if e != nil && e.e.State != ledger.Void {
				out = append(out, e)
			}
		}
		return out, next, s.read(1)
	}
}

// events returns the events that name the record by a property and fit.
func (x record) events(property string, filter map[string]any) ([]*EconomicEvent, error) {
	found, err := all(x.s.eventsNaming(property, x.r.ID))
	return kept(found, err, x.s.eventFilter(filter))
}

// kept returns the items that fit.
func kept[T any](items []T, err error, keep func(T) (bool, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	out := []T{}
	for _, item := range items {
		fits, err := keep(item)
		if err != nil {
			return nil, err
		}
		if fits {
			out = append(out, item)
		}
	}
	return out, nil
}

// ins returns the events that went into the process, and outs those that came out.
func (p Process) ins() ([]*EconomicEvent, error)  { return p.events("inputOf", nil) }
func (p Process) outs() ([]*EconomicEvent, error) { return p.events("outputOf", nil) }

// Inputs returns the events that went into the process, of one action or all.
func (p Process) Inputs(action *string) ([]*EconomicEvent, error) {
	return p.events("inputOf", ofAction(action))
}

// Outputs returns the events that came out of the process, of one action or all.
func (p Process) Outputs(action *string) ([]*EconomicEvent, error) {
	return p.events("outputOf", ofAction(action))
}

// UnplannedEconomicEvents returns the events of the process that fulfil no
// commitment, inputs first.
func (p Process) UnplannedEconomicEvents(action *string) ([]*EconomicEvent, error) {
	in, err := p.UnplannedInputs(ofAction(action))
	if err != nil {
		return nil, err
	}
	out, err := p.UnplannedOutputs(ofAction(action))
	return append(in, out...), err
}

// ofAction is the filter for events of an action.
func ofAction(action *string) map[string]any {
	if orEmpty(action) == "" {
		return nil
	}
	return map[string]any{"action": []string{*action}}
}

// ObservedInputs returns the events that went into the process.
func (p Process) ObservedInputs(filter map[string]any) ([]*EconomicEvent, error) {
	return p.events("inputOf", filter)
}

// ObservedOutputs returns the events that came out of the process.
func (p Process) ObservedOutputs(filter map[string]any) ([]*EconomicEvent, error) {
	return p.events("outputOf", filter)
}

// UnplannedInputs returns the inputs that fulfil no commitment.
func (p Process) UnplannedInputs(filter map[string]any) ([]*EconomicEvent, error) {
	found, err := p.events("inputOf", filter)
	return kept(found, err, unplanned)
}

// UnplannedOutputs returns the outputs that fulfil no commitment.
func (p Process) UnplannedOutputs(filter map[string]any) ([]*EconomicEvent, error) {
	found, err := p.events("outputOf", filter)
	return kept(found, err, unplanned)
}

func unplanned(e *EconomicEvent) (bool, error) {
	return len(e.e.Body.Fulfills) == 0 && len(e.e.Body.Satisfies) == 0, nil
}

// CommittedInputs returns the commitments to put something in.
func (p Process) CommittedInputs(filter map[string]any) ([]*Commitment, error) {
	return related(p.record, asCommitment, "inputOf", filter)
}

// CommittedOutputs returns the commitments to bring something out.
func (p Process) CommittedOutputs(filter map[string]any) ([]*Commitment, error) {
	return related(p.record, asCommitment, "outputOf", filter)
}

// IntendedInputs returns the intents to put something in.
func (p Process) IntendedInputs(filter map[string]any) ([]*Intent, error) {
	return related(p.record, asIntent, "inputOf", filter)
}

// IntendedOutputs returns the intents to bring something out.
func (p Process) IntendedOutputs(filter map[string]any) ([]*Intent, error) {
	return related(p.record, asIntent, "outputOf", filter)
}

// related returns the records of a kind that name the record and fit.
func related[T any, P interface {
	*T
	recorded
}](x record, as kind[T], property string, filter map[string]any) ([]*T, error) {
	found, err := all(as.naming(x.s, property, x.r.ID))
	keep := x.s.recordFilter(filter)
	return kept(found, err, func(item *T) (bool, error) { return keep(P(item).about()) })
}

// inverse is related without a filter.
func inverse[T any](x record, as kind[T], property string) ([]*T, error) {
	return all(as.naming(x.s, property, x.r.ID))
}

// pageOf returns a part of the records of a kind that name the record.
func pageOf[T any, P interface {
	*T
	recorded
}](x record, as kind[T], property string, w window) (*Connection[P], error) {
	return connect(x.s, w, pointers[T, P](as.naming(x.s, property, x.r.ID)), anything)
}

// pointers gives the items of a lister their methods.
func pointers[T any, P interface {
	*T
	recorded
}](list lister[*T]) lister[P] {
	return func(p ledger.Page) ([]P, string, error) {
		items, next, err := list(p)
		out := make([]P, len(items))
		for i, item := range items {
			out[i] = item
		}
		return out, next, err
	}
}

// Processes returns the processes of the plan.
func (p Plan) Processes(filter map[string]any) ([]*Process, error) {
	return related(p.record, asProcess, "plannedWithin", filter)
}

// IndependentDemands returns the commitments for whose sake the plan is.
func (p Plan) IndependentDemands() ([]*Commitment, error) {
	return inverse(p.record, asCommitment, "independentDemandOf")
}

// NonProcessCommitments returns the commitments of the plan that belong to no
// process.
func (p Plan) NonProcessCommitments() ([]*Commitment, error) {
	found, err := inverse(p.record, asCommitment, "plannedWithin")
	return kept(found, err, func(c *Commitment) (bool, error) { return c.outsideProcesses(), nil })
}

// NonProcessIntents returns the intents of the plan that belong to no process.
func (p Plan) NonProcessIntents() ([]*Intent, error) {
	found, err := inverse(p.record, asIntent, "plannedWithin")
	return kept(found, err, func(i *Intent) (bool, error) { return i.outsideProcesses(), nil })
}

func (x record) outsideProcesses() bool {
	return x.link("inputOf").IsZero() && x.link("outputOf").IsZero()
}

// FulfilledBy returns the events that fulfil the commitment.
func (c Commitment) FulfilledBy() ([]*EconomicEvent, error) { return c.events("fulfills", nil) }

// SatisfiedBy returns the commitments that satisfy the intent.
func (i Intent) SatisfiedBy() ([]*Commitment, error) {
	return inverse(i.record, asCommitment, "satisfies")
}

// ObservedBy returns the events that satisfy the intent.
func (i Intent) ObservedBy() ([]*EconomicEvent, error) { return i.events("satisfies", nil) }

// PublishedIn returns the proposals that publish the intent.
func (i Intent) PublishedIn() ([]*Proposal, error) {
	published, err := inverse(i.record, asProposal, "publishes")
	if err != nil {
		return nil, err
	}
	back, err := inverse(i.record, asProposal, "reciprocal")
	return append(published, back...), err
}

// SettledBy returns the events that settle the claim.
func (c Claim) SettledBy() ([]*EconomicEvent, error) { return c.events("settles", nil) }

// Commitments returns the clauses of the agreement.
func (a Agreement) Commitments() ([]*Commitment, error) {
	return inverse(a.record, asCommitment, "clauseOf")
}

// ReciprocalCommitments returns what the agreement promises in return.
func (a Agreement) ReciprocalCommitments() ([]*Commitment, error) {
	return inverse(a.record, asCommitment, "reciprocalClauseOf")
}

// EconomicEvents returns the events that realise the agreement.
func (a Agreement) EconomicEvents() ([]*EconomicEvent, error) {
	found, err := a.events("realizationOf", nil)
	if err != nil {
		return nil, err
	}
	back, err := a.events("reciprocalRealizationOf", nil)
	return append(found, back...), err
}

// UnplannedEconomicEvents returns those of the events that fulfil no commitment.
func (a Agreement) UnplannedEconomicEvents() ([]*EconomicEvent, error) {
	found, err := a.EconomicEvents()
	return kept(found, err, unplanned)
}

// Agreements returns the agreements of the bundle.
func (b AgreementBundle) Agreements() ([]*Agreement, error) {
	named, err := loadAll(b.record, "bundles", asAgreement)
	if err != nil {
		return nil, err
	}
	bundled, err := inverse(b.record, asAgreement, "bundledIn")
	return append(named, bundled...), err
}

// RecipeProcesses returns the processes of the recipe.
func (r Recipe) RecipeProcesses() ([]*RecipeProcess, error) {
	return loadAll(r.record, "recipeIncludes", asRecipeProcess)
}

// RecipeInputs returns what goes into the process of the recipe.
func (p RecipeProcess) RecipeInputs() ([]*RecipeFlow, error) {
	return inverse(p.record, asRecipeFlow, "recipeInputOf")
}

// RecipeOutputs returns what comes out of the process of the recipe.
func (p RecipeProcess) RecipeOutputs() ([]*RecipeFlow, error) {
	return inverse(p.record, asRecipeFlow, "recipeOutputOf")
}

// RecipeClauses returns what one side gives.
func (e RecipeExchange) RecipeClauses() ([]*RecipeFlow, error) {
	return inverse(e.record, asRecipeFlow, "recipeClauseOf")
}

// RecipeReciprocalClauses returns what the other side gives in return.
func (e RecipeExchange) RecipeReciprocalClauses() ([]*RecipeFlow, error) {
	return inverse(e.record, asRecipeFlow, "recipeReciprocalClauseOf")
}
