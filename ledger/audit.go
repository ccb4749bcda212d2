package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// maxFaults bounds what an audit tells.
const maxFaults = 100

// Audit reads a whole commons and checks it: every entry has the bytes that its
// identifier says and follows the one before, the accounts of every currency sum
// to zero, settled and with what is pending, and no purse is below the limit
// under which its log paid last. It is slow, and may run while the ledger is
// used.
func (l *Ledger) Audit(ctx context.Context, id protocol.CommonsID) (Audit, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Audit{}, err
	}
	a := Audit{Sums: map[string]Total{}, Settled: map[string]Total{}}
	if err := l.auditLogs(ctx, id, &a); err != nil {
		return a, err
	}
	if err := l.auditAccounts(no, &a); err != nil {
		return a, err
	}
	return a, l.auditPurses(no, c, &a)
}

// AuditAccounts is the part of Audit that reads no entries: the sums over all
// accounts and the limits. It takes as long as there are accounts.
func (l *Ledger) AuditAccounts(id protocol.CommonsID) (Audit, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Audit{}, err
	}
	a := Audit{Sums: map[string]Total{}, Settled: map[string]Total{}}
	if err := l.auditAccounts(no, &a); err != nil {
		return a, err
	}
	return a, l.auditPurses(no, c, &a)
}

func (a *Audit) fault(format string, args ...any) {
	if len(a.Faults) < maxFaults {
		a.Faults = append(a.Faults, fmt.Sprintf(format, args...))
	}
}

func (l *Ledger) auditLogs(ctx context.Context, id protocol.CommonsID, a *Audit) error {
	for row, err := range l.logRows(ctx, id) {
		if err != nil {
			return err
		}
		if row.Settled.Seq > row.Held.Seq || row.Applied.Seq > row.Held.Seq {
			a.fault("log %v: settled %d and applied %d where %d are held", row.log(), row.Settled.Seq, row.Applied.Seq, row.Held.Seq)
		}
		chains, err := l.chains(row)
		if err != nil {
			return err
		}
		for i, chain := range chains {
			first := int64(0)
			if i > 0 {
				first = parts(row, chain)
			}
			if err := l.auditChain(ctx, chain, first, a); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *Ledger) auditChain(ctx context.Context, chain *logRow, first int64, a *Audit) error {
	var prev protocol.EntryID
	for seq := max(first-1, 0); seq <= chain.Held.Seq; seq++ {
		e, err := l.entryAt(chain.at(seq), seq)
		if err != nil {
			a.fault("log %v, entry %d: %v", chain.log(), seq, err)
			return ctx.Err()
		}
		if seq >= first {
			a.Entries++
		}
		if seq >= max(first, 1) && e.Prev != prev {
			a.fault("log %v, entry %d does not follow the one before", chain.log(), seq)
		}
		prev = e.ID()
	}
	if prev != chain.Held.CID {
		a.fault("log %v: its head is not its newest entry", chain.log())
	}
	return ctx.Err()
}

// auditAccounts checks that what somebody has, somebody else owes.
func (l *Ledger) auditAccounts(no commonsNo, a *Audit) error {
	prefix := stateKey(no, rules.Accounts, nil)
	err := l.scan(prefix, nil, func(k, v []byte) bool {
		agent, currency, named := account.FromKey(k[len(prefix):])
		sheet, whole := account.SheetFromBytes(v)
		if !named || !whole {
			a.fault("a row of accounts is damaged: %x", k)
			return true
		}
		if sheet.SettledIn.Above(sheet.In) || sheet.SettledOut.Above(sheet.Out) {
			a.fault("%s of %v: more is settled than was moved", currency, agent)
		}
		a.Accounts++
		a.Sums[currency] = a.Sums[currency].Add(sheet.In.Sub(sheet.Out))
		a.Settled[currency] = a.Settled[currency].Add(sheet.Settled())
		return true
	})
	for currency, sum := range a.Sums {
		if !sum.IsZero() || !a.Settled[currency].IsZero() {
			a.fault("the accounts in %s sum to %s, the settled ones to %s, and not to zero", currency, sum, a.Settled[currency])
		}
	}
	slices.Sort(a.Faults)
	return err
}

// auditPurses checks that nobody paid what it had not.
func (l *Ledger) auditPurses(no commonsNo, c *commonsState, a *Audit) error {
	prefix := stateKey(no, rules.Purses, nil)
	x := stored{l, no}
	var keys [][]byte
	err := l.scan(prefix, nil, func(k, _ []byte) bool {
		keys = append(keys, slices.Clone(k[len(prefix):]))
		return true
	})
	for _, k := range keys {
		if err != nil {
			return err
		}
		agent, currency, _ := account.FromKey(k)
		var purse account.Purse
		if purse, err = account.ReadPurse(x, protocol.LogID(agent), currency); err != nil {
			return err
		}
		if lowest := l.lowest(c, protocol.LogID(agent), currency); purse.Left().Add(lowest).IsNegative() {
			a.fault("%v has %s %s of claimed credits left, below any limit that it ever had", agent, purse.Left(), currency)
		}
	}
	return err
}

// lowest returns how far below zero a log was ever allowed to go: old debits
// stand when a limit is lowered.
func (l *Ledger) lowest(c *commonsState, log protocol.LogID, currency string) Total {
	var lowest Total
	for _, t := range c.terms {
		limit := account.Limit(c.id(), account.Payer{Terms: t.terms, Admitted: true}, log, currency)
		if limit.Above(lowest) {
			lowest = limit
		}
	}
	return lowest
}
