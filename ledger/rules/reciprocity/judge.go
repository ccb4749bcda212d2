package reciprocity

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"

	"github.com/minga-commons/minga/protocol"
)

// sum adds up the periods. What is not known stays out; Figure says so.
func (s *settler) sum(uses []Declaration) {
	zero := func() *big.Rat { return new(big.Rat) }
	charged, offset, owed, due, overdue := zero(), zero(), zero(), zero(), zero()
	known, lacking, lateLack, overdueLack := 0, false, false, false
	blurred, blurredCharge := false, false
	for i := range s.out.Periods {
		l := &s.out.Periods[i]
		if l.Outcome == Running {
			continue
		}
		if l.charge == nil {
			lacking = true
			lateLack = lateLack || l.DueOn <= s.AsOf
			overdueLack = overdueLack || l.DueOn < s.AsOf
			continue
		}
		known++
		open := l.open()
		l.Overdue = open.Sign() > 0 && l.DueOn < s.AsOf
		l.Charged, l.Offset, l.Paid, l.Open = Figure{Amount: l.charge}, Figure{Amount: l.offset}, Figure{Amount: l.paid}, Figure{Amount: open}
		if l.charge.Sign() > 0 && s.blurs(l) {
			blurred = true
			l.Offset, l.Open = Figure{}, Figure{}
			if l.blurred {
				blurredCharge, l.Charged = true, Figure{}
			}
		}
		charged.Add(charged, l.charge)
		offset.Add(offset, l.offset)
		owed.Add(owed, open)
		if l.DueOn <= s.AsOf {
			due.Add(due, open)
		}
		if l.DueOn < s.AsOf {
			overdue.Add(overdue, open)
		}
	}
	total := zero()
	for _, p := range s.payments {
		total.Add(total, p.Amount)
	}
	o := &s.out
	o.Paid = Figure{Amount: total}
	value, unvalued := s.contributed(s.AsOf)
	o.Contributed = Figure{Amount: value, AtLeast: unvalued}
	if known == 0 && (lacking || len(uses) == 0 && !s.enough(value)) {
		if total.Sign() == 0 {
			o.Paid = Figure{}
		}
		return // nothing is known for certain
	}
	figure := func(sum *big.Rat, atLeast, unknown bool) Figure {
		if unknown {
			return Figure{}
		}
		return Figure{sum, atLeast}
	}
	o.Charged = figure(charged, lacking, blurredCharge)
	o.Offset = figure(offset, lacking, blurred)
	o.Owed = figure(owed, lacking, blurred && owed.Sign() > 0)
	o.Due = figure(due, lateLack, blurred && due.Sign() > 0)
	o.Overdue = figure(overdue, overdueLack, blurred && overdue.Sign() > 0)
	o.Credit = figure(s.credit, false, lacking && s.credit.Sign() > 0 || blurred && total.Sign() > 0)
}

// judge finds the class, and says why.
func (s *settler) judge(uses []Declaration) {
	o := &s.out
	late := s.late()
	certain := len(late) > 0 && s.certain(late[0])
	lacking := slices.ContainsFunc(o.Reasons, func(r Reason) bool { return r.Missing })
	value, unvalued := s.contributed(s.AsOf)
	class := s.present(uses, value)
	switch {
	case certain:
		o.Class = Lapsed
	case lacking:
		o.Class = Undetermined
	case len(late) > 0, class == Owing && unvalued && s.Licence.Contribution != nil:
		o.Class = Undetermined
		s.lacksValue()
	default:
		o.Class = class
	}
	if len(uses) == 0 && class == Undetermined {
		s.says(Reason{Code: NothingDeclared, Missing: true})
	}
	o.MayUse = o.Class.MayUse()
	s.explain(uses, late, value)
}

// late returns the periods of which something is overdue, oldest first.
func (s *settler) late() (all []*Line) {
	for i := range s.out.Periods {
		if l := &s.out.Periods[i]; l.Overdue {
			all = append(all, l)
		}
	}
	return all
}

// certain reports whether nothing that cannot be valued could make a period not
// overdue: it could set off that one, or an older one whose payment would then
// be for that one.
func (s *settler) certain(late *Line) bool {
	for i := range s.out.Periods {
		l := &s.out.Periods[i]
		if l.End <= late.End && l.charge != nil && l.charge.Sign() > 0 && s.blurs(l) {
			return false
		}
	}
	return true
}

// present returns the class that the latest use of each resource has, as far as
// it is known.
func (s *settler) present(uses []Declaration, value *big.Rat) Class {
	latest := s.latest(uses)
	if len(latest) == 0 {
		if s.enough(value) {
			return Reciprocating
		}
		return Undetermined
	}
	class := NotCommercial
	for _, d := range latest {
		switch {
		case d.Use == NonCommercial:
		case !free(s.Licence, d.Form):
			if s.enough(value) {
				return Reciprocating
			}
			return Owing
		default:
			class = Exempt
		}
	}
	return class
}

// latest returns the newest declared use of each resource, in the order of their
// names.
func (s *settler) latest(uses []Declaration) []Declaration {
	var all []Declaration
	for _, d := range uses { // oldest period first
		all = slices.DeleteFunc(all, func(o Declaration) bool { return same(o.Resource, d.Resource) })
		all = append(all, d)
	}
	slices.SortStableFunc(all, func(a, b Declaration) int { return cmp.Compare(plain(a.Resource), plain(b.Resource)) })
	return all
}

func (s *settler) says(r Reason) { s.out.Reasons = append(s.out.Reasons, r) }

func (s *settler) lacksValue() {
	r := Reason{Code: IsUnvalued, Missing: true, Args: []string{strconv.Itoa(len(s.unvalued))}}
	for _, g := range s.unvalued {
		r.Entries = append(r.Entries, g.ID)
	}
	s.says(r)
}

// explain adds the reasons that are no missing facts.
func (s *settler) explain(uses []Declaration, late []*Line, value *big.Rat) {
	o, currency := &s.out, s.Licence.Currency
	if len(late) > 0 && o.Class == Lapsed {
		r := Reason{Code: IsOverdue, Args: []string{s.text(openOf(late)), late[0].DueOn.String(), currency}}
		for _, l := range late {
			r.Entries = append(r.Entries, l.Declaration)
		}
		o.Reasons = slices.Insert(o.Reasons, 0, r)
	}
	commercial := len(uses) == 0
	for _, d := range s.latest(uses) {
		if d.State != Confirmed {
			continue
		}
		switch {
		case d.Use == NonCommercial:
			s.says(Reason{Code: UsesFreely, Args: []string{d.Resource, d.Beginning.String(), d.End.String()}, Entries: []protocol.EntryID{d.ID}})
		case free(s.Licence, d.Form):
			s.says(Reason{Code: IsExempt, Args: []string{d.Form}, Entries: []protocol.EntryID{d.ID}})
		default:
			commercial = true
		}
	}
	if commercial {
		s.says(s.contributes(value))
	}
	for _, sum := range []struct {
		code   Code
		figure Figure
	}{{HasCharges, o.Charged}, {HasOffset, o.Offset}, {HasPaid, o.Paid}, {IsOwing, o.Owed}, {HasCredit, o.Credit}} {
		if sum.figure.Amount != nil && sum.figure.Amount.Sign() > 0 {
			s.says(s.figures(sum.code, sum.figure.Amount))
		}
	}
}

// text writes an amount with the places of the licence's currency.
func (s *settler) text(amount *big.Rat) string { return textOf(amount, s.Places) }

func openOf(late []*Line) *big.Rat {
	sum := new(big.Rat)
	for _, l := range late {
		sum.Add(sum, l.open())
	}
	return sum
}

// contributes says how a contribution compares with the one that is asked for.
func (s *settler) contributes(value *big.Rat) Reason {
	if s.Licence.Contribution == nil {
		return Reason{Code: NoThreshold}
	}
	after := s.AsOf.Minus(s.Licence.Window)
	r := Reason{Code: IsBelow, Args: []string{
		s.text(value), s.text(ratOf(*s.Licence.Contribution)), s.Licence.Currency, (after + 1).String(), s.AsOf.String(),
	}}
	if s.enough(value) {
		r.Code = IsContributing
	}
	for _, g := range s.given {
		if g.since > after && g.left(s.Licence, s.AsOf).Sign() != 0 {
			r.Entries = append(r.Entries, g.ID)
		}
	}
	return r
}

// figures is the reason of a sum, with the entries that it is made of.
func (s *settler) figures(code Code, amount *big.Rat) Reason {
	r := Reason{Code: code, Args: []string{s.text(amount), s.Licence.Currency}}
	switch code {
	case HasPaid, HasCredit:
		for _, p := range s.payments {
			r.Entries = append(r.Entries, p.ID)
		}
		return r
	case HasOffset:
		for _, g := range s.given {
			if g.used.Sign() > 0 {
				r.Entries = append(r.Entries, g.ID)
			}
		}
		return r
	case HasCharges:
		r.Args = append(r.Args, Text(ratOf(s.Licence.Share)))
	}
	due := ""
	for i := range s.out.Periods {
		l := &s.out.Periods[i]
		if l.charge == nil || l.charge.Sign() == 0 || code == IsOwing && l.open().Sign() == 0 {
			continue
		}
		if due == "" {
			due = l.DueOn.String()
		}
		r.Entries = append(r.Entries, l.Declaration)
	}
	if code == IsOwing {
		r.Args = append(r.Args, due)
	}
	return r
}

// Text returns an exact amount as a decimal number, or as a fraction where it
// does not end.
func Text(amount *big.Rat) string { return textOf(amount, 0) }

func textOf(amount *big.Rat, places int) string {
	for ; places <= 4*protocol.MaxScale; places++ {
		text := amount.FloatString(places)
		if back, ok := new(big.Rat).SetString(text); ok && back.Cmp(amount) == 0 {
			return text
		}
	}
	return amount.RatString()
}
