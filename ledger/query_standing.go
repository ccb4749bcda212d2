package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/reciprocity"
	"github.com/minga-commons/minga/protocol"
)

// Today returns the day that the ledger's clock shows, in UTC.
func (l *Ledger) Today() Day { return reciprocity.DayOf(l.now()) }

// Standing returns how an agent stands to the licence of the commons on a day,
// from what is settled and confirmed now. An agent record that is bound to a log
// is answered as that log's agent, together with its records. It reads what the
// agent itself declared, gave and paid, and does not grow with the ledger of
// others. Without a licence in the charter it is ErrNoLicence.
func (l *Ledger) Standing(ctx context.Context, id protocol.CommonsID, agent protocol.AgentID, on Day) (Standing, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Standing{}, err
	}
	return l.newCase(no, c).standing(ctx, agent, on)
}

// Standings returns how those stand who declared a use, ordered by identifier;
// with a class, only those in it.
func (l *Ledger) Standings(ctx context.Context, id protocol.CommonsID, class string, on Day, p Page) ([]Standing, string, error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, "", err
	}
	after, err := cursorBytes(p.After)
	if err != nil || len(after) != 0 && len(after) != 32 {
		return nil, "", &CursorError{p.After}
	}
	x := l.newCase(no, c)
	if doc, err := x.charter(c.inForce); err != nil || doc.Licence == nil {
		return nil, "", cmp.Or(err, ErrNoLicence)
	}
	all := []Standing{}
	for {
		agent, found, err := x.nextUser(after)
		if err != nil || !found {
			return all, "", err
		}
		if len(all) == p.limit() {
			return all, cursorText(after), nil
		}
		after = agent.EntryID[:]
		same, err := x.resolved(agent)
		if err != nil {
			return nil, "", err
		}
		if same[0] != agent && x.user(same[0]) {
			continue // answered together with the log
		}
		s, err := x.standing(ctx, agent, on)
		if err != nil {
			return nil, "", err
		}
		if class == "" || string(s.Class) == class {
			all = append(all, s)
		}
		if err := ctx.Err(); err != nil {
			return nil, "", err
		}
	}
}

// nextUser returns the first agent after an identifier who declared a use.
func (x *caseOf) nextUser(after []byte) (agent protocol.AgentID, found bool, err error) {
	prefix := stateKey(x.no, rules.Dealings, []byte{dealsDeclare})
	from := append(slices.Clone(prefix), after...)
	if len(after) > 0 {
		from = append(from, slices.Repeat([]byte{0xff}, dealingTail+1)...)
	}
	err = x.l.scan(prefix, from, func(k, _ []byte) bool {
		agent, found = protocol.AgentID{EntryID: idFrom(k[len(prefix) : len(prefix)+32])}, true
		return false
	})
	return agent, found, err
}

// user reports whether an agent declared a use under its own identifier.
func (x *caseOf) user(agent protocol.AgentID) (is bool) {
	err := dealings(x.l.scan, x.no, dealsDeclare, agent, anyDay, func(dealt) bool {
		is = true
		return false
	})
	return is && err == nil
}

func (x *caseOf) standing(ctx context.Context, agent protocol.AgentID, on Day) (s Standing, err error) {
	doc, err := x.charter(x.c.inForce)
	if err != nil {
		return s, err
	}
	if doc.Licence == nil {
		return s, ErrNoLicence
	}
	all, err := x.resolved(agent)
	if err != nil {
		return s, err
	}
	who := all[0]
	x.asOf = max(x.asOf, on.Begins())
	s = Standing{AsOf: on, Charter: x.c.versionAt(x.c.inForce), Licence: *doc.Licence}
	if s.Agent, err = x.l.agent(x.no, x.c, who); err != nil {
		return s, err
	}
	for _, currency := range doc.Currencies {
		if currency.Name == doc.Licence.Currency {
			s.Scale = int(currency.Scale)
		}
	}
	f := reciprocity.Facts{Licence: doc.Licence, Places: s.Scale, AsOf: on}
	if f.Declarations, err = x.uses(who, all); err != nil {
		return s, err
	}
	if f.Payments, err = x.payments(all, f.Declarations, doc.Licence.Currency); err != nil {
		return s, err
	}
	first := on
	for _, d := range f.Declarations {
		first = min(first, d.End)
	}
	// Whatever was recorded late counts later than its own date.
	from := first.Minus(doc.Licence.Window).Minus(doc.Licence.Window).Minus(doc.Licence.Grace) - 1
	v := &valuer{x: x, doc: doc, member: s.Agent.HasLog}
	if f.Contributions, err = v.contributions(ctx, all, from); err != nil {
		return s, err
	}
	s.Standing = reciprocity.Of(f)
	return s, nil
}

// found is an entry that is settled. Of one that is kept among the deeds, body and
// entry have only what a standing asks for.
type found struct {
	id    protocol.EntryID
	on    Day
	entry protocol.Entry
	kept  bool
	said  []saying // if it is kept
}

// settled returns the settled entries of one kind of dealings of several agents,
// from a day on.
func (x *caseOf) settled(kind byte, agents []protocol.AgentID, from Day) ([]found, error) {
	var places []dealt
	deeds := map[spot]*deed{}
	for _, agent := range agents {
		before := len(places)
		err := dealings(x.l.scan, x.no, kind, agent, from, func(d dealt) bool {
			places = append(places, d)
			return true
		})
		if err == nil && len(places) > before {
			var kept map[spot]*deed
			if kept, err = x.deeds(kind, agent, from); err == nil {
				maps.Copy(deeds, kept)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(places, func(a, b dealt) int { return cmp.Or(cmp.Compare(a.no, b.no), cmp.Compare(a.seq, b.seq)) })
	var all []found
	for _, at := range places {
		log, err := x.log(at.no)
		if err != nil {
			return nil, err
		}
		if at.seq > log.decided() || !log.has(at.no, at.seq) {
			continue
		}
		f, err := x.find(at, log, deeds[spot{at.no, at.seq}])
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// find returns an entry from what is kept of it, or else from where it stands.
func (x *caseOf) find(at dealt, log *logRow, d *deed) (found, error) {
	if d == nil || d.row == nil {
		e, err := x.reader.at(at.no, at.seq)
		return found{id: e.ID(), on: at.on, entry: e}, err
	}
	var row deedRow
	if err := decode("deed", d.row, &row); err != nil {
		return found{}, err
	}
	body := row.body(at.of)
	if body == nil {
		return found{}, fmt.Errorf("%w: a deed of agent %v", ErrDamaged, at.of)
	}
	e := protocol.Entry{Log: log.log(), Seq: at.seq, Time: protocol.Time(row.Time), Charter: row.Charter, Body: body}
	return found{id: row.ID, on: at.on, entry: e, kept: true, said: d.said}, nil
}

// uses returns what an agent declared, and what stewards declared for it while it
// had no log.
func (x *caseOf) uses(who protocol.AgentID, all []protocol.AgentID) ([]reciprocity.Declaration, error) {
	entries, err := x.settled(dealsDeclare, all, anyDay)
	if err != nil {
		return nil, err
	}
	_, hasLog, err := x.l.logNoOf(protocol.LogID(who))
	var uses []reciprocity.Declaration
	for _, at := range entries {
		if err != nil {
			return nil, err
		}
		body := at.entry.Body.(*protocol.Declare)
		if body.Agent == who && hasLog && at.entry.Log.Agent() != who {
			continue // nobody speaks for whoever has a log
		}
		d := reciprocity.Declared(at.entry, body)
		d.ID = at.id
		d.State, err = x.opinion(at, body.Agent)
		uses = append(uses, d)
	}
	return uses, err
}

// payments returns what an agent paid for its uses, less what the pool gave back.
func (x *caseOf) payments(agents []protocol.AgentID, uses []reciprocity.Declaration, currency string) ([]reciprocity.Payment, error) {
	paid, err := x.settled(dealsPay, agents, anyDay)
	if err != nil || len(paid) == 0 {
		return nil, err
	}
	back, err := x.settled(dealsBack, agents, anyDay)
	if err != nil {
		return nil, err
	}
	var all []reciprocity.Payment
	for _, at := range paid {
		body := at.entry.Body.(*protocol.Event)
		own := slices.ContainsFunc(body.Settles, func(id protocol.EntryID) bool {
			return slices.ContainsFunc(uses, func(d reciprocity.Declaration) bool { return d.ID == id })
		})
		if !own || body.Currency != currency {
			continue
		}
		p := reciprocity.Payment{ID: at.id, On: at.on, Amount: new(big.Rat).Set(amountOf(body))}
		for _, b := range back {
			if given := b.entry.Body.(*protocol.Event); given.TriggeredBy == p.ID && given.Currency == currency {
				p.Amount.Sub(p.Amount, amountOf(given))
			}
		}
		if p.Amount.Sign() > 0 {
			all = append(all, p)
		}
	}
	return all, nil
}

func amountOf(b *protocol.Event) *big.Rat { return rules.TotalOf(b.ResourceQuantity.Amount()).Rat() }

// Licence returns the licence of the charter in force, or ErrNoLicence.
func (l *Ledger) Licence(_ context.Context, id protocol.CommonsID) (Licence, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Licence{}, err
	}
	doc, err := l.charterOf(no, c, c.inForce)
	if err != nil || doc.Licence == nil {
		return Licence{}, cmp.Or(err, ErrNoLicence)
	}
	return *doc.Licence, nil
}
