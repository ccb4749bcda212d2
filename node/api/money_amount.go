package api

import (
	"strings"

	"github.com/minga-commons/minga/ledger"
	"github.com/minga-commons/minga/protocol"
)

// unitOfMoney is the unit of a quantity of money: the currency says the rest.
const unitOfMoney = "one"

// fixed writes a sum of money with the decimal places of its currency, or with
// more if it has more.
func fixed(t ledger.Total, scale int) string {
	text := t.String()
	whole, places, _ := strings.Cut(text, ".")
	if missing := scale - len(places); missing > 0 {
		places += strings.Repeat("0", missing)
	}
	if places == "" {
		return whole
	}
	return whole + "." + places
}

func accountOf(a ledger.AccountLine) AccountLine {
	return AccountLine{
		Currency: a.Currency, Settled: fixed(a.Settled, a.Scale), Pending: fixed(a.Pending, a.Scale),
		Available: fixed(a.Available, a.Scale), Limit: fixed(a.Limit, a.Scale),
	}
}

// overdraft is the problem of a payment that goes below the payer's limit, with
// the figures.
func overdraft(e *ledger.OverdraftError, scale int) *Problem {
	amount, available, limit := fixed(e.Amount, scale), fixed(e.Available, scale), fixed(e.Limit, scale)
	p := problem(CodeOverdraft, amount, e.Currency, available, limit)
	p.Currency, p.Amount, p.Available, p.Limit = e.Currency, amount, available, limit
	return p
}

// currency returns a currency of the charter in force.
func (r *referrer) currency(pointer, name string) (ledger.Payable, bool) {
	all, err := r.s.ledger.Currencies(r.ctx, r.commons.ID)
	if err != nil {
		r.fail(err)
		return ledger.Payable{}, false
	}
	for _, c := range all {
		if c.Name == name {
			return c, true
		}
	}
	r.add(pointer, CodeNoCurrency, name, currencyNames(all))
	return ledger.Payable{}, false
}

// currencyNames lists what can be paid with, for people.
func currencyNames(all []ledger.Payable) any {
	if len(all) == 0 {
		return phraseNone
	}
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

// money reads an amount that can be paid in a currency.
func (r *referrer) money(amount, currency string) (*protocol.Quantity, int) {
	c, known := ledger.Payable{Scale: protocol.MaxScale}, false
	if currency == "" {
		r.add("/currency", CodeMissing)
	} else if found, ok := r.currency("/currency", currency); ok {
		c, known = found, true
	}
	if amount == "" {
		r.add("/amount", CodeMissing)
		return nil, c.Scale
	}
	a, fault := payable(amount, c.Scale)
	switch {
	case fault == CodePlaces:
		r.add("/amount", CodePlaces, amount, c.Name, c.Scale)
	case fault == CodeBadNumber && !known:
		if _, err := protocol.ParseAmount(amount); err != nil {
			r.add("/amount", fault, amount)
		}
	case fault != "":
		r.add("/amount", fault, amount)
	}
	return &protocol.Quantity{N: a.N, Scale: a.Scale, Unit: unitOfMoney}, c.Scale
}

// payable reads an amount that can be paid in a currency of so many decimal
// places: above zero, and a multiple of its smallest part. It comes out with
// exactly those places. fault says what is wrong, empty for nothing.
func payable(text string, scale int) (a protocol.Amount, fault Code) {
	a, err := protocol.ParseAmount(text)
	if err != nil {
		return protocol.Amount{}, CodeBadNumber
	}
	if a.N <= 0 {
		return protocol.Amount{}, CodeNotPositive
	}
	for a.Scale > int64(scale) && a.N%10 == 0 {
		a.N, a.Scale = a.N/10, a.Scale-1
	}
	if a.Scale > int64(scale) {
		return protocol.Amount{}, CodePlaces
	}
	for a.Scale < int64(scale) {
		if a.N > protocol.MaxMantissa/10 {
			return protocol.Amount{}, CodeBadNumber
		}
		a.N, a.Scale = a.N*10, a.Scale+1
	}
	return a, ""
}
