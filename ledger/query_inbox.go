package ledger

import (
	"bytes"
	"context"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Inbox returns what waits for the node's own member, at most limit of each.
func (l *Ledger) Inbox(ctx context.Context, id protocol.CommonsID, limit int) (Inbox, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Inbox{}, err
	}
	in := Inbox{ToConfirm: []Event{}, ToApprove: []Proposal{}}
	if c.row.Me.IsZero() {
		return in, nil
	}
	if in.ToConfirm, err = l.toConfirm(ctx, id, no, c, limit); err != nil {
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

// maxInboxLook bounds how many journal records an inbox looks back.
const maxInboxLook = 20_000

// toConfirm returns the newest contributions of others that want confirmation
// and on which the member has said nothing.
func (l *Ledger) toConfirm(ctx context.Context, id protocol.CommonsID, no commonsNo, c *commonsState, limit int) ([]Event, error) {
	all := []Event{}
	for position, looked := l.Position(), 0; position > 0 && looked < maxInboxLook && len(all) < limit; position, looked = position-1, looked+1 {
		run, err := l.run(position)
		if err != nil {
			return nil, err
		}
		if run.Commons != no {
			continue
		}
		for seq := run.Last; seq >= run.First && len(all) < limit; seq-- {
			e, err := l.entryAt(run.Log, seq)
			if err != nil {
				return nil, err
			}
			wants, err := l.wantsVerdict(no, c, e)
			if err != nil {
				return nil, err
			}
			if !wants {
				continue
			}
			ev, err := l.event(e, run.Log)
			if err != nil {
				return nil, err
			}
			if !ev.Confirmed && (ev.State == Pending || ev.State == Settled) {
				all = append(all, ev)
			}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (l *Ledger) wantsVerdict(no commonsNo, c *commonsState, e protocol.Entry) (bool, error) {
	body, is := e.Body.(*protocol.Event)
	if !is || body.Currency != "" || body.Provider == c.me().Agent() || e.Log == c.me() {
		return false, nil
	}
	said, err := l.read(stateKey(no, rules.Voices, append(idKey(e), c.row.Me[:]...)))
	return said == nil, err
}
