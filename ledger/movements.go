package ledger

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// A row of table Movements has the payments that one account has in one log,
// within a span of time and of places: for each its place and its time, less
// where the spans begin. So a batch of payments writes a few rows, a row that
// grows stays small, and a page of a statement reads the spans that it is in.
const (
	movementSpan   = 16 // bits of milliseconds: 65.5 s
	movementPlaces = 8  // bits of places in a log
	movementSize   = 1 + movementSpan/8
	movementTail   = 4 + 4 + 4 // span, log no, places
)

func movementsPrefix(no commonsNo, agent protocol.AgentID, currency string) []byte {
	k := append(make([]byte, 0, 4+32+len(currency)+1+movementTail), keyState)
	k = append(binary.BigEndian.AppendUint16(k, uint16(no)), byte(rules.Movements))
	k = append(append(k, agent.EntryID[:]...), currency...)
	return append(k, 0)
}

// show adds a payment to the statements of payer and payees, or takes it out. The
// outside has no statement.
func (b *batch) show(c *openCommons, log *openLog, e protocol.Entry, p account.Payment, sign rules.Sign) error {
	if p.Shares != nil {
		return b.showDistribution(c, log, e, p, sign)
	}
	for _, agent := range []protocol.AgentID{p.Payer, p.Payee} {
		if agent.IsZero() {
			continue
		}
		if err := b.showMovement(c, log, e, agent, p.Currency, sign); err != nil {
			return err
		}
	}
	return nil
}

// showDistribution adds a distribution to the statements of the pool and of all
// whom it pays, and to the list of distributions, or takes it out.
func (b *batch) showDistribution(c *openCommons, log *openLog, e protocol.Entry, p account.Payment, sign rules.Sign) error {
	parts, err := b.parts(log, e)
	if err != nil {
		return err
	}
	account.Publish(b.context(c), parts, p, sign)
	if len(p.Shares) == 0 {
		return nil
	}
	err = b.showMovement(c, log, e, p.Payer, p.Currency, sign)
	for _, s := range p.Shares {
		if err != nil {
			break
		}
		err = b.showMovement(c, log, e, s.Agent, p.Currency, sign)
	}
	return err
}

// showMovement adds an entry to the statement of one agent, or takes it out.
func (b *batch) showMovement(c *openCommons, log *openLog, e protocol.Entry, agent protocol.AgentID, currency string, sign rules.Sign) error {
	k := movementsPrefix(c.no, agent, currency)
	k = binary.BigEndian.AppendUint32(k, uint32(e.Time>>movementSpan))
	k = binary.BigEndian.AppendUint32(k, uint32(log.at(e.Seq)))
	k = binary.BigEndian.AppendUint32(k, uint32(e.Seq>>movementPlaces))
	value, err := b.get(k)
	if err != nil {
		return err
	}
	r := b.row(k)
	b.set(r, value)
	item := [movementSize]byte{byte(e.Seq), byte(e.Time >> 8), byte(e.Time)}
	at, found := findMovement(r.value, item[0])
	switch {
	case sign == rules.Undo && found:
		b.set(r, slices.Delete(r.value, at, at+movementSize))
		if len(r.value) == 0 {
			r.value = nil
		}
	case sign == rules.Apply && !found:
		b.set(r, slices.Insert(r.value, at, item[:]...))
	}
	return nil
}

// findMovement returns where the movement of a place stands in a row, or is to
// stand. Most often that is the end.
func findMovement(row []byte, place byte) (at int, found bool) {
	for at = len(row); at >= movementSize && row[at-movementSize] >= place; at -= movementSize {
		if row[at-movementSize] == place {
			return at - movementSize, true
		}
	}
	return at, false
}

// movement is a payment on an account. Its entry is read when its turn comes.
type movement struct {
	time  protocol.Time
	no    logNo
	seq   int64
	of    protocol.AgentID // whose account
	entry protocol.Entry
}

// key is where a movement stands in a statement, and its cursor.
func (m movement) key() []byte {
	id := m.entry.ID()
	return append(u64(uint64(m.entry.Time)), id[:]...)
}

// movementKeySize is the length of a key: the time and the identifier.
const movementKeySize = 8 + 32

// movements returns the first movements of several accounts after a key, nil
// for the beginning, in the order of their times, then of their identifiers.
func (l *Ledger) movements(no commonsNo, accounts []protocol.AgentID, currency string, after []byte, most int) ([]movement, error) {
	var from protocol.Time
	if after != nil {
		from = protocol.Time(binary.BigEndian.Uint64(after))
	}
	var all []movement
	for _, a := range accounts {
		var err error
		if all, err = l.movementsOf(no, a, currency, from, most, all); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(x, y movement) int { return cmp.Compare(x.time, y.time) })
	var found []movement
	for len(all) > 0 && len(found) < most {
		n := 1
		for n < len(all) && all[n].time == all[0].time {
			n++
		}
		same := all[:n]
		all = all[n:]
		for i := range same {
			var err error
			if same[i].entry, err = l.entryAt(same[i].no, same[i].seq); err != nil {
				return nil, err
			}
		}
		slices.SortStableFunc(same, func(x, y movement) int { return x.entry.ID().Compare(y.entry.ID()) })
		for _, m := range same {
			if after == nil || bytes.Compare(m.key(), after) > 0 {
				found = append(found, m)
			}
		}
	}
	return found[:min(len(found), most)], nil
}

// movementsOf appends the movements of one account from a time on: whole spans,
// until there are enough after that time.
func (l *Ledger) movementsOf(no commonsNo, agent protocol.AgentID, currency string, from protocol.Time, most int, all []movement) ([]movement, error) {
	prefix := movementsPrefix(no, agent, currency)
	start := binary.BigEndian.AppendUint32(bytes.Clone(prefix), uint32(from>>movementSpan))
	var last uint32
	bad, enough := false, 0
	err := l.scan(prefix, start, func(k, v []byte) bool {
		if k = k[len(prefix):]; len(k) != movementTail || len(v)%movementSize != 0 {
			bad = true
			return false
		}
		span := binary.BigEndian.Uint32(k)
		if span != last && enough >= most {
			return false
		}
		last = span
		m := movement{no: logNo(binary.BigEndian.Uint32(k[4:])), of: agent}
		for ; len(v) > 0; v = v[movementSize:] {
			m.time = protocol.Time(span)<<movementSpan | protocol.Time(binary.BigEndian.Uint16(v[1:]))
			m.seq = int64(binary.BigEndian.Uint32(k[8:]))<<movementPlaces | int64(v[0])
			if m.time < from {
				continue
			}
			if all = append(all, m); m.time > from {
				enough++
			}
		}
		return true
	})
	if err == nil && bad {
		err = fmt.Errorf("%w: the movements of agent %v", ErrDamaged, agent)
	}
	return all, err
}
