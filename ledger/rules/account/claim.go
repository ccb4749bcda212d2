package account

import (
	"encoding/binary"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Mark is a watermark as it is kept: credits to an account in a source log are
// claimed up to Head.
type Mark struct {
	Account protocol.AgentID
	Head    protocol.Head
}

func markKey(log protocol.LogID, account protocol.AgentID, source protocol.LogID) []byte {
	key := append(make([]byte, 0, 96), log.EntryID[:]...)
	return append(append(key, account.EntryID[:]...), source.EntryID[:]...)
}

// LastMark returns the last watermark of a log for an account and a source; its
// seq is -1 if there is none.
func LastMark(c rules.Rows, log protocol.LogID, account protocol.AgentID, source protocol.LogID) (Mark, error) {
	m := Mark{Account: account, Head: protocol.Head{Log: source, Seq: -1}}
	row, err := c.Get(rules.Marks, markKey(log, account, source))
	if err != nil || len(row) == 0 {
		return m, err
	}
	if len(row) != 8+len(m.Head.CID) {
		return m, errDamagedRow
	}
	m.Head.Seq = int64(binary.BigEndian.Uint64(row))
	m.Head.CID = protocol.EntryID(row[8:])
	return m, nil
}

func putMark(c rules.Rows, log protocol.LogID, m Mark) {
	var row []byte
	if m.Head.Seq >= 0 {
		row = append(binary.BigEndian.AppendUint64(nil, uint64(m.Head.Seq)), m.Head.CID[:]...)
	}
	c.Put(rules.Marks, markKey(log, m.Account, m.Head.Log), row)
}

// Sum is an amount of one currency.
type Sum struct {
	Currency string
	Amount   rules.Total
}

// sums is a set of amounts, ascending by currency.
type sums []Sum

func (s sums) add(currency string, amount rules.Total) sums {
	i, found := slices.BinarySearchFunc(s, currency, func(x Sum, name string) int {
		switch {
		case x.Currency < name:
			return -1
		case x.Currency > name:
			return 1
		}
		return 0
	})
	if !found {
		return slices.Insert(s, i, Sum{currency, amount})
	}
	s[i].Amount = s[i].Amount.Add(amount)
	return s
}

// A credit is a row of table Credits: all credits of an account in one source
// log up to this one, summed, and the place of the one before.
type credit struct {
	before int64
	upTo   sums
}

func creditPrefix(account protocol.AgentID, source protocol.LogID) []byte {
	return append(append(make([]byte, 0, 72), account.EntryID[:]...), source.EntryID[:]...)
}

// creditKey ends in the place, inverted: of the credits up to a place, the last
// one comes first.
func creditKey(account protocol.AgentID, source protocol.LogID, seq int64) []byte {
	return append(creditPrefix(account, source), inverted(seq)...)
}

func inverted(seq int64) []byte { return binary.BigEndian.AppendUint64(nil, ^uint64(seq)) }

func (c credit) bytes() []byte {
	row := binary.BigEndian.AppendUint64(nil, uint64(c.before))
	for _, s := range c.upTo {
		row = append(row, byte(len(s.Currency)>>8), byte(len(s.Currency)))
		row = append(row, s.Currency...)
		row = s.Amount.Append(row)
	}
	return row
}

func creditFromBytes(row []byte) (c credit, err error) {
	if len(row) < 8 {
		return c, errDamagedRow
	}
	c.before = int64(binary.BigEndian.Uint64(row))
	for row = row[8:]; len(row) > 0; {
		if len(row) < 2 {
			return c, errDamagedRow
		}
		n := int(binary.BigEndian.Uint16(row))
		if row = row[2:]; len(row) < n+rules.TotalSize {
			return c, errDamagedRow
		}
		c.upTo = append(c.upTo, Sum{string(row[:n]), rules.TotalFromBytes(row[n:])})
		row = row[n+rules.TotalSize:]
	}
	return c, nil
}

// Ledger is what the rules of money need besides rows.
type Ledger interface {
	rules.Rows
	// First returns the rest of the key and the value of the first row of a table
	// whose key begins with prefix and whose rest is not below least; nil if there
	// is none.
	First(t rules.Table, prefix, least []byte) (rest, value []byte, err error)
}

// creditAt returns the last credit of an account in a source log at or before a
// seq.
func creditAt(c Ledger, account protocol.AgentID, source protocol.LogID, seq int64) (at int64, found credit, err error) {
	if seq < 0 {
		return -1, credit{before: -1}, nil
	}
	row, err := c.Get(rules.Credits, creditKey(account, source, seq))
	if err != nil {
		return -1, credit{}, err
	}
	at = seq
	if row == nil {
		var rest []byte
		rest, row, err = c.First(rules.Credits, creditPrefix(account, source), inverted(seq))
		if err != nil || row == nil {
			return -1, credit{before: -1}, err
		}
		if len(rest) != 8 {
			return -1, credit{}, errDamagedRow
		}
		at = int64(^binary.BigEndian.Uint64(rest))
	}
	found, err = creditFromBytes(row)
	return at, found, err
}

// addCredit records what an entry pays to somebody, or takes back the last such
// credit.
func addCredit(c Ledger, currency string, to Share, e protocol.Entry, sign rules.Sign) error {
	key := creditKey(to.Agent, e.Log, e.Seq)
	if sign == rules.Undo {
		_, undone, err := creditAt(c, to.Agent, e.Log, e.Seq)
		if err == nil {
			c.Put(rules.Credits, key, nil)
			putLastCredit(c, to.Agent, e.Log, undone.before)
		}
		return err
	}
	before, last, err := lastCredit(c, to.Agent, e.Log)
	if err != nil {
		return err
	}
	row := credit{before: before, upTo: last.upTo.add(currency, to.Amount)}
	c.Put(rules.Credits, key, row.bytes())
	putLastCredit(c, to.Agent, e.Log, e.Seq)
	return nil
}

// lastCredit returns the last credit of an account in a source log that has its
// effect.
func lastCredit(c Ledger, account protocol.AgentID, source protocol.LogID) (at int64, found credit, err error) {
	row, err := c.Get(rules.Credited, creditPrefix(account, source))
	if err != nil || row == nil {
		return -1, credit{before: -1}, err
	}
	if len(row) != 8 {
		return -1, credit{}, errDamagedRow
	}
	return creditAt(c, account, source, int64(binary.BigEndian.Uint64(row)))
}

func putLastCredit(c Ledger, account protocol.AgentID, source protocol.LogID, at int64) {
	var row []byte
	if at >= 0 {
		row = binary.BigEndian.AppendUint64(nil, uint64(at))
	}
	c.Put(rules.Credited, creditPrefix(account, source), row)
}

// between returns the credits of an account in a source log after one place and
// up to another.
func between(c Ledger, account protocol.AgentID, source protocol.LogID, after, upTo int64) (sums, error) {
	_, low, err := creditAt(c, account, source, after)
	if err != nil {
		return nil, err
	}
	_, high, err := creditAt(c, account, source, upTo)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(high.upTo)
	for _, s := range low.upTo {
		all = all.add(s.Currency, s.Amount.Neg())
	}
	return all, nil
}

func unclaimedKey(account protocol.AgentID, source protocol.LogID) []byte {
	return creditPrefix(account, source)
}

// UnclaimedPrefix begins the keys of table Unclaimed of an account; the rest of
// a key is the source log.
func UnclaimedPrefix(account protocol.AgentID) []byte { return account.EntryID[:] }

// UnclaimedSeq reads a row of table Unclaimed: the place of the last settled
// credit.
func UnclaimedSeq(row []byte) int64 {
	if len(row) != 8 {
		return -1
	}
	return int64(binary.BigEndian.Uint64(row))
}
