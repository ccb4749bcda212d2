package ledger

import (
	"bytes"
	"context"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// Inbox returns what waits for the node's own member, at most limit of each; what
// is to be confirmed only of one provider, if that is not zero.
func (l *Ledger) Inbox(ctx context.Context, id protocol.CommonsID, from protocol.AgentID, limit int) (Inbox, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Inbox{}, err
	}
	in := Inbox{ToConfirm: []Event{}, ToApprove: []Proposal{}}
	if c.row.Me.IsZero() {
		return in, nil
	}
	if in.ToConfirm, in.Unseen, err = l.toConfirm(ctx, no, c, from, limit); err != nil {
		return in, err
	}
	if in.ToAccept, err = l.toConfirmUse(ctx, id, no, c, limit); err != nil {
		return in, err
	}
	if in.ToApprove, err = l.toApprove(no, c, limit); err != nil {
		return in, err
	}
	witnesses, err := l.Witnesses(ctx, id)
	if err == nil && slices.ContainsFunc(witnesses.Missing, func(a Agent) bool { return a.ID == c.me().Agent() }) {
		in.ToServe = witnesses.Next
	}
	return in, err
}

// toApprove returns the proposals that want the member's signature.
func (l *Ledger) toApprove(no commonsNo, c *commonsState, limit int) ([]Proposal, error) {
	prefix := stateKey(no, rules.Open, nil)
	var open [][]byte
	err := l.scan(prefix, nil, func(k, _ []byte) bool {
		open = append(open, bytes.Clone(k[len(prefix):]))
		return true
	})
	all := []Proposal{}
	for _, k := range open {
		if err != nil || len(all) == limit {
			break
		}
		var places []byte
		if places, err = l.read(stateKey(no, rules.Proposals, k)); err != nil || places == nil {
			continue
		}
		var p Proposal
		if p, err = l.proposal(no, c, k, places, false); err == nil && p.Mine {
			all = append(all, p)
		}
	}
	return all, err
}

// maxInboxLook bounds how many entries an inbox looks back over.
const maxInboxLook = 200_000

// toConfirm returns the newest contributions of others that want the member's
// confirmation and on which the member has said nothing, and whether there may be
// more that were not looked at.
func (l *Ledger) toConfirm(ctx context.Context, no commonsNo, c *commonsState, from protocol.AgentID, limit int) ([]Event, bool, error) {
	k := inboxLook{l: l, no: no, c: c, from: from, steward: c.currentTerms().Steward(c.me())}
	var err error
	if k.own, err = flow.OwnLogs(stored{l, no}, c.me().Agent()); err != nil {
		return nil, false, err
	}
	all, looked := []Event{}, 0
	for position := l.Position(); position > 0; position-- {
		run, err := l.run(position)
		if err != nil {
			return nil, false, err
		}
		if run.Commons != no {
			continue
		}
		for seq := run.Last; seq >= run.First; seq-- {
			if looked++; looked > maxInboxLook || len(all) == limit {
				return all, true, nil
			}
			e, err := l.entryAt(run.Log, seq)
			if err != nil {
				return nil, false, err
			}
			ev, wants, err := k.wants(e, run.Log)
			if err != nil {
				return nil, false, err
			}
			if wants {
				all = append(all, ev)
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, false, err
		}
	}
	return all, false, nil
}

type inboxLook struct {
	l       *Ledger
	no      commonsNo
	c       *commonsState
	from    protocol.AgentID
	own     []protocol.LogID // logs that speak for the member
	steward bool
}

// wants reports whether an entry is a contribution on which a word of the member
// is missing.
func (k inboxLook) wants(e protocol.Entry, no logNo) (Event, bool, error) {
	body, is := e.Body.(*protocol.Event)
	if !is || body.Currency != "" || e.Log == k.c.me() || slices.Contains(k.own, protocol.LogID(body.Provider)) ||
		!k.from.IsZero() && body.Provider != k.from {
		return Event{}, false, nil
	}
	said, err := k.l.read(stateKey(k.no, rules.Voices, flow.VoiceKey(e.ID(), k.c.me())))
	if err != nil || said != nil {
		return Event{}, false, err
	}
	ev, err := k.l.event(e, no)
	s := ev.Standing
	return ev, err == nil && s.State != "" && s.Count < s.Required && (k.steward || !s.ByStewards), err
}
