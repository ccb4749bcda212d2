package graphql

import (
	"errors"
	"maps"
	"slices"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// revised returns the record as one of its revisions left it: with the
// amendments up to that one. It is nil for what is none of its revisions, or
// none that counts.
func revised[T any](x record, as kind[T], revisionID string) (*T, error) {
	id, ok := idOf(revisionID)
	root, is := x.r.Entry.Body.(*protocol.Record)
	last := slices.IndexFunc(x.r.Amendments, func(a ledger.Amendment) bool { return a.Counts && a.ID == id })
	if !ok || !is || last < 0 && id != x.r.ID {
		return nil, nil
	}
	if id == revision(x.r) {
		return as.make(x), nil
	}
	then := *x.r
	then.Name, then.Note, then.Fields = root.Name.String(), root.Note.String(), maps.Clone(root.Fields)
	then.Amendments = x.r.Amendments[:last+1]
	for _, a := range then.Amendments {
		if !a.Counts {
			continue
		}
		if err := x.s.read(1); err != nil {
			return nil, err
		}
		status, err := x.s.ledger.Entry(x.s.ctx, a.ID)
		if errors.Is(err, ledger.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if body, is := status.Entry.Body.(*protocol.Record); is {
			amendWith(&then, body)
		}
	}
	x.s.mu.Lock()
	x.s.whole[&then] = x.r
	x.s.mu.Unlock()
	return as.make(record{x.s, &then}), nil
}

// amendWith gives a record what an amendment of it says.
func amendWith(r *ledger.Record, said *protocol.Record) {
	if !said.Name.IsZero() {
		r.Name = said.Name.String()
	}
	if !said.Note.IsZero() {
		r.Note = said.Note.String()
	}
	for property, value := range said.Fields {
		if r.Fields == nil {
			r.Fields = map[string]protocol.Value{}
		}
		if value == nil {
			delete(r.Fields, property)
		} else {
			r.Fields[property] = value
		}
	}
}

// Revision returns the unit as one of its revisions left it.
func (u *Unit) Revision(revisionID string) (*Unit, error) {
	if u.r != nil {
		return revised(*u.r, asUnit, revisionID)
	}
	return onlyIf(u, revisionID == u.Identifier), nil
}

// onlyIf returns the one revision that there is, if it is the one asked for.
func onlyIf[T any](t *T, is bool) *T {
	if is {
		return t
	}
	return nil
}

// Revision returns the person: agents have one revision.
func (p *Person) Revision(revisionID string) *Person { return onlyIf(p, revisionID == p.ID()) }

// Revision returns the organization: agents have one revision.
func (o *Organization) Revision(revisionID string) *Organization {
	return onlyIf(o, revisionID == o.ID())
}

// Revision returns the event: events have one revision.
func (e *EconomicEvent) Revision(revisionID string) *EconomicEvent {
	return onlyIf(e, revisionID == e.ID())
}

// Revision returns the resource, if it is its newest revision that is asked for:
// how it was before is not kept.
func (r *EconomicResource) Revision(revisionID string) *EconomicResource {
	return onlyIf(r, revisionID == r.RevisionID())
}

// Revision returns the specification as one of its revisions left it.
func (r *ResourceSpecification) Revision(revisionID string) (*ResourceSpecification, error) {
	if !r.isRecorded() {
		return onlyIf(r, revisionID == r.text), nil
	}
	return revised(r.record, asSpec, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *ProcessSpecification) Revision(revisionID string) (*ProcessSpecification, error) {
	return revised(x.record, asProcessSpecification, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *Recipe) Revision(revisionID string) (*Recipe, error) {
	return revised(x.record, asRecipe, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *RecipeProcess) Revision(revisionID string) (*RecipeProcess, error) {
	return revised(x.record, asRecipeProcess, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *RecipeExchange) Revision(revisionID string) (*RecipeExchange, error) {
	return revised(x.record, asRecipeExchange, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *RecipeFlow) Revision(revisionID string) (*RecipeFlow, error) {
	return revised(x.record, asRecipeFlow, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *SpatialThing) Revision(revisionID string) (*SpatialThing, error) {
	return revised(x.record, asPlace, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *ProductBatch) Revision(revisionID string) (*ProductBatch, error) {
	return revised(x.record, asBatch, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *AgentRelationship) Revision(revisionID string) (*AgentRelationship, error) {
	return revised(x.record, asRelationship, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *AgentRelationshipRole) Revision(revisionID string) (*AgentRelationshipRole, error) {
	return revised(x.record, asRole, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *Plan) Revision(revisionID string) (*Plan, error) {
	return revised(x.record, asPlan, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *Process) Revision(revisionID string) (*Process, error) {
	return revised(x.record, asProcess, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *Commitment) Revision(revisionID string) (*Commitment, error) {
	return revised(x.record, asCommitment, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *Intent) Revision(revisionID string) (*Intent, error) {
	return revised(x.record, asIntent, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *Claim) Revision(revisionID string) (*Claim, error) {
	return revised(x.record, asClaim, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *Agreement) Revision(revisionID string) (*Agreement, error) {
	return revised(x.record, asAgreement, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *AgreementBundle) Revision(revisionID string) (*AgreementBundle, error) {
	return revised(x.record, asBundle, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *Proposal) Revision(revisionID string) (*Proposal, error) {
	return revised(x.record, asProposal, revisionID)
}

// Revision returns the record as one of its revisions left it.
func (x *ProposalList) Revision(revisionID string) (*ProposalList, error) {
	return revised(x.record, asProposalList, revisionID)
}
