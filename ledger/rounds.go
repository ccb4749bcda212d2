package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/cut"
	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/ledger/rules/share"
	"github.com/minga-commons/minga/protocol"
)

// rounds are the distributions of a commons up to one, as the rules want them. The
// last is the one that is computed.
type rounds struct {
	cut   []cut.Round
	share []share.Round
}

// add adds a distribution that is shared by the rules of a document.
func (r *rounds) add(c cut.Round, s share.Round) {
	c.Weights = s.Charter.Weights
	r.cut, r.share = append(r.cut, c), append(r.share, s)
}

// compute computes the last round, and where its rules look at what incomes were paid
// for, says of which of them nothing is known. It waits until no other computation
// runs.
func (l *Ledger) compute(ctx context.Context, id protocol.CommonsID, r rounds) (share.Result, []protocol.EntryID, error) {
	free, err := l.inTurn(ctx)
	if err != nil {
		return share.Result{}, nil, err
	}
	defer free()
	facts, err := l.facts(ctx, id, r)
	if err != nil {
		return share.Result{}, nil, err
	}
	last := len(r.share) - 1
	result, err := share.Compute(facts, r.share[:last], r.share[last])
	if err != nil || !traces(r.share[last].Charter) {
		return result, nil, err
	}
	untraced, err := facts.Untraced(last)
	return result, untraced, err
}

// traces reports whether a rule of a charter looks at what incomes were paid for.
func traces(d charter.Document) bool {
	return slices.ContainsFunc(d.Buckets, func(b charter.Bucket) bool {
		return slices.ContainsFunc(b.Rules, func(r charter.Rule) bool { return r.Scope == charter.InTrace })
	})
}

// inTurn waits until no other computation runs, and returns what lets the next one
// begin: each may keep hundreds of megabytes in memory.
func (l *Ledger) inTurn(ctx context.Context) (free func(), err error) {
	select {
	case l.computing <- struct{}{}:
		return func() { <-l.computing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// facts reads what the last round looks at.
func (l *Ledger) facts(ctx context.Context, id protocol.CommonsID, r rounds) (*cut.Facts, error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, err
	}
	return cut.Read(ctx, cutSource{l, no, c}, id, r.cut)
}

// past returns the distributions that have their effect below a seq of the charter
// log.
func (l *Ledger) past(ctx context.Context, id protocol.CommonsID, below int64) (rounds, error) {
	var all rounds
	committed, err := l.CommittedDistributions(ctx, id)
	if err != nil {
		return all, err
	}
	row, err := l.logByID(id.Charter())
	if err != nil {
		return all, err
	}
	for _, d := range committed {
		if d.Last >= below {
			continue
		}
		var parts []protocol.Entry
		for seq := d.First; seq <= d.Last; seq++ {
			e, err := l.entryAt(row.at(seq), seq)
			if err != nil {
				return all, err
			}
			parts = append(parts, e)
		}
		if err := l.addParts(id, &all, parts, true); err != nil {
			return all, fmt.Errorf("distribution %v: %w", d.ID, err)
		}
	}
	return all, nil
}

// addParts adds a distribution that is written or proposed.
func (l *Ledger) addParts(id protocol.CommonsID, to *rounds, parts []protocol.Entry, committed bool) error {
	d := distributionOf(parts)
	version, err := l.charterVersion(id, d.Version)
	if err != nil {
		return err
	}
	s, err := version.round(id, d.Currency, d.Amount)
	if err != nil {
		return err
	}
	if committed {
		for _, line := range d.lines {
			amount, _ := atScale(line.Amount, s.Scale)
			s.Lines = append(s.Lines, protocol.Line{Agent: line.Agent, Bucket: line.Bucket, Amount: amount})
		}
	}
	to.add(cut.Round{Cut: d.Cut, AsOf: d.Time, Incomes: d.Incomes}, s)
	return nil
}

// written is a distribution with its lines as they are written.
type written struct {
	Distribution
	lines []protocol.Line
}

// distributionOf joins the parts of a distribution.
func distributionOf(parts []protocol.Entry) written {
	first := parts[0].Body.(*protocol.Distribution)
	w := written{Distribution: Distribution{
		ID: parts[0].ID(), Time: parts[0].Time, Currency: first.Currency, Version: first.Version,
	}}
	if first.Amount != nil {
		w.Amount = *first.Amount
		w.Remainder.Scale = w.Amount.Scale
	}
	if first.Remainder != nil {
		w.Remainder = *first.Remainder
	}
	for _, e := range parts {
		b := e.Body.(*protocol.Distribution)
		w.Incomes, w.Cut, w.lines = append(w.Incomes, b.Incomes...), append(w.Cut, b.Cut...), append(w.lines, b.Lines...)
	}
	return w
}

// charterRules is a version of the charter, and from when on each bucket was there.
type charterRules struct {
	doc   charter.Document
	plain map[string]protocol.Value
	since map[string]protocol.Time
}

// charterVersion returns the version of the charter that stands at a seq.
func (l *Ledger) charterVersion(id protocol.CommonsID, seq int64) (charterRules, error) {
	_, c, err := l.state(id)
	if err != nil {
		return charterRules{}, err
	}
	row, err := l.logByID(id.Charter())
	if err != nil {
		return charterRules{}, err
	}
	v := charterRules{since: map[string]protocol.Time{}}
	for _, t := range c.terms {
		if t.seq > seq {
			break
		}
		e, err := l.entryAt(row.at(t.seq), t.seq)
		if err != nil {
			return v, err
		}
		body, is := e.Body.(*protocol.Charter)
		if !is {
			return v, fmt.Errorf("%w: charter %d", ErrDamaged, t.seq)
		}
		doc, _ := charter.Check(body)
		for _, b := range doc.Buckets {
			if _, known := v.since[b.Name]; !known {
				v.since[b.Name] = e.Time
			}
		}
		if t.seq == seq {
			v.doc, v.plain = doc, body.Doc
		}
	}
	if v.plain == nil {
		return v, fmt.Errorf("%w: version %d of the charter", ErrNotFound, seq)
	}
	return v, nil
}

// tried returns a document that is tried out, as if it were approved at a time.
func (l *Ledger) tried(ctx context.Context, id protocol.CommonsID, seq int64, doc map[string]protocol.Value, at protocol.Time) (charterRules, error) {
	v, err := l.charterVersion(id, seq)
	if err != nil {
		return v, err
	}
	if doc, err = CleanCharter(doc); err != nil {
		return v, err
	}
	parsed, faults := charter.Parse(doc)
	if len(faults) > 0 {
		return v, &CharterError{Faults: faults}
	}
	parsed.IDs = map[string]protocol.AgentID{}
	for _, name := range parsed.Names() {
		if name == parsed.Name {
			parsed.IDs[name] = protocol.AgentID(id)
			continue
		}
		a, err := l.FindAgent(ctx, id, name)
		if err != nil {
			return v, err
		}
		parsed.IDs[name] = a.ID
	}
	v.doc, v.plain = parsed, doc
	for _, b := range parsed.Buckets {
		if _, known := v.since[b.Name]; !known {
			v.since[b.Name] = at
		}
	}
	return v, nil
}

// second is a second of a protocol.Time.
const second = 1000

// round returns a round by these rules.
func (v charterRules) round(id protocol.CommonsID, currency string, amount protocol.Amount) (share.Round, error) {
	at := slices.IndexFunc(v.doc.Currencies, func(c charter.Currency) bool { return c.Name == currency })
	if at < 0 {
		return share.Round{}, fmt.Errorf("%w: this version of the charter has no currency %q", ErrInvalid, currency)
	}
	scale := int(v.doc.Currencies[at].Scale)
	whole, fits := atScale(amount, scale)
	if !fits {
		return share.Round{}, fmt.Errorf("%w: %s has %d decimal places, %s has more", ErrInvalid, currency, scale, amount)
	}
	s := share.Round{
		Charter: v.doc, Commons: protocol.AgentID(id), Currency: currency, Scale: scale, Amount: whole,
		Since: map[string]protocol.Time{},
	}
	for _, b := range v.doc.Buckets {
		since := v.since[b.Name]
		since -= since % second // events say their time by the second
		if b.Since != "" {
			if t, err := flow.ParseTime(b.Since); err == nil {
				since = protocol.TimeOf(t)
			}
		}
		s.Since[b.Name] = since
	}
	return s, nil
}

// atScale returns an amount with a number of decimal places, and whether it has no
// more than these.
func atScale(a protocol.Amount, scale int) (protocol.Amount, bool) {
	for a.Scale > int64(scale) && a.N%10 == 0 {
		a.N, a.Scale = a.N/10, a.Scale-1
	}
	for a.Scale < int64(scale) && a.N < protocol.MaxMantissa {
		a.N, a.Scale = a.N*10, a.Scale+1
	}
	return a, a.Scale == int64(scale) && a.N <= protocol.MaxMantissa
}

// openIncomes returns the settled incomes in a currency that no distribution
// names yet, oldest first.
func (l *Ledger) openIncomes(ctx context.Context, id protocol.CommonsID, currency string, past rounds) ([]Event, error) {
	row, err := l.logByID(id.Charter())
	if err != nil {
		return nil, err
	}
	named := map[protocol.EntryID]bool{}
	for _, r := range past.cut {
		for _, income := range r.Incomes {
			named[income] = true
		}
	}
	var all []Event
	for e, err := range l.Entries(ctx, protocol.Range{Log: id.Charter(), Last: row.decided()}) {
		if err != nil {
			return nil, err
		}
		b, moves := account.Is(e)
		if !moves || b.Currency != currency || !account.Income(id, e, b) || named[e.ID()] {
			continue
		}
		ev, err := l.event(e, row.at(e.Seq))
		if err != nil {
			return nil, err
		}
		if ev.State == Settled {
			all = append(all, ev)
		}
	}
	return all, nil
}

// incomes returns the incomes that a request means.
func (l *Ledger) incomes(ctx context.Context, id protocol.CommonsID, q DistributionRequest, past rounds) ([]protocol.EntryID, error) {
	if len(q.Incomes) == 0 {
		open, err := l.openIncomes(ctx, id, q.Currency, past)
		var all []protocol.EntryID
		var sum rules.Total
		for _, ev := range open {
			if !rules.TotalOf(q.Amount).Above(sum) {
				break
			}
			all = append(all, ev.ID)
			sum = sum.Add(account.Of(id, ev.Entry, ev.Body).Amount)
		}
		return all, err
	}
	seen := map[protocol.EntryID]bool{}
	for _, income := range q.Incomes {
		ev, err := l.Event(ctx, income)
		switch {
		case errors.Is(err, ErrNotFound):
			return nil, fmt.Errorf("%w: income %v", ErrNotFound, income)
		case err != nil:
			return nil, err
		case ev.Body.Currency == "" || !account.Income(id, ev.Entry, ev.Body):
			return nil, &IncomeError{Income: income}
		case ev.Body.Currency != q.Currency:
			return nil, &IncomeError{Income: income, Currency: ev.Body.Currency}
		case ev.State != Settled:
			return nil, fmt.Errorf("%w: income %v is %s", ErrUnsettled, income, ev.State)
		case seen[income]:
			return nil, fmt.Errorf("%w: income %v is named twice", ErrInvalid, income)
		}
		seen[income] = true
	}
	return slices.Clone(q.Incomes), nil
}
