package api_test

import (
	"context"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// fakeUse is the part of the fake ledger that knows who uses what.
type fakeUse struct {
	licence      *ledger.Licence
	today        ledger.Day
	declarations []ledger.Declaration
	standings    []ledger.Standing
	askedFor     protocol.AgentID
	askedClass   string
	askedDay     ledger.Day
}

func (l *fakeLedger) Today() ledger.Day { return l.today }

func (l *fakeLedger) Licence(context.Context, protocol.CommonsID) (ledger.Licence, error) {
	if l.licence == nil {
		return ledger.Licence{}, ledger.ErrNoLicence
	}
	return *l.licence, nil
}

func (l *fakeLedger) Declaration(_ context.Context, id protocol.EntryID) (ledger.Declaration, error) {
	for _, d := range l.declarations {
		if d.ID == id {
			return d, nil
		}
	}
	return ledger.Declaration{}, ledger.ErrNotFound
}

func (l *fakeLedger) Declarations(_ context.Context, _ protocol.CommonsID, agent protocol.AgentID, _ ledger.Page) ([]ledger.Declaration, string, error) {
	l.askedFor = agent
	return l.declarations, "", nil
}

func (l *fakeLedger) Standing(_ context.Context, _ protocol.CommonsID, agent protocol.AgentID, on ledger.Day) (ledger.Standing, error) {
	l.askedFor, l.askedDay = agent, on
	if len(l.standings) == 0 {
		return ledger.Standing{}, ledger.ErrNoLicence
	}
	return l.standings[0], nil
}

func (l *fakeLedger) Standings(_ context.Context, _ protocol.CommonsID, class string, on ledger.Day, _ ledger.Page) ([]ledger.Standing, string, error) {
	l.askedClass, l.askedDay = class, on
	if len(l.standings) == 0 {
		return nil, "", ledger.ErrNoLicence
	}
	return l.standings, "", nil
}
