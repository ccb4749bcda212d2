package sim

import (
	"context"
	"errors"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

const (
	commonsName = "Huerta Norte"
	currency    = "hora"
	founderName = "Ana"
)

// charterOf is a charter under which members may go limit below zero, and of
// whose stewards more than half must sign.
func charterOf(limit string, stewards ...string) map[string]protocol.Value {
	doc := map[string]protocol.Value{
		"name": commonsName, "public_read": true,
		"currency": []protocol.Value{map[string]protocol.Value{
			"name": currency, "kind": "mutual", "scale": int64(2), "limit": limit,
		}},
		"bucket": []protocol.Value{map[string]protocol.Value{
			"name": "trabajo", "percent": "100", "of": "remaining",
			"rule": []protocol.Value{
				map[string]protocol.Value{"action": "work", "rate": "3", "per": "hour"},
				map[string]protocol.Value{"action": "raise", "rate": "0.01", "per": "kilogram", "claim": "equity"},
			},
		}},
	}
	if len(stewards) > 0 {
		members := make([]protocol.Value, len(stewards))
		for i, name := range stewards {
			members[i] = name
		}
		doc["stewards"] = map[string]protocol.Value{
			"members": members, "threshold": int64(len(stewards)/2 + 1), "liars": int64(0),
		}
	}
	return doc
}

func transfer(from, to protocol.AgentID, cents int64) *protocol.Event {
	return &protocol.Event{
		Action: "transfer", Provider: from, Receiver: to, Currency: currency,
		ResourceQuantity: &protocol.Quantity{N: cents, Scale: 2, Unit: "one"},
	}
}

// pay has the node's member pay another or the pool, mostly a little, at times more than it
// has.
func (s *script) pay(n *node) {
	me := n.member()
	if me.IsZero() {
		return
	}
	agents, _, err := n.ledger.Agents(context.Background(), s.w.commons, ledger.Page{Limit: 100})
	if n.trouble(err) || len(agents) == 0 {
		return
	}
	to := agents[s.w.rng.IntN(len(agents))]
	if to.ID == me.Agent() {
		return
	}
	cents := 1 + s.w.rng.Int64N(1500)
	if s.w.chance(15) {
		cents = 3000 + s.w.rng.Int64N(9000)
	}
	err = n.submit([]ledger.Draft{{Commons: s.w.commons, Body: transfer(me.Agent(), to.ID, cents)}})
	var over *ledger.OverdraftError
	if errors.As(err, &over) {
		s.w.refused++
	}
}

// bears reports whether an answer is one that a member must bear, and no fault:
// what it wants has no effect, or not now.
func (n *node) bears(err error) bool {
	for _, e := range []error{
		ledger.ErrInvalid, ledger.ErrExists, ledger.ErrUnsettled, ledger.ErrNotFound, ledger.ErrNotSteward, protocol.ErrGap,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return n.double && errors.Is(err, ledger.ErrFrozen)
}
