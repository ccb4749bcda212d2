package sim

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// stock has the node's member record something about things: that one came into
// being, or what happened to one that it knows, as often as not while others
// say something else of it elsewhere.
func (s *script) stock(n *node) {
	me := n.member()
	if me.IsZero() {
		return
	}
	known, _, err := n.ledger.Resources(context.Background(), s.w.commons, ledger.ResourceFilter{}, ledger.Page{Limit: 50})
	if n.trouble(err) {
		return
	}
	if len(known) == 0 || s.w.chance(12) {
		n.submit([]ledger.Draft{{Commons: s.w.commons, Body: s.raising(me)}})
		return
	}
	thing := known[s.w.rng.IntN(min(len(known), 3))]
	if s.w.chance(15) {
		s.correct(n, thing)
		return
	}
	var drafts []ledger.Draft
	for range 1 + s.w.rng.IntN(3) {
		drafts = append(drafts, ledger.Draft{Commons: s.w.commons, Body: s.happening(n, me, thing, known)})
	}
	n.submit(drafts)
}

func (s *script) raising(me protocol.LogID) *protocol.Event {
	action := []string{"raise", "produce"}[s.w.rng.IntN(2)]
	return &protocol.Event{
		Action: action, Provider: me.Agent(), Receiver: me.Agent(), ResourceQuantity: s.quantity(),
		NewInventoriedResource: &protocol.NewResource{
			Name: protocol.PlainText(fmt.Sprint("thing ", s.w.rng.IntN(20))), ConformsTo: fmt.Sprint("kind ", s.w.rng.IntN(4)),
		},
	}
}

func (s *script) quantity() *protocol.Quantity {
	return &protocol.Quantity{N: 1 + s.w.rng.Int64N(1000), Scale: 1, Unit: []string{"kilogram", "kilogram", "gram"}[s.w.rng.IntN(3)]}
}

// happening is an event on a resource. Some set what others set too.
func (s *script) happening(n *node, me protocol.LogID, thing ledger.Resource, known []ledger.Resource) *protocol.Event {
	e := &protocol.Event{
		Provider: me.Agent(), Receiver: me.Agent(), ResourceInventoriedAs: thing.ID, ResourceQuantity: s.quantity(),
	}
	if s.w.chance(70) {
		e.State = fmt.Sprint("state ", s.w.rng.IntN(3))
	}
	switch s.w.rng.IntN(7) {
	case 0:
		e.Action = "raise"
	case 1:
		e.Action = "lower"
	case 2:
		e.Action = "consume"
	case 3:
		e.Action = "produce"
	case 4:
		e.Action = "move"
		e.ToLocation = known[s.w.rng.IntN(len(known))].ID
		s.onto(e, thing, known)
	default:
		e.Action = []string{"transfer", "transferCustody", "transferAllRights"}[s.w.rng.IntN(3)]
		e.Receiver = s.somebody(n, me)
		s.onto(e, thing, known)
	}
	return e
}

// onto has things go to another resource, now and then.
func (s *script) onto(e *protocol.Event, thing ledger.Resource, known []ledger.Resource) {
	if to := known[s.w.rng.IntN(len(known))].ID; to != thing.ID && s.w.chance(60) {
		e.ToResourceInventoriedAs = to
	}
}

// somebody is an agent that the node knows.
func (s *script) somebody(n *node, me protocol.LogID) protocol.AgentID {
	agents, _, err := n.ledger.Agents(context.Background(), s.w.commons, ledger.Page{Limit: 50})
	if n.trouble(err) || len(agents) == 0 {
		return me.Agent()
	}
	return agents[s.w.rng.IntN(len(agents))].ID
}

// correct has the node's member correct one of the last events on a resource.
func (s *script) correct(n *node, thing ledger.Resource) {
	wrong := thing.Leaves
	if len(wrong) == 0 {
		return
	}
	should := ledger.Corrected{ResourceQuantity: s.quantity()}
	if s.w.chance(30) {
		should.State = "mended"
	}
	body, err := n.ledger.Correction(context.Background(), wrong[s.w.rng.IntN(len(wrong))], should)
	if err != nil {
		s.w.trace("%s cannot correct: %v", string(n.id), err)
		n.trouble(err)
		return
	}
	n.submit([]ledger.Draft{{Commons: s.w.commons, Body: body}})
}

// stocks returns what a node answers of every resource, and counts the contested.
func (c *checker) stocks(n *node) (all []string, contested int) {
	ctx := context.Background()
	for page := (ledger.Page{Limit: 100}); ; {
		found, next, err := n.ledger.Resources(ctx, c.w.commons, ledger.ResourceFilter{}, page)
		if err != nil {
			c.w.fail("%s: resources: %w", string(n.id), err)
			return nil, 0
		}
		for _, r := range found {
			if len(r.Contested) > 0 {
				contested++
			}
			all = append(all, fmt.Sprintf("%v %q of %q: %v, on hand %v, of %v, with %v, in %v, at %v, %q %q, contested %+v, after %v, %d events",
				r.ID, r.Name, r.ConformsTo, r.AccountingQuantity, r.OnhandQuantity, r.PrimaryAccountable, r.Custodian,
				r.ContainedIn, r.CurrentLocation, r.StageText, r.StateText, r.Contested, r.Leaves, r.Events))
		}
		if next == "" {
			slices.Sort(all)
			return all, contested
		}
		page.After = next
	}
}

// sameStocks checks that nodes of one digest answer alike of resources.
func (c *checker) sameStocks(n *node, digest [32]byte) {
	got, _ := c.stocks(n)
	known, is := c.stocked[digest]
	if !is {
		c.stocked[digest] = got
		return
	}
	if !slices.Equal(known, got) {
		c.w.fail("%s answers otherwise of resources than a node of the same digest %x:\n%s", string(n.id), digest[:6], cmp.Diff(known, got))
	}
}
