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

// money reads an amount that can be paid in a currency: above zero, and a multiple
// of the smallest part of it. It comes out with the currency's decimal places.
func (r *referrer) money(amount, currency string) (*protocol.Quantity, int) {
	c, known := ledger.Payable{}, false
	if currency == "" {
		r.add("/currency", CodeMissing)
	} else {
		c, known = r.currency("/currency", currency)
	}
	if amount == "" {
		r.add("/amount", CodeMissing)
		return nil, c.Scale
	}
	a, err := protocol.ParseAmount(amount)
	if err != nil {
		r.add("/amount", CodeBadNumber, amount)
		return nil, c.Scale
	}
	if a.N <= 0 {
		r.add("/amount", CodeNotPositive, amount)
		return nil, c.Scale
	}
	for known && a.Scale > int64(c.Scale) && a.N%10 == 0 {
		a.N, a.Scale = a.N/10, a.Scale-1
	}
	if known && a.Scale > int64(c.Scale) {
		r.add("/amount", CodePlaces, amount, c.Name, c.Scale)
		return nil, c.Scale
	}
	for known && a.Scale < int64(c.Scale) {
		if a.N > protocol.MaxMantissa/10 {
			r.add("/amount", CodeBadNumber, amount)
			return nil, c.Scale
		}
		a.N, a.Scale = a.N*10, a.Scale+1
	}
	return &protocol.Quantity{N: a.N, Scale: a.Scale, Unit: unitOfMoney}, c.Scale
}
