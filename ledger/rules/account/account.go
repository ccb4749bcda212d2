// Package account holds the rules of money: what a payment is, which of the
// credits that it names a payer may use, and whether the payment stays above the
// payer's limit. Nothing here looks at another log than the payer's but through
// watermarks over settled credits, so that no payment ever needs agreement with
// anybody (protocol/SPEC.md; FastPay, Baudet and others 2020, is the idea).
package account

import (
	"errors"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

var errDamagedRow = errors.New("a row of accounts has the wrong length")

// Payment is a movement of money, read from an event that moves a currency or
// from a distribution.
type Payment struct {
	Currency string // empty: nothing is moved
	Amount   rules.Total
	Payer    protocol.AgentID // zero: the outside of the currency
	Payee    protocol.AgentID // zero if there are several
	Shares   []Share          // of a distribution, which has no single payee; ascending by agent
}

// payees returns who is paid what.
func (p Payment) payees() []Share {
	if p.Shares != nil {
		return p.Shares
	}
	return []Share{{Agent: p.Payee, Amount: p.Amount}}
}

// Is reports whether an entry moves money.
func Is(e protocol.Entry) (*protocol.Event, bool) {
	b, is := e.Body.(*protocol.Event)
	return b, is && b.Currency != ""
}

// Income reports whether an event is income of the commons: the charter log
// records that money came in from outside.
func Income(commons protocol.CommonsID, e protocol.Entry, b *protocol.Event) bool {
	return e.Log == commons.Charter() && b.Receiver.EntryID == commons.EntryID
}

// Of returns the payment of a legal event.
func Of(commons protocol.CommonsID, e protocol.Entry, b *protocol.Event) Payment {
	p := Payment{Currency: b.Currency, Payer: e.Log.Agent(), Payee: b.Receiver}
	if b.ResourceQuantity != nil {
		p.Amount = rules.TotalOf(b.ResourceQuantity.Amount())
	}
	if Income(commons, e, b) {
		p.Payer = protocol.AgentID{}
	}
	return p
}

// Legal returns why an event moves no money, as far as the event and the charter
// under which it counts say so, or rules.Valid.
func Legal(commons protocol.CommonsID, t rules.Terms, e protocol.Entry, b *protocol.Event) rules.Reason {
	income := Income(commons, e, b)
	currency, known := t.Currency(b.Currency)
	q := b.ResourceQuantity
	switch {
	case b.Action != "transfer" && b.Action != "transferAllRights":
		return rules.NotATransfer
	case b.Provider.IsZero():
		return rules.ProviderMissing
	case b.Receiver.IsZero():
		return rules.ReceiverMissing
	case !income && b.Provider != e.Log.Agent():
		return rules.NotPayer
	case b.Provider == b.Receiver:
		return rules.SelfPayment
	case !b.Corrects.IsZero():
		return rules.CorrectsMoney
	case !known:
		return rules.UnknownCurrency
	case income && currency.Kind != rules.Issued:
		return rules.NotIssued
	case q == nil || q.Unit != "one" || b.EffortQuantity != nil:
		return rules.AmountMissing
	case q.N <= 0:
		return rules.QuantityNotPositive
	case int64(q.Scale) > int64(currency.Scale):
		return rules.OverScale
	}
	return rules.Valid
}

// Sheet is what stands on an account in one currency.
type Sheet struct {
	In, Out               rules.Total // movements that have their effect
	SettledIn, SettledOut rules.Total // those of them that are settled
}

// Settled returns the signed sum of the settled movements.
func (s Sheet) Settled() rules.Total { return s.SettledIn.Sub(s.SettledOut) }

// Pending returns the signed sum of the movements that are not settled.
func (s Sheet) Pending() rules.Total { return s.In.Sub(s.Out).Sub(s.Settled()) }

const sheetSize = 4 * rules.TotalSize

// Key returns the key of an account in table Accounts: the agent, then the
// currency. The zero agent is the outside.
func Key(agent protocol.AgentID, currency string) []byte {
	return append(append(make([]byte, 0, 40+len(currency)), agent.EntryID[:]...), currency...)
}

// FromKey reads what Key wrote; ok is false for anything else.
func FromKey(key []byte) (agent protocol.AgentID, currency string, ok bool) {
	if len(key) <= len(agent.EntryID) {
		return agent, "", false
	}
	n := copy(agent.EntryID[:], key)
	return agent, string(key[n:]), true
}

// SheetFromBytes reads a row of table Accounts; ok is false when it is damaged.
func SheetFromBytes(b []byte) (s Sheet, ok bool) {
	if len(b) != sheetSize {
		return s, len(b) == 0
	}
	for i, t := range []*rules.Total{&s.In, &s.Out, &s.SettledIn, &s.SettledOut} {
		*t = rules.TotalFromBytes(b[i*rules.TotalSize:])
	}
	return s, true
}

func (s Sheet) bytes() []byte {
	if s == (Sheet{}) {
		return nil
	}
	b := make([]byte, 0, sheetSize)
	for _, t := range []rules.Total{s.In, s.Out, s.SettledIn, s.SettledOut} {
		b = t.Append(b)
	}
	return b
}

// Read returns what stands on an account.
func Read(c rules.Rows, agent protocol.AgentID, currency string) (Sheet, error) {
	row, err := c.Get(rules.Accounts, Key(agent, currency))
	if err != nil {
		return Sheet{}, err
	}
	s, ok := SheetFromBytes(row)
	if !ok {
		return s, errDamagedRow
	}
	return s, nil
}

func change(c rules.Rows, agent protocol.AgentID, currency string, with func(*Sheet)) error {
	s, err := Read(c, agent, currency)
	if err == nil {
		with(&s)
		c.Put(rules.Accounts, Key(agent, currency), s.bytes())
	}
	return err
}

// move adds a payment to all its accounts, or takes it back.
func move(c rules.Rows, p Payment, sign rules.Sign) error {
	err := change(c, p.Payer, p.Currency, func(s *Sheet) { s.Out = s.Out.Add(p.Amount.Times(sign)) })
	for _, to := range p.payees() {
		if err != nil {
			break
		}
		err = change(c, to.Agent, p.Currency, func(s *Sheet) { s.In = s.In.Add(to.Amount.Times(sign)) })
	}
	return err
}

// Purse is what a log has claimed of credits and paid, in one currency.
type Purse struct{ Claimed, Spent rules.Total }

// Left returns the claimed credits less the debits.
func (p Purse) Left() rules.Total { return p.Claimed.Sub(p.Spent) }

func purseKey(log protocol.LogID, currency string) []byte { return Key(log.Agent(), currency) }

// ReadPurse returns the purse of a log.
func ReadPurse(c rules.Rows, log protocol.LogID, currency string) (Purse, error) {
	row, err := c.Get(rules.Purses, purseKey(log, currency))
	if err != nil || len(row) == 0 {
		return Purse{}, err
	}
	if len(row) != 2*rules.TotalSize {
		return Purse{}, errDamagedRow
	}
	return Purse{rules.TotalFromBytes(row), rules.TotalFromBytes(row[rules.TotalSize:])}, nil
}

func putPurse(c rules.Rows, log protocol.LogID, currency string, p Purse) {
	var row []byte
	if p != (Purse{}) {
		row = p.Spent.Append(p.Claimed.Append(make([]byte, 0, 2*rules.TotalSize)))
	}
	c.Put(rules.Purses, purseKey(log, currency), row)
}

// Add returns the sums of two accounts.
func (s Sheet) Add(t Sheet) Sheet {
	return Sheet{
		In: s.In.Add(t.In), Out: s.Out.Add(t.Out),
		SettledIn: s.SettledIn.Add(t.SettledIn), SettledOut: s.SettledOut.Add(t.SettledOut),
	}
}
