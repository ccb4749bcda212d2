package cut

import (
	"cmp"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/ledger/rules/provenance"
	"github.com/minga-commons/minga/protocol"
)

// Money of the commons, and of accounts that several hold, is a stock: what was
// paid comes from all that had come in before, mixed. Money of a person is that
// person's.

// payout is one part of a distribution: what the pool gave, and how much of that
// to each agent.
type payout struct {
	id       protocol.EntryID
	at       place
	time     protocol.Time
	currency int32
	to       []paid
	claims   []claim
	first    protocol.EntryID // of the distribution
	last     int64            // seq of the last part: it has no effect before
	ends     bool             // it is the last part
}

type paid struct {
	agent  protocol.AgentID
	amount rules.Total
}

// payout keeps a part of a distribution.
func (r *reader) payout(e protocol.Entry, b *protocol.Distribution) {
	p := payout{
		id: e.ID(), at: place{r.log, e.Seq}, time: e.Time, currency: r.text(b.Currency),
		first: b.First, last: e.Seq + b.Parts - 1 - b.Part, ends: b.Part == b.Parts-1,
	}
	if b.Part == 0 {
		p.first = e.ID()
	}
	for _, l := range b.Lines {
		if l.Agent.EntryID != r.commons.EntryID {
			p.to = append(p.to, paid{l.Agent, rules.TotalOf(l.Amount)})
		}
	}
	for _, w := range b.Claims {
		p.claims = append(p.claims, claim{w.Log, w.Seq})
	}
	r.payouts = append(r.payouts, p)
}

// dropPayouts leaves out the parts of distributions whose last part is not there, or
// void: they never had an effect.
func (r *reader) dropPayouts() {
	whole := map[protocol.EntryID]bool{}
	for _, p := range r.payouts {
		if p.ends {
			whole[p.first] = true
		}
	}
	r.payouts = slices.DeleteFunc(r.payouts, func(p payout) bool { return !whole[p.first] })
}

// movement is a flow of money in or out of a box.
type movement struct {
	flow   int
	at     place
	claims []claim // of what goes out
}

// box is what an agent has of a currency.
type box struct {
	stock int
	moves []movement
}

// money adds the stocks of money to a graph.
func (b *building) money() {
	pool := b.owner[b.agentOf[protocol.AgentID(b.commons)]]
	isBox := map[int32]bool{pool: true}
	b.passed = map[int]bool{}
	for i := range b.logs {
		if s := b.logs[i].shared; s >= 0 && s <= b.upTo[i] {
			isBox[b.logs[i].agent] = true
		}
	}
	boxes := map[stockKey]*box{}
	boxOf := func(agent, currency int32) *box {
		k := stockKey{none, agent, currency}
		if boxes[k] == nil {
			boxes[k] = &box{stock: b.stockOf(k)}
		}
		return boxes[k]
	}
	for i, l := range b.links {
		row := &b.rows[l.event]
		if row.is&isMoney == 0 {
			continue
		}
		f, amount := &b.net.Flows[i], b.events[l.event].Resource.Rat()
		currency := b.currencyOf(l.event)
		payer, payee := b.logs[row.log].agent, b.owner[l.receiver]
		move := movement{flow: i, at: place{row.log, row.seq}}
		if payer != payee && isBox[payer] { // else it is income: it comes from outside
			x := boxOf(payer, currency)
			f.Draws = append(f.Draws, provenance.Portion{Stock: x.stock, Amount: amount})
			out := move
			out.claims = b.claims[l.event]
			x.moves = append(x.moves, out)
			b.passed[i] = payer != pool
		}
		if isBox[payee] {
			x := boxOf(payee, currency)
			f.Feeds = append(f.Feeds, provenance.Portion{Stock: x.stock, Amount: amount})
			x.moves = append(x.moves, move)
		}
	}
	b.payEach(isBox, boxOf)
	for _, x := range boxes {
		b.line(x)
	}
}

func (b *building) currencyOf(event int32) int32 {
	for _, text := range b.keys[b.rows[event].key].subject.Resources {
		if i, known := b.texts.at[text]; known {
			return i
		}
	}
	return none
}

// payEach adds what distributions paid out of the pool.
func (b *building) payEach(isBox map[int32]bool, boxOf func(agent, currency int32) *box) {
	pool := b.owner[b.agentOf[protocol.AgentID(b.commons)]]
	for _, p := range b.payouts {
		if p.last > b.upTo[p.at.log] {
			continue
		}
		var away rules.Total
		add := func(amount rules.Total, feeds []provenance.Portion) int {
			x := boxOf(pool, p.currency)
			f := provenance.Flow{
				ID: p.id, Time: p.time, Feeds: feeds,
				Draws: []provenance.Portion{{Stock: x.stock, Amount: amount.Rat()}},
			}
			at := b.append(f, nil, none)
			x.moves = append(x.moves, movement{flow: at, at: p.at, claims: p.claims})
			return at
		}
		for _, l := range p.to {
			agent, known := b.agentOf[l.agent]
			if !known || !isBox[b.owner[agent]] {
				away = away.Add(l.amount)
				continue
			}
			x := boxOf(b.owner[agent], p.currency)
			at := add(l.amount, []provenance.Portion{{Stock: x.stock, Amount: l.amount.Rat()}})
			x.moves = append(x.moves, movement{flow: at, at: p.at})
		}
		if !away.IsZero() {
			add(away, nil)
		}
	}
}

// line says what comes before what in a box: in one log the entries before, and
// of what other logs paid in, what a payment relies on. The rest goes by time.
func (b *building) line(x *box) {
	byLog := map[int32][]movement{}
	slices.SortStableFunc(x.moves, func(a, c movement) int {
		return cmp.Or(cmp.Compare(a.at.log, c.at.log), cmp.Compare(a.at.seq, c.at.seq))
	})
	for _, m := range x.moves {
		byLog[m.at.log] = append(byLog[m.at.log], m)
	}
	for i, m := range x.moves {
		var after []int
		if i > 0 && x.moves[i-1].at.log == m.at.log {
			after = append(after, x.moves[i-1].flow)
		}
		for _, c := range m.claims {
			log, known := b.logOf[c.log]
			if !known {
				continue
			}
			moves := byLog[log]
			n, _ := slices.BinarySearchFunc(moves, c.seq+1, func(m movement, seq int64) int { return cmp.Compare(m.at.seq, seq) })
			if n > 0 && moves[n-1].flow != m.flow {
				after = append(after, moves[n-1].flow)
			}
		}
		f := &b.net.Flows[m.flow]
		for _, parts := range [][]provenance.Portion{f.Draws, f.Feeds} {
			for j := range parts {
				if parts[j].Stock == x.stock {
					parts[j].After = append(parts[j].After, after...)
				}
			}
		}
	}
}
