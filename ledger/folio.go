package ledger

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// A row of table Folios has all rows of state that a balance of one agent is
// made of, and what it needs to know of the agent's log, so that a balance is
// one read. The writer brings it up to date with every commit that changes one
// of those rows. An agent with very many has none: its rows are looked for.
//
// A row that is written again and again is slow to read, and costs the writer.
// So up to openFolios of those that change are kept in memory, see loose.go, and
// a mark on disk says that the stored one is behind.
const (
	folioWhole = 0 // flags and rows follow
	folioLong  = 1 // nothing follows, ever

	logHeld    = 1 // flags: the agent is the author of a log that is held
	logDecided = 2 // whose inception is settled and has its effect

	longestFolio = 2 << 10 // bytes
)

// onFolio reports whether rows of a table, whose keys begin with an agent, stand
// on its folio.
func onFolio(t rules.Table) bool {
	switch t {
	case rules.Totals, rules.Accounts, rules.Agents, rules.Bound, rules.Records, rules.Admitted:
		return true
	}
	return false
}

var folioTables = [...]rules.Table{rules.Totals, rules.Agents, rules.Accounts, rules.Admitted, rules.Bound, rules.Records}

// folioRow is a row of state; the key is that after the agent.
type folioRow struct {
	table rules.Table
	key   []byte
	value []byte // nil: to be removed
}

func (r folioRow) compare(o folioRow) int {
	return cmp.Or(cmp.Compare(r.table, o.table), bytes.Compare(r.key, o.key))
}

// folio is the rows of one agent. Rows that do not stand on it are read from
// where they are stored.
type folio struct {
	stored
	agent protocol.AgentID
	whole bool // else every row is read from where it is stored
	flags byte
	rows  []folioRow // ascending
}

func folioKey(no commonsNo, agent protocol.AgentID) []byte {
	return stateKey(no, rules.Folios, agent.EntryID[:])
}

// folio returns the rows of an agent.
func (l *Ledger) folio(no commonsNo, agent protocol.AgentID) (folio, error) {
	f := folio{stored: stored{l, no}, agent: agent}
	value, err := l.folioValue(folioOwner{no, agent})
	if err == nil && len(value) > 0 && value[0] == folioWhole {
		f.whole = true
		f.flags, f.rows, err = folioFromBytes(value)
	}
	return f, err
}

// Get returns a row of state.
func (f folio) Get(t rules.Table, k []byte) ([]byte, error) {
	if !f.whole || !onFolio(t) || !bytes.HasPrefix(k, f.agent.EntryID[:]) {
		return f.stored.Get(t, k)
	}
	i, found := slices.BinarySearchFunc(f.rows, folioRow{table: t, key: k[len(f.agent.EntryID):]}, folioRow.compare)
	if !found {
		return nil, nil
	}
	return f.rows[i].value, nil
}

// totals returns the totals of the agent.
func (f folio) totals() ([]totalRow, error) {
	if !f.whole {
		return f.l.totals(f.no, f.agent)
	}
	var all []totalRow
	key := append(make([]byte, 0, 128), f.agent.EntryID[:]...)
	for _, r := range f.rows {
		if r.table != rules.Totals {
			continue
		}
		line, ok := flow.LineFromKey(append(key, r.key...))
		sums, whole := flow.SumsFromBytes(r.value)
		if !ok || !whole {
			return nil, fmt.Errorf("%w: a total of agent %v", ErrDamaged, f.agent)
		}
		all = append(all, totalRow{line, sums})
	}
	return all, nil
}

// log returns whether the agent is the author of a log that is held, and whether
// that is settled and has its effect.
func (f folio) log() (held, decided bool, err error) {
	if f.whole {
		return f.flags&logHeld != 0, f.flags&logDecided != 0, nil
	}
	no, held, err := f.l.logNoOf(protocol.LogID(f.agent))
	if err != nil || !held {
		return false, false, err
	}
	row, err := f.l.logRow(no)
	return true, err == nil && row.decided() >= 0, err
}

func folioFromBytes(b []byte) (flags byte, rows []folioRow, err error) {
	if len(b) < 2 {
		return 0, nil, fmt.Errorf("%w: a folio is cut off", ErrDamaged)
	}
	flags, b = b[1], b[2:]
	rows = make([]folioRow, 0, 8)
	for len(b) > 0 {
		r := folioRow{table: rules.Table(b[0])}
		b = b[1:]
		for _, part := range []*[]byte{&r.key, &r.value} {
			n, size := binary.Uvarint(b)
			if size <= 0 || n > uint64(len(b)-size) {
				return 0, nil, fmt.Errorf("%w: a folio is cut off", ErrDamaged)
			}
			*part, b = b[size:size+int(n):size+int(n)], b[size+int(n):]
		}
		rows = append(rows, r)
	}
	return flags, rows, nil
}

func folioBytes(flags byte, rows []folioRow) []byte {
	size := 2
	for _, r := range rows {
		size += 1 + 2*binary.MaxVarintLen16 + len(r.key) + len(r.value)
	}
	if size > longestFolio {
		return []byte{folioLong}
	}
	b := append(make([]byte, 0, size), folioWhole, flags)
	for _, r := range rows {
		b = binary.AppendUvarint(append(b, byte(r.table)), uint64(len(r.key)))
		b = binary.AppendUvarint(append(b, r.key...), uint64(len(r.value)))
		b = append(b, r.value...)
	}
	return b
}

// folioOwner is whose folio a row stands on.
type folioOwner struct {
	commons commonsNo
	agent   protocol.AgentID
}

// openFolio takes note that a batch changes a row of an agent, and counts what
// its folio will take of the commit.
func (b *batch) openFolio(o folioOwner) ([]byte, error) {
	if value, open := b.folios[o]; open {
		return value, nil
	}
	value, err := b.l.folioValue(o)
	if err != nil {
		return nil, err
	}
	b.folios[o] = value
	b.size += len(value) + 64
	return value, nil
}

// writeFolios brings the folios up to date whose rows the batch changed.
func (b *batch) writeFolios() error {
	changes, flags := map[folioOwner][]folioRow{}, map[folioOwner]byte{}
	for _, t := range folioTables {
		for _, k := range b.kin[kin{keyState, t}] {
			if r := b.rows[k]; len(k) >= 4+32 && !r.same() {
				o := ownerOf(k)
				changes[o] = append(changes[o], folioRow{t, []byte(k[4+32:]), r.value})
			}
		}
	}
	for _, log := range b.logs {
		if now := log.folioFlags(); log.Of == 0 && (!log.existed || now != log.before.folioFlags()) {
			o := folioOwner{log.Commons, log.log().Agent()}
			flags[o] = now
			if _, changed := changes[o]; !changed {
				changes[o] = nil // its flags change, and no row
			}
		}
	}
	for o, rows := range changes {
		old, err := b.openFolio(o)
		if err != nil {
			return err
		}
		if len(old) > 0 && old[0] != folioWhole {
			continue
		}
		var now byte
		var all []folioRow
		if old != nil {
			if now, all, err = folioFromBytes(old); err != nil {
				return err
			}
		}
		if changed, is := flags[o]; is {
			now = changed
		}
		b.putFolio(o, folioBytes(now, merged(all, rows)))
	}
	return nil
}

// folioFlags returns what a folio says of its agent's log.
func (r *logRow) folioFlags() byte {
	if r.decided() >= 0 {
		return logHeld | logDecided
	}
	return logHeld
}

// merged returns ascending rows with changes made to them.
func merged(rows, changes []folioRow) []folioRow {
	for _, c := range changes {
		i, found := slices.BinarySearchFunc(rows, c, folioRow.compare)
		switch {
		case found && c.value == nil:
			rows = slices.Delete(rows, i, i+1)
		case found:
			rows[i] = c
		case c.value != nil:
			rows = slices.Insert(rows, i, c)
		}
	}
	return rows
}
