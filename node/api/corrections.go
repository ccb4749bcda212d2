package api

import (
	"context"
	"math/big"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

type inCorrection struct {
	InWrite
	Event string `path:"event" doc:"CID of the event, or a unique prefix of at least 8 characters" maxLength:"256"`
}

// addCorrection writes an event that corrects another one, so that together they
// say what should have been said.
func (s *Server) addCorrection(ctx context.Context, in *inCorrection) (*created[Written], error) {
	d, c, r, err := asked[CorrectionDraft](ctx, s, in.Commons)
	if err != nil {
		return nil, err
	}
	if d == (CorrectionDraft{}) {
		return nil, badField("", CodeEmpty)
	}
	e, _, err := s.event(ctx, in.Commons, in.Event)
	if err != nil {
		return nil, err
	}
	should := ledger.Corrected{
		ResourceQuantity: r.shouldBe("/resourceQuantity", d.ResourceQuantity),
		EffortQuantity:   r.shouldBe("/effortQuantity", d.EffortQuantity),
		Stage:            r.stageText(d.Stage), State: d.State,
		ToLocation: r.recordNamed("/toLocation", "SpatialThing", d.ToLocation),
		Receiver:   r.agent("/receiver", d.Receiver, protocol.AgentID{}),
		Note:       protocol.PlainText(d.Note),
	}
	if d.Cancel && (d.ResourceQuantity != nil || d.EffortQuantity != nil) {
		r.add("/cancel", CodeExclusive, "resourceQuantity, effortQuantity")
	}
	if err := r.problem(); err != nil {
		return nil, err
	}
	if !d.Cancel {
		if err := s.keep(ctx, c.ID, e, d, &should); err != nil {
			return nil, err
		}
	}
	body, err := s.ledger.Correction(ctx, e.ID, should)
	if err != nil {
		return nil, s.fail(ctx, err, in.Event)
	}
	return s.write(ctx, writing{in: &in.InWrite, commons: c, draft: d, body: body, at: "/v1/events/"})
}

// shouldBe reads a quantity that may be zero, which is none.
func (r *referrer) shouldBe(pointer string, m *Measure) *protocol.Quantity {
	q := r.measure(pointer, m)
	if q != nil && q.N < 0 {
		r.add(pointer+"/hasNumericalValue", CodeNegative, m.HasNumericalValue)
	}
	if q != nil && q.N == 0 {
		return nil
	}
	return q
}

// keep fills in the quantities that a correction says nothing of: as they stand
// after the corrections that there are.
func (s *Server) keep(ctx context.Context, commons protocol.CommonsID, e ledger.Event, d CorrectionDraft, should *ledger.Corrected) error {
	if d.ResourceQuantity == nil && e.Body.ResourceQuantity != nil {
		should.ResourceQuantity = e.Body.ResourceQuantity
	}
	if d.EffortQuantity == nil && e.Body.EffortQuantity != nil {
		should.EffortQuantity = e.Body.EffortQuantity
	}
	page := ledger.Page{Limit: shownLinks}
	for {
		list, next, err := s.ledger.Events(ctx, commons, ledger.EventFilter{Names: e.ID, Relation: "corrects"}, page)
		if err != nil {
			return err
		}
		for _, other := range list {
			if other.State != ledger.Pending && other.State != ledger.Settled {
				continue
			}
			if d.ResourceQuantity == nil {
				should.ResourceQuantity = plus(should.ResourceQuantity, other.Body.ResourceQuantity)
			}
			if d.EffortQuantity == nil {
				should.EffortQuantity = plus(should.EffortQuantity, other.Body.EffortQuantity)
			}
		}
		if next == "" {
			return nil
		}
		page.After = next
	}
}

// plus adds quantities of the same unit. A sum that does not fit stays as it was,
// and the ledger says what is wrong with it.
func plus(a, b *protocol.Quantity) *protocol.Quantity {
	if a == nil || b == nil || a.Unit != b.Unit {
		return a
	}
	scale := max(a.Scale, b.Scale)
	at := func(q *protocol.Quantity) *big.Int {
		ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(scale-q.Scale), nil)
		return ten.Mul(ten, big.NewInt(q.N))
	}
	sum := at(a)
	sum.Add(sum, at(b))
	if !sum.IsInt64() {
		return a
	}
	return &protocol.Quantity{N: sum.Int64(), Scale: scale, Unit: a.Unit}
}
