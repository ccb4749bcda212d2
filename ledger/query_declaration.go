package ledger

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/reciprocity"
	"github.com/minga-commons/minga/protocol"
)

// Declaration returns one declaration of use.
func (l *Ledger) Declaration(_ context.Context, id protocol.EntryID) (Declaration, error) {
	e, no, err := l.find(id)
	if err != nil {
		return Declaration{}, err
	}
	if _, is := e.Body.(*protocol.Declare); !is {
		return Declaration{}, fmt.Errorf("%w: %v is no declaration of use", ErrNotFound, id)
	}
	log, err := l.primaryRow(no)
	if err != nil {
		return Declaration{}, err
	}
	l.stateMu.RLock()
	c := l.commons[log.Commons]
	l.stateMu.RUnlock()
	return l.newCase(log.Commons, c).declaration(e, no)
}

// Declarations returns the declarations of use that have their effect, of one
// agent or with a zero agent of all: agent by agent, oldest period first, to the
// month.
func (l *Ledger) Declarations(ctx context.Context, id protocol.CommonsID, agent protocol.AgentID, p Page) ([]Declaration, string, error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, "", err
	}
	prefixes := [][]byte{stateKey(no, rules.Dealings, []byte{dealsDeclare})}
	if !agent.IsZero() {
		_, all, err := l.resolve(stored{l, no}, agent)
		if err != nil {
			return nil, "", err
		}
		slices.SortFunc(all, func(a, b protocol.AgentID) int { return a.EntryID.Compare(b.EntryID) })
		prefixes = nil
		for _, a := range all {
			prefixes = append(prefixes, dealingsPrefix(no, dealsDeclare, a))
		}
	}
	after, err := cursorBytes(p.After)
	if err != nil {
		return nil, "", err
	}
	var places []dealt
	var next []byte
	for _, prefix := range prefixes {
		err = l.scan(prefix, nil, func(k, v []byte) bool {
			rest := k[5:] // the agent, then the span and place
			if len(rest) != 32+dealingTail {
				return true
			}
			for i, d := range dealtIn(protocol.AgentID{EntryID: idFrom(rest[:32])}, rest[32:], v) {
				at := append(bytes.Clone(rest), byte(i))
				if bytes.Compare(at, after) <= 0 && len(after) > 0 {
					continue
				}
				if len(places) == p.limit() {
					return false
				}
				places, next = append(places, d), at
			}
			return true
		})
		if err != nil {
			return nil, "", err
		}
	}
	if len(places) < p.limit() {
		next = nil
	}
	x := l.newCase(no, c)
	all := []Declaration{}
	for _, at := range places {
		e, err := x.reader.at(at.no, at.seq)
		if err != nil {
			return nil, "", err
		}
		d, err := x.declaration(e, at.no)
		if err != nil {
			return nil, "", err
		}
		all = append(all, d)
	}
	return all, cursorText(next), ctx.Err()
}

func (x *caseOf) declaration(e protocol.Entry, no logNo) (d Declaration, err error) {
	status, err := x.l.status(e, no)
	if err != nil {
		return d, err
	}
	body := e.Body.(*protocol.Declare)
	d = Declaration{ID: e.ID(), Entry: e, Body: body, State: status.State, Reason: status.Reason, Opinion: reciprocity.Waiting}
	if d.Agent, err = x.l.knownAgent(x.no, x.c, body.Agent); err != nil {
		return d, err
	}
	if d.Author, err = x.l.knownAgent(x.no, x.c, e.Log.Agent()); err != nil {
		return d, err
	}
	if d.State != Settled && d.State != Pending {
		return d, nil
	}
	if d.Opinion, err = x.opinion(found{id: e.ID(), entry: e}, body.Agent); err != nil {
		return d, err
	}
	return d, x.replaced(&d)
}

// replaced finds the later declaration that stands in place of another one, and is
// settled.
func (x *caseOf) replaced(d *Declaration) error {
	mine := reciprocity.Declared(d.Entry, d.Body)
	mine.State = d.Opinion
	best := mine
	all, err := x.resolved(d.Body.Agent)
	for _, agent := range all {
		var places []dealt
		if err == nil {
			err = dealings(x.l.scan, x.no, dealsDeclare, agent, mine.End, func(at dealt) bool {
				places = append(places, at)
				return at.on == mine.End
			})
		}
		for _, at := range places {
			if err != nil {
				break
			}
			var other reciprocity.Declaration
			var is bool
			if other, is, err = x.use(at); is && other.Later(mine) && other.Replaces(best) {
				best, d.ReplacedBy = other, other.ID
			}
		}
	}
	return err
}

// use returns the declaration at a place, and whether it is settled.
func (x *caseOf) use(at dealt) (d reciprocity.Declaration, settled bool, err error) {
	log, err := x.log(at.no)
	if err != nil || at.seq > log.decided() || !log.has(at.no, at.seq) {
		return d, false, err
	}
	e, err := x.reader.at(at.no, at.seq)
	body, is := e.Body.(*protocol.Declare)
	if err != nil || !is {
		return d, false, cmp.Or(err, ErrDamaged)
	}
	d = reciprocity.Declared(e, body)
	d.State, err = x.opinion(found{id: e.ID(), entry: e}, body.Agent)
	return d, true, err
}

// toConfirmUse returns the declarations of others that want confirmation and on
// which the node's own member has said nothing, at most limit.
func (l *Ledger) toConfirmUse(ctx context.Context, id protocol.CommonsID, no commonsNo, c *commonsState, limit int) ([]Declaration, error) {
	all := []Declaration{}
	for after := ""; len(all) < limit; {
		page, next, err := l.Declarations(ctx, id, protocol.AgentID{}, Page{After: after, Limit: maxPage})
		if err != nil {
			return nil, err
		}
		for _, d := range page {
			if d.Opinion == reciprocity.Confirmed || d.Body.Agent == c.me().Agent() || d.Entry.Log == c.me() || !d.ReplacedBy.IsZero() {
				continue
			}
			said, err := l.read(stateKey(no, rules.Voices, append(idKey(d.Entry), c.row.Me[:]...)))
			if err != nil {
				return nil, err
			}
			if said == nil && len(all) < limit {
				all = append(all, d)
			}
		}
		if after = next; next == "" {
			break
		}
	}
	return all, nil
}
