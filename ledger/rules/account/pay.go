package account

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// Verdict is what the rules say of a payment: void for a reason, or what it
// changes. Left and Limit are figures for people: what the payer could have
// paid, and how far below zero it may go.
type Verdict struct {
	Reason  rules.Reason
	Payment Payment
	Claims  []protocol.Watermark // what the payment claims
	Claimed []Sum                // credits that the watermarks add, of every currency
	Marks   []Mark               // the watermarks that they replace, seq -1 for none
	Left    rules.Total
	Limit   rules.Total
}

// Payer is what decides how far a log may go below zero.
type Payer struct {
	Terms    rules.Terms // of the pinned charter version
	Admitted bool        // the commons is not open, or its charter log admits the payer
}

// Judge judges a payment whose watermarks and pinned charter are settled and
// decided. Whether to wait for that is the caller's to find out.
func Judge(c Ledger, commons protocol.CommonsID, payer Payer, e protocol.Entry, b *protocol.Event) (Verdict, error) {
	v := Verdict{Reason: Legal(commons, payer.Terms, e, b), Payment: Of(commons, e, b)}
	if v.Reason != rules.Valid {
		return v, nil
	}
	v.Claims = b.Claims
	return v, v.afford(c, commons, payer, e)
}

// afford adds what the watermarks claim, and judges whether the payer has what
// it pays. Of a distribution e is part 0.
func (v *Verdict) afford(c Ledger, commons protocol.CommonsID, payer Payer, e protocol.Entry) error {
	var all sums
	for i, w := range v.Claims {
		mark, claimed, reason, err := claim(c, e, w, v.Claims[:i])
		if err != nil || reason != rules.Valid {
			v.Reason = reason
			return err
		}
		v.Marks = append(v.Marks, mark)
		for _, s := range claimed {
			all = all.add(s.Currency, s.Amount)
		}
	}
	v.Claimed = all
	if v.Payment.Payer.IsZero() {
		return nil // the outside has no limit
	}
	currency := v.Payment.Currency
	purse, err := ReadPurse(c, e.Log, currency)
	if err != nil {
		return err
	}
	v.Limit = limit(commons, payer, e.Log, currency)
	v.Left = purse.Left().Add(v.Limit)
	for _, s := range all {
		if s.Currency == currency {
			v.Left = v.Left.Add(s.Amount)
		}
	}
	if !v.Payment.Amount.IsZero() && v.Payment.Amount.Above(v.Left) {
		v.Reason = rules.Overdraft
	}
	return nil
}

// limit returns how far below zero a log may go. The pool of a commons does only
// by an exception that names it, and a log that nobody has admitted yet never.
func limit(commons protocol.CommonsID, payer Payer, log protocol.LogID, name string) rules.Total {
	currency, known := payer.Terms.Currency(name)
	if !known || !payer.Admitted && log != commons.Charter() {
		return rules.Total{}
	}
	if log == commons.Charter() {
		return currency.Exceptions[log.Agent()]
	}
	return currency.LimitOf(log.Agent())
}

// Limit returns how far below zero an account of a log may go under a charter.
func Limit(commons protocol.CommonsID, payer Payer, log protocol.LogID, currency string) rules.Total {
	return limit(commons, payer, log, currency)
}

// claim judges one watermark and returns what it claims, and the watermark that
// it replaces.
func claim(c Ledger, e protocol.Entry, w protocol.Watermark, others []protocol.Watermark) (Mark, sums, rules.Reason, error) {
	for _, o := range others {
		if o.Account == w.Account && o.Log == w.Log {
			return Mark{}, nil, rules.BadWatermark, nil
		}
	}
	if w.Log == e.Log {
		return Mark{}, nil, rules.BadWatermark, nil
	}
	if w.Account != e.Log.Agent() {
		to, since, err := BoundTo(c, w.Account)
		if err != nil || to != e.Log || since > e.Charter {
			return Mark{}, nil, rules.BadWatermark, err
		}
	}
	last, err := LastMark(c, e.Log, w.Account, w.Log)
	if err != nil {
		return last, nil, rules.Valid, err
	}
	if w.Seq <= last.Head.Seq {
		return last, nil, rules.BadWatermark, nil
	}
	claimed, err := between(c, w.Account, w.Log, last.Head.Seq, w.Seq)
	return last, claimed, rules.Valid, err
}

// BoundTo returns the log to which an agent record is bound, and the charter seq
// that did; the log is zero if it is not bound.
func BoundTo(c rules.Rows, record protocol.AgentID) (log protocol.LogID, since int64, err error) {
	row, err := c.Get(rules.Bound, record.EntryID[:])
	if err != nil || len(row) == 0 {
		return log, 0, err
	}
	if len(row) != len(log.EntryID)+8 {
		return log, 0, errDamagedRow
	}
	n := copy(log.EntryID[:], row)
	return log, int64(binary.BigEndian.Uint64(row[n:])), nil
}

// Bind records to which log a record is bound, or takes that back.
func Bind(c rules.Rows, e protocol.Entry, b *protocol.Bind, sign rules.Sign) error {
	var row []byte
	if sign == rules.Apply {
		row = binary.BigEndian.AppendUint64(bytes.Clone(b.Log.EntryID[:]), uint64(e.Seq))
	}
	c.Put(rules.Bound, b.Agent[:], row)
	records, err := Records(c, b.Log)
	if err != nil {
		return err
	}
	id := protocol.AgentID{EntryID: b.Agent}
	if sign == rules.Apply {
		records = append(records, id)
	} else {
		records = slices.DeleteFunc(records, func(r protocol.AgentID) bool { return r == id })
	}
	row = nil
	for _, r := range records {
		row = append(row, r.EntryID[:]...)
	}
	c.Put(rules.Records, b.Log.EntryID[:], row)
	return nil
}

// Records returns the agent records that are bound to a log.
func Records(c rules.Rows, log protocol.LogID) ([]protocol.AgentID, error) {
	row, err := c.Get(rules.Records, log.EntryID[:])
	if err != nil {
		return nil, err
	}
	var all []protocol.AgentID
	for ; len(row) >= len(log.EntryID); row = row[len(log.EntryID):] {
		all = append(all, protocol.AgentID{EntryID: protocol.EntryID(row[:len(log.EntryID)])})
	}
	return all, nil
}

// Apply gives a valid payment its effect. Of a distribution e is the last part.
func Apply(c Ledger, e protocol.Entry, v Verdict) error {
	for i, w := range v.Claims {
		putMark(c, e.Log, Mark{Account: w.Account, Head: protocol.Head{Log: w.Log, Seq: w.Seq, CID: w.CID}})
		if err := used(c, v.Marks[i].Account, w.Log, w.Seq); err != nil {
			return err
		}
	}
	for _, s := range v.Claimed {
		if err := fill(c, e.Log, s.Currency, s.Amount, rules.Apply); err != nil {
			return err
		}
	}
	if err := spend(c, e.Log, v.Payment, rules.Apply); err != nil {
		return err
	}
	return record(c, e, v.Payment, rules.Apply)
}

// Keep remembers what a payment changed, for Undo, until Forget.
func Keep(c rules.Rows, e protocol.Entry, v Verdict) { c.Put(rules.Paid, idKey(e), v.bytes()) }

// Forget ends Keep, for a payment that is settled.
func Forget(c rules.Rows, e protocol.Entry) { c.Put(rules.Paid, idKey(e), nil) }

// Undo takes back a payment that is not settled, and was kept.
func Undo(c Ledger, e protocol.Entry, p Payment) error {
	row, err := c.Get(rules.Paid, idKey(e))
	if err != nil {
		return err
	}
	v, err := verdictFromBytes(row)
	if err != nil {
		return err
	}
	for _, m := range v.Marks {
		putMark(c, e.Log, m)
		if err := unused(c, m); err != nil {
			return err
		}
	}
	for _, s := range v.Claimed {
		if err := fill(c, e.Log, s.Currency, s.Amount, rules.Undo); err != nil {
			return err
		}
	}
	if err := spend(c, e.Log, p, rules.Undo); err != nil {
		return err
	}
	Forget(c, e)
	return record(c, e, p, rules.Undo)
}

// record adds a payment to the accounts and the credits.
func record(c Ledger, e protocol.Entry, p Payment, sign rules.Sign) error {
	err := move(c, p, sign)
	for _, to := range p.payees() {
		if err != nil {
			break
		}
		err = addCredit(c, p.Currency, to, e, sign)
	}
	return err
}

// spend debits the purse of the payer. Income fills the pool's at once: it
// stands in the pool's own log, which no watermark can name.
func spend(c rules.Rows, log protocol.LogID, p Payment, sign rules.Sign) error {
	if p.Payer.IsZero() {
		return fill(c, log, p.Currency, p.Amount, sign)
	}
	purse, err := ReadPurse(c, log, p.Currency)
	if err == nil {
		purse.Spent = purse.Spent.Add(p.Amount.Times(sign))
		putPurse(c, log, p.Currency, purse)
	}
	return err
}

func fill(c rules.Rows, log protocol.LogID, currency string, amount rules.Total, sign rules.Sign) error {
	purse, err := ReadPurse(c, log, currency)
	if err == nil {
		purse.Claimed = purse.Claimed.Add(amount.Times(sign))
		putPurse(c, log, currency, purse)
	}
	return err
}

// Settle records that a payment with its effect is settled for good. Of one log
// they come in order.
func Settle(c Ledger, e protocol.Entry, p Payment) error {
	if err := change(c, p.Payer, p.Currency, func(s *Sheet) { s.SettledOut = s.SettledOut.Add(p.Amount) }); err != nil {
		return err
	}
	for _, to := range p.payees() {
		if err := change(c, to.Agent, p.Currency, func(s *Sheet) { s.SettledIn = s.SettledIn.Add(to.Amount) }); err != nil {
			return err
		}
		if p.Payer.IsZero() {
			continue // the pool has its income at once
		}
		c.Put(rules.Unclaimed, unclaimedKey(to.Agent, e.Log), binary.BigEndian.AppendUint64(nil, uint64(e.Seq)))
	}
	return nil
}

// used forgets that credits of a source can be claimed, once they are.
func used(c Ledger, account protocol.AgentID, source protocol.LogID, upTo int64) error {
	key := unclaimedKey(account, source)
	row, err := c.Get(rules.Unclaimed, key)
	if err == nil && row != nil && UnclaimedSeq(row) <= upTo {
		c.Put(rules.Unclaimed, key, nil)
	}
	return err
}

// unused remembers again that credits after a watermark can be claimed. The
// last credit may not be settled: who claims looks for the last that is.
func unused(c Ledger, m Mark) error {
	at, _, err := creditAt(c, m.Account, m.Head.Log, 1<<62)
	if err == nil && at > m.Head.Seq {
		c.Put(rules.Unclaimed, unclaimedKey(m.Account, m.Head.Log), binary.BigEndian.AppendUint64(nil, uint64(at)))
	}
	return err
}

func idKey(e protocol.Entry) []byte {
	id := e.ID()
	return id[:]
}

// bytes is what Undo needs to know of a payment.
func (v Verdict) bytes() []byte {
	row := binary.BigEndian.AppendUint16(nil, uint16(len(v.Marks)))
	for _, m := range v.Marks {
		row = append(row, m.Account.EntryID[:]...)
		row = append(row, m.Head.Log.EntryID[:]...)
		row = binary.BigEndian.AppendUint64(row, uint64(m.Head.Seq))
		row = append(row, m.Head.CID[:]...)
	}
	return append(row, credit{upTo: v.Claimed}.bytes()...)
}

func verdictFromBytes(row []byte) (v Verdict, err error) {
	if len(row) < 2 {
		return v, errDamagedRow
	}
	const size = 32 + 32 + 8 + 32
	n := int(binary.BigEndian.Uint16(row))
	if row = row[2:]; len(row) < n*size {
		return v, errDamagedRow
	}
	for ; n > 0; n-- {
		m := Mark{Account: protocol.AgentID{EntryID: protocol.EntryID(row[:32])}}
		m.Head.Log.EntryID = protocol.EntryID(row[32:64])
		m.Head.Seq = int64(binary.BigEndian.Uint64(row[64:]))
		m.Head.CID = protocol.EntryID(row[72:104])
		v.Marks, row = append(v.Marks, m), row[size:]
	}
	claimed, err := creditFromBytes(row)
	v.Claimed = claimed.upTo
	return v, err
}
