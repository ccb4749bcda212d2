package reciprocity

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/minga-commons/minga/ledger/rules/charter"
)

// same reports whether two names are one: texts are compared in their normal
// form, without space around them.
func same(a, b string) bool { return a == b || plain(a) == plain(b) }

func plain(text string) string { return strings.TrimSpace(norm.NFC.String(text)) }

// Covers reports whether a licence is for a resource.
func Covers(l *charter.Licence, resource string) bool {
	return slices.ContainsFunc(l.Resources, func(r string) bool { return same(r, resource) })
}

// free reports whether a form of organisation owes nothing.
func free(l *charter.Licence, form string) bool {
	return form != "" && slices.ContainsFunc(l.Free, func(f string) bool { return same(f, form) })
}

// Replaces reports whether a declaration stands in place of another one for the
// same resource and the same days: the one that is confirmed, of two such the one
// that was written later. So whoever declares again changes nothing until others
// confirm it.
func (d Declaration) Replaces(other Declaration) bool {
	if !same(d.Resource, other.Resource) || d.Beginning != other.Beginning || d.End != other.End {
		return false
	}
	if is, was := d.State == Confirmed, other.State == Confirmed; is != was {
		return is
	}
	return d.Later(other)
}

// Later reports whether a declaration was written later than another one.
func (d Declaration) Later(other Declaration) bool {
	return cmp.Or(cmp.Compare(d.Time, other.Time), cmp.Compare(d.Seq, other.Seq), d.ID.Compare(other.ID)) > 0
}

// Overlaps reports whether two declarations for one resource have days in common
// and neither takes the place of the other.
func (d Declaration) Overlaps(other Declaration) bool {
	return same(d.Resource, other.Resource) && d.Beginning <= other.End && other.Beginning <= d.End &&
		(d.Beginning != other.Beginning || d.End != other.End)
}

// inForce returns the declarations that count on a day, oldest period first:
// those for a licensed resource that had begun and in whose place no other stands.
func (f Facts) inForce() []Declaration {
	var all []Declaration
	for _, d := range f.Declarations {
		if !Covers(f.Licence, d.Resource) || d.Beginning > f.AsOf || d.End < d.Beginning {
			continue
		}
		if slices.ContainsFunc(f.Declarations, func(o Declaration) bool { return o.Replaces(d) }) {
			continue
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b Declaration) int {
		return cmp.Or(cmp.Compare(a.End, b.End), cmp.Compare(a.Beginning, b.Beginning),
			strings.Compare(plain(a.Resource), plain(b.Resource)), a.ID.Compare(b.ID))
	})
	return all
}

// lines returns a line for each declaration in force, with what it is charged,
// and adds what is missing for that to the reasons.
func (s *settler) lines(all []Declaration) {
	for _, d := range all {
		l := Line{
			Declaration: d.ID, Resource: d.Resource, Beginning: d.Beginning, End: d.End, Use: d.Use, Form: d.Form,
			State: d.State, DueOn: d.End.Plus(s.Licence.Grace),
		}
		var overlapping []Declaration
		for _, o := range all {
			if o.ID != d.ID && o.Overlaps(d) && (o.State == Confirmed || d.State != Confirmed) {
				overlapping = append(overlapping, o)
			}
		}
		value, unvalued := s.contributed(d.End)
		l.Contributed = Figure{Amount: value}
		enough := s.enough(value)
		if d.End > s.AsOf {
			l.Outcome, l.Contributed = Running, Figure{}
			s.missing(d, overlapping)
		} else {
			l.Outcome, l.charge = s.charge(d, enough, s.missing(d, overlapping))
			l.blurred = unvalued && s.Licence.Contribution != nil && !enough && l.charge != nil && l.charge.Sign() > 0
		}
		s.out.Periods = append(s.out.Periods, l)
	}
}

// missing adds the reasons for which a declaration says nothing for certain, and
// reports whether there are any.
func (s *settler) missing(d Declaration, overlapping []Declaration) bool {
	switch d.State {
	case Confirmed:
	case Disputed:
		s.lacks(IsDisputed, d)
	default:
		s.lacks(IsUnconfirmed, d)
	}
	if len(overlapping) > 0 {
		s.lacks(IsOverlapping, append([]Declaration{d}, overlapping...)...)
	}
	return d.State != Confirmed || len(overlapping) > 0
}

// lacks adds the reason that a fact is missing about the first declaration.
func (s *settler) lacks(code Code, all ...Declaration) {
	d := all[0]
	r := Reason{Code: code, Missing: true, Args: []string{d.Resource, d.Beginning.String(), d.End.String()}}
	for _, o := range all {
		r.Entries = append(r.Entries, o.ID)
	}
	if code == OtherCurrency {
		r.Args = append(r.Args, d.Currency, s.Licence.Currency)
	}
	s.out.Reasons = append(s.out.Reasons, r)
}

// charge returns what became of a period that has ended, and the share of the
// profit that it owes, nil if that is not known.
func (s *settler) charge(d Declaration, enough, missing bool) (Outcome, *big.Rat) {
	nothing := new(big.Rat)
	switch {
	case enough:
		// Whatever the use was, nothing is charged for it.
		if missing {
			return Enough, nothing
		}
	case missing:
		return Missing, nil
	}
	switch {
	case d.Use == NonCommercial:
		return NotForGain, nothing
	case free(s.Licence, d.Form):
		return Free, nothing
	case enough:
		return Enough, nothing
	case d.Profit == nil:
		s.lacks(ProfitMissing, d)
		return Missing, nil
	case d.Profit.Sign() <= 0:
		return NoProfit, nothing
	case d.Currency != s.Licence.Currency:
		s.lacks(OtherCurrency, d)
		return Missing, nil
	}
	charge := new(big.Rat).Mul(d.Profit, new(big.Rat).Quo(ratOf(s.Licence.Share), big.NewRat(100, 1)))
	if s.Licence.Attribution == charter.AttributeDeclared {
		if d.Fraction == nil {
			s.lacks(FractionMissing, d)
			return Missing, nil
		}
		charge.Mul(charge, d.Fraction)
	}
	return ChargedShare, charge
}

// undeclared adds a line for each time between two declared periods of a
// resource, and after the last, for which no use was declared in time. The time
// after the last is taken to be as long as that.
func (s *settler) undeclared(all []Declaration) {
	byResource := map[string][]Declaration{}
	var names []string
	for _, d := range all {
		name := plain(d.Resource)
		if byResource[name] == nil {
			names = append(names, name)
		}
		byResource[name] = append(byResource[name], d)
	}
	slices.Sort(names)
	for _, name := range names {
		list := byResource[name]
		slices.SortStableFunc(list, func(a, b Declaration) int { return cmp.Compare(a.Beginning, b.Beginning) })
		last := list[0]
		for _, d := range list[1:] {
			s.gap(last.Resource, last.End+1, d.Beginning-1)
			if d.End >= last.End {
				last = d
			}
		}
		from := last.End + 1
		s.gap(last.Resource, from, from.Plus(lengthOf(last.Beginning, last.End))-1)
	}
}

// gap adds a time without a declaration once it is too late to give one.
func (s *settler) gap(resource string, from, to Day) {
	if to < from || to.Plus(s.Licence.Declare) >= s.AsOf {
		return
	}
	s.out.Periods = append(s.out.Periods, Line{
		Resource: resource, Beginning: from, End: to, Outcome: Undeclared, DueOn: to.Plus(s.Licence.Grace),
	})
	s.out.Reasons = append(s.out.Reasons, Reason{
		Code: IsUndeclared, Missing: true, Args: []string{resource, from.String(), to.String()},
	})
}
