package naive

import (
	"slices"

	"github.com/minga-commons/minga/protocol"
)

// distribute lets the stewards give out money of the pool, in one to three parts.
// One in three has something wrong with it.
func (s *story) distribute() {
	currency := "USD"
	if s.chance(4) {
		currency = "hora"
	}
	before := s.charter.tip
	pin := s.pin(s.charter)
	parts := s.parts(currency)
	parts[0].Claims = s.claims(s.charter, pin)
	if !s.chance(3) {
		entries := s.chain(before, pin, parts)
		state := Eval(s.Commons, s.Rules, slices.Concat(s.charter.knows, entries))
		last := state.states[state.at[entries[len(entries)-1].ID()]]
		if last != Pending && last != Settled {
			return
		}
		for _, e := range entries {
			s.put(s.charter, e)
		}
		return
	}
	s.misshare(pin, parts)
}

// chain makes the entries of some parts that follow an entry.
func (s *story) chain(before protocol.Entry, pin int64, parts []*protocol.Distribution) (entries []protocol.Entry) {
	for i, part := range parts {
		if i > 0 && part.First.IsZero() {
			part.First = entries[0].ID()
		}
		e := s.draft(s.charter, before, min(max(pin, before.Charter), before.Seq), part)
		entries, before = append(entries, e), e
	}
	return entries
}

// parts draws a legal distribution, but for what the pool has.
func (s *story) parts(currency string) []*protocol.Distribution {
	state := s.see(s.charter)
	tip := state.at[s.charter.tip.ID()]
	var lines []protocol.Line
	var amount int64
	for range 1 + s.rng.IntN(4) {
		n := 10 + s.rng.Int64N(300)
		amount += n
		lines = append(lines, protocol.Line{
			Agent: pick(s, s.Agents), Amount: protocol.Amount{N: n, Scale: 2}, Bucket: pick(s, []string{"trabajo", "cuidado"}),
		})
		if s.chance(2) {
			lines[len(lines)-1].Agent = pick(s, append([]protocol.AgentID{{EntryID: pick(s, s.records)}}, s.authors[0].log.Agent(), s.authors[1].log.Agent()))
		}
	}
	var remainder *protocol.Amount
	if s.chance(3) {
		remainder = &protocol.Amount{N: 5, Scale: 2}
		amount += 5
	}
	var incomes []protocol.EntryID
	for x := tip; x >= 0; x = state.prev[x] {
		if payment(state.entries[x]) && state.income(x) && state.currency(x) == currency && state.effective(x) && s.chance(2) {
			incomes = append(incomes, state.entries[x].ID())
		}
	}
	digest, err := protocol.LinesDigest(lines)
	if err != nil {
		panic(err)
	}
	version := int64(1)
	for x := tip; x >= 0 && version == 1; x = state.prev[x] {
		if state.entries[x].Kind == protocol.KindCharter && state.effective(x) && s.chance(2) {
			version = state.entries[x].Seq
		}
	}
	var cut []protocol.Head
	for _, log := range state.logs {
		if head, settled := state.heads[log]; settled && s.chance(2) {
			cut = append(cut, state.entries[head].Head())
		}
	}
	parts := make([]*protocol.Distribution, 1+s.rng.IntN(3))
	for i := range parts {
		parts[i] = &protocol.Distribution{
			Part: int64(i), Parts: int64(len(parts)), Version: version, Currency: currency, Digest: digest,
			Lines: share(lines, i, len(parts)), Incomes: share(incomes, i, len(parts)), Cut: share(cut, i, len(parts)),
		}
	}
	parts[0].Amount, parts[0].Remainder = &protocol.Amount{N: amount, Scale: 2}, remainder
	return parts
}

// share returns the part of a list that falls to one of several.
func share[T any](all []T, i, of int) []T {
	return all[len(all)*i/of : len(all)*(i+1)/of]
}

// misshare writes a distribution that is not legal, or leaves it unfinished.
func (s *story) misshare(pin int64, parts []*protocol.Distribution) {
	first, last := parts[0], parts[len(parts)-1]
	each := func(change func(d *protocol.Distribution)) {
		for _, d := range parts {
			change(d)
		}
	}
	before, gap := s.charter.tip, -1
	switch s.rng.IntN(16) {
	case 0:
		each(func(d *protocol.Distribution) { d.Digest[0]++ })
	case 1:
		last.Digest[0]++
	case 2:
		first.Amount.N++
	case 3:
		first.Amount.N, first.Amount.Scale = first.Amount.N*10, 3
	case 4:
		first.Amount.N *= 100
		if len(first.Lines) > 0 {
			first.Lines = slices.Clone(first.Lines)
			first.Lines[0].Amount.N += first.Amount.N / 100 * 99
			s.digest(parts)
		}
	case 5:
		last.Lines = append(slices.Clone(last.Lines), protocol.Line{Agent: s.authors[0].log.Agent(), Amount: protocol.Amount{Scale: 2}, Bucket: "nada"})
		s.digest(parts)
	case 6:
		each(func(d *protocol.Distribution) { d.Version = pick(s, []int64{0, before.Seq + 1, before.Seq + 2}) })
	case 7:
		each(func(d *protocol.Distribution) { d.Currency = pick(s, []string{"peso", "hora"}) })
	case 8:
		wrong := append(slices.Clone(first.Incomes), s.charter.tip.ID())
		if e, found := s.shown(payment); found {
			wrong = append(wrong, e.ID())
		}
		last.Incomes = append(slices.Clone(last.Incomes), pick(s, wrong))
	case 9:
		if last != first {
			last.Cut = first.Cut // again: what one entry says must ascend
		}
	case 10:
		to := pick(s, s.everybody()).first // of what is settled soon, so that it does not wait for ever
		first.Claims = append(slices.Clone(first.Claims), protocol.Watermark{
			Account: protocol.AgentID(s.Commons), Log: to.Log, CID: pick(s, []protocol.Entry{to, s.charter.tip}).ID(),
		})
	case 11:
		if last != first {
			last.First = pick(s, s.Entries).ID()
		}
	case 12:
		parts = append(parts, last) // once more
		if len(parts) == 2 {
			parts = append(parts, &protocol.Distribution{
				Part: 1, Parts: 2, Version: first.Version, Currency: first.Currency, Digest: first.Digest,
			})
		}
	case 13:
		each(func(d *protocol.Distribution) { d.Parts = mostParts + 1 })
	case 14:
		parts = parts[:len(parts)-1] // never finished
	default:
		gap = s.rng.IntN(len(parts))
	}
	// What follows the first part names it, whatever comes between.
	var of protocol.EntryID
	for i, part := range parts {
		if part.Part > 0 && part.First.IsZero() {
			part.First = of
		}
		if i == gap && i > 0 {
			s.write(s.charter, &protocol.Admit{Log: pick(s, s.everybody()[1:]).log})
		}
		e := s.write(s.charter, part)
		if i == 0 {
			of = e.ID()
		}
		if s.Seed%4 == 3 && i < len(parts)-1 && s.chance(4) {
			s.finishElsewhere(e, pin, parts[i+1:], of)
		}
	}
}

// finishElsewhere finishes a row of parts on a second history, with one part more or less.
func (s *story) finishElsewhere(at protocol.Entry, pin int64, rest []*protocol.Distribution, first protocol.EntryID) {
	for _, part := range rest {
		other := *part
		if other.Part > 0 {
			other.First = first
		}
		if s.chance(3) {
			other.Cut = nil
		}
		e := s.draft(s.charter, at, min(max(pin, at.Charter), at.Seq), &other)
		s.keep(e)
		at = e
	}
}

// digest gives all parts the digest of their lines.
func (s *story) digest(parts []*protocol.Distribution) {
	var lines []protocol.Line
	for _, d := range parts {
		lines = append(lines, d.Lines...)
	}
	digest, err := protocol.LinesDigest(lines)
	if err != nil {
		panic(err)
	}
	for _, d := range parts {
		d.Digest = digest
	}
}
