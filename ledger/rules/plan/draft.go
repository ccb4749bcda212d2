package plan

import (
	"crypto/sha256"
	"fmt"
	"math/big"
	"time"

	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/unit"
	"github.com/minga-commons/minga/protocol"
)

// Wish is what is to be planned.
type Wish struct {
	Spec     string
	Quantity protocol.Quantity
	Name     string
	Due      string
	Intents  bool
	// Role returns who plays a role of an exchange, zero if nobody is known.
	Role     func(role protocol.Value) protocol.EntryID
	Provider protocol.EntryID
	Receiver protocol.EntryID
}

// Item is a record that a plan consists of. Later ones name it by ID, a
// placeholder until it is written.
type Item struct {
	ID   protocol.EntryID
	Body *protocol.Record
	From protocol.EntryID // the part of the recipe
}

// Rest is a scaled quantity that had to be rounded up, exactly.
type Rest struct {
	Item     int
	Property string
	Exact    *big.Rat
}

// draft makes the records of a plan.
type draft struct {
	wish  Wish
	book  Book
	due   time.Time
	plan  protocol.EntryID
	items []Item
	rests []Rest
	runs  []Run
	as    map[protocol.EntryID]protocol.EntryID // step: the process or agreement that it became
	times map[protocol.EntryID]*big.Rat
	begin map[protocol.EntryID]time.Time
	end   map[protocol.EntryID]time.Time
	made  map[protocol.EntryID]bool // flows
}

// Draft returns the records of a plan that meets a wish: the plan, a process for
// each process of the recipe, an agreement for each exchange, and a commitment or
// an intent for each flow, in an order in which they can be written. Quantities
// are scaled exactly; one that has more places than the format is rounded up.
func (b Book) Draft(w Wish) ([]Item, []Rest, error) {
	d := draft{
		wish: w, book: b, as: map[protocol.EntryID]protocol.EntryID{}, times: map[protocol.EntryID]*big.Rat{},
		begin: map[protocol.EntryID]time.Time{}, end: map[protocol.EntryID]time.Time{}, made: map[protocol.EntryID]bool{},
	}
	var err error
	if w.Quantity.N <= 0 {
		return nil, nil, fmt.Errorf("%w: the quantity wanted is not above zero", ErrRecipe)
	}
	if w.Due != "" {
		if d.due, err = flow.ParseTime(w.Due); err != nil {
			return nil, nil, fmt.Errorf("%w: %q is no time", ErrRecipe, w.Due)
		}
	}
	var wanted Flow
	if d.runs, wanted, err = b.Explode(w.Spec, w.Quantity); err != nil {
		return nil, nil, err
	}
	if err := d.schedule(); err != nil {
		return nil, nil, err
	}
	if err := d.exchanges(); err != nil {
		return nil, nil, err
	}
	d.plan = d.add(protocol.EntryID{}, &protocol.Record{Type: Plan, Name: protocol.PlainText(w.Name), Fields: d.withDue(nil, d.due)})
	for _, r := range d.runs {
		d.step(r)
	}
	for _, r := range d.runs {
		for _, f := range b.Flows {
			if f.In == r.ID || f.Out == r.ID || f.Clause == r.ID || f.Reciprocal == r.ID {
				if err := d.flow(f, f.ID == wanted.ID); err != nil {
					return nil, nil, err
				}
			}
		}
	}
	return d.items, d.rests, nil
}

// schedule finds when each run has to end and to begin, backwards from the day
// wanted: it ends when the first that needs it begins.
func (d *draft) schedule() error {
	for _, r := range d.runs {
		end := d.due
		for _, after := range r.After {
			if begin := d.begin[d.runs[after].ID]; begin.Before(end) {
				end = begin
			}
		}
		lasts := time.Duration(0)
		if r.Duration != nil {
			seconds, err := unit.Convert(exact(*r.Duration), r.Duration.Unit, "second-Time")
			if err != nil {
				return fmt.Errorf("%w: the duration of %s: %w", ErrRecipe, r.text(), err)
			}
			seconds.Mul(seconds, r.Times)
			whole := up(seconds)
			if !whole.IsInt64() || whole.Int64() > maxSeconds {
				return fmt.Errorf("%w: %s takes longer than a century", ErrRecipe, r.text())
			}
			lasts = time.Duration(whole.Int64()) * time.Second
		}
		d.end[r.ID], d.begin[r.ID], d.times[r.ID] = end, end.Add(-lasts), r.Times
	}
	return nil
}

const maxSeconds = 100 * 366 * 24 * 3600

// exchanges takes up the exchanges of which flows of the runs are clauses: each
// is run as often as the process of the clause.
func (d *draft) exchanges() error {
	for _, r := range d.runs[:len(d.runs):len(d.runs)] {
		for _, f := range d.book.Flows {
			exchange := f.Clause
			if exchange.IsZero() {
				exchange = f.Reciprocal
			}
			if f.In != r.ID && f.Out != r.ID || exchange.IsZero() {
				continue
			}
			if before, is := d.times[exchange]; is {
				if before.Cmp(r.Times) != 0 {
					return fmt.Errorf("%w: the clauses of %s are needed %s and %s times", ErrRecipe, d.book.step(exchange).text(),
						before.RatString(), r.Times.RatString())
				}
				continue
			}
			d.times[exchange], d.end[exchange], d.begin[exchange] = r.Times, d.end[r.ID], d.begin[r.ID]
			step := d.book.step(exchange)
			step.Exchange = true
			d.runs = append(d.runs, Run{Step: step, Times: r.Times})
		}
	}
	return nil
}

// add puts a record into the plan and returns its placeholder.
func (d *draft) add(from protocol.EntryID, b *protocol.Record) protocol.EntryID {
	id := protocol.EntryID(sha256.Sum256(fmt.Appendf(nil, "minga/placeholder/%d", len(d.items))))
	d.items = append(d.items, Item{ID: id, Body: b, From: from})
	return id
}

func (d *draft) withDue(fields map[string]protocol.Value, due time.Time) map[string]protocol.Value {
	if fields == nil {
		fields = map[string]protocol.Value{}
	}
	if d.wish.Due != "" {
		fields["due"] = d.text(due)
	}
	return fields
}

func (d *draft) text(t time.Time) string {
	if t.Equal(d.due) {
		return d.wish.Due
	}
	return t.Format(time.RFC3339)
}

func (d *draft) step(r Run) {
	b := &protocol.Record{Type: Process, Name: protocol.PlainText(r.Name), Fields: map[string]protocol.Value{"plannedWithin": d.plan}}
	if r.Exchange {
		d.as[r.ID] = d.add(r.ID, &protocol.Record{Type: Agreement, Name: b.Name})
		return
	}
	if r.Based != nil {
		b.Fields["basedOn"] = r.Based
	}
	if r.Classes != nil {
		b.Fields["classifiedAs"] = r.Classes
	}
	if d.wish.Due != "" {
		b.Fields["hasEnd"] = d.text(d.end[r.ID])
		if r.Duration != nil {
			b.Fields["hasBeginning"] = d.text(d.begin[r.ID])
		}
	}
	d.as[r.ID] = d.add(r.ID, b)
}

// copied are the properties that a promise takes from the recipe as they are.
var copied = []string{"action", "resourceConformsTo", "resourceClassifiedAs", "stage", "state"}

// flow adds what a flow of the recipe comes to.
func (d *draft) flow(f Flow, wanted bool) error {
	if d.made[f.ID] {
		return nil
	}
	d.made[f.ID] = true
	b := &protocol.Record{Type: Commitment, Note: f.Note, Fields: map[string]protocol.Value{}}
	for _, property := range copied {
		if value, is := f.Body[property]; is {
			b.Fields[property] = value
		}
	}
	provider, receiver := d.wish.Provider, d.wish.Receiver
	if !f.Clause.IsZero() || !f.Reciprocal.IsZero() {
		if d.wish.Role != nil {
			provider, receiver = d.wish.Role(f.Body["providerRole"]), d.wish.Role(f.Body["receiverRole"])
		}
	}
	if d.wish.Intents || provider.IsZero() || receiver.IsZero() {
		b.Type = Intent
	}
	for property, agent := range map[string]protocol.EntryID{"provider": provider, "receiver": receiver} {
		if !agent.IsZero() {
			b.Fields[property] = agent
		}
	}
	times, due := d.place(f, b, wanted)
	d.withDue(b.Fields, due)
	for _, of := range []byte{OfResource, OfEffort} {
		if err := d.scale(f, b, Property(of), times); err != nil {
			return err
		}
	}
	d.add(f.ID, b)
	return nil
}

// place links a promise to what its flow belongs to, and returns how often that
// is run and when the flow is due.
func (d *draft) place(f Flow, b *protocol.Record, wanted bool) (times *big.Rat, due time.Time) {
	for property, exchange := range map[string]protocol.EntryID{"clauseOf": f.Clause, "reciprocalClauseOf": f.Reciprocal} {
		if as, is := d.as[exchange]; is {
			times, due = d.times[exchange], d.end[exchange]
			if b.Type == Commitment {
				b.Fields[property] = as
			}
		}
	}
	if as, is := d.as[f.In]; is {
		times, due, b.Fields["inputOf"] = d.times[f.In], d.begin[f.In], as
	}
	if as, is := d.as[f.Out]; is {
		times, due, b.Fields["outputOf"] = d.times[f.Out], d.end[f.Out], as
	}
	switch {
	case wanted && b.Type == Commitment:
		b.Fields["independentDemandOf"] = d.plan
	case wanted || b.Fields["inputOf"] == nil && b.Fields["outputOf"] == nil:
		b.Fields["plannedWithin"] = d.plan
	}
	return times, due
}

func (d *draft) scale(f Flow, b *protocol.Record, property string, times *big.Rat) error {
	q, is := QuantityFrom(f.Body[property])
	if !is {
		return nil
	}
	value := exact(q)
	value.Mul(value, times)
	n, scale, whole, fits := Decimal(value)
	if !fits {
		return fmt.Errorf("%w: %s %s is more than a quantity can say", ErrRecipe, value.FloatString(0), q.Unit)
	}
	if !whole {
		d.rests = append(d.rests, Rest{Item: len(d.items), Property: property, Exact: value})
	}
	b.Fields[property] = QuantityValue(protocol.Quantity{N: n, Scale: scale, Unit: q.Unit})
	return nil
}

// Decimal returns a number that is not below zero in as few decimal places as it
// needs. One that needs more than fit is rounded up at the last, and whole is
// false. fits is false for what is too large.
func Decimal(value *big.Rat) (n, scale int64, whole, fits bool) {
	for scale = 0; scale <= protocol.MaxScale; scale++ {
		scaled := new(big.Rat).Mul(value, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(scale), nil)))
		rounded := up(scaled)
		if !rounded.IsInt64() || rounded.Int64() > protocol.MaxMantissa {
			return n, scale - 1, false, scale > 0
		}
		n = rounded.Int64()
		if scaled.IsInt() {
			return n, scale, true, true
		}
	}
	return n, protocol.MaxScale, false, true
}

// up returns the least whole number that is not below a number.
func up(value *big.Rat) *big.Int {
	q, rest := new(big.Int).QuoRem(value.Num(), value.Denom(), new(big.Int))
	if rest.Sign() > 0 {
		q.Add(q, big.NewInt(1))
	}
	return q
}
