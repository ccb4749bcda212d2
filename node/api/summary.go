package api

import (
	"context"
	"strings"

	"github.com/minga-commons/minga/protocol"
)

// summary says in a sentence what a proposed entry would do.
func summary(ctx context.Context, n *names, e protocol.Entry) (phrase, error) {
	say := naming{ctx: ctx, n: n}
	var out phrase
	switch b := e.Body.(type) {
	case *protocol.Event:
		if b.Currency == "" || b.ResourceQuantity == nil {
			out = sayOther.with(b.Action)
			break
		}
		out = sayPay.with(b.ResourceQuantity.Amount(), b.Currency, say.agent(b.Provider), say.agent(b.Receiver))
	case *protocol.Charter:
		var stewards []protocol.LogID
		for _, steward := range b.Stewards {
			stewards = append(stewards, steward.Log)
		}
		out = sayCharter.with(say.logs(stewards))
	case *protocol.Witnesses:
		out = sayWitnesses.with(say.logs(b.Members), b.F)
	case *protocol.Admit:
		out = sayAdmit.with(say.agent(b.Log.Agent()))
	case *protocol.Remove:
		if b.Log.IsZero() {
			out = sayRevoke.with(b.Grant)
			break
		}
		out = sayRemove.with(say.agent(b.Log.Agent()), b.Seq)
	case *protocol.Bind:
		out = sayBind.with(say.agent(protocol.AgentID{EntryID: b.Agent}), say.agent(b.Log.Agent()))
	case *protocol.Keys:
		out = sayKeys.with(b.KeySet.Threshold, len(b.KeySet.Keys))
	case *protocol.Inception:
		out = sayAccount.with(b.Agent.Name, b.KeySet.Threshold, len(b.KeySet.Keys))
	case *protocol.Distribution:
		if b.Amount == nil {
			out = sayOther.with(e.Kind)
			break
		}
		out = sayShare.with(b.Amount, b.Currency)
	default:
		out = sayOther.with(e.Kind)
	}
	return out, say.err
}

// naming names agents in a sentence and remembers what went wrong.
type naming struct {
	ctx context.Context
	n   *names
	err error
}

func (s *naming) agent(id protocol.AgentID) string {
	ref, err := s.n.ref(s.ctx, id)
	if err != nil && s.err == nil {
		s.err = err
	}
	if ref.Name == "" {
		return ref.ID
	}
	return ref.Name
}

func (s *naming) logs(list []protocol.LogID) string {
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = s.agent(id.Agent())
	}
	return strings.Join(out, ", ")
}

// nameList writes names one after the other.
func nameList(refs []AgentRef) string {
	out := make([]string, len(refs))
	for i, r := range refs {
		out[i] = r.Name
		if r.Name == "" {
			out[i] = r.ID
		}
	}
	return strings.Join(out, ", ")
}
