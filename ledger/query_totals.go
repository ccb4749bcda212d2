package ledger

import (
	"bytes"
	"fmt"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// totalRow is a row of table Totals.
type totalRow struct {
	line flow.Line
	sums flow.Sums
}

// totals returns the totals of an agent without a folio. Which there are is known from the last
// time that they were read; then each is read by its key.
func (l *Ledger) totals(no commonsNo, agent protocol.AgentID) ([]totalRow, error) {
	owner := folioOwner{no, agent}
	since := l.rowCache.now()
	known, held := l.rowCache.lines.Get(owner)
	if !held {
		return l.scanTotals(owner, since)
	}
	rows := make([]totalRow, 0, len(known))
	for _, k := range known {
		value, held := l.rowCache.rows.Get(k.key)
		if !held {
			var err error
			if value, err = l.read([]byte(k.key)); err != nil {
				return nil, err
			}
		}
		sums, whole := flow.SumsFromBytes(value)
		if !whole {
			return nil, fmt.Errorf("%w: a total of agent %v", ErrDamaged, agent)
		}
		if value != nil {
			rows = append(rows, totalRow{k.line, sums})
		}
	}
	return rows, nil
}

func (l *Ledger) scanTotals(owner folioOwner, since uint64) ([]totalRow, error) {
	prefix := stateKey(owner.commons, rules.Totals, owner.agent.EntryID[:])
	var rows []totalRow
	var lines []cachedLine
	var values [][]byte
	bad := false
	err := l.scan(prefix, nil, func(k, v []byte) bool {
		line, ok := flow.LineFromKey(k[len(prefix)-len(owner.agent.EntryID):])
		sums, whole := flow.SumsFromBytes(v)
		bad = bad || !ok || !whole
		rows = append(rows, totalRow{line, sums})
		if len(rows) <= longestLines {
			lines, values = append(lines, cachedLine{string(k), line}), append(values, bytes.Clone(v))
		}
		return true
	})
	if err == nil && bad {
		err = fmt.Errorf("%w: a total of agent %v", ErrDamaged, owner.agent)
	}
	if err == nil && len(rows) <= longestLines {
		l.rowCache.add(since, func() {
			l.rowCache.lines.Add(owner, lines)
			for i, k := range lines {
				l.rowCache.rows.Add(k.key, values[i])
			}
		})
	}
	return rows, err
}
