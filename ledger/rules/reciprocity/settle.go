package reciprocity

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// Of returns how an agent stands. The facts are not changed.
func Of(f Facts) Standing {
	s := &settler{Facts: f}
	s.gather()
	uses := f.inForce()
	s.lines(uses)
	s.undeclared(uses)
	slices.SortStableFunc(s.out.Periods, func(a, b Line) int { return cmp.Compare(a.End, b.End) })
	s.run()
	s.sum(uses)
	s.judge(uses)
	return s.out
}

// settler works out one standing.
type settler struct {
	Facts
	out      Standing
	given    []*gift
	payments []Payment
	unvalued []*gift
	credit   *big.Rat
}

// gift is a contribution that counts, from a day on.
type gift struct {
	Contribution
	since Day
	used  *big.Rat
}

// gather sorts the contributions and payments that lie behind the day, oldest
// first.
func (s *settler) gather() {
	for _, c := range s.Contributions {
		since := c.since(s.Licence)
		switch g := (&gift{Contribution: c, since: since, used: new(big.Rat)}); {
		case since > s.AsOf:
		case c.Value == nil:
			s.unvalued = append(s.unvalued, g)
		default:
			s.given = append(s.given, g)
		}
	}
	for _, list := range [][]*gift{s.given, s.unvalued} {
		slices.SortFunc(list, func(a, b *gift) int {
			return cmp.Or(cmp.Compare(a.since, b.since), a.ID.Compare(b.ID))
		})
	}
	for _, p := range s.Payments {
		if p.On <= s.AsOf {
			s.payments = append(s.payments, p)
		}
	}
	slices.SortFunc(s.payments, func(a, b Payment) int { return cmp.Or(cmp.Compare(a.On, b.On), a.ID.Compare(b.ID)) })
}

// contributed returns what was contributed within the window that ends on a day,
// and whether there is something in it that cannot be valued.
func (s *settler) contributed(on Day) (value *big.Rat, unvalued bool) {
	value = new(big.Rat)
	after := on.Minus(s.Licence.Window)
	for _, g := range s.given {
		if g.since > after && g.since <= on {
			value.Add(value, g.left(s.Licence, on))
		}
	}
	for _, g := range s.unvalued {
		unvalued = unvalued || g.since > after && g.since <= on
	}
	return value, unvalued
}

// enough reports whether a contribution makes a commercial user reciprocating.
func (s *settler) enough(value *big.Rat) bool {
	return s.Licence.Contribution != nil && value.Cmp(ratOf(*s.Licence.Contribution)) >= 0
}

// serves reports whether a contribution of a day may set off the charge of a
// period: it lies in the window that ends with the period, or comes later.
// Without carry-over it may not be older than the period.
func (s *settler) serves(since Day, l *Line) bool {
	return since > l.End.Minus(s.Licence.Window) && (s.Licence.CarryOver || since >= l.Beginning)
}

// run goes through charges, contributions and payments in the order of their
// days, on one day in the order named, and sets each unit against the oldest
// charge that it may serve.
func (s *settler) run() {
	s.credit = new(big.Rat)
	var paying []*paid
	var charged []*Line
	given, payments := 0, 0
	upTo := func(day Day) { // contributions and payments before a day
		for given < len(s.given) || payments < len(s.payments) {
			gift := given < len(s.given) && s.given[given].since < day
			pay := payments < len(s.payments) && s.payments[payments].On < day
			switch {
			case gift && (!pay || s.given[given].since <= s.payments[payments].On):
				g := s.given[given]
				for _, l := range charged {
					s.offset(l, g, g.since)
				}
				given++
			case pay:
				p := &paid{s.payments[payments], new(big.Rat).Set(s.payments[payments].Amount)}
				for _, l := range charged {
					p.settle(l)
				}
				paying = append(paying, p)
				payments++
			default:
				return
			}
		}
	}
	for i := range s.out.Periods {
		l := &s.out.Periods[i]
		l.offset, l.paid = new(big.Rat), new(big.Rat)
		if l.charge == nil || l.charge.Sign() == 0 {
			continue
		}
		upTo(l.End)
		for _, g := range s.given[:given] {
			s.offset(l, g, l.End)
		}
		for _, p := range paying {
			p.settle(l)
		}
		charged = append(charged, l)
	}
	upTo(s.AsOf + 1)
	for _, p := range paying {
		s.credit.Add(s.credit, p.left)
	}
}

// open returns what is left of a charge.
func (l *Line) open() *big.Rat {
	open := new(big.Rat).Sub(l.charge, l.offset)
	return open.Sub(open, l.paid)
}

// offset sets a contribution against a charge, as far as both last.
func (s *settler) offset(l *Line, g *gift, on Day) {
	left := g.left(s.Licence, on)
	left.Sub(left, g.used)
	if part := least(left, l.open()); part.Sign() > 0 && s.serves(g.since, l) {
		g.used.Add(g.used, part)
		l.offset.Add(l.offset, part)
		l.by(g.ID)
	}
}

// paid is a payment with what is left of it.
type paid struct {
	Payment
	left *big.Rat
}

func (p *paid) settle(l *Line) {
	if part := least(p.left, l.open()); part.Sign() > 0 {
		p.left.Sub(p.left, part)
		l.paid.Add(l.paid, part)
		l.by(p.ID)
	}
}

func (l *Line) by(id protocol.EntryID) {
	if !slices.Contains(l.By, id) {
		l.By = append(l.By, id)
	}
}

func least(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) > 0 {
		a = b
	}
	return new(big.Rat).Set(a)
}

func ratOf(a protocol.Amount) *big.Rat {
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(a.Scale), nil)
	return new(big.Rat).SetFrac(big.NewInt(a.N), scale)
}

// blurs reports whether something that cannot be valued could set off a charge,
// or make it none.
func (s *settler) blurs(l *Line) bool {
	return slices.ContainsFunc(s.unvalued, func(g *gift) bool { return s.serves(g.since, l) }) || l.blurred
}
