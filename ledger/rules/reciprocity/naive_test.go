package reciprocity

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// The second version walks from day to day, in whole hundredths, over facts that
// are all there: none overlaps or lacks a value, and of each period one declaration
// is confirmed.

// pot is a contribution or a payment of a day.
type pot struct {
	since            Day
	money            bool
	total, used, off int64 // off: what distributions paid
	parts            []Part
}

func (p *pot) left() int64 { return max(0, p.total-p.used-p.off) }

// claimed is a charge with what is still open of it.
type claimed struct {
	d                Declaration
	sum, offset, pay int64
}

func (c *claimed) open() int64 { return c.sum - c.offset - c.pay }

func (c *claimed) take(p *pot) {
	n := min(c.open(), p.left())
	p.used += n
	if p.money {
		c.pay += n
	} else {
		c.offset += n
	}
}

// walk is the state of the second version.
type walk struct {
	f       Facts
	pots    []*pot
	charges []*claimed
}

func cents(r *big.Rat) int64 {
	n := new(big.Rat).Mul(r, big.NewRat(100, 1))
	if !n.IsInt() {
		panic("no whole number of hundredths: " + r.String())
	}
	return n.Num().Int64()
}

// monthsFrom finds the day of another month by trying days of that month from
// its end, until one is not beyond the day of the month that is given.
func monthsFrom(d Day, n int) Day {
	t := time.Unix(int64(d)*86400, 0).UTC()
	for at := time.Date(t.Year(), t.Month()+time.Month(n)+1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -1); ; at = at.AddDate(0, 0, -1) {
		if at.Day() <= t.Day() {
			return Day(at.Unix() / 86400)
		}
	}
}

func (w *walk) inWindow(p *pot, on Day) bool {
	after := monthsFrom(on, -w.f.Licence.Window.Months) - Day(w.f.Licence.Window.Days)
	return !p.money && p.since <= on && p.since > after
}

func (w *walk) enough(on Day) bool {
	sum := int64(0)
	for _, p := range w.pots {
		if w.inWindow(p, on) {
			sum += max(0, p.total-p.off)
		}
	}
	return w.f.Licence.Contribution != nil && sum >= w.f.Licence.Contribution.N
}

// serve sets the pots of some days against all charges, oldest first.
func (w *walk) serve(money bool, of func(Day) bool) {
	for _, p := range w.pots {
		for _, c := range w.charges {
			later := p.since > c.d.End
			carried := w.f.Licence.CarryOver || p.since >= c.d.Beginning
			if p.money == money && of(p.since) && (money || later || w.inWindow(p, c.d.End) && carried) {
				c.take(p)
			}
		}
	}
}

func (w *walk) day(today Day) {
	l := w.f.Licence
	for _, c := range w.f.Contributions {
		since := c.On
		if c.Recorded > monthsFrom(c.On, l.Grace.Months)+Day(l.Grace.Days) {
			since = c.Recorded
		}
		if since == today {
			w.pots = append(w.pots, &pot{since: today, total: cents(c.Value), parts: c.Paid})
		}
	}
	for _, p := range w.f.Payments {
		if p.On == today {
			w.pots = append(w.pots, &pot{since: today, money: true, total: cents(p.Amount)})
		}
	}
	for _, p := range w.pots {
		p.off = 0
		for _, part := range p.parts {
			if part.On <= today && l.Counts == charter.CountUnpaid {
				p.off += cents(part.Amount)
			}
		}
	}
	earlier, now := func(d Day) bool { return d < today }, func(d Day) bool { return d == today }
	for _, d := range w.f.Declarations {
		replaced := slices.ContainsFunc(w.f.Declarations, func(o Declaration) bool {
			return o.Resource == d.Resource && o.Beginning == d.Beginning && o.End == d.End && o.State == Confirmed && (o.Time > d.Time || d.State != Confirmed)
		})
		if d.End != today || replaced {
			continue
		}
		sum := int64(0)
		if d.Use == Commercial && !slices.Contains(l.Free, d.Form) && !w.enough(today) && d.Profit.Sign() > 0 {
			sum = cents(new(big.Rat).Mul(d.Profit, big.NewRat(l.Share.N, 100)))
		}
		w.charges = append(w.charges, &claimed{d: d, sum: sum})
	}
	slices.SortStableFunc(w.charges, func(a, b *claimed) int {
		if a.d.End != b.d.End {
			return int(a.d.End - b.d.End)
		}
		if a.d.Beginning != b.d.Beginning {
			return int(a.d.Beginning - b.d.Beginning)
		}
		return slices.Compare([]byte(a.d.Resource), []byte(b.d.Resource))
	})
	all := w.charges
	for i := range all { // what was there before serves one new charge after the other
		if w.charges = all[:i+1]; all[i].d.End < today {
			continue
		}
		w.serve(false, earlier)
		w.serve(true, earlier)
	}
	w.charges = all
	w.serve(false, now)
	w.serve(true, now)
}

// naive returns the class and charged, offset, paid, owed, due and credit.
func naive(f Facts) (class Class, sums [6]int64) {
	w := &walk{f: f}
	slices.SortFunc(w.f.Contributions, func(a, b Contribution) int { return a.ID.Compare(b.ID) })
	slices.SortFunc(w.f.Payments, func(a, b Payment) int { return a.ID.Compare(b.ID) })
	first := f.AsOf
	for _, c := range f.Contributions {
		first = min(first, c.On)
	}
	for _, d := range f.Declarations {
		first = min(first, d.Beginning)
	}
	for _, p := range f.Payments {
		first = min(first, p.On)
	}
	for today := first; today <= f.AsOf; today++ {
		w.day(today)
	}
	late := false
	for _, c := range w.charges {
		sums[0] += c.sum
		sums[1] += c.offset
		sums[3] += c.open()
		due := monthsFrom(c.d.End, f.Licence.Grace.Months) + Day(f.Licence.Grace.Days)
		if due <= f.AsOf {
			sums[4] += c.open()
		}
		late = late || due < f.AsOf && c.open() > 0
	}
	for _, p := range w.pots {
		if p.money {
			sums[2] += p.total
			sums[5] += p.left()
		}
	}
	return w.class(late), sums
}

func (w *walk) class(late bool) Class {
	if late {
		return Lapsed
	}
	latest := map[string]Declaration{}
	for _, d := range w.f.Declarations {
		if d.State != Confirmed {
			continue
		}
		if known, is := latest[d.Resource]; d.Beginning <= w.f.AsOf && (!is || d.End > known.End || d.End == known.End && d.Time > known.Time) {
			latest[d.Resource] = d
		}
	}
	gain, exempt := false, false
	for _, d := range latest {
		free := slices.Contains(w.f.Licence.Free, d.Form)
		gain = gain || d.Use == Commercial && !free
		exempt = exempt || d.Use == Commercial && free
	}
	switch enough := w.enough(w.f.AsOf); {
	case (gain || len(latest) == 0) && enough:
		return Reciprocating
	case len(latest) == 0:
		return Undetermined
	case gain:
		return Owing
	case exempt:
		return Exempt
	}
	return NotCommercial
}

// randomFacts makes up a year or two of one user.
func randomFacts(rng *rand.Rand) Facts {
	l := manual()
	l.Resources = []string{"manual", "seeds"}
	l.Declare = charter.Period{Months: 1200} // gaps are no matter of the second version
	l.CarryOver = rng.IntN(2) == 0
	l.Window = []charter.Period{{Months: 12}, {Months: 1}, {Days: 45}, {Months: 2, Days: 3}}[rng.IntN(4)]
	l.Grace = []charter.Period{{Months: 3}, {Months: 1}, {Days: 10}, {}}[rng.IntN(4)]
	l.Counts = []charter.Counts{charter.CountUnpaid, charter.CountAll}[rng.IntN(2)]
	l.Contribution = []*protocol.Amount{nil, {N: 50000, Scale: 2}, {N: 5000, Scale: 2}}[rng.IntN(3)]
	start, _ := ParseDay("2023-12-31")
	n := byte(0)
	id := func() protocol.EntryID { n++; return protocol.EntryID{n} }
	f := Facts{Licence: l, AsOf: start + Day(rng.IntN(800))}
	for _, resource := range l.Resources[:1+rng.IntN(2)] {
		for at := start + Day(rng.IntN(60)); at < start+700 && rng.IntN(12) > 0; {
			d := Declaration{
				ID: id(), Resource: resource, Beginning: at, End: at.Plus(charter.Period{Months: 1 + rng.IntN(2)}) - 1,
				Use: Commercial, Form: []string{"company", "company", "company", "public"}[rng.IntN(4)], Currency: "USD",
				Profit: big.NewRat(int64(rng.IntN(3000)-700), 1), Time: protocol.Time(n), State: Confirmed,
			}
			if rng.IntN(6) == 0 {
				d.Use, d.Form = NonCommercial, ""
			}
			f.Declarations = append(f.Declarations, d)
			if rng.IntN(6) == 0 { // again, with another profit
				d.ID, d.Profit = id(), big.NewRat(int64(rng.IntN(3000)-700), 1)
				d.Time = protocol.Time(n)
				d.State = []State{Confirmed, Waiting, Disputed}[rng.IntN(3)]
				if rng.IntN(4) == 0 { // the one that others confirm is the older one
					d.Time = 0
				}
				f.Declarations = append(f.Declarations, d)
			}
			if at = d.End + 1; rng.IntN(4) == 0 {
				at += Day(rng.IntN(40))
			}
		}
	}
	for range rng.IntN(12) {
		on := start - 300 + Day(rng.IntN(1000))
		c := Contribution{ID: id(), On: on, Recorded: on + Day(rng.IntN(2)*rng.IntN(150)), Value: big.NewRat(int64(rng.IntN(40000)), 100)}
		for left, parts := cents(c.Value), rng.IntN(3); parts > 0 && left > 0; parts-- {
			part := rng.Int64N(left + 1)
			left -= part
			c.Paid = append(c.Paid, Part{on + Day(rng.IntN(300)), big.NewRat(part, 100)})
		}
		f.Contributions = append(f.Contributions, c)
	}
	for range rng.IntN(10) {
		f.Payments = append(f.Payments, Payment{ID: id(), On: start + Day(rng.IntN(800)), Amount: big.NewRat(int64(1+rng.IntN(30000)), 100)})
	}
	return f
}

// TestTwoVersionsAgree compares the two versions on random users, and shuffles
// the facts: their order never matters.
func TestTwoVersionsAgree(t *testing.T) {
	seen := map[Class]int{}
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 5))
		f := randomFacts(rng)
		got := Of(f)
		class, want := naive(f)
		seen[class]++
		var have [6]int64
		for i, figure := range []Figure{got.Charged, got.Offset, got.Paid, got.Owed, got.Due, got.Credit} {
			switch {
			case figure.Amount != nil:
				have[i] = cents(figure.Amount)
			case got.Class == Undetermined: // nothing is declared
				have[i] = want[i]
			}
		}
		if diff := cmp.Diff(fmt.Sprint(class, want), fmt.Sprint(got.Class, have)); diff != "" {
			t.Fatalf("seed %d, as of %v:\n%s", seed, f.AsOf, diff)
		}
		before := fmt.Sprintf("%+v", shown(got))
		rng.Shuffle(len(f.Declarations), func(i, j int) {
			f.Declarations[i], f.Declarations[j] = f.Declarations[j], f.Declarations[i]
		})
		rng.Shuffle(len(f.Contributions), func(i, j int) {
			f.Contributions[i], f.Contributions[j] = f.Contributions[j], f.Contributions[i]
		})
		rng.Shuffle(len(f.Payments), func(i, j int) { f.Payments[i], f.Payments[j] = f.Payments[j], f.Payments[i] })
		if after := fmt.Sprintf("%+v", shown(Of(f))); after != before {
			t.Fatalf("seed %d: another order, another standing:\n%s\n%s", seed, before, after)
		}
		checkSums(t, seed, got)
	}
	for _, class := range []Class{Lapsed, Undetermined, NotCommercial, Exempt, Reciprocating, Owing} {
		if seen[class] < 5 {
			t.Errorf("%d of the random users are %s", seen[class], class)
		}
	}
}

// shown is a standing with its amounts as texts.
func shown(s Standing) []any {
	all := []any{rowOf(s), words(s.Credit), words(s.Overdue), words(s.Contributed), s.Reasons}
	for _, l := range s.Periods {
		all = append(all, l.Declaration, l.Outcome, words(l.Charged), words(l.Offset), words(l.Paid), words(l.Open), l.By)
	}
	return all
}

// checkSums checks that the periods add up to the totals.
func checkSums(t *testing.T, seed uint64, s Standing) {
	t.Helper()
	if s.Charged.Amount == nil {
		return
	}
	charged, offset, paid, open := new(big.Rat), new(big.Rat), new(big.Rat), new(big.Rat)
	for _, l := range s.Periods {
		if l.Charged.Amount == nil {
			continue
		}
		charged.Add(charged, l.Charged.Amount)
		offset.Add(offset, l.Offset.Amount)
		paid.Add(paid, l.Paid.Amount)
		open.Add(open, l.Open.Amount)
	}
	paid.Add(paid, s.Credit.Amount)
	for name, pair := range map[string][2]*big.Rat{
		"charged": {charged, s.Charged.Amount}, "offset": {offset, s.Offset.Amount},
		"paid": {paid, s.Paid.Amount}, "owed": {open, s.Owed.Amount},
	} {
		if pair[0].Cmp(pair[1]) != 0 {
			t.Fatalf("seed %d: %s is %v, the periods have %v", seed, name, Text(pair[1]), Text(pair[0]))
		}
	}
}
