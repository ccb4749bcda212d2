package ledger

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/account"
	"github.com/minga-commons/minga/protocol"
)

// Balance returns what an agent has contributed, and what is on its accounts. An
// agent record that is bound to a log is answered as that log's agent, whose
// accounts and contributions hold those of its records. It reads one row of each
// of them, and does not grow with the ledger; who has very many lines is looked
// up line by line.
func (l *Ledger) Balance(_ context.Context, id protocol.CommonsID, agent protocol.AgentID) (Sheet, error) {
	no, c, err := l.state(id)
	if err != nil {
		return Sheet{}, err
	}
	folios, err := l.foliosOf(no, agent)
	if err != nil {
		return Sheet{}, err
	}
	sheet := Sheet{Contributions: []Contribution{}}
	who := folios[0]
	if sheet.Agent, err = agentFrom(who, c, who.agent); err != nil {
		return sheet, err
	}
	held, decided, err := who.log()
	if err != nil {
		return sheet, err
	}
	sheet.Agent.HasLog = held
	var agents []protocol.AgentID
	for _, f := range folios {
		rows, err := f.totals()
		if err != nil {
			return sheet, err
		}
		sheet.Contributions = contributions(sheet.Contributions, rows)
		agents = append(agents, f.agent)
	}
	if c.hasWindows() {
		if err := l.unripe(no, agents, sheet.Contributions, protocol.TimeOf(l.now())); err != nil {
			return sheet, err
		}
	}
	sheet.Accounts, err = accountLines(c, folios, held, decided)
	return sheet, err
}

// foliosOf returns the folio of the agent that speaks for an agent, and those of
// all whose accounts are that agent's.
func (l *Ledger) foliosOf(no commonsNo, agent protocol.AgentID) ([]folio, error) {
	f, err := l.folio(no, agent)
	if err != nil {
		return nil, err
	}
	log, _, err := account.BoundTo(f, agent)
	if err == nil && !log.IsZero() {
		f, err = l.folio(no, log.Agent())
	}
	if err != nil {
		return nil, err
	}
	all := []folio{f}
	records, err := account.Records(f, protocol.LogID(f.agent))
	for _, r := range records {
		if err != nil {
			break
		}
		f, err = l.folio(no, r)
		all = append(all, f)
	}
	return all, err
}

// resolve returns the agent that speaks for an agent, and all whose accounts are
// that agent's.
func (l *Ledger) resolve(x rules.Rows, agent protocol.AgentID) (protocol.AgentID, []protocol.AgentID, error) {
	log, _, err := account.BoundTo(x, agent)
	if err != nil {
		return agent, nil, err
	}
	if !log.IsZero() {
		agent = log.Agent()
	}
	records, err := account.Records(x, protocol.LogID(agent))
	return agent, append([]protocol.AgentID{agent}, records...), err
}

// contributions adds the lines of an agent to those of a sheet.
func contributions(lines []Contribution, rows []totalRow) []Contribution {
	first := len(lines) == 0 // an agent's own lines are all different
	for _, r := range rows {
		found := -1
		if !first {
			found = slices.IndexFunc(lines, func(c Contribution) bool {
				return c.Action == r.line.Action && c.Resource == r.line.Resource && c.Unit == r.line.Unit
			})
		}
		if found < 0 {
			found = len(lines)
			lines = append(lines, Contribution{Action: r.line.Action, Resource: r.line.Resource, Unit: r.line.Unit})
		}
		at := &lines[found]
		at.Quantity, at.Confirmed = at.Quantity.Add(r.sums.Quantity), at.Confirmed.Add(r.sums.Confirmed)
		at.Events += r.sums.Events
	}
	slices.SortFunc(lines, func(a, b Contribution) int {
		return cmp.Or(cmp.Compare(a.Action, b.Action), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Unit, b.Unit))
	})
	return lines
}

// accountLines returns one line for each currency of the charter in force, and
// for each former one in which something is left. The first folio is that of the
// agent who speaks for all; held and decided say whether it has a log, and one
// that can pay.
func accountLines(c *commonsState, folios []folio, held, decided bool) ([]AccountLine, error) {
	lines := []AccountLine{}
	who, terms := folios[0], c.currentTerms()
	payer := account.Payer{Terms: terms, Admitted: decided}
	if decided && terms.Open {
		admitted, err := who.Get(rules.Admitted, who.agent.EntryID[:])
		if err != nil {
			return nil, err
		}
		payer.Admitted = admitted != nil
	}
	for _, currency := range c.currencies() {
		line := AccountLine{Currency: currency.Name, Scale: currency.Scale}
		var sums account.Sheet
		for _, f := range folios {
			s, err := account.Read(f, f.agent, currency.Name)
			if err != nil {
				return nil, err
			}
			sums = sums.Add(s)
		}
		line.Settled, line.Pending = sums.Settled(), sums.Pending()
		if _, now := terms.Currency(currency.Name); !now && sums == (account.Sheet{}) {
			continue
		}
		if held {
			line.Limit = account.Limit(c.id(), payer, protocol.LogID(who.agent), currency.Name)
			line.Available = sums.SettledIn.Sub(sums.Out).Add(line.Limit)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// currencies returns the currencies of all versions of the charter, the newest
// declaration of each, ascending by name.
func (c *commonsState) currencies() []rules.Currency {
	var all []rules.Currency
	for _, t := range slices.Backward(c.terms) {
		for _, currency := range t.terms.Currencies {
			known := slices.ContainsFunc(all, func(o rules.Currency) bool { return o.Name == currency.Name })
			if !known {
				all = append(all, currency)
			}
		}
	}
	slices.SortFunc(all, func(a, b rules.Currency) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Currencies returns the currencies of the charter in force, ordered by name.
func (l *Ledger) Currencies(_ context.Context, id protocol.CommonsID) ([]Payable, error) {
	_, c, err := l.state(id)
	if err != nil {
		return nil, err
	}
	return slices.Clone(c.currentTerms().Currencies), nil
}

// Statement returns the movements of an agent's accounts in one currency, in the
// order of the times that their authors claim, then of their identifiers.
func (l *Ledger) Statement(_ context.Context, id protocol.CommonsID, agent protocol.AgentID, currency string, p Page) ([]Movement, string, error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, "", err
	}
	who, accounts, err := l.resolve(stored{l, no}, agent)
	if err != nil {
		return nil, "", err
	}
	if _, err := l.agent(no, c, who); err != nil {
		return nil, "", err
	}
	at, err := statementFrom(p.After)
	if err != nil {
		return nil, "", err
	}
	rows, err := l.movements(no, accounts, currency, at.key, p.limit()+1)
	if err != nil {
		return nil, "", err
	}
	all := []Movement{}
	for i, r := range rows {
		if i == p.limit() {
			return all, at.String(), nil
		}
		m, err := l.movement(no, c, r)
		if err != nil {
			return nil, "", err
		}
		at.balance = at.balance.Add(m.Amount)
		if m.Event.State == Settled {
			at.settled = at.settled.Add(m.Amount)
		}
		at.key = r.key()
		m.Balance, m.Settled = at.balance, at.settled
		all = append(all, m)
	}
	return all, "", nil
}

func (l *Ledger) movement(no commonsNo, c *commonsState, on movement) (Movement, error) {
	if _, last := account.Last(on.entry); last {
		return l.sharing(no, c, on)
	}
	if _, pays := account.Is(on.entry); !pays {
		return Movement{}, fmt.Errorf("%w: entry %d of log %d is no payment", ErrDamaged, on.seq, on.no)
	}
	ev, err := l.event(on.entry, on.no)
	if err != nil {
		return Movement{}, err
	}
	p := account.Of(c.id(), ev.Entry, ev.Body)
	m := Movement{Event: ev, Amount: p.Amount}
	other := p.Payer
	if p.Payer == on.of {
		m.Amount, other = p.Amount.Neg(), p.Payee
	}
	if other.IsZero() {
		other = ev.Body.Provider // who brought the money in from outside
	}
	m.Other, err = l.knownAgent(no, c, other)
	return m, err
}

// sharing returns the line of a statement that a distribution makes.
func (l *Ledger) sharing(no commonsNo, c *commonsState, on movement) (Movement, error) {
	status, err := l.status(on.entry, on.no)
	if err != nil {
		return Movement{}, err
	}
	share, err := account.ReadShare(stored{l, no}, on.seq, on.of)
	if err != nil {
		return Movement{}, err
	}
	body, _ := account.Last(on.entry)
	id := body.First
	if body.Part == 0 {
		id = on.entry.ID()
	}
	m := Movement{
		Event:        Event{ID: id, Entry: on.entry, Author: on.entry.Log.Agent(), State: status.State, Reason: status.Reason},
		Distribution: true, Buckets: share.Buckets, Amount: share.Amount,
	}
	if on.of == c.id().Charter().Agent() {
		m.Amount = share.Amount.Neg()
		return m, nil
	}
	m.Other, err = l.knownAgent(no, c, c.id().Charter().Agent())
	return m, err
}

// statementAt is the cursor of a statement: the last line and its sums.
type statementAt struct {
	key              []byte
	balance, settled Total
}

func statementFrom(text string) (at statementAt, err error) {
	b, err := cursorBytes(text)
	if err == nil && len(b) != 0 && len(b) != movementKeySize+2*rules.TotalSize {
		err = &CursorError{text}
	}
	if err != nil || len(b) == 0 {
		return at, err
	}
	at.key = b[:movementKeySize]
	at.balance = rules.TotalFromBytes(b[movementKeySize:])
	at.settled = rules.TotalFromBytes(b[movementKeySize+rules.TotalSize:])
	return at, nil
}

// String returns the cursor in its opaque form.
func (at statementAt) String() string {
	return cursorText(at.settled.Append(at.balance.Append(bytes.Clone(at.key))))
}

// SharedAccounts returns the logs with several keys, the charter log excluded,
// in the order in which they were admitted here.
func (l *Ledger) SharedAccounts(ctx context.Context, id protocol.CommonsID, p Page) ([]SharedAccount, string, error) {
	no, c, err := l.state(id)
	if err != nil {
		return nil, "", err
	}
	after, err := cursorBytes(p.After)
	if err != nil || len(after) != 0 && len(after) != 4 {
		return nil, "", &CursorError{p.After}
	}
	all := []SharedAccount{}
	for row, err := range l.logRows(ctx, id) {
		if err != nil {
			return nil, "", err
		}
		seen := len(after) > 0 && row.no <= logNo(binary.BigEndian.Uint32(after))
		if seen || len(row.Keys) < 2 || row.log() == id.Charter() {
			continue
		}
		if len(all) == p.limit() {
			return all, cursorText(after), nil
		}
		shared, err := l.sharedAccount(no, c, row)
		if err != nil {
			return nil, "", err
		}
		all, after = append(all, shared), row.no.bytes()
	}
	return all, "", nil
}

func (l *Ledger) sharedAccount(no commonsNo, c *commonsState, row *logRow) (SharedAccount, error) {
	shared := SharedAccount{Threshold: int(row.Threshold)}
	var err error
	if shared.Agent, err = l.agent(no, c, row.log().Agent()); errors.Is(err, ErrNotFound) {
		shared.Agent, err = Agent{ID: row.log().Agent(), HasLog: true}, nil
	}
	for _, k := range row.Keys {
		if err != nil {
			return shared, err
		}
		var member Agent
		if member, err = l.holderOf(no, c, k); err == nil {
			shared.Members = append(shared.Members, member)
		}
	}
	return shared, err
}
