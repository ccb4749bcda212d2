package charter

import (
	"maps"
	"math/big"
	"slices"

	"github.com/minga-commons/minga/ledger/rules/flow"
	"github.com/minga-commons/minga/protocol"
)

// maxRequired bounds how many confirmations a charter may ask for.
const maxRequired = 1000

// Parse reads a document and returns everything that is wrong with it, in the
// order of the charter file. Whether its names mean anybody is not looked at:
// Check does. A document with faults is of use for its Names alone.
func Parse(doc map[string]protocol.Value) (Document, []Fault) {
	r := &reading{}
	t := &table{reading: r, m: doc}
	var d Document
	var ok bool
	d.Name, ok = t.name("name")
	t.needed("name", ok)
	d.Purpose, _ = t.text("purpose", protocol.MaxNote)
	d.Language = choice(t, "language", "es", "en")
	d.Open = choice(t, "membership", "invite", "open") == "open"
	d.MembersInvite = choice(t, "inviters", "stewards", "members") == "members"
	d.PublicRead = t.flag("public_read", true)
	d.Stewards = readStewards(t.table("stewards"))
	d.Currencies = readCurrencies(t.tables("currency"))
	d.Confirmation = readConfirmation(t.table("confirmation"))
	d.Streams = readStreams(t.table("streams"))
	d.Weights = readWeights(t.tables("weight"))
	d.Buckets = readBuckets(t.tables("bucket"), d.Currencies)
	d.Licence = readLicence(t.table("licence"), d)
	t.end()
	return d, r.faults
}

func readStewards(t *table) Stewards {
	s := Stewards{Members: t.names("members")}
	n, faulty := int64(1), false
	if v, given := t.m["members"]; given {
		list, is := v.([]protocol.Value)
		n, faulty = int64(len(s.Members)), !is || len(list) != len(s.Members)
		if is && len(list) == 0 {
			t.fault(t.at("members"), NoStewards)
			faulty = true
		}
	}
	var asked bool
	s.Threshold, asked = t.whole("threshold", 0, 1, protocol.MaxKeys)
	s.Liars, _ = t.whole("liars", 0, 0, protocol.MaxKeys)
	least := (n+s.Liars)/2 + 1
	switch {
	case faulty:
	case n > protocol.MaxKeys:
		t.fault(t.at("members"), OutOfRange, 1, protocol.MaxKeys)
	case least > n:
		t.fault(t.at("liars"), TooManyLiars, s.Liars, n)
	case asked && (s.Threshold < least || s.Threshold > n):
		t.fault(t.at("threshold"), BadThreshold, n, s.Liars, least)
	}
	if !asked {
		s.Threshold = least
	}
	t.end()
	return s
}

func readCurrencies(list []*table) []Currency {
	var all []Currency
	seen := map[string]bool{}
	for _, t := range list {
		var c Currency
		var ok bool
		c.Name, ok = t.name("name")
		t.needed("name", ok)
		t.once("name", c.Name, seen)
		c.Issued = choice(t, "kind", "mutual", "issued") == "issued"
		c.Scale, _ = t.whole("scale", 2, 0, protocol.MaxScale)
		if limit := t.decimal("limit"); limit != nil {
			c.Limit = *limit
			t.fits("limit", limit, c.Scale)
		}
		exceptions := t.table("exceptions")
		for _, name := range slices.Sorted(maps.Keys(exceptions.m)) {
			path := exceptions.at(name)
			if a := t.isDecimal(path, exceptions.m[name]); t.isName(path, name) && a != nil && t.fitsAt(path, a, c.Scale) {
				if c.Exceptions == nil {
					c.Exceptions = map[string]protocol.Amount{}
				}
				c.Exceptions[name] = *a
			}
		}
		if c.Issued {
			if c.Limit.N != 0 {
				t.fault(t.at("limit"), IssuedCredit)
			}
			if len(exceptions.m) > 0 {
				t.fault(t.at("exceptions"), IssuedCredit)
			}
		}
		t.end()
		all = append(all, c)
	}
	return all
}

// fits reports an amount with more decimal places than its currency has.
func (t *table) fits(name string, a *protocol.Amount, scale int64) bool {
	return a == nil || t.fitsAt(t.at(name), a, scale)
}

func (t *table) fitsAt(path Path, a *protocol.Amount, scale int64) bool {
	if a.Scale > scale {
		t.fault(path, TooManyPlaces, a.String(), scale)
		return false
	}
	return true
}

func readConfirmation(t *table) Confirmation {
	var c Confirmation
	c.Required, _ = t.whole("required", 1, 0, maxRequired)
	c.By = choice(t, "by", ByMembers, ByStewards)
	c.Window = t.period("window", "P0D")
	for _, rule := range t.tables("rule") {
		r := ConfirmationRule{Filter: readFilter(rule), Above: rule.decimal("above"), Per: rule.unit("per"), By: c.By, Window: c.Window}
		r.Required, _ = rule.whole("required", c.Required, 0, maxRequired)
		if _, given := rule.m["by"]; given {
			r.By = choice(rule, "by", ByMembers, ByStewards)
		}
		if _, given := rule.m["window"]; given {
			r.Window = rule.period("window", "P0D")
		}
		rule.asked = append(rule.asked, "by", "window")
		rule.end()
		c.Rules = append(c.Rules, r)
	}
	t.end()
	return c
}

func readFilter(t *table) (f Filter) {
	f.Action, _ = t.name("action")
	if f.Action != "" && !flow.KnownAction(f.Action) {
		t.fault(t.at("action"), UnknownAction, f.Action)
	}
	f.Resource, _ = t.text("resource", protocol.MaxReference)
	f.Process, _ = t.text("process", protocol.MaxReference)
	f.Plan, _ = t.text("plan", protocol.MaxReference)
	return f
}

func readStreams(t *table) Streams {
	s := Streams{Livelihood: t.factor("livelihood"), Love: t.factor("love"), Care: t.factor("care")}
	t.end()
	return s
}

func readWeights(list []*table) []Weight {
	var all []Weight
	seen := map[string]bool{}
	for _, t := range list {
		var w Weight
		var ok bool
		w.Resource, ok = t.text("resource", protocol.MaxReference)
		t.needed("resource", ok)
		t.once("resource", w.Resource, seen)
		w.Per = t.unit("per")
		value := t.decimal("value")
		t.needed("value", value != nil)
		if value != nil {
			if w.Value = *value; value.N == 0 {
				t.fault(t.at("value"), NotPositive, value.String())
			}
		}
		t.end()
		all = append(all, w)
	}
	return all
}

// exact returns an amount as a fraction.
func exact(a protocol.Amount) *big.Rat {
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(a.Scale), nil)
	return new(big.Rat).SetFrac(big.NewInt(a.N), ten)
}

func moreThan(a, b protocol.Amount) bool { return exact(a).Cmp(exact(b)) > 0 }

// currencyOf finds a currency that the document declares.
func currencyOf(all []Currency, name string) (Currency, bool) {
	i := slices.IndexFunc(all, func(c Currency) bool { return c.Name == name })
	if i < 0 {
		return Currency{}, false
	}
	return all[i], true
}
