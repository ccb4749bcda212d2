package ledger

import (
	"cmp"
	"context"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/reciprocity"
	"github.com/minga-commons/minga/ledger/rules/report"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// ValueReport looks at a period: what its contributions are worth by the rules in
// force, what was paid in and out, and how evenly that is spread. It reads every
// event of the commons once; what it holds grows with the agents, not with the
// events.
func (l *Ledger) ValueReport(ctx context.Context, id protocol.CommonsID, q ReportRequest) (ValueReport, error) {
	no, c, err := l.state(id)
	if err != nil {
		return ValueReport{}, err
	}
	r := &reporting{
		l: l, no: no, c: c, id: id, q: q, docs: map[int64]charter.Document{}, now: -1,
		agents: map[protocol.AgentID]*AgentReport{}, money: map[string]*MoneyReport{}, known: map[protocol.AgentID]Agent{},
	}
	for _, step := range []func(context.Context) error{r.charters, r.members, r.events, r.distributions, r.declarations} {
		if err := step(ctx); err != nil {
			return ValueReport{}, err
		}
	}
	return r.done(), nil
}

// reporting is a report that is being made.
type reporting struct {
	l       *Ledger
	no      commonsNo
	c       *commonsState
	id      protocol.CommonsID
	q       ReportRequest
	docs    map[int64]charter.Document
	now     int64 // the version in force
	out     ValueReport
	agents  map[protocol.AgentID]*AgentReport
	money   map[string]*MoneyReport
	known   map[protocol.AgentID]Agent // by any of their identifiers
	seated  []protocol.AgentID         // members
	member  map[protocol.AgentID]bool  // the same
	witness map[protocol.AgentID]bool
}

func (r *reporting) charters(ctx context.Context) error {
	history, err := r.l.CharterHistory(ctx, r.id)
	for _, v := range history {
		r.docs[v.Seq], _ = charter.Parse(v.Doc)
		if v.State == Settled || r.now < 0 {
			r.now = v.Seq
		}
	}
	r.out.Version = r.now
	return err
}

// members finds who could have contributed, and who holds which seat.
func (r *reporting) members(ctx context.Context) error {
	shared := map[protocol.AgentID]bool{}
	r.member = map[protocol.AgentID]bool{}
	for p := (Page{Limit: maxPage}); ; {
		all, next, err := r.l.SharedAccounts(ctx, r.id, p)
		if err != nil {
			return err
		}
		for _, a := range all {
			shared[a.Agent.ID] = true
		}
		if p.After = next; next == "" {
			break
		}
	}
	for p := (Page{Limit: maxPage}); ; {
		all, next, err := r.l.Agents(ctx, r.id, p)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.HasLog && !a.Commons && !shared[a.ID] {
				r.known[a.ID] = a
				r.seated, r.member[a.ID] = append(r.seated, a.ID), true
			}
		}
		if p.After = next; next == "" {
			break
		}
	}
	status, err := r.l.Witnesses(ctx, r.id)
	r.witness = map[protocol.AgentID]bool{}
	for _, a := range status.Current.Members {
		r.witness[a.ID] = true
	}
	return err
}

// who returns the agent that speaks for an agent.
func (r *reporting) who(id protocol.AgentID) (Agent, error) {
	if a, found := r.known[id]; found {
		return a, nil
	}
	speaks, _, err := r.l.resolve(stored{r.l, r.no}, id)
	if err != nil {
		return Agent{}, err
	}
	a, err := r.l.agent(r.no, r.c, speaks)
	if err == nil {
		r.known[id] = a
	}
	return a, err
}

// of returns the part of an agent in the report.
func (r *reporting) of(a Agent) *AgentReport {
	part := r.agents[a.ID]
	if part == nil {
		part = &AgentReport{Agent: a, Streams: zeroStreams(), Witness: r.witness[a.ID]}
		r.agents[a.ID] = part
	}
	return part
}

func zeroStreams() ByStream { return ByStream{new(big.Rat), new(big.Rat), new(big.Rat)} }

func (s ByStream) of(stream charter.Stream) *big.Rat {
	switch stream {
	case charter.Love:
		return s.Love
	case charter.Care:
		return s.Care
	}
	return s.Livelihood
}

// in returns what a report says of a currency.
func (r *reporting) in(currency string) *MoneyReport {
	m := r.money[currency]
	if m == nil {
		m = &MoneyReport{Currency: currency, Streams: map[string]Total{}}
		for _, known := range r.c.currencies() {
			if known.Name == currency {
				m.Scale = known.Scale
			}
		}
		r.money[currency] = m
	}
	return m
}

// moneyOf returns the money of an agent in a currency.
func (r *reporting) moneyOf(a Agent, currency string) *AgentMoney {
	part := r.of(a)
	at, found := slices.BinarySearchFunc(part.Money, currency, func(m AgentMoney, name string) int { return cmp.Compare(m.Currency, name) })
	if !found {
		part.Money = slices.Insert(part.Money, at, AgentMoney{Currency: currency})
	}
	return &part.Money[at]
}

func (r *reporting) within(t protocol.Time) bool { return t >= r.q.From && t < r.q.To }

func (r *reporting) events(ctx context.Context) error {
	r.out.Streams = zeroStreams()
	for p := (Page{Limit: maxPage}); ; {
		all, next, err := r.l.Events(ctx, r.id, EventFilter{}, p)
		if err != nil {
			return err
		}
		for _, e := range all {
			if e.State != Settled {
				continue
			}
			take := r.contribution
			if e.Body.Currency != "" {
				take = r.payment
			}
			if err := take(ctx, e); err != nil {
				return err
			}
		}
		if p.After = next; next == "" {
			return nil
		}
	}
}

// payment counts money that came into the pool.
func (r *reporting) payment(_ context.Context, e Event) error {
	b := e.Body
	pool := protocol.AgentID(r.id)
	if !r.within(e.Entry.Time) || b.Receiver != pool || b.ResourceQuantity == nil {
		return nil
	}
	payer, err := r.who(b.Provider)
	if err != nil {
		return err
	}
	amount := rules.TotalOf(b.ResourceQuantity.Amount())
	if e.Entry.Log == r.id.Charter() {
		m := r.in(b.Currency)
		m.Income = m.Income.Add(amount)
	}
	own := r.moneyOf(payer, b.Currency)
	own.Paid = own.Paid.Add(amount)
	r.in(b.Currency)
	return nil
}

// contribution values an event, or a correction by what it corrects.
func (r *reporting) contribution(ctx context.Context, e Event) error {
	what, counts := e, e.Confirmed
	for !what.Body.Corrects.IsZero() && counts {
		var err error
		if what, err = r.l.Event(ctx, what.Body.Corrects); err != nil {
			return err
		}
		counts = what.Confirmed && what.State == Settled
	}
	if !counts || !r.within(timeOf(what)) {
		return nil
	}
	one := int64(1)
	if what.ID != e.ID {
		one = 0
	}
	provider, err := r.who(what.Body.Provider)
	if err != nil || provider.Commons {
		return err
	}
	value, stream, outcome, err := r.worth(e, what, provider.HasLog)
	switch {
	case err != nil:
		return err
	case outcome == unmatched:
		r.out.Unmatched += one
	case outcome == unvalued:
		r.out.Unvalued += one
		r.of(provider).Unvalued += one
	default:
		r.out.Events += one
		part := r.of(provider)
		part.Events += one
		for _, s := range []ByStream{part.Streams, r.out.Streams} {
			sum := s.of(stream)
			sum.Add(sum, value)
		}
	}
	return nil
}

// timeOf returns the time of an event itself, that of its entry if it says none.
func timeOf(e Event) protocol.Time {
	text := cmp.Or(e.Body.HasPointInTime, e.Body.HasEnd, e.Body.HasBeginning)
	if t, err := flow.ParseTime(text); err == nil {
		return protocol.TimeOf(t)
	}
	return e.Entry.Time
}

// What rules make of an event.
const (
	valued = iota
	unmatched
	unvalued
)

// worth values the quantities of one event by the first rule that is for another.
func (r *reporting) worth(e, what Event, member bool) (*big.Rat, charter.Stream, int, error) {
	subject, _, err := flow.SubjectOf(what.ID, what.Body, flow.AllParts(), r.l.reading(r.id).Lookup)
	if err != nil {
		return nil, "", unmatched, err
	}
	kind := share.Kind{Action: subject.Action, Resources: subject.Resources, Processes: subject.Processes, Plans: subject.Plans}
	var effort, resource Total
	if q := e.Body.EffortQuantity; q != nil {
		kind.EffortUnit, effort = q.Unit, rules.TotalOf(q.Amount())
	}
	if q := e.Body.ResourceQuantity; q != nil {
		kind.ResourceUnit, resource = q.Unit, rules.TotalOf(q.Amount())
	}
	doc := r.docs[r.now]
	for _, bucket := range doc.Buckets {
		i := share.FirstRule(bucket, kind, member)
		if i < 0 {
			continue
		}
		_, value, ok := share.Worth(doc.Streams, bucket.Rules[i], kind, effort, resource)
		if !ok || value == nil {
			return nil, "", unvalued, nil
		}
		return value, bucket.Rules[i].Stream, valued, nil
	}
	return nil, "", unmatched, nil
}

// distributions counts what was given to contributors.
func (r *reporting) distributions(ctx context.Context) error {
	all, err := r.l.CommittedDistributions(ctx, r.id)
	if err != nil {
		return err
	}
	for _, d := range all {
		parts, status, err := r.l.DistributionParts(ctx, r.id, d.ID.String())
		if err != nil {
			return err
		}
		if status.State != Settled || len(parts) == 0 || !r.within(parts[0].Time) {
			continue
		}
		for _, part := range parts {
			if body, is := part.Body.(*protocol.Distribution); is {
				if err := r.lines(body); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (r *reporting) lines(body *protocol.Distribution) error {
	for _, line := range body.Lines {
		payee, err := r.who(line.Agent)
		if err != nil {
			return err
		}
		if payee.Commons {
			continue
		}
		amount := rules.TotalOf(line.Amount)
		m, own := r.in(body.Currency), r.moneyOf(payee, body.Currency)
		m.Returned, own.Returned = m.Returned.Add(amount), own.Returned.Add(amount)
		stream := streamOf(r.docs[body.Version], line.Bucket)
		m.Streams[stream] = m.Streams[stream].Add(amount)
	}
	return nil
}

// streamOf returns the stream of a bucket: "several" where its rules have more than
// one, "none" where it has no rules.
func streamOf(doc charter.Document, bucket string) string {
	stream := "none"
	for _, b := range doc.Buckets {
		for _, rule := range b.Rules {
			switch {
			case b.Name != bucket:
			case stream == "none":
				stream = string(rule.Stream)
			case stream != string(rule.Stream):
				return "several"
			}
		}
	}
	return stream
}

// declarations counts what users say that they earned.
func (r *reporting) declarations(ctx context.Context) error {
	for p := (Page{Limit: maxPage}); ; {
		all, next, err := r.l.Declarations(ctx, r.id, protocol.AgentID{}, p)
		if err != nil {
			return err
		}
		for _, d := range all {
			end, err := time.Parse(time.DateOnly, d.Body.End)
			if err != nil || d.State != Settled || d.Opinion != reciprocity.Confirmed || !d.ReplacedBy.IsZero() || !r.within(protocol.TimeOf(end)) {
				continue
			}
			if d.Body.Currency == "" || d.Body.Use != "commercial" {
				continue
			}
			m := r.in(d.Body.Currency)
			own := r.moneyOf(d.Agent, d.Body.Currency)
			if d.Body.Income != nil {
				n := rules.TotalOf(*d.Body.Income)
				m.Declared, own.Declared = plus(m.Declared, n), plus(own.Declared, n)
			}
			if d.Body.Profit == nil {
				m.Unknown++
				continue
			}
			n := rules.TotalOf(*d.Body.Profit)
			m.Profit, own.Profit = plus(m.Profit, n), plus(own.Profit, n)
		}
		if p.After = next; next == "" {
			return nil
		}
	}
}

// plus adds to a sum that is nil while nothing is known of it.
func plus(sum *Total, n Total) *Total {
	if sum != nil {
		n = n.Add(*sum)
	}
	return &n
}

// done works out what follows from what was counted.
func (r *reporting) done() ValueReport {
	for _, part := range r.agents {
		for i := range part.Money {
			own := &part.Money[i]
			m := r.in(own.Currency)
			if own.Profit == nil {
				continue
			}
			kept := own.Profit.Sub(own.Paid)
			if kept.IsNegative() {
				kept = Total{}
			}
			own.Outside, m.Outside = &kept, plus(m.Outside, kept)
		}
		r.out.Agents = append(r.out.Agents, *part)
	}
	slices.SortFunc(r.out.Agents, func(a, b AgentReport) int {
		return cmp.Or(b.Streams.Sum().Cmp(a.Streams.Sum()), a.Agent.ID.EntryID.Compare(b.Agent.ID.EntryID))
	})
	for _, name := range slices.Sorted(maps.Keys(r.money)) {
		m := r.money[name]
		m.Kept = m.Income.Sub(m.Returned)
		m.Payouts = r.spread(func(a AgentReport) *big.Rat {
			for _, own := range a.Money {
				if own.Currency == name {
					return own.Returned.Rat()
				}
			}
			return nil
		})
		r.out.Money = append(r.out.Money, *m)
	}
	r.out.Contributions = r.spread(func(a AgentReport) *big.Rat { return a.Streams.Sum() })
	r.out.Witnesses = r.seats(func(a Agent) bool { return r.witness[a.ID] })
	r.out.Stewards = r.seats(func(a Agent) bool { return a.Steward })
	return r.out
}

// spread says how evenly something is spread over the members and whoever else has
// some of it.
func (r *reporting) spread(has func(AgentReport) *big.Rat) Concentration {
	var amounts []*big.Rat
	for _, a := range r.out.Agents {
		n := has(a)
		if n != nil && n.Sign() > 0 {
			amounts = append(amounts, n)
		} else if r.member[a.Agent.ID] {
			amounts = append(amounts, nil)
		}
	}
	for _, id := range r.seated {
		if r.agents[id] == nil {
			amounts = append(amounts, nil)
		}
	}
	return report.Of(amounts)
}

func (r *reporting) seats(sits func(Agent) bool) Concentration {
	amounts := make([]*big.Rat, len(r.seated))
	for i, id := range r.seated {
		if sits(r.known[id]) {
			amounts[i] = big.NewRat(1, 1)
		}
	}
	return report.Of(amounts)
}
