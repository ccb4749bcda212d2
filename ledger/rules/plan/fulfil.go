package plan

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// Which quantity of an event a sum is of.
const (
	OfResource = 'r'
	OfEffort   = 'e'
)

// Sum is what events have given towards a promise, of one kind and unit.
type Sum struct {
	Of     byte   // OfResource or OfEffort
	Unit   string // empty for all that are no units of OM2 together: nothing compares with those
	Events int64
	Total  rules.Total
}

// Given is the value of a row of table Given: what events have given towards a
// commitment, an intent or a claim, whether or not that is held.
type Given struct {
	Events int64
	Sums   []Sum // ascending by Of and Unit
}

// Count adds an event that has its effect to what was given towards the promises
// that it names, or takes it back. Its quantities count wholly for each of them.
// What fulfils a commitment counts for that, and not once more for an intent.
func Count(c rules.Rows, b *protocol.Event, sign rules.Sign) error {
	satisfies := b.Satisfies
	if len(b.Fulfills) > 0 {
		satisfies = nil
	}
	promises := slices.Concat(b.Fulfills, satisfies, b.Settles)
	slices.SortFunc(promises, protocol.EntryID.Compare)
	for _, id := range slices.Compact(promises) {
		if err := count(c, id, b, sign); err != nil {
			return err
		}
	}
	return nil
}

func count(c rules.Rows, id protocol.EntryID, b *protocol.Event, sign rules.Sign) error {
	row, err := c.Get(rules.Given, id[:])
	if err != nil {
		return err
	}
	g, err := GivenFrom(row)
	if err != nil {
		return err
	}
	g.Events += int64(sign)
	g.add(OfEffort, b.EffortQuantity, sign)
	g.add(OfResource, b.ResourceQuantity, sign)
	c.Put(rules.Given, id[:], g.bytes())
	return nil
}

func (g *Given) add(of byte, q *protocol.Quantity, sign rules.Sign) {
	if q == nil {
		return
	}
	s := Sum{Of: of, Unit: q.Unit}
	if _, known := unit.Lookup(q.Unit); !known {
		s.Unit = ""
	}
	at, found := slices.BinarySearchFunc(g.Sums, s, compareSums)
	if !found {
		g.Sums = slices.Insert(g.Sums, at, s)
	}
	sum := &g.Sums[at]
	sum.Events += int64(sign)
	if s.Unit != "" {
		sum.Total = sum.Total.Add(rules.TotalOf(q.Amount()).Times(sign))
	}
	if sum.Events == 0 {
		g.Sums = slices.Delete(g.Sums, at, at+1)
	}
}

func compareSums(a, b Sum) int { return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.Unit, b.Unit)) }

// sumSize is the length of a stored sum without its unit.
const sumSize = 1 + 2 + 8 + rules.TotalSize

var errDamagedRow = errors.New("a row of the state has the wrong length")

func (g Given) bytes() []byte {
	if g.Events == 0 {
		return nil
	}
	row := binary.BigEndian.AppendUint64(nil, uint64(g.Events))
	for _, s := range g.Sums {
		row = binary.BigEndian.AppendUint16(append(row, s.Of), uint16(len(s.Unit)))
		row = binary.BigEndian.AppendUint64(append(row, s.Unit...), uint64(s.Events))
		row = s.Total.Append(row)
	}
	return row
}

// GivenFrom reads a row of table Given; no row is nothing given.
func GivenFrom(row []byte) (g Given, err error) {
	if len(row) == 0 {
		return g, nil
	}
	if len(row) < 8 {
		return g, errDamagedRow
	}
	g.Events, row = int64(binary.BigEndian.Uint64(row)), row[8:]
	for len(row) > 0 {
		if len(row) < sumSize {
			return g, errDamagedRow
		}
		n := int(binary.BigEndian.Uint16(row[1:]))
		if len(row) < sumSize+n {
			return g, errDamagedRow
		}
		s := Sum{Of: row[0], Unit: string(row[3 : 3+n])}
		row = row[3+n:]
		s.Events, s.Total = int64(binary.BigEndian.Uint64(row)), rules.TotalFromBytes(row[8:])
		g.Sums, row = append(g.Sums, s), row[8+rules.TotalSize:]
	}
	return g, nil
}
