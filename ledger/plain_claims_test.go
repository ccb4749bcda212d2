package ledger_test

import (
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

type ratBy[K comparable] map[K]*big.Rat

func (m ratBy[K]) at(k K) *big.Rat {
	if x := m[k]; x != nil {
		return x
	}
	return new(big.Rat)
}

func (m ratBy[K]) add(k K, x *big.Rat) { m[k] = new(big.Rat).Add(m.at(k), x) }

// bucketBook is what earlier distributions left of the claims of one bucket.
type bucketBook struct {
	taken, paid, worth ratBy[protocol.EntryID]
	carry, got         ratBy[protocol.AgentID]
}

func newBook() *bucketBook {
	return &bucketBook{ratBy[protocol.EntryID]{}, ratBy[protocol.EntryID]{}, ratBy[protocol.EntryID]{}, ratBy[protocol.AgentID]{}, ratBy[protocol.AgentID]{}}
}

// plainClaim is what one event is worth to one payee.
type plainClaim struct {
	event             protocol.EntryID
	payee             protocol.AgentID
	claim             charter.Claim
	full, life, wants *big.Rat
}

// valuer values events by the rules of one bucket.
type valuer struct {
	cutWorld
	bucket charter.Bucket
}

// rule returns the first rule that fits an event.
func (v valuer) rule(root protocol.Entry) *charter.Rule {
	who := v.owner(root.Body.(*protocol.Event).Provider)
	for _, r := range v.bucket.Rules {
		if v.fits(root, r.Filter) && (r.Who != charter.Members || v.member(who) || who == protocol.AgentID(v.commons)) {
			if r.Credit != charter.ToSource && who == protocol.AgentID(v.commons) {
				return nil // nobody's contribution
			}
			return &r
		}
	}
	return nil
}

// worth returns the full value of an event or of a correction of it, nil if it
// cannot be measured.
func (v valuer) worth(e protocol.Entry, r *charter.Rule) *big.Rat {
	b, root := e.Body.(*protocol.Event), v.root(e)
	if r.Percent == nil {
		q := ratOf(b.EffortQuantity, r.Per)
		if q == nil {
			q = ratOf(b.ResourceQuantity, r.Per)
		}
		if q == nil {
			return nil
		}
		q.Mul(q, ratAmount(*r.Rate))
		return q.Mul(q, ratAmount(v.doc.Streams.Of(r.Stream)))
	}
	of := root.Body.(*protocol.Event)
	if of.InputOf.IsZero() {
		return nil
	}
	base := v.sum(v.into(of.InputOf))
	base.Mul(base, ratAmount(*r.Percent))
	base.Mul(base, big.NewRat(1, 100))
	if e.ID() != root.ID() {
		base.Mul(base, ratAmount(b.ResourceQuantity.Amount()))
		base.Quo(base, ratAmount(of.ResourceQuantity.Amount()))
	}
	return base
}

// sum adds up the values of parts of events, citations under a percent aside.
func (v valuer) sum(parts map[protocol.EntryID]*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for id, part := range parts {
		if r := v.rule(v.held[id]); r != nil && r.Percent == nil {
			sum.Add(sum, new(big.Rat).Mul(part, v.whole(id, r)))
		}
	}
	return sum
}

// whole returns the value of an event with its corrections, as far as they count.
func (v valuer) whole(id protocol.EntryID, r *charter.Rule) *big.Rat {
	sum := new(big.Rat)
	for _, e := range append([]protocol.Entry{v.held[id]}, v.corrections(id)...) {
		if v.counts(e) {
			if x := v.worth(e, r); x != nil {
				sum.Add(sum, x)
			}
		}
	}
	return sum
}

// credited returns whose the value of an event is, in parts of one.
func (v valuer) credited(id protocol.EntryID, r *charter.Rule) ratBy[protocol.AgentID] {
	all := ratBy[protocol.AgentID]{}
	if r.Credit == charter.ToSource {
		found := ratBy[protocol.EntryID]{}
		sum := new(big.Rat)
		for other, part := range v.behind(id) {
			if o := v.rule(v.held[other]); o != nil && len(v.credited(other, o)) > 0 {
				if x := v.whole(other, o); x.Sign() > 0 {
					found[other] = x.Mul(x, part)
					sum.Add(sum, x)
				}
			}
		}
		for other, x := range found {
			for agent, part := range v.credited(other, v.rule(v.held[other])) {
				all.add(agent, new(big.Rat).Mul(part, new(big.Rat).Quo(x, sum)))
			}
		}
	}
	if who := v.owner(v.event(id).Provider); len(all) == 0 && who != protocol.AgentID(v.commons) {
		all[who] = big.NewRat(1, 1)
	}
	return all
}

// claims returns the claims on a bucket in a round, and uses up what is once.
func (v valuer) claims(book *bucketBook, since protocol.Time, delivered map[protocol.EntryID]*big.Rat) (all []plainClaim) {
	for _, e := range v.events() {
		if !v.counts(e) {
			continue
		}
		root, id := v.root(e), e.ID()
		r := v.rule(root)
		if r == nil {
			continue
		}
		f := big.NewRat(1, 1)
		if r.Scope == charter.InTrace {
			if f = delivered[root.ID()]; f == nil {
				continue
			}
		}
		full := v.worth(e, r)
		if full == nil || r.Claim == charter.Equity && eventMoment(root) < since {
			continue
		}
		life := new(big.Rat).Mul(full, f)
		var wants *big.Rat
		switch r.Claim {
		case charter.Equity:
			wants = life
		case charter.Debt:
			wants = new(big.Rat).Mul(full, positive(new(big.Rat).Sub(f, book.taken.at(id))))
			wants.Sub(wants, book.paid.at(id))
		default:
			used := new(big.Rat).Set(book.taken.at(id))
			if w := book.worth.at(id); w.Sign() != 0 {
				used.Add(used, new(big.Rat).Quo(book.paid.at(id), w))
			}
			left := positive(new(big.Rat).Sub(f, used))
			wants = new(big.Rat).Mul(full, left)
			book.taken.add(id, left)
		}
		if wants.Sign() != full.Sign() {
			wants = new(big.Rat)
		}
		v.meet(e, r, f, wants)
		for agent, part := range v.credited(root.ID(), r) {
			if agent != v.owner(root.Body.(*protocol.Event).Provider) && wants.Sign() != 0 {
				v.seen["credited to a source"]++
			}
			all = append(all, plainClaim{
				id, agent, r.Claim, full, new(big.Rat).Mul(life, part), new(big.Rat).Mul(wants, part),
			})
		}
	}
	return all
}

// meet counts what a claim has to do with.
func (v valuer) meet(e protocol.Entry, r *charter.Rule, f, wants *big.Rat) {
	if wants.Sign() == 0 {
		return
	}
	v.seen["claims "+string(r.Claim)]++
	if e.ID() != v.root(e).ID() {
		v.seen["corrections"]++
	}
	if r.Scope == charter.InTrace && f.Cmp(big.NewRat(1, 1)) < 0 {
		v.seen["traced in part"]++
	}
	if r.Percent != nil {
		v.seen["percents"]++
	}
}

func positive(x *big.Rat) *big.Rat {
	if x.Sign() < 0 {
		return new(big.Rat)
	}
	return x
}

// payeeSums are the sums of one payee's claims.
type payeeSums struct {
	sum, once, equity, life *big.Rat
	claims                  int
	onlyDebt                bool
}

func (b *bucketBook) sums(agent protocol.AgentID, claims []plainClaim) payeeSums {
	s := payeeSums{new(big.Rat).Set(b.carry.at(agent)), new(big.Rat).Set(b.carry.at(agent)), new(big.Rat), new(big.Rat), 0, true}
	for _, c := range claims {
		if c.payee != agent {
			continue
		}
		s.claims++
		s.sum.Add(s.sum, c.wants)
		s.life.Add(s.life, c.life)
		switch c.claim {
		case charter.Equity:
			s.equity.Add(s.equity, c.wants)
		case charter.Debt:
		default:
			s.once.Add(s.once, c.wants)
		}
		s.onlyDebt = s.onlyDebt && c.claim == charter.Debt
	}
	return s
}

// settle writes down what a committed distribution paid of the claims.
func (b *bucketBook) settle(w cutWorld, claims []plainClaim, lines map[protocol.AgentID]*big.Rat) {
	agents := map[protocol.AgentID]bool{}
	for _, c := range claims {
		agents[c.payee] = true
	}
	for a := range b.carry {
		agents[a] = true
	}
	for a := range agents {
		s := b.sums(a, claims)
		if s.sum.Sign() <= 0 {
			if b.carry[a] = s.once; s.once.Sign() < 0 {
				w.seen["carried"]++
			}
			continue
		}
		part := new(big.Rat)
		if lines[a] != nil {
			part.Quo(lines[a], s.sum)
		}
		if part.Cmp(big.NewRat(1, 1)) > 0 {
			part = big.NewRat(1, 1)
		}
		if part.Sign() > 0 && part.Cmp(big.NewRat(1, 1)) < 0 {
			w.seen["paid in part"]++
		}
		b.carry[a] = new(big.Rat)
		if s.once.Sign() < 0 {
			b.carry[a] = new(big.Rat).Mul(s.once, new(big.Rat).Sub(big.NewRat(1, 1), part))
		}
		for _, c := range claims {
			if c.payee == a && c.claim == charter.Debt && c.wants.Sign() != 0 && part.Sign() > 0 {
				b.paid.add(c.event, new(big.Rat).Mul(c.wants, part))
				b.worth[c.event] = c.full
			}
		}
	}
	for a, x := range lines {
		b.got.add(a, x)
	}
}

// bound gives everything of a book to whoever an agent has become.
func (b *bucketBook) bound(w cutWorld) {
	for _, m := range []*ratBy[protocol.AgentID]{&b.carry, &b.got} {
		next := ratBy[protocol.AgentID]{}
		for a, x := range *m {
			next.add(w.owner(a), x)
		}
		*m = next
	}
}

// bookOf replays the earlier distributions of a bucket.
func (p plain) bookOf(name, currency string, past []plainRound) *bucketBook {
	book := newBook()
	var incomes []protocol.EntryID
	for _, r := range past {
		incomes = append(incomes, r.incomes...)
		doc, since := p.charterAt(r.version)
		w := p.at(r)
		for _, bucket := range doc.Buckets {
			if bucket.Name != name || bucket.Currency != "" && bucket.Currency != r.currency {
				continue
			}
			book.bound(w)
			lines := map[protocol.AgentID]*big.Rat{}
			for _, l := range r.lines {
				if l.Bucket == name {
					ratBy[protocol.AgentID](lines).add(l.Agent, ratAmount(l.Amount))
				}
			}
			claims := valuer{w, bucket}.claims(book, since[name], w.parts(w.delivered(incomes)))
			book.settle(w, claims, lines)
		}
	}
	return book
}

// agentsOf returns everybody with a claim or something carried.
func agentsOf(book *bucketBook, claims []plainClaim) []protocol.AgentID {
	var all []protocol.AgentID
	for _, c := range claims {
		all = append(all, c.payee)
	}
	for a := range book.carry {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b protocol.AgentID) int { return a.Compare(b.EntryID) })
	return slices.Compact(all)
}
