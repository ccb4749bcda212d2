package ledger

import (
	"math"

	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// Left returns the claimed credits of a log less its debits, where its effect
// ends now.
func (l *Ledger) Left(id protocol.CommonsID, log protocol.LogID, currency string) (Total, error) {
	no, _, err := l.state(id)
	if err != nil {
		return Total{}, err
	}
	purse, err := account.ReadPurse(stored{l, no}, log, currency)
	return purse.Left(), err
}

// Sums returns what stands on one account, settled and with what is pending; the
// zero agent is the outside.
func (l *Ledger) Sums(id protocol.CommonsID, agent protocol.AgentID, currency string) (settled, pending Total, err error) {
	no, _, err := l.state(id)
	if err != nil {
		return settled, pending, err
	}
	s, err := account.Read(stored{l, no}, agent, currency)
	return s.Settled(), s.Settled().Add(s.Pending()), err
}

// SettledHead returns the newest settled entry of a log.
func (l *Ledger) SettledHead(log protocol.LogID) protocol.Head {
	row, err := l.logByID(log)
	if err != nil || row.Settled.Seq < 0 {
		return protocol.Head{}
	}
	return row.Settled.in(log)
}

// Regained returns the newest own entry that may be from before a copy.
func (l *Ledger) Regained(id protocol.CommonsID) int64 {
	no, _, err := l.state(id)
	if err != nil {
		return -1
	}
	return l.cautionOf(no).regained
}

// Moved returns the sum of the statement of one account.
func (l *Ledger) Moved(id protocol.CommonsID, agent protocol.AgentID, currency string) (Total, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Total{}, err
	}
	var sum Total
	all, err := l.movements(no, []protocol.AgentID{agent}, currency, nil, math.MaxInt)
	for _, on := range all {
		m, err := l.movement(no, c, on)
		if err != nil {
			return sum, err
		}
		sum = sum.Add(m.Amount)
	}
	return sum, err
}
