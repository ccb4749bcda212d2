package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/reciprocity"
	"github.com/minga-commons/minga/protocol"
)

// caseOf is one look at the licence, from what is settled: what it reads again and
// again. It is for one goroutine.
type caseOf struct {
	l      *Ledger
	no     commonsNo
	c      *commonsState
	asOf   protocol.Time // up to when windows are over
	reader entryReader
	docs   map[int64]charter.Document
	logs   map[logNo]*logRow
	who    map[protocol.AgentID][]protocol.AgentID
	seen   map[protocol.EntryID]protocol.Entry // zero: it does not stand
	shared *sharedOut
}

func (l *Ledger) newCase(no commonsNo, c *commonsState) *caseOf {
	return &caseOf{
		l: l, no: no, c: c, asOf: protocol.TimeOf(l.now()), reader: entryReader{l: l},
		docs: map[int64]charter.Document{}, logs: map[logNo]*logRow{},
		who: map[protocol.AgentID][]protocol.AgentID{}, seen: map[protocol.EntryID]protocol.Entry{},
	}
}

// charter returns the document in force at a seq of the charter log.
func (x *caseOf) charter(seq int64) (doc charter.Document, err error) {
	seq = x.c.versionAt(seq)
	doc, known := x.docs[seq]
	if !known {
		doc, err = x.l.charterOf(x.no, x.c, seq)
		x.docs[seq] = doc
	}
	return doc, err
}

// log returns the row of the log to which a number belongs.
func (x *caseOf) log(no logNo) (*logRow, error) {
	if row, known := x.logs[no]; known {
		return row, nil
	}
	row, err := x.l.primaryRow(no)
	if err == nil {
		x.logs[no] = row
	}
	return row, err
}

func (x *caseOf) logOf(id protocol.LogID) (*logRow, error) {
	no, known, err := x.l.logNoOf(id)
	if err == nil && !known {
		err = fmt.Errorf("%w: log %v", ErrNotFound, id)
	}
	if err != nil {
		return nil, err
	}
	return x.log(no)
}

// resolved returns the agent that a record is bound to by what is settled, else
// the agent itself, followed by all that are the same as it.
func (x *caseOf) resolved(agent protocol.AgentID) ([]protocol.AgentID, error) {
	if all, known := x.who[agent]; known {
		return all, nil
	}
	rows, first := stored{x.l, x.no}, agent
	log, since, err := account.BoundTo(rows, agent)
	if err != nil {
		return nil, err
	}
	if !log.IsZero() && since <= x.c.inForce {
		first = log.Agent()
	}
	records, err := account.Records(rows, protocol.LogID(first))
	if err != nil {
		return nil, err
	}
	all := []protocol.AgentID{first}
	for _, r := range records {
		_, since, err := account.BoundTo(rows, r)
		if err != nil {
			return nil, err
		}
		if since <= x.c.inForce {
			all = append(all, r)
		}
	}
	x.who[agent] = all
	return all, nil
}

// look returns an entry, and whether it stands: it is settled and has its effect.
// It is a flow.Look.
func (x *caseOf) look(id protocol.EntryID) (protocol.Entry, bool, error) {
	if e, known := x.seen[id]; known {
		return e, e.Body != nil, nil
	}
	e, no, err := x.l.find(id)
	if err == nil {
		var status EntryStatus
		if status, err = x.l.status(e, no); status.State != Settled {
			e = protocol.Entry{}
		}
	} else if errors.Is(err, ErrNotFound) {
		err = nil
	}
	if err == nil {
		x.seen[id] = e
	}
	return e, e.Body != nil, err
}

// opinion returns what others think of a declaration of use, as far as their
// verdicts are settled, by the charter that it names: not by its rules for some
// events.
func (x *caseOf) opinion(of found, about protocol.AgentID) (reciprocity.State, error) {
	terms := x.c.termsAt(of.entry.Charter).Confirmation
	asked := flow.NeedOf(rules.Confirmation{Base: terms.Base, Stewards: terms.Stewards}, flow.Subject{}, nil)
	return x.weigh(of, &protocol.Event{Provider: about}, asked)
}

// weigh judges an entry about a provider at the settled heads.
func (x *caseOf) weigh(of found, b *protocol.Event, asked flow.Need) (reciprocity.State, error) {
	own, err := x.resolved(b.Provider)
	if err != nil {
		return "", err
	}
	said, err := x.voices(of)
	s := flow.Weigh(asked, of.entry, b, func(log protocol.LogID) bool { return slices.Contains(own, log.Agent()) }, said, x.asOf)
	return reciprocity.State(s.State), err
}

// voices returns the settled verdicts on an entry, by log and seq.
func (x *caseOf) voices(of found) ([]flow.Voice, error) {
	var all []flow.Voice
	if of.kept {
		for _, s := range of.said {
			log, err := x.log(s.by)
			if err != nil {
				return nil, err
			}
			all = heard(all, log, s.row)
		}
		slices.SortStableFunc(all, func(a, b flow.Voice) int { return a.Log.Compare(b.Log.EntryID) })
		return all, nil
	}
	prefix := stateKey(x.no, rules.Voices, of.id[:])
	var failed error
	err := x.l.scan(prefix, nil, func(k, v []byte) bool {
		log, err := x.logOf(protocol.LogID{EntryID: idFrom(k[len(prefix):])})
		if err != nil {
			failed = err
			return false
		}
		all = heard(all, log, v)
		return true
	})
	return all, cmp.Or(failed, err)
}

// heard adds the verdicts of a row of one log that are settled.
func heard(to []flow.Voice, log *logRow, row []byte) []flow.Voice {
	for _, v := range flow.VoicesFrom(log.log(), row) {
		if v.Seq <= log.decided() {
			to = append(to, v)
		}
	}
	return to
}
