package ledger_test

import (
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules/charter"
	"github.com/minga-commons/minga/protocol"
)

// plainResult is what a round gives, in units of the currency.
type plainResult struct {
	lines   map[string]int64 // by bucket and agent
	rest    int64
	claimed map[string]string // by bucket: the sum of all claims
}

func lineKey(bucket string, a protocol.AgentID) string { return bucket + " " + a.String()[:12] }

// share computes a round after all that are past.
func (p plain) share(r plainRound, past []plainRound) plainResult {
	doc, since := p.charterAt(r.version)
	if r.doc != nil {
		doc = *r.doc
	}
	var incomes []protocol.EntryID
	for _, before := range past {
		incomes = append(incomes, before.incomes...)
	}
	incomes = append(incomes, r.incomes...)
	w := p.at(r)
	delivered := w.parts(w.delivered(incomes))
	result := plainResult{map[string]int64{}, 0, map[string]string{}}
	order := inTurn(doc.Buckets)
	parts := bucketParts(order, r.amount.N)
	over := int64(0)
	for i, b := range order {
		part := parts[i] + over
		over = 0
		give := func(a protocol.AgentID, n int64) {
			if n > 0 {
				result.lines[lineKey(b.Name, a)] += n
				part -= n
			}
		}
		switch {
		case b.Currency != "" && b.Currency != r.currency:
		case b.To != "":
			give(w.owner(doc.IDs[b.To]), part)
		default:
			book := p.bookOf(b.Name, r.currency, past)
			book.bound(w)
			claims := valuer{w, b}.claims(book, since[b.Name], delivered)
			sum := new(big.Rat)
			for _, a := range agentsOf(book, claims) {
				sum.Add(sum, positive(book.sums(a, claims).sum))
			}
			result.claimed[b.Name] = sum.RatString()
			w.seen[string(b.Policy)]++
			for a, n := range splitBucket(b, book, claims, part, r.amount.Scale) {
				give(a, n)
			}
		}
		switch b.Rest {
		case charter.RestNext:
			over = part
		case charter.RestPool:
			result.rest += part
		default:
			give(w.owner(doc.IDs[b.Rest]), part)
		}
	}
	result.rest += over + parts[len(order)]
	return result
}

// inTurn has the buckets of the total before those of what remains.
func inTurn(all []charter.Bucket) []charter.Bucket {
	var first, then []charter.Bucket
	for _, b := range all {
		if b.Remaining {
			then = append(then, b)
		} else {
			first = append(first, b)
		}
	}
	return append(first, then...)
}

// bucketParts returns the parts of the buckets, and that of nobody.
func bucketParts(order []charter.Bucket, amount int64) []int64 {
	whole := new(big.Rat).SetInt64(amount)
	left := new(big.Rat).Set(whole)
	var exact []*big.Rat
	for _, b := range order {
		of := whole
		if b.Remaining {
			of = left
		}
		x := new(big.Rat).Mul(of, ratAmount(b.Percent))
		x.Mul(x, big.NewRat(1, 100))
		exact = append(exact, x)
		left = new(big.Rat).Sub(left, x)
	}
	exact = append(exact, left)
	parts, rest := make([]int64, len(exact)), amount
	for i, x := range exact {
		parts[i] = floor(x)
		rest -= parts[i]
	}
	for ; rest > 0; rest-- {
		best := 0
		for i, x := range exact {
			if remainder(x, parts[i]).Cmp(remainder(exact[best], parts[best])) > 0 {
				best = i
			}
		}
		parts[best]++
	}
	return parts
}

func floor(x *big.Rat) int64 { return new(big.Int).Div(x.Num(), x.Denom()).Int64() }

func remainder(x *big.Rat, n int64) *big.Rat { return new(big.Rat).Sub(x, new(big.Rat).SetInt64(n)) }

// portion is what one payee may get.
type portion struct {
	agent             protocol.AgentID
	weight, low, high *big.Rat // high is nil if there is none
	exact             *big.Rat
	got               int64
}

func (p portion) at(factor *big.Rat) *big.Rat {
	x := new(big.Rat).Mul(factor, p.weight)
	if x.Cmp(p.low) < 0 {
		x = p.low
	}
	if p.high != nil && x.Cmp(p.high) > 0 {
		x = p.high
	}
	return x
}

// splitBucket shares units among those with a claim.
func splitBucket(b charter.Bucket, book *bucketBook, claims []plainClaim, units, scale int64) map[protocol.AgentID]int64 {
	unit := new(big.Rat).SetFrac(new(big.Int).Exp(big.NewInt(10), big.NewInt(scale), nil), big.NewInt(1))
	inUnits := func(x *big.Rat) *big.Rat { return new(big.Rat).Mul(x, unit) }
	lives, paid := new(big.Rat), new(big.Rat).SetInt64(units)
	agents := agentsOf(book, claims)
	for _, a := range agents {
		lives.Add(lives, positive(book.sums(a, claims).life))
	}
	for _, x := range book.got {
		paid.Add(paid, inUnits(x))
	}
	var all []*portion
	for _, a := range agents {
		s := book.sums(a, claims)
		x := &portion{agent: a, low: new(big.Rat)}
		limited := new(big.Rat).Add(s.once, s.equity).Sign() <= 0
		switch b.Policy {
		case charter.Balanced:
			if s.life.Sign() <= 0 {
				continue
			}
			limited = s.onlyDebt
			x.weight = new(big.Rat).Mul(paid, new(big.Rat).Quo(s.life, lives))
			x.weight = positive(x.weight.Sub(x.weight, inUnits(book.got.at(a))))
		case charter.Equal:
			x.weight = big.NewRat(1, 1)
		default:
			x.weight = s.sum
		}
		if b.Policy != charter.Balanced && s.sum.Sign() <= 0 {
			continue
		}
		if b.Min != nil {
			x.low = inUnits(ratAmount(*b.Min))
		}
		if limited {
			x.high = inUnits(positive(s.sum))
			if x.high.Cmp(x.low) < 0 {
				x.high = x.low
			}
		}
		if b.Max != nil {
			if most := inUnits(ratAmount(*b.Max)); x.high == nil || most.Cmp(x.high) < 0 {
				x.high = most
			}
		}
		all = append(all, x)
	}
	pour(all, units)
	roundPortions(all, units)
	got := map[protocol.AgentID]int64{}
	for _, x := range all {
		got[x.agent] = x.got
	}
	return got
}

// pour finds the factor with which the portions sum to the amount.
func pour(all []*portion, units int64) {
	whole, lows := new(big.Rat).SetInt64(units), new(big.Rat)
	marks := []*big.Rat{new(big.Rat)}
	for _, x := range all {
		lows.Add(lows, x.low)
		if x.weight.Sign() > 0 {
			marks = append(marks, new(big.Rat).Quo(x.low, x.weight))
			if x.high != nil {
				marks = append(marks, new(big.Rat).Quo(x.high, x.weight))
			}
		}
	}
	if lows.Cmp(whole) > 0 {
		for _, x := range all {
			x.exact = new(big.Rat).Mul(whole, new(big.Rat).Quo(x.low, lows))
		}
		return
	}
	slices.SortFunc(marks, (*big.Rat).Cmp)
	marks = append(marks, new(big.Rat).Add(marks[len(marks)-1], big.NewRat(1, 1)))
	sum := func(factor *big.Rat) *big.Rat {
		s := new(big.Rat)
		for _, x := range all {
			s.Add(s, x.at(factor))
		}
		return s
	}
	// Between two marks, and after the last one, the sum is a straight line.
	factor := marks[len(marks)-1]
	for i := 1; i < len(marks); i++ {
		from, to := sum(marks[i-1]), sum(marks[i])
		last := i == len(marks)-1
		if to.Cmp(from) > 0 && (to.Cmp(whole) >= 0 || last) {
			slope := new(big.Rat).Quo(new(big.Rat).Sub(to, from), new(big.Rat).Sub(marks[i], marks[i-1]))
			factor = new(big.Rat).Add(marks[i-1], new(big.Rat).Quo(new(big.Rat).Sub(whole, from), slope))
			break
		}
	}
	for _, x := range all {
		x.exact = x.at(factor)
	}
}

func roundPortions(all []*portion, units int64) {
	left := units
	for _, x := range all {
		x.got = floor(x.exact)
		left -= x.got
	}
	rests := map[*portion]*big.Rat{}
	for _, x := range all {
		rests[x] = remainder(x.exact, x.got)
	}
	for given := map[*portion]bool{}; left > 0; {
		var best *portion
		for _, x := range all { // ascending by agent
			if given[x] || x.weight.Sign() == 0 && rests[x].Sign() == 0 || x.high != nil && new(big.Rat).SetInt64(x.got+1).Cmp(x.high) > 0 {
				continue
			}
			if best == nil || rests[x].Cmp(rests[best]) > 0 {
				best = x
			}
		}
		if best == nil {
			if len(given) == 0 {
				return
			}
			given = map[*portion]bool{}
			continue
		}
		best.got, given[best] = best.got+1, true
		left--
	}
}
