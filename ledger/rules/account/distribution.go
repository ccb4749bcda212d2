package account

import (
	"encoding/binary"
	"slices"

	"github.com/minga-commons/minga/ledger/rules"
	"github.com/minga-commons/minga/protocol"
)

// MaxParts is how many parts a distribution has at most.
const MaxParts = 4096

// Share is what one agent is given by a distribution.
type Share struct {
	Agent   protocol.AgentID
	Amount  rules.Total
	Buckets []Portion // what of it comes from which bucket, in the order of the lines
}

// Portion is what one bucket gives.
type Portion struct {
	Bucket string
	Amount rules.Total
}

// Context is what the rules of distributions look at.
type Context interface {
	rules.Context
	Ledger
}

// Follows reports whether a later part of a distribution fits the valid entry
// before it in the charter log: the part before it, of the same distribution.
func Follows(before protocol.Entry, b *protocol.Distribution) bool {
	a, is := before.Body.(*protocol.Distribution)
	if !is || b.Parts > MaxParts {
		return false
	}
	first := a.First
	if a.Part == 0 {
		first = before.ID()
	}
	return a.Part == b.Part-1 && first == b.First && a.Parts == b.Parts &&
		a.Version == b.Version && a.Currency == b.Currency && a.Digest == b.Digest
}

// Last reports whether an entry is the last part of a distribution: where the
// whole is judged, and takes effect.
func Last(e protocol.Entry) (*protocol.Distribution, bool) {
	b, is := e.Body.(*protocol.Distribution)
	return b, is && b.Part == b.Parts-1
}

// Lines returns the lines of all parts, in order.
func Lines(parts []protocol.Entry) []protocol.Line {
	var all []protocol.Line
	for _, e := range parts {
		if b, is := e.Body.(*protocol.Distribution); is {
			all = append(all, b.Lines...)
		}
	}
	return all
}

// OfDistribution returns what the parts of a legal distribution move: from the
// pool to everybody else whom the lines name.
func OfDistribution(commons protocol.CommonsID, currency string, lines []protocol.Line) Payment {
	p := Payment{Currency: currency, Payer: protocol.AgentID(commons), Shares: []Share{}}
	at := map[protocol.AgentID]int{}
	for _, l := range lines {
		if l.Agent == p.Payer {
			continue // what the pool is given stays in it
		}
		i, known := at[l.Agent]
		if !known {
			i = len(p.Shares)
			at[l.Agent] = i
			p.Shares = append(p.Shares, Share{Agent: l.Agent})
		}
		amount := rules.TotalOf(l.Amount)
		s := &p.Shares[i]
		s.Amount, s.Buckets = s.Amount.Add(amount), portion(s.Buckets, l.Bucket, amount)
		p.Amount = p.Amount.Add(amount)
	}
	slices.SortFunc(p.Shares, func(x, y Share) int { return x.Agent.Compare(y.Agent.EntryID) })
	return p
}

func portion(all []Portion, bucket string, amount rules.Total) []Portion {
	for i := range all {
		if all[i].Bucket == bucket {
			all[i].Amount = all[i].Amount.Add(amount)
			return all
		}
	}
	return append(all, Portion{bucket, amount})
}

// JudgeDistribution judges a whole distribution, whose later parts follow one
// another. What its watermarks name is settled and decided.
func JudgeDistribution(c Context, payer Payer, parts []protocol.Entry) (Verdict, error) {
	first, is := parts[0].Body.(*protocol.Distribution)
	void := Verdict{Reason: rules.BadDistribution}
	if !is || int64(len(parts)) != first.Parts || first.Parts > MaxParts {
		return void, nil
	}
	lines := Lines(parts)
	if !legalSums(payer.Terms, first, lines) || !legalCut(parts) {
		return void, nil
	}
	if digest, err := protocol.LinesDigest(lines); err != nil || digest != first.Digest {
		return void, nil
	}
	fits, err := c.Terms(first.Version)
	if err != nil {
		return void, err
	}
	if _, known := fits.Currency(first.Currency); !known || first.Version >= parts[0].Seq {
		return void, nil
	}
	if legal, err := legalIncomes(c, parts); err != nil || !legal {
		return void, err
	}
	v := Verdict{Payment: OfDistribution(c.Commons(), first.Currency, lines), Claims: first.Claims}
	return v, v.afford(c, c.Commons(), payer, parts[0])
}

// legalSums reports whether the lines and the remainder are what is given out, in
// amounts that the currency has.
func legalSums(t rules.Terms, first *protocol.Distribution, lines []protocol.Line) bool {
	currency, known := t.Currency(first.Currency)
	if !known || first.Amount == nil || first.Amount.N <= 0 || int64(first.Amount.Scale) > int64(currency.Scale) {
		return false
	}
	var sum rules.Total
	for _, l := range lines {
		if l.Amount.N <= 0 || int64(l.Amount.Scale) > int64(currency.Scale) {
			return false
		}
		sum = sum.Add(rules.TotalOf(l.Amount))
	}
	if r := first.Remainder; r != nil {
		if r.N < 0 || int64(r.Scale) > int64(currency.Scale) {
			return false
		}
		sum = sum.Add(rules.TotalOf(*r))
	}
	return sum == rules.TotalOf(*first.Amount)
}

// legalCut reports whether the cut of all parts names each log once, ascending.
func legalCut(parts []protocol.Entry) bool {
	var last protocol.LogID
	for _, e := range parts {
		for _, h := range e.Body.(*protocol.Distribution).Cut {
			if h.Log.Compare(last.EntryID) <= 0 {
				return false
			}
			last = h.Log
		}
	}
	return true
}

// legalIncomes reports whether what is shared is income of the commons in that
// currency that stands below, each once.
func legalIncomes(c Context, parts []protocol.Entry) (bool, error) {
	named := map[protocol.EntryID]bool{}
	for _, part := range parts {
		b := part.Body.(*protocol.Distribution)
		for _, id := range b.Incomes {
			e, effective, err := c.Lookup(id)
			if err != nil {
				return false, err
			}
			event, moves := Is(e)
			if !effective || named[id] || !moves || event.Currency != b.Currency ||
				!Income(c.Commons(), e, event) || e.Seq >= parts[0].Seq {
				return false, nil
			}
			named[id] = true
		}
	}
	return true, nil
}

// sharedKey is the key of a row of table Shared.
func sharedKey(seq int64, agent protocol.AgentID) []byte {
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, 40), uint64(seq)), agent.EntryID[:]...)
}

// Publish notes for those who ask that a distribution has its effect, or takes
// that back: where it stands, and what each agent and the pool have of it.
func Publish(c rules.Rows, parts []protocol.Entry, p Payment, sign rules.Sign) {
	last := parts[len(parts)-1].Seq
	var at []byte
	if sign == rules.Apply {
		at = binary.BigEndian.AppendUint64(idKey(parts[0]), uint64(parts[0].Seq))
	}
	c.Put(rules.Distributions, binary.BigEndian.AppendUint64(nil, uint64(last)), at)
	pool := Share{Agent: p.Payer}
	for _, s := range p.Shares {
		for _, x := range s.Buckets {
			pool.Buckets = portion(pool.Buckets, x.Bucket, x.Amount)
		}
		putShare(c, last, s, sign)
	}
	putShare(c, last, pool, sign)
}

func putShare(c rules.Rows, last int64, s Share, sign rules.Sign) {
	var row []byte
	if sign == rules.Apply {
		row = []byte{}
		for _, x := range s.Buckets {
			row = binary.BigEndian.AppendUint16(row, uint16(len(x.Bucket)))
			row = x.Amount.Append(append(row, x.Bucket...))
		}
	}
	c.Put(rules.Shared, sharedKey(last, s.Agent), row)
}

// ReadShare returns what an agent has of the distribution whose last part stands
// at a seq, and of the pool what it gave.
func ReadShare(c rules.Rows, last int64, agent protocol.AgentID) (Share, error) {
	s := Share{Agent: agent}
	row, err := c.Get(rules.Shared, sharedKey(last, agent))
	for err == nil && len(row) > 0 {
		if len(row) < 2 {
			return s, errDamagedRow
		}
		n := 2 + int(binary.BigEndian.Uint16(row))
		if len(row) < n+rules.TotalSize {
			return s, errDamagedRow
		}
		x := Portion{string(row[2:n]), rules.TotalFromBytes(row[n:])}
		s.Buckets, s.Amount, row = append(s.Buckets, x), s.Amount.Add(x.Amount), row[n+rules.TotalSize:]
	}
	return s, err
}
